"""The page of apps as it looks in a real Chromium.

Screenshots go to build/screenshots."""

import time

import pytest
from selenium.webdriver.common.keys import Keys

from chromium import SIZES, log_in
from codes import Made, logged_in
from looks import EACH_SCHEME, EACH_SIZE, assert_axe_finds_nothing, assert_looks_right

PASSWORD = "seven quiet herons wading"


def show_none(browser):
    """A new person's page."""
    browser.name = f"looks-{time.monotonic_ns()}"
    browser.stack.add_user(browser.name, PASSWORD, "member")
    browser.open("/login?return_to=/account/apps")
    log_in(browser, browser.name, PASSWORD)
    browser.wait_for(lambda: browser.path == "/account/apps")


def show_list(browser):
    """With an app of each kind."""
    show_none(browser)
    session = logged_in(browser.stack, browser.name, PASSWORD)
    for name, scope in (("The club's cloud", "openid profile email groups offline_access"),
                        ("Wiki", "openid profile")):
        app = Made(browser.stack)
        app.change(name=name)
        app.got(session, scope=scope)
    browser.open("/account/apps")


PAGES = {"apps-none": show_none, "apps": show_list}


@pytest.mark.parametrize("size", EACH_SIZE)
@pytest.mark.parametrize("scheme", EACH_SCHEME)
@pytest.mark.parametrize("page", PAGES)
def test_the_page_of_apps_looks_right(browser, page, scheme, size):
    browser.look(scheme, size)
    PAGES[page](browser)
    assert_looks_right(browser, f"{page}-{scheme}-{size}")


@pytest.mark.slow("axe-core comes from npm's registry")
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_on_the_page_of_apps(browser, npm, size):
    browser.look("light", size)
    show_list(browser)
    assert_axe_finds_nothing(browser, npm)


def test_the_button_beside_an_app_takes_back_that_one(browser):
    show_list(browser)
    button = browser.find(".sessions li:last-child button")
    assert button.get_attribute("aria-label") == "Take back what Wiki may do"
    button.send_keys(Keys.ENTER)
    browser.wait_for(lambda: browser.path == "/account/apps?done=ended")
    left = browser.find(".sessions").text
    assert "The club's cloud" in left and "Wiki" not in left and browser.complaints() == []
