"""The gate in front of a directory of files, on all five front ends, from one table."""

import time

import jwt as pyjwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gate import (ADMIN_CANARY, CANARY, FRONTS, NAVIGATION, OPEN, SCRIPT, cookie, end_gate,
                  start_gate)


@pytest.fixture(scope="module", params=FRONTS, ids=["-".join(front) for front in FRONTS])
def gate(request):
    """One running GateStack for each front end."""
    stack = start_gate(*request.param)
    yield stack
    end_gate(stack)


def hours_ago(hours):
    """For claims."""
    return int(time.time() - 3600 * hours)


# who: a function of the stack that gives a token, or None for nobody
WHO = {
    "nobody": lambda s: None,
    "alice": lambda s: s.token(),
    "nowhere": lambda s: s.token(roles=[]),
    "admin": lambda s: s.token(["admin"], "root"),
    "owner": lambda s: s.token(["x", "owner"], "olga"),
    "both": lambda s: s.token(["auditor", "admin"], "bob"),
    "stale": lambda s: s.token(auth_time=hours_ago(1)),
    "timeless": lambda s: s.token(auth_time=None),
    "1fa": lambda s: s.token(acr="1fa", amr=["pwd"]),
    "2fa": lambda s: s.token(acr="2fa", amr=["pwd", "otp", "mfa"]),
    "phr": lambda s: s.token(acr="phr", amr=["swk", "user", "mfa"]),
    "stale phr": lambda s: s.token(acr="phr", auth_time=hours_ago(2)),
    "gold": lambda s: s.token(acr="gold"),
    "a program": lambda s: s.token(acr="phr", client_id="doorward-program"),
    "expired": lambda s: s.token(exp=hours_ago(1), iat=hours_ago(2)),
    "unborn": lambda s: s.token(nbf=hours_ago(-1)),
    "endless": lambda s: s.token(exp=None),
    "foreign": lambda s: s.token(iss="https://elsewhere.example"),
    "misled": lambda s: s.token(aud="https://elsewhere.example"),
    "forged": lambda s: s.sign(pyjwt.decode(s.token(["admin"]), options={
        "verify_signature": False}), ec.generate_private_key(ec.SECP256R1())),
    "unsigned": lambda s: pyjwt.encode(pyjwt.decode(s.token(["admin"]), options={
        "verify_signature": False}), None, "none"),
    "other type": lambda s: s.sign(pyjwt.decode(s.token(["admin"]), options={
        "verify_signature": False}), typ="JWT"),
    "garbage": lambda s: "a.b.c",
}
BAD_TOKENS = ["expired", "unborn", "endless", "foreign", "misled", "forged", "unsigned",
              "other type", "garbage"]

