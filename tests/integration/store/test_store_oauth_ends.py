"""What ends what a client has from a person: each action of the person, of the operator and of the
client, on codes, refresh tokens, access tokens, consents and requests that wait.

Ann has two sessions. By the present one the app has a code that it has not used, a grant that ends
with the session (plain) and one that does not (offline); by the other session it has a plain one.
"""

import uuid
from dataclasses import dataclass

import pytest

from admins import Admins
from oauth_calls import ADDRESS, OAuth
from test_store_links import make as make_link
from test_store_links import use as use_link

PLAIN, OFFLINE = ["openid", "groups"], ["openid", "groups", "offline_access"]
GRANTS = ("code", "plain", "offline", "other")
LIVES, ENDS, RENEWS = "lives", "ends", "renews"


class Site(OAuth):  # pylint: disable=too-many-instance-attributes
    """Ann's sessions and grants, and what is done to them. Each Ann has a client of her own."""

    def __init__(self, db, audience=None):
        super().__init__(db)
        self.admins = Admins(db)
        self.name = name = f"ann-{uuid.uuid4().hex[:8]}"
        self.client, self.secret = f"app-{name}", f"s-{name}"
        self.ann = db.add_user(name, "editor", "member")
        self.give_address(self.ann, f"{name}@example.org")
        self.session, self.login_sid = db.open(name, f"{name}-r1", browser=True, idle=7200)
        self.other_session, _ = db.open(name, f"{name}-q1", browser=True, idle=7200)
        assert self.add(consent="remember", audience=audience, roles=["editor"],
                        groups=["editor", "member"]) == "ok"
        assert self.make(f"{name}-code", self.ann, self.session, scopes=PLAIN) == "ok"
        self.given = {"plain": self.grant("plain", self.session, PLAIN),
                      "offline": self.grant("offline", self.session, OFFLINE),
                      "other": self.grant("other", self.other_session, PLAIN)}
        self.waiting = self.put()[1]

    def grant(self, what, session, scopes):
        """What the app got with the code NAME-WHAT."""
        return self.tokens(f"{self.name}-{what}", self.ann, session, scopes=scopes)

    def again(self, what, old=1, new=2, **change):
        """A renewal of one of them."""
        return self.renew(f"{self.name}-{what}{old}", f"{self.name}-{what}{new}", **change)

    def call(self, function, *values, role):
        """A function of a program."""
        marks = ", ".join(["%s"] * len(values))
        return self.rows(f"{function}({marks})", *values, role=role)

    def operator(self, function, *values):
        """A function of the operator's command."""
        return self.call(function, *values, "operator:me", role="doorward")

    def account(self, function, *values):
        """A function of the account page."""
        return self.call(function, *values, role="doorward_account")

    def admin(self, function, *values):
        """A button of the admin pages."""
        if self.admins.sid is None:
            self.admins.admin(f"root-{self.name}")
        marks = "".join(", %s" for _ in values)
        return self.admins.rows(f"{function} %s, %s{marks}, null", self.ann,
                                self.admins.seen(self.ann), *values)

    def password(self, and_apps):
        """The own password is changed."""
        version = self.db.one("select password_version from doorward.users where id = %s", self.ann)
        return self.account("account_password_end", self.ann, version, "$n",
                            self.sid(self.session), ADDRESS, False, and_apps)

    def link(self, kind):
        """A link that was mailed is used."""
        data = {"address": f"{self.name}@example.net"} if kind == "undo-address" else {}
        link = make_link(self.db, kind, self.ann, data=data)
        password = "$new" if kind == "reset" else None
        assert use_link(self.db, kind, link, password=password)[0] == "ok"

    def login(self, **how):
        """Another one."""
        return self.db.open(self.name, str(uuid.uuid4()), browser=True, **how)

    def reuse(self, *refreshes):
        """Refresh tokens of the session come, one after the other."""
        return [self.db.refresh(f"{self.name}-{old}", f"{self.name}-{new}") for old, new in refreshes]

    def audited(self, event):
        """Those about Ann's app."""
        return [detail for detail in super().audited(event)
                if (detail or "").startswith(self.client)]

    def grants(self):
        """The reasons why Ann's ended; None: it did not."""
        return [reason for client, reason in super().grants() if client == self.client]

    def consents(self):
        """How many Ann has given."""
        return self.ask("select count(*) from doorward.oauth_consents where client_id = %s",
                        self.client)[0][0]

    def state(self):
        """What has become of each of GRANTS."""
        revoked = self.revoked()
        used = self.use(f"{self.name}-code")["outcome"]
        found = {"code": LIVES if used == "ok" else ENDS}
        for name, tokens in self.given.items():
            dead = tokens["sid"] in revoked
            here = self.userinfo(tokens)["outcome"]
            row = self.again(name)
            assert here == ("over" if dead else "ok"), "userinfo and the revocation file agree"
            assert (row["outcome"] == "ok") or dead, "what is refused is revoked, too"
            assert row["outcome"] in ("ok", "ended", "unknown", "client")
            found[name] = ENDS if row["outcome"] != "ok" else RENEWS if dead else LIVES
            assert (row["sid"] != tokens["sid"]) is (found[name] != LIVES)
        return found


