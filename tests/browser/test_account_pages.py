"""The account in a real Chromium, with the keyboard alone: another display name, and leaving."""

import time

import pytest
from selenium.webdriver.common.keys import Keys

from chromium import log_in, press_tab_until

PASSWORD = "seven quiet herons wading"


@pytest.fixture(name="ann")
def _ann(stacks):
    """A user of this test."""
    name = f"browser-{time.monotonic_ns()}"
    stacks.get("apache", "fastcgi").add_user(name, PASSWORD, "member")
    return name


def come_to(browser, name, path):
    """By the login that leads there."""
    browser.open(f"/login?return_to={path}")
    log_in(browser, name, PASSWORD)
    browser.wait_for(lambda: browser.path == path)


def test_a_display_name_is_saved_and_shown(browser, ann):
    come_to(browser, ann, "/account/profile")
    press_tab_until(browser, "display_name")
    browser.type("Ann of Example", Keys.ENTER)
    browser.wait_for(lambda: browser.path == "/account?done=profile")
    assert "Ann of Example" in browser.find("dl.facts").text
    assert "changed" in browser.find("[role=status]").text
    assert browser.complaints() == []


def test_who_ticks_the_box_leaves_and_who_does_not_stays(browser, ann):
    """The browser itself holds back a form whose box is not ticked."""
    come_to(browser, ann, "/account/delete")
    browser.find("main form button").send_keys(Keys.ENTER)
    assert browser.path == "/account/delete" and browser.focused == "sure"
    browser.type(Keys.SPACE, Keys.TAB, Keys.ENTER)
    browser.wait_for(lambda: browser.path == "/account/gone")
    assert "deleted" in browser.find("h1").text
    browser.open("/account")
    assert browser.path.startswith("/login?") and browser.complaints() == []
