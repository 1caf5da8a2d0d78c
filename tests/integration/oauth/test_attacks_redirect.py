"""Attacks on the way back: a redirect URI that only looks like the registered one gets a page.
Whatever does go back goes to the registered address, says who sent it, and keeps its lines."""

import re
import urllib.parse

import pytest

from client import Client, raw_request, short
from oauth import FROM_ELSEWHERE, REDIRECT, Asked, with_query

WITH_QUERY = "https://blog.example/wp-admin/admin-ajax.php?action=openid-connect-authorize"
LOOPBACK = "http://127.0.0.1/callback"

# What is sent while REDIRECT, https://app.example/callback, is registered.
LOOK_ALIKES = [
    "https://app.example/callback/",
    "https://app.example/callback/../evil",
    "https://app.example/callback/..%2fevil",
    "https://app.example/./callback",
    "https://app.example//callback",
    "https://app.example/Callback",
    "https://app.example/%63allback",
    "https://app.example/callback;x",
    "https://app.example/callback?",
    "https://app.example/callback?next=https://evil.example",
    "https://app.example/callback#",
    "https://app.example/callback#code",
    "https://app.example/callback%23",
    "https://app.example/callback%00",
    "https://app.example/callback\x00.evil.example",
    "https://app.example/callback\r\nSet-Cookie: a=b",
    "https://app.example/callback ",
    " https://app.example/callback",
    "\thttps://app.example/callback",
    "https://app.example:443/callback",
    "https://app.example:8443/callback",
    "https://app.example./callback",
    "https://APP.example/callback",
    "HTTPS://app.example/callback",
    "http://app.example/callback",
    "https:/app.example/callback",
    "https:app.example/callback",
    "https:///app.example/callback",
    "//app.example/callback",
    "/callback",
    "callback",
    "",
    "https://sub.app.example/callback",
    "https://evilapp.example/callback",
    "https://app.example.evil.example/callback",
    "https://app.example@evil.example/callback",
    "https://user:secret@app.example/callback",
    "https://app.example%40evil.example/callback",
    "https://app.example\\@evil.example/callback",
    "https://evil.example\\.app.example/callback",
    "https:\\\\app.example\\callback",
    "https://app%2eexample/callback",
    "https://evil.example/https://app.example/callback",
    "https://evil.example/?u=https://app.example/callback",
    "https://\u0430pp.example/callback",  # the first letter is Cyrillic
    "https://xn--pp-6kc.example/callback",
    "https://\uff41pp.example/callback",  # a full-width a, which some normalize
    "https://app\u3002example/callback",  # an ideographic full stop
    "javascript:alert(1)//app.example/callback",
    "data:text/html,<script>alert(1)</script>",
    "urn:ietf:wg:oauth:2.0:oob",
    "https://app.example/callback" + "x" * 3000,
]

LOOPBACK_LOOK_ALIKES = [
    "http://localhost/callback",
    "http://[::1]/callback",
    "https://127.0.0.1/callback",
    "http://127.0.0.1/other",
    "http://127.0.0.1.evil.example/callback",
    "http://127.0.0.1:80@evil.example/callback",
    "http://127.0.0.1:8080.evil.example/callback",
    "http://127.0.0.1:/callback",
    "http://127.0.0.1:99999/callback",
    "http://127.0.0.1:0x50/callback",
    "http://127.0.0.1:80:80/callback",
    "http://127.0.0.1:80/callback?x=1",
    "http://0/callback",
    "http://2130706433/callback",
    "http://127.1/callback",
    "http://127.0.0.2/callback",
]

QUERY_LOOK_ALIKES = [
    WITH_QUERY.partition("?")[0],
    WITH_QUERY + "&next=https://evil.example",
    WITH_QUERY.replace("authorize", "evil"),
    WITH_QUERY + "#",
    WITH_QUERY.replace("action", "%61ction"),
]


@pytest.fixture(scope="module", name="loopback")
def _loopback(make_app):
    return make_app(redirect=LOOPBACK, method="none")


@pytest.fixture(scope="module", name="blog")
def _blog(make_app):
    return make_app(redirect=WITH_QUERY)


@pytest.fixture(name="stranger")
def _stranger(provider):
    """A browser that nobody has signed in with."""
    return Client(provider, browser=True)


