"""examples/app.html: a single-page application signs in with JSON."""

import shutil

import pytest
from cryptography.hazmat.primitives import serialization
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.common.virtual_authenticator import (Credential,
                                                             VirtualAuthenticatorOptions)

from passkeys import add
from second import Factors
from servers import TREE

PASSWORD = "seven boats by the water"


@pytest.fixture(name="app")
def _app(browser):
    """The page, opened on the site, by a user with a second factor: the browser and the user."""
    stack = browser.stack
    shutil.copy(f"{TREE}/examples/app.html", f"{stack.directory}/www/app.html")
    user = Factors(stack, "crane", PASSWORD, ["member"])
    browser.open("/app.html")
    browser.driver.execute_script("localStorage.clear()")
    yield browser, user
    user.remove()


def sign_in(browser, password=PASSWORD):
    """With name and password."""
    browser.find("input[name=username]").send_keys("crane")
    browser.find("input[name=password]").send_keys(password, Keys.ENTER)


def says(browser, text):
    """Wait until the page says so."""
    browser.wait_for(lambda: text in browser.find("#says").text)


def code_field(browser):
    """Once it is shown."""
    browser.wait_for(lambda: browser.find("input[name=code]").is_displayed())
    return browser.find("input[name=code]")


def test_signs_in_with_a_password_and_a_code(app):
    browser, user = app
    sign_in(browser)
    says(browser, "a second factor is needed")
    code_field(browser).send_keys(user.code(), Keys.ENTER)
    says(browser, "Signed in.")
    browser.wait_for(lambda: '"name": "crane"' in browser.find("#answer").text)
    assert not browser.find("#password").is_displayed()
    assert not browser.complaints()


def test_says_what_is_wrong_and_goes_on(app):
    """A wrong password, then a wrong code, then a recovery code."""
    browser, user = app
    sign_in(browser, "a guess")
    says(browser, "do not belong together")
    browser.find("input[name=username]").clear()
    browser.find("input[name=password]").clear()
    sign_in(browser)
    field = code_field(browser)
    field.send_keys(f"{(int(user.code()) + 1) % 1000000:06}", Keys.ENTER)
    says(browser, "the code is not right")
    field.clear()
    field.send_keys(user.recovery[0], Keys.ENTER)
    says(browser, "Signed in.")


def test_a_remembered_client_needs_the_password_only(app):
    browser, user = app
    sign_in(browser)
    field = code_field(browser)
    browser.find("input[name=remember_device]").click()
    field.send_keys(user.code(), Keys.ENTER)
    says(browser, "Signed in.")
    browser.open("/app.html")
    sign_in(browser)
    says(browser, "Signed in.")


def test_a_login_that_is_over_begins_again(app):
    browser, user = app
    sign_in(browser)
    field = code_field(browser)
    browser.stack.sql("update doorward.flows set ends_at = doorward.now()")
    field.send_keys(user.code(), Keys.ENTER)
    says(browser, "this login is over")
    assert browser.find("#password").is_displayed()


@pytest.fixture(name="with_passkey")
def _with_passkey(app):
    """The user has a passkey, too, and the browser a device that holds it."""
    browser, user = app
    key = add(browser.stack, "crane")
    browser.driver.add_virtual_authenticator(VirtualAuthenticatorOptions(
        transport=VirtualAuthenticatorOptions.Transport.INTERNAL, has_resident_key=True,
        has_user_verification=True, is_user_verified=True))
    private = key.key.private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption())
    browser.driver.add_credential(Credential.create_resident_credential(
        key.id, "localhost", key.user_handle, private, 0))
    browser.open("/app.html")
    yield browser
    browser.driver.remove_virtual_authenticator()
    assert user.name == "crane"


def test_signs_in_with_a_password_and_a_passkey(with_passkey):
    browser = with_passkey
    sign_in(browser)
    browser.wait_for(lambda: browser.find("#passkey_second").is_displayed())
    browser.find("#passkey_second").click()
    says(browser, "Signed in.")
    browser.wait_for(lambda: '"phr"' in browser.find("#answer").text)


def test_signs_in_with_a_passkey_alone(with_passkey):
    browser = with_passkey
    browser.find("#passkey_only").click()
    says(browser, "Signed in.")
    browser.wait_for(lambda: '"phr"' in browser.find("#answer").text)
