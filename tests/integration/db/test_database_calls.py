"""A program's calls to the database: their limits, and the one retry after a deadlock."""

import json
import subprocess
import threading
import time

import psycopg2
import pytest

from database import TREE, Database

LIMITS = {"statement_timeout": "2s", "lock_timeout": "2s",
          "idle_in_transaction_session_timeout": "10s",
          "default_transaction_isolation": "read committed", "search_path": "pg_catalog"}
ROLES = ["doorward_login", "doorward_account", "doorward_mail"]
SHOW = "select string_agg(current_setting(n), ',' order by n) from unnest(array[{}]) n".format(
    ", ".join(f"'{name}'" for name in sorted(LIMITS)))
OURS = ",".join(LIMITS[name] for name in sorted(LIMITS))


@pytest.fixture(scope="module", name="program")
def _program(tmp_path_factory):
    program = str(tmp_path_factory.mktemp("probe") / "db_probe")
    subprocess.run(["cc", "-std=c11", "-D_GNU_SOURCE", f"-I{TREE}/lib", "-Wall", "-Werror",
                    "-o", program, f"{TREE}/tests/support/db_probe.c",
                    f"{TREE}/build/libauth.a", "-lpq", "-lsodium", "-lcrypt", "-lzxcvbn",
                    "-ljansson", "-lcrypto", "-lm"], check=True)
    return program


