"""What a login opens and a logout ends, in the database; real concurrency where races are."""

import time

import pytest

from database import PASSWORD, in_parallel


# ---- logins ----

def test_a_hash_is_upgraded_once_and_never_back(db):
    """Two logins at once cannot undo each other, nor a change of the password."""
    db.add_user("ann")
    assert db.open("ann", "r1", new="$new1")
    assert db.open("ann", "r2", new="$new2")  # began with the same old hash
    assert db.one("select password_hash from doorward.users") == "$new1"


def test_a_login_that_was_overtaken_stores_nothing(db):
    """By a new password, by being disabled, by another user's name."""
    user = db.add_user("ann")
    db.add_user("bob")
    db.one("select doorward.user_password('ann', '$other', 'test')")
    assert db.open("ann", "r1", version=1, new="$new") is None
    db.one("select doorward.user_disable('ann', true, 'test')")
    assert db.open("ann", "r1") is None
    assert db.open("bob", "r1", user=user, version=2) is None
    assert db.sql("select password_hash from doorward.users where name = 'ann'") == [("$other",)]
    assert db.one("select count(*) from doorward.sessions") == 0
    assert db.one("select count(*) from doorward.refresh_tokens") == 0


def test_a_new_login_ends_the_session_that_the_browser_had(db):
    """No fixation, no leftovers."""
    db.add_user("ann")
    _, old = db.open("ann", "r1")
    assert db.open("ann", "r2", replaces="r1")[1] != old
    assert db.sql("select end_reason from doorward.sessions where sid = %s", old) == [("replaced",)]
    assert db.refresh("r1", "x") == "ended"


# ---- sessions ----

def test_a_refresh_token_is_good_once(db):
    """A repeat within ten seconds gets the same; a later one ends the session."""
    db.add_user("ann")
    _, sid = db.open("ann", "t0")
    assert db.refresh("t0", "t1") == "ok"
    assert db.refresh("t0", "t1") == "ok"
    assert db.refresh("nothing", "x") == "unknown"
    assert db.one("select count(*) from doorward.sessions where sid = %s", sid) == 1


def test_a_late_repeat_ends_the_session(db):
    """And is written down, and its access tokens are revoked."""
    db.add_user("ann")
    _, sid = db.open("ann", "t0")
    assert db.refresh("t0", "t1") == "ok"
    db.move_clock(9)
    assert db.refresh("t0", "t1") == "ok"
    db.move_clock(11)
    assert db.refresh("t0", "t1") == "reuse"
    assert db.refresh("t1", "t2") == "ended"
    assert db.one("select count(*) from doorward.audit where event = 'refresh_reuse'") == 1
    assert db.one("select sid from doorward.revocation_list()", role="doorward_login") == sid


def test_a_successor_by_another_secret_is_a_copy(db):
    """Within the ten seconds only the very same successor is given again."""
    db.add_user("ann")
    db.open("ann", "t0")
    assert db.refresh("t0", "t1") == "ok"
    assert db.refresh("t0", "not t1") == "reuse"


def test_a_hundred_renewals_at_once_have_one_successor(db):
    """All get the same answer."""
    db.add_user("ann")
    db.open("ann", "t0")
    connections = [db.connect("doorward_login") for _ in range(50)]
    outcomes = [o for two in in_parallel(50, lambda i: [db.refresh("t0", "t1", connections[i])
                                                        for _ in range(2)]) for o in two]
    assert outcomes == ["ok"] * 100
    assert db.one("select count(*) from doorward.refresh_tokens") == 2
    assert db.one("select count(*) from doorward.refresh_tokens where used_at is null") == 1
    assert db.one("select count(*) from doorward.audit where event = 'session_renewed'") == 1


def test_sessions_end_when_idle_and_in_any_case(db):
    """Renewing holds off the first, nothing holds off the second."""
    db.add_user("ann")
    db.open("ann", "t0", idle=100, life=250)
    db.open("ann", "u0", idle=100, life=250)
    db.move_clock(90)
    assert db.refresh("t0", "t1") == "ok"
    db.move_clock(110)
    assert db.refresh("u0", "u1") == "ended"
    db.move_clock(180)
    assert db.refresh("t1", "t2") == "ok"
    db.move_clock(255)
    assert db.refresh("t2", "t3") == "ended"


def test_logout_revokes_and_a_second_one_finds_nothing(db):
    """By sid and by refresh token."""
    db.add_user("ann")
    _, one = db.open("ann", "a0")
    _, two = db.open("ann", "b0")
    end = "select doorward.session_end(%s, null)"
    by_refresh = "select doorward.session_end_by_refresh(sha256(%s::bytea), null)"
    assert db.one(end, one, role="doorward_login") is True
    assert db.one(end, one, role="doorward_login") is False
    assert db.one(by_refresh, "b0", role="doorward_login") is True
    assert db.one(by_refresh, "b0", role="doorward_login") is False
    revoked = db.sql("select sid, until from doorward.revocation_list()", role="doorward_account")
    assert {sid for sid, _ in revoked} == {one, two}
    assert all(600 < until - time.time() < 800 for _, until in revoked)
    db.move_clock(900)
    assert db.sql("select sid from doorward.revocation_list()") == []


