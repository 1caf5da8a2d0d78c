"""The page that asks for consent, and what happens between the page and the click."""

import concurrent.futures
import re
import time

import pytest
import tokens
from client import Client, claims, form_login, hidden_fields
from factor_rows import add_app
from links import PASSWORD, add_user, user_id
from oauth import FROM_ELSEWHERE, App, said, signed_in


@pytest.fixture(name="name")
def _name(apache):
    return add_user(apache)


@pytest.fixture(name="browser")
def _browser(apache, name):
    return signed_in(apache, name, PASSWORD)


def asking(stack, *options, consent="ask", **more):
    return App(stack, *options, consent=consent, **more)


def shown(app, browser, **changes):
    """The page that asks."""
    page = app.ask(browser, press=None, **changes).answer
    assert page.status_code == 200, (page.status_code, page.headers)
    return page


def grants(stack, app):
    return int(stack.sql(f"select count(*) from doorward.oauth_grants where client_id = '{app.id}'"))


def answered(stack, seconds):
    """The stored requests were answered so long ago."""
    stack.sql("update doorward.oauth_requests set answered_at = answered_at"
              f" - interval '{seconds} seconds' where answered_at is not null")


def test_the_page_says_who_asks_for_what_and_where_it_leads(apache, browser, name):
    app = asking(apache, "--name", "Wiki <b>&")
    page = shown(app, browser, scope="openid email")
    for words in ("Let Wiki &lt;b&gt;&amp; in?", f"signed in as {name}", "https://app.example",
                  app.id, "That it is you", "Your e-mail address", "Use another account"):
        assert words in page.text, words
    assert "Your roles" not in page.text and "will not be asked again" not in page.text
    assert page.headers["X-Frame-Options"] == "DENY"
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy and "form-action 'self' https://app.example;" in policy
    assert "no-store" in page.headers["Cache-Control"]


def test_deny_tells_the_client_and_uses_the_request_up(apache, browser):
    app = asking(apache)
    page = shown(app, browser, state="a b")
    back = said(app.press(browser, page, "deny").headers["Location"])
    assert back == {"error": "access_denied", "state": "a b", "iss": apache.public_url,
                    "error_description": back["error_description"]}
    again = app.press(browser, page, "allow")
    assert again.status_code == 410 and "The app is at https://app.example." in again.text
    assert grants(apache, app) == 0


@pytest.mark.parametrize("consent,times", [("ask", 2), ("remember", 1), ("trusted", 0)])
def test_consent_is_asked_as_the_client_is_registered(apache, browser, consent, times):
    app, pages = asking(apache, consent=consent), 0
    for _ in range(2):
        page = app.ask(browser, press=None).answer
        if page.status_code == 200:
            pages += 1
            assert ("will not be asked again" in page.text) == (consent == "remember")
            page = app.press(browser, page, "allow")
        assert "code" in said(page.headers["Location"])
    assert pages == times
    assert shown(app, browser, prompt="consent")


def test_a_consent_covers_fewer_scopes_and_no_more(apache, browser, name):
    app = asking(apache, consent="remember")
    app.press(browser, shown(app, browser, scope="openid email"), "allow")
    assert app.ask(browser, press=None, scope="openid").code
    page = shown(app, browser, scope="openid groups")
    app.press(browser, page, "allow")
    assert app.ask(browser, press=None, scope="openid email groups").code
    apache.sql("delete from doorward.oauth_consents where user_id ="
               f" (select id from doorward.users where name = '{name}')")
    assert app.ask(browser, prompt="none", scope="openid").said["error"] == "consent_required"


# ---- twice, back, at once ----

def test_a_double_click_on_allow_gives_two_good_codes(apache, browser):
    """Browsers show the answer to the second one."""
    app = asking(apache)
    asked = app.ask(browser, press=None)
    page, cookies = asked.answer, browser.cookies
    clones = []
    for _ in range(2):
        clone = Client(apache, browser=True)
        clone.cookies.update(cookies)
        clones.append(clone)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda c: app.press(c, page, "allow"), clones))
    codes = {said(answer.headers["Location"])["code"] for answer in answers}
    assert len(codes) == 2
    for asked.answer in answers:
        assert app.token(asked).status_code == 200


