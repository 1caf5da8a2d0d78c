"""Codes of the OpenID provider in the database: for whom one is made, and what a client that shows
one gets."""

import uuid

import pytest

from oauth_calls import REDIRECT, OAuth, challenge


@pytest.fixture(name="o")
def _o(db):
    """Ann, who is signed in, and a client."""
    o = OAuth(db)
    o.ann = db.add_user("ann", "editor", "member")
    o.session, _ = db.open("ann", "r", browser=True, idle=7200, life=86400)
    assert o.add() == "ok"
    return o


def test_a_code_gives_what_the_tokens_say(o):
    o.give_address(o.ann)
    o.db.sql("update doorward.users set display_name = 'Ann B', language = 'de'")
    assert o.make("c1", o.ann, o.session, scopes=["openid", "email", "phone"]) == "ok"
    o.db.move_clock(5)
    row = o.use("c1")
    assert row["outcome"] == "ok" and row["revoked"] is None and row["origin"] is False
    assert {key: row[key] for key in (
        "user_id", "name", "display_name", "groups", "address", "address_verified", "language",
        "scopes", "nonce", "amr", "audience", "alg", "id_token_claims", "id_sid")} == {
        "user_id": o.ann, "name": "ann", "display_name": "Ann B", "groups": "editor member",
        "address": "ann@example.org", "address_verified": True, "language": "de",
        "scopes": "openid email", "nonce": "n1", "amr": "pwd", "audience": None, "alg": "RS256",
        "id_token_claims": False, "id_sid": o.id_sid(o.session, "app")}
    assert row["sid"] != o.sid(o.session) and row["sid"] != row["grant_id"]
    assert row["auth_time"] == o.look(o.ann, o.session)["auth_time"]
    assert o.audited("oauth_code") == o.audited("oauth_consent") == ["app: openid email"]


def test_an_address_that_nobody_verified_is_told_as_such(o):
    o.db.sql("insert into doorward.addresses (user_id, address) values (%s, 'a@b.example')", o.ann)
    assert o.tokens("c1", o.ann, o.session)["address_verified"] is False


def test_a_client_hears_of_the_groups_that_it_may_hear_of(o):
    for n, (roles, groups, heard) in enumerate([
            ([], [], "editor member"), (["member", "x"], [], "member"),
            (["member"], ["editor", "x"], "editor"), ([], ["x"], "")]):
        o.set(roles=roles, groups=groups)
        one = o.tokens(f"c{n}-", o.ann, o.session)
        assert one["groups"] == heard == o.userinfo(one)["groups"]
        assert o.renew(f"c{n}-1", f"c{n}-2")["groups"] == heard


NO_CODES = [
    ({"sid": str(uuid.uuid4())}, "over"), ({"client": "other"}, "gone"), ({"client": None}, "gone"),
    ({"redirect": "https://app.example/cb2"}, "gone"), ({"redirect": "https://app.example/cb?x"}, "gone"),
    ({"redirect": "https://app.example:443/cb"}, "gone"), ({"redirect": None}, "gone"),
    ({"scopes": []}, "gone"), ({"scopes": ["phone"]}, "gone"), ({"consented": False}, "consent"),
    ({"request": str(uuid.uuid4())}, "gone"),
]


def test_what_gives_no_code_leaves_nothing(o):
    for change, outcome in NO_CODES:
        assert o.make("c1", o.ann, o.session, **change) == outcome, change
    assert o.count("oauth_grants") == o.count("oauth_codes") == o.count("oauth_consents") == 0
    assert o.audited("oauth_code") == o.audited("oauth_consent") == []


def test_a_session_that_is_over_or_anothers_gives_no_code(o):
    bob = o.db.add_user("bob")
    assert o.make("c1", bob, o.session) == "over"
    o.db.sql("update doorward.users set disabled = true where name = 'ann'")
    assert o.make("c1", o.ann, o.session) == "over"
    o.db.sql("update doorward.users set disabled = false where name = 'ann'")
    o.db.move_clock(7201)
    assert o.make("c1", o.ann, o.session) == "over"


def test_who_has_none_of_the_roles_of_a_client_gets_no_code(o):
    o.set(roles=["staff", "admin"])
    assert o.look(o.ann, o.session)["may"] is False
    assert o.make("c1", o.ann, o.session) == "forbidden"
    o.set(roles=["staff", "member"])
    assert o.make("c1", o.ann, o.session) == "ok"


