"""POST /oauth/token with a code: what a client gets, and what it does not."""

import base64
import time

import jwt
import pytest
from client import claims
from codes import Made, error_of, logged_in
from oauth import verified


@pytest.fixture(name="app")
def _app(apache):
    return Made(apache)


def test_a_code_becomes_an_access_token_an_id_token_and_a_refresh_token(apache, app):
    login = logged_in(apache)
    held = app.hold(login)
    answer = app.token(held)
    got = answer.json()
    assert answer.status_code == 200
    assert set(got) == {"access_token", "token_type", "expires_in", "scope", "refresh_token",
                        "id_token"}
    assert (got["token_type"], got["expires_in"]) == ("Bearer", 600)
    assert got["scope"] == app.scope and got["refresh_token"].startswith("dwg_")
    assert "no-store" in answer.headers["Cache-Control"] and answer.headers["Pragma"] == "no-cache"
    access = verified(apache, got["access_token"], f"{apache.public_url}/oauth")
    assert jwt.get_unverified_header(got["access_token"])["typ"] == "at+jwt"
    assert set(access) == {"iss", "sub", "aud", "exp", "iat", "jti", "client_id", "sid", "scope"}
    assert (access["client_id"], access["scope"]) == (app.id, app.scope)
    assert access["sub"] == claims(login)["sub"] and access["sid"] != claims(login)["sid"]
    identity = verified(apache, got["id_token"], app.id)
    assert jwt.get_unverified_header(got["id_token"])["alg"] == "RS256"
    assert set(identity) == {"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr",
                             "sid"}
    assert (identity["sub"], identity["nonce"]) == (access["sub"], held.nonce)
    assert identity["auth_time"] == claims(login)["auth_time"]
    assert (identity["acr"], identity["amr"]) == ("1fa", ["pwd"])
    assert identity["sid"] not in (access["sid"], claims(login)["sid"])
    assert abs(identity["exp"] - time.time() - 600) < 30


def test_the_sid_of_id_tokens_stays_and_no_two_clients_have_the_same(apache, app):
    login = logged_in(apache)
    tokens = [app.got(login), app.got(login), Made(apache).got(login)]
    sids = [claims(t["id_token"])["sid"] for t in tokens]
    assert sids[0] == sids[1] != sids[2]
    assert claims(app.refresh(tokens[0]).json()["id_token"])["sid"] == sids[0]


def test_a_client_of_the_sites_algorithm_gets_it(apache):
    got = Made(apache, alg="site").got()
    header = jwt.get_unverified_header(got["id_token"])
    assert header["alg"] == jwt.get_unverified_header(got["access_token"])["alg"] == "ES256"


def test_claims_also_stand_in_the_id_token_where_the_registration_says_so(apache):
    app = Made(apache, claims_too=True)
    identity = claims(app.got()["id_token"])
    said = app.userinfo(app.got()).json()
    assert said and said.items() <= identity.items()


def test_without_openid_there_is_no_id_token_and_without_a_nonce_it_has_none(app):
    assert "id_token" not in app.got(scope="profile email")
    assert "nonce" not in claims(app.got(nonce=None)["id_token"])


def test_another_audience_gets_the_roles_and_how_the_person_logged_in(apache):
    app = Made(apache, audience="https://api.example/v1", groups=["member", "editor"])
    access = verified(apache, app.got()["access_token"], "https://api.example/v1")
    assert access["aud"] == "https://api.example/v1"
    assert access["roles"] == ["member"] and access["acr"] == "1fa" and access["amr"] == ["pwd"]


def test_a_grant_without_offline_access_does_not_outlive_its_session(apache, app):
    login = logged_in(apache)
    apache.sql("update doorward.sessions set ends_at = doorward.now() + interval '100 s'"
               f" where sid = '{claims(login)['sid']}'")
    got = app.got(login, scope="openid")
    assert 90 <= got["expires_in"] <= 100
    assert claims(got["access_token"])["exp"] == claims(got["id_token"])["exp"]


def test_every_server_passes_on_what_a_client_proves_itself_by(front):
    app = Made(front)
    got = app.got()
    assert app.userinfo(got).json()["preferred_username"] == "alice"
    new = app.refresh(got).json()
    assert app.revoke(new["refresh_token"]).status_code == 200
    assert app.userinfo(new).status_code == 401


# ---- what a code is bound to ----

BURNS = {
    "another redirect_uri": {"redirect_uri": "https://app.example/callback2"},
    "no redirect_uri": {"redirect_uri": None},
    "another verifier": {"code_verifier": "v" * 43},
    "what is no verifier": {"code_verifier": "x"},
    "no verifier": {"code_verifier": None},
}


