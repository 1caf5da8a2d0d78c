"""Attacks through a person's browser: a page of another site makes it send what it should not, or
shows our page in a frame, or leads away from us."""

import re
import urllib.parse
import uuid

import pytest

from client import Client, hidden_fields, short
from oauth import FROM_ELSEWHERE, Asked, said, signed_in

EVIL = "https://evil.example"
COOKIE = "__Host-doorward-oauth"
ROOT = ("root", "nine lives of a cat")


@pytest.fixture(scope="module", name="asking")
def _asking(make_app):
    """A client that asks each time."""
    return make_app("--logout", "https://app.example/bye", consent="ask")


@pytest.fixture(name="page")
def _page(asking, alice):
    """The consent page in the browser of alice."""
    asked = asking.ask(alice, press=None)
    assert asked.answer.status_code == 200, asked.answer.text
    return asked.answer


def assert_nothing_given(answer, status=(400, 403, 410)):
    """The consent was not given."""
    assert answer.status_code in status, (answer.status_code, answer.headers.get("Location"))
    assert "code=" not in answer.headers.get("Location", "")


# ---- consent ----

@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
    {"Origin": EVIL}, {"Origin": "null"},
    {"Sec-Fetch-Site": None, "Origin": EVIL},
    {"Sec-Fetch-Site": None, "Origin": None, "Referer": EVIL + "/"}], ids=str)
def test_a_consent_from_another_site_is_refused(asking, alice, page, headers):
    """With the right form token, too, and whatever the browser says about it."""
    fields = {**hidden_fields(page.text), "do": "allow"}
    assert_nothing_given(alice.post("/oauth/consent", data=fields, headers=headers))
    assert asking.press(alice, page, "allow").status_code == 303


@pytest.mark.parametrize("token", [None, "", "x", "x" * 200])
def test_a_consent_without_its_form_token_is_refused(asking, alice, page, token):
    assert_nothing_given(asking.press(alice, page, "allow", form_token=token))


def test_the_form_token_of_another_request_gives_no_consent(asking, alice, page):
    other = hidden_fields(asking.ask(alice, press=None).answer.text)
    assert_nothing_given(asking.press(alice, page, "allow", form_token=other["form_token"]))
    assert_nothing_given(asking.press(alice, page, "allow", id=other["id"]))


def test_the_form_token_of_another_page_gives_no_consent(asking, alice, page):
    form = hidden_fields(alice.get("/account/password").text)["form_token"]
    assert_nothing_given(asking.press(alice, page, "allow", form_token=form))


def test_the_form_token_of_another_user_gives_no_consent(asking, alice, page, provider):
    """Who prepared a form cannot have somebody else send it."""
    root = signed_in(provider, *ROOT)
    theirs = hidden_fields(asking.ask(root, press=None).answer.text)
    assert_nothing_given(asking.press(alice, page, "allow", **theirs))
    root.cookies.set(COOKIE, alice.cookies[COOKIE], domain="localhost.local", path="/", secure=True)
    assert_nothing_given(root.post("/oauth/consent", data={
        **hidden_fields(page.text), "do": "allow"}))


def test_a_consent_is_given_by_a_form_only(asking, alice, page):
    answer = alice.get("/oauth/consent", params={**hidden_fields(page.text), "do": "allow"})
    assert answer.status_code in (404, 405) and "Location" not in answer.headers
    for word in "", "yes", "ALLOW", None:
        assert_nothing_given(asking.press(alice, page, word))
    assert asking.press(alice, page, "allow").status_code == 303


def test_whoever_has_logged_out_meanwhile_gives_no_consent(asking, provider):
    browser = signed_in(provider)
    page = asking.ask(browser, press=None).answer
    jar = browser.cookies.copy()
    browser.post("/login/logout")
    browser.cookies = jar  # a thief who copied them, or a second tab
    browser.cookies.set_policy(jar.get_policy())
    answer = asking.press(browser, page, "allow")
    assert "code=" not in answer.headers.get("Location", "")
    assert answer.status_code in (303, 400, 401, 403)