@dataclass
class Action:
    """Something that is done, and what becomes of GRANTS, the consent and the request."""

    name: str
    do: object
    code: str = LIVES
    plain: str = LIVES
    offline: str = LIVES
    other: str = LIVES
    consent: bool = True
    request: bool = True
    reason: str = None    # of the grants that ended
    audience: str = None  # the client's access tokens carry roles
    again: bool = True    # it can be done twice

    def expected(self):
        """As Site.state."""
        return {name: getattr(self, name) for name in GRANTS}


def session_ends(name, do, reason, both=False, again=True):
    """The end of the present session, or of both."""
    return Action(name, do, ENDS, ENDS, other=ENDS if both else LIVES, reason=reason, again=again)


def all_ends(name, do, reason, **how):
    """Everything ends."""
    return Action(name, do, ENDS, ENDS, ENDS, ENDS, reason=reason, **how)


API = "https://api.example"
ACTIONS = [
    session_ends("a logout", lambda s: s.db.end(s.login_sid), "logout"),
    session_ends("a logout by a refresh token", lambda s: s.db.end_by_refresh(f"{s.name}-r1"), "logout"),
    session_ends("ended on the account page", lambda s: s.account(
        "account_session_end", s.ann, s.session, ADDRESS), "ended by user"),
    session_ends("all ended on the account page", lambda s: s.account(
        "account_sessions_end", s.ann, None, ADDRESS), "ended by user", both=True),
    Action("the others ended on the account page", lambda s: s.account(
        "account_sessions_end", s.ann, s.sid(s.session), ADDRESS), other=ENDS, reason="ended by user"),
    session_ends("ended by the operator", lambda s: s.operator("session_end_any", s.session),
                 "operator"),
    session_ends("all ended by the operator", lambda s: s.operator("user_sessions_end", s.name),
                 "operator", both=True),
    session_ends("all ended by an admin", lambda s: s.admin("admin_end"), "operator", both=True),
    session_ends("its sid revoked by the operator", lambda s: s.operator(
        "revocation_add", s.login_sid), "operator"),
    session_ends("replaced by a login of the same browser", lambda s: s.login(
        replaces=f"{s.name}-r1"), "replaced"),
    session_ends("too many sessions", lambda s: s.login(max=1), "too many",
                 both=True),
    session_ends("its refresh token used again", lambda s: s.reuse(
        ("r1", "r2"), ("r2", "r3"), ("r1", "r2")), "reuse"),
    session_ends("an answer with its refresh token lost", lambda s: s.reuse(
        ("r1", "r2"), ("r1", "other")), "lost"),
    all_ends("all factors taken away", lambda s: s.operator("factor_reset", s.name, False),
             "factor reset"),
    Action("the own password changed", lambda s: s.password(False), other=ENDS, reason="password"),
    all_ends("the own password changed, and the apps", lambda s: s.password(True), "password"),
    all_ends("the operator's passwd", lambda s: s.operator("user_password", s.name, "$n"), "password"),
    all_ends("a reset by mail", lambda s: s.link("reset"), "password"),
    all_ends("a change of the address undone", lambda s: s.link("undo-address"), "address"),
    all_ends("disabled", lambda s: s.operator("user_disable", s.name, True), "disabled"),
    all_ends("disabled by an admin", lambda s: s.admin("admin_disable"), "disabled"),
    all_ends("disabled and enabled", lambda s: [s.operator("user_disable", s.name, how)
                                                for how in (True, False)], "disabled"),
    all_ends("deleted", lambda s: s.operator("user_delete", s.name, False), None, consent=False),
    all_ends("deleted by an admin", lambda s: s.admin("admin_delete", False), None, consent=False,
             again=False),
    all_ends("deleted by the person", lambda s: s.account(
        "profile_delete", s.ann, s.sid(s.session), False), None, consent=False, again=False),
    Action("renamed", lambda s: s.operator("user_rename", s.name, f"{s.name}a")),
    Action("another display name", lambda s: s.account(
        "profile_set", s.ann, s.sid(s.session), "Ann B", None, ADDRESS)),
    Action("a role given", lambda s: s.operator("user_roles", s.name, ["new"], [])),
    Action("a role given, and access tokens carry them", lambda s: s.operator(
        "user_roles", s.name, ["new"], []), LIVES, RENEWS, RENEWS, RENEWS, audience=API),
    Action("a role taken", lambda s: s.operator("user_roles", s.name, [], ["member"])),
    Action("a role taken by an admin, and access tokens carry them", lambda s: s.admin(
        "admin_roles", ["editor"]), LIVES, RENEWS, RENEWS, RENEWS, audience=API),
    all_ends("the role taken that the client wants", lambda s: s.operator(
        "user_roles", s.name, [], ["editor"]), "role taken"),
    all_ends("the role taken, and access tokens carry it", lambda s: s.operator(
        "user_roles", s.name, [], ["editor"]), "role taken", audience=API),
    Action("unlocked", lambda s: s.operator("user_unlock", s.name)),
    Action("the session renewed", lambda s: s.reuse(("r1", "r2"))),
    Action("the session proven by a factor", lambda s: s.db.sql(
        "select doorward.session_proven(%s, '{otp,mfa}', null)", s.session)),
    Action("the client's scopes narrowed", lambda s: s.set(scopes=["openid"])),
    Action("the client's redirect URI replaced", lambda s: s.set(
        redirects=["https://app.example/new"]), code=ENDS, reason="code refused"),
    Action("the client told to use PKCE", lambda s: s.set(pkce=True), code=ENDS,
           reason="code refused"),
    all_ends("the client is for others now", lambda s: s.set(roles=["staff"]), "role taken"),
    Action("another secret, and the old one kept", lambda s: s.new_secret(
        str(uuid.uuid4()), keep=600), again=False),
    all_ends("the client removed", lambda s: s.remove(), None, consent=False, request=False),
    all_ends("taken back by the person", lambda s: s.withdraw(s.ann), "withdrawn", consent=False),
    Action("another app taken back", lambda s: s.withdraw(s.ann, "app2")),
    Action("taken back by somebody else", lambda s: s.withdraw(s.db.add_user(f"b{uuid.uuid4().hex[:8]}"))),
]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda a: a.name)
def test_what_an_action_ends(shared_db, action):
    site = Site(shared_db, action.audience)
    action.do(site)
    told = len(site.audited("oauth_grant_ended"))
    revoked = site.revoked()
    if action.again:  # a second try ends nothing more, and is told once
        action.do(site)
        assert set(site.revoked()) >= set(revoked)
        if RENEWS not in action.expected().values():
            assert len(site.audited("oauth_grant_ended")) == told
    assert site.consents() == action.consent
    assert (site.request(site.waiting) is not None) is action.request
    assert site.state() == action.expected()
    reasons = {reason for reason in site.grants() if reason}
    assert reasons == ({action.reason} if action.reason else set())


