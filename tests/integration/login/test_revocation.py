"""Logout is real: a token of an ended session opens nothing, at once, on every front end."""

import os
import subprocess
import time
import uuid

import pytest

import revoked
import tokens
from client import Client, bearer, claims, form_login, hidden_fields, json_login, token
from revoked import no_file_can_be_written
from servers import end_stack, start_stack

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


def test_every_token_of_a_session_dies_when_a_copy_of_a_refresh_token_is_used(apache):
    first = json_login(apache, "alice", PASSWORD).json()
    client = Client(apache)
    second = client.post("/login/refresh", json={"refresh_token": first["refresh_token"]}).json()
    third = client.post("/login/refresh", json={"refresh_token": second["refresh_token"]}).json()
    assert opens(apache, third["token"]) == [200, 200]
    again = client.post("/login/refresh", json={"refresh_token": first["refresh_token"]})
    assert again.status_code == 401
    for answer in (first, second, third):
        assert opens(apache, answer["token"]) == [401, 401]


def sid_of(access_token):
    return claims(access_token)["sid"]


def written(stack):
    """What tells whether a file was replaced."""
    path = f"{stack.directory}/run/revocations"
    return [(found.st_ino, found.st_mtime_ns)
            for found in map(os.stat, (path, revoked.later_of(path)))]


def renew(stack, refresh_token):
    return Client(stack).post("/login/refresh", json={"refresh_token": refresh_token})


@pytest.mark.parametrize("by", ["access", "refresh"])
def test_a_logout_with_the_token_of_before_a_role_change_ends_the_session(apache, mallory, by):
    first = json_login(apache, mallory, PASSWORD).json()
    apache.doorward("user", "role", mallory, "--add", "editor")
    second = renew(apache, first["refresh_token"]).json()
    assert sid_of(second["token"]) != sid_of(first["token"])
    request = {"headers": bearer(first["token"])} if by == "access" else \
        {"json": {"refresh_token": first["refresh_token"]}}
    assert logout(apache, **request) == 204
    for answer in (first, second):
        assert opens(apache, answer["token"]) == [401, 401]
        assert renew(apache, answer["refresh_token"]).status_code == 401


def test_a_logout_ends_a_token_of_which_the_database_has_lost_the_session(apache, mallory):
    held = json_login(apache, mallory, PASSWORD).json()
    apache.sql(f"DELETE FROM doorward.sessions WHERE sid = '{sid_of(held['token'])}'")
    assert opens(apache, held["token"]) == [200, 200]
    # by the refresh token alone there is nothing left to end, and nobody says that there was
    assert logout(apache, json={"refresh_token": held["refresh_token"]}) == 401
    assert logout(apache, headers=bearer(held["token"])) == 204
    assert opens(apache, held["token"]) == [401, 401]


def test_the_operator_ends_a_token_of_which_the_database_has_lost_the_session(apache, mallory):
    held = token(apache, mallory, PASSWORD)
    apache.sql(f"DELETE FROM doorward.sessions WHERE sid = '{sid_of(held)}'")
    apache.doorward("revocations", "add", sid_of(held))
    assert opens(apache, held) == [401, 401]


@pytest.mark.parametrize("by", ["access", "refresh", "used refresh"])
def test_a_loop_with_ones_own_dead_token_has_nothing_written(apache, mallory, by):
    held = json_login(apache, mallory, PASSWORD).json()
    used = held["refresh_token"]
    if by != "access":
        held = renew(apache, used).json()
    request = {"access": {"headers": bearer(held["token"])},
               "refresh": {"json": {"refresh_token": held["refresh_token"]}},
               "used refresh": {"json": {"refresh_token": used}}}[by]
    assert logout(apache, **request) == 204
    assert sid_of(held["token"]) in file_of(apache)
    before = written(apache)
    assert [logout(apache, **request) for _ in range(5)] == [204] * 5
    assert renew(apache, held["refresh_token"]).status_code == 401
    assert written(apache) == before


def file_of(stack):
    """The revocation files."""
    return revoked.read(f"{stack.directory}/run/revocations")


@pytest.fixture(scope="module", name="breakable")
def _breakable():
    stack = start_stack("apache", "fastcgi")
    yield stack
    end_stack(stack)


@pytest.mark.parametrize("by", ["access", "refresh", "used refresh", "cookies"])
def test_a_second_logout_makes_good_what_the_first_could_not(breakable, by):
    held = json_login(breakable, "alice", PASSWORD).json()
    client, _ = form_login(breakable, "alice", PASSWORD)
    used = held["refresh_token"]
    if by == "used refresh":
        held = renew(breakable, used).json()
    kept = client.cookies["__Host-doorward"] if by == "cookies" else held["token"]
    jar = "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies)
    request = {"access": {"headers": bearer(kept)},
               "refresh": {"json": {"refresh_token": held["refresh_token"]}},
               "used refresh": {"json": {"refresh_token": used}},
               "cookies": {"headers": {"Cookie": jar, "Sec-Fetch-Site": "same-origin"}}}[by]
    with no_file_can_be_written(breakable):
        assert logout(breakable, **request) == 503
    assert opens(breakable, kept) == [200, 200]
    assert logout(breakable, **request) == 204
    assert opens(breakable, kept) == [401, 401]


