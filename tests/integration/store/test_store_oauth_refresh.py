"""Tokens of clients in the database after the first ones: renewed, looked up and given back."""

import uuid

import pytest

from oauth_calls import OAuth

OFFLINE = ["openid", "profile", "offline_access"]


@pytest.fixture(name="o")
def _o(db):
    """Ann, who is signed in, and a client with a grant of hers that is not offline."""
    o = OAuth(db)
    o.ann = db.add_user("ann", "member")
    o.session, _ = db.open("ann", "r", browser=True, idle=7200)
    assert o.add() == "ok"
    o.one = o.tokens("c1", o.ann, o.session)
    return o


def test_a_renewal_gives_the_same_without_the_nonce(o):
    row = o.renew("c11", "c12")
    assert row["outcome"] == "ok" and row["nonce"] is None and o.one["nonce"] == "n1"
    # the word of the second half takes the place of the first's; the rest is as it was
    assert {k: v for k, v in row.items() if k not in ("nonce", "origin")} == {
        k: v for k, v in o.one.items() if k not in ("nonce", "origin")}


def test_a_renewal_looks_at_the_present_person_and_client(o):
    assert o.db.doorward("user", "rename", "ann", "anna").returncode == 0
    o.set(scopes=["openid", "email"], alg="site", id_token_claims=True)
    row = o.renew("c11", "c12")
    assert (row["outcome"], row["name"], row["scopes"], row["alg"], row["id_token_claims"]) == (
        "ok", "anna", "openid", "site", True)
    assert row["sid"] == o.one["sid"]
    assert o.userinfo(row)["name"] == "anna" and o.userinfo(row)["scopes"] == "openid"


def test_a_grant_of_which_no_scope_is_left_gives_nothing(o):
    o.set(scopes=["email"])
    assert o.renew("c11", "c12")["outcome"] == "ended" and o.userinfo(o.one)["outcome"] == "over"
    o.set(scopes=["openid"])
    assert o.renew("c11", "c12")["outcome"] == "ok"


def test_a_lost_answer_is_given_once_more(o):
    assert o.renew("c11", "c12")["outcome"] == "ok"
    o.db.move_clock(29)
    assert o.renew("c11", "c12")["outcome"] == "ok"
    assert o.count("oauth_refresh_tokens") == 2
    assert o.renew("c12", "c13")["outcome"] == "ok"


@pytest.mark.parametrize("after, successor", [(31, "c12"), (1, "other")])
def test_a_used_token_whose_successor_nobody_used_ends_the_grant(o, after, successor):
    o.renew("c11", "c12")
    o.db.move_clock(after)
    row = o.renew("c11", successor)
    assert row["outcome"] == "lost" and row["revoked"].split() == [o.one["sid"]]
    assert o.renew("c12", "c13")["outcome"] == "ended" and o.one["sid"] in o.revoked()
    assert o.audited("oauth_grant_ended") == ["app: refresh lost"]


def test_a_used_token_whose_successor_was_used_ends_the_grant(o):
    o.renew("c11", "c12")
    o.renew("c12", "c13")
    row = o.renew("c11", "c12")
    assert row["outcome"] == "reuse" and row["revoked"].split() == [o.one["sid"]]
    assert o.renew("c13", "c14")["outcome"] == "ended" and o.userinfo(o.one)["outcome"] == "over"
    assert o.audited("oauth_refresh_reuse") == ["app: refresh reuse"]
    again = o.renew("c11", "c12")
    assert again["outcome"] == "ended" and again["revoked"] == row["revoked"]
    assert len(o.audited("oauth_refresh_reuse")) == 1


def test_another_clients_token_is_unknown_and_stays_good(o):
    o.add("app2", secret="s2")
    row = o.renew("c11", "c12", client="app2", secret="s2")
    assert (row["outcome"], row["user_id"], row["revoked"]) == ("unknown", None, None)
    o.renew("c11", "c12")
    assert o.renew("c11", "x", client="app2", secret="s2")["outcome"] == "unknown"
    assert o.renew("c12", "c13")["outcome"] == "ok"


def test_an_unknown_token_and_a_code_are_unknown(o):
    o.make("c2", o.ann, o.session)
    assert o.renew("c2", "x")["outcome"] == o.renew("x", "y")["outcome"] == "unknown"
    assert o.use("c2")["outcome"] == "ok"


def test_a_refresh_token_of_a_session_is_none_of_a_client(o):
    assert o.renew("r", "x")["outcome"] == "unknown"
    assert o.db.refresh("c11", "x") == "unknown" and o.db.end_by_refresh("c11")[0] is False
    assert o.renew("c11", "c12")["outcome"] == "ok" and o.db.refresh("r", "r2") == "ok"


def test_tokens_that_were_made_before_a_change_of_roles_are_not_given(o):
    o.set(audience="https://api.example")
    first = o.one["sid"]
    assert o.db.doorward("user", "role", "ann", "--add", "new").returncode == 0
    row = o.renew("c11", "c12", sid=first)
    assert row["outcome"] == "changed" and row["revoked"] is None
    row = o.renew("c11", "c12")
    assert row["outcome"] == "ok" and row["sid"] != first and row["groups"] == "member new"
    assert row["audience"] == "https://api.example"


