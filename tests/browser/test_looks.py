"""The pages as they look in a real Chromium: light and dark, phone and desktop.

Screenshots of every page go to build/screenshots."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from chromium import SIZES, Browser, log_in
from looks import CONTRAST, EACH_SCHEME, EACH_SIZE, assert_axe_finds_nothing, assert_looks_right
from oauth import App, Asked, with_query
from servers import USERS, end_stack, start_stack

SHIFT = """
const done = arguments[0];
let sum = 0;
new PerformanceObserver(l => { for (const e of l.getEntries()) sum += e.value; })
  .observe({type: 'layout-shift', buffered: true});
setTimeout(() => done(sum), 300);
"""


def show_login(browser):
    browser.open("/login")


def show_login_with_problem(browser):
    browser.open("/login")
    log_in(browser, password="wrong")
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "problem"))


def show_protected(browser):
    browser.open("/login?return_to=/protected")
    log_in(browser)
    browser.wait_for(lambda: browser.path == "/protected")


def show_goodbye(browser):
    browser.open("/login/goodbye")


def show_end_session(browser):
    """With what is wrong with the client's request."""
    show_protected(browser)
    browser.open("/oauth/end-session?client_id=nobody")


def open_app(browser, *options, **changes):
    """What an app leads to, with alice signed in."""
    show_protected(browser)
    app = App(browser.stack, "--name", "The wiki of the rowing club", *options, consent="remember")
    browser.open(with_query("/oauth/authorize", Asked(app, changes).parameters))


def show_consent(browser):
    open_app(browser)
    assert browser.find("main form")


def show_consent_with_problem(browser):
    show_consent(browser)
    browser.driver.execute_script("document.querySelector('[name=form_token]').value = 'old'")
    browser.find("button[value=allow]").click()
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "problem"))


def show_app_forbidden(browser):
    open_app(browser, "--role", "admin")


def show_app_mistake(browser):
    open_app(browser, redirect_uri="https://app.example/a-long-address-that-nobody-registered")


def show_app_over(browser):
    open_app(browser)
    browser.open("/oauth/authorize?id=3f0c1d5e-8a77-4b1c-9d2e-5a6b7c8d9e0f")


def show_not_found(browser):
    browser.open("/login/nowhere")


def show_account(browser):
    for _ in range(2):
        browser.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        browser.open("/login?return_to=/account")
        log_in(browser)
        browser.wait_for(lambda: browser.path == "/account")


def show_password(browser):
    browser.open("/login?return_to=/account/password")
    log_in(browser)
    browser.wait_for(lambda: browser.path == "/account/password")


def show_password_with_problem(browser):
    show_password(browser)
    browser.type("wrong", Keys.TAB, "password1", Keys.TAB, "password1", Keys.ENTER)
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "problem"))


def show_of_account(browser, page):
    """A page that a fresh login leads to."""
    browser.open(f"/login?return_to=/account/{page}")
    log_in(browser)
    browser.wait_for(lambda: browser.path == f"/account/{page}")


def send_as_it_is(browser):
    """The page's own form, which the browser itself would hold back."""
    browser.driver.execute_script(
        "const f = document.querySelector('main form'); f.noValidate = true; f.requestSubmit();")
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "problem"))


def show_profile(browser):
    show_of_account(browser, "profile")


def show_profile_with_problem(browser):
    show_profile(browser)
    browser.driver.execute_script(
        "document.querySelector('#display_name').value = 'a\u202eb'")
    send_as_it_is(browser)


def show_address(browser):
    show_of_account(browser, "address")


def show_address_with_problem(browser):
    show_address(browser)
    browser.type("no address")
    send_as_it_is(browser)


def show_delete(browser):
    show_of_account(browser, "delete")


def show_delete_with_problem(browser):
    show_delete(browser)
    send_as_it_is(browser)


def show_gone(browser):
    browser.open("/account/gone")


def show_login_again(browser):
    show_account(browser)
    browser.open("/login?need=fresh&return_to=/account")


def show_forbidden(browser):
    browser.open("/login?return_to=/members/admin/")
    log_in(browser)
    browser.wait_for(lambda: browser.path == "/members/admin/")


