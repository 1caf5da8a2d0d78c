"""The pages in a real Chromium: with the keyboard alone, light and dark, phone and desktop.

Screenshots of every page go to build/screenshots."""

import os
import shutil
import tempfile

import pytest
from selenium import webdriver
from selenium.common.exceptions import (NoSuchElementException, StaleElementReferenceException,
                                        WebDriverException)
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from servers import TREE, USERS

SCREENSHOTS = f"{TREE}/build/screenshots"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"]
SIZES = {"phone": (360, 740), "desktop": (1280, 800)}
# `make test` looks at one of them, where there is least room.
EACH_SIZE = ["phone", pytest.param("desktop", marks=pytest.mark.slow("the other width"))]
EACH_SCHEME = ["light", pytest.param("dark", marks=pytest.mark.slow("the other theme"))]

# What each element that shows text has as its colours; and the contrast of the worst one.
CONTRAST = """
function luminance(c) {
  const v = c.map(x => { x /= 255; return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4; });
  return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2];
}
function rgba(text) {
  const n = text.match(/[\\d.]+/g).map(Number);
  return n.length < 4 ? n.concat(1) : n;
}
function behind(e) {
  for (; e; e = e.parentElement) {
    const c = rgba(getComputedStyle(e).backgroundColor);
    if (c[3] === 1) return c;
  }
  return [255, 255, 255, 1];
}
let worst = [99, ''];
for (const e of document.querySelectorAll('body *')) {
  const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  if (!own && e.tagName !== 'INPUT') continue;
  const a = luminance(rgba(getComputedStyle(e).color)), b = luminance(behind(e));
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < worst[0]) worst = [ratio, e.outerHTML.slice(0, 80)];
}
return worst;
"""

SHIFT = """
const done = arguments[0];
let sum = 0;
new PerformanceObserver(l => { for (const e of l.getEntries()) sum += e.value; })
  .observe({type: 'layout-shift', buffered: true});
setTimeout(() => done(sum), 300);
"""


