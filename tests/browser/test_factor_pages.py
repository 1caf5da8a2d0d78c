"""The pages of second factors as they look in a real Chromium.

Screenshots go to build/screenshots."""

import time

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from chromium import SIZES, log_in
from factor_rows import add_passkey, prove
from looks import EACH_SCHEME, EACH_SIZE, assert_axe_finds_nothing, assert_looks_right
from second import Factors, code

PASSWORD = "seven quiet herons wading"


def new_person(browser):
    """With an app, recovery codes and two passkeys that no device has."""
    person = Factors(browser.stack, f"looks-{time.monotonic_ns()}", PASSWORD, ["member"])
    add_passkey(browser.stack, person.user, "A blue key on the ring")
    add_passkey(browser.stack, person.user, "Phone", synced=True, rp_id="old.example.org")
    return person


def come_to_code(browser, path="/account"):
    """The password was right."""
    person = new_person(browser)
    browser.open(f"/login?return_to={path}")
    log_in(browser, person.name, PASSWORD)
    browser.wait_for(lambda: browser.path.startswith("/login/mfa"))
    browser.wait_for(lambda: browser.focused == "code")
    return person


def come_to(browser, path):
    """By password and code."""
    person = come_to_code(browser, path)
    browser.type(person.code(), Keys.ENTER)
    browser.wait_for(lambda: browser.path == path)
    return person


def show_code(browser):
    come_to_code(browser)


def show_code_with_problem(browser):
    come_to_code(browser)
    browser.type("000000", Keys.ENTER)
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "problem"))


def open_recovery(browser):
    """The field for a recovery code."""
    person = come_to_code(browser)
    browser.find("details summary").click()
    browser.find("#recovery_code").click()
    return person


def show_recovery(browser):
    open_recovery(browser)


def show_recovery_with_problem(browser):
    open_recovery(browser)
    browser.type("aaaa-aaaa-aaaa-aaaa", Keys.ENTER)
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "problem"))


def show_codes_left(browser):
    person = open_recovery(browser)
    browser.type(person.recovery[0], Keys.ENTER)
    browser.wait_for(lambda: "9" in browser.find("main").text)


def show_account(browser):
    come_to(browser, "/account")


def show_factors(browser):
    come_to(browser, "/account/factors")


def show_no_factors(browser):
    name = f"looks-{time.monotonic_ns()}"
    browser.stack.add_user(name, PASSWORD, "member")
    browser.open("/login?return_to=/account/factors")
    log_in(browser, name, PASSWORD)
    browser.wait_for(lambda: browser.path == "/account/factors")


def show_passkey(browser):
    show_factors(browser)
    browser.find(".sessions li a").click()
    browser.wait_for(lambda: browser.path.startswith("/account/factor?id="))


def show_passkey_with_problem(browser):
    show_passkey(browser)
    browser.driver.execute_script("document.querySelector('#name').value = 'a\u202eb'")
    browser.find("main form button").click()
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "problem"))


def show_app(browser):
    show_factors(browser)
    browser.find("a[href$='id=totp']").click()
    browser.wait_for(lambda: browser.path == "/account/factor?id=totp")


def show_last_one(browser):
    person = come_to(browser, "/account/factors")
    prove(browser.stack, person.user, "swk user mfa")
    browser.stack.sql(f"update doorward.users set password_hash = null where id = '{person.user}'")
    browser.stack.sql(f"delete from doorward.passkeys where user_id = '{person.user}'"
                      " and rp_id <> 'localhost'")
    browser.find(".sessions li a").click()
    browser.wait_for(lambda: browser.path.startswith("/account/factor?id="))
    browser.find("button.danger").click()
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "problem"))


def show_first_password(browser):
    person = come_to(browser, "/account")
    browser.stack.sql(f"update doorward.users set password_hash = null where id = '{person.user}'")
    browser.open("/account/password")


