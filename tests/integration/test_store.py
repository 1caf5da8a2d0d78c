"""The schema and the store against a real PostgreSQL: rights, names, throttling, sessions.

Each test has a database of its own in a server that this module starts. Programs' roles call
their functions through psycopg2; the operator's command is the built one.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import psycopg2
import pytest

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [f"{TREE}/tools"]

from stack import process  # noqa: E402  (needs the path above)
from stack.postgres import Postgres  # noqa: E402
from stack.stack import server_users  # noqa: E402

COMMAND = f"{TREE}/build/doorward"
PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="module", name="server")
def _server():
    directory = tempfile.mkdtemp(prefix="doorward-store-", dir="/var/tmp")
    os.chmod(directory, 0o755)
    postgres = Postgres(directory, *server_users(), f"{directory}/log", durable=False)
    postgres.create()
    started = postgres.start()
    for role in ("doorward", "doorward_login", "doorward_account", "stranger"):
        postgres.sql(f"CREATE ROLE {role} LOGIN")
    with open(f"{postgres.data}/pg_ident.conf", "a", encoding="utf-8") as f:
        f.writelines(f"doorward {user} stranger\n" for user in {"root", process_owner()})
    postgres.sql("SELECT pg_reload_conf()")
    yield postgres
    postgres.stop(started)
    shutil.rmtree(directory, ignore_errors=True)


def process_owner():
    """Who runs the tests."""
    return subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()


class Database:
    """One database, its settings file and connections to it."""

    def __init__(self, server, name, directory):
        self.server, self.name, self.directory = server, name, directory
        self.conf = f"{directory}/doorward.conf"
        self.connections = []
        server.sql(f"CREATE DATABASE {name} OWNER doorward")
        self.settings(f"host={server.socket} dbname={name} user=doorward")

    def settings(self, conninfo):
        """Name another database in the settings."""
        with open(self.conf, "w", encoding="utf-8") as f:
            f.write(f"public_url = http://localhost\nsite_name = Example Club\n"
                    f"password_memory = 8M\npassword_time = 1\ndatabase = {conninfo}\n")

    def doorward(self, *argv, stdin=""):
        """Run the operator's command."""
        return subprocess.run([COMMAND, "--config", self.conf, *argv], input=stdin, text=True,
                              capture_output=True, check=False, timeout=60)

    def connect(self, role="doorward"):
        """A connection that commits each statement."""
        connection = psycopg2.connect(host=self.server.socket, dbname=self.name, user=role)
        connection.autocommit = True
        self.connections.append(connection)
        return connection

    def sql(self, text, *values, role="doorward"):
        """Run one statement on a connection of its own; its rows."""
        connection = self.connect(role)
        try:
            cursor = connection.cursor()
            cursor.execute(text, values)
            return cursor.fetchall() if cursor.description else []
        finally:
            self.connections.remove(connection)
            connection.close()

    def one(self, text, *values, role="doorward"):
        """The only value of the only row."""
        [(value,)] = self.sql(text, *values, role=role)
        return value

    def move_clock(self, seconds):
        """Set doorward.now() to the real time and so many seconds."""
        self.sql("create or replace function doorward.now() returns timestamptz language sql"
                 f" volatile as 'select clock_timestamp() + interval ''{float(seconds)} s'''")

    def stop_clock(self):
        """Set doorward.now() to this moment for ever."""
        self.sql("create or replace function doorward.now() returns timestamptz language sql"
                 f" volatile as 'select to_timestamp({time.time()})'")

    def add_user(self, name, *roles, password_hash="$hash"):
        """Past the command, without hashing anything."""
        return self.one("select doorward.user_add(%s, %s::text[], %s, 'test')", name,
                        list(roles), password_hash)

    def begin(self, name, address="192.0.2.1", device=None):
        """login_begin as the login program calls it."""
        [row] = self.sql("select wait, user_id, password_hash, password_version, device_known"
                         " from doorward.login_begin(%s, %s, sha256(%s::bytea))",
                         name, address, device, role="doorward_login")
        return row

    def open(self, name, refresh, **change):
        """login_open as the login program calls it; (session_id, sid) or None."""
        user, version = self.sql("select id, password_version from doorward.users"
                                 " where name_key = doorward.name_key(%s)", name)[0]
        v = {"user": user, "version": version, "name": name, "address": "192.0.2.1",
             "device": None, "old": "$hash", "new": None, "refresh": refresh, "new_device": None,
             "replaces": None, "remember": False, "idle": 3600, "life": 7200, "token": 600}
        v.update(change)
        rows = self.sql(
            "select session_id, sid from doorward.login_open(%s, %s, %s, %s, sha256(%s::bytea),"
            " %s, %s, sha256(%s::bytea), sha256(%s::bytea), sha256(%s::bytea), %s, %s, %s, %s,"
            " 'agent')", v["user"], v["version"], v["name"], v["address"], v["device"], v["old"],
            v["new"], v["refresh"], v["new_device"], v["replaces"], v["remember"], v["idle"],
            v["life"], v["token"], role="doorward_login")
        return rows[0] if rows else None

    def refresh(self, old, new, connection=None):
        """session_refresh as the login program calls it; its outcome."""
        text = ("select outcome from doorward.session_refresh(sha256(%s::bytea),"
                " sha256(%s::bytea), 600, '192.0.2.9', 'agent')")
        if connection is None:
            return self.one(text, old, new, role="doorward_login")
        cursor = connection.cursor()
        cursor.execute(text, (old, new))
        return cursor.fetchone()[0]


