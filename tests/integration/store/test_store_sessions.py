"""What a login opens and a logout ends, in the database; real concurrency where races are."""

import os
import time
import uuid

import psycopg2
import pytest

from database import PASSWORD, in_parallel


# ---- logins ----

def revoked(db):
    """What both revocation files say."""
    text = ""
    for name in ("revoked", "revoked.later"):
        with open(f"{db.directory}/{name}", encoding="ascii") as f:
            text += f.read()
    return text


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
    """A repeat gets the same."""
    db.add_user("ann")
    _, sid = db.open("ann", "t0")
    assert db.refresh("t0", "t1") == "ok"
    assert db.refresh("t0", "t1") == "ok"
    assert db.refresh("nothing", "x") == "unknown"
    assert db.one("select count(*) from doorward.sessions where sid = %s", sid) == 1


def ended_as(db, refresh, outcome):
    """The session of this refresh token ended so, which is written down, and its access tokens
    are revoked."""
    [(session, sid, reason)] = db.sql(
        "select s.id, s.sid, s.end_reason from doorward.sessions s join doorward.refresh_tokens t"
        " on t.session_id = s.id where t.hash = sha256(%s::bytea)", refresh)
    assert reason == outcome and sid in db.revoked()
    return db.one("select count(*) from doorward.audit where event = %s and session = %s",
                  f"refresh_{outcome}", session) == 1


def test_a_lost_answer_is_no_theft(db):
    """Within the grace it is given again; later the session ends, and nobody is alarmed."""
    db.add_user("ann")
    db.open("ann", "t0")
    assert db.refresh("t0", "t1") == "ok"
    db.move_clock(29)
    assert db.refresh("t0", "t1") == "ok"
    db.move_clock(31)
    assert db.refresh("t0", "t1") == "lost"
    assert db.refresh("t1", "t2") == "ended"
    assert ended_as(db, "t0", "lost")


@pytest.mark.parametrize("later", [0, 31])
def test_a_token_whose_successor_was_used_is_a_copy(db, later):
    """That answer had arrived. Even at once: a thief must not walk up to the live token."""
    db.add_user("ann")
    db.open("ann", "t0")
    assert db.refresh("t0", "t1") == "ok" and db.refresh("t1", "t2") == "ok"
    db.move_clock(later)
    assert db.refresh("t0", "t1") == "reuse"
    assert db.refresh("t2", "t3") == "ended"
    assert ended_as(db, "t0", "reuse")


def test_a_successor_by_another_session_secret_is_lost(db):
    """The token that was given cannot be made again; nobody stole anything."""
    db.add_user("ann")
    db.open("ann", "t0")
    assert db.refresh("t0", "t1") == "ok"
    assert db.refresh("t0", "not t1") == "lost"
    assert ended_as(db, "t0", "lost")


def test_looking_changes_nothing(db):
    """A token that cannot be signed has cost the session nothing."""
    db.add_user("ann", "member")
    _, sid = db.open("ann", "t0")
    before = db.sql("select * from doorward.sessions, doorward.refresh_tokens")
    look = ("select outcome, name, roles, sid from doorward.session_look(sha256('t0'),"
            " sha256('t1'), 30)")
    for _ in range(2):
        assert db.sql(look, role="doorward_login") == [("ok", "ann", "member", sid)]
    assert db.sql("select * from doorward.sessions, doorward.refresh_tokens") == before


def test_a_renewal_whose_token_tells_of_old_roles_is_not_done(db):
    """The sid changes with the roles, between looking and replacing."""
    db.add_user("ann", "member")
    _, sid = db.open("ann", "t0")
    db.one("select doorward.user_roles('ann', '{admin}', '{}', 'test')")
    refresh = ("select outcome from doorward.session_refresh(sha256('t0'), sha256('t1'), %s, 30,"
               " null, null)")
    assert db.one(refresh, sid, role="doorward_login") == "changed"
    assert db.refresh("t0", "t1") == "ok"


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


def test_a_second_logout_names_what_the_verifiers_must_have_heard_of(db):
    """By sid and by refresh token: the first try may not have told them."""
    db.add_user("ann")
    _, one = db.open("ann", "a0")
    _, two = db.open("ann", "b0")
    assert [db.end(one) for _ in range(2)] == [(True, {one}), (False, {one})]
    assert [db.end_by_refresh("b0") for _ in range(2)] == [(True, True, {two}),
                                                           (True, False, {two})]
    assert db.end_by_refresh("c0") == (False, False, set())
    assert set(db.revoked()) == {one, two}
    assert db.one("select count(*) from doorward.audit where event = 'logout'") == 2


