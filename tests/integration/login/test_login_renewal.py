"""Renewal and guessing over HTTP: in the second half of a token's life, at once from many
sides, with the database away, behind a proxy."""

import time
from concurrent.futures import ThreadPoolExecutor

import tokens
from client import ALICE, Client, attributes, claims, form_login, hidden_fields, json_login

COOKIE = "__Host-doorward"


def half_worn(stack, client):
    """Give the browser an access token of its own session in the second half of its life."""
    own = claims(client.cookies[COOKIE])
    now = int(time.time())
    worn = tokens.make(stack, sub=own["sub"], sid=own["sid"], iat=now - 2000, exp=now + 1600)
    put_cookie(client, COOKIE, worn)


def put_cookie(client, name, value):
    """Change what a browser's cookie says."""
    for cookie in client.cookies:
        if cookie.name == name:
            cookie.value = value


def test_the_second_half_renews_on_a_navigation_with_one_redirect_and_no_password(front):
    client, _ = form_login(front, *ALICE)
    old = client.cookies[COOKIE]
    half_worn(front, client)
    away = client.get("/protected?a=1&b=%2Fx")
    assert away.status_code == 303
    assert away.headers["Location"].startswith("/login?return_to=/protected")
    back = client.get(away.headers["Location"])
    assert back.status_code == 303 and back.headers["Location"] == "/protected?a=1&b=%2Fx"
    assert back.cookies[COOKIE] != old
    for claim in "auth_time", "amr", "acr":
        assert claims(back.cookies[COOKIE])[claim] == claims(old)[claim]
    assert client.get(back.headers["Location"]).status_code == 200


def test_a_renewal_tells_of_the_login_as_the_session_keeps_it(private_stack):
    """By what and when somebody last proved who they are; not of when the session was opened."""
    stack = private_stack()
    answer = json_login(stack, *ALICE).json()
    first = claims(answer["token"])
    assert first["amr"] == ["pwd"] and first["acr"] == "1fa"
    stack.sql("update doorward.sessions set amr = '{pwd,otp,mfa}', auth_time = auth_time - interval"
              f" '99 s' where sid = '{first['sid']}'")
    renewed = Client(stack).post("/login/refresh", json={"refresh_token": answer["refresh_token"]})
    second = claims(renewed.json()["token"])
    assert second["amr"] == ["pwd", "otp", "mfa"] and second["acr"] == "2fa"
    assert second["auth_time"] == first["auth_time"] - 99


def test_a_slow_login_is_dated_as_its_session_is(private_stack):
    """A renewal states when the session was opened, so the first token must too."""
    stack = private_stack()
    with ThreadPoolExecutor() as pool:
        busy = pool.submit(stack.sql, "lock table doorward.users; select pg_sleep(1.7)")
        while stack.sql("select count(*) from pg_locks where mode = 'AccessExclusiveLock' "
                        "and granted and relation = 'doorward.users'::regclass").strip() == "0":
            time.sleep(0.05)
        answer = json_login(stack, *ALICE)
        busy.result()
    token = claims(answer.json()["token"])
    opened = stack.sql("select floor(extract(epoch from opened_at))::bigint "
                       f"from doorward.sessions where sid = '{token['sid']}'")
    assert token["auth_time"] == int(opened)
    assert token["iat"] >= token["auth_time"]


def test_the_second_half_lets_a_post_through(apache):
    client, _ = form_login(apache, *ALICE)
    half_worn(apache, client)
    assert client.post("/protected").status_code == 200


def test_with_the_database_away_a_good_token_goes_on_and_nobody_is_sent_round(private_stack):
    stack = private_stack()
    client, _ = form_login(stack, *ALICE)
    half_worn(stack, client)
    stack.stop_database()
    away = client.get("/protected?x")
    assert away.status_code == 303
    back = client.get(away.headers["Location"])
    assert back.status_code == 303 and back.headers["Location"] == "/protected?x"
    assert attributes(back, "__Host-doorward-later") == [
        "Path=/", "Max-Age=60", "Secure", "HttpOnly", "SameSite=Lax"]
    assert attributes(back, COOKIE) is None
    assert client.get("/protected?x").status_code == 200
    put_cookie(client, COOKIE, "x")
    assert client.get("/login?return_to=/protected").status_code == 503


