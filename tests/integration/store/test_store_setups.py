"""How a factor is set up, removed and taken away by the operator, and what an open session proves
more; real concurrency where races are."""

import psycopg2
import pytest

from database import in_parallel
from factor_calls import SEALED, Factors, codes, recovery, totp


@pytest.fixture(name="f")
def _f(db):
    """Ann, signed in a moment ago with nothing but her password."""
    f = Factors(db)
    f.ann = db.add_user("ann", "member")
    f.session, f.sid_then = db.open("ann", "r", browser=True, idle=7200)
    return f


def proven(f, db):
    """Her session has proven a factor as well; its sid."""
    db.sql("update doorward.sessions set factor_at = doorward.now(), amr = '{pwd,otp,mfa}'"
           " where id = %s", f.session)
    return f.sid(f.session)


def mine(f):
    """The session of Ann's, as the arguments user and sid."""
    return {"user": f.ann, "sid": f.sid(f.session)}


# ---- the first factor, and the next ----

def test_the_first_factor_brings_recovery_codes_and_the_next_brings_none(f):
    """Whoever has codes keeps them."""
    assert f.begin_totp(**mine(f)) == "ok"
    assert f.confirm_totp(**mine(f)) == {"outcome": "ok", "codes": True}
    assert f.begin("ann")["factors"] == "totp recovery" and f.count("recovery_codes") == 10
    row = f.add_passkey(**mine(f), new=codes("other"))
    assert row == {"outcome": "ok", "codes": False}
    assert f.begin("ann")["factors"] == "totp passkey recovery"
    f.keep("ann", "t")
    assert f.open("t", recovery("r3"))["recovery_left"] == 9
    assert f.audited("factor_added") == ["totp", "passkey: My key"]


def test_the_owner_is_told_of_a_factor_by_mail_where_the_site_sends_any(f):
    """To the verified address."""
    f.give_address(f.ann)
    f.begin_totp(**mine(f))
    f.confirm_totp(**mine(f))
    f.add_passkey(**mine(f))
    assert f.mails() == [("factor-added", {"what": "totp"}),
                         ("factor-added", {"what": "passkey", "passkey": "My key"})]
    assert f.add_passkey(**mine(f), mail=False, credential=b"c2", challenge="n2")["outcome"] == "ok"
    assert len(f.mails()) == 2


def test_setting_a_factor_up_proves_it(f, db):
    """The session has another sid, because its tokens must say so."""
    [(before,)] = db.sql("select auth_time from doorward.sessions")
    f.begin_totp(**mine(f))
    f.confirm_totp(**mine(f))
    assert f.sid(f.session) != f.sid_then and f.sid_then in db.revoked()
    assert db.sql("select amr, factor_at is not null, auth_time = %s from doorward.sessions",
                  before) == [(["pwd", "otp", "mfa"], True, True)]
    assert f.audited("session_proven") == ["pwd otp mfa"]


def test_the_code_of_the_set_up_is_not_good_again(f):
    """It was used."""
    f.begin_totp(**mine(f))
    f.confirm_totp(**mine(f), step=200)
    f.keep("ann", "t")
    assert f.open("t", totp(200))["outcome"] == "replayed"
    assert f.open("t", totp(201))["outcome"] == "ok"


def test_another_secret_than_the_one_of_this_set_up_is_not_confirmed(f):
    """A second tab has begun anew; nothing was begun at all."""
    assert f.confirm_totp(**mine(f))["outcome"] == "none"
    f.begin_totp(**mine(f))
    f.begin_totp(**mine(f), sealed=b"t" * 60)
    assert f.confirm_totp(**mine(f))["outcome"] == "none"
    assert f.count("totp") == 0
    assert f.confirm_totp(**mine(f), sealed=b"t" * 60)["outcome"] == "ok"
    assert f.confirm_totp(**mine(f), sealed=b"t" * 60)["outcome"] == "none"  # twice


def test_a_secret_that_no_code_confirmed_is_kept_for_an_hour(f, db):
    """Upkeep takes it away then, and no page offers it."""
    f.begin_totp(**mine(f))
    user, sid = mine(f).values()
    assert f.row("step_find(%s, %s)", user, sid)["key_id"] == "k1"
    db.move_clock(3601)
    assert f.row("step_find(%s, %s)", user, sid)["key_id"] is None
    assert dict(db.sql("select * from doorward.tidy(365, 30, 'test')"))["setups"] == 1


