"""A statement for which nobody waits is stopped: by the time, or because a request waits."""

import subprocess
import threading

import pytest

from database import TREE


@pytest.fixture(scope="module", name="program")
def _program(tmp_path_factory):
    program = str(tmp_path_factory.mktemp("probe") / "stop_probe")
    subprocess.run(["cc", "-std=c11", "-D_GNU_SOURCE", f"-I{TREE}/lib", "-Wall", "-Werror",
                    "-o", program, f"{TREE}/tests/support/stop_probe.c",
                    f"{TREE}/build/libauth.a", "-lpq", "-lsodium", "-lcrypt", "-lzxcvbn",
                    "-ljansson", "-lcrypto", "-lm"], check=True)
    return program


def run(program, db, most_ms, looks, sql, *unconnected):
    """(milliseconds, what became of it, what another statement said on that connection)."""
    done = subprocess.run([program, f"host={db.server.socket} dbname={db.name} user=doorward_login",
                           str(most_ms), str(looks), sql, *unconnected], text=True, capture_output=True,
                          check=True, timeout=30)
    first, then = done.stdout.splitlines()
    return (int(first.split()[0]), first.split()[1], then)


def test_it_is_stopped_after_its_time_or_when_it_is_wanted_and_the_connection_stays(program, db):
    sleep = "select pg_backend_pid()::text from pg_sleep(2)"
    for most_ms, looks in ((50, 1000), (1900, 3)):
        ms, outcome, then = run(program, db, most_ms, looks, sleep)
        assert outcome == "stopped" and ms < 1500
        assert then.isdigit()


def test_what_was_not_stopped_has_its_value_and_its_own_errors(program, db):
    pid = "select pg_backend_pid()::text"
    _, outcome, then = run(program, db, 2000, 1000, pid)
    assert outcome == then  # on one connection
    assert run(program, db, 2000, 1000, "select 1 / 0")[1] == "error"


def test_nothing_is_done_by_a_statement_that_was_stopped(program, db):
    db.sql("create function public.slow() returns text language plpgsql security definer as"
           " $$ begin insert into doorward.audit (at, event) values (now(), 'half');"
           " perform pg_sleep(2); return ''; end $$")
    assert run(program, db, 50, 1000, "select public.slow()")[1] == "stopped"
    assert db.one("select count(*) from doorward.audit where event = 'half'") == 0


def test_a_connection_that_was_begun_is_finished_for_the_request_that_waits(program, db):
    lock = db.connect()
    lock.cursor().execute("begin; lock table doorward.schema_functions")
    threading.Timer(0.3, lock.close).start()
    _, outcome, then = run(program, db, 0, 0, "select pg_sleep(2)", "unconnected")
    assert outcome == "stopped"
    assert then.isdigit()  # not «away a moment ago»
