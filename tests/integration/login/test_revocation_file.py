"""The revocation file and those who write it: several at once, one whose database does not
answer, one that has forgotten, and more sessions than there is room for."""

import contextlib
import os
import subprocess
import time
import uuid

import pytest

import revoked
import tokens
from client import Client, bearer, json_login, token
from database import COMMAND, PASSWORD, in_parallel
from revoked import entries_of, later_of, records

FLOOR = str(uuid.UUID(int=0))
MAX = 335000
REACH = 86400 + 360

LIST = ("create or replace function doorward.revocations_since(p_since bigint) returns table"
        " (sid uuid, until bigint, listed bigint) language plpgsql volatile security definer set"
        " search_path = pg_catalog, doorward, pg_temp as $$ begin {before} return query select"
        " r.sid, ceil(extract(epoch from r.until))::bigint,"
        " extract(epoch from r.listed_at)::bigint from revocations r; {after} end $$")
IF_FOLLOWER = ("if current_setting('application_name') = 'doorward revocations' then"
               " perform pg_sleep({}); end if;")


def end_one(db, name="ann"):
    """Open a session and end it; its sid."""
    _, sid = db.open(name, os.urandom(8).hex())
    db.end(sid)
    return sid


@contextlib.contextmanager
def following(db):
    """`doorward revocations follow`, whose log is in follow.log."""
    log = f"{db.directory}/follow.log"
    with open(log, "w", encoding="utf-8") as f, \
            subprocess.Popen([COMMAND, "--config", db.conf, "revocations", "follow", "--every",
                              "1"], stderr=f) as follower:
        try:
            wait_for(lambda: os.path.exists(f"{db.directory}/revoked"))
            yield log
        finally:
            follower.terminate()