def test_another_app_takes_the_place_of_the_one_that_is_there(f, db):
    """After the old one, or another factor, was proven."""
    f.give_totp(f.ann)
    proven(f, db)
    f.begin_totp(**mine(f), sealed=b"t" * 60)
    assert f.confirm_totp(**mine(f), sealed=b"t" * 60)["outcome"] == "ok"
    assert bytes(db.one("select sealed from doorward.totp")) == b"t" * 60


def test_of_two_set_ups_at_once_one_brings_the_codes(f, db):
    """The codes of the one who is told so are stored."""
    others = [db.open("ann", f"r{i}")[0] for i in range(4)]
    connections = [db.connect("doorward_login") for _ in range(4)]
    sids = [f.sid(session) for session in others]
    rows = in_parallel(4, lambda i: f.add_passkey(
        user=f.ann, sid=sids[i], credential=b"c%d" % i, challenge=f"n{i}", new=codes(f"r{i}"),
        connection=connections[i]))
    [winner] = [i for i, row in enumerate(rows) if row["outcome"] == "ok"]
    assert [row["outcome"] for row in rows].count("stale") == 3  # they have not proven it
    assert rows[winner]["codes"] and f.count("passkeys") == 1
    f.keep("ann", "t")
    assert f.open("t", recovery(f"r{winner}0"))["outcome"] == "ok"


# ---- who may set up ----

@pytest.mark.parametrize("age, factor, factor_age, outcome", [
    (890, False, None, "ok"), (910, False, None, "stale"), (890, True, None, "stale"),
    (890, True, 890, "ok"), (890, True, 910, "stale"), (910, True, 10, "stale")])
# pylint: disable-next=too-many-arguments,too-many-positional-arguments
def test_set_up_wants_a_fresh_login_with_a_factor_that_is_there(f, db, age, factor, factor_age,
                                                                outcome):
    """Within fresh_login, both of them."""
    if factor:
        f.give_passkey(f.ann)
    db.sql("update doorward.sessions set auth_time = auth_time - %s * interval '1 s',"
           " factor_at = doorward.now() - %s * interval '1 s'", age, factor_age)
    which = db.one("select max(id::text) from doorward.passkeys")
    assert f.begin_totp(**mine(f)) == outcome
    if outcome == "stale":
        assert f.confirm_totp(**mine(f))["outcome"] == outcome
        assert f.add_passkey(**mine(f))["outcome"] == outcome
        assert f.renew_codes(f.ann, f.sid_then, codes("x")) == outcome
        assert f.remove(f.ann, f.sid_then, "passkey", which) == outcome
        assert f.rows("passkey_rename(%s, %s, 900, %s, 'New', null)", f.ann, f.sid_then, which,
                      role="doorward_account") == [{"passkey_rename": outcome}]
    assert f.count("passkeys") == int(factor) and f.count("totp") == 0


@pytest.mark.parametrize("end", [
    "select doorward.user_disable('ann', true, 'test')",
    "select doorward.user_password('ann', '$new', 'test')",
    "select doorward.user_sessions_end('ann', 'test')",
    "select doorward.user_delete('ann', false, 'test')",
    "select doorward.user_roles('ann', '{admin}', '{}', 'test')"])
def test_nothing_is_set_up_with_a_token_that_was_revoked(f, db, end):
    """Its session is over, or has another sid."""
    f.begin_totp(user=f.ann, sid=f.sid_then)
    db.one(end)
    who = {"user": f.ann, "sid": f.sid_then}
    assert f.begin_totp(**who) == "over" and f.confirm_totp(**who)["outcome"] == "over"
    assert f.add_passkey(**who)["outcome"] == "over"
    assert f.remove(f.ann, f.sid_then, "totp") == "over"
    assert f.renew_codes(f.ann, f.sid_then, codes("x")) == "over"
    assert f.rows("step_find(%s, %s)", f.ann, f.sid_then) == []


def test_a_session_sets_up_for_its_own_user_only(f, db):
    """Bob with Ann's sid."""
    bob = db.add_user("bob")
    assert f.begin_totp(user=bob, sid=f.sid_then) == "over"
    assert f.add_passkey(user=bob, sid=f.sid_then)["outcome"] == "over"
    assert f.rows("step_find(%s, %s)", bob, f.sid_then) == []


