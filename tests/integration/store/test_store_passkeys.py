"""Passkeys in the database: a login by nothing but one, counters and challenges that are good
once, and what is stored of a new one."""

import psycopg2
import pytest

from database import in_parallel
from factor_calls import Factors, codes, passkey, totp

FIND = "passkey_find(sha256('c1'::bytea), %s, %s)"


@pytest.fixture(name="f")
def _f(db):
    """Ann with a passkey that counts, at 5."""
    f = Factors(db)
    f.ann = db.add_user("ann", "member")
    f.key = f.give_passkey(f.ann, counter=5)
    return f


# ---- a login by nothing but a passkey ----

def test_a_passkey_is_found_by_its_credential_id(f):
    """With the user, and the key to check the answer with."""
    row = f.row(FIND, "example.org", None)
    assert (row["id"], row["user_id"], row["name"], row["counter"], row["jwk"]) == (
        f.key, f.ann, "ann", 5, "{}")
    assert not row["disabled"] and not row["backup_eligible"]
    assert f.row(FIND, "example.org", f.ann) == row


def test_a_passkey_of_another_relying_party_or_user_is_not_found(f, db):
    """Nor one that nobody has."""
    assert f.rows(FIND, "www.example.org", None) == f.rows(FIND, "org", None) == []
    assert f.rows(FIND, "example.org", db.add_user("bob")) == []
    assert f.rows("passkey_find(sha256('c2'::bytea), 'example.org', null)") == []


def test_a_passkey_that_has_verified_the_person_is_a_login_of_two_factors(f, db):
    """hwk where it stays in one device, swk where it is synced."""
    row = f.open_passkey(f.ann, passkey(f.key, "n1", 6))
    assert (row["outcome"], row["amr"], row["name"]) == ("ok", "hwk user mfa", "ann")
    assert db.sql("select counter, used_at is not null from doorward.passkeys") == [(6, True)]
    assert db.one("select factor_at = auth_time from doorward.sessions")
    assert f.audited("login_ok") == ["by hwk user mfa"]
    synced = f.give_passkey(f.ann, "c2", synced=True)
    row = f.open_passkey(f.ann, passkey(synced, "n2", backed_up=True))
    assert row["amr"] == "swk user mfa"
    assert db.one("select backed_up from doorward.passkeys where id = %s", synced)


@pytest.mark.parametrize("proof", [
    lambda f: passkey(f.key, "n1", 6, verified=False), lambda f: passkey(f.key, "n1", 6, None),
    lambda f: totp(101)], ids=["not verified", "unknown", "a code"])
def test_a_login_by_nothing_but_that_is_refused(f, db, proof):
    """It is a second factor only."""
    f.give_totp(f.ann)
    row = f.open_passkey(f.ann, proof(f))
    assert (row["outcome"], row["sid"]) == ("over", None)
    assert db.one("select counter from doorward.passkeys") == 5
    assert f.count("challenges_used") == f.count("sessions") == 0


@pytest.mark.parametrize("change", [
    "select doorward.user_disable('ann', true, 'test')",
    "select doorward.user_password('ann', '$new', 'test')",
    "select doorward.user_delete('ann', false, 'test')",
    "select doorward.factor_reset('ann', false, 'test')",
    "delete from doorward.passkeys returning 1"])
def test_a_login_by_a_passkey_that_was_overtaken_opens_nothing(f, db, change):
    """Between the two statements."""
    version = f.row(FIND, "example.org", None)["password_version"]
    db.one(change)
    row = f.open_passkey(f.ann, passkey(f.key, "n1", 6), version=version)
    assert row["outcome"] == "over" and f.count("challenges_used") == 0
    assert db.one("select count(*) from doorward.sessions where ended_at is null") == 0


def test_a_passkey_of_another_user_opens_nothing(f, db):
    """Its row names the user."""
    bob = db.add_user("bob")
    assert f.open_passkey(bob, passkey(f.key, "n1", 6))["outcome"] == "over"
    f.keep("bob", "t")
    assert f.open("t", passkey(f.key, "n2", 6))["outcome"] == "over" and f.find("t")


