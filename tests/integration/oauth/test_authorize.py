"""/oauth/authorize: what a client may ask, and what comes back."""

import base64
import json
import re

import pytest
from client import Client, claims, form_login, hidden_fields, raw_request
from links import PASSWORD, add_user
from oauth import FROM_ELSEWHERE, REDIRECT, App, challenge, said, signed_in, with_query
from servers import USERS

CHALLENGE = challenge("x" * 43)


@pytest.fixture(name="app")
def _app(apache):
    return App(apache)


@pytest.fixture(name="browser")
def _browser(apache):
    return signed_in(apache)


def is_login(answer):
    """The browser is led to the login, and from there to a stored request."""
    return re.fullmatch(r"/login\?(?:need=\w+&)?return_to=/oauth/authorize%3Fid%3D[0-9a-f-]{36}(?:&other=1)?",
                        answer.headers.get("Location", "")) is not None


def stored(answer):
    """The path of the stored request that a redirect to the login names."""
    assert is_login(answer), answer.headers
    return "/oauth/authorize?id=" + re.search(r"[0-9a-f-]{36}", answer.headers["Location"])[0]


def log_in(browser, answer, name="alice", password=None, **fields):
    """From a redirect to the login through its form; the answer to the POST."""
    page = browser.get(answer.headers["Location"], headers=FROM_ELSEWHERE)
    assert page.status_code == 200, page.headers
    return browser.post("/login", data={**hidden_fields(page.text), "username": name,
                                        "password": password or USERS[name][0], **fields})


# ---- what comes back ----

def test_a_person_who_is_signed_in_goes_back_with_a_code_and_the_issuer(apache, app, browser):
    asked = app.ask(browser)
    assert asked.answer.status_code == 303
    assert asked.said == {"code": asked.code, "state": asked.parameters["state"],
                          "iss": apache.public_url}
    assert asked.answer.headers["Cache-Control"] == "no-store"
    assert app.token(asked).status_code == 200


@pytest.mark.parametrize("state", ["a b+c&d=e%25?#/\"'<>\\", "ä€😀", "=" * 300, None, ""])
def test_state_comes_back_byte_for_byte(app, browser, state):
    for changes in {}, {"scope": "root"}:
        asked = app.ask(browser, state=state, **changes)
        assert asked.said.get("state") == (state or None)
        assert ("code" in asked.said) == (not changes)


def test_a_state_of_6_kB_comes_back_through_login_and_consent(apache):
    app, state = App(apache, consent="ask"), "s" * 6000
    browser = Client(apache, browser=True)
    answer = log_in(browser, app.ask(browser, state=state).answer)
    page = browser.get(answer.headers["Location"])
    back = app.press(browser, page, "allow")
    assert said(back.headers["Location"])["state"] == state


def raw_ask(stack, app, browser, tail):
    """A request with these bytes at the end of its query, which no library writes so."""
    path = with_query("/oauth/authorize", {
        "client_id": app.id, "redirect_uri": app.redirect, "response_type": "code",
        "scope": "openid", "code_challenge": CHALLENGE, "code_challenge_method": "S256"})
    cookies = "; ".join(f"{c.name}={c.value}" for c in browser.cookies if c.path == "/")
    answer = raw_request(stack, "GET", path + tail, [("Cookie", cookies)])
    assert answer.status == 303, answer.body
    return said(answer.header("Location")[0])


def test_a_state_too_long_to_come_back_is_a_mistake_of_the_client(apache, app, browser):
    """Three bytes for each of these."""
    assert raw_ask(apache, app, browser, "&state=" + "*" * 2500)["state"] == "*" * 2500
    codes = apache.sql("select count(*) from doorward.oauth_codes")
    back = raw_ask(apache, app, browser, "&state=" + "*" * 3000)
    assert apache.sql("select count(*) from doorward.oauth_codes") == codes
    assert back["error"] == "invalid_request" and "code" not in back and "state" not in back


@pytest.mark.parametrize("redirect,start", [
    ("https://app.example/cb?x=1&y=", "https://app.example/cb?x=1&y=&code="),
    ("https://app.example/cb?", "https://app.example/cb?code="),
    ("http://127.0.0.1/cb", "http://127.0.0.1/cb?code="),
    ("https://app.example", "https://app.example?code="),
])
def test_a_redirect_uri_keeps_the_query_that_it_is_registered_with(apache, browser, redirect, start):
    assert App(apache, redirect=redirect).ask(browser).location.startswith(start)