def test_a_session_that_has_had_several_sids_ends_by_each(db):
    """And all of them are revoked."""
    db.add_user("ann")
    _, first = db.open("ann", "t0")
    db.one("select doorward.user_roles('ann', '{a}', '{}', 'test')")
    db.one("select doorward.user_roles('ann', '{b}', '{}', 'test')")
    last = db.one("select sid from doorward.sessions")
    ended, revoked = db.end(first)
    assert ended and {first, last} < revoked and len(revoked) == 3
    assert db.refresh("t0", "t1") == "ended"
    assert db.end_by_refresh("t0") == (True, False, revoked)


def test_a_sid_without_a_session_is_revoked(db):
    """Its row is gone: a backup was restored, a standby that was behind took over."""
    stray = str(uuid.uuid4())
    assert db.end(stray) == (False, {stray})
    first = db.revoked()
    db.move_clock(100)
    assert db.end(stray) == (False, {stray})
    assert db.revoked() == first  # a loop with a dead token writes nothing


DAY = 86400
LEEWAY = 300


@pytest.mark.parametrize("how, days", [("session", 1), ("stray", 1), ("issued", 400),
                                       ("add", 400)])
def test_what_is_revoked_stays_so_while_any_token_of_its_kind_can_live(db, how, days):
    """Whatever the settings of this or another host say: not for a life that a program names."""
    db.add_user("ann")
    _, sid = db.open("ann", "a0")
    stray = str(uuid.uuid4())
    if how == "session":
        db.end(sid)
    elif how == "add":
        assert db.doorward("revocations", "add", stray).returncode == 0
    else:
        db.end(stray, issued=how == "issued")
    [until] = db.revoked().values()
    assert until - time.time() > days * DAY + LEEWAY
    db.move_clock(days * DAY + LEEWAY)
    assert len(db.revoked()) == 1
    db.move_clock((days + 1) * DAY + 2 * LEEWAY)
    assert not db.revoked()


def test_of_two_times_the_later_one_stays(db):
    """A sid is revoked as a login's and then as one of `token issue`, or the other way round."""
    for first, second in ((False, True), (True, False)):
        stray = str(uuid.uuid4())
        db.end(stray, issued=first)
        db.end(stray, issued=second)
        assert db.revoked()[stray] - time.time() > 400 * DAY


def test_nobody_revokes_the_sid_that_means_another_thing_in_the_file(db):
    """All zeros."""
    nil = str(uuid.UUID(int=0))
    assert db.doorward("revocations", "add", nil).returncode == 2
    with pytest.raises(psycopg2.errors.CheckViolation):
        db.end(nil)


def test_the_operator_revokes_a_sid_and_its_session(db):
    """With a row in the audit and in the file."""
    db.add_user("ann")
    _, sid = db.open("ann", "a0")
    stray = str(uuid.uuid4())
    for one in (sid, stray):
        done = db.doorward("revocations", "add", one)
        assert done.returncode == 0, done.stderr
    assert db.refresh("a0", "a1") == "ended"
    assert db.sql("select detail, name from doorward.audit where event = 'sid_revoked'"
                  " order by id") == [(sid, "ann"), (stray, None)]
    text = revoked(db)
    assert sid in text and stray in text
    listed = db.doorward("revocations", "list").stdout.splitlines()
    assert {line.split()[0] for line in listed} == {sid, stray}
    for bad in ("x", sid.upper(), ""):
        assert db.doorward("revocations", "add", bad).returncode == 2


def write_conf(db, old, new):
    """Change a line of the settings."""
    with open(db.conf, encoding="utf-8") as f:
        text = f.read()
    assert old in text
    with open(db.conf, "w", encoding="utf-8") as f:
        f.write(text.replace(old, new))


def test_a_failed_try_to_tell_the_verifiers_is_made_good_by_the_second(db):
    """Of each of the operator's commands: the session ended at the first."""
    db.add_user("ann")
    commands = [["session", "end", "--user", "ann"], ["session", "end", "ID"],
                ["user", "disable", "ann"], ["user", "role", "ann", "--add", "a"],
                ["user", "passwd", "ann", "--password-stdin"], ["revocations", "add", "SID"]]
    for i, command in enumerate(commands):
        db.one("select doorward.user_disable('ann', false, 'test')")
        session, sid = db.open("ann", f"t{i}")
        argv = [{"ID": session, "SID": sid}.get(word, word) for word in command]
        write_conf(db, "revocation_file = revoked", "revocation_file = missing/revoked")
        assert db.doorward(*argv, stdin=PASSWORD).returncode == 2, argv
        write_conf(db, "revocation_file = missing/revoked", "revocation_file = revoked")
        assert db.doorward(*argv, stdin=PASSWORD).returncode == 0, argv
        assert sid in revoked(db), argv