@pytest.mark.parametrize("how", ["press", "open"])
def test_the_back_button_after_consent_meets_a_page_that_says_it_is_over(apache, browser, how):
    app = asking(apache)
    page = shown(app, browser)
    app.press(browser, page, "allow")
    answered(apache, 11)
    if how == "press":
        again = app.press(browser, page, "allow")
    else:
        again = browser.get("/oauth/authorize?id=" + hidden_fields(page.text)["id"])
    assert again.status_code == 410 and "This request is over" in again.text
    assert "The app is at https://app.example." in again.text and "Location" not in again.headers
    assert grants(apache, app) == 1


def test_two_tabs_have_two_requests(apache, browser):
    first, second = asking(apache), asking(apache)
    one, two = shown(first, browser, state="1"), shown(second, browser, state="2")
    assert said(second.press(browser, two, "allow").headers["Location"])["state"] == "2"
    assert said(first.press(browser, one, "allow").headers["Location"])["state"] == "1"


def test_a_browser_has_five_requests_and_the_oldest_goes(apache, browser):
    app = asking(apache)
    pages = [shown(app, browser) for _ in range(6)]
    assert app.press(browser, pages[0], "allow").status_code == 410
    for page in pages[1:]:
        assert "code" in said(app.press(browser, page, "allow").headers["Location"])


def test_whoever_comes_after_too_many_requests_has_to_wait_and_so_has_who_meets_no_database(private_stack):
    stack = private_stack()
    app = asking(stack)
    stack.sql("insert into doorward.oauth_requests (id, browser, client_id, query, leads_to, network,"
              " created_at, ends_at) select gen_random_uuid(), sha256(n::text::bytea),"
              f" '{app.id}', '', 'https://app.example', '10.0.0.0'::inet + n, doorward.now(),"
              " doorward.now() + interval '10 minutes' from generate_series(1, 20000) n")
    answer = app.ask(Client(stack, browser=True)).answer
    assert answer.status_code == 429 and answer.headers["Retry-After"] == "60"
    assert "Too many at once" in answer.text
    stack.sql("update doorward.oauth_requests set ends_at = doorward.now()")
    assert app.ask(Client(stack, browser=True)).answer.status_code == 303
    stack.stop_database()
    answer = app.ask(Client(stack, browser=True)).answer
    assert answer.status_code == 503 and "Location" not in answer.headers


# ---- between the page and the click ----

def test_a_request_that_waited_too_long_is_over(apache, browser):
    app = asking(apache)
    page = shown(app, browser)
    apache.sql("update doorward.oauth_requests set ends_at = doorward.now()"
               f" where client_id = '{app.id}'")
    assert app.press(browser, page, "allow").status_code == 410
    assert grants(apache, app) == 0


def test_a_session_that_ended_meanwhile_allows_nothing(apache, browser):
    app = asking(apache)
    page = shown(app, browser)
    sid = claims(browser.cookies["__Host-doorward"])["sid"]
    apache.sql(f"update doorward.sessions set ends_at = doorward.now() where sid = '{sid}'")
    answer = app.press(browser, page, "allow")
    assert answer.headers["Location"].startswith("/login?return_to=/oauth/authorize%3Fid%3D")
    browser.post("/login/logout")
    assert app.press(browser, page, "allow").status_code == 401
    assert grants(apache, app) == 0


def test_another_user_is_asked_anew(apache, browser):
    app = asking(apache)
    page = shown(app, browser)
    other, name = Client(apache, browser=True), add_user(apache)
    other.cookies.update(browser.cookies)
    fields = hidden_fields(other.get("/login?need=fresh&other=1&return_to=/").text)
    other.post("/login", data={**fields, "username": name, "password": PASSWORD})
    again = app.press(other, page, "allow")
    assert again.status_code == 403 and f"signed in as {name}" in again.text
    assert "Nothing was done yet" in again.text and grants(apache, app) == 0
    assert "code" in said(app.press(other, again, "allow").headers["Location"])


