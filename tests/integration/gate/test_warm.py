"""apache-conf/warm: processes of mod_fcgid before the visitors come."""

import os
import shutil
import signal
import subprocess
from collections import Counter

import pytest
from client import Client
from servers import TREE, end_stack, start_stack
from stack.process import wait_until

pytestmark = pytest.mark.takes("mod_fcgid starts a program a second")
WARM = f"{TREE}/apache-conf/warm"


def warm(stack, count, *paths, directory=None):
    return subprocess.run(argv(stack, count, *paths, directory=directory), capture_output=True,
                          text=True, check=False)


def argv(stack, count, *paths, directory=None):
    return [WARM, str(count), directory or f"{stack.directory}/libexec",
            *(f"http://127.0.0.1:{stack.port}{path}" for path in paths)]


def processes(stack):
    """Program and state of each process below the stack's libexec/."""
    found = subprocess.run(["ps", "-eo", "state=,args="], capture_output=True, text=True,
                           check=True).stdout.splitlines()
    return [(line.rpartition("/")[2], line[0]) for line in found
            if line[2:].startswith(f"{stack.directory}/libexec/")]


def pids(stack):
    """Of what runs below the stack's libexec/."""
    found = subprocess.run(["ps", "-eo", "pid=,args="], capture_output=True, text=True,
                           check=True).stdout.splitlines()
    return [line.split()[0] for line in found if f" {stack.directory}/libexec/" in line]


@pytest.fixture(scope="module", name="busy")
def _busy():
    stack = start_stack("apache", "fastcgi")
    yield stack
    end_stack(stack)


def test_there_are_as_many_as_were_asked_for_and_no_more(busy):
    for _ in range(2):
        done = warm(busy, 12, "/protected", "/members/?a=b")
        assert done.returncode == 0, done.stderr
        counted = Counter(name for name, _ in processes(busy))
        assert counted["protected.fcgi"] == counted["authorizer.fcgi"] == 12
        assert done.stdout.split()[:4] == ["12", "authorizer.fcgi", "12", "protected.fcgi"]
    assert not done.stderr


def test_it_works_after_a_reload(busy):
    os.kill(busy.processes["web"]["pid"], signal.SIGUSR1)
    wait_until(lambda: not processes(busy))
    assert warm(busy, 8, "/protected").returncode == 0
    assert Counter(name for name, _ in processes(busy))["protected.fcgi"] == 8


@pytest.mark.slow("starts all of them anew")
def test_after_new_programs_the_new_ones_are_counted(busy):
    """Those of the old files go on for a while, under the same names."""
    assert warm(busy, 8, "/protected").returncode == 0
    old = set(pids(busy))
    for name in os.listdir(f"{busy.directory}/libexec"):
        path = f"{busy.directory}/libexec/{name}"
        shutil.copy(path, path + ".new")
        os.replace(path + ".new", path)
    done = warm(busy, 8, "/protected")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["8", "protected.fcgi"]
    assert len(set(pids(busy)) - old) == 8


@pytest.mark.slow("holds processes, and waits for their end")
def test_nothing_stays_held_when_it_is_ended(busy):
    with subprocess.Popen(argv(busy, 4, "/protected")) as running:
        assert wait_until(lambda: ("protected.fcgi", "T") in processes(busy))
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 1
    assert not [name for name, state in processes(busy) if state == "T"]
    assert Client(busy).get("/protected").status_code == 401


@pytest.mark.slow("waits for what does not come")
def test_too_few_is_a_failure(busy):
    """The page is a file, and no program has so many processes."""
    done = warm(busy, 40, "/")
    assert done.returncode == 1 and "none has 40 processes" in done.stderr


def test_usage_is_shown(busy):
    done = subprocess.run([WARM, "12"], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and not done.stdout
    assert "warm COUNT DIRECTORY URL..." in done.stderr
    done = warm(busy, "many", "/protected")
    assert done.returncode == 2 and "COUNT" in done.stderr


def test_where_nothing_answers_it_says_so(busy):
    done = subprocess.run([WARM, "4", f"{busy.directory}/libexec", "http://127.0.0.1:1/"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "warm: nothing answers at http://127.0.0.1:1/\n"


@pytest.mark.slow("waits for what does not come")
def test_where_mod_fcgid_started_nothing_it_says_so(private_stack, busy):
    lighttpd = private_stack("lighttpd")
    for stack, directory in (lighttpd, None), (busy, "/nowhere"):
        done = warm(stack, 4, "/protected", directory=directory)
        assert done.returncode == 1 and "runs under mod_fcgid" in done.stderr
    assert not [name for name, state in processes(lighttpd) if state == "T"]
