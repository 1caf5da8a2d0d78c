"""doorward user factor: the factors of a user, listed without secrets, and taken away."""

import json
import os
import pty
import subprocess

import pytest

from database import COMMAND
from factor_calls import Factors, totp

MAIL = ["mail_key = mail.key", "mail_server = file:/nowhere", "mail_from = club@example.org"]


@pytest.fixture(name="f")
def _f(db):
    """Ann with each kind of factor, who has signed in with one."""
    f = Factors(db)
    f.ann = db.add_user("Ann")
    f.give_totp(f.ann)
    f.give_codes(f.ann, "one", "two", "three")
    f.key = f.give_passkey(f.ann, synced=True)
    f.keep("ann", "t", device="laptop")
    assert f.open("t", totp(101), trust="laptop")["outcome"] == "ok"
    return f


def test_factors_are_listed_without_secrets(f, db):
    """By whatever capitals of the name; nothing is written."""
    done = db.doorward("user", "factor", "list", "ANN", "--json")
    app, key, codes = json.loads(done.stdout)
    assert app["kind"] == "totp" and app["key_id"] == "k1" and app["used_at"] >= app["created_at"]
    assert (key["kind"], key["id"], key["name"], key["synced"], key["rp_id"]) == (
        "passkey", f.key, "key c1", True, "example.org")
    assert "used_at" not in key and "created_at" not in codes
    assert (codes["kind"], codes["remaining"]) == ("recovery", 3)
    lines = db.doorward("user", "factor", "list", "ann").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["totp", "passkey", "recovery"]
    assert [line[46:] for line in lines] == ["key k1", "key c1, synced, for example.org", "3 left"]
    assert f.audited("factor_reset") == []


def test_a_user_without_factors_has_an_empty_list(db):
    """And a name of nobody has none: exit 1."""
    db.add_user("bob")
    done = db.doorward("user", "factor", "list", "bob", "--json")
    assert (done.returncode, done.stdout) == (0, "[]\n")
    assert db.doorward("user", "factor", "list", "bob").stdout == ""
    for argv in (("list", "ghost"), ("reset", "ghost", "--yes"), ("list", ""), ("reset", "")):
        done = db.doorward("user", "factor", *argv)
        assert done.returncode == 1 and "there is no user" in done.stderr, argv
        assert done.stdout == ""


@pytest.mark.parametrize("argv", [(), ("list",), ("reset",), ("list", "ann", "bob"),
                                  ("reset", "ann", "bob"), ("reset", "ann", "--json"),
                                  ("list", "ann", "--yes"), ("drop", "ann")])
def test_wrong_usage_changes_nothing(f, db, argv):
    """Exit 2, and the usage."""
    done = db.doorward("user", "factor", *argv)
    assert done.returncode == 2 and "factor" in done.stderr and done.stdout == ""
    assert f.count("totp") == 1


def test_a_reset_ends_what_was_reached_by_factors_and_tells_verifiers(f, db):
    """The password stays, and signs in alone then."""
    sid = db.one("select sid from doorward.sessions")
    done = db.doorward("user", "factor", "reset", "ann")  # no terminal: nobody is asked
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "1 session ended\n")
    assert f.begin("ann", device=db.device("ann", "laptop")) | {"wait": 0} == f.begin("ann") | {
        "device_known": True}
    assert f.begin("ann")["factors"] == "" and f.begin("ann")["password_hash"] == "$hash"
    with open(f"{db.directory}/revoked", encoding="ascii") as file:
        assert sid in file.read()
    [(actor,)] = db.sql("select actor from doorward.audit where event = 'factor_reset'")
    assert actor.startswith("operator:")
    assert json.loads(db.doorward("user", "factor", "list", "ann", "--json").stdout) == []
    again = db.doorward("user", "factor", "reset", "ann")  # what was wanted is so already
    assert (again.returncode, again.stderr) == (0, "")


@pytest.mark.parametrize("settings, mails", [([], []), (MAIL, [("factor-reset", {})])])
def test_the_owner_hears_of_a_reset_where_the_site_sends_mail(f, db, settings, mails):
    """At the verified address."""
    with open(f"{db.directory}/mail.key", "wb") as file:
        file.write(os.urandom(32))
    os.chmod(f"{db.directory}/mail.key", 0o600)
    f.give_address(f.ann)
    db.settings(f"host={db.server.socket} dbname={db.name} user=doorward", *settings)
    assert db.doorward("user", "factor", "reset", "ann", "--yes").returncode == 0
    assert f.mails() == mails


def asked(db, answer):
    """The exit status of a reset at a terminal with this answer."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([COMMAND, "--config", db.conf, "user", "factor", "reset", "ann"],
                          stdin=theirs, stdout=theirs, stderr=theirs) as command:
        os.write(ours, answer)
        status = command.wait()
    os.close(theirs)
    os.close(ours)
    return status


def test_a_reset_asks_first_at_a_terminal(f, db):
    """No is no."""
    assert asked(db, b"no\n") == 1 and f.count("totp") == 1
    assert asked(db, b"yes\n") == 0 and f.count("totp") == 0


def test_a_session_says_by_what_it_was_proven(f, db):
    """In the list of sessions; the audit says it of each login."""
    db.open("ann", "r")
    by_password, by_code = sorted(json.loads(db.doorward("session", "list", "--json").stdout),
                                  key=lambda row: len(row["amr"]))
    assert by_code["amr"] == ["pwd", "otp", "mfa"] and by_code["factor_at"] > 0
    assert by_password["amr"] == ["pwd"] and "factor_at" not in by_password
    lines = db.doorward("session", "list", "ann").stdout
    assert "Ann                      pwd otp mfa          192.0.2.1" in lines
    shown = db.doorward("audit", "--user", "ann").stdout
    assert "detail=by pwd otp mfa" in shown and "detail=by pwd\n" in shown
