"""The way to a client of the provider and back to it, in a real Chromium.

Browsers block a redirect after a form unless the page with the form allows it, and that is so for
each page of the way.

The client is a site on 127.0.0.1. The provider is on localhost, so Chromium takes them for
different sites.
"""

import pytest
from selenium.webdriver.common.by import By

from chromium import log_in
from client import Client
from client_site import Site
from looks import EACH_SIZE, assert_looks_right
from oauth import App, Asked, signed_in, with_query
from second import Factors


@pytest.fixture(scope="module", name="site")
def _site():
    site = Site()
    yield site
    site.close()


@pytest.fixture(autouse=True)
def _nothing_seen(site):
    site.seen.clear()


def app_of(chromium, site, consent="trusted", *options):
    """The site as a client of the provider, which shows no page of its own unless it asks."""
    return App(chromium.stack, "--logout", f"{site.url}/bye", *options, redirect=f"{site.url}/callback",
               consent=consent)


def ask(browser, app, **changes):
    """Open the provider's address, as a link of the site does."""
    asked = Asked(app, changes)
    browser.driver.get(browser.stack.public_url + with_query("/oauth/authorize", asked.parameters))
    return asked


def is_back(browser, site, path="/callback"):
    return browser.driver.current_url.startswith(site.url + path)


def arrives(browser, site, asked):
    """The browser is at the client, with an answer to this request."""
    browser.wait_for(lambda: is_back(browser, site))
    said = site.said()
    assert said["state"] == asked.parameters["state"] and said["code"], said
    assert said["iss"] == browser.stack.public_url
    assert browser.complaints() == []
    return said


def test_a_login_ends_at_the_client(browser, site):
    app = app_of(browser, site)
    asked = ask(browser, app)
    assert browser.path.startswith("/login?return_to=")
    assert app.id in browser.find("main").text
    log_in(browser)
    arrives(browser, site, asked)


@pytest.mark.parametrize("size", EACH_SIZE)
def test_the_login_for_a_client_looks_right(browser, site, size):
    browser.look("light", size)
    app = App(browser.stack, "--name", "The wiki of the rowing club", redirect=f"{site.url}/callback")
    ask(browser, app, login_hint="alice@example.org")
    assert browser.find("#username").get_attribute("value") == "alice@example.org"
    assert "The wiki of the rowing club" in browser.find(".lead").text
    assert_looks_right(browser, f"login-for-a-client-light-{size}")


def test_chromium_blocks_the_way_of_a_page_that_does_not_name_the_client(browser, site):
    """Or all of these tests would prove nothing."""
    app = app_of(browser, site)
    ask(browser, app)
    browser.stack.sql("update doorward.oauth_requests set leads_to = 'https://other.example'"
                      f" where client_id = '{app.id}'")
    browser.driver.refresh()
    log_in(browser)
    complaints = []
    browser.wait_for(lambda: complaints.extend(browser.complaints()) or complaints)
    assert "form-action" in complaints[0] and site.seen == []


def test_a_login_after_a_mistake_ends_at_the_client(browser, site):
    asked = ask(browser, app_of(browser, site))
    log_in(browser, password="wrong")
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "problem"))
    browser.find("#password").send_keys("correct horse battery staple\n")
    arrives(browser, site, asked)


def test_a_login_with_a_second_factor_ends_at_the_client(browser, site):
    factors = Factors(browser.stack, "heron", "nine gulls over the harbour")
    try:
        app = app_of(browser, site)
        asked = ask(browser, app)
        log_in(browser, "heron", factors.password)
        browser.wait_for(lambda: browser.path.startswith("/login/mfa"))
        assert app.id in browser.find(".lead").text
        browser.find("#code").send_keys(factors.code() + "\n")
        arrives(browser, site, asked)
    finally:
        browser.stack.sql("delete from doorward.users where name = 'heron'")


def test_a_session_that_proves_one_more_factor_ends_at_the_client(browser, site):
    """acr_values: the factor was added after the login, so the session has proven none."""
    factors = Factors(browser.stack, "heron", "nine gulls over the harbour")
    try:
        for table in "totp", "recovery_codes":
            browser.stack.sql(f"delete from doorward.{table} where user_id = '{factors.user}'")
        browser.open("/login?return_to=/protected")
        log_in(browser, "heron", factors.password)
        browser.wait_for(lambda: browser.path == "/protected")
        factors.add_totp()
        app = app_of(browser, site)
        asked = ask(browser, app, acr_values="2fa")
        assert browser.path.startswith("/login/mfa?need=factor")
        assert app.id in browser.find(".lead").text
        browser.find("#code").send_keys(factors.code() + "\n")
        arrives(browser, site, asked)
    finally:
        browser.stack.sql("delete from doorward.users where name = 'heron'")


