"""doorward mail: what waits, again, away, and a test."""

import json

import pytest


def test_the_list_shows_whom_and_why_not(outbox, ann):
    outbox.set(mail_server="file:/nonexistent")
    first, second = outbox.add(user=ann), outbox.add("bob@example.org")
    outbox.send(1, f"mail {first} (test): /nonexistent")
    rows = json.loads(outbox.db.doorward("mail", "list", "--json").stdout)
    assert [r["id"] for r in rows] == [second, first]
    assert rows[0] == {"id": second, "state": "waiting", "template": "test",
                       "recipient": "bob@example.org", "created": rows[0]["created"],
                       "due": rows[0]["due"], "tries": 0}
    assert rows[1]["recipient"] == "ann@example.org" and rows[1]["tries"] == 1
    assert rows[1]["state"] == "waiting" and "/nonexistent" in rows[1]["failure"]
    text = outbox.db.doorward("mail", "list").stdout
    assert "ann@example.org: /nonexistent" in text and "bob@example.org\n" in text


def test_an_empty_list_is_empty(outbox):
    assert outbox.db.doorward("mail", "list").stdout == ""
    assert outbox.db.doorward("mail", "list", "--json").stdout == "[]\n"


def test_retry_without_an_id_makes_all_that_wait_due(outbox):
    outbox.set(mail_server="file:/nonexistent")
    outbox.add()
    outbox.send(1, "/nonexistent")
    outbox.set(mail_server=f"file:{outbox.directory}")
    outbox.send()
    assert not outbox.sent()
    assert outbox.db.doorward("mail", "retry").returncode == 0
    outbox.send()
    assert len(outbox.sent()) == 1


def test_retry_takes_up_again_what_was_given_up(outbox):
    """By its number, for two more days; without a number it stays given up."""
    mail = outbox.add()
    outbox.db.sql("update doorward.outbox set given_up_at = doorward.now(),"
                  " created_at = doorward.now() - interval '3 days', failure = '550', tries = 19")
    outbox.db.doorward("mail", "retry")
    outbox.send()
    assert not outbox.sent()
    outbox.set(mail_server="file:/nonexistent")
    assert outbox.db.doorward("mail", "retry", str(mail)).returncode == 0
    outbox.send(1, "/nonexistent")
    assert outbox.rows("tries, given_up_at is null, due_at < doorward.now() + interval '2 min'") \
        == [(1, True, True)]


def test_drop_takes_away_and_writes_that_down(outbox, ann):
    first, second = outbox.add(user=ann), outbox.add()
    done = outbox.db.doorward("mail", "drop", str(first), str(second))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert outbox.rows() == [(0,)]
    assert outbox.db.sql("select event, name, detail from doorward.audit order by id desc limit 2")\
        == [("mail_dropped", None, "test"), ("mail_dropped", "ann", "test")]
    assert outbox.db.one("select actor from doorward.audit order by id desc limit 1") \
        .startswith("operator:")


@pytest.mark.parametrize("action", ["retry", "drop"])
def test_a_number_that_no_mail_has_is_said_and_the_others_are_done(outbox, action):
    mail = outbox.add()
    done = outbox.db.doorward("mail", action, "999", str(mail))
    assert done.returncode == 1 and "mail 999: there is none" in done.stderr
    assert outbox.rows() == [(0 if action == "drop" else 1,)]


@pytest.mark.parametrize("words", [["retry", "x"], ["drop", "0"], ["drop", "-1"], ["drop"],
                                   ["drop", "99999999999999999999"], ["send", "x"],
                                   ["send", "--stay", "61"], ["list", "1"], ["test"], ["nonsense"],
                                   []])
def test_what_makes_no_sense_is_refused(outbox, words):
    outbox.add()
    assert outbox.db.doorward("mail", *words).returncode == 2
    assert outbox.rows() == [(1,)] and not outbox.sent()


def test_a_test_is_sent_at_once_and_without_the_database(outbox):
    outbox.set(mail_key=None)
    outbox.settings = "public_url = http://localhost\n"
    outbox.set()
    done = outbox.db.doorward("mail", "test", "bob@example.org")
    assert done.returncode == 0 and "accepted the mail" in done.stdout
    assert outbox.sent()[0].to == "bob@example.org"
    outbox.set(mail_server="file:/nonexistent")
    done = outbox.db.doorward("mail", "test", "bob@example.org")
    assert done.returncode == 1 and "/nonexistent" in done.stderr


BAD = ["", "@", "a@", "@b", "Ann <a@b.org>", "a@b.org\r\nBcc: c@d.org", "a@b.org\n", "a b@c.org",
       "-oQ/tmp@b.org", '"a"@b.org', "a@[192.0.2.1]", "ünï@b.org", "a@bücher.example", "a,b@c.org",
       "a@b..org", "a@b.org.", "a@-b.org", f"{'a' * 65}@b.org", "a" * 10000 + "@b.org",
       f"a@{'b' * 64}.org"]


@pytest.mark.parametrize("address", BAD)
def test_no_mail_is_tested_with_what_is_no_address(outbox, address):
    done = outbox.db.doorward("mail", "test", "--", address)
    assert done.returncode == 2 and "no address" in done.stderr and not outbox.sent()


def test_nothing_is_sent_where_no_server_is_named(outbox):
    outbox.set(mail_server=None)
    outbox.add()
    outbox.send(2, "mail_server is missing")
    assert outbox.rows() == [(1,)]


def test_a_server_without_a_sender_is_refused(outbox):
    outbox.set(mail_from=None)
    outbox.add()
    outbox.send(2, "mail_server is set although mail_from is missing")
    assert outbox.rows() == [(1,)]


def test_an_address_that_only_the_database_takes_is_given_up_at_once(outbox):
    """RFC 6531 is not spoken here."""
    outbox.add("ünï@example.org")
    outbox.send(1, "RFC 6531")
    assert outbox.rows("given_up_at is not null") == [(True,)]


def test_a_template_that_is_missing_is_given_up_at_once(outbox):
    outbox.add(template="nonsense")
    outbox.add(template="layout")
    outbox.send(1, 'there is no mail "nonsense"')
    assert outbox.rows("given_up_at is not null") == [(True,), (True,)]
