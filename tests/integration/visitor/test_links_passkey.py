"""/account/link: who is invited, or registers, takes a passkey instead of a password."""

import uuid

import pytest

from client import Client, hidden_fields, json_login
from links import (PASSWORD, add_user, make_link, open_link, problem, send_form, user_id)
from servers import end_stack, start_stack


@pytest.fixture(scope="module", name="one")
def _one():
    stack = start_stack("apache", "fastcgi", registration="open", registration_roles="member")
    yield stack
    end_stack(stack)


def new_name():
    return f"u{uuid.uuid4().hex[:10]}"


def password_of(stack, name):
    return stack.sql(f"select coalesce(password_hash, 'none') from doorward.users"
                     f" where name = '{name}'")


@pytest.mark.parametrize("self", [{}, {"self": True}], ids=["invited", "registered"])
def test_a_passkey_instead_of_a_password_leads_to_its_page(one, self):
    name = new_name()
    client, page = open_link(one, make_link(one, "invite", roles=["member"],
                                            address=f"{name}@example.org", **self))
    assert "Use a passkey instead of a password" in page.text
    answer = send_form(client, page, username=name, passkey="1")
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"].startswith("/login/factor?token=dwk_")
    assert password_of(one, name) == "none"
    opened = client.get(answer.headers["Location"])
    assert opened.headers["Location"] == "/login/factor"
    page = client.get("/login/factor")
    answer = client.post("/login/factor", data={**hidden_fields(page.text), "do": "open"})
    assert answer.status_code == 303, answer.text
    page = client.get("/login/factor")
    assert page.status_code == 200 and f"For the account {name}." in page.text
    assert 'value="totp"' not in page.text
    assert json_login(one, name, "").status_code in (400, 401)


def test_a_password_that_was_typed_as_well_is_not_taken(one):
    name = new_name()
    client, page = open_link(one, make_link(one, "invite", roles=["member"]))
    answer = send_form(client, page, username=name, password=PASSWORD, repeat=PASSWORD, passkey="1")
    assert answer.headers["Location"].startswith("/login/factor?token=")
    assert password_of(one, name) == "none"
    assert json_login(one, name, PASSWORD).status_code == 401


def test_a_name_that_is_taken_uses_nothing_up(one):
    taken = add_user(one)
    client, page = open_link(one, make_link(one, "invite", roles=["member"]))
    answer = send_form(client, page, username=taken, passkey="1")
    assert answer.status_code == 422 and problem(answer)
    assert send_form(client, page, username="", passkey="1").status_code == 400
    name = new_name()
    assert send_form(client, page, username=name, passkey="1").status_code == 303
    assert send_form(client, page, username=new_name(), passkey="1").status_code == 400
    assert user_id(one, name)


def test_a_reset_gives_no_account_without_a_password(one):
    name = add_user(one)
    client, page = open_link(one, make_link(one, "reset", name))
    assert "Use a passkey" not in page.text
    assert send_form(client, page, passkey="1").status_code == 400
    assert password_of(one, name) != "none"


def test_where_no_passkeys_are_offered_a_password_is_wanted(private_stack):
    stack = private_stack(registration="open", registration_roles="member",
                          public_url="http://127.0.0.1:1", plain_http="on")
    client = Client(stack, browser=True)
    client, page = open_link(stack, make_link(stack, "invite", roles=["member"]), client)
    assert "Use a passkey" not in page.text
    assert send_form(client, page, username=new_name(), passkey="1").status_code == 400
