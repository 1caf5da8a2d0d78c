"""One Chromium for a file of tests, as new for each test."""

import pytest

from chromium import Browser


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
