"""Upkeep by the programs: what they do after their answers, and how little that costs."""

import fcntl
import glob
import os
import shutil
import subprocess
import time

import pytest
from client import Client, json_login
from jose_command import load
from running_keys import age, published, within
from servers import USERS

ALICE = ("alice", USERS["alice"][0])

# In the place of upkeep_step(), to see who calls it and what becomes of the call.
COUNTED = ("create table if not exists public.calls (role text);"
           " create or replace function doorward.upkeep_step() returns integer language plpgsql"
           " security definer as $$ begin insert into public.calls values (session_user);"
           " perform pg_sleep(%s); return %s; end $$")


def old_rows(stack, n):
    """That many rows of the audit that are over."""
    stack.sql("insert into doorward.audit (at, event) select now() - interval '2 years', 'old'"
              f" from generate_series(1, {n})")


def old_left(stack):
    """How many of them are still there."""
    return int(stack.sql("select count(*) from doorward.audit where event = 'old'"))


def calls(stack):
    """The roles that called upkeep_step(), of COUNTED."""
    return stack.sql("select role from public.calls").split()


def log(stack):
    """What the programs have logged."""
    with open(f"{stack.log}/error.log", encoding="utf-8", errors="replace") as f:
        return f.read()


def hour_over(stack, what):
    """As if `what` had been done more than an hour ago."""
    then = time.time() - 3700
    os.utime(f"{stack.directory}/state/upkeep.{what}", (then, then))


@pytest.mark.takes("a server of its own is started")
@pytest.mark.parametrize("mode", ["fastcgi", "cgi"])
def test_after_an_answer_everything_that_is_over_goes_and_then_nothing_is_asked(private_stack, mode):
    stack = private_stack("apache", mode, upkeep="program")
    old_rows(stack, 1700)
    assert json_login(stack, *ALICE).status_code == 200
    assert within(10, lambda: old_left(stack) == 0)
    assert within(5, lambda: "0 minutes ago, keys" in stack.doorward("status"))
    assert os.path.exists(f"{stack.directory}/state/upkeep.tidy")
    stack.sql(COUNTED % (0, 3600))
    for _ in range(3):
        assert json_login(stack, *ALICE).status_code == 200
        assert Client(stack).get("/account/forgot").status_code in (200, 404)
    time.sleep(0.5)
    assert calls(stack) == []


@pytest.mark.takes("a server of its own is started")
def test_with_a_timer_no_program_does_a_step(private_stack):
    stack = private_stack("apache", "fastcgi")
    stack.sql(COUNTED % (0, 3600))
    assert json_login(stack, *ALICE).status_code == 200
    time.sleep(0.5)
    assert calls(stack) == [] and not glob.glob(f"{stack.directory}/state/upkeep.*")


@pytest.mark.takes("two servers of their own are started")
def test_a_step_that_takes_too_long_is_cancelled_and_delays_nobody(private_stack):
    stack = private_stack("apache", "fastcgi", upkeep="program")
    stack.sql(COUNTED % (3, 0))
    running = ("select count(*) from pg_stat_activity where state = 'active'"
               " and query like '%upkeep_step%' and pid <> pg_backend_pid()")
    for _ in range(3):
        began = time.monotonic()
        assert json_login(stack, *ALICE).status_code == 200
        assert time.monotonic() - began < 2
    assert within(2, lambda: stack.sql(running) == "0")
    assert calls(stack) == []  # cancelled: the row is gone, too
    assert "upkeep_not_done" not in log(stack)


@pytest.mark.takes("a server of its own is started")
def test_a_step_that_fails_is_in_the_log_and_breaks_nothing(private_stack):
    stack = private_stack("apache", "fastcgi", upkeep="program")
    stack.sql("create or replace function doorward.upkeep_step() returns integer language plpgsql"
              " as $$ begin raise exception 'no'; end $$")
    assert json_login(stack, *ALICE).status_code == 200
    assert within(5, lambda: "upkeep_not_done" in log(stack))
    assert json_login(stack, *ALICE).status_code == 200
    assert log(stack).count("upkeep_not_done") == 1


# ---- keys ----

def give_keys(stack):
    """Let the login program write where its keys are and where they are published."""
    for path in [stack.directory, f"{stack.directory}/keys/signing", f"{stack.directory}/jwks.json",
                 *glob.glob(f"{stack.directory}/keys/signing/*.jwk")]:
        shutil.chown(path, stack.web_user, stack.web_user)


def rotated(stack):
    """The audit's rows about it: actor and detail."""
    text = stack.sql("select actor || ' ' || detail from doorward.audit"
                     " where event = 'keys_rotated' order by id")
    return text.splitlines()


