"""A site that answers under two names: canonical_redirect leads to the one of public_url."""

import pytest

from client import form_login, raw
from servers import USERS, end_stack, start_stack

BROWSER = [("Accept", "text/html,*/*;q=0.8"), ("Sec-Fetch-Mode", "navigate")]
PAGES = ["/login", "/login?return_to=/a%2Fb", "/login/goodbye", "/protected?x=1", "/account",
         "/account/password", "/members/page.html?a=b&c=%20d"]


@pytest.fixture(scope="module", params=[("apache", "fastcgi"), ("lighttpd", "cgi")],
                ids=["apache-fastcgi", "lighttpd-cgi"], name="site")
def _site(request):
    stack = start_stack(*request.param, canonical_redirect="on",
                        rule=["/members signed-in", "/members/api signed-in api"])
    yield stack
    end_stack(stack)


def ask(stack, path, host, method="GET", headers=()):
    """The answer to a request under another name."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers or BROWSER]
    if method == "POST":
        lines.append("Content-Length: 0")
    return raw(stack, "\r\n".join(lines).encode() + b"\r\n\r\n")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_opened_under_another_name_is_led_home(site, path, method):
    for host in ("www.localhost", "127.0.0.1", f"127.0.0.1:{site.port}", f"localhost:{site.port + 1}"):
        answer = ask(site, path, host, method)
        assert answer.status == 303, host
        assert answer.header("Location") == [site.public_url + path]
        assert answer.header("Cache-Control") == ["no-store"]


@pytest.mark.parametrize("path", ["/login", "/protected"])
def test_under_its_own_name_nothing_is_redirected(site, path):
    for host in (f"localhost:{site.port}", f"LocalHost:{site.port}"):
        answer = ask(site, path, host)
        assert answer.header("Location") in ([], ["/login?return_to=/protected"])


@pytest.mark.parametrize("headers", [
    [("Accept", "application/json")], [("Accept", "*/*")],
    [("Accept", "text/html"), ("Sec-Fetch-Mode", "cors")],
    [("Accept", "text/html"), ("Sec-Fetch-Dest", "iframe")]])
def test_programs_and_scripts_are_not_redirected(site, headers):
    assert ask(site, "/protected", "www.localhost", headers=headers).status == 401
    assert ask(site, "/login/health", "www.localhost", headers=headers).status == 200
    assert ask(site, "/members/api/x", "www.localhost").status == 401


def test_what_was_posted_is_not_redirected(site):
    answer = ask(site, "/login", "www.localhost", "POST",
                 BROWSER + [("Content-Type", "application/x-www-form-urlencoded")])
    assert answer.status == 403 and not answer.header("Location")


@pytest.mark.parametrize("path", [
    "//evil.example/login", "/login//evil.example", "/login/..//evil.example", "/login/\\evil.example",
    "http://evil.example/login", "/login?return_to=//evil.example", "/login/%2f%2fevil.example",
    "/login#@evil.example", "/login@evil.example"])
@pytest.mark.parametrize("host", ["evil.example", "localhost@evil.example", "evil.example:80"])
def test_it_leads_to_no_place_that_the_client_names(site, path, host):
    for location in ask(site, path, host).header("Location"):
        assert location.startswith(site.public_url + "/") or \
            location.startswith("/") and not location.startswith(("//", "/\\"))


def test_it_is_off_unless_asked_for(apache):
    assert ask(apache, "/login", "www.localhost").status == 200
    assert ask(apache, "/members/", "www.localhost").header("Location")[0].startswith("/login?")


def test_who_is_led_home_can_log_in_there(site):
    client, answer = form_login(site, "alice", USERS["alice"][0], "/members/")
    assert answer.status_code == 303
    assert client.get("/members/").status_code == 200
