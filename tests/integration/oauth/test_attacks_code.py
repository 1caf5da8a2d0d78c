"""Attacks on codes, verifiers and refresh tokens: what was made for one client, one address, one
browser and one verifier is of no use to another, and what is used twice ends."""

import threading

import jwt
import pytest

from client import Client, short
from oauth import REDIRECT, Asked, challenge, signed_in, verified

OTHER_REDIRECT = "https://app.example/other"


@pytest.fixture(scope="module", name="other")
def _other(make_app):
    """A client of somebody else."""
    return make_app(redirect="https://evil.example/callback")


@pytest.fixture(scope="module", name="two_ways")
def _two_ways(make_app):
    """A client with two addresses."""
    return make_app("--redirect", OTHER_REDIRECT)


@pytest.fixture(scope="module", name="public")
def _public(make_app):
    return make_app(method="none")


@pytest.fixture(scope="module", name="old")
def _old(make_app):
    """A client of an older time that knows nothing of PKCE."""
    return make_app("--pkce", "optional")


@pytest.fixture(scope="module", name="posting")
def _posting(make_app):
    """A client whose secret stands in the form."""
    return make_app(method="client_secret_post")


def assert_refused(answer, error="invalid_grant", status=400):
    """Of the token endpoint: an error of RFC 6749, 5.2, and nothing that opens anything."""
    assert answer.status_code == status, answer.text
    assert answer.json()["error"] == error, answer.text
    assert "token" not in set(answer.json())
    assert answer.headers["Cache-Control"] == "no-store"


def is_alive(app, tokens):
    """Whether a grant's access token still says who it is."""
    status = app.userinfo(tokens).status_code
    assert status in (200, 401)
    return status == 200


# ---- a code ----

def test_a_code_of_another_client_is_refused_and_stays_good(app, other, alice):
    """So nobody can spoil the login of another client."""
    asked = app.ask(alice)
    assert_refused(other.token(asked))
    assert_refused(other.token(asked, redirect_uri=other.redirect))
    assert app.token(asked).status_code == 200


def test_a_public_client_cannot_use_the_code_of_a_confidential_one(app, public, alice):
    asked = app.ask(alice)
    assert_refused(public.token(asked))
    assert app.token(asked).status_code == 200


def test_the_id_of_a_confidential_client_alone_proves_nothing(app, alice):
    asked = app.ask(alice)
    for fields in ({"client_id": app.id}, {"client_id": app.id, "client_secret": ""}):
        answer = app.web.post("/oauth/token", data={
            "grant_type": "authorization_code", "code": asked.code, "redirect_uri": app.redirect,
            "code_verifier": asked.verifier, **fields})
        assert_refused(answer, "invalid_client", 401)
    assert app.token(asked).status_code == 200


def test_a_client_cannot_speak_for_another_one(app, other, alice):
    """The header is of one client, the form of another."""
    asked = app.ask(alice)
    answer = other.token(asked, client_id=app.id)
    assert answer.status_code in (400, 401)
    assert answer.json()["error"] in ("invalid_request", "invalid_client")
    assert app.token(asked).status_code == 200


def test_a_replayed_code_is_refused_and_ends_what_it_gave(app, alice):
    asked = app.ask(alice)
    tokens = app.token(asked).json()
    assert is_alive(app, tokens)
    assert_refused(app.token(asked))
    assert not is_alive(app, tokens)
    assert_refused(app.refresh(tokens))


def test_a_replay_by_another_client_ends_nothing(app, other, alice):
    asked = app.ask(alice)
    tokens = app.token(asked).json()
    assert_refused(other.token(asked))
    assert is_alive(app, tokens)


def test_a_replayed_code_ends_no_other_grant_and_no_session(app, alice):
    kept = app.tokens(alice)
    asked = app.ask(alice)
    app.token(asked)
    assert_refused(app.token(asked))
    assert is_alive(app, kept)
    assert alice.get("/account").status_code == 200


