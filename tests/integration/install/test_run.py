"""make run, start, stop and clean, as a person types them, on a copy of the tree."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import pytest
from fronts import fronts_that_wait
from servers import FRONTS, TREE, free_port


pytestmark = pytest.mark.takes("`make start` as a person types it warms every program")
SECOND_START = "one more `make start` or two"


@pytest.fixture(scope="module")
def copy():
    """A copy of the tree, build/ included, without the state of the original."""
    directory = tempfile.mkdtemp(prefix="doorward-copy-", dir="/var/tmp")
    os.chmod(directory, 0o755)
    tree = f"{directory}/tree"
    shutil.copytree(TREE, tree, symlinks=True, ignore=shutil.ignore_patterns(
        ".git", "var", "reports", "asan", "clang", "fuzz"))
    yield tree
    make(tree, "clean", check=False)
    shutil.rmtree(directory)


def make(tree, *arguments, check=True):
    done = subprocess.run(["make", "--no-print-directory", *arguments], cwd=tree, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
    assert not check or done.returncode == 0, done.stdout
    return done


def status(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as e:
        return e.code


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def processes_of(tree):
    """Every process whose command line names the tree's state."""
    found = []
    state = os.path.realpath(f"{tree}/var")
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as f:
                command = f.read().replace("\0", " ")
        except OSError:
            continue
        if state in command:
            found.append((pid, command))
    return found


@pytest.mark.parametrize("front", fronts_that_wait(
    [front for front in FRONTS if front[1] != "proxy_fcgi"]))
def test_start_serves_and_stop_ends_everything(copy, front):
    server, mode = front
    port = free_port()
    options = [f"SERVER={server}", f"MODE={mode}", f"PORT={port}"]
    screen = make(copy, "start", *options).stdout
    try:
        assert f"http://localhost:{port}/" in screen
        assert status(port, "/") == 200
        assert status(port, "/login") == 200
        assert status(port, "/protected") == 401
        if (server, mode) == ("apache", "fastcgi"):  # nobody will wait for mod_fcgid
            for program in "login", "protected", "authorizer":
                running = [p for p in processes_of(copy) if f"libexec/{program}.fcgi" in p[1]]
                assert len(running) == 20, program
        again = make(copy, "start", *options, check=False)
        assert again.returncode != 0
        assert "already runs" in again.stdout
    finally:
        make(copy, "stop")
    assert is_free(port)
    assert processes_of(copy) == []
    assert "does not run" in make(copy, "stop").stdout


def test_the_curl_lines_work_when_pasted(copy):
    port = free_port()
    screen = make(copy, "start", f"PORT={port}").stdout
    try:
        lines = [line.strip() for line in screen.splitlines() if re.match(r"\s+(TOKEN|curl)", line)]
        assert len(lines) == 2
        pasted = subprocess.run(["sh", "-c", "\n".join(lines)], check=True, capture_output=True,
                                text=True).stdout
        assert " 200 " in pasted.splitlines()[0]
        assert "demo" in pasted
        password = re.search(r"password\s+(\S+)", screen)[1]
        assert len(password) >= 16
        environment = dict(os.environ, DOORWARD_CONFIG=f"{copy}/var/doorward.conf")
        users = subprocess.run([f"{copy}/build/doorward", "user", "list", "--json"], check=True,
                               capture_output=True, text=True, env=environment).stdout
        assert "demo" in users
        json.loads(users)
    finally:
        make(copy, "stop")


@pytest.mark.slow(SECOND_START)
def test_settings_that_a_person_changed_stay(copy):
    port = free_port()
    make(copy, "start", f"PORT={port}")
    make(copy, "stop")
    with open(f"{copy}/var/doorward.conf", "a", encoding="utf-8") as f:
        f.write("# mine\ntoken_life = 7m\n")
    port = free_port()
    make(copy, "start", f"PORT={port}")
    make(copy, "stop")
    with open(f"{copy}/var/doorward.conf", encoding="utf-8") as f:
        lines = f.read().splitlines()
    assert "# mine" in lines and "token_life = 7m" in lines
    assert [line for line in lines if line.startswith("public_url")] == \
        [f"public_url = http://localhost:{port}"]
    assert len(lines) == len(set(lines))


