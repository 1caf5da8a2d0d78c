"""doorward user rename and delete: the tokens die, nothing is kept but the audit and a hash, and
nobody gets the name for 90 days."""

import hashlib
import os
import pty
import subprocess

import pytest

from client import Client, bearer, json_login
from database import COMMAND, PASSWORD

DAY = 86400


def names(db):
    """Who there is."""
    return [name for (name,) in db.sql("select name from doorward.users order by name")]


def file_of(db):
    """The revocation file."""
    with open(f"{db.directory}/revoked", encoding="ascii") as f:
        return f.read()


def test_nothing_is_kept_of_a_deleted_user(db):
    """Not in any table, but for the audit's rows and the hash of the name."""
    user = db.add_user("Ann", "member")
    db.add_user("bob")
    db.begin("ann")
    _, open_sid = db.open("ann", "a0")
    _, ended_sid = db.open("ann", "b0")
    db.end(ended_sid)
    db.open("bob", "c0")
    db.one("select wait from doorward.account_password_begin(%s, '192.0.2.1')", user,
           role="doorward_account")
    done = db.doorward("user", "delete", "ANN")
    assert done.returncode == 0 and "1 session ended" in done.stderr, done.stderr
    assert names(db) == ["bob"]
    assert db.one("select count(*) from doorward.sessions") == 1
    assert db.one("select count(*) from doorward.refresh_tokens") == 1
    tables = [table for (table,) in db.sql(
        "select tablename from pg_tables where schemaname = 'doorward' and tablename <> 'audit'")]
    key = hashlib.sha256(b"ann").hexdigest()
    for table in tables:
        text = db.one(f"select coalesce(string_agg(t::text, '|'), '') from doorward.{table} t")
        assert str(user) not in text and "ann" not in text.lower(), table
        assert (key in text) == (table == "names_given_up"), table
    assert open_sid in file_of(db) and ended_sid in file_of(db)
    assert db.refresh("a0", "a1") == "unknown"
    [(event, actor)] = db.sql("select event, actor from doorward.audit where user_id = %s"
                              " order by id desc limit 1", user)
    assert event == "user_deleted" and actor.startswith("operator:")


def test_a_name_that_was_given_up_is_free_again_after_90_days(db):
    """By deleting and by renaming; for add, import and rename, for the operator too."""
    for name in ("ann", "bob", "eve"):
        db.add_user(name)
    assert db.doorward("user", "delete", "ann").returncode == 0
    assert db.doorward("user", "rename", "bob", "robert").returncode == 0
    attempts = [(["add", "Ann", "--no-password"], ""), (["add", "BOB", "--no-password"], ""),
                (["rename", "eve", "ann"], ""), (["import"], "bob:$2y$05$" + "a" * 53 + "\n")]
    for days in (0, 89):
        db.move_clock(days * DAY)
        for argv, stdin in attempts:
            done = db.doorward("user", *argv, stdin=stdin)
            assert done.returncode == 1, argv
            assert "gave it up less than 90 days ago" in done.stderr, done.stderr
    assert names(db) == ["eve", "robert"]
    db.move_clock(91 * DAY)
    assert db.doorward("user", "add", "Ann", "--no-password").returncode == 0
    assert db.doorward("user", "rename", "eve", "bob").returncode == 0
    assert db.doorward("db", "tidy").returncode == 0
    assert db.one("select count(*) from doorward.names_given_up") == 1  # eve's


def test_a_renamed_user_goes_on_under_the_same_id(db):
    """The old sid is revoked, the session renews into the new name."""
    user = db.add_user("ann", "member")
    _, sid = db.open("ann", "a0")
    done = db.doorward("user", "rename", "ann", "Anna")
    assert done.returncode == 0 and "1 session told to renew" in done.stderr
    assert sid in file_of(db)
    [(outcome, name, who)] = db.sql("select outcome, name, user_id from doorward.session_look("
                                    "sha256('a0'), sha256('a1'), 30)")
    assert (outcome, name, who) == ("ok", "Anna", user)
    assert db.refresh("a0", "a1") == "ok"
    assert db.sql("select user_id, detail from doorward.audit where event = 'user_renamed'") == \
        [(user, "ann -> Anna")]


def test_other_capitals_are_a_new_name_and_give_none_up(db):
    """Their tokens say another name all the same."""
    db.add_user("ann")
    _, sid = db.open("ann", "a0")
    assert db.doorward("user", "rename", "ann", "Ann").returncode == 0
    assert names(db) == ["Ann"] and sid in db.revoked()
    assert db.one("select count(*) from doorward.names_given_up") == 0