@pytest.fixture(name="empty")
def _empty(server, tmp_path, request):
    name = "db_" + str(abs(hash(request.node.name)) % 10**9)
    database = Database(server, name, str(tmp_path))
    yield database
    for connection in database.connections:
        connection.close()
    server.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(name="db")
def _db(empty):
    done = empty.doorward("db", "migrate")
    assert done.returncode == 0, done.stderr
    return empty


def in_parallel(n, work):
    """Run work(i) in n threads that start together; what each returned."""
    results, gate = [None] * n, threading.Barrier(n)

    def run(i):
        gate.wait()
        results[i] = work(i)

    threads = [threading.Thread(target=run, args=(i,)) for i in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


# ---- migrations ----

def test_a_second_migration_changes_nothing(db):
    """Neither the schema nor its list of migrations."""
    before = db.sql("select number, sha256, applied_at from doorward.schema_migrations")
    done = db.doorward("db", "migrate")
    assert done.returncode == 0 and "applied" not in done.stderr
    assert db.sql("select number, sha256, applied_at from doorward.schema_migrations") == before
    assert db.doorward("db", "status").returncode == 0


def test_migrations_at_once_are_applied_once(empty):
    """Two operators, one lock."""
    done = in_parallel(4, lambda i: empty.doorward("db", "migrate"))
    assert [d.returncode for d in done] == [0] * 4, [d.stderr for d in done]
    applied = [line for d in done for line in d.stderr.splitlines() if "applied" in line]
    assert len(applied) == len(set(applied)) == len(os.listdir(f"{TREE}/sql"))


def test_a_changed_migration_is_refused(db):
    """Its checksum is not the one compiled in."""
    db.sql("update doorward.schema_migrations set sha256 = repeat('0', 64) where number = 3")
    done = db.doorward("db", "migrate")
    assert done.returncode == 1 and "003_users.sql" in done.stderr


def test_a_newer_schema_is_refused(db):
    """By migrate and by every program."""
    db.sql("insert into doorward.schema_migrations (number, name, sha256) values (999, 'x', 'y')")
    done = db.doorward("db", "migrate")
    assert done.returncode == 1 and "999" in done.stderr
    done = db.doorward("user", "list")
    assert done.returncode != 0 and "doorward db migrate" in done.stderr
    assert db.doorward("db", "status").returncode == 1


def test_an_older_or_missing_schema_is_refused(empty):
    """With a message that names the command."""
    assert empty.doorward("db", "status").returncode == 1
    assert "doorward db migrate" in empty.doorward("user", "list").stderr
    assert empty.doorward("db", "migrate").returncode == 0
    empty.sql("delete from doorward.schema_migrations where number > 6")
    done = empty.doorward("user", "list")
    assert done.returncode != 0 and "doorward db migrate" in done.stderr


def test_a_database_that_is_not_utf8_is_refused(server, tmp_path):
    """Names are Unicode."""
    server.sql("CREATE DATABASE latin OWNER doorward ENCODING 'LATIN1' LOCALE 'C'"
               " TEMPLATE template0")
    database = Database.__new__(Database)
    database.conf = f"{tmp_path}/doorward.conf"
    database.settings(f"host={server.socket} dbname=latin user=doorward")
    done = database.doorward("db", "migrate")
    assert done.returncode != 0 and "UTF8" in done.stderr
    server.sql("DROP DATABASE latin WITH (FORCE)")


# ---- rights ----

@pytest.mark.parametrize("role", ["doorward_login", "doorward_account", "stranger"])
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


@pytest.mark.parametrize("program", ["login", "account"])
def test_each_program_calls_its_own_functions_only(db, program):
    """What it may execute is what the table of doors says."""
    may = {f for (f,) in db.sql(
        "select p.proname from pg_proc p where p.pronamespace = 'doorward'::regnamespace"
        " and has_function_privilege(%s, p.oid, 'execute')", f"doorward_{program}")}
    door = {f for (f,) in db.sql("select function from doorward.door where program = %s", program)}
    assert may == door and "user_password" not in may
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        db.sql("select doorward.user_password('ann', 'x', 'me')", role=f"doorward_{program}")


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
    cursor.execute("select user_id, password_hash from doorward.login_begin('ann', null, null)")
    assert cursor.fetchone() == (user, "$hash")


def test_a_role_can_be_named_and_renamed(db):
    """The new one gets the rights, the old one loses them."""
    done = db.doorward("db", "migrate", "--login-role", "stranger")
    assert done.returncode == 0, done.stderr
    assert db.one("select doorward.schema_number()", role="stranger") > 0
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        db.sql("select doorward.schema_number()", role="doorward_login")
    assert db.doorward("db", "migrate").returncode == 0  # it is remembered
    assert db.one("select wait from doorward.login_begin('x', null, null)", role="stranger") == 0
    done = db.doorward("db", "migrate", "--login-role", "nobody_there")
    assert done.returncode == 1 and "nobody_there" in done.stderr


def test_one_role_is_enough(server, tmp_path):
    """On a host that gives one role, which is no superuser and creates no others."""
    server.sql("CREATE ROLE lonely LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB")
    with open(f"{server.data}/pg_ident.conf", "a", encoding="utf-8") as f:
        f.writelines(f"doorward {user} lonely\n" for user in {"root", process_owner()})
    server.sql("SELECT pg_reload_conf()")
    server.sql("CREATE DATABASE lonely OWNER lonely")
    database = Database.__new__(Database)
    database.server, database.name, database.connections = server, "lonely", []
    database.conf = f"{tmp_path}/doorward.conf"
    database.settings(f"host={server.socket} dbname=lonely user=lonely")
    for argv, stdin in ((["db", "migrate", "--login-role", "lonely"], ""),
                        (["user", "add", "ann", "--password-stdin"], PASSWORD + "\n"),
                        (["user", "disable", "ann"], ""), (["db", "migrate"], "")):
        done = database.doorward(*argv, stdin=stdin)
        assert done.returncode == 0, done.stderr
    assert database.one("select wait from doorward.login_begin('ann', null, null)",
                        role="lonely") == 0
    server.sql("DROP DATABASE lonely WITH (FORCE)")


def test_audit_rows_do_not_change(db):
    """Not even by the owner's hand."""
    db.add_user("ann")
    with pytest.raises(psycopg2.errors.RaiseException):
        db.sql("update doorward.audit set actor = 'somebody else'")
    assert db.sql("select event, actor from doorward.audit") == [("user_added", "test")]


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
                                  "ann\u00a0", "x" * 256, "a\u0085b", "a\ufeffnn"])
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
    for complaint in ("line 4", "line 5", "line 6", "line 7", "2 imported, 4 refused"):
        assert complaint in done.stderr
    assert db.sql("select name, roles, disabled, password_hash from doorward.users"
                  " order by name") == [("carl", [], False, bcrypt), ("dora", ["member"], True, None)]


