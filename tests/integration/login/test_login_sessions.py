"""Sessions over HTTP: silent renewal, refresh, logout, health, and what is refused there."""

import time

import pytest

from client import (ALICE, Client, attributes, bearer, claims, form_login, hidden_fields, is_form,
                    json_login, short)
from servers import USERS


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
    assert "This page does not open" in answer.text
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


def test_tabs_that_renew_one_after_the_other_use_up_one_token(front):
    """A tab that comes a moment later goes on by the cookies of the first."""
    client, answer = form_login(front, *ALICE)
    first = answer.cookies["__Secure-doorward-session"]
    jar = {cookie.name: cookie.value for cookie in client.cookies}
    one = client.get("/login", params={"return_to": "/protected?1"})
    second = client.cookies["__Secure-doorward-session"]
    assert one.status_code == 303 and second != first
    two = client.get("/login", params={"return_to": "/protected?2"})
    assert two.status_code == 303 and two.headers["Location"] == "/protected?2"
    assert attributes(two, "__Secure-doorward-session") is None
    # and one that was on its way before gets the same as the first
    late = Client(front, browser=True)
    for name, value in jar.items():
        late.cookies.set(name, value)
    three = late.get("/login", params={"return_to": "/protected?3"})
    assert three.cookies["__Secure-doorward-session"] == second
    assert client.get("/protected").status_code == 200


def test_a_tab_whose_new_token_is_revoked_renews_all_the_same(apache):
    """The roles changed in the same moment: going on by it would lead in circles."""
    name = f"tab{time.monotonic_ns()}"
    apache.add_user(name, "a wholly different phrase", "member")
    client, _ = form_login(apache, name, "a wholly different phrase")
    client.get("/login", params={"return_to": "/protected?1"})
    old = claims(client.cookies["__Host-doorward"])["sid"]
    apache.doorward("user", "role", name, "--add", "editor")
    client.get("/login", params={"return_to": "/protected?2"})
    assert claims(client.cookies["__Host-doorward"])["sid"] != old
    assert client.get("/protected").status_code == 200


def refresh(stack, token):
    """The answer to a renewal as an API client asks for it."""
    return Client(stack).post("/login/refresh", json={"refresh_token": token})


def test_a_renewal_whose_token_cannot_be_made_uses_nothing_up(private_stack):
    """However late it is asked for again."""
    stack = private_stack()
    held = json_login(stack, *ALICE).json()["refresh_token"]
    client, _ = form_login(stack, *ALICE)
    stack.write_settings(issuer="x" * 1000, audience="y" * 900)  # no token is that long
    stack.stop_web()
    stack.start_web()
    assert refresh(stack, held).status_code == 503
    assert client.post("/login/refresh").status_code == 503
    assert client.get("/login", params={"return_to": "/protected"}).status_code in (303, 503)
    used = "select count(*) from doorward.refresh_tokens where used_at is not null"
    assert int(stack.sql(used)) == 0
    stack.write_settings(issuer=None, audience=None)
    stack.stop_web()
    stack.start_web()
    stack.sql("update doorward.sessions set used_at = used_at - interval '5 minutes'")
    assert refresh(stack, held).status_code == 200
    assert client.post("/login/refresh").status_code == 200
    assert int(stack.sql(used)) == 2


def last_refusal(stack):
    """What the log says of the last renewal that was refused."""
    with open(f"{stack.directory}/log/error.log", encoding="utf-8") as f:
        return [line for line in f if "event=renewal_refused" in line][-1]


def test_a_lost_answer_is_told_from_a_copy(private_stack):
    """By the log, the audit and the session's end; and a replaced session_secret is no theft."""
    stack = private_stack(refresh_grace="60s")
    reason = "select end_reason from doorward.sessions order by ended_at desc limit 1"
    waited = "update doorward.refresh_tokens set used_at = used_at - interval '{}'"

    first = json_login(stack, *ALICE).json()["refresh_token"]
    second = refresh(stack, first).json()["refresh_token"]
    stack.sql(waited.format("50 s"))
    assert refresh(stack, first).json()["refresh_token"] == second
    stack.sql(waited.format("20 s"))
    assert refresh(stack, first).status_code == 401
    assert stack.sql(reason).strip() == "lost"
    assert "level=info" in last_refusal(stack) and "reason=lost" in last_refusal(stack)

    first = json_login(stack, *ALICE).json()["refresh_token"]
    second = refresh(stack, first).json()["refresh_token"]
    assert refresh(stack, second).status_code == 200
    assert refresh(stack, first).status_code == 401
    assert stack.sql(reason).strip() == "reuse"
    assert "level=warn" in last_refusal(stack) and "reason=reuse" in last_refusal(stack)

    first = json_login(stack, *ALICE).json()["refresh_token"]
    refresh(stack, first)
    with open(f"{stack.directory}/keys/session.secret", "r+", encoding="ascii") as f:
        f.write("0" * 64)
    stack.stop_web()
    stack.start_web()
    assert refresh(stack, first).status_code == 401
    assert stack.sql(reason).strip() == "lost" and "reason=lost" in last_refusal(stack)


def test_one_login_too_many_ends_the_session_unused_longest_at_once(private_stack):
    """Its token dies; a browser's session does not count among those of programs."""
    stack = private_stack(sessions_max="2")
    browser, _ = form_login(stack, *ALICE)
    held = [json_login(stack, *ALICE).json() for _ in range(3)]
    opens = [Client(stack).get("/protected", headers=bearer(one["token"])).status_code
             for one in held]
    assert opens == [401, 200, 200]
    assert browser.get("/protected").status_code == 200
    assert refresh(stack, held[0]["refresh_token"]).status_code == 401


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
