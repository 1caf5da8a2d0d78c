"""What people see where no settings can be read, and what the server itself answers with."""

import base64
import hashlib
import re

import pytest

from client import Client
from servers import end_stack, new_stack, start_stack


@pytest.fixture(name="broken", scope="module")
def _broken():
    stack = start_stack("apache", "cgi")
    with open(stack.conf, "a", encoding="utf-8") as f:
        f.write("no such setting\n")
    yield stack
    end_stack(stack)


@pytest.mark.parametrize("path", ["/login", "/account", "/protected", "/members/"])
def test_broken_settings_are_answered_in_our_look(broken, path):
    answer = Client(broken, browser=True).get(path)
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
    assert "<h1>Closed for a moment</h1>" in answer.text and '<html lang="en"' in answer.text
    assert "settings" not in answer.text and broken.directory not in answer.text
    # no other style than this one, and nothing that could be fetched
    style = re.search(r"<style>(.*?)</style>", answer.text, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert answer.headers["Content-Security-Policy"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'none'; "
        "frame-ancestors 'none'; base-uri 'none'")
    assert "prefers-color-scheme:dark" in style
    assert len(answer.content) < 12000


def test_a_script_is_answered_by_json_without_settings(broken):
    answer = Client(broken).get("/protected")
    assert answer.status_code == 503
    assert answer.json()["error"] == "temporarily_unavailable"


def test_what_the_server_does_not_find_has_our_look(front):
    answer = Client(front, browser=True).get("/nowhere")
    assert answer.status_code == 404
    assert "<h1>Page not found</h1>" in answer.text and 'class="door"' in answer.text
    assert '<html lang="en" dir="ltr">' in answer.text and "<main" in answer.text
    for address in re.findall(r'<(?:link|img)[^>]* (?:href|src)="([^"]*)"', answer.text):
        assert Client(front).get(address).status_code == 200


def test_the_demo_is_whole(front):
    page = Client(front, browser=True).get("/")
    for part in "<header", "<main", 'lang="en"', "/login?return_to=/", "/login/logout":
        assert part in page.text
    for address in re.findall(r'<(?:link|img|script)[^>]* (?:href|src)="([^"]*)"', page.text):
        answer = Client(front).get(address)
        assert answer.status_code == 200
        kind = {"css": "text/css", "svg": "image/svg+xml", "js": "text/javascript"}
        assert answer.headers["Content-Type"].startswith(kind[address.rsplit(".", 1)[1]])


def test_an_error_document_of_the_whole_site_may_be_ours():
    """As the guide to the pages says: in the visitor's look, and as JSON for a script."""
    stack = new_stack("apache", "fastcgi")
    stack.web.extra = "ErrorDocument 404 /.doorward/refused\nErrorDocument 403 /.doorward/refused\n"
    try:
        stack.start()
        page = Client(stack, browser=True).get("/nowhere")
        assert page.status_code == 404 and "<h1>Page not found</h1>" in page.text
        assert "/login/doorward-" in page.text and page.headers["Cache-Control"] == "no-store"
        assert Client(stack).get("/nowhere").json()["error"] == "not_found"
    finally:
        end_stack(stack)
