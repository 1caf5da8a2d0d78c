"""Every place of a token, other origins and other issuers, through each front end."""

import json
import os
import re
import secrets
import time

import pytest
import tokens
from client import Client, bearer, raw_request, token
from programs import Signer
from stack.process import wait_until
from servers import FRONTS, USERS, end_stack, start_stack

APP = "https://app.example"
SSO = "https://sso.example/realms/x"
FORM = ("Content-Type", "application/x-www-form-urlencoded")
OWN = ("Sec-Fetch-Site", "same-origin")


@pytest.fixture(scope="module", params=FRONTS, ids=["-".join(front) for front in FRONTS],
                name="stack")
def _stack(request):
    """All places switched on, one other origin, one other issuer."""
    signer = Signer("theirs")
    stack = start_stack(*request.param, token_in_form="on", token_in_query="on",
                        token_header="X-Access-Token", cors_origins=APP, **{
                            "issuer.sso.url": SSO, "issuer.sso.audience": "doorward",
                            "issuer.sso.keys": "sso.json", "issuer.sso.type": "none",
                            "issuer.sso.roles": "staff:member"})
    stack.sso = signer
    with open(f"{stack.directory}/sso.json", "w", encoding="utf-8") as f:
        json.dump({"keys": [signer.public()]}, f)
    yield stack
    end_stack(stack)


def ask(stack, place, access):
    """A request with the token in that place."""
    client = Client(stack)
    if place == "form":
        return client.post("/protected", data={"access_token": access})
    if place == "query":
        return client.get("/protected", params={"access_token": access})
    if place == "header":
        return client.get("/protected", headers={"X-Access-Token": access})
    if place == "cookie":
        return client.get("/protected", headers={"Cookie": f"__Host-doorward={access}"})
    return client.get("/protected", headers=bearer(access))


PLACES = ["authorization", "cookie", "header", "form", "query"]


@pytest.mark.parametrize("place", PLACES)
def test_takes_a_token_from(stack, place):
    answer = ask(stack, place, tokens.make(stack))
    assert answer.status_code == 200, answer.text
    assert answer.json()["name"] == "alice"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert ask(stack, place, tokens.make(stack, exp=1)).status_code == 401


@pytest.mark.parametrize("first,second", [(a, b) for a in PLACES for b in PLACES
                                          if a < b and "cookie" not in (a, b)])
def test_refuses_a_token_in_two_places(stack, first, second):
    access = tokens.make(stack)
    both = {first, second}
    headers = [OWN]
    headers += [("Authorization", f"Bearer {access}")] * ("authorization" in both)
    headers += [("X-Access-Token", access)] * ("header" in both)
    headers += [FORM] * ("form" in both)
    path = "/protected" + (f"?access_token={access}" if "query" in both else "")
    body = f"access_token={access}".encode() if "form" in both else b""
    answer = raw_request(stack, "POST", path, headers, body)
    assert answer.status == 400, answer.body
    assert b"invalid_request" in answer.body
    assert 'error="invalid_request"' in answer.header("WWW-Authenticate")[0]


def test_refuses_the_alternative_header_given_twice_in_either_spelling(stack):
    access = tokens.make(stack)
    for second in ("X-Access-Token", "x-access-token", "X_Access_Token"):
        answer = raw_request(stack, "GET", "/protected",
                             [("X-Access-Token", access), (second, access)])
        # Apache drops what has an underscore; then one is left
        assert answer.status == 400 or second == "X_Access_Token" and answer.status == 200


def served_in_log(stack):
    with open(f"{stack.directory}/log/access.log", encoding="latin-1") as f:
        return re.search(r'"GET /protected HTTP/1.1" 200', f.read()) is not None


def test_no_token_appears_in_any_log(stack):
    good = tokens.make(stack)
    bad = "canary" + secrets.token_hex(16)
    for place in PLACES:
        ask(stack, place, good)
        ask(stack, place, bad)
    wait_until(lambda: served_in_log(stack))  # lighttpd writes its log once a second or so
    assert served_in_log(stack)
    for name in os.listdir(f"{stack.directory}/log"):
        with open(f"{stack.directory}/log/{name}", encoding="latin-1") as f:
            text = f.read()
        assert bad not in text and good[-40:] not in text, name


# ---- other origins ----

ADDRESSES = [("POST", "/login"), ("POST", "/login/refresh"), ("POST", "/login/logout"),
             ("GET", "/protected")]


@pytest.mark.parametrize("method,path", ADDRESSES)
def test_answers_the_preflight_of_a_listed_origin(stack, method, path):
    asks = {"Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization,content-type"}
    answer = Client(stack).options(path, headers=dict(asks, Origin=APP))
    assert answer.status_code == 204, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert method in answer.headers["Access-Control-Allow-Methods"]
    allowed = answer.headers["Access-Control-Allow-Headers"].lower()
    assert {"authorization", "content-type", "x-access-token"} <= set(re.split(", *", allowed))
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Origin" in answer.headers["Vary"]
    for origin in ("https://evil.example", "null", f"{APP}.evil.example"):
        answer = Client(stack).options(path, headers=dict(asks, Origin=origin))
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Origin" in answer.headers["Vary"]


def test_a_script_of_a_listed_origin_logs_in_and_gets_in(stack):
    headers = {"Origin": APP, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
    client = Client(stack)
    login = client.post("/login", headers=headers, json={
        "username": "alice", "password": USERS["alice"][0]})
    assert login.status_code == 200, login.text
    assert login.headers["Access-Control-Allow-Origin"] == APP
    headers["Authorization"] = f"Bearer {login.json()['token']}"
    answer = client.get("/protected", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    wrong = client.post("/login", headers={"Origin": APP}, json={
        "username": "alice", "password": "wrong"})
    assert wrong.status_code == 401
    assert wrong.headers["Access-Control-Allow-Origin"] == APP


def test_anyone_may_read_the_public_keys(stack):
    answer = Client(stack).get("/.well-known/jwks.json", headers={"Origin": "https://x.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


# ---- another issuer ----

def test_a_token_of_another_issuer_opens_the_same_doors(stack):
    access = stack.sso.sign(iss=SSO, aud="doorward", typ="JWT", roles=["staff", "admin"],
                            preferred_username="root")
    answer = Client(stack).get("/protected", headers=bearer(access))
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["name"] == told["id"] == "sso:u-1" and told["roles"] == ["member"]
    assert Client(stack).get("/protected", headers=bearer(
        token(stack, "alice", USERS["alice"][0]))).status_code == 200
    # the key of one in the name of the other
    for wrong in (stack.sso.sign(iss=stack.public_url, aud=stack.public_url),
                  tokens.make(stack, iss=SSO, aud="doorward")):
        assert Client(stack).get("/protected", headers=bearer(wrong)).status_code == 401
