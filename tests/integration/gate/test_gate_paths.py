"""No spelling of a path, no header and no method gets a byte of what is gated.

Each trick is tried on each front end by nobody and by somebody without the role; what counts
is that the canary is not in the answer, whatever the status.
"""

import os

import pytest

from client import raw
from fronts import fronts_that_wait
from gate import (ADMIN_CANARY, AUTHORIZER_FRONTS, CANARY, OPEN, end_gate, start_gate)


@pytest.fixture(scope="module", params=fronts_that_wait())
def gate(request):
    """One running GateStack for each front end."""
    stack = start_gate(*request.param)
    yield stack
    end_gate(stack)


# @ stands for the name of the directory, > for what is in it.
SPELLINGS = """
/@/>
//@/>
///@/>
/@//>
/@///>
/./@/>
/@/./>
/x/../@/>
/@/x/../>
/@/../@/>
/../@/>
/../www/@/>
/../private/@/>
/%2e/@/>
/x/%2e%2e/@/>
/x/%2E%2E/@/>
/x/.%2e/@/>
/x/%2e./@/>
/x%2f..%2f@/>
/..%2f@/>
/%2e%2e%2f@/>
/%2f@/>
/@%2f>
/@%2F>
/@/%2f>
/@/%2e/>
/@/>/
/@/>/x
/@/>/../>
/@/>%2f
/@/>.
/@/>%20
/@/>%00
/@/>%00.css
/@/>%0a
/@/>%0d%0aX: y
/@/>;
/@/>;.css
/@/>;/x.css
/@/;/>
/@;/>
/@;x=1/>
/;/@/>
/;x/@/>
/login;/../@/>
/@./>
/@%20/>
/%20@/>
/@%00/>
/@%09/>
\\@\\>
/\\@/>
/@\\>
/@%5c>
/%5c@/>
/x%5c..%5c@/>
/x\\..\\@/>
/@?/>
/@/>?x=/open
/@/>?/public/
/@/>%3f.css
/@/>#x
/@/>%23
#/@/>
/%23/../@/>
/login/../@/>
/login/%2e%2e/@/>
/login/..;/@/>
/protected/../@/>
/protected/%2e%2e/@/>
/.doorward/refused/../../@/>
/.doorward/refused/@/>
/.doorward/refused?/@/>
/.well-known/jwks.json/../../@/>
/.well-known/jwks.json/@/>
/index.html/../@/>
/index.html/@/>
/private/@/>
/www/@/>
/%c0%ae%c0%ae/@/>
/x/%c0%ae%c0%ae/@/>
/@%c0%af>
/@%ef%bc%8f>
/%ef%bc%8f@/>
/@/%e2%80%8b>
/%ff/../@/>
/@/>%ff
/%u0040/@/>
/@/%u002e%u002e/@/>
/%25%34%30/@/>
/@%252f>
/%252e%252e/@/>
/x/%252e%252e/@/>
/@/>%2500
http://localhost/@/>
http://localhost//@/>
http://localhost/x/../@/>
http://elsewhere.example/@/>
http://user@localhost/@/>
HTTP://LOCALHOST/@/>
https://localhost/@/>
//localhost/@/>
file:///@/>
@/>
./@/>
*/@/>
?/@/>
/~root/@/>
/@/~/>
/@/.htaccess/../>
/@:80/>
/@::$DATA/>
/@/>::$DATA
/@/>~
/@,/>
/@+/>
/@/+/>
/open/../@/>
"""

# Ways out of the open directory, for those who may only be there.
FROM_OPEN = """
/members/open/../>
/members/open/%2e%2e/>
/members/open/.%2e/>
/members/open/..%2f>
/members/open%2f..%2f>
/members/open%2f%2e%2e%2f>
/members/open/..;/>
/members/open;/../>
/members/open/./../>
/members/open//../>
/members/open/x/../../>
/members/open/..\\>
/members/open/..%5c>
/members/open/%252e%252e/>
/members/open/..%252f>
/members/open/..%00/>
/members/open/%c0%ae%c0%ae/>
/members/open/canary.txt/../../>
/members/open/canary.txt/>
/members/open/../open/../>
"""


def mangle(name):
    """The same name in other letters: each a way that somebody's file system reads alike."""
    if not name:
        return []
    return [name, name.upper(), name.capitalize(), "%" + f"{ord(name[0]):02x}" + name[1:],
            "".join(f"%{ord(c):02X}" for c in name), name[:-1] + "%" + f"{ord(name[-1]):02X}",
            "".join(f"%25{ord(c):02x}" for c in name), name.replace("s", "%c5%bf")]