@pytest.mark.parametrize("address, mail, outcome", [
    (True, True, "link"), (True, False, "ok"), (False, True, "ok")])
def test_after_nothing_but_a_password_a_link_is_needed_where_one_can_be_sent(f, address, mail,
                                                                            outcome):
    """Or whoever stole the password enrols their own phone."""
    if address:
        f.give_address(f.ann)
    f.keep("ann", "t", setup=True)
    assert f.begin_totp("t", mail=mail) == outcome
    assert f.add_passkey("t", mail=mail)["outcome"] == outcome


def test_a_login_that_asks_for_a_factor_sets_none_up(f):
    """Neither where it began so, nor where one was set up elsewhere meanwhile."""
    f.keep("ann", "before", setup=True)
    f.give_totp(f.ann)
    f.keep("ann", "after")
    for ticket in ("before", "after"):
        assert f.begin_totp(ticket) == "over" and f.add_passkey(ticket)["outcome"] == "over"


# ---- the link ----

def send_link(f, ticket="t"):
    """The outcome of flow_link, and the ids of the links that hold."""
    outcome = f.db.one("select doorward.flow_link(sha256(%s::bytea), null, null)", ticket,
                       role="doorward_login")
    return outcome, [str(i) for (i,) in f.db.sql(
        "select id from doorward.links where kind = 'factor' and uses_left > 0")]


def follow(f, link, ticket):
    """flow_by_link."""
    return f.db.one("select doorward.flow_by_link(%s, sha256(%s::bytea), null)", link, ticket,
                    role="doorward_login")


@pytest.fixture(name="mailed")
def _mailed(f):
    """The link that was mailed to Ann at her login."""
    f.give_address(f.ann)
    f.keep("ann", "t", setup=True)
    outcome, [f.link] = send_link(f)
    assert outcome == "ok" and f.mails() == [("factor-link", {})]
    return f


def test_a_link_leads_to_a_set_up_that_opens_no_session(mailed, db):
    """The person signs in again, with what was set up."""
    f = mailed
    assert follow(f, f.link, "l")
    row = f.find("l")
    assert row["linked"] and row["setup"] and row["name"] == "ann"
    assert f.begin_totp("l") == "ok" and f.confirm_totp("l")["outcome"] == "ok"
    assert f.find("l") is None and f.open("l", totp(201))["outcome"] == "over"
    assert db.one("select count(*) from doorward.sessions") == 1
    assert f.open("t", totp(201))["outcome"] == "over"  # it has not proven what is there now
    f.keep("ann", "t2")
    assert f.open("t2", totp(201))["outcome"] == "ok"


def test_a_link_is_good_once(mailed, db):
    """For two in one moment, too."""
    connections = [db.connect("doorward_login") for _ in range(6)]

    def once(i):
        cursor = connections[i].cursor()
        cursor.execute("select doorward.flow_by_link(%s, sha256(%s::bytea), null)",
                       (mailed.link, f"l{i}"))
        return cursor.fetchone()[0]
    assert sorted(in_parallel(6, once)) == [False] * 5 + [True]


def test_a_link_is_mailed_once_and_a_later_one_takes_its_place(mailed, db):
    """Pressing the button again does not fill the mailbox."""
    f = mailed
    assert send_link(f) == ("ok", [f.link])
    for minute, outcome in ((3, "ok"), (6, "ok"), (9, "too many")):
        db.move_clock(minute * 60)
        found, links = send_link(f)
        assert found == outcome and len(links) == 1 and f.link not in links
    assert not follow(f, f.link, "l")


@pytest.mark.parametrize("end", [
    "select doorward.user_disable('ann', true, 'test')",
    "select doorward.user_password('ann', '$new', 'test')",
    "select doorward.user_delete('ann', false, 'test')",
    "select doorward.factor_reset('ann', false, 'test')"])
def test_a_link_dies_of(mailed, db, end):
    """As every link of a user's."""
    db.one(end)
    assert not follow(mailed, mailed.link, "l")


