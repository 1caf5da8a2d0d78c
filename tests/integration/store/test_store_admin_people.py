"""What the admin pages see of people: lists by key, and one person."""

import pytest

from admins import Admins
from database import TREE

LIST = "admin_people %s, %s, %s, %s, %s"


@pytest.fixture(name="a")
def _a(db):
    """Root, an admin, and some people."""
    a = Admins(db)
    a.admin()
    a.add("ann", "member", mail="zoe@example.org")
    a.add("Bob", "member", "editor", mail="bob@example.org")
    a.add("carla", mail="anna@example.net", verified=False)
    a.add("Ängel")
    db.doorward("user", "disable", "carla")
    return a


def names(a, q="", role="", state="", after="", limit=25):
    """Of the people on that page."""
    return [row["name"] for row in a.rows(LIST, q, role, state, after, limit)]


def test_everybody_is_listed_by_name(a):
    """Whatever the case of the letters."""
    assert names(a) == ["ann", "Bob", "carla", "root", "Ängel"]


def test_a_search_finds_by_the_beginning_of_a_name_or_an_address(a):
    """Each person once, also who is found by both."""
    assert names(a, "AN") == ["ann", "carla"]
    assert names(a, "bob") == ["Bob"]
    assert names(a, "zoe@") == ["ann"] and names(a, "ä") == ["Ängel"]
    assert names(a, "nn") == [] and names(a, "%") == [] and names(a, "a%") == []


def test_the_list_is_of_a_role_and_a_state(a):
    """And of both at once."""
    assert names(a, role="member") == ["ann", "Bob"] and names(a, role="none") == []
    assert names(a, state="disabled") == ["carla"]
    assert names(a, state="enabled") == ["ann", "Bob", "root", "Ängel"]
    assert names(a, "b", "editor", "enabled") == ["Bob"]
    assert names(a, state="nonsense") == names(a)


def test_the_list_follows_every_change(a, db):
    """Of name, roles, state and address, and a deletion."""
    db.doorward("user", "rename", "ann", "zara", "--yes")
    db.doorward("user", "role", "bob", "--remove", "member", "--add", "guest")
    db.doorward("user", "enable", "carla")
    db.doorward("user", "set", "carla", "--mail", "quinn@example.net")
    db.doorward("user", "delete", "Ängel", "--yes")
    assert names(a) == ["Bob", "carla", "root", "zara"] and names(a, role="member") == ["zara"]
    assert names(a, role="guest") == ["Bob"] and names(a, state="disabled") == []
    assert names(a, "quinn") == ["carla"] and names(a, "anna") == []
    db.doorward("user", "set", "carla", "--no-mail")
    assert names(a, "quinn") == []


def test_the_counts_follow_every_change(a, db):
    """By role and state; nothing is left of a role that nobody has."""
    def counts():
        return dict(db.sql("select role || ' ' || disabled, sum(n)::integer from"
                           " doorward.people_counts group by 1 having sum(n) <> 0"))
    assert counts() == {" false": 4, " true": 1, "doorward-admin false": 1, "member false": 2,
                        "editor false": 1}
    db.doorward("user", "role", "bob", "--remove", "editor")
    db.doorward("user", "disable", "bob")
    db.doorward("user", "delete", "carla", "--yes")
    assert counts() == {" false": 3, " true": 1, "doorward-admin false": 1, "member false": 1,
                        "member true": 1}
    assert counts() == dict(db.sql("select role || ' ' || disabled, count(*)::integer from"
                                   " doorward.people_index group by 1"))


def test_the_index_is_that_of_an_import_and_of_the_users_from_before(a, db):
    """What the migration fills in is what the triggers write."""
    done = db.doorward("user", "import", "--from", "csv", stdin="name,address,roles\n"
                       "dora,dora@example.org,member\nemil,emil@example.org,member editor\n")
    assert done.returncode == 0, done.stderr
    assert names(a, role="member") == ["ann", "Bob", "dora", "emil"]
    assert names(a, "emil@") == ["emil"]
    now = db.sql("select * from doorward.people_index order by role, name_key")
    with open(f"{TREE}/sql/012_admin.sql", encoding="utf-8") as f:
        fill = f.read().partition("insert into doorward.people_index (role")[2].partition(";")[0]
    fill = "insert into doorward.people_index (role" + fill
    db.sql("delete from doorward.people_index")
    db.sql(fill)
    assert db.sql("select * from doorward.people_index order by role, name_key") == now


def test_a_table_of_users_that_is_emptied_leaves_nobody_in_the_index(a, db):
    """By the owner's hand."""
    db.sql("truncate doorward.users cascade")
    assert db.one("select (select count(*) from doorward.people_index)"
                  " + (select count(*) from doorward.people_counts)") == 0
    a.add("ann")
    assert db.one("select count(*) from doorward.people_index") == 1