def assert_page(answer):
    """A refusal without a redirect and without a link that leads away from this site."""
    assert answer.status_code == 400, (answer.status_code, answer.headers.get("Location"))
    assert "Location" not in answer.headers and "Refresh" not in answer.headers
    assert answer.headers["Content-Type"].startswith("text/html")
    links = re.findall(r'(?:href|action|src)="([^"]*)"', answer.text)
    site = "{0.scheme}://{0.netloc}/".format(urllib.parse.urlsplit(answer.url))
    assert not [link for link in links if not urllib.parse.urljoin(site, link).startswith(site)]
    assert "http-equiv" not in answer.text.lower()


@pytest.mark.parametrize("uri", LOOK_ALIKES, ids=short)
def test_a_redirect_uri_that_only_looks_like_the_registered_one_gets_a_page(app, alice, uri):
    assert_page(app.ask(alice, press=None, redirect_uri=uri).answer)


@pytest.mark.parametrize("uri", LOOK_ALIKES, ids=short)
def test_it_gets_a_page_before_anybody_signs_in(app, stranger, uri):
    """Nobody is asked for a password on the way to an address that is not registered."""
    assert_page(app.ask(stranger, press=None, redirect_uri=uri).answer)


@pytest.mark.parametrize("uri", LOOPBACK_LOOK_ALIKES, ids=short)
def test_nothing_but_the_port_of_a_loopback_address_is_free(loopback, alice, uri):
    assert_page(loopback.ask(alice, press=None, redirect_uri=uri).answer)


@pytest.mark.parametrize("port", ["", ":1", ":49152", ":65535"])
def test_the_port_of_a_loopback_address_is_free(loopback, alice, port):
    uri = f"http://127.0.0.1{port}/callback"
    asked = loopback.ask(alice, redirect_uri=uri)
    assert asked.location.startswith(uri + "?")
    assert loopback.post("/oauth/token", {
        "grant_type": "authorization_code", "code": dict(urllib.parse.parse_qsl(
            urllib.parse.urlsplit(asked.location).query))["code"],
        "redirect_uri": uri, "code_verifier": asked.verifier}).status_code == 200


@pytest.mark.parametrize("uri", QUERY_LOOK_ALIKES, ids=short)
def test_a_registered_query_is_part_of_the_address(blog, alice, uri):
    assert_page(blog.ask(alice, press=None, redirect_uri=uri).answer)


def test_a_registered_query_stays_and_the_answer_follows_it(blog, alice):
    asked = blog.ask(alice)
    assert asked.location.startswith(WITH_QUERY + "&")
    assert asked.said["action"] == "openid-connect-authorize"
    assert asked.code and asked.said["state"] == asked.parameters["state"]


@pytest.mark.parametrize("client_id", ["", "nobody", "doorward", "APP", "x" * 65, "a\x00b",
                                       "../admin", "'; drop table users; --"], ids=short)
def test_an_unknown_client_gets_a_page(app, alice, client_id):
    assert_page(app.ask(alice, press=None, client_id=client_id).answer)


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
def test_a_request_without_a_client_or_an_address_gets_a_page(app, alice, name):
    assert_page(app.ask(alice, press=None, **{name: None}).answer)


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
def test_a_client_or_an_address_that_is_named_twice_gets_a_page(app, alice, name):
    """One of the two could be checked, and the other one used."""
    good = Asked(app, {}).parameters[name]
    for both in ([good, good], [good, "https://evil.example/"], ["https://evil.example/", good]):
        assert_page(app.ask(alice, press=None, **{name: both}).answer)


def test_the_address_of_another_client_gets_a_page(app, blog, alice):
    assert_page(app.ask(alice, press=None, redirect_uri=WITH_QUERY).answer)
    assert_page(blog.ask(alice, press=None, redirect_uri=REDIRECT).answer)


@pytest.mark.parametrize("changes", [
    {"response_type": "token"}, {"response_type": "id_token"}, {"response_type": "code token"},
    {"response_mode": "fragment"}, {"scope": "nothing-of-ours"}, {"prompt": "none login"},
    {"request": "eyJhbGciOiJub25lIn0.e30."}, {"request_uri": "https://evil.example/r"},
    {"code_challenge_method": "plain"}, {"max_age": "-1"}], ids=lambda c: "-".join(c))
def test_an_error_goes_only_to_the_registered_address(app, alice, changes):
    """And not to one that is not, whatever else is wrong with the request."""
    asked = app.ask(alice, press=None, **changes)
    assert asked.is_back and "error" in asked.said and "code" not in asked.said
    assert_page(app.ask(alice, press=None, redirect_uri="https://evil.example/", **changes).answer)


# ---- who says so ----

