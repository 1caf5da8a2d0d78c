"""What the OpenID Foundation's plan for the basic profile asks of a provider, module by module.

doc/reference/openid-conformance.md has the list. Each test here does what the module of that row
does, with our own client instead of the suite.
"""

import json
import time

import jwt
import pytest

from client import ALICE, Client, bearer, hidden_fields
from oauth import EVERYTHING, FROM_ELSEWHERE, App, signed_in, verified, with_query
from second import Factors, begin


@pytest.fixture(name="browser")
def _browser(apache):
    return signed_in(apache)


@pytest.fixture(scope="module", name="apps")
def _apps():
    return {}


@pytest.fixture(name="app")
def _app(apache, apps):
    """One client for all tests of this file."""
    if "basic" not in apps:
        apps["basic"] = App(apache)
    return apps["basic"]


def claims_of(app, tokens):
    """The claims of an ID token that is good."""
    return verified(app.stack, tokens["id_token"], app.id)


def sign_in(browser, asked, **fields):
    """The login page that a request leads to; afterwards the request goes on by itself."""
    page = browser.get(asked.location)
    assert page.status_code == 200, page.text
    answer = browser.post("/login", data={**hidden_fields(page.text), "username": ALICE[0],
                                          "password": ALICE[1], **fields})
    assert answer.status_code == 303, answer.text
    asked.answer = answer
    asked.app.follow(browser, asked)
    return asked


# ---- the code flow ----

def test_a_login_by_code_gives_a_good_id_token(app, browser):
    asked = app.ask(browser)
    assert asked.said["state"] == asked.parameters["state"]
    assert asked.said["iss"] == app.stack.public_url
    answer = app.token(asked)
    assert answer.headers["Cache-Control"] == "no-store"
    tokens = answer.json()
    assert tokens["token_type"] == "Bearer" and tokens["expires_in"] > 0
    claims = claims_of(app, tokens)
    now = time.time()
    assert claims["nonce"] == asked.parameters["nonce"]
    assert claims["exp"] > now and abs(claims["iat"] - now) < 30 and claims["auth_time"] <= now + 1
    assert 0 < len(claims["sub"]) <= 255 and claims["sub"].isascii()


def test_a_request_without_response_type_goes_back_with_invalid_request(app, browser):
    said = app.ask(browser, response_type=None, state="kept").said
    assert said["error"] == "invalid_request" and said["state"] == "kept" and "code" not in said


def test_the_signature_of_the_id_token_names_its_published_key(app, browser):
    header = jwt.get_unverified_header(app.tokens(browser)["id_token"])
    keys = {key["kid"]: key for key in app.web.get("/.well-known/jwks.json").json()["keys"]}
    assert header["alg"] == "RS256"
    assert keys[header["kid"]]["kty"] == "RSA" and keys[header["kid"]]["use"] == "sig"


def test_userinfo_answers_by_get_and_by_post_with_header_or_form(app, browser):
    tokens = app.tokens(browser)
    sub = claims_of(app, tokens)["sub"]
    token = tokens["access_token"]
    for answer in (app.userinfo(tokens),
                   app.web.post("/oauth/userinfo", headers=bearer(token)),
                   app.web.post("/oauth/userinfo", data={"access_token": token})):
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].startswith("application/json")
        assert answer.json()["sub"] == sub


def test_a_request_without_nonce_is_answered_without_one(app, browser):
    asked = app.ask(browser, nonce=None)
    assert "nonce" not in claims_of(app, app.token(asked).json())


def test_client_secret_post_is_a_method_of_its_own(apache, browser):
    app = App(apache, method="client_secret_post")
    assert claims_of(app, app.tokens(browser))["aud"] == app.id


def test_a_request_with_pkce_needs_the_verifier(app, browser):
    assert app.token(app.ask(browser)).status_code == 200
    refused = app.token(app.ask(browser), code_verifier="x" * 43)
    assert refused.status_code == 400 and refused.json()["error"] == "invalid_grant"


# ---- scopes and claims ----

