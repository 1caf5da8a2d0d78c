"""The snippets of doc/how-to/verify.md accept what they must and refuse the rest."""

import base64
import hashlib
import hmac
import json
import os
import re
import subprocess
import time

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from servers import USERS

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
ISSUER, AUDIENCE = "https://example.org", "https://api.example.org"

DRIVERS = {
    "php": (["php-cgi", "-q", "-f"], "<?php\n", """
$in = json_decode(stream_get_contents(STDIN), true);
try {
    echo doorward_verify($in['token'], $in['jwks'], $in['issuer'], $in['audience'])['sub'];
} catch (Throwable $e) {
    fwrite(fopen('php://stderr', 'w'), $e->getMessage());
    exit(1);
}
"""),
    "python": (["/usr/bin/python3"], "", """
import json, sys
i = json.load(sys.stdin)
try:
    print(doorward_verify(i["token"], i["jwks"], i["issuer"], i["audience"])["sub"], end="")
except jwt.PyJWTError as e:
    sys.exit(str(e))
"""),
    "js": (["node"], "", """
const i = JSON.parse(require('fs').readFileSync(0));
try {
  process.stdout.write(doorwardVerify(i.token, i.jwks, i.issuer, i.audience).sub);
} catch (e) {
  console.error(e.message);
  process.exitCode = 1;
}
"""),
}
SUFFIX = {"php": ".php", "python": ".py", "js": ".cjs"}


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.fixture(scope="module")
def keys():
    """A private key and the set that publishes it beside another."""
    private = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    jwks = {"keys": []}
    for i, key in enumerate(private):
        point = key.public_key().public_numbers()
        jwks["keys"].append({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256",
                             "kid": f"key-{i}", "x": encode(point.x.to_bytes(32, "big")),
                             "y": encode(point.y.to_bytes(32, "big"))})
    return private, jwks


@pytest.fixture(scope="module", params=sorted(DRIVERS))
def snippet(request, tmp_path_factory, keys):
    """A function that gives the exit status and the output of a snippet for a token."""
    language = request.param
    with open(f"{TREE}/doc/how-to/verify.md", encoding="utf-8") as f:
        code = re.search(rf"^```{language}\n(.*?)^```$", f.read(), re.M | re.S).group(1)
    argv, head, tail = DRIVERS[language]
    path = tmp_path_factory.mktemp(language) / f"verify{SUFFIX[language]}"
    if language == "php":
        tail = tail.replace("stream_get_contents(STDIN)", "file_get_contents('php://stdin')")
    path.write_text(head + code + tail, encoding="utf-8")

    def run(token, jwks=keys[1], issuer=ISSUER, audience=AUDIENCE):
        done = subprocess.run([*argv, str(path)], text=True, capture_output=True, check=False,
                              input=json.dumps({"token": token, "jwks": jwks,
                                                "issuer": issuer, "audience": audience}))
        return done.returncode, done.stdout, done.stderr
    return run


def claims(**changes):
    now = int(time.time())
    all_claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "7f0c", "iat": now, "nbf": now,
                  "exp": now + 600, **changes}
    return {name: value for name, value in all_claims.items() if value is not None}


def sign(keys, key=0, kid="key-0", typ="at+jwt", **changes):
    return jwt.encode(claims(**changes), keys[0][key], "ES256", {"kid": kid, "typ": typ})


def test_accepts_good_tokens(snippet, keys):
    for token in [sign(keys), sign(keys, key=1, kid="key-1"), sign(keys, aud=[AUDIENCE, "b"])]:
        status, out, err = snippet(token)
        assert (status, out) == (0, "7f0c"), err


def test_accepts_what_a_running_doorward_issues(snippet, apache):
    site = apache.public_url
    answer = requests.post(f"{site}/login", timeout=10, json={
        "username": "alice", "password": USERS["alice"][0]}).json()
    jwks = requests.get(f"{site}/.well-known/jwks.json", timeout=10).json()
    sub = jwt.decode(answer["token"], options={"verify_signature": False})["sub"]
    assert snippet(answer["token"], jwks, site, site)[:2] == (0, sub)
    assert snippet(answer["token"], jwks, site, "https://elsewhere.example")[0] != 0


def test_other_algorithms_of_python_and_node(snippet, request):
    """PHP's is for ES256 alone, as its page says, and refuses the rest."""
    rsa_key = rsa.generate_private_key(65537, 2048)
    numbers = rsa_key.public_key().public_numbers()
    ed_key = ed25519.Ed25519PrivateKey.generate()
    raw = ed_key.public_key().public_bytes(serialization.Encoding.Raw,
                                           serialization.PublicFormat.Raw)
    jwks = {"keys": [
        {"kty": "RSA", "alg": "RS256", "kid": "r", "e": "AQAB",
         "n": encode(numbers.n.to_bytes(256, "big"))},
        {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": "e", "x": encode(raw)}]}
    for key, alg, kid in (rsa_key, "RS256", "r"), (ed_key, "EdDSA", "e"):
        token = jwt.encode(claims(), key, alg, {"kid": kid, "typ": "at+jwt"})
        expected = 1 if "php" in request.node.name else 0
        assert snippet(token, jwks)[0] == expected, alg
        assert snippet(token[:-8] + "AAAAAAAA", jwks)[0] == 1, alg


def unsigned():
    header = encode(json.dumps({"alg": "none", "kid": "key-0", "typ": "at+jwt"}).encode())
    return f"{header}.{encode(json.dumps(claims()).encode())}."


def public_key_as_secret(keys):
    """HS256 with the published key as the secret, the oldest trick."""
    body = encode(json.dumps({"alg": "HS256", "kid": "key-0", "typ": "at+jwt"}).encode()) + \
        "." + encode(json.dumps(claims()).encode())
    secret = json.dumps(keys[1]["keys"][0]).encode()
    return body + "." + encode(hmac.new(secret, body.encode(), hashlib.sha256).digest())


@pytest.mark.takes("starts an interpreter for each of forty tokens")
def test_refuses_the_rest(snippet, keys):
    now = int(time.time())
    good = sign(keys)
    flipped = good[:-10] + ("A" if good[-10] != "A" else "B") + good[-9:]
    header, _, signature = good.split(".")
    other = sign(keys, sub="someone else").split(".")[1]
    bad = {
        "expired": sign(keys, exp=now - 1),
        "without exp": sign(keys, exp=None),
        "not yet": sign(keys, nbf=now + 300),
        "other issuer": sign(keys, iss="https://evil.example"),
        "without issuer": sign(keys, iss=None),
        "other audience": sign(keys, aud="https://evil.example"),
        "without audience": sign(keys, aud=None),
        "other type": sign(keys, typ="JWT"),
        "unknown key": sign(keys, kid="key-9"),
        "other key": sign(keys, key=1),
        "unsigned": unsigned(),
        "public key as secret": public_key_as_secret(keys),
        "flipped bit": flipped,
        "other payload": f"{header}.{other}.{signature}",
        "without signature": f"{header}.{other}.",
        "two parts": f"{header}.{other}",
        "padding": good + "=",
        "nothing": "",
        "zero signature": f"{header}.{other}.{encode(bytes(64))}",
    }
    accepted = {name: snippet(token)[1] for name, token in bad.items()
                if snippet(token)[0] == 0}
    assert accepted == {}
