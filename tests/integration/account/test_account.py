"""/account: who I am, my sessions, my password, and everything that is refused there."""

import re
import time

import pytest

from account_page import NEW, change, form_token, log_in
from client import Client, bearer, form_login, hidden_fields, json_login, short
from servers import USERS

ALICE = ("alice", USERS["alice"][0])
ROOT = ("root", USERS["root"][0])
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(name="own_user")
def _own_user(apache, request):
    """A user that the test may change: name and password."""
    name = "u" + re.sub(r"\W", "", request.node.name)[-40:] + str(time.monotonic_ns())
    password = "seven quiet herons wading"
    apache.add_user(name, password)
    return name, password


# ---- who may ----

@pytest.mark.parametrize("path", ["/account", "/account/password"])
def test_a_browser_that_is_not_signed_in_is_sent_to_the_form(front, path):
    answer = Client(front, browser=True).get(path)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/login?return_to=/account")


@pytest.mark.parametrize("method, path", [("GET", "/account"), ("GET", "/account/password"),
                                          ("POST", "/account/end"), ("POST", "/account/password")])
def test_others_are_told_401(front, method, path):
    answer = Client(front).request(method, path)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("method, path, allow", [
    ("POST", "/account", "GET, HEAD"), ("GET", "/account/end", "POST"),
    ("DELETE", "/account/password", "GET, HEAD, POST")])
def test_wrong_methods_are_told_the_right_ones(front, method, path, allow):
    answer = Client(front).request(method, path)
    assert answer.status_code == 405 and answer.headers["Allow"] == allow


@pytest.mark.parametrize("path", ["/account/x", "/account/end/x", "/account/"])
def test_unknown_addresses_are_not_found(apache, path):
    assert Client(apache).get(path).status_code == 404


def test_a_session_that_is_over_is_signed_in_no_more(apache):
    client = log_in(apache, *ALICE)
    kept = dict(client.cookies)
    client.post("/login/logout")
    answer = Client(apache, browser=True).get("/account", headers={
        "Cookie": "; ".join(f"{name}={value}" for name, value in kept.items())})
    assert answer.status_code == 303 and answer.headers["Location"].startswith("/login")


# ---- what is shown ----

def test_the_page_shows_who_and_where(front):
    client = log_in(front, *ALICE, agent=FIREFOX)
    answer = client.get("/account")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert "<dd>alice</dd>" in answer.text and "this device" in answer.text
    assert re.search(r"Firefox\s+on\s+Linux", answer.text)
    assert "127.0.0.1" in answer.text or "::1" in answer.text
    assert "Mozilla" not in answer.text and "<script" not in answer.text


def test_a_browsers_name_is_text_and_no_markup(apache, own_user):
    log_in(apache, *own_user, agent='<script>alert("1")</script>')
    client = log_in(apache, *own_user)
    assert "<script" not in client.get("/account").text


# ---- ending sessions ----

def test_ends_one_other_session_at_once(front):
    other = log_in(front, *ROOT)
    api = json_login(front, *ROOT).json()
    assert other.get("/protected").status_code == 200
    client = log_in(front, *ROOT)
    page = client.get("/account").text
    ids = re.findall(r'name="session" value="([0-9a-f-]{36})"', page)
    assert len(ids) >= 2
    for one in ids:
        answer = client.post("/account/end", data={"form_token": form_token(client),
                                                   "session": one})
        assert answer.status_code == 303 and answer.headers["Location"] == "/account?done=ended"
    assert other.get("/protected").status_code == 303
    assert Client(front).get("/protected", headers=bearer(api["token"])).status_code == 401
    assert client.get("/account").status_code == 200
    assert 'role="status"' in client.get("/account?done=ended").text


def assert_only_known(stack, name, client, others):
    """Of these browsers, `client` alone gets past somebody who guesses at the name."""
    for _ in range(12):
        json_login(stack, name, "guess")
    answers = []
    for one in [client, *others]:
        fields = hidden_fields(one.get("/login?need=fresh").text)
        answer = one.post("/login", data=dict(fields, username=name, password="another guess"))
        answers.append(answer.status_code)
    assert answers == [401] + [429] * len(others)
    stack.sql("DELETE FROM doorward.attempts")


