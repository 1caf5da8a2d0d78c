"""Sessions over HTTP: silent renewal, refresh, logout, health, and what is refused there."""

import time

import pytest

from client import Client, bearer, form_login, hidden_fields, json_login
from servers import USERS
from test_login import ALICE, attributes, claims, is_form, short


# ---- renewal ----

def test_a_session_is_renewed_without_a_form(front):
    client, answer = form_login(front, *ALICE)
    old = answer.cookies["__Secure-doorward-session"]
    back = client.get("/login", params={"return_to": "/protected?x=1"})
    assert back.status_code == 303 and back.headers["Location"] == "/protected?x=1"
    assert back.cookies["__Secure-doorward-session"] != old
    assert attributes(back, "__Host-doorward") is not None
    assert claims(back.cookies["__Host-doorward"])["sid"] == \
        claims(answer.cookies["__Host-doorward"])["sid"]


def test_a_script_or_a_prefetch_renews_nothing(apache):
    client, _ = form_login(apache, *ALICE)
    for headers in ({"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
                    {"Sec-Purpose": "prefetch;prerender"}, {"Accept": "application/json"}):
        answer = client.get("/login", headers=headers)
        assert answer.status_code == 200 and is_form(answer)
    assert client.head("/login").status_code == 200


def test_a_dead_session_cookie_is_taken_away(front):
    client = Client(front, browser=True)
    answer = client.get("/login", headers={"Cookie": "__Secure-doorward-session=dwr_" + "A" * 43})
    assert answer.status_code == 200 and is_form(answer) is False
    assert "Max-Age=0" in attributes(answer, "__Secure-doorward-session")
    assert '<input id="password"' in answer.text


def test_a_browser_that_goes_round_in_circles_is_stopped(front):
    client, _ = form_login(front, *ALICE)
    statuses = []
    for _ in range(6):
        answer = client.get("/login", params={"return_to": "/protected"})
        statuses.append(answer.status_code)
        if answer.status_code != 303:
            break
    assert statuses[-1] == 403 and statuses[:-1] == [303] * (len(statuses) - 1)
    assert len(statuses) > 2
    assert "circles" in answer.text
    assert client.get("/login", params={"return_to": "/other"}).status_code == 303


def test_a_refresh_token_gives_the_next_pair(front):
    first = json_login(front, *ALICE).json()
    answer = Client(front).post("/login/refresh", json={"refresh_token": first["refresh_token"]})
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    body = answer.json()
    assert set(body) == {"token", "access_token", "token_type", "expires_in", "refresh_token"}
    assert body["access_token"] == body["token"]
    assert body["refresh_token"] != first["refresh_token"]
    assert claims(body["token"])["sid"] == claims(first["token"])["sid"]
    assert Client(front).get("/protected", headers=bearer(body["token"])).status_code == 200


def test_a_browsers_refresh_keeps_the_refresh_token_in_its_cookie(front):
    client, answer = form_login(front, *ALICE)
    renewed = client.post("/login/refresh")
    assert renewed.status_code == 200
    assert set(renewed.json()) == {"token", "access_token", "token_type", "expires_in"}
    assert renewed.cookies["__Secure-doorward-session"] != \
        answer.cookies["__Secure-doorward-session"]


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": None, "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": None, "Origin": None}])
@pytest.mark.parametrize("path", ["/login/refresh", "/login/logout"])
def test_another_site_neither_refreshes_nor_logs_out(apache, path, headers):
    client, _ = form_login(apache, *ALICE)
    answer = client.post(path, headers=headers)
    assert answer.status_code == 403 and "Set-Cookie" not in answer.headers
    if "Origin" in headers and headers["Origin"] is None:
        assert "did not say which page" in answer.text and "another site" not in answer.text
    assert client.get("/protected").status_code == 200
    assert client.post("/login/refresh").status_code == 200


@pytest.mark.parametrize("body, status", [
    (b"{", 400), (b"[]", 400), (b"{}", 400), (b'{"refresh_token":1}', 400),
    (b'{"refresh_token":""}', 401), (b'{"refresh_token":"x"}', 401),
    (b'{"refresh_token":"dwr_' + b"A" * 43 + b'"}', 401),
    (b'{"refresh_token":"a","refresh_token":"b"}', 400),
    (b'{"refresh_token":"' + b"a" * 20000 + b'"}', 413),
], ids=short)
def test_a_bad_refresh_is_refused(front, body, status):
    answer = Client(front).post("/login/refresh", data=body,
                                headers={"Content-Type": "application/json"})
    assert answer.status_code == status and answer.json()["error"]


def test_nothing_to_refresh_is_unauthorized(front):
    answer = Client(front).post("/login/refresh")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_refresh_of_another_content_type_is_refused(apache):
    answer = Client(apache).post("/login/refresh", data="refresh_token=x")
    assert answer.status_code == 415


# ---- logout ----

def test_a_browser_logs_out_and_its_session_is_over(front):
    client, answer = form_login(front, *ALICE)
    session = answer.cookies["__Secure-doorward-session"]
    out = client.post("/login/logout")
    assert out.status_code == 303 and out.headers["Location"] == "/login/goodbye"
    assert "Max-Age=0" in attributes(out, "__Host-doorward")
    assert "Max-Age=0" in attributes(out, "__Secure-doorward-session")
    assert "__Host-doorward" not in client.cookies
    assert client.get("/protected").status_code == 303
    goodbye = client.get("/login/goodbye")
    assert goodbye.status_code == 200 and "signed out" in goodbye.text
    over = Client(front).post("/login/refresh", json={"refresh_token": session})
    assert over.status_code == 401


def test_a_logout_may_lead_somewhere_of_this_site(apache):
    for target, location in (("/bye?x=1", "/bye?x=1"), ("//evil.example", "/")):
        client, _ = form_login(apache, *ALICE)
        out = client.post("/login/logout", data={"return_to": target})
        assert out.status_code == 303 and out.headers["Location"] == location


@pytest.mark.parametrize("headers", [
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": None},
    {"Origin": "null", "Sec-Fetch-Site": None}, {"Origin": None, "Sec-Fetch-Site": None},
])
def test_a_form_of_another_site_does_not_clear_the_cookies(apache, headers):
    """It comes without them, for they are SameSite; what it sets would be kept all the same."""
    answer = Client(apache, browser=True).post("/login/logout", data={"x": "y"}, headers=headers)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_an_api_client_logs_out_by_refresh_token(front):
    body = json_login(front, *ALICE).json()
    out = Client(front).post("/login/logout", json={"refresh_token": body["refresh_token"]})
    assert out.status_code == 204 and out.content == b""
    again = Client(front).post("/login/refresh", json={"refresh_token": body["refresh_token"]})
    assert again.status_code == 401


def test_an_api_client_logs_out_by_bearer_token(front):
    body = json_login(front, *ALICE).json()
    out = Client(front).post("/login/logout", headers=bearer(body["token"]))
    assert out.status_code == 204
    again = Client(front).post("/login/refresh", json={"refresh_token": body["refresh_token"]})
    assert again.status_code == 401


@pytest.mark.parametrize("options, status", [
    ({}, 401), ({"json": {"refresh_token": 1}}, 400), ({"json": []}, 400),
    ({"data": "{", "headers": {"Content-Type": "application/json"}}, 400),
    ({"data": "x", "headers": {"Content-Type": "text/plain"}}, 415),
    ({"json": {"refresh_token": "x" * 20000}}, 413),
    ({"headers": {"Authorization": "Bearer a, Bearer b"}}, 400),
    ({"headers": {"Cookie": "__Host-doorward=a; __Host-doorward=b"}}, 400),
    ({"headers": {"Cookie": "__Secure-doorward-session=a, __Secure-doorward-session=b"}}, 400),
    ({"headers": {"Authorization": "Bearer a.b.c"}}, 401),
], ids=short)
def test_a_bad_logout_is_refused(front, options, status):
    answer = Client(front).post("/login/logout", **options)
    assert answer.status_code == status


def test_a_listed_origin_logs_out_and_refreshes_only_where_cookies_are_shared(private_stack):
    for credentials in ("off", "on"):
        stack = private_stack(cors_origins="https://app.example", cors_credentials=credentials)
        client, _ = form_login(stack, *ALICE)
        for origin in ("https://app.example", "https://other.example"):
            for path in ("/login/refresh", "/login/logout"):
                answer = client.post(path, headers={
                    "Origin": origin, "Sec-Fetch-Site": "cross-site", "Accept": "*/*"})
                allowed = credentials == "on" and origin == "https://app.example"
                assert answer.status_code in ((200, 204) if allowed else (403, 401)), origin
                assert (answer.headers.get("Access-Control-Allow-Origin") == origin) == \
                    (origin == "https://app.example")


# ---- the service ----

def test_health_says_ok_and_nothing_else(front):
    answer = Client(front).get("/login/health")
    assert answer.status_code == 200 and answer.json() == {"status": "ok"}


def test_without_its_database_the_login_says_so_and_recovers(private_stack):
    stack = private_stack()
    kept = json_login(stack, *ALICE).json()["token"]
    stack.stop_database()
    for answer in (json_login(stack, *ALICE), Client(stack).get("/login/health"),
                   Client(stack).post("/login/refresh", json={"refresh_token": "dwr_" + "A" * 43})):
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.elapsed.total_seconds() < 4
        assert answer.json()["error"] == "temporarily_unavailable"
    assert Client(stack).get("/login").status_code == 200
    _, page = form_login(stack, *ALICE)
    assert page.status_code == 503 and page.headers["Content-Type"].startswith("text/html")
    assert Client(stack).get("/protected", headers=bearer(kept)).status_code == 200
    stack.start_database()
    assert wait_for_login(stack) < 5


def wait_for_login(stack):
    """Seconds until a login works again."""

    start = time.monotonic()
    while json_login(stack, *ALICE).status_code != 200 and time.monotonic() - start < 10:
        time.sleep(0.2)
    return time.monotonic() - start


def test_plain_http_gives_cookies_without_secure(private_stack):
    stack = private_stack(plain_http="on")
    client = Client(stack, browser=True)
    page = client.get("/login")
    assert attributes(page, "doorward-form") == ["Path=/", "HttpOnly", "SameSite=Lax"]
    fields = dict(hidden_fields(page.text), username=ALICE[0], password=ALICE[1])
    answer = client.post("/login", data=fields)
    assert answer.status_code == 303
    assert attributes(answer, "doorward") == ["Path=/", "HttpOnly", "SameSite=Lax"]
    assert attributes(answer, "doorward-session") == ["Path=/login", "HttpOnly", "SameSite=Lax"]
    assert client.get("/protected").status_code == 200
