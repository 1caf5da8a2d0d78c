"""Links as they stand in mails, made past the worker, and browsers that open them."""

import html
import json
import re
import uuid

from client import Client, hidden_fields
from tickets import make_ticket

PASSWORD = "seven quiet herons wading"
NEW = "otters sleep on their backs"
OF_USER = ["verify", "reset", "change-address", "undo-address"]
KINDS = ["invite", *OF_USER]
COOKIE = "__Secure-doorward-link"


def literal(value):
    """For SQL."""
    return "null" if value is None else "'" + str(value).replace("'", "''") + "'"


def mail_key(stack):
    """The bytes of the file."""
    with open(f"{stack.directory}/keys/mail.key", "rb") as f:
        return f.read()


def user_id(stack, name):
    """The lasting id."""
    return stack.sql(f"select id from doorward.users where name = {literal(name)}").strip()


def add_user(stack, address=None, verified=True, name=None):
    """A new user with a password and an address; the name."""
    name = name or f"u{uuid.uuid4().hex[:10]}"
    stack.add_user(name, PASSWORD, "member")
    if address or address is None:
        give_address(stack, name, address or f"{name}@example.org", verified)
    return name


def give_address(stack, name, address, verified=True):
    """The address of a user who has none."""
    stack.sql("insert into doorward.addresses (user_id, address, verified_at) values"
              f" ('{user_id(stack, name)}', {literal(address)},"
              f" {'doorward.now()' if verified else 'null'})")


def make_link(stack, kind, user=None, uses=1, life="null", **data):
    """A link of that kind, of that user; its ticket."""
    who = f"'{user_id(stack, user)}'" if user else "null"
    made = stack.sql(f"select doorward.link_make('{kind}', {who}, null,"
                     f" {literal(json.dumps(data))}, {uses}, {life}, null, null, 'test')").strip()
    assert made, f"no {kind} link for {user}"
    return make_ticket(kind, mail_key(stack), made)


def make_setup(stack, key=b"k" * 32, **data):
    """A setup link, in a database without users; its ticket."""
    ticket = make_ticket("setup", key)
    stack.sql("select doorward.link_make('setup', null,"
              f" sha256(convert_to('{ticket}', 'UTF8')), {literal(json.dumps(data))},"
              " 1, null, null, null, 'test')")
    return ticket


def make_shown(stack, user, key=b"s" * 32):
    """A link that an admin was shown for that user; its ticket."""
    ticket = make_ticket("reset-shown", key)
    stack.sql(f"select doorward.link_make('reset-shown', '{user_id(stack, user)}',"
              f" sha256(convert_to('{ticket}', 'UTF8')), null, 1, null, null, null, 'test')")
    return ticket


def link_for_somebody(stack, kind, **data):
    """A link of that kind for somebody, and who it is for."""
    if kind == "invite":
        return make_link(stack, kind, roles=["member"], **data), None
    name = add_user(stack)
    if kind == "verify":
        stack.sql("update doorward.addresses set verified_at = null"
                  f" where user_id = '{user_id(stack, name)}'")
        data["address"] = f"{name}@example.org"
    elif kind != "reset":
        data["address"] = f"{name}@example.net"
    return make_link(stack, kind, name, **data), name


def good_fields(kind, name="bob"):
    """What fills the form of a kind in."""
    fields = {"username": name} if kind == "invite" else {}
    if kind in ("invite", "reset"):
        fields |= {"password": NEW, "repeat": NEW}
    return fields


def link_state(stack):
    """All that a use could change."""
    return stack.sql("select (select string_agg(l::text, ' ' order by l.id) from doorward.links l),"
                     " (select string_agg(u::text, ' ' order by u.id) from doorward.users u),"
                     " (select string_agg(a::text, ' ' order by a.user_id) from doorward.addresses a),"
                     " (select count(*) from doorward.outbox),"
                     " (select count(*) from doorward.sessions where ended_at is not null)")


def open_link(stack, ticket, client=None):
    """The browser that has opened it, and the page that it was led to."""
    client = client or Client(stack, browser=True)
    answer = client.get("/account/link", params={"token": ticket})
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"] == "/account/link"
    page = client.get("/account/link")
    assert page.status_code == 200, page.text
    return client, page


def send_form(client, page, path="/account/link", **fields):
    """The answer to the page's form, filled in so."""
    return client.post(path, data={**hidden_fields(page.text), **fields})


def use_link(stack, ticket, **fields):
    """The answer to the use of a link by a browser of its own; a password is repeated."""
    client, page = open_link(stack, ticket)
    if "password" in fields:
        fields.setdefault("repeat", fields["password"])
    return send_form(client, page, **fields)


def heading(answer):
    """What a page says first."""
    return html.unescape(re.search(r"<h1>(.*?)</h1>", answer.text)[1])


def problem(answer):
    """What it says is wrong."""
    found = re.search(r'<p class="problem"[^>]*>(.*?)</p>', answer.text)
    return html.unescape(found[1]) if found else None


def buttons(answer):
    """Where its buttons lead."""
    return re.findall(r'<a class="button" href="([^"]*)"', answer.text)


def new_id():
    """One that no row has."""
    return str(uuid.uuid4())
