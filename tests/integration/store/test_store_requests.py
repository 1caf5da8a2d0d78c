"""The worker's decisions about a visitor's text, and invitations as the operator sees them."""

import json
import uuid

import pytest

from database import in_parallel

NEW = "$new"


def decide(db, what, *values):
    """forgot_decide or register_decide, as the worker's own function calls it."""
    db.sql(f"set search_path = pg_catalog, doorward, pg_temp;"
           f" select doorward.{what}_decide({', '.join(['%s'] * len(values))})", *values)


def forgot(db, typed):
    """Somebody has typed that into /account/forgot."""
    decide(db, "forgot", typed, "en")


def register(db, address, roles=("member",), domains=()):
    """Somebody has typed that into /account/register."""
    decide(db, "register", address, list(roles), list(domains), "en")


def mails(db):
    """Template, recipient and user of what is to be mailed, in order."""
    return db.sql("select template, recipient, user_id from doorward.outbox order by id")


def use(db, kind, link, name=None, password=None):
    """The outcome of link_use."""
    return db.one("select outcome from doorward.link_use(%s, %s, null, %s, %s, '192.0.2.1')",
                  kind, link, name, password, role="doorward_account")


def state(db, kind, link):
    """What link_peek says of it."""
    return db.one("select state from doorward.link_peek(%s, %s, null)", kind, link,
                  role="doorward_account")


def link_of(db, template):
    """The id of the link in the newest mail of that template."""
    return db.one("select link_id from doorward.outbox where template = %s order by id desc limit 1",
                  template)


def make(db, kind, user=None, life=None, **data):
    """link_make; the id."""
    return db.one("select doorward.link_make(%s, %s, null, %s, 1, %s, null, null, 'test')", kind,
                  user, json.dumps(data), life)


@pytest.fixture(name="ann")
def _ann(db):
    user = db.add_user("ann", "member")
    db.sql("insert into doorward.addresses (user_id, address, verified_at)"
           " values (%s, 'Ann@example.org', doorward.now())", user)
    return user


# ---- forgotten passwords ----

@pytest.mark.parametrize("typed", ["ann", "ANN ", "ann@example.org", "ANN@EXAMPLE.ORG"])
def test_a_reset_is_mailed_to_who_is_named_by_name_or_address(db, ann, typed):
    forgot(db, typed)
    assert mails(db) == [("reset", "Ann@example.org", ann)]
    assert use(db, "reset", link_of(db, "reset"), None, NEW) == "ok"


def test_nothing_is_made_for_whom_a_reset_is_not_for(db, ann):
    db.sql("insert into doorward.addresses (user_id, address) values (%s, 'bob@example.org')",
           db.add_user("bob"))
    db.add_user("nowhere")
    assert db.doorward("user", "disable", "ann").returncode == 0
    for typed in ("nobody", "nobody@example.org", "bob", "bob@example.org", "nowhere", "ann",
                  "Ann@example.org", "", "%", "x" * 9000):
        forgot(db, typed)
    assert mails(db) == []
    for table in ("links", "mailboxes"):
        assert db.one(f"select count(*) from doorward.{table}") == 0
    assert ann


def test_who_has_no_password_gets_a_link_to_a_passkey_and_no_reset(db):
    bare = db.add_user("bare", password_hash=None)
    db.sql("insert into doorward.addresses (user_id, address, verified_at)"
           " values (%s, 'bare@example.org', doorward.now())", bare)
    forgot(db, "bare")
    assert [mail[:2] for mail in mails(db)] == [("passkey-link", "bare@example.org")]
    assert db.sql("select kind from doorward.links") == [("factor",)]


def test_a_mailbox_gets_three_resets_in_any_hour_and_no_fourth(db, ann):
    for minute in (0, 0, 30):
        db.move_clock(minute * 60)
        forgot(db, "ann")
    for minute in (31, 59):
        db.move_clock(minute * 60)
        forgot(db, "ann@example.org")
        assert len(mails(db)) == 3
    assert db.sql("select event, user_id, detail from doorward.audit where event = 'mail_withheld'") \
        == [("mail_withheld", ann, "forgot")] * 2
    db.move_clock(61 * 60)
    forgot(db, "ann")
    forgot(db, "ann")
    forgot(db, "ann")
    assert len(mails(db)) == 5  # that of minute 30 still counts


def test_five_workers_at_once_mail_three(db, ann):
    connections = [db.connect() for _ in range(5)]

    def one(i):
        cursor = connections[i].cursor()
        cursor.execute("set search_path = pg_catalog, doorward, pg_temp;"
                       " select forgot_decide('ann', 'en')")
        connections[i].commit()
    in_parallel(5, one)
    assert mails(db) == [("reset", "Ann@example.org", ann)] * 3


