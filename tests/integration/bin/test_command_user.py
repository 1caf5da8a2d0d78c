"""doorward user add --mail, show and set."""

import json

import pytest

from database import PASSWORD


def show(db, name):
    """What user show --json says."""
    done = db.doorward("user", "show", name, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def add(db, name, *argv):
    """A user without a password; the id."""
    done = db.doorward("user", "add", name, "--no-password", *argv)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_show_says_all_about_one_user(db):
    added = db.doorward("user", "add", "Ann", "--role", "member", "--role", "editor", "--mail",
                        "Ann@example.org", "--password-stdin", stdin=PASSWORD)
    assert added.returncode == 0, added.stderr
    db.doorward("user", "set", "ann", "--display-name", "Ann of Example", "--language", "pt-br")
    db.begin("ann")
    db.open("ann", "a0", old=db.one("select password_hash from doorward.users"))
    said = show(db, "ANN")
    times = {key for key in said if key.endswith("_at")}
    assert times == {"created_at", "password_at", "last_login_at"}
    assert {key: value for key, value in said.items() if key not in times} == {
        "id": added.stdout.strip(), "name": "Ann", "display_name": "Ann of Example",
        "roles": ["member", "editor"], "disabled": False, "address": "Ann@example.org",
        "language": "pt-br", "sessions": 1, "tokens": 0, "apps": [], "throttled": False}
    text = db.doorward("user", "show", "ann").stdout
    for line in ("name         Ann", "called       Ann of Example",
                 "address      Ann@example.org, not verified", "sessions     1",
                 "tokens       0"):
        assert line in text.splitlines(), text
    assert "$argon2id" not in text + json.dumps(said)


def test_show_of_one_without_anything(db):
    db.add_user("bob", password_hash=None)
    while db.begin("bob")[0] == 0:
        pass
    said = show(db, "bob")
    assert said["throttled"] is True and "address" not in said and "password_at" not in said
    text = db.doorward("user", "show", "bob").stdout
    for line in ("address      none", "password     none", "last login   never"):
        assert line in text.splitlines(), text
    assert "guesses" in text


def test_list_tells_the_address(db):
    add(db, "ann", "--mail", "ann@example.org", "--verified")
    add(db, "bob")
    ann, bob = json.loads(db.doorward("user", "list", "--json").stdout)
    assert ann["address"] == "ann@example.org" and ann["address_verified"] is True
    assert "address" not in bob


def test_set_gives_changes_and_takes_the_address(db):
    add(db, "ann")
    for argv, address, verified in [
            (("--mail", "a@example.org"), "a@example.org", False),
            (("--mail", "a@example.org", "--verified"), "a@example.org", True),
            (("--mail", "b@example.org", "--verified"), "b@example.org", True),
            (("--mail", "c@example.org"), "c@example.org", False),
            (("--no-mail",), None, False), (("--no-mail",), None, False)]:
        done = db.doorward("user", "set", "ann", *argv)
        assert (done.returncode, done.stderr) == (0, ""), argv
        said = show(db, "ann")
        assert said.get("address") == address, argv
        assert ("address_verified_at" in said) == verified, argv
    events = db.sql("select event, detail from doorward.audit where event = 'address_set'"
                    " order by id")
    assert [detail for _, detail in events] == ["not verified", "verified", "verified",
                                                "not verified", "none", "none"]


def test_what_was_mailed_to_the_address_before_opens_nothing_any_more(db):
    user = add(db, "ann", "--mail", "a@example.org", "--verified")
    db.sql("update doorward.users set password_hash = '$hash'")
    for kind in ("reset", "change-address", "undo-address"):
        assert db.one("select doorward.link_make(%s, %s, null, '{\"address\": \"x@example.org\"}',"
                      " 1, null, null, null, 'user')", kind, user)
    assert show(db, "ann")["address_wanted"] == "x@example.org"
    db.doorward("user", "set", "ann", "--mail", "b@example.org", "--verified")
    assert db.one("select count(*) from doorward.links") == 0
    assert "address_wanted" not in show(db, "ann")


def test_an_empty_text_takes_a_display_name_away(db):
    add(db, "ann")
    db.doorward("user", "set", "ann", "--display-name", "Ann", "--language", "de")
    db.doorward("user", "set", "ann", "--display-name", "")
    said = show(db, "ann")
    assert "display_name" not in said and said["language"] == "de"


@pytest.mark.parametrize("argv, status, said", [
    (("add", "bob", "--no-password", "--mail", "ANN@example.org"), 1, "verified address of another"),
    (("set", "eve", "--mail", "ann@Example.org"), 1, "verified address of another"),
    (("set", "zed", "--mail", "z@example.org"), 1, "there is no user zed"),
    (("show", "zed"), 1, "there is no user zed"),
    (("show", "zed", "--json"), 1, "there is no user zed"),
    (("set", "named@example.org", "--mail", "n@example.org", "--verified"), 1, "rename it first"),
    (("set", "named@example.org", "--mail", "named@example.org"), 1, "rename it first"),
    (("set", "named@example.org", "--no-mail"), 1, "rename it first"),
    (("set", "eve", "--mail", "Eve <eve@example.org>"), 1, "local@domain"),
    (("set", "eve", "--mail", "eve@example.org\r\nBcc: x@y"), 1, "local@domain"),
    (("set", "eve", "--mail", "e" * 10000 + "@example.org"), 1, "local@domain"),
    (("add", "bob", "--no-password", "--mail", "nothing"), 1, "local@domain"),
    (("set", "eve", "--display-name", "x" * 101), 1, "1 to 100"),
    (("set", "eve", "--display-name", "a\u202eb"), 1, "1 to 100"),
    (("set", "eve", "--language", "EN"), 1, "a tag"),
    (("set", "eve"), 2, "usage"), (("set", "eve", "--verified"), 2, "usage"),
    (("set", "eve", "--mail", ""), 1, "local@domain"),
    (("set", "eve", "--no-mail", "--mail", "e@example.org"), 2, "usage"),
    (("add", "bob", "--no-password", "--verified"), 2, "usage"),
    (("add", "bob", "--no-password", "--mail", ""), 1, "local@domain"),
    (("set", "eve", "--mail", "zoë@example.org"), 1, "in ASCII"),
    (("show",), 2, "usage")])
def test_what_cannot_be_is_refused_and_stores_nothing(db, argv, status, said):
    add(db, "ann", "--mail", "ann@example.org", "--verified")
    add(db, "eve", "--mail", "eve@example.org")
    add(db, "named@example.org", "--mail", "named@example.org", "--verified")
    rows = ("select (select string_agg(u::text, ' ' order by name) from doorward.users u),"
            " (select string_agg(a::text, ' ' order by address) from doorward.addresses a),"
            " (select count(*) from doorward.audit)")
    before = db.sql(rows)
    done = db.doorward("user", *argv)
    assert done.returncode == status and said in done.stderr, done.stderr
    assert db.sql(rows) == before


def test_an_old_name_with_an_at_keeps_nobody_from_a_new_address(db):
    """It was there before names with an @ had to be addresses."""
    db.sql("insert into doorward.users (name, password_at, created_at)"
           " values ('old@example.org', now(), now())")
    assert db.doorward("user", "set", "old@example.org", "--mail", "a@example.org").returncode == 0


def test_delete_with_blank_audit_leaves_the_id_only(db):
    user = add(db, "ann", "--role", "member")
    other = add(db, "bob")
    db.begin("ann")
    db.open("ann", "a0", old=None)
    done = db.doorward("user", "delete", "ann", "--blank-audit")
    assert done.returncode == 0, done.stderr
    rows = db.sql("select event, name, address, detail, actor from doorward.audit"
                  " where user_id = %s order by id", user)
    assert [row[0] for row in rows] == ["user_added", "login_ok", "user_deleted"] and rows[2][4]
    assert {row[1:4] for row in rows} == {(None, None, None)}
    assert db.one("select name from doorward.audit where user_id = %s", other) == "bob"


BLANK = "name = null, address = null, detail = null"


@pytest.mark.parametrize("gone, change", [
    (False, BLANK), (False, "name = 'eve'"), (True, "name = 'eve'"), (True, "name = null"),
    (True, f"{BLANK}, event = 'x'"), (True, f"{BLANK}, user_id = null"),
    (True, f"{BLANK}, actor = 'operator:eve'"), (True, f"{BLANK}, at = now()")])
def test_the_audit_changes_in_no_other_way(db, gone, change):
    user = add(db, "ann", "--role", "member")
    if gone:
        db.doorward("user", "delete", "ann")
    with pytest.raises(Exception, match="does not change"):
        db.sql(f"update doorward.audit set {change} where event = 'user_added'"
               " and user_id = %s", user)


def test_each_line_of_the_usage_names_its_action(db):
    said = db.doorward("user", "--help").stdout
    usage = said[:said.index("\nNames are unique")].split("\n")[2:]
    assert all(line.startswith(("  doorward user ", "      [")) for line in usage if line)
    assert not any(line.startswith("  doorward user  ") for line in usage)
    assert "[--display-name TEXT] [--language TAG]" in " ".join(said.split())
