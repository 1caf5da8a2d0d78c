"""Logins under way: kept after a right password, opened together with the use of a factor; real
concurrency where races are."""

import itertools

import psycopg2
import pytest

from database import in_parallel
from factor_calls import SETUP, Factors, codes, recovery, totp

OPEN = "select count(*) from doorward.sessions where ended_at is null"


@pytest.fixture(name="f")
def _f(db):
    """Ann with an app and two recovery codes."""
    f = Factors(db)
    f.ann = db.add_user("ann", "member")
    f.give_totp(f.ann)
    f.give_codes(f.ann, "one", "two")
    return f


# ---- what a login asks for ----

def test_a_login_learns_the_factors_of_the_user(f, db):
    """Recovery as long as a code is left; a user without a factor and a name of nobody: none."""
    db.add_user("bob")
    assert f.begin("ann")["factors"] == "totp recovery"
    f.give_passkey(f.ann)
    db.sql("update doorward.recovery_codes set used_at = doorward.now()")
    assert f.begin("ann")["factors"] == "totp passkey"
    assert f.begin("bob")["factors"] == f.begin("nobody")["factors"] == ""
    assert not f.begin("ann")["trusted"]


@pytest.mark.parametrize("need, setup", [
    ([], False), (["all"], True), (["member"], True), (["admin", "member"], True),
    (["admin"], False)])
def test_a_user_without_a_factor_sets_one_up_where_it_is_required(f, db, need, setup):
    """Of all, or of a role."""
    db.add_user("bob", "member")
    assert f.begin("bob", need)["setup"] is setup
    assert f.begin("ann", need)["setup"] is False
    assert f.begin("nobody", need)["setup"] is False


def test_a_kept_login_takes_its_try_back_and_upgrades_the_hash(f, db):
    """As a login that opens."""
    f.begin("ann")
    assert db.one("select sum(level) from doorward.attempts") > 1
    assert f.keep("ann", "t1", new="$new")
    assert db.one("select sum(level) from doorward.attempts") < 0.1
    assert db.one("select password_hash from doorward.users") == "$new"
    assert f.keep("ann", "t2", old="$hash", new="$newer")  # somebody else has upgraded it
    assert db.one("select password_hash from doorward.users") == "$new"
    assert f.audited("factor_wanted") == [None, None] and f.audited("login_ok") == []


def test_a_login_that_was_overtaken_is_not_kept(f, db):
    """By a new password, by being disabled, by another name."""
    db.one("select doorward.user_password('ann', '$other', 'test')")
    assert not f.keep("ann", "t", version=1, new="$new")
    db.one("select doorward.user_disable('ann', true, 'test')")
    assert not f.keep("ann", "t")
    db.add_user("bob")
    assert not f.keep("bob", "t", user=f.ann, version=2)
    assert f.count("flows") == 0
    assert db.one("select password_hash from doorward.users where name = 'ann'") == "$other"


# ---- what a login under way opens ----

def test_a_code_opens_the_login_as_a_session_that_has_proven_both(f, db):
    """And the login under way is over then."""
    assert f.keep("ann", "t", remember=True)
    assert f.find("t")["factors"] == "totp recovery"
    row = f.open("t", totp(101))
    assert (row["outcome"], row["amr"], row["name"]) == ("ok", "pwd otp mfa", "ann")
    assert row["remember"] and row["recovery_left"] is None
    assert db.sql("select amr, factor_at = auth_time, browser, remember from doorward.sessions") == [
        (["pwd", "otp", "mfa"], True, True, True)]
    assert f.audited("login_ok") == ["by pwd otp mfa"]
    assert f.find("t") is None and f.open("t", totp(102))["outcome"] == "over"
    assert f.attempt("t") is None
    assert db.one(OPEN) == 1


def test_a_recovery_code_says_how_many_are_left(f):
    """It is a one-time code for those who ask for one, and the owner is told."""
    f.give_address(f.ann)
    f.keep("ann", "t")
    row = f.open("t", recovery("two"))
    assert (row["outcome"], row["amr"], row["recovery_left"]) == ("ok", "pwd otp mfa", 1)
    assert f.audited("recovery_used") == ["1 left"]
    assert f.mails() == [("recovery-used", {"left": "1"})]


@pytest.mark.parametrize("proof, outcome", [
    (totp(100), "replayed"), (totp(99), "replayed"), (recovery("three"), "wrong"),
    (SETUP, "over"), (("telepathy", *[None] * 10), "over")])