def test_a_client_that_was_removed_meanwhile_gets_nothing(apache, browser):
    app = asking(apache)
    page = shown(app, browser)
    apache.doorward("client", "remove", app.id)
    assert app.press(browser, page, "allow").status_code == 410


def test_an_address_that_was_removed_meanwhile_gets_nothing(apache, browser):
    app = asking(apache)
    page = shown(app, browser)
    apache.doorward("client", "set", app.id, "--redirect", "https://app.example/other")
    answer = app.press(browser, page, "allow")
    assert answer.status_code == 400 and "Location" not in answer.headers
    assert grants(apache, app) == 0


def test_a_role_that_was_taken_meanwhile_allows_nothing(apache, browser, name):
    app = asking(apache, "--role", "member")
    page = shown(app, browser)
    apache.sql(f"update doorward.users set roles = '{{}}' where name = '{name}'")
    answer = app.press(browser, page, "allow")
    assert answer.status_code == 403 and "You cannot use" in answer.text
    assert grants(apache, app) == 0


def test_scopes_that_have_changed_are_shown_again(apache, browser):
    """Nobody allows more than they were shown."""
    app = asking(apache, scope="openid")
    page = shown(app, browser, scope="openid email")
    apache.doorward("client", "set", app.id, "--scope", "openid email")
    again = app.press(browser, page, "allow")
    assert again.status_code == 403 and "Your e-mail address" in again.text
    assert grants(apache, app) == 0


def test_the_page_is_shown_with_a_token_that_holds_until_it_is_sent(apache, browser):
    """In the second half of its life it is renewed first, without a form."""
    app, now = asking(apache), int(time.time())
    own = claims(browser.cookies["__Host-doorward"])
    worn = tokens.make(apache, sub=own["sub"], sid=own["sid"], iat=now - 2000, exp=now + 1600)
    browser.cookies.set("__Host-doorward", worn, domain="localhost.local", path="/", secure=True)
    led = app.ask(browser, press=None).answer
    assert led.headers["Location"].startswith("/login?return_to=/oauth/authorize%3F")
    back = browser.get(led.headers["Location"], headers=FROM_ELSEWHERE)
    assert back.status_code == 303 and browser.cookies["__Host-doorward"] != worn
    page = browser.get(back.headers["Location"], headers=FROM_ELSEWHERE)
    assert "code" in said(app.press(browser, page, "allow").headers["Location"])


# ---- forged and foreign ----

@pytest.mark.parametrize("changes", [{"form_token": None}, {"form_token": "dwf_AAAA"},
                                     {"form_token": ""}])
@pytest.mark.parametrize("button", ["allow", "deny"])
def test_a_form_without_its_token_does_nothing(apache, browser, changes, button):
    app = asking(apache)
    page = shown(app, browser)
    answer = app.press(browser, page, button, **changes)
    assert answer.status_code == 403 and "Nothing was done yet" in answer.text
    assert grants(apache, app) == 0
    assert "code" in said(app.press(browser, page, "allow").headers["Location"])


def test_the_token_of_another_request_is_not_taken(apache, browser):
    app = asking(apache)
    one, two = shown(app, browser), shown(app, browser)
    answer = app.press(browser, one, "allow", form_token=hidden_fields(two.text)["form_token"])
    assert answer.status_code == 403 and grants(apache, app) == 0


@pytest.mark.parametrize("changes,status", [
    ({"do": None}, 400), ({"do": "yes"}, 400), ({"id": None}, 400), ({"id": "x"}, 400),
    ({"id": ["3f0c1d5e-8a77-4b1c-9d2e-5a6b7c8d9e0f"] * 2}, 400),
    ({"id": "3f0c1d5e-8a77-4b1c-9d2e-5a6b7c8d9e0f"}, 410)])
