"""From what somebody types into a page to the mail, and from the mail to the account: the page
keeps it, the worker decides."""

import os
import time

import pytest

from client import Client, hidden_fields, json_login
from fronts import fronts_that_wait
from links import NEW, PASSWORD, add_user, new_id, send_form, user_id
from mails import mails_in
from servers import end_stack, start_stack

PAGES = {"/account/forgot": "who", "/account/register": "address"}


@pytest.fixture(scope="module", params=fronts_that_wait(), name="site")
def _site(request):
    stack = start_stack(*request.param, registration="open", registration_roles="member guest")
    yield stack
    end_stack(stack)


@pytest.fixture(scope="module", name="one")
def _one():
    stack = start_stack("apache", "fastcgi", registration="open",
                        registration_domains="example.org example.net")
    yield stack
    end_stack(stack)


def ask(stack, path, typed, headers=None):
    """Type it into the page."""
    client = Client(stack, browser=True)
    client.headers.update(headers or {})
    answer = send_form(client, client.get(path), path, **{PAGES[path]: typed})
    assert answer.status_code == 303, answer.text


def new_mails(stack):
    """What the worker sends now."""
    before = len(mails_in(f"{stack.directory}/mail"))
    done = stack.doorward("mail", "send", check=False, user=stack.web_user)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert stack.sql("select count(*) from doorward.requests") == "0"
    return mails_in(f"{stack.directory}/mail")[before:]


def test_a_forgotten_password_is_replaced_by_way_of_a_mail(site):
    """By name and by address, in whatever capitals."""
    name = add_user(site)
    for typed in (name.upper(), f"{name}@Example.ORG"):
        ask(site, "/account/forgot", typed)
        [mail] = new_mails(site)
        assert mail.to == f"{name}@example.org" and mail.text.startswith(f"Hello {name},")
        assert mail.link.startswith(f"{site.public_url}/account/link?token=dwp_")
    client = Client(site, browser=True)
    page = client.get(mail.link.removeprefix(site.public_url))
    page = client.get("/account/link") if page.status_code == 303 else page
    answer = send_form(client, page, "/account/link", password=NEW, repeat=NEW)
    assert answer.status_code == 303, answer.text
    assert json_login(site, name, NEW).status_code == 200
    [told] = new_mails(site)
    assert told["Subject"].startswith("Your password at") and told.link is None


@pytest.mark.parametrize("who", ["nobody", "disabled", "unverified", "without an address",
                                 "certainly nobody", "nobody@example.org"])
def test_no_mail_goes_to_whom_a_link_would_be_no_use(one, who):
    name = add_user(one, verified=who != "unverified",
                    address="" if who == "without an address" else None)
    if who == "disabled":
        one.doorward("user", "disable", name)
    known = who in ("disabled", "unverified", "without an address")
    ask(one, "/account/forgot", name if known else who)
    if known:
        ask(one, "/account/forgot", f"{name}@example.org")
    assert not new_mails(one)
    assert one.sql(f"select count(*) from doorward.links where user_id = '{user_id(one, name)}'") \
        == "0"


def test_who_has_no_password_gets_a_link_to_make_a_passkey(one):
    """It opens the page of the set-up, once; there is still no password."""
    name = add_user(one)
    one.sql(f"update doorward.users set password_hash = null where name = '{name}'")
    ask(one, "/account/forgot", name)
    [mail] = new_mails(one)
    assert mail["Subject"].startswith("A way into your account at ")
    link = mail.link.removeprefix(one.public_url)
    assert link.startswith("/login/factor?token=dwk_")
    client = Client(one, browser=True)
    assert client.get(link).headers["Location"] == "/login/factor"
    page = client.get("/login/factor")
    answer = client.post("/login/factor", data={**hidden_fields(page.text), "do": "open"})
    assert answer.status_code == 303, answer.text
    page = client.get("/login/factor")
    assert page.status_code == 200 and f"For the account {name}." in page.text
    assert 'value="totp"' not in page.text  # codes alone open nothing
    assert json_login(one, name, PASSWORD).status_code == 401