def test_a_reset_says_that_it_happened(db, ann):
    forgot(db, "ann")
    use(db, "reset", link_of(db, "reset"), None, NEW)
    assert mails(db)[-1] == ("password-changed", "Ann@example.org", ann)
    assert db.one("select recipient from doorward.outbox where link_id is null") \
        == "Ann@example.org"


def test_a_reset_neither_enables_nor_unlocks(db, ann):
    forgot(db, "ann")
    link = link_of(db, "reset")
    db.sql("insert into doorward.attempts values (doorward.bucket_name('ann'), 50, doorward.now())")
    assert use(db, "reset", link, None, NEW) == "ok"
    assert db.one("select level from doorward.attempts where bucket = doorward.bucket_name('ann')") == 50
    forgot(db, "ann")
    link = link_of(db, "reset")
    assert db.doorward("user", "disable", "ann").returncode == 0
    assert (state(db, "reset", link), use(db, "reset", link, None, NEW)) == ("unknown", "gone")
    assert db.one("select disabled from doorward.users where id = %s", ann) is True


# ---- registration ----

def test_before_the_link_is_used_there_is_no_account(db):
    register(db, "Bob@Example.org", ("member", "reader"))
    assert mails(db) == [("register", "Bob@Example.org", None)]
    assert db.one("select count(*) from doorward.users") == 0
    assert db.one("select count(*) from doorward.addresses") == 0
    assert use(db, "invite", link_of(db, "register"), "bob", NEW) == "ok"
    assert db.sql("select u.name, u.roles, a.address, a.verified_at is not null from doorward.users u"
                  " join doorward.addresses a on a.user_id = u.id") == [
        ("bob", ["member", "reader"], "Bob@Example.org", True)]


def test_the_owner_of_a_taken_address_is_told_and_nothing_else_is_made(db, ann):
    register(db, "ANN@EXAMPLE.ORG")
    assert mails(db) == [("address-taken", "Ann@example.org", ann)]
    assert db.one("select count(*) from doorward.links") == 0


def test_only_addresses_of_the_listed_domains_come_in(db):
    for address in ("a@else.example", "a@sub.example.org", "a@example.org.evil.example",
                    "example.org@x.example", "none", "a@b\r\nBcc: c@example.org", "", None):
        register(db, address, domains=("example.org",))
    assert mails(db) == []
    register(db, "a@EXAMPLE.org", domains=("other.example", "Example.Org"))
    assert [m[1] for m in mails(db)] == ["a@EXAMPLE.org"]


def test_a_mailbox_gets_three_registrations_an_hour_and_a_reset_besides(db, ann):
    for _ in range(5):
        register(db, "ann@example.org")
        register(db, "new@example.org")
    assert [m[0] for m in mails(db)] == ["address-taken", "register"] * 3
    forgot(db, "ann")
    assert mails(db)[-1] == ("reset", "Ann@example.org", ann)


BAD_NAMES = ["Bob", "bob smith", "böb", "bob@example.org", "-bob", ".bob", "_bob", "b" * 65, "bob\n",
             "bob/..", "bob%"]
GOOD_NAMES = ["b", "bob", "0", "b.o_b-1", "b" * 64]


def test_a_name_that_one_may_not_give_oneself_leaves_the_link_good(db):
    register(db, "bob@example.org")
    link = link_of(db, "register")
    for name in BAD_NAMES:
        assert use(db, "invite", link, name, NEW) == "name", name
    for name in ("root", "admin", "postmaster"):
        assert use(db, "invite", link, name, NEW) == "taken", name
    assert state(db, "invite", link) == "good"
    assert db.one("select count(*) from doorward.users") == 0
    for number, name in enumerate(GOOD_NAMES):
        register(db, f"bob{number}@example.org")
        assert use(db, "invite", link_of(db, "register"), name, NEW) == "ok", name


def test_an_invitation_may_give_any_name(db):
    for name in ("Böb Smith", "admin"):
        assert use(db, "invite", make(db, "invite"), name, NEW) == "ok"


def test_two_links_of_one_address_make_one_account(db):
    for _ in range(3):
        register(db, "bob@example.org")
    links = [row[0] for row in db.sql("select id from doorward.links")]
    connections = [db.connect("doorward_account") for _ in links]

    def one(i):
        cursor = connections[i].cursor()
        cursor.execute("select outcome from doorward.link_use('invite', %s, null, %s, '$h', null)",
                       (links[i], f"bob{i}"))
        return cursor.fetchone()[0]
    assert sorted(in_parallel(3, one)) == ["address", "address", "ok"]
    assert db.one("select count(*) from doorward.users") == 1


