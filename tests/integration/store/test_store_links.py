"""One-time links and the outbox: what makes one, what a use does, what it dies of."""

import json
import subprocess
import uuid

import pytest

from database import TREE, in_parallel
from tickets import make_ticket, ticket_table

NEW = "$new"
HASH = b"h" * 32
FOR_ONE = ["verify", "reset", "change-address", "undo-address"]
KINDS = ["setup", "invite", *FOR_ONE]
COUNTS = ("select (select count(*) from doorward.links), (select count(*) from doorward.outbox),"
          " (select count(*) from doorward.audit), (select count(*) from doorward.users),"
          " (select count(*) from doorward.addresses),"
          " (select string_agg(l::text, ' ' order by l.id) from doorward.links l),"
          " (select string_agg(u::text, ' ' order by u.id) from doorward.users u),"
          " (select string_agg(a::text, ' ' order by a.user_id) from doorward.addresses a)")


def address(db, user, text, verified=True):
    """Give a user an address."""
    db.sql("insert into doorward.addresses (user_id, address, verified_at)"
           " values (%s, %s, case when %s then doorward.now() end)", user, text, verified)


def make(db, kind, user=None, **change):
    """link_make; the id or None."""
    v = {"hash": HASH if kind == "setup" else None, "data": {}, "uses": 1, "life": None,
         "template": None, "language": None}
    v.update(change)
    if kind in ("verify", "change-address", "undo-address") and not v["data"]:
        v["data"] = {"address": "ann@example.org" if kind == "verify" else "new@example.org"}
    return db.one("select doorward.link_make(%s, %s, %s, %s, %s, %s, %s, %s, 'user')", kind, user,
                  v["hash"], json.dumps(v["data"]), v["uses"], v["life"], v["template"],
                  v["language"])


def peek(db, kind, link):
    """The row of link_peek where it says that the link is good, or None."""
    [row] = db.sql("select state, user_id, name, address, uses_left"
                   " from doorward.link_peek(%s, %s, %s)", kind, link, HASH,
                   role="doorward_account")
    return row[1:] if row[0] == "good" else None


def state(db, kind, link, hashed=HASH):
    """What link_peek says of it."""
    return db.one("select state from doorward.link_peek(%s, %s, %s)", kind, link, hashed,
                  role="doorward_account")


# pylint: disable-next=too-many-arguments,too-many-positional-arguments
def use(db, kind, link, name=None, password=None, hashed=HASH, connection=None, mail=None):
    """The outcome of link_use and the user."""
    cursor = (connection or db.connect("doorward_account")).cursor()
    cursor.execute("select outcome, user_id from doorward.link_use(%s, %s, %s, %s, %s,"
                   " '192.0.2.1', %s)", (kind, link, hashed, name, password, mail))
    return cursor.fetchone()


def refused(db, kind, link, outcome="gone", **values):
    """A use that is refused changes nothing at all."""
    before = db.sql(COUNTS)
    assert use(db, kind, link, **values) == (outcome, None)
    assert db.sql(COUNTS) == before


@pytest.fixture(name="ann")
def _ann(db):
    user = db.add_user("ann", "member")
    address(db, user, "ann@example.org")
    return user


def user_row(db, user):
    """Hash, password_version and device_version."""
    return db.sql("select password_hash, password_version, device_version from doorward.users"
                  " where id = %s", user)[0]


def address_of(db, user):
    """The address and whether it is verified, or None."""
    rows = db.sql("select address, verified_at is not null from doorward.addresses"
                  " where user_id = %s", user)
    return rows[0] if rows else None


def test_the_kinds_are_those_of_the_tickets(db):
    table = ticket_table()
    rows = db.sql("select kind, life_seconds, hashed from doorward.link_kind")
    for kind, life, hashed in rows:
        assert (table[kind].life, table[kind].keep) == (life, "hashed" if hashed else "derived")
    used = {name for name, kind in table.items() if kind.taken_by in ("link_use", "flow_by_link")}
    assert {row[0] for row in rows} == used
    for kind in table.values():
        if kind.taken_by:
            assert db.one("select count(*) from doorward.door where function = %s",
                          kind.taken_by) > 0


# ---- making one ----

