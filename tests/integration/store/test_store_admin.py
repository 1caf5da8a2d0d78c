"""Who may use the admin pages, and which roles each admin may give: what the database itself
looks up."""

import json

import pytest

from admins import Admins


@pytest.fixture(name="a")
def _a(db):
    """Root, an admin, signed in a moment ago."""
    a = Admins(db)
    a.admin()
    return a


def may(a, role, name="root"):
    """May somebody of that name give the role?"""
    return a.db.one("select doorward.admin_may(u.roles, %s) from doorward.users u"
                    " where u.name = %s", role, name)


# ---- who asks ----

def test_an_admin_is_found_by_the_sid_of_the_session(a):
    """And may give every role until the operator narrows it."""
    row = a.row("admin_find")
    assert (row["name"], row["roles"], row["gives_all"], row["gives"], row["refused"]) == (
        "root", "doorward-admin", True, None, None)


def test_a_sid_of_nobody_is_refused(a):
    """Also NULL."""
    assert a.refused("admin_find", sid="00000000-0000-4000-8000-000000000000") == "no session"
    a.sid = None
    assert a.refused("admin_find") == "no session"


def test_a_session_that_has_ended_is_refused(a, db):
    """By a logout."""
    db.end(a.sid)
    assert a.refused("admin_find") == "no session"


def test_a_disabled_admin_is_refused(a, db):
    """At once."""
    assert db.doorward("user", "disable", "root").returncode == 0
    assert a.refused("admin_find") == "no session"


def test_people_without_an_admin_role_are_refused(a):
    """Whatever else they may do."""
    assert a.refused("admin_find", sid=a.admin("ann", "member", "admin")) == "no right"


def test_a_role_that_was_taken_away_opens_nothing_any_more(a, db):
    """The session goes on, with another sid."""
    assert db.doorward("user", "role", "root", "--remove", "doorward-admin").returncode == 0
    assert a.refused("admin_find") == "no session"
    a.sid = str(db.one("select sid from doorward.sessions"))
    assert a.refused("admin_find") == "no right"


def test_a_login_that_is_not_fresh_is_refused(a, db):
    """As old as fresh_login says."""
    db.move_clock(899)
    assert a.refused("admin_find") is None
    db.move_clock(901)
    assert a.refused("admin_find") == "not fresh"


def test_migrate_writes_the_setting_fresh_login_into_the_database(a, db):
    """Nobody else may."""
    with open(db.conf, "a", encoding="utf-8") as f:
        f.write("fresh_login = 2m\n")
    assert db.doorward("db", "migrate").returncode == 0
    assert db.one("select seconds from doorward.admin_fresh") == 120
    db.move_clock(121)
    assert a.refused("admin_find") == "not fresh"


# ---- rights ----

def test_forbid_takes_a_role_out_of_all(a, db):
    """And allow puts it back."""
    assert db.doorward("role", "forbid", "doorward-admin", "boss", "owner").returncode == 0
    assert not may(a, "boss") and may(a, "member") and may(a, "doorward-admin")
    assert a.row("admin_find")["refused"] == "boss owner"
    assert db.doorward("role", "allow", "doorward-admin", "boss").returncode == 0
    assert may(a, "boss") and not may(a, "owner")
    assert db.doorward("role", "allow", "doorward-admin", "*").returncode == 0
    assert may(a, "owner")


def test_an_admin_role_that_may_give_nothing_is_still_one_for_doorward_admin(a, db):
    """Other roles are admin roles only as long as they may give something."""
    assert db.doorward("role", "forbid", "doorward-admin", "*").returncode == 0
    assert not may(a, "member") and a.row("admin_find")["gives"] is None
    assert db.doorward("role", "allow", "moderator", "member").returncode == 0
    moderator = a.admin("mo", "moderator")
    row = a.row("admin_find", sid=moderator)
    assert (row["gives_all"], row["gives"]) == (False, "member")
    assert may(a, "member", "mo") and not may(a, "moderator", "mo")
    assert db.doorward("role", "forbid", "moderator", "member").returncode == 0
    assert a.refused("admin_find", sid=moderator) == "no right"


def test_who_has_several_admin_roles_may_give_what_any_of_them_may(a, db):
    """What one forbids, another may allow."""
    db.doorward("role", "forbid", "doorward-admin", "boss", "owner")
    db.doorward("role", "allow", "chair", "boss")
    a.admin("both", "doorward-admin", "chair")
    assert may(a, "boss", "both") and not may(a, "owner", "both") and may(a, "any", "both")
    assert a.row("admin_find")["refused"] == "owner"


def test_role_list_shows_the_rights(db):
    """As text and as JSON, also of an admin role that may give nothing."""
    db.doorward("role", "forbid", "doorward-admin", "boss")
    db.doorward("role", "allow", "moderator", "member", "guest")
    assert db.doorward("role", "list").stdout == ("doorward-admin        * -boss\n"
                                                  "moderator             guest member\n")
    db.doorward("role", "forbid", "doorward-admin", "*")
    assert json.loads(db.doorward("role", "list", "--json").stdout) == [
        {"admin_role": "doorward-admin", "allowed": [], "forbidden": []},
        {"admin_role": "moderator", "allowed": ["guest", "member"], "forbidden": []}]
    assert "doorward-admin        (none)\n" in db.doorward("role", "list").stdout


@pytest.mark.parametrize("words", [["allow", "a b", "member"], ["allow", "moderator", ""],
                                   ["allow", "*", "member"], ["forbid", "x" * 65, "y"],
                                   ["allow", "moderator", "é"], ["allow", "moderator"],
                                   ["allow"], ["grant", "x", "y"],
                                   ["allow", "moderator", *map(str, range(65))]])
def test_words_that_are_no_roles_are_refused(db, words):
    """With exit 2, and nothing is stored."""
    before = db.sql("select * from doorward.admin_rights")
    done = db.doorward("role", *words)
    assert done.returncode == 2 and done.stderr, (done.stdout, done.stderr)
    assert db.sql("select * from doorward.admin_rights") == before


def test_a_change_of_rights_is_audited_and_one_that_changes_nothing_is_not(a, db):
    """With who did it."""
    assert db.doorward("role", "allow", "moderator", "member").stderr == ""
    done = db.doorward("role", "allow", "moderator", "member")
    assert (done.returncode, done.stderr) == (0, "it was so before: nothing was changed\n")
    assert db.doorward("role", "forbid", "moderator", "guest").stderr == done.stderr
    [(_, actor, detail)] = a.audited("rights_changed")
    assert actor.startswith("operator:") and detail == "moderator may give member"


@pytest.mark.parametrize("words", [["disable", "root"], ["delete", "root", "--yes"],
                                   ["role", "root", "--remove", "doorward-admin"]])
def test_the_operator_is_warned_when_the_last_admin_goes(a, db, words):
    """It is done all the same; of two, nothing is said."""
    db.doorward("user", "add", "other", "--role", "doorward-admin", "--no-password")
    assert "doorward-admin" not in db.doorward("user", "disable", "other").stderr
    done = db.doorward("user", *words)
    assert done.returncode == 0 and "root was the last one who is enabled" in done.stderr
    assert a.refused("admin_find") == "no session"