def test_a_proof_that_does_not_hold_opens_nothing_and_ends_nothing(f, db, proof, outcome):
    """A code of a step that was used, one before it, no code of the user, nothing set up."""
    f.keep("ann", "t")
    assert f.open("t", proof)["outcome"] == outcome
    assert db.one(OPEN) == 0 and f.find("t")
    assert f.open("t", totp(101))["outcome"] == "ok"


def test_a_recovery_code_is_good_once(f):
    """The second time it is known as used."""
    f.keep("ann", "t1")
    f.keep("ann", "t2")
    assert f.open("t1", recovery("one"))["outcome"] == "ok"
    assert f.open("t2", recovery("one"))["outcome"] == "replayed"


def test_a_recovery_code_of_another_user_is_none(f, db):
    """The hash names the user as well; the row does in any case."""
    f.give_codes(db.add_user("bob"), "three")
    f.keep("ann", "t")
    assert f.open("t", recovery("three"))["outcome"] == "wrong"


@pytest.mark.parametrize("proof", [totp(101), recovery("one")], ids=["code", "recovery code"])
def test_of_requests_with_one_code_in_one_moment_exactly_one_opens(f, db, proof):
    """Each with a login of its own."""
    connections = [db.connect("doorward_login") for _ in range(8)]
    for i in range(8):
        f.keep("ann", f"t{i}")
    outcomes = in_parallel(8, lambda i: f.open(f"t{i}", proof, connections[i])["outcome"])
    assert sorted(outcomes) == ["ok", *["replayed"] * 7]
    assert db.one(OPEN) == 1 and len(f.audited("login_ok")) == 1


def test_of_requests_with_one_login_in_one_moment_exactly_one_opens(f, db):
    """Though each brings a code of its own."""
    connections = [db.connect("doorward_login") for _ in range(8)]
    f.keep("ann", "t")
    outcomes = in_parallel(8, lambda i: f.open("t", totp(101 + i), connections[i],
                                               refresh=f"r{i}")["outcome"])
    assert sorted(outcomes) == ["ok", *["over"] * 7]
    assert db.one(OPEN) == 1


def test_a_secret_is_sealed_again_when_its_code_is_used(f, db):
    """Under the newest key; a code that was used before changes nothing."""
    f.keep("ann", "t")
    assert f.open("t", totp(100, "k2", b"n" * 60))["outcome"] == "replayed"
    assert db.one("select key_id from doorward.totp") == "k1"
    assert f.open("t", totp(101, "k2", b"n" * 60))["outcome"] == "ok"
    assert [(key, bytes(sealed)) for key, sealed in
            db.sql("select key_id, sealed from doorward.totp")] == [("k2", b"n" * 60)]


def test_too_many_logins_leave_the_login_and_the_code_as_good_as_before(f, db):
    """The person waits, and nothing is used up."""
    db.stop_clock()
    f.keep("ann", "t")
    db.sql("update doorward.users set login_level = 60, last_login_at = doorward.now()")
    row = f.open("t", totp(101))
    assert row["outcome"] == "wait" and 0 < row["wait"] <= 30
    assert f.open("t", recovery("one"))["outcome"] == "wait"
    assert f.audited("login_too_often") == [f"{row['wait']} s"]  # once
    db.sql("update doorward.users set login_level = 0")
    assert f.open("t", totp(101))["outcome"] == "ok"


# ---- what a login under way dies of ----

ENDS = {
    "a new password": "select doorward.user_password('ann', '$new', 'test')",
    "a disabled user": "select doorward.user_disable('ann', true, 'test')",
    "a deleted user": "select doorward.user_delete('ann', false, 'test')",
    "another name": "select doorward.user_rename('ann', 'anna', 'test')",
    "the end of all sessions": "select doorward.user_sessions_end('ann', 'test')",
    "a reset of the factors": "select doorward.factor_reset('ann', false, 'test')",
}


@pytest.mark.parametrize("end", ENDS)
def test_a_login_under_way_does_not_survive(f, db, end):
    """It looks like a ticket that never was one."""
    f.keep("ann", "t")
    db.one(ENDS[end])
    assert f.find("t") is f.find("no such ticket") is None
    assert f.attempt("t") is f.attempt("no such ticket") is None
    assert f.open("t", totp(101)) == f.open("no such ticket", totp(101))
    assert f.open("t", totp(101))["outcome"] == "over"
    assert db.one(OPEN) == 0


