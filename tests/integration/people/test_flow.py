"""A login by name and password in the library alone: outcomes, hashes, slots, a lost database."""

import fcntl
import os
import signal
import subprocess
import time

import psycopg2
import pytest

from database import PASSWORD, TREE, in_parallel

BCRYPT = "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i"  # 72 times x
SHA512 = ("$6$saltsalt$rVIyJtXnL0mXUCLepstXWqeOv9JVyd7nOH8wn0BvOU5lCiAviUJLxXZ5CkPgq6XNTHV22yG4mV0"
          "IO9gqPL5WQ.")  # pässword


@pytest.fixture(scope="module", name="program")
def _program(tmp_path_factory):
    """The probe, built against the library."""
    program = str(tmp_path_factory.mktemp("probe") / "login_probe")
    subprocess.run(["cc", "-std=c11", "-D_GNU_SOURCE", f"-I{TREE}/lib", "-Wall", "-Werror",
                    "-o", program, f"{TREE}/tests/support/login_probe.c",
                    f"{TREE}/build/libauth.a", "-lpq", "-lsodium", "-lcrypt", "-lzxcvbn",
                    "-ljansson", "-lcrypto", "-lm"], check=True)
    return program


class Outcome:  # pylint: disable=too-few-public-methods
    """One line of the probe."""

    def __init__(self, line):
        (self.outcome, self.reason, wait, hashes, self.refresh, self.device, self.sid,
         milliseconds) = line.split("\t")
        self.wait, self.hashes, self.milliseconds = int(wait), int(hashes), int(milliseconds)


