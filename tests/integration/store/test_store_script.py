"""db script: SQL that is pasted into a web page of the host. It makes a new database, brings an
older one to this version, and refuses every other one. The role is not a superuser."""

import glob
import hashlib
import os
import re
import subprocess

import psycopg2
import pytest

from database import COMMAND, TREE

FILES = sorted(glob.glob(f"{TREE}/sql/*.sql"))
NUMBERS = [int(os.path.basename(f)[:3]) for f in FILES]
NEWEST = NUMBERS[-1]
TICKET = re.compile(r"^http://localhost/account/link\?token=(dws_[\w-]{43})$", re.M)
STATE = ["select p.oid::regprocedure::text, p.prosrc, p.prosecdef, p.proconfig::text,"
         " obj_description(p.oid, 'pg_proc') from pg_proc p where p.pronamespace ="
         " 'doorward'::regnamespace order by 1",
         "select program, function from doorward.door order by 1, 2",
         "select number, name, sha256 from doorward.schema_migrations order by 1",
         "select sha256 from doorward.schema_functions",
         "select a.attrelid::regclass::text, a.attname, a.atttypid::regtype::text, a.attnotnull"
         " from pg_attribute a join pg_class c on c.oid = a.attrelid where a.attnum > 0 and"
         " c.relnamespace = 'doorward'::regnamespace and not a.attisdropped order by 1, 2"]


def state(db):
    """Functions, rights, tables, and what is recorded about them."""
    return [db.sql(text) for text in STATE]


