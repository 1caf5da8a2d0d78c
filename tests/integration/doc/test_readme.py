"""What the README shows works."""

import base64
import json
import os
import re
import subprocess
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from library import Library

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))


def block(language, containing):
    """The fenced block of the README in `language` that contains a text."""
    with open(f"{TREE}/README.md", encoding="utf-8") as f:
        found = re.findall(rf"^```{language}\n(.*?)^```$", f.read(), re.M | re.S)
    return next(b for b in found if containing in b)


def public_jwk(key):
    """The set that publishes `key`."""
    point = key.public_key().public_numbers()
    x, y = (base64.urlsafe_b64encode(n.to_bytes(32, "big")).rstrip(b"=").decode()
            for n in (point.x, point.y))
    return {"keys": [{"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "k",
                      "x": x, "y": y}]}


@pytest.fixture(scope="module")
def hello(tmp_path_factory):
    """The program of one's own, built by the line below it, as a function of a token."""
    place = tmp_path_factory.mktemp("hello")
    (place / "hello.c").write_text(block("c", "power_verify"), encoding="utf-8")
    Library(place / "installed").run("sh", "-ec", block("sh", "-o hello.fcgi"), cwd=place)
    key = ec.generate_private_key(ec.SECP256R1())
    (place / "jwks.json").write_text(json.dumps(public_jwk(key)), encoding="utf-8")
    (place / "doorward.conf").write_text("public_url = https://example.org\n"
                                         "verifying_keys = jwks.json\n"
                                         "revocation = off\n", encoding="utf-8")

    def run(token=None):
        variables = {"DOORWARD_CONFIG": str(place / "doorward.conf"), "REQUEST_METHOD": "GET",
                     "REQUEST_URI": "/hello", "SCRIPT_NAME": "/hello", "QUERY_STRING": "",
                     "SERVER_PROTOCOL": "HTTP/1.1", "GATEWAY_INTERFACE": "CGI/1.1",
                     "REMOTE_ADDR": "127.0.0.1"}
        if token:
            variables["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        out = subprocess.run([place / "hello.fcgi"], env=variables, capture_output=True,
                             stdin=subprocess.DEVNULL, text=True, check=True).stdout
        head, _, body = out.partition("\n\n")
        return int(re.search(r"^Status: (\d+)", head, re.M).group(1)), body
    return run, key


def token(key, **changes):
    now = int(time.time())
    claims = {"iss": "https://example.org", "aud": "https://example.org", "sub": "7f", "iat": now,
              "exp": now + 60, "jti": "1", "client_id": "doorward",
              "sid": "5f0e8f4e-1c63-4c0a-9d2b-0a4a8e1b7c11", "preferred_username": "ann",
              "roles": [], **changes}
    return jwt.encode(claims, key, "ES256", {"kid": "k", "typ": "at+jwt"})


def test_the_program_of_ones_own_greets_who_is_signed_in(hello):
    run, key = hello
    assert run(token(key)) == (200, "Hello, ann\n")


def test_the_program_of_ones_own_refuses_the_rest(hello):
    run, key = hello
    assert run()[0] == 401
    assert run(token(key, exp=int(time.time()) - 31))[0] == 401
    assert run(token(ec.generate_private_key(ec.SECP256R1())))[0] == 401


def test_the_program_of_ones_own_is_the_installed_example():
    with open(f"{TREE}/examples/hello.c", encoding="utf-8") as f:
        assert f.read().endswith(block("c", "power_verify"))


def test_the_program_of_ones_own_has_about_30_lines():
    assert len(block("c", "power_verify").splitlines()) <= 35