def test_revocations_are_told_to_who_listens(db):
    """doorward revocations follow, on every host."""
    db.add_user("ann")
    _, sid = db.open("ann", "a0")
    listener = db.connect("doorward_login")
    listener.cursor().execute("listen doorward_revocations")
    db.one("select doorward.session_end(%s, null)", sid, role="doorward_login")
    deadline = time.monotonic() + 5
    while not listener.notifies and time.monotonic() < deadline:
        listener.poll()
        time.sleep(0.01)
    told, until = listener.notifies[0].payload.split(" ")
    assert told == sid and 600 < int(until) - time.time() < 800


@pytest.mark.parametrize("argv", [["passwd", "ann", "--password-stdin"], ["disable", "ann"]])
def test_the_operator_ends_sessions(db, argv):
    """A new password and disabling end all of them."""
    db.add_user("ann")
    db.open("ann", "a0")
    db.open("ann", "b0")
    done = db.doorward("user", *argv, stdin=PASSWORD)
    assert done.returncode == 0 and "2 sessions ended" in done.stderr
    assert db.refresh("a0", "a1") == "ended" and db.refresh("b0", "b1") == "ended"
    assert db.one("select count(*) from doorward.revocations") == 2


def test_a_change_of_roles_gives_new_tokens_to_the_same_session(db):
    """The old sid is revoked, the refresh token goes on."""
    db.add_user("ann", "member")
    _, old = db.open("ann", "a0")
    assert db.doorward("user", "role", "ann", "--add", "admin").returncode == 0
    assert db.one("select sid from doorward.revocations") == old
    [(outcome, roles, sid)] = db.sql(
        "select outcome, roles, sid from doorward.session_refresh(sha256('a0'), sha256('a1'), 600,"
        " null, null)", role="doorward_login")
    assert outcome == "ok" and roles == "admin member" and sid != old
    assert db.doorward("user", "role", "ann", "--add", "admin").returncode == 0  # no change
    assert db.one("select count(*) from doorward.revocations") == 1


# ---- the account page ----

def test_one_sees_and_ends_only_ones_own_sessions(db):
    """Neither a stranger's, nor one that is over."""
    ann, bob = db.add_user("ann"), db.add_user("bob")
    mine, sid = db.open("ann", "a0")
    other, _ = db.open("ann", "b0")
    his, _ = db.open("bob", "c0")
    role = {"role": "doorward_account"}
    listed = db.sql("select id from doorward.account_sessions(%s)", ann, **role)
    assert {s for (s,) in listed} == {mine, other}
    end = "select doorward.account_session_end(%s, %s, null)"
    assert db.one(end, ann, his, **role) is False
    assert db.one(end, bob, his, **role) is True
    assert db.one(end, bob, his, **role) is False
    end = "select ended from doorward.account_sessions_end(%s, %s, null)"
    assert db.one(end, ann, sid, **role) == 1
    assert db.refresh("a0", "a1") == "ok" and db.refresh("b0", "b1") == "ended"
    assert db.sql("select name from doorward.account_find(%s, %s)", ann, sid, **role) == [("ann",)]
    assert db.sql("select name from doorward.account_find(%s, %s)", bob, sid, **role) == []


def test_a_new_password_ends_the_other_sessions(db):
    """And is refused when the password changed meanwhile or the session is over."""
    ann = db.add_user("ann")
    _, sid = db.open("ann", "a0")
    db.open("ann", "b0")
    role = {"role": "doorward_account"}
    begin = "select wait, password_hash, password_version from doorward.account_password_begin(%s, null)"
    assert db.sql(begin, ann, **role) == [(0, "$hash", 1)]
    end = "select doorward.account_password_end(%s, %s, %s, %s, null)"
    assert db.one(end, ann, 1, "$new", sid, **role) == 2  # the version for a device secret
    assert db.one(end, ann, 1, "$newer", sid, **role) is None
    assert db.refresh("a0", "a1") == "ok" and db.refresh("b0", "b1") == "ended"
    db.one("select doorward.session_end(%s, null)", sid, **role)
    assert db.one(end, ann, 2, "$newer", sid, **role) is None
    assert db.one("select password_hash from doorward.users") == "$new"


def test_asking_for_the_old_password_is_throttled_too(db):
    """A stolen access token does not help to guess it."""
    ann = db.add_user("ann")
    db.stop_clock()
    begin = "select wait from doorward.account_password_begin(%s, '192.0.2.1')"
    for _ in range(15):
        db.begin("ann")  # a stranger's guesses do not keep the owner from it
    waits = [db.one(begin, ann, role="doorward_account") for _ in range(20)]
    assert waits.count(0) == 10
    assert db.doorward("user", "unlock", "ann").returncode == 0
    assert db.one(begin, ann, role="doorward_account") == 0


# ---- upkeep ----

def test_tidy_drops_what_is_over_and_nothing_else(db):
    """Open sessions, fresh audit rows and running revocations stay."""
    db.add_user("ann")
    db.begin("ann")
    db.open("ann", "a0", life=10**7, idle=10**7)
    _, sid = db.open("ann", "b0")
    db.one("select doorward.session_end(%s, null)", sid)
    assert db.doorward("db", "tidy").returncode == 0
    assert db.one("select count(*) from doorward.sessions") == 2
    assert db.one("select count(*) from doorward.revocations") == 1
    db.move_clock(40 * 86400)
    assert db.doorward("db", "tidy", "--audit-days", "30").returncode == 0
    assert db.one("select count(*) from doorward.sessions") == 1
    assert db.refresh("a0", "a1") == "ok"
    for table in ("revocations", "attempts"):
        assert db.one(f"select count(*) from doorward.{table}") == 0
    assert db.sql("select event from doorward.audit") == [("session_renewed",)]