def test_a_link_and_its_mail_are_made_together(db, ann):
    link = make(db, "reset", ann, template="reset", language="de")
    [row] = db.sql("select template, language, recipient, link_id, user_id, tries,"
                   " due_at <= doorward.now() from doorward.outbox")
    assert row == ("reset", "de", "ann@example.org", link, ann, 0, True)
    assert peek(db, "reset", link) == (ann, "ann", None, 1)
    assert db.one("select detail from doorward.audit where event = 'link_made'") == "reset"


NEVER = [
    ("nothing", {}), ("flow", {}), ("refresh", {}), ("factor", {"user": None}),
    ("reset", {"hash": HASH}), ("reset", {"uses": 2}), ("reset", {"uses": 0}),
    ("reset", {"user": None}), ("reset", {"user": str(uuid.uuid4())}),
    ("invite", {"user": "ann"}),
    ("invite", {"user": None, "uses": 2, "data": {"address": "eve@example.org"}}),
    ("invite", {"user": None, "data": {"roles": ["two words"]}}),
    ("invite", {"user": None, "template": "invite"}),
    ("setup", {"user": None}), ("setup", {"user": None, "hash": None}),
    ("change-address", {"data": {"address": "none"}}), ("change-address", {"data": {"a": 1}}),
    ("undo-address", {"data": {"address": "a@b\nBcc: c@d"}}),
]


def test_what_could_never_be_used_is_not_made(db, ann):
    before = db.sql(COUNTS)
    for kind, change in NEVER:
        user = ann if change.get("user", "ann") == "ann" else change["user"]
        rest = {name: value for name, value in change.items() if name != "user"}
        assert make(db, kind, user, **rest) is None, (kind, change)
    assert db.sql(COUNTS) == before


def test_a_reset_goes_to_a_verified_address_of_an_account_with_a_password(db):
    nobody = db.add_user("nobody")
    assert make(db, "reset", nobody, template="reset") is None
    address(db, nobody, "nobody@example.org", verified=False)
    assert make(db, "reset", nobody, template="reset") is None
    bare = db.add_user("bare", password_hash=None)
    assert make(db, "reset", bare) is None
    db.doorward("user", "disable", "nobody")
    assert make(db, "reset", nobody) is None
    assert db.one("select count(*) from doorward.outbox") == 0


def test_a_mail_that_cannot_be_stored_leaves_no_link(db, ann):
    with pytest.raises(Exception, match="outbox"):
        make(db, "reset", ann, template="Not A Template")
    assert db.one("select count(*) from doorward.links") == 0


# ---- what a use does ----

def test_setup_makes_the_first_user_once(db):
    """With the address that was typed, which nobody has verified."""
    make(db, "setup", data={"roles": ["doorward-admin"]})
    make(db, "setup", data={"roles": ["doorward-admin"]}, hash=b"i" * 32)
    mail = {"mail": "root@example.org"}
    refused(db, "setup", None, "incomplete", name="root", **mail)
    refused(db, "setup", None, "incomplete", password=NEW, **mail)
    refused(db, "setup", None, "incomplete", name="root", password=NEW)
    for typed in "root", "a@b\nBcc: c@d", "@", "a" * 250 + "@example.org":
        refused(db, "setup", None, "mail", name="root", password=NEW, mail=typed)
    refused(db, "setup", None, "name", name="root@example.org", password=NEW, **mail)
    outcome, user = use(db, "setup", None, "root", NEW, **mail)
    assert outcome == "ok"
    assert db.sql("select id, name, roles, password_hash from doorward.users") == [
        (user, "root", ["doorward-admin"], NEW)]
    assert address_of(db, user) == ("root@example.org", False)
    refused(db, "setup", None, name="root2", password=NEW, **mail)
    refused(db, "setup", None, name="root2", password=NEW, hashed=b"i" * 32, **mail)


def test_two_setup_links_at_once_make_one_user(db):
    hashes = [bytes([i]) * 32 for i in range(6)]
    for one in hashes:
        make(db, "setup", hash=one)
    connections = [db.connect("doorward_account") for _ in hashes]
    outcomes = in_parallel(6, lambda i: use(db, "setup", None, f"root{i}", NEW, hashes[i],
                                            connections[i], "root@example.org")[0])
    assert sorted(outcomes) == ["gone"] * 5 + ["ok"]
    assert db.one("select count(*) from doorward.users") == 1


