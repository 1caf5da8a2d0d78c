"""Tokens at /protected, on every front end: who gets in, who does not, and how they are told."""

import json
import time

import jwt
import pytest
import tokens
from client import Client, bearer, raw_request, token


def password_of(name):
    from servers import USERS
    return USERS[name][0]


def test_lets_a_login_in(front):
    access = token(front, "alice", password_of("alice"))
    answer = Client(front).get("/protected", headers=bearer(access))
    assert answer.status_code == 200
    assert "alice" in answer.text
    assert "no-store" in answer.headers["Cache-Control"]


def test_lets_a_token_of_pyjwt_in(front):
    answer = Client(front).get("/protected", headers=bearer(tokens.make(front)))
    assert answer.status_code == 200, answer.text


def corrupt(stack):
    access = tokens.make(stack)
    return access[:-10] + ("A" if access[-10] != "A" else "B") + access[-9:]


def duplicate_claim(stack):
    good = tokens.make(stack)
    return tokens.resign(stack, good, payload=b'{"sub":"a","sub":"b"}')


NOW = time.time

# name, the token, and the status that refuses it
REFUSED = {
    "malformed": (lambda s: "abc.def", 401),
    "empty parts": (lambda s: "..", 401),
    "one part": (lambda s: "a" * 40, 401),
    "four parts": (lambda s: tokens.make(s) + ".AAAA", 401),
    "wrong signature": (corrupt, 401),
    "no signature": (lambda s: tokens.make(s).rsplit(".", 1)[0] + ".", 401),
    "payload exchanged": (lambda s: tokens.resign(
        s, tokens.make(s), payload=json.dumps(tokens.claims(s, roles=["admin"])).encode()), 401),
    "claim twice": (duplicate_claim, 401),
    "alg none": (tokens.unsecured, 401),
    "alg None": (lambda s: tokens.unsecured(s, "None"), 401),
    "public key as HMAC secret": (lambda s: _confused(s), 401),
    "HS256 with a key of ours by name": (lambda s: tokens.make(
        s, key=b"x" * 32, algorithm="HS256"), 401),
    "kid unknown": (lambda s: tokens.make(s, header={"kid": "nobody"}), 401),
    "typ of an ID token": (lambda s: tokens.make(s, header={"typ": "JWT"}), 401),
    "typ missing": (lambda s: tokens.make(s, header={"typ": None}), 401),
    "crit": (lambda s: tokens.make(s, header={"crit": ["exp"], "exp": 1}), 401),
    "expired": (lambda s: tokens.make(s, exp=int(NOW()) - 31, iat=int(NOW()) - 600), 401),
    "no exp": (lambda s: tokens.make(s, exp=None), 401),
    "exp as a string": (lambda s: tokens.make(s, algorithm="ES256", exp=None, **{
        "exp ": 1}), 401),
    "not valid yet": (lambda s: tokens.make(s, nbf=int(NOW()) + 600), 401),
    "issued tomorrow": (lambda s: tokens.make(s, iat=int(NOW()) + 86400), 401),
    "no iat": (lambda s: tokens.make(s, iat=None), 401),
    "wrong aud": (lambda s: tokens.make(s, aud="https://other.example"), 401),
    "no aud": (lambda s: tokens.make(s, aud=None), 401),
    "wrong iss": (lambda s: tokens.make(s, iss="https://other.example"), 401),
    "no iss": (lambda s: tokens.make(s, iss=None), 401),
    "no sub": (lambda s: tokens.make(s, sub=None), 401),
}