class Probe:
    """The probe on one database, as the login program's role."""

    def __init__(self, program, db):
        self.program, self.db = program, db
        self.state = f"{db.directory}/state"
        os.makedirs(self.state, 0o700, exist_ok=True)
        self.conninfo = f"host={db.server.socket} dbname={db.name} user=doorward_login"

    def start(self, *options):
        """A process that tries what it is told."""
        return subprocess.Popen([self.program, *options, self.state, self.conninfo], text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def tries(self, *lines, options=()):
        """Try each (name, password, address, device, replaces); their outcomes."""
        process = self.start(*options)
        text = "".join("\t".join(line) + "\n" for line in lines)
        out, _ = process.communicate(text, timeout=60)
        return [Outcome(line) for line in out.splitlines()]

    def one(self, *line, options=()):
        """The outcome of one try."""
        [outcome] = self.tries(line, options=options)
        return outcome


@pytest.fixture(name="probe")
def _probe(program, db):
    done = db.doorward("user", "add", "Ann", "--role", "member", "--password-stdin",
                       stdin=PASSWORD)
    assert done.returncode == 0, done.stderr
    return Probe(program, db)


def test_the_right_password_opens_a_session(probe, db):
    """By any form of the name; with tokens of which only hashes are stored."""
    outcome = probe.one("ANN ", PASSWORD, "192.0.2.1")
    assert outcome.outcome == "allowed"
    assert outcome.refresh.startswith("dwr_") and outcome.device.startswith("dwd_")
    stored = db.sql("select t::text from doorward.refresh_tokens t"
                    " union all select s::text from doorward.sessions s")
    assert len(stored) == 2
    for secret in (outcome.refresh, outcome.device):
        assert not any(secret in row or secret[4:] in row for (row,) in stored)
    again = probe.one("ann", PASSWORD, "192.0.2.1", outcome.device)
    assert again.outcome == "allowed" and again.device.startswith("dwd_")
    assert again.sid != outcome.sid and again.refresh != outcome.refresh


@pytest.mark.parametrize("name,password,reason", [
    ("ann", "wrong", "password"), ("ann", PASSWORD + " ", "password"), ("ann", "", "password"),
    ("ann", PASSWORD + "\\0", "password"), ("ann", "x" * 5000, "password"),
    ("ann", PASSWORD + "\udcff", "password"),
    ("nobody", PASSWORD, "unknown"), ("", PASSWORD, "unknown"), ("x" * 10000, PASSWORD, "unknown"),
    ("ann\\0", PASSWORD, "unknown"), ("an\udcffn", PASSWORD, "unknown"),
    ("'; drop table doorward.users; --", PASSWORD, "unknown"), ("%", PASSWORD, "unknown"),
])
def test_a_refusal_costs_exactly_one_hash(probe, db, name, password, reason):
    """Whoever the name belongs to, whatever is wrong; and stores no session."""
    process = probe.start()
    out, _ = process.communicate(f"{name}\t{password}\t192.0.2.1\n")
    outcome = Outcome(out.rstrip("\n"))
    assert (outcome.outcome, outcome.reason, outcome.hashes) == ("refused", reason, 1)
    assert outcome.refresh == outcome.device == outcome.sid == ""
    assert db.one("select count(*) from doorward.sessions") == 0
    assert db.one("select detail from doorward.audit where event = 'login_failed'") == reason


@pytest.fixture(autouse=True)
def _bytes_as_they_are(monkeypatch):
    """Python writes what is not UTF-8 as it came."""
    real = subprocess.Popen

    def popen(*argv, **options):
        if options.get("text"):
            options.setdefault("errors", "surrogateescape")
        return real(*argv, **options)
    monkeypatch.setattr(subprocess, "Popen", popen)


def test_who_is_disabled_or_has_no_password_stays_out(probe, db):
    """With the same single hash."""
    db.doorward("user", "disable", "ann")
    db.doorward("user", "add", "bob", "--no-password")
    db.add_user("carl", password_hash="$1$old$5f4dcc3b5aa765d61d8327deb882cf99")
    found = probe.tries(("ann", PASSWORD, ""), ("bob", PASSWORD, ""), ("bob", "", ""),
                        ("carl", "password", ""))
    assert [(o.outcome, o.reason, o.hashes) for o in found] == [
        ("refused", "disabled", 1), ("refused", "no_password", 1), ("refused", "no_password", 1),
        ("refused", "unsupported_hash", 1)]


def test_older_hashes_are_upgraded_at_the_next_login(probe, db):
    """And only then; the upgraded one lets in as well."""
    db.add_user("dora", password_hash=SHA512)
    assert probe.one("dora", "wrong", "").outcome == "refused"
    assert db.one("select password_hash from doorward.users where name='dora'") == SHA512
    first, second = probe.tries(("dora", "pässword", ""), ("dora", "pässword", ""))
    assert first.outcome == second.outcome == "allowed"
    assert (first.hashes, second.hashes) == (2, 1)
    assert db.one("select password_hash from doorward.users where name='dora'").startswith(
        "$argon2id$v=19$m=1024,t=1,p=1$")
    assert db.one("select password_version from doorward.users where name='dora'") == 1


def test_bcrypt_never_cuts_a_password(probe, db):
    """Seventy-two bytes are all it sees, so more are refused."""
    db.add_user("emil", password_hash=BCRYPT)
    assert probe.one("emil", "x" * 73, "").outcome == "refused"
    assert probe.one("emil", "x" * 72, "").outcome == "allowed"
    assert probe.one("emil", "x" * 73, "").outcome == "refused"  # upgraded: now as it is


@pytest.mark.parametrize("password,outcome", [(PASSWORD, "allowed"), ("wrong", "refused")])
def test_a_flow_goes_on_after_it_was_written_down(probe, password, outcome):
    """It is plain data: nothing of the request that proved the password is needed to open."""
    first = probe.one("ann", password, "192.0.2.1", options=("-k",))
    assert (first.outcome, first.hashes) == (outcome, 1)
    second = probe.one("ann", password, "192.0.2.1", first.device, first.refresh, options=("-k",))
    assert (second.outcome, second.hashes) == (outcome, 1)


def test_a_kept_flow_renews_hash_device_and_session(probe, db):
    """All that a login does beside opening, after the flow was written down."""
    db.add_user("dora", password_hash=SHA512)
    first = probe.one("dora", "pässword", "192.0.2.1", options=("-k",))
    assert probe.one("dora", "pässword", "192.0.2.1", first.device, first.refresh,
                     options=("-k",)).outcome == "allowed"
    assert db.one("select password_hash from doorward.users where name='dora'").startswith("$argon2id$")
    assert db.one("select end_reason from doorward.sessions where sid = %s", first.sid) == "replaced"
    assert db.one("select sum(level) from doorward.attempts") == 0  # the tries were taken back


@pytest.mark.parametrize("steps", ["o", "oo", "op", "ppo", "poo", "pp"])
@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_a_flow_out_of_order_is_refused(probe, db, steps, password):
    """A session needs its proofs, other proofs are refused, and nothing is accepted twice."""
    outcome = probe.one("ann", password, "192.0.2.1", options=("-o", steps))
    assert outcome.outcome.startswith("error malformed"), outcome.outcome
    opened = 1 if steps == "poo" and password == PASSWORD else 0
    assert db.one("select count(*) from doorward.sessions") == opened
    assert outcome.sid == outcome.refresh == outcome.device == ""
    assert outcome.hashes == (1 if steps.startswith("p") else 0)


def test_a_proof_alone_opens_nothing(probe, db):
    """The flow is proven, and that is all."""
    outcome = probe.one("ann", PASSWORD, "192.0.2.1", options=("-o", "p"))
    assert (outcome.outcome, outcome.sid) == ("proven", "")
    assert db.one("select count(*) from doorward.sessions") == 0


def test_a_throttled_try_computes_nothing(probe):
    """Not even for the right password."""
    tries = probe.tries(*[("ann", "wrong", "192.0.2.1")] * 12, ("ann", PASSWORD, "192.0.2.1"))
    assert [t.outcome for t in tries[:10]] == ["refused"] * 10
    for late in tries[-2:]:
        assert late.outcome == "throttled" and late.hashes == 0 and late.wait > 0


def test_the_owners_device_gets_in_past_a_guesser(probe):
    """It has tries of its own."""
    device = probe.one("ann", PASSWORD, "192.0.2.1").device
    probe.tries(*[("ann", "wrong", "192.0.2.1")] * 30)
    assert probe.one("ann", PASSWORD, "192.0.2.1", "").outcome == "throttled"
    assert probe.one("ann", PASSWORD, "192.0.2.1", device).outcome == "allowed"
    for other in ("dwd_" + "A" * 102, device[:-1], device[:-8] + "AAAAAAAA", device.upper()):
        assert probe.one("ann", PASSWORD, "192.0.2.1", other).outcome == "throttled"


def test_a_device_keeps_its_tries_when_its_secret_is_renewed(probe):
    """A login gives another secret, and both count in one bucket."""
    first = probe.one("ann", PASSWORD, "192.0.2.1").device
    second = probe.one("ann", PASSWORD, "192.0.2.1", first).device
    tries = probe.tries(*[("ann", "wrong", "192.0.2.1", device)
                          for device in (first, second) for _ in range(6)])
    assert [t.outcome for t in tries].count("refused") == 10


def test_devices_of_yesterdays_password_have_no_tries(probe, db):
    """Twenty secrets gathered while the password was known are worth nothing after it."""
    devices = [o.device for o in probe.tries(*[("ann", PASSWORD, "192.0.2.1")] * 20)]
    assert len(set(devices)) == 20
    assert db.doorward("user", "passwd", "ann", "--password-stdin",
                       stdin="another long password").returncode == 0
    guesses = probe.tries(*[("ann", "wrong", "192.0.2.1", device) for device in devices])
    assert sum(g.hashes for g in guesses) == 10


def test_the_sixty_first_login_waits_although_the_password_is_right(probe, db):
    """It has cost its hash, and opens nothing."""
    db.sql("update doorward.users set login_level = 60, last_login_at = doorward.now()")
    late = probe.one("ann", PASSWORD, "192.0.2.1")
    assert (late.outcome, late.reason, late.hashes) == ("throttled", "logins", 1)
    assert 25 <= late.wait <= 30 and late.refresh == late.device == late.sid == ""
    assert db.one("select count(*) from doorward.sessions") == 0
    assert probe.one("ann", "wrong", "192.0.2.1").outcome == "refused"


def test_parallel_guesses_do_not_outrun_the_counter(probe):
    """Two hundred tries by ten processes: no more than ten hashes."""
    found = in_parallel(10, lambda i: probe.tries(
        *[("ann", "wrong", f"192.0.2.{i}")] * 20))
    hashes = sum(o.hashes for tries in found for o in tries)
    assert sum(len(tries) for tries in found) == 200 and 10 <= hashes <= 12


def test_parallel_logins_upgrade_once_and_all_get_in(probe, db):
    """Compare and swap."""
    db.add_user("dora", password_hash=SHA512)
    found = in_parallel(6, lambda i: probe.one("dora", "pässword", f"192.0.2.{i}"))
    assert [o.outcome for o in found] == ["allowed"] * 6
    assert len({o.sid for o in found}) == 6
    assert db.one("select count(*) from doorward.audit where detail = 'by pwd, hash upgraded'") == 1


def test_a_host_without_a_free_slot_says_busy(probe, db):
    """After a second; the try is not counted, and the next one finds the slot free."""
    with open(f"{probe.state}/slot.0", "w", encoding="ascii", opener=only_ours) as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        outcome = probe.one("ann", PASSWORD, "192.0.2.1", options=("-s", "1"))
        assert outcome.outcome.startswith("error") and outcome.hashes == 0
        assert 900 <= outcome.milliseconds < 3000
        assert db.one("select count(*) from doorward.attempts") == 0
        assert probe.one("ann", PASSWORD, "192.0.2.1", options=("-s", "2")).outcome == "allowed"
    assert probe.one("ann", PASSWORD, "192.0.2.1", options=("-s", "1")).outcome == "allowed"


def only_ours(path, flags):
    """For open(): as a file of the state directory is made."""
    return os.open(path, flags, 0o600)


def test_without_its_state_directory_nobody_logs_in(probe, db):
    """The error says what to do, and the try is not counted."""
    os.chmod(probe.state, 0o755)
    assert "mode 0755, which lets others in" in probe.one("ann", PASSWORD, "").outcome
    os.rmdir(probe.state)
    with open(probe.state, "w", encoding="ascii"):
        pass
    outcome = probe.one("ann", PASSWORD, "192.0.2.1")
    assert outcome.outcome.startswith("error not found: state_dir: ")
    assert "mode 0700" in outcome.outcome and outcome.hashes == 0
    assert db.one("select count(*) from doorward.attempts") == 0


def test_failures_take_at_least_the_time_that_is_set(probe):
    """login_min_ms hides what older hashes cost."""
    for line in (("ann", "wrong", ""), ("nobody", "wrong", "")):
        assert 300 <= probe.one(*line, options=("-w", "300")).milliseconds < 1500


@pytest.fixture(name="session")
def _session(probe):
    """One running probe: a function that logs Ann in; its database connection stays open."""
    process = probe.start()

    def one():
        process.stdin.write(f"ann\t{PASSWORD}\t192.0.2.1\n")
        process.stdin.flush()
        return Outcome(process.stdout.readline())

    assert one().outcome == "allowed"
    yield one
    process.stdin.close()
    process.wait()
    process.stdout.close()


def backend(db):
    """The process of the server that serves the probe."""
    return int(db.server.sql("select max(pid) from pg_stat_activity"
                             f" where application_name = 'probe' and datname = '{db.name}'"))


def test_a_lost_connection_is_opened_again_unnoticed(session, db):
    """A restart of the server between two logins costs neither an error."""
    db.server.sql(f"select pg_terminate_backend({backend(db)})")
    assert session().outcome == "allowed"


def test_a_server_that_was_demoted_is_left_for_another(session, db):
    """Read-only: SQLSTATE 25006. The same call succeeds on a new connection."""
    demoted = backend(db)
    db.sql("create or replace function doorward.now() returns timestamptz language plpgsql as"
           f" $$ begin if pg_backend_pid() = {demoted} then"
           " perform set_config('transaction_read_only', 'on', true); end if;"
           " return clock_timestamp(); end $$")
    assert session().outcome == "allowed"
    assert backend(db) != demoted


def test_a_server_that_hangs_costs_one_request_and_is_left(session, db):
    """An error within four seconds, the next at once, and then a new connection."""
    hung = backend(db)
    os.kill(hung, signal.SIGSTOP)
    try:
        first, second = session(), session()
        assert first.outcome.startswith("error") and 1000 < first.milliseconds < 4000
        assert second.outcome.startswith("error") and second.milliseconds < 100
        time.sleep(1.1)
        assert session().outcome == "allowed"
    finally:
        os.kill(hung, signal.SIGCONT)


def test_a_schema_that_changed_is_noticed(session, db):
    """When the connection is opened anew, and the message names the command."""
    db.sql("insert into doorward.schema_migrations (number, name, sha256) values (999, 'x', 'y')")
    db.server.sql(f"select pg_terminate_backend({backend(db)})")
    outcome = session()
    assert outcome.outcome.startswith("error") and "doorward db migrate" in outcome.outcome


def test_a_database_that_swallows_everything_costs_less_than_four_seconds(probe, silent_server):
    """It accepts connections and never answers; the next try does not wait for it again."""
    probe.conninfo = f"host=127.0.0.1 port={silent_server} dbname=x"
    first, second = probe.tries(("ann", PASSWORD, ""), ("ann", PASSWORD, ""))
    assert "no answer in time" in first.outcome and first.milliseconds < 4000
    assert "a moment ago" in second.outcome and second.milliseconds < 100


def test_the_next_host_is_tried_in_time(probe, silent_server):
    """The first of two swallows everything."""
    probe.conninfo = (f"host=127.0.0.1,{probe.db.server.socket} port={silent_server},5432"
                      f" dbname={probe.db.name} user=doorward_login")
    outcome = probe.one("ann", PASSWORD, "")
    assert outcome.outcome == "allowed" and outcome.milliseconds < 4000


def test_a_statement_that_takes_too_long_is_ended_by_the_server(probe, db):
    """Nothing is left running, and the connection serves on."""
    db.sql("create or replace function doorward.now() returns timestamptz language plpgsql as"
           " $$ begin perform pg_sleep(10); return clock_timestamp(); end $$")
    outcome = probe.one("ann", PASSWORD, "")
    assert "statement timeout" in outcome.outcome and outcome.milliseconds < 4000
    assert db.server.sql("select count(*) from pg_stat_activity where state = 'active'"
                         f" and datname = '{db.name}'") == "0"


def test_a_login_that_is_a_deadlock_s_victim_gets_in_and_the_guesses_stay_counted(probe, db):
    """PostgreSQL undoes one of two that wait for one another; that one is tried once more."""
    first = probe.one("ann", PASSWORD, "192.0.2.1")
    for _ in range(3):
        assert probe.one("ann", "wrong", "192.0.2.1").outcome == "refused"
    levels = "select bucket, round(level) from doorward.attempts order by bucket"
    before = db.sql(levels)
    assert [level for _, level in before] == [3, 3]

    other = psycopg2.connect(host=db.server.socket, dbname=db.name, user="postgres")
    cursor = other.cursor()
    cursor.execute("set deadlock_timeout = '30s'")  # so that the login finds it
    cursor.execute("lock table doorward.audit in exclusive mode")
    login = probe.start()
    login.stdin.write("\t".join(["ann", PASSWORD, "192.0.2.1", "", first.refresh]) + "\n")
    login.stdin.flush()
    deadline = time.monotonic() + 5
    while not db.server.sql("select 1 from pg_stat_activity where wait_event_type = 'Lock'"
                            f" and datname = '{db.name}'").strip():
        assert time.monotonic() < deadline, "the login does not wait"
        time.sleep(0.01)
    cursor.execute("select 1 from doorward.users for update")  # the login holds this row
    other.commit()
    other.close()

    out, _ = login.communicate(timeout=10)
    outcome = Outcome(out)
    assert outcome.outcome == "allowed" and outcome.milliseconds < 3000
    with open(db.server.log, encoding="utf-8") as f:
        assert "deadlock detected" in f.read()
    assert db.sql(levels) == before
    assert db.one("select count(*) from doorward.sessions where ended_at is null") == 1
    assert db.one("select count(*) from doorward.audit where event = 'login_ok'") == 2