# who, path, status, what the body holds
TABLE = [
    ("nobody", "/", 200, "for everybody"),
    ("nobody", "/members/", 401, "unauthorized"),
    ("nobody", "/members", 401, "unauthorized"),
    ("nobody", "/members/canary.txt", 401, "unauthorized"),
    ("nobody", "/members/none", 401, "unauthorized"),
    ("nobody", "/members/open/canary.txt", 200, OPEN),
    ("nobody", "/members/open/", 200, OPEN),
    ("nobody", "/members/opened", 401, "unauthorized"),
    ("alice", "/members/", 200, CANARY),
    ("alice", "/members", 301, ""),
    ("alice", "/members/canary.txt", 200, CANARY),
    ("alice", "/members/canary.txt?a=b", 200, CANARY),
    ("alice", "/members/odd%20name%25.txt", 200, CANARY),
    ("alice", "/members/none", 404, ""),
    ("alice", "/members/noindex/", {403, 404}, ""),
    ("alice", "/members/open/canary.txt", 200, OPEN),
    ("alice", "/members/admin/", 403, "insufficient_scope"),
    ("alice", "/members/admin", 403, "insufficient_scope"),
    ("alice", "/members/admin/canary.txt", 403, "insufficient_scope"),
    ("alice", "/members/both/", 403, "insufficient_scope"),
    ("alice", "/members/shut/canary.txt", 403, "forbidden"),
    ("alice", "/members/fresh/", 200, CANARY),
    ("alice", "/members/indexed/index.html", 403, "insufficient_scope"),
    ("alice", "/members/indexed/", 403, "insufficient_scope"),
    ("alice", "/members/indexed/canary.txt", 200, CANARY),
    ("admin", "/members/indexed/", 200, CANARY),
    ("stale", "/members/fresh/", 401, "insufficient_user_authentication"),
    ("timeless", "/members/fresh/", 401, "insufficient_user_authentication"),
    ("stale", "/members/canary.txt", 200, CANARY),
    ("nobody", "/members/factor/", 401, "unauthorized"),
    ("alice", "/members/factor/", 401, "insufficient_user_authentication"),
    ("1fa", "/members/factor/", 401, "insufficient_user_authentication"),
    ("gold", "/members/factor/", 401, "insufficient_user_authentication"),
    ("a program", "/members/factor/", 401, "insufficient_user_authentication"),
    ("2fa", "/members/factor/", 200, CANARY),
    ("phr", "/members/factor/canary.txt", 200, CANARY),
    ("2fa", "/members/phr/", 401, "insufficient_user_authentication"),
    ("a program", "/members/phr/canary.txt", 401, "insufficient_user_authentication"),
    ("stale phr", "/members/phr/", 401, "insufficient_user_authentication"),
    ("phr", "/members/phr/", 200, CANARY),
    ("a program", "/members/canary.txt", 200, CANARY),
    ("nowhere", "/members/canary.txt", 200, CANARY),
    ("nowhere", "/members/admin/canary.txt", 403, "insufficient_scope"),
    ("admin", "/members/admin/", 200, ADMIN_CANARY),
    ("owner", "/members/admin/canary.txt", 200, ADMIN_CANARY),
    ("admin", "/members/both/canary.txt", 403, "insufficient_scope"),
    ("both", "/members/both/canary.txt", 200, ADMIN_CANARY),
    ("admin", "/members/shut/canary.txt", 403, "forbidden"),
] + [(who, "/members/canary.txt", 401, "invalid_token") for who in BAD_TOKENS]


@pytest.mark.parametrize("way", ["bearer", "cookie"])
@pytest.mark.parametrize("who, path, status, holds", TABLE,
                         ids=[f"{row[0]} {row[1]}" for row in TABLE])
def test_the_table(gate, who, path, status, holds, way):
    """Who gets what. A token for a program is none in the cookie of a browser."""
    token = WHO[who](gate)
    if who == "a program" and way == "cookie":
        status, holds = 401, "invalid_token"
    if way == "bearer" or not token:
        answer = gate.get(path, token)
    else:
        answer = gate.get(path, headers=[cookie(token)])
    assert answer.status in (status if isinstance(status, set) else {status})
    assert holds in answer.body.decode()
    if answer.status not in (200, 301):
        assert CANARY not in answer.body.decode() and ADMIN_CANARY not in answer.body.decode()
    if answer.status in (401, 403):
        assert not answer.header("Set-Cookie")
    if answer.status == 401:
        assert [h.split()[0] for h in answer.header("WWW-Authenticate")] == ["Bearer"]
    if answer.status == 200 and path != "/":
        assert not [name for name, _ in answer.headers if name.lower().startswith("variable-")]
        assert "private" in ",".join(answer.header("Cache-Control"))
        assert "no-cache" in ",".join(answer.header("Cache-Control"))


def test_two_credentials_are_refused(gate):
    """Of one kind. A token that a client sends wins over the cookie that its browser adds."""
    good, bad = (("Authorization", f"Bearer {t}") for t in (gate.token(), gate.token(exp=1)))
    for extra in (good, ("Authorization", "Basic eDp5")):
        answer = gate.get("/members/canary.txt", headers=[good, extra])
        assert answer.status == 400 and CANARY.encode() not in answer.body
    assert gate.get("/members/canary.txt", headers=[good, cookie("x")]).status == 200
    answer = gate.get("/members/canary.txt", headers=[bad, cookie(gate.token())])
    assert answer.status == 401 and CANARY.encode() not in answer.body
    twice = [cookie(gate.token()), cookie(gate.token())]
    answer = gate.get("/members/canary.txt", headers=twice)
    assert answer.status == 400 and CANARY.encode() not in answer.body


