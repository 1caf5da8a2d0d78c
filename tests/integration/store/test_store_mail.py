"""The outbox and the requests: what is kept, taken by whom, and what comes of a try."""

import json

import psycopg2
import pytest

MAIL = {"role": "doorward_mail"}


def add(db, recipient="ann@example.org", template="test", link=None, user=None):
    """A mail that is due now; its id."""
    return db.one("select doorward.outbox_add(%s, null, %s, %s, %s, null)", template, recipient,
                  link, user, role="doorward_account")


def take(db):
    """The id of the mail that the worker gets next, or None."""
    rows = db.sql("select id from doorward.mail_take()", **MAIL)
    return rows[0][0] if rows else None


def settle(db, mail, outcome, failure=None):
    """What came of it."""
    return db.one("select doorward.mail_settle(%s, %s, %s)", mail, outcome, failure, **MAIL)


def ask(db, address="192.0.2.1", request="forgot"):
    """The seconds to wait."""
    return db.one("select doorward.request_add(%s, 'en', 'sealed', %s)", request, address,
                  role="doorward_account")


@pytest.fixture(name="ann")
def _ann(db):
    user = db.add_user("ann")
    db.sql("insert into doorward.addresses (user_id, address, verified_at)"
           " values (%s, 'ann@example.org', doorward.now())", user)
    return user


def make_reset(db, user):
    """A reset link with its mail."""
    return db.one("select doorward.link_make('reset', %s, null, '{}', 1, null, 'reset', null,"
                  " 'user')", user)


def test_a_mail_that_was_sent_goes(db, ann):
    mail = add(db, user=ann)
    assert take(db) == mail
    assert settle(db, mail, "sent") == "sent"
    assert db.one("select count(*) from doorward.outbox") == 0
    assert db.sql("select event, detail, user_id, address from doorward.audit"
                  " order by id desc limit 1") == [("mail_sent", "test", ann, None)]


def test_a_mail_is_taken_by_one_worker(db):
    """Whoever comes within five minutes gets another one, or none."""
    first, second = add(db), add(db)
    assert [take(db), take(db), take(db)] == [first, second, None]


def test_a_mail_of_a_worker_that_was_killed_is_taken_again(db):
    mail = add(db)
    assert take(db) == mail
    db.move_clock(299)
    assert take(db) is None
    db.move_clock(301)
    assert take(db) == mail


def test_tries_grow_apart_until_two_days_have_passed(db):
    """1, 5, 15 minutes, 1, 2, 4, 4 … hours; the last one at the end of the second day."""
    mail, at, gaps = add(db), 0, []
    while True:
        db.move_clock(at + 2)
        assert take(db) == mail, at
        if settle(db, mail, "later", "451 try again") == "given up":
            break
        due = db.one("select extract(epoch from due_at - created_at) from doorward.outbox")
        gaps.append(round(float(due) - at, -1))
        at = float(due)
    assert gaps[:7] == [60, 300, 900, 3600, 7200, 14400, 14400]
    assert at == 2 * 86400 and take(db) is None
    assert db.sql("select failure, given_up_at is not null from doorward.outbox") \
        == [("451 try again", True)]


def test_a_mail_that_can_never_be_sent_is_given_up_at_once(db):
    mail = add(db)
    take(db)
    assert settle(db, mail, "never", "550 no such user") == "given up"
    db.move_clock(86400)
    assert take(db) is None


def test_a_mail_that_was_dropped_meanwhile_is_no_error(db):
    mail = add(db)
    take(db)
    db.sql("delete from doorward.outbox")
    assert settle(db, mail, "sent") is None


def test_a_short_link_begins_to_live_when_its_mail_goes(db, ann):
    """Its secret is made then; a day without a mail server uses none of its time up."""
    link = make_reset(db, ann)
    db.move_clock(80000)
    assert take(db)
    assert 1795 < db.one("select extract(epoch from ends_at - doorward.now())"
                         " from doorward.links where id = %s", link) < 1801


@pytest.mark.parametrize("dead", [
    "update doorward.users set password_version = password_version + 1",
    "update doorward.links set uses_left = 0",
    "select doorward.user_disable('ann', true, 'me')",
    "select doorward.user_delete('ann', false, 'me')"])
def test_a_mail_whose_link_opens_nothing_is_not_sent(db, ann, dead):
    make_reset(db, ann)
    other = add(db, recipient="bob@example.org")
    db.sql(dead)
    assert take(db) == other
    assert db.one("select count(*) from doorward.outbox") == 1


def test_a_request_looks_nobody_up(db, ann):
    """Stored as it came; neither link nor mail is made by the page."""
    assert ask(db) == 0
    assert db.sql("select request, language, encode(sealed, 'escape'), host(address)"
                  " from doorward.requests") \
        == [("forgot", "en", "sealed", "192.0.2.1")]
    assert db.one("select count(*) from doorward.links") == 0
    assert db.one("select count(*) from doorward.outbox") == 0


def test_the_eleventh_request_of_an_address_waits_and_stores_nothing(db):
    """Both kinds together; another address is another matter."""
    db.stop_clock()
    waits = [ask(db, request=r) for r in ["forgot", "register"] * 5]
    assert waits == [0] * 10
    assert ask(db) > 0 and ask(db, request="register") > 0
    assert db.one("select count(*) from doorward.requests") == 10
    assert ask(db, "192.0.2.2") == 0


def test_an_unknown_request_is_refused(db):
    with pytest.raises(psycopg2.errors.CheckViolation):
        ask(db, request="admin")
    assert db.one("select count(*) from doorward.attempts") == 0


def test_the_worker_is_wanted_when_something_is_due_and_no_more_than_each_ten_seconds(db):
    def wanted(role="doorward_account"):
        return db.one("select doorward.mail_wanted()", role=role)
    db.stop_clock()
    assert not wanted()
    ask(db)
    assert wanted() and not wanted() and not wanted("doorward_login")
    db.move_clock(11)
    db.sql("delete from doorward.requests")
    assert not wanted()
    mail = add(db)
    assert wanted("doorward_login")
    db.move_clock(30)
    assert take(db) == mail and not wanted()


def test_the_worker_is_wanted_after_the_clock_was_set_back(db):
    ask(db)
    db.move_clock(3600)
    assert db.one("select doorward.mail_wanted()")
    db.move_clock(0)
    assert db.one("select doorward.mail_wanted()")


def test_what_a_mail_says_besides_is_a_bounded_object(db):
    for data in ("[]", json.dumps({"x": "y" * 5000})):
        with pytest.raises(psycopg2.errors.CheckViolation):
            db.sql("select doorward.outbox_add('test', null, 'a@b.org', null, null, %s)", data)
