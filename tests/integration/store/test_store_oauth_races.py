"""Two at once, in what the OpenID provider stores."""

import pytest

from database import in_parallel
from oauth_calls import OAuth

OFFLINE = ["openid", "offline_access"]


@pytest.fixture(name="o")
def _o(db):
    """Ann, who is signed in, and a client."""
    o = OAuth(db)
    o.ann = db.add_user("ann", "member", "editor")
    o.session, o.login_sid = db.open("ann", "r", browser=True, idle=7200)
    assert o.add(consent="remember") == "ok"
    return o


def test_of_two_uses_of_a_code_one_wins_and_the_other_ends_what_it_won(o):
    for n in range(5):
        o.make(f"c{n}", o.ann, o.session)
        rows = in_parallel(2, lambda i, n=n: o.use(f"c{n}", f"c{n}-{i}"))
        assert sorted(row["outcome"] for row in rows) == ["ok", "reuse"]
        [won] = [row for row in rows if row["outcome"] == "ok"]
        [lost] = [row for row in rows if row["outcome"] == "reuse"]
        assert lost["revoked"].split() == [won["sid"]] and o.userinfo(won)["outcome"] == "over"
        assert all(o.renew(f"c{n}-{i}", "x")["outcome"] in ("ended", "unknown") for i in range(2))
    assert o.count("oauth_refresh_tokens") == 5


def test_of_two_renewals_with_one_token_both_get_the_same_successor(o):
    o.tokens("c", o.ann, o.session)
    for n in range(1, 6):
        rows = in_parallel(4, lambda _, n=n: o.renew(f"c{n}", f"c{n + 1}"))
        assert [row["outcome"] for row in rows] == ["ok"] * 4
        assert o.count("oauth_refresh_tokens") == n + 1
    assert o.grants() == [("app", None)]


def test_of_two_renewals_with_other_successors_one_ends_the_grant(o):
    one = o.tokens("c", o.ann, o.session)
    rows = in_parallel(2, lambda i: o.renew("c1", f"x{i}"))
    assert sorted(row["outcome"] for row in rows) == ["lost", "ok"]
    assert one["sid"] in o.revoked() and o.grants() == [("app", "refresh lost")]


@pytest.mark.parametrize("end", ["logout", "disable", "password", "withdraw", "role", "remove", "delete"])
def test_whoever_ends_and_whoever_makes_at_once_leave_nothing_that_lives(o, end):
    """A code that is made, one that is used and a renewal, while the right to them ends."""
    o.set(roles=["editor"])
    ends = {
        "logout": lambda: o.db.end(o.login_sid),
        "disable": lambda: o.db.sql("select doorward.user_disable('ann', true, 'operator:me')"),
        "password": lambda: o.db.sql("select doorward.user_password('ann', '$n', 'operator:me')"),
        "withdraw": lambda: o.withdraw(o.ann),
        "role": lambda: o.db.sql("select doorward.user_roles('ann', '{}', '{editor}', 'operator:me')"),
        "remove": lambda: o.remove(),
        "delete": lambda: o.db.sql("select doorward.user_delete('ann', false, 'operator:me')")}
    scopes = ["openid"] if end == "logout" else OFFLINE
    used = o.tokens("old", o.ann, o.session, scopes=scopes)
    for n in range(4):
        o.make(f"c{n}", o.ann, o.session, scopes=scopes)
    sid = o.sid(o.session)
    work = [ends[end], lambda: o.renew("old1", "old2"),
            *[lambda n=n: o.use(f"c{n}", f"c{n}1") for n in range(4)],
            *[lambda n=n: o.make(f"d{n}", o.ann, None, sid=sid, scopes=scopes,
                                 consented=end != "withdraw") for n in range(2)]]
    assert in_parallel(len(work), lambda i: (work[i](), "done")[1]) == ["done"] * len(work)
    if end == "withdraw":  # whoever consents after that has consented
        assert all(reason for client, reason in o.grants()[:5])
    else:
        assert all(reason for client, reason in o.grants()), o.grants()
    revoked = o.revoked()
    assert used["sid"] in revoked and o.userinfo(used)["outcome"] == "over"
    assert o.renew("old1", "old2")["outcome"] in ("ended", "unknown", "client")
    assert o.renew("old2", "old3")["outcome"] in ("ended", "unknown", "client")
    assert all(o.renew(f"c{n}1", "x")["outcome"] in ("ended", "unknown", "client") for n in range(4))


def test_many_who_end_each_others_grants_do_not_block_each_other(o):
    """The order of locks: each of these ends the grants of many, from another side."""
    o.add("app2", secret="s2")
    people = []
    for n in range(6):
        user = o.db.add_user(f"p{n}", "member", "editor")
        session, sid = o.db.open(f"p{n}", f"r{n}", browser=True)
        for client, secret in (("app", "s1"), ("app2", "s2")):
            assert o.make(f"{client}{n}", user, session, client=client, scopes=OFFLINE) == "ok"
            assert o.use(f"{client}{n}", f"{client}{n}1", client=client,
                         secret=secret)["outcome"] == "ok"
        people.append((user, sid))
    work = [lambda: o.remove("app"), lambda: o.set("app2", roles=["editor"], audience="https://a.example"),
            *[lambda n=n: o.db.sql("select doorward.user_roles(%s, '{}', '{editor}', 'x')", f"p{n}")
              for n in range(3)],
            *[lambda n=n: o.withdraw(people[n][0], "app2") for n in range(6)],
            *[lambda n=n: o.db.end(people[n][1]) for n in range(6)]]
    results = in_parallel(len(work), lambda i: (work[i](), "done")[1])
    assert results == ["done"] * len(work)
    assert all(reason for client, reason in o.grants())
