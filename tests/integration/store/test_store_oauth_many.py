"""Clients that ask again and again: what that leaves, and that it can be ended in time."""

import re

import pytest

from database import in_parallel
from oauth_calls import ADDRESS, REDIRECT, OAuth
from test_store_links import make as make_link
from test_store_links import use as use_link

PLAIN, OFFLINE = ["openid"], ["openid", "offline_access"]
MONTH = 30 * 86400


@pytest.fixture(name="o")
def _o(db):
    """Ann, who is signed in for a month, and a client that need not ask."""
    o = OAuth(db)
    o.ann = db.add_user("ann", "member")
    o.give_address(o.ann)
    o.session, o.login_sid = db.open("ann", "r", browser=True, idle=MONTH, life=MONTH)
    assert o.add(consent="trusted") == "ok"
    # of the roles that have a limit on a statement, the owner's is not one
    o.connection("doorward").cursor().execute("set statement_timeout = '2s'")
    return o


def ask_often(o, n, scopes):
    """As many authorizations as the program makes; none of the codes is used."""
    cursor = o.connection("doorward_oauth").cursor()
    for first in range(0, n, 250):
        cursor.execute(
            "select outcome, count(*) from generate_series(%s, %s) n, lateral"
            " doorward.oauth_code_make(%s, %s, 'app', %s, %s, null, null,"
            " sha256(concat(%s::text, n)::bytea), 60, false, null, null, %s) outcome group by 1",
            (first, first + 249, o.ann, o.login_sid, scopes, REDIRECT, scopes[-1], ADDRESS))
        assert cursor.fetchall() == [("ok", 250)]


def living(o):
    """How many grants have not ended, of those that end with a session and of the others."""
    return o.ask("select count(*) filter (where not offline), count(*) filter (where offline)"
                 " from doorward.oauth_grants where ended_at is null")[0]


def add_old(o, n, every):
    """Grants of a time without a limit; one of so many has given tokens."""
    o.db.sql("insert into doorward.oauth_grants (client_id, user_id, session_id, offline, scopes,"
             " auth_time, amr, created_at, used_at, ends_at)"
             " select 'app', %s, %s, i %% 2 = 0, '{openid}', now(), '{pwd}', now(), now(),"
             " now() + interval '1 hour' from generate_series(1, %s) i", o.ann, o.session, n)
    o.db.sql("insert into doorward.oauth_codes"
             " select sha256(id::text::bytea), id, %s, null, ends_at from doorward.oauth_grants",
             REDIRECT)
    o.db.sql("insert into doorward.oauth_refresh_tokens (hash, grant_id)"
             " select sha256(id::text::bytea), id from (select id, row_number() over (order by id) n"
             " from doorward.oauth_grants) g where n %% %s = 0", every)
    o.db.sql("update doorward.oauth_codes k set used_at = now() where exists"
             " (select 1 from doorward.oauth_refresh_tokens t where t.grant_id = k.grant_id)")
    o.db.sql("analyze")


def reset_by_mail(o):
    """A new password behind a link."""
    link = make_link(o.db, "reset", o.ann)
    assert use_link(o.db, "reset", link, password="$new")[0] == "ok"


ENDS = {
    "logout": lambda o: o.db.end(o.login_sid),
    "reset": reset_by_mail,
    "disable": lambda o: o.ask("select doorward.user_disable('ann', true, 'operator:me')"),
    "withdraw": lambda o: o.withdraw(o.ann),
    "role": lambda o: o.set(roles=["staff"]),
    "remove": lambda o: o.remove(),
}


def test_three_thousand_authorizations_leave_a_session_that_can_be_ended(o):
    ask_often(o, 1500, PLAIN)
    ask_often(o, 1500, OFFLINE)
    assert living(o) == (10, 20)
    ended, revoked = o.db.end(o.login_sid)  # by the program, whose statements have a limit
    assert ended and revoked == {o.login_sid}
    assert living(o) == (0, 0)


@pytest.mark.parametrize("end", ENDS)
def test_ten_thousand_grants_of_a_time_without_a_limit_end_in_time(o, end):
    add_old(o, 10_000, every=2)
    [(gave, gave_offline)] = o.ask(
        "select count(*), count(*) filter (where g.offline) from doorward.oauth_refresh_tokens t"
        " join doorward.oauth_grants g on g.id = t.grant_id")
    assert gave == 5000 and 0 < gave_offline < gave
    ENDS[end](o)
    left = gave_offline if end == "logout" else 0
    assert living(o) == (0, left)
    ended = len(o.audited("oauth_grant_ended"))
    assert ended == gave - left
    assert len(o.revoked()) == ended + (end in ("logout", "reset", "disable"))


def test_who_asks_next_makes_room_among_ten_thousand(o):
    add_old(o, 10_000, every=100)
    o.db.move_clock(4000)  # the codes that were not used have run out
    assert o.make("c", o.ann, o.session) == "ok"
    assert o.count("oauth_grants") == 101 and sum(living(o)) <= 101


# ---- prompt=none each five minutes ----


def test_codes_that_are_never_used_leave_one_grant(o):
    for n in range(12):
        o.db.move_clock(300 * n)
        assert o.make(f"c{n}", o.ann, o.session, scopes=(PLAIN, OFFLINE)[n % 2]) == "ok"
        assert o.count("oauth_grants") == o.count("oauth_codes") == 1
    assert o.use("c10")["outcome"] == "invalid" and o.use("c11")["outcome"] == "ok"
    assert o.audited("oauth_grant_ended") == [] and o.revoked() == {}


