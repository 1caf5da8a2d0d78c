"""From the form to the mailbox and back: what is typed, what the worker makes of it, and where the
link in the mail leads."""

import pytest

from client import Client, json_login
from links import NEW, PASSWORD, add_user, heading, new_id, open_link, send_form
from mails import mails_in
from servers import end_stack, start_stack


@pytest.fixture(scope="module", params=[("apache", "fastcgi"), ("lighttpd", "cgi")],
                ids=["apache-fastcgi", "lighttpd-cgi"], name="site")
def _site(request):
    stack = start_stack(*request.param, registration="open", registration_roles=["member reader"])
    yield stack
    end_stack(stack)


def ask(stack, path, **fields):
    """What somebody types into a form there."""
    client = Client(stack, browser=True)
    answer = send_form(client, client.get(path), path, **fields)
    assert answer.status_code == 303, answer.text


def mailed_to(stack, address):
    """The mails to an address, once the worker has run."""
    stack.doorward("mail", "send")
    return [mail for mail in mails_in(f"{stack.directory}/mail") if mail.to == address]


def ticket_of(stack, mail):
    """What the link in a mail shows to the site that it leads to."""
    address, _, ticket = mail.link.partition("?token=")
    assert address == f"{stack.public_url}/account/link"
    return ticket


@pytest.mark.parametrize("typed", ["{}", "{}@example.org", " {}@EXAMPLE.org "])
def test_who_has_forgotten_the_password_comes_back_in(site, typed):
    name = add_user(site)
    ask(site, "/account/forgot", who=typed.format(name))
    [mail] = mailed_to(site, f"{name}@example.org")
    client, page = open_link(site, ticket_of(site, mail))
    assert heading(page) == "Choose a new password" and name in page.text
    assert send_form(client, page, password=NEW, repeat=NEW).status_code == 303
    assert json_login(site, name, PASSWORD).status_code == 401
    assert json_login(site, name, NEW).status_code == 200
    told = mailed_to(site, f"{name}@example.org")
    assert len(told) == 2 and told[1].link is None  # it happened


def test_who_registers_chooses_a_name_behind_the_link(site):
    name = f"n{new_id()[:8]}"
    ask(site, "/account/register", address=f"{name}@example.org")
    assert site.sql(f"select count(*) from doorward.users where name = '{name}'").strip() == "0"
    [mail] = mailed_to(site, f"{name}@example.org")
    client, page = open_link(site, ticket_of(site, mail))
    assert f"{name}@example.org" in page.text
    assert send_form(client, page, username=name, password=NEW, repeat=NEW).status_code == 303
    assert json_login(site, name, NEW).status_code == 200
    assert site.sql(f"select roles from doorward.users where name = '{name}'").strip() == "{member,reader}"
    ask(site, "/account/forgot", who=f"{name}@example.org")  # the address counts as verified
    assert len(mailed_to(site, f"{name}@example.org")) == 2


def test_the_owner_of_a_taken_address_is_told_and_the_visitor_is_not(site):
    name = add_user(site)
    ask(site, "/account/register", address=f"{name}@example.org")
    [mail] = mailed_to(site, f"{name}@example.org")
    assert mail.link is None


def test_nobody_gets_a_mail_that_was_not_meant(site):
    before = len(mails_in(f"{site.directory}/mail"))
    add_user(site, "unproved@example.org", verified=False)
    for who in ("nobody", "nobody@example.org", "unproved@example.org", "alice"):
        ask(site, "/account/forgot", who=who)
    site.doorward("mail", "send")
    assert len(mails_in(f"{site.directory}/mail")) == before


def test_a_mailbox_gets_three_an_hour_in_silence(site):
    name = add_user(site)
    for _ in range(5):
        ask(site, "/account/forgot", who=name)
    assert len(mailed_to(site, f"{name}@example.org")) == 3


def test_a_request_dies_with_open_registration(private_stack):
    """It was typed while registration was open, and decided after it was closed."""
    stack = private_stack("apache", "cgi", registration="open")
    ask(stack, "/account/register", address="late@example.org")
    stack.write_settings(registration="invited")
    assert mailed_to(stack, "late@example.org") == []
    assert stack.sql("select count(*) from doorward.requests").strip() == "0"