def test_a_password_in_the_settings_is_refused(db):
    """It belongs into a file."""
    db.settings(f"host={db.server.socket} dbname={db.name} user=doorward password=hunter2")
    done = db.doorward("user", "list")
    assert done.returncode == 2 and "passfile" in done.stderr and "hunter2" not in done.stderr


# ---- a database that is away ----

def test_a_database_that_is_down_is_an_error_at_once(db):
    """No socket there."""
    db.settings(f"host={db.directory} dbname={db.name}")
    start = time.monotonic()
    done = db.doorward("user", "list")
    assert done.returncode == 2 and time.monotonic() - start < 2


def test_a_database_that_swallows_everything_costs_less_than_four_seconds(db, silent_server):
    """It accepts connections and never answers."""
    db.settings(f"host=127.0.0.1 port={silent_server} dbname=x")
    start = time.monotonic()
    done = db.doorward("user", "list")
    assert done.returncode == 2 and time.monotonic() - start < 4
    assert "no answer in time" in done.stderr


def test_the_next_host_is_tried_in_time(db, silent_server):
    """The first of two swallows everything."""
    db.settings(f"host=127.0.0.1,{db.server.socket} port={silent_server},5432 dbname={db.name}"
                " user=doorward")
    start = time.monotonic()
    done = db.doorward("user", "list", "--json")
    assert done.returncode == 0 and done.stdout == "[]\n", done.stderr
    assert time.monotonic() - start < 4