@pytest.mark.parametrize("scopes, most", [(PLAIN, 10), (OFFLINE, 20)])
def test_a_client_that_logs_in_every_five_minutes_keeps_the_newest_grants(o, scopes, most):
    given = []
    for n in range(most + 3):
        o.db.move_clock(300 * n)
        given.append(o.tokens(f"c{n}-", o.ann, o.session, scopes=scopes))
    assert sum(living(o)) == most
    assert set(o.revoked()) == {tokens["sid"] for tokens in given[:3]}
    assert o.audited("oauth_grant_ended") == ["app: too many"] * 3
    assert o.renew("c2-1", "c2-2")["outcome"] == "ended"
    assert o.userinfo(given[2])["outcome"] == "over" and o.userinfo(given[3])["outcome"] == "ok"
    assert o.renew("c3-1", "c3-2")["outcome"] == "ok"
    # which was used just now, so that the next one is longest unused
    o.db.move_clock(300 * (most + 3))
    assert o.tokens("next", o.ann, o.session, scopes=scopes)["outcome"] == "ok"
    assert o.renew("c4-1", "c4-2")["outcome"] == "ended" and o.renew("c3-2", "c3-3")["outcome"] == "ok"


def test_the_limit_counts_neither_other_clients_nor_sessions_nor_people(o):
    o.add("app2", consent="trusted", secret="s2")
    bob = o.db.add_user("bob")
    bobs, _ = o.db.open("bob", "r2", browser=True)
    second, _ = o.db.open("ann", "r3", browser=True)
    for n in range(10):
        o.tokens(f"a{n}-", o.ann, o.session, scopes=PLAIN)
        o.tokens(f"b{n}-", bob, bobs, scopes=PLAIN)
        o.tokens(f"c{n}-", o.ann, second, scopes=PLAIN)
        o.tokens(f"f{n}-", o.ann, second, scopes=OFFLINE)
        o.tokens(f"g{n}-", o.ann, o.session, scopes=OFFLINE)
        assert o.make(f"d{n}", o.ann, o.session, client="app2", scopes=PLAIN) == "ok"
    assert living(o) == (40, 20)
    # those with offline_access are of a person, whatever the session
    o.tokens("f-", o.ann, o.session, scopes=OFFLINE)
    assert living(o) == (40, 20) and o.renew("f0-1", "f0-2")["outcome"] == "ended"


def test_of_many_at_once_no_more_live_than_may(o):
    for n in range(8):
        o.make(f"c{n}", o.ann, o.session, scopes=PLAIN)
    sid = o.sid(o.session)
    assert in_parallel(8, lambda i: o.make(f"p{i}", o.ann, None, sid=sid, scopes=PLAIN)) == ["ok"] * 8
    assert living(o) == (10, 0)


# ---- what gave no tokens ----


def test_a_grant_that_gave_no_tokens_ends_in_silence(o):
    assert o.make("c1", o.ann, o.session) == "ok"
    ended, revoked = o.db.end(o.login_sid)
    assert ended and revoked == {o.login_sid} == set(o.revoked())
    assert o.grants() == [("app", "logout")] and o.audited("oauth_grant_ended") == []


def test_a_code_that_is_refused_is_told_although_it_gave_no_tokens(o):
    assert o.make("c1", o.ann, o.session) == "ok"
    assert o.use("c1", redirect="https://app.example/other")["outcome"] == "invalid"
    assert o.revoked() == {} and o.audited("oauth_grant_ended") == ["app: code refused"]


def test_another_role_revokes_no_sid_that_stands_in_no_token(o):
    o.set(audience="https://api.example")
    used = o.tokens("c1", o.ann, o.session)
    assert o.make("c2", o.ann, o.session) == "ok"
    o.ask("select doorward.user_roles('ann', '{editor}', '{}', 'operator:me')")
    assert set(o.revoked()) == {used["sid"], o.login_sid}
    assert o.use("c2")["groups"] == "editor member"


# ---- what the verifiers are told ----


def buffers(cursor, call):
    """How many blocks PostgreSQL looks at for a call, once it has planned for good."""
    for _ in range(8):
        cursor.execute(f"explain (analyze, buffers, timing off) select doorward.{call}")
    text = "\n".join(line for (line,) in cursor.fetchall()).split("Planning")[0]
    return sum(int(n) for n in re.findall(r"(?:hit|read)=(\d+)", text))


def test_what_is_revoked_is_found_without_reading_all_revocations(o):
    o.db.sql("insert into doorward.revocations select gen_random_uuid(), now() + interval '1 day',"
             " gen_random_uuid() from generate_series(1, 20000)")
    one = o.tokens("c1", o.ann, o.session)
    o.db.end(o.login_sid)
    o.db.sql("vacuum analyze")
    cursor = o.connection("doorward").cursor()
    cursor.execute("select doorward.revoked_sids(%s, %s)", (o.session, o.login_sid))
    assert set(cursor.fetchone()[0].split()) == {o.login_sid, one["sid"]}
    for call in (f"revoked_sids('{o.session}', null)", f"revoked_sids(null, '{o.login_sid}')",
                 f"revoked_sids('{o.session}', '{o.login_sid}')",
                 f"oauth_withdraw('{o.ann}', 'app', null)"):
        assert buffers(cursor, call) < 40, call
    assert buffers(cursor, "revoked_sids(null, null)") == 0


def test_who_has_proven_nothing_is_told_of_no_revocations(o):
    one = o.tokens("c1", o.ann, o.session)
    assert o.use("c1")["revoked"] == one["sid"]
    assert o.use("c1", secret="wrong")["revoked"] is o.use("c2")["revoked"] is None