def test_a_consent_is_good_once(asking, alice, page):
    """Within ten seconds a second click is taken for the same one; it never widens anything."""
    first = asking.press(alice, page, "allow")
    assert first.status_code == 303 and "code=" in first.headers["Location"]


# ---- the request that is kept ----

def kept_request(app, browser):
    """The id of the row of a request that needs a login."""
    asked = app.ask(browser, press=None)
    way = urllib.parse.parse_qs(urllib.parse.urlsplit(asked.location).query)["return_to"][0]
    return urllib.parse.parse_qs(urllib.parse.urlsplit(way).query)["id"][0]


def test_the_id_of_a_request_is_of_no_use_without_its_cookie(app, alice, provider):
    """Neither to somebody who is signed in nor to a stranger."""
    stranger = Client(provider, browser=True)
    number = kept_request(app, stranger)
    for browser in alice, Client(provider, browser=True):
        answer = browser.get(f"/oauth/authorize?id={number}")
        assert answer.status_code in (400, 410) and "Location" not in answer.headers
        assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("number", ["", "x", str(uuid.UUID(int=0)), "' or 1=1 --", "x" * 5000],
                         ids=short)
def test_an_id_that_nobody_was_given_gets_a_page(alice, number):
    answer = alice.get("/oauth/authorize", params={"id": number})
    assert answer.status_code in (400, 410, 414) and "Location" not in answer.headers


def test_beside_an_id_nothing_else_counts(app, provider):
    """So nobody can change a request that is kept."""
    browser = Client(provider, browser=True)
    number = kept_request(app, browser)
    fields = hidden_fields(browser.get("/login").text)
    browser.post("/login", data={**fields, "username": "alice",
                                 "password": "correct horse battery staple"})
    answer = browser.get("/oauth/authorize", params={
        "id": number, "redirect_uri": EVIL, "client_id": "nobody", "state": "evil", "scope": "x"})
    if answer.status_code == 303:
        assert answer.headers["Location"].startswith(app.redirect)
        assert "evil" not in answer.headers["Location"]
    else:
        assert answer.status_code == 400


def test_the_cookie_of_a_request_cannot_be_planted_by_a_neighbour(app, provider):
    """Its name begins with __Host-, so no other host of the domain can set it; one without the
    prefix does not count. Nor does the attacker's own request go on in a victim's browser."""
    attacker = Client(provider, browser=True)
    number = kept_request(app, attacker)
    value = attacker.cookies[COOKIE]
    victim = signed_in(provider)
    held = "; ".join(f"{c.name}={c.value}" for c in victim.cookies)
    for name in "doorward-oauth", "__Secure-doorward-oauth", "__host-doorward-oauth":
        answer = victim.get(f"/oauth/authorize?id={number}",
                            headers={"Cookie": f"{held}; {name}={value}"})
        assert answer.status_code in (400, 410) and "Location" not in answer.headers
    # two of them: somebody planted one
    answer = victim.get(f"/oauth/authorize?id={number}",
                        headers={"Cookie": f"{held}; {COOKIE}={value}; {COOKIE}={'A' * 43}"})
    assert answer.status_code in (400, 410) and "Location" not in answer.headers


def test_the_cookie_of_a_request_is_for_the_browser_s_own_eyes(app, provider):
    stranger = Client(provider, browser=True)
    answer = app.ask(stranger, press=None).answer
    [line] = [v for v in answer.raw.headers.getlist("Set-Cookie") if v.startswith(COOKIE + "=")]
    attributes = {part.strip().lower() for part in line.split(";")[1:]}
    assert {"path=/", "httponly", "secure", "samesite=lax"} <= attributes
    assert not [a for a in attributes if a.startswith(("domain", "max-age", "expires"))]
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", line.split("=", 1)[1].split(";")[0])


def test_a_login_for_one_client_never_leads_to_another(app, make_app, provider):
    """Two requests in one browser: each id leads to its own client."""
    other = make_app(redirect="https://second.example/callback")
    browser = Client(provider, browser=True)
    first, second = kept_request(app, browser), kept_request(other, browser)
    fields = hidden_fields(browser.get("/login").text)
    browser.post("/login", data={**fields, "username": "alice",
                                 "password": "correct horse battery staple"})
    for number, one in (first, app), (second, other):
        answer = browser.get(f"/oauth/authorize?id={number}")
        assert answer.headers["Location"].startswith(one.redirect + "?")


