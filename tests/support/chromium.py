"""A real Chromium on one site, and what people do in it."""

import contextlib
import os
import shutil

from selenium import webdriver
from selenium.common.exceptions import (NoSuchElementException, StaleElementReferenceException,
                                        WebDriverException)
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from places import new_directory
from servers import TREE, USERS

SCREENSHOTS = f"{TREE}/build/screenshots"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--hide-scrollbars",
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"]
SIZES = {"phone": (360, 740), "desktop": (1280, 800)}


class Browser:
    """Chromium on one site, with a profile of its own."""

    def __init__(self, stack, scripts=True):
        self.stack = stack
        self.profile = new_directory("chromium")
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

    @contextlib.contextmanager
    def slow_network(self, milliseconds):
        """Each answer comes that much later."""
        self.driver.execute_cdp_cmd("Network.enable", {})
        self._latency(milliseconds)
        try:
            yield
        finally:
            self._latency(0)

    def _latency(self, milliseconds):
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
            "offline": False, "latency": milliseconds,
            "downloadThroughput": -1, "uploadThroughput": -1})

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