def test_too_many_logins_use_no_passkey_up(f, db):
    """Neither its challenge nor its counter."""
    db.stop_clock()
    db.sql("update doorward.users set login_level = 60, last_login_at = doorward.now()")
    row = f.open_passkey(f.ann, passkey(f.key, "n1", 6))
    assert row["outcome"] == "wait" and row["wait"] > 0
    assert db.one("select counter from doorward.passkeys") == 5 and f.count("challenges_used") == 0
    db.sql("update doorward.users set login_level = 0")
    assert f.open_passkey(f.ann, passkey(f.key, "n1", 6))["outcome"] == "ok"


def test_a_login_by_a_passkey_ends_the_session_that_the_browser_had(f, db):
    """As one by a password."""
    _, old = db.open("ann", "r1")
    assert f.open_passkey(f.ann, passkey(f.key, "n1", 6), replaces="r1")["displaced"]
    assert db.sql("select end_reason from doorward.sessions where sid = %s", old) == [("replaced",)]


# ---- as the second factor ----

@pytest.mark.parametrize("verified, synced, amr", [
    (True, False, "pwd hwk user mfa"), (False, False, "pwd hwk mfa"), (False, True, "pwd swk mfa")])
def test_a_passkey_is_a_second_factor_even_without_a_pin(f, verified, synced, amr):
    """The password is the other one."""
    key = f.give_passkey(f.ann, "c2", synced=synced)
    f.keep("ann", "t")
    row = f.open("t", passkey(key, "n1", verified=verified))
    assert (row["outcome"], row["amr"]) == ("ok", amr)


def test_a_browser_is_told_the_passkeys_of_a_user(f, db):
    """Those of this relying party, by their ids and how they are reached."""
    f.give_passkey(f.ann, "c2", rp_id="old.example")
    f.give_passkey(db.add_user("bob"), "c3")
    assert f.rows("passkey_list(%s, 'example.org')", f.ann) == [
        {"credential": db.one("select encode(sha256('c1'), 'hex')"), "transports": "usb"}]


# ---- good once ----

@pytest.mark.parametrize("stored, brought, outcome", [
    (5, 6, "ok"), (5, 4294967295, "ok"), (5, 5, "counter"), (5, 4, "counter"), (5, 0, "counter"),
    (0, 0, "ok"), (0, 1, "ok")])
def test_a_counter_has_to_grow_unless_both_are_zero(f, db, stored, brought, outcome):
    """Else it may be that of a copy."""
    db.sql("update doorward.passkeys set counter = %s", stored)
    row = f.open_passkey(f.ann, passkey(f.key, "n1", brought))
    assert row["outcome"] == outcome
    assert db.one("select counter from doorward.passkeys") == (brought if outcome == "ok" else stored)
    assert f.audited("passkey_refused") == (
        [f"counter {brought} after {stored}: key c1"] if outcome == "counter" else [])
    assert f.count("sessions") == int(outcome == "ok")


def test_of_requests_with_one_counter_in_one_moment_exactly_one_opens(f, db):
    """Each with a challenge of its own."""
    connections = [db.connect("doorward_login") for _ in range(8)]
    outcomes = in_parallel(8, lambda i: f.open_passkey(
        f.ann, passkey(f.key, f"n{i}", 6), connections[i])["outcome"])
    assert sorted(outcomes) == [*["counter"] * 7, "ok"]
    assert f.audited("passkey_refused") == ["counter 6 after 6: key c1"] * 7


def test_of_requests_with_one_challenge_in_one_moment_exactly_one_opens(f, db):
    """Of a passkey that does not count, with and without a password."""
    db.sql("update doorward.passkeys set counter = 0")
    connections = [db.connect("doorward_login") for _ in range(8)]
    for i in range(4):
        f.keep("ann", f"t{i}")

    def answer(i):
        proof = passkey(f.key, "the same")
        if i < 4:
            return f.open(f"t{i}", proof, connections[i])["outcome"]
        return f.open_passkey(f.ann, proof, connections[i], refresh=f"r{i}")["outcome"]
    assert sorted(in_parallel(8, answer)) == ["ok", *["replayed"] * 7]
    assert db.one("select count(*) from doorward.sessions") == 1