def show_setup(browser):
    """Of somebody who has no factor."""
    show_no_factors(browser)
    browser.find("main a.button").click()
    browser.wait_for(lambda: browser.path.startswith("/login/factor"))


def show_setup_of_app(browser):
    show_setup(browser)
    browser.driver.execute_script(
        "document.querySelector('[name=do][value=totp]').form.requestSubmit()")
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, "svg.qr"))


def show_setup_of_app_with_problem(browser):
    show_setup_of_app(browser)
    browser.find("#code").send_keys("000000", Keys.ENTER)
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "problem"))


def show_new_codes(browser):
    show_setup_of_app(browser)
    secret = browser.find("code.secret").text.replace(" ", "")
    browser.find("#code").send_keys(code(secret), Keys.ENTER)
    browser.wait_for(lambda: browser.driver.find_elements(By.CSS_SELECTOR, ".codes li"))


def show_setup_with_factors(browser):
    come_to(browser, "/account/factors")
    browser.find("main a.button").click()
    browser.wait_for(lambda: browser.path.startswith("/login/factor"))


def show_bad_factor_link(browser):
    browser.open("/login/factor?token=dwk_nonsense")


PAGES = {"setup": show_setup, "setup-app": show_setup_of_app,
         "setup-app-problem": show_setup_of_app_with_problem, "setup-codes": show_new_codes,
         "setup-again": show_setup_with_factors, "setup-bad-link": show_bad_factor_link,
         "mfa": show_code, "mfa-problem": show_code_with_problem, "mfa-recovery": show_recovery,
         "mfa-recovery-problem": show_recovery_with_problem, "codes-left": show_codes_left,
         "factors-account": show_account, "factors": show_factors, "factors-none": show_no_factors,
         "way": show_passkey, "way-problem": show_passkey_with_problem, "way-app": show_app,
         "way-last": show_last_one, "password-first": show_first_password}


@pytest.mark.parametrize("size", EACH_SIZE)
@pytest.mark.parametrize("scheme", EACH_SCHEME)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_factors_looks_right(browser, page, scheme, size):
    browser.look(scheme, size)
    PAGES[page](browser)
    assert_looks_right(browser, f"{page}-{scheme}-{size}")


@pytest.mark.slow("axe-core comes from npm's registry")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_on_a_page_of_factors(browser, npm, page, size):
    browser.look("light", size)
    PAGES[page](browser)
    assert_axe_finds_nothing(browser, npm)


def test_a_passkey_is_renamed_and_removed_with_the_keyboard_alone(browser):
    show_passkey(browser)
    browser.find("#name").clear()
    browser.find("#name").send_keys("Renamed key", Keys.ENTER)
    browser.wait_for(lambda: browser.path == "/account/factors?done=renamed")
    assert "Renamed key" in browser.find(".sessions").text
    browser.find(".sessions li a").send_keys(Keys.ENTER)
    browser.wait_for(lambda: browser.path.startswith("/account/factor?id="))
    browser.find("button.danger").send_keys(Keys.ENTER)
    browser.wait_for(lambda: browser.path == "/account/factors?done=removed")
    assert "Renamed key" not in browser.find("main").text and browser.complaints() == []


def test_larger_text_still_fits_a_phone_on_the_page_of_factors(browser):
    browser.look("light", "phone")
    show_factors(browser)
    browser.driver.execute_script("document.documentElement.style.fontSize = '200%'")
    assert browser.driver.execute_script(
        "return document.documentElement.scrollWidth <= window.innerWidth")


def test_the_paper_has_the_codes_and_whose_they_are_and_no_button(browser):
    show_new_codes(browser)
    assert not browser.find(".printed").is_displayed()
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    browser.shoot("setup-codes-printed")
    assert len([e for e in browser.driver.find_elements(By.CSS_SELECTOR, ".codes code")
                if e.is_displayed()]) == 10
    assert "recovery codes of looks-" in browser.find(".printed").text
    assert not browser.find("a.button").is_displayed()
    assert not browser.find(".foot").is_displayed()
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