@pytest.mark.parametrize("wrong", BURNS)
def test_a_code_that_its_client_shows_in_a_wrong_way_is_of_no_use_any_more(app, wrong):
    held = app.hold()
    assert error_of(app.token(held, **BURNS[wrong])) == (400, "invalid_grant")
    assert error_of(app.token(held)) == (400, "invalid_grant")


def test_a_verifier_for_a_code_without_a_challenge_is_refused(apache):
    app = Made(apache, pkce=False)
    assert app.token(app.hold(pkce=False)).status_code == 200
    held = app.hold(pkce=False)
    assert error_of(app.token(held, code_verifier="v" * 43)) == (400, "invalid_grant")


def test_a_code_of_another_client_is_refused_and_stays_good(apache, app):
    held = app.hold()
    assert error_of(Made(apache).token(held)) == (400, "invalid_grant")
    assert app.token(held).status_code == 200


def test_a_code_is_good_for_its_life_and_no_longer(apache, app):
    held = app.hold(life=1)
    time.sleep(1.1)
    assert error_of(app.token(held)) == (400, "invalid_grant")


@pytest.mark.parametrize("code", ["dwo_" + "A" * 43, "x", "dwo_", "\N{SNOWMAN}"])
def test_what_is_no_code_is_refused(app, code):
    assert error_of(app.token(app.hold(), code=code)) == (400, "invalid_grant")


def test_a_code_that_is_used_again_ends_what_was_issued(apache, app):
    held = app.hold()
    got = app.token(held).json()
    assert app.userinfo(got).status_code == 200
    assert error_of(app.token(held)) == (400, "invalid_grant")
    assert app.userinfo(got).status_code == 401
    assert error_of(app.refresh(got)) == (400, "invalid_grant")
    assert error_of(app.token(held)) == (400, "invalid_grant")


def test_a_code_of_a_session_that_has_ended_is_refused(apache, app):
    login = logged_in(apache)
    held = app.hold(login, scope="openid")
    app.web.post("/login/logout", headers={"Authorization": f"Bearer {login}"})
    assert error_of(app.token(held)) == (400, "invalid_grant")


# ---- who the client is ----

def basic(name, secret):
    """The header."""
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


def test_basic_is_decoded_as_a_form_is(app):
    everything = "".join(f"%{byte:02x}" for byte in f"{app.secret}".encode())
    assert app.token(app.hold(), headers=basic(app.id, everything)).status_code == 200


WRONG_PROOFS = {
    "nothing": ({"Authorization": None}, {}),
    "no secret": ({"Authorization": None}, {"client_id": "ID"}),
    "a wrong secret": (basic("ID", "dwx_" + "A" * 43), {}),
    "what is no secret": (basic("ID", "x"), {}),
    "an empty secret": (basic("ID", ""), {}),
    "the secret of another": (basic("ID", "OTHER"), {}),
    "an unknown client": (basic("nobody", "SECRET"), {}),
    "no name": (basic("", "SECRET"), {}),
    "another method": ({"Authorization": None}, {"client_id": "ID", "client_secret": "SECRET"}),
    "an assertion": ({"Authorization": None}, {
        "client_id": "ID", "client_assertion": "e30.e30.", "client_assertion_type":
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}),
    "another scheme": ({"Authorization": "Bearer x"}, {"client_id": "ID"}),
    "what is not base64": ({"Authorization": "Basic !"}, {}),
    "no colon": ({"Authorization": "Basic " + base64.b64encode(b"ID").decode()}, {}),
    "a broken escape": (basic("ID", "%zz"), {}),
    "a second field within": (basic("ID&x=y", "SECRET"), {}),
    "no UTF-8": ({"Authorization": "Basic " + base64.b64encode(b"\xff:\xff").decode()}, {}),
}


def filled(app, other, value):
    """Names and secrets in the place of words."""
    if isinstance(value, dict):
        return {k: filled(app, other, v) for k, v in value.items()}
    if value and value.startswith("Basic ") and value != "Basic !":
        text = base64.b64decode(value[6:])
        for word, real in (b"ID", app.id), (b"OTHER", other.secret), (b"SECRET", app.secret):
            text = text.replace(word, real.encode())
        return "Basic " + base64.b64encode(text).decode()
    return {"ID": app.id, "SECRET": app.secret}.get(value, value)


