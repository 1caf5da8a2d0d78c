"""Many at once, over HTTP and through many processes: renewals, guesses, a storm of logins."""

import threading
import time

from client import Client, bearer, json_login
from database import in_parallel
from servers import USERS

ALICE = ("alice", USERS["alice"][0])


def login_processes(stack):
    """How many login programs hold a connection to the database."""
    return int(stack.sql("select count(*) from pg_stat_activity where application_name = 'login'"))


def many_processes(stack, least):
    """Make the server start so many login programs that have used the database."""
    for _ in range(20):
        in_parallel(24, lambda i: Client(stack).get("/login/health"))
        if login_processes(stack) >= least:
            return
    raise AssertionError(f"only {login_processes(stack)} login programs")


def test_a_hundred_renewals_of_one_token_have_one_successor(private_stack):
    stack = private_stack(password_slots=64)
    many_processes(stack, 8)
    token = json_login(stack, *ALICE).json()["refresh_token"]
    answers = in_parallel(100, lambda i: Client(stack).post(
        "/login/refresh", json={"refresh_token": token}))
    assert {a.status_code for a in answers} == {200}
    assert len({a.json()["refresh_token"] for a in answers}) == 1
    assert stack.sql("select count(*) from doorward.refresh_tokens where used_at is null") == "1"
    follow = Client(stack).post("/login/refresh",
                                json={"refresh_token": answers[0].json()["refresh_token"]})
    assert follow.status_code == 200


def test_two_hundred_guesses_at_once_get_no_more_than_their_share(private_stack):
    stack = private_stack(password_slots=64)
    many_processes(stack, 8)
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


def test_a_storm_of_logins_leaves_the_protected_pages_alone(private_stack):
    """Hashes are bounded over all processes: who gets no slot in a second is told 503."""
    stack = private_stack(password_slots=1, password_memory="256M", password_time=4)
    stack.sql("update doorward.throttle set free = 1000000")
    token = json_login(stack, *ALICE).json()["token"]
    slow, stop = [], threading.Event()

    def read_protected():
        client = Client(stack)
        while not stop.is_set():
            start = time.monotonic()
            assert client.get("/protected", headers=bearer(token)).status_code == 200
            slow.append(time.monotonic() - start)

    reader = threading.Thread(target=read_protected)
    reader.start()
    answers = in_parallel(12, lambda i: json_login(stack, "root", "wrong"))
    stop.set()
    reader.join()
    statuses = [a.status_code for a in answers]
    assert set(statuses) == {401, 503}
    for answer in answers:
        assert answer.status_code == 401 or int(answer.headers["Retry-After"]) > 0
    slow.sort()
    assert len(slow) > 20 and slow[len(slow) // 2] < 0.25
