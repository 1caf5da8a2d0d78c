"""What an admin does to people, and what the database refuses."""

import pytest

from admins import Admins
from database import in_parallel

PLAIN = ["admin_disable", "admin_enable", "admin_end", "admin_unlock", "admin_factor_reset"]
# Each action, with what it wants between `seen` and the address.
CALLS = {**{name: ("", ()) for name in PLAIN},
         "admin_roles": ("%s::text[], ", (["guest"],)), "admin_rename": ("%s, ", ("other",)),
         "admin_profile": ("%s, %s, ", ("Ann A.", "new@example.org")),
         "admin_reset": ("sha256('t'), ", ()), "admin_delete": ("false, ", ())}


@pytest.fixture(name="a")
def _a(db):
    """Root, an admin, and Ann, a member."""
    a = Admins(db)
    a.admin()
    a.ann = a.add("ann", "member", mail="ann@example.org")
    return a


def do(a, name, user, *values, seen=None, sid=None):
    """The row that an action returns."""
    more, usual = CALLS[name]
    return a.row(f"{name} %s, %s, {more}'192.0.2.44'", user,
                 seen if seen is not None else a.seen(user), *(values or usual), sid=sid)


def outcome(a, name, user, *values, **how):
    """Only that."""
    return do(a, name, user, *values, **how)["outcome"]


def person(a, user):
    """The row of a user, as text; None: there is none."""
    rows = a.db.sql("select u::text from doorward.users u where u.id = %s", user)
    return rows[0][0] if rows else None


# ---- what is done ----

def test_an_admin_disables_and_enables(a, db):
    """Sessions end, and the audit says who did it and from where."""
    a.login("ann")
    row = do(a, "admin_disable", a.ann)
    assert (row["outcome"], row["name"], row["ended"]) == ("ok", "ann", 1)
    assert db.one("select disabled from doorward.users where id = %s", a.ann)
    assert outcome(a, "admin_enable", a.ann) == "ok"
    assert not db.one("select disabled from doorward.users where id = %s", a.ann)
    rows = db.sql("select event, actor, host(address) from doorward.audit where user_id = %s"
                  " and event in ('user_disabled', 'user_enabled') order by id", a.ann)
    assert rows == [("user_disabled", "admin:root", "192.0.2.44"),
                    ("user_enabled", "admin:root", "192.0.2.44")]


def test_the_address_of_an_admin_does_not_stay_in_the_connection(a, db):
    """It is of one transaction."""
    connection = db.connect("doorward_webadmin")
    cursor = connection.cursor()
    cursor.execute("select outcome from doorward.admin_disable(%s, %s, %s, '192.0.2.44')",
                   (a.sid, a.ann, a.seen(a.ann)))
    cursor.execute("select current_setting('doorward.address', true)")
    assert cursor.fetchone()[0] in (None, "")


def test_an_admin_ends_sessions_and_unlocks(a, db):
    """Sessions of one person, and the tries for the account."""
    a.login("ann")
    assert do(a, "admin_end", a.ann)["ended"] == 1
    for _ in range(11):
        db.begin("ann")
    assert a.row("admin_person %s, null", a.ann)["throttled"]
    assert outcome(a, "admin_unlock", a.ann) == "ok"
    assert not a.row("admin_person %s, null", a.ann)["throttled"]
    assert [row[1] for row in a.audited("user_unlocked")] == ["admin:root"]


def test_an_admin_sets_the_whole_of_the_roles(a, db):
    """The same set again changes nothing."""
    a.login("ann")
    assert do(a, "admin_roles", a.ann, ["b", "a", "b"])["ended"] == 1
    assert db.one("select roles from doorward.users where id = %s", a.ann) == ["a", "b"]
    assert do(a, "admin_roles", a.ann, ["a", "b"])["ended"] == 0
    assert outcome(a, "admin_roles", a.ann, []) == "ok"
    assert a.audited("roles_changed") == [("ann", "admin:root", "member -> a b"),
                                          ("ann", "admin:root", "a b -> ")]


def test_an_admin_renames(a, db):
    """The outcome says why not."""
    row = do(a, "admin_rename", a.ann, "Anna")
    assert (row["outcome"], row["name"]) == ("ok", "Anna")
    a.add("bob")
    for name, why in (("BOB", "taken"), ("ann", "given up"), ("x@example.org", "not own"),
                      ("", "invalid"), ("a\u202eb", "invalid"), ("x" * 256, "invalid")):
        assert outcome(a, "admin_rename", a.ann, name) == why, name
    assert outcome(a, "admin_rename", a.ann, "ann@example.org") == "ok"


def test_an_admin_changes_the_profile_and_both_addresses_are_told(a, db):
    """The new one gets a link that verifies it, the old one a link that undoes the change."""
    assert outcome(a, "admin_profile", a.ann, "Ann <b>", "new@example.org") == "ok"
    assert db.sql("select u.display_name, a.address, a.verified_at from doorward.users u join"
                  " doorward.addresses a on a.user_id = u.id") == [("Ann <b>", "new@example.org", None)]
    assert db.sql("select template, recipient from doorward.outbox order by id") == [
        ("verify", "new@example.org"), ("address-changed", "ann@example.org")]
    assert outcome(a, "admin_profile", a.ann, "", None) == "ok"
    assert outcome(a, "admin_profile", a.ann, None, "") == "ok"
    assert db.sql("select display_name from doorward.users where id = %s", a.ann) == [(None,)]
    assert db.one("select count(*) from doorward.addresses") == 0