@pytest.fixture(scope="module", name="reachable")
def _reachable(stacks):
    """A browser whose user has an address."""
    stack = stacks.get("apache", "fastcgi")
    stack.doorward("user", "add", "reachable", "--mail", "reachable@example.org", "--verified",
                   "--password-stdin", stdin="seven quiet herons wading\n")
    yield signed_in(stack, "reachable", "seven quiet herons wading")
    stack.doorward("user", "delete", "reachable", "--yes")


@pytest.mark.parametrize("scope, there, missing", [
    ("openid profile", ["name", "preferred_username"], ["email", "groups"]),
    ("openid email", ["email", "email_verified"], ["name", "groups"]),
    ("openid address", [], ["address", "name"]),
    ("openid phone", [], ["phone_number", "name"]),
    ("openid profile email address phone", ["name", "email"], ["address", "phone_number"]),
], ids=["profile", "email", "address", "phone", "all"])
def test_a_scope_gives_its_claims_and_no_others(app, reachable, scope, there, missing):
    person = app.userinfo(app.tokens(reachable, scope=scope)).json()
    assert [claim for claim in there if claim not in person] == [], person
    assert [claim for claim in missing if claim in person] == [], person


def test_the_order_of_the_scopes_does_not_matter(app, browser):
    person = app.userinfo(app.tokens(browser, scope="email profile openid")).json()
    assert "name" in person and person["preferred_username"] == "alice"


def test_claims_that_are_asked_for_one_by_one_are_ignored(app, browser):
    asked = json.dumps({"userinfo": {"name": {"essential": True}}})
    tokens = app.tokens(browser, scope="openid", claims=asked)
    assert "name" not in claims_of(app, tokens)
    metadata = app.web.get("/.well-known/openid-configuration").json()
    assert metadata["claims_parameter_supported"] is False


# ---- parameters that change nothing ----

@pytest.mark.parametrize("parameters", [
    {"display": "page"}, {"display": "popup"}, {"extra": "foobar"}, {"ui_locales": "se"},
    {"claims_locales": "se"}, {"login_hint": "alice@example.org"},
    {"acr_values": "1 2"}], ids=lambda p: next(iter(p)) + "-" + next(iter(p.values())))
def test_a_parameter_that_is_not_needed_does_no_harm(app, browser, parameters):
    assert app.ask(browser, **parameters).code


def test_a_login_hint_fills_in_the_name(app):
    browser = Client(app.stack, browser=True)
    asked = app.ask(browser, login_hint="alice")
    assert 'value="alice"' in browser.get(asked.location).text


def test_the_class_that_was_asked_for_is_said_in_the_id_token(app):
    person = Factors(app.stack, "conformance-factor", "seven quiet herons wading")
    try:
        browser, fields = begin(app.stack, person.name, person.password)
        done = browser.post("/login/mfa", data={**fields, "code": person.code()})
        assert done.status_code == 303, done.text
        assert claims_of(app, app.tokens(browser, acr_values="2fa"))["acr"] == "2fa"
    finally:
        person.remove()


# ---- prompt, max_age, id_token_hint ----

def test_prompt_login_asks_somebody_who_is_signed_in_again(app, browser):
    before = claims_of(app, app.tokens(browser))
    time.sleep(1.1)
    asked = app.ask(browser, prompt="login")
    assert asked.location.startswith("/login?"), asked.location
    after = claims_of(app, app.token(sign_in(browser, asked)).json())
    assert after["sub"] == before["sub"] and after["auth_time"] > before["auth_time"]


def test_prompt_none_without_a_login_goes_back_with_login_required(app):
    asked = app.ask(Client(app.stack, browser=True), prompt="none")
    said = asked.said
    assert said["error"] == "login_required" and said["state"] == asked.parameters["state"]


def test_prompt_none_with_a_login_asks_nothing(app, browser):
    before = claims_of(app, app.tokens(browser))
    after = claims_of(app, app.tokens(browser, prompt="none"))
    assert (after["sub"], after["auth_time"]) == (before["sub"], before["auth_time"])


