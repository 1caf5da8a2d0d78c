"""Programs of others behind the gate: PHP, CGI, a proxied one and its WebSocket.

The servers run apps.conf as it is shipped.
"""

import base64
import hashlib
import http.server
import os
import re
import socket
import threading

import pytest

from gate import AUTHORIZER_FRONTS, NAVIGATION, cookie, end_gate, start_gate

ECHO = """
$names = ['REMOTE_USER', 'DOORWARD_USER_ID', 'DOORWARD_ROLES', 'DOORWARD_EXPIRES',
	'HTTP_REMOTE_USER', 'REQUEST_METHOD', 'PATH_INFO', 'QUERY_STRING'];
foreach ($names as $name)
	echo "$name=", $_SERVER[$name] ?? '-', "\\n";
foreach ($_SERVER as $name => $value)
	if (strncmp($name, 'HTTP_', 5) == 0)
		echo "$name=$value\n";
echo 'body=', strlen(file_get_contents('php://input')), "\\n";
"""
CGI = """#!/bin/sh
printf 'Content-Type: text/plain\\r\\n\\r\\n'
echo "REMOTE_USER=${REMOTE_USER-}"
echo "DOORWARD_USER_ID=${DOORWARD_USER_ID-}"
echo "DOORWARD_ROLES=${DOORWARD_ROLES-}"
echo "HTTP_REMOTE_USER=${HTTP_REMOTE_USER-}"
echo "REQUEST_METHOD=${REQUEST_METHOD-}"
env | grep ^HTTP_
echo "body=$(wc -c)"
"""
MOVED = """#!/bin/sh
printf 'Location: http://elsewhere.example/x\\r\\nSet-Cookie: a=b\\r\\n\\r\\n'
"""
BROKEN = """#!/bin/sh
exit 1
"""
OWN_404 = """#!/bin/sh
printf 'Status: 404 Not Found\\r\\nContent-Type: text/plain\\r\\n\\r\\nmy own words'
"""
SECRET = "what the program says"


class Echo(http.server.BaseHTTPRequestHandler):
    """Says what it was sent; upgrades to a WebSocket and sends one message."""

    protocol_version = "HTTP/1.1"

    def _answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        text = f"{SECRET}\n{self.command} {self.path}\n{self.headers}\nbody={len(body)}\n".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_POST = do_PUT = _answer

    def do_GET(self):  # pylint: disable=invalid-name
        """A page, or the upgrade."""
        key = self.headers.get("Sec-WebSocket-Key")
        if not key:
            self._answer()
            return
        accept = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(accept).decode())
        self.end_headers()
        text = f"{SECRET} to {self.headers.get('Remote-User', '')}".encode()
        self.wfile.write(bytes([0x81, len(text)]) + text)
        self.close_connection = True

    def log_message(self, *arguments):  # pylint: disable=arguments-differ
        """Not on the screen."""


@pytest.fixture(scope="module", name="backend")
def _backend():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module", params=AUTHORIZER_FRONTS,
                ids=["-".join(front) for front in AUTHORIZER_FRONTS], name="gate")
def _gate(request, backend):
    stack = start_gate(*request.param, apps=backend)
    for name, mode, text in [("php-app/index.php", 0o644, f"<?php {ECHO}"),
                             ("php-app/admin/index.php", 0o644, f"<?php {ECHO}"),
                             ("php-app/notes.txt", 0o644, SECRET),
                             ("cgi-app/echo.cgi", 0o755, CGI),
                             ("cgi-app/moved.cgi", 0o755, MOVED),
                             ("cgi-app/broken.cgi", 0o755, BROKEN),
                             ("cgi-app/own.cgi", 0o755, OWN_404)]:
        path = f"{stack.directory}/www/{name}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(path, mode)
    yield stack
    end_gate(stack)


PAGES = ["/php-app/index.php", "/php-app/index.php?a=b", "/php-app/", "/cgi-app/echo.cgi",
         "/app/x?y=z", "/app"]