def test_a_user_who_is_enabled_again_has_to_begin_again(f, db):
    """The login that was under way stays over."""
    f.keep("ann", "t")
    db.one("select doorward.user_disable('ann', true, 'test')")
    assert f.count("flows") == 0
    db.one("select doorward.user_disable('ann', false, 'test')")
    assert f.open("t", totp(101))["outcome"] == "over"


@pytest.mark.parametrize("change", [
    "select doorward.user_roles('ann', '{admin}', '{member}', 'test')",
    "select doorward.user_unlock('ann', 'test')",
    "select doorward.tidy(365, 30, 'test')"])
def test_a_login_under_way_survives(f, db, change):
    """And its session has the roles of the moment at which it opens."""
    f.keep("ann", "t")
    db.sql(change)
    row = f.open("t", totp(101))
    assert row["outcome"] == "ok"
    assert row["roles"] == db.one("select array_to_string(roles, ' ') from doorward.users")


def test_a_login_under_way_lasts_for_ten_minutes(f, db):
    """And upkeep takes it away then."""
    f.keep("ann", "t1")
    db.move_clock(595)
    assert f.find("t1")
    db.move_clock(601)
    assert f.find("t1") is None and f.open("t1", totp(101))["outcome"] == "over"
    assert dict(db.sql("select * from doorward.tidy(365, 30, 'test')"))["flows"] == 1


def test_a_user_has_twenty_logins_under_way_and_the_oldest_goes(f, db):
    """Those of others stay."""
    bob = db.add_user("bob")
    f.give_totp(bob)
    f.keep("bob", "b")
    for i in range(21):
        db.move_clock(i)
        assert f.keep("ann", f"t{i}")
    assert [f.find(f"t{i}") is None for i in range(21)] == [True, *[False] * 20]
    assert f.find("b")


# ---- guessing ----

def test_guesses_are_counted_over_all_logins_of_a_user(f, db):
    """Another login under way is no way around the count."""
    db.stop_clock()
    for i in range(4):
        f.keep("ann", f"t{i}")
    waits = [f.attempt(f"t{i % 4}", way) for i, way in zip(range(8), itertools.cycle(
        ["totp", "recovery"]))]
    assert waits[:5] == [0] * 5 and all(wait > 0 for wait in waits[5:])
    assert f.audited("factor_throttled") == [f"{waits[5]} s"]


def test_of_a_thousand_guesses_at_once_five_are_judged(f, db):
    """The try is counted before the code is looked at."""
    db.stop_clock()
    f.keep("ann", "t")
    connections = [db.connect("doorward_login") for _ in range(20)]
    waits = sum(in_parallel(20, lambda i: [f.attempt("t", connection=connections[i])
                                           for _ in range(50)]), [])
    assert len(waits) == 1000 and waits.count(0) == 5


def test_a_known_device_has_a_count_of_its_own(f, db):
    """Somebody who knows the password cannot keep the owner out, and the other way round."""
    f.keep("ann", "stranger")
    f.keep("ann", "owner", device="laptop")
    for ticket, other in (("stranger", "owner"), ("owner", "stranger")):
        while f.attempt(ticket) == 0:
            pass
        if other == "owner":
            assert f.attempt(other) == 0
    assert f.attempt("stranger") > 0


def test_a_right_code_takes_its_own_try_back_and_no_other(f, db):
    """Nobody clears the way for a guesser."""
    f.keep("ann", "t")
    for _ in range(3):
        f.attempt("t")
    assert f.open("t", totp(101))["outcome"] == "ok"
    level = db.one("select level from doorward.attempts where bucket like 'factor:%%'")
    assert 1.9 < level < 2.1


def test_a_try_that_could_not_be_judged_is_no_guess(f, db):
    """The key of the secret is missing, say."""
    f.keep("ann", "t")
    f.attempt("t")
    db.sql("select doorward.flow_unjudged(sha256('t'::bytea))", role="doorward_login")
    assert db.one("select level from doorward.attempts where bucket like 'factor:%%'") < 0.1


def test_an_operator_unlocks_guesses_of_codes_as_well(f, db):
    """And a deleted user leaves no count behind."""
    f.keep("ann", "t")
    while f.attempt("t") == 0:
        pass
    db.one("select doorward.user_unlock('ann', 'test')")
    assert f.attempt("t") == 0
    db.one("select doorward.user_delete('ann', false, 'test')")
    assert db.one("select count(*) from doorward.attempts where bucket like 'factor:%%'") == 0


