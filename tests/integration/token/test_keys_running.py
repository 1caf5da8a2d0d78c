"""Keys under running programs: encrypted tokens, rotation, files that are not good."""

import glob
import json
import os
import time

import jwt
import pytest
from client import Client, bearer, json_login, token
from jose_command import load
from running_keys import age, published, within
from servers import USERS

ALICE = ("alice", USERS["alice"][0])
NOTICED = 5  # seconds, as promised


def kid_of(access_token):
    """The key that a token names."""
    return jwt.get_unverified_header(access_token)["kid"]


def is_let_in(stack, access_token):
    """Whether /protected takes it."""
    status = Client(stack).get("/protected", headers=bearer(access_token)).status_code
    assert status in (200, 401)
    return status == 200


# ---- token_encryption ----

@pytest.fixture(scope="module")
def encrypting(start):
    """A stack whose tokens nobody can read."""
    return start("apache", "fastcgi", oauth="off", token_encryption="on",
                 encryption_keys="encryption.json", decryption_keys="keys/decryption")


@pytest.fixture(scope="module")
def start():
    """A factory of stacks that live as long as this module."""
    from servers import end_stack, start_stack  # pylint: disable=import-outside-toplevel
    started = []

    def make(*argv, **settings):
        started.append(start_stack(*argv, **settings))
        return started[-1]

    yield make
    for stack in started:
        end_stack(stack)


def test_an_encrypted_token_opens_and_says_nothing(encrypting):
    sealed = token(encrypting, *ALICE)
    header = jwt.get_unverified_header(sealed.split(".")[0] + ".e30.")
    assert sealed.count(".") == 4 and len(sealed) < 4096
    assert (header["alg"], header["cty"]) == ("ECDH-ES", "JWT")
    answer = Client(encrypting).get("/protected", headers=bearer(sealed))
    assert answer.status_code == 200 and "alice" in answer.text
    assert json.loads(encrypting.doorward("token", "verify", stdin=sealed))["roles"] == ["member"]


@pytest.mark.parametrize("part", range(5))
def test_a_damaged_encrypted_token_does_not(encrypting, part):
    parts = token(encrypting, *ALICE).split(".")
    parts[part] = parts[part][:-6] + ("AAAAAA" if parts[part][-6:] != "AAAAAA" else "BBBBBB")
    assert not is_let_in(encrypting, ".".join(parts))


def test_what_is_only_encrypted_is_not_believed(encrypting):
    key = load(f"{encrypting.directory}/encryption.json")["keys"][0]
    claims = json.loads(encrypting.doorward("token", "verify", stdin=token(encrypting, *ALICE)))
    for inner, cty in ((json.dumps(claims), None), (json.dumps(claims), "JWT"),
                       (jwt.encode(claims, None, "none"), "JWT"),
                       (jwt.encode(claims, key["x"], "HS256", {"typ": "at+jwt"}), "JWT")):
        sealed = encrypting.doorward("jwe", "encrypt", "--keys",
                                     f"{encrypting.directory}/encryption.json",
                                     *(["--cty", cty] if cty else []), stdin=inner)
        assert not is_let_in(encrypting, sealed)


def test_a_token_is_not_wrapped_twice(encrypting):
    once = token(encrypting, *ALICE)
    twice = encrypting.doorward("jwe", "encrypt", "--keys",
                                f"{encrypting.directory}/encryption.json", "--cty", "JWT",
                                stdin=once)
    assert is_let_in(encrypting, once) and not is_let_in(encrypting, twice)


def test_logout_knows_an_encrypted_token(encrypting):
    sealed = token(encrypting, *ALICE)
    assert Client(encrypting).post("/login/logout", headers=bearer(sealed)).status_code == 204
    assert within(NOTICED, lambda: not is_let_in(encrypting, sealed))


def test_without_the_setting_encrypted_tokens_are_refused(encrypting, apache):
    sealed = token(encrypting, *ALICE)
    assert not is_let_in(apache, sealed)


# ---- rotation ----

def test_a_rotation_fails_no_request(private_stack):
    stack = private_stack("apache", "fastcgi", oauth="off")
    first = token(stack, *ALICE)
    new = stack.doorward("key", "rotate").strip()
    assert published(stack) == {kid_of(first), new}
    assert kid_of(token(stack, *ALICE)) == kid_of(first)
    age(stack, 600)
    assert within(NOTICED, lambda: kid_of(token(stack, *ALICE)) == new)
    assert is_let_in(stack, first)
    age(stack, 3700)
    assert within(NOTICED, lambda: not is_let_in(stack, first))
    assert is_let_in(stack, token(stack, *ALICE))
    assert published(stack) == {new}


def test_login_still_knows_the_token_of_a_key_that_has_lost_its_private_half(private_stack):
    stack = private_stack("apache", "fastcgi", oauth="off")
    first = token(stack, *ALICE)
    new = stack.doorward("key", "rotate").strip()
    age(stack, 700)
    stack.doorward("key", "rotate", "--every", "90d")
    old = load(f"{stack.directory}/keys/signing/{kid_of(first)}.jwk")
    assert "d" not in old and old["exp"] > time.time()
    assert within(NOTICED, lambda: kid_of(token(stack, *ALICE)) == new)
    assert is_let_in(stack, first)
    assert Client(stack).post("/login/logout", headers=bearer(first)).status_code == 204
    assert within(NOTICED, lambda: not is_let_in(stack, first))


