"""POST /oauth/revoke (RFC 7009): a client gives a token back."""

import pytest
from client import Client, bearer, claims
from codes import Made, error_of, logged_in


@pytest.fixture(name="app")
def _app(apache):
    return Made(apache)


def given_back(answer):
    """As the standard wants it."""
    assert (answer.status_code, answer.text) == (200, "")
    assert "no-store" in answer.headers["Cache-Control"]
    return True


def test_a_refresh_token_that_is_given_back_ends_the_grant(app):
    for used in False, True:
        got = app.got()
        latest = app.refresh(got).json() if used else got
        assert given_back(app.revoke(got["refresh_token"]))
        assert app.userinfo(latest).status_code == 401
        assert error_of(app.refresh(latest)) == (400, "invalid_grant")
        assert given_back(app.revoke(got["refresh_token"]))


def test_an_access_token_that_is_given_back_is_dead_and_the_grant_goes_on(app):
    got = app.got()
    assert given_back(app.revoke(got["access_token"], token_type_hint="refresh_token"))
    assert app.userinfo(got).status_code == 401
    new = app.refresh(got).json()
    assert app.userinfo(new).status_code == 200
    assert given_back(app.revoke(got["access_token"]))
    assert app.userinfo(new).status_code == 200


def test_a_token_for_another_audience_is_given_back_too(apache):
    app = Made(apache, audience=apache.public_url)  # which this gate would accept by its name
    got = app.got()
    assert Client(apache).get("/protected", headers=bearer(got["access_token"])).status_code == 403
    assert given_back(app.revoke(got["access_token"]))
    assert Client(apache).get("/protected", headers=bearer(got["access_token"])).status_code == 401


def test_what_is_anothers_or_nothing_is_left_alone(apache, app):
    other, login = Made(apache), logged_in(apache)
    got, public = app.got(login), Made(apache, method="none")
    for token in (got["refresh_token"], got["access_token"]):
        assert given_back(other.revoke(token))
        assert given_back(public.revoke(token))
    for token in ("x", "dwg_" + "A" * 43, got["id_token"], login, "e30.e30.e30"):
        assert given_back(app.revoke(token))
    assert app.userinfo(got).status_code == 200
    assert app.refresh(got).status_code == 200
    assert Client(apache).get("/protected", headers=bearer(login)).status_code == 200


@pytest.mark.parametrize("token", [None, "", ["a", "b"]])
def test_a_request_without_exactly_one_token_is_refused(app, token):
    assert error_of(app.revoke(token, token_type_hint="x")) == (400, "invalid_request")


def test_two_methods_at_once_are_refused(app):
    got = app.got()
    assert error_of(app.revoke(got["refresh_token"], client_secret="x")) == (400, "invalid_request")
    assert app.refresh(got).status_code == 200


def test_a_client_that_proves_nothing_ends_nothing(app):
    got = app.got()
    for how in ({"headers": {"Authorization": None}},
                {"headers": {"Authorization": None}, "client_id": app.id}):
        assert error_of(app.revoke(got["refresh_token"], **how)) == (401, "invalid_client")
    assert app.refresh(got).status_code == 200


def test_only_a_form_that_is_posted_is_taken(app):
    answer = app.web.get("/oauth/revoke", headers=app.proof()[0])
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    answer = app.web.post("/oauth/revoke", headers=app.proof()[0], json={"token": "x"})
    assert error_of(answer) == (415, "unsupported_media_type")


def test_the_answer_waits_until_the_verifiers_know(apache, app):
    """At the next look at the file the gate refuses what was given back."""
    got = app.got()
    assert given_back(app.revoke(got["refresh_token"]))
    sid = claims(got["access_token"])["sid"]
    assert sid in apache.doorward("revocations", "list")
