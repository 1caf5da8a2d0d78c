"""Passkeys in a real Chromium with its virtual authenticators: made at /login/factor, used at the
login alone and as the second factor."""

import pytest
from selenium.webdriver.common.virtual_authenticator import (Protocol, Transport,
                                                             VirtualAuthenticatorOptions)

from chromium import Browser, log_in
from client import claims
from client_site import Site
from oauth import App, Asked, with_query
from servers import USERS

NAME, PASSWORD = "pat", "six owls over the harbour"
BUTTON = "form[data-passkey] button"
STATUS = "form[data-passkey] [role=status]"


@pytest.fixture(name="person")
def _person(browser):
    """A user without a factor, until the test ends."""
    browser.stack.add_user(NAME, PASSWORD, "member")
    yield NAME
    browser.driver.delete_all_cookies()
    browser.stack.sql(f"delete from doorward.users where name = '{NAME}'")


@pytest.fixture(name="by_button", autouse=True)
def _by_button(browser):
    """Chromium's virtual authenticators answer a request of autofill at once, without a person
    who chooses. So most tests are of a browser that has no autofill of passkeys. The last one is
    of one that has."""
    script = browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {
        "source": "PublicKeyCredential.isConditionalMediationAvailable = async () => false;"})
    yield
    browser.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


class Authenticator:
    """One of the browser, until `remove`."""

    def __init__(self, browser, resident=True, verifies=True, transport=Transport.INTERNAL):
        options = VirtualAuthenticatorOptions()
        options.protocol = Protocol.CTAP2
        options.transport = transport
        options.has_resident_key = resident
        options.has_user_verification = verifies
        options.is_user_verified = verifies
        options.is_user_consenting = True
        self.driver = browser.driver
        self.id = self.driver.execute(
            "addVirtualAuthenticator", options.to_dict())["value"]

    def call(self, command, **more):
        """A command of ChromeDriver for this authenticator."""
        return self.driver.execute(command, {"authenticatorId": self.id, **more})["value"]

    def verifies(self, good):
        """Whether it recognises its user from now on."""
        self.call("setUserVerified", isUserVerified=good)

    def credentials(self):
        """What it holds."""
        return self.call("getCredentials")

    def remove(self):
        """As if it were pulled out."""
        self.call("removeVirtualAuthenticator")


@pytest.fixture(name="authenticator")
def _authenticator(browser):
    """authenticator(**options): as many as a test wants."""
    made = []

    def make(**options):
        made.append(Authenticator(browser, **options))
        return made[-1]

    yield make
    for one in made:
        try:
            one.remove()
        except Exception:  # pylint: disable=broad-except  # the test has removed it
            pass


def make_passkey(browser, name=None):
    """At /login/factor, by a person who has just signed in."""
    if browser.driver.get_cookie("__Host-doorward") is None:
        browser.open("/login?return_to=/protected")
        log_in(browser, NAME, PASSWORD)
        browser.wait_for(lambda: browser.path == "/protected")
    browser.open("/login/factor?return_to=/protected")
    browser.wait_for(lambda: browser.find(BUTTON).is_displayed())
    if name is not None:
        browser.find("#name").clear()
        browser.find("#name").send_keys(name)
    browser.find(BUTTON).click()


def proven_by(browser):
    """The amr of the session that is open in the browser."""
    token = browser.driver.get_cookie("__Host-doorward")["value"]
    return claims(token)["amr"]


def proven_by_code(asked, code):
    """The amr that the client is told."""
    app = asked.app
    answer = app.post("/oauth/token", {
        "grant_type": "authorization_code", "code": code, "code_verifier": asked.verifier,
        "redirect_uri": app.redirect})
    return claims(answer.json()["id_token"])["amr"]


def first_passkey(browser):
    """Made, with its recovery codes shown; then signed out."""
    make_passkey(browser)
    browser.wait_for(lambda: "/login/factor" in browser.path and
                     browser.driver.find_elements("css selector", "code"))
    assert len(browser.driver.find_elements("css selector", "code")) >= 10
    browser.driver.delete_all_cookies()


def test_a_passkey_is_made_and_signs_in_alone(browser, person, authenticator):
    """With one touch from the login page, and back to where the person wanted to go."""
    key = authenticator()
    first_passkey(browser)
    assert len(key.credentials()) == 1
    assert browser.stack.sql("select p.name from doorward.passkeys p join doorward.users u"
                             f" on u.id = p.user_id where u.name = '{person}'") == "Chrome on Linux"
    browser.open("/login?return_to=/protected")
    browser.wait_for(lambda: browser.find(BUTTON).is_displayed())
    browser.find(BUTTON).click()
    browser.wait_for(lambda: browser.path == "/protected")
    assert person in browser.find("main").text
    assert proven_by(browser) in (["hwk", "user", "mfa"], ["swk", "user", "mfa"])
    assert browser.complaints() == []