@pytest.mark.parametrize("action", [a for a in ACTIONS if a.plain == ENDS and a.offline == LIVES],
                         ids=lambda a: a.name)
def test_a_code_for_offline_access_that_nobody_used_ends_with_the_session(shared_db, action):
    """Otherwise what a thief has begun would go on after the logout."""
    site = Site(shared_db)
    code = f"{site.name}-late"
    assert site.make(code, site.ann, site.session, scopes=OFFLINE) == "ok"
    action.do(site)
    assert site.use(code)["outcome"] == "invalid" and site.again("offline")["outcome"] == "ok"


def test_a_secret_that_is_replaced_at_once_ends_nothing_but_is_not_good(shared_db):
    """The client goes on with the new one."""
    site = Site(shared_db)
    code, new = f"{site.name}-code", str(uuid.uuid4())
    site.new_secret(new)
    assert site.again("plain")["outcome"] == site.use(code)["outcome"] == "client"
    assert site.again("plain", secret=new)["outcome"] == "ok"
    assert site.use(code, secret=new)["outcome"] == "ok" and site.grants() == [None] * 4


def test_a_client_without_offline_access_has_nothing_that_outlives_a_session(shared_db):
    site = Site(shared_db)
    late = site.grant("late", site.other_session, OFFLINE)
    shared_db.end(site.login_sid)  # that of `offline`
    row = site.set(scopes=["openid", "groups"])
    assert (row["outcome"], row["ended"], row["revoked"]) == ("ok", 1, site.given["offline"]["sid"])
    assert site.again("offline")["outcome"] == "ended" and site.again("late")["outcome"] == "ok"
    assert site.audited("oauth_grant_ended")[-1] == f"{site.client}: offline taken"
    assert site.set(scopes=["openid"]) == {"outcome": "ok", "ended": 0, "revoked": ""}
    shared_db.end(site.sid(site.other_session))
    assert late["sid"] in site.revoked() and site.again("late", 2, 3)["outcome"] == "ended"
    site.set(scopes=["openid", "offline_access"])  # which brings nothing back
    assert site.again("late", 2, 3)["outcome"] == site.again("offline")["outcome"] == "ended"


