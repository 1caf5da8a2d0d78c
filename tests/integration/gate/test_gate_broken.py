"""An authorizer that fails in whatever way lets nobody in, on each server that asks one."""

import glob
import os
import shutil
import signal
import subprocess
import threading
import time

import pytest

from fronts import fronts_that_wait
from gate import ADMIN_CANARY, AUTHORIZER_FRONTS, CANARY, OPEN, end_gate, start_gate
from stack import StackError
from stack.process import wait_until

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
PATHS = ["/members/canary.txt", "/members/", "/members/open/canary.txt",
         "/members/admin/canary.txt"]


@pytest.fixture(scope="module", params=fronts_that_wait(AUTHORIZER_FRONTS))
def gate(request):
    """A GateStack whose authorizer each test replaces: authorizer.fcgi is kept as .real."""
    stack = start_gate(*request.param)
    program = f"{stack.directory}/libexec/authorizer.fcgi"
    os.rename(program, program + ".real")
    yield stack
    end_gate(stack)


@pytest.fixture(scope="module", name="saboteur")
def _saboteur():
    directory = "/var/tmp/doorward-saboteur-" + str(os.getpid())
    os.makedirs(directory)
    library = f"{directory}/saboteur.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library,
                    f"{TREE}/tests/support/saboteur.c", "-ldl"],
                   check=True)
    yield library
    shutil.rmtree(directory)


def run_instead(stack, *lines):
    """A shell script in the authorizer's place, and the server started anew."""
    stack.stop_web()
    program = f"{stack.directory}/libexec/authorizer.fcgi"
    with open(program, "w", encoding="utf-8") as f:
        f.write("\n".join(("#!/bin/sh", *lines, "")))
    os.chmod(program, 0o755)
    stack.start_web()


def assert_shut(stack, token=None, paths=tuple(PATHS)):
    """Nothing gated is served: not even the open part, which only the authorizer knows of."""
    for path in paths:
        answer = stack.get(path, token)
        assert answer.status >= 400, path
        for canary in CANARY, ADMIN_CANARY, OPEN:
            assert canary.encode() not in answer.body, path


@pytest.mark.parametrize("how", ["segv", "abort", "kill", "exit", "close", "half", "memory"])
def test_a_process_that_ends_or_falls_silent(gate, saboteur, how):
    """After it has taken the request; with and without a good token."""
    run_instead(gate, f"export LD_PRELOAD={saboteur} SABOTAGE={how}",
                f"exec {gate.directory}/libexec/authorizer.fcgi.real")
    assert_shut(gate)
    assert_shut(gate, gate.token(["admin"]))


def test_the_sabotaged_program_works_when_it_is_left_alone(gate, saboteur):
    """The test above would pass on a program that never starts."""
    run_instead(gate, f"export LD_PRELOAD={saboteur} SABOTAGE=none",
                f"exec {gate.directory}/libexec/authorizer.fcgi.real")
    assert gate.get("/members/admin/canary.txt", gate.token(["admin"])).status == 200
    assert gate.get("/members/open/canary.txt").status == 200


@pytest.mark.parametrize("kilobytes", [9000, 14000, 18000, 22000])
def test_too_little_memory(gate, kilobytes):
    """Whether it cannot start, or gets somewhere."""
    run_instead(gate, f"ulimit -v {kilobytes}",
                f"exec {gate.directory}/libexec/authorizer.fcgi.real")
    for path in PATHS:
        answer = gate.get(path)
        assert CANARY.encode() not in answer.body and ADMIN_CANARY.encode() not in answer.body


@pytest.mark.takes("mod_fcgid tries to start it for some seconds")
@pytest.mark.parametrize("mode", [0o755, 0o644], ids=["ends at once", "cannot be run"])
def test_a_program_that_does_not_start(gate, mode):
    """Apache refuses then; what starts its programs beforehand does not start without one."""
    gate.stop_web()
    program = f"{gate.directory}/libexec/authorizer.fcgi"
    with open(program, "w", encoding="utf-8") as f:
        f.write("#!/bin/sh\nexit 0\n")
    os.chmod(program, mode)
    try:
        gate.start_web()
        assert_shut(gate, gate.token(["admin"]))
    except TimeoutError:  # mod_fcgid may try for longer; nothing was served
        assert gate.web.server == "apache"
    except (StackError, OSError):
        assert gate.web.server == "lighttpd" or gate.web.mode == "proxy_fcgi"


def test_processes_killed_under_load(gate):
    """Whoever asks while they die is refused, or served as ever; nobody gets in for free."""
    run_instead(gate, f"exec {gate.directory}/libexec/authorizer.fcgi.real")
    done, leaked = threading.Event(), []

    def ask_on():
        while not done.is_set():
            answer = gate.get("/members/canary.txt")
            if CANARY.encode() in answer.body or answer.status == 200:
                leaked.append(answer)

    threads = [threading.Thread(target=ask_on) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(15):
        for pid in pids_of(f"{gate.directory}/libexec/authorizer.fcgi.real"):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.1)
    done.set()
    for thread in threads:
        thread.join()
    assert not leaked


