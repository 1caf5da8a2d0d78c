"""Clients that others wrote, with a real browser: mod_auth_openidc, openid-client and Authlib.

Each is a site of its own on 127.0.0.1; the provider is on localhost.
"""

import base64
import functools
import http.cookies
import http.server
import re
import socket
import threading
import urllib.parse

import pytest
import requests

from chromium import log_in
from relying_parties import PARTIES, start_party
from servers import free_port
from webmail import Webmail

PASSWORD = "seven quiet herons wading"


@pytest.fixture(scope="module", name="parties")
def _parties(stacks, request):
    """party(name): a site that has been started once for this file."""
    started = {}

    def get(name):
        if name not in started:
            npm = request.getfixturevalue("npm") if name == "openid-client" else None
            started[name] = start_party(name, stacks.get("apache", "fastcgi"), npm)
        return started[name]

    yield get
    for party in started.values():
        party.end()


NPM = pytest.mark.slow("openid-client comes from npm's registry")


@pytest.fixture(name="party", params=[
    pytest.param(name, marks=NPM if name == "openid-client" else ()) for name in PARTIES])
def _party(request, parties, browser):  # pylint: disable=unused-argument
    return parties(request.param)


def text(browser):
    """What the page says."""
    return browser.find("body").text


def shown(browser):
    """The lines of the party's page, by their names."""
    browser.wait_for(lambda: "token: " in text(browser))
    return dict(line.split(": ", 1) for line in text(browser).splitlines() if ": " in line)


def go(browser, url):
    """Open an address of any site."""
    browser.driver.get(url)


def sign_in(browser, party):
    """From the party's page through login and consent, and back."""
    go(browser, f"{party.url}/private/")
    assert browser.path.startswith("/login?"), browser.driver.current_url
    log_in(browser)
    allow(browser)
    return shown(browser)


def allow(browser):
    """The consent page, if it comes."""
    browser.wait_for(lambda: browser.path.startswith("/oauth/") or "token: " in text(browser))
    if browser.path.startswith("/oauth/"):
        browser.find("button[value=allow]").click()


def step(browser, url):
    """Where `url` leads, asked with the cookies of Chromium. It gets those of the answer, too."""
    jar = browser.driver.execute_cdp_cmd("Network.getCookies", {"urls": [url]})["cookies"]
    answer = requests.get(url, allow_redirects=False, timeout=20, headers={
        "Cookie": "; ".join(f"{c['name']}={c['value']}" for c in jar),
        "User-Agent": browser.driver.execute_script("return navigator.userAgent"),
        "Accept": "text/html", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document",
        "Sec-Fetch-Site": "cross-site"})
    for line in answer.raw.headers.getlist("Set-Cookie"):
        for name, cookie in http.cookies.SimpleCookie(line).items():
            browser.driver.execute_cdp_cmd("Network.setCookie", {
                "name": name, "value": cookie.value, "url": url, "path": cookie["path"] or "/",
                "httpOnly": bool(cookie["httponly"]), "secure": bool(cookie["secure"])})
    assert answer.is_redirect, (answer.status_code, answer.text[:1000])
    return urllib.parse.urljoin(url, answer.headers["Location"])


def with_parameter(url, **changes):
    """The same address with other parameters."""
    parts = urllib.parse.urlsplit(url)
    query = dict(urllib.parse.parse_qsl(parts.query)) | changes
    return parts._replace(query=urllib.parse.urlencode(query)).geturl()


def is_refused(browser, party, reason):
    """The party let nobody in for this reason, neither now nor at the next visit."""
    assert browser.driver.current_url.startswith(party.url), browser.driver.current_url
    assert "token: " not in text(browser)
    assert re.search(reason, party.why(text(browser))), party.why(text(browser))
    address = step(browser, f"{party.url}/private/")
    return address.startswith(f"{party.stack.public_url}/oauth/authorize?")


@pytest.mark.takes("a whole life of a login at each client, in a browser")
def test_a_person_signs_in_renews_the_tokens_and_signs_out(browser, party):
    page = sign_in(browser, party)
    assert page["name"] == "alice" and page["groups"] == "member"
    go(browser, party.refresh_url(page["token"]))
    renewed = shown(browser)
    assert renewed["name"] == "alice" and renewed["token"] != page["token"]
    go(browser, party.logout_url)
    browser.wait_for(lambda: "You are signed out here." in text(browser))
    assert browser.driver.current_url.startswith(party.goodbye)
    go(browser, f"{party.url}/private/")
    assert browser.path.startswith("/login?")
    assert browser.complaints() == []


def test_an_id_token_with_another_nonce_lets_nobody_in(browser, party):
    sign_in(browser, party)
    browser.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    address = step(browser, f"{party.url}/private/")
    go(browser, with_parameter(address, nonce="of-somebody-else"))
    log_in(browser)
    allow_or_not(browser, party)
    assert is_refused(browser, party, "nonce")


def allow_or_not(browser, party):
    """The consent page if it comes, and whatever the party makes of the answer."""
    def is_there():
        return browser.driver.current_url.startswith(party.url)
    browser.wait_for(lambda: browser.path.startswith("/oauth/") or is_there())
    if not is_there():
        browser.find("button[value=allow]").click()
        browser.wait_for(is_there)