def test_a_login_does_not_touch_the_index(a, db):
    """It would wait for others, and be slower."""
    before = db.sql("select ctid, xmin::text from doorward.people_index order by 1")
    a.login("ann")
    assert db.sql("select ctid, xmin::text from doorward.people_index order by 1") == before


def test_pages_follow_each_other_by_key(a):
    """Whatever is added or deleted meanwhile, nobody is left out."""
    for q in "", "a":
        seen, after = [], ""
        while after is not None:
            page = a.rows(LIST, q, "", "", after, 2)
            seen += [row["name"] for row in page]
            after = page[0]["next"] if page else None
        assert seen == names(a, q), q


def test_two_who_claim_one_address_are_both_found(a):
    """On pages of one."""
    a.add("twin1", mail="twins@example.org", verified=False)
    a.add("twin2", mail="twins@example.org", verified=False)
    first = a.row(LIST, "twins@", "", "", "", 1)
    assert (first["name"], names(a, "twins@", after=first["next"])) == ("twin1", ["twin2"])


@pytest.mark.parametrize("after", ["zzz", "b'; drop table users", "\U0010ffff", "x" * 10000, "\x01"])
def test_a_page_key_that_was_made_up_is_a_place_in_the_order(a, after):
    """No error, and nothing that another key would not show."""
    assert set(names(a, after=after)) <= {"ann", "Bob", "carla", "root", "Ängel"}


def test_a_search_of_ten_thousand_bytes_finds_nobody(a):
    """And does not fail."""
    assert names(a, "x" * 10000) == [] and names(a, "ä" * 5000) == []
    assert a.rows("admin_person null, %s", "x" * 10000) == []


def test_a_person_is_found_by_id_and_by_name(a):
    """With everything that the page shows."""
    row = a.row("admin_person null, %s", "ANN")
    assert (row["name"], row["address"], row["roles"], row["disabled"], row["has_password"]) == (
        "ann", "zoe@example.org", "member", False, True)
    assert row["address_verified_at"] and row["may"] and not row["last"] and not row["throttled"]
    assert a.row("admin_person %s, null", row["id"]) == row
    assert a.row("admin_person null, %s", "root")["last"] is True
    assert a.rows("admin_person null, %s", "nobody") == []
    assert a.rows("admin_person %s, %s", a.db.one("select gen_random_uuid()"), "ann") == []


def test_sessions_factors_links_and_events_of_a_person_are_listed(a, db):
    """What opens something is not among them."""
    user = db.one("select id from doorward.users where name = 'ann'")
    a.login("ann")
    db.sql("insert into doorward.totp values (%s, 'k', repeat('s', 40)::bytea, 0, doorward.now())",
           user)
    db.sql("select doorward.link_make('reset', %s, null, null, 1, null, null, null, 'test')", user)
    person = a.row("admin_person %s, null", user)
    assert (person["sessions"], person["factors"]) == (1, "totp")
    [session] = a.rows("admin_person_sessions %s", user)
    assert session["amr"] == "pwd" and "sid" not in session
    [factor] = a.rows("admin_person_factors %s", user)
    assert factor["kind"] == "totp" and "key_id" not in factor and "sealed" not in factor
    [link] = a.rows("admin_person_links %s", user)
    assert (link["kind"], link["state"]) == ("reset", "good") and "id" not in link
    events = [row["event"] for row in a.rows("admin_person_events %s", user)]
    assert events[0] == "link_made" and "user_added" in events


def test_no_result_has_a_hash_or_a_secret(a, db):
    """Of password, factor, refresh token or link: no column of any function that admin.fcgi may
    call, and no text in what it returns."""
    columns = db.sql("select p.proname, p.proargnames::text from pg_proc p join doorward.door d"
                     " on d.function = p.proname where d.program = 'webadmin'")
    assert len(columns) > 10
    for function, arguments in columns:
        for word in "password_hash", "sealed", "credential", "jwk", "secret", "refresh":
            assert word not in (arguments or ""), (function, word)
    user = a.add("hal", password_hash="$argon2id$hidden")
    for call, *values in (("admin_person %s, null", user), (LIST, "hal", "", "", "", 5),
                          ("admin_person_events %s", user)):
        assert "hidden" not in str(a.rows(call, *values))


@pytest.mark.parametrize("call", ["admin_people '', '', '', '', 5", "admin_person null, 'ann'",
                                  "admin_person_sessions null", "admin_person_factors null",
                                  "admin_person_links null", "admin_person_events null"])
def test_nothing_is_seen_without_a_fresh_login_of_an_admin(a, db, call):
    """Each function looks by itself."""
    assert a.refused(call) is None
    assert a.refused(call, sid=a.login("ann")) == "no right"
    assert a.refused(call, sid=db.one("select gen_random_uuid()")) == "no session"
    db.move_clock(1000)
    assert a.refused(call) == "not fresh"
