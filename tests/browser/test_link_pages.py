"""In a real Chromium: a forgotten password and a registration from the form to the account, with
the keyboard alone, and the pages behind links as they look."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from chromium import Browser
from client import json_login
from links import NEW, add_user, make_link, new_id
from mails import mails_in
from servers import end_stack, start_stack
from test_looks import CONTRAST, EACH_SCHEME, EACH_SIZE


@pytest.fixture(scope="module", name="site")
def _site():
    stack = start_stack("apache", "fastcgi", registration="open", registration_domains="example.org")
    yield stack
    end_stack(stack)


@pytest.fixture(scope="module", name="chromium")
def _chromium(site):
    browser = Browser(site)
    yield browser
    browser.close()


def newest_link(stack, address):
    """The address in the newest mail to a mailbox, without the site."""
    stack.doorward("mail", "send")
    mail = [m for m in mails_in(f"{stack.directory}/mail") if m.to == address and m.link][-1]
    return mail.link[len(stack.public_url):]


def heading_is(browser, text):
    """Until the page says so."""
    browser.wait_for(lambda: browser.find("h1").text == text)


def test_a_new_password_is_chosen_with_the_keyboard_alone(site, browser):
    name = add_user(site)
    browser.open("/login")
    browser.find("a[href='/account/forgot']").send_keys(Keys.ENTER)
    browser.wait_for(lambda: browser.focused == "who")
    browser.type(name, Keys.ENTER)
    heading_is(browser, "Check your mail")
    browser.open(newest_link(site, f"{name}@example.org"))
    assert browser.path == "/account/link"  # the secret is in the address bar no more
    browser.wait_for(lambda: browser.focused == "password")
    browser.type("short", Keys.TAB, "short", Keys.ENTER)
    browser.wait_for(lambda: "too short" in browser.find("#problem").text)
    browser.type(NEW, Keys.TAB, NEW, Keys.ENTER)
    browser.wait_for(lambda: "new password is set" in browser.find("[role=status]").text)
    browser.type(name, Keys.TAB, NEW, Keys.ENTER)
    browser.wait_for(lambda: browser.path == "/")
    assert browser.complaints() == []


def test_an_account_is_made_with_the_keyboard_alone(site, browser):
    name = f"n{new_id()[:8]}"
    browser.open("/login")
    browser.find("a[href='/account/register']").send_keys(Keys.ENTER)
    browser.wait_for(lambda: browser.focused == "address")
    browser.type(f"{name}@example.org", Keys.ENTER)
    heading_is(browser, "Check your mail")
    browser.fresh()  # the mail is read elsewhere
    browser.open(newest_link(site, f"{name}@example.org"))
    browser.wait_for(lambda: browser.focused == "username")
    browser.type("alice", Keys.TAB, NEW, Keys.TAB, NEW, Keys.ENTER)
    browser.wait_for(lambda: "taken" in browser.find("#problem").text)
    browser.find("#username").clear()
    browser.find("#username").send_keys(name, Keys.TAB, NEW, Keys.TAB, NEW, Keys.ENTER)
    browser.wait_for(lambda: "account is ready" in browser.find("[role=status]").text)
    assert json_login(site, name, NEW).status_code == 200


def test_back_after_a_use_asks_to_open_the_link_once_more(site, browser):
    browser.open(f"/account/link?token={make_link(site, 'reset', add_user(site))}")
    browser.find("#password").send_keys(NEW, Keys.TAB, NEW, Keys.ENTER)
    browser.wait_for(lambda: browser.path.startswith("/login"))
    browser.driver.back()
    heading_is(browser, "Open the link again")


# ---- looks ----

def show(path):
    """A page that is just opened."""
    return lambda site, browser: browser.open(path)


def show_link(kind, **data):
    """The form behind a link."""
    def opened(site, browser):
        user = None if kind == "invite" else add_user(site)
        browser.open(f"/account/link?token={make_link(site, kind, user, **data)}")
    return opened


def with_problem(opened, *keys):
    """The same after what was typed is refused."""
    def refused(site, browser):
        opened(site, browser)
        fields = browser.driver.find_elements(By.CSS_SELECTOR, "input[name]:not([type=hidden])")
        for field, text in zip(fields, keys):
            field.send_keys(text)
        browser.find("main button[type=submit]").click()
        browser.wait_for(lambda: browser.driver.find_elements(By.ID, "problem"))
    return refused


def show_used(site, browser):
    """A link that was used."""
    ticket = make_link(site, "reset", add_user(site))
    site.sql("update doorward.links set uses_left = 0")
    browser.open(f"/account/link?token={ticket}")


INVITE = show_link("invite", address="a-rather-long-name.of-somebody@example.org", self=True)
PAGES = {
    "login-links": show("/login"), "login-welcome": show("/login?done=welcome"),
    "forgot": show("/account/forgot"), "forgot-sent": show("/account/forgot?done=sent"),
    "forgot-problem": with_problem(show("/account/forgot")),
    "register": show("/account/register"),
    "register-problem": with_problem(show("/account/register"), "ann@else.example"),
    "link-register": INVITE,
    "link-register-problem": with_problem(INVITE, "Ann", NEW, NEW),
    "link-invite": show_link("invite"), "link-reset": show_link("reset"),
    "link-reset-problem": with_problem(show_link("reset"), "short", "short"),
    "link-verify": show_link("verify", address="new@example.org"),
    "link-undo": show_link("undo-address", address="old@example.org"),
    "link-used": show_used, "link-cut": show("/account/link?token=dwp_x"),
    "link-none": show("/account/link"), "link-undone": show("/account/link?done=undo"),
}


@pytest.mark.parametrize("size", EACH_SIZE)
@pytest.mark.parametrize("scheme", EACH_SCHEME)
@pytest.mark.parametrize("page", PAGES)
def test_looks_right(site, browser, page, scheme, size):
    browser.look(scheme, size)
    PAGES[page](site, browser)
    browser.shoot(f"{page}-{scheme}-{size}")
    assert browser.driver.execute_script(
        "return document.documentElement.scrollWidth <= window.innerWidth")
    ratio, element = browser.driver.execute_script(CONTRAST)
    assert ratio >= 4.5, f"contrast {ratio:.2f}: {element}"
    assert len(browser.driver.find_elements(By.TAG_NAME, "h1")) == 1
    for control in browser.driver.find_elements(By.CSS_SELECTOR, "input:not([type=hidden]), button"):
        assert control.accessible_name and control.size["height"] >= 20
    assert browser.complaints() == []