def test_ends_all_others_and_stays(apache, own_user):
    others = [log_in(apache, *own_user) for _ in range(3)]
    client = log_in(apache, *own_user)
    answer = client.post("/account/end", data={"form_token": form_token(client), "others": "1"})
    assert answer.status_code == 303 and answer.headers["Location"] == "/account?done=others"
    assert_only_known(apache, own_user[0], client, others)
    assert [other.get("/protected").status_code for other in others] == [303] * 3
    assert client.get("/protected").status_code == 200
    assert "nowhere else" in client.get("/account").text


def test_nobody_ends_the_sessions_of_others(apache, own_user):
    victim = log_in(apache, *own_user)
    page = log_in(apache, *own_user).get("/account").text
    ids = re.findall(r'name="session" value="([0-9a-f-]{36})"', page)
    client = log_in(apache, *ALICE)
    for one in ids:
        client.post("/account/end", data={"form_token": form_token(client), "session": one})
    assert victim.get("/protected").status_code == 200
    assert victim.get("/account").status_code == 200


@pytest.mark.parametrize("fields", [
    {}, {"session": ""}, {"session": "x"}, {"session": "A" * 36},
    {"session": "00000000-0000-0000-0000-00000000000g"}, {"others": ["1", "1"]},
    {"session": ["00000000-0000-0000-0000-000000000000"] * 2}])
def test_a_form_that_names_no_session_is_refused(apache, fields):
    client = log_in(apache, *ALICE)
    answer = client.post("/account/end", data=dict(fields, form_token=form_token(client)))
    assert answer.status_code == 400


# ---- forged forms ----

@pytest.mark.parametrize("path, fields", [
    ("/account/end", {"others": "1"}),
    ("/account/password", {"current": ALICE[1], "next": NEW, "repeat": NEW})])
@pytest.mark.parametrize("token", [None, "", "x", "login", "others"])
def test_a_form_without_its_own_token_changes_nothing(apache, path, fields, token):
    client = log_in(apache, *ALICE)
    if token == "login":
        token = hidden_fields(client.get("/login?need=fresh").text)["form_token"]
    elif token == "others":
        token = form_token(log_in(apache, *ROOT))
    answer = client.post(path, data=dict(fields, form_token=token))
    assert answer.status_code == 403
    assert json_login(apache, *ALICE).status_code == 200


@pytest.mark.parametrize("path", ["/account/end", "/account/password"])
@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": None, "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": None, "Origin": None, "Referer": "https://evil.example/account"}])
def test_a_form_of_another_site_changes_nothing(front, path, headers):
    client = log_in(front, *ALICE)
    answer = client.post(path, data={"form_token": form_token(client), "others": "1",
                                     "current": ALICE[1], "next": NEW, "repeat": NEW},
                         headers=headers)
    assert answer.status_code == 403
    assert json_login(front, *ALICE).status_code == 200


SILENT = {"Sec-Fetch-Site": None, "Origin": None}


def test_where_nothing_says_where_from_the_form_token_decides(apache, own_user):
    client = log_in(apache, *own_user)
    fields = {"current": own_user[1], "next": NEW, "repeat": NEW}
    for token in (None, "", "x", form_token(log_in(apache, *ALICE))):
        answer = client.post("/account/password", data=dict(fields, form_token=token),
                             headers=SILENT)
        assert answer.status_code == 403
        assert json_login(apache, *own_user).status_code == 200
    answer = client.post("/account/password", data=dict(fields, form_token=form_token(client)),
                         headers=SILENT)
    assert answer.status_code == 303
    assert json_login(apache, own_user[0], NEW).status_code == 200


def test_without_the_prefix_of_the_cookies_the_form_token_decides_nothing(private_stack):
    """With plain_http another site may plant a session of its own and know its token."""
    stack = private_stack(plain_http="on")
    client = log_in(stack, *ALICE)
    fields = {"form_token": form_token(client), "others": "1"}
    answer = client.post("/account/end", data=fields, headers=SILENT)
    assert answer.status_code == 403 and "did not say which page" in answer.text
    assert client.post("/account/end", data=fields, headers=dict(
        SILENT, Referer=f"{stack.public_url}/account")).status_code == 303


def test_other_content_types_are_refused(apache):
    client = log_in(apache, *ALICE)
    assert client.post("/account/end", json={"others": "1"}).status_code == 415


# ---- the password ----

def test_changes_the_password_and_ends_the_other_sessions(apache, own_user):
    name, old = own_user
    other = log_in(apache, name, old)
    client = log_in(apache, name, old)
    answer = change(client, old, NEW)
    assert answer.status_code == 303 and answer.headers["Location"] == "/account?done=password"
    assert_only_known(apache, name, client, [other])
    assert other.get("/protected").status_code == 303
    assert client.get("/protected").status_code == 200
    assert json_login(apache, name, old).status_code == 401
    assert json_login(apache, name, NEW).status_code == 200