def test_a_person_is_led_to_the_login_and_a_program_is_told(gate):
    """By Accept, Sec-Fetch-* and X-Requested-With, and never where a rule says api."""
    answer = gate.get("/members/canary.txt?x=1&y=2", headers=NAVIGATION)
    assert answer.status == 303
    assert answer.header("Location") == ["/login?return_to=/members/canary.txt%3Fx%3D1%26y%3D2"]
    assert answer.header("Cache-Control") and "no-store" in answer.header("Cache-Control")[0]
    xhr = NAVIGATION[:1] + [("X-Requested-With", "XMLHttpRequest")]
    for headers in SCRIPT, xhr, []:
        answer = gate.get("/members/canary.txt", headers=headers)
        assert (answer.status, answer.header("Location")) == (401, [])
    assert gate.get("/members/api/", headers=NAVIGATION).status == 401
    expired = gate.get("/members/", headers=NAVIGATION + [cookie(WHO["expired"](gate))])
    assert expired.status == 303
    stale = gate.get("/members/fresh/", headers=NAVIGATION + [cookie(WHO["stale"](gate))])
    assert stale.header("Location") == ["/login?need=fresh&return_to=/members/fresh/"]


WANTS = {"/members/fresh/": 'description="a more recent login is required", max_age="300"',
         "/members/factor/": 'description="a login with a second factor is required", '
                             'acr_values="2fa"',
         "/members/phr/": 'description="a login with a passkey is required", acr_values="phr", '
                          'max_age="3600"',
         "/members/strong/": 'description="a login with a second factor is required", '
                             'acr_values="2fa"'}


@pytest.mark.parametrize("path, wants", WANTS.items())
@pytest.mark.parametrize("headers", [SCRIPT, []])
def test_an_api_client_is_told_what_its_login_lacks(gate, path, wants, headers):
    """RFC 9470, 3: the challenge holds all that the rule wants."""
    token = gate.token(acr="1fa", auth_time=int(time.time()) - (400 if "fresh" in path else 0))
    answer = gate.get(path, token, headers=headers)
    assert answer.status == 401
    assert answer.header("WWW-Authenticate") == [
        f'Bearer error="insufficient_user_authentication", error_{wants}']
    assert b'"error":"insufficient_user_authentication"' in answer.body.replace(b" ", b"")


def test_a_login_that_is_old_and_weak_is_told_both(gate):
    """A new login by the password alone would be refused again."""
    answer = gate.get("/members/phr/", gate.token(acr="1fa", auth_time=hours_ago(2)))
    assert answer.header("WWW-Authenticate") == [
        'Bearer error="insufficient_user_authentication", '
        'error_description="a more recent login is required", acr_values="phr", max_age="3600"']


@pytest.mark.parametrize("path, who, need", [
    ("/members/factor/?a=1&b=2", "1fa", "factor"), ("/members/phr/canary.txt", "2fa", "phr"),
    ("/members/phr/", "stale phr", "fresh"), ("/members/factor/", "gold", "factor")])
def test_a_person_is_led_to_prove_just_what_is_missing(gate, path, who, need):
    answer = gate.get(path, headers=NAVIGATION + [cookie(WHO[who](gate))])
    assert answer.status == 303 and "no-store" in answer.header("Cache-Control")[0]
    back = path.replace("?", "%3F").replace("=", "%3D").replace("&", "%26")
    assert answer.header("Location") == [f"/login?need={need}&return_to={back}"]


def test_nobody_is_led_away_from_an_api_or_from_what_they_send(gate):
    """Nor if it is a form of a page: what was typed would be lost, so a page says what to do."""
    weak = cookie(WHO["1fa"](gate))
    answer = gate.get("/members/strong/", headers=NAVIGATION + [weak])
    assert (answer.status, answer.header("Location")) == (401, [])
    own = [("Origin", gate.public_url), *NAVIGATION[:3], ("Sec-Fetch-Site", "same-origin")]
    for path in "/members/factor/", "/members/phr/":
        answer = gate.get(path, None, "POST", headers=own + [weak], body=b"x=1")
        assert (answer.status, answer.header("Location")) == (401, [])
        assert "acr_values=" in answer.header("WWW-Authenticate")[0]
        assert "wants a more recent or a stronger sign-in" in answer.body.decode()