def test_of_two_exchanges_at_once_one_is_refused_and_the_grant_ends(app, alice):
    asked, answers, gate = app.ask(alice), [], threading.Barrier(2)

    def exchange():
        gate.wait()
        answers.append(app.token(asked))

    threads = [threading.Thread(target=exchange) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(a.status_code for a in answers) == [200, 400]
    [tokens] = [a.json() for a in answers if a.status_code == 200]
    assert not is_alive(app, tokens)


def test_a_code_is_good_for_one_minute(app, alice, provider):
    asked = app.ask(alice)
    provider.sql("update doorward.oauth_codes set ends_at = ends_at - interval '61 s'")
    assert_refused(app.token(asked))


@pytest.mark.parametrize("code", ["x", "dwo_", "dwo_" + "x" * 43, "x" * 9000, "\u00e4", "a b"],
                         ids=short)
def test_a_code_that_nobody_made_is_refused(app, alice, code):
    asked = app.ask(alice)
    assert_refused(app.token(asked, code=code))
    assert app.token(asked).status_code == 200


@pytest.mark.parametrize("code", ["", None])
def test_an_exchange_without_a_code_is_a_bad_request(app, alice, code):
    asked = app.ask(alice)
    assert_refused(app.token(asked, code=code), "invalid_request")
    assert app.token(asked).status_code == 200


def test_a_code_with_one_character_changed_is_refused(app, alice):
    asked = app.ask(alice)
    code = asked.code
    at = len(code) // 2
    assert_refused(app.token(asked, code=code[:at] + ("A" if code[at] != "A" else "B") + code[at + 1:]))


def test_a_code_is_bound_to_its_address_and_a_wrong_one_burns_it(two_ways, alice):
    asked = two_ways.ask(alice)
    assert_refused(two_ways.token(asked, redirect_uri=OTHER_REDIRECT))
    assert_refused(two_ways.token(asked))


def test_a_code_without_its_address_is_refused(two_ways, alice):
    answer = two_ways.token(two_ways.ask(alice), redirect_uri=None)
    assert answer.status_code == 400 and answer.json()["error"] in ("invalid_grant",
                                                                    "invalid_request")


# ---- code injection and mix-up ----

def test_a_stolen_code_in_the_victim_s_client_is_refused_by_its_verifier(app, alice, provider):
    """The attacker's browser plays a code into the login of another browser at the same client."""
    stolen = app.ask(alice)
    attacker = app.ask(signed_in(provider, "root", "nine lives of a cat"))
    assert_refused(app.token(stolen, code_verifier=attacker.verifier))
    assert_refused(app.token(stolen), "invalid_grant")


def test_without_pkce_the_nonce_tells_a_stolen_code(old, alice, provider):
    """What a client that knows no PKCE has to check (RFC 9700, 4.5.3.2)."""
    plain = {"code_challenge": None, "code_challenge_method": None}
    stolen = old.ask(alice, **plain)
    attacker = old.ask(signed_in(provider, "root", "nine lives of a cat"), **plain)
    answer = old.token(stolen)
    assert answer.status_code == 200
    nonce = verified(provider, answer.json()["id_token"], old.id)["nonce"]
    assert nonce == stolen.parameters["nonce"] != attacker.parameters["nonce"]


def test_the_code_of_one_user_never_gives_tokens_of_another(app, alice, provider):
    """Whoever is signed in when it is exchanged."""
    root = signed_in(provider, "root", "nine lives of a cat")
    mine, theirs = app.ask(alice), app.ask(root)
    of_alice, of_root = app.token(mine).json(), app.token(theirs).json()
    names = [app.userinfo(t).json()["preferred_username"] for t in (of_alice, of_root)]
    assert names == ["alice", "root"]
    assert verified(provider, of_alice["id_token"], app.id)["nonce"] == mine.parameters["nonce"]


def test_an_id_token_of_one_client_is_for_no_other(app, other, alice, provider):
    token = app.tokens(alice)["id_token"]
    with pytest.raises(jwt.InvalidAudienceError):
        verified(provider, token, other.id)


def test_two_clients_are_not_told_the_same_sid(app, other, alice, provider):
    """And none is told the sid of the session itself."""
    sids = {verified(provider, a.tokens(alice)["id_token"], a.id)["sid"] for a in (app, other)}
    ours = jwt.decode(alice.cookies["__Host-doorward"], options={"verify_signature": False})["sid"]
    assert len(sids) == 2 and ours not in sids


# ---- PKCE ----

@pytest.mark.parametrize("changes", [
    {"code_challenge": None, "code_challenge_method": None},
    {"code_challenge": None},
    {"code_challenge_method": "plain"},
    {"code_challenge_method": None},  # RFC 7636 reads this as plain
    {"code_challenge_method": "s256"},
    {"code_challenge_method": "S512"},
    {"code_challenge_method": ""},
    {"code_challenge": ""},
    {"code_challenge": "x" * 42},
    {"code_challenge": "x" * 44},
    {"code_challenge": "+" * 43},
    {"code_challenge": challenge("x") + "="}], ids=str)
@pytest.mark.parametrize("which", ["app", "public"])
def test_a_challenge_that_was_dropped_or_weakened_is_refused(request, alice, which, changes):
    asked = request.getfixturevalue(which).ask(alice, press=None, **changes)
    assert asked.said["error"] == "invalid_request" and "code" not in asked.said


@pytest.mark.parametrize("verifier", [None, "", "x" * 43, "short", "x" * 129, "\u00e4" * 43], ids=short)
def test_a_code_with_a_challenge_wants_its_verifier(app, alice, verifier):
    asked = app.ask(alice)
    assert_refused(app.token(asked, code_verifier=verifier))
    assert_refused(app.token(asked))


def test_the_challenge_is_no_verifier(app, alice):
    """Whoever sees the authorization request knows it."""
    asked = app.ask(alice)
    assert_refused(app.token(asked, code_verifier=asked.parameters["code_challenge"]))


def test_a_verifier_without_a_challenge_is_refused(old, alice):
    """RFC 9700, 2.1.1: somebody took the challenge out of the request."""
    asked = old.ask(alice, code_challenge=None, code_challenge_method=None)
    assert_refused(old.token(asked, code_verifier=asked.verifier))


def test_where_pkce_is_optional_plain_is_still_refused(old, alice):
    assert old.ask(alice, press=None, code_challenge_method="plain").said["error"] == \
        "invalid_request"


def test_where_pkce_is_optional_a_challenge_binds(old, alice):
    asked = old.ask(alice)
    assert_refused(old.token(asked, code_verifier=None))


# ---- refresh tokens ----

def test_a_refresh_token_of_another_client_is_refused_and_stays_good(app, other, public, alice):
    tokens = app.tokens(alice)
    assert_refused(other.refresh(tokens))
    assert_refused(public.refresh(tokens))
    assert is_alive(app, tokens)
    assert app.refresh(tokens).status_code == 200


def test_another_client_cannot_give_a_token_back(app, other, public, alice):
    tokens = app.tokens(alice)
    for who in other, public:
        for kind in "refresh_token", "access_token":
            assert who.revoke(tokens[kind]).status_code in (200, 400)
    assert is_alive(app, tokens)
    assert app.refresh(tokens).status_code == 200


def test_a_refresh_token_that_two_hold_ends_the_grant(app, alice, provider):
    """The thief used it first; its owner's second use comes after the grace."""
    tokens = app.tokens(alice)
    thief = app.refresh(tokens).json()
    thief = app.refresh(thief).json()
    assert_refused(app.refresh(tokens))
    assert not is_alive(app, thief)
    assert_refused(app.refresh(thief))


@pytest.mark.parametrize("scope", ["openid profile email offline_access", "groups",
                                   "openid profile"])
def test_a_refresh_never_widens_the_scope(app, alice, scope):
    tokens = app.tokens(alice, scope="openid email offline_access")
    assert_refused(app.refresh(tokens, scope=scope), "invalid_scope")
    assert sorted(app.refresh(tokens).json()["scope"].split()) == [
        "email", "offline_access", "openid"]


def test_a_code_is_no_refresh_token_and_the_other_way_round(app, alice):
    asked = app.ask(alice)
    assert_refused(app.refresh(asked.code))
    tokens = app.token(asked).json()
    assert_refused(app.token(asked, code=tokens["refresh_token"]))


def test_our_own_refresh_token_is_none_of_a_client_s(app, provider):
    """Nor the other way round."""
    login = Client(provider).post("/login", json={
        "username": "alice", "password": "correct horse battery staple"}).json()
    assert_refused(app.refresh(login["refresh_token"]))
    assert Client(provider).post("/login/refresh", json={
        "refresh_token": login["refresh_token"]}).status_code == 200


def test_a_client_s_refresh_token_renews_no_login(app, alice, provider):
    tokens = app.tokens(alice)
    web = Client(provider)
    answer = web.post("/login/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert answer.status_code == 401
    web.cookies.set("__Secure-doorward-session", tokens["refresh_token"], path="/login")
    answer = web.get("/login", params={"return_to": "/protected"}, headers={"Accept": "text/html"})
    assert answer.status_code == 200 and "__Host-doorward=ey" not in str(answer.headers)
    assert app.refresh(tokens).status_code == 200


# ---- secrets ----

@pytest.mark.parametrize("secret", ["", "wrong", "x" * 200, "\u00e4\u00f6"], ids=short)
def test_a_wrong_secret_is_refused_and_uses_nothing_up(posting, alice, secret):
    asked = posting.ask(alice)
    answer = posting.token(asked, client_secret=secret)
    assert_refused(answer, "invalid_client", 401)
    assert posting.token(asked).status_code == 200


def test_a_secret_shown_in_another_way_than_registered_is_refused(app, alice):
    asked = app.ask(alice)
    answer = app.web.post("/oauth/token", data={
        "grant_type": "authorization_code", "code": asked.code, "redirect_uri": REDIRECT,
        "code_verifier": asked.verifier, "client_id": app.id, "client_secret": app.secret})
    assert_refused(answer, "invalid_client", 401)


def test_a_secret_shown_in_two_ways_is_refused(app, alice):
    asked = app.ask(alice)
    assert_refused(app.token(asked, client_id=app.id, client_secret=app.secret), "invalid_request")


def test_no_credential_is_taken_from_the_query(app, alice):
    """There it would stand in the server's log."""
    asked = app.ask(alice)
    query = {"grant_type": "authorization_code", "code": asked.code, "redirect_uri": REDIRECT,
             "code_verifier": asked.verifier, "client_id": app.id, "client_secret": app.secret}
    answer = app.web.post("/oauth/token", params=query)
    assert answer.status_code in (400, 401, 415)
    tokens = app.token(asked).json()
    answer = app.web.get("/oauth/userinfo", params={"access_token": tokens["access_token"]})
    assert answer.status_code == 401
