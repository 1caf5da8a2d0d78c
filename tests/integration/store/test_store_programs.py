"""Tokens for programs in the database: who may make one, what ends it, and what it leaves."""

import time
import uuid

import pytest

from database import in_parallel
from factor_calls import FRESH, Factors

YEAR = 365 * 86400
LOGIN_REACH = 86400 + 360  # doorward.sid_reach('login')


class Programs(Factors):
    """What login, account and the operator's command do with one database."""

    def make(self, label="backup", roles=("member",), prefix=None, life=YEAR, **other):
        """As the login program; the outcome and the token's id."""
        sid = str(uuid.uuid4())
        who = {"user": self.ann, "sid": self.sid(self.session), "name": "ann", "tell": True, **other}
        row = self.row("program_make(%s, %s, %s, %s, %s, %s, %s::text[], %s, %s, %s, %s)",
                       who["user"], who["sid"], FRESH, who["name"], sid, label, list(roles), prefix,
                       int(time.time()) + life, who["tell"], "192.0.2.1")
        return row["outcome"], sid

    def good(self, *argv, **named):
        """The id of one that was made."""
        outcome, sid = self.make(*argv, **named)
        assert outcome == "ok"
        return sid

    def issue(self, user, roles=(), label="cron", name="ann"):
        """As `doorward token issue`."""
        sid = str(uuid.uuid4())
        return self.db.one("select doorward.program_issue(%s, %s, %s, %s, %s::text[], null, %s, null,"
                           " false, 'operator:me')", user, name, sid, label, list(roles),
                           int(time.time()) + 60), sid

    def living(self):
        """The ids of Ann's."""
        return {row["id"] for row in self.rows("program_list(%s)", self.ann, role="doorward_account")}

    def revoked(self):
        """sid to until."""
        return dict(self.db.sql("select sid::text, until from doorward.revocation_list()"))


@pytest.fixture(name="p")
def _p(db):
    """Ann, signed in a moment ago with nothing but her password."""
    p = Programs(db)
    p.ann = db.add_user("ann", "member", "editor")
    p.session, _ = db.open("ann", "r", browser=True, idle=7200)
    return p


def test_a_token_is_listed_with_all_that_it_says(p):
    sid = p.good("the backup", ["editor", "member"], "/dav")
    [row] = p.rows("program_list(%s)", p.ann, role="doorward_account")
    assert (row["id"], row["label"], row["roles"], row["prefix"]) == (
        sid, "the backup", "editor member", "/dav")
    assert row["expires_at"] - row["created_at"] in range(YEAR - 5, YEAR + 5)
    [any_row] = p.rows("program_list_any(%s, 10)", "ANN", role="doorward")
    assert any_row["name"] == "ann" and any_row["id"] == sid
    assert p.rows("program_list_any(%s, 10)", "bob", role="doorward") == []


def test_the_owner_is_told_by_mail_and_the_audit_knows(p):
    p.give_address(p.ann)
    sid = p.good("backup", ["member"], "/dav")
    [(template, data)] = p.mails()
    assert template == "token-made" and data["label"] == "backup" and data["prefix"] == "/dav"
    [detail] = p.audited("token_made")
    assert detail.startswith("backup roles=member prefix=/dav expires=20")
    assert p.db.one("select session::text from doorward.audit where event = 'token_made'") == sid
    p.good(tell=False)
    assert len(p.mails()) == 1


@pytest.mark.parametrize("fields, outcome", [
    ({"roles": ["admin"]}, "changed"), ({"roles": ["member", "admin"]}, "changed"),
    ({"name": "Ann"}, "changed"), ({"label": ""}, "label"), ({"label": " x"}, "label"),
    ({"label": "x" * 101}, "label"), ({"label": "a\u200bb"}, "label"), ({"label": "a\nb"}, "label"),
    ({"sid": str(uuid.uuid4())}, "over"), ({"user": str(uuid.uuid4())}, "over"),
])
def test_what_may_not_be_made_leaves_nothing(p, fields, outcome):
    assert p.make(**fields)[0] == outcome
    assert p.living() == set() and p.audited("token_made") == [] and p.mails() == []
    assert p.db.one("select coalesce(sum(level), 0) from doorward.attempts"
                    " where bucket like 'program:%%'") == 0


@pytest.mark.parametrize("prefix", ["/", "dav", "/dav/", "//dav", "/a?b", "/a#b", "/a b", "", "/" + "x" * 255])
def test_a_prefix_in_another_form_is_not_stored(p, prefix):
    """The program brings it into that form; the table insists."""
    with pytest.raises(Exception, match="programs_prefix_check"):
        p.make(prefix=prefix)
    assert p.living() == set()


