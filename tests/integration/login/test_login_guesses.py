"""Guesses at once, over HTTP and through many processes, do not outrun the counter."""

import pytest

from client import Client, form_login, json_login
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


def login(stack, password, device, address="192.0.2.1"):
    """POST /login as ALICE, with what an earlier answer said; the answer."""
    return Client(stack).post(
        "/login", json={"username": "alice", "password": password, "device": device},
        headers={"X-Forwarded-For": address})


def test_a_guesser_cannot_keep_out_a_client_that_has_logged_in_before(private_stack):
    """One stranger fills the name's bucket over and over; the client brings its device."""
    stack = private_stack(trusted_proxies="127.0.0.1 ::1")
    device = login(stack, ALICE[1], "").json()["device"]
    for _ in range(12):
        login(stack, "guess", "", "198.51.100.1")
    assert login(stack, ALICE[1], "").status_code == 429
    for _ in range(12):
        assert login(stack, "guess", "", "198.51.100.1").status_code == 429
        answer = login(stack, ALICE[1], device)
        assert answer.status_code == 200
        device = answer.json()["device"]
    refresh = Client(stack).post("/login/refresh",
                                 json={"refresh_token": answer.json()["refresh_token"]})
    assert refresh.status_code == 200 and "device" not in refresh.json()


def test_a_device_that_is_none_of_ours_is_not_known_and_nothing_else(private_stack):
    """Malformed, of another user, or made before the session secret was replaced."""
    stack = private_stack(trusted_proxies="127.0.0.1 ::1")
    device = login(stack, ALICE[1], "").json()["device"]
    roots = json_login(stack, "root", USERS["root"][0]).json()["device"]
    useless = ["dwd_", device[:-1], device + "A", "dwr_" + device[4:], roots, "x" * 5000]
    assert [login(stack, ALICE[1], one).status_code for one in useless] == [200] * len(useless)
    wrong = [login(stack, "guess", one) for one in [device, *useless]]
    assert {(a.status_code, a.text) for a in wrong} == {(401, wrong[0].text)}
    for _ in range(12):
        login(stack, "guess", "")
    assert {login(stack, ALICE[1], one).status_code for one in useless} == {429}
    assert login(stack, ALICE[1], device).status_code == 200


def test_too_many_right_passwords_wait_like_wrong_ones(private_stack):
    """The same answer, by JSON and by form; and how long is said."""
    stack = private_stack()
    stack.sql("UPDATE doorward.throttle SET free = 60 WHERE kind = 'success'")
    stack.sql("UPDATE doorward.users SET login_level = 60, last_login_at = doorward.now()"
              " WHERE name = 'alice'")
    late = json_login(stack, *ALICE)
    assert late.status_code == 429 and 20 <= int(late.headers["Retry-After"]) <= 30
    _, form = form_login(stack, *ALICE)
    assert form.status_code == 429 and "There were too many tries. You can try again in " in form.text
    for _ in range(12):
        guess = json_login(stack, "root", "guess")
    assert guess.status_code == 429 and late.text == guess.text
    assert json_login(stack, "nobody", USERS["nobody"][0]).status_code == 200