def test_a_taken_port_is_named_with_the_way_out(copy):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        port = other.getsockname()[1]
        refused = make(copy, "start", f"PORT={port}", check=False)
    assert refused.returncode != 0
    assert f"port {port} is taken" in refused.stdout
    assert "PORT=" in refused.stdout
    assert "Traceback" not in refused.stdout
    assert processes_of(copy) == []


def test_a_mode_that_does_not_exist_is_named(copy):
    refused = make(copy, "start", "SERVER=lighttpd", "MODE=proxy_fcgi", check=False)
    assert refused.returncode != 0
    assert "SERVER=apache MODE=" in refused.stdout
    assert "Traceback" not in refused.stdout


def test_ctrl_c_stops_what_run_started(copy):
    port = free_port()
    run = subprocess.Popen(["make", "--no-print-directory", "run", f"PORT={port}"], cwd=copy,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                           start_new_session=True)
    try:
        screen = ""
        deadline = time.monotonic() + 120
        while "Ctrl-C" not in screen:
            line = run.stdout.readline()
            assert line and time.monotonic() < deadline, screen
            screen += line
        assert status(port, "/login") == 200
    finally:
        os.killpg(run.pid, signal.SIGINT)  # what a terminal does
        run.wait(60)
    assert is_free(port)
    assert processes_of(copy) == []


@pytest.mark.slow(SECOND_START)
def test_stop_ends_a_run_in_front_too(copy):
    port = free_port()
    with subprocess.Popen(["make", "--no-print-directory", "run", f"PORT={port}"], cwd=copy,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        screen = ""
        while "Ctrl-C" not in screen:
            line = run.stdout.readline()
            assert line, screen
            screen += line
        make(copy, "stop")
        assert run.wait(30) == 0
        assert "stopped from elsewhere" in run.stdout.read()
    assert processes_of(copy) == []


@pytest.mark.slow("starts everything once more")
def test_a_killed_run_can_be_stopped(copy):
    """The servers outlive a run that was killed; `make stop` finds them by pid."""
    port = free_port()
    make(copy, "start", f"PORT={port}")
    with open(f"{copy}/var/stack.json", encoding="utf-8") as f:
        postgres = json.load(f)["processes"]["postgres"]["pid"]
    os.kill(postgres, signal.SIGKILL)
    make(copy, "stop")
    assert is_free(port)
    assert processes_of(copy) == []
    make(copy, "start", f"PORT={port}")  # and the database comes back as it was
    make(copy, "stop")


@pytest.mark.slow(SECOND_START)
def test_a_tree_that_servers_cannot_reach_keeps_its_state_in_var_tmp(copy):
    """A clone under /root: nobody but root gets in. An ordinary user's servers are the user."""
    parent = os.path.dirname(copy)
    make(copy, "clean")
    shutil.copytree(f"{TREE}/build", f"{copy}/build", dirs_exist_ok=True,
                    ignore=shutil.ignore_patterns("reports", "asan", "clang", "fuzz"))
    os.chmod(parent, 0o700)
    port = free_port()
    try:
        screen = make(copy, "start", f"PORT={port}").stdout
        state = os.path.realpath(f"{copy}/var")
        outside = state.startswith("/var/tmp/doorward-") and state != f"{copy}/var"
        assert outside == (os.geteuid() == 0)
        assert state in screen
        assert status(port, "/login") == 200
        make(copy, "clean")
        assert not os.path.exists(state)
        assert not os.path.lexists(f"{copy}/var")
        assert is_free(port)
    finally:
        os.chmod(parent, 0o755)
