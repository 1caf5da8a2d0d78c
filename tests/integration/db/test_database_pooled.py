"""pgbouncer between the login and PostgreSQL, where two statements of one client may reach two
server connections, and what was prepared on one is not known on the other."""

import os
import shutil
import time

import psycopg2
import pytest
from database import in_parallel
from client import Client, bearer, json_login
from servers import USERS, end_stack, start_stack
from stack import process

PASSWORD = USERS["alice"][0]
INI = """[databases]
doorward = host={socket} dbname=doorward
[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = {directory}
auth_type = trust
auth_file = {directory}/users
pool_mode = transaction
default_pool_size = 3
ignore_startup_parameters = extra_float_digits,options
logfile = {directory}/log
pidfile = {directory}/pid
"""


@pytest.fixture(name="stack", scope="module")
def _stack():
    """A stack whose login program speaks to a pgbouncer with few server connections."""
    stack = start_stack("apache", "fastcgi")
    directory = f"{stack.directory}/pgbouncer"
    os.mkdir(directory)
    for name, text in (("ini", INI.format(socket=stack.postgres.socket, directory=directory)),
                       ("users", '"doorward_login" ""\n')):
        with open(f"{directory}/{name}", "w", encoding="ascii") as f:
            f.write(text)
    root = os.geteuid() == 0
    if root:
        shutil.chown(directory, stack.web_user)
    server = process.start(["pgbouncer", *(["-u", stack.web_user] if root else []),
                            f"{directory}/ini"], f"{directory}/out")
    try:
        process.wait_until(lambda: os.path.exists(f"{directory}/.s.PGSQL.6432"), 10)
        stack.write_settings(
            database_login=f"host={directory} port=6432 dbname=doorward user=doorward_login")
        time.sleep(3)
        yield stack
    finally:
        process.stop(server)
        end_stack(stack)


@pytest.fixture(name="pooled")
def _pooled(stack):
    stack.sql("delete from doorward.attempts; delete from doorward.sessions")
    return stack


def test_logins_go_on_through_a_pooler(pooled):
    """Enough of them for each process to prepare its statements, and at once."""
    def try_it(_):
        return [json_login(pooled, "alice", PASSWORD) for _ in range(6)]
    answers = [answer for some in in_parallel(6, try_it) for answer in some]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == len(answers)
    opened = pooled.sql("select count(*) from doorward.sessions where ended_at is null").strip()
    assert int(opened) == len(answers)
    with open(pooled.postgres.log, encoding="utf-8") as f:
        assert 'prepared statement "doorward_' in f.read(), "nothing was lost: nothing was tried"
    last = answers[-1].json()
    assert Client(pooled).get("/protected", headers=bearer(last["token"])).status_code == 200


def test_a_wrong_password_is_counted_through_a_pooler(pooled):
    statuses = [json_login(pooled, "alice", f"wrong-{i}").status_code for i in range(12)]
    assert statuses[:10] == [401] * 10
    assert statuses[-1] == 429
    assert json_login(pooled, "alice", PASSWORD).status_code == 429


def through_the_pooler(pooled):
    """A connection as the login program's; what it is handed depends on who else is busy."""
    return psycopg2.connect(host=f"{pooled.directory}/pgbouncer", port=6432, dbname="doorward",
                            user="doorward_login")


def test_no_session_s_setting_is_left_on_a_pooler_s_connection(pooled):
    """It would hold for whoever gets that connection next, and be missing elsewhere."""
    answers = in_parallel(6, lambda _: json_login(pooled, "alice", PASSWORD).status_code)
    assert set(answers) == {200}
    connections = [through_the_pooler(pooled) for _ in range(3)]
    for connection in connections:  # none ends its transaction: each has one of its own
        cursor = connection.cursor()
        cursor.execute("select name, setting, source from pg_settings where name in"
                       " ('statement_timeout', 'lock_timeout', 'search_path') order by 1")
        assert cursor.fetchall() == [("lock_timeout", "2000", "database user"),
                                     ("search_path", "pg_catalog", "database user"),
                                     ("statement_timeout", "2000", "database user")]
    for connection in connections:
        connection.close()


def test_the_limits_hold_through_a_pooler(pooled):
    """A login that waits for a lock gets its 503, and its server does not go on waiting."""
    assert json_login(pooled, "alice", PASSWORD).status_code == 200
    with psycopg2.connect(host=pooled.postgres.socket, dbname="doorward", user="doorward") as held:
        held.cursor().execute("lock table doorward.sessions in exclusive mode")
        began = time.monotonic()
        assert json_login(pooled, "alice", PASSWORD).status_code == 503
        assert time.monotonic() - began < 4
        time.sleep(0.2)
        assert pooled.postgres.sql("select count(*) from pg_stat_activity where"
                                   " wait_event_type = 'Lock'").strip() == "0"
    held.close()
    time.sleep(1.1)  # the program's rest
    assert json_login(pooled, "alice", PASSWORD).status_code == 200