def test_a_challenge_is_used_up_for_everybody(f, db):
    """Another user's answer to it, and a passkey that is made with it."""
    bob = db.add_user("bob")
    other = f.give_passkey(bob, "c2")
    assert f.open_passkey(f.ann, passkey(f.key, "n1", 6))["outcome"] == "ok"
    assert f.open_passkey(bob, passkey(other, "n1"))["outcome"] == "replayed"
    session, _ = db.open("ann", "r")
    db.sql("update doorward.sessions set factor_at = doorward.now()")
    assert f.add_passkey(user=f.ann, sid=f.sid(session), credential=b"c9",
                         challenge="n1")["outcome"] == "replayed"
    assert f.count("passkeys") == 2


def test_a_used_challenge_is_remembered_for_five_minutes(f, db):
    """It lives no longer itself."""
    f.open_passkey(f.ann, passkey(f.key, "n1", 6))
    db.move_clock(295)
    assert dict(db.sql("select * from doorward.tidy(365, 30, 'test')"))["challenges_used"] == 0
    db.move_clock(301)
    assert dict(db.sql("select * from doorward.tidy(365, 30, 'test')"))["challenges_used"] == 1


# ---- a new passkey ----

@pytest.fixture(name="signed_in")
def _signed_in(f, db):
    """Ann, who has proven her passkey a moment ago; each call finds the sid of then."""
    session, _ = db.open("ann", "r")
    db.sql("update doorward.sessions set factor_at = doorward.now()")
    return lambda **change: f.add_passkey(user=f.ann, sid=f.sid(session), **change)


@pytest.mark.parametrize("size", [1, 1023])
def test_a_credential_id_is_as_long_as_the_standard_allows(f, db, signed_in, size):
    """What is stored is what came."""
    assert signed_in(credential=b"x" * size, counter=7)["outcome"] == "ok"
    [row] = db.sql("select credential_id, counter, rp_id, name, backup_eligible, backed_up,"
                   " transports from doorward.passkeys where id <> %s", f.key)
    assert (bytes(row[0]), *row[1:]) == (b"x" * size, 7, "example.org", "My key", True, False, ["usb"])


@pytest.mark.parametrize("change", [{"credential": b"x" * 1024}, {"credential": b""},
                                    {"counter": -1}, {"counter": 4294967296}])
def test_a_passkey_that_the_standard_does_not_know_is_not_stored(f, signed_in, change):
    """By the table itself: the program has looked before."""
    with pytest.raises(psycopg2.errors.CheckViolation):
        signed_in(**change)
    assert f.count("passkeys") == 1 and f.count("challenges_used") == 0


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 101, None])
def test_a_passkey_without_a_name_that_can_be_shown_is_refused(f, signed_in, name):
    """Its challenge is still good."""
    assert signed_in(name=name)["outcome"] == "name"
    assert signed_in(name="Blue key")["outcome"] == "ok" and f.count("passkeys") == 2


def test_a_credential_that_is_somebodys_is_refused(f, db, signed_in):
    """One's own, or another user's; for two in one moment, too."""
    assert signed_in(credential=b"new")["outcome"] == "ok"
    assert signed_in(credential=b"new", challenge="n2")["outcome"] == "known"
    users = [db.add_user(name) for name in ("bob", "carol", "dan", "eve")]
    sids = [f.sid(db.open(name, name)[0]) for name in ("bob", "carol", "dan", "eve")]
    assert f.add_passkey(user=users[0], sid=sids[0], credential=b"new",
                         challenge="n3")["outcome"] == "known"
    connections = [db.connect("doorward_login") for _ in users]
    rows = in_parallel(4, lambda i: f.add_passkey(
        user=users[i], sid=sids[i], credential=b"wanted", challenge=f"w{i}",
        connection=connections[i], new=codes(f"{i}")))
    assert sorted(row["outcome"] for row in rows) == ["known"] * 3 + ["ok"]
    assert f.count("recovery_codes") == 20  # of Ann and of the one who got it


def test_a_user_has_twenty_passkeys(f, db, signed_in):
    """The next one waits until another is removed."""
    for i in range(18):
        f.give_passkey(f.ann, f"more {i}")
    assert signed_in(credential=b"20", challenge="n1")["outcome"] == "ok"
    assert signed_in(credential=b"21", challenge="n2")["outcome"] == "full"
    db.sql("delete from doorward.passkeys where id = %s", f.key)
    assert signed_in(credential=b"21", challenge="n2")["outcome"] == "ok"
