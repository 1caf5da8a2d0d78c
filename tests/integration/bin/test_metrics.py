"""doorward metrics, as Prometheus' own parser reads it, and what the audit is asked for."""

import json
import os
import stat

import pytest
from prometheus_client.parser import text_string_to_metric_families

from database import in_parallel


def read(text):
    """{(name, labels): value} of what Prometheus' parser makes of it; each family has a help."""
    families = list(text_string_to_metric_families(text))
    assert all(family.documentation and family.type in ("gauge", "counter") for family in families)
    assert len({family.name for family in families}) == len(families)
    return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in families for sample in family.samples}


def figures(db, status=0):
    """The same of what the command prints."""
    done = db.doorward("metrics")
    assert done.returncode == status, done.stderr
    return read(done.stdout)


def logins(db):
    """{outcome: number}"""
    return {dict(labels)["outcome"]: value for (name, labels), value in figures(db).items()
            if name == "doorward_logins_total"}


@pytest.fixture(autouse=True)
def _file(db):
    db.doorward("revocations", "publish")


def later(db):
    """Past the ten seconds in which rows are not counted yet."""
    db.move_clock(20)


def test_prometheus_parser_reads_every_figure(db):
    db.add_user("ann")
    db.add_user("bob")
    db.begin("ann")
    db.open("ann", "a0")
    db.doorward("user", "disable", "bob")
    while db.begin("ann")[0] == 0:
        pass
    later(db)
    said = figures(db)
    assert said[("doorward_database_up", ())] == 1
    assert said[("doorward_users", (("state", "enabled"),))] == 1
    assert said[("doorward_users", (("state", "disabled"),))] == 1
    assert said[("doorward_sessions", ())] == 1
    assert said[("doorward_throttled_accounts", ())] == 1
    assert said[("doorward_program_tokens", ())] == 0
    assert said[("doorward_oauth_clients", ())] == said[("doorward_oauth_requests", ())] == 0
    assert said[("doorward_oauth_grants", (("kind", "session"),))] == 0
    assert said[("doorward_oauth_grants", (("kind", "offline"),))] == 0
    assert said[("doorward_logins_total", (("outcome", "ok"),))] == 1
    assert said[("doorward_logins_total", (("outcome", "throttled"),))] == 1
    assert said[("doorward_audit_events_total", (("event", "user_disabled"),))] == 1
    assert said[("doorward_outbox_mails", (("state", "waiting"),))] == 0
    assert said[("doorward_revocation_file_entries", ())] == 0
    assert {name for name, _ in said} >= {
        "doorward_build_info", "doorward_revocations", "doorward_outbox_requests",
        "doorward_outbox_late_seconds", "doorward_revocation_file_age_seconds"}


def test_counters_only_grow_and_count_each_login_once(db):
    db.add_user("ann")
    for i in range(3):
        db.open("ann", f"a{i}")
    assert logins(db)["ok"] == 0  # not counted yet: another login may be older
    later(db)
    assert logins(db) == {"ok": 3, "failed": 0, "throttled": 0, "too_often": 0}
    assert logins(db)["ok"] == 3
    db.open("ann", "b0")
    db.move_clock(40)
    assert logins(db)["ok"] == 4
    db.move_clock(3 * 86400)
    done = db.doorward("db", "tidy", "--audit-days", "1")
    assert done.returncode == 0, done.stderr
    assert db.one("select count(*) from doorward.audit where event = 'login_ok'") == 0
    assert logins(db)["ok"] == 4


def test_two_calls_at_once_count_nothing_twice(db):
    db.add_user("ann")
    for i in range(20):
        db.open("ann", f"a{i}")
    later(db)
    said = in_parallel(4, lambda i: db.doorward("metrics").stdout)
    assert all(read(text)[("doorward_logins_total", (("outcome", "ok"),))] == 20 for text in said)
    assert logins(db)["ok"] == 20


def test_a_key_has_its_age_and_what_it_does(db):
    with open(db.conf, "a", encoding="utf-8") as f:
        f.write("signing_keys = keys\nverifying_keys = jwks.json\n")
    done = db.doorward("key", "new")
    assert done.returncode == 0, done.stderr
    kid = done.stdout.strip()
    [(labels, age)] = [(dict(labels), value) for (name, labels), value in figures(db).items()
                       if name == "doorward_key_age_seconds"]
    assert labels == {"alg": "ES256", "kid": kid, "state": "signing"} and 0 <= age < 60