def test_a_login_and_a_consent_end_at_the_client(browser, site):
    asked = ask(browser, app_of(browser, site, "ask"))
    log_in(browser)
    browser.wait_for(lambda: browser.path.startswith("/oauth/authorize"))
    browser.find("button[name=do][value=allow]").click()
    arrives(browser, site, asked)


def test_a_refusal_ends_at_the_client_too(browser, site):
    asked = ask(browser, app_of(browser, site, "ask"))
    log_in(browser)
    browser.wait_for(lambda: browser.path.startswith("/oauth/authorize"))
    browser.find("button[name=do][value=deny]").click()
    browser.wait_for(lambda: is_back(browser, site))
    said = site.said()
    assert (said["error"], said["state"]) == ("access_denied", asked.parameters["state"])


def test_a_request_of_six_kilobytes_comes_back_whole(browser, site):
    """Longer than a cookie, and than most of what login could hand on in its address."""
    state = "0123456789" * 600
    asked = ask(browser, app_of(browser, site, "ask"), state=state)
    assert len(with_query("/oauth/authorize", asked.parameters)) > 6000
    log_in(browser)
    browser.wait_for(lambda: browser.path.startswith("/oauth/authorize"))
    browser.find("button[name=do][value=allow]").click()
    arrives(browser, site, asked)


def test_who_is_signed_in_already_sees_no_page(browser, site):
    browser.open("/login?return_to=/protected")
    log_in(browser)
    browser.wait_for(lambda: browser.path == "/protected")
    asked = ask(browser, app_of(browser, site))
    arrives(browser, site, asked)


def test_a_login_that_the_client_wants_fresh_ends_there(browser, site):
    browser.open("/login?return_to=/protected")
    log_in(browser)
    browser.wait_for(lambda: browser.path == "/protected")
    asked = ask(browser, app_of(browser, site), prompt="login")
    browser.wait_for(lambda: browser.path.startswith("/login"))
    browser.find("#password").send_keys("correct horse battery staple\n")
    arrives(browser, site, asked)


def test_a_form_of_the_client_arrives_signed_in(browser, site):
    """A POST of another site brings no cookie that is SameSite=Lax."""
    browser.open("/login?return_to=/protected")
    log_in(browser)
    browser.wait_for(lambda: browser.path == "/protected")
    asked = Asked(app_of(browser, site), {})
    site.form(browser.stack.public_url + "/oauth/authorize", asked.parameters)
    browser.driver.get(site.url + "/")
    browser.find("button").click()
    arrives(browser, site, asked)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_logout_of_the_client_ends_there_and_here(browser, site, method):
    app = app_of(browser, site)
    asked = ask(browser, app, scope="openid")
    log_in(browser)
    code = arrives(browser, site, asked)["code"]
    answer = app.post("/oauth/token", {
        "grant_type": "authorization_code", "code": code, "code_verifier": asked.verifier,
        "redirect_uri": app.redirect})
    site.form(browser.stack.public_url + "/oauth/end-session",
              {"id_token_hint": answer.json()["id_token"], "state": "a b&c",
               "post_logout_redirect_uri": f"{site.url}/bye"}, method)
    browser.driver.get(site.url + "/")
    browser.find("button").click()
    browser.wait_for(lambda: is_back(browser, site, "/bye"))
    assert site.said("/bye") == {"state": "a b&c"}
    browser.open("/protected")
    assert browser.path.startswith("/login?return_to=")
    assert app.refresh(answer.json()).json()["error"] == "invalid_grant"


def test_a_logout_that_the_person_confirms_ends_here(browser, site):
    app = app_of(browser, site)
    asked = ask(browser, app)
    log_in(browser)
    arrives(browser, site, asked)
    browser.open(with_query("/oauth/end-session", {"client_id": app.id,
                                                   "post_logout_redirect_uri": f"{site.url}/bye"}))
    assert app.id in browser.find(".lead").text and "alice" in browser.find("main").text
    browser.find("main button").click()
    browser.wait_for(lambda: browser.path == "/login/goodbye")
    browser.open("/protected")
    assert browser.path.startswith("/login?return_to=")
    assert browser.complaints() == []


# ---- apps on a device: Chromium cannot open their addresses here ----

def test_the_pages_for_an_app_on_a_device_name_its_scheme(browser):
    app = App(browser.stack, redirect="com.example.app:/callback", method="none", consent="ask")
    web = Client(browser.stack, browser=True)
    asked = app.ask(web)
    page = web.get(asked.location)
    assert "form-action 'self' com.example.app:;" in page.headers["Content-Security-Policy"]
    asked = app.ask(signed_in(browser.stack), press=None)
    policy = asked.answer.headers["Content-Security-Policy"]
    assert "form-action 'self' com.example.app:;" in policy