def test_a_link_is_of_no_use_to_other_pages(mailed, db):
    """The account program can look at it; what it does is done at the login."""
    assert db.one("select outcome from doorward.link_use('factor', %s, null, null, '$new', null)",
                  mailed.link, role="doorward_account") == "gone"
    assert db.one("select password_hash from doorward.users") == "$hash"
    assert db.one("select count(*) from doorward.sessions where ended_at is null") == 1
    assert follow(mailed, mailed.link, "l")


def test_a_link_lives_for_half_an_hour(mailed, db):
    """And then no more."""
    db.move_clock(1801)
    assert not follow(mailed, mailed.link, "l")


def test_no_link_is_mailed_where_none_is_wanted(f):
    """The user has a factor; the login under way does not set one up; there is no such login."""
    f.keep("ann", "t", setup=True)
    assert send_link(f) == ("unwanted", [])
    f.give_address(f.ann)
    f.give_totp(f.ann)
    f.keep("ann", "t2")
    assert send_link(f) == send_link(f, "t2") == ("unwanted", [])
    assert send_link(f, "none") == ("over", [])


def test_a_link_is_no_way_around_a_factor_that_was_set_up_meanwhile(mailed):
    """It has to be proven first, for example by a recovery code."""
    f = mailed
    f.give_totp(f.ann)
    f.give_codes(f.ann, "one")
    assert follow(f, f.link, "l") and not f.find("l")["setup"]
    assert f.begin_totp("l") == "stale" and f.add_passkey("l")["outcome"] == "stale"
    assert f.attempt("l", "recovery") == 0
    assert f.prove("l", recovery("two")) == "wrong" and f.add_passkey("l")["outcome"] == "stale"
    assert f.prove("l", recovery("one")) == "ok"
    assert f.prove("l", recovery("one")) == "replayed"
    assert f.prove("t", totp(101)) == f.prove("none", totp(101)) == "over"
    assert f.add_passkey("l") == {"outcome": "ok", "codes": False}


# ---- step-up ----

def test_an_open_session_proves_a_factor_more(f, db):
    """Its time of login stays; the old tokens are revoked."""
    f.give_totp(f.ann)
    db.sql("update doorward.sessions set auth_time = auth_time - interval '1 day'")
    user, sid = mine(f).values()
    assert f.row("step_find(%s, %s)", user, sid)["factors"] == "totp"
    assert f.row("step_try(%s, %s, null, 0, 'totp', null)", user, sid)["wait"] == 0
    row = f.step_up(user, sid, totp(101))
    assert (row["outcome"], row["amr"]) == ("ok", "pwd otp mfa")
    assert row["session_id"] == f.session and row["sid"] == f.sid(f.session) != sid
    assert sid in db.revoked() and f.sid_then == sid
    assert db.one("select factor_at - auth_time > interval '23 hours' from doorward.sessions")
    assert db.one("select level from doorward.attempts where bucket like 'factor:%%'") < 0.1
    again = f.step_up(user, sid, totp(102))  # the old token
    assert again["outcome"] == "over" and again["sid"] is None


def test_a_step_up_adds_to_what_was_proven(f, db):
    """One-time code, then passkey."""
    f.give_totp(f.ann)
    which = f.give_passkey(f.ann, synced=True)
    f.step_up(*mine(f).values(), totp(101))
    row = f.step_up(*mine(f).values(), ("passkey", None, None, which, 0, True, True, "n", None,
                                        None, True))
    assert row["amr"] == "pwd otp swk user mfa"
    assert db.one("select backed_up from doorward.passkeys")


def test_a_wrong_step_up_leaves_the_session_as_it_is(f):
    """A used code, no code, another user's session."""
    f.give_totp(f.ann)
    user, sid = mine(f).values()
    assert f.step_up(user, sid, totp(100))["outcome"] == "replayed"
    assert f.step_up(user, sid, recovery("none"))["outcome"] == "wrong"
    bob = f.db.add_user("bob")
    f.give_totp(bob)
    assert f.step_up(bob, sid, totp(101))["outcome"] == "over"
    assert f.sid(f.session) == sid


def test_of_two_step_ups_with_one_code_in_one_moment_one_counts(f, db):
    """Of two sessions."""
    f.give_totp(f.ann)
    sids = [f.sid(db.open("ann", f"r{i}")[0]) for i in range(6)]
    connections = [db.connect("doorward_login") for _ in range(6)]
    outcomes = in_parallel(6, lambda i: f.step_up(f.ann, sids[i], totp(101), connections[i])["outcome"])
    assert sorted(outcomes) == ["ok", *["replayed"] * 5]


