"""Logout is real: a token of an ended session opens nothing, at once, on every front end."""

import os
import subprocess
import time

import pytest

from client import Client, bearer, form_login, json_login, token

PASSWORD = "correct horse battery staple"


def opens(stack, access_token):
    """The statuses with which the protected program and the gate answer this token."""
    client = Client(stack)
    return [client.get(path, headers=bearer(access_token)).status_code
            for path in ("/protected", "/members/")]


def logout(stack, **request):
    """POST /login/logout as an API client."""
    return Client(stack).post("/login/logout", **request).status_code


def test_a_token_dies_at_the_logout_that_names_it(front):
    one, other = token(front, "alice", PASSWORD), token(front, "alice", PASSWORD)
    assert opens(front, one) == [200, 200]
    assert logout(front, headers=bearer(one)) == 204
    assert opens(front, one) == [401, 401]
    assert opens(front, other) == [200, 200]


def test_a_token_dies_at_the_logout_by_refresh_token(front):
    answer = json_login(front, "alice", PASSWORD).json()
    assert opens(front, answer["token"]) == [200, 200]
    assert logout(front, json={"refresh_token": answer["refresh_token"]}) == 204
    assert opens(front, answer["token"]) == [401, 401]


def test_a_browsers_token_dies_at_its_logout(front):
    client, answer = form_login(front, "alice", PASSWORD)
    assert answer.status_code == 303
    kept = client.cookies.get("__Host-doorward")
    assert opens(front, kept) == [200, 200]
    assert client.post("/login/logout").status_code == 303
    assert opens(front, kept) == [401, 401]


def test_every_token_of_a_session_dies_when_a_refresh_token_is_used_twice(apache):
    first = json_login(apache, "alice", PASSWORD).json()
    client = Client(apache)
    second = client.post("/login/refresh", json={"refresh_token": first["refresh_token"]}).json()
    third = client.post("/login/refresh", json={"refresh_token": second["refresh_token"]}).json()
    assert opens(apache, third["token"]) == [200, 200]
    apache.sql("UPDATE doorward.refresh_tokens SET used_at = used_at - interval '11 seconds' "
               "WHERE used_at IS NOT NULL")
    again = client.post("/login/refresh", json={"refresh_token": first["refresh_token"]})
    assert again.status_code == 401
    for answer in (first, second, third):
        assert opens(apache, answer["token"]) == [401, 401]


@pytest.fixture
def mallory(apache):
    """A user of its own, and what the operator does to it."""
    name = f"mallory{time.monotonic_ns()}"
    apache.add_user(name, PASSWORD, "member")
    return name


@pytest.mark.parametrize("action", [
    ["disable"], ["role", "--remove", "member"], ["role", "--add", "editor"], ["passwd"]])
def test_a_token_dies_when_the_operator_changes_the_user(apache, mallory, action):
    held = token(apache, mallory, PASSWORD)
    assert opens(apache, held) == [200, 200]
    command, *options = action
    if command == "passwd":
        apache.doorward("user", "passwd", mallory, "--password-stdin",
                        stdin="another horse, another battery")
    else:
        apache.doorward("user", command, mallory, *options)
    assert opens(apache, held) == [401, 401]


def test_refuses_everyone_while_the_file_is_missing_or_broken(private_stack):
    stack = private_stack("apache", "fastcgi")
    path = f"{stack.directory}/run/revocations"
    held = token(stack, "alice", PASSWORD)
    with open(path, encoding="ascii") as f:
        good = f.read()
    for broken in (None, "", good[:-1], "x" * 50):
        if broken is None:
            os.unlink(path)
        else:
            with open(path, "w", encoding="ascii") as f:
                f.write(broken)
        assert 200 not in opens(stack, held)
    with open(path, "w", encoding="ascii") as f:
        f.write(good)
    assert opens(stack, held) == [200, 200]


def test_without_revocation_a_token_lives_on(private_stack):
    stack = private_stack("apache", "fastcgi", revocation="off")
    held = token(stack, "alice", PASSWORD)
    assert logout(stack, headers=bearer(held)) == 204
    assert opens(stack, held) == [200, 200]


def test_logout_is_not_claimed_when_the_verifiers_cannot_be_told(private_stack):
    stack = private_stack("apache", "fastcgi")
    held = token(stack, "alice", PASSWORD)
    os.chmod(f"{stack.directory}/run", 0o555)
    os.chown(f"{stack.directory}/run", os.geteuid(), os.getegid())
    assert logout(stack, headers=bearer(held)) == 503


# ---- several hosts ----


@pytest.fixture
def other_host(private_stack, tmp_path_factory):
    """A stack, and `doorward revocations follow` keeping the file of a second host."""
    stack = private_stack("apache", "fastcgi")
    place = tmp_path_factory.mktemp("host2")
    conf = place / "doorward.conf"
    with open(stack.conf, encoding="utf-8") as f:
        text = f.read().replace("run/revocations", str(place / "revocations"))
    conf.write_text(text, encoding="utf-8")
    follower = subprocess.Popen(
        [f"{stack.directory}/libexec/doorward", "revocations", "follow", "--every", "1"],
        env=dict(os.environ, DOORWARD_CONFIG=str(conf)), stderr=subprocess.DEVNULL)
    yield stack, place / "revocations"
    follower.terminate()
    assert follower.wait(10) != 0


def holds(path, sid, seconds):
    """Whether the file names `sid` within so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if path.exists() and sid in path.read_text(encoding="ascii"):
            return True
        time.sleep(0.02)
    return False


def a_session(stack):
    """A session's sid and a token of it."""
    held = token(stack, "alice", PASSWORD)
    claims = Client(stack).get("/protected", headers=bearer(held)).json()["claims"]
    return claims["sid"], held


def test_another_host_learns_of_a_logout_within_a_second(other_host):
    stack, path = other_host
    sid, held = a_session(stack)
    assert not holds(path, sid, 0.1)
    assert logout(stack, headers=bearer(held)) == 204
    assert holds(path, sid, 1)


def test_a_follower_survives_a_database_restart_and_catches_up(other_host):
    stack, path = other_host
    sid, held = a_session(stack)
    assert logout(stack, headers=bearer(held)) == 204
    assert holds(path, sid, 1)
    missed, held = a_session(stack)
    stack.stop_database()
    time.sleep(1.5)
    stack.start_database()
    stack.sql(f"SELECT doorward.session_end('{missed}', NULL)")
    assert holds(path, missed, 8)


@pytest.mark.takes("the file has to become too old")
def test_a_file_that_nobody_renews_refuses(private_stack):
    stack = private_stack("apache", "fastcgi", revocation_max_age="3s")
    held = token(stack, "alice", PASSWORD)
    stack.doorward("revocations", "publish")
    assert opens(stack, held) == [200, 200]
    time.sleep(4.5)
    assert 200 not in opens(stack, held)
    stack.doorward("revocations", "publish")
    assert opens(stack, held) == [200, 200]