def test_it_takes_a_recent_login(p, db):
    db.sql("update doorward.sessions set auth_time = auth_time - interval '901 s'")
    assert p.make()[0] == "stale"


def test_who_has_a_factor_must_have_proven_it_recently(p, db):
    p.give_totp(p.ann)
    assert p.make()[0] == "stale"
    db.sql("update doorward.sessions set factor_at = doorward.now() - interval '901 s'")
    assert p.make()[0] == "stale"
    db.sql("update doorward.sessions set factor_at = doorward.now()")
    assert p.make()[0] == "ok"


def test_a_session_that_is_over_and_a_disabled_user_make_none(p, db):
    sid = p.sid(p.session)
    db.sql("update doorward.users set disabled = true")
    assert p.make(sid=sid)[0] == "over"
    db.sql("update doorward.users set disabled = false")
    db.sql("select doorward.user_sessions_end('ann', 'x')")
    assert p.make(sid=sid)[0] == "over"


def test_nobody_has_more_than_a_hundred_at_a_time(p, db):
    """Those that ended or expired do not count; how often one is made is counted apart."""
    db.sql("insert into doorward.programs select gen_random_uuid(), %s, 'n', '{}', null, doorward.now(),"
           " doorward.now() + interval '1 day' from generate_series(1, 99)", p.ann)
    last = p.good()
    assert p.make()[0] == "full" and p.issue(p.ann)[0] == "full"
    assert p.row("program_end(%s, %s, null)", p.ann, last, role="doorward_account")["program_end"]
    again = p.good()
    assert p.make()[0] == "full"
    db.sql("update doorward.programs set expires_at = doorward.now() where id = %s", again)
    p.good()


def test_whoever_makes_and_ends_them_without_end_has_to_wait(p, db):
    """Each that ends stays in the revocation file until it would have expired."""
    db.sql("insert into doorward.attempts values ('program:' || %s, 100, doorward.now(), 0)", p.ann)
    assert p.make()[0] == "wait" and p.living() == set()
    db.sql("select doorward.user_unlock('ann', 'operator:me')")
    assert p.make()[0] == "ok"


def test_two_at_once_do_not_exceed_the_bound(p, db):
    db.sql("insert into doorward.programs select gen_random_uuid(), %s, 'n', '{}', null, doorward.now(),"
           " doorward.now() + interval '1 day' from generate_series(1, 99)", p.ann)
    outcomes = in_parallel(4, lambda _: p.make()[0])
    assert sorted(outcomes) == ["full"] * 3 + ["ok"]


def test_an_ended_token_is_revoked_until_a_day_after_it_would_have_expired(p, db):
    sid = p.good(life=1000)
    p.row("program_end(%s, %s, null)", p.ann, sid, role="doorward_account")
    expires = db.one("select ceil(extract(epoch from expires_at))::bigint from doorward.programs")
    assert p.revoked() == {sid: expires + LOGIN_REACH}
    assert p.living() == set() and p.audited("token_ended") == ["by the person: backup"]


def test_nobody_ends_the_token_of_another(p, db):
    sid, bob = p.good(), db.add_user("bob")
    assert not p.row("program_end(%s, %s, null)", bob, sid, role="doorward_account")["program_end"]
    assert p.living() == {sid} and p.revoked() == {}


def test_an_end_is_told_once(p):
    sid = p.good()
    for said in (True, False):
        assert p.row("program_end(%s, %s, null)", p.ann, sid,
                     role="doorward_account")["program_end"] is said
        assert len(p.audited("token_ended")) == 1


def test_the_operator_ends_one_or_all_of_a_user(p, db):
    one, two, three = p.good(), p.good(), p.good()
    assert db.one("select doorward.program_end_any(%s, 'operator:me')", one) is True
    assert db.one("select doorward.program_end_any(%s, 'operator:me')", one) is False
    assert db.one("select doorward.program_end_any(%s, 'operator:me')", str(uuid.uuid4())) is None
    assert p.living() == {two, three}
    assert db.one("select doorward.program_end_user('ANN', 'operator:me')") == 2
    assert db.one("select doorward.program_end_user('ghost', 'operator:me')") is None
    assert p.living() == set() and set(p.revoked()) == {one, two, three}


ENDS_ALL = {
    "user_password": "select doorward.user_password('ann', '$new', 'operator:me')",
    "user_disable": "select doorward.user_disable('ann', true, 'operator:me')",
    "user_rename": "select doorward.user_rename('ann', 'anne', 'operator:me')",
    "other capitals": "select doorward.user_rename('ann', 'Ann', 'operator:me')",
    "user_delete": "select doorward.user_delete('ann', false, 'operator:me')",
}