def test_max_age_of_one_second_asks_for_the_password_again(app, browser):
    before = claims_of(app, app.tokens(browser))
    time.sleep(2.1)
    asked = app.ask(browser, max_age="1")
    assert asked.location.startswith("/login?"), asked.location
    after = claims_of(app, app.token(sign_in(browser, asked)).json())
    assert after["auth_time"] > before["auth_time"]
    assert time.time() - after["auth_time"] < 30


def test_max_age_that_has_not_passed_asks_nothing(app, browser):
    before = claims_of(app, app.tokens(browser))
    after = claims_of(app, app.tokens(browser, max_age="10000"))
    assert after["auth_time"] == before["auth_time"]


def test_an_id_token_hint_of_the_person_who_is_here_asks_nothing(app, browser):
    tokens = app.tokens(browser)
    after = app.tokens(browser, prompt="none", id_token_hint=tokens["id_token"])
    assert claims_of(app, after)["sub"] == claims_of(app, tokens)["sub"]


# ---- codes, redirects, request objects ----

def test_a_code_that_is_used_twice_ends_what_it_gave(app, browser):
    asked = app.ask(browser)
    tokens = app.token(asked).json()
    again = app.token(asked)
    assert again.status_code == 400 and again.json()["error"] == "invalid_grant"
    assert app.userinfo(tokens).status_code == 401
    assert app.refresh(tokens).json()["error"] == "invalid_grant"


def test_a_code_that_is_used_again_after_30_seconds_ends_what_it_gave(app, browser):
    asked = app.ask(browser)
    tokens = app.token(asked).json()
    app.stack.sql("UPDATE doorward.oauth_codes SET ends_at = ends_at - interval '31 s',"
                  " used_at = used_at - interval '31 s'")
    assert app.token(asked).json()["error"] == "invalid_grant"
    assert app.userinfo(tokens).status_code == 401


def test_an_address_that_is_not_registered_gets_a_page(app, browser):
    asked = app.ask(browser, press=None, redirect_uri=app.redirect + "/elsewhere")
    assert asked.answer.status_code == 400 and asked.location == ""
    assert asked.answer.headers["Content-Type"].startswith("text/html")


def test_a_request_by_post_is_led_to_itself(app, browser):
    asked = app.ask(browser)
    again = browser.post("/oauth/authorize", data=asked.parameters, headers=FROM_ELSEWHERE)
    assert again.status_code == 303, again.text
    asked.answer = again
    app.follow(browser, asked)
    assert asked.code


UNSIGNED = (jwt.utils.base64url_encode(b'{"alg":"none"}') + b"." +
            jwt.utils.base64url_encode(b'{"redirect_uri":"https://elsewhere.example/"}') +
            b".").decode()


@pytest.mark.parametrize("parameters, error", [
    ({"request": UNSIGNED}, "request_not_supported"),
    ({"request_uri": "https://app.example/request.jwt"}, "request_uri_not_supported")],
    ids=["request", "request_uri"])
def test_a_request_object_is_refused_at_the_client(app, browser, parameters, error):
    asked = app.ask(browser, **parameters)
    assert asked.said["error"] == error and asked.said["state"] == asked.parameters["state"]


def test_no_key_and_no_metadata_knows_the_algorithm_none(app):
    metadata = app.web.get("/.well-known/openid-configuration").json()
    assert "none" not in metadata["id_token_signing_alg_values_supported"]


# ---- refresh ----

def test_a_refresh_token_gives_others_to_its_client_only(apache, app, browser):
    tokens = app.tokens(browser)
    stranger = App(apache)
    refused = stranger.refresh(tokens)
    assert refused.status_code == 400 and refused.json()["error"] == "invalid_grant"
    renewed = app.refresh(tokens)
    assert renewed.status_code == 200, renewed.text
    before, after = claims_of(app, tokens), claims_of(app, renewed.json())
    for claim in ("iss", "sub", "aud", "auth_time"):
        assert after[claim] == before[claim]
    assert app.userinfo(renewed.json()).status_code == 200
