"""Upkeep in steps: what a step deletes, how much at most, and how long that takes."""

import time

import psycopg2
import psycopg2.errors
import pytest

PROGRAMS = ("login", "account", "webadmin")


def step(db, role="doorward_login"):
    """One step; the seconds until the next, 0 for at once, None while another is at it."""
    return db.one("select doorward.upkeep_step()", role=role)


def a_pass(db):
    """Steps until nothing is left; how many."""
    for n in range(1, 2000):
        if step(db) != 0:
            return n
    raise AssertionError("a pass without an end")


def count(db, table):
    """How many rows the table has."""
    return db.one(f"select count(*) from doorward.{table}")


def old_audit(db, rows):
    """That many rows of the audit, two years old."""
    db.sql("insert into doorward.audit (at, event) select now() - interval '2 years', 'login_ok'"
           " from generate_series(1, %s)", rows)


def dead_sessions(db, user, rows, tokens=2):
    """That many sessions which ended a year ago, each with refresh tokens."""
    db.sql("with s as (insert into doorward.sessions (user_id, browser, remember, opened_at,"
           " auth_time, amr, password_version, device_version, used_at, idle, ends_at)"
           " select %s, true, false, t, t, '{pwd}', 1, 1, t, '1 day', t + interval '1 day'"
           " from generate_series(1, %s), (select now() - interval '1 year' t) x returning id)"
           " insert into doorward.refresh_tokens (hash, session_id)"
           " select sha256((s.id || k::text)::bytea), s.id from s, generate_series(1, %s) k",
           user, rows, tokens)