@pytest.mark.parametrize("action", ENDS_ALL)
def test_what_ends_all_tokens_revokes_them_in_the_same_step(p, db, action):
    sids = {p.good(), p.good(roles=[], prefix="/x")}
    db.sql(ENDS_ALL[action])
    assert p.living() == set() and sids <= set(p.revoked())
    assert len(p.audited("token_ended")) == 2


def test_enabling_brings_no_token_back(p, db):
    sid = p.good()
    db.sql(ENDS_ALL["user_disable"])
    db.sql("select doorward.user_disable('ann', false, 'operator:me')")
    assert p.living() == set() and sid in p.revoked()


def test_a_role_that_was_taken_ends_the_tokens_that_carry_it_and_no_others(p, db):
    with_it, without, bare = p.good(roles=["editor", "member"]), p.good(roles=["member"]), p.good(roles=[])
    db.sql("select doorward.user_roles('ann', '{}', '{editor}', 'operator:me')")
    assert p.living() == {without, bare} and with_it in p.revoked()
    assert p.audited("token_ended") == ["role taken: backup"]
    db.sql("select doorward.user_roles('ann', '{editor}', '{}', 'operator:me')")  # and back
    assert p.living() == {without, bare}


def test_a_change_of_the_own_password_ends_them_if_the_person_wants_it(p, db):
    sids = {p.good(), p.good()}
    change = ("select doorward.account_password_end(%s, %s, '$n', %s, null, false, %s)")
    sid = p.sid(p.session)
    assert db.one(change, p.ann, 1, sid, False, role="doorward_account")
    assert p.living() == sids
    assert db.one(change, p.ann, 2, sid, True, role="doorward_account")
    assert p.living() == set() and sids <= set(p.revoked())


def test_the_end_of_sessions_leaves_tokens_alone(p, db):
    """Signing out everywhere is about browsers; a script has no session."""
    sid = p.good()
    db.sql("select doorward.user_sessions_end('ann', 'operator:me')")
    assert p.living() == {sid}


def test_a_logout_with_a_token_ends_it(p, db):
    sid = p.good(life=1000)
    row = p.row("session_end(%s, true, null)", sid)
    assert row == {"ended": True, "revoked": sid} and p.living() == set()
    expires = db.one("select ceil(extract(epoch from expires_at))::bigint from doorward.programs")
    assert p.revoked()[sid] == expires + LOGIN_REACH
    assert p.row("session_end(%s, true, null)", sid) == {"ended": False, "revoked": sid}


def test_a_sid_that_the_operator_revokes_ends_its_token(p, db):
    sid = p.good()
    db.sql("select doorward.revocation_add(%s, 'operator:me')", sid)
    assert p.living() == set() and sid in p.revoked()
    assert db.one("select name from doorward.audit where event = 'sid_revoked'") == "ann"


def test_an_operator_s_token_is_the_same_row(p, db):
    outcome, sid = p.issue(p.ann, ["member"])
    assert outcome == "ok" and p.living() == {sid}
    assert db.one("select actor from doorward.audit where event = 'token_made'") == "operator:me"
    assert p.issue(p.ann, ["admin"])[0] == "changed" and p.issue(str(uuid.uuid4()))[0] == "over"
    db.sql(ENDS_ALL["user_disable"])
    assert p.issue(p.ann)[0] == "over"


def test_what_a_person_takes_along_lists_the_tokens(p):
    sid = p.good("backup")
    data = p.row("profile_data(%s, %s)", p.ann, p.sid(p.session), role="doorward_account")
    assert f'"id": "{sid}"' in data["profile_data"] and '"label": "backup"' in data["profile_data"]


def test_rows_that_are_over_go_with_the_upkeep(p, db):
    ended, expired, kept = p.good(), p.good(life=60), p.good()
    p.row("program_end(%s, %s, null)", p.ann, ended, role="doorward_account")
    db.move_clock(31 * 86400)
    rows = dict(db.sql("select * from doorward.tidy(400, 30, 'operator:me')"))
    assert rows["programs"] == 2
    assert {row for row, in db.sql("select id::text from doorward.programs")} == {kept}
    assert expired not in p.living() and ended in p.revoked()


def test_the_figures_count_those_that_live_and_say_when_the_last_one_expires(p, db):
    assert db.sql("select * from doorward.program_figures()") == [(0, None)]
    p.good(life=1000)
    ended = p.good()
    p.row("program_end(%s, %s, null)", p.ann, ended, role="doorward_account")
    [(living, until)] = db.sql("select * from doorward.program_figures()")
    assert living == 1 and abs(until - time.time() - 1000) < 10
