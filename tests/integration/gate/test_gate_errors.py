"""What the server itself answers behind the gate: status and Location as without it, and
nothing of the visitor, to keep or to see. On all five front ends."""

import os

import pytest

from gate import FRONTS, NAVIGATION, cookie, end_gate, start_gate

LIMITED = """
<Location "/members/limited">
	LimitRequestBody 1000
</Location>
"""
MOVED = """
<Directory "{0}/www/members">
	Options FollowSymLinks
	RewriteEngine On
	{1}
</Directory>
"""
REDIRECTS = [301, 302, 303, 307, 308]
ERRORS = [400, 403, 404, 406, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 423, 424,
          426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 507, 508]
RULES = [f'RewriteRule "^moved-{status}$" "/members/" [R={status},L]' for status in REDIRECTS] + [
    f'RewriteRule "^error-{status}$" "-" [R={status},L]' for status in ERRORS]


@pytest.fixture(scope="module", params=FRONTS, ids=["-".join(front) for front in FRONTS],
                name="gate")
def _gate(request):
    def more(stack):
        if stack.web.server == "apache" and stack.web.mode != "cgi":
            stack.web.extra = LIMITED + MOVED.format(stack.directory, "\n".join(RULES))

    stack = start_gate(*request.param, prepare=more)
    locked = f"{stack.members}/locked.txt"
    with open(locked, "w", encoding="utf-8") as f:
        f.write("to nobody\n")
    os.chmod(locked, 0)
    yield stack
    end_gate(stack)


def is_our_own(stack, answer):
    """Where Apache turns to our page; files.fcgi answers by itself anyway. What lighttpd does
    not know the method of, it asks nobody about."""
    return stack.web.server == "apache" or (stack.web.mode == "cgi" and answer.status != 501)


def assert_says_nothing_of_the_visitor(stack, answer):
    for name, value in answer.headers:
        assert not name.lower().startswith("variable-")
        assert "alice" not in value and "id-of-" not in value
    kept = ", ".join(answer.header("Cache-Control"))
    if is_our_own(stack, answer):
        assert kept == "no-store" or (stack.web.mode == "cgi" and "private" in kept)
        assert answer.header("X-Content-Type-Options") == ["nosniff"]
    elif answer.status not in (416, 501):  # those no cache keeps of its own accord
        assert "private" in kept


# path, method, headers, body, status on Apache with an authorizer, on lighttpd, by files.fcgi
FRONT_COLUMN = {"apache": 0, "lighttpd": 1}
TABLE = [
    ("/members", "GET", [], b"", 301, 301, 301),
    ("/members", "HEAD", [], b"", 301, 301, 301),
    ("/members/noindex/", "GET", [], b"", 404, 403, 404),
    ("/members/none", "GET", [], b"", 404, 404, 404),
    ("/members/none/deeper/still", "GET", [], b"", 404, 404, 404),
    ("/members/none", "HEAD", [], b"", 404, 404, 404),
    ("/members/none", "POST", [], b"x" * 70000, 404, 404, 413),
    ("/members/locked.txt", "GET", [], b"", 403, 403, 403),
    ("/members/canary.txt", "PUT", [], b"x", 405, 501, 405),
    ("/members/canary.txt", "PUT", [], b"x" * 70000, 405, 501, 413),
    ("/members/canary.txt", "DELETE", [], b"", 405, 501, 405),
    ("/members/canary.txt", "BREW", [], b"", 501, 501, 405),
    ("/members/canary.txt", "GET", [("Range", "bytes=9999-")], b"", 416, 416, 416),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[1]} {row[0]} {len(row[3])}")
def test_the_servers_own_answers(gate, row):
    """To a program as JSON, to a person as a page."""
    path, method, headers, body, *statuses = row
    expected = statuses[2 if gate.web.mode == "cgi" else FRONT_COLUMN[gate.web.server]]
    answers = [gate.get(path, gate.token(), method, headers, body)]
    if method in ("GET", "HEAD"):
        answers.append(gate.get(path, None, method,
                                NAVIGATION + headers + [cookie(gate.token())]))
    for one in answers:
        if one.status != 501 or gate.web.mode != "cgi":  # lighttpd's own, of whatever program
            assert one.status == expected
        assert_says_nothing_of_the_visitor(gate, one)
        if expected == 301:
            assert one.header("Location")[0].endswith("/members/")
        if method == "HEAD":
            assert one.body == b""
        if one.status == 405:
            assert "GET" in one.header("Allow")[0] and "HEAD" in one.header("Allow")[0]
    if expected >= 400 and is_our_own(gate, answers[0]) and method != "HEAD":
        assert answers[0].body.startswith(b'{"error":')
        assert method != "GET" or gate.web.mode == "cgi" or b"<main" in answers[1].body


def test_a_precondition_that_fails(gate):
    """412 keeps the headers of the file: private, and nothing of the visitor."""
    answer = gate.get("/members/canary.txt", gate.token(), headers=[("If-Match", '"x"')])
    assert answer.status in (412, 200)  # lighttpd does not know If-Match
    assert not [name for name, _ in answer.headers if name.lower().startswith("variable-")]
    assert "private" in answer.header("Cache-Control")[0] or \
        answer.header("Cache-Control") == ["no-store"]


def test_not_modified_may_still_be_kept_by_the_visitors_browser(gate):
    """304 says what the 200 said, or the browser would forget what it has."""
    whole = gate.get("/members/canary.txt", gate.token())
    answer = gate.get("/members/canary.txt", gate.token(),
                      headers=[("If-None-Match", whole.header("ETag")[0])])
    assert answer.status == 304
    assert not [name for name, _ in answer.headers if name.lower().startswith("variable-")]
    assert answer.header("Cache-Control") == whole.header("Cache-Control")
    assert "no-store" not in answer.header("Cache-Control")[0]


def test_every_redirect_and_error_that_apache_can_give(gate):
    """Of mod_rewrite, which gives any."""
    if gate.web.server != "apache" or gate.web.mode == "cgi":
        return  # nothing there rewrites
    for status in REDIRECTS:
        answer = gate.get(f"/members/moved-{status}", gate.token())
        assert answer.status == status
        assert answer.header("Location")[0].endswith("/members/")
        assert_says_nothing_of_the_visitor(gate, answer)
    for status in ERRORS:
        answer = gate.get(f"/members/error-{status}", gate.token())
        assert answer.status == status
        assert_says_nothing_of_the_visitor(gate, answer)
    answer = gate.get("/members/limited/x", gate.token(), "POST", body=b"x" * 2000)
    assert answer.status in (404, 413)
    assert_says_nothing_of_the_visitor(gate, answer)


def test_nobody_learns_more_without_a_token(gate):
    """The refused get what they always got, at whatever address."""
    for path in "/members", "/members/none", "/members/locked.txt", "/members/moved-301", \
            "/members/error-404":
        answer = gate.get(path)
        assert answer.status == 401 and answer.header("WWW-Authenticate")
    if gate.web.server != "apache":
        return
    for path in "/.doorward/refused", "/.doorward/refused/x":
        answer = gate.get(path, headers=[("REDIRECT_STATUS", "404")])
        assert answer.status in (401, 403, 404)