def test_a_program_on_this_computer_may_listen_on_any_port(apache, browser):
    app = App(apache, redirect="http://127.0.0.1/cb", method="none")
    app.redirect = "http://127.0.0.1:51234/cb"
    asked = app.ask(browser)
    assert asked.location.startswith(app.redirect + "?code=")
    assert app.token(asked).status_code == 200


def test_a_private_scheme_leads_back_into_the_app(apache, browser):
    app = App(apache, redirect="com.example.app:/cb", method="none", consent="ask")
    page = app.ask(browser, press=None).answer
    assert "form-action 'self' com.example.app:;" in page.headers["Content-Security-Policy"]
    assert app.press(browser, page, "allow").headers["Location"].startswith("com.example.app:/cb?code=")


# ---- mistakes of the client ----

@pytest.mark.parametrize("changes,word", [
    ({"client_id": None}, "client_id is missing"),
    ({"client_id": ["a", "a"]}, "client_id is there more than once"),
    ({"client_id": "nobody-knows"}, "“nobody-knows”"),
    ({"client_id": "<b>"}, "“&lt;b&gt;”"),
    ({"redirect_uri": None}, "redirect_uri is missing"),
    ({"redirect_uri": [REDIRECT, REDIRECT]}, "redirect_uri is there more than once"),
    ({"redirect_uri": REDIRECT + "/"}, f"“{REDIRECT}/”"),
    ({"redirect_uri": "javascript:alert(1)"}, "“javascript:alert(1)”"),
])
def test_a_mistake_in_client_or_address_gets_a_page_that_names_it(app, browser, changes, word):
    answer = app.ask(browser, **changes).answer
    assert answer.status_code == 400 and "Location" not in answer.headers
    assert word in answer.text and "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("changes,error", [
    ({"response_type": None}, "invalid_request"),
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"response_mode": "fragment"}, "invalid_request"),
    ({"request": "e30.e30."}, "request_not_supported"),
    ({"request_uri": "https://app.example/r"}, "request_uri_not_supported"),
    ({"registration": "{}"}, "registration_not_supported"),
    ({"scope": None}, "invalid_scope"),
    ({"scope": "root"}, "invalid_scope"),
    ({"code_challenge": None}, "invalid_request"),
    ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
    ({"code_challenge_method": None}, "invalid_request"),
    ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"prompt": "none login"}, "invalid_request"),
    ({"max_age": "soon"}, "invalid_request"),
    ({"nonce": ["a", "b"]}, "invalid_request"),
    ({"nonce": "a\nb"}, "invalid_request"),
    ({"nonce": "n" * 513}, "invalid_request"),
    ({"state": "a\r\nSet-Cookie: x=1"}, "invalid_request"),
    ({"id_token_hint": "a.b.c"}, "invalid_request"),
    ({"x": "y" * 8000}, None),  # the server refuses a request line of this length, or we do
])
@pytest.mark.parametrize("here", [True, False], ids=["signed_in", "nobody"])
def test_every_other_mistake_goes_back_to_the_client(apache, app, changes, error, here):
    browser = signed_in(apache) if here else Client(apache, browser=True)
    asked = app.ask(browser, **changes)
    if error is None:
        assert asked.answer.status_code in (414, 400) or asked.said["error"] == "invalid_request"
        return
    assert asked.answer.status_code == 303 and asked.said["error"] == error
    assert "code" not in asked.said and asked.said["iss"] == apache.public_url
    assert asked.said["state"] == asked.parameters["state"]
    assert re.fullmatch(r"[ !#-\[\]-~]+", asked.said["error_description"])
    assert not re.search(r"[\x00-\x20\x7f-\uffff]", asked.location)
    assert "Set-Cookie" not in asked.answer.headers


@pytest.mark.parametrize("tail", ["&nonce=%zz", "&nonce=%00", "&x=%ff", "&%=1"])
def test_what_cannot_be_decoded_is_told_to_the_client(apache, app, browser, tail):
    back = raw_ask(apache, app, browser, "&state=s" + tail)
    assert (back["error"], back["state"]) == ("invalid_request", "s")


def test_unknown_things_are_ignored(app, browser):
    asked = app.ask(browser, claims="{}", ui_locales="de fr", display="popup", prompt="create",
                    acr_values="urn:x", x=["1", "2"], resource="https://api.example",
                    login_hint="a\x01b", id="3f0c1d5e-8a77-4b1c-9d2e-5a6b7c8d9e0f")
    assert asked.code


def test_scopes_are_cut_to_what_the_client_is_registered_for(apache, browser):
    app = App(apache, scope="openid email")
    assert app.tokens(browser, scope="openid email groups root")["scope"] == "openid email"
    plain = app.tokens(browser, scope="email")
    assert plain["scope"] == "email" and "id_token" not in plain


