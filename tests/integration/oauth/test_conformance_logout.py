"""What the OpenID Foundation's plans for the metadata and for logout ask of a provider.

doc/reference/openid-conformance.md has the list of the modules.
"""

import base64
import json

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from client import hidden_fields
from oauth import App, signed_in, verified

GOODBYE = "https://app.example/goodbye"
STATE = "s" * 128  # longer than what most clients send


@pytest.fixture(scope="module", name="apps")
def _apps():
    return {}


@pytest.fixture(name="app")
def _app(apache, apps):
    if "logout" not in apps:
        apps["logout"] = App(apache, "--logout", GOODBYE)
    return apps["logout"]


class Session:
    """A browser that has signed in at the client."""

    def __init__(self, app):
        self.app = app
        self.browser = signed_in(app.stack)
        self.hint = app.tokens(self.browser)["id_token"]

    def leave(self, **parameters):
        """Go to the end of the session."""
        return self.app.end_session(self.browser, **parameters)

    @property
    def is_over(self):
        """The provider knows nobody in this browser."""
        said = self.app.ask(self.browser, prompt="none").said
        return said.get("error") == "login_required"

    def agree(self, page):
        """Press the button of the page that asks."""
        assert page.status_code == 200, page.text
        return self.browser.post(action_of(page.text),
                                 data={**hidden_fields(page.text), "do": "logout"})


def action_of(page):
    """Where the form of the page goes."""
    return page.split('<form', 1)[1].split('action="', 1)[1].split('"', 1)[0]


@pytest.fixture(name="session")
def _session(app):
    return Session(app)


def asks_first(session, answer):
    """No redirect, and the session goes on until the person agrees."""
    assert answer.status_code in (200, 400), answer.text
    assert "Location" not in answer.headers
    assert not session.is_over


# ---- the metadata ----

def test_the_metadata_have_all_that_discovery_demands(apache):
    app = App(apache)
    answer = app.web.get("/.well-known/openid-configuration")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    said = answer.json()
    assert said["issuer"] == apache.public_url
    for name in ("authorization", "token", "userinfo"):
        assert said[f"{name}_endpoint"] == f"{apache.public_url}/oauth/" + \
            {"authorization": "authorize"}.get(name, name)
    assert said["response_types_supported"] == ["code"]
    assert said["subject_types_supported"] == ["public"]
    assert "RS256" in said["id_token_signing_alg_values_supported"]
    assert set(said["grant_types_supported"]) == {"authorization_code", "refresh_token"}
    assert {"openid", "profile", "email", "groups", "offline_access"} == \
        set(said["scopes_supported"])
    assert {"sub", "iss", "aud", "name", "email"} <= set(said["claims_supported"])
    assert said["request_parameter_supported"] is False
    assert said["request_uri_parameter_supported"] is False
    keys = app.web.get(said["jwks_uri"].removeprefix(apache.public_url)).json()["keys"]
    assert keys and not any({"d", "p", "q", "k"} & set(key) for key in keys)


def test_the_metadata_name_the_end_of_the_session(apache):
    said = App(apache).web.get("/.well-known/openid-configuration").json()
    assert said["end_session_endpoint"] == f"{apache.public_url}/oauth/end-session"


# ---- the end of the session ----

def test_a_logout_with_hint_and_registered_address_asks_nothing(session):
    answer = session.leave(id_token_hint=session.hint, post_logout_redirect_uri=GOODBYE,
                           state=STATE)
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"] == f"{GOODBYE}?state={STATE}"
    assert session.is_over


def test_a_logout_without_state_brings_none_back(session):
    answer = session.leave(id_token_hint=session.hint, post_logout_redirect_uri=GOODBYE)
    assert answer.status_code == 303 and answer.headers["Location"] == GOODBYE
    assert session.is_over


@pytest.mark.parametrize("address", ["https://elsewhere.example/goodbye", GOODBYE + "?foo=bar"],
                         ids=["other", "query"])
def test_a_logout_to_an_address_that_is_not_registered_does_not_leave(session, address):
    asks_first(session, session.leave(id_token_hint=session.hint, state=STATE,
                                      post_logout_redirect_uri=address))


def unsigned(token):
    """The same token with the algorithm none."""
    payload = token.split(".")[1]
    return base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode() + f".{payload}."


def signed_by_another(app, token):
    """The same claims, signed by a key of somebody else under our kid."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(verified(app.stack, token, app.id), key, "RS256",
                      {"kid": jwt.get_unverified_header(token)["kid"]})


def test_a_hint_that_was_made_unsigned_does_not_leave(session):
    asks_first(session, session.leave(id_token_hint=unsigned(session.hint), state=STATE,
                                      post_logout_redirect_uri=GOODBYE))


def test_a_hint_that_another_key_has_signed_does_not_leave(session):
    asks_first(session, session.leave(
        id_token_hint=signed_by_another(session.app, session.hint), state=STATE,
        post_logout_redirect_uri=GOODBYE))


def test_a_logout_with_an_address_but_without_hint_does_not_leave(session):
    asks_first(session, session.leave(post_logout_redirect_uri=GOODBYE, state=STATE))


@pytest.mark.parametrize("parameters", [{}, {"state": STATE}], ids=["nothing", "state"])
def test_a_logout_that_says_nothing_asks_and_ends_on_a_page(session, parameters):
    page = session.leave(**parameters)
    asks_first(session, page)
    done = session.agree(page)
    assert not done.headers.get("Location", "").startswith("https://app.example")
    assert STATE not in done.headers.get("Location", "")
    assert session.is_over


def test_a_logout_with_a_hint_alone_ends_on_a_page(session):
    page = session.leave(id_token_hint=session.hint, state=STATE)
    if not session.is_over:
        page = session.agree(page)
    assert not page.headers.get("Location", "").startswith("https://app.example")
    assert session.is_over


def test_the_metadata_are_json_that_anybody_may_read(apache):
    answer = App(apache).web.get("/.well-known/openid-configuration",
                                 headers={"Origin": "https://app.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert json.loads(answer.text)["issuer"] == apache.public_url