def wait_for(true, seconds=8):
    """Until it is."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def said(log, event):
    """Is it in the log?"""
    with open(log, encoding="utf-8") as f:
        return f"event={event}" in f.read()


def test_a_follower_whose_database_does_not_answer_keeps_nobody_from_writing(db):
    """It says so within a few seconds, and goes on when it is answered again."""
    db.add_user("ann")
    with following(db) as log:
        db.sql(LIST.format(before=IF_FOLLOWER.format(30), after=""))
        sid = end_one(db)
        time.sleep(0.3)  # the follower has been told, and waits for its answer
        start = time.monotonic()
        done = db.doorward("revocations", "publish")
        assert done.returncode == 0 and time.monotonic() - start < 1.5, done.stderr
        assert sid in records(f"{db.directory}/revoked")
        wait_for(lambda: said(log, "revocations_not_followed"))
        db.sql(LIST.format(before="", after=""))
        other = end_one(db)
        wait_for(lambda: other in records(f"{db.directory}/revoked"))
        wait_for(lambda: said(log, "revocations_followed_again"))


def test_an_older_answer_takes_nothing_out_of_the_file(db):
    """The follower asked before the session ended, and writes after."""
    db.add_user("ann")
    path = f"{db.directory}/revoked"
    with following(db):
        db.sql(LIST.format(before="", after=IF_FOLLOWER.format(1)))
        db.sql("select pg_notify('doorward_revocations', '')")
        time.sleep(0.4)
        sid = end_one(db)
        assert db.doorward("revocations", "publish").returncode == 0
        before = os.stat(path).st_ino
        wait_for(lambda: os.stat(path).st_ino != before)
        assert sid in records(path)


def test_of_many_writers_at_once_each_finds_its_own_in_the_file(db):
    """Each when its command is done."""
    db.add_user("ann")
    path = f"{db.directory}/revoked"

    def work(_):
        sid = end_one(db)
        done = db.doorward("revocations", "publish")
        return done.returncode, sid in records(path)

    assert in_parallel(8, work) == [(0, True)] * 8


def test_what_the_database_has_forgotten_stays_revoked(db):
    """A backup was restored. Until it has run out."""
    db.add_user("ann")
    sid = end_one(db)
    path = f"{db.directory}/revoked"
    assert db.doorward("revocations", "publish").returncode == 0
    db.sql("delete from doorward.revocations")
    other = end_one(db)
    assert db.doorward("revocations", "publish").returncode == 0
    assert set(records(path)) == {sid, other}
    revoked.write(path, {**records(path), sid: 1000000000})
    assert db.doorward("revocations", "publish").returncode == 0
    assert set(records(path)) == {other}


def test_only_the_file_that_changes_is_written(db):
    """Logouts are in the first one; what lives for longer than a login is in the second."""
    db.add_user("ann")
    first = f"{db.directory}/revoked"
    inodes = lambda: [os.stat(path).st_ino for path in (first, later_of(first))]  # noqa: E731
    assert db.doorward("revocations", "publish").returncode == 0
    before = inodes()
    db.open("ann", "refresh")
    assert db.doorward("session", "end", "--user", "ann").returncode == 0
    assert len(entries_of(first)) == 1 and not entries_of(later_of(first))
    after = inodes()
    assert after[0] != before[0] and after[1] == before[1]
    sid = str(uuid.uuid4())
    assert db.doorward("revocations", "add", sid).returncode == 0
    assert list(entries_of(later_of(first))) == [sid] and len(entries_of(first)) == 1
    assert inodes()[0] == after[0] and inodes()[1] != after[1]


def test_a_revocation_that_was_listed_long_ago_is_not_asked_for_again(db):
    """But by whoever asks for everything."""
    db.add_user("ann")
    path = f"{db.directory}/revoked"
    sid = end_one(db)
    assert db.doorward("revocations", "publish").returncode == 0
    os.unlink(path)
    os.unlink(later_of(path))
    db.sql("alter table doorward.revocations disable trigger revocations_listed")
    db.sql("update doorward.revocations set listed_at = now() - interval '2 hours'")
    db.sql("alter table doorward.revocations enable trigger revocations_listed")
    revoked.write(path, listed=int(time.time()))
    db.open("ann", "refresh")
    assert db.doorward("session", "end", "--user", "ann").returncode == 0
    assert sid not in records(path) and len(records(path)) == 1
    assert db.doorward("revocations", "publish").returncode == 0
    assert sid in records(path) and len(records(path)) == 2


def test_a_database_whose_clock_was_set_back_is_asked_for_everything(db):
    """Otherwise what ends from then on would look old."""
    db.add_user("ann")
    path = f"{db.directory}/revoked"
    revoked.write(path, listed=int(time.time()))
    db.move_clock(-3 * 3600)
    db.open("ann", "refresh")
    assert db.doorward("session", "end", "--user", "ann").returncode == 0
    assert len(records(path)) == 1


def test_a_file_of_an_earlier_version_becomes_two_with_all_that_it_lists(db):
    """At the first end of a session; what the database has forgotten stays revoked."""
    db.add_user("ann")
    path, until = f"{db.directory}/revoked", int(time.time()) + 600
    sids = sorted(str(uuid.uuid4()) for _ in range(2))
    head = f"doorward-revocations 1 {2:09d} {int(time.time()):012d}"
    revoked.put(path, f"{head:49}\n{sids[0]} {until:012d}\n{sids[1]} {until + 9999999:012d}\n")
    db.open("ann", "refresh")
    assert db.doorward("session", "end", "--user", "ann").returncode == 0
    assert len(entries_of(path)) == 2 and sids[0] in entries_of(path)
    assert list(entries_of(later_of(path))) == [sids[1]]


def test_a_new_site_gets_files_that_list_nobody_without_a_database(db):
    """Once."""
    path = f"{db.directory}/revoked"
    db.settings("host=/nowhere dbname=none")
    done = db.doorward("revocations", "publish", "--empty")
    assert (done.returncode, records(path)) == (0, {}), done.stderr
    done = db.doorward("revocations", "publish", "--empty")
    assert done.returncode == 1 and "is there already" in done.stderr


def test_a_file_that_cannot_be_read_for_the_moment_is_not_taken_for_an_empty_one(db):
    """It may hold what the database has forgotten. Reading this one is an I/O error."""
    path = f"{db.directory}/revoked"
    os.symlink("/proc/self/mem", path)
    done = db.doorward("revocations", "publish")
    assert done.returncode == 2 and "Input/output error" in done.stderr, done
    assert os.path.islink(path)
    os.unlink(path)
    assert db.doorward("revocations", "publish").returncode == 0


def test_a_file_that_cannot_be_read_is_made_anew(db):
    """From what the database lists."""
    db.add_user("ann")
    sid = end_one(db)
    path = f"{db.directory}/revoked"
    for broken in ("", "x" * 50, "doorward-revocations 1 000000009 001795464000   \n"):
        with open(path, "w", encoding="ascii") as f:
            f.write(broken)
        assert db.doorward("revocations", "publish").returncode == 0
        assert set(records(path)) == {sid}


def fill(sql, n):
    """So many sids, revoked in even steps over the last two hours."""
    sql("insert into doorward.revocations (sid, until) select gen_random_uuid(), now() +"
        f" make_interval(secs => {REACH} - 7200.0 * (i - 1) / {n}) from generate_series(1, {n}) i")


def test_status_warns_at_half_of_what_the_file_holds(db):
    """And the command's exit says so."""
    for n, warns in ((MAX // 2 - 1, False), (1, True)):
        fill(db.sql, n)
        assert db.doorward("revocations", "publish").returncode == 0
        assert ("more than half" in db.doorward("status").stdout) == warns


@pytest.mark.takes("the list has 335,000 rows")
def test_past_the_ceiling_logouts_go_on_and_nobody_is_logged_out(private_stack):
    """Tokens from before the older half's end are refused, and renewed."""
    stack = private_stack("apache", "fastcgi")
    path = f"{stack.directory}/run/revocations"
    fill(stack.sql, MAX)
    held = json_login(stack, "alice", PASSWORD).json()
    leaving = token(stack, "alice", PASSWORD)
    client, now = Client(stack), int(time.time())
    opens = lambda value: client.get("/protected", headers=bearer(value)).status_code  # noqa: E731
    old = tokens.make(stack, sid=str(uuid.uuid4()), auth_time=now - 6000, iat=now - 6000,
                      exp=now + 600)
    longer = tokens.make(stack, sid=str(uuid.uuid4()), iat=now - 6000, exp=now + 10 * 86400)
    assert opens(old) == 200
    assert client.post("/login/logout", headers=bearer(leaving)).status_code == 204
    listed = records(path)
    assert FLOOR in listed and MAX // 2 - 100 <= len(listed) <= MAX // 2 + 2
    assert now - 4000 < listed[FLOOR] < now - 2000
    assert [opens(value) for value in (leaving, old)] == [401, 401]
    assert [opens(value) for value in (held["token"], longer)] == [200, 200]
    renewed = client.post("/login/refresh", json={"refresh_token": held["refresh_token"]})
    assert client.post("/login/logout", headers=bearer(renewed.json()["token"])).status_code == 204
    assert [opens(value) for value in (held["token"], longer)] == [401, 200]
    assert len(records(path)) <= MAX // 2 + 3