@pytest.mark.parametrize("path", PAGES)
def test_a_mailbox_gets_three_mails_an_hour(one, path):
    """The page says the same each time."""
    address = f"{add_user(one) if 'forgot' in path else new_id()}@example.org"
    for _ in range(5):
        ask(one, path, address)
    assert len(new_mails(one)) == 3


def test_a_registration_goes_by_way_of_a_mail(site):
    address = f"{new_id()}@example.org"
    ask(site, "/account/register", address)
    [mail] = new_mails(site)
    assert mail.to == address and mail.link and mail.text.startswith("Hello,")
    assert site.sql(f"select count(*) from doorward.addresses where address = '{address}'") == "0"
    client = Client(site, browser=True)
    client.get(mail.link.removeprefix(site.public_url))
    name = f"n{new_id()[:8]}"
    answer = send_form(client, client.get("/account/link"), "/account/link", username=name,
                       password=PASSWORD, repeat=PASSWORD)
    assert answer.status_code == 303, answer.text
    assert site.sql(f"select array_to_string(roles, ' ') from doorward.users"
                    f" where name = '{name}'") == "member guest"


def test_the_owner_of_a_taken_address_is_told(one):
    name = add_user(one)
    ask(one, "/account/register", f"{name.upper()}@example.org")
    [mail] = new_mails(one)
    assert mail.to == f"{name}@example.org" and mail.link is None
    assert "already" in mail.text and f"{one.public_url}/account/forgot" in mail.text


def test_a_registration_that_was_closed_meanwhile_comes_to_nothing(private_stack):
    stack = private_stack(registration="open")
    ask(stack, "/account/register", "late@example.org")
    stack.write_settings(registration="closed")
    assert not new_mails(stack)


def test_a_mail_is_in_the_language_of_the_page(private_stack):
    stack = private_stack(registration="open")
    os.makedirs(f"{stack.directory}/share/phrases")
    with open(f"{stack.directory}/share/phrases/de.txt", "w", encoding="utf-8") as f:
        f.write("mail.hello_stranger = Guten Tag,\n")
    stack.stop_web()
    stack.write_settings(share_dir="share")
    stack.start_web()
    ask(stack, "/account/register", "fritz@example.org", {"Accept-Language": "de"})
    [mail] = new_mails(stack)
    assert mail.text.startswith("Guten Tag,") and mail["Content-Language"] == "de"


def test_a_mail_that_nobody_asked_for_is_in_the_language_of_the_user(private_stack):
    stack = private_stack()
    os.makedirs(f"{stack.directory}/share/phrases")
    with open(f"{stack.directory}/share/phrases/pt-br.txt", "w", encoding="utf-8") as f:
        f.write("mail.hello = Oi {{name}},\n")
    stack.write_settings(share_dir="share")
    name = add_user(stack)
    stack.sql(f"update doorward.users set language = 'pt-br' where name = '{name}'")
    stack.sql("select doorward.outbox_add('test', null, 'a@example.org', null,"
              f" '{user_id(stack, name)}', null)")
    [mail] = new_mails(stack)
    assert mail.text.startswith(f"Oi {name},") and mail["Content-Language"] == "pt-br"


def test_the_mail_key_of_another_time_opens_no_request(private_stack):
    """It is replaced: what was asked before is lost, and nothing else is."""
    stack = private_stack()
    name = add_user(stack)
    ask(stack, "/account/forgot", name)
    with open(f"{stack.directory}/keys/mail.key", "w", encoding="ascii") as f:
        f.write("x" * 64)
    time.sleep(1.1)  # account looks at the file once a second
    done = stack.doorward("mail", "send", check=False)
    assert done.returncode == 0 and "could not be opened" in done.stderr
    ask(stack, "/account/forgot", name)
    assert len(new_mails(stack)) == 1