@pytest.mark.parametrize("wrong", WRONG_PROOFS)
def test_a_client_that_does_not_prove_who_it_is_gets_401_and_its_code_stays_good(
        apache, app, wrong):
    headers, fields = filled(app, Made(apache), WRONG_PROOFS[wrong][0]), WRONG_PROOFS[wrong][1]
    held = app.hold()
    answer = app.token(held, headers=headers, **filled(app, app, fields))
    assert error_of(answer) == (401, "invalid_client"), wrong
    assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")
    assert app.token(held).status_code == 200


@pytest.mark.parametrize("fields", [{"client_id": "other"}, {"client_secret": "x"}])
def test_two_methods_or_two_clients_at_once_are_refused(app, fields):
    held = app.hold()
    assert error_of(app.token(held, **fields)) == (400, "invalid_request")
    assert app.token(held, client_id=app.id).status_code == 200


def test_client_secret_post_and_none_take_their_own_proof_only(apache):
    post, public = Made(apache, method="client_secret_post"), Made(apache, method="none")
    assert post.token(post.hold()).status_code == 200
    assert error_of(post.token(post.hold(), client_secret="dwx_" + "A" * 43)) == (
        401, "invalid_client")
    assert error_of(post.token(post.hold(), client_secret=None)) == (401, "invalid_client")
    assert error_of(post.token(post.hold(), client_id=None, client_secret=None,
                               headers=basic(post.id, post.secret))) == (401, "invalid_client")
    assert public.token(public.hold()).status_code == 200
    assert public.token(public.hold(), client_secret="").status_code == 200
    assert error_of(public.token(public.hold(), client_secret="x")) == (401, "invalid_client")


def test_two_secrets_are_good_while_one_replaces_the_other(apache):
    app = Made(apache)
    app.stack.sql("insert into doorward.oauth_secrets (hash, client_id, created_at) values"
                  f" (sha256('dwx_{'B' * 42}A'), '{app.id}', doorward.now())")
    assert app.token(app.hold(), headers=basic(app.id, f"dwx_{'B' * 42}A")).status_code == 200
    assert app.token(app.hold()).status_code == 200
    app.stack.sql("update doorward.oauth_secrets set ends_at = doorward.now()"
                  f" where client_id = '{app.id}' and hash <> sha256('dwx_{'B' * 42}A')")
    assert error_of(app.token(app.hold())) == (401, "invalid_client")


# ---- the request ----

@pytest.mark.parametrize("changes, error", [
    ({"grant_type": None}, "invalid_request"),
    ({"grant_type": ""}, "invalid_request"),
    ({"grant_type": "password", "username": "alice"}, "unsupported_grant_type"),
    ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
    ({"code": None}, "invalid_request"),
    ({"code": ""}, "invalid_request"),
    ({"code": "x" * 3000}, "invalid_grant"),
    ({"grant_type": ["authorization_code", "authorization_code"]}, "invalid_request"),
    ({"code": ["dwo_x", "dwo_y"]}, "invalid_request"),
    ({"redirect_uri": ["https://a.example/", "https://b.example/"]}, "invalid_request"),
    ({"code_verifier": ["v", "v"]}, "invalid_request"),
    ({"client_id": ["a", "a"]}, "invalid_request"),
])
def test_a_bad_request_says_what_is_bad_and_uses_nothing_up(app, changes, error):
    held = app.hold()
    assert error_of(app.token(held, **changes)) == (400, error)
    assert app.token(held).status_code == 200


def test_only_a_form_that_is_posted_is_taken(app):
    proof, _ = app.proof()
    answer = app.web.get("/oauth/token", headers=proof)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    for more in ({"json": {"grant_type": "authorization_code"}},
                 {"data": "grant_type=authorization_code", "headers": {"Content-Type": "text/plain"}}):
        headers = {**proof, **more.pop("headers", {})}
        assert error_of(app.web.post("/oauth/token", headers=headers, **more)) == (
            415, "unsupported_media_type")
    answer = app.web.post("/oauth/token", data="grant_type=%zz", headers={
        **proof, "Content-Type": "application/x-www-form-urlencoded"})
    assert error_of(answer) == (400, "invalid_request")


def test_a_body_that_is_too_large_is_refused(app):
    answer = app.web.post("/oauth/token", headers=app.proof()[0], data={"code": "x" * 70000})
    assert error_of(answer) == (413, "too_large")


def test_the_query_counts_for_nothing(app):
    held = app.hold()
    answer = app.web.post(f"/oauth/token?grant_type=authorization_code&code={held.code}",
                          headers=app.proof()[0], data={"x": "y"})
    assert error_of(answer) == (400, "invalid_request")
