"""What else may happen between the password and the code: other tabs, other actions, guesses, and
browsers that are remembered."""

import re

import pytest

from client import Client, attributes, claims, form_login, hidden_fields, json_login
from database import in_parallel
from second import FLOW, Factors, begin, begin_json, code, prove_json

PASSWORD = "six owls over the harbour"
OVER = "/login?done=over"


@pytest.fixture(name="user")
def _user(apache):
    """tess, with one-time codes and recovery codes."""
    user = Factors(apache, "tess", PASSWORD, ["member"])
    yield user
    user.remove()


def wrong(right):
    """Another code of six digits."""
    return f"{(int(right) + 1) % 1000000:06}"


def sessions(stack):
    return int(stack.sql("select count(*) from doorward.sessions s join doorward.users u"
                         " on u.id = s.user_id where u.name = 'tess' and s.ended_at is null"))


# ---- tabs, buttons, clicks ----

def test_the_page_without_a_login_leads_to_the_form(front):
    client = Client(front, browser=True)
    answer = client.get("/login/mfa", params={"return_to": "/members/"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == OVER + "&return_to=/members/"
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200 and "Please sign in once more." in page.text
    assert hidden_fields(page.text)["return_to"] == "/members/"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/login/mfa"])
def test_the_page_leads_nowhere_else(apache, user, target):
    client, _ = begin(apache, "tess", PASSWORD)
    page = client.get("/login/mfa", params={"return_to": target})
    fields = hidden_fields(page.text)
    assert fields["return_to"] == "/"
    answer = client.post("/login/mfa", data={**fields, "return_to": target, "code": user.code()})
    assert answer.status_code == 303 and answer.headers["Location"] == "/"


def test_the_page_can_be_loaded_again_and_gone_back_to(apache, user):
    """A form that was loaded earlier is good as long as its flow is."""
    client, fields = begin(apache, "tess", PASSWORD)
    assert client.get("/login/mfa").status_code == 200
    answer = client.post("/login/mfa", data={**fields, "code": wrong(user.code())})
    assert answer.status_code == 401
    assert client.post("/login/mfa", data={**fields, "code": user.code()}).status_code == 303


def test_a_form_of_another_tabs_login_tries_nothing(apache, user):
    """Two logins in one browser: the later one has the cookie."""
    client, first = begin(apache, "tess", PASSWORD)
    page = client.get("/login", params={"return_to": "/x"})
    answer = client.post("/login", data={**hidden_fields(page.text), "username": "tess",
                                         "password": PASSWORD})
    second = hidden_fields(client.get(answer.headers["Location"]).text)
    late = client.post("/login/mfa", data={**first, "code": user.code()})
    assert late.status_code == 403 and "Another sign-in has begun" in late.text
    assert sessions(apache) == 0
    assert client.post("/login/mfa", data={**second, "code": user.code()}).status_code == 303


@pytest.mark.parametrize("token", ["", "x", "dwf_" + "A" * 54])
def test_a_form_without_its_token_tries_nothing(apache, user, token):
    client, fields = begin(apache, "tess", PASSWORD)
    answer = client.post("/login/mfa", data={**fields, "form_token": token, "code": user.code()})
    assert answer.status_code == 403 and sessions(apache) == 0
    again = hidden_fields(answer.text)
    assert client.post("/login/mfa", data={**again, "code": user.code()}).status_code == 303


def test_the_login_forms_token_is_none_of_this_form(apache, user):
    client, _ = begin(apache, "tess", PASSWORD)
    fields = hidden_fields(client.get("/login?fresh=1").text)
    answer = client.post("/login/mfa", data={**fields, "code": user.code()})
    assert answer.status_code == 403 and sessions(apache) == 0


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"},
                                     {"Origin": "https://evil.example"}])
def test_a_form_from_another_site_is_refused(apache, user, headers):
    client, fields = begin(apache, "tess", PASSWORD)
    answer = client.post("/login/mfa", data={**fields, "code": user.code()}, headers=headers)
    assert answer.status_code == 403 and sessions(apache) == 0


def test_a_second_click_finds_the_session_that_the_first_opened(apache, user):
    client, fields = begin(apache, "tess", PASSWORD, "/members/")
    ticket = client.cookies.get(FLOW)
    fields["code"] = user.code()
    assert client.post("/login/mfa", data=fields).status_code == 303
    client.cookies.set(FLOW, ticket, domain="localhost.local", path="/login", secure=True)
    second = client.post("/login/mfa", data=fields)
    assert second.status_code == 303
    assert second.headers["Location"] == OVER + "&return_to=/members/"
    back = client.get(second.headers["Location"])
    assert back.status_code == 303 and back.headers["Location"] == "/members/"
    assert sessions(apache) == 1


# ---- other actions meanwhile ----

def expire(stack):
    stack.sql("update doorward.flows set ends_at = doorward.now()")


def disable(stack):
    stack.doorward("user", "disable", "tess")


def change_password(stack):
    stack.doorward("user", "passwd", "tess", "--password-stdin", stdin="another quiet password")