def test_an_invitation_makes_a_user_with_its_roles_and_address(db, ann):
    link = make(db, "invite", data={"roles": ["member"], "address": "Bob@Example.org"},
                template="invite")
    refused(db, "invite", link, "incomplete", name="bob")
    refused(db, "invite", link, "taken", name="ANN", password=NEW)
    outcome, bob = use(db, "invite", link, "bob", NEW)
    assert outcome == "ok" and bob != ann
    assert db.sql("select name, roles, password_hash from doorward.users where id = %s", bob) == [
        ("bob", ["member"], NEW)]
    assert address_of(db, bob) == ("Bob@Example.org", True)
    refused(db, "invite", link, name="eve", password=NEW)
    assert db.sql("select user_id, name, detail from doorward.audit where event = 'link_used'") \
        == [(bob, "bob", "invite")]


def test_a_name_that_is_none_leaves_an_invitation_good(db):
    link = make(db, "invite")
    before = db.sql(COUNTS)
    with pytest.raises(Exception, match="not valid"):
        use(db, "invite", link, " two\nlines", NEW)
    assert db.sql(COUNTS) == before
    db.add_user("gone")
    assert db.doorward("user", "delete", "--yes", "gone").returncode == 0
    refused(db, "invite", link, "taken", name="gone", password=NEW)
    assert use(db, "invite", link, "bob", NEW)[0] == "ok"


def test_an_invitation_to_a_taken_address_makes_nobody(db, ann):  # pylint: disable=unused-argument
    link = make(db, "invite", data={"address": "ANN@example.ORG"})
    refused(db, "invite", link, "address", name="bob", password=NEW)


def test_an_invitation_of_three_makes_three(db):
    link = make(db, "invite", uses=3)
    names = ["a", "b", "c", "d", "e"]
    connections = [db.connect("doorward_account") for _ in names]
    outcomes = in_parallel(5, lambda i: use(db, "invite", link, names[i], NEW,
                                            connection=connections[i])[0])
    assert sorted(outcomes) == ["gone"] * 2 + ["ok"] * 3
    assert db.one("select count(*) from doorward.users") == 3


def test_two_uses_at_once_have_one_effect(db, ann):
    reset, invite = make(db, "reset", ann), make(db, "invite")
    connections = [db.connect("doorward_account") for _ in range(8)]
    outcomes = in_parallel(8, lambda i: use(db, "reset", reset, password=f"$new{i}",
                                            connection=connections[i])[0])
    assert sorted(outcomes) == ["gone"] * 7 + ["ok"]
    assert user_row(db, ann)[1] == 2
    outcomes = in_parallel(8, lambda i: use(db, "invite", invite, "bob", NEW,
                                            connection=connections[i])[0])
    assert sorted(outcomes) == ["gone"] * 7 + ["ok"]
    assert db.one("select count(*) from doorward.users") == 2


def test_a_reset_ends_all_sessions_and_knows_no_device(db, ann):
    sid = db.open("ann", "one")[1]
    other = make(db, "reset", ann)
    link = make(db, "reset", ann)
    refused(db, "reset", link, "incomplete")
    assert use(db, "reset", link, password=NEW) == ("ok", ann)
    assert user_row(db, ann) == (NEW, 2, 2)
    assert str(sid) in map(str, db.revoked())
    refused(db, "reset", link, password="$other")
    refused(db, "reset", other, password="$other")  # it died with the password


def test_verify_proves_the_address_that_it_was_made_for(db):
    user = db.add_user("ann")
    address(db, user, "ann@example.org", verified=False)
    link, late = make(db, "verify", user, template="verify"), make(db, "verify", user)
    assert use(db, "verify", link) == ("ok", user)
    assert address_of(db, user) == ("ann@example.org", True)
    db.sql("update doorward.addresses set address = 'else@example.org', verified_at = null")
    refused(db, "verify", late)
    assert address_of(db, user) == ("else@example.org", False)