def show_not_done(browser):
    browser.open("/login/goodbye")
    browser.driver.execute_script(
        "const f = document.createElement('form'); f.method = 'post'; f.action = '/protected';"
        "document.body.append(f); f.submit();")
    browser.wait_for(lambda: browser.path == "/protected")


def show_no_cookies(browser):
    browser.open("/login")
    browser.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    log_in(browser)
    browser.wait_for(lambda: "cookies" in browser.find("h1").text)


def show_account_page(name):
    """A page of the account that is opened by itself."""
    def show(browser):
        browser.open(f"/login?return_to=/account/{name}")
        log_in(browser)
        browser.wait_for(lambda: browser.path == f"/account/{name}")
    return show


def show_forgot(browser):
    browser.open("/account/forgot")


def show_forgot_with_problem(browser):
    browser.open("/account/forgot")
    browser.driver.execute_script("document.querySelector('main form').noValidate = true")
    browser.wait_for(lambda: browser.focused == "who")
    browser.type(Keys.ENTER)
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "problem"))


def show_bad_link(browser):
    browser.open("/account/link?token=nonsense")


def show_demo(browser):
    browser.open("/")
    browser.wait_for(lambda: "not signed in" in browser.find("#hello").text)


def show_demo_members(browser):
    browser.open("/members/")
    if browser.path.startswith("/login"):
        log_in(browser)
    browser.wait_for(lambda: "as alice" in browser.find("#hello").text)


def show_servers_not_found(browser):
    browser.open("/nowhere")


PAGES = {"login": show_login, "login-problem": show_login_with_problem,
         "account": show_account, "password": show_password,
         "password-problem": show_password_with_problem,
         "profile": show_profile, "profile-problem": show_profile_with_problem,
         "address": show_address, "address-problem": show_address_with_problem,
         "delete": show_delete, "delete-problem": show_delete_with_problem, "gone": show_gone,
         "protected": show_protected, "goodbye": show_goodbye, "not-found": show_not_found,
         "end-session": show_end_session, "consent": show_consent,
         "consent-problem": show_consent_with_problem, "app-forbidden": show_app_forbidden,
         "app-mistake": show_app_mistake, "app-over": show_app_over,
         "login-again": show_login_again, "forbidden": show_forbidden, "not-done": show_not_done,
         "profile": show_account_page("profile"), "address": show_account_page("address"),
         "delete": show_account_page("delete"), "forgot": show_forgot,
         "forgot-problem": show_forgot_with_problem, "bad-link": show_bad_link,
         "no-cookies": show_no_cookies, "demo": show_demo, "demo-members": show_demo_members,
         "servers-not-found": show_servers_not_found}


def least_shift(browser, page):
    """How far the page moves while it loads. Where it moves by itself it does so each time; a busy
    machine may have Chromium paint half of a page once."""
    shift = browser.driver.execute_async_script(SHIFT)
    for _ in range(3):
        if shift == 0:
            break
        PAGES[page](browser)
        shift = browser.driver.execute_async_script(SHIFT)
    return shift


@pytest.mark.parametrize("size", EACH_SIZE)
@pytest.mark.parametrize("scheme", EACH_SCHEME)
@pytest.mark.parametrize("page", PAGES)
def test_looks_right(browser, page, scheme, size):
    browser.look(scheme, size)
    PAGES[page](browser)
    assert_looks_right(browser, f"{page}-{scheme}-{size}")
    assert least_shift(browser, page) == 0


@pytest.mark.parametrize("size", EACH_SIZE)
@pytest.mark.parametrize("page", ["demo", "demo-members"])
def test_the_demo_does_not_move_when_it_learns_late_who_is_signed_in(browser, page, size):
    browser.look("light", size)
    show_demo_members(browser)
    with browser.slow_network(400):
        browser.open("/" if page == "demo" else "/members/")
        assert browser.find("#hello").text.strip() == ""
        browser.wait_for(lambda: "as alice" in browser.find("#hello").text)
    assert browser.driver.execute_async_script(SHIFT) == 0


