"""POST /oauth/token with a refresh token: the rules of a family of them, as of sessions."""

import concurrent.futures
import time

import pytest
from client import claims
from codes import Made, error_of, logged_in


@pytest.fixture(name="app")
def _app(apache):
    return Made(apache)


def gone(app, tokens):
    """Neither token of these does anything any more."""
    return app.userinfo(tokens).status_code == 401 and error_of(app.refresh(tokens)) == (
        400, "invalid_grant")


def test_a_refresh_token_becomes_new_tokens_of_the_same_grant(app):
    old = app.got()
    answer = app.refresh(old)
    new = answer.json()
    assert answer.status_code == 200 and set(new) == set(old)
    assert new["refresh_token"] not in (old["refresh_token"], old["access_token"])
    before, after = claims(old["access_token"]), claims(new["access_token"])
    assert before["jti"] != after["jti"]
    assert [before[c] for c in ("sub", "sid", "aud", "scope", "client_id")] == [
        after[c] for c in ("sub", "sid", "aud", "scope", "client_id")]
    first, second = claims(old["id_token"]), claims(new["id_token"])
    assert "nonce" in first and "nonce" not in second  # OpenID Connect Core, 12.2
    assert [first[c] for c in ("iss", "sub", "aud", "auth_time", "sid", "amr")] == [
        second[c] for c in ("iss", "sub", "aud", "auth_time", "sid", "amr")]
    assert app.userinfo(new).status_code == app.userinfo(old).status_code == 200
    assert app.refresh(new).status_code == 200


def test_a_repeat_within_the_grace_gets_the_same_successor(app):
    old = app.got()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: app.refresh(old), range(4)))
    assert {a.status_code for a in answers} == {200}
    assert len({a.json()["refresh_token"] for a in answers}) == 1


def test_a_refresh_token_whose_successor_was_used_is_a_copy_and_ends_the_grant(app):
    first = app.got()
    second = app.refresh(first).json()
    third = app.refresh(second).json()
    assert error_of(app.refresh(first)) == (400, "invalid_grant")
    assert gone(app, third)


def test_a_refresh_token_that_comes_again_after_the_grace_ends_the_grant(apache, app):
    first = app.got()
    second = app.refresh(first).json()
    apache.sql("update doorward.oauth_refresh_tokens set used_at = used_at - interval '1 hour'"
               " where grant_id = (select id from doorward.oauth_grants where sid ="
               f" '{claims(first['access_token'])['sid']}')")
    assert error_of(app.refresh(first)) == (400, "invalid_grant")
    assert gone(app, second)


def test_a_refresh_token_of_another_client_is_refused_and_stays_good(apache, app):
    got = app.got()
    for other in Made(apache), Made(apache, method="none"):
        assert error_of(other.refresh(got)) == (400, "invalid_grant")
    assert app.refresh(got).status_code == 200


def test_a_client_that_proves_nothing_cannot_use_a_refresh_token(app):
    got = app.got()
    answer = app.refresh(got, headers={"Authorization": None}, client_id=app.id)
    assert error_of(answer) == (401, "invalid_client")
    assert app.refresh(got).status_code == 200


@pytest.mark.parametrize("token", ["dwg_" + "A" * 43, "dwr_" + "A" * 43, "x", "x" * 3000, "\N{SNOWMAN}"])
def test_what_is_no_refresh_token_is_refused(app, token):
    assert error_of(app.refresh(token)) == (400, "invalid_grant")


@pytest.mark.parametrize("changes, error", [
    ({"refresh_token": None}, "invalid_request"), ({"refresh_token": ""}, "invalid_request"),
    ({"refresh_token": ["a", "b"]}, "invalid_request"),
    ({"scope": ["openid", "email"]}, "invalid_request"),
    ({"scope": "openid groups"}, "invalid_scope"), ({"scope": "openid admin"}, "invalid_scope"),
    ({"scope": " "}, "invalid_scope"),
])
def test_a_bad_request_uses_nothing_up(app, changes, error):
    got = app.got(scope="openid email offline_access")
    assert error_of(app.refresh(got, **changes)) == (400, error)
    assert app.refresh(got).status_code == 200


def test_a_scope_is_narrowed_for_one_answer(app):
    got = app.got(scope="openid email offline_access")
    narrow = app.refresh(got, scope="email").json()
    assert narrow["scope"] == claims(narrow["access_token"])["scope"] == "email"
    assert "id_token" not in narrow
    assert app.userinfo(narrow).status_code == 403
    assert app.refresh(narrow).json()["scope"] == "openid email offline_access"


def test_a_client_that_may_ask_for_less_by_now_gets_less(app):
    got = app.got(scope="openid email offline_access")
    app.change(scopes=["openid", "offline_access"])
    new = app.refresh(got).json()
    assert new["scope"] == "openid offline_access"
    assert set(app.userinfo(new).json()) == {"sub"}
    assert set(app.userinfo(got).json()) == {"sub"}
    app.change(scopes=["profile"])
    assert error_of(app.refresh(new)) == (400, "invalid_grant")


def test_a_grant_ends_with_its_session_unless_it_has_offline_access(apache, app):
    login = logged_in(apache)
    with_it, without = app.got(login), app.got(login, scope="openid email")
    assert app.web.post("/login/logout", headers={
        "Authorization": f"Bearer {login}"}).status_code == 204
    assert gone(app, without)
    assert app.userinfo(with_it).status_code == 200
    assert app.refresh(with_it).status_code == 200


def test_an_unused_grant_with_offline_access_ends_one_day(private_stack):
    stack = private_stack(oauth_grant_life="1h")
    app = Made(stack)
    got = app.got()
    stack.sql("update doorward.oauth_grants set ends_at = ends_at - interval '3580 s'")
    new = app.refresh(got).json()  # a use lengthens its life
    ends = stack.sql("select extract(epoch from ends_at - doorward.now()) from doorward.oauth_grants")
    assert 3500 < float(ends) <= 3600
    stack.sql("update doorward.oauth_grants set ends_at = doorward.now() + interval '1 s'")
    time.sleep(1.1)
    assert error_of(app.refresh(new)) == (400, "invalid_grant")
