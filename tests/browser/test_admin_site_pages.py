"""The admin pages about the whole site in a real Chromium: looks, axe-core, the keyboard."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from admin import PASSWORD, add_person, new_name
from chromium import log_in, press_tab_until
from client import form_login
from looks import EACH_SCHEME, EACH_SIZE, assert_axe_finds_nothing, assert_looks_right

# Each page, and what makes it show what is wrong.
PAGES = {
    "admin": "/admin",
    "admin-roles": "/admin/roles",
    "admin-explain": "/admin/roles/explain",
    "admin-explain-answer": "/admin/roles/explain?address=/members/admin/&method=GET",
    "admin-explain-problem": "/admin/roles/explain?person=nobody&address=/members/",
    "admin-audit": "/admin/audit",
    "admin-audit-problem": "/admin/audit?since=yesterday",
    "admin-logins": "/admin/logins",
    "admin-throttled": "/admin/throttled",
    "admin-status": "/admin/status",
}


@pytest.fixture(scope="module", name="site")
def _site(stacks):
    """A site where something has happened: an admin, people, and somebody who has to wait."""
    stack = stacks.get("apache", "fastcgi")
    stack.admin = add_person(stack, "doorward-admin", name=new_name("adm"))
    for _ in range(3):
        add_person(stack, "member", "admin")
    waiting = add_person(stack, "member", name="a" * 60 + new_name())
    for _ in range(11):
        form_login(stack, waiting, "wrong")
    yield stack
    stack.doorward("user", "unlock", waiting)


def come_to(browser, site, path):
    """By the login that leads there, as a new browser does."""
    browser.open("/admin")
    if browser.path.startswith("/login"):
        log_in(browser, site.admin, PASSWORD)
        browser.wait_for(lambda: browser.path == "/admin")
    browser.open(path)


@pytest.mark.takes("ten pages in a real browser")
@pytest.mark.parametrize("size", EACH_SIZE)
@pytest.mark.parametrize("scheme", EACH_SCHEME)
def test_looks_right(browser, site, scheme, size):
    browser.look(scheme, size)
    for name, path in PAGES.items():
        come_to(browser, site, path)
        assert_looks_right(browser, f"{name}-{scheme}-{size}")


@pytest.mark.slow("axe-core reads ten pages")
def test_axe_finds_nothing(browser, site, npm):
    for path in PAGES.values():
        come_to(browser, site, path)
        assert_axe_finds_nothing(browser, npm)


@pytest.mark.takes("signs in and works with a real browser")
def test_the_keyboard_alone_searches_explains_and_unlocks(browser, site):
    come_to(browser, site, "/admin/audit")
    press_tab_until(browser, "person")
    browser.type(site.admin, Keys.ENTER)
    browser.wait_for(lambda: f"person={site.admin}" in browser.path)
    assert site.admin in browser.find("tbody").text
    browser.open("/admin/roles/explain")
    press_tab_until(browser, "person")
    browser.type(site.admin, Keys.TAB, "/members/admin/", Keys.ENTER)
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, "[role=status]"))
    assert "A role is missing" in browser.find("[role=status]").text
    name = add_person(site, "member")
    for _ in range(11):
        form_login(site, name, "wrong")
    browser.open("/admin/throttled")
    button = browser.find(f"button[aria-label='Unlock {name}']")
    button.send_keys(Keys.ENTER)
    browser.wait_for(lambda: "done=unlocked" in browser.path)
    assert name not in browser.find("tbody").text and browser.complaints() == []