def test_a_form_of_another_site_signs_nobody_in(provider, app):
    """Login CSRF: the victim is to work in the attacker's account."""
    victim = Client(provider, browser=True)
    number = kept_request(app, victim)
    mine = hidden_fields(Client(provider, browser=True).get("/login").text)
    answer = victim.post("/login", headers={"Sec-Fetch-Site": "cross-site", "Origin": EVIL}, data={
        **mine, "username": "root", "password": ROOT[1],
        "return_to": f"/oauth/authorize?id={number}"})
    assert answer.status_code == 403 and "__Host-doorward" not in victim.cookies


@pytest.mark.parametrize("way", [
    "/oauth/authorize?id={}&x=1", "/oauth/authorize?x=1&id={}", "/oauth/authorize/?id={}",
    "/oauth/authorize?id={}#x", "/oauth//authorize?id={}", "/oauth/authorize?id={}%00",
    "//evil.example/oauth/authorize?id={}", "https://evil.example/oauth/authorize?id={}",
    "/oauth/authorize?id=%2e", "/oauth/authorize?id={}\\@evil.example"])
def test_a_way_back_that_only_looks_like_a_request_opens_no_page_to_a_client(app, provider, way):
    """The login page's forms may lead to the client only for a request of this browser."""
    browser = Client(provider, browser=True)
    number = kept_request(app, browser)
    page = browser.get("/login", params={"return_to": way.format(number)})
    assert page.status_code == 200
    assert "app.example" not in page.headers["Content-Security-Policy"]
    assert "evil.example" not in page.headers["Content-Security-Policy"]


def test_the_login_page_lets_nobody_else_s_form_lead_to_a_client(app, provider):
    """With the id of a request of another browser."""
    number = kept_request(app, Client(provider, browser=True))
    page = Client(provider, browser=True).get(
        "/login", params={"return_to": f"/oauth/authorize?id={number}"})
    assert "app.example" not in page.headers["Content-Security-Policy"]


# ---- a cross-site POST ----

def test_a_request_that_another_site_posts_is_led_to_itself_as_get(app, alice):
    """It brings no Lax cookie; and it leads nowhere but to us."""
    parameters = Asked(app, {}).parameters
    answer = alice.post("/oauth/authorize", data=parameters,
                        headers={"Sec-Fetch-Site": "cross-site", "Origin": EVIL, "Cookie": ""})
    assert answer.status_code == 303
    where = urllib.parse.urlsplit(answer.headers["Location"])
    assert (where.scheme + where.netloc, where.path) in (
        ("", "/oauth/authorize"),
        (urllib.parse.urlsplit(alice.public_url)[0] + urllib.parse.urlsplit(alice.public_url)[1],
         "/oauth/authorize"))
    assert dict(urllib.parse.parse_qsl(where.query)) == parameters


def test_a_request_that_is_posted_to_a_wrong_address_is_refused_after_it(app, alice):
    """One step later: a redirect to an address that is not ours never comes."""
    answer = alice.post("/oauth/authorize", headers=FROM_ELSEWHERE,
                        data={**Asked(app, {}).parameters, "redirect_uri": EVIL})
    while answer.status_code == 303:
        assert urllib.parse.urlsplit(answer.headers["Location"]).path == "/oauth/authorize"
        answer = alice.get(answer.headers["Location"])
    assert answer.status_code == 400


# ---- logout ----

def test_another_site_ends_no_session(asking, provider):
    """Without a hint nobody is logged out before they say so."""
    browser = signed_in(provider)
    for parameters in ({}, {"client_id": asking.id}, {"do": "logout"}, {"id_token_hint": "x"},
                       {"client_id": asking.id, "post_logout_redirect_uri": EVIL},
                       {"client_id": asking.id,
                        "post_logout_redirect_uri": "https://app.example/bye"}):
        answer = asking.end_session(browser, **parameters)
        assert answer.status_code in (200, 400) and "Location" not in answer.headers
        assert browser.get("/account").status_code == 200
    for path in "/oauth/end-session", "/login/logout":
        browser.post(path, data={"do": "logout", "form_token": "x"},
                     headers={"Sec-Fetch-Site": "cross-site", "Origin": EVIL})
        assert browser.get("/account").status_code == 200


