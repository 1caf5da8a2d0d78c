"""Scripts of other origins (CORS): those of the redirect URIs of clients, and no cookies."""

import pytest
from client import Client
from codes import Made

PATHS = {"/oauth/token": "POST", "/oauth/revoke": "POST", "/oauth/userinfo": "GET, HEAD, POST"}
OWN = "https://spa.example:8443"


@pytest.fixture(name="app")
def _app(apache):
    return Made(apache, redirect=f"{OWN}/callback?x=1", method="none")


def preflight(stack, path, origin, method="POST"):
    """What a browser asks before a script's request."""
    return Client(stack).options(path, headers={
        "Origin": origin, "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type"})


def allowed(answer):
    """The origin that may read it; caches know that this depends on who asks."""
    assert answer.headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    return answer.headers.get("Access-Control-Allow-Origin")


@pytest.mark.parametrize("path", PATHS)
def test_a_preflight_is_answered_for_the_origins_of_clients(apache, app, path):
    answer = preflight(apache, path, OWN)
    assert (answer.status_code, allowed(answer)) == (204, OWN)
    assert answer.headers["Access-Control-Allow-Methods"] == PATHS[path]
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    for origin in ("https://spa.example", "http://spa.example:8443", "https://evil.example",
                   "null", f"{OWN}/", "https://x.spa.example:8443", f"{OWN}.evil.example"):
        answer = preflight(apache, path, origin)
        assert (answer.status_code, allowed(answer)) == (204, None), origin
        assert "Access-Control-Allow-Methods" not in answer.headers
    assert app.id


def test_every_server_passes_on_what_a_browser_asks_first(front):
    Made(front, redirect=f"{OWN}/callback", method="none")
    for path in PATHS:
        answer = preflight(front, path, OWN)
        assert (answer.status_code, allowed(answer)) == (204, OWN)


def test_a_script_of_the_client_reads_tokens_userinfo_and_refusals(app):
    mine = {"Origin": OWN}
    held = app.hold()
    answer = app.token(held, headers=mine)
    assert (answer.status_code, allowed(answer)) == (200, OWN)
    assert "WWW-Authenticate" in answer.headers["Access-Control-Expose-Headers"]
    got = answer.json()
    for answer, status in (
            (app.refresh(got, headers=mine), 200),
            (app.web.get("/oauth/userinfo", headers={
                **mine, "Authorization": f"Bearer {got['access_token']}"}), 200),
            (app.revoke(got["refresh_token"], headers=mine), 200),
            (app.refresh(got, headers=mine), 400),
            (app.token(held, headers=mine), 400),
            (app.token(app.hold(), headers=mine, code_verifier="v" * 43), 400)):
        assert (answer.status_code, allowed(answer)) == (status, OWN)
    assert app.token(app.hold()).headers["Vary"] == "Origin"


def test_a_script_of_another_clients_origin_reads_nothing(apache, app):
    """Although a browser would be told that it may send the request."""
    other = Made(apache, redirect="https://other.example/cb", method="none")
    theirs = {"Origin": "https://other.example"}
    got = app.got()
    for answer in (app.token(app.hold(), headers=theirs), app.refresh(got, headers=theirs),
                   app.web.get("/oauth/userinfo", headers={
                       **theirs, "Authorization": f"Bearer {got['access_token']}"}),
                   app.revoke(got["refresh_token"], headers=theirs)):
        assert allowed(answer) is None
    assert preflight(apache, "/oauth/token", "https://other.example").status_code == 204
    assert other.id


def test_a_refusal_that_no_client_is_named_in_is_read_by_the_scripts_of_all(app):
    """Or an app could not tell a token that has ended from a network that is away."""
    got = app.got()
    app.revoke(got["refresh_token"])
    ended = {"Authorization": f"Bearer {got['access_token']}"}
    for origin, reads in (OWN, OWN), ("https://evil.example", None):
        mine = {"Origin": origin}
        for answer, status in (
                (app.web.get("/oauth/userinfo", headers={**mine, **ended}), 401),
                (app.web.get("/oauth/userinfo", headers=mine), 401),
                (app.web.get("/oauth/userinfo", headers={**mine, "Authorization": "Bearer a b"}), 400),
                (app.web.post("/oauth/token", headers=mine, data={"x": "y"}), 401),
                (app.token(app.hold(), headers=mine, code=None), 400),
                (app.token(app.hold(), headers=mine, grant_type="password"), 400),
                (app.refresh("", headers=mine), 400), (app.revoke("", headers=mine), 400)):
            assert (answer.status_code, allowed(answer)) == (status, reads)


def test_an_app_on_this_computer_may_have_any_port(apache):
    app = Made(apache, redirect="http://localhost/cb", method="none")
    for origin in "http://localhost", "http://localhost:5173":
        assert allowed(preflight(apache, "/oauth/token", origin)) == origin
        assert allowed(app.token(app.hold(), headers={"Origin": origin})) == origin
    assert allowed(preflight(apache, "/oauth/token", "https://localhost:5173")) is None


def test_cors_origins_of_the_settings_have_no_part_here(private_stack):
    stack = private_stack(cors_origins="https://page.example", cors_credentials="on")
    Made(stack, redirect=f"{OWN}/cb", method="none")
    for path in PATHS:
        assert allowed(preflight(stack, path, "https://page.example")) is None
        assert allowed(preflight(stack, path, OWN)) == OWN


def test_no_other_address_of_the_provider_is_for_scripts(apache, app):
    for path in "/oauth/authorize", "/oauth/consent", "/oauth/end-session":
        answer = preflight(apache, path, OWN)
        assert "Access-Control-Allow-Origin" not in answer.headers
    answer = Client(apache).options("/oauth/token", headers={"Origin": OWN})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert app.id
