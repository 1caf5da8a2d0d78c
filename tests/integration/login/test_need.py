"""GET /login?need=factor|phr: a browser is led through what its session lacks, and back."""

import uuid
from urllib.parse import parse_qs, urlsplit

import pytest

import tokens
from client import ALICE, Client, claims, form_login, hidden_fields

ACCESS, SESSION = "__Host-doorward", "__Secure-doorward-session"
BACK = "/members/a b/?x=1&y=%2F".replace(" ", "%20")


def ask(client, need, return_to=BACK, **more):
    """What a page's redirect asks for."""
    return client.get("/login", params={"need": need, "return_to": return_to}, **more)


def is_led_to_prove(answer, need, return_to=BACK):
    """To the page that asks for the proof, which has all that it needs to come back."""
    to = urlsplit(answer.headers.get("Location", ""))
    return (answer.status_code, to.path) == (303, "/login/mfa") and \
        parse_qs(to.query) == {"need": [need], "return_to": [return_to]}


def proved(stack, amr):
    """A browser whose session was proved so, by what the database says."""
    client, _ = form_login(stack, *ALICE)
    sid = claims(client.cookies[ACCESS])["sid"]
    stack.sql(f"update doorward.sessions set amr = '{{{amr}}}' where sid = '{sid}'")
    del client.cookies[ACCESS]
    assert client.get("/login?return_to=/x").status_code == 303
    return client


@pytest.mark.parametrize("need", ["factor", "phr"])
def test_a_session_that_lacks_a_proof_is_led_to_it(front, need):
    client, _ = form_login(front, *ALICE)
    answer = ask(client, need)
    assert is_led_to_prove(answer, need) and "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("amr, need, back", [
    ("pwd,otp,mfa", "factor", True), ("swk,user,mfa", "factor", True), ("swk,user,mfa", "phr", True),
    ("pwd,hwk,mfa", "phr", True), ("pwd,otp,mfa", "phr", False), ("pwd", "factor", False)])
def test_a_session_that_has_proved_it_is_sent_straight_back(apache, amr, need, back):
    answer = ask(proved(apache, amr), need)
    if back:
        assert (answer.status_code, answer.headers["Location"]) == (303, BACK)
    else:
        assert is_led_to_prove(answer, need)


def test_a_page_that_sends_back_again_and_again_is_left(apache):
    """It wants something that the session cannot prove to it, such as a proof of today."""
    client = proved(apache, "pwd,otp,mfa")
    answers = [ask(client, "factor") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 303, 403]
    assert "sends you back here each time" in answers[-1].text


def test_a_session_whose_access_token_has_run_out_is_renewed_first(front):
    client, _ = form_login(front, *ALICE)
    before = claims(client.cookies[ACCESS])
    del client.cookies[ACCESS]
    answer = ask(client, "factor")
    assert answer.status_code == 303
    to = urlsplit(answer.headers["Location"])
    assert to.path == "/login" and parse_qs(to.query) == {"need": ["factor"], "return_to": [BACK]}
    assert claims(client.cookies[ACCESS])["sid"] == before["sid"]
    assert is_led_to_prove(client.get(answer.headers["Location"]), "factor")


def test_a_session_that_has_proved_it_comes_back_although_its_token_is_older(apache):
    """The proof was given in another browser window, whose cookies this one does not have."""
    client, _ = form_login(apache, *ALICE)
    sid, new = claims(client.cookies[ACCESS])["sid"], str(uuid.uuid4())
    apache.sql(f"update doorward.sessions set amr = '{{pwd,otp,mfa}}', sid = '{new}'"
               f" where sid = '{sid}'")
    apache.doorward("revocations", "add", sid)
    answer = ask(client, "factor")
    assert answer.headers["Location"].startswith("/login?need=factor&return_to=")
    answer = client.get(answer.headers["Location"])
    assert (answer.status_code, answer.headers["Location"]) == (303, BACK)


@pytest.mark.parametrize("need", ["factor", "phr"])
def test_who_has_no_session_logs_in_first(front, need):
    """And goes back: the page then asks for what is still missing."""
    client = Client(front, browser=True)
    answer = ask(client, need)
    assert answer.status_code == 200 and 'name="password"' in answer.text
    fields = hidden_fields(answer.text)
    assert fields["return_to"] == BACK
    answer = client.post("/login", data=dict(fields, username=ALICE[0], password=ALICE[1]))
    assert (answer.status_code, answer.headers["Location"]) == (303, BACK)


def test_a_session_that_has_ended_proves_nothing(apache):
    client, _ = form_login(apache, *ALICE)
    kept = dict(client.cookies)
    client.post("/login/logout")
    answer = ask(Client(apache, browser=True), "factor", headers={
        "Cookie": "; ".join(f"{name}={value}" for name, value in kept.items())})
    assert answer.status_code == 200 and 'name="password"' in answer.text


@pytest.mark.parametrize("change", [{"client_id": "doorward-program"}, {"client_id": "app"},
                                    {"exp": 1}, {"iss": "https://other.example"}])
def test_a_token_that_is_no_login_is_not_sent_back(apache, change):
    """Whatever it claims of itself."""
    token = tokens.make(apache, **{"acr": "phr", "amr": ["hwk", "user", "mfa"], **change})
    answer = ask(Client(apache, browser=True), "phr", headers={"Cookie": f"{ACCESS}={token}"})
    assert answer.status_code == 200 and 'name="password"' in answer.text


def test_a_foreign_address_is_not_led_to(apache):
    client, _ = form_login(apache, *ALICE)
    for bad in ("https://evil.example/", "//evil.example", "/login/logout", "", "/login",
                "/login/factors", "/login/mfa", "/login?need=factor"):
        assert is_led_to_prove(ask(client, "factor", bad), "factor", "/"), bad
    client = proved(apache, "pwd,otp,mfa")
    assert ask(client, "factor", "https://evil.example/").headers["Location"] == "/"


def test_a_listed_origin_is_led_back_to(private_stack):
    stack = private_stack(return_to_origins="https://app.example")
    client, _ = form_login(stack, *ALICE)
    assert is_led_to_prove(ask(client, "factor", "https://app.example/x?y"), "factor",
                           "https://app.example/x?y")


@pytest.mark.parametrize("page", ["/login/factor", "/login/factor?return_to=/members/"])
def test_the_page_where_factors_are_made_is_led_back_to(apache, page):
    """It sends people to prove a factor that they have before they make another one."""
    client, _ = form_login(apache, *ALICE)
    assert is_led_to_prove(ask(client, "factor", page), "factor", page)
    fields = hidden_fields(ask(client, "fresh", page).text)
    answer = client.post("/login", data=dict(fields, username=ALICE[0], password=ALICE[1]))
    assert (answer.status_code, answer.headers["Location"]) == (303, page)


def test_need_fresh_asks_for_a_new_login_whatever_was_proved(apache):
    answer = ask(proved(apache, "swk,user,mfa"), "fresh")
    assert answer.status_code == 200 and f'value="{ALICE[0]}"' in answer.text


def test_without_the_database_nobody_is_lost(private_stack):
    """A session with a good token is led on: that takes no statement. One without waits."""
    stack = private_stack()
    client, _ = form_login(stack, *ALICE)
    stack.stop_database()
    assert is_led_to_prove(ask(client, "factor"), "factor")
    del client.cookies[ACCESS]
    assert ask(client, "factor").status_code == 503
