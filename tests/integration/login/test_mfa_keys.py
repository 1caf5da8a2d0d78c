"""Second factors and what an operator does: keys that are replaced or lost, users who must have a
factor, the notice of a recovery code."""

import os
import shutil

import pytest

from client import Client, attributes, form_login, json_login
from mails import mails_in
from second import FLOW, Factors, begin, begin_json, prove_json

PASSWORD = "four storks upon the roof"


@pytest.fixture(name="user")
def _user(private_stack):
    """ibis, on a stack of its own."""
    return Factors(private_stack("apache", "cgi"), "ibis", PASSWORD, ["member"])


def keys(stack):
    """The directory of factor_keys."""
    return f"{stack.directory}/keys/factor"


def add_key(stack, name):
    """One more, for the programs' user."""
    path = f"{keys(stack)}/{name}"
    with open(path, "wb") as f:
        f.write(os.urandom(48))
    os.chmod(path, 0o640)
    shutil.chown(path, group=stack.web_user)


def sign_in(user, code):
    """By JSON; the answer to the code."""
    ticket = begin_json(user.stack, user.name, PASSWORD)["mfa_token"]
    return prove_json(user.stack, ticket, code=code)


def key_id(user):
    """Under which its secret is sealed."""
    return user.stack.sql("select key_id from doorward.totp")


def test_a_new_key_seals_at_the_next_use_and_the_old_one_may_go(user):
    add_key(user.stack, "2026-02")
    assert key_id(user) == "2026-01"
    assert sign_in(user, user.code(-30)).status_code == 200
    assert key_id(user) == "2026-02"
    os.remove(f"{keys(user.stack)}/2026-01")
    assert sign_in(user, user.code()).status_code == 200


def test_a_wrong_code_does_not_seal_again(user):
    add_key(user.stack, "2026-02")
    wrong = f"{(int(user.code()) + 1) % 1000000:06}"
    assert sign_in(user, wrong).status_code == 401
    assert key_id(user) == "2026-01"


@pytest.mark.parametrize("how", ["other key", "no key", "open to all", "not set"])
def test_without_its_key_no_code_is_judged_and_the_other_ways_work(user, how):
    """503, and no guess is counted; a recovery code opens the session."""
    stack = user.stack
    if how == "other key":
        add_key(stack, "2026-02")
        os.remove(f"{keys(stack)}/2026-01")
    elif how == "no key":
        os.remove(f"{keys(stack)}/2026-01")
    elif how == "open to all":
        os.chmod(f"{keys(stack)}/2026-01", 0o644)
    else:
        stack.write_settings(factor_keys=None)
    client, answer = form_login(stack, "ibis", PASSWORD)
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200 and 'name="recovery_code"' in page.text
    assert ('name="code"' in page.text) == (how != "not set")
    for _ in range(12):
        answer = sign_in(user, user.code())
        assert answer.status_code == 503, answer.text
        assert answer.json()["error"] == "temporarily_unavailable"
    assert stack.sql("select coalesce(max(level), 0) from doorward.attempts"
                     " where bucket like 'factor:%'") == "0"
    ticket = begin_json(stack, "ibis", PASSWORD)["mfa_token"]
    assert prove_json(stack, ticket, recovery_code=user.recovery[0]).status_code == 200


def test_the_form_says_that_codes_cannot_be_checked(user):
    client, fields = begin(user.stack, "ibis", PASSWORD)
    os.remove(f"{keys(user.stack)}/2026-01")
    answer = client.post("/login/mfa", data={**fields, "code": user.code()})
    assert answer.status_code == 503
    assert "Codes from apps cannot be checked at the moment." in answer.text
    assert 'name="recovery_code"' in answer.text


def test_a_secret_of_another_users_row_opens_nothing(user):
    """Somebody who can write into the database moves it to their own row."""
    stack = user.stack
    other = Factors(stack, "egret", PASSWORD)
    stack.sql(f"update doorward.totp t set sealed = o.sealed from doorward.totp o"
              f" where t.user_id = '{user.user}' and o.user_id = '{other.user}'")
    assert sign_in(user, other.code()).status_code == 503


def test_a_replaced_session_secret_changes_no_factor(user):
    path = f"{user.stack.directory}/keys/session.secret"
    with open(path, "w", encoding="ascii") as f:
        f.write("another secret of the tests, of more than 32 bytes\n")
    assert sign_in(user, user.code()).status_code == 200
    ticket = begin_json(user.stack, "ibis", PASSWORD)["mfa_token"]
    assert prove_json(user.stack, ticket, recovery_code=user.recovery[0]).status_code == 200


def test_the_owner_is_told_by_mail_that_a_recovery_code_was_used(user):
    stack = user.stack
    stack.doorward("user", "set", "ibis", "--mail", "ibis@example.org", "--verified")
    ticket = begin_json(stack, "ibis", PASSWORD)["mfa_token"]
    assert prove_json(stack, ticket, recovery_code=user.recovery[0]).status_code == 200
    stack.doorward("mail", "send")
    [mail] = [mail for mail in mails_in(f"{stack.directory}/mail")
              if mail["Subject"].startswith("A recovery code was used")]
    assert mail.to == "ibis@example.org" and "Codes that are left: 9." in mail.text
    assert user.recovery[0] not in mail.text


# ---- who must have a factor and has none ----

@pytest.fixture(name="stack", scope="module")
def _stack(stacks):
    """Where members need a factor."""
    stack = stacks.get("lighttpd", "cgi")
    stack.write_settings(factor_required="member")
    stack.add_user("coot", PASSWORD, "member")
    yield stack
    stack.write_settings(factor_required=None)
    stack.doorward("user", "delete", "coot", "--yes")
    stack.sql("delete from doorward.names_given_up")


def test_a_browser_is_led_to_the_page_where_a_factor_is_set_up(stack):
    """No session before that; and /login/mfa leads there, too."""
    client, answer = form_login(stack, "coot", PASSWORD, "/members/")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login/factor?return_to=/members/"
    assert attributes(answer, FLOW) and attributes(answer, "__Host-doorward") is None
    again = client.get("/login/mfa", params={"return_to": "/members/"})
    assert again.headers["Location"] == "/login/factor?return_to=/members/"
    assert client.get("/protected").status_code == 303


def test_an_api_client_is_told_that_a_browser_is_needed(stack):
    """It gets no ticket, and its try is not counted."""
    for _ in range(12):
        answer = json_login(stack, "coot", PASSWORD)
        assert answer.status_code == 401 and answer.json()["error"] == "mfa_setup_required"
        assert set(answer.json()) == {"error", "error_description"}
    assert json_login(stack, "coot", "guess").json()["error"] == "invalid_credentials"


def test_a_ticket_of_a_set_up_opens_no_session(stack):
    client, _ = form_login(stack, "coot", PASSWORD)
    answer = prove_json(stack, client.cookies[FLOW], code="123456")
    assert answer.status_code == 401 and answer.json()["error"] == "mfa_token_invalid"


def test_who_has_not_the_role_signs_in_as_ever(stack):
    assert json_login(stack, "nobody", "a fish without a bicycle").status_code == 200
    assert Client(stack).get("/login/mfa").status_code == 303


@pytest.mark.parametrize("day, asked", [("2020-01-01", True), ("2199-01-01", False)])
def test_a_factor_is_asked_for_from_the_day_on(stack, day, asked):
    stack.write_settings(factor_required_from=day)
    try:
        answer = json_login(stack, "coot", PASSWORD)
        assert answer.status_code == (401 if asked else 200)
    finally:
        stack.write_settings(factor_required_from=None)