def paths(directory, inside):
    """Every trick for one file."""
    for spelling in SPELLINGS.split("\n")[1:-1]:
        for name in mangle(directory) if "members" in directory else [directory]:
            yield spelling.replace("@", name).replace(">", inside)
    for name in mangle(inside):
        yield f"/{directory}/{name}"
    for spelling in FROM_OPEN.split("\n")[1:-1]:
        yield spelling.replace(">", inside)


def ask(gate, path, headers=(), method="GET", version="HTTP/1.1"):
    """The bytes of the answer to exactly this request line."""
    lines = [f"{method} {path} {version}".strip(), f"Host: localhost:{gate.port}",
             "Connection: close"] + [f"{name}: {value}" for name, value in headers]
    return raw(gate, "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n")


def leaks(answer, *canaries):
    """Whether one of them is in it, in the body or anywhere else."""
    text = answer.body + repr(answer.headers).encode()
    return [c for c in canaries if c.encode() in text or c[:12].encode() in text]


@pytest.mark.takes("with plain CGI two programs are started for each of a thousand spellings")
def test_no_spelling_opens_it_for_nobody(gate):
    """Files of /members, and of /members/admin."""
    bad = []
    for directory, inside in [("members", "canary.txt"), ("members", "index.html"),
                              ("members", ""), ("members/admin", "canary.txt")]:
        for path in paths(directory, inside):
            if leaks(ask(gate, path), CANARY, ADMIN_CANARY):
                bad.append(path)
    assert not bad


@pytest.mark.takes("with plain CGI two programs are started for each of a thousand spellings")
def test_no_spelling_opens_it_without_the_role(gate):
    """Signed in, and after what only an admin may have."""
    bad = []
    token = gate.token()
    for directory, inside in [("members/admin", "canary.txt"), ("members", "admin/canary.txt"),
                              ("members", "admin/"), ("members/shut", "canary.txt"),
                              ("members", "both/canary.txt")]:
        for path in paths(directory, inside):
            if leaks(ask(gate, path, [("Authorization", f"Bearer {token}")]), ADMIN_CANARY):
                bad.append(path)
    for name in mangle("admin") + mangle("both") + mangle("shut"):
        path = f"/members/{name}/canary.txt"
        if leaks(ask(gate, path, [("Authorization", f"Bearer {token}")]), ADMIN_CANARY):
            bad.append(path)
    assert not bad


def test_the_plain_spellings_do_work(gate):
    """The tests above would pass on a server that answers nothing at all."""
    admin = [("Authorization", f"Bearer {gate.token(['admin'])}")]
    assert leaks(ask(gate, "/members/admin/canary.txt", admin), ADMIN_CANARY)
    assert leaks(ask(gate, "/%6dembers/%63anary.txt", admin), CANARY)
    assert OPEN.encode() in ask(gate, "/members/open/canary.txt").body


HEADERS = [
    ("X-Original-URL", "/members/open/"), ("X-Rewrite-URL", "/members/open/"),
    ("X-Forwarded-Uri", "/members/open/"), ("X-Forwarded-Prefix", "/members/open"),
    ("X-Forwarded-For", "127.0.0.1"), ("X-Real-IP", "127.0.0.1"), ("Forwarded", "for=127.0.0.1"),
    ("X-HTTP-Method-Override", "GET"), ("X-Accel-Redirect", "/members/canary.txt"),
    ("X-Sendfile", "/members/canary.txt"), ("X-LIGHTTPD-send-file", "/members/canary.txt"),
    ("Remote-User", "root"), ("Remote_User", "root"), ("REMOTE_USER", "root"),
    ("Variable-REMOTE_USER", "root"), ("Doorward-Rule", "open"), ("DOORWARD_RULE", "open"),
    ("Doorward-Config", "/tmp/x"), ("Request-Uri", "/members/open/"),
    ("Request_Uri", "/members/open/"), ("Script-Filename", "/etc/passwd"),
    ("Redirect-Status", "401"), ("REDIRECT_STATUS", "401"), ("Fcgi-Role", "RESPONDER"),
    ("FCGI_ROLE", "RESPONDER"), ("Status", "200 OK"), ("Proxy", "http://127.0.0.1"),
    ("Authorization", "Bearer"), ("Authorization", "Bearer  "), ("Authorization", "Basic Og=="),
    ("Authorization", "Negotiate x"), ("Cookie", "__Host-doorward="),
    ("Cookie", "doorward=x; __Host-doorward"), ("Range", "bytes=0-"), ("If-Match", "*"),
    ("If-None-Match", '"x"'), ("If-Range", '"x"'), ("Expect", "100-continue"),
    ("Upgrade", "websocket"), ("Upgrade", "h2c"), ("HTTP2-Settings", "AAMAAABkAAQAAP__"),
    ("Connection", "Authorization"), ("Connection", "Cookie"), ("Host", "127.0.0.1"),
    ("Referer", "/members/canary.txt"), ("TE", "trailers"), ("Content-Length", "0"),
    ("Transfer-Encoding", "identity"), ("Accept", "text/html"), ("Max-Forwards", "0"),
]


