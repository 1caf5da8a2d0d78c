"""Guesses at once, over HTTP and through many processes, do not outrun the counter."""

import pytest

from client import json_login
from database import in_parallel
from servers import USERS

ALICE = ("alice", USERS["alice"][0])


def login_processes(stack):
    """How many login programs hold a connection to the database."""
    return int(stack.sql("select count(*) from pg_stat_activity where application_name = 'login'"))


def many_processes(stack, least):
    """Make the server start so many login programs that have used the database."""
    stack.web.warm(["/login"], 16)
    for _ in range(20):
        in_parallel(24, lambda i: json_login(stack, f"stranger {i}", "x"))  # each takes a while
        if login_processes(stack) >= least:
            return
    raise AssertionError(f"only {login_processes(stack)} login programs")


@pytest.mark.takes("hashes hundreds of passwords")
def test_two_hundred_guesses_at_once_get_no_more_than_their_share(private_stack):
    stack = private_stack(password_slots=64)
    many_processes(stack, 8)
    # A slow machine must not sit out the wait: the database's clock stands still.
    now = stack.sql("SELECT clock_timestamp()")
    stack.sql("CREATE OR REPLACE FUNCTION doorward.now() RETURNS timestamptz LANGUAGE sql "
              f"VOLATILE AS $$ SELECT timestamptz '{now}' $$")
    answers = in_parallel(50, lambda i: [json_login(stack, "alice", f"guess {i} {n}")
                                         for n in range(4)])
    statuses = [a.status_code for four in answers for a in four]
    assert set(statuses) == {401, 429}
    assert statuses.count(401) <= 12
    throttled = [a for four in answers for a in four if a.status_code == 429]
    assert all(int(a.headers["Retry-After"]) > 0 for a in throttled)
    assert len({a.text for a in throttled}) == 1
    right, unknown = json_login(stack, *ALICE), None
    assert right.status_code == 429 and right.text == throttled[0].text
    for _ in range(12):
        unknown = json_login(stack, "nobody-of-that-name", "x")
    assert unknown.status_code == 429 and unknown.text == right.text
