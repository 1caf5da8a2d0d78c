"""Each kind of token opens its own door and no other: every kind at every place."""

import re
import subprocess

import pytest

from client import ALICE, Client, form_login, hidden_fields, json_login
from servers import TREE

# What marks each kind in the code: a `typ`, a prefix, or the label in front of what an HMAC
# is made of. A mark that is not listed here makes the test below fail: add the kind to KINDS.
KINDS = {"access": "at+jwt", "refresh": "dwr_", "device": "dwd_", "form": "doorward form 1"}
MARKS = re.compile(r'"(dw[a-z]_)|"([a-z]+\+jwt)"|STR\("(doorward [a-z]+ \d)\\0')


def test_no_kind_is_forgotten():
    sources = subprocess.run(["git", "ls-files", "lib/*.[ch]"], cwd=TREE,
                             check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    found = set()
    for name in sources:
        with open(f"{TREE}/{name}", encoding="utf-8") as f:
            found |= {"".join(mark) for mark in MARKS.findall(f.read())}
    assert found == set(KINDS.values())


@pytest.fixture(scope="module", name="kinds")
def _kinds(stacks):
    """The stack, and one live token of each kind."""
    stack = stacks.get("apache", "fastcgi")
    client, answer = form_login(stack, *ALICE)
    assert answer.status_code == 303
    page = client.get("/login?fresh=1")
    live = {"access": client.cookies["__Host-doorward"],
            "refresh": json_login(stack, *ALICE).json()["refresh_token"],
            "device": client.cookies["__Secure-doorward-device"],
            "form": hidden_fields(page.text)["form_token"],
            "account form": hidden_fields(client.get("/account/password").text)["form_token"]}
    assert live["refresh"].startswith(KINDS["refresh"])
    assert live["device"].startswith(KINDS["device"])
    return stack, live


def as_bearer(stack, token):
    """Accepted in the Authorization header?"""
    return Client(stack).get("/protected", headers={
        "Authorization": f"Bearer {token}"}).status_code == 200


def as_access_cookie(stack, token):
    """Accepted in the access token's cookie?"""
    return Client(stack).get("/protected", headers={
        "Cookie": f"__Host-doorward={token}"}).status_code == 200


def as_account_cookie(stack, token):
    """Accepted by the account page?"""
    return Client(stack).get("/account", headers={
        "Cookie": f"__Host-doorward={token}"}).status_code == 200


def as_refresh_json(stack, token):
    """Accepted by /login/refresh?"""
    return Client(stack).post("/login/refresh", json={"refresh_token": token}).status_code == 200


def as_session_cookie(stack, token):
    """Accepted for a silent renewal?"""
    return Client(stack, browser=True).get("/login", headers={
        "Cookie": f"__Secure-doorward-session={token}"}).status_code == 303


def as_refresh_cookie(stack, token):
    """Accepted by /login/refresh as a cookie?"""
    return Client(stack, browser=True).post("/login/refresh", headers={
        "Cookie": f"__Secure-doorward-session={token}"}).status_code == 200


def as_form_token(stack, token):
    """Accepted by the login form?"""
    client = Client(stack, browser=True)
    client.get("/login")
    return client.post("/login", data={"form_token": token, "username": ALICE[0],
                                       "password": ALICE[1]}).status_code == 303


def as_form_cookie_and_token(stack, token):
    """Accepted as what a form is bound to?"""
    return Client(stack, browser=True).post(
        "/login", headers={"Cookie": f"__Host-doorward-form={token}"},
        data={"form_token": token, "username": ALICE[0],
              "password": ALICE[1]}).status_code == 303


def as_account_form_token(stack, token):
    """Accepted by the account's forms in another session?"""
    client, _ = form_login(stack, *ALICE)
    return client.post("/account/end", data={
        "form_token": token, "others": "1"}).status_code == 303


PLACES = {as_bearer: {"access"}, as_access_cookie: {"access"}, as_account_cookie: {"access"},
          as_refresh_json: {"refresh"}, as_session_cookie: {"refresh"},
          as_refresh_cookie: {"refresh"}, as_form_token: set(), as_form_cookie_and_token: set(),
          as_account_form_token: set()}


@pytest.mark.parametrize("kind", [*KINDS, "account form"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_a_kind_is_accepted_in_its_own_places_only(kinds, kind, place):
    stack, live = kinds
    token = live[kind]
    if kind == "refresh" and kind in PLACES[place]:
        token = json_login(stack, *ALICE).json()["refresh_token"]  # each is good once
    assert place(stack, token) == (kind in PLACES[place])