def end_all(stack):
    """The person may have lost the device."""
    stack.doorward("session", "end", "--user", "tess")


def reset(stack):
    """The operator takes all factors away."""
    stack.doorward("user", "factor", "reset", "tess", "--yes")


def delete(stack):
    stack.doorward("user", "delete", "tess", "--yes")


ACTIONS = [expire, disable, change_password, end_all, reset, delete]


@pytest.mark.parametrize("action", ACTIONS)
def test_a_login_under_way_ends_with(apache, user, action):
    """The page leads to the form; the form and JSON open nothing."""
    client, fields = begin(apache, "tess", PASSWORD)
    ticket = begin_json(apache, "tess", PASSWORD)["mfa_token"]
    action(apache)
    answer = client.post("/login/mfa", data={**fields, "code": user.code()})
    assert answer.status_code == 303 and answer.headers["Location"] == OVER
    assert attributes(answer, FLOW)[1] == "Max-Age=0"
    assert client.get("/login/mfa").headers["Location"] == OVER
    for proof in ({"code": user.code()}, {"recovery_code": user.recovery[0]}):
        answer = prove_json(apache, ticket, **proof)
        assert answer.status_code == 401 and answer.json()["error"] == "mfa_token_invalid"
    assert sessions(apache) == 0


def test_a_disabled_users_flow_does_not_come_back(apache, user):
    ticket = begin_json(apache, "tess", PASSWORD)["mfa_token"]
    apache.doorward("user", "disable", "tess")
    apache.doorward("user", "enable", "tess")
    assert prove_json(apache, ticket, code=user.code()).json()["error"] == "mfa_token_invalid"


def test_a_role_or_another_session_changes_nothing(apache, user):
    ticket = begin_json(apache, "tess", PASSWORD)["mfa_token"]
    other = begin_json(apache, "tess", PASSWORD)["mfa_token"]
    done = prove_json(apache, other, recovery_code=user.recovery[0]).json()
    Client(apache).post("/login/logout", json={"refresh_token": done["refresh_token"]})
    apache.doorward("user", "role", "tess", "--add", "editor")
    token = prove_json(apache, ticket, code=user.code()).json()["token"]
    assert "editor" in claims(token)["roles"]


def test_a_user_has_at_most_twenty_flows(apache, user):
    tickets = [begin_json(apache, "tess", PASSWORD)["mfa_token"] for _ in range(21)]
    over = prove_json(apache, tickets[0], code=user.code())
    assert over.json()["error"] == "mfa_token_invalid"
    assert prove_json(apache, tickets[1], code=user.code()).status_code == 200


def test_a_logout_ends_a_login_under_way_in_that_browser(apache, user):
    client, fields = begin(apache, "tess", PASSWORD)
    answer = client.post("/login/logout")
    assert answer.status_code == 303 and attributes(answer, FLOW)[1] == "Max-Age=0"
    late = client.post("/login/mfa", data={**fields, "code": user.code()})
    assert late.status_code == 303 and late.headers["Location"] == OVER
    assert sessions(apache) == 0


# ---- guesses ----

def test_guesses_at_codes_have_to_wait_over_all_flows(apache, user):
    """And the right code waits with them; the password's own tries are not used up."""
    tickets = [begin_json(apache, "tess", PASSWORD)["mfa_token"] for _ in range(3)]
    statuses = [prove_json(apache, tickets[i % 3], code=wrong(user.code())).status_code
                for i in range(16)]
    assert set(statuses) == {401, 429} and statuses.count(401) <= 12
    late = prove_json(apache, tickets[0], code=user.code())
    assert late.status_code == 429 and int(late.headers["Retry-After"]) > 0
    assert late.json()["error"] == "too_many_requests"
    client, fields = begin(apache, "tess", PASSWORD)
    page = client.post("/login/mfa", data={**fields, "code": user.code()})
    assert page.status_code == 429 and "There were too many tries." in page.text
    apache.sql("delete from doorward.attempts")
    assert prove_json(apache, tickets[0], code=user.code()).status_code == 200


def test_right_codes_are_not_counted(apache, user):
    """Ten logins in a row leave nothing of what they counted."""
    for one in user.recovery:
        ticket = begin_json(apache, "tess", PASSWORD)["mfa_token"]
        assert prove_json(apache, ticket, recovery_code=one).status_code == 200
    assert apache.sql("select count(*), max(level) < 0.5 from doorward.attempts"
                      " where bucket like 'factor:%'") == "1|t"


def test_a_guesser_who_knows_the_password_cannot_keep_out_a_known_device(apache, user):
    ticket = begin_json(apache, "tess", PASSWORD)["mfa_token"]
    device = prove_json(apache, ticket, recovery_code=user.recovery[0]).json()["device"]
    stranger = begin_json(apache, "tess", PASSWORD)["mfa_token"]
    guesses = [prove_json(apache, stranger, code=wrong(user.code())) for _ in range(16)]
    assert guesses[-1].status_code == 429
    known = begin_json(apache, "tess", PASSWORD, device=device)["mfa_token"]
    answer = prove_json(apache, known, code=user.code(), device=device)
    assert answer.status_code == 200


