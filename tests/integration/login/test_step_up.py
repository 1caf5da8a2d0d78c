"""An open session proves one more factor, at /login/mfa with `need`."""

import os
import stat

import pytest

from client import Client, bearer, claims, form_login, hidden_fields
from database import in_parallel
from second import Factors, begin

PASSWORD = "nine herons at the weir"
PAGE = "/login/mfa?need=factor&return_to=/protected"


@pytest.fixture(name="user")
def _user(apache):
    """wren, with one-time codes and recovery codes."""
    user = Factors(apache, "wren", PASSWORD, ["member"])
    yield user
    user.remove()


def remembered(stack, user):
    """A browser whose session was opened by the password alone."""
    client, fields = begin(stack, "wren", PASSWORD)
    client.post("/login/mfa", data={**fields, "code": user.code(-30), "remember_device": "1"})
    client.post("/login/logout")
    fields = hidden_fields(client.get("/login").text)
    answer = client.post("/login", data={**fields, "username": "wren", "password": PASSWORD})
    assert answer.headers["Location"] == "/"
    assert said(client)["amr"] == ["pwd"]
    return client


def said(client):
    """The claims of its access token."""
    return claims(client.cookies["__Host-doorward"])


def row(stack, columns="amr, auth_time, factor_at is not null"):
    """Of the session that is open."""
    return stack.sql(f"select {columns} from doorward.sessions s join doorward.users u"
                     " on u.id = s.user_id where u.name = 'wren' and s.ended_at is null")


def test_a_code_makes_the_session_one_of_two_factors(apache, user):
    """With another sid; the old token is dead at once, and the login's time stays."""
    client = remembered(apache, user)
    before, old = said(client), client.cookies["__Host-doorward"]
    page = client.get(PAGE)
    assert page.status_code == 200 and "You are signed in as wren." in page.text
    assert "remember_device" not in page.text
    fields = hidden_fields(page.text)
    assert fields["need"] == "factor" and fields["return_to"] == "/protected"
    answer = client.post("/login/mfa", data={**fields, "code": user.code()})
    assert answer.status_code == 303 and answer.headers["Location"] == "/protected"
    after = said(client)
    assert after["amr"] == ["pwd", "otp", "mfa"] and after["auth_time"] == before["auth_time"]
    assert after["sid"] != before["sid"]
    assert Client(apache).get("/protected", headers=bearer(old)).status_code == 401
    assert client.get("/protected").status_code == 200
    assert row(apache, "count(*)") == "1" and row(apache, "factor_at is not null") == "t"
    renewed = client.post("/login/refresh").json()["token"]
    assert claims(renewed)["amr"] == after["amr"] and claims(renewed)["sid"] == after["sid"]


def test_a_recovery_code_says_how_many_are_left(apache, user):
    client = remembered(apache, user)
    fields = hidden_fields(client.get(PAGE).text)
    answer = client.post("/login/mfa", data={**fields, "recovery_code": user.recovery[0]})
    assert answer.status_code == 200 and "You have 9 left." in answer.text
    assert 'href="/protected"' in answer.text
    assert said(client)["amr"] == ["pwd", "otp", "mfa"]


def test_a_wrong_code_changes_nothing_and_the_right_one_follows(apache, user):
    client = remembered(apache, user)
    before = said(client)
    fields = hidden_fields(client.get(PAGE).text)
    wrong = f"{(int(user.code()) + 1) % 1000000:06}"
    answer = client.post("/login/mfa", data={**fields, "code": wrong})
    assert answer.status_code == 401 and "This code is not right." in answer.text
    assert said(client) == before and client.get("/protected").status_code == 200
    again = hidden_fields(answer.text)
    assert again["need"] == "factor"
    assert client.post("/login/mfa", data={**again, "code": user.code()}).status_code == 303


def test_a_used_code_is_refused(apache, user):
    client = remembered(apache, user)
    fields = hidden_fields(client.get(PAGE).text)
    answer = client.post("/login/mfa", data={**fields, "code": user.code(-30)})
    assert answer.status_code == 401 and "This code was used before." in answer.text


def test_guesses_have_to_wait(apache, user):
    client = remembered(apache, user)
    fields = hidden_fields(client.get(PAGE).text)
    statuses = [client.post("/login/mfa", data={**fields, "code": "000000"}).status_code
                for _ in range(12)]
    assert set(statuses) == {401, 429} and statuses.count(401) <= 8
    late = client.post("/login/mfa", data={**fields, "code": user.code()})
    assert late.status_code == 429 and int(late.headers["Retry-After"]) > 0
    assert said(client)["amr"] == ["pwd"]