def test_a_wrong_code_is_audited_without_the_code(f, db):
    """By its way, and with the reason that the program gives."""
    db.sql("select doorward.factor_failed(%s, 'totp', 'wrong', '192.0.2.7')", f.ann,
           role="doorward_login")
    assert db.sql("select event, name, host(address), detail from doorward.audit"
                  " where user_id = %s order by id desc limit 1", f.ann) == [
        ("factor_failed", "ann", "192.0.2.7", "totp: wrong")]


# ---- remembered browsers ----

def trusted(f, db, what="laptop"):
    """Does a login from this device need no factor?"""
    return f.begin("ann", device=db.device("ann", what))["trusted"]


@pytest.fixture(name="remembered")
def _remembered(f):
    f.keep("ann", "t", device="laptop")
    assert f.open("t", totp(101), trust="laptop", seconds=86400)["outcome"] == "ok"
    return f


def test_a_remembered_browser_needs_no_factor_for_a_while(remembered, db):
    """It alone, and for as long as it was asked for."""
    assert trusted(remembered, db) and not trusted(remembered, db, "phone")
    assert remembered.begin("ann")["trusted"] is False
    db.move_clock(86399)
    assert trusted(remembered, db)
    db.move_clock(86401)
    assert not trusted(remembered, db)
    assert dict(db.sql("select * from doorward.tidy(365, 30, 'test')"))["trusted"] == 1


def test_a_remembered_browser_is_the_browser_of_one_user(remembered, db):
    """Its secret names the user."""
    bob = db.add_user("bob")
    remembered.give_totp(bob)
    assert not remembered.begin("bob", device=db.device("ann", "laptop"))["trusted"]
    assert not remembered.begin("bob", device=db.device("bob", "laptop"))["trusted"]


@pytest.mark.parametrize("end", [name for name in ENDS if name not in
                                 ("a deleted user", "another name")])
def test_a_remembered_browser_is_forgotten_after(remembered, db, end):
    """Even with a secret of the new version."""
    db.one(ENDS[end])
    assert not trusted(remembered, db)


def test_a_login_that_was_not_completed_remembers_no_browser(f, db):
    """A wrong code with the box ticked."""
    f.keep("ann", "t", device="laptop")
    assert f.open("t", recovery("three"), trust="laptop")["outcome"] == "wrong"
    assert f.count("trusted") == 0


# ---- the session that a browser had ----

def test_a_login_with_a_factor_ends_the_session_that_the_browser_had(f, db):
    """As one without."""
    _, old = db.open("ann", "r1")
    f.keep("ann", "t")
    row = f.open("t", totp(101), replaces="r1")
    assert row["outcome"] == "ok" and row["displaced"]
    assert db.sql("select end_reason from doorward.sessions where sid = %s", old) == [("replaced",)]


def test_two_logins_that_replace_sessions_of_each_other_do_not_deadlock(f, db):
    """Their users' rows are locked in one order."""
    bob = db.add_user("bob")
    f.give_totp(bob)
    connections = [db.connect("doorward_login") for _ in range(2)]
    for n in range(25):
        for name in ("ann", "bob"):
            db.open(name, f"{name} {n}", browser=True)
            f.keep(name, f"flow {name} {n}")

        def login(i, n=n):
            mine, other = [("ann", "bob"), ("bob", "ann")][i]
            try:
                return f.open(f"flow {mine} {n}", totp(101 + n), connections[i],
                              refresh=f"new {mine} {n}", replaces=f"{other} {n}")["outcome"]
            except psycopg2.errors.DeadlockDetected:
                return "deadlock"
        db.sql("update doorward.users set login_level = 0")
        assert in_parallel(2, login) == ["ok", "ok"]


# ---- set up during the login ----

def test_a_login_that_needs_a_factor_opens_after_one_was_set_up(f, db):
    """The code that confirms it has proven it."""
    db.add_user("bob", "member")
    assert f.begin("bob", ["all"])["setup"] and f.keep("bob", "t", setup=True)
    assert f.audited("factor_wanted") == ["set-up"]
    assert f.attempt("t") is None
    assert f.open("t", SETUP)["outcome"] == "over" and f.open("t", totp(1))["outcome"] == "over"
    assert f.begin_totp("t") == "ok"
    assert f.open("t", SETUP)["outcome"] == "over"
    assert f.confirm_totp("t") == {"outcome": "ok", "codes": True}
    row = f.open("t", SETUP)
    assert (row["outcome"], row["amr"]) == ("ok", "pwd otp mfa")
    assert f.count("recovery_codes") == 2 + len(codes("r"))