@pytest.mark.parametrize("how", ["reuse", "lost"])
def test_a_detected_copy_is_made_good_by_the_second_try(breakable, how):
    first = json_login(breakable, "alice", PASSWORD).json()
    second = renew(breakable, first["refresh_token"]).json()
    if how == "reuse":
        renew(breakable, second["refresh_token"])
    else:
        breakable.sql("UPDATE doorward.refresh_tokens SET used_at = used_at - interval '31 s' "
                      "WHERE used_at IS NOT NULL")
    with no_file_can_be_written(breakable):
        assert renew(breakable, first["refresh_token"]).status_code == 503
    assert opens(breakable, second["token"]) == [200, 200]
    assert renew(breakable, first["refresh_token"]).status_code == 401
    assert opens(breakable, second["token"]) == [401, 401]


@pytest.mark.parametrize("what", ["one", "others", "password"])
def test_what_the_account_page_cannot_tell_the_verifiers_it_does_not_do(breakable, what):
    """So that it can be asked for again, as it was."""
    name, fresh = f"a{what}{time.monotonic_ns()}", "a wholly different phrase"
    breakable.add_user(name, PASSWORD)
    other = token(breakable, name, PASSWORD)
    client, _ = form_login(breakable, name, PASSWORD)
    page = client.get("/account/password" if what == "password" else "/account").text
    session = breakable.sql("SELECT id FROM doorward.sessions "
                            f"WHERE sid = '{sid_of(other)}'").strip()
    fields = {"one": {"session": session}, "others": {"others": "1"},
              "password": {"current": PASSWORD, "next": fresh, "repeat": fresh}}[what]
    path = "/account/password" if what == "password" else "/account/end"
    form = dict(fields, form_token=hidden_fields(page)["form_token"])
    with no_file_can_be_written(breakable):
        assert client.post(path, data=form).status_code == 503
    assert breakable.sql("SELECT ended_at IS NULL FROM doorward.sessions "
                         f"WHERE id = '{session}'").strip() == "t"
    assert opens(breakable, other) == [200, 200]
    assert client.post(path, data=form).status_code == 303
    assert opens(breakable, other) == [401, 401]
    assert json_login(breakable, name, fresh).status_code == (200 if what == "password" else 401)


def test_a_browser_whose_token_is_a_copy_does_not_go_on_while_nobody_can_be_told(breakable):
    client, _ = form_login(breakable, "alice", PASSWORD)
    jar = {cookie.name: cookie.value for cookie in client.cookies}
    for _ in range(2):
        assert client.post("/login/refresh").status_code == 200
    thief = Client(breakable, browser=True)
    thief.cookies.update(jar)
    with no_file_can_be_written(breakable):
        assert thief.get("/login", params={"return_to": "/protected"}).status_code == 503
    assert opens(breakable, jar["__Host-doorward"]) == [200, 200]
    assert thief.get("/login", params={"return_to": "/protected"}).status_code == 200
    assert opens(breakable, jar["__Host-doorward"]) == [401, 401]


def test_a_logout_ends_nothing_by_a_token_without_a_session_of_ours(apache):
    for changes in {"sid": None}, {"client_id": "app"}, {"client_id": None}:
        assert logout(apache, headers=bearer(tokens.make(apache, **changes))) == 401
    foreign = tokens.make(apache, iss="https://other.example", sid=str(uuid.uuid4()))
    assert logout(apache, headers=bearer(foreign)) == 401


def test_a_token_of_the_operator_dies_at_its_logout_for_as_long_as_it_can_live(apache):
    sub = claims(token(apache, "alice", PASSWORD))["sub"]
    issued = apache.doorward("token", "issue", "--sub", sub, "--life", "365d")
    sid = sid_of(issued)
    assert opens(apache, issued) == [200, 200]
    assert logout(apache, headers=bearer(issued)) == 204
    assert opens(apache, issued) == [401, 401]
    until = next(int(line.split()[1]) for line in file_of(apache).splitlines()
                 if line.startswith(sid))
    assert until > claims(issued)["exp"] + 300


def test_a_revoked_token_stays_dead_past_the_leeway(private_stack):
    stack = private_stack(clock_leeway="5m", token_life="1m")
    held = token(stack, "alice", PASSWORD)
    assert logout(stack, headers=bearer(held)) == 204
    stack.sql("create or replace function doorward.now() returns timestamptz language sql "
              "volatile as $$select clock_timestamp() + interval '361 s'$$")
    stack.doorward("revocations", "publish")
    assert sid_of(held) in file_of(stack)


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
    stack.sql(f"SELECT doorward.session_end('{missed}', false, NULL)")
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