def test_each_answer_says_who_sent_it(app, alice, provider):
    """A client that is used with several providers finds out that they were mixed up."""
    for changes in ({}, {"response_type": "token"}, {"scope": "x"}, {"prompt": "none"},
                    {"request": "x.y.z"}):
        told = app.ask(alice, **changes).said
        assert told["iss"] == provider.public_url, changes


def test_a_refused_consent_says_who_sent_it(make_app, alice, provider):
    asked = make_app(consent="ask").ask(alice, press="deny")
    assert asked.said["error"] == "access_denied"
    assert asked.said["iss"] == provider.public_url
    assert asked.said["state"] == asked.parameters["state"]


# ---- what is written into the answer ----

NASTY = ["a\r\nSet-Cookie: evil=1", "a\nLocation: https://evil.example/", "\x01", "\x7f", "\x1b[2J",
         "a&code=stolen", "a#b", "a%0d%0ab", "+ %20", "\u2028", "\u00e4\u6f22",
         "<script>alert(1)</script>", "'\"><img src=x>"]


@pytest.mark.parametrize("state", NASTY, ids=short)
def test_a_state_comes_back_as_it_came_and_on_one_line(app, alice, provider, state):
    """Also where the answer is an error."""
    for changes in ({}, {"response_type": "token"}):
        asked = app.ask(alice, state=state, **changes)
        assert asked.said["state"] == state
        assert re.fullmatch(r"[!-~]+", asked.location)
        held = "; ".join(f"{c.name}={c.value}" for c in alice.cookies)
        answer = raw_request(provider, "GET", with_query("/oauth/authorize", asked.parameters),
                             [("Cookie", held), ("Accept", "text/html")])
        assert answer.status == 303 and len(answer.header("Location")) == 1
        assert not [v for v in answer.header("Set-Cookie") if "evil" in v]


def test_a_zero_byte_ends_no_text_early(app, alice):
    """A program in C could take what is before it for the whole."""
    for name in "state", "nonce", "scope", "login_hint":
        asked = app.ask(alice, press=None, **{name: "openid\x00evil"})
        assert asked.said["error"] == "invalid_request" and "code" not in asked.said
    assert_page(app.ask(alice, press=None, redirect_uri=app.redirect + "\x00").answer)
    assert_page(app.ask(alice, press=None, client_id=app.id + "\x00").answer)


@pytest.mark.parametrize("name", ["state", "nonce", "scope", "prompt", "max_age", "login_hint",
                                  "response_type", "response_mode", "code_challenge",
                                  "code_challenge_method", "id_token_hint", "acr_values"])
@pytest.mark.parametrize("value", NASTY[:5], ids=short)
def test_an_error_s_description_has_no_control_characters(app, alice, name, value):
    """RFC 6749, 4.1.2.1: printable ASCII without quote and backslash."""
    asked = app.ask(alice, press=None, **{name: value})
    if asked.is_back and "error" in asked.said:
        assert re.fullmatch(r"[a-z_]+", asked.said["error"])
        assert re.fullmatch(r"[ !#-\[\]-~]+", asked.said["error_description"])


@pytest.mark.parametrize("name", ["response_type", "scope", "state", "nonce", "code_challenge",
                                  "code_challenge_method", "prompt", "max_age", "login_hint",
                                  "id_token_hint", "acr_values", "response_mode"])
def test_a_parameter_that_comes_twice_is_refused_at_the_client(app, alice, name):
    value = Asked(app, {}).parameters.get(name, "x")
    asked = app.ask(alice, press=None, **{name: [value, value]})
    assert asked.said["error"] == "invalid_request" and "code" not in asked.said


def test_unknown_parameters_are_ignored_even_twice(app, alice):
    assert app.ask(alice, ui_locales="de", claims="{}", unknown=["1", "2"], id="x").code


@pytest.mark.parametrize("bytes_", [3000, 6000])
def test_a_long_state_comes_back_whole(app, alice, bytes_):
    state = "s" * bytes_
    assert app.ask(alice, state=state).said["state"] == state


@pytest.mark.parametrize("name", ["state", "nonce", "scope", "login_hint", "unknown"])
def test_a_request_that_is_far_too_large_is_refused(app, alice, name):
    """By the server or by us, and nothing is issued."""
    asked = app.ask(alice, press=None, **{name: "s" * 100000})
    assert asked.answer.status_code in (400, 413, 414, 431) and not asked.location


def test_a_large_form_is_refused(app, stranger):
    for size in (8000, 100000, 3000000):
        answer = stranger.post("/oauth/authorize", headers=FROM_ELSEWHERE,
                               data={**Asked(app, {}).parameters, "state": "s" * size})
        assert answer.status_code == 413 and "Location" not in answer.headers