# ---- one's own factors ----

def test_a_person_sees_factors_without_secrets(f, db):
    """What each is, since when, last used, synced or bound, and how many codes are left."""
    f.give_totp(f.ann)
    f.give_codes(f.ann, "one", "two")
    which = f.give_passkey(f.ann, synced=True)
    rows = f.rows("factor_list(%s)", f.ann, role="doorward_account")
    assert [(row["kind"], row["name"], row["synced"], row["remaining"]) for row in rows] == [
        ("totp", None, None, None), ("passkey", "key c1", True, None), ("recovery", None, None, 2)]
    assert rows[1]["id"] == which and "sealed" not in rows[0] and "jwk" not in rows[1]
    assert f.rows("factor_list(%s)", db.add_user("bob"), role="doorward_account") == []


def test_a_passkey_gets_another_name(f, db):
    """A name; and a passkey of one's own."""
    which = f.give_passkey(f.ann)
    other = f.give_passkey(db.add_user("bob"), "c2")
    proven(f, db)

    def rename(which, name):
        return db.one("select doorward.passkey_rename(%s, %s, 900, %s, %s, null)",
                      f.ann, f.sid(f.session), which, name, role="doorward_account")
    assert rename(which, "Blue key") == "ok" and rename(other, "Mine now") == "unknown"
    assert rename(which, "") == rename(which, "a\nb") == rename(which, "x" * 101) == "name"
    assert [name for (name,) in db.sql("select name from doorward.passkeys order by name")] == [
        "Blue key", "key c2"]
    assert f.audited("factor_renamed") == ["passkey: Blue key"]


def test_new_recovery_codes_take_the_place_of_the_old_ones(f, db):
    """Of somebody who has a factor."""
    assert f.renew_codes(f.ann, f.sid_then, codes("x")) == "none"
    f.give_totp(f.ann)
    f.give_codes(f.ann, "one")
    f.give_address(f.ann)
    sid = proven(f, db)
    assert f.renew_codes(f.ann, sid, codes("x")) == "ok"
    f.keep("ann", "t")
    assert f.open("t", recovery("one"))["outcome"] == "wrong"
    assert f.open("t", recovery("x9"))["recovery_left"] == 9
    assert f.audited("recovery_made") == [None]
    assert f.mails()[0] == ("factor-added", {"what": "recovery"})


# ---- removal ----

def test_the_last_factor_takes_codes_and_remembered_browsers_with_it(f, db):
    """Nothing is left that was for it; the sessions stay."""
    f.give_address(f.ann)
    which = f.give_passkey(f.ann)
    f.give_totp(f.ann)
    f.give_codes(f.ann, "one")
    f.keep("ann", "t", device="laptop")
    f.open("t", totp(101), trust="laptop")
    f.keep("ann", "under way")
    sid = proven(f, db)
    assert f.remove(f.ann, sid, "passkey", which) == "ok"
    assert f.begin("ann")["factors"] == "totp recovery" and f.count("trusted") == 1
    assert f.remove(f.ann, sid, "totp") == "ok"
    assert f.begin("ann")["factors"] == ""
    assert [f.count(t) for t in ("recovery_codes", "trusted", "flows", "sessions")] == [0, 0, 0, 2]
    assert f.audited("factor_removed") == ["passkey: key c1", "totp"]
    assert f.mails() == [("factor-removed", {"what": "passkey", "passkey": "key c1"}),
                         ("factor-removed", {"what": "totp"})]
    assert f.remove(f.ann, sid, "totp") == "unknown"


def test_a_passkey_of_another_user_is_not_removed(f, db):
    """It is unknown here."""
    which = f.give_passkey(db.add_user("bob"))
    assert f.remove(f.ann, f.sid_then, "passkey", which) == "unknown"
    assert f.remove(f.ann, f.sid_then, "recovery") == "unknown"
    assert f.remove(f.ann, f.sid_then, "password") == "unknown"
    assert f.count("passkeys") == 1