def pids_of(program):
    """The processes that run exactly this file."""
    for link in glob.glob("/proc/[0-9]*/exe"):
        try:
            if os.readlink(link) == program:
                yield int(link.split("/")[2])
        except OSError:
            pass


# ---- settings and keys: of the authorizer on both servers, and of files.fcgi ----

PROGRAMS = [("apache", "fastcgi"), ("lighttpd", "fastcgi"), ("apache", "cgi")]

@pytest.fixture(scope="module", params=fronts_that_wait(PROGRAMS), name="broken")
def _broken(request):
    stack = start_gate(*request.param)
    yield stack
    end_gate(stack)


BAD_SETTINGS = {
    "a rule that cannot be read": {"rule": ["/members/open open", "/members any-off member"]},
    "a rule without a path": {"rule": ["open"]},
    "two rules for one path": {"rule": ["/members open", "/members/ signed-in"]},
    "an unknown setting": {"rulle": "/members open"},
    "no public_url": {"public_url": None},
    "no keys": {"verifying_keys": None},
    "keys that are not there": {"verifying_keys": "none.json"},
    "keys in a file that is none": {"verifying_keys": "/dev/null"},
}


@pytest.mark.takes("starts a server twice; lighttpd was seen to need 20 s once in fifty starts")
@pytest.mark.parametrize("name", BAD_SETTINGS)
def test_settings_that_cannot_be_read(broken, name):
    """Refuse everyone: good tokens, and the open path."""
    before = dict(broken.settings)
    broken.stop_web()
    broken.write_settings(**BAD_SETTINGS[name])
    broken.start_web()
    assert_shut(broken)
    assert_shut(broken, broken.token(["admin"]))
    broken.stop_web()
    broken.settings = before
    broken.write_settings()
    broken.start_web()
    assert broken.get("/members/admin/canary.txt", broken.token(["admin"])).status == 200


def test_a_rule_holds_without_a_restart(broken):
    """Settings that are spoilt change nothing for the programs that run, and refuse where one
    is started; without settings all refuse, until they are good again."""
    before = dict(broken.settings)
    member = broken.token()
    assert broken.get("/members/open/canary.txt").status == 200
    broken.write_settings(rule=["/members any-of member", "/members/open any-of admin"])
    wait_until(lambda: OPEN.encode() not in broken.get("/members/open/canary.txt").body, 5)
    assert broken.get("/members/canary.txt", member).status == 200
    for token in None, member:
        assert OPEN.encode() not in broken.get("/members/open/canary.txt", token).body
    broken.write_settings(rule=["/members any-off member"])
    time.sleep(2.5)
    if broken.web.mode != "cgi":  # where each request is a program that is started
        assert broken.get("/members/canary.txt", member).status == 200
    assert OPEN.encode() not in broken.get("/members/open/canary.txt", member).body
    broken.stop_web()
    broken.start_web()
    assert_shut(broken, broken.token(["admin"]))
    os.unlink(broken.conf)
    assert_shut(broken, broken.token(["admin"]))
    broken.settings = before
    broken.write_settings()
    assert broken.get("/members/admin/canary.txt", broken.token(["admin"])).status == 200


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"keys":[]}', '{"keys":[{"kty":"EC"}]}',
                                  '{"keys":[{"kty":"oct","k":"","alg":"HS256"}]}', None])
def test_a_key_set_that_cannot_be_read(broken, text):
    """None: the file is there but may not be read."""
    path = f"{broken.directory}/jwks.json"
    broken.stop_web()
    with open(path, "w", encoding="utf-8") as f:
        f.write(text or "{}")
    if text is None:
        os.chmod(path, 0)
    broken.start_web()
    assert_shut(broken, broken.token(["admin"]), [p for p in PATHS if "open" not in p])
    broken.stop_web()
    broken.write_keys()
    broken.start_web()
    assert broken.get("/members/canary.txt", broken.token()).status == 200


def test_keys_that_are_spoilt_while_it_runs(broken):
    """What is verified already may go on for a moment; a new token is not taken on trust."""
    assert broken.get("/members/canary.txt", broken.token()).status == 200
    path = f"{broken.directory}/jwks.json"
    with open(path, "w", encoding="utf-8") as f:
        f.write("{")
    forged = broken.sign({"iss": "x"})
    assert broken.get("/members/canary.txt", forged).status != 200
    broken.write_keys()
    time.sleep(1.1)
    assert broken.get("/members/canary.txt", broken.token()).status == 200
