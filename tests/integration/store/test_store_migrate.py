"""db migrate: tables once, functions at each run, and what is refused."""

import glob
import hashlib
import subprocess
import time

import psycopg2
import pytest

from database import TREE, Database, in_parallel

FUNCTIONS = ("select p.proname from pg_proc p where p.pronamespace = 'doorward'::regnamespace and"
             " obj_description(p.oid, 'pg_proc') {} 'sql/functions'")


# ---- tables ----

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
    assert len(applied) == len(set(applied)) == len(glob.glob(f"{TREE}/sql/*.sql"))


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
    empty.sql("delete from doorward.schema_migrations where number > 4")
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


# ---- functions ----

def test_functions_are_replaced_at_each_run(db):
    """One that was changed by hand is right again, one that is no longer ours is gone."""
    db.sql("create or replace function doorward.user_disable(p_name text, p_disabled"
           " boolean, p_actor text) returns integer language sql as 'select 99'")
    db.sql("create function doorward.left_over() returns integer language sql as 'select 1'")
    db.sql("comment on function doorward.left_over() is 'sql/functions'")
    assert db.doorward("db", "migrate").returncode == 0
    assert db.sql("select doorward.user_disable('nobody', true, 'me')") == [(None,)]
    assert "left_over" not in {f for (f,) in db.sql(FUNCTIONS.format("="))}


def test_functions_of_others_and_of_tables_stay(db):
    """What columns and triggers use, the clock of a test, and what the operator has made."""
    db.sql("create function doorward.report() returns integer language sql as 'select 1'")
    db.sql("create or replace function doorward.now() returns timestamptz language sql volatile"
           " as $$select timestamptz '2031-01-01 00:00Z'$$")
    before = {f for (f,) in db.sql(FUNCTIONS.format("is distinct from"))}
    assert {"now", "name_key", "users_refuse", "report"} <= before
    assert db.doorward("db", "migrate").returncode == 0
    assert {f for (f,) in db.sql(FUNCTIONS.format("is distinct from"))} == before
    assert db.one("select doorward.now()").year == 2031


def test_functions_of_another_version_are_refused(db):
    """By the operator's command and by programs, until they are ours again."""
    db.sql("update doorward.schema_functions set sha256 = repeat('0', 64)")
    done = db.doorward("user", "list")
    assert done.returncode != 0 and "doorward db migrate" in done.stderr
    assert "functions of another version" in done.stderr
    done = db.doorward("db", "status")
    assert done.returncode == 1 and "functions are those of another version" in done.stdout
    assert db.doorward("db", "migrate").returncode == 0
    assert db.doorward("user", "list").returncode == 0
    assert "functions are those of this program" in db.doorward("db", "status").stdout


def test_the_checksum_is_that_of_the_files(db):
    """All of sql/functions, one after the other."""
    text = b"".join(open(f, "rb").read() for f in sorted(glob.glob(f"{TREE}/sql/functions/*.sql")))
    assert db.one("select doorward.schema_functions()") == hashlib.sha256(text).hexdigest()


def test_the_body_of_every_function_can_be_read(db):
    """They are created unseen, since they name each other: now PostgreSQL looks at each."""
    for language, check in (("sql", "fmgr_sql_validator"), ("plpgsql", "plpgsql_validator")):
        assert db.sql(f"select {check}(p.oid) from pg_proc p join pg_language l on"
                      " l.oid = p.prolang where p.pronamespace = 'doorward'::regnamespace"
                      " and l.lanname = %s", language)


def test_a_function_that_somebody_else_uses_is_not_dropped_unseen(db):
    """Nothing is changed then."""
    db.sql("create view doorward.mine as select * from doorward.status()")
    before = db.one("select applied_at from doorward.schema_functions")
    done = db.doorward("db", "migrate")
    assert done.returncode != 0 and "status" in done.stderr
    assert db.one("select applied_at from doorward.schema_functions") == before
    assert db.doorward("user", "list").returncode == 0


def test_a_superuser_creates_no_function_of_their_own(db, server):
    """It would run with a superuser's rights, whoever calls it."""
    name = server.sql("select current_user").strip()
    db.settings(f"host={server.socket} dbname={db.name} user={name}")
    done = db.doorward("db", "migrate")
    assert done.returncode == 0, done.stderr
    assert db.sql("select distinct pg_get_userbyid(proowner) from pg_proc where pronamespace ="
                  " 'doorward'::regnamespace") == [("doorward",)]


def test_doors_that_are_no_longer_in_the_files_close(db):
    """The rows are those of the files, not of the time before."""
    db.sql("insert into doorward.door values ('account', 'user_delete')")
    assert db.doorward("db", "migrate").returncode == 0
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        db.sql("select doorward.user_delete('ann', false, 'me')", role="doorward_account")


# ---- a database of a time before the first release ----

def test_an_unreleased_schema_is_left_alone_and_the_way_out_is_said(empty):
    """It had a list of migrations, and no checksum of its functions."""
    empty.sql("create schema doorward")
    empty.sql("create table doorward.schema_migrations (number integer primary key, name text not"
              " null, sha256 text not null, applied_at timestamptz not null default now())")
    empty.sql("create table doorward.users (name text, password_hash text, roles text[],"
              " disabled boolean)")
    empty.sql("insert into doorward.users values ('ann', '$2y$05$abcdefghijklmnopqrstuucZGbUxuMl"
              "EqpS0qcu2pjhO7vaatQZIC', '{member}', false), ('bob', null, '{}', true)")
    for n in range(1, 10):
        empty.sql("insert into doorward.schema_migrations values (%s, 'x', repeat('1', 64))", n)
    done = empty.doorward("db", "migrate")
    assert done.returncode == 1 and "before the first release" in done.stderr
    assert empty.sql("select tablename from pg_tables where schemaname = 'doorward'"
                     " order by 1") == [("schema_migrations",), ("users",)]
    assert empty.doorward("db", "status").returncode == 1
    done_list = empty.doorward("user", "list")
    assert done_list.returncode != 0 and "doorward db migrate" in done_list.stderr
    commands = done.stderr.split("\n\n")[1].replace(
        "  doorward ", f"  {TREE}/build/doorward --config {empty.conf} ")
    done = subprocess.run(["sh", "-ec", commands.replace("users.jsonl", f"{empty.directory}/u")],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, (commands, done.stderr)
    assert empty.sql("select name, roles, disabled, password_hash is null from doorward.users"
                     " order by name") == [("ann", ["member"], False, False),
                                           ("bob", [], True, True)]
