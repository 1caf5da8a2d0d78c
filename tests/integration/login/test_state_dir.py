"""state_dir: what neighbours on the host can read or take decides nothing."""

import fcntl
import os
import stat
import subprocess

import pytest

from client import json_login
from servers import USERS
from account_page import NEW, change, log_in

ALICE = ("alice", USERS["alice"][0])


@pytest.fixture(name="stack")
def _stack(private_stack):
    return private_stack(password_slots=2)


def check(stack):
    """`doorward config check` as the programs' user: exit status and what it says."""
    done = stack.doorward("config", "check", user=stack.web_user, check=False)
    return done.returncode, done.stdout


def test_a_state_directory_that_lets_others_in_is_refused(stack):
    """By login and account, and config check has the remedy; nothing is counted as a guess."""
    client = log_in(stack, *ALICE)
    before = check(stack)
    assert "state_dir" not in before[1], before
    os.chmod(f"{stack.directory}/state", 0o755)
    late = json_login(stack, *ALICE)
    assert late.status_code == 503 and late.headers["Retry-After"]
    assert change(client, ALICE[1], NEW).status_code == 503
    status, text = check(stack)
    assert status == 1 and "state_dir: " in text and "mode 0700" in text
    assert stack.sql("select count(*) from doorward.attempts where level > 0") == "0"
    os.chmod(f"{stack.directory}/state", 0o700)
    assert json_login(stack, *ALICE).status_code == 200
    assert check(stack) == before


def test_a_file_that_a_neighbour_could_lock_is_refused(stack):
    """A slot that others may open is no slot."""
    json_login(stack, *ALICE)
    for name in os.listdir(f"{stack.directory}/state"):
        assert stat.S_IMODE(os.stat(f"{stack.directory}/state/{name}").st_mode) == 0o600
    for number in range(2):
        with open(f"{stack.directory}/state/slot.{number}", "a", encoding="ascii") as f:
            os.fchmod(f.fileno(), 0o666)
    assert json_login(stack, *ALICE).status_code == 503
    assert "remove it" in check(stack)[1]


def test_a_neighbour_cannot_enter(stack):
    """What was an abstract socket, whose name everybody reads in /proc/net/unix, is a file."""
    assert json_login(stack, *ALICE).status_code == 200
    assert sorted(os.listdir(f"{stack.directory}/state")) in (
        ["slot.0"], ["slot.1"], ["slot.0", "slot.1"])
    if os.geteuid() == 0:
        done = subprocess.run(["ls", f"{stack.directory}/state"], user="nobody", check=False,
                              capture_output=True)
        assert done.returncode != 0 and not done.stdout


def test_all_slots_taken_is_busy_and_then_served(stack):
    """503 after a second of waiting, and Retry-After says when to come back."""
    held = []
    for number in range(2):
        path = f"{stack.directory}/state/slot.{number}"
        held.append(open(path, "a", encoding="ascii"))  # pylint: disable=consider-using-with
        os.chmod(path, 0o600)
        if os.geteuid() == 0:
            about = os.stat(f"{stack.directory}/state")
            os.chown(path, about.st_uid, about.st_gid)
        fcntl.flock(held[-1], fcntl.LOCK_EX)
    busy = json_login(stack, *ALICE)
    assert busy.status_code == 503 and busy.headers["Retry-After"] == "2"
    held.pop().close()
    assert json_login(stack, *ALICE).status_code == 200
    held.pop().close()