def _confused(stack):
    """HS256 signed with the public key's PEM: PyJWT refuses to, so by hand."""
    import hashlib
    import hmac
    jwk = tokens.signing_jwk(stack)
    head = tokens.b64(json.dumps({"alg": "HS256", "typ": "at+jwt", "kid": jwk["kid"]}).encode())
    body = tokens.b64(json.dumps(tokens.claims(stack)).encode())
    mac = hmac.new(tokens.public_pem(jwk), f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{tokens.b64(mac)}"


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_bearer(front, name):
    make, status = REFUSED[name]
    answer = Client(front).get("/protected", headers=bearer(make(front)))
    assert answer.status_code == status, answer.text
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="')
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    assert answer.json()["error"] == "invalid_token"
    assert "no-store" in answer.headers["Cache-Control"]


def test_asks_for_a_token_without_naming_an_error(front):
    answer = Client(front).get("/protected")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="')
    assert "error" not in answer.headers["WWW-Authenticate"]  # RFC 6750, 3.1


def test_sends_a_browser_to_the_form(front):
    answer = Client(front, browser=True).get("/protected?a=1")
    assert answer.status_code in (302, 303)
    assert "/login?return_to=" in answer.headers["Location"]
    assert "protected" in answer.headers["Location"]


# name: the headers of the request, and the statuses that refuse it
def two(name, first, second):
    return lambda access: [(name, first(access)), (name, second(access))]


UNCLEAR = {
    "two Authorization headers": lambda a: [("Authorization", f"Bearer {a}"),
                                            ("Authorization", f"Bearer {a}")],
    "the second one good": lambda a: [("Authorization", "Bearer x"),
                                      ("Authorization", f"Bearer {a}")],
    "two cookies of our name": lambda a: [("Cookie", f"__Host-doorward={a}; __Host-doorward={a}")],
    "two Cookie headers": lambda a: [("Cookie", f"__Host-doorward={a}"),
                                     ("Cookie", "__Host-doorward=x")],
    "a bad header and a good cookie": lambda a: [("Authorization", "Bearer x"),
                                                 ("Cookie", f"__Host-doorward={a}")],
    "Basic": lambda a: [("Authorization", "Basic YWxpY2U6cGFzcw==")],
    "no scheme": lambda a: [("Authorization", a)],
    "no token": lambda a: [("Authorization", "Bearer")],
    "two words": lambda a: [("Authorization", f"Bearer {a} x")],
    "a comma": lambda a: [("Authorization", f"Bearer {a},{a}")],
    "a quote": lambda a: [("Authorization", f'Bearer "{a}"')],
    "a tab in it": lambda a: [("Authorization", f"Bearer {a[:20]}\t{a[20:]}")],
    "8 bit": lambda a: [("Authorization", "Bearer \xff\xfe")],
    "a cookie without the prefix": lambda a: [("Cookie", f"doorward={a}")],
    "a cookie with the other prefix": lambda a: [("Cookie", f"__Secure-doorward={a}")],
    "identity in a header": lambda a: [("Remote-User", "alice"), ("X-Remote-User", "alice")],
    "underscore header": lambda a: [("Remote_User", "alice")],
}


def test_a_bearer_token_wins_over_a_cookie(front):
    """Every script of the site's own pages that sets Authorization sends the cookie along."""
    for other in ("x", tokens.make(front, preferred_username="bob")):
        answer = raw_request(front, "GET", "/protected", [
            ("Authorization", f"Bearer {tokens.make(front)}"), ("Cookie", f"__Host-doorward={other}")])
        assert answer.status == 200 and b'"name":"alice"' in answer.body


@pytest.mark.parametrize("name", UNCLEAR)
def test_refuses_what_is_not_one_clear_token(front, name):
    answer = raw_request(front, "GET", "/protected", UNCLEAR[name](tokens.make(front)))
    assert answer.status in (400, 401), answer.body
    assert len(answer.header("WWW-Authenticate")) == 1 or answer.status == 400
    assert b"alice" not in answer.body
    # and the next one is served
    assert Client(front).get("/protected", headers=bearer(tokens.make(front))).status_code == 200


def test_accepts_the_cookie(front):
    answer = raw_request(front, "GET", "/protected",
                         [("Cookie", f"a=b; __Host-doorward={tokens.make(front)}; c=d")])
    assert answer.status == 200, answer.body


def test_accepts_any_case_of_the_scheme(front):
    answer = raw_request(front, "GET", "/protected",
                         [("authorization", f"bEARER {tokens.make(front)}")])
    assert answer.status == 200, answer.body


def test_pyjwt_verifies_ours_with_the_published_key(front):
    access = token(front, "alice", password_of("alice"))
    keys = jwt.PyJWKClient(f"http://localhost:{front.port}/.well-known/jwks.json")
    payload = jwt.decode(access, keys.get_signing_key_from_jwt(access).key, algorithms=["ES256"],
                         audience=front.public_url, issuer=front.public_url,
                         options={"require": ["exp", "iat", "sub", "jti", "client_id"]})
    assert payload["preferred_username"] == "alice"
    assert payload["roles"] == ["member"]
    assert payload["client_id"] == "doorward"
    assert jwt.get_unverified_header(access)["typ"] == "at+jwt"
    assert len(access) <= 2048


def test_publishes_only_public_keys(front):
    answer = Client(front).get("/.well-known/jwks.json")
    assert answer.status_code == 200
    assert "max-age=" in answer.headers["Cache-Control"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "json" in answer.headers["Content-Type"]
    for key in answer.json()["keys"]:
        assert not {"d", "p", "q", "k", "dp", "dq", "qi"} & set(key)
        assert key["kid"] and key["alg"]
