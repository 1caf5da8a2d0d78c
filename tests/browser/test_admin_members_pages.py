"""A file of members and the same to several, in a real Chromium: looks, axe-core, a file that is
chosen, boxes that are ticked."""

import pytest
from selenium.webdriver.common.by import By

from admin import PASSWORD, add_person, new_name, user
from chromium import log_in
from looks import EACH_SCHEME, EACH_SIZE, assert_axe_finds_nothing, assert_looks_right

LONG = "Hubert Blaine Wolfeschlegelsteinhausenbergerdorff"


@pytest.fixture(scope="module", name="site")
def _site(stacks):
    """A site with an admin and some people."""
    stack = stacks.get("apache", "fastcgi")
    stack.admin = add_person(stack, "doorward-admin", name=new_name("adm"))
    stack.mark = new_name("z")
    stack.people = [add_person(stack, "member", name=f"{stack.mark}-{i}", address=True)
                    for i in range(3)]
    return stack


def come_to(browser, site, path):
    """By the login that leads there, as a new browser does."""
    browser.open("/admin")
    if browser.path.startswith("/login"):
        log_in(browser, site.admin, PASSWORD)
        browser.wait_for(lambda: browser.path == "/admin")
    browser.open(path)


def press(browser, do):
    """The button with that value, and wait for the next page."""
    button = browser.find(f"main button[name=do][value={do}]")
    old = browser.find("html").id
    button.click()
    browser.wait_for(lambda: browser.find("html").id != old)


def choose_file(browser, path):
    """Choose it in the form for files, and send that form."""
    field = browser.find("input[type=file]")
    field.send_keys(str(path))
    old = browser.find("html").id
    field.find_element(By.XPATH, "ancestor::form").find_element(By.TAG_NAME, "button").click()
    browser.wait_for(lambda: browser.find("html").id != old)


def shown(browser, site, file):
    """Each page in turn: its name."""
    come_to(browser, site, "/admin/people/import")
    yield "admin-import"
    choose_file(browser, file)
    yield "admin-import-report"
    come_to(browser, site, f"/admin/people?q={site.mark}")
    yield "admin-people-several"
    for box in browser.driver.find_elements(By.CSS_SELECTOR, "tbody input[type=checkbox]"):
        box.click()
    press(browser, "disable")
    yield "admin-many"


@pytest.fixture(name="file")
def _file(site, tmp_path):
    path = tmp_path / "members.csv"
    path.write_text("\ufeffname,address,display_name,roles\r\n"
                    f"{site.mark}-new,{site.mark}-new@example.org,{LONG},member\r\n"
                    f"{site.people[0]},,,member\r\nx,no address,,\r\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("size", EACH_SIZE)
@pytest.mark.parametrize("scheme", EACH_SCHEME)
def test_looks_right(browser, site, file, scheme, size):
    browser.look(scheme, size)
    for name in shown(browser, site, file):
        assert_looks_right(browser, f"{name}-{scheme}-{size}")


@pytest.mark.slow("axe-core reads four pages")
def test_axe_finds_nothing(browser, site, file, npm):
    for _ in shown(browser, site, file):
        assert_axe_finds_nothing(browser, npm)


def test_members_of_a_file_are_added_and_disabled_together(browser, site, file):
    """From the file on the disk to the boxes of the list, without a script."""
    come_to(browser, site, "/admin/people/import")
    choose_file(browser, file)
    assert user(site, f"{site.mark}-new") is None
    press(browser, "import")
    assert user(site, f"{site.mark}-new")["display_name"] == LONG
    browser.open(f"/admin/people?q={site.mark}-new")
    browser.find("tbody input[type=checkbox]").click()
    press(browser, "disable")
    assert not user(site, f"{site.mark}-new")["disabled"]
    press(browser, "confirm")
    assert user(site, f"{site.mark}-new")["disabled"] and browser.complaints() == []
    site.doorward("user", "delete", f"{site.mark}-new", "--yes")
