"""PostgreSQL goes away and comes back, under every server."""

import os
import signal
import time

import pytest
from client import Client, bearer, json_login, token
from servers import FRONTS, USERS

PASSWORD = USERS["alice"][0]


@pytest.mark.parametrize("server,mode", FRONTS)
def test_refuses_soon_and_recovers_without_a_restart(private_stack, server, mode):
    stack = private_stack(server, mode)
    access = token(stack, "alice", PASSWORD)
    stack.stop_database()

    began = time.monotonic()
    answer = json_login(stack, "alice", PASSWORD)
    assert time.monotonic() - began < 4
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json()["error"] == "temporarily_unavailable"
    assert Client(stack).get("/protected", headers=bearer(access)).status_code == 200
    page = Client(stack, browser=True).get("/login")
    assert page.status_code in (200, 503)

    stack.start_database()
    began = time.monotonic()
    while (status := json_login(stack, "alice", PASSWORD).status_code) != 200:
        assert status == 503
        assert time.monotonic() - began < 5
        time.sleep(0.2)


def test_notices_a_restart_between_two_requests(private_stack):
    stack = private_stack()
    assert json_login(stack, "alice", PASSWORD).status_code == 200
    stack.stop_database()
    stack.start_database()
    statuses = {json_login(stack, "alice", PASSWORD).status_code for _ in range(8)}
    assert statuses == {200}


def test_refuses_soon_when_the_database_hangs(private_stack):
    """A stopped postmaster accepts connections into its backlog and never answers."""
    stack = private_stack()
    pid = stack.processes["postgres"]["pid"]
    os.kill(pid, signal.SIGSTOP)  # the first, so that it starts no others
    group = [one for one in children(pid) if send(one, signal.SIGSTOP)] + [pid]
    try:
        began = time.monotonic()
        assert json_login(stack, "alice", PASSWORD).status_code == 503
        assert time.monotonic() - began < 4
    finally:
        for one in group:
            send(one, signal.SIGCONT)
    deadline = time.monotonic() + 5
    while json_login(stack, "alice", PASSWORD).status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def send(pid, number):
    """Whether the process was still there."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def children(pid):
    """The processes that `pid` started."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="utf-8") as f:
        return [int(word) for word in f.read().split()]


def test_a_schema_of_another_version_is_refused_by_name(private_stack):
    stack = private_stack()
    newest = stack.sql("SELECT max(number) FROM doorward.schema_migrations")
    stack.sql("INSERT INTO doorward.schema_migrations (number, name, sha256) "
              f"VALUES ({int(newest) + 1}, 'of_tomorrow', 'x')")
    stack.stop_web()
    stack.start_web()
    assert json_login(stack, "alice", PASSWORD).status_code == 503
    with open(stack.web.log, encoding="utf-8", errors="replace") as f:
        assert "doorward db migrate" in f.read()