def answer_for(browser, party):
    """The address with the code, which the browser has not opened yet."""
    address = step(browser, f"{party.url}/private/")
    for _ in range(4):
        address = step(browser, address)
        if address.startswith(party.callback):
            return address
    raise AssertionError(address)


def test_an_answer_that_names_another_issuer_lets_nobody_in(browser, party):
    sign_in(browser, party)
    forget(browser, party)
    go(browser, with_parameter(answer_for(browser, party), iss="https://elsewhere.example"))
    assert is_refused(browser, party, "iss")


def forget(browser, party):
    """The party's cookies are gone; the login at the provider goes on."""
    for cookie in browser.driver.execute_cdp_cmd("Network.getCookies",
                                                 {"urls": [party.url]})["cookies"]:
        browser.driver.execute_cdp_cmd("Network.deleteCookies", {
            "name": cookie["name"], "url": party.url})


def test_a_code_that_is_played_again_ends_what_the_client_holds(browser, party):
    sign_in(browser, party)
    forget(browser, party)
    address = answer_for(browser, party)
    go(browser, address)
    page = shown(browser)
    go(browser, address)  # nothing new: refused, or the page of the session that there is
    assert "token: " not in text(browser) or shown(browser)["token"] == page["token"]
    code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))["code"]
    played = play(party, code)
    assert played.status_code == 400 and played.json()["error"] == "invalid_grant"
    refused = requests.get(f"{party.stack.public_url}/oauth/userinfo", timeout=20,
                           headers={"Authorization": f"Bearer {page['token']}"})
    assert refused.status_code == 401
    go(browser, party.refresh_url(page["token"]))
    assert "invalid_grant" in text(browser) or \
        "error_code=refresh_failed" in browser.driver.current_url, browser.driver.current_url


def play(party, code):
    """Somebody who has the code and the client's secret, but not the verifier."""
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": party.callback,
              "code_verifier": "v" * 43}
    if party.method == "client_secret_post":
        proof = {"data": {**fields, "client_id": party.client_id,
                          "client_secret": party.secret}}
    else:
        proof = {"data": fields, "auth": (party.client_id, party.secret)}
    return requests.post(f"{party.stack.public_url}/oauth/token", timeout=20, **proof)


@pytest.fixture(name="page_of_scripts")
def _page_of_scripts(apache, npm):
    """(url, client id) of tests/npm/app.html on an origin of its own."""
    handler = functools.partial(QuietHandler, directory=npm)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/app.html"
    name = f"scripts-{server.server_port}"
    apache.doorward("client", "add", name, "--redirect", url, "--method", "none",
                    "--consent", "trusted")
    yield url, name
    apache.doorward("client", "remove", name)
    server.shutdown()
    server.server_close()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Files, and no log."""

    def log_message(self, *_):  # pylint: disable=arguments-differ
        pass


@NPM
def test_a_page_of_scripts_is_a_client_from_its_own_origin(browser, page_of_scripts):
    url, name = page_of_scripts
    go(browser, f"{url}?" + urllib.parse.urlencode(
        {"issuer": browser.stack.public_url, "client_id": name}))
    browser.wait_for(lambda: browser.path.startswith("/login?"))
    log_in(browser)
    browser.wait_for(lambda: "done" in text(browser) or "refused" in text(browser))
    assert text(browser).splitlines() == ["name: alice", "renewed: true",
                                          "after the revocation: 401", "done"]


@pytest.fixture(name="webmail")
def _webmail(apache):
    webmail = Webmail(apache)
    webmail.user = "mailreader"
    apache.doorward("user", "add", webmail.user, "--mail", f"{webmail.user}@example.org",
                    "--verified", "--password-stdin", stdin=PASSWORD + "\n")
    yield webmail
    apache.doorward("user", "delete", webmail.user, "--yes")
    webmail.end()


@pytest.mark.slow("starts Roundcube and Dovecot")
def test_a_mail_server_opens_the_mailbox_by_the_token_of_the_webmail(browser, webmail):
    go(browser, webmail.url)
    browser.find("#rcmloginoauth").click()
    browser.wait_for(lambda: browser.path.startswith("/login?"))
    log_in(browser, webmail.user, PASSWORD)
    browser.wait_for(lambda: "_task=mail" in browser.driver.current_url)
    assert browser.find("#rcmliSU5CT1g a").text.startswith("Inbox"), webmail.log()
    assert f"{webmail.user}@example.org" in text(browser)
    refused = imap_answer(webmail, "bob@example.org", "not a token")
    assert refused.startswith("a NO"), refused


def imap_answer(webmail, name, token):
    """What Dovecot says to a name and a token."""
    proof = base64.b64encode(f"user={name}\1auth=Bearer {token}\1\1".encode()).decode()
    with socket.create_connection(("127.0.0.1", webmail.imap), 20) as connection:
        lines = connection.makefile("rw", newline="\r\n")
        lines.readline()
        lines.write(f"a AUTHENTICATE XOAUTH2 {proof}\r\n")
        lines.flush()
        answer = lines.readline()
        if answer.startswith("+"):  # says why, and waits for an empty line
            lines.write("\r\n")
            lines.flush()
            answer = lines.readline()
        return answer
