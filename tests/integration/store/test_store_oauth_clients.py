"""Clients of the OpenID provider in the database: how they are registered, changed and removed,
and what a program hears of them."""

import pytest

from oauth_calls import CLIENT, OAuth, sha


@pytest.fixture(name="o")
def _o(db):
    """Ann, who is signed in."""
    o = OAuth(db)
    o.ann = db.add_user("ann", "member", "editor")
    o.session, _ = db.open("ann", "r", browser=True, idle=7200)
    return o


def test_a_client_is_listed_with_all_that_it_was_registered_with(o):
    assert o.add(redirects=["https://a.example/1", "https://a.example/2?x=1"], roles=["member"],
                 groups=["editor", "member"], audience="https://api.example", pkce=True,
                 id_token_claims=True, alg="site", consent="remember") == "ok"
    row = o.listed()
    assert row["redirects"].split("\n") == ["https://a.example/1", "https://a.example/2?x=1"]
    assert (row["roles"], row["groups"], row["audience"]) == ("member", "editor member",
                                                             "https://api.example")
    assert (row["pkce"], row["id_token_claims"], row["alg"], row["consent"]) == (
        True, True, "site", "remember")
    assert (row["secrets"], row["secret_ends_at"], row["grants"], row["people"]) == (1, None, 0, 0)
    assert row["scopes"] == "openid profile email groups offline_access"
    assert row["created_at"] == row["changed_at"]
    assert o.audited("client_added") == ["app"]


def test_the_secret_is_kept_as_its_hash_only(o):
    o.add()
    assert [bytes(h) for (h,) in o.db.sql("select hash from doorward.oauth_secrets")] == [sha("s1")]


def test_a_second_client_with_that_id_is_refused(o):
    assert o.add() == "ok"
    assert o.add(name="Other", secret="s2") == "taken"
    assert o.listed()["name"] == "The App" and o.count("oauth_secrets") == 1


def test_what_is_no_client_id_is_refused(o):
    for client in ("", "App", "-app", "a b", "app/x", "doorward", "doorward-x", "x" * 65, "app\n",
                   "äpp", None):
        assert o.add(client) == "invalid", client
    assert o.count("oauth_clients") == o.count("oauth_secrets") == 0
    assert o.add("x" * 64) == "ok"


NO_VALUES = [
    {"name": ""}, {"name": "a\u200bb"}, {"name": "x" * 101}, {"method": "private_key_jwt"},
    {"method": None}, {"method": "none", "pkce": False}, {"consent": "never"}, {"alg": "HS256"},
    {"alg": "none"}, {"scopes": ["a b"]}, {"scopes": ["openid", "openid"]}, {"scopes": [None]},
    {"scopes": ["a\"b"]}, {"roles": ["a b"]}, {"groups": ["a b"]}, {"audience": "https://a b"},
    {"redirects": ["https://a.example/#x"]}, {"redirects": ["https://a.example/a\nb"]},
    {"redirects": ["https://a.example/ä"]}, {"redirects": ["/cb"]}, {"redirects": ["https:"]},
    {"redirects": ["https://a.example/" + "x" * 2000]}, {"redirects": ["https://a.example/"] * 2},
    {"redirects": [f"https://a.example/{n}" for n in range(21)]}, {"logouts": ["bye"]},
]


def test_what_no_client_can_have_is_refused(o):
    for change in NO_VALUES:
        assert o.add(**change) == "invalid", change
    assert o.count("oauth_clients") == o.count("oauth_secrets") == 0
    assert o.audited("client_added") == []
    o.add()
    before = o.listed()
    for change in NO_VALUES:
        if None not in change.values():  # which would leave the value as it is
            assert o.set(**change) == {"outcome": "invalid", "ended": 0, "revoked": None}, change
    assert o.listed() == before and o.audited("client_changed") == []


def test_a_change_leaves_what_it_does_not_name(o):
    o.add(audience="https://api.example", roles=["member"])
    before = o.listed()
    o.db.move_clock(60)
    assert o.set(name="Another") == {"outcome": "ok", "ended": 0, "revoked": ""}
    after = o.listed()
    assert after.pop("changed_at") > before.pop("changed_at")
    assert after == {**before, "name": "Another"}
    o.set(audience="", roles=[])
    assert o.listed()["audience"] is None and o.listed()["roles"] == ""
    assert o.audited("client_changed") == ["app", "app"]


