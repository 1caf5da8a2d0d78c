"""Too little memory is 503: never a wrong token, never a wrong password, nobody's guess."""

import json
import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import jwt
import pytest
import revoked
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm

from programs import BUILD, SITE, FastCGI, Site
from servers import TREE, USERS
from stack import process

OCTETS = b"0123456789abcdef0123456789abcdef"
OCTETS_JWK = {"kty": "oct", "k": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"}


@pytest.fixture(scope="module", name="saboteur")
def _saboteur(tmp_path_factory):
    library = str(tmp_path_factory.mktemp("saboteur") / "saboteur.so")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library,
                    f"{TREE}/tests/support/saboteur.c", "-ldl"],
                   check=True)
    return library


def key_pair(alg, site):
    """A key that signs by `alg`, and the JWK that verifies."""
    if alg == "ES256":
        return site.signer.key, site.signer.public()
    if alg in ("RS256", "PS256"):
        key = rsa.generate_private_key(65537, 2048)
        return key, json.loads(RSAAlgorithm.to_jwk(key.public_key()))
    if alg == "EdDSA":
        key = ed25519.Ed25519PrivateKey.generate()
        return key, json.loads(OKPAlgorithm.to_jwk(key.public_key()))
    return OCTETS, dict(OCTETS_JWK)


@pytest.fixture(name="site")
def _site():
    site = Site(revocation="on", revocation_file="revoked", decryption_keys="secret.json")
    revoked.write(f"{site.directory}/revoked")
    site.write("secret.json", json.dumps(
        {"keys": [dict(OCTETS_JWK, kid="enc", use="enc", alg="A256GCMKW")]}))
    os.chmod(f"{site.directory}/secret.json", 0o600)
    yield site
    site.close()


def good_token(site, alg, sealed):
    """A token that /protected takes."""
    key, jwk = key_pair(alg, site)
    jwk = {name: value for name, value in jwk.items() if name != "key_ops"}
    site.write("keys.json", json.dumps({"keys": [dict(jwk, alg=alg, kid="ours")]}))
    os.chmod(f"{site.directory}/keys.json", 0o600)
    now = int(time.time())
    token = jwt.encode(
        {"iss": SITE, "aud": SITE, "sub": "u-1", "iat": now, "exp": now + 600,
         "preferred_username": "ann", "roles": ["member"], "client_id": "doorward",
         "sid": "0c1d2e3f-4a5b-4c6d-8e7f-901234567890"},
        key, alg, headers={"kid": "ours", "typ": "at+jwt"})
    if sealed:
        token = subprocess.run(
            [f"{BUILD}/doorward", "jwe", "encrypt", "--keys", f"{site.directory}/secret.json",
             "--cty", "JWT", "--raw"], input=token, text=True, check=True,
            stdout=subprocess.PIPE).stdout
    return token


def ask(site, token, saboteur, number):
    """/protected by a process whose allocation of that number fails; its status line."""
    variables = site.variables(HTTP_AUTHORIZATION=f"Bearer {token}", DOORWARD_CONFIG=site.conf,
                               LD_PRELOAD=saboteur, SABOTAGE=f"allocation {number}")
    done = subprocess.run([f"{BUILD}/protected.fcgi"], env=variables, check=False, timeout=20,
                          stdin=subprocess.DEVNULL, capture_output=True)
    assert done.returncode >= 0, (number, "ended by a signal", done.returncode)
    return done.stdout.split(b"\r\n")[0].decode() or f"exit {done.returncode}"


MANY = "a process for each of 1,700 allocations"


@pytest.mark.takes(MANY)
@pytest.mark.parametrize("alg, sealed", [
    ("ES256", True), *(pytest.param(alg, False, marks=pytest.mark.slow(MANY))
                       for alg in ("ES256", "RS256", "PS256", "EdDSA", "HS256"))])
def test_no_failed_allocation_makes_a_good_token_wrong(site, saboteur, alg, sealed):
    """Whichever it is: the answer is 200 or 503, or the process ends with an error."""
    token = good_token(site, alg, sealed)
    assert ask(site, token, saboteur, 0) == "Status: 200 OK"
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda number: ask(site, token, saboteur, number),
                              range(1, 1900)))
    assert "Status: 401 Unauthorized" not in found, found.index("Status: 401 Unauthorized") + 1
    assert found.count("Status: 503 Service Unavailable") > 50
    assert found[-1] == "Status: 200 OK"  # so many are not made


def test_a_process_whose_openssl_lacked_memory_answers_and_ends(site, saboteur):
    """It may remember that there is no such algorithm; the next process does not."""
    token = good_token(site, "ES256", False)
    variables = site.variables(HTTP_AUTHORIZATION=f"Bearer {token}")
    ended = 0
    for number in range(1200, 1800, 30):
        program = FastCGI(site, DOORWARD_CONFIG=site.conf, LD_PRELOAD=saboteur,
                          SABOTAGE=f"allocation {number}")
        assert program.ask(variables).status in (200, 500, 503)
        try:
            assert program.process.wait(0.2) == 0
            ended += 1
        except subprocess.TimeoutExpired:
            assert program.ask(variables).status == 200
        program.close()
        os.unlink(f"{site.directory}/fcgi.sock")
    assert ended > 3


def test_a_bad_token_is_still_wrong(site, saboteur):
    """Where there is memory, 401."""
    token = good_token(site, "ES256", False)
    assert ask(site, token[:-4] + "AAAA", saboteur, 0) == "Status: 401 Unauthorized"


def log_in(stack, kilobytes, password):
    """POST /login to login.fcgi as plain CGI with so much address space; the status, or None
    when it did not come so far."""
    body = json.dumps({"username": "alice", "password": password}).encode()
    done = subprocess.run(
        ["sh", "-c", f"ulimit -v {kilobytes}; exec {stack.directory}/libexec/login.fcgi"],
        input=body, check=False, capture_output=True, timeout=60, cwd="/",
        env={"DOORWARD_CONFIG": stack.conf, "REQUEST_METHOD": "POST", "REQUEST_URI": "/login",
             "SCRIPT_NAME": "/login", "CONTENT_TYPE": "application/json",
             "CONTENT_LENGTH": str(len(body)), "REMOTE_ADDR": "192.0.2.1"},
        **process.as_user(stack.web_user))
    head = done.stdout.split(b"\r\n")[0].split()
    return int(head[1]) if len(head) > 1 and head[0] == b"Status:" else None


def test_too_little_memory_is_never_a_wrong_password(private_stack):
    """From too little to start to enough: 503 and then 200; no try is counted, none audited."""
    stack = private_stack(server="apache", mode="cgi", password_memory="19M")
    stack.doorward("user", "passwd", "alice", "--password-stdin", stdin=USERS["alice"][0])
    found = [log_in(stack, kilobytes, USERS["alice"][0])
             for kilobytes in range(20 * 1024, 66 * 1024, 1024)]
    assert set(found) <= {None, 200, 503} and {200, 503} <= set(found), found
    assert stack.sql("select count(*) from doorward.audit where event = 'login_failed'") == "0"
    assert stack.sql("select count(*) from doorward.attempts where level > 0") == "0"
    assert log_in(stack, 200 * 1024, "wrong") == 401
    assert stack.sql("select count(*) from doorward.attempts where level > 0") == "2"