def test_revocations_are_told_to_who_listens(db):
    """doorward revocations follow, on every host."""
    db.add_user("ann")
    _, sid = db.open("ann", "a0")
    listener = db.connect("doorward_login")
    listener.cursor().execute("listen doorward_revocations")
    db.end(sid)
    deadline = time.monotonic() + 5
    while not listener.notifies and time.monotonic() < deadline:
        listener.poll()
        time.sleep(0.01)
    told, until = listener.notifies[0].payload.split(" ")
    assert told == sid and int(until) - time.time() > DAY
    db.end(sid)  # known already: no host need write its file again
    time.sleep(0.1)
    listener.poll()
    assert len(listener.notifies) == 1


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
        "select outcome, roles, sid from doorward.session_look(sha256('a0'), sha256('a1'), 30)",
        role="doorward_login")
    assert outcome == "ok" and roles == "admin member" and sid != old
    assert db.doorward("user", "role", "ann", "--add", "admin").returncode == 0  # no change
    assert db.one("select count(*) from doorward.revocations") == 1


# ---- how many ----

def open_sids(db):
    """The sids of the sessions that are open."""
    return {sid for (sid,) in db.sql("select s.sid from doorward.sessions s"
                                     " where doorward.session_live(s)")}


def test_of_too_many_sessions_of_a_kind_the_one_unused_longest_ends(db):
    """Not the one opened first; and the other kind does not count."""
    db.add_user("ann")
    sids = {name: db.open("ann", name, browser=name[0] == "b", max=3)[1]
            for name in ("a0", "b0", "a1", "b1", "a2", "b2")}
    assert open_sids(db) == set(sids.values())
    assert db.refresh("a0", "A0") == "ok"
    sids["a3"] = db.open("ann", "a3", max=3)[1]
    assert open_sids(db) == set(sids.values()) - {sids["a1"]}
    assert set(db.revoked()) == {sids["a1"]}
    assert db.refresh("a1", "x") == "ended" and db.refresh("A0", "A1") == "ok"
    assert db.sql("select end_reason from doorward.sessions where sid = %s", sids["a1"]) == \
        [("too many",)]
    assert db.one("select count(*) from doorward.audit where event = 'session_ended'"
                  " and detail = 'too many' and actor is null") == 1


def test_a_smaller_limit_ends_all_beyond_it_and_other_users_keep_theirs(db):
    """At the next login; what had run out is not counted."""
    db.add_user("ann")
    db.add_user("bob")
    db.open("ann", "gone", idle=1, life=1)
    db.open("bob", "b0")
    db.move_clock(5)
    for i in range(5):
        db.open("ann", f"a{i}")
    _, last = db.open("ann", "a5", max=2)
    assert last in open_sids(db) and len(open_sids(db)) == 3
    assert len(db.revoked()) == 4  # the one that had run out is none of them


def test_a_login_says_whether_the_verifiers_must_hear_of_it(db):
    """Also when the session that it replaces was over: who knows if they heard."""
    ann = db.add_user("ann")
    text = ("select displaced from doorward.login_open(%s, 1, 'ann', null,"
            " null, '$hash', null, sha256(%s::bytea), sha256(%s::bytea), false, 99, 99,"
            " true, %s, null, '{pwd}', 'name', null)")
    ask = lambda *v: db.one(text, ann, *v, role="doorward_login")  # noqa: E731
    assert ask("a", None, 2) is False
    assert ask("b", "nothing", 2) is False
    assert ask("c", None, 2) is True
    assert ask("d", "c", 9) is True
    assert ask("e", "c", 9) is True


def test_actions_of_one_user_at_once_wait_for_each_other(db):
    """The user's row first, everywhere: none of them is a deadlock's victim."""
    ann = db.add_user("ann")
    sessions = [db.open("ann", f"t{i}") for i in range(12)]
    account = [db.connect("doorward_account") for _ in range(12)]
    login = [db.connect("doorward_login") for _ in range(12)]
    admin = [db.connect() for _ in range(2)]

    def work(i):
        one, sid = sessions[i]
        other = sessions[(i + 5) % 12][0]
        for connection, text, values in (
                (account[i], "select doorward.account_session_end(%s, %s, null)", (ann, other)),
                (login[i], "select doorward.session_end_by_refresh(sha256(%s), null)",
                 (f"t{i}".encode(),)),
                (account[i], "select doorward.account_sessions_end(%s, %s, null)", (ann, sid)),
                (account[i], "select doorward.account_password_end(%s, 1, '$x', %s, null, false, false)",
                 (ann, sid)),
                (login[i], "select doorward.session_end(%s, false, null)", (sid,)),
                (admin[i % 2], "select doorward.user_roles('ann', array[%s], '{}', 't')",
                 (f"r{i}",)),
                (admin[i % 2], "select doorward.session_end_any(%s, 't')", (one,))):
            connection.cursor().execute(text, values)
        return True

    assert in_parallel(12, work) == [True] * 12


