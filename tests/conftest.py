"""What the integration and browser tests share: real servers, and clients for them.

    front           a running Stack; the test runs once for each of the five front ends
    apache          the first of them, for what does not depend on the server
    private_stack   private_stack(server, mode, **settings): one that a test may break

Marks: `slow(why)` is for `make test-all` only; `takes(why)` says why a test needs more than
five seconds.

Every stack has the users of USERS. The stacks of `front` and `apache` are started when they
are first asked for, shared by all tests, and stopped at the end: a test must leave them as it
found them.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys

import psycopg2
import pytest

sys.path.insert(0, f"{os.path.dirname(os.path.abspath(__file__))}/support")

from servers import (FRONTS, TREE, Stack, end_stack, remove_template,  # noqa: E402  (path above)
                     start_stack)
from stack.web import tail  # noqa: E402


def pytest_configure(config):
    """The marks. Tests that are ended by a signal stop the servers that they started. A shell
    that put them into the background made them ignore Ctrl-C, and their children would, too."""
    config.addinivalue_line("markers", "slow(why): only in `make test-all`")
    config.addinivalue_line("markers", "takes(why): more than five seconds, for this reason")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_unconfigure():
    """What all stacks were copied from is not needed any more."""
    remove_template()


def pytest_collection_modifyitems(items):
    """What tests/run reads: which tests may take long. A mark without a reason is an error."""
    for item in items:
        if item.location[0] in ONE_FRONT and is_of_another_front(item):
            item.add_marker(pytest.mark.slow("the front end hardly matters"))
        for mark in (*item.iter_markers("slow"), *item.iter_markers("takes")):
            if not (mark.args and isinstance(mark.args[0], str)):
                raise pytest.UsageError(f"{item.nodeid}: the mark {mark.name} gives no reason")
            item.user_properties.append(("takes", mark.args[0]))


CLEAN_SLATE = """DELETE FROM doorward.attempts;
UPDATE doorward.users SET login_level = 0 WHERE login_level <> 0"""

# Where the front end hardly matters: `make test` runs these on Apache with mod_fcgid only.
ONE_FRONT = {f"tests/integration/{name}.py" for name in (
    "account/test_account", "account/test_factors", "account/test_leave", "account/test_profile",
    "login/test_enrol", "login/test_login_sessions", "login/test_mfa", "login/test_mfa_passkey",
    "login/test_names", "login/test_need", "login/test_passkey_login",
    "login/test_passkey_second")}


def is_of_another_front(item):
    """Whether a test is to run on another front end than the first."""
    callspec = getattr(item, "callspec", None)
    return callspec is not None and callspec.params.get("front", FRONTS[0]) != FRONTS[0]


class Stacks:
    """The shared stacks by front end."""

    def __init__(self):
        self.running, self.connections = {}, {}

    def get(self, server, mode):
        """Start it at the first call. What earlier tests guessed wrong, or right, makes nobody
        wait: one statement on a connection that stays, since each test asks for it."""
        if (server, mode) not in self.running:
            stack = self.running[server, mode] = start_stack(server, mode)
            self.connections[server, mode] = psycopg2.connect(
                host=stack.postgres.socket, dbname="doorward", user="doorward")
            self.connections[server, mode].autocommit = True
        self.connections[server, mode].cursor().execute(CLEAN_SLATE)
        return self.running[server, mode]


@pytest.fixture(scope="session", name="stacks")
def _stacks():
    stacks = Stacks()
    yield stacks
    for connection in stacks.connections.values():
        connection.close()
    for stack in stacks.running.values():
        end_stack(stack)


@pytest.fixture(params=FRONTS, ids=["-".join(front) for front in FRONTS])
def front(request, stacks):
    """One running Stack for each front end."""
    return stacks.get(*request.param)


@pytest.fixture
def apache(stacks):
    """The running Stack of Apache with mod_fcgid."""
    return stacks.get("apache", "fastcgi")


@pytest.fixture
def private_stack():
    """A factory of stacks that the test may stop, break and change."""
    started = []

    def make(server="apache", mode="fastcgi", **settings):
        started.append(start_stack(server, mode, **settings))
        return started[-1]

    yield make
    for stack in started:
        end_stack(stack)


@pytest.fixture(scope="session", name="npm")
def _npm():
    """build/npm, with the clients of tests/npm/package.json and our scripts beside them."""
    place = f"{TREE}/build/npm"
    os.makedirs(place, exist_ok=True)
    with open(f"{place}/lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another process of pytest-xdist may do the same
        for name in os.listdir(f"{TREE}/tests/npm"):
            shutil.copy(f"{TREE}/tests/npm/{name}", place)
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
                       cwd=place, check=True, timeout=300)
    return place


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):  # pylint: disable=unused-argument
    """Show the end of the servers' log beside a failure."""
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for value in getattr(item, "funcargs", {}).values():
            if isinstance(value, Stack):
                report.sections.append((f"{value.web.server} {value.web.mode} error.log",
                                        tail(value.web.log, 12)))
