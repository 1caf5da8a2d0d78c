"""Clients: a browser-like session, an API client, and bytes on a socket."""

import base64
import html
import http.cookiejar
import json
import re
import socket

import requests

from servers import USERS

ALICE = ("alice", USERS["alice"][0])


class Answer:
    """A response read from a socket."""

    def __init__(self, data):
        head, _, self.body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split()[1]) if lines[0].startswith("HTTP/") else 0
        self.headers = [tuple(line.split(": ", 1)) for line in lines[1:] if ": " in line]

    def header(self, name):
        """Every value of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


def raw(stack, data, timeout=20):
    """Send bytes as they are, read until the server closes."""
    with socket.create_connection(("127.0.0.1", stack.port), timeout) as connection:
        connection.sendall(data)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return Answer(received)


def raw_request(stack, method, path, headers=(), body=b""):
    """One request with exactly these headers, in this order, twice if given twice."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{stack.port}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return raw(stack, "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)


class Client(requests.Session):
    """Keeps to one site and follows no redirect by itself. Unlike requests, and like Chromium
    and curl, it sends Secure cookies to the loopback interface."""

    def __init__(self, stack, browser=False):
        super().__init__()
        self.site = f"http://localhost:{stack.port}"
        self.public_url = stack.settings.get("public_url", stack.public_url)
        self.trust_env = False
        self.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(
            secure_protocols=("http", "https")))
        if browser:
            self.headers.update({
                "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
                "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate",
                "Sec-Fetch-Dest": "document", "Origin": self.public_url})

    def prepare_request(self, request):
        """requests asks a jar of its own making for the cookies; ours knows better."""
        prepared = super().prepare_request(request)
        if "Cookie" not in (request.headers or {}):
            prepared.headers.pop("Cookie", None)
            cookies = requests.cookies.get_cookie_header(self.cookies, prepared)
            if cookies:
                prepared.headers["Cookie"] = cookies
        return prepared

    def send(self, request, **options):
        options.update(allow_redirects=False, timeout=options.get("timeout") or 30)
        return super().send(request, **options)

    def request(self, method, url, **options):  # pylint: disable=arguments-differ
        return super().request(method, self.site + url if url.startswith("/") else url, **options)


def json_login(stack, name, password):
    """POST /login as an API client does."""
    return Client(stack).post("/login", json={"username": name, "password": password})


def token(stack, name, password):
    """The access token of a login that must succeed."""
    answer = json_login(stack, name, password)
    assert answer.status_code == 200, answer.text
    return answer.json()["token"]


def bearer(access_token):
    """The header of RFC 6750."""
    return {"Authorization": f"Bearer {access_token}"}


def hidden_fields(page):
    """Name and value of the hidden inputs of a page."""
    fields = {}
    for tag in re.findall(r"<input\b[^>]*>", page):
        words = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if words.get("type") == "hidden":
            fields[words["name"]] = html.unescape(words.get("value", ""))
    return fields


def form_login(stack, name, password, return_to=None):
    """A browser's login: fetch the form, send it. The client and the answer to the POST."""
    client = Client(stack, browser=True)
    page = client.get("/login", params={"return_to": return_to} if return_to else None)
    assert page.status_code == 200, page.text
    fields = hidden_fields(page.text)
    fields.update(username=name, password=password)
    return client, client.post("/login", data=fields)


def short(value):
    """A payload's name on the screen."""
    return ascii(value)[:40]


def attributes(answer, name):
    """The attributes of the cookie `name` in an answer's Set-Cookie lines, or None."""
    for line in answer.raw.headers.getlist("Set-Cookie"):
        if line.startswith(name + "="):
            return [part.strip() for part in line.split(";")][1:]
    return None


def is_form(answer):
    """The login form is shown, and nobody was let in."""
    return '<input id="password"' in answer.text and attributes(answer, "__Host-doorward") is None


def claims(token):
    """The claims of a token, unproven."""
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