# ---- the end, whatever the reason ----

def by_logout(db, _, one):
    db.end(one["sid"])


def by_refresh_token(db, *_):
    db.end_by_refresh("t0")


def by_another_login(db, *_):
    db.open("ann", "x", replaces="t0")


def by_too_many(db, *_):
    db.open("ann", "x", max=1)


def by_reuse(db, *_):
    assert db.refresh("t0", "t1") == db.refresh("t1", "t2") == "ok"
    assert db.refresh("t0", "t1") == "reuse"


def by_a_lost_answer(db, *_):
    assert db.refresh("t0", "t1") == "ok"
    assert db.refresh("t0", "another") == "lost"


def by_the_person(db, ann, one):
    assert db.one("select doorward.account_session_end(%s, %s, '192.0.2.7')", ann, one["id"],
                  role="doorward_account")


def by_the_person_elsewhere(db, ann, _):
    db.sql("select doorward.account_sessions_end(%s, null, '192.0.2.7')", ann,
           role="doorward_account")


def by_a_new_password(db, ann, _):
    _, other = db.open("ann", "x")
    assert db.one("select doorward.account_password_end(%s, 1, '$new', %s, null, false, false)", ann, other,
                  role="doorward_account")


def by_the_operators_password(db, *_):
    db.one("select doorward.user_password('ann', '$new', 'operator:t')")


def by_disabling(db, *_):
    db.one("select doorward.user_disable('ann', true, 'operator:t')")


def by_deleting(db, *_):
    db.one("select doorward.user_delete('ann', false, 'operator:t')")


def by_the_operator(db, _, one):
    assert db.one("select doorward.session_end_any(%s, 'operator:t')", one["id"])


def by_the_operator_all(db, *_):
    db.one("select doorward.user_sessions_end('ann', 'operator:t')")


def by_its_sid(db, _, one):
    db.sql("select doorward.revocation_add(%s, 'operator:t')", one["sid"])


def by_a_factor_reset(db, *_):
    assert db.one("select doorward.factor_reset('ann', false, 'operator:t')") == 1


# how: (the reason in the row, the events that the audit gets, whether it names the session)
ENDS = {
    by_logout: ("logout", ["logout"], True),
    by_refresh_token: ("logout", ["logout"], True),
    by_another_login: ("replaced", ["login_ok"], False),
    by_too_many: ("too many", ["login_ok", "session_ended"], True),
    by_reuse: ("reuse", ["session_renewed", "session_renewed", "refresh_reuse"], True),
    by_a_lost_answer: ("lost", ["session_renewed", "refresh_lost"], True),
    by_the_person: ("ended by user", ["session_ended"], True),
    by_the_person_elsewhere: ("ended by user", ["sessions_ended"], False),
    by_a_new_password: ("password", ["login_ok", "password_changed"], False),
    by_the_operators_password: ("password", ["password_changed"], False),
    by_disabling: ("disabled", ["user_disabled"], False),
    by_deleting: (None, ["user_deleted"], False),
    by_the_operator: ("operator", ["session_ended"], True),
    by_the_operator_all: ("operator", ["sessions_ended"], False),
    by_its_sid: ("operator", ["sid_revoked"], True),
    by_a_factor_reset: ("factor reset", ["factor_reset"], False),
}


@pytest.mark.parametrize("how", ENDS, ids=[how.__name__ for how in ENDS])
def test_an_end_is_whole_whatever_the_reason(db, how):
    """The row has the reason, every sid that it had is revoked, and the audit says it once."""
    reason, events, named = ENDS[how]
    ann = db.add_user("ann")
    one = dict(zip(("id", "sid"), db.open("ann", "t0")))
    db.one("select doorward.user_roles('ann', '{member}', '{}', 'test')")
    sids = {one["sid"], db.one("select sid from doorward.sessions where id = %s", one["id"])}
    assert len(sids) == 2
    before = db.one("select max(id) from doorward.audit")
    how(db, ann, one)
    ended = db.sql("select ended_at is not null, end_reason from doorward.sessions where id = %s",
                   one["id"])
    assert ended == ([(True, reason)] if reason else [])
    assert sids <= set(db.revoked())
    assert all(until > time.time() + DAY for until in map(db.revoked().get, sids))
    audit = db.sql("select event, session from doorward.audit where id > %s order by id", before)
    assert [event for event, _ in audit] == events
    assert (audit[-1][1] == one["id"]) is named


