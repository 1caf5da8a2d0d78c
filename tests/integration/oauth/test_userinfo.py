"""/oauth/userinfo: what the bearer of an access token may hear, and what else does not open it."""

import uuid

import pytest
import tokens
from client import ALICE, Client, bearer, claims, form_login, json_login
from codes import Made, error_of, logged_in
from oauth import NUMBERS, verified


@pytest.fixture(name="app")
def _app(apache):
    return Made(apache)


def asked(stack, token, **more):
    """With that token."""
    return Client(stack).get("/oauth/userinfo", headers=bearer(token), **more)


def test_says_what_the_scope_allows(apache, app):
    got = app.got()
    sub = claims(got["access_token"])["sub"]
    answer = app.userinfo(got)
    assert answer.headers["Content-Type"].startswith("application/json")
    assert "no-store" in answer.headers["Cache-Control"]
    everything = answer.json()
    assert everything == {"sub": sub, "name": "alice", "preferred_username": "alice",
                          "groups": ["member"]}
    for scope, names in ("openid", set()), ("openid profile", {"name", "preferred_username"}), (
            "openid groups", {"groups"}), ("openid email", set()):
        said = app.userinfo(app.got(scope=scope)).json()
        assert said == {k: v for k, v in everything.items() if k in names | {"sub"}}
    assert claims(app.got()["id_token"])["sub"] == sub


def test_says_the_name_the_language_and_the_address_as_they_are_now(apache, app):
    got = app.got()
    mine = f"user_id = '{claims(got['access_token'])['sub']}'"
    apache.sql("update doorward.users set display_name = 'Alice \"A\" Müller', language = 'de'"
               " where name = 'alice'")
    apache.sql("insert into doorward.addresses (user_id, address) select id,"
               " 'alice@example.org' from doorward.users where name = 'alice'")
    try:
        said = app.userinfo(got).json()
        assert (said["name"], said["locale"]) == ('Alice "A" Müller', "de")
        assert (said["email"], said["email_verified"]) == ("alice@example.org", False)
        apache.sql(f"update doorward.addresses set verified_at = doorward.now() where {mine}")
        assert app.userinfo(got).json()["email_verified"] is True
    finally:
        apache.sql(f"delete from doorward.addresses where {mine}")
        apache.sql("update doorward.users set display_name = null, language = null"
                   " where name = 'alice'")


def test_groups_are_cut_to_the_clients_list(apache):
    for how, groups in ({"groups": ["editor"]}, []), ({"roles": ["member", "x"]}, ["member"]):
        app = Made(apache, **how)
        assert app.userinfo(app.got()).json()["groups"] == groups


def test_takes_the_token_of_a_header_or_of_a_form(app):
    got = app.got()
    token = {"access_token": got["access_token"]}
    for answer in (app.web.post("/oauth/userinfo", headers=bearer(got["access_token"])),
                   app.web.post("/oauth/userinfo", data=token)):
        assert answer.status_code == 200 and answer.json()["preferred_username"] == "alice"


def test_takes_it_from_nowhere_else_and_not_twice(app):
    got = app.got()
    token = {"access_token": got["access_token"]}
    for answer in (app.web.get("/oauth/userinfo"), app.web.get("/oauth/userinfo", params=token),
                   app.web.get("/oauth/userinfo", cookies={"__Host-doorward": got["access_token"]}),
                   app.web.get("/oauth/userinfo", data=token, headers={
                       "Content-Type": "application/x-www-form-urlencoded"})):
        assert error_of(answer) == (401, "unauthorized")
        assert "error" not in answer.headers["WWW-Authenticate"]
    for answer in (app.web.post("/oauth/userinfo", data=token,
                                headers=bearer(got["access_token"])),
                   app.web.post("/oauth/userinfo", data={"access_token": ["a", "b"]}),
                   app.web.get("/oauth/userinfo", headers={"Authorization": "Bearer a b"})):
        assert error_of(answer) == (400, "invalid_request")


def test_no_other_kind_of_token_opens_it(apache, app):
    login = logged_in(apache)
    got = app.got(login)
    browser, _ = form_login(apache, *ALICE)
    sub = claims(login)["sub"]
    of_us = {"sub": sub, "aud": f"{apache.public_url}/oauth", "scope": "openid"}
    wrong = {
        "of a login": login, "of a browser": browser.cookies["__Host-doorward"],
        "of a program": apache.doorward("token", "issue", "--sub", sub, "--life", "1h").strip(),
        "of a program for /oauth": tokens.make(apache, client_id="doorward-program", **of_us),
        "an ID token": got["id_token"], "a refresh token": got["refresh_token"],
        "for another audience": Made(apache, audience="https://api.example").got()["access_token"],
        "for the site": Made(apache, audience=apache.public_url).got()["access_token"],
        "of no grant": tokens.make(apache, client_id=app.id, **of_us),
        "of another client": tokens.make(apache, client_id="nobody", **{
            **of_us, "sid": claims(got["access_token"])["sid"]}),
        "of another user": tokens.make(apache, client_id=app.id, **{
            **of_us, "sub": str(uuid.uuid4()), "sid": claims(got["access_token"])["sid"]}),
        "unsigned": tokens.unsecured(apache), "nothing": "x",
    }
    for name, token in wrong.items():
        answer = asked(apache, token)
        assert error_of(answer) == (401, "invalid_token"), name
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    assert asked(apache, got["access_token"]).status_code == 200


def test_without_openid_it_lacks_scope(app):
    answer = app.userinfo(app.got(scope="profile"))
    assert error_of(answer) == (403, "insufficient_scope")
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("change", ["disabled = true", "roles = '{}'"])
def test_who_may_not_use_the_client_any_more_is_not_told_of(apache, change):
    """Even where the database was changed without its functions."""
    name, password = f"carl{next(NUMBERS)}", "otters sleep on their backs"
    apache.doorward("user", "add", name, "--role", "staff", "--password-stdin", stdin=password)
    app = Made(apache, roles=["staff"])
    got = app.got(logged_in(apache, name, password))
    assert app.userinfo(got).status_code == 200
    apache.sql(f"update doorward.users set {change} where name = '{name}'")
    assert error_of(app.userinfo(got)) == (401, "invalid_token")
    assert error_of(app.refresh(got)) == (400, "invalid_grant")


def test_tokens_of_clients_are_never_encrypted(private_stack):
    """Who reads them has no key for that."""
    stack = private_stack(token_encryption="on", encryption_keys="encryption.json",
                          decryption_keys="keys/decryption")
    login = json_login(stack, *ALICE).json()["token"]
    assert login.count(".") == 4
    app = Made(stack)
    sub = stack.sql(f"select id from doorward.users where name = '{ALICE[0]}'")
    sid = stack.sql("select sid from doorward.sessions order by opened_at desc limit 1")
    got = app.got({"sub": sub, "sid": sid})
    verified(stack, got["access_token"], f"{stack.public_url}/oauth")
    verified(stack, got["id_token"], app.id)
    assert app.userinfo(got).status_code == 200