def test_an_unknown_client_cannot_be_changed_removed_or_get_a_secret(o):
    assert o.set("other", name="x")["outcome"] == "missing"
    assert o.remove("other") == {"ended": None, "revoked": None}
    assert o.new_secret("s2", client="other") == "missing"
    assert o.rows("client_list('other')", role="doorward") == []
    assert o.audited("client_removed") == o.audited("client_changed") == []


def test_a_client_that_becomes_public_has_pkce_and_no_secret(o):
    o.add()
    assert o.set(method="none")["outcome"] == "ok"
    assert o.listed()["pkce"] is True and o.listed()["secrets"] == 0
    assert o.new_secret("s2") == "public"
    assert o.set(pkce=False)["outcome"] == "invalid"
    assert o.set(method="client_secret_post")["outcome"] == "ok"
    assert o.new_secret("s2") == "ok" and o.listed()["secrets"] == 1


def test_the_secret_before_is_good_for_as_long_as_it_is_kept(o):
    o.add()
    assert o.new_secret("s2", keep=3600) == "ok"
    assert o.listed()["secrets"] == 2
    assert all(o.revoke(refresh="x", secret=s)["outcome"] == "ok" for s in ("s1", "s2"))
    o.db.move_clock(3601)
    assert o.revoke(refresh="x", secret="s1")["outcome"] == "client"
    assert o.revoke(refresh="x", secret="s2")["outcome"] == "ok"
    assert o.listed()["secrets"] == 1
    [detail] = o.audited("client_secret_made")
    assert detail.startswith("app: the one before is good until 20")


def test_a_third_secret_ends_the_oldest(o):
    o.add()
    o.new_secret("s2", keep=3600)
    o.new_secret("s3", keep=60)
    good = [s for s in ("s1", "s2", "s3") if o.revoke(refresh="x", secret=s)["outcome"] == "ok"]
    assert good == ["s2", "s3"]
    o.db.move_clock(61)
    assert [s for s in ("s2", "s3") if o.revoke(refresh="x", secret=s)["outcome"] == "ok"] == ["s3"]


def test_a_secret_that_is_replaced_at_once_is_not_good_any_more(o):
    o.add()
    o.new_secret("s2", keep=3600)
    o.new_secret("s3")
    good = [s for s in ("s1", "s2", "s3") if o.revoke(refresh="x", secret=s)["outcome"] == "ok"]
    assert good == ["s3"] and o.listed()["secrets"] == 1
    assert o.audited("client_secret_made")[1] == "app: the ones before are not good any more"


def test_a_removed_client_leaves_nothing(o):
    o.add(consent="remember")
    o.put()
    one = o.tokens("c1", o.ann, o.session)
    row = o.remove()
    assert row["ended"] == 1 and row["revoked"].split() == [one["sid"]]
    for table in ("clients", "secrets", "requests", "consents", "grants", "codes", "refresh_tokens"):
        assert o.count(f"oauth_{table}") == 0
    assert one["sid"] in o.revoked()
    assert o.audited("client_removed") == ["app: grants=1"]
    assert o.audited("oauth_grant_ended") == ["app: client removed"]
    assert o.look() is None and o.add() == "ok"
    assert o.use("c1")["outcome"] == "invalid" and o.renew("c11", "c12")["outcome"] == "unknown"
    assert o.userinfo(one)["outcome"] == "over"


def test_who_does_not_prove_to_be_the_client_gets_nothing(o):
    o.add()
    o.add("app2", secret="s2")
    o.tokens("c1", o.ann, o.session)
    o.make("c2", o.ann, o.session)
    for how in ({"secret": "other"}, {"secret": None}, {"secret": None, "method": "none"},
                {"method": "client_secret_post"}, {"method": "private_key_jwt"}, {"method": None},
                {"client": "other"}, {"client": None}, {"client": "app2"}):
        assert o.use("c2", **how)["outcome"] == "client", how
        assert o.renew("c11", "c12", **how)["outcome"] == "client", how
        row = o.revoke("c11", **how)
        assert (row["outcome"], row["revoked"]) == ("client", None), how
    assert o.use("c2")["outcome"] == "ok" and o.renew("c11", "c12")["outcome"] == "ok"
    assert o.revoked() == {}


def test_a_public_client_shows_its_id_only(o):
    o.add(method="none", pkce=True, secret=None)
    assert o.revoke("x", secret=None, method="none")["outcome"] == "ok"
    assert o.revoke("x", secret="s1", method="client_secret_basic")["outcome"] == "client"