def test_every_reason_has_a_way_to_it(db):
    """And no session ends for a reason that is no row. Of 'address': test_store_links.py."""
    known = {reason for (reason,) in db.sql("select reason from doorward.end_reasons")}
    assert known == {reason for reason, _, _ in ENDS.values() if reason} | {"deleted", "address"}
    db.add_user("ann")
    session, _ = db.open("ann", "t0")
    with pytest.raises(psycopg2.Error):
        db.one("select doorward.session_stop(%s, 'a whim', null, null, true)", session)
    with pytest.raises(psycopg2.Error):
        db.sql("update doorward.sessions set end_reason = 'a whim'")
    assert db.refresh("t0", "t1") == "ok"


# ---- what a session keeps of its login ----

def test_a_session_knows_when_and_by_what_its_login_was_proven(db):
    """Its renewals tell the same, whatever the user has become since."""
    ann = db.add_user("ann")
    db.sql("update doorward.users set password_version = 3, device_version = 5")
    session, sid = db.open("ann", "t0")
    row = ("select amr, auth_time = opened_at, password_version, device_version"
           " from doorward.sessions where id = %s")
    assert db.sql(row, session) == [(["pwd"], True, 3, 5)]
    said = db.sql("select auth_time, amr from doorward.account_find(%s, %s)", ann, sid,
                  role="doorward_account")
    assert said[0][1] == "pwd" and abs(said[0][0] - time.time()) < 60
    db.move_clock(3000)
    assert db.refresh("t0", "t1") == "ok"
    assert db.sql("select auth_time, amr from doorward.session_look(sha256('t1'), null, 30)",
                  role="doorward_login") == said
    assert db.sql(row, session) == [(["pwd"], True, 3, 5)]


def test_nothing_opens_without_a_proof(db):
    """Not by a program that forgets to say by what."""
    db.add_user("ann")
    for amr in ([], None):
        with pytest.raises(psycopg2.Error):
            db.open("ann", "t0", amr=amr)
    assert db.one("select count(*) from doorward.sessions") == 0


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


def test_ones_own_session_stays_though_the_roles_change_meanwhile(db):
    """The request came with the sid of before: sessions are told apart by their ids."""
    ann = db.add_user("ann")
    _, sid = db.open("ann", "a0")
    db.open("ann", "b0")
    db.one("select doorward.user_roles('ann', '{editor}', '{}', 'test')")
    role = {"role": "doorward_account"}
    assert db.one("select ended from doorward.account_sessions_end(%s, %s, null)", ann, sid,
                  **role) == 1
    assert db.refresh("a0", "a1") == "ok" and db.refresh("b0", "b1") == "ended"
    db.open("ann", "c0")
    assert db.one("select doorward.account_password_end(%s, 1, '$new', %s, null, false, false)", ann, sid,
                  **role)
    assert db.refresh("a1", "a2") == "ok" and db.refresh("c0", "c1") == "ended"


def test_a_new_password_ends_the_other_sessions(db):
    """And is refused when the password changed meanwhile or the session is over."""
    ann = db.add_user("ann")
    _, sid = db.open("ann", "a0")
    db.open("ann", "b0")
    role = {"role": "doorward_account"}
    begin = "select wait, password_hash, password_version from doorward.account_password_begin(%s, null)"
    assert db.sql(begin, ann, **role) == [(0, "$hash", 1)]
    end = "select doorward.account_password_end(%s, %s, %s, %s, null, false, false)"
    assert db.one(end, ann, 1, "$new", sid, **role) == 2  # the version for a device secret
    assert db.one(end, ann, 1, "$newer", sid, **role) is None
    assert db.refresh("a0", "a1") == "ok" and db.refresh("b0", "b1") == "ended"
    db.end(sid)
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
    db.end(sid)
    assert db.doorward("db", "tidy").returncode == 0
    assert db.one("select count(*) from doorward.sessions") == 2
    assert db.one("select count(*) from doorward.revocations") == 1
    db.move_clock(40 * DAY)
    assert db.doorward("db", "tidy", "--audit-days", "30").returncode == 0
    assert db.one("select count(*) from doorward.sessions") == 1
    assert db.refresh("a0", "a1") == "ok"
    for table in ("revocations", "attempts"):
        assert db.one(f"select count(*) from doorward.{table}") == 0
    assert db.sql("select event from doorward.audit order by id") == [("tidied",),
                                                                     ("session_renewed",)]