@pytest.fixture(name="silent_server")
def _silent_server():
    """The port of something that takes connections and says nothing."""
    import socket
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        yield listener.getsockname()[1]


# ---- guessing ----

CLOCK = """create or replace function doorward.now() returns timestamptz language sql volatile
    as 'select to_timestamp(current_setting(''test.clock'')::float8)'"""

GUESS = """
create function pg_temp.guess(p_step double precision, p_seconds double precision,
    p_name text, p_address text, out tries integer, out guesses integer) as $$
declare
    v_start double precision := extract(epoch from clock_timestamp());
    v_at double precision := 0;
    v_wait integer;
begin
    tries := 0; guesses := 0;
    while v_at < p_seconds loop
        perform set_config('test.clock', (v_start + v_at)::text, false);
        select wait into v_wait from doorward.login_begin(p_name,
            replace(p_address, '*', (guesses % 250)::text)::inet, null);
        guesses := guesses + 1;
        if v_wait = 0 then tries := tries + 1; end if;
        v_at := v_at + p_step;
    end loop;
end $$ language plpgsql"""


def guess(db, step, seconds, name, address):
    """Guess every `step` seconds for so long, then stay there; (tries, guesses)."""
    cursor = db.connect().cursor()
    cursor.execute(CLOCK)
    cursor.execute(GUESS)
    cursor.execute("select * from pg_temp.guess(%s, %s, %s, %s)", (step, seconds, name, address))
    counted = cursor.fetchone()
    db.move_clock(seconds)
    return counted


@pytest.mark.parametrize("name", ["ann", "nobody-of-that-name"])
def test_ten_thousand_guesses_get_a_hundred_tries_a_day(db, name):
    """From many addresses, whether the account exists or not; and the owner still gets in."""
    db.add_user("ann")
    db.begin("ann")
    db.open("ann", "r0", new_device="laptop")
    tries, guesses = guess(db, 8.64, 86400, name, "198.51.100.*")
    assert guesses >= 10000 and 20 < tries <= 100
    assert db.begin("ann", "203.0.113.5", "laptop")[0] == 0
    assert db.begin("ann", "203.0.113.5", "laptop")[4] is True
    assert db.begin(name, "203.0.113.5", "another laptop")[0] > 0


def test_a_patient_guesser_gets_no_more(db):
    """Who waits exactly as long as told."""
    db.add_user("ann")
    for step in (300, 600, 1200, 1800):
        db.sql("delete from doorward.attempts")
        tries, _ = guess(db, 0.01, 5, "ann", "198.51.100.*")
        more, _ = guess(db, step, 86400, "ann", "198.51.100.*")
        assert 40 < tries + more <= 100, step


def test_two_hundred_guesses_at_once_do_not_outrun_the_counter(db):
    """Ten are free, the rest wait."""
    db.add_user("ann")
    db.stop_clock()
    connections = [db.connect("doorward_login") for _ in range(40)]

    def work(i):
        waits = []
        for n in range(5):
            cursor = connections[i].cursor()
            cursor.execute("select wait from doorward.login_begin('ann', %s, null)",
                           (f"198.51.{i}.{n}",))
            waits.append(cursor.fetchone()[0])
        return waits

    waits = [wait for one in in_parallel(40, work) for wait in one]
    assert len(waits) == 200 and waits.count(0) == 10


