"""How a page has to look in Chromium, whatever it says."""

import pytest
from selenium.webdriver.common.by import By

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

# Buttons that are too small for their text.
TOO_SMALL = """
return [...document.querySelectorAll('button, .button')]
  .filter(e => e.scrollWidth > e.clientWidth).map(e => e.outerHTML.slice(0, 80));
"""


def assert_looks_right(browser, name):
    """It fits, can be read, and has what every page has. A screenshot is kept as `name`."""
    browser.shoot(name)
    driver = browser.driver
    assert driver.execute_script(
        "return document.documentElement.scrollWidth <= window.innerWidth")
    assert driver.execute_script(TOO_SMALL) == []
    ratio, element = driver.execute_script(CONTRAST)
    assert ratio >= 4.5, f"contrast {ratio:.2f}: {element}"
    assert driver.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"
    assert driver.title and len(driver.find_elements(By.TAG_NAME, "h1")) == 1
    assert len(driver.find_elements(By.TAG_NAME, "main")) == 1
    assert browser.complaints() == []


def assert_axe_finds_nothing(browser, npm):
    """WCAG 2.2 A and AA and the good practices, as axe-core knows them."""
    with open(f"{npm}/node_modules/axe-core/axe.min.js", encoding="utf-8") as f:
        browser.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": f.read()})
    found = browser.driver.execute_async_script(
        "const done = arguments[0]; axe.run().then(done);")
    assert found["passes"]
    assert not found["violations"], [(v["id"], [n["html"] for n in v["nodes"]])
                                     for v in found["violations"]]