def test_a_file_is_replaced_whole_and_may_be_read_by_others(db, tmp_path):
    path = tmp_path / "doorward.prom"
    path.write_text("old\n")
    done = db.doorward("metrics", "--out", str(path))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert read(path.read_text())[("doorward_database_up", ())] == 1
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o644
    assert [entry for entry in os.listdir(tmp_path) if entry.startswith(".")] == []
    done = db.doorward("metrics", "--out", str(tmp_path / "none" / "x.prom"))
    assert done.returncode == 2 and "none" in done.stderr


def test_a_database_that_is_away_is_a_figure(db, tmp_path):
    path = tmp_path / "doorward.prom"
    with open(db.conf, encoding="utf-8") as f:
        text = f.read()
    with open(db.conf, "w", encoding="utf-8") as f:
        f.write(text.replace(f"dbname={db.name} user=doorward\n", "dbname=away user=doorward\n"))
    done = db.doorward("metrics", "--out", str(path))
    assert done.returncode == 1 and "the database: " in done.stderr
    said = read(path.read_text())
    assert said[("doorward_database_up", ())] == 0
    assert not any(name == "doorward_sessions" for name, _ in said)
    assert ("doorward_revocation_file_entries", ()) in said


def test_a_missing_revocation_file_is_said(db):
    os.unlink(os.path.join(os.path.dirname(db.conf), "revoked"))
    said = figures(db, status=1)
    assert ("doorward_database_up", ()) in said
    assert not any(name.startswith("doorward_revocation_file") for name, _ in said)


def test_metrics_takes_no_operands(db):
    assert db.doorward("metrics", "x").returncode == 2


# ---- audit ----

def rows(db, *argv):
    """The events, oldest first."""
    done = db.doorward("audit", "--json", *argv)
    assert done.returncode == 0, done.stderr
    return [json.loads(line)["event"] for line in reversed(done.stdout.splitlines())]


def test_audit_shows_only_the_events_that_are_asked_for(db):
    db.add_user("ann")
    db.doorward("user", "disable", "ann")
    db.doorward("user", "enable", "ann")
    assert rows(db, "--event", "user_disabled") == ["user_disabled"]
    assert rows(db, "--event", "user_enabled", "--event", "user_added") == ["user_added",
                                                                           "user_enabled"]
    assert rows(db, "--event", "user_added", "--user", "bob") == []
    assert rows(db, "--event", "nothing_of_the_kind") == []
    for wrong in ("", "Login OK", "x" * 65, "a'b"):
        done = db.doorward("audit", "--event", wrong)
        assert done.returncode == 2 and "the name of an event is wanted" in done.stderr


def test_audit_ends_where_it_is_told(db):
    for days in (10, 5, 0):
        db.move_clock(-days * 86400)
        db.add_user(f"user{days}")
    added = ("--event", "user_added")
    assert len(rows(db, *added, "--until", "7d")) == 1
    assert len(rows(db, *added, "--until", "3d")) == 2
    assert len(rows(db, *added, "--since", "7d", "--until", "3d")) == 1
    assert len(rows(db, *added, "--until", "2020-01-01")) == 0
    [(first, last)] = db.sql("select to_char(min(at) at time zone 'UTC', 'YYYY-MM-DD'),"
                             " to_char(max(at) at time zone 'UTC', 'YYYY-MM-DD')"
                             " from doorward.audit where event = 'user_added'")
    assert len(rows(db, *added, "--until", last)) == 3  # the day itself, to its end
    assert len(rows(db, *added, "--until", first)) == 1
    assert len(rows(db, *added, "--since", first, "--until", first)) == 1
    assert len(rows(db, *added, "--until", f"{first}T00:00")) == 0
    for wrong in ("tomorrow", "7", "2020-13-01", "2020-01-01T25:00", ""):
        done = db.doorward("audit", "--until", wrong)
        assert done.returncode == 2 and f"--until {wrong}: 30m" in done.stderr
    done = db.doorward("audit", "--since", "3d", "--until", "7d")
    assert done.returncode == 2 and "--until 7d is not after --since 3d" in done.stderr


def test_audit_rows_are_kept_for_a_year_or_as_tidy_is_told(db):
    for days in (400, 200, 20):
        db.move_clock(-days * 86400)
        db.add_user(f"user{days}")
    db.move_clock(0)
    added = ("--event", "user_added")
    assert len(rows(db, *added)) == 3
    db.doorward("db", "tidy")
    assert len(rows(db, *added)) == 2
    db.doorward("db", "tidy", "--audit-days", "30")
    assert len(rows(db, *added)) == 1
    assert rows(db, "--event", "tidied") == ["tidied", "tidied"]