class Probe:
    """A process with a program's connection, as the login program's role."""

    def __init__(self, program, db):
        self.db = db
        self.process = subprocess.Popen(
            [program, f"host={db.server.socket} dbname={db.name} user=doorward_login"],
            text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def send(self, sql):
        """Begin a call."""
        self.process.stdin.write(sql + "\n")
        self.process.stdin.flush()

    def answer(self):
        """(milliseconds, value or error) of the call that was sent."""
        ms, text = self.process.stdout.readline().rstrip("\n").split("\t", 1)
        return int(ms), text

    def call(self, sql):
        """One call; its value, or its error."""
        self.send(sql)
        return self.answer()[1]

    def wait_until_blocked(self):
        """By a lock that somebody else holds."""
        for _ in range(500):
            if self.db.server.sql(
                    "select 1 from pg_stat_activity where wait_event_type = 'Lock' and"
                    f" application_name = 'login' and datname = '{self.db.name}'").strip():
                return
            time.sleep(0.01)
        raise AssertionError("it does not wait")


@pytest.fixture(name="probe")
def _probe(program, db):
    probe = Probe(program, db)
    yield probe
    probe.process.stdin.close()
    probe.process.wait(10)


def carried(db, role):
    """The settings that the role has in this database."""
    rows = db.sql("select unnest(setconfig) from pg_db_role_setting s"
                  " join pg_roles r on r.oid = s.setrole join pg_database d on d.oid = s.setdatabase"
                  " where r.rolname = %s and d.datname = current_database()", role)
    return {row[0].split("=")[0] for row in rows}


def forget_limits(db, role="doorward_login"):
    """As on a host where nobody may change the role."""
    db.server.sql(f"alter role {role} in database {db.name} reset all")


# ---- limits ----

@pytest.mark.parametrize("role", ROLES)
def test_a_program_s_role_carries_its_limits(db, role):
    """Without them, a pooler that keeps no session's settings would leave it none."""
    assert carried(db, role) == set(LIMITS)
    assert db.one(SHOW, role=role) == OURS


def test_the_owner_carries_none(db):
    """A migration may take long, and so may its pg_dump."""
    done = db.doorward("db", "migrate", "--login-role", "doorward")
    assert done.returncode == 0 and "limits" not in done.stderr
    assert not carried(db, "doorward")


def test_limits_of_a_role_end_at_this_database(db):
    """Roles belong to the whole server, and one of a likely name may be somebody else's."""
    assert db.server.sql("select count(*) from pg_db_role_setting s join pg_roles r"
                         " on r.oid = s.setrole where r.rolname like 'doorward%'"
                         " and s.setdatabase = 0").strip() == "0"


def test_says_what_to_do_where_a_role_cannot_be_changed(empty):
    """Neither the owner may, nor may the operator connect as that role."""
    where = f"host={empty.server.socket} dbname={empty.name}"
    empty.server.sql("create role outsider login")
    try:
        empty.settings(f"{where} user=doorward", f"database_login = {where} user=outsider")
        done = empty.doorward("db", "migrate")
        assert done.returncode == 0
        lines = [line for line in done.stderr.splitlines() if line.startswith("alter role")]
        assert len(lines) == len(LIMITS) and "superuser" in done.stderr
        for line in lines:
            empty.server.sql(line, database=empty.name)
        assert carried(empty, "outsider") == set(LIMITS)
        assert "alter role" not in empty.doorward("db", "migrate").stderr
    finally:
        empty.server.sql(f"drop owned by outsider", database=empty.name)
        empty.server.sql("drop role outsider")


def test_says_it_once_of_a_role_that_programs_share(empty):
    where = f"host={empty.server.socket} dbname={empty.name}"
    empty.server.sql("create role outsider login")
    try:
        empty.settings(f"{where} user=doorward", f"database_login = {where} user=outsider",
                       f"database_account = {where} user=outsider")
        done = empty.doorward("db", "migrate")
        assert done.stderr.count("the role outsider carries no limits in this database") == 1
        assert done.stderr.count("alter role") == len(LIMITS)
    finally:
        empty.server.sql("drop owned by outsider", database=empty.name)
        empty.server.sql("drop role outsider")


def test_status_says_which_role_carries_its_limits(db):
    """For whoever puts a pooler before it later."""
    forget_limits(db)
    done = db.doorward("db", "status")
    assert done.returncode == 0
    assert "login is doorward_login, which does not carry its limits" in done.stdout
    assert "account is doorward_account, which carries its limits" in done.stdout
    assert json.loads(db.doorward("db", "status", "--json").stdout)["roles"] == [
        {"program": "login", "role": "doorward_login", "limits": False},
        {"program": "account", "role": "doorward_account", "limits": True},
        {"program": "mail", "role": "doorward_mail", "limits": True},
        {"program": "webadmin", "role": "doorward_webadmin", "limits": True},
        {"program": "oauth", "role": "doorward_oauth", "limits": True}]


def test_a_connection_limits_itself_where_its_role_does_not(probe, db):
    """One role for everything: nothing else can be done."""
    forget_limits(db)
    assert probe.call(f"{SHOW} where $1 = 'x'") == OURS
    assert db.one(SHOW, role="doorward_login") != OURS


def test_a_connection_changes_nothing_where_its_role_carries_limits(probe):
    """What one session sets, a pooler hands to somebody else."""
    assert probe.call("select string_agg(distinct source, ',') from pg_settings where name in"
                      " ('statement_timeout', 'lock_timeout', 'search_path') and $1 = 'x'") \
        == "database user"


def test_a_shorter_limit_of_the_role_stands(probe, db):
    db.server.sql(f"alter role doorward_login in database {db.name} set statement_timeout = '700ms'")
    assert probe.call("select current_setting('statement_timeout') where $1 = 'x'") == "700ms"


def test_a_longer_limit_of_the_role_does_not(probe, db):
    """Its server would go on working for a request that has got its 503."""
    db.server.sql(f"alter role doorward_login in database {db.name} set statement_timeout = '1min'")
    assert probe.call("select current_setting('statement_timeout') where $1 = 'x'") == "2s"


def test_the_operator_s_command_is_not_held_to_a_program_s_limits(db):
    """`db tidy` after a year may take longer than a login."""
    db.server.sql(f"alter role doorward in database {db.name} set statement_timeout = '300ms'")
    db.sql("set statement_timeout = 0; create or replace function doorward.now()"
           " returns timestamptz language plpgsql volatile as"
           " 'begin perform pg_sleep(0.2); return clock_timestamp(); end'")
    done = db.doorward("db", "tidy")
    assert done.returncode == 0, done.stderr


def test_a_function_that_somebody_planted_in_public_is_not_called(db):
    """Where everybody may create in public (PostgreSQL 13, 14) and a closer match would win."""
    db.server.sql("grant create on schema public to stranger", database=db.name)
    db.sql("create function public.to_timestamp(bigint) returns timestamptz language plpgsql as"
           " $$ begin raise exception 'planted'; end $$", role="stranger")
    done = db.doorward("audit")
    assert done.returncode == 0 and "planted" not in done.stderr, done.stderr


# ---- deadlocks ----

@pytest.fixture(name="rows")
def _rows(db):
    """Two rows, and a function that locks one after the other and counts its tries."""
    db.sql("create table public.rows (id int primary key, n int not null default 0);"
           "create sequence public.tries;"
           "insert into public.rows values (1), (2);"
           "create function public.both() returns bigint language plpgsql security definer as $$"
           " begin perform nextval('public.tries');"
           " update public.rows set n = n + 1 where id = 1;"
           " update public.rows set n = n + 1 where id = 2;"
           " return currval('public.tries'); end $$;"
           "grant execute on function public.both() to public;"
           "grant usage on schema public to public")
    return db


def other(db):
    """A connection that waits longer than the probe before it looks for a deadlock."""
    connection = psycopg2.connect(host=db.server.socket, dbname=db.name, user="postgres")
    cursor = connection.cursor()
    cursor.execute("set deadlock_timeout = '30s'; set lock_timeout = '10s'")
    connection.commit()
    return connection, cursor


def test_a_deadlock_s_victim_tries_once_more(probe, rows):
    """The other one ends, and the second try does the whole work, once."""
    assert probe.call("select public.both() where $1 = 'x'") == "1"
    connection, cursor = other(rows)
    cursor.execute("update public.rows set n = n + 10 where id = 2")
    probe.send("select public.both() where $1 = 'x'")
    probe.wait_until_blocked()
    cursor.execute("update public.rows set n = n + 10 where id = 1")  # until the probe gives way
    connection.commit()
    connection.close()
    ms, value = probe.answer()
    assert value == "3", "one try that was undone, one that was not"
    assert ms < 2500
    assert rows.sql("select n from public.rows order by id") == [(12,), (12,)]
    with open(rows.server.log, encoding="utf-8") as f:
        assert "deadlock detected" in f.read()


@pytest.mark.parametrize("state", ["40P01", "40001"])
def test_it_is_tried_once_more_and_no_oftener(probe, rows, state):
    """A database that always says so gets two tries a call, and the caller an error."""
    rows.sql("create function public.fails() returns trigger language plpgsql as"
             f" $$ begin raise exception 'again' using errcode = '{state}'; end $$;"
             "create trigger fails before update on public.rows for each row"
             " execute function public.fails()")
    assert probe.call("select public.both() where $1 = 'x'").startswith("error")
    assert rows.one("select last_value from public.tries") == 2
    assert rows.sql("select n from public.rows") == [(0,), (0,)]
    rows.sql("drop trigger fails on public.rows")
    assert probe.call("select public.both() where $1 = 'x'") == "3", "no rest after it"


def test_another_error_is_not_tried_again(probe, rows):
    rows.sql("alter table public.rows add check (n < 1)")
    assert probe.call("select public.both() where $1 = 'x'").startswith("error")
    assert rows.one("select last_value from public.tries") == 1


def test_a_statement_survives_a_change_of_what_it_was_prepared_for(probe, rows):
    """The plan that the server kept does not fit any more (0A000)."""
    rows.sql("grant select on public.rows to doorward_login")
    for _ in range(4):
        assert probe.call("select r.* from public.rows r where $1 = 'x' and id = 1") == "1"
    rows.sql("alter table public.rows add column more text")
    assert probe.call("select r.* from public.rows r where $1 = 'x' and id = 1") == "1"


# ---- a migration meanwhile ----

LOOK = "select outcome from doorward.session_look(sha256($1::text::bytea), sha256('y'::bytea), 30)"
BEGIN = "select user_id is null from doorward.login_begin($1::text, null, null, null, 0, 'name', '{}')"


def test_programs_go_on_while_functions_are_replaced(program, db):
    """Their statements, prepared or under way, call functions that are gone and there again."""
    probes, answers, stop = [Probe(program, db) for _ in range(3)], set(), threading.Event()

    def call(probe):
        while not stop.is_set():
            answers.update({probe.call(LOOK), probe.call(BEGIN)})

    threads = [threading.Thread(target=call, args=(probe,)) for probe in probes]
    for thread in threads:
        thread.start()
    done = [db.doorward("db", "migrate") for _ in range(10)]
    stop.set()
    for thread in threads:
        thread.join()
    for probe in probes:
        probe.process.stdin.close()
        probe.process.wait(10)
    assert [d.returncode for d in done] == [0] * 10
    assert answers == {"unknown", "t"}


def test_a_program_whose_function_is_gone_says_which_command_helps(probe):
    """It connects anew and finds the functions of another version; after a migrate it goes on."""
    assert probe.call(LOOK) == "unknown"
    probe.db.sql("drop function doorward.session_look(bytea, bytea, integer)")
    probe.db.sql("update doorward.schema_functions set sha256 = repeat('0', 64)")
    answer = probe.call(LOOK)
    assert "functions of another version" in answer and "doorward db migrate" in answer
    assert probe.db.doorward("db", "migrate").returncode == 0
    time.sleep(1.1)  # it rests that long after a failure
    assert probe.call(LOOK) == "unknown"