def test_the_cookie_for_later_opens_nothing(apache):
    client, cookie = Client(apache, browser=True), {"Cookie": "__Host-doorward-later=1"}
    assert client.get("/protected", headers=cookie).status_code == 303
    assert client.post("/protected", headers=cookie).status_code == 401


def test_a_hundred_refreshes_at_once_give_one_successor_on_lighttpd_too(private_stack):
    stack = private_stack("lighttpd")
    start = json_login(stack, *ALICE).json()

    def refresh(_):
        return Client(stack).post("/login/refresh", json={"refresh_token": start["refresh_token"]})

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(refresh, range(100)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    assert {claims(answer.json()["token"])["sid"] for answer in answers} == \
        {claims(start["token"])["sid"]}
    successor = answers[0].json()["refresh_token"]
    assert Client(stack).post("/login/refresh",
                              json={"refresh_token": successor}).status_code == 200
    assert int(stack.sql("select count(*) from doorward.sessions where ended_at is null")) == 1


# ---- guessing ----

def guess(stack, name, n, **options):
    """So many wrong passwords; the statuses."""
    return [Client(stack).post("/login", json={"username": name, "password": f"wrong {i}"},
                               **options).status_code for i in range(n)]


def test_guesses_are_slowed_down_with_one_text_for_known_and_unknown_names(private_stack):
    stack = private_stack()
    for name in ("alice", "no such user"):
        statuses = guess(stack, name, 15)
        assert statuses[0] == 401 and statuses[-1] == 429
    # on a slow machine the few seconds that they are to wait might be over
    stack.sql("UPDATE doorward.attempts SET level = level + 8 WHERE bucket LIKE 'name:%'")
    answers = [json_login(stack, *ask) for ask in (ALICE, ("no such user", "x"))]
    assert {answer.status_code for answer in answers} == {429}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].json()["error"] == "too_many_requests"
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)


def test_a_browser_is_told_how_long_to_wait(private_stack):
    stack = private_stack()
    guess(stack, "alice", 15)
    client, answer = form_login(stack, *ALICE)
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0
    assert "There were too many tries. You can try again in " in answer.text and 'role="alert"' in answer.text
    assert attributes(answer, COOKIE) is None
    stack.doorward("user", "unlock", "alice")
    fields = dict(hidden_fields(answer.text), username=ALICE[0], password=ALICE[1])
    assert client.post("/login", data=fields).status_code == 303


def test_a_known_device_gets_in_while_a_stranger_guesses(private_stack):
    stack = private_stack()
    client, answer = form_login(stack, *ALICE)
    assert [part for part in attributes(answer, "__Secure-doorward-device") if
            part.startswith("Max-Age=")]
    client.post("/login/logout")
    guess(stack, "alice", 15)
    page = client.get("/login")
    fields = dict(hidden_fields(page.text), username=ALICE[0], password=ALICE[1])
    assert client.post("/login", data=fields).status_code == 303


def test_only_a_trusted_proxy_says_who_is_asking(private_stack):
    stack = private_stack(trusted_proxies="127.0.0.1 ::1")
    for i in range(3):
        answer = Client(stack).post("/login", json={"username": "alice", "password": "wrong"},
                                    headers={"X-Forwarded-For": f"192.0.2.9, 198.51.100.{i}"})
        assert answer.status_code == 401
    assert stack.sql("select count(distinct address) from doorward.audit "
                     "where address << '198.51.100.0/24'").strip() == "3"
    stack.write_settings(trusted_proxies=None)
    stack.stop_web()
    stack.start_web()
    Client(stack).post("/login", json={"username": "alice", "password": "wrong"},
                       headers={"X-Forwarded-For": "203.0.113.5"})
    assert stack.sql("select count(*) from doorward.audit "
                     "where address = '203.0.113.5'").strip() == "0"