def test_a_logout_names_the_sids_of_the_grants_that_ended_with_it(shared_db):
    site = Site(shared_db)
    ended, revoked = shared_db.end(site.login_sid)
    assert ended and revoked == {site.login_sid, site.given["plain"]["sid"]}
    assert shared_db.end(site.login_sid) == (False, revoked)  # a second try tells the same


def test_what_a_person_takes_back_is_told_and_asked_for_again(shared_db):
    site = Site(shared_db)
    row = site.withdraw(site.ann)
    assert (row["known"], row["ended"]) == (True, 4)
    assert {t["sid"] for t in site.given.values()} <= set(row["revoked"].split())
    again = site.withdraw(site.ann)
    assert (again["known"], again["ended"]) == (False, 0)
    assert set(again["revoked"].split()) == set(row["revoked"].split())
    assert site.audited("oauth_withdrawn") == [site.client]
    assert site.apps(site.ann) == {}
    assert site.make(str(uuid.uuid4()), site.ann, site.session, consented=False) == "consent"


def test_the_apps_of_a_person_are_those_that_are_allowed_or_hold_something(db):
    site = Site(db)
    app = site.client
    site.add("trusty", consent="trusted", secret="s2", name="A Trusty")
    site.add("unused", secret="s3")
    assert site.make("t", site.ann, site.session, client="trusty", consented=False) == "ok"
    apps = site.apps(site.ann)
    assert list(apps) == ["trusty", app]  # by name
    assert (apps[app]["grants"], apps[app]["offline"], apps[app]["scopes"]) == (
        4, True, "groups offline_access openid")
    assert apps[app]["given_at"] is not None and apps[app]["used_at"] is not None
    assert (apps["trusty"]["grants"], apps["trusty"]["offline"]) == (1, False)
    people = site.rows("client_people(%s)", site.name.upper(), role="doorward")
    assert [row["client_id"] for row in people] == list(apps)

    def shown():
        return site.row("user_show(%s)", site.name, role="doorward")["apps"]

    assert shown() == 2
    db.move_clock(7201)  # the sessions run out; what needs none and what was allowed stays
    apps = site.apps(site.ann)
    assert (list(apps), apps[app]["grants"], shown()) == ([app], 1, 1)
    db.move_clock(91 * 86400)
    row = site.apps(site.ann)[app]
    assert (row["grants"], row["used_at"], row["offline"]) == (0, None, False)
    db.sql("delete from doorward.oauth_consents")
    assert site.apps(site.ann) == {} and shown() == 0