def test_change_address_leaves_the_old_one_a_way_back(db, ann):
    reset = make(db, "reset", ann, template="reset")
    link = make(db, "change-address", ann, template="change-address")
    assert address_of(db, ann) == ("ann@example.org", True)
    assert use(db, "change-address", link) == ("ok", ann)
    assert address_of(db, ann) == ("new@example.org", True)
    refused(db, "reset", reset, password=NEW)  # it lies in the old mailbox
    [(template, to, undo)] = db.sql("select template, recipient, link_id from doorward.outbox"
                                    " where template = 'address-changed'")
    assert (template, to) == ("address-changed", "ann@example.org")
    sid = db.open("ann", "one")[1]
    assert use(db, "undo-address", undo) == ("ok", ann)
    assert address_of(db, ann) == ("ann@example.org", True)
    assert str(sid) in map(str, db.revoked()) and user_row(db, ann)[2] == 2
    assert db.one("select end_reason from doorward.sessions") == "address"
    assert db.one("select count(*) from doorward.outbox where template = 'address-changed'") == 1


def test_the_first_address_needs_no_way_back(db):
    user = db.add_user("ann")
    assert use(db, "change-address", make(db, "change-address", user))[0] == "ok"
    assert address_of(db, user) == ("new@example.org", True)
    assert db.one("select count(*) from doorward.outbox") == 0


def test_an_address_that_is_anothers_is_not_taken_over(db, ann):
    bob = db.add_user("bob")
    address(db, bob, "NEW@example.org")
    refused(db, "change-address", make(db, "change-address", ann), "address")
    assert address_of(db, ann) == ("ann@example.org", True)


def test_who_took_an_account_over_cannot_undo_the_way_back(db, ann):
    """A to B to C: the way back to A outlives that to B, and a new password."""
    for to in ("b@example.net", "c@example.net"):
        use(db, "change-address", make(db, "change-address", ann, data={"address": to}))
    db.sql("select doorward.user_password('ann', '$stolen', 'test')")
    undo = dict(db.sql("select data ->> 'address', id from doorward.links"
                       " where kind = 'undo-address'"))
    assert use(db, "undo-address", undo["b@example.net"])[0] == "ok"
    assert address_of(db, ann) == ("b@example.net", True)
    assert use(db, "undo-address", undo["ann@example.org"])[0] == "ok"
    assert address_of(db, ann) == ("ann@example.org", True)
    assert db.one("select count(*) from doorward.links where uses_left > 0") == 0


# ---- what a link dies of ----

def command(*words):
    """What the operator does."""
    def run(db):
        done = db.doorward(*words)
        assert done.returncode == 0, done.stderr
    return run


DEATHS = {
    "password": lambda db: db.sql("select doorward.user_password('ann', '$other', 'test')"),
    "disable": command("user", "disable", "ann"),
    "disable and enable": lambda db: (command("user", "disable", "ann")(db),
                                      command("user", "enable", "ann")(db)),
    "delete": command("user", "delete", "--yes", "ann"),
    "time": lambda db: db.move_clock(7 * 86400 + 1),
}
LIVES = {
    "rename": command("user", "rename", "ann", "anna"),
    "roles": lambda db: db.sql("select doorward.user_roles('ann', '{x}', '{}', 'test')"),
    "sessions end": lambda db: db.sql("select doorward.user_sessions_end('ann', 'test')"),
    "login": lambda db: db.open("ann", "one"),
    "tidy": command("db", "tidy"),
}


def holding(db, ann):
    """A link of each kind that is of one user."""
    links = {kind: make(db, kind, ann) for kind in FOR_ONE}
    for kind, link in links.items():
        assert peek(db, kind, link) is not None
    return links


@pytest.mark.parametrize("death", DEATHS)
def test_a_link_of_a_user_dies(db, ann, death):
    links = holding(db, ann)
    DEATHS[death](db)
    for kind, link in links.items():
        if (kind, death) == ("undo-address", "password"):
            assert peek(db, kind, link) is not None
            continue
        assert peek(db, kind, link) is None
        refused(db, kind, link, password=NEW)


@pytest.mark.parametrize("what", LIVES)
def test_a_link_of_a_user_outlives(db, ann, what):
    links = holding(db, ann)
    LIVES[what](db)
    for kind, link in links.items():
        assert peek(db, kind, link) is not None
    assert use(db, "reset", links["reset"], password=NEW)[0] == "ok"


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_of_link_stands_in_for_another(db, kind):
    users = None if kind == "setup" else db.add_user("ann")
    if users:
        address(db, users, "ann@example.org")
    link = make(db, kind, users if kind in FOR_ONE else None)
    for other in {*KINDS, "factor", "refresh", "", None} - {kind}:
        assert peek(db, other, link) is None
        refused(db, other, link, name="eve", password=NEW)
    refused(db, kind, str(uuid.uuid4()), name="eve", password=NEW, hashed=b"x" * 32)
    refused(db, kind, None, name="eve", password=NEW, hashed=None)
    assert peek(db, kind, link) is not None