@pytest.mark.takes("tables of 60,000 rows are filled")
def test_a_step_of_a_large_table_deletes_at_most_500_rows_and_is_short(db):
    """Some steps may be slower, because others use the machine: the program stops those."""
    dead_sessions(db, db.add_user("ann"), 20_000)
    old_audit(db, 5000)
    db.sql("vacuum analyze")
    cursor = db.connect("doorward_login").cursor()
    tables = ("refresh_tokens", "sessions", "audit")
    left, times = sum(count(db, t) for t in tables), []
    for _ in range(30):
        start = time.monotonic()
        cursor.execute("select doorward.upkeep_step()")
        times.append(time.monotonic() - start)
        assert cursor.fetchone() == (0,)
        now = sum(count(db, t) for t in tables)
        assert 0 < left - now <= 500
        left = now
    assert sorted(times)[len(times) // 2] < 0.05
    db.sql("update doorward.sessions set ends_at = now() + interval '1 year', used_at = now(),"
           " idle = '1 year'")
    living = count(db, "sessions")
    db.sql("vacuum full analyze doorward.sessions")
    times = []
    while True:
        start = time.monotonic()
        waits = step(db)
        times.append(time.monotonic() - start)
        if waits != 0:
            break
    assert waits == 3600 and len(times) > 5 and count(db, "sessions") == living
    assert sorted(times)[len(times) // 2] < 0.05


def fill_oauth(db, user):
    """Rows of the OpenID provider that are over."""
    ago = "now() - interval '60 days'"
    db.sql("insert into doorward.oauth_clients values ('app', 'App', '{}', '{}', 'none', '{openid}',"
           " null, '{}', '{}', 'ask', true, 'RS256', false, now(), now()) on conflict do nothing")
    db.sql(f"insert into doorward.oauth_secrets values (sha256('x'), 'app', {ago}, {ago})")
    db.sql("insert into doorward.oauth_requests values (gen_random_uuid(), sha256('x'), 'app', 'x',"
           f" 'x', null, null, false, {ago}, {ago})")
    grant = db.one("insert into doorward.oauth_grants (client_id, user_id, session_id, offline, scopes,"
                   " auth_time, amr, created_at, used_at, ends_at) values ('app', %s,"
                   f" gen_random_uuid(), true, '{{openid}}', {ago}, '{{pwd}}', {ago}, {ago}, {ago})"
                   " returning id", user)
    db.sql("insert into doorward.oauth_codes values (sha256('x'), %s, 'x', null,"
           f" {ago})", grant)
    db.sql("insert into doorward.oauth_refresh_tokens values (sha256('x'), %s)", grant)


def test_steps_end_with_the_same_rows_as_tidy(db):
    user = db.add_user("ann")
    kinds = [what for what, in db.sql("select what from doorward.upkeep_kinds() order by place")]

    def fill():
        dead_sessions(db, user, 40)
        old_audit(db, 30)
        db.sql("insert into doorward.revocations select gen_random_uuid(), now() - interval '1 s'"
               " from generate_series(1, 5)")
        db.sql("insert into doorward.names_given_up select sha256(n::text::bytea),"
               " now() - interval '1 s' from generate_series(1, 5) n")
        db.sql("insert into doorward.links (kind, hash, data, created_at, ends_at, uses_left)"
               " select 'invite', sha256(n::text::bytea), '{}', now() - interval '90 days',"
               " now() - interval '80 days', 1 from generate_series(1, 5) n")
        db.sql("insert into doorward.outbox (template, recipient, link_id, created_at, due_at)"
               " select 'invite', 'a@example.org', id, created_at, created_at from doorward.links")
        db.sql("insert into doorward.requests (request, sealed, created_at)"
               " values ('forgot', 'x', now() - interval '3 days')")
        db.sql("insert into doorward.mailboxes values ('forgot', sha256('x'),"
               " array[now() - interval '2 hours'])")
        db.sql("insert into doorward.challenges_used values (decode(repeat('00', 16), 'hex'),"
               " now() - interval '1 s')")
        db.sql("insert into doorward.attempts (bucket, level, at)"
               " values ('name:x', 1, now() - interval '1 year')")
        db.sql("insert into doorward.programs (id, user_id, label, roles, created_at, expires_at)"
               " values (gen_random_uuid(), %s, 'x', '{}', now() - interval '60 days',"
               " now() - interval '31 days')", user)
        db.sql("insert into doorward.trusted values (%s, sha256('x'), 1, now() - interval '1 s')",
               user)
        fill_oauth(db, user)
    fill()
    told = dict(db.sql("select * from doorward.tidy(null, null, 'test')"))
    assert list(told) == kinds
    assert {what for what, rows in told.items() if rows == 0} == {"setups", "flows"}
    left = {what: count(db, what) for what in kinds}
    fill()
    db.sql("update doorward.upkeep set tidied_at = null")
    a_pass(db)
    assert {what: count(db, what) for what in kinds if what != "audit"} == {
        what: n for what, n in left.items() if what != "audit"}
    assert db.one("select count(*) from doorward.audit where event = 'login_ok'") == 0


def test_nothing_is_deleted_by_a_cascade(db):
    dead_sessions(db, db.add_user("ann"), 3, tokens=600)

    def left():
        return count(db, "refresh_tokens") + count(db, "sessions")
    before = left()
    while step(db) == 0:
        assert before - left() <= 500
        before = left()
    assert left() == 0 and before <= 500


def test_two_steps_are_never_done_at_once_nor_beside_tidy(db):
    old_audit(db, 2000)
    connection = db.connect()
    connection.autocommit = False
    connection.cursor().execute("select doorward.upkeep_step()")
    for program in PROGRAMS:
        assert step(db, f"doorward_{program}") is None
    connection.rollback()
    connection.cursor().execute("select doorward.tidy(null, null, 'test')")
    assert step(db) is None
    connection.rollback()
    assert step(db) == 0
    assert count(db, "audit") >= 1500  # nobody else has deleted any


def test_a_pass_begins_an_hour_after_the_last_one_and_not_before(db):
    db.stop_clock()
    while step(db) == 0:
        pass
    assert step(db) == 3600
    old_audit(db, 1)
    db.move_clock(1800)
    assert 1790 < step(db) <= 1802
    assert db.one("select count(*) from doorward.audit where event = 'login_ok'") == 1
    db.move_clock(3700)
    a_pass(db)
    assert db.one("select count(*) from doorward.audit where event = 'login_ok'") == 0


def test_a_clock_that_was_set_back_does_not_stop_the_upkeep(db):
    db.move_clock(10 * 365 * 86400)
    a_pass(db)
    db.move_clock(0)
    old_audit(db, 1)
    a_pass(db)
    assert db.one("select count(*) from doorward.audit where event = 'login_ok'") == 0


def test_a_row_that_somebody_holds_is_left_for_the_next_pass(db):
    user = db.add_user("ann")
    dead_sessions(db, user, 2, tokens=0)
    connection = db.connect()
    connection.autocommit = False
    connection.cursor().execute("select id from doorward.sessions limit 1 for update")
    a_pass(db)
    assert count(db, "sessions") == 1
    connection.rollback()
    db.move_clock(3700)
    a_pass(db)
    assert count(db, "sessions") == 0


def test_deleted_rows_of_the_audit_are_recorded_once_a_day(db):
    def recorded():
        return db.sql("select actor, detail from doorward.audit where event = 'tidied' order by id")
    old_audit(db, 7)
    a_pass(db)
    assert recorded() == [("upkeep", "audit_days=365 session_days=30 audit=7")]
    for hour in range(1, 4):
        old_audit(db, 2)
        db.move_clock(hour * 3700)
        a_pass(db)
    assert len(recorded()) == 1
    db.move_clock(90_000)
    a_pass(db)
    assert recorded()[1:] == [("upkeep", "audit_days=365 session_days=30 audit=6")]


# ---- who may ----

def test_programs_do_steps_and_read_no_table(db):
    for program in PROGRAMS:
        assert step(db, f"doorward_{program}") is not None
        for table in ("upkeep", "retention", "audit"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                db.sql(f"select * from doorward.{table}", role=f"doorward_{program}")


def test_no_program_shortens_what_is_kept(db):
    for call in ("retention_set(1, 1, 1, 'x')", "tidy(1, 1, 'x')", "upkeep_delete('audit', 'true',"
                 " row(true, 1, 1, 1)::doorward.retention, 0, 9, null)"):
        for program in PROGRAMS:
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                db.sql(f"select doorward.{call}", role=f"doorward_{program}")
    assert db.sql("select * from doorward.door where function in ('retention_set',"
                  " 'upkeep_delete', 'upkeep_pass_end')") == []


def test_a_program_other_than_login_cannot_claim_to_have_rotated_keys(db):
    db.sql("select doorward.upkeep_keys('made=x', true)", role="doorward_login")
    assert db.one("select actor from doorward.audit where event = 'keys_rotated'") == "upkeep"
    for program in ("account", "webadmin"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            db.sql("select doorward.upkeep_keys('made=x', true)", role=f"doorward_{program}")


def test_a_rotation_that_is_not_complete_is_recorded_and_not_taken_as_done(db):
    db.sql("select doorward.upkeep_keys('made=x', false)", role="doorward_login")
    assert db.one("select keys_at from doorward.upkeep_last()") is None
    assert db.one("select detail from doorward.audit where event = 'keys_rotated'") == "made=x"


# ---- the retention ----

def test_retention_is_shown_and_set_and_both_ways_obey_it(db):
    shown = db.doorward("db", "retention", "--json")
    assert shown.stdout == '{"audit_days":365,"session_days":30,"link_days":30}\n'
    done = db.doorward("db", "retention", "--audit-days", "90", "--link-days", "7")
    assert done.returncode == 0, done.stderr
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [
        ["audit_days", "90"], ["session_days", "30"], ["link_days", "7"]]
    [(actor, detail)] = db.sql("select actor, detail from doorward.audit"
                               " where event = 'retention_set'")
    assert actor.startswith("operator:")
    assert detail == "audit_days=90 session_days=30 link_days=7"
    for way in (lambda: a_pass(db), lambda: db.doorward("db", "tidy")):
        db.sql("insert into doorward.audit (at, event) values (now() - interval '80 days', 'kept'),"
               " (now() - interval '91 days', 'gone')")
        db.sql("update doorward.upkeep set tidied_at = null")
        way()
        assert db.one("select count(*) from doorward.audit where event = 'gone'") == 0
    assert db.one("select count(*) from doorward.audit where event = 'kept'") == 2


def test_a_retention_that_is_no_number_of_days_is_refused_and_nothing_changes(db):
    for days in ("0", "-1", "36501", "x", "1.5", ""):
        done = db.doorward("db", "retention", "--session-days", "5", "--audit-days", days)
        assert done.returncode == 2
        assert "a number of days from 1 to 36500 is wanted" in done.stderr
    assert db.sql("select session_days, audit_days from doorward.retention") == [(30, 365)]


def test_days_for_tidy_count_for_that_call_only(db):
    old_audit(db, 1)
    db.sql("insert into doorward.audit (at, event) values (now() - interval '80 days', 'kept')")
    assert db.doorward("db", "tidy", "--audit-days", "800").returncode == 0
    assert db.one("select count(*) from doorward.audit where event = 'login_ok'") == 1
    db.doorward("db", "tidy")
    assert db.one("select count(*) from doorward.audit where event = 'login_ok'") == 0
    assert db.one("select count(*) from doorward.audit where event = 'kept'") == 1


# ---- status and config check ----

def test_status_says_when_upkeep_was_last_done_and_is_bad_after_two_days_without_it(db):
    def line():
        return next(line for line in db.doorward("status").stdout.splitlines()
                    if line.startswith("upkeep"))
    assert line().split() == ("upkeep ok by a timer; what is over was deleted never, keys were looked"
                              " after never").split()
    db.doorward("db", "tidy")
    db.sql("select doorward.upkeep_keys(null, true)")
    assert "what is over was deleted 0 minutes ago, keys were looked after 0 minutes ago" in line()
    db.sql("update doorward.upkeep set tidied_at = now() - interval '47 hours'")
    assert "ok" in line() and "deleted 47 hours ago" in line()
    db.sql("update doorward.upkeep set tidied_at = now() - interval '3 days'")
    assert line().endswith("; nobody runs `doorward db tidy`") and "BAD" in line()
    assert db.doorward("status").returncode == 1


def test_config_check_warns_after_two_days_without_upkeep_by_a_timer_only(db):
    def warnings(**settings):
        with open(db.conf, "a", encoding="utf-8") as f:
            f.writelines(f"{name} = {value}\n" for name, value in settings.items())
        return [line for line in db.doorward("config", "check").stderr.splitlines()
                + db.doorward("config", "check").stdout.splitlines() if "upkeep" in line]
    assert warnings() == []
    db.sql("update doorward.upkeep set since = now() - interval '3 days'")
    assert any("for 3 days nobody has run `doorward db tidy`; a timer should, or upkeep = program"
               in line for line in warnings())
    db.doorward("db", "tidy")
    assert warnings() == []
    db.sql("update doorward.upkeep set tidied_at = now() - interval '9 days'")
    assert warnings() != []
    assert warnings(upkeep="program") == []