def test_an_address_is_counted_over_all_names(db):
    """IPv6 by its /64."""
    db.stop_clock()

    def spray(address, n):
        return [db.begin(f"name{i}", address % i if "%" in address else address)[0]
                for i in range(n)].count(0)
    assert spray("2001:db8:1:2::%x", 80) == 60
    assert db.begin("another", "2001:db8:1:2:ffff::1")[0] > 0
    assert db.begin("another", "2001:db8:1:3::1")[0] == 0


def test_a_throttled_try_does_not_count_elsewhere(db):
    """Whose address has to wait uses up no account's tries, and leaves no row behind."""
    db.add_user("ann")
    db.stop_clock()
    for i in range(70):
        db.begin(f"name{i}", "198.51.100.7")
    before = db.sql("select count(*) from doorward.attempts")
    for _ in range(50):
        assert db.begin("ann", "198.51.100.7")[0] > 0
        assert db.begin("someone", "198.51.100.7")[0] > 0
    assert db.sql("select count(*) from doorward.attempts") == before
    assert db.begin("ann", "198.51.100.8")[0] == 0


def test_a_right_password_takes_back_its_own_try_only(db):
    """Who logs in often is never throttled; who has an account clears no way for guesses."""
    db.add_user("ann")
    db.stop_clock()
    for i in range(30):
        assert db.begin("ann")[0] == 0
        assert db.open("ann", f"r{i}")
    for _ in range(9):
        assert db.begin("ann")[0] == 0
    assert db.begin("ann")[0] == 0
    assert db.open("ann", "r99")
    assert db.begin("ann")[0] == 0
    assert db.begin("ann")[0] > 0


def test_unlock_clears_the_way(db):
    """For the operator's friend on the telephone."""
    db.add_user("ann")
    while db.begin("ann")[0] == 0:
        pass
    assert db.doorward("user", "unlock", "Ann").returncode == 0
    assert db.begin("ann")[0] == 0


def test_a_device_is_known_to_its_own_user_only(db):
    """Somebody else's cookie buys no tries."""
    db.add_user("ann")
    db.add_user("mallory")
    db.begin("mallory")
    db.open("mallory", "r", new_device="hers")
    assert db.begin("mallory", device="hers")[4] is True
    assert db.begin("ann", device="hers")[4] is False


# ---- logins ----

def test_a_hash_is_upgraded_once_and_never_back(db):
    """Two logins at once cannot undo each other, nor a change of the password."""
    db.add_user("ann")
    assert db.open("ann", "r1", new="$new1")
    assert db.open("ann", "r2", new="$new2")  # began with the same old hash
    assert db.one("select password_hash from doorward.users") == "$new1"


def test_a_login_that_was_overtaken_stores_nothing(db):
    """By a new password, by being disabled, by another user's name."""
    user = db.add_user("ann")
    db.add_user("bob")
    db.one("select doorward.user_password('ann', '$other', 'test')")
    assert db.open("ann", "r1", version=1, new="$new") is None
    db.one("select doorward.user_disable('ann', true, 'test')")
    assert db.open("ann", "r1") is None
    assert db.open("bob", "r1", user=user, version=2) is None
    assert db.sql("select password_hash from doorward.users where name = 'ann'") == [("$other",)]
    assert db.one("select count(*) from doorward.sessions") == 0
    assert db.one("select count(*) from doorward.refresh_tokens") == 0


def test_a_new_login_ends_the_session_that_the_browser_had(db):
    """No fixation, no leftovers."""
    db.add_user("ann")
    _, old = db.open("ann", "r1")
    assert db.open("ann", "r2", replaces="r1")[1] != old
    assert db.sql("select end_reason from doorward.sessions where sid = %s", old) == [("replaced",)]
    assert db.refresh("r1", "x") == "ended"


# ---- sessions ----

def test_a_refresh_token_is_good_once(db):
    """A repeat within ten seconds gets the same; a later one ends the session."""
    db.add_user("ann")
    _, sid = db.open("ann", "t0")
    assert db.refresh("t0", "t1") == "ok"
    assert db.refresh("t0", "t1") == "ok"
    assert db.refresh("nothing", "x") == "unknown"
    assert db.one("select count(*) from doorward.sessions where sid = %s", sid) == 1


