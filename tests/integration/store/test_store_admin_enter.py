"""How people come in by an admin, in the database: who is refused, what is stored, how much is
read."""

import re

import pytest

from admins import Admins

NOBODY = "00000000-0000-4000-8000-000000000000"
HASH = b"h" * 32
CALLS = {
    "add": ("admin_add %s, %s, null, %s::text[], true, %s, null", ("new", None, [], HASH)),
    "invite": ("admin_invite %s, %s::text[], null", ("new@example.org", [])),
    "invitations": ("admin_invitations null, null, 30", ()),
    "resend": ("admin_invitation_resend %s, null", (NOBODY,)),
    "withdraw": ("admin_invitation_withdraw %s, null", (NOBODY,)),
}


@pytest.fixture(name="a")
def _a(db):
    """Root, an admin, signed in a moment ago."""
    a = Admins(db)
    a.admin()
    return a


def add(a, name, mail=None, display_name=None, roles=(), by_mail=True, sid=None,
        secret=HASH):
    """The outcome of admin_add."""
    return a.row("admin_add %s, %s, %s, %s::text[], %s, %s, '192.0.2.7'", name, mail, display_name,
                 list(roles), by_mail, secret, sid=sid)["outcome"]


@pytest.mark.parametrize("key", CALLS)
def test_each_function_finds_out_itself_who_asks(a, db, key):
    call, values = CALLS[key]
    assert a.refused(call, *values, sid=NOBODY) == "no session"
    a.add("ann", "member")
    assert a.refused(call, *values, sid=a.login("ann")) == "no right"
    db.sql("update doorward.sessions set auth_time = auth_time - interval '1 day'")
    assert a.refused(call, *values) == "not fresh"
    assert db.one("select count(*) from doorward.users") == 2
    assert db.one("select count(*) from doorward.links") == 0


def test_somebody_with_an_address_gets_a_mail_and_somebody_without_one_a_link_with_the_hash(a, db):
    assert add(a, "ann", "ann@example.org", "Ann", ["member"]) == "mailed"
    assert add(a, "bob") == "ok"
    assert add(a, "cid", "cid@example.org", by_mail=False, secret=b"i" * 32) == "ok"
    assert db.sql("select u.name, l.kind, l.hash is null from doorward.links l join doorward.users u"
                  " on u.id = l.user_id where l.kind = 'welcome'") == [("ann", "welcome", True)]
    assert db.sql("select template, recipient from doorward.outbox") == [
        ("welcome", "ann@example.org")]
    assert db.one("select hash from doorward.links l join doorward.users u on u.id = l.user_id"
                  " where kind = 'reset-shown' and name = 'bob'").tobytes() == HASH


def test_what_an_admin_adds_is_in_the_audit_with_name_and_address(a, db):
    add(a, "ann", "ann@example.org")
    assert db.sql("select distinct actor, host(address) from doorward.audit where name = 'ann'") == [
        ("admin:root", "192.0.2.7")]


def test_nothing_is_stored_of_what_is_refused(a, db):
    a.add("ann", mail="ann@example.org")
    before = db.sql("select (select count(*) from doorward.users), (select count(*) from"
                    " doorward.links), (select count(*) from doorward.outbox)")
    assert add(a, "") == "name"
    assert add(a, "bob", "nowhere") == "address"
    assert add(a, "bob", display_name="x" * 101) == "display_name"
    assert add(a, "bob", roles=["a b"]) == "roles"
    assert add(a, "ANN") == "taken"
    assert add(a, "bob", "Ann@Example.org") == "address taken"
    assert add(a, "bob@example.org", "bob@example.org") == "not own"
    db.sql("select doorward.name_give_up('gone')")
    assert add(a, "gone") == "given up"
    assert db.sql("select (select count(*) from doorward.users), (select count(*) from"
                  " doorward.links), (select count(*) from doorward.outbox)") == before


def test_roles_beyond_the_rights_are_given_to_nobody(a, db):
    db.sql("select doorward.admin_rights_set('helper', array['member'], true, 'test')")
    sid = a.admin("helga", "helper")
    assert add(a, "ann", roles=["member", "board"], sid=sid) == "rights"
    assert a.row("admin_invite 'x@example.org', array['board'], null", sid=sid) == {
        "admin_invite": "rights"}
    assert db.one("select count(*) from doorward.users where name = 'ann'") == 0


def test_the_rights_of_a_list_are_those_of_each_role_alone(a, db):
    """admin_limits says of each set of roles what admin_may_all says."""
    for admin_role, role, allowed in (("one", "a", True), ("one", "*", True), ("one", "b", False),
                                      ("two", "b", True), ("two", "c", True), ("three", "d", True)):
        db.sql("insert into doorward.admin_rights values (%s, %s, %s)", admin_role, role, allowed)
    for held in (["one"], ["two"], ["one", "two"], ["three"], ["none"], ["two", "three"]):
        for roles in ([], ["a"], ["b"], ["c"], ["d"], ["z"], ["a", "b"], ["b", "c"], ["c", "d"]):
            [(said, wanted)] = db.sql(
                "select %(r)s::text[] <@ l.gives or l.gives_all and not %(r)s::text[] && l.refused,"
                " doorward.admin_may_all(%(h)s, %(r)s) from doorward.admin_limits(%(h)s) l"
                .replace("%(r)s", "array[" + ",".join(f"'{r}'" for r in roles) + "]::text[]")
                .replace("%(h)s", "array[" + ",".join(f"'{r}'" for r in held) + "]"))
            assert said == wanted, (held, roles)
    assert a.sid


def measure(a, arguments):
    """(buffers, the least milliseconds of several) of one page of invitations."""
    connection = a.db.connect("doorward_webadmin")
    cursor = connection.cursor()
    buffers, times = [], []
    for _ in range(20):
        cursor.execute("explain (analyze, buffers, timing off) select * from"
                       f" doorward.admin_invitations('{a.sid}', {arguments})")
        text = "\n".join(line for (line,) in cursor.fetchall())
        buffers.append(sum(int(n) for n in
                           re.findall(r"(?:hit|read)=(\d+)", text.split("Planning")[0])))
        times.append(float(re.search(r"Execution Time: ([\d.]+)", text)[1]))
    a.db.connections.remove(connection)
    connection.close()
    return min(buffers), min(times)


@pytest.mark.slow("makes a hundred thousand invitations")
def test_a_page_of_a_hundred_thousand_invitations_costs_what_one_of_a_thousand_costs(a, db):
    """At most 200 buffers, and 1.5 times the time (and a tenth of a millisecond, for noise)."""
    pages = {"first": "null, null, 100",
             "later": f"(extract(epoch from now() - interval '500 s') * 1000000)::bigint, '{NOBODY}', 100"}
    sizes = {}
    for first, last in ((1, 1000), (1001, 100000)):
        db.sql("insert into doorward.links (kind, data, created_at, ends_at, uses_left) select"
               " 'invite', jsonb_build_object('address', 'p' || n || '@example.org', 'roles',"
               " jsonb_build_array('member', 'editor')), now() - n * interval '1 s',"
               " now() + interval '1 day', 1 from generate_series(%s, %s) n", first, last)
        db.sql("analyze doorward.links")
        sizes[last] = {key: measure(a, arguments) for key, arguments in pages.items()}
    few, many = sizes.values()
    for key, (buffers, ms) in many.items():
        print(f"{key:8} {few[key][0]:5} {few[key][1]:8.3f} ms {buffers:5} {ms:8.3f} ms")
        assert buffers <= 200, (key, buffers)
        assert ms <= 1.5 * few[key][1] + 0.1, (key, few[key][1], ms)
