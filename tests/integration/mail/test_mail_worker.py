"""The worker: one at a time, killed, called by a program; what it may do in the database."""

import os
import signal
import time

import psycopg2
import pytest

from client import json_login
from mails import mails_in
from smtp import SilentServer
from servers import USERS


def wait_for(what, seconds=20):
    """Until it is true; what it was then."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def slow_mailer(tmp_path, seconds):
    """A program that takes its time for each mail and keeps a list of them."""
    path = tmp_path / "mailer"
    path.write_text(f"#!/bin/sh\necho \"$5\" >>{tmp_path}/begun\nsleep {seconds}\n"
                    f"cat >/dev/null\necho \"$5\" >>{tmp_path}/sent\n")
    path.chmod(0o755)
    return f"sendmail:{path}"


def lines(path):
    """Of a file that may not be there yet."""
    return path.read_text().split() if path.exists() else []


def test_two_workers_at_once_send_each_mail_once(outbox, tmp_path):
    """The second one ends without having done anything."""
    outbox.set(mail_server=slow_mailer(tmp_path, 0.5))
    everyone = [f"member{i}@example.org" for i in range(8)]
    for one in everyone:
        outbox.add(one)
    first = outbox.start_send()
    wait_for(lambda: lines(tmp_path / "begun"))
    began = time.monotonic()
    assert outbox.start_send().wait(20) == 0 and time.monotonic() - began < 10
    assert first.wait(60) == 0
    assert lines(tmp_path / "sent") == everyone and outbox.rows() == [(0,)]


@pytest.mark.takes("a second worker waits for the first one's lock")
def test_ten_workers_at_once_send_each_mail_once(outbox, tmp_path):
    outbox.set(mail_server=slow_mailer(tmp_path, 0))
    for i in range(20):
        outbox.add(f"member{i}@example.org")
    for worker in [outbox.start_send() for _ in range(10)]:
        assert worker.wait(60) == 0
    assert len(lines(tmp_path / "sent")) == 20 == len(set(lines(tmp_path / "sent")))


def test_a_worker_that_is_killed_loses_no_mail(outbox, tmp_path):
    """The mail that it was sending goes again after five minutes, the others at once."""
    outbox.set(mail_server=slow_mailer(tmp_path, 1.5))
    outbox.add("first@example.org")
    outbox.add("second@example.org")
    worker = outbox.start_send()
    wait_for(lambda: lines(tmp_path / "begun"))
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    outbox.send()
    assert lines(tmp_path / "begun") == ["first@example.org", "second@example.org"]
    outbox.db.move_clock(301)
    outbox.send()
    assert lines(tmp_path / "begun")[2:] == ["first@example.org"] and outbox.rows() == [(0,)]


def test_a_worker_takes_what_comes_while_it_stays(outbox):
    worker = outbox.start_send("--stay", "4")
    time.sleep(1)
    outbox.add()
    wait_for(outbox.sent, 4)
    assert worker.wait(10) == 0


@pytest.mark.parametrize("key", [None, b"another mail key of more than 32 bytes, as it is"])
def test_a_request_under_another_key_is_dropped_and_said(outbox, ann, tmp_path, key):
    """Nobody can read it any more. Without a key it waits for one."""
    outbox.db.sql("select doorward.request_add('forgot', 'en', 'sealed', null)")
    if key is None:
        outbox.set(mail_key=None)
        outbox.send()
        assert outbox.db.one("select count(*) from doorward.requests") == 1
        return
    (tmp_path / "mail.key").write_bytes(key)
    outbox.send(0, "a request could not be opened")
    assert outbox.db.one("select count(*) from doorward.requests") == 0
    assert outbox.rows() == [(0,)]


def test_the_role_of_the_worker_can_do_nothing_else(outbox, ann):
    """Neither read a table nor call what other programs call."""
    functions = outbox.db.sql("select p.oid::regprocedure::text, p.proname from pg_proc p"
                              " where p.pronamespace = 'doorward'::regnamespace")
    may = {name for call, name in functions if outbox.db.one(
        "select has_function_privilege('doorward_mail', %s, 'execute')", call)}
    assert may == {"schema_number", "schema_functions", "mail_take", "mail_settle",
                   "request_take", "request_decide"}
    for table in ("outbox", "requests", "users", "links", "addresses"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            outbox.db.sql(f"select * from doorward.{table}", role="doorward_mail")


def test_a_worker_with_another_role_says_what_helps(outbox):
    outbox.add()
    with open(outbox.db.conf, encoding="utf-8") as f:
        text = f.read()
    with open(outbox.db.conf, "w", encoding="utf-8") as f:
        f.write(text.replace("user=doorward_mail", "user=doorward_login"))
    outbox_status = outbox.db.doorward("mail", "send")
    assert outbox_status.returncode == 2 and "lacks a right" in outbox_status.stderr
    done = outbox.db.doorward("config", "check")
    assert "doorward mail send" in done.stdout and "--mail-role ROLE" in done.stdout


# ---- started by a program ----

@pytest.fixture(name="site")
def _site(private_stack):
    """site(mode, …): a running one where programs start the worker."""
    def start(server, mode, **settings):
        stack = private_stack(server, mode, **{"mail_worker": "program", **settings})
        return stack
    return start


def sent(stack):
    """The mails that arrived."""
    return mails_in(f"{stack.directory}/mail")


def add(stack):
    """A mail that is due now."""
    stack.sql("select doorward.outbox_add('test', null, 'ann@example.org', null, null, null)",
              role="doorward_account")


def workers(stack):
    """The processes of `doorward mail send` of this stack: (pid, words, environment, descriptors,
    has a session of its own)."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                words = f.read().decode().split("\0")[:-1]
            if words[:1] != [f"{stack.directory}/libexec/doorward"]:
                continue
            with open(f"/proc/{pid}/environ", "rb") as f:
                environment = f.read()
            descriptors = {os.readlink(f"/proc/{pid}/fd/{fd}") for fd in ("0", "1", "2")}
            found.append((int(pid), words, environment, descriptors, os.getsid(int(pid))))
        except OSError:
            continue
    return found