def test_of_two_clicks_one_proves_it_and_the_other_harms_nothing(apache, user):
    """The browser keeps the cookies that it got."""
    client = remembered(apache, user)
    fields = hidden_fields(client.get(PAGE).text)
    cookie = "; ".join(f"{c.name}={c.value}" for c in client.cookies)
    code = user.code()

    def click(_):
        browser = Client(apache, browser=True)
        return browser.post("/login/mfa", data={**fields, "code": code},
                            headers={"Cookie": cookie})
    answers = in_parallel(2, click)
    targets = sorted(a.headers.get("Location", str(a.status_code)) for a in answers)
    assert "/protected" in targets
    assert row(apache, "count(*)") == "1"


@pytest.mark.parametrize("need", ["factor", "phr"])
def test_without_a_session_the_login_comes_first(apache, need):
    client = Client(apache, browser=True)
    answer = client.get("/login/mfa", params={"need": need, "return_to": "/members/"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/login?need={need}&return_to=/members/"


def test_who_has_no_factor_is_led_to_the_page_that_makes_one(apache):
    client, _ = form_login(apache, "alice", "correct horse battery staple")
    answer = client.get(PAGE)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login/factor?return_to=/protected"


def test_who_has_no_passkey_is_led_to_the_page_that_makes_one(apache, user):
    client = remembered(apache, user)
    answer = client.get("/login/mfa?need=phr&return_to=/protected")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login/factor?return_to=/protected"


def end_in_the_database_only(stack):
    """As after a request that could not tell the verifiers."""
    stack.sql("update doorward.sessions set ended_at = doorward.now(), end_reason = 'logout'"
              " where ended_at is null and user_id = (select id from doorward.users"
              " where name = 'wren')")


def test_a_session_that_has_ended_proves_nothing(apache, user):
    """Only a new login helps, so the browser does not go round in circles."""
    client = remembered(apache, user)
    fields = hidden_fields(client.get(PAGE).text)
    end_in_the_database_only(apache)
    for answer in (client.get(PAGE),
                   client.post("/login/mfa", data={**fields, "code": user.code()})):
        assert answer.status_code == 303
        assert answer.headers["Location"] == "/login?need=fresh&return_to=/protected"
    assert row(apache, "count(*)") == "0"


def test_a_form_of_another_session_tries_nothing(apache, user):
    client, other = remembered(apache, user), None
    fields = hidden_fields(client.get(PAGE).text)
    client.post("/login/logout")
    sign = hidden_fields(client.get("/login").text)
    client.post("/login", data={**sign, "username": "wren", "password": PASSWORD})
    other = client.post("/login/mfa", data={**fields, "code": user.code()})
    assert other.status_code == 403 and said(client)["amr"] == ["pwd"]
    assert client.post("/login/mfa", data={**hidden_fields(other.text),
                                           "code": user.code()}).status_code == 303


def test_a_flows_form_is_none_of_a_session_and_the_other_way_round(apache, user):
    client = remembered(apache, user)
    of_session = hidden_fields(client.get(PAGE).text)
    client.cookies.clear(domain="localhost.local", path="/login", name="__Secure-doorward-device")
    sign = hidden_fields(client.get("/login?need=fresh&fresh=1").text)
    client.post("/login", data={**sign, "username": "wren", "password": PASSWORD})
    of_flow = hidden_fields(client.get("/login/mfa").text)
    for fields in ({**of_flow, "need": "factor"},
                   {k: v for k, v in of_session.items() if k != "need"}):
        answer = client.post("/login/mfa", data={**fields, "code": user.code()})
        assert answer.status_code == 403
    assert said(client)["amr"] == ["pwd"]


def test_a_program_token_proves_no_factor(apache, user):
    """It is no session of a person."""
    token = apache.doorward("token", "issue", "--sub", user.user).strip()
    client = Client(apache, browser=True)
    answer = client.get(PAGE, headers={"Cookie": f"__Host-doorward={token}"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login?need=factor&return_to=/protected"


def test_the_verifiers_must_hear_of_the_old_sid_first(private_stack):
    """The revocation file cannot be written: nothing is proven, and the code is not used up."""
    stack = private_stack()
    user = Factors(stack, "wren", PASSWORD, ["member"])
    client = remembered(stack, user)
    fields = hidden_fields(client.get(PAGE).text)
    code = user.code()
    directory = f"{stack.directory}/run"
    owner = os.stat(directory)
    os.chown(directory, 0, 0)
    os.chmod(directory, 0o555)
    answer = client.post("/login/mfa", data={**fields, "code": code})
    os.chown(directory, owner.st_uid, owner.st_gid)
    os.chmod(directory, stat.S_IMODE(owner.st_mode))
    assert answer.status_code == 503 and said(client)["amr"] == ["pwd"]
    assert client.post("/login/mfa", data={**fields, "code": code}).status_code == 303
