"""Odd requests by the hundred, the same each time: none is answered with 5xx, none ends a program,
and the next good one is served."""

import random

import pytest
import tokens
from client import Client, bearer, raw_request

PATHS = ["/protected", "/protected/", "/protected/x", "/protected?", "/protected?access_token=a",
         "/protected?a=%", "/protected?%00=%ff", "/protected/%2e%2e/login", "//protected",
         "/protected;x=1", "/protected%20", "/login", "/login?return_to=//evil.example",
         "/login?return_to=%00", "/login?return_to=/a&return_to=/b", "/login?need=%zz",
         "/login/", "/login/refresh", "/login/logout", "/login/health", "/login/nothing",
         "/login/..%2fprotected", "/login?" + "a=1&" * 200, "/protected?" + "x" * 3000]
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get", "BREW"]
VALUES = ["", " ", ",", ";", "=", "\xff\xfe", "Bearer", "Bearer a.b.c", "Bearer " + "x" * 3000,
          "Bearer a, Bearer b", "Basic Zm9v", "__Host-doorward=a", "__Host-doorward=\"",
          "__Host-doorward=a; __Host-doorward=b", "__Secure-doorward-session=x; ;;=", "null", "*",
          "https://evil.example", "text/html", "text/html;q=", "*/*;q=9", "a/b;c=\"", "-1", "0",
          "same-origin", "cross-site", "navigate", "\t\x0b", "application/json",
          "application/x-www-form-urlencoded", "multipart/form-data; boundary=", "websocket"]
HEADERS = ["Authorization", "Cookie", "Accept", "Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode",
           "Sec-Fetch-Dest", "Content-Type", "Referer", "X-Requested-With", "User-Agent",
           "X-Forwarded-For", "Access-Control-Request-Method", "If-None-Match", "Range",
           "Accept-Language", "Upgrade", "Authorization_", "X_Foo", "X-Foo"]
BODIES = [b"", b"{", b"{}", b"[]", b"null", b'{"username":1}', b'{"username":"a","username":"b"}',
          b"\xff\xfe\x00", b"username=a&password=b", b"username=%00&password=%ff", b"=&=&&",
          b"access_token=a", b"[" * 2000, b'{"refresh_token":"x"}', b'"' + b"\\u0000" * 100 + b'"',
          b"a" * 20000]


def odd_request(chance):
    """Method, path, headers and body."""
    headers = [(chance.choice(HEADERS), chance.choice(VALUES))
               for _ in range(chance.randrange(6))]
    return chance.choice(METHODS), chance.choice(PATHS), headers, chance.choice(BODIES)


@pytest.mark.parametrize("seed", range(4))
def test_no_odd_request_breaks_anything(front, seed):
    chance = random.Random(seed)
    for _ in range(80):
        request = odd_request(chance)
        answer = raw_request(front, *request)
        # 501 is the server, which knows no such method
        assert 200 <= answer.status < 500 or answer.status == 501, (request, answer.status, answer.body[:200])
        if request[1].startswith("/protected") and "%2e" not in request[1]:
            assert answer.status != 200 or request[0] == "OPTIONS", request
    good = Client(front).get("/protected", headers=bearer(tokens.make(front)))
    assert good.status_code == 200
    with open(f"{front.directory}/log/error.log", encoding="latin-1") as f:
        log = f.read()
    for word in ("no_answer", "exit signal", "Segmentation", "AddressSanitizer",
                 "malformed header", "Premature end"):
        assert word not in log