# ---- what a link says of itself ----

def test_a_link_says_why_it_holds_no_more(db, ann):
    used, late, dead = (make(db, "reset", ann) for _ in range(3))
    withdrawn = make(db, "invite")
    expired = make(db, "invite", life=60)
    assert use(db, "reset", used, None, NEW) == "ok"
    assert state(db, "reset", used) == "used"
    assert state(db, "reset", dead) == "dead"
    assert db.one("select doorward.link_withdraw(%s, 'test')", withdrawn) is True
    assert state(db, "invite", withdrawn) == "unknown"
    assert state(db, "invite", str(uuid.uuid4())) == "unknown"
    db.move_clock(61)
    assert state(db, "invite", expired) == "expired"
    late = make(db, "reset", ann)
    db.move_clock(61 + 1801)
    assert state(db, "reset", late) == "expired"


def test_a_setup_link_is_used_up_by_the_first_user(db):
    db.sql("select doorward.link_make('setup', null, %s, '{}', 1, null, null, null, 'test')", b"h" * 32)
    ask = "select state from doorward.link_peek('setup', null, %s)"
    assert db.one(ask, b"h" * 32) == "good"
    db.add_user("root")
    assert db.one(ask, b"h" * 32) == "used"


# ---- invitations ----

def invitations(db):
    """The rows of link_list but for their times."""
    return db.sql("select id, address, roles, uses_left, state from doorward.link_list()")


def test_the_list_has_what_operators_made_and_not_what_people_asked_for(db):
    register(db, "eve@example.org")
    one = make(db, "invite", roles=["member", "editor"], address="bob@example.org")
    db.move_clock(1)
    many = db.one("select doorward.link_make('invite', null, null, '{}', 5, null, null, null, 'x')")
    assert invitations(db) == [(many, None, "", 5, "good"),
                               (one, "bob@example.org", "member editor", 1, "good")]
    use(db, "invite", one, "bob", NEW)
    use(db, "invite", many, "cem", NEW)
    assert [row[3:] for row in invitations(db)] == [(4, "good"), (0, "used")]


def test_what_is_sent_again_lives_anew_and_is_mailed_once(db):
    link = db.one("select doorward.link_make('invite', null, null,"
                  " '{\"address\": \"bob@example.org\"}', 1, 3600, 'invite', null, 'x')")
    db.move_clock(4000)
    assert state(db, "invite", link) == "expired"
    resend = "select doorward.link_resend(%s, 'en', 'operator:x')"
    for _ in range(2):
        assert db.one(resend, link) == "ok"
    assert mails(db) == [("invite", "bob@example.org", None)]
    assert state(db, "invite", link) == "good"
    db.move_clock(4000 + 3601)
    assert state(db, "invite", link) == "expired"
    assert db.one(resend, make(db, "invite")) == "no address"
    assert db.one(resend, str(uuid.uuid4())) == "missing"
    assert db.one(resend, link) == "ok"
    assert use(db, "invite", link, "bob", NEW) == "ok"
    assert db.one(resend, link) == "used"


def test_what_is_withdrawn_is_not_mailed_and_opens_nothing(db):
    link = db.one("select doorward.link_make('invite', null, null,"
                  " '{\"address\": \"bob@example.org\"}', 1, null, 'invite', null, 'x')")
    withdraw = "select doorward.link_withdraw(%s, 'operator:x')"
    assert db.one(withdraw, link) is True
    assert (mails(db), use(db, "invite", link, "bob", NEW)) == ([], "gone")
    assert db.one(withdraw, link) is False
    used = make(db, "invite")
    use(db, "invite", used, "bob", NEW)
    assert db.one(withdraw, used) is False
    assert db.sql("select event, actor from doorward.audit where event like 'link_w%%'") == [
        ("link_withdrawn", "operator:x")]


def test_tidy_forgets_a_mailbox_after_an_hour(db, ann):
    forgot(db, "ann")
    db.move_clock(1800)
    register(db, "bob@example.org")
    db.move_clock(3700)
    assert db.doorward("db", "tidy").returncode == 0
    assert db.sql("select purpose from doorward.mailboxes") == [("register",)]
    assert ann


def test_the_programs_behind_the_web_server_make_no_link_of_their_own(db):
    """One that is taken over can give nobody a role by an invitation."""
    for role in ("doorward_account", "doorward_login", "doorward_mail"):
        with pytest.raises(Exception, match="permission denied"):
            db.sql("select doorward.link_make('invite', null, null, '{}', 1, null, null, null, 'x')",
                   role=role)
