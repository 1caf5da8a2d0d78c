"""doorward user invite: links made, listed, mailed again and taken back; what refuses one."""

import json
import os
import re
import secrets

import pytest

NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture(name="site")
def _site(db):
    """A database whose settings have mail and registration."""
    with open(f"{db.directory}/mail.key", "w", encoding="ascii") as f:
        f.write(secrets.token_hex(32))
    os.chmod(f"{db.directory}/mail.key", 0o600)
    change(db, registration="invited", registration_roles="member reader")
    return db


def change(db, **settings):
    """Put these settings in place of earlier ones; None takes one away."""
    values = {"mail_key": "mail.key", "mail_server": f"file:{db.directory}/mail",
              "mail_from": "club@example.org", **settings}
    with open(db.conf, encoding="utf-8") as f:
        kept = [line for line in f if line.split(" = ")[0] not in
                {*values, "registration", "registration_roles"}]
    with open(db.conf, "w", encoding="utf-8") as f:
        f.writelines(kept + [f"{name} = {value}\n" for name, value in values.items()
                             if value is not None])


def invite(db, *argv):
    """The link that it prints."""
    done = db.doorward("user", "invite", *argv)
    assert done.returncode == 0, done.stderr
    link = done.stdout.strip()
    assert re.fullmatch(r"http://localhost/account/link\?token=[\w-]+", link), done.stdout
    return link


def listed(db):
    """All that there are, newest first."""
    return json.loads(db.doorward("user", "invite", "list", "--json").stdout)


def count(db):
    """Links, mails and rows of the audit."""
    return db.sql("select (select count(*) from doorward.links),"
                  " (select count(*) from doorward.outbox),"
                  " (select count(*) from doorward.audit)")


def test_one_is_printed_and_mailed_if_asked(site):
    plain = invite(site, "--role", "editor")
    assert site.one("select count(*) from doorward.outbox") == 0
    mailed = invite(site, "--mail", "Ann@example.org", "--days", "3")
    assert plain != mailed
    assert site.sql("select template, recipient from doorward.outbox") == [
        ("invite", "Ann@example.org")]
    new, old = listed(site)
    assert (old["state"], old["roles"], old["uses_left"]) == ("good", ["editor"], 1)
    assert new["address"] == "Ann@example.org" and new["roles"] == []
    assert 0 <= old["ends_at"] - old["created_at"] - 7 * 86400 <= 1
    assert 0 <= new["ends_at"] - new["created_at"] - 3 * 86400 <= 1


def test_neither_the_list_nor_the_database_shows_a_link(site):
    ticket = invite(site, "--mail", "ann@example.org").split("token=")[1]
    shown = site.doorward("user", "invite", "list").stdout
    shown += site.doorward("user", "invite", "list", "--json").stdout
    shown += str(site.sql("select l::text from doorward.links l"))
    shown += str(site.sql("select o::text from doorward.outbox o"))
    assert "ann@example.org" in shown and ticket not in shown and ticket[4:24] not in shown


def test_one_for_many_gives_the_listed_roles(site):
    invite(site, "--uses", "30")
    invite(site, "--uses", "2", "--role", "reader")
    reader, usual = listed(site)
    assert (usual["roles"], usual["uses_left"]) == (["member", "reader"], 30)
    assert (reader["roles"], reader["uses_left"]) == (["reader"], 2)


def test_it_is_mailed_again_and_taken_back(site):
    invite(site, "--mail", "ann@example.org")
    [one] = listed(site)
    site.sql("update doorward.links set created_at = created_at - interval '8 days',"
             " ends_at = ends_at - interval '8 days'; delete from doorward.outbox")
    assert listed(site)[0]["state"] == "expired"
    assert site.doorward("user", "invite", "resend", one["id"]).returncode == 0
    assert listed(site)[0]["state"] == "good"
    assert site.one("select count(*) from doorward.outbox") == 1
    assert site.doorward("user", "invite", "withdraw", one["id"]).returncode == 0
    assert listed(site) == [] and site.one("select count(*) from doorward.outbox") == 0
    events = [event for (event,) in site.sql(
        "select event from doorward.audit where event like 'link_%%' order by id")]
    assert events == ["link_made", "link_resent", "link_withdrawn"]


@pytest.mark.parametrize("action", ["resend", "withdraw"])
def test_what_is_no_invitation_is_said(site, action):
    for wrong in (NOBODY, "x", ""):
        done = site.doorward("user", "invite", action, wrong)
        assert done.returncode == 1 and "there is no invitation" in done.stderr


def test_one_without_an_address_cannot_be_mailed_again(site):
    invite(site)
    before = count(site)
    done = site.doorward("user", "invite", "resend", listed(site)[0]["id"])
    assert done.returncode == 1 and "no address" in done.stderr
    assert count(site) == before


def test_one_that_is_used_up_stays_used_up(site):
    invite(site, "--mail", "ann@example.org")
    [one] = listed(site)
    site.sql("select outcome from doorward.link_use('invite', %s, null, 'ann', '$hash', null)",
             one["id"])
    assert listed(site)[0]["state"] == "used"
    for action, said in (("resend", "used up"), ("withdraw", "could still be used")):
        done = site.doorward("user", "invite", action, one["id"])
        assert done.returncode == 1 and said in done.stderr


@pytest.mark.parametrize("settings, argv, said", [
    ({}, (), "registration is closed"),
    ({"registration": "closed"}, ("--mail", "a@example.org"), "set registration = invited"),
    ({"registration": "invited", "mail_key": None, "mail_server": None, "mail_from": None}, (),
     "mail_key is not set"),
    ({"registration": "invited", "mail_server": None}, ("--mail", "a@example.org"),
     "hand the link over yourself"),
    ({"registration": "invited"}, ("--uses", "2", "--role", "admin"), "registration_roles"),
    ({"registration": "invited"}, ("--mail", "Ann <a@example.org>"), "local@domain"),
    ({"registration": "invited"}, ("--mail", ""), "local@domain"),
    ({"registration": "invited"}, ("--role", "no role"), "no role is no role: one is 1 to 64")])
def test_what_cannot_be_invited_is_refused_and_stores_nothing(site, settings, argv, said):
    change(site, **settings)
    before = count(site)
    done = site.doorward("user", "invite", *argv)
    assert done.returncode == 1 and said in done.stderr, done.stderr
    assert done.stdout == "" and count(site) == before


@pytest.mark.parametrize("argv, said", [
    (("--uses", "0"), "--uses 0"), (("--uses", "10001"), "--uses"), (("--uses", "x"), "--uses x"),
    (("--days", "0"), "--days"), (("--days", "91"), "--days"),
    (("--mail", "a@example.org", "--uses", "2"), "for one person"), (("--what",), "usage"),
    (("ann",), "usage"), (("list", "x"), "usage"), (("resend",), "usage"),
    (("withdraw", NOBODY, NOBODY), "usage")])
def test_a_call_that_means_nothing_is_a_mistake(site, argv, said):
    done = site.doorward("user", "invite", *argv)
    assert done.returncode == 2 and said in done.stderr.lower(), done.stderr


def test_a_key_that_cannot_be_read_makes_no_invitation(site):
    os.chmod(f"{site.directory}/mail.key", 0o644)
    before = count(site)
    done = site.doorward("user", "invite")
    assert done.returncode == 2 and "mail.key" in done.stderr
    assert count(site) == before
