"""Authorization requests that wait in the database for a login or a consent."""

import pytest

from database import in_parallel
from oauth_calls import OAuth, sha


@pytest.fixture(name="o")
def _o(db):
    """Ann, who is signed in, and a client."""
    o = OAuth(db)
    o.ann = db.add_user("ann", "member")
    o.session, _ = db.open("ann", "r", browser=True, idle=7200)
    assert o.add() == "ok"
    return o


def good(o, **change):
    """The id of a request that is kept."""
    outcome, request = o.put(**change)
    assert outcome == "ok"
    return request


def origin(o, request, browser="b1"):
    """What login hears of it."""
    rows = o.rows("oauth_request_origin(%s, %s)", request, sha(browser))
    return rows[0] if rows else None


def copy(o, times, network):
    """More requests like the first, each a little later, of other browsers."""
    o.db.sql("insert into doorward.oauth_requests select gen_random_uuid(), sha256(n::text::bytea),"
             f" client_id, query, leads_to, null, {network}, false,"
             " created_at + n * interval '1 microsecond', ends_at"
             " from (select * from doorward.oauth_requests order by created_at limit 1) r,"
             " generate_series(1, %s) n", times)


def call(o, what, request, browser="b1"):
    """oauth_request_step or oauth_request_end."""
    return o.db.one(f"select doorward.oauth_request_{what}(%s, %s)", request, sha(browser),
                    role="doorward_oauth")


def test_a_request_is_kept_as_it_came_for_ten_minutes(o):
    request = good(o, query="x" * 8192, hint="ann")
    row = o.request(request)
    assert row["query"] == "x" * 8192 and row["client_id"] == "app" and row["stepped"] is False
    assert origin(o, request) == {"leads_to": "https://app.example", "login_hint": "ann",
                                  "client_name": "The App"}
    o.db.move_clock(599)
    assert o.request(request) is not None
    o.db.move_clock(600)
    assert o.request(request) is origin(o, request) is None
    assert call(o, "step", request) is call(o, "end", request) is False


def test_another_browser_does_not_have_it(o):
    request = good(o)
    assert o.request(request, "b2") is origin(o, request, "b2") is None
    assert call(o, "step", request, "b2") is call(o, "end", request, "b2") is False
    assert o.make("c1", o.ann, o.session, request=request, browser="b2") == "gone"
    assert o.request(request)["stepped"] is False and o.count("oauth_grants") == 0


@pytest.mark.parametrize("change, outcome", [
    ({"query": "x" * 8193}, "big"), ({"hint": "x" * 256}, "big"), ({"client": "other"}, "gone")])
def test_what_cannot_be_kept_is_not(o, change, outcome):
    assert o.put(**change)[0] == outcome and o.count("oauth_requests") == 0


def test_the_oldest_of_six_of_one_browser_goes(o):
    requests = [good(o) for _ in range(6)]
    other = good(o, browser="b2")
    assert [o.request(r) is not None for r in requests] == [False] + [True] * 5
    assert o.request(other, "b2") is not None


@pytest.mark.parametrize("near, far", [
    ("192.0.2.77", "192.0.2.78"), ("2001:db8:0:1::77", "2001:db8:0:2::1"), (None, "192.0.2.1")])
def test_the_oldest_of_two_hundred_of_one_network_goes(o, near, far):
    oldest = good(o, address=near)
    elsewhere = good(o, address=far, browser="b2")
    copy(o, 199, "network")
    assert o.request(oldest) is not None
    newest = good(o, address=near, browser="b3")
    assert o.request(oldest) is None and o.request(newest, "b3") is not None
    assert o.request(elsewhere, "b2") is not None and o.count("oauth_requests") == 201


def test_the_oldest_of_a_thousand_of_one_site_goes(o):
    """A /48 of IPv6, which has 65,536 networks."""
    oldest = good(o, address="2001:db8:7::1")
    elsewhere = good(o, address="2001:db8:8::1", browser="b2")
    copy(o, 999, "concat('2001:db8:7:', to_hex(n), '::/64')::cidr")
    newest = good(o, address="2001:db8:7:ffff:ffff::1", browser="b3")
    assert o.request(oldest) is None and o.request(newest, "b3") is not None
    assert o.request(elsewhere, "b2") is not None and o.count("oauth_requests") == 1001


def test_of_twenty_thousand_that_wait_none_goes_and_the_next_has_to_wait(o):
    first = good(o)
    copy(o, 19_998, "'10.0.0.0'::inet + n")
    assert good(o, browser="b2")
    assert o.put(browser="b3", address="192.0.2.2")[0] == "full"
    assert o.request(first) is not None and o.count("oauth_requests") == 20_000
    o.db.move_clock(600)  # now nobody waits for them, and they need not stay until the upkeep
    assert o.put(browser="b3", address="192.0.2.2")[0] == "ok"
    assert o.count("oauth_requests") == 1


def test_of_many_at_once_no_more_are_kept_than_may_wait(o):
    good(o)
    copy(o, 196, "network")
    assert in_parallel(8, lambda i: o.put(browser=f"p{i}")[0]) == ["ok"] * 8
    assert o.count("oauth_requests") == 200


def test_a_stronger_login_is_asked_for_once(o):
    request = good(o)
    assert call(o, "step", request) is True
    assert o.request(request)["stepped"] is True


def test_a_login_is_fresh_that_came_after_the_request(o):
    assert o.request(good(o), user=o.ann, session=o.session)["fresh"] is False
    request = good(o)
    assert o.request(request)["fresh"] is False
    session, _ = o.db.open("ann", "r2", browser=True, idle=7200)
    assert o.request(request, user=o.ann, session=session)["fresh"] is True
    assert o.request(request, user=o.db.add_user("bob"), session=session)["fresh"] is False


def test_an_answered_request_waits_ten_seconds_more(o):
    """A button that was pressed twice: browsers show the second answer."""
    request = good(o)
    assert o.make("c1", o.ann, o.session, request=request) == "ok"
    o.db.move_clock(9)
    assert o.request(request) is not None
    assert o.make("c2", o.ann, o.session, request=request) == "ok"
    assert o.use("c1")["outcome"] == o.use("c2")["outcome"] == "ok"
    assert o.request(request)["answered"] is False
    o.db.move_clock(11)
    assert o.make("c3", o.ann, o.session, request=request) == "gone"
    assert o.request(request)["answered"] is True and o.request(request)["query"] == "client_id=app"
    assert call(o, "step", request) is call(o, "end", request) is False
    assert origin(o, request) is None and o.count("oauth_grants") == 2
    o.db.move_clock(601)
    assert o.request(request) is None


def test_a_refused_answer_leaves_the_request(o):
    request = good(o)
    assert o.make("c1", o.ann, o.session, request=request, consented=False) == "consent"
    assert o.make("c1", o.ann, o.session, request=request, client="other") == "gone"
    o.db.move_clock(60)
    assert o.make("c1", o.ann, o.session, request=request) == "ok"


def test_a_request_answers_its_own_client_only(o):
    o.add("app2", secret="s2")
    assert o.make("c1", o.ann, o.session, client="app2", request=good(o)) == "gone"
    assert o.count("oauth_grants") == 0


def test_a_request_that_was_ended_does_not_wait(o):
    request = good(o)
    assert call(o, "end", request) is True
    assert call(o, "end", request) is False
    assert o.make("c1", o.ann, o.session, request=request) == "gone"
    row = o.request(request)
    assert row["answered"] is True and row["leads_to"] == "https://app.example"