@pytest.mark.parametrize("argv, why", [
    (["rename", "nobody", "x"], "there is no user nobody"),
    (["delete", "nobody"], "there is no user nobody"),
    (["rename", "ann", "BOB"], "there is a user BOB already"),
    (["rename", "ann", "a\tb"], "a name is 1 to 255 bytes"), (["rename", "ann", ""], "a name is"),
    (["rename", "ann"], "usage"), (["delete"], "usage"), (["delete", "ann", "bob"], "usage"),
], ids=lambda v: " ".join(v) if isinstance(v, list) else "")
def test_what_cannot_be_done_changes_nothing(db, argv, why):
    """And says why."""
    db.add_user("ann")
    db.add_user("bob")
    db.open("ann", "a0")
    done = db.doorward("user", *argv)
    assert done.returncode in (1, 2) and why in done.stderr, done.stderr
    assert names(db) == ["ann", "bob"] and not db.revoked()
    assert db.one("select count(*) from doorward.names_given_up") == 0


@pytest.mark.parametrize("argv", [["delete", "ann"], ["rename", "ann", "anna"]])
def test_a_second_try_tells_the_verifiers_what_the_first_could_not(db, argv):
    """The user is gone by then, or has the other name already."""
    db.add_user("ann")
    _, sid = db.open("ann", "a0")
    with open(db.conf, encoding="utf-8") as f:
        good = f.read()
    with open(db.conf, "w", encoding="utf-8") as f:
        f.write(good.replace("= revoked", "= missing/revoked"))
    assert db.doorward("user", *argv).returncode == 2
    with open(db.conf, "w", encoding="utf-8") as f:
        f.write(good)
    done = db.doorward("user", *argv)
    assert done.returncode == 1 and "there is no user ann" in done.stderr
    assert sid in file_of(db)


def at_a_terminal(db, argv, answer):
    """Run the command with a terminal on standard input; (exit status, what it said)."""
    ours, theirs = pty.openpty()
    os.write(ours, answer)
    done = subprocess.run([COMMAND, "--config", db.conf, "user", *argv], stdin=theirs,
                          capture_output=True, text=True, check=False, timeout=20)
    os.close(ours)
    os.close(theirs)
    return done.returncode, done.stderr


def test_a_terminal_is_asked_unless_yes_is_given(db):
    """Anything but a yes changes nothing."""
    for name in ("ann", "bob", "eve"):
        db.add_user(name)
    for answer in (b"\n", b"n\n", b"no\n"):
        status, said = at_a_terminal(db, ["delete", "ann"], answer)
        assert status == 1 and "[y/N]" in said and "nothing changed" in said
        assert at_a_terminal(db, ["rename", "ann", "x"], answer)[0] == 1
    assert names(db) == ["ann", "bob", "eve"]
    assert at_a_terminal(db, ["delete", "ann"], b"y\n")[0] == 0
    status, said = at_a_terminal(db, ["delete", "bob", "--yes"], b"\n")
    assert status == 0 and "[y/N]" not in said
    assert at_a_terminal(db, ["rename", "eve", "eva", "--yes"], b"\n")[0] == 0
    assert names(db) == ["eva"]


@pytest.mark.parametrize("action", ["delete", "rename"])
def test_every_token_of_the_user_dies(apache, action):
    """At once, on every path, also those of before a change of roles."""
    name = f"{action}-{os.urandom(4).hex()}"
    apache.add_user(name, PASSWORD, "member")
    first = json_login(apache, name, PASSWORD).json()
    apache.doorward("user", "role", name, "--add", "editor")
    client = Client(apache)
    second = client.post("/login/refresh",
                         json={"refresh_token": first["refresh_token"]}).json()
    assert client.get("/protected", headers=bearer(second["token"])).status_code == 200
    apache.doorward("user", action, name, *([f"{name}-2"] if action == "rename" else []))
    for held in (first, second):
        for path in ("/protected", "/members/"):
            assert client.get(path, headers=bearer(held["token"])).status_code == 401
    renewed = client.post("/login/refresh", json={"refresh_token": second["refresh_token"]})
    assert json_login(apache, name, PASSWORD).status_code == 401
    if action == "delete":
        assert renewed.status_code == 401
    else:
        told = client.get("/protected", headers=bearer(renewed.json()["token"])).json()
        assert told["name"] == f"{name}-2"
        assert json_login(apache, f"{name}-2", PASSWORD).status_code == 200
