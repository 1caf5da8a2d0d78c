"""What each kind of access token opens (login, program, client, foreign), at every place."""

import json
import os
import uuid

import pytest
from programs import Signer

import tokens
from client import ALICE, Client, bearer, claims, form_login, json_login
from codes import Made
from servers import end_stack, start_stack

SSO = {"iss": "https://sso.example", "aud": "site", "typ": "at+jwt"}
RULES = {"signed-in": "signed-in", "role": "any-of member", "fresh": "login-within 1h",
         "factor": "factor", "phr": "phr",
         "scope": "scope read", "client": "client app", "both": "any-of member scope read",
         "open": "open"}

# Who comes: what the token is.
KINDS = ["login", "program", "foreign", "foreign without a role", "client", "client of no scope",
         "of no client", "login without a session", "program without a sid", "nobody",
         "of the provider", "an ID token"]

# Each place's answer to them, in that order.
TABLE = {
    "GET /protected": [200, 200, 200, 403, 403, 403, 403, 403, 403, 401, 403, 401],
    "GET /members/open/": [200] * 12,
    "GET /members/signed-in/": [200, 200, 200, 403, 403, 403, 403, 403, 403, 401, 403, 401],
    "GET /members/role/": [200, 200, 200, 403, 403, 403, 403, 403, 403, 401, 403, 401],
    "GET /members/fresh/": [200, 401, 401, 403, 403, 403, 403, 403, 403, 401, 403, 401],
    "GET /members/factor/": [200, 401, 401, 403, 403, 403, 403, 403, 403, 401, 403, 401],
    "GET /members/phr/": [200, 401, 401, 403, 403, 403, 403, 403, 403, 401, 403, 401],
    "GET /members/scope/": [403, 403, 403, 403, 200, 403, 403, 403, 403, 401, 200, 401],
    "GET /members/client/": [403, 403, 403, 403, 200, 200, 403, 403, 403, 401, 200, 401],
    "GET /members/both/": [200, 200, 200, 403, 200, 403, 403, 403, 403, 401, 403, 401],
    "GET /account": [200, 401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 401],
    "GET /admin": [401] * 12,  # it takes a cookie only
    # 403: no form token
    "POST /account/end": [403, 401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 401],
    "POST /login/logout": [204, 204, 401, 401, 401, 401, 401, 401, 401, 401, 401, 401],
}


def make_tokens(stack, sso):
    """One of each kind, for the same user; each with a sid of its own. All that can claim it say
    that a passkey proved them."""
    login = claims(json_login(stack, *ALICE).json()["token"])
    sub, now = login["sub"], login["auth_time"]
    program = stack.doorward("token", "issue", "--sub", sub, "--name", ALICE[0],
                             "--role", "member", "--life", "30d").strip()
    same = {"sub": sub, "auth_time": now, "acr": "phr", "amr": ["hwk", "user", "mfa"]}
    foreign = dict(SSO, sub="u-1", client_id="doorward", sid=str(uuid.uuid4()), auth_time=now,
                   acr="phr")
    return {
        "login": tokens.make(stack, sid=login["sid"], **same), "program": program, "nobody": None,
        "foreign": sso.sign(**foreign, roles=["staff"]),
        "foreign without a role": sso.sign(**foreign, roles=["member"], scope="read"),
        "client": tokens.make(stack, client_id="app", scope="openid read", **same),
        "client of no scope": tokens.make(stack, client_id="app", roles=None, **same),
        "of the provider": tokens.make(stack, client_id="app", scope="openid read", roles=None,
                                       aud=f"{stack.public_url}/oauth", **same),
        "an ID token": Made(stack).got(claims(json_login(stack, *ALICE).json()["token"]))[
            "id_token"],
        "of no client": tokens.make(stack, client_id=None, **same),
        "login without a session": tokens.make(stack, sid=None, **same),
        "program without a sid": tokens.make(stack, client_id="doorward-program", sid=None, **same)}