@pytest.mark.parametrize("scheme", EACH_SCHEME)
@pytest.mark.parametrize("page", ["login", "account", "password"])
def test_every_control_has_a_name_a_size_and_a_visible_focus(browser, page, scheme):
    browser.look(scheme, "phone")
    PAGES[page](browser)
    seen = []
    for element in browser.driver.find_elements(By.CSS_SELECTOR,
                                                "input:not([type=hidden]), button"):
        assert element.accessible_name
        assert element.size["height"] >= 20
        kind = [element.get_attribute(name) for name in ("type", "name", "class")]
        if kind in seen:  # each session has such a button
            continue
        seen.append(kind)
        browser.driver.execute_script("arguments[0].blur()", element)
        before = element.value_of_css_property("outline-style")
        element.send_keys(Keys.NULL)
        browser.driver.execute_script("arguments[0].focus({focusVisible: true})", element)
        assert before == "none"
        assert element.value_of_css_property("outline-style") == "solid"
        assert int(element.value_of_css_property("outline-width")[:-2]) >= 2


def test_text_twice_as_large_still_fits_a_phone(browser):
    browser.look("light", "phone")
    browser.open("/login")
    browser.driver.execute_script("document.documentElement.style.fontSize = '200%'")
    assert browser.driver.execute_script(
        "return document.documentElement.scrollWidth <= window.innerWidth")
    browser.shoot("login-large-text")


def test_the_title_says_that_something_is_wrong_and_the_focus_is_where(browser):
    show_login_with_problem(browser)
    assert browser.driver.title == "Error: Sign in · Doorward demo"
    assert browser.focused == "password"
    show_password(browser)
    assert browser.driver.title == "Change password · Doorward demo"
    browser.type(USERS["alice"][0], Keys.TAB, "password1", Keys.TAB, "password1", Keys.ENTER)
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "problem"))
    assert browser.driver.title.startswith("Error: ")
    assert browser.focused == "next"


def test_a_new_password_that_is_too_short_is_not_sent_and_nothing_is_lost(browser):
    """The browser itself says so; what was typed stays where it is."""
    show_password(browser)
    browser.type("my current one", Keys.TAB, "short", Keys.TAB, "short", Keys.ENTER)
    assert browser.find("#current").get_attribute("value") == "my current one"
    assert browser.focused == "next" and not browser.driver.find_elements(By.ID, "problem")


def test_a_long_page_has_one_background_from_top_to_bottom(browser):
    """No picture that ends, or is seen anew, after the first screen."""
    show_account(browser)
    assert browser.driver.execute_script(
        "return getComputedStyle(document.documentElement).backgroundImage") == "none"
    assert browser.driver.execute_script(
        "return getComputedStyle(document.body).backgroundImage") == "none"


@pytest.fixture(scope="module", name="branded")
def _branded():
    """A site with an accent that nobody could read on white, and a logo with its own style."""
    stack = start_stack("apache", "fastcgi", accent="#ffe600", logo="logo.svg",
                        help_url="/help", imprint_url="/imprint")
    with open(f"{stack.directory}/logo.svg", "w", encoding="utf-8") as f:
        f.write('<svg xmlns="http://www.w3.org/2000/svg" width="300" height="60">'
                '<style>rect { fill: #c2185b }</style><rect width="300" height="60"/></svg>')
    stack.stop_web()
    stack.start_web()
    browser = Browser(stack)
    yield browser
    browser.close()
    end_stack(stack)


@pytest.mark.takes("a site of its own")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", ["login", "account"])
def test_logo_and_accent_can_be_seen_and_read(branded, page, scheme):
    branded.fresh()
    branded.look(scheme, "phone")
    PAGES[page](branded)
    branded.shoot(f"branded-{page}-{scheme}")
    ratio, element = branded.driver.execute_script(CONTRAST)
    assert ratio >= 4.5, f"contrast {ratio:.2f}: {element}"
    width, height = branded.driver.execute_script(
        "const logo = document.querySelector('img.logo');"
        "return [logo.naturalWidth, logo.getBoundingClientRect().height]")
    assert width == 300 and height > 20
    assert [a.text for a in branded.driver.find_elements(By.CSS_SELECTOR, ".foot a")] == [
        "Start page", "Help", "Legal notice"]
    assert branded.complaints() == []


@pytest.mark.slow("axe-core comes from npm's registry")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing(browser, npm, page, scheme, size):
    """WCAG 2.2 A and AA and the good practices, as axe-core knows them."""
    browser.look(scheme, size)
    PAGES[page](browser)
    assert_axe_finds_nothing(browser, npm)
