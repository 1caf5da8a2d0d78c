"""By what a user is found who wants to log in, and under which bucket the tries are counted."""

import pytest

from database import PASSWORD

TYPED = {  # what is typed: whom login_find finds by name, by address, by both
    "ann": ("ann", None, "ann"),
    "ANN": ("ann", None, "ann"),
    "ann@example.org": (None, "ann", "ann"),
    "Ann@EXAMPLE.org": (None, "ann", "ann"),
    "bob": ("bob", None, "bob"),
    "bob@example.org": (None, None, None),  # he has not proved it
    "eve@example.org": ("eve@example.org",) * 3,
    "nobody": (None, None, None),
    "": (None, None, None),
}


def enter(db, name, mail=None, verified=False):
    """user_enter as the command calls it: the outcome and the id."""
    [row] = db.sql("select outcome, user_id from doorward.user_enter(%s, '{}', '$hash', %s, %s,"
                   " 'test')", name, mail, verified)
    return row


@pytest.fixture(name="three")
def _three(db):
    """{name: id}"""
    return {name: enter(db, name, mail, verified)[1] for name, mail, verified in [
        ("ann", "ann@example.org", True), ("bob", "bob@example.org", False),
        ("eve@example.org", "eve@example.org", True)]}


@pytest.mark.parametrize("column, by", enumerate(["name", "address", "both"]))
def test_only_what_the_setting_says_names_a_user(db, three, column, by):
    names = {user: name for name, user in three.items()}
    found = {typed: names.get(db.begin(typed, by=by)[1]) for typed in TYPED}
    assert found == {typed: row[column] for typed, row in TYPED.items()}


def test_another_word_than_those_finds_nobody(db, three):  # pylint: disable=unused-argument
    assert {db.begin("ann", by=word)[1] for word in ("", "Name", "any", None)} == {None}


def test_an_address_comes_before_a_name_that_looks_like_it(db):
    """Names with an @ that are older than the rule."""
    old = db.one("insert into doorward.users (name, password_at, created_at)"
                 " values ('ann@example.org', now(), now()) returning id")
    assert db.begin("ann@example.org", by="both")[1] == old
    owner = enter(db, "ann", "ann@example.org", True)[1]
    assert db.begin("ann@example.org", by="both")[1] == owner
    assert db.begin("ann@example.org", by="name")[1] == old


def test_tries_by_name_and_by_address_are_counted_together(db, three):
    """The bucket is the user's id; what nobody has is counted by what was typed."""
    db.stop_clock()
    waits = [db.begin(("ann", "ann@example.org")[i % 2], f"198.51.100.{i}", by="both")[0]
             for i in range(12)]
    assert waits.count(0) == 10 and waits[10] > 0
    assert db.begin("nobody", "203.0.113.1", by="both")[0] == 0
    buckets = {bucket for (bucket,) in db.sql("select bucket from doorward.attempts"
                                              " where bucket like 'name:%%'")}
    assert f"name:{three['ann']}" in buckets and len(buckets) == 2


def test_a_rename_forgives_no_guesses(db, three):  # pylint: disable=unused-argument
    db.stop_clock()
    while db.begin("ann")[0] == 0:
        pass
    db.one("select outcome from doorward.user_rename('ann', 'anna', 'test')")
    assert db.begin("anna", "203.0.113.1")[0] > 0


@pytest.mark.parametrize("change, by", [
    ("select doorward.user_set('ann', '', false, null, null, 'test')", "both"),
    ("select doorward.user_set('ann', 'ann@example.org', false, null, null, 'test')", "address"),
    ("select doorward.user_set('ann', 'new@example.org', true, null, null, 'test')", "both")])
def test_an_address_that_is_theirs_no_more_opens_no_login_under_way(db, three, change, by):
    typed = {"name": "ann@example.org", "user": three["ann"], "by": by}
    version = db.begin("ann@example.org", by=by)[3]
    db.sql(change)
    assert db.sql("select sid from doorward.login_open(%s, %s, %s, null, null, '$hash', null,"
                  " sha256('r'), null, false, 99, 99, true, 9, null, '{pwd}', %s, null)",
                  typed["user"], version, typed["name"], by, role="doorward_login") == []


def test_a_name_with_an_at_is_its_owners_verified_address(db):
    for name, mail, verified, outcome in [
            ("x@example.org", None, False, "not own"),
            ("x@example.org", "x@example.org", False, "not own"),
            ("x@example.org", "y@example.org", True, "not own"),
            ("x\uff20example.org", None, False, "not own"),  # a full-width @ is one
            ("X@Example.org", "x@example.ORG", True, "ok"),
            ("x@example.org", "x@example.org", True, "taken"),
            ("z", "X@example.org", True, "address taken"),
            ("z", "X@example.org", False, "address taken"),
            ("z", "z@example.org", False, "ok"),
            ("zz", "z@example.org", True, "ok")]:  # z only claimed it
        assert enter(db, name, mail, verified)[0] == outcome, (name, mail, verified)
    assert db.one("select count(*) from doorward.addresses") == 3
    with pytest.raises(Exception, match="not own"):  # SQL that was pasted
        db.add_user("w@example.org")


def test_the_command_refuses_such_names_at_every_door(db):
    db.doorward("user", "add", "ann", "--no-password", "--mail", "ann@example.org", "--verified")
    said = "only the account whose own verified address it is"
    imported = "a name with an @ must be the user's own verified address"
    for argv, stdin, said in [
            (("user", "add", "eve@example.org", "--password-stdin"), PASSWORD, said),
            (("user", "rename", "ann", "eve@example.org"), "", said),
            (("user", "import"), '{"name": "eve@example.org"}\n', imported),
            (("user", "import"), "eve@example.org:\n", imported)]:
        done = db.doorward(*argv, stdin=stdin)
        assert done.returncode == 1 and said in done.stderr, (argv, done.stderr)
    assert db.doorward("user", "rename", "ann", "ann@example.org").returncode == 0
    done = db.doorward("user", "import", "--verified", stdin='{"name": "eve@example.org",'
                       ' "mail": "eve@example.org", "verified": true}\n')
    assert done.returncode == 0, done.stderr
    assert db.sql("select name from doorward.users order by name") == [
        ("ann@example.org",), ("eve@example.org",)]