def test_an_offline_grant_ends_when_it_is_not_used_for_so_long(o):
    o.tokens("c2", o.ann, o.session, scopes=OFFLINE)
    o.db.move_clock(89 * 86400)
    assert o.renew("c21", "c22")["outcome"] == "ok"
    o.db.move_clock(178 * 86400)
    assert o.renew("c22", "c23")["outcome"] == "ok"
    o.db.move_clock(268 * 86400)
    assert o.renew("c23", "c24")["outcome"] == "ended"


# ---- userinfo ----


def test_userinfo_says_what_is_known_now(o):
    o.give_address(o.ann)
    o.db.sql("update doorward.users set display_name = 'Ann', language = 'fr'")
    assert o.userinfo(o.one) == {
        "outcome": "ok", "origin": False, "user_id": o.ann, "name": "ann", "display_name": "Ann",
        "groups": "member", "address": "ann@example.org", "address_verified": True,
        "language": "fr", "scopes": "openid profile"}


def test_userinfo_is_for_the_grant_that_the_token_names(o):
    o.add("app2", secret="s2")
    for change in ({"sid": str(uuid.uuid4())}, {"sid": None}, {"client": "app2"}, {"client": "none"},
                   {"user": str(uuid.uuid4())}):
        row = o.userinfo(o.one, **change)
        assert row["outcome"] == "over", change
        assert row["user_id"] is row["name"] is row["scopes"] is None


def test_the_sid_of_a_session_opens_no_userinfo(o):
    assert o.userinfo(o.one, sid=o.sid(o.session))["outcome"] == "over"


# ---- given back (RFC 7009) ----


def test_a_refresh_token_that_is_given_back_ends_the_grant(o):
    row = o.revoke("c11")
    assert row["outcome"] == "ok" and row["revoked"].split() == [o.one["sid"]]
    assert o.renew("c11", "c12")["outcome"] == "ended" and o.userinfo(o.one)["outcome"] == "over"
    assert o.grants() == [("app", "given back")]
    assert o.revoke("c11")["revoked"] == row["revoked"]  # a second try tells the verifiers again
    assert len(o.audited("oauth_grant_ended")) == 1
    assert o.look(o.ann, o.session)["session_id"] == o.session  # the session goes on


def test_a_used_refresh_token_that_is_given_back_ends_the_grant(o):
    o.renew("c11", "c12")
    assert o.revoke("c11")["revoked"].split() == [o.one["sid"]]
    assert o.renew("c12", "c13")["outcome"] == "ended"


def test_an_access_token_that_is_given_back_ends_alone(o):
    row = o.revoke(sid=o.one["sid"])
    assert row["outcome"] == "ok" and row["revoked"].split() == [o.one["sid"]]
    assert o.userinfo(o.one)["outcome"] == "over" and o.one["sid"] in o.revoked()
    assert o.revoke(sid=o.one["sid"])["revoked"].split() == [o.one["sid"]]
    renewed = o.renew("c11", "c12")
    assert renewed["outcome"] == "ok" and o.userinfo(renewed)["outcome"] == "ok"
    assert renewed["id_sid"] == o.one["id_sid"]


def test_what_is_not_the_clients_is_not_taken_back(o):
    o.add("app2", secret="s2")
    other = {"client": "app2", "secret": "s2"}
    assert o.revoke("c11", **other) == {"outcome": "ok", "origin": False, "revoked": None}
    assert o.revoke(sid=o.one["sid"], **other)["revoked"] is None
    assert o.revoke(sid=o.sid(o.session))["revoked"] is None
    program = str(uuid.uuid4())
    o.db.sql("insert into doorward.programs values (%s, %s, 'x', '{}', null, doorward.now(),"
             " doorward.now() + interval '1 day')", program, o.ann)
    assert o.revoke(sid=program)["revoked"] is None
    assert o.revoke("nothing")["revoked"] is None and o.revoke()["revoked"] is None
    assert o.revoked() == {} and o.renew("c11", "c12")["outcome"] == "ok"


def test_an_access_token_of_which_no_row_is_left_is_revoked(o):
    """A backup was restored."""
    stray = str(uuid.uuid4())
    assert o.revoke(sid=stray)["revoked"] == stray
    first = o.revoked()
    o.db.move_clock(100)
    assert o.revoke(sid=stray)["revoked"] == stray and o.revoked() == first


def test_a_revoked_sid_of_a_client_stays_so_while_its_tokens_can_live(o):
    o.revoke("c11")
    now = o.db.one("select extract(epoch from doorward.now())::float")
    assert o.revoked()[o.one["sid"]] - now > 86400 + 300


def test_the_operator_ends_a_grant_by_a_sid_that_it_has_or_had(o):
    o.revoke(sid=o.one["sid"])
    assert o.db.doorward("revocations", "add", o.one["sid"]).returncode == 0
    assert o.grants() == [("app", "operator")] and o.renew("c11", "c12")["outcome"] == "ended"
    assert o.look(o.ann, o.session)["session_id"] == o.session


def test_the_sid_of_a_client_ends_no_session(o):
    """Whatever program is shown it."""
    o.revoke(sid=o.one["sid"])
    for _ in range(2):
        assert o.db.end(o.one["sid"])[0] is False
    assert o.rows("account_find(%s, %s)", o.ann, o.one["sid"], role="doorward_account") == []
    assert o.look(o.ann, o.session)["session_id"] == o.session
