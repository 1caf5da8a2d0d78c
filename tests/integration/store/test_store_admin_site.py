"""What admins see of the whole site, in the database: who is refused, and how much is read where
there is a million of everything."""

import re

import pytest

from admins import Admins

NOBODY = "00000000-0000-4000-8000-000000000000"
# Each function, with arguments that read a whole page.
CALLS = {
    "roles": ("admin_roles_list %s, 50", "''"),
    "roles-later": ("admin_roles_list %s, 50", "'role5'"),
    "roles-free": ("admin_roles_free %s", "array['member', 'nobody']"),
    "roles-of": ("admin_roles_of %s", "'p77'"),
    "audit": ("admin_audit %s, 50", "null, null, null, null, null, null"),
    "audit-later": ("admin_audit %s, 50",
                    "null, null, null, null, (extract(epoch from now() - interval '9 days')"
                    " * 1000000)::bigint, 7"),
    "audit-person": ("admin_audit %s, 50", "'p77', null, null, null, null, null"),
    "audit-event": ("admin_audit %s, 50", "null, 'link_made', null, null, null, null"),
    "audit-rare": ("admin_audit %s, 50", "null, 'mail_dropped', null, null, null, null"),
    "audit-person-event": ("admin_audit %s, 150", "'p77', 'link_made', null, null, null, null"),
    "audit-days": ("admin_audit %s, 50", "null, null, extract(epoch from now() - interval"
                   " '3 days')::bigint, extract(epoch from now() - interval '2 days')::bigint,"
                   " null, null"),
    "count-days": ("admin_count_days%s", ""),
    "days": ("admin_days %s, 30", "array['login_ok', 'login_failed', 'login_throttled',"
             " 'factor_failed']"),
    "throttled": ("admin_throttled %s, 50", "''"),
    "throttled-later": ("admin_throttled %s, 50", "'name:5'"),
    "unlock": ("admin_unlock_bucket %s, null", "'address:192.0.2.1'"),
    "status": ("admin_status%s", ""),
}


def call_of(key):
    """The function's name, and its arguments behind the sid."""
    shape, values = CALLS[key]
    name, _, arguments = (shape % values).partition(" ")
    return name, f", {arguments}" if arguments else ""


@pytest.fixture(name="a")
def _a(db):
    """Root, an admin, signed in a moment ago."""
    a = Admins(db)
    a.admin()
    return a


@pytest.mark.parametrize("key", CALLS)
def test_each_function_finds_out_itself_who_asks(a, db, key):
    """No session, no right, and a login that is not fresh."""
    name, arguments = call_of(key)
    call = f"{name} {arguments[2:]}"
    assert a.refused(call) is None
    assert a.refused(call, sid=NOBODY) == "no session"
    ann = a.add("ann", "member")
    assert ann and a.refused(call, sid=a.login("ann")) == "no right"
    db.sql("update doorward.sessions set auth_time = auth_time - interval '1 day'")
    assert a.refused(call) == "not fresh"


def test_no_table_can_be_read(a):
    """The program has its functions and nothing else."""
    for table in ("users", "audit", "people_counts", "attempts", "figures_days", "outbox"):
        with pytest.raises(Exception, match="permission denied"):
            a.db.sql(f"select * from doorward.{table}", role="doorward_webadmin")


def test_only_what_is_counted_for_a_person_within_the_rights_is_unlocked(a, db):
    """Outcomes of admin_unlock_bucket, each with what is left afterwards."""
    chief = a.add("chief", "doorward-admin")
    member = a.add("member-1", "member")
    db.sql("insert into doorward.attempts select 'name:' || u, 20, now(), 1 from unnest(%s::uuid[])"
           " u", [chief, member])
    assert db.doorward("role", "allow", "desk", "member").returncode == 0
    a.admin("desk-1", "desk")

    def unlock(user):
        return a.row("admin_unlock_bucket %s, null", f"name:{user}")["admin_unlock_bucket"]
    assert [unlock(chief), unlock(member), unlock(member)] == ["rights", "ok", "gone"]
    assert unlock(NOBODY) == unlock("nonsense") == "gone"
    assert db.one("select count(*) from doorward.attempts") == 1
    assert a.audited("user_unlocked") == [("member-1", "admin:desk-1", None)]


def fill(db, n):
    """So many people, events and names that have to wait."""
    db.sql("truncate doorward.audit;"
           " delete from doorward.attempts; delete from doorward.users where name ~ '^p[0-9]'")
    db.sql("alter table doorward.users disable trigger user")
    db.sql("insert into doorward.users (id, name, roles, password_hash, created_at,"
           " password_at) select gen_random_uuid(), 'p' || i,"
           " array['member', 'role' || i %% 40], '$h', now(), now() from generate_series(1, %s) i", n)
    db.sql("alter table doorward.users enable trigger user")
    db.sql("delete from doorward.people_counts")
    db.sql("insert into doorward.people_counts select r, u.disabled, 0, count(*) from doorward.users"
           " u cross join unnest(array_prepend('', u.roles)) r group by 1, 2")
    db.sql("insert into doorward.audit (at, event, user_id, name, actor, detail)"
           " select now() - i * interval '1 minute' * 20000 / %s,"
           " case when i %% 10 = 0 then 'link_made' else 'login_ok' end,"
           " case when i %% %s = 7 then (select id from doorward.users where name = 'p77') end,"
           " 'p77', 'user', 'by pwd' from generate_series(1, %s) i", n, n // 500, n)
    db.sql("insert into doorward.attempts select 'name:' || encode(sha256(i::text::bytea), 'hex'),"
           " 20, now(), i %% 2 from generate_series(1, %s) i", n // 10)
    db.sql("delete from doorward.figures_days")
    db.sql("update doorward.figures_days_counted set at = '-infinity', id = 0")
    db.sql("vacuum analyze")


def measure(a, key):
    """(buffers, the least milliseconds of several) of the statement, planned before."""
    name, arguments = call_of(key)
    connection = a.db.connect("doorward_webadmin")
    cursor = connection.cursor()
    buffers, times = [], []
    for _ in range(4 if key == "count-days" else 20):  # four steps of 2,000 rows each
        cursor.execute("explain (analyze, buffers, timing off)"
                       f" select * from doorward.{name}('{a.sid}'{arguments})")
        text = "\n".join(line for (line,) in cursor.fetchall())
        plan = text.split("Planning")[0]
        buffers.append(sum(int(n) for n in re.findall(r"(?:hit|read)=(\d+)", plan)))
        times.append(float(re.search(r"Execution Time: ([\d.]+)", text)[1]))
    a.db.connections.remove(connection)
    connection.close()
    return min(buffers), min(times)


@pytest.mark.slow("makes a million people, events and a hundred thousand names that wait")
def test_a_million_costs_hardly_more_than_ten_thousand(a, db, record_property):
    """At most 200 buffers, and 1.5 times the time (and a tenth of a millisecond, for noise)."""
    sizes = {}
    for n in (10_000, 1_000_000):
        fill(db, n)
        sizes[n] = {key: measure(a, key) for key in CALLS if key != "unlock"}
    few, many = sizes.values()
    for key, (buffers, ms) in many.items():
        record_property(key, f"{few[key]} {many[key]}")
        print(f"{key:20} {few[key][0]:5} {few[key][1]:8.3f} ms {buffers:5} {ms:8.3f} ms")
    for key, (buffers, ms) in many.items():
        assert buffers <= 200, (key, buffers)
        assert ms <= 1.5 * few[key][1] + 0.1, (key, few[key][1], ms)