class Browser:
    """Chromium on one site, with a profile of its own."""

    def __init__(self, stack, scripts=True):
        self.stack = stack
        self.profile = tempfile.mkdtemp(prefix="doorward-chromium-", dir="/var/tmp")
        options = webdriver.ChromeOptions()
        for flag in FLAGS + [f"--user-data-dir={self.profile}"]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        if not scripts:
            options.add_experimental_option("prefs", {
                "profile.managed_default_content_settings.javascript": 2})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.set_page_load_timeout(30)

    def close(self):
        """End it without a trace."""
        self.driver.quit()
        shutil.rmtree(self.profile, ignore_errors=True)

    def fresh(self):
        """As if it had never been here."""
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.driver.get("about:blank")
        self.driver.get_log("browser")

    def open(self, path):
        """Go to an address of the site."""
        self.driver.get(self.stack.public_url + path)

    @property
    def path(self):
        """Where it is, without the site."""
        return self.driver.current_url[len(self.stack.public_url):]

    def find(self, selector):
        """The one element."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    @property
    def focused(self):
        """The id, or the text, of what has the focus."""
        element = self.driver.switch_to.active_element
        return element.get_attribute("id") or element.text

    def type(self, *keys):
        """Press keys, wherever the focus is."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def with_control(self, *keys):
        """Press keys while Control is held."""
        chain = ActionChains(self.driver).key_down(Keys.CONTROL)
        chain.send_keys(*keys).key_up(Keys.CONTROL).perform()

    def wait_for(self, condition):
        """Until it holds; no longer than twenty seconds. The page may go while it is looked at,
        and chromedriver has no exception of its own for that."""
        def holds(_):
            try:
                return condition()
            except WebDriverException as e:
                if "does not belong to the document" in str(e):
                    return False
                raise
        WebDriverWait(self.driver, 20, ignored_exceptions=[
            NoSuchElementException, StaleElementReferenceException]).until(holds)

    def look(self, scheme, size):
        """Prefer light or dark; be as large as a phone or a screen."""
        width, height = SIZES[size]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": scheme}]})
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == "phone"})

    def shoot(self, name):
        """A screenshot of the whole page."""
        os.makedirs(SCREENSHOTS, exist_ok=True)
        self.driver.save_screenshot(f"{SCREENSHOTS}/{name}.png")

    def complaints(self):
        """What the console says about scripts, styles and policies; not about statuses."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if "the server responded with a status of" not in entry["message"]]


@pytest.fixture(scope="module", name="chromium")
def _chromium(stacks):
    browser = Browser(stacks.get("apache", "fastcgi"))
    yield browser
    browser.close()


@pytest.fixture(name="browser")
def _browser(chromium):
    chromium.fresh()
    chromium.look("light", "desktop")
    return chromium


def log_in(browser, name="alice", password=USERS["alice"][0]):
    """With the keyboard alone, from a form that has the focus in its first field. A busy
    machine may be slow to put it there, and what is typed before that is lost."""
    browser.wait_for(lambda: browser.driver.switch_to.active_element.tag_name == "input")
    browser.type(name, Keys.TAB, password, Keys.ENTER)


def press_tab_until(browser, text):
    """Tab on to the button or link with that text; it must be reachable."""
    for _ in range(20):
        browser.type(Keys.TAB)
        if browser.focused == text:
            return
    raise AssertionError(f"{text} is out of the keyboard's reach")


# ---- by keyboard ----

def test_logs_in_and_out_with_the_keyboard_alone(browser):
    browser.open("/protected?a=1&b=2")
    assert browser.path.startswith("/login?return_to=")
    assert browser.focused == "username"
    log_in(browser)
    browser.wait_for(lambda: browser.path == "/protected?a=1&b=2")
    assert "alice" in browser.find("main").text
    press_tab_until(browser, "Sign out")
    browser.type(Keys.ENTER)
    browser.wait_for(lambda: browser.path == "/login/goodbye")
    browser.open("/protected")
    assert browser.path.startswith("/login?return_to=")
    assert browser.complaints() == []


def test_the_form_is_walked_in_its_order(browser):
    browser.open("/login")
    walked = [browser.focused]
    for _ in range(3):
        browser.type(Keys.TAB)
        walked.append(browser.focused)
    assert walked == ["username", "password", "remember", "Sign in"]


def test_a_wrong_password_says_so_where_a_screen_reader_finds_it(browser):
    browser.open("/login?return_to=/protected")
    log_in(browser, password="wrong")
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "problem"))
    problem = browser.find("#problem")
    assert problem.get_attribute("role") == "alert" and problem.text
    for field in ("#username", "#password"):
        assert browser.find(field).get_attribute("aria-describedby") == "problem"
        assert browser.find(field).get_attribute("aria-invalid") == "true"
    assert browser.find("#username").get_attribute("value") == "alice"
    assert browser.find("#password").get_attribute("value") == ""
    assert browser.focused == "password"
    browser.type(USERS["alice"][0], Keys.ENTER)
    browser.wait_for(lambda: browser.path == "/protected")


def test_a_space_ticks_keep_me_signed_in(browser):
    browser.open("/login?return_to=/protected")
    browser.type("alice", Keys.TAB, USERS["alice"][0], Keys.TAB, Keys.SPACE, Keys.ENTER)
    browser.wait_for(lambda: browser.path == "/protected")
    assert browser.driver.get_cookie("__Host-doorward")["expiry"]


def test_pasting_a_password_works(browser):
    browser.open("/login?return_to=/protected")
    browser.type(USERS["alice"][0])
    browser.with_control("a", "x")
    assert browser.find("#username").get_attribute("value") == ""
    browser.type(Keys.TAB)
    browser.with_control("v")
    assert browser.find("#password").get_attribute("value") == USERS["alice"][0]


def test_changes_the_password_and_ends_sessions_with_the_keyboard_alone(browser):
    browser.stack.add_user("kim", "herons wade in the shallows")
    show = "herons wade in the shallows"
    for _ in range(2):
        browser.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        browser.open("/login?return_to=/account")
        log_in(browser, "kim", show)
        browser.wait_for(lambda: browser.path == "/account")
    press_tab_until(browser, "Sign out everywhere else")
    browser.type(Keys.ENTER)
    browser.wait_for(lambda: browser.path == "/account?done=others")
    assert "nowhere else" in browser.find("main").text
    press_tab_until(browser, "Change password")
    browser.type(Keys.ENTER)
    browser.wait_for(lambda: browser.focused == "current")
    browser.type(show, Keys.TAB, "otters sleep on their backs", Keys.TAB,
                 "otters sleep on their backs", Keys.ENTER)
    browser.wait_for(lambda: browser.path == "/account?done=password")
    assert browser.find("[role=status]").text
    assert browser.complaints() == []


# ---- what happens around it ----

def test_comes_back_without_a_form_when_the_access_token_is_gone(browser):
    browser.open("/login?return_to=/protected")
    log_in(browser)
    browser.wait_for(lambda: browser.path == "/protected")
    browser.driver.delete_cookie("__Host-doorward")
    browser.open("/protected?x=1")
    assert browser.path == "/protected?x=1"
    assert "alice" in browser.find("main").text


@pytest.mark.takes("some twenty tabs are opened")
def test_many_tabs_that_renew_at_once_stay_signed_in(browser):
    """Each without an access token, all with one refresh token, some later than others."""
    browser.open("/login?return_to=/protected")
    log_in(browser)
    browser.wait_for(lambda: browser.path == "/protected")
    first = browser.driver.current_window_handle
    for round_ in range(2):
        browser.driver.delete_cookie("__Host-doorward")
        browser.driver.execute_script(
            "for (let i = 0; i < 12; i++)"
            "  setTimeout(() => window.open('/protected?' + arguments[0] + '.' + i), 25 * i);",
            round_)
        browser.wait_for(lambda: len(browser.driver.window_handles) == 13)
        for handle in browser.driver.window_handles:
            browser.driver.switch_to.window(handle)
            if handle != first:
                browser.wait_for(lambda: browser.path.startswith("/protected"))
                assert "alice" in browser.find("main").text
                browser.driver.close()
        browser.driver.switch_to.window(first)
    browser.driver.delete_cookie("__Host-doorward")
    browser.open("/protected?last")
    assert browser.path == "/protected?last"


def test_a_form_sent_too_late_is_told_that_nothing_was_done(browser):
    browser.open("/login/goodbye")
    browser.driver.execute_script(
        "const f = document.createElement('form'); f.method = 'post'; f.action = '/protected';"
        "document.body.append(f); f.submit();")
    browser.wait_for(lambda: browser.path == "/protected")
    assert "Nothing was changed" in browser.find("h1").text
    browser.shoot("notdone")
    browser.find("a.button").click()
    browser.wait_for(lambda: browser.path.startswith("/login"))


def test_without_cookies_there_is_an_explanation_and_no_loop(browser):
    browser.open("/protected")
    browser.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    log_in(browser)
    browser.wait_for(lambda: "keeps no cookies" in browser.find("h1").text)
    browser.shoot("cookies")


def test_works_without_javascript(stacks):
    browser = Browser(stacks.get("apache", "fastcgi"), scripts=False)
    try:
        browser.open("/protected")
        log_in(browser)
        browser.wait_for(lambda: browser.path == "/protected")
        assert "alice" in browser.find("main").text
    finally:
        browser.close()


@pytest.mark.parametrize("server, mode", [("apache", "cgi"), ("lighttpd", "fastcgi"),
                                          ("lighttpd", "cgi")])
def test_the_whole_way_on_every_other_server(stacks, server, mode):
    browser = Browser(stacks.get(server, mode))
    try:
        browser.open("/protected?a=1")
        log_in(browser)
        browser.wait_for(lambda: browser.path == "/protected?a=1")
        browser.driver.delete_cookie("__Host-doorward")
        browser.open("/account")
        assert browser.path == "/account" and "alice" in browser.find("main").text
        press_tab_until(browser, "Sign out")
        browser.type(Keys.ENTER)
        browser.wait_for(lambda: browser.path == "/login/goodbye")
        browser.open("/account")
        assert browser.path.startswith("/login?return_to=")
        assert browser.complaints() == []
    finally:
        browser.close()


def test_nothing_is_fetched_from_elsewhere_and_nothing_is_stored(browser):
    browser.open("/login")
    fetched = browser.driver.execute_script(
        "return performance.getEntriesByType('resource').map(e => e.name)")
    assert fetched and all(url.startswith(browser.stack.public_url + "/login/") for url in fetched)
    assert browser.driver.execute_script("return document.cookie") == ""
    assert browser.driver.execute_script("return localStorage.length") == 0


# ---- looks ----

def show_login(browser):
    browser.open("/login")


def show_login_with_problem(browser):
    browser.open("/login")
    log_in(browser, password="wrong")
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "problem"))


def show_protected(browser):
    browser.open("/login?return_to=/protected")
    log_in(browser)
    browser.wait_for(lambda: browser.path == "/protected")


def show_goodbye(browser):
    browser.open("/login/goodbye")


def show_not_found(browser):
    browser.open("/login/nowhere")


def show_account(browser):
    for _ in range(2):
        browser.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        browser.open("/login?return_to=/account")
        log_in(browser)
        browser.wait_for(lambda: browser.path == "/account")


def show_password(browser):
    browser.open("/login?return_to=/account/password")
    log_in(browser)
    browser.wait_for(lambda: browser.path == "/account/password")


def show_password_with_problem(browser):
    show_password(browser)
    browser.type("wrong", Keys.TAB, "password1", Keys.TAB, "password1", Keys.ENTER)
    browser.wait_for(lambda: browser.driver.find_elements(By.ID, "problem"))


PAGES = {"login": show_login, "login-problem": show_login_with_problem,
         "account": show_account, "password": show_password,
         "password-problem": show_password_with_problem,
         "protected": show_protected, "goodbye": show_goodbye, "not-found": show_not_found}


def least_shift(browser, page):
    """How far the page moves while it loads. Where it moves by itself it does so each time; a busy
    machine may have Chromium paint half of a page once."""
    shift = browser.driver.execute_async_script(SHIFT)
    for _ in range(3):
        if shift == 0:
            break
        PAGES[page](browser)
        shift = browser.driver.execute_async_script(SHIFT)
    return shift


@pytest.mark.parametrize("size", EACH_SIZE)
@pytest.mark.parametrize("scheme", EACH_SCHEME)
@pytest.mark.parametrize("page", PAGES)
def test_looks_right(browser, page, scheme, size):
    browser.look(scheme, size)
    PAGES[page](browser)
    browser.shoot(f"{page}-{scheme}-{size}")
    driver = browser.driver
    assert driver.execute_script(
        "return document.documentElement.scrollWidth <= window.innerWidth")
    ratio, element = driver.execute_script(CONTRAST)
    assert ratio >= 4.5, f"contrast {ratio:.2f}: {element}"
    assert least_shift(browser, page) == 0
    assert driver.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"
    assert driver.title and len(driver.find_elements(By.TAG_NAME, "h1")) == 1
    assert len(driver.find_elements(By.TAG_NAME, "main")) == 1
    assert browser.complaints() == []


@pytest.mark.parametrize("scheme", EACH_SCHEME)
@pytest.mark.parametrize("page", ["login", "account", "password"])
def test_every_control_has_a_name_a_size_and_a_visible_focus(browser, page, scheme):
    browser.look(scheme, "phone")
    PAGES[page](browser)
    for element in browser.driver.find_elements(By.CSS_SELECTOR,
                                                "input:not([type=hidden]), button"):
        assert element.accessible_name
        assert element.size["height"] >= 20
        browser.driver.execute_script("arguments[0].blur()", element)
        before = element.value_of_css_property("outline-style")
        element.send_keys(Keys.NULL)
        browser.driver.execute_script("arguments[0].focus({focusVisible: true})", element)
        assert before == "none"
        assert element.value_of_css_property("outline-style") == "solid"
        assert int(element.value_of_css_property("outline-width")[:-2]) >= 2


def test_text_twice_as_large_still_fits_a_phone(browser):
    browser.look("light", "phone")
    browser.open("/login")
    browser.driver.execute_script("document.documentElement.style.fontSize = '200%'")
    assert browser.driver.execute_script(
        "return document.documentElement.scrollWidth <= window.innerWidth")
    browser.shoot("login-large-text")


@pytest.mark.slow("axe-core comes from npm's registry")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing(browser, npm, page, scheme, size):
    """WCAG 2.2 A and AA and the good practices, as axe-core knows them."""
    browser.look(scheme, size)
    PAGES[page](browser)
    with open(f"{npm}/node_modules/axe-core/axe.min.js", encoding="utf-8") as f:
        browser.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": f.read()})
    found = browser.driver.execute_async_script(
        "const done = arguments[0]; axe.run().then(done);")
    assert found["passes"]
    assert not found["violations"], [(v["id"], [n["html"] for n in v["nodes"]])
                                     for v in found["violations"]]