@pytest.mark.parametrize("path", PAGES)
def test_nobody_reaches_the_program(gate, path):
    """Neither by reading nor by sending, nor with a name of their own."""
    for headers in [], [("Remote-User", "root")], [("Remote_User", "root")], NAVIGATION:
        answer = gate.get(path, headers=headers)
        assert answer.status in (401, 303)
        assert SECRET.encode() not in answer.body and b"REMOTE_USER" not in answer.body
    for method in "POST", "PUT":
        answer = gate.get(path, None, method, body=b"x" * 1000)
        assert answer.status == 401
        assert SECRET.encode() not in answer.body and b"body=" not in answer.body


FORGED = [("Remote-User", "root"), ("Remote_User", "root"), ("REMOTE_USER", "root"),
          ("Variable-REMOTE_USER", "root"), ("Remote-Groups", "admin"),
          ("Connection", "Remote-User, remote-groups"), ("Connection", "Forwarded, REMOTE_USER"),
          ("X-Forwarded-For", '1.2.3.4;remote_user="root"'),
          ("X-Forwarded-For", '"1.2.3.4";remote_user="root"'),
          ("Forwarded", 'for=1.2.3.4;remote_user="root"')]


@pytest.mark.parametrize("path", PAGES[:4])
def test_the_program_reads_who_it_is(gate, path):
    """REMOTE_USER and more, which no header can forge."""
    for forged in [[]] + [[header] for header in FORGED]:
        answer = gate.get(path, gate.token(["member", "x"]), headers=forged)
        lines = answer.body.decode().split("\n")
        assert answer.status == 200
        assert "REMOTE_USER=alice" in lines and "DOORWARD_ROLES=member x" in lines
        assert "DOORWARD_USER_ID=id-of-alice" in lines
        assert not [name for name, _ in answer.headers if name.lower().startswith("variable-")]
        assert_nobody_else_keeps(answer)


@pytest.mark.parametrize("path", PAGES[4:])
def test_the_proxied_program_reads_who_it_is(gate, path):
    """In a header that only the server sets."""
    for forged in [[]] + [[header] for header in FORGED]:
        answer = gate.get(path, gate.token(["member", "x"]), headers=forged)
        text = answer.body.decode()
        assert answer.status == 200 and SECRET in text
        assert text.split("\n")[1] == f"GET {path}"
        assert_nobody_else_keeps(answer)
        if gate.web.server == "apache":
            assert said(text, "Remote-User") == ["alice"]
            assert said(text, "Remote-Groups") == ["member x"]
        else:
            assert [f for f in said(text, "Forwarded") if 'remote_user="alice"' in f]
            assert "root" not in "".join(said(text, "Forwarded"))


LOOKALIKES = ["Remote-User", "Remote_User", "remote-groups", "REMOTE_GROUPS", "Remote-Name",
              "remote_email", "X-Remote-User", "X_REMOTE_USER", "x_remote-user",
              "X-Remote-Groups", "X-Forwarded-User", "X_Forwarded_Groups", "Doorward-User-Id",
              "DOORWARD_USER_ID", "doorward_user-id", "Doorward-Roles", "Doorward_Roles",
              "DOORWARD-EXPIRES", "doorward_expires"]


@pytest.mark.parametrize("path", ["/php-app/index.php", "/cgi-app/echo.cgi", "/app/x"])
def test_headers_that_look_like_the_gates_word_reach_no_program(gate, path):
    """In whatever case, with - or _; a header of another name does."""
    forged = [(name, "forged-7") for name in LOOKALIKES] + [("X-Harmless", "arrives")]
    text = gate.get(path, gate.token(), headers=forged).body.decode()
    assert "forged-7" not in text
    assert "arrives" in text and "alice" in text


def assert_nobody_else_keeps(answer):
    """No cache, and no browser after a logout."""
    kept = ",".join(answer.header("Cache-Control"))
    assert "private" in kept and "no-cache" in kept


def said(text, name):
    """The values of a header that the program got."""
    return [line.partition(": ")[2] for line in text.split("\n")
            if line.lower().startswith(name.lower() + ": ")]


@pytest.mark.parametrize("path", ["/php-app/index.php", "/cgi-app/echo.cgi", "/app/x"])
@pytest.mark.parametrize("size", [0, 10, 900_000])
def test_a_body_arrives_whole(gate, path, size):
    """Through the gate to the program."""
    answer = gate.get(path, gate.token(), "POST", body=b"x" * size)
    assert answer.status == 200
    assert f"body={size}" in answer.body.decode().replace(" ", "")