def test_a_late_repeat_ends_the_session(db):
    """And is written down, and its access tokens are revoked."""
    db.add_user("ann")
    _, sid = db.open("ann", "t0")
    assert db.refresh("t0", "t1") == "ok"
    db.move_clock(9)
    assert db.refresh("t0", "t1") == "ok"
    db.move_clock(11)
    assert db.refresh("t0", "t1") == "reuse"
    assert db.refresh("t1", "t2") == "ended"
    assert db.one("select count(*) from doorward.audit where event = 'refresh_reuse'") == 1
    assert db.one("select sid from doorward.revocation_list()", role="doorward_login") == sid


def test_a_successor_by_another_secret_is_a_copy(db):
    """Within the ten seconds only the very same successor is given again."""
    db.add_user("ann")
    db.open("ann", "t0")
    assert db.refresh("t0", "t1") == "ok"
    assert db.refresh("t0", "not t1") == "reuse"


def test_a_hundred_renewals_at_once_have_one_successor(db):
    """All get the same answer."""
    db.add_user("ann")
    db.open("ann", "t0")
    connections = [db.connect("doorward_login") for _ in range(50)]
    outcomes = [o for two in in_parallel(50, lambda i: [db.refresh("t0", "t1", connections[i])
                                                        for _ in range(2)]) for o in two]
    assert outcomes == ["ok"] * 100
    assert db.one("select count(*) from doorward.refresh_tokens") == 2
    assert db.one("select count(*) from doorward.refresh_tokens where used_at is null") == 1
    assert db.one("select count(*) from doorward.audit where event = 'session_renewed'") == 1


def test_sessions_end_when_idle_and_in_any_case(db):
    """Renewing holds off the first, nothing holds off the second."""
    db.add_user("ann")
    db.open("ann", "t0", idle=100, life=250)
    db.open("ann", "u0", idle=100, life=250)
    db.move_clock(90)
    assert db.refresh("t0", "t1") == "ok"
    db.move_clock(110)
    assert db.refresh("u0", "u1") == "ended"
    db.move_clock(180)
    assert db.refresh("t1", "t2") == "ok"
    db.move_clock(255)
    assert db.refresh("t2", "t3") == "ended"


def test_logout_revokes_and_a_second_one_finds_nothing(db):
    """By sid and by refresh token."""
    db.add_user("ann")
    _, one = db.open("ann", "a0")
    _, two = db.open("ann", "b0")
    end = "select doorward.session_end(%s, null)"
    by_refresh = "select doorward.session_end_by_refresh(sha256(%s::bytea), null)"
    assert db.one(end, one, role="doorward_login") is True
    assert db.one(end, one, role="doorward_login") is False
    assert db.one(by_refresh, "b0", role="doorward_login") is True
    assert db.one(by_refresh, "b0", role="doorward_login") is False
    revoked = db.sql("select sid, until from doorward.revocation_list()", role="doorward_account")
    assert {sid for sid, _ in revoked} == {one, two}
    assert all(600 < until - time.time() < 800 for _, until in revoked)
    db.move_clock(900)
    assert db.sql("select sid from doorward.revocation_list()") == []


def test_revocations_are_told_to_who_listens(db):
    """doorward revocations follow, on every host."""
    db.add_user("ann")
    _, sid = db.open("ann", "a0")
    listener = db.connect("doorward_login")
    listener.cursor().execute("listen doorward_revocations")
    db.one("select doorward.session_end(%s, null)", sid, role="doorward_login")
    deadline = time.monotonic() + 5
    while not listener.notifies and time.monotonic() < deadline:
        listener.poll()
        time.sleep(0.01)
    told, until = listener.notifies[0].payload.split(" ")
    assert told == sid and 600 < int(until) - time.time() < 800


@pytest.mark.parametrize("argv", [["passwd", "ann", "--password-stdin"], ["disable", "ann"]])
def test_the_operator_ends_sessions(db, argv):
    """A new password and disabling end all of them."""
    db.add_user("ann")
    db.open("ann", "a0")
    db.open("ann", "b0")
    done = db.doorward("user", *argv, stdin=PASSWORD)
    assert done.returncode == 0 and "2 sessions ended" in done.stderr
    assert db.refresh("a0", "a1") == "ended" and db.refresh("b0", "b1") == "ended"
    assert db.one("select count(*) from doorward.revocations") == 2


