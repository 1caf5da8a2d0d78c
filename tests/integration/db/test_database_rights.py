"""What the programs' roles may do in the database: call their functions, nothing else."""

import pytest
from client import json_login
from servers import USERS
from stack import StackError

ROLES = ["doorward_login", "doorward_account", "doorward_mail"]


@pytest.mark.parametrize("role", ROLES)
def test_no_role_of_a_program_is_more_than_it_must_be(apache, role):
    assert apache.sql("SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles "
                      f"WHERE rolname = '{role}'") == "f|f|f|f"


@pytest.mark.parametrize("role", ROLES)
def test_no_role_of_a_program_reads_or_writes_a_table(apache, role):
    tables = apache.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'doorward'").split()
    assert "users" in tables
    for table in tables:
        for statement in (f"SELECT * FROM doorward.{table}", f"DELETE FROM doorward.{table}",
                          f"INSERT INTO doorward.{table} DEFAULT VALUES"):
            with pytest.raises(StackError, match="permission denied"):
                apache.sql(statement, role=role)


@pytest.mark.parametrize("role", ROLES)
def test_no_role_of_a_program_creates_anything(apache, role):
    for statement in ("CREATE TABLE doorward.mine (x int)", "CREATE TABLE public.mine (x int)",
                      "CREATE SCHEMA mine", "CREATE FUNCTION doorward.f() RETURNS int LANGUAGE sql "
                      "AS 'SELECT 1'"):
        with pytest.raises(StackError, match="permission denied"):
            apache.sql(statement, role=role)


def test_functions_pin_their_search_path_and_are_not_public(apache):
    loose = apache.sql(
        "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'doorward'::regnamespace "
        "AND p.prosecdef AND NOT coalesce(p.proconfig::text LIKE '%search_path=%', false)")
    assert loose == ""
    public = apache.sql(
        "SELECT p.proname FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a "
        "WHERE p.pronamespace = 'doorward'::regnamespace AND a.grantee = 0")
    assert public == ""


def test_one_role_for_everything_works_too(private_stack):
    """Where a host gives a single role, it owns the tables and runs the programs."""
    stack = private_stack()
    # the web server's user may then be the owner
    with open(f"{stack.postgres.data}/pg_ident.conf", "a", encoding="utf-8") as f:
        f.write(f"doorward {stack.web_user} doorward\n")
    stack.postgres.sql("SELECT pg_reload_conf()")
    stack.stop_web()
    stack.write_settings(database_login=None, database_account=None)
    stack.start_web()
    assert json_login(stack, "alice", USERS["alice"][0]).status_code == 200