def test_what_a_person_takes_along_names_the_apps_and_no_secret(shared_db):
    site = Site(shared_db)
    [row] = site.account("profile_data", site.ann, site.sid(site.session))
    text = row["profile_data"]
    assert '"allowed": [' in text and f'"client_id": "{site.client}"' in text
    assert '"renewals": 0' in text and "hash" not in text and "nonce" not in text


def test_a_deleted_person_leaves_nothing_but_the_audit_with_the_id(db):
    site = Site(db)
    site.operator("user_delete", site.name, True)
    for table in ("consents", "grants", "codes", "refresh_tokens"):
        assert site.count(f"oauth_{table}") == 0
    assert {t["sid"] for t in site.given.values()} <= set(db.revoked())
    assert db.one("select count(*) from doorward.audit where event like 'oauth%%'"
                  " and num_nonnulls(name, address, detail) > 0") == 0


# ---- upkeep ----


def test_the_upkeep_deletes_what_is_over_and_nothing_else(db):
    site = Site(db)
    site.again("offline")
    site.new_secret("s2", keep=600)
    db.move_clock(31 * 86400)
    site.again("offline", 2, 3, secret="s2")
    rows = dict(db.sql("select * from doorward.tidy(365, 30, 'test')"))
    assert {key: n for key, n in rows.items() if key.startswith("oauth")} == {
        "oauth_requests": 1, "oauth_secrets": 1,
        # two of the sessions' grants, that of the code has none; and one that was used long ago
        "oauth_refresh_tokens": 3, "oauth_codes": 4, "oauth_grants": 3}
    assert site.grants() == [None] and site.count("oauth_consents") == 1
    assert site.count("oauth_key") == 1 and site.listed()["secrets"] == 1
    assert site.again("offline", 3, 4, secret="s2")["outcome"] == "ok"
    assert dict(db.sql("select * from doorward.tidy(365, 30, 'test')"))["oauth_grants"] == 0


def test_a_grant_that_ended_is_kept_as_long_as_sessions_are(db):
    site = Site(db)
    site.withdraw(site.ann)
    db.move_clock(29 * 86400)
    assert dict(db.sql("select * from doorward.tidy(365, 30, 'test')"))["oauth_grants"] == 0
    db.move_clock(30 * 86400 + 60)
    assert dict(db.sql("select * from doorward.tidy(365, 30, 'test')"))["oauth_grants"] == 4


def test_the_upkeep_deletes_in_small_steps(db):
    site = Site(db)
    db.sql("insert into doorward.oauth_requests select gen_random_uuid(), browser, client_id, query,"
           " leads_to, null, null, false, created_at, ends_at from doorward.oauth_requests,"
           " generate_series(1, 1200)")
    db.move_clock(700)
    left = []
    while site.count("oauth_requests"):
        db.sql("select doorward.upkeep_step()", role="doorward_oauth")
        left.append(site.count("oauth_requests"))
        assert len(left) < 200
    assert min(a - b for a, b in zip([1201, *left], left)) >= 0
    assert max(a - b for a, b in zip([1201, *left], left)) <= 500
