"""The keys behind the tokens of clients, and what a request costs: no key, no loss; a rotation
of both keys loses nothing; statements and signatures are counted."""

import glob
import os
import time

import jwt
import pytest
from client import Client
from codes import Made
from jose_command import load
from oauth import App, signed_in, verified
from running_keys import age, within
from statements import Statements

NOTICED = 5  # seconds in which a program sees other keys


def kid_of(token):
    """The key that a token names."""
    return jwt.get_unverified_header(token)["kid"]


def unavailable(answer):
    """Not now, and nothing was used up."""
    return (answer.status_code, answer.json().get("error")) == (503, "temporarily_unavailable")


def test_nothing_is_used_up_where_the_key_for_id_tokens_is_missing(private_stack):
    """A client that takes the site's algorithm needs no other key."""
    stack = private_stack()
    app, of_site = Made(stack), Made(stack, alg="site")
    held, other, got = app.hold(), of_site.hold(), app.got()
    [path] = [p for p in glob.glob(f"{stack.directory}/keys/signing/*.jwk")
              if load(p)["alg"] == "RS256"]
    os.rename(path, f"{stack.directory}/hidden")
    assert within(NOTICED, lambda: unavailable(app.refresh(got)))
    assert unavailable(app.token(held))
    with open(stack.web.log, encoding="utf-8") as f:
        assert "no RS256 key may sign" in f.read()
    assert of_site.token(other).status_code == 200
    os.rename(f"{stack.directory}/hidden", path)
    assert within(NOTICED, lambda: app.refresh(got).status_code == 200)
    assert app.token(held).status_code == 200


def test_a_rotation_of_both_keys_fails_no_request_and_id_tokens_stay_verifiable(private_stack):
    stack = private_stack()
    app = Made(stack)
    first = app.got()
    made = set(stack.doorward("key", "rotate").split())
    algs = {load(f"{stack.directory}/keys/signing/{kid}.jwk")["alg"] for kid in made}
    assert algs == {"ES256", "RS256"}
    assert kid_of(app.got()["id_token"]) == kid_of(first["id_token"])
    age(stack, 700)
    assert within(NOTICED, lambda: {kid_of(t) for t in (
        lambda got: (got["id_token"], got["access_token"]))(app.got())} == made)
    stack.doorward("key", "rotate", "--every", "90d")
    verified(stack, first["id_token"], app.id)
    assert app.userinfo(first).status_code == 200
    assert app.refresh(first).status_code == 200
    age(stack, 3700)
    with pytest.raises(KeyError):
        verified(stack, first["id_token"], app.id)
    assert app.token(app.hold()).status_code == 200


def test_what_each_request_asks_of_the_database(private_stack):
    """Behind a session that is open: authorize and token together are three statements."""
    stack = private_stack()
    browser, app = signed_in(stack), App(stack)
    app.userinfo(app.tokens(browser))
    stated = Statements(stack, "doorward_oauth")
    time.sleep(0.2)
    asked = app.ask(browser)
    asked.code  # pylint: disable=pointless-statement
    authorize = stated.count()
    got = app.token(asked).json()
    token = stated.count()
    assert (authorize, token) == (2, 1)
    assert app.userinfo(got).status_code == 200
    assert stated.count() == 1
    new = app.refresh(got).json()
    assert stated.count() == 2
    assert app.revoke(new["refresh_token"]).status_code == 200
    assert stated.count() == 2  # the second one brings the list of what has ended


def test_without_the_database_nothing_is_decided(private_stack):
    stack = private_stack()
    app = Made(stack)
    held, got = app.hold(), app.got()
    stack.stop_database()
    for answer in (app.token(held), app.refresh(got), app.userinfo(got),
                   app.revoke(got["refresh_token"]),
                   Client(stack).options("/oauth/token", headers={
                       "Origin": "https://app.example", "Access-Control-Request-Method": "POST"})):
        assert unavailable(answer)
