"""The admin pages about people in a real Chromium: looks, axe-core, the keyboard alone."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from admin import PASSWORD, add_person, new_name
from chromium import log_in, press_tab_until
from looks import EACH_SCHEME, EACH_SIZE, assert_axe_finds_nothing, assert_looks_right

PAGES = {
    "admin-people": "/admin/people",
    "admin-people-none": "/admin/people?q=nobody-has-this",
    "admin-person": "/admin/person?name={person}",
    "admin-person-gone": "/admin/person?name=nobody-has-this",
    "admin-add": "/admin/people/add",
    "admin-invite": "/admin/people/invite",
    "admin-invitations": "/admin/invitations",
}


@pytest.fixture(scope="module", name="site")
def _site(stacks):
    """A site with an admin, people, one of them with a long name, and an address."""
    stack = stacks.get("apache", "fastcgi")
    stack.admin = add_person(stack, "doorward-admin", name=new_name("adm"))
    stack.person = add_person(stack, "member", "editor", name="p" * 60 + new_name(),
                              address=f"{'long-' * 8}{new_name()}@example.org")
    return stack


def come_to(browser, site, path):
    """By the login that leads there, as a new browser does."""
    browser.open("/admin")
    if browser.path.startswith("/login"):
        log_in(browser, site.admin, PASSWORD)
        browser.wait_for(lambda: browser.path == "/admin")
    browser.open(path.format(person=site.person))


def send_wrong(browser, button, field, value):
    """Type what is not right, past what the browser itself holds back."""
    browser.driver.execute_script(
        "const b = document.querySelector(arguments[0]); b.form.noValidate = true;"
        "b.form.elements[arguments[1]].value = arguments[2]; b.click();",
        f"button[value={button}]", field, value)
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "problem"))


def show_problems(browser, site):
    """Each form with what is wrong; yields the name of each page."""
    for name, path, button, field, value in (
            ("admin-person-problem", "/admin/person?name={person}", "role", "roles", "<b>"),
            ("admin-add-problem", "/admin/people/add", "add", "name", "a\u202eb"),
            ("admin-invite-problem", "/admin/people/invite", "invite", "address", "nonsense")):
        come_to(browser, site, path)
        send_wrong(browser, button, field, value)
        yield name


@pytest.mark.takes("ten pages in a real browser")
@pytest.mark.parametrize("size", EACH_SIZE)
@pytest.mark.parametrize("scheme", EACH_SCHEME)
def test_looks_right(browser, site, scheme, size):
    browser.look(scheme, size)
    for name, path in PAGES.items():
        come_to(browser, site, path)
        assert_looks_right(browser, f"{name}-{scheme}-{size}")
    for name in show_problems(browser, site):
        assert_looks_right(browser, f"{name}-{scheme}-{size}")


@pytest.mark.slow("axe-core reads ten pages")
def test_axe_finds_nothing(browser, site, npm):
    for path in PAGES.values():
        come_to(browser, site, path)
        assert_axe_finds_nothing(browser, npm)
    for _ in show_problems(browser, site):
        assert_axe_finds_nothing(browser, npm)


@pytest.mark.takes("signs in and works with a real browser")
def test_the_keyboard_alone_finds_a_person_and_disables_them(browser, site):
    name = add_person(site, "member")
    come_to(browser, site, "/admin/people")
    press_tab_until(browser, "q")
    browser.type(name, Keys.ENTER)
    browser.wait_for(lambda: f"q={name}" in browser.path)
    browser.driver.find_element(By.LINK_TEXT, name).send_keys(Keys.ENTER)
    browser.wait_for(lambda: browser.path == f"/admin/person?name={name}")
    browser.find("button[value=disable]").send_keys(Keys.ENTER)
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, "[role=status]"))
    assert browser.find("button[value=enable]") and browser.complaints() == []