@pytest.mark.takes("a thousand requests")
def test_a_thousand_guesses_at_once_get_no_more_than_their_share(private_stack):
    stack = private_stack()
    user = Factors(stack, "tess", PASSWORD, ["member"])
    tickets = [begin_json(stack, "tess", PASSWORD)["mfa_token"] for _ in range(20)]
    now = stack.sql("select clock_timestamp()")
    stack.sql("create or replace function doorward.now() returns timestamptz language sql "
              f"volatile as $$ select timestamptz '{now}' $$")
    right = {user.code(seconds) for seconds in (-30, 0, 30)}
    guesses = [guess for guess in (f"{n:06}" for n in range(1003)) if guess not in right][:1000]
    answers = in_parallel(20, lambda i: [prove_json(stack, tickets[i], code=guess).status_code
                                         for guess in guesses[i::20]])
    statuses = [status for some in answers for status in some]
    assert len(statuses) == 1000 and set(statuses) == {401, 429}
    assert statuses.count(401) <= 12
    assert stack.sql("select count(*) from doorward.audit where event = 'factor_failed'") == \
        str(statuses.count(401))


# ---- browsers that are remembered ----

def remembered(stack, user):
    """A browser that asked to be remembered, and is signed out again."""
    client, fields = begin(stack, "tess", PASSWORD)
    answer = client.post("/login/mfa", data={**fields, "code": user.code(),
                                             "remember_device": "1"})
    assert answer.status_code == 303
    assert client.post("/login/logout").status_code == 303
    return client


def sign_in(client):
    """With the password alone; the answer."""
    fields = hidden_fields(client.get("/login").text)
    return client.post("/login", data={**fields, "username": "tess", "password": PASSWORD})


def test_a_remembered_browser_needs_the_password_only(apache, user):
    """Its session is one of a password, and a rule that asks for a factor says no."""
    client = remembered(apache, user)
    assert sign_in(client).headers["Location"] == "/"
    said = client.get("/protected", headers={"Accept": "application/json"}).json()["claims"]
    assert said["amr"] == ["pwd"]


def test_the_page_offers_to_remember_for_as_long_as_the_setting_says(apache, user):
    client, _ = begin(apache, "tess", PASSWORD)
    page = client.get("/login/mfa").text
    assert "Remember this browser for 30 days" in page and 'name="remember_device"' in page


def test_an_api_client_is_remembered_by_its_device(apache, user):
    ticket = begin_json(apache, "tess", PASSWORD)["mfa_token"]
    device = prove_json(apache, ticket, code=user.code(), remember_device=True).json()["device"]
    with_it = {"username": "tess", "password": PASSWORD, "device": device}
    answer = Client(apache).post("/login", json=with_it)
    assert answer.status_code == 200 and claims(answer.json()["token"])["amr"] == ["pwd"]
    assert json_login(apache, "tess", PASSWORD).json()["error"] == "mfa_required"


@pytest.mark.parametrize("asked", [{}, {"remember_device": ""}])
def test_a_browser_that_did_not_ask_is_not_remembered(apache, user, asked):
    client, fields = begin(apache, "tess", PASSWORD)
    client.post("/login/mfa", data={**fields, "code": user.code(), **asked})
    client.post("/login/logout")
    assert sign_in(client).headers["Location"] == "/login/mfa"


def forget_by_time(stack):
    stack.sql("update doorward.trusted set until = doorward.now()")


def forget_by_password(stack):
    stack.doorward("user", "passwd", "tess", "--password-stdin", stdin=PASSWORD + "!")
    stack.doorward("user", "passwd", "tess", "--password-stdin", stdin=PASSWORD)


@pytest.mark.parametrize("action", [forget_by_time, forget_by_password])
def test_a_browser_is_not_remembered_after(apache, user, action):
    client = remembered(apache, user)
    action(apache)
    assert sign_in(client).headers["Location"] == "/login/mfa"


def test_where_nobody_is_remembered_nothing_is_offered_and_nothing_kept(private_stack):
    stack = private_stack(factor_remember="0")
    user = Factors(stack, "tess", PASSWORD, ["member"])
    client, fields = begin(stack, "tess", PASSWORD)
    assert "remember_device" not in client.get("/login/mfa").text
    client.post("/login/mfa", data={**fields, "code": user.code(), "remember_device": "1"})
    client.post("/login/logout")
    assert sign_in(client).headers["Location"] == "/login/mfa"
    assert stack.sql("select count(*) from doorward.trusted") == "0"


# ---- users who must have a factor and have none ----

def test_without_factors_nothing_has_changed(apache):
    """A login by password, in two statements."""
    _, answer = form_login(apache, "alice", "correct horse battery staple", "/protected")
    assert answer.headers["Location"] == "/protected"
    assert attributes(answer, FLOW) is None