def test_a_profile_that_stays_as_it_is_leaves_the_address_verified(a, db):
    """Nothing is mailed."""
    assert outcome(a, "admin_profile", a.ann, "Ann", "ann@example.org") == "ok"
    assert db.one("select verified_at is not null from doorward.addresses")
    assert db.one("select count(*) from doorward.outbox") == 0


def test_a_profile_that_is_not_valid_is_refused_whole(a, db):
    """The outcome names the field."""
    a.add("bob", mail="bob@example.org")
    before = person(a, a.ann), db.sql("select * from doorward.addresses order by 1")
    for display_name, mail, why in (("a\u200bb", "x@example.org", "invalid"),
                                    ("x" * 101, None, "invalid"), ("Ann", "no address", "address"),
                                    ("Ann", "bob@example.org", "address taken")):
        assert outcome(a, "admin_profile", a.ann, display_name, mail) == why
        assert (person(a, a.ann), db.sql("select * from doorward.addresses order by 1")) == before
    named = a.add("carl@example.org", mail="carl@example.org")
    assert outcome(a, "admin_profile", named, "", "other@example.org") == "named"


def test_an_admin_deletes(a, db):
    """With p_blank the audit forgets the name, too."""
    bob = a.add("bob")
    row = do(a, "admin_delete", a.ann)
    assert (row["outcome"], row["name"]) == ("ok", "ann") and person(a, a.ann) is None
    assert a.audited("user_deleted") == [("ann", "admin:root", None)]
    assert outcome(a, "admin_delete", bob) == "ok"
    assert outcome(a, "admin_delete", bob, seen="x") == "gone"
    eve = a.add("eve")
    row = a.row("admin_delete %s, %s, true, null", eve, a.seen(eve))
    assert row["outcome"] == "ok"
    assert not db.sql("select 1 from doorward.audit where user_id = %s and name is not null", eve)


def test_factors_are_taken_away_with_a_mail(a, db):
    """Where there are any."""
    assert outcome(a, "admin_factor_reset", a.ann) == "none"
    db.sql("insert into doorward.totp values (%s, 'k', repeat('s', 40)::bytea, 0, doorward.now())",
           a.ann)
    assert outcome(a, "admin_factor_reset", a.ann) == "ok"
    assert db.one("select count(*) from doorward.totp") == 0
    assert db.sql("select template, recipient from doorward.outbox") == [
        ("factor-reset", "ann@example.org")]
    assert [row[1] for row in a.audited("factor_reset")] == ["admin:root"]


# ---- reset links ----

def test_a_reset_link_goes_to_the_verified_address_and_is_not_shown(a, db):
    """The hash that the program offered opens nothing."""
    assert outcome(a, "admin_reset", a.ann) == "sent"
    assert db.sql("select template, recipient from doorward.outbox") == [("reset", "ann@example.org")]
    assert db.sql("select kind, hash from doorward.links") == [("reset", None)]


def test_a_reset_link_is_shown_for_somebody_without_address_and_factor_only(a, db):
    """A new one replaces it; the audit says that it was made."""
    bob = a.add("bob", mail="bob@example.org", verified=False)
    assert outcome(a, "admin_reset", bob) == "shown" and outcome(a, "admin_reset", bob) == "shown"
    assert db.sql("select kind, hash is not null from doorward.links") == [("reset-shown", True)]
    assert db.one("select count(*) from doorward.outbox") == 0
    assert a.audited("link_made") == [("bob", "admin:root", "reset-shown")] * 2
    db.sql("insert into doorward.totp values (%s, 'k', repeat('s', 40)::bytea, 0, doorward.now())",
           bob)
    assert outcome(a, "admin_reset", bob) == "factor"
    db.doorward("user", "disable", "bob")
    assert outcome(a, "admin_reset", bob) == "disabled"
    assert db.one("select count(*) from doorward.links") == 0


def test_who_has_no_password_yet_gets_a_link_of_welcome(a, db):
    """And with a passkey, one to make another."""
    new = a.add("new", mail="new@example.org", password_hash=None)
    assert outcome(a, "admin_reset", new) == "sent"
    assert db.sql("select template from doorward.outbox") == [("welcome",)]


# ---- what is refused ----

@pytest.mark.parametrize("name", CALLS)
def test_a_person_who_was_changed_meanwhile_is_left_alone(a, db, name):
    """Two admins at once: the second sees what the first did."""
    seen = a.seen(a.ann)
    db.doorward("user", "role", "ann", "--add", "chair")
    before = person(a, a.ann)
    assert outcome(a, name, a.ann, seen=seen) == "changed"
    assert outcome(a, name, a.ann, seen="") == "changed"
    assert person(a, a.ann) == before


