"""The pages in a real Chromium, with the keyboard alone, and what happens around them."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from chromium import Browser, log_in, press_tab_until
from servers import USERS


# ---- by keyboard ----

def test_logs_in_and_out_with_the_keyboard_alone(browser):
    browser.open("/protected?a=1&b=2")
    assert browser.path.startswith("/login?return_to=")
    assert browser.focused == "username"
    log_in(browser)
    browser.wait_for(lambda: browser.path == "/protected?a=1&b=2")
    assert "alice" in browser.find("main").text
    press_tab_until(browser, "Sign out")
    browser.type(Keys.ENTER)
    browser.wait_for(lambda: browser.path == "/login/goodbye")
    browser.open("/protected")
    assert browser.path.startswith("/login?return_to=")
    assert browser.complaints() == []


def test_the_form_is_walked_in_its_order(browser):
    browser.open("/login")
    walked = [browser.focused]
    for _ in range(3):
        browser.type(Keys.TAB)
        walked.append(browser.focused)
    assert walked == ["username", "password", "remember", "Sign in"]


def test_a_wrong_password_says_so_where_a_screen_reader_finds_it(browser):
    browser.open("/login?return_to=/protected")
    log_in(browser, password="wrong")
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "problem"))
    problem = browser.find("#problem")
    assert problem.get_attribute("role") == "alert" and problem.text
    for field in ("#username", "#password"):
        assert browser.find(field).get_attribute("aria-describedby") == "problem"
        assert browser.find(field).get_attribute("aria-invalid") == "true"
    assert browser.find("#username").get_attribute("value") == "alice"
    assert browser.find("#password").get_attribute("value") == ""
    assert browser.focused == "password"
    browser.type(USERS["alice"][0], Keys.ENTER)
    browser.wait_for(lambda: browser.path == "/protected")


def test_a_space_ticks_keep_me_signed_in(browser):
    browser.open("/login?return_to=/protected")
    browser.type("alice", Keys.TAB, USERS["alice"][0], Keys.TAB, Keys.SPACE, Keys.ENTER)
    browser.wait_for(lambda: browser.path == "/protected")
    assert browser.driver.get_cookie("__Host-doorward")["expiry"]


def test_pasting_a_password_works(browser):
    browser.open("/login?return_to=/protected")
    browser.type(USERS["alice"][0])
    browser.with_control("a", "x")
    assert browser.find("#username").get_attribute("value") == ""
    browser.type(Keys.TAB)
    browser.with_control("v")
    assert browser.find("#password").get_attribute("value") == USERS["alice"][0]


def test_changes_the_password_and_ends_sessions_with_the_keyboard_alone(browser):
    browser.stack.add_user("kim", "herons wade in the shallows")
    show = "herons wade in the shallows"
    for _ in range(2):
        browser.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        browser.open("/login?return_to=/account")
        log_in(browser, "kim", show)
        browser.wait_for(lambda: browser.path == "/account")
    press_tab_until(browser, "Sign out everywhere else")
    browser.type(Keys.ENTER)
    browser.wait_for(lambda: browser.path == "/account?done=others")
    assert "nowhere else" in browser.find("main").text
    press_tab_until(browser, "Change password")
    browser.type(Keys.ENTER)
    browser.wait_for(lambda: browser.focused == "current")
    browser.type(show, Keys.TAB, "otters sleep on their backs", Keys.TAB,
                 "otters sleep on their backs", Keys.ENTER)
    browser.wait_for(lambda: browser.path == "/account?done=password")
    assert browser.find("[role=status]").text
    assert browser.complaints() == []


def test_the_demo_says_who_is_signed_in_and_lets_one_in_and_out(browser):
    browser.open("/")
    browser.wait_for(lambda: browser.find("#hello").text == "You are not signed in.")
    press_tab_until(browser, "in")
    browser.type(Keys.ENTER)
    browser.wait_for(lambda: browser.path == "/login?return_to=/")
    log_in(browser)
    browser.wait_for(lambda: browser.path == "/" and browser.find("#hello").text ==
                     "You are signed in as alice.")
    assert browser.find("#who").text == "alice"
    press_tab_until(browser, "Sign out")
    browser.type(Keys.ENTER)
    browser.wait_for(lambda: browser.path == "/login/goodbye")
    browser.open("/")
    browser.wait_for(lambda: browser.find("#hello").text == "You are not signed in.")


# ---- what happens around it ----

def test_comes_back_without_a_form_when_the_access_token_is_gone(browser):
    browser.open("/login?return_to=/protected")
    log_in(browser)
    browser.wait_for(lambda: browser.path == "/protected")
    browser.driver.delete_cookie("__Host-doorward")
    browser.open("/protected?x=1")
    assert browser.path == "/protected?x=1"
    assert "alice" in browser.find("main").text


@pytest.mark.takes("some twenty tabs are opened")
def test_many_tabs_that_renew_at_once_stay_signed_in(browser):
    """Each without an access token, all with one refresh token, some later than others."""
    browser.open("/login?return_to=/protected")
    log_in(browser)
    browser.wait_for(lambda: browser.path == "/protected")
    first = browser.driver.current_window_handle
    for round_ in range(2):
        browser.driver.delete_cookie("__Host-doorward")
        browser.driver.execute_script(
            "for (let i = 0; i < 12; i++)"
            "  setTimeout(() => window.open('/protected?' + arguments[0] + '.' + i), 25 * i);",
            round_)
        browser.wait_for(lambda: len(browser.driver.window_handles) == 13)
        for handle in browser.driver.window_handles:
            browser.driver.switch_to.window(handle)
            if handle != first:
                browser.wait_for(lambda: browser.path.startswith("/protected"))
                assert "alice" in browser.find("main").text
                browser.driver.close()
        browser.driver.switch_to.window(first)
    browser.driver.delete_cookie("__Host-doorward")
    browser.open("/protected?last")
    assert browser.path == "/protected?last"


def test_a_form_sent_too_late_is_told_that_nothing_was_done(browser):
    browser.open("/login/goodbye")
    browser.driver.execute_script(
        "const f = document.createElement('form'); f.method = 'post'; f.action = '/protected';"
        "document.body.append(f); f.submit();")
    browser.wait_for(lambda: browser.path == "/protected")
    assert "Nothing was changed" in browser.find("h1").text
    browser.shoot("notdone")
    browser.find("a.button").click()
    browser.wait_for(lambda: browser.path.startswith("/login"))


def test_without_cookies_there_is_an_explanation_and_no_loop(browser):
    browser.open("/protected")
    browser.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    log_in(browser)
    browser.wait_for(lambda: "keeps no cookies" in browser.find("h1").text)
    browser.shoot("cookies")


def test_works_without_javascript(stacks):
    browser = Browser(stacks.get("apache", "fastcgi"), scripts=False)
    try:
        browser.open("/protected")
        log_in(browser)
        browser.wait_for(lambda: browser.path == "/protected")
        assert "alice" in browser.find("main").text
    finally:
        browser.close()


@pytest.mark.slow("a browser for each of the other front ends")
@pytest.mark.parametrize("server, mode", [("apache", "cgi"), ("lighttpd", "fastcgi"),
                                          ("lighttpd", "cgi")])
def test_the_whole_way_on_every_other_server(stacks, server, mode):
    browser = Browser(stacks.get(server, mode))
    try:
        browser.open("/protected?a=1")
        log_in(browser)
        browser.wait_for(lambda: browser.path == "/protected?a=1")
        browser.driver.delete_cookie("__Host-doorward")
        browser.open("/account")
        assert browser.path == "/account" and "alice" in browser.find("main").text
        press_tab_until(browser, "Sign out")
        browser.type(Keys.ENTER)
        browser.wait_for(lambda: browser.path == "/login/goodbye")
        browser.open("/account")
        assert browser.path.startswith("/login?return_to=")
        assert browser.complaints() == []
    finally:
        browser.close()


def test_nothing_is_fetched_from_elsewhere_and_nothing_is_stored(browser):
    browser.open("/login")
    fetched = browser.driver.execute_script(
        "return performance.getEntriesByType('resource').map(e => e.name)")
    assert fetched and all(url.startswith(browser.stack.public_url + "/login/") for url in fetched)
    assert browser.driver.execute_script("return document.cookie") == ""
    assert browser.driver.execute_script("return localStorage.length") == 0