def test_a_person_without_the_role_reads_why(gate):
    """403 with a page, and a way to another account."""
    answer = gate.get("/members/admin/", headers=NAVIGATION + [cookie(gate.token())])
    page = answer.body.decode()
    assert answer.status == 403
    assert answer.header("Content-Type")[0].startswith("text/html")
    assert "alice" in page and "/login?need=fresh&amp;return_to=%2Fmembers%2Fadmin%2F&amp;other=1" in page
    assert answer.header("Content-Security-Policy")[0].startswith("default-src 'none'")
    assert len(answer.header("Content-Security-Policy")) == 1


def test_methods(gate):
    """A rule names those that it allows; HEAD goes with GET and has no body."""
    token = gate.token()
    assert gate.get("/members/read/canary.txt", token).status == 200
    head = gate.get("/members/read/canary.txt", token, "HEAD")
    assert (head.status, head.body) == (200, b"")
    head = gate.get("/members/canary.txt", method="HEAD")
    assert (head.status, head.body) == (401, b"")
    for method in "POST", "DELETE", "PUT", "PATCH", "PROPFIND":
        answer = gate.get("/members/read/canary.txt", token, method, body=b"x=1")
        assert answer.status == 405, method
        assert answer.header("Allow") == ["GET, HEAD"]
        assert gate.get("/members/canary.txt", None, method, body=b"x=1").status == 401
    for method in "POST", "OPTIONS", "TRACE", "get", "GETS":
        answer = gate.get("/members/canary.txt", None, method)
        assert answer.status >= 400 and CANARY.encode() not in answer.body


def test_a_form_of_another_site_cannot_use_the_cookie(gate):
    """An unsafe method by cookie must come from our own pages; by bearer it may."""
    theirs = [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")]
    ours = [("Origin", gate.public_url), ("Sec-Fetch-Site", "same-origin")]
    token = gate.token()
    assert gate.get("/members/canary.txt", None, "POST", [cookie(token)] + theirs).status == 403
    assert gate.get("/members/canary.txt", None, "POST", [cookie(token)]).status == 403
    assert gate.get("/members/canary.txt", None, "POST", [cookie(token)] + ours).status != 403
    assert gate.get("/members/canary.txt", token, "POST", theirs).status != 403


def test_ranges_and_conditional_requests(gate):
    """As without the gate."""
    token = gate.token()
    whole = gate.get("/members/canary.txt", token)
    etag, date = whole.header("ETag")[0], whole.header("Last-Modified")[0]
    part = gate.get("/members/canary.txt", token, headers=[("Range", "bytes=0-5")])
    assert (part.status, part.body) == (206, b"canary")
    assert part.header("Content-Range") == [f"bytes 0-5/{len(whole.body)}"]
    assert gate.get("/members/canary.txt", token, headers=[("Range", "bytes=9999-")]).status == 416
    for name, value in ("If-None-Match", etag), ("If-Modified-Since", date):
        answer = gate.get("/members/canary.txt", token, headers=[(name, value)])
        assert (answer.status, answer.body) == (304, b"")
        answer = gate.get("/members/canary.txt", headers=[(name, value)])
        assert answer.status == 401
    answer = gate.get("/members/canary.txt", token,
                      headers=[("Range", "bytes=0-5"), ("If-Range", '"other"')])
    assert (answer.status, answer.body) == (200, whole.body)
    answer = gate.get("/members/canary.txt", headers=[("Range", "bytes=0-5")])
    assert answer.status == 401 and b"canary" not in answer.body


def test_a_large_file_arrives_whole(gate):
    """More than any buffer on the way holds."""
    data = bytes(range(256)) * 20000
    with open(f"{gate.members}/large.bin", "wb") as f:
        f.write(data)
    answer = gate.get("/members/large.bin", gate.token())
    assert answer.status == 200
    assert answer.body == data