def test_a_client_that_may_do_without_PKCE_needs_none(apache, browser):
    app = App(apache, "--pkce", "optional")
    none = {"code_challenge": None, "code_challenge_method": None}
    assert app.tokens(browser, **none)["access_token"]
    assert app.ask(browser, code_challenge_method="plain").said["error"] == "invalid_request"


# ---- methods ----

def test_a_POST_is_led_to_itself_as_GET(app, browser):
    """A form of another site brings no cookie; the GET that follows does."""
    parameters = {"client_id": app.id, "redirect_uri": app.redirect, "response_type": "code",
                  "scope": "openid", "state": "a b&ä", "code_challenge": CHALLENGE,
                  "code_challenge_method": "S256"}
    answer = browser.post("/oauth/authorize", data=parameters, headers={
        "Cookie": "", "Sec-Fetch-Site": "cross-site", "Origin": "https://app.example"})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/oauth/authorize?client_id=")
    back = browser.get(answer.headers["Location"], headers=FROM_ELSEWHERE)
    assert said(back.headers["Location"])["state"] == "a b&ä"


@pytest.mark.parametrize("body,kind,status", [
    ("x=" + "y" * 7498, "application/x-www-form-urlencoded", 303),
    ("x=" + "y" * 7499, "application/x-www-form-urlencoded", 413),
    ("{}", "application/json", 415),
    ("x=a\r\nb #\"<>", "application/x-www-form-urlencoded", 303),
])
def test_a_POST_that_is_no_form_or_too_long_is_refused(browser, body, kind, status):
    answer = browser.post("/oauth/authorize", data=body, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert re.fullmatch(r"[!-~]*", answer.headers.get("Location", ""))


def test_a_HEAD_uses_nothing_up(apache, app, browser):
    before = apache.sql("select count(*) from doorward.oauth_grants")
    asked = app.ask(browser)
    answer = browser.head(with_query("/oauth/authorize", asked.parameters), headers=FROM_ELSEWHERE)
    assert answer.status_code == 405 and answer.headers["Allow"] == "GET, POST"
    assert int(apache.sql("select count(*) from doorward.oauth_grants")) == int(before) + 1


# ---- who is here ----

def test_nobody_logs_in_and_then_goes_back_with_a_code(apache, app):
    browser = Client(apache, browser=True)
    asked = app.ask(browser, login_hint="alice")
    assert is_login(asked.answer)
    cookie = asked.answer.headers["Set-Cookie"]
    assert re.fullmatch(r"__Host-doorward-oauth=[\w-]{43}; Path=/; Secure; HttpOnly; SameSite=Lax", cookie)
    answer = log_in(browser, asked.answer)
    assert answer.headers["Location"] == stored(asked.answer)
    asked.answer = browser.get(answer.headers["Location"])
    assert asked.said["state"] == asked.parameters["state"]
    assert app.token(asked).status_code == 200


def test_a_bearer_token_is_nobody_here(apache, app, browser):
    """What decides is the browser's cookie."""
    held = browser.cookies["__Host-doorward"]
    asked = app.ask(Client(apache, browser=True))
    answer = Client(apache, browser=True).get(
        with_query("/oauth/authorize", asked.parameters),
        headers={**FROM_ELSEWHERE, "Authorization": f"Bearer {held}"})
    assert is_login(answer)


def test_a_session_that_is_over_is_nobody(apache, app, browser):
    sid = claims(browser.cookies["__Host-doorward"])["sid"]
    apache.sql(f"update doorward.sessions set ends_at = doorward.now() where sid = '{sid}'")
    assert is_login(app.ask(browser).answer)
    assert app.ask(browser, prompt="none").said["error"] == "login_required"


def test_prompt_none_never_shows_a_page(apache, app, browser):
    nobody = Client(apache, browser=True)
    assert app.ask(nobody, prompt="none").said["error"] == "login_required"
    assert app.ask(browser, prompt="none").code
    asks = App(apache, consent="ask")
    assert asks.ask(browser, prompt="none").said["error"] == "consent_required"
    strict = App(apache, "--role", "admin")
    assert strict.ask(browser, prompt="none").said["error"] == "access_denied"


def test_prompt_none_renews_a_token_that_has_run_out(apache, app, browser):
    """Without a form: the client's page may do this behind its visitor's back."""
    browser.cookies.set("__Host-doorward", "run.out.token", domain="localhost.local", path="/",
                        secure=True)
    asked = app.ask(browser, prompt="none")
    assert asked.location.startswith("/login?need=none&return_to=/oauth/authorize%3Fid%3D")
    renewed = browser.get(asked.location, headers=FROM_ELSEWHERE)
    asked.answer = browser.get(renewed.headers["Location"], headers=FROM_ELSEWHERE)
    assert asked.code
    browser.cookies.clear()
    browser.cookies.set("__Host-doorward", "run.out.token", domain="localhost.local", path="/",
                        secure=True)
    asked = app.ask(browser, prompt="none")
    back = browser.get(asked.location, headers=FROM_ELSEWHERE)
    assert back.status_code == 303 and back.headers["Location"].startswith("/oauth/authorize?id=")
    asked.answer = browser.get(back.headers["Location"], headers=FROM_ELSEWHERE)
    assert asked.said["error"] == "login_required"


def test_need_none_is_for_stored_requests_only(apache):
    for path in "/login?need=none", "/login?need=none&return_to=/protected":
        assert Client(apache, browser=True).get(path).status_code == 400


@pytest.mark.parametrize("changes", [{"prompt": "login"}, {"max_age": "0"},
                                     {"prompt": "select_account"}])
def test_a_new_login_is_asked_for_and_then_enough(app, browser, changes):
    asked = app.ask(browser, **changes)
    assert "need=fresh" in asked.location
    assert ("&other=1" in asked.location) == (changes.get("prompt") == "select_account")
    assert "need=fresh" in browser.get(stored(asked.answer)).headers["Location"]
    answer = log_in(browser, asked.answer)
    asked.answer = browser.get(answer.headers["Location"])
    assert asked.code


def test_max_age_counts_from_the_login(apache, app, browser):
    assert app.ask(browser, max_age="1000").code
    sid = claims(browser.cookies["__Host-doorward"])["sid"]
    apache.sql("update doorward.sessions set auth_time = auth_time - interval '2000 seconds'"
               f" where sid = '{sid}'")
    assert "need=fresh" in app.ask(browser, max_age="1000").location
    assert app.ask(browser, max_age="1000", prompt="none").said["error"] == "login_required"
    assert app.ask(browser, max_age="3000").code


def test_id_token_hint_names_who_has_to_be_here(apache, app, browser):
    mine = app.tokens(browser)["id_token"]
    assert app.ask(browser, id_token_hint=mine).code
    assert app.ask(browser, id_token_hint=mine, prompt="none").code
    other = signed_in(apache, "nobody", "a fish without a bicycle")
    asked = app.ask(other, id_token_hint=mine)
    assert "need=fresh" in asked.location and "&other=1" in asked.location
    assert app.ask(other, id_token_hint=mine, prompt="none").said["error"] == "login_required"
    answer = log_in(other, asked.answer, "nobody")
    asked.answer = other.get(answer.headers["Location"])
    assert asked.said["error"] == "login_required"
    assert App(apache).ask(browser, id_token_hint=mine).said["error"] == "invalid_request"


def test_an_id_token_hint_whose_key_is_gone_says_nothing(app, browser):
    """A client may keep one for years. Where nobody may be asked, nobody is sure to be right."""
    hint = app.tokens(browser)["id_token"].split(".")
    head = json.loads(base64.urlsafe_b64decode(hint[0] + "=="))
    hint[0] = base64.urlsafe_b64encode(json.dumps(dict(head, kid="gone")).encode()).decode()
    old = ".".join([hint[0].rstrip("=")] + hint[1:])
    assert app.ask(browser, id_token_hint=old).code
    assert app.ask(browser, id_token_hint=old, prompt="none").said["error"] == "login_required"



def test_who_may_not_use_the_client_gets_a_page_that_says_so(apache, browser):
    app = App(apache, "--role", "admin", "--name", "Books <i>")
    page = app.ask(browser).answer
    assert page.status_code == 403 and "You cannot use Books &lt;i&gt;" in page.text
    assert "https://app.example" in page.headers["Content-Security-Policy"]
    back = app.press(browser, page, "deny")
    assert said(back.headers["Location"])["error"] == "access_denied"
    root = signed_in(apache, "root", "nine lives of a cat")
    assert app.ask(root).code


def test_the_request_of_one_browser_is_not_for_another(apache, app):
    """The id alone opens nothing: the cookie does."""
    first = Client(apache, browser=True)
    path = stored(app.ask(first).answer)
    name = add_user(apache)
    other, _ = form_login(apache, name, PASSWORD)
    for thief in Client(apache, browser=True), other:
        page = thief.get(path)
        assert page.status_code in (400, 410) and "Location" not in page.headers