def test_a_form_with_wrong_fields_is_refused(apache, browser, changes, status):
    app = asking(apache)
    assert app.press(browser, shown(app, browser), "allow", **changes).status_code == status
    assert grants(apache, app) == 0


@pytest.mark.parametrize("headers", [
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "null"}, {"Sec-Fetch-Site": "same-site"}])
def test_another_site_cannot_press_allow(apache, browser, headers):
    app = asking(apache)
    fields = {**hidden_fields(shown(app, browser).text), "do": "allow"}
    assert browser.post("/oauth/consent", data=fields, headers=headers).status_code == 403
    assert grants(apache, app) == 0


def test_a_browser_that_lost_the_cookie_meets_a_page_that_explains(apache, browser):
    app = asking(apache)
    page = shown(app, browser)
    browser.cookies.clear(domain="localhost.local", path="/", name="__Host-doorward-oauth")
    answer = app.press(browser, page, "allow")
    assert answer.status_code == 400 and "does not keep cookies" in answer.text
    assert grants(apache, app) == 0


def test_a_good_form_needs_a_session(apache, browser):
    app = asking(apache)
    page = shown(app, browser)
    fields = {**hidden_fields(page.text), "do": "allow"}
    assert Client(apache, browser=True).post("/oauth/consent", data=fields).status_code == 401
    token = browser.cookies["__Host-doorward"]
    assert Client(apache).post("/oauth/consent", data=fields, headers={
        "Authorization": f"Bearer {token}"}).status_code == 401
    assert browser.get("/oauth/consent").status_code == 405


def test_use_another_account_leads_to_the_login_and_back_to_the_question(apache, browser):
    app = asking(apache)
    page = shown(app, browser)
    link = re.search(r'href="(/login\?need=fresh&amp;return_to=[^"]*)"', page.text)[1]
    form = browser.get(link.replace("&amp;", "&"))
    name = add_user(apache)
    answer = browser.post("/login", data={**hidden_fields(form.text), "username": name,
                                          "password": PASSWORD})
    again = browser.get(answer.headers["Location"])
    assert f"signed in as {name}" in again.text
    assert "code" in said(app.press(browser, again, "allow").headers["Location"])


def test_the_cookie_of_the_browser_stays_the_same_for_all_its_requests(apache, browser):
    app = asking(apache)
    shown(app, browser)
    first = browser.cookies["__Host-doorward-oauth"]
    assert "Set-Cookie" not in shown(app, browser).headers
    browser.cookies.set("__Host-doorward-oauth", "planted", domain="localhost.local", path="/",
                        secure=True)
    shown(app, browser)
    assert browser.cookies["__Host-doorward-oauth"] not in (first, "planted")


def test_who_signs_in_twice_by_a_double_click_goes_on(apache):
    """Both answers lead to the same stored request; browsers follow the second one."""
    app, name = asking(apache, consent="trusted"), add_user(apache)
    browser, _ = form_login(apache, name, PASSWORD)
    asked = app.ask(browser, prompt="login")
    page = browser.get(asked.location, headers=FROM_ELSEWHERE)
    fields = {**hidden_fields(page.text), "username": name, "password": PASSWORD}
    for _ in range(2):
        answer = browser.post("/login", data=fields)
        back = browser.get(answer.headers["Location"])
        assert "code" in said(back.headers["Location"])


def test_the_step_up_that_a_client_wishes_for_is_asked_for_once(apache, browser, name):
    app = asking(apache, consent="trusted")
    assert app.ask(browser, acr_values="2fa").code
    add_app(apache, user_id(apache, name))
    asked = app.ask(browser, acr_values="2fa")
    assert asked.location.startswith("/login?need=factor&return_to=/oauth/authorize%3Fid%3D")
    path = "/oauth/authorize?id=" + re.search(r"[0-9a-f-]{36}", asked.location)[0]
    asked.answer = browser.get(path)
    assert asked.code