def test_logins_stay_with_their_algorithm_and_none_is_guessed(private_stack):
    stack = private_stack("apache", "fastcgi", oauth="off")
    first = kid_of(token(stack, *ALICE))
    other = stack.doorward("key", "new", "--alg", "EdDSA").strip()
    assert "; beside logins EdDSA, 0 days old, 2 in all" in stack.doorward("status")
    assert "2 keys, the newest 0 days old" in stack.doorward("status")
    time.sleep(1.5)
    assert {kid_of(token(stack, *ALICE)) for _ in range(5)} == {first}
    assert other in published(stack)
    for path in glob.glob(f"{stack.directory}/keys/signing/*.jwk"):
        if first in path:
            replace(path, json.dumps({**load(path), "exp": 1}).encode(), 0o640)
        else:
            third = {**load(path), "kid": "third", "alg": "Ed25519"}
            replace(path, json.dumps({"keys": [load(path), third]}).encode(), 0o640)
    assert within(NOTICED, lambda: json_login(stack, *ALICE).status_code == 503)
    assert Client(stack).get("/login/health").status_code == 503


def test_a_retired_key_is_refused_at_once(private_stack):
    stack = private_stack("apache", "cgi", oauth="off")
    stolen = token(stack, *ALICE)
    new = stack.doorward("key", "rotate", "--now").strip()
    stack.doorward("key", "retire", "--now", kid_of(stolen))
    assert within(NOTICED, lambda: not is_let_in(stack, stolen))
    time.sleep(1)
    again = token(stack, *ALICE)
    assert kid_of(again) == new and is_let_in(stack, again)


# ---- files that are not good ----

@pytest.fixture(scope="module")
def steady(start):
    """A stack whose key files are put back after each test."""
    return start("apache", "fastcgi", oauth="off")


def logged_since(stack, start_at):
    """What the programs have written since."""
    with open(stack.web.log, "rb") as f:
        f.seek(start_at)
        return f.read().decode(errors="replace")


def key_file(stack, name):
    """Its public set, or its signing key."""
    return (f"{stack.directory}/jwks.json" if name == "jwks.json"
            else glob.glob(f"{stack.directory}/keys/signing/*.jwk")[0])


def replace(path, text, mode):
    """Another file in its place, of the same owner; None: the same text, another mode."""
    good = os.stat(path)
    if text is not None:
        with open(path + ".new", "wb") as f:
            f.write(text)
        os.chmod(path + ".new", mode)
        os.chown(path + ".new", good.st_uid, good.st_gid)
        os.rename(path + ".new", path)
    os.chmod(path, mode)


@pytest.fixture(name="put_back")
def _put_back(steady):
    """A function that takes a key file away for the time of the test."""
    moved = []

    def take(name):
        path = key_file(steady, name)
        moved.append((path, os.stat(path).st_mode & 0o777))
        os.link(path, path + ".good")
        return path
    yield take
    for path, mode in moved:
        if os.path.exists(path):
            os.remove(path)  # the same file, maybe, which a rename would leave there twice
        os.rename(path + ".good", path)
        os.chmod(path, mode)
    assert within(NOTICED, lambda: json_login(steady, *ALICE).status_code == 200)
    good = token(steady, *ALICE)
    assert within(NOTICED, lambda: Client(steady).get(
        "/protected", headers=bearer(good)).status_code == 200)


@pytest.mark.parametrize("name,text,mode", [
    ("jwks.json", b"{", 0o644), ("jwks.json", b"", 0o644),
    ("signing", b'{"kty":"EC","crv":"P-256"}', 0o640), ("signing", b"{", 0o640)])
def test_the_last_good_keys_stay_where_the_file_cannot_be_parsed(steady, put_back, name, text, mode):
    before = token(steady, *ALICE)
    assert is_let_in(steady, before)
    size = os.stat(steady.web.log).st_size
    replace(put_back(name), text, mode)

    def is_logged():
        answer = json_login(steady, *ALICE)
        assert answer.status_code == 200 and is_let_in(steady, answer.json()["token"])
        assert is_let_in(steady, before)
        return "file_refused_old_one_stays what=keys seconds_left=" in logged_since(steady, size)
    assert within(NOTICED, is_logged)


@pytest.mark.parametrize("name,text,mode", [
    ("jwks.json", b'{"keys":[]}', 0o644), ("jwks.json", None, 0o646),
    ("signing", None, 0o644), ("signing", b"{", 0o644)])
def test_keys_that_are_gone_or_open_to_others_refuse_at_once(steady, put_back, name, text, mode):
    before = token(steady, *ALICE)
    assert is_let_in(steady, before)
    replace(put_back(name), text, mode)
    assert_all_refuse(steady, name, before)


@pytest.mark.parametrize("name", ["jwks.json", "signing"])
def test_a_key_file_that_was_removed_refuses_at_once(steady, put_back, name):
    before = token(steady, *ALICE)
    os.remove(put_back(name))
    assert_all_refuse(steady, name, before)


def assert_all_refuse(stack, name, before):
    """Each process says 503 within the second in which it looks; so does a token that it
    has accepted before."""
    def ask():
        if name == "signing":
            return json_login(stack, *ALICE).status_code
        return Client(stack).get("/protected", headers=bearer(before)).status_code
    assert within(NOTICED, lambda: ask() == 503)
    time.sleep(1.1)
    assert {ask() for _ in range(10)} == {503}