LOOPBACK = {
    "http://127.0.0.1:1/cb": True, "http://127.0.0.1/cb": True, "http://127.0.0.1:65535/cb": True,
    "http://[::1]:8080/cb": True, "http://localhost:3000/cb?x=1": True,
    "http://localhost:3000/cb": False, "http://localhost:3000/cb?x=2": False,
    "http://127.0.0.1:1/cb/": False, "http://127.0.0.1:1/cb2": False, "http://127.0.0.2:1/cb": False,
    "http://127.0.0.1:/cb": False, "http://127.0.0.1:999999/cb": False,
    "http://127.0.0.1:1@evil.example/cb": False, "http://127.0.0.1.evil.example/cb": False,
    "https://127.0.0.1:1/cb": False, "https://app.example:1/cb": False, "HTTPS://app.example/cb": False,
}


def test_the_port_is_free_on_loopback_and_nowhere_else(o):
    o.set(redirects=["http://127.0.0.1/cb", "http://[::1]/cb", "http://localhost:80/cb?x=1", REDIRECT])
    for redirect, good in LOOPBACK.items():
        outcome = o.make(redirect, o.ann, o.session, redirect=redirect)
        assert outcome == ("ok" if good else "gone"), redirect
        if good:  # and the code is bound to the port that was used
            assert o.use(redirect, redirect="http://127.0.0.1:2/cb")["outcome"] == "invalid"


# ---- consent ----


def test_a_client_that_remembers_asks_once_for_the_same_scopes(o):
    o.set(consent="remember")
    assert o.make("c1", o.ann, o.session, consented=False) == "consent"
    assert o.make("c1", o.ann, o.session) == "ok"
    assert o.make("c2", o.ann, o.session, consented=False) == "ok"
    assert o.make("c3", o.ann, o.session, consented=False, scopes=["openid"]) == "ok"
    assert o.make("c4", o.ann, o.session, consented=False, scopes=["openid", "email"]) == "consent"
    assert o.make("c4", o.ann, o.session, scopes=["openid", "email"]) == "ok"
    assert o.look(o.ann, o.session)["consent_scopes"] == "email openid profile"
    assert o.audited("oauth_consent") == ["app: openid profile", "app: openid email"]


def test_a_client_that_asks_each_time_remembers_nothing(o):
    assert o.make("c1", o.ann, o.session) == "ok"
    assert o.look(o.ann, o.session)["consent_scopes"] is None
    assert o.make("c2", o.ann, o.session, consented=False) == "consent"


def test_a_trusted_client_asks_nobody(o):
    o.set(consent="trusted")
    assert o.make("c1", o.ann, o.session, consented=False) == "ok"
    assert o.audited("oauth_consent") == [] and o.audited("oauth_code") == ["app: openid profile"]


def test_another_persons_consent_counts_for_nobody_else(o):
    o.set(consent="remember")
    o.make("c1", o.ann, o.session)
    bob = o.db.add_user("bob")
    session, _ = o.db.open("bob", "r2", browser=True)
    assert o.make("c2", bob, session, consented=False) == "consent"


def test_what_was_allowed_is_forgotten_where_the_client_may_not_ask_for_it_any_more(o):
    o.set(consent="remember")
    o.make("c1", o.ann, o.session, scopes=["openid", "email"])
    o.set(scopes=["openid", "profile"])
    assert o.make("c2", o.ann, o.session, scopes=["openid", "profile"]) == "ok"
    assert o.look(o.ann, o.session)["consent_scopes"] == "openid profile"


# ---- use ----


def test_a_code_is_good_for_its_life(o):
    o.make("c1", o.ann, o.session)
    o.make("c2", o.ann, o.session)
    o.db.move_clock(59)
    assert o.use("c1")["outcome"] == "ok"
    o.db.move_clock(60)
    assert o.use("c2")["outcome"] == "invalid"
    assert o.grants() == [("app", None), ("app", None)]


def burnt(o, code, **right):
    """The code that was just refused is of no use to anybody, and nothing was given for it."""
    assert o.use(code, **right)["outcome"] == "reuse"
    assert o.audited("oauth_grant_ended")[-1] == "app: code refused"
    assert o.count("oauth_refresh_tokens") == 0