@pytest.mark.parametrize("change", ["disable ann", "rename ann bea --yes", "set ann --display-name A",
                                    "set ann --no-mail", "set ann --language de",
                                    "factor reset ann --yes"])
def test_whatever_an_admin_may_change_makes_another_version(a, db, change):
    """A login does not."""
    seen = a.seen(a.ann)
    a.login("ann")
    assert a.seen(a.ann) == seen
    assert db.doorward("user", *change.split()).returncode == 0
    assert a.seen(a.ann) != seen


@pytest.mark.parametrize("name", CALLS)
def test_a_person_with_a_role_that_the_admin_may_not_give_is_left_alone(a, db, name):
    """Seen, but not changed."""
    db.doorward("role", "allow", "moderator", "member", "guest")
    sid = a.admin("mo", "moderator")
    boss = a.add("boss", "member", "chair")
    before = person(a, boss)
    assert outcome(a, name, boss, sid=sid) == "rights"
    assert person(a, boss) == before
    assert a.row("admin_person %s, null", boss)["may"] is False
    assert outcome(a, name, a.ann, sid=sid) not in ("rights", "changed")


def test_a_role_that_the_admin_may_not_give_is_not_given(a, db):
    """Not even to oneself."""
    db.doorward("role", "allow", "moderator", "member", "moderator")
    sid = a.admin("mo", "moderator")
    mo = db.one("select id from doorward.users where name = 'mo'")
    for user in (a.ann, mo):
        before = person(a, user)
        assert outcome(a, "admin_roles", user, ["member", "doorward-admin"], sid=sid) == "rights"
        assert person(a, user) == before
    assert outcome(a, "admin_roles", a.ann, ["a b"]) == "invalid"
    assert outcome(a, "admin_roles", a.ann, [f"r{i}" for i in range(65)]) == "invalid"


@pytest.mark.parametrize("name", CALLS)
def test_nothing_is_done_without_a_fresh_login_of_an_admin(a, db, name):
    """A role that was taken away while the page was open, a logout, an old login, a stranger."""
    more, values = CALLS[name]
    call = f"{name} %s, %s, {more}null"
    seen, before = a.seen(a.ann), person(a, a.ann)
    assert a.refused(call, a.ann, seen, *values, sid=a.login("ann")) == "no right"
    assert a.refused(call, a.ann, seen, *values, sid=db.one("select gen_random_uuid()")) == "no session"
    db.doorward("user", "add", "other", "--role", "doorward-admin", "--no-password")
    db.doorward("user", "role", "root", "--remove", "doorward-admin")
    sid = db.one("select s.sid from doorward.sessions s join doorward.users u on u.id = s.user_id"
                 " where u.name = 'root'")
    assert a.refused(call, a.ann, seen, *values, sid=sid) == "no right"
    db.doorward("user", "role", "root", "--add", "doorward-admin")
    sid = db.one("select s.sid from doorward.sessions s join doorward.users u on u.id = s.user_id"
                 " where u.name = 'root'")
    db.move_clock(1000)
    assert a.refused(call, a.ann, seen, *values, sid=sid) == "not fresh"
    assert person(a, a.ann) is not None and db.one(
        "select disabled or roles <> '{member}' or name <> 'ann' from doorward.users where id = %s",
        a.ann) is False and before


def root(a):
    """The id of the admin."""
    return a.db.one("select id from doorward.users where name = 'root'")


@pytest.mark.parametrize("name,values", [("admin_disable", ()), ("admin_delete", ()),
                                         ("admin_roles", (["member"],))])
def test_the_last_admin_stays(a, db, name, values):
    """One who is disabled does not count."""
    other = a.add("other", "doorward-admin")
    db.doorward("user", "disable", "other")
    before = person(a, root(a))
    assert outcome(a, name, root(a), *values) == "last" and person(a, root(a)) == before
    db.doorward("user", "enable", "other")
    assert outcome(a, name, other, *values) == "ok"
    assert outcome(a, name, root(a), *values) == "last"
    assert outcome(a, "admin_roles", root(a), ["doorward-admin", "member"]) == "ok"


@pytest.mark.parametrize("name,values", [("admin_disable", ()), ("admin_delete", ()),
                                         ("admin_roles", (["member"],))])
def test_of_two_admins_who_take_each_other_away_at_once_one_stays(a, db, name, values):
    """Whichever comes first."""
    other = a.add("other", "doorward-admin")
    sids, users = [a.sid, a.login("other")], [other, root(a)]
    seen = [a.seen(user) for user in users]

    def one(i):
        more = CALLS[name][0]
        try:
            return a.row(f"{name} %s, %s, {more}null", users[i], seen[i], *values,
                         sid=sids[i])["outcome"]
        except Exception as error:  # pylint: disable=broad-except
            return error.pgcode

    outcomes = in_parallel(2, one)
    assert outcomes.count("ok") == 1, outcomes
    assert set(outcomes) - {"ok"} <= {"last", "changed", "DW401", "DW403"}, outcomes
    assert db.one("select count(*) from doorward.users where not disabled"
                  " and 'doorward-admin' = any(roles)") == 1