FRONTS = [("apache", "fastcgi"), ("apache", "cgi"), ("lighttpd", "cgi")]


@pytest.mark.takes("a server of its own is started")
@pytest.mark.parametrize("server, mode", FRONTS)
def test_a_login_starts_the_worker_once_it_is_answered(site, server, mode):
    """In a session of its own, with fixed words, no environment and nothing open."""
    stack = site(server, mode)
    add(stack)
    assert json_login(stack, "alice", USERS["alice"][0]).status_code == 200
    [(pid, words, environment, descriptors, session)] = wait_for(lambda: workers(stack))
    assert words[1:5] == ["--config", stack.conf, "mail", "send"]
    assert environment == b"" and descriptors == {"/dev/null"} and session == pid
    wait_for(lambda: sent(stack))
    assert len(workers(stack)) == 1
    for _ in range(3):
        assert json_login(stack, "alice", USERS["alice"][0]).status_code == 200
    assert len(workers(stack)) == 1
    add(stack)  # what comes meanwhile goes without another one
    wait_for(lambda: len(sent(stack)) == 2)


@pytest.mark.takes("a server of its own is started")
@pytest.mark.parametrize("server, mode", FRONTS[:2])
def test_a_mail_server_that_hangs_delays_no_page(site, server, mode):
    silent = SilentServer()
    stack = site(server, mode, mail_server=f"smtp://127.0.0.1:{silent.port}", mail_tls="off")
    add(stack)
    json_login(stack, "alice", USERS["alice"][0])
    wait_for(lambda: workers(stack))
    for _ in range(3):
        began = time.monotonic()
        assert json_login(stack, "alice", USERS["alice"][0]).status_code == 200
        assert time.monotonic() - began < 3
    assert len(workers(stack)) == 1
    silent.stop()
    wait_for(lambda: not workers(stack), 30)
    assert stack.sql("select tries from doorward.outbox") == "1"


@pytest.mark.takes("a server of its own is started")
def test_a_command_that_is_missing_is_in_the_log_and_breaks_nothing(site):
    stack = site("apache", "fastcgi", mail_command="/nonexistent/doorward")
    add(stack)
    assert json_login(stack, "alice", USERS["alice"][0]).status_code == 200

    def log():
        with open(f"{stack.log}/error.log", encoding="utf-8", errors="replace") as f:
            return "mail_worker_not_started" in f.read()
    wait_for(log)
    assert json_login(stack, "alice", USERS["alice"][0]).status_code == 200


@pytest.mark.takes("a server of its own is started")
def test_with_a_timer_no_program_starts_anything(site):
    stack = site("apache", "fastcgi", mail_worker="timer")
    add(stack)
    assert json_login(stack, "alice", USERS["alice"][0]).status_code == 200
    time.sleep(1)
    assert not workers(stack) and not sent(stack)