def test_a_passkey_signs_in_to_a_client(browser, person, authenticator):
    """The script sends the form, and its answer leads in the end to another site."""
    authenticator()
    first_passkey(browser)
    site = Site()
    try:
        asked = Asked(App(browser.stack, redirect=f"{site.url}/callback"), {})
        browser.open(with_query("/oauth/authorize", asked.parameters))
        browser.wait_for(lambda: browser.find(BUTTON).is_displayed())
        browser.find(BUTTON).click()
        browser.wait_for(lambda: browser.driver.current_url.startswith(site.url))
        assert site.said()["state"] == asked.parameters["state"]
        assert proven_by_code(asked, site.said()["code"]) in (["hwk", "user", "mfa"],
                                                              ["swk", "user", "mfa"])
    finally:
        site.close()
    assert person and browser.complaints() == []


def test_a_passkey_is_the_second_factor_after_the_password(browser, person, authenticator):
    """A security key without a PIN will do there, and not alone."""
    authenticator(resident=False, verifies=False, transport=Transport.USB)
    first_passkey(browser)
    browser.open("/login?return_to=/protected")
    log_in(browser, person, PASSWORD)
    browser.wait_for(lambda: browser.path.startswith("/login/mfa"))
    browser.wait_for(lambda: browser.find(BUTTON).is_displayed())
    browser.find(BUTTON).click()
    browser.wait_for(lambda: browser.path == "/protected")
    assert proven_by(browser) == ["pwd", "hwk", "mfa"]


def test_a_dialog_that_is_cancelled_leaves_the_page_usable(browser, person, authenticator):
    """It says what happened, and a second try goes through."""
    key = authenticator(resident=False, verifies=True, transport=Transport.USB)
    first_passkey(browser)
    key.verifies(False)
    browser.open("/login?return_to=/protected")
    browser.wait_for(lambda: browser.find(BUTTON).is_displayed())
    browser.find(BUTTON).click()
    browser.wait_for(lambda: browser.find(STATUS).text != "")
    assert browser.find(STATUS).text.startswith("No passkey was used.")
    log_in_after(browser, person)
    browser.wait_for(lambda: browser.path.startswith("/login/mfa"))


def log_in_after(browser, name):
    """By the fields of a page that was used already."""
    browser.find("#username").send_keys(name)
    browser.find("#password").send_keys(PASSWORD)
    browser.find("form button").click()


def test_an_authenticator_has_one_passkey_of_an_account(browser, person, authenticator):
    """The second time, the page says that it is there already. Another device makes another."""
    one = authenticator()
    make_passkey(browser)
    browser.wait_for(lambda: browser.driver.find_elements("css selector", "code"))
    make_passkey(browser)
    browser.wait_for(lambda: browser.find(STATUS).text != "")
    assert browser.find(STATUS).text == "This device or key has a passkey for your account already."
    one.remove()
    authenticator()
    make_passkey(browser, "the other one")
    browser.wait_for(lambda: browser.path == "/protected")
    assert browser.stack.sql("select count(*), max(p.name) from doorward.passkeys p join"
                             f" doorward.users u on u.id = p.user_id where u.name = '{person}'"
                             ) == "2|the other one"


def test_a_passkey_that_was_removed_opens_nothing(browser, person, authenticator):
    """The device still has it; the page says that it was not accepted."""
    authenticator()
    first_passkey(browser)
    browser.stack.sql("delete from doorward.passkeys")
    browser.open("/login")
    browser.wait_for(lambda: browser.find(BUTTON).is_displayed())
    browser.find(BUTTON).click()
    browser.wait_for(lambda: browser.find("#problem").text != "")
    assert browser.find("#problem").text.startswith("This passkey was not accepted.")
    assert browser.driver.get_cookie("__Host-doorward") is None
    assert person


def test_without_scripts_the_login_works_and_shows_no_button(stacks):
    browser = Browser(stacks.get("apache", "fastcgi"), scripts=False)
    try:
        browser.open("/login?return_to=/protected")
        assert not browser.find("form[data-passkey]").is_displayed()
        log_in(browser, "alice", USERS["alice"][0])
        browser.wait_for(lambda: browser.path == "/protected")
    finally:
        browser.close()


def test_a_passkey_that_the_browser_offers_in_the_field_of_the_name_signs_in(
        browser, person, authenticator):
    """Autofill: nobody touches the button. The browser says that it can only once the page is
    there, for the virtual authenticator answers at once."""
    authenticator()
    first_passkey(browser)
    late = browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {
        "source": "PublicKeyCredential.isConditionalMediationAvailable = () =>"
                  " new Promise((say) => { window.sayAvailable = () => say(true); });"})
    browser.open("/login?return_to=/protected")
    browser.wait_for(lambda: browser.driver.execute_script("return 'sayAvailable' in window"))
    assert browser.find("#username").get_attribute("autocomplete") == "username webauthn"
    browser.driver.execute_script("setTimeout(window.sayAvailable, 100)")
    browser.wait_for(lambda: browser.path == "/protected")
    browser.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", late)
    assert person in browser.find("main").text
    assert proven_by(browser) in (["hwk", "user", "mfa"], ["swk", "user", "mfa"])
