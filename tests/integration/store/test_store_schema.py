"""Rights, names, the operator's command, a database that is away."""

import time

import psycopg2
import pytest

from database import PASSWORD, Database, process_owner


# ---- rights ----

@pytest.mark.parametrize("role", ["doorward_login", "doorward_account", "doorward_mail",
                                  "doorward_webadmin", "doorward_oauth", "stranger"])
def test_no_program_reads_or_writes_a_table(db, role):
    """Least of all the hashes."""
    db.add_user("ann")
    tables = [t for (t,) in db.sql("select tablename from pg_tables where schemaname='doorward'")]
    assert {"users", "sessions", "refresh_tokens", "audit"} <= set(tables)
    for table in tables:
        for text in (f"select * from doorward.{table}", f"delete from doorward.{table}",
                     f"insert into doorward.{table} default values"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                db.sql(text, role=role)


@pytest.mark.parametrize("program", ["login", "account", "mail", "webadmin", "oauth"])
def test_each_program_calls_its_own_functions_only(db, program):
    """What it may execute is what the table of doors says."""
    may = {f for (f,) in db.sql(
        "select p.proname from pg_proc p where p.pronamespace = 'doorward'::regnamespace"
        " and has_function_privilege(%s, p.oid, 'execute')", f"doorward_{program}")}
    door = {f for (f,) in db.sql("select function from doorward.door where program = %s", program)}
    assert may == door and "user_password" not in may
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        db.sql("select doorward.user_password('ann', 'x', 'me')", role=f"doorward_{program}")


def test_the_worker_can_do_nothing_but_take_what_waits_and_settle_it(db):
    """Not even add one."""
    assert {f for (f,) in db.sql("select function from doorward.door where program = 'mail'")} == {
        "schema_number", "schema_functions", "mail_take", "mail_settle", "request_take",
        "request_decide"}
    for call in ("outbox_add('test', null, 'a@b.org', null, null, null)",
                 "request_add('forgot', null, 'x', null)", "status()", "mail_wanted()"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            db.sql(f"select * from doorward.{call}", role="doorward_mail")


def test_every_door_leads_to_a_function_with_a_pinned_path(db):
    """SECURITY DEFINER, and a search_path that ends in pg_temp."""
    rows = db.sql("select d.function, p.prosecdef, p.proconfig::text from doorward.door d"
                  " left join pg_proc p on p.proname = d.function"
                  " and p.pronamespace = 'doorward'::regnamespace")
    assert rows
    for function, definer, config in rows:
        assert definer, function
        assert 'search_path=pg_catalog, doorward, pg_temp' in config, function


def test_a_stranger_calls_nothing(db):
    """PUBLIC has no right left."""
    assert not db.sql("select proname from pg_proc where pronamespace = 'doorward'::regnamespace"
                      " and has_function_privilege('stranger', oid, 'execute')")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        db.sql("select doorward.schema_number()", role="stranger")


def test_a_temporary_table_does_not_stand_in_for_the_real_one(db):
    """The oldest trick against SECURITY DEFINER."""
    user = db.add_user("ann")
    cursor = db.connect("doorward_login").cursor()
    cursor.execute("create temporary table users (id uuid, name text, name_key text, roles text[],"
                   " disabled boolean, password_hash text, password_version integer)")
    cursor.execute("insert into users values (gen_random_uuid(), 'ann', 'ann', '{admin}', false,"
                   " '$planted', 1)")
    cursor.execute("select user_id, password_hash from doorward.login_begin('ann', null, null, null, 0, 'name', '{}')")
    assert cursor.fetchone() == (user, "$hash")


def test_a_role_can_be_named_and_renamed(db):
    """The new one gets the rights, the old one loses them."""
    done = db.doorward("db", "migrate", "--login-role", "stranger")
    assert done.returncode == 0, done.stderr
    assert db.one("select doorward.schema_number()", role="stranger") > 0
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        db.sql("select doorward.schema_number()", role="doorward_login")
    db.settings(f"host={db.server.socket} dbname={db.name} user=doorward")
    assert db.doorward("db", "migrate").returncode == 0  # it is remembered
    assert db.one("select wait from doorward.login_begin('x', null, null, null, 0, 'name', '{}')", role="stranger") == 0
    done = db.doorward("db", "migrate", "--login-role", "nobody_there")
    assert done.returncode == 1 and "nobody_there" in done.stderr


def test_a_role_of_a_likely_name_gets_nothing_unasked(empty):
    """On a shared server it may be another tenant's."""
    empty.settings(f"host={empty.server.socket} dbname={empty.name} user=doorward")
    assert empty.doorward("db", "migrate").returncode == 0
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        empty.sql("select doorward.schema_number()", role="doorward_login")


def test_one_role_is_enough(server, tmp_path):
    """On a host that gives one role and one schema, and lets it create no others."""
    server.sql("CREATE ROLE lonely LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB")
    with open(f"{server.data}/pg_ident.conf", "a", encoding="utf-8") as f:
        f.writelines(f"doorward {user} lonely\n" for user in {"root", process_owner()})
    server.sql("SELECT pg_reload_conf()")
    server.sql("CREATE DATABASE lonely")
    server.sql("CREATE SCHEMA doorward AUTHORIZATION lonely", database="lonely")
    database = Database.__new__(Database)
    database.server, database.name, database.connections = server, "lonely", []
    database.conf = f"{tmp_path}/doorward.conf"
    database.settings(f"host={server.socket} dbname=lonely user=lonely")
    for argv, stdin in ((["db", "migrate", "--login-role", "lonely"], ""),
                        (["user", "add", "ann", "--password-stdin"], PASSWORD + "\n"),
                        (["user", "disable", "ann"], ""), (["db", "migrate"], "")):
        done = database.doorward(*argv, stdin=stdin)
        assert done.returncode == 0, done.stderr
    assert database.one("select wait from doorward.login_begin('ann', null, null, null, 0, 'name', '{}')",
                        role="lonely") == 0
    server.sql("DROP DATABASE lonely WITH (FORCE)")


def test_audit_rows_do_not_change(db):
    """Not even by the owner's hand."""
    db.add_user("ann")
    with pytest.raises(psycopg2.errors.RaiseException):
        db.sql("update doorward.audit set actor = 'somebody else'")
    assert db.sql("select actor from doorward.audit where event = 'user_added'") == [("test",)]


# ---- names ----

@pytest.mark.parametrize("name,same", [
    ("ann", "ANN"), ("ann", "  Ann "), ("Jörg", "JÖRG"), ("Jörg", "JO\u0308RG"),
    ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"), ("Иван", "ИВАН"), ("ann", "\uff21\uff4e\uff4e"),
    ("straße", "STRAẞE"), ("ﬁona", "FIONA"),
])
def test_names_that_differ_in_form_only_are_one(db, name, same):
    """By login and by user add."""
    user = db.add_user(name)
    assert db.begin(same)[1] == user
    with pytest.raises(psycopg2.errors.UniqueViolation):
        db.add_user(same.strip())


@pytest.mark.parametrize("name", ["", " ann", "ann ", "a\tb", "a\x01b", "a\u200bnn", "\u202enna",
                                  "ann\u00a0", "x" * 256, "a\u0085b", "a\ufeffnn",
                                  "ann\u3000", "a\u115fnn", "ann\ufe0f", "ann\U000e0041",
                                  "".join(map(chr, range(0x4e00, 0x4e00 + 3000)))])
def test_names_that_deceive_are_refused(db, name):
    """Empty, padded, invisible, over-long."""
    done = db.doorward("user", "add", "--no-password", "--", name)
    assert done.returncode == 1, (done.stdout, done.stderr)
    assert db.one("select count(*) from doorward.users") == 0


@pytest.mark.parametrize("role", ["", "a b", "a,b", "é", "x" * 65, "a\nb"])
def test_roles_that_are_no_words_are_refused(db, role):
    """They go into tokens and rules."""
    assert db.doorward("user", "add", "ann", "--role", role, "--no-password").returncode == 1
    assert db.one("select count(*) from doorward.users") == 0


@pytest.mark.parametrize("change", ["name = ' ann'", "name = 'a\u200bnn'", "roles = '{a b}'",
                                    "roles = array[null]"])
def test_a_change_by_hand_is_held_to_the_same(db, change):
    """Whoever has the tables can write them past the command."""
    db.add_user("ann")
    with pytest.raises(psycopg2.errors.CheckViolation):
        db.sql(f"update doorward.users set {change}")
    assert db.sql("select name, roles from doorward.users") == [("ann", [])]


# ---- the operator's command ----

def test_user_commands_do_what_they_say(db):
    """And tell by their exit status when there is no such user."""
    assert db.doorward("user", "add", "Ann", "--role", "member", "--password-stdin",
                       stdin=PASSWORD + "\n").returncode == 0
    stored = db.one("select password_hash from doorward.users")
    assert stored.startswith("$argon2id$v=19$m=8192,t=1,p=1$")
    done = db.doorward("user", "add", "ANN", "--no-password")
    assert done.returncode == 1 and "already" in done.stderr
    assert db.doorward("user", "role", "ann", "--add", "admin", "--remove", "member").returncode == 0
    assert db.doorward("user", "disable", "ann").returncode == 0
    assert db.sql("select roles, disabled from doorward.users") == [(["admin"], True)]
    assert db.doorward("user", "enable", "ann").returncode == 0
    assert db.doorward("user", "passwd", "ann", "--password-stdin",
                       stdin="nine lives of a cat").returncode == 0
    assert db.one("select password_hash from doorward.users") != stored
    for argv in (["passwd", "x", "--password-stdin"], ["disable", "x"], ["enable", "x"],
                 ["unlock", "x"], ["role", "x", "--add", "y"], ["list", "x"]):
        done = db.doorward("user", *argv, stdin=PASSWORD)
        assert done.returncode == 1 and "no user x" in done.stderr, argv


@pytest.mark.parametrize("password", ["short", "password1", "example club rules ok", "annette 1999",
                                      "", "two\nlines of it"])
def test_weak_passwords_are_refused_with_a_reason(db, password):
    """Nothing is stored."""
    done = db.doorward("user", "add", "annette", "--password-stdin", stdin=password)
    assert done.returncode != 0 and done.stderr.startswith("doorward: ")
    assert db.one("select count(*) from doorward.users") == 0


def test_users_are_imported_with_their_hashes(db):
    """Bad lines are named and skipped."""
    bcrypt = "$2y$05$abcdefghijklmnopqrstuucZGbUxuMlEqps0qcu2pjhO7vaatQZIC"
    lines = [f"carl:{bcrypt}", '{"name":"dora","roles":["member"],"disabled":true}', "",
             "zed:plain", '{"name":"x","nonsense":1}', f"carl:{bcrypt}", "{"]
    done = db.doorward("user", "import", stdin="\n".join(lines))
    assert done.returncode == 1
    for complaint in ("line 4", "line 5", "line 7", "2 imported, 3 refused, 1 there already"):
        assert complaint in done.stderr
    assert db.sql("select name, roles, disabled, password_hash from doorward.users"
                  " order by name") == [("carl", [], False, bcrypt), ("dora", ["member"], True, None)]


def test_no_hash_is_imported_that_a_login_could_not_compute(db):
    """libsodium's preset for moderate needs is good; one KiB more is refused and said."""
    rest = ",t=3,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
    done = db.doorward("user", "import", stdin=f"ann:$argon2id$v=19$m=262144{rest}\n"
                       f"bob:$argon2id$v=19$m=262145{rest}\n")
    assert done.returncode == 1 and "too costly" in done.stderr and "line 2" in done.stderr
    assert db.sql("select name from doorward.users") == [("ann",)]


def test_a_password_in_the_settings_is_refused(db):
    """It belongs into a file."""
    db.settings(f"host={db.server.socket} dbname={db.name} user=doorward password=hunter2")
    done = db.doorward("user", "list")
    assert done.returncode == 2 and "passfile" in done.stderr and "hunter2" not in done.stderr


# ---- a database that is away ----

def test_the_operators_statements_may_take_their_time(db):
    """A program's may not: four seconds of work."""
    db.sql("create function doorward.slow() returns trigger language plpgsql as"
           " $$ begin perform pg_sleep(4); return new; end $$")
    db.sql("create trigger slow before insert on doorward.users"
           " for each statement execute function doorward.slow()")
    done = db.doorward("user", "add", "ann", "--no-password")
    assert done.returncode == 0, done.stderr


def test_a_database_that_is_down_is_an_error_at_once(db):
    """No socket there."""
    db.settings(f"host={db.directory} dbname={db.name}")
    start = time.monotonic()
    done = db.doorward("user", "list")
    assert done.returncode == 2 and time.monotonic() - start < 2
