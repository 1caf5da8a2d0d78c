"""Every page in every language, in a real Chromium at the width of a phone: nothing is wider
than the screen, and nothing is still in English. The pages have the values of their samples, as
`doorward config check` makes them. Screenshots go to build/screenshots."""

import glob
import os
import re
import shutil
import subprocess

import pytest
from selenium.webdriver.common.by import By

from looks import TOO_SMALL
from places import new_directory
from programs import BUILD, TREE

LANGUAGES = ["de", "es", "fr"]
STYLE = re.compile(r'<link rel="stylesheet"[^>]*>')

# What is cut off, or reaches beyond the right edge of the window; but not what only a screen
# reader finds, such as the heads of tables on a phone.
WIDER = """
const unseen = e => {
  for (; e; e = e.parentElement)
    if (e.clientWidth <= 1 && getComputedStyle(e).overflowX === 'hidden') return true;
  return false;
};
const wide = [...document.querySelectorAll('body *')].filter(e => !unseen(e)
  && (e.getBoundingClientRect().right > window.innerWidth + 0.5
      || getComputedStyle(e).overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1));
return wide.map(e => e.outerHTML.slice(0, 80));
"""


def phrases(language):
    """Key → phrase."""
    with open(f"{TREE}/share/phrases/{language}.txt", encoding="utf-8") as f:
        rows = [line.partition(" = ") for line in f.read().splitlines() if not line.startswith("#")]
    return {key: phrase for key, _, phrase in rows if key}


@pytest.fixture(scope="module", name="pages")
def _pages():
    directory = new_directory("pages")
    subprocess.run(["cc", "-std=c11", "-D_GNU_SOURCE", f"-I{TREE}/lib", "-Wall", "-Werror", "-o",
                    f"{directory}/pages_probe", f"{TREE}/tests/support/pages_probe.c",
                    f"{BUILD}/libauth.a", "-lcrypto", "-ljansson", "-lm"], check=True)
    subprocess.run([f"{directory}/pages_probe", directory], check=True)
    styles = []
    for name in ("doorward.css", "doorward-admin.css"):
        with open(f"{TREE}/share/common/{name}", encoding="utf-8") as f:
            styles.append(f"<style>{f.read()}</style>")
    for path in glob.glob(f"{directory}/*.html"):
        with open(path, encoding="utf-8") as f:
            page = f.read()
        links = STYLE.findall(page)
        assert 1 <= len(links) <= 2, path
        for link, style in zip(links, styles):
            page = page.replace(link, style)
        with open(path, "w", encoding="utf-8") as f:
            f.write(page)
    yield directory
    shutil.rmtree(directory)


def pages_in(directory, language):
    """Their names."""
    names = sorted(os.path.basename(path)[3:-5]
                   for path in glob.glob(f"{directory}/{language}-*.html"))
    assert len(names) > 30
    return names


@pytest.mark.slow("each page in each language")
@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_nothing_is_wider_than_a_phone(browser, pages, language):
    browser.look("light", "phone")
    wrong = {}
    for name in pages_in(pages, language):
        browser.driver.get(f"file://{pages}/{language}-{name}.html")
        browser.shoot(f"{language}-{name}-phone")
        run = browser.driver.execute_script
        found = run(WIDER) + run(TOO_SMALL)
        if run("return document.documentElement.scrollWidth > window.innerWidth"):
            found.append("the page can be scrolled sideways")
        if found:
            wrong[name] = found
        assert browser.find("html").get_attribute("lang") == language
    assert not wrong


def visible_parts(browser):
    """What people read, and what a screen reader says: the title, each text, each label."""
    return browser.driver.execute_script("""
const parts = [document.title];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) parts.push(walk.currentNode.data);
for (const e of document.querySelectorAll('[aria-label]')) parts.push(e.getAttribute('aria-label'));
return parts.map(p => p.replace(/\\s+/g, ' ').trim()).filter(p => p);
""")


@pytest.mark.slow("each page in each language")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_shows_an_english_phrase(browser, pages, language):
    """Where English and the language have the same phrase, the lint has a list (SAME)."""
    english, own = phrases("en"), phrases(language)
    same = {p for key, p in english.items() if own[key] == p}
    forms = {re.compile(re.sub(r"\\{\\{\w+\\}\\}", ".+", re.escape(p)))
             for p in set(english.values()) - same
             if re.search("[a-z]{3}", re.sub(r"{{\w+}}", "", p))}
    left = {}
    for name in pages_in(pages, language):
        browser.driver.get(f"file://{pages}/{language}-{name}.html")
        found = [part for part in visible_parts(browser)
                 if any(form.fullmatch(part) for form in forms)]
        if found:
            left[name] = found
    assert not left


def test_the_pages_of_the_other_languages_are_looked_at_by_their_own_phrases(browser, pages):
    """The tests above would find something: the English pages are full of English phrases."""
    browser.driver.get(f"file://{pages}/en-login.html")
    assert "Sign in" in visible_parts(browser) and browser.driver.find_elements(By.ID, "username")