def script(db, *argv, stdin=""):
    """The text."""
    done = db.doorward("db", "script", *argv, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done.stdout


def paste(db, text, role="doorward"):
    """As a web page does it: all of it is one query. The error, or None."""
    connection = db.connect(role)
    try:
        connection.cursor().execute(text)
    except psycopg2.Error as e:
        return str(e)
    return None


def paste_by_statement(db, text):
    """As a page does it that goes on after an error; the errors."""
    return subprocess.run(["psql", "-XqAt", "-h", db.server.socket, "-U", "doorward", "-d", db.name],
                          input=text, text=True, check=False, capture_output=True).stderr


def make_older(db, number):
    """The tables of the first files, and functions of that time."""
    db.sql("create schema doorward")
    db.sql("create table doorward.schema_migrations (number integer primary key, name text not"
           " null, sha256 text not null, applied_at timestamptz not null default now())")
    db.sql("create table doorward.schema_functions (one boolean primary key default true check"
           " (one), sha256 text not null, applied_at timestamptz not null default now())")
    db.sql("insert into doorward.schema_functions values (true, repeat('0', 64))")
    for file in FILES[:NUMBERS.index(number) + 1]:
        with open(file, "rb") as f:
            text = f.read()
        db.sql("set search_path = pg_catalog;" + text.decode().replace("%", "%%"))
        db.sql("insert into doorward.schema_migrations values (%s, %s, %s)",
               int(os.path.basename(file)[:3]), os.path.basename(file),
               hashlib.sha256(text).hexdigest())
    db.sql("create function doorward.user_delete(text) returns text language sql as 'select 1::text'")
    db.sql("comment on function doorward.user_delete(text) is 'sql/functions'")


# ---- what it makes ----

def test_the_script_makes_the_schema_that_migrate_makes(db, empty):
    """Table by table, function by function, right by right."""
    assert paste(empty, script(db)) is None
    assert state(empty) == state(db)
    assert empty.doorward("db", "status").returncode == 0
    assert empty.doorward("db", "migrate").returncode == 0


@pytest.mark.parametrize("number", sorted({1, 5, 11, NUMBERS[-2]}))
def test_the_script_brings_an_older_database_to_this_version(db, empty, number):
    """From tables without users, and from later ones: the users stay."""
    make_older(empty, number)
    has_users = number >= 3
    if has_users:
        empty.sql("insert into doorward.users (name, roles, created_at, password_at) values"
                  " ('ann', '{member}', now(), now())")
    assert paste(empty, script(db, "--from", str(number))) is None
    assert state(empty) == state(db)
    if has_users:
        assert empty.one("select name from doorward.users") == "ann"
    assert empty.doorward("user", "list").returncode == 0


def test_the_script_for_a_database_at_this_version_replaces_the_functions(db):
    before = state(db)
    db.sql("drop function doorward.user_disable(text, boolean, text)")
    assert paste(db, script(db, "--from", str(NEWEST))) is None
    assert state(db) == before


def test_the_script_is_plain_sql(db):
    """No command of psql, no COPY, and one transaction."""
    for text in script(db), script(db, "--from", "3"):
        assert not re.search(r"^\\|^\s*copy\s", text, re.M | re.I)
        assert len(re.findall(r"^begin;", text, re.M)) == len(re.findall(r"^commit;", text, re.M)) == 1
        tail = text[text.index("\ncommit;"):]
        assert tail.count(";") == 2 and "select 'the database is at migration '" in tail


def test_a_script_that_a_superuser_pastes_makes_no_function_of_their_own(db, empty, server):
    """It would run with a superuser's rights, whoever calls it."""
    make_older(empty, 11)
    name = server.sql("select current_user")
    assert paste(empty, script(db, "--from", "11"), role=name) is None
    assert empty.sql("select distinct pg_get_userbyid(proowner) from pg_proc where pronamespace ="
                     " 'doorward'::regnamespace") == [("doorward",)]


# ---- what it refuses ----

def assert_refused(db, text, *words):
    """Nothing changes, however the text is run, and it says why."""
    before = state(db)
    said = paste(db, text)
    assert said and all(word in said for word in words), said
    assert state(db) == before
    said = paste_by_statement(db, text)
    assert all(word in said for word in words), said
    assert state(db) == before


def test_a_script_for_another_migration_is_refused(db, empty):
    """An older one, a newer one, and the one that it was run on already."""
    make_older(empty, 5)
    for number in 3, 11, NEWEST:
        assert_refused(empty, script(db, "--from", str(number)), "nothing was changed",
                       f"at migration {number}, and this one is at migration 5")
    text = script(db, "--from", "5")
    assert paste(empty, text) is None
    assert_refused(empty, text, "nothing was changed", f"this one is at migration {NEWEST}")


def test_a_script_for_an_older_database_is_refused_by_an_empty_one(db, empty):
    said = paste(empty, script(db, "--from", "5"))
    assert "nothing was changed" in said and "at migration 5, and this one is at migration 0" in said
    assert empty.sql("select 1 from pg_namespace where nspname = 'doorward'") == []


def test_a_script_for_a_new_database_is_refused_by_one_that_has_users(db):
    db.add_user("ann")
    assert_refused(db, script(db), "nothing was changed", f"at migration {NEWEST}",
                   "this script is for a new one")


def test_a_database_with_a_changed_migration_is_refused(db, empty):
    make_older(empty, 11)
    empty.sql("update doorward.schema_migrations set sha256 = repeat('0', 64) where number = 4")
    assert_refused(empty, script(db, "--from", "11"), "nothing was changed",
                   os.path.basename(FILES[3]))


def test_a_script_that_fails_half_way_changes_nothing(db, empty):
    """Somebody's view uses a function that is to be replaced."""
    make_older(empty, 11)
    empty.sql("create view doorward.mine as select doorward.user_delete('x')")
    assert_refused(empty, script(db, "--from", "11"), "user_delete")


def test_a_number_that_no_migration_has_is_refused():
    for number in "0", "-1", "x", "", "1.5", str(NEWEST + 1), "99999999999":
        done = subprocess.run([COMMAND, "db", "script", f"--from={number}"], text=True,
                              capture_output=True, check=False)
        assert (done.returncode, done.stdout) == (2, ""), number
        assert "--from" in done.stderr


# ---- the link in it ----

def test_the_script_carries_the_hash_of_a_setup_link_and_prints_the_link(db, empty):
    done = db.doorward("db", "script", "--setup-link")
    assert done.returncode == 0
    [ticket] = TICKET.findall(done.stderr)
    assert ticket not in done.stdout and done.stderr.count("\n") == 1
    assert paste(empty, done.stdout) is None
    [(kind, data, life, digest)] = empty.sql(
        "select kind, data, extract(epoch from ends_at - created_at)::int, hash from doorward.links")
    assert (kind, data, life) == ("setup", {"roles": ["doorward-admin"]}, 72 * 3600)
    assert bytes(digest) == hashlib.sha256(ticket.encode()).digest()
    assert empty.one("select actor from doorward.audit where event = 'link_made'") == "operator:script"


def test_a_lost_setup_link_is_replaced_by_pasting_another_one(db, empty):
    first = db.doorward("db", "script", "--setup-link")
    second = db.doorward("db", "script", "--from", str(NEWEST), "--setup-link")
    assert paste(empty, first.stdout) is None and paste(empty, second.stdout) is None
    hashes = [bytes(h) for (h,) in empty.sql("select hash from doorward.links")]
    assert hashes == [hashlib.sha256(TICKET.findall(second.stderr)[0].encode()).digest()]


def test_a_setup_link_is_refused_by_a_database_with_users(db):
    db.add_user("ann")
    done = db.doorward("db", "script", "--from", str(NEWEST), "--setup-link")
    assert_refused(db, done.stdout, "nothing was changed", "there are users already")
    assert db.one("select count(*) from doorward.links") == 0


def test_a_setup_link_and_a_user_do_not_go_together(db):
    done = db.doorward("db", "script", "--setup-link", "--user", "ann", "--password-stdin",
                       stdin="otters sleep on their backs\n")
    assert (done.returncode, done.stdout) == (2, "") and "--user" in done.stderr


def test_a_user_of_the_script_is_part_of_its_transaction(db, empty):
    """The second one of that name undoes the rest."""
    password = "otters sleep on their backs\n"
    text = script(db, "--user", "Ann O'Neill", "--role", "admin", "--password-stdin", stdin=password)
    assert paste(empty, text) is None and "otters" not in text
    assert empty.sql("select name, roles from doorward.users") == [("Ann O'Neill", ["admin"])]
    text = script(db, "--from", str(NEWEST), "--user", "ann o'neill", "--password-stdin",
                  stdin=password)
    assert_refused(empty, text, "taken")


# ---- doorward setup-link ----

def test_setup_link_prints_one_link_while_there_are_no_users(db):
    done = db.doorward("setup-link")
    assert done.returncode == 0, done.stderr
    [ticket] = TICKET.findall(done.stdout)
    assert done.stdout.count("\n") == 1 and done.stderr == ""
    assert db.sql("select hash = sha256(convert_to(%s, 'UTF8')), uses_left, data,"
                  " extract(epoch from ends_at - created_at)::int from doorward.links",
                  ticket) == [(True, 1, {"roles": ["doorward-admin"]}, 72 * 3600)]
    assert db.one("select actor from doorward.audit where event = 'link_made'").startswith("operator:")


def test_setup_link_is_refused_as_long_as_there_is_any_user(db):
    """A disabled one as well; nothing is stored."""
    db.add_user("ann")
    db.doorward("user", "disable", "ann")
    done = db.doorward("setup-link")
    assert (done.returncode, done.stdout) == (1, "")
    assert "there are users already" in done.stderr
    assert "--add doorward-admin" in done.stderr
    assert db.one("select count(*) from doorward.links") == 0
    db.doorward("user", "delete", "ann", "--yes")
    assert db.doorward("setup-link").returncode == 0


def test_a_new_setup_link_makes_the_earlier_one_invalid(db):
    first, second = (TICKET.findall(db.doorward("setup-link").stdout)[0] for _ in range(2))
    assert [db.one("select state from doorward.link_peek('setup', null, sha256(%s::bytea))", t,
                   role="doorward_account") for t in (first, second)] == ["unknown", "good"]


def test_no_program_makes_a_setup_link(db):
    for role in "doorward_login", "doorward_account", "doorward_mail":
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            db.sql("select doorward.link_setup(sha256('x'), 'me')", role=role)


def test_setup_link_takes_no_arguments_and_needs_a_public_url(db):
    done = db.doorward("setup-link", "ann")
    assert done.returncode == 2 and "setup-link" in done.stderr
    with open(db.conf, encoding="utf-8") as f:
        lines = [line for line in f if not line.startswith("public_url")]
    with open(db.conf, "w", encoding="utf-8") as f:
        f.writelines(lines)
    done = db.doorward("setup-link")
    assert (done.returncode, done.stdout) == (2, "") and "public_url" in done.stderr
    assert db.one("select count(*) from doorward.links") == 0
