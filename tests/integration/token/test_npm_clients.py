"""npm's clients take what we issue, and we take what they make: jose, oauth4webapi (RFC 9068) and
openid-client, in the versions of tests/npm."""

import json
import subprocess

import pytest
import tokens
from client import token
from jose_command import good, make_key, public
from servers import USERS

pytestmark = pytest.mark.slow("installs packages from npm's registry")

ALICE = ("alice", USERS["alice"][0])
VERIFIERS = ["jose", "oauth4webapi"]
SIGNING = ["ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA",
           "HS256", "HS384", "HS512"]
WRAPPING = ["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW", "RSA-OAEP-256", "A128KW", "A256KW",
            "A128GCMKW", "A256GCMKW"]


@pytest.fixture(name="ask")
def _ask(npm):
    """ask(task, **given): what the client answers."""
    def ask(task, **given):
        done = subprocess.run(["node", "clients.mjs"], cwd=npm, text=True, capture_output=True,
                              check=True, timeout=60, input=json.dumps({"task": task, **given}))
        return json.loads(done.stdout)
    return ask


@pytest.mark.parametrize("task", VERIFIERS)
def test_they_verify_our_token_by_the_published_keys(ask, front, task):
    url = front.public_url
    answer = ask(task, url=url, audience=url, token=token(front, *ALICE))
    assert answer["good"]["preferred_username"] == "alice"
    assert answer["good"]["roles"] == ["member"]


@pytest.mark.parametrize("task", VERIFIERS)
def test_they_refuse_what_is_not_ours(ask, apache, task):
    url = apache.public_url
    mine = token(apache, *ALICE)
    for given in ({"token": mine, "audience": "https://elsewhere.example"},
                  {"token": mine[:-8] + "AAAAAAAA", "audience": url},
                  {"token": tokens.make(apache, exp=1), "audience": url},
                  {"token": tokens.make(apache, header={"typ": "JWT"}), "audience": url}):
        assert "refused" in ask(task, url=url, **given), given


def test_openid_client_calls_a_protected_program(ask, front):
    url = front.public_url
    answer = ask("openid-client", url=url, token=token(front, *ALICE))
    assert answer["good"]["name"] == "alice"
    assert "refused" in ask("openid-client", url=url, token="a.b.c")


@pytest.mark.parametrize("alg", SIGNING)
def test_signatures_are_understood_both_ways(ask, tmp_path, alg):
    path = tmp_path / "key.jwk"
    key = make_key(path, alg)
    signed = good("jws", "sign", "--keys", path, stdin=b'{"a":1}').decode()
    assert ask("jws verify", key=public(key), token=signed) == {"good": {"a": 1}}
    theirs = ask("jws sign", key=key, text="their text")["good"]
    assert good("jws", "verify", "--keys", path, stdin=theirs.encode()) == b"their text"


@pytest.mark.parametrize("alg", WRAPPING)
def test_encryption_is_understood_both_ways(ask, tmp_path, alg):
    path = tmp_path / "key.jwk"
    key = make_key(path, alg, "--use", "enc")
    sealed = good("jwe", "encrypt", "--keys", path, stdin=b"our text").decode()
    assert ask("jwe decrypt", key=key, token=sealed) == {"good": "our text"}
    for enc in "A128GCM", "A256GCM", "A128CBC-HS256", "A256CBC-HS512":
        theirs = ask("jwe encrypt", key=public(key) | ({"k": key["k"]} if "k" in key else {}),
                     text="their text", enc=enc)["good"]
        assert good("jwe", "decrypt", "--keys", path, stdin=theirs.encode()) == b"their text"