@pytest.mark.parametrize("where", [
    EVIL, "https://app.example/bye/", "https://app.example/bye?x=1", "https://app.example/bye#x",
    "https://app.example.evil.example/bye", "https://app.example@evil.example/bye",
    "https://app.example/callback", "//evil.example", "javascript:alert(1)", "\\\\evil.example",
    "https://app.example/bye\r\nSet-Cookie: a=b"])
def test_a_logout_leads_only_to_a_registered_address(asking, provider, where):
    """With a good hint, too; and then the session goes on."""
    browser = signed_in(provider)
    hint = asking.tokens(browser)["id_token"]
    answer = asking.end_session(browser, id_token_hint=hint, post_logout_redirect_uri=where,
                                state="s")
    assert answer.status_code in (400, 410) and "Location" not in answer.headers
    assert browser.get("/account").status_code == 200


def test_the_hint_of_another_person_ends_no_session(asking, provider):
    """The attacker has an ID token of their own."""
    theirs = asking.tokens(signed_in(provider, *ROOT))["id_token"]
    browser = signed_in(provider)
    answer = asking.end_session(browser, id_token_hint=theirs,
                                post_logout_redirect_uri="https://app.example/bye")
    assert "Location" not in answer.headers
    assert browser.get("/account").status_code == 200


def test_the_state_of_a_logout_comes_back_on_one_line(asking, provider):
    browser = signed_in(provider)
    hint = asking.tokens(browser)["id_token"]
    answer = asking.end_session(browser, id_token_hint=hint, state="a\r\nSet-Cookie: evil=1",
                                post_logout_redirect_uri="https://app.example/bye")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("https://app.example/bye?")
    assert said(answer.headers["Location"]) == {"state": "a\r\nSet-Cookie: evil=1"}
    assert "evil" not in str(answer.raw.headers.getlist("Set-Cookie"))


# ---- frames, referrers, caches ----

def pages(asking, alice, provider):
    """Every kind of page of /oauth."""
    hint = asking.tokens(signed_in(provider))["id_token"]
    return {
        "consent": asking.ask(alice, press=None).answer,
        "mistake": asking.ask(alice, press=None, redirect_uri=EVIL).answer,
        "unknown id": alice.get(f"/oauth/authorize?id={uuid.uuid4()}"),
        "logout": asking.end_session(alice),
        "wrong logout": asking.end_session(alice, id_token_hint=hint,
                                           post_logout_redirect_uri=EVIL)}


def test_no_page_can_be_framed_or_tells_where_one_came_from(asking, alice, provider):
    for name, answer in pages(asking, alice, provider).items():
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy and "default-src 'none'" in policy, name
        assert answer.headers["X-Frame-Options"] == "DENY", name
        assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer"), name
        assert answer.headers["X-Content-Type-Options"] == "nosniff", name
        assert "no-store" in answer.headers["Cache-Control"], name
        assert "unsafe" not in policy and "script-src" not in policy, name


def test_the_forms_of_the_consent_page_lead_to_this_client_only(page):
    policy = page.headers["Content-Security-Policy"]
    [forms] = [d.strip() for d in policy.split(";") if d.strip().startswith("form-action")]
    assert forms.split()[1:] == ["'self'", "https://app.example"]


def test_a_redirect_to_a_client_is_kept_nowhere_and_tells_no_referrer(app, alice):
    answer = app.ask(alice).answer
    assert answer.status_code == 303 and "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")


def test_what_a_client_is_called_is_no_markup(make_app, alice):
    """The operator's word is escaped like everybody's."""
    name = "<img src=x onerror=alert(1)>\"'&"
    answer = make_app("--name", name, consent="ask").ask(alice, press=None, state=name).answer
    assert "<img src=x" not in answer.text and "&lt;img" in answer.text