@pytest.fixture(scope="module", name="stack")
def _stack():
    sso = Signer("sso")
    stack = start_stack("apache", "fastcgi", **{
        "rule": [f"/members/{name} {words}" for name, words in RULES.items()],
        "issuer.sso.url": SSO["iss"], "issuer.sso.audience": SSO["aud"],
        "issuer.sso.keys": "sso.json", "issuer.sso.roles": "staff:member"})
    try:
        with open(f"{stack.directory}/sso.json", "w", encoding="utf-8") as f:
            json.dump({"keys": [sso.public()]}, f)
        os.chmod(f"{stack.directory}/sso.json", 0o644)
        for name in RULES:
            os.makedirs(f"{stack.members}/{name}", exist_ok=True)
            with open(f"{stack.members}/{name}/index.html", "w", encoding="utf-8") as f:
                f.write("inside\n")
        yield stack, sso
    finally:
        end_stack(stack)


@pytest.fixture(scope="module", name="words")
def _words(stack):
    """The answers of all cells."""
    stack, sso = stack
    found = {}
    live = make_tokens(stack, sso)
    for place in TABLE:
        method, path = place.split()
        for kind in KINDS:
            headers = bearer(live[kind]) if live[kind] else {}
            data = {"form_token": "x"} if path.startswith("/account/") else b""
            found[place, kind] = Client(stack).request(method, path, headers=headers, data=data)
    return found


@pytest.mark.parametrize("place", TABLE)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_at_each_place(words, place, kind):
    assert words[place, kind].status_code == TABLE[place][KINDS.index(kind)]


def test_the_refusal_of_a_kind_says_why(words):
    answer = words["GET /protected", "client"]
    assert answer.json()["error"] == "insufficient_scope"
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    answer = words["GET /members/scope/", "login"]
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    assert "kind, client or scope" in answer.headers["WWW-Authenticate"]
    answer = words["GET /members/fresh/", "program"]
    assert "insufficient_user_authentication" in answer.headers["WWW-Authenticate"]
    assert words["POST /login/logout", "client"].json()["error"] == "invalid_token"


@pytest.mark.parametrize("kind", ["login", "program"])
def test_what_was_logged_out_is_dead(stack, words, kind):  # pylint: disable=unused-argument
    stack, sso = stack
    token = make_tokens(stack, sso)[kind]
    client = Client(stack)
    assert client.get("/protected", headers=bearer(token)).status_code == 200
    assert client.post("/login/logout", headers=bearer(token)).status_code == 204
    assert client.get("/protected", headers=bearer(token)).status_code == 401
    assert client.post("/login/logout", headers=bearer(token)).status_code == 204


def test_a_client_cannot_end_the_session_that_it_names(stack):
    """A token that was made for a client tells the sid of the login, and is no login."""
    stack, _ = stack
    login = json_login(stack, *ALICE).json()["token"]
    of_client = tokens.make(stack, client_id="app", sid=claims(login)["sid"])
    assert Client(stack).post("/login/logout", headers=bearer(of_client)).status_code == 401
    assert Client(stack).get("/protected", headers=bearer(login)).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_only_a_password_makes_a_login_fresh(stack, kind):
    """?need=fresh is answered with the form, whatever token comes along. It grants nothing."""
    stack, sso = stack
    token = make_tokens(stack, sso)[kind]
    cookies = {"Cookie": f"__Host-doorward={token}"} if token else {}
    for more in ({}, bearer(token) if token else {}):
        answer = Client(stack, browser=True).get("/login?need=fresh", headers=dict(cookies, **more))
        assert answer.status_code == 200 and 'name="password"' in answer.text
        assert "__Host-doorward=" not in answer.headers.get("Set-Cookie", "")


@pytest.mark.parametrize("kind", ["client", "of the provider", "an ID token"])
def test_a_browser_with_the_token_of_a_client_is_led_to_the_form(stack, kind):
    """At the account and admin pages; the gate and /protected say that the kind is not for them,
    except that an ID token is no access token at all."""
    stack, sso = stack
    cookie = {"Cookie": f"__Host-doorward={make_tokens(stack, sso)[kind]}"}
    paths = ["/account", "/admin"] + (["/protected"] if kind == "an ID token" else [])
    for path in paths:
        answer = Client(stack, browser=True).get(path, headers=cookie)
        assert answer.status_code == 303 and answer.headers["Location"].startswith("/login")
    if kind != "an ID token":
        answer = Client(stack, browser=True).get("/protected", headers=cookie)
        assert answer.status_code == 403 and "does not open" in answer.text


def test_a_browser_that_logs_in_is_a_login(stack):
    stack, _ = stack
    client, answer = form_login(stack, *ALICE)
    assert answer.status_code == 303
    assert client.get("/members/fresh/").status_code == 200
    assert client.get("/account").status_code == 200