def test_deleting_a_user_leaves_no_address_and_no_mail(db, ann):
    make(db, "reset", ann, template="reset")
    use(db, "change-address", make(db, "change-address", ann, template="change-address"))
    db.sql("select doorward.outbox_add('notice', null, 'new@example.org', null, %s, null)", ann)
    invited = use(db, "invite", make(db, "invite", data={"address": "bob@example.org"},
                                     template="invite"), "bob", NEW)[1]
    for name in ("ann", "bob"):
        assert db.doorward("user", "delete", "--yes", name).returncode == 0
    for table in ("links", "outbox", "addresses"):
        assert db.one(f"select count(*) from doorward.{table}") == 0, (table, invited)


def test_tidy_drops_links_and_mails_a_month_after_their_end(db, ann):
    make(db, "invite", data={"address": "bob@example.org"}, template="invite", life=600)
    kept = make(db, "invite", life=86400 * 29)
    db.sql("select doorward.outbox_add('notice', null, 'ann@example.org', null, %s, null)", ann)
    db.move_clock(29 * 86400)
    db.doorward("db", "tidy")
    assert db.one("select count(*) from doorward.outbox") == 2
    db.move_clock(31 * 86400)
    assert "links" in db.doorward("db", "tidy").stdout
    assert db.sql("select id from doorward.links") == [(kept,)]
    assert db.one("select count(*) from doorward.outbox") == 0


# ---- addresses ----

def test_an_address_is_stored_as_it_was_typed(db):
    for number, good in enumerate(["a@b", "ann.o'neil+tag@example.org", "zoë@exämple.org",
                                   f"{'a' * 64}@{'b' * 189}"]):
        user = db.add_user(f"ann{number}")
        address(db, user, good)
        assert address_of(db, user) == (good, True)


def test_what_is_no_address_is_refused_everywhere(db):
    user = db.add_user("ann")
    for bad in ["", "@", "a@", "@b", "a b@c", "a@b c", "a@b@c", "a@b\r\nBcc: d@e",
                "-f@example.org", "a@-b", "Ann <a@b>", "a,b@c", "a@b,c@d", '"a"@b', "(x)a@b",
                "a@[192.0.2.1]", "a\\@b", "a\u200b@b", " a@b", f"{'a' * 65}@b",
                f"a@{'b' * 253}"]:
        with pytest.raises(Exception, match="check"):
            address(db, user, bad)
        with pytest.raises(Exception, match="check"):
            db.sql("select doorward.outbox_add('notice', null, %s, null, null, null)", bad)
        assert make(db, "change-address", user, data={"address": bad}) is None, bad


def test_one_account_an_address_whatever_its_capitals(db, ann):  # pylint: disable=unused-argument
    with pytest.raises(Exception, match="unique"):
        address(db, db.add_user("bob"), "ANN@Example.ORG")


def test_a_claim_keeps_nobody_from_proving_the_address(db):
    """Who owns it proves it; whoever claimed it cannot any more."""
    claim, owner = db.add_user("claim"), db.add_user("owner")
    address(db, claim, "ann@example.org", verified=False)
    address(db, owner, "Ann@example.org", verified=False)
    late = make(db, "verify", claim, data={"address": "ann@example.org"})
    assert use(db, "verify", make(db, "verify", owner))[0] == "ok"
    refused(db, "verify", late, "address")
    assert address_of(db, owner) == ("Ann@example.org", True)
    assert address_of(db, claim) == ("ann@example.org", False)


def test_two_who_prove_one_address_at_once_are_one(db):
    users = [db.add_user(f"user{i}") for i in range(6)]
    links = [make(db, "change-address", user) for user in users]
    connections = [db.connect("doorward_account") for _ in users]
    outcomes = in_parallel(len(users), lambda i: use(db, "change-address", links[i],
                                                     connection=connections[i])[0])
    assert sorted(outcomes) == ["address"] * 5 + ["ok"]