def variables_of(answer):
    """What must not leave the server."""
    return [name for name, _ in answer.headers if name.lower().startswith("variable-")]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_programs_redirects_and_failures_say_nothing_of_the_visitor(gate, method):
    """Status, Location and cookies are the program's; what it says itself stays its own."""
    body = b"x" * 900 if method == "POST" else b""
    ask = lambda name: gate.get(f"/cgi-app/{name}", gate.token(), method, body=body)
    moved, broken, own = ask("moved.cgi"), ask("broken.cgi"), ask("own.cgi")
    assert moved.status == 302 and moved.header("Set-Cookie") == ["a=b"]
    assert moved.header("Location") == ["http://elsewhere.example/x"]
    assert broken.status in (500, 502)
    assert (own.status, own.body) == (404, b"my own words")
    for answer in moved, broken, own:
        assert not variables_of(answer)


def test_a_proxied_program_that_is_down_is_503_and_nothing_of_the_visitor(gate):
    """In our words on Apache; lighttpd has its own."""
    program = gate.web.app_port
    gate.stop_web()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        gate.web.app_port = closed.getsockname()[1]
        gate.start_web()
        answer = gate.get("/app/x", gate.token())
        page = gate.get("/app/x", headers=NAVIGATION + [cookie(gate.token())])
    gate.stop_web()
    gate.web.app_port = program
    gate.start_web()
    assert answer.status == page.status == 503
    assert not variables_of(answer) and not variables_of(page)
    if gate.web.server == "apache":
        assert b'"temporarily_unavailable"' in answer.body and b"<main" in page.body
        assert answer.header("Cache-Control") == page.header("Cache-Control") == ["no-store"]
        assert answer.header("Retry-After")


def test_rules_hold_within_a_program(gate):
    """PATH_INFO and index pages come under the rule of their path."""
    assert gate.get("/php-app/admin/", gate.token()).status == 403
    assert gate.get("/php-app/admin/index.php/x", gate.token()).status == 403
    answer = gate.get("/php-app/admin/", gate.token(["admin"], "root"))
    assert "REMOTE_USER=root" in answer.body.decode()
    assert gate.get("/php-app/notes.txt").status == 401
    assert gate.get("/php-app/notes.txt", gate.token()).body == SECRET.encode()


def is_whole_refusal(received):
    """An answer that opens nothing, to its end: the connection itself stays open."""
    head, end, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"^Content-Length: *(\d+)", head, re.M | re.I)
    return bool(end) and not head.startswith(b"HTTP/1.1 101") and (
        len(body) >= int(length[1]) if length else body.endswith(b"0\r\n\r\n"))


def open_websocket(gate, *headers):
    """The first bytes after the request to upgrade."""
    lines = ["GET /app/ws HTTP/1.1", f"Host: localhost:{gate.port}", "Connection: Upgrade",
             "Upgrade: websocket", "Sec-WebSocket-Version: 13",
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
    lines += [f"{name}: {value}" for name, value in headers]
    with socket.create_connection(("127.0.0.1", gate.port), 2) as connection:
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")
        received = b""
        try:
            while chunk := connection.recv(4096):
                received += chunk
                if SECRET.encode() in received or is_whole_refusal(received):
                    break
        except TimeoutError:
            pass
    return received


def test_a_websocket_is_opened_only_for_those_signed_in(gate):
    """And by cookie only from our own pages."""
    bearer = ("Authorization", f"Bearer {gate.token()}")
    ours, theirs = ("Origin", gate.public_url), ("Origin", "https://evil.example")
    for headers in ([], [ours], [theirs], [("Authorization", "Bearer x")],
                    [cookie(gate.token())], [cookie(gate.token()), theirs],
                    [cookie(gate.token(exp=1)), ours]):
        received = open_websocket(gate, *headers)
        assert not received.startswith(b"HTTP/1.1 101") and SECRET.encode() not in received
    for headers in [bearer], [cookie(gate.token()), ours]:
        received = open_websocket(gate, *headers)
        assert received.startswith(b"HTTP/1.1 101"), received
        assert SECRET.encode() in received
