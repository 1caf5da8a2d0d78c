"""doorward rules explain: which rule decides, and how."""

import json
import os
import subprocess

import pytest

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
SETTINGS = """public_url = https://a.example
rule = /members any-of staff
rule = /members/open open
rule = /fresh login-within 5m
rule = /read methods GET open
rule = /feed client app,mirror
rule = /read-it scope read
rule = /pay any-of staff factor
rule = /keys phr login-within 5m
rule = /dav basic
"""


def explain(directory, *argv, settings=SETTINGS):
    """Exit status and what it printed."""
    path = f"{directory}/doorward.conf"
    with open(path, "w", encoding="utf-8") as f:
        f.write(settings)
    done = subprocess.run([f"{TREE}/build/doorward", "--config", path, "rules", "explain", *argv],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("argv, status, says", [
    (["GET", "/members/x"], 1, ["doorward.conf:2", "any-of staff", "sign in first"]),
    (["GET", "/members/x", "--roles", "a,b"], 1, ["a role is missing"]),
    (["GET", "/members/x", "--roles", "a,staff"], 0, ["allowed"]),
    (["GET", "/members/open/x"], 0, ["doorward.conf:3", "without a login"]),
    (["GET", "/members/op%65n/x?y"], 0, ["path     /members/open/x"]),
    (["GET", "/fresh", "--roles", "a", "--login-age", "301"], 1, ["too old"]),
    (["GET", "/fresh", "--roles", "a"], 0, ["allowed"]),
    (["POST", "/read"], 1, ["not with this method"]),
    (["HEAD", "/read"], 0, ["without a login"]),
    (["GET", "/other"], 1, ["none names this path", "sign in first"]),
    (["GET", "/login/x"], 0, ["built in"]),
    (["GET", "/members/../x"], 1, ["before any rule"]),
    (["GET", "/a%2fb"], 1, ["an encoded slash"]),
    (["GET", "/fresh", "--kind", "program"], 1, ["sign in again"]),
    (["GET", "/other", "--kind", "program"], 0, ["allowed"]),
    (["GET", "/other", "--kind", "foreign"], 1, ["not with a token of this kind"]),
    (["GET", "/members/x", "--kind", "foreign", "--roles", "staff"], 0, ["allowed"]),
    (["GET", "/other", "--client", "app"], 1, ["not with a token of this kind"]),
    (["GET", "/feed", "--client", "app"], 0, ["allowed"]),
    (["GET", "/feed", "--client", "other"], 1, ["not with a token of this kind"]),
    (["GET", "/feed", "--scope", "read more"], 1, ["not with a token of this kind"]),
    (["GET", "/read-it", "--scope", "read more"], 0, ["allowed"]),
    (["GET", "/read-it", "--roles", "staff"], 1, ["not with a token of this kind"]),
    (["GET", "/x", "--kind", "robot"], 2, ["--kind is"]),
    (["GET", "/x", "--kind", "login", "--client", "app"], 2, ["--kind is"]),
    (["GET", "/pay", "--roles", "staff"], 1, ["a second factor is missing"]),
    (["GET", "/pay", "--roles", "staff", "--acr", "1fa"], 1, ["a second factor is missing"]),
    (["GET", "/pay", "--roles", "staff", "--acr", "2fa"], 0, ["allowed"]),
    (["GET", "/pay", "--roles", "staff", "--acr", "phr"], 0, ["allowed"]),
    (["GET", "/pay", "--roles", "other", "--acr", "phr"], 1, ["a role is missing"]),
    (["GET", "/pay", "--kind", "program", "--roles", "staff", "--acr", "phr"], 1,
     ["a second factor is missing"]),
    (["GET", "/keys", "--roles", "a", "--acr", "2fa"], 1, ["a passkey is missing"]),
    (["GET", "/keys", "--roles", "a", "--acr", "phr"], 0, ["allowed"]),
    (["GET", "/keys", "--roles", "a", "--acr", "phr", "--login-age", "301"], 1, ["too old"]),
    (["GET", "/keys", "--roles", "a", "--acr", "gold"], 2, ["--acr is 1fa, 2fa or phr"]),
    (["PUT", "/dav/x", "--basic", "--roles", "a"], 0, ["allowed"]),
    (["PUT", "/dav/x", "--basic"], 0, ["allowed"]),
    (["PUT", "/dav/x", "--roles", "a"], 0, ["allowed"]),
    (["GET", "/members/x", "--basic", "--roles", "staff"], 1, ["sign in first"]),
    (["GET", "/other", "--basic", "--roles", "staff"], 1, ["sign in first"]),
    (["GET", "/x", "--basic", "--kind", "login"], 2, ["--basic of programs"]),
    (["GET", "/x", "--basic", "--client", "app"], 2, ["--basic of programs"]),
    (["GET"], 2, ["usage"]),
    (["GET", "/x", "--roles", "a", "--user", "b"], 2, ["usage"]),
])
def test_explains(tmp_path, argv, status, says):
    got, text = explain(tmp_path, *argv)
    assert got == status, text
    for words in says:
        assert words in text


def test_takes_as_many_roles_as_a_token_holds(tmp_path):
    """A user may have 64, twice what one rule may name."""
    roles = [f"r{i}" for i in range(63)]
    assert explain(tmp_path, "GET", "/members/x", "--roles", ",".join(roles + ["staff"]))[0] == 0
    got, text = explain(tmp_path, "GET", "/members/x", "--roles", ",".join(roles + ["a", "b"]))
    assert got == 2 and "more than 64 roles" in text


def test_rules_that_cannot_be_read_are_named(tmp_path):
    got, text = explain(tmp_path, "GET", "/x", settings=SETTINGS + "rule = /x any-off y\n")
    assert got == 2 and "doorward.conf:11" in text and "everything is refused" in text


def test_an_unknown_word_is_answered_with_the_nearest(tmp_path):
    got, text = explain(tmp_path, "GET", "/x", settings=SETTINGS + "rule = /x any-off y\n")
    assert got == 2 and "did you mean any-of?" in text


def test_lists_the_words_of_a_rule():
    done = subprocess.run([f"{TREE}/build/doorward", "rules", "words"], capture_output=True,
                          text=True, check=True)
    words = [line.split()[0] for line in done.stdout.splitlines()]
    assert words == ["open", "signed-in", "any-of", "all-of", "login-within", "factor", "phr",
                     "scope", "client", "methods", "api", "basic", "refuse"]


def test_json(tmp_path):
    got, text = explain(tmp_path, "GET", "/members/x", "--json")
    assert got == 1
    assert json.loads(text) == {
        "path": "/members/x", "rule": "/members any-of staff", "from": "doorward.conf:2",
        "allowed": False, "open": False, "answer": "sign in first"}


def test_a_user_with_the_roles_of_the_database(apache):
    def ask(name, path):
        done = apache.doorward("rules", "explain", "GET", path, "--user", name, check=False)
        return done.returncode, done.stdout + done.stderr

    assert ask("alice", "/members/x")[0] == 0
    assert ask("alice", "/members/admin/x")[0] == 1
    assert ask("root", "/members/admin/x")[0] == 0
    assert "no user" in ask("unheard-of", "/members/x")[1]
    more = [word for i in range(63) for word in ("--role", f"z{i}")]
    apache.doorward("user", "add", "many-roles", "--no-password", "--role", "admin", *more)
    try:
        assert ask("many-roles", "/members/admin/x")[0] == 0
    finally:
        apache.doorward("user", "disable", "many-roles")