def test_a_look_tells_what_decides_about_a_request(o):
    o.add(roles=["member"], consent="remember")
    o.give_totp(o.ann)
    row = o.look(o.ann, o.session)
    assert {key: row[key] for key in ("id", "name", "method", "consent", "may", "user_name", "factors",
                                      "consent_scopes", "session_id")} == {
        "id": "app", "name": "The App", "method": "client_secret_basic", "consent": "remember",
        "may": True, "user_name": "ann", "factors": "totp", "consent_scopes": None,
        "session_id": o.session}
    assert row["redirects"].split("\n") == CLIENT["redirects"] and row["amr"] == "pwd"
    o.db.move_clock(100)
    assert o.look(o.ann, o.session)["auth_age"] in range(100, 105)


def test_a_look_without_a_living_session_shows_the_client_only(o):
    o.add()
    bob = o.db.add_user("bob")
    assert o.look()["session_id"] is None and o.look(bob, o.session)["session_id"] is None
    o.db.sql("update doorward.users set disabled = true where name = 'ann'")
    assert o.look(o.ann, o.session)["session_id"] is None
    o.db.sql("update doorward.users set disabled = false where name = 'ann'")
    assert o.look(o.ann, o.session)["user_name"] == "ann"
    o.db.move_clock(7201)
    row = o.look(o.ann, o.session)
    assert row["session_id"] is row["id_sid"] is row["user_name"] is None


def test_the_sid_of_id_tokens_is_that_of_the_session_and_the_client(o):
    o.add()
    o.add("app2", secret="s2")
    row = o.look(o.ann, o.session)
    assert row["id_sid"] == o.id_sid(o.session, "app")
    assert o.look(o.ann, o.session, "app2")["id_sid"] == o.id_sid(o.session, "app2") != row["id_sid"]
    assert o.db.doorward("user", "role", "ann", "--add", "new").returncode == 0  # another sid
    assert o.look(o.ann, o.session)["id_sid"] == row["id_sid"]
    one = o.tokens("c1", o.ann, o.session)
    assert one["id_sid"] == row["id_sid"] == o.renew("c11", "c12")["id_sid"]
    [out] = o.rows("oauth_logout_look('app', %s, %s)", o.ann, o.sid(o.session), role="doorward_oauth")
    assert out["id_sid"] == row["id_sid"] and out["logouts"] == "https://app.example/bye"


ORIGINS = {
    "https://app.example": True, "https://app.example:443": True, "https://app.example:444": False,
    "http://app.example": False, "https://other.example": False, "https://app.example.evil": False,
    "https://app.example/cb": False, "https://app.example/": False, "null": False, "": False,
    None: False, "https://app.example\n": False, "https://APP.example": True,
    "https://up.example:8443": True, "http://127.0.0.1:5555": True, "http://127.0.0.1": True,
    "http://localhost:80": False, "com.example.app:": False,
}


def test_an_origin_is_known_that_a_redirect_uri_has(o):
    o.add(redirects=["https://app.example/cb?x=https://other.example", "https://UP.example:8443/cb",
                     "http://127.0.0.1/cb", "com.example.app:/cb"])
    for origin, known in ORIGINS.items():
        [(said,)] = o.ask("select doorward.oauth_origin_known(%s)", origin)
        assert said is known, origin
        for row in (o.revoke("x", origin=origin), o.revoke("x", origin=origin, secret="wrong"),
                    o.use("x", origin=origin), o.renew("x", "y", origin=origin),
                    o.userinfo({"sid": None, "user_id": o.ann}, origin)):
            assert row["origin"] is known, origin


def test_the_figures_count_what_lives(o):
    o.add()
    o.put()
    o.tokens("c1", o.ann, o.session)
    o.tokens("c2", o.ann, o.session, scopes=["openid", "offline_access"])
    figures = {"clients": 1, "grants": 2, "offline": 1, "requests": 1}
    assert o.row("oauth_figures()", role="doorward") == figures
    assert (o.listed()["grants"], o.listed()["people"]) == (2, 1)
    o.db.end(o.sid(o.session))
    o.db.move_clock(601)
    assert o.row("oauth_figures()", role="doorward") == {"clients": 1, "grants": 1, "offline": 1,
                                                         "requests": 0}