def test_a_name_that_is_the_address_follows_it(db):
    """To the new one and, by the way back, to the old one again; tokens with the old name die."""
    ann = db.one("select user_id from doorward.user_enter('ann@example.org', '{}', '$hash',"
                 " 'ann@example.org', true, 'test')")
    _, sid = db.open("ann@example.org", "a0")
    use(db, "change-address", make(db, "change-address", ann))
    assert db.one("select name from doorward.users") == "new@example.org"
    assert sid in db.revoked() and db.refresh("a0", "a1") == "ok"
    assert use(db, "undo-address", db.one(
        "select id from doorward.links where kind = 'undo-address'"))[0] == "ok"
    assert db.one("select name from doorward.users") == "ann@example.org"
    assert db.refresh("a1", "a2") == "ended"


def test_a_name_that_is_no_address_stays_with_another_address(db, ann):
    use(db, "change-address", make(db, "change-address", ann))
    assert db.one("select name from doorward.users") == "ann"


def test_an_invitation_to_one_address_may_have_it_as_its_name(db):
    """And no other address."""
    link = make(db, "invite", data={"address": "Bob@Example.org"})
    refused(db, "invite", link, "name", name="eve@example.org", password=NEW)
    assert use(db, "invite", link, "bob@example.org", NEW)[0] == "ok"
    many = make(db, "invite", uses=2)
    refused(db, "invite", many, "name", name="eve@example.org", password=NEW)


# ---- through the store, with tickets ----

@pytest.fixture(scope="module", name="probe")
def _probe(tmp_path_factory):
    program = str(tmp_path_factory.mktemp("probe") / "links_probe")
    subprocess.run(["cc", "-std=c11", "-D_GNU_SOURCE", f"-I{TREE}/lib", "-Wall", "-Werror",
                    "-o", program, f"{TREE}/tests/support/links_probe.c",
                    f"{TREE}/build/libauth.a", "-lpq", "-lcrypto", "-lm"], check=True)

    def run(db, *lines, key="k" * 32):
        conninfo = f"host={db.server.socket} dbname={db.name} user=doorward"
        done = subprocess.run([program, conninfo, key], check=True, text=True,
                              capture_output=True, input="".join(
                                  "\t".join(line) + "\n" for line in lines))
        return done.stdout.splitlines()
    return run


def test_a_program_makes_shows_and_uses_a_link(db, ann, probe):
    [ticket] = probe(db, ("make", "reset", str(ann), "-", "reset"))
    assert ticket.startswith("dwp_")
    assert probe(db, ("peek", ticket), ("use", ticket, "-", "-"), ("use", ticket, "-", NEW),
                 ("use", ticket, "-", NEW), ("peek", ticket)) == [
        "reset\tann\t", "incomplete", "ok", "gone", "used"]
    assert user_row(db, ann)[0] == NEW


def test_a_program_makes_a_user_of_a_setup_link_and_an_invitation(db, probe):
    [setup, invite] = probe(db, ("make", "setup", "-", '{"roles": ["doorward-admin"]}', "-"),
                            ("make", "invite", "-", "-", "-"))
    assert probe(db, ("use", setup, "root", NEW), ("use", invite, "ROOT", NEW),
                 ("use", invite, "bob", NEW), ("peek", setup)) == ["ok", "taken", "ok", "used"]
    assert probe(db, ("make", "setup", "-", "-", "-")) == ["none"]
    assert probe(db, ("make", "invite", "-", "-", "-"), ("make", "nothing", "-", "-", "-"))[1] \
        == "none"


def test_the_database_alone_opens_no_link(db, ann, probe):
    """Whoever has read all rows knows the id, but not the mail key."""
    probe(db, ("make", "reset", str(ann), "-", "reset"))
    identifier = db.one("select id from doorward.links")
    forged = make_ticket("reset", b"x" * 32, identifier)
    assert probe(db, ("peek", forged), ("use", forged, "-", NEW)) == ["unknown", "gone"]
    own = make_ticket("reset", b"k" * 32, identifier)
    assert probe(db, ("peek", own)) == ["reset\tann\t"]
    everything = " ".join(map(str, db.sql("select l::text, o::text from doorward.links l,"
                                          " doorward.outbox o")))
    assert own not in everything and "dwp_" not in everything


def test_a_mail_goes_to_an_address_or_is_refused(db, probe):
    good, bad = probe(db, ("mail", "ann@example.org"), ("mail", "-f@example.org"))
    assert good == "ok" and bad.startswith("error")
    assert db.one("select count(*) from doorward.outbox") == 1
