"""The test mail of an admin in the database: to their own address, and to nobody else's."""

import pytest

from admins import Admins
from database import in_parallel


@pytest.fixture(name="a")
def _a(db):
    """Root, an admin with an address that nobody has verified, signed in."""
    a = Admins(db)
    a.add("root", "doorward-admin", mail="root@example.org", verified=False)
    a.sid = a.login("root")
    return a


def send(a):
    return a.row("admin_mail_send %s", "de")["admin_mail_send"]


def outbox(a):
    return a.db.sql("select template, recipient, language, link_id is not null from doorward.outbox")


def test_a_test_mail_carries_a_link_until_the_address_is_verified(a):
    assert a.row("admin_mail_find")["state"] == "none"
    assert send(a) == "ok"
    assert outbox(a) == [("test", "root@example.org", "de", True)]
    assert a.db.one("select actor from doorward.audit where event = 'link_made'") == "admin:root"
    row = a.row("admin_mail_find")
    assert (row["address"], row["verified"], row["state"]) == ("root@example.org", False, "waiting")
    a.db.sql("update doorward.addresses set verified_at = doorward.now()")
    assert send(a) == "ok"
    assert outbox(a) == [("test", "root@example.org", "de", False)]
    assert a.db.one("select count(*) from doorward.links") == 0, "the earlier link went with its mail"


def test_what_became_of_it_is_told(a):
    """Of the last one, for a day."""
    send(a)
    for change, state in [("due_at = doorward.now() - interval '61 s'", "late"),
                          ("failure = 'the mail server is away'", "failing"),
                          ("given_up_at = doorward.now()", "given up")]:
        a.db.sql(f"update doorward.outbox set {change}")
        row = a.row("admin_mail_find")
        assert row["state"] == state
        assert row["failure"] == (None if state == "late" else "the mail server is away")
    assert send(a) == "ok" and a.row("admin_mail_find")["state"] == "waiting"
    [(mail,)] = a.db.sql("select id from doorward.mail_take()", role="doorward_mail")
    assert send(a) == "sending"
    a.db.one("select doorward.mail_settle(%s, 'sent', null)", mail, role="doorward_mail")
    assert a.row("admin_mail_find")["state"] == "sent"
    a.db.sql("alter table doorward.audit disable trigger audit_keep")
    a.db.sql("update doorward.audit set at = at - interval '1 day' where event = 'mail_sent'")
    assert a.row("admin_mail_find")["state"] == "none"


def test_two_tries_at_once_send_one_mail(a):
    assert in_parallel(4, lambda i: send(a)) == ["ok"] * 4
    assert len(outbox(a)) == 1


def test_without_an_address_nothing_is_sent_and_others_see_nothing_of_it(a):
    send(a)
    other = a.admin("other")
    assert a.row("admin_mail_send %s", None, sid=other)["admin_mail_send"] == "none"
    assert a.row("admin_mail_find", sid=other) == {
        "address": None, "verified": False, "state": "none", "failure": None, "since": None}
    assert len(outbox(a)) == 1


@pytest.mark.parametrize("change, why", [
    ("select doorward.user_roles('root', '{}', '{doorward-admin}', 'me')", "no session"),
    ("update doorward.users set roles = '{member}'", "no right"),
    ("update doorward.sessions set auth_time = auth_time - interval '1 day'", "not fresh"),
    ("select doorward.user_disable('root', true, 'me')", "no session")])
def test_nobody_else_sends_one(a, change, why):
    a.db.sql(change)
    assert a.refused("admin_mail_send %s", None) == a.refused("admin_mail_find") == why
    assert outbox(a) == []
