"""The first admin: from the setup link over the first login to a mail that arrives."""

import time

import pytest

from admin import add_person, admin, find_form, get_page, notice, PASSWORD, press, problem
from account_page import log_in
from client import Client, hidden_fields
from links import heading, make_setup, open_link, send_form
from mails import mails_in


def wait_for_mail(stack, count):
    """The mails once so many have arrived."""
    until = time.monotonic() + 15
    while len(mails_in(f"{stack.directory}/mail")) < count:
        assert time.monotonic() < until, "no mail"
        time.sleep(0.1)
    return mails_in(f"{stack.directory}/mail")


def first_admin(stack):
    """Through the setup link and the login, to where the browser is led."""
    stack.sql("delete from doorward.users")
    client, page = open_link(stack, make_setup(stack, roles=["doorward-admin"]))
    answer = send_form(client, page, username="first", address="first@example.org",
                       password=PASSWORD, repeat=PASSWORD)
    form = client.get(answer.headers["Location"])
    assert "Your account" in form.text
    answer = client.post("/login", data=dict(hidden_fields(form.text), username="first",
                                             password=PASSWORD))
    assert answer.status_code == 303, answer.text
    return client, answer.headers["Location"]


@pytest.mark.takes("a stack whose programs start the worker, and its pauses of ten seconds")
def test_the_setup_link_leads_to_a_test_mail_that_confirms_the_address(private_stack):
    stack = private_stack(mail_worker="program")
    client, led_to = first_admin(stack)
    assert led_to == "/admin/mail"
    page = get_page(client, "/admin/mail")
    assert "first@example.org" in page and "Nobody has confirmed yet" in page
    answer = press(client, page, "send")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/admin/mail")
    [mail] = wait_for_mail(stack, 1)
    assert mail.to == "first@example.org" and "A test mail from" in mail["Subject"]
    assert "belongs to the account first" in mail.text
    until = time.monotonic() + 10
    while "took the test mail" not in (page := get_page(client, "/admin/mail")):
        assert time.monotonic() < until, page
        time.sleep(0.1)
    browser, page = open_link(stack, mail.link.rpartition("token=")[2])
    assert heading(page) == "Is this your address?"
    assert send_form(browser, page).status_code == 303
    assert "Nobody has confirmed yet" not in get_page(client, "/admin/mail")


def test_where_the_site_sends_no_mail_the_page_shows_the_lines_for_the_settings(private_stack):
    """Only those that are missing. A button that an open page still has sends nothing."""
    stack = private_stack("apache", "cgi")
    client = log_in(stack, add_person(stack, "doorward-admin", address=True), PASSWORD)
    page = get_page(client, "/admin/mail")
    stack.write_settings(mail_server=None)
    assert press(client, page, "send").headers["Location"] == "/admin/mail"
    assert stack.sql("select count(*) from doorward.outbox").strip() == "0"
    page = get_page(client, "/admin/mail")
    assert "sends no mail yet" in page and not find_form(page, "send")
    assert "mail_server = " in page and "mail_from" not in page and "mail_key" not in page
    stack.write_settings(mail_server=f"file:{stack.directory}/mail", mail_key=None)
    page = get_page(client, "/admin/mail")
    assert "mail_key = " in page and "mail_server" not in page


def test_a_failed_test_mail_says_why(apache):
    """What the mail server has said is shown as text."""
    name = add_person(apache, "doorward-admin", address=True)
    client = log_in(apache, name, PASSWORD)
    mine = f"where template = 'test' and recipient = '{name}@example.org'"
    press(client, get_page(client, "/admin/mail"), "send")
    assert "in a few seconds" in notice(get_page(client, "/admin/mail"))
    apache.sql(f"update doorward.outbox set failure = 'said: 550 <b>no</b>' {mine}")
    page = get_page(client, "/admin/mail")
    assert "tried again later" in problem(page) and "550 &lt;b&gt;no&lt;/b&gt;" in page
    apache.sql(f"update doorward.outbox set given_up_at = doorward.now() {mine}")
    assert "not tried again" in problem(get_page(client, "/admin/mail"))
    press(client, get_page(client, "/admin/mail"), "send")
    apache.sql(f"update doorward.outbox set due_at = doorward.now() - interval '2 minutes' {mine}")
    page = get_page(client, "/admin/mail")
    assert "Nothing sends the mails" in problem(page) and "mail_command = " in page
    assert apache.sql(f"select count(*) from doorward.outbox {mine}").strip() == "1"


def test_a_test_mail_needs_our_form_an_admin_and_an_address(apache):
    client = admin(apache)
    page = get_page(client, "/admin/mail")
    assert "has no e-mail address" in page and not find_form(page, "send")
    client = log_in(apache, add_person(apache, "doorward-admin", address=True), PASSWORD)
    for fields in {"do": "send"}, {"do": "send", "form_token": "dwf_forged"}:
        assert client.post("/admin/mail", data=fields).status_code == 403
    page = get_page(client, "/admin/mail")
    answer = client.post("/admin/mail", data=find_form(page, "send").fields,
                         headers={"Origin": "https://other.example", "Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    member = log_in(apache, add_person(apache, "member", address=True), PASSWORD)
    assert member.get("/admin/mail").status_code == 403
    assert Client(apache).get("/admin/mail").status_code == 401
