"""The session secret is replaced, or is no good any more, under running programs."""

import os
import re
import time

import pytest
from client import Client, form_login, hidden_fields, json_login
from servers import USERS

PASSWORD = USERS["alice"][0]
NOTICED = 1.3  # each process looks once a second


@pytest.fixture(name="stack", scope="module")
def _stack():
    from servers import end_stack, start_stack  # pylint: disable=import-outside-toplevel
    stack = start_stack("lighttpd", "fastcgi")
    yield stack
    end_stack(stack)


@pytest.fixture(name="secret")
def _secret(stack):
    """Its path; put back afterwards."""
    with open(f"{stack.directory}/doorward.conf", encoding="utf-8") as f:
        path = os.path.join(stack.directory,
                            re.search(r"^session_secret = (.*)$", f.read(), re.M)[1])
    with open(path, "rb") as f:
        good = f.read()
    st = os.stat(path)
    yield path
    replace(path, good, st.st_mode & 0o777, st)
    time.sleep(NOTICED)
    assert json_login(stack, "alice", PASSWORD).status_code == 200


def replace(path, data, mode=None, like=None):
    """Another secret in its place, of the same owner."""
    like = like or os.stat(path)
    with open(path + ".new", "wb") as f:
        f.write(data)
    os.chown(path + ".new", like.st_uid, like.st_gid)
    os.chmod(path + ".new", mode if mode is not None else like.st_mode & 0o777)
    os.rename(path + ".new", path)


def log(stack):
    """What the programs have said."""
    with open(stack.web.log, encoding="utf-8", errors="replace") as f:
        return f.read()


def test_a_form_of_before_is_refused_by_the_programs_that_run(stack, secret):
    forms = []
    for _ in range(4):  # whichever process it is
        client = Client(stack, browser=True)
        fields = hidden_fields(client.get("/login").text)
        forms.append((client, {**fields, "username": "alice", "password": PASSWORD}))
    client, fields = forms.pop()
    assert client.post("/login", data=fields).status_code == 303
    replace(secret, os.urandom(48))
    time.sleep(NOTICED)
    assert {client.post("/login", data=fields).status_code for client, fields in forms} == {403}
    assert form_login(stack, "alice", PASSWORD)[1].status_code == 303
    assert "event=session_secret_changed" in log(stack)


def test_a_repeated_renewal_is_no_theft_when_the_secret_was_replaced(stack, secret):
    first = json_login(stack, "alice", PASSWORD).json()["refresh_token"]
    renew = {"refresh_token": first}
    assert Client(stack).post("/login/refresh", json=renew).status_code == 200
    size = len(log(stack))
    replace(secret, os.urandom(48))
    time.sleep(NOTICED)
    assert Client(stack).post("/login/refresh", json=renew).status_code == 401
    said = log(stack)[size:]
    assert "reason=lost" in said and "reason=reuse" not in said


@pytest.mark.parametrize("how", ["gone", "short", "open"])
def test_a_secret_that_is_no_good_refuses_at_once(stack, secret, how):
    if how == "gone":
        os.rename(secret, secret + ".away")
    elif how == "short":
        replace(secret, os.urandom(31))
    else:
        os.chmod(secret, 0o644)
    time.sleep(NOTICED)
    assert {json_login(stack, "alice", PASSWORD).status_code for _ in range(6)} == {503}
    assert "event=file_refused what=session_secret" in log(stack)
    if how == "gone":
        os.rename(secret + ".away", secret)
