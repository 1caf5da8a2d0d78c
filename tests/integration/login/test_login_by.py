"""login_by: what people type to sign in."""

import re

import pytest

from client import Client, form_login, json_login

PASSWORD = "seven quiet herons wading"
LABELS = {"name": "Name", "address": "E-mail address", "both": "Name or e-mail address"}
TYPED = ["ann", "Ann@Example.org", "bob", "bob@example.org"]  # he has not proved it
GOOD = {"name": {"ann", "bob"}, "address": {"Ann@Example.org"},
        "both": {"ann", "Ann@Example.org", "bob"}}


@pytest.fixture(scope="module", name="stack")
def _stack(stacks):
    stack = stacks.get("apache", "cgi")  # each program reads the settings
    for name, *proof in (("ann", "--verified"), ("bob",)):
        stack.add_user(name, PASSWORD, "member")
        stack.doorward("user", "set", name, "--mail", f"{name}@example.org", *proof)
    yield stack
    by(stack, "name")
    for name in ("ann", "bob"):
        stack.doorward("user", "delete", name, "--yes")


def by(stack, word):
    """Have the programs take the setting."""
    stack.write_settings(login_by=word)
    stack.sql("delete from doorward.attempts")


@pytest.mark.parametrize("word", LABELS)
def test_only_what_the_setting_says_signs_in(stack, word):
    """By the form and by JSON; what does not is answered as any other wrong login."""
    by(stack, word)
    wrong = json_login(stack, "nobody", PASSWORD)
    for typed in TYPED:
        _, form = form_login(stack, typed, PASSWORD)
        api = json_login(stack, typed, PASSWORD)
        good = typed in GOOD[word]
        assert (form.status_code, api.status_code) == ((303, 200) if good else (401, 401)), typed
        assert good or api.json() == wrong.json(), typed


@pytest.mark.parametrize("word", LABELS)
def test_the_form_says_what_to_type(stack, word):
    by(stack, word)
    page = Client(stack, browser=True).get("/login").text
    assert re.search(r'<label for="username">([^<]*)<', page)[1] == LABELS[word]


def test_the_token_says_the_name_whatever_was_typed(stack):
    by(stack, "both")
    token = json_login(stack, "ann@example.org", PASSWORD).json()["token"]
    said = Client(stack).get("/protected", headers={"Authorization": f"Bearer {token}"}).json()
    assert said["name"] == "ann"


def test_another_word_is_no_setting(stack):
    try:
        by(stack, "mail")
        assert "login_by" in stack.doorward("config", "check", check=False).stdout
    finally:
        by(stack, "name")
