"""What the statements of the admin pages cost with 10,000 and with 1,000,000 users."""

import itertools
import re
import statistics

import pytest

from admins import Admins
from database import TREE, Database

SMALL, LARGE = 10_000, 1_000_000
BUFFERS, TIMES = 200, 1.5  # the most that a statement may read; how much longer it may take

LIST = "admin_people(%(sid)s, {}, 50)"
# Each statement of a page about people, with values in the middle of a million.
STATEMENTS = {
    "who asks": "admin_find(%(sid)s)",
    "everybody": LIST.format("'', '', '', ''"),
    "the middle of everybody": LIST.format("'', '', '', 'user0005000'"),
    "the end of everybody": LIST.format("'', '', '', 'user9'"),
    "search by a short prefix": LIST.format("'u', '', '', ''"),
    "search by a long prefix": LIST.format("'user0005', '', '', ''"),
    "search by address": LIST.format("'mail0005', '', '', ''"),
    "a role that many have": LIST.format("'', 'member', '', ''"),
    "a role that few have": LIST.format("'user0005', 'editor', '', ''"),
    "those who are disabled": LIST.format("'', '', 'disabled', ''"),
    "disabled, with a role, after a page": LIST.format("'mail', 'member', 'disabled', 'mail0005'"),
    "a search that finds nobody": LIST.format("'zzz', '', '', ''"),
    "one person": "admin_person(%(sid)s, null, 'user0005000')",
    "sessions of a person": "admin_person_sessions(%(sid)s, %(user)s)",
    "factors of a person": "admin_person_factors(%(sid)s, %(user)s)",
    "links of a person": "admin_person_links(%(sid)s, %(user)s)",
    "events of a person": "admin_person_events(%(sid)s, %(user)s)",
}


def fill(db, many):
    """So many users, with an address each, and as many rows of the audit. What triggers would
    write is written at the end, as the migration does."""
    for table in "users", "addresses":
        db.sql(f"alter table doorward.{table} disable trigger user")
    db.sql("insert into doorward.users (name, roles, disabled, password_hash, password_at,"
           " created_at) select 'user' || lpad(i::text, 7, '0'),"
           " array['member'] || case when i %% 1000 = 0 then array['editor'] else '{}' end,"
           " i %% 100 = 7, '$hash', doorward.now(), doorward.now()"
           " from generate_series(0, %s - 1) i order by hashint4(i)", many)
    db.sql("insert into doorward.addresses (user_id, address, verified_at)"
           " select id, 'mail' || substr(name, 5) || '@example.org', doorward.now()"
           " from doorward.users")
    for table in "users", "addresses":
        db.sql(f"alter table doorward.{table} enable trigger user")
    with open(f"{TREE}/sql/012_admin.sql", encoding="utf-8") as f:
        text = f.read()
    for statement in re.findall(r"^insert into doorward\.people_\w+ .*?;", text, re.S | re.M):
        db.sql(statement.replace("order by r, u.disabled, u.name_key", "order by u.id"))
    db.sql("insert into doorward.audit (at, event, user_id, name)"
           " select doorward.now() - n * interval '1 second', 'login_ok', u.id, u.name"
           " from (select id, name, row_number() over (order by id) as n from doorward.users) u"
           " order by n desc")
    db.sql("vacuum analyze")


@pytest.fixture(name="sizes", scope="module")
def _sizes(server, migrated, tmp_path_factory):
    """An admin in a small database and in a large one."""
    made = []
    for many, number in zip((SMALL, LARGE), itertools.count()):
        directory = tmp_path_factory.mktemp(f"size{number}")
        made.append(Database(server, f"size_{number}", str(directory), migrated))
        fill(made[-1], many)
    admins = [Admins(db) for db in made]
    for a in admins:
        a.admin()
    yield admins
    for db in made:
        db.drop()


def measure(a, text, rounds=15):
    """The most buffers that it read after the first two times, and the median milliseconds."""
    cursor = a.db.connect().cursor()
    user = a.db.one("select id from doorward.users where name = 'user0005000'")
    buffers, times = [], []
    for _ in range(rounds):
        cursor.execute(f"explain (analyze, buffers, format json) select * from doorward.{text}",
                       {"sid": a.sid, "user": user})
        [[[plan]]] = cursor.fetchall()
        node = plan["Plan"]
        buffers.append(node["Shared Hit Blocks"] + node["Shared Read Blocks"])
        times.append(plan["Execution Time"])
    return max(buffers[2:]), statistics.median(times[2:])


@pytest.mark.slow("a million users are stored")
def test_with_a_million_users_a_page_reads_few_buffers_and_takes_as_long_as_with_ten_thousand(sizes):
    """The figures of both are printed, for doc/reference/benchmarks.md."""
    small, large = sizes
    wrong = []
    for name, text in STATEMENTS.items():
        (few, soon), (many, late) = measure(small, text), measure(large, text)
        print(f"| {name} | {few} | {many} | {soon:.2f} | {late:.2f} |")
        if many > BUFFERS or late > TIMES * soon + 0.3:
            wrong.append((name, few, many, soon, late))
    assert not wrong, wrong