@pytest.mark.parametrize("verified, mails", [(True, 1), (False, 0)])
def test_who_changes_the_password_is_told_at_the_address_that_is_theirs(apache, own_user, verified,
                                                                       mails):
    name, old = own_user
    address = f"{name}@example.org"
    apache.doorward("user", "set", name, "--mail", address, *["--verified"] * verified)
    client = log_in(apache, name, old)
    refused = change(client, "wrong", NEW)
    assert refused.status_code == 403
    count = ("select count(*) from doorward.outbox where template = 'password-changed'"
             f" and recipient = '{address}'")
    assert apache.sql(count).strip() == "0"
    assert change(client, old, NEW).status_code == 303
    assert apache.sql(count).strip() == str(mails)


@pytest.mark.parametrize("current, new, repeat, status, word", [
    ("wrong", NEW, None, 403, "not your current"),
    (None, "short", None, 422, "too short"),
    (None, "password123", None, 422, "easy to guess"),
    (None, "x" * 1025, None, 422, "longer than any"),
    (None, "the doorward demo of mine", None, 422, "name of this site"),
    (None, NEW, NEW + "x", 422, "not the same"), ("y" * 5000, NEW, None, 403, "not your current"),
    (None, "SAME", None, 422, "is your current password already"),
    ("", NEW, None, 400, "all fields"), (None, "", None, 400, "all fields"),
    (None, NEW, "", 400, "all fields"),
], ids=short)
def test_a_bad_change_is_refused_with_a_reason(apache, own_user, current, new, repeat, status,
                                               word):
    name, old = own_user
    client = log_in(apache, name, old)
    answer = change(client, old if current is None else current, old if new == "SAME" else new,
                    repeat)
    assert answer.status_code == status
    assert word in answer.text and 'role="alert"' in answer.text
    assert json_login(apache, name, old).status_code == 200


def test_the_users_name_in_the_password_is_refused(apache, own_user):
    name, old = own_user
    client = log_in(apache, name, old)
    answer = change(client, old, f"mine is {name} of course")
    assert answer.status_code == 422 and "contains your name" in answer.text
    assert answer.reason == "Unprocessable Content"


def test_guessing_the_current_password_is_slowed_down(private_stack):
    stack = private_stack()
    client = log_in(stack, *ALICE)
    statuses = [change(client, f"wrong {i}", NEW).status_code for i in range(15)]
    assert statuses[0] == 403 and statuses[-1] == 429
    refused = change(client, ALICE[1], NEW)
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0


def test_dangerous_steps_want_a_fresh_login(private_stack):
    stack = private_stack(fresh_login="1m")
    client = log_in(stack, *ALICE)
    other = log_in(stack, *ALICE)
    token = form_token(client)
    stack.sql("update doorward.sessions set opened_at = opened_at - interval '2 minutes'")
    page = client.get("/account/password")
    assert page.status_code == 303
    assert page.headers["Location"] == "/login?need=fresh&return_to=%2Faccount%2Fpassword"
    refused = client.post("/account/password", data={
        "form_token": token, "current": ALICE[1], "next": NEW, "repeat": NEW})
    assert refused.status_code == 303 and refused.headers["Location"].startswith("/login?need=fresh")
    assert json_login(stack, *ALICE).status_code == 200
    refused = client.post("/account/end", data={"form_token": token, "others": "1"})
    assert refused.headers["Location"] == "/login?need=fresh&return_to=%2Faccount%3Fagain%3Dothers"
    assert other.get("/protected").status_code == 200
    form = client.get(refused.headers["Location"])
    assert form.status_code == 200 and 'id="password"' in form.text
    back = client.post("/login", data=dict(hidden_fields(form.text), username=ALICE[0],
                                           password=ALICE[1]))
    assert back.status_code == 303 and back.headers["Location"] == "/account?again=others"
    done = client.post("/account/end", data={"form_token": form_token(client), "others": "1"})
    assert done.headers["Location"] == "/account?done=others"
    assert other.get("/protected").status_code == 303


def test_without_its_database_the_account_says_so(private_stack):
    stack = private_stack()
    client = log_in(stack, *ALICE)
    stack.stop_database()
    answer = client.get("/account")
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
    assert client.get("/protected").status_code == 200
