"""What clients hold opens nothing of ours, and what we hold opens nothing of theirs: each token at
each place."""

import base64
import json

import jwt
import pytest

import tokens as forged
from client import ALICE, Client, bearer, claims, form_login, hidden_fields, json_login, short
from oauth import signed_in

PLACES = {
    "GET /protected": {401, 403},
    "GET /members/": {401, 403},
    "GET /members/admin/": {401, 403},
    "GET /account": {401},
    "GET /account/apps": {401},
    "GET /account/password": {401},
    "POST /account/end": {401},
    "GET /admin": {401},
    "POST /admin/person": {401},
    "POST /login/token": {401},
    "POST /login/logout": {401},
}
KINDS = ["access_token", "id_token", "refresh_token", "code", "secret"]


@pytest.fixture(scope="module", name="held")
def _held(app, provider):
    """One of each that a client holds, of a user who is an admin."""
    root = signed_in(provider, "root", "nine lives of a cat")
    tokens = app.tokens(root)
    return {**tokens, "code": app.ask(root).code, "secret": app.secret, "browser": root}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", PLACES)
def test_nothing_that_a_client_holds_opens_a_place_of_ours(provider, held, place, kind):
    method, path = place.split()
    form = {"form_token": hidden_fields(held["browser"].get("/account/password").text)["form_token"]} \
        if method == "POST" else None
    answer = Client(provider).request(method, path, headers=bearer(held[kind]), data=form)
    assert answer.status_code in PLACES[place], answer.text[:300]
    assert "WWW-Authenticate" in answer.headers or answer.status_code == 403


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", ["/protected", "/members/", "/account", "/admin",
                                  "/login?return_to=/protected"])
def test_nor_in_the_cookie_of_a_login(provider, held, path, kind):
    for name in "__Host-doorward", "__Secure-doorward-session":
        answer = Client(provider, browser=True).get(path, headers={"Cookie": f"{name}={held[kind]}"})
        assert "__Host-doorward=ey" not in str(answer.headers)
        assert answer.status_code in (401, 403) or is_the_login(answer), answer.status_code


def is_the_login(answer):
    """Led to the form, or shown it."""
    if answer.status_code == 303:
        return answer.headers["Location"].startswith("/login")
    return answer.status_code == 200 and 'name="password"' in answer.text


def test_the_session_is_still_there_after_all_that(held, app):
    assert held["browser"].get("/account").status_code == 200
    assert app.userinfo(held).status_code == 200


@pytest.mark.parametrize("kind", ["id_token", "refresh_token", "code", "secret"])
def test_only_an_access_token_opens_userinfo(app, held, kind):
    answer = app.userinfo(held[kind])
    assert answer.status_code == 401 and answer.json()["error"] == "invalid_token"
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("who", ["login", "program", "of no client"])
def test_a_token_of_ours_opens_no_userinfo(app, provider, who):
    login = json_login(provider, *ALICE).json()["token"]
    sub = claims(login)["sub"]
    token = {"login": login, "program": provider.doorward(
        "token", "issue", "--sub", sub, "--name", "alice", "--life", "30d").strip(),
        "of no client": forged.make(provider, sub=sub, scope="openid", client_id=None,
                                    aud=provider.public_url + "/oauth")}[who]
    assert app.userinfo(token).status_code in (401, 403)


def changed_claims(token, **changes):
    """The claims of a token with changes."""
    return {k: v for k, v in {**claims(token), **changes}.items() if v is not None}


@pytest.mark.parametrize("changes", [
    {"aud": "http://other.example/oauth"}, {"aud": None}, {"iss": "https://evil.example"},
    {"exp": 1}, {"scope": "profile"}, {"scope": None}, {"sub": None}, {"sid": None},
    {"client_id": "nobody"}, {"client_id": "doorward"}, {"client_id": None},
    {"sub": "00000000-0000-4000-8000-000000000000"},
    {"sid": "00000000-0000-4000-8000-000000000000"}], ids=str)
def test_an_access_token_with_another_claim_opens_no_userinfo(app, provider, held, changes):
    """Each is signed with the right key: what the claims say must fit together."""
    token = resigned(provider, changed_claims(held["access_token"], **changes))
    answer = app.userinfo(token)
    assert answer.status_code == (403 if changes.get("scope", "openid") != "openid" else 401)


def resigned(stack, payload, typ="at+jwt"):
    """A token of the site's own key."""
    jwk = forged.signing_jwk(stack)
    return jwt.encode(payload, forged.private_key(jwk), "ES256",
                      headers={"typ": typ, "kid": jwk["kid"]})


def test_the_same_claims_under_the_right_key_do_open_it(app, provider, held):
    """So that the test above refuses for what it changes."""
    assert app.userinfo(resigned(provider, claims(held["access_token"]))).status_code == 200


@pytest.mark.parametrize("typ", ["JWT", "at+jws", "", "logout+jwt"])
def test_an_access_token_of_another_type_opens_no_userinfo(app, provider, held, typ):
    assert app.userinfo(resigned(provider, claims(held["access_token"]), typ)).status_code == 401


def test_an_id_token_signed_as_an_access_token_opens_nothing(app, provider, held):
    """Even under the key of access tokens: its aud is the client."""
    token = resigned(provider, claims(held["id_token"]))
    assert app.userinfo(token).status_code == 401
    assert Client(provider).get("/protected", headers=bearer(token)).status_code in (401, 403)


@pytest.mark.parametrize("alg", ["none", "None", "HS256"])
def test_an_id_token_hint_that_nobody_signed_is_no_hint(app, alice, provider, held, alg):
    """At the end of the session it ends nothing, and leads nowhere."""
    head = base64.urlsafe_b64encode(json.dumps({"alg": alg, "typ": "JWT"}).encode()).rstrip(b"=")
    hint = head.decode() + "." + held["id_token"].split(".")[1] + "."
    answer = app.end_session(alice, id_token_hint=hint)
    assert answer.status_code in (200, 400) and "Location" not in answer.headers
    assert alice.get("/account").status_code == 200


def test_an_access_token_is_no_hint(app, alice, held):
    answer = app.end_session(alice, id_token_hint=held["access_token"])
    assert answer.status_code == 400 and "Location" not in answer.headers
    asked = app.ask(alice, press=None, id_token_hint=held["access_token"], prompt="none")
    assert asked.said["error"] in ("invalid_request", "login_required")


def test_a_hint_of_another_user_signs_nobody_in(app, alice, held):
    """prompt=none with root's ID token in the browser of alice."""
    asked = app.ask(alice, press=None, id_token_hint=held["id_token"], prompt="none")
    assert asked.said["error"] == "login_required" and "code" not in asked.said


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke", "/oauth/userinfo",
                                  "/oauth/authorize", "/oauth/end-session", "/oauth/consent"])
@pytest.mark.parametrize("body", [b"{}", b"\x00" * 100, b"a=" + b"x" * 70000, b"%zz=%", b"&&&===",
                                  b"client_id=a&client_id=b"], ids=short)
def test_nonsense_is_answered_and_never_by_an_error_of_the_server(provider, path, body):
    for kind in ("application/x-www-form-urlencoded", "application/json", "multipart/form-data"):
        answer = Client(provider).post(path, data=body, headers={"Content-Type": kind})
        assert 300 <= answer.status_code < 500, (answer.status_code, answer.text[:300])
        assert not answer.headers.get("Location", "/").startswith("http")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/authorize", "/oauth/userinfo"])
def test_other_methods_are_refused(provider, path, method):
    assert Client(provider).request(method, path).status_code in (404, 405)