def test_a_wrong_verifier_burns_the_code(o):
    for n, (made, shown) in enumerate([(challenge("v1"), challenge("v2")), (challenge("v1"), None),
                                       (None, challenge("v1"))]):
        o.make(f"c{n}", o.ann, o.session, challenge=made)
        row = o.use(f"c{n}", challenge=shown)
        assert (row["outcome"], row["sid"], row["user_id"]) == ("invalid", None, None)
        burnt(o, f"c{n}", challenge=made)
    assert o.grants() == [("app", "code refused")] * 3


def test_another_redirect_uri_burns_the_code(o):
    o.set(redirects=[REDIRECT, "https://app.example/two"])
    for redirect in (None, "https://app.example/", "https://app.example/two", "https://app.example/CB",
                     ""):
        o.make(f"c{redirect}", o.ann, o.session)
        assert o.use(f"c{redirect}", redirect=redirect)["outcome"] == "invalid"
        burnt(o, f"c{redirect}")
    assert o.grants() == [("app", "code refused")] * 5


def test_a_code_of_another_client_is_refused_and_stays_good(o):
    o.add("app2", secret="s2")
    o.make("c1", o.ann, o.session)
    assert o.use("c1", client="app2", secret="s2")["outcome"] == "invalid"
    assert o.use("c1")["outcome"] == "ok"
    assert o.use("c1", client="app2", secret="s2")["outcome"] == "invalid"  # no reuse
    assert o.grants() == [("app", None)]


def test_an_unknown_code_is_refused(o):
    assert o.use("c1")["outcome"] == "invalid" and o.revoked() == {}


def test_a_second_use_ends_what_the_first_gave(o):
    o.set(scopes=["openid", "offline_access"])
    one = o.tokens("c1", o.ann, o.session, scopes=["openid", "offline_access"])
    row = o.use("c1", "another")
    assert row["outcome"] == "reuse" and row["revoked"].split() == [one["sid"]]
    assert one["sid"] in o.revoked() and row["user_id"] is None
    assert o.renew("c11", "c12")["outcome"] == "ended" and o.userinfo(one)["outcome"] == "over"
    assert o.grants() == [("app", "code reuse")] and o.audited("oauth_code_reuse") == ["app: code reuse"]
    again = o.use("c1")
    assert again["outcome"] == "reuse" and again["revoked"] == row["revoked"]
    assert len(o.audited("oauth_code_reuse")) == 1 and o.db.end(o.sid(o.session))[0] is True


def test_a_second_use_ends_the_grant_long_after_the_first(o):
    one = o.tokens("c1", o.ann, o.session, scopes=["openid", "offline_access"])
    o.db.move_clock(10 * 86400)
    assert o.use("c1")["outcome"] == "reuse" and one["sid"] in o.revoked()


def test_a_code_without_a_challenge_is_refused_once_the_client_has_to_use_pkce(o):
    o.make("c1", o.ann, o.session)
    o.set(pkce=True)
    assert o.use("c1")["outcome"] == "invalid"
    o.make("c2", o.ann, o.session, challenge=challenge("v"))
    assert o.use("c2", challenge=challenge("v"))["outcome"] == "ok"


def test_a_code_for_a_redirect_uri_that_is_gone_is_refused(o):
    o.make("c1", o.ann, o.session)
    o.set(redirects=["https://app.example/new"])
    assert o.use("c1")["outcome"] == "invalid" and o.grants() == [("app", "code refused")]


def test_a_code_of_a_person_who_lost_the_role_is_refused(o):
    o.make("c1", o.ann, o.session)
    o.db.sql("update doorward.oauth_clients set roles = '{staff}'")  # past client_set
    assert o.use("c1")["outcome"] == "invalid"


def test_a_grant_that_is_not_offline_ends_with_its_session_and_another_with_its_use(o):
    plain = o.tokens("c1", o.ann, o.session)
    offline = o.tokens("c2", o.ann, o.session, scopes=["openid", "offline_access"])
    ends = o.db.one("select floor(extract(epoch from ends_at))::bigint from doorward.sessions")
    assert plain["ends_at"] == ends
    assert offline["ends_at"] - plain["auth_time"] in range(90 * 86400, 90 * 86400 + 10)
    o.db.move_clock(7201)  # the session was not renewed
    assert o.userinfo(plain)["outcome"] == "over" and o.renew("c11", "c12")["outcome"] == "ended"
    assert o.userinfo(offline)["outcome"] == "ok" and o.renew("c21", "c22")["outcome"] == "ok"