def test_a_change_of_roles_gives_new_tokens_to_the_same_session(db):
    """The old sid is revoked, the refresh token goes on."""
    db.add_user("ann", "member")
    _, old = db.open("ann", "a0")
    assert db.doorward("user", "role", "ann", "--add", "admin").returncode == 0
    assert db.one("select sid from doorward.revocations") == old
    [(outcome, roles, sid)] = db.sql(
        "select outcome, roles, sid from doorward.session_refresh(sha256('a0'), sha256('a1'), 600,"
        " null, null)", role="doorward_login")
    assert outcome == "ok" and roles == "admin member" and sid != old
    assert db.doorward("user", "role", "ann", "--add", "admin").returncode == 0  # no change
    assert db.one("select count(*) from doorward.revocations") == 1


# ---- the account page ----

def test_one_sees_and_ends_only_ones_own_sessions(db):
    """Neither a stranger's, nor one that is over."""
    ann, bob = db.add_user("ann"), db.add_user("bob")
    mine, sid = db.open("ann", "a0")
    other, _ = db.open("ann", "b0")
    his, _ = db.open("bob", "c0")
    role = {"role": "doorward_account"}
    listed = db.sql("select id from doorward.account_sessions(%s)", ann, **role)
    assert {s for (s,) in listed} == {mine, other}
    end = "select doorward.account_session_end(%s, %s, null)"
    assert db.one(end, ann, his, **role) is False
    assert db.one(end, bob, his, **role) is True
    assert db.one(end, bob, his, **role) is False
    assert db.one("select doorward.account_sessions_end(%s, %s, null)", ann, sid, **role) == 1
    assert db.refresh("a0", "a1") == "ok" and db.refresh("b0", "b1") == "ended"
    assert db.sql("select name from doorward.account_find(%s, %s)", ann, sid, **role) == [("ann",)]
    assert db.sql("select name from doorward.account_find(%s, %s)", bob, sid, **role) == []


def test_a_new_password_ends_the_other_sessions(db):
    """And is refused when the password changed meanwhile or the session is over."""
    ann = db.add_user("ann")
    _, sid = db.open("ann", "a0")
    db.open("ann", "b0")
    role = {"role": "doorward_account"}
    begin = "select wait, password_hash, password_version from doorward.account_password_begin(%s, null, null)"
    assert db.sql(begin, ann, **role) == [(0, "$hash", 1)]
    end = "select doorward.account_password_end(%s, %s, %s, %s, null, null)"
    assert db.one(end, ann, 1, "$new", sid, **role) is True
    assert db.one(end, ann, 1, "$newer", sid, **role) is False
    assert db.refresh("a0", "a1") == "ok" and db.refresh("b0", "b1") == "ended"
    db.one("select doorward.session_end(%s, null)", sid, **role)
    assert db.one(end, ann, 2, "$newer", sid, **role) is False
    assert db.one("select password_hash from doorward.users") == "$new"


def test_asking_for_the_old_password_is_throttled_too(db):
    """A stolen access token does not help to guess it."""
    ann = db.add_user("ann")
    db.stop_clock()
    begin = "select wait from doorward.account_password_begin(%s, '192.0.2.1', null)"
    waits = [db.one(begin, ann, role="doorward_account") for _ in range(20)]
    assert waits.count(0) == 10


# ---- upkeep ----

def test_tidy_drops_what_is_over_and_nothing_else(db):
    """Open sessions, fresh audit rows and running revocations stay."""
    db.add_user("ann")
    db.begin("ann")
    db.open("ann", "a0", life=10**7, idle=10**7)
    _, sid = db.open("ann", "b0")
    db.one("select doorward.session_end(%s, null)", sid)
    assert db.doorward("db", "tidy").returncode == 0
    assert db.one("select count(*) from doorward.sessions") == 2
    assert db.one("select count(*) from doorward.revocations") == 1
    db.move_clock(40 * 86400)
    assert db.doorward("db", "tidy", "--audit-days", "30").returncode == 0
    assert db.one("select count(*) from doorward.sessions") == 1
    assert db.refresh("a0", "a1") == "ok"
    for table in ("revocations", "attempts"):
        assert db.one(f"select count(*) from doorward.{table}") == 0
    assert db.sql("select event from doorward.audit") == [("session_renewed",)]