@pytest.mark.takes("a server of its own is started")
def test_login_rotates_its_keys_when_that_is_due_and_not_before(private_stack):
    stack = private_stack("apache", "cgi", upkeep="program", oauth="off", key_rotation="2d")
    give_keys(stack)
    [first] = published(stack)
    assert json_login(stack, *ALICE).status_code == 200
    assert within(10, lambda: os.path.exists(f"{stack.directory}/state/upkeep.keys"))
    assert published(stack) == {first} and rotated(stack) == []
    assert "keys were looked after 0 minutes ago" in stack.doorward("status")
    stack.sql("insert into doorward.programs"
              " select gen_random_uuid(), id, 'n', '{}', null, doorward.now(),"
              " doorward.now() + interval '300 days' from doorward.users where name = 'alice'")
    age(stack, 3 * 86400)
    give_keys(stack)
    metadata = f"{stack.directory}/oauth-authorization-server"
    os.remove(metadata)
    hour_over(stack, "keys")
    assert json_login(stack, *ALICE).status_code == 200
    assert within(10, lambda: len(published(stack)) == 2)
    assert within(5, lambda: os.path.exists(metadata))
    assert within(5, lambda: load(f"{stack.directory}/keys/signing/{first}.jwk").get("exp", 0)
                  > time.time() + 364 * 86400)  # as long as a token for a program may live
    [new] = published(stack) - {first}
    assert within(5, lambda: len(rotated(stack)) == 1)
    assert rotated(stack)[0].startswith(f"upkeep made={new} published=")
    starts = load(f"{stack.directory}/keys/signing/{new}.jwk")["nbf"]
    assert 500 < starts - time.time() <= 600  # published first
    ends = load(f"{stack.directory}/keys/signing/{first}.jwk")["exp"]
    assert ends > time.time() + 30 * 86400  # as long as the token for a program lives
    assert json_login(stack, *ALICE).status_code == 200
    age(stack, 700)
    give_keys(stack)
    hour_over(stack, "keys")
    assert json_login(stack, *ALICE).status_code == 200
    assert within(10, lambda: "d" not in load(f"{stack.directory}/keys/signing/{first}.jwk"))
    assert within(5, lambda: "stripped=" in rotated(stack)[-1])
    assert json_login(stack, *ALICE).status_code == 200


@pytest.mark.takes("a server of its own is started")
def test_keys_stay_while_another_process_holds_them_or_one_is_broken_or_login_may_not_write(
        private_stack):
    stack = private_stack("apache", "cgi", upkeep="program", oauth="off", key_rotation="1d")
    age(stack, 3 * 86400)
    before = published(stack)
    assert json_login(stack, *ALICE).status_code == 200  # it may not write
    assert within(10, lambda: os.path.exists(f"{stack.directory}/state/upkeep.tidy"))
    assert json_login(stack, *ALICE).status_code == 200
    time.sleep(0.5)
    assert published(stack) == before and "keys were looked after never" in stack.doorward("status")
    give_keys(stack)
    directory = os.open(f"{stack.directory}/keys/signing", os.O_RDONLY)
    fcntl.flock(directory, fcntl.LOCK_EX)
    assert json_login(stack, *ALICE).status_code == 200
    time.sleep(1)
    assert published(stack) == before and "keys_not_rotated" not in log(stack)
    os.close(directory)
    broken = f"{stack.directory}/jwks.json"
    os.rename(broken, broken + ".old")
    os.makedirs(f"{broken}/jwks.json")
    shutil.chown(broken, stack.web_user, stack.web_user)
    assert json_login(stack, *ALICE).status_code == 200
    assert within(10, lambda: "keys_not_rotated" in log(stack))
    waiting = [load(path) for path in glob.glob(f"{stack.directory}/keys/signing/*.jwk")]
    assert all(key.get("nbf", 0) > time.time() + 86400 for key in waiting
               if key["kid"] not in before)  # what is not published does not sign
    assert "keys were looked after never" in stack.doorward("status", check=False).stdout
    shutil.rmtree(broken)
    os.rename(broken + ".old", broken)
    assert json_login(stack, *ALICE).status_code == 200
    time.sleep(0.5)
    assert log(stack).count("keys_not_rotated") == 1  # not again at each request
    hour_over(stack, "keys")
    assert json_login(stack, *ALICE).status_code == 200
    assert within(10, lambda: len(published(stack)) == 2)


def test_no_other_program_holds_the_code_that_makes_keys():
    """The linker has left it out."""
    for program in ("account", "admin"):
        symbols = subprocess.run(["nm", "-C", f"build/{program}.fcgi"], capture_output=True,
                                 text=True, check=True).stdout
        assert "key_rotate_if_free" not in symbols and "upkeep_tidy_step" in symbols
