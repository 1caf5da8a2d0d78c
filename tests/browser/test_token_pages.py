"""The pages of tokens for programs as they look in a real Chromium.

Screenshots go to build/screenshots."""

import time

import pytest
from selenium.webdriver.common.keys import Keys

from chromium import SIZES, log_in
from looks import EACH_SCHEME, EACH_SIZE, assert_axe_finds_nothing, assert_looks_right

PASSWORD = "seven quiet herons wading"


def show_form(browser):
    """A new person's page, with no token yet."""
    name = f"looks-{time.monotonic_ns()}"
    browser.stack.add_user(name, PASSWORD, "member", "a-role-with-a-rather-long-name.of-the-site:one")
    browser.open("/login?return_to=/account/tokens")
    log_in(browser, name, PASSWORD)
    browser.wait_for(lambda: browser.path == "/account/tokens")


def fill(browser, prefix=""):
    """The form, sent with the keyboard."""
    browser.find("#label").send_keys("Nightly backup of the shared calendar")
    browser.find("input[name=role]").send_keys(Keys.SPACE)
    browser.find("#prefix").send_keys(prefix, Keys.ENTER)
    browser.wait_for(lambda: browser.path == "/login/token")


def show_made(browser):
    show_form(browser)
    fill(browser, "/members")


def show_problem(browser):
    show_form(browser)
    fill(browser, "/a//b")


def show_list(browser):
    show_made(browser)
    browser.find("a.button").click()
    browser.wait_for(lambda: browser.path == "/account/tokens")


PAGES = {"tokens-none": show_form, "token-made": show_made, "token-problem": show_problem,
         "tokens": show_list}


@pytest.mark.parametrize("size", EACH_SIZE)
@pytest.mark.parametrize("scheme", EACH_SCHEME)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_tokens_looks_right(browser, page, scheme, size):
    browser.look(scheme, size)
    PAGES[page](browser)
    assert_looks_right(browser, f"{page}-{scheme}-{size}")


@pytest.mark.slow("axe-core comes from npm's registry")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_on_a_page_of_tokens(browser, npm, page, size):
    browser.look("light", size)
    PAGES[page](browser)
    assert_axe_finds_nothing(browser, npm)


def test_a_token_is_copied_as_a_whole_and_ended_by_its_button(browser):
    """All of it is in the field, which has the focus."""
    show_made(browser)
    assert browser.focused == "token"
    shown = browser.find("#token").get_property("value")
    assert len(shown.split(".")) == 3 and shown == shown.strip()
    browser.find("a.button").click()
    browser.wait_for(lambda: browser.path == "/account/tokens")
    assert "Nightly backup" in browser.find(".sessions").text
    browser.find(".sessions button").send_keys(Keys.ENTER)
    browser.wait_for(lambda: browser.path == "/account/tokens?done=ended")
    assert "Nightly backup" not in browser.find("main").text and browser.complaints() == []


def test_larger_text_still_fits_a_phone_on_the_page_of_tokens(browser):
    browser.look("light", "phone")
    show_list(browser)
    browser.driver.execute_script("document.documentElement.style.fontSize = '200%'")
    assert browser.driver.execute_script(
        "return document.documentElement.scrollWidth <= window.innerWidth")