def test_no_header_opens_it(gate):
    """One at a time, to nobody, and with the token of somebody without the role."""
    for header in HEADERS:
        assert not leaks(ask(gate, "/members/canary.txt", [header]), CANARY), header
        both = [("Authorization", f"Bearer {gate.token()}"), header]
        assert not leaks(ask(gate, "/members/admin/canary.txt", both), ADMIN_CANARY), header


def test_no_method_opens_it(gate):
    """Nor an old protocol, nor junk behind it."""
    for method in ("HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH",
                   "PROPFIND", "SEARCH", "MOVE", "get", "GeT", "GETT", "DEBUG", "M-SEARCH"):
        assert not leaks(ask(gate, "/members/canary.txt", [("Content-Length", "0")], method), CANARY)
    for version in ("", "HTTP/0.9", "HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/1.1 x"):
        assert not leaks(ask(gate, "/members/canary.txt", version=version), CANARY)


def test_a_second_request_on_the_line_is_judged_by_itself(gate):
    """Pipelining, and bodies that pretend to be requests."""
    first = f"GET / HTTP/1.1\r\nHost: localhost:{gate.port}\r\n\r\n"
    second = (f"GET /members/canary.txt HTTP/1.1\r\nHost: localhost:{gate.port}\r\n"
              "Connection: close\r\n\r\n")
    signed_in = first.replace("GET / ", "GET /members/canary.txt ").replace(
        "\r\n\r\n", f"\r\nAuthorization: Bearer {gate.token()}\r\n\r\n")
    answer = raw(gate, (first + second).encode())
    assert not leaks(answer, CANARY)
    answer = raw(gate, (signed_in + second).encode())
    assert answer.body.count(CANARY.encode()) == 1
    smuggled = first.replace("GET", "POST").replace(
        "\r\n\r\n", f"\r\nContent-Length: {len(second)}\r\nTransfer-Encoding: chunked\r\n\r\n"
        f"0\r\n\r\n{second}")
    assert not leaks(raw(gate, smuggled.encode()), CANARY)


@pytest.mark.parametrize("front", AUTHORIZER_FRONTS, ids=["-".join(f) for f in AUTHORIZER_FRONTS])
def test_links_and_another_case_of_the_letters(front):
    """A link from the public tree is not followed; folded names come under the same rules."""
    stack = start_gate(*front)
    try:
        os.symlink("members", f"{stack.directory}/www/link")
        os.symlink("members/canary.txt", f"{stack.directory}/www/file.txt")
        os.symlink("admin", f"{stack.members}/open/link")
        os.symlink("../admin/canary.txt", f"{stack.members}/open/file.txt")
        # A tree that does not tell cases apart has all of these names.
        for name in "MEMBERS", "Members", "mEMBERS":
            os.makedirs(f"{stack.directory}/www/{name}/ADMIN")
            os.link(f"{stack.members}/index.html", f"{stack.directory}/www/{name}/index.html")
            os.link(f"{stack.members}/canary.txt", f"{stack.directory}/www/{name}/canary.txt")
            os.link(f"{stack.members}/admin/canary.txt",
                    f"{stack.directory}/www/{name}/ADMIN/canary.txt")
        for name in "ADMIN", "Admin":
            os.mkdir(f"{stack.members}/{name}")
            os.link(f"{stack.members}/admin/canary.txt", f"{stack.members}/{name}/canary.txt")
        token = [("Authorization", f"Bearer {stack.token()}")]
        for path in ("/link/canary.txt", "/file.txt", "/link/admin/canary.txt", "/link/",
                     "/members/open/link/canary.txt", "/members/open/file.txt",
                     "/MEMBERS/canary.txt", "/Members/admin/canary.txt", "/mEMBERS/",
                     "/MEMBERS/ADMIN/canary.txt", "/MEMBERS/", "/MEMBERS/ADMIN/",
                     "/mEMBERS/canary.txt/x"):
            assert not leaks(ask(stack, path), CANARY, ADMIN_CANARY), path
        assert leaks(ask(stack, "/MEMBERS/canary.txt", token), CANARY)
        for path in ("/members/ADMIN/canary.txt", "/members/Admin/canary.txt",
                     "/MEMBERS/ADMIN/canary.txt"):
            assert ask(stack, path, token).status == 403
    finally:
        end_gate(stack)