def test_the_last_way_in_is_not_removed(f, db):
    """Of an account without a password: an app alone opens nothing."""
    db.sql("update doorward.users set password_hash = null")
    first, second = f.give_passkey(f.ann), f.give_passkey(f.ann, "c2")
    f.give_totp(f.ann)
    sid = proven(f, db)
    assert f.remove(f.ann, sid, "passkey", first) == "ok"
    assert f.remove(f.ann, sid, "passkey", second) == "last"
    assert f.remove(f.ann, sid, "totp") == "ok"
    assert f.count("passkeys") == 1


def test_a_factor_that_is_required_is_not_removed(f, db):
    """As long as it is the only one."""
    f.give_totp(f.ann)
    which = f.give_passkey(f.ann)
    sid = proven(f, db)
    assert f.remove(f.ann, sid, "totp", need=["member"]) == "ok"
    assert f.remove(f.ann, sid, "passkey", which, need=["all"]) == "required"
    assert f.remove(f.ann, sid, "passkey", which, need=["member"]) == "required"
    assert f.remove(f.ann, sid, "passkey", which, need=["admin"]) == "ok"


def test_of_two_removals_in_one_moment_one_way_in_stays(f, db):
    """Of the two last passkeys."""
    db.sql("update doorward.users set password_hash = null")
    keys = [f.give_passkey(f.ann), f.give_passkey(f.ann, "c2")]
    sid = proven(f, db)
    assert sorted(in_parallel(2, lambda i: f.remove(f.ann, sid, "passkey", keys[i]))) == [
        "last", "ok"]


# ---- the operator ----

def test_a_reset_takes_everything_that_was_reached_by_factors(f, db):
    """Sessions, logins under way, remembered browsers, the set-up that was begun."""
    f.give_address(f.ann)
    f.give_passkey(f.ann)
    f.give_totp(f.ann)
    f.give_codes(f.ann, "one")
    f.keep("ann", "t", device="laptop")
    f.open("t", totp(101), trust="laptop")
    f.keep("ann", "under way")
    f.begin_totp(user=f.ann, sid=proven(f, db))
    [(version,)] = db.sql("select device_version from doorward.users")
    assert db.one("select doorward.factor_reset('ANN', true, 'operator:test')") == 2
    assert [f.count(t) for t in ("totp", "passkeys", "recovery_codes", "trusted", "flows",
                                 "setups")] == [0] * 6
    assert db.sql("select distinct end_reason from doorward.sessions") == [("factor reset",)]
    assert db.one("select device_version from doorward.users") == version + 1
    assert f.sid_then in db.revoked()
    assert f.audited("factor_reset") == [None] and f.mails() == [("factor-reset", {})]
    assert db.one("select password_hash from doorward.users") == "$hash"
    assert db.one("select doorward.factor_reset('nobody', true, 'operator:test')") is None


def test_an_operator_sees_which_keys_are_in_use(f, db):
    """Of the directory, and of relying parties."""
    f.give_totp(f.ann)
    f.give_passkey(f.ann)
    f.give_passkey(f.ann, "c2", rp_id="old.example")
    assert db.sql("select * from doorward.factor_count()") == [
        ("passkey", "example.org", 1), ("passkey", "old.example", 1), ("totp", "k1", 1)]
    assert [row["kind"] for row in f.rows("factor_list_any('Ann')", role="doorward")] == [
        "totp", "passkey", "passkey"]


def test_a_deleted_user_leaves_nothing_behind(f, db):
    """No factor, no code, no browser."""
    f.give_totp(f.ann)
    f.give_passkey(f.ann)
    f.give_codes(f.ann, "one")
    f.keep("ann", "t", device="laptop")
    f.open("t", totp(101), trust="laptop")
    f.keep("ann", "t")
    f.begin_totp(user=f.ann, sid=proven(f, db))
    db.one("select doorward.user_delete('ann', false, 'test')")
    assert [f.count(t) for t in ("totp", "passkeys", "recovery_codes", "trusted", "flows",
                                 "setups")] == [0] * 6


@pytest.mark.parametrize("key_id, sealed", [("K 1", SEALED), ("", SEALED), ("k" * 33, SEALED),
                                            ("k1", b"s" * 28), ("k1", b"s" * 257)])
def test_a_secret_that_is_none_is_refused(f, db, key_id, sealed):
    """By the table itself."""
    with pytest.raises(psycopg2.errors.CheckViolation):
        db.sql("insert into doorward.totp values (%s, %s, %s, 1, doorward.now(), null)", f.ann,
               key_id, sealed)
