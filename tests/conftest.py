"""What the integration and browser tests share: real servers, and clients for them.

    front           a running Stack; the test runs once for each of the five front ends
    apache          the first of them, for what does not depend on the server
    private_stack   private_stack(server, mode, **settings): one that a test may break

Every stack has the users of USERS. The stacks of `front` and `apache` are started when they
are first asked for, shared by all tests, and stopped at the end: a test must leave them as it
found them.
"""

import os
import shutil
import socket
import sys
import tempfile

import pytest

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [f"{TREE}/tools", f"{TREE}/tests"]

from stack import Stack  # noqa: E402  (needs the path above)
from stack.web import tail  # noqa: E402

FRONTS = [("apache", "fastcgi"), ("apache", "cgi"), ("apache", "proxy_fcgi"),
          ("lighttpd", "fastcgi"), ("lighttpd", "cgi")]

# name: (password, roles)
USERS = {
    "alice": ("correct horse battery staple", ["member"]),
    "root": ("nine lives of a cat", ["member", "admin"]),
    "nobody": ("a fish without a bicycle", []),
}


def free_port():
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_stack(server, mode, **settings):
    """A stack of its own directory and port, with USERS; in the tests nothing is durable."""
    directory = tempfile.mkdtemp(prefix="doorward-test-", dir="/var/tmp")
    os.chmod(directory, 0o755)
    stack = Stack(directory, server, mode, free_port(), settings, durable=False)
    try:
        stack.start()
        for name, (password, roles) in USERS.items():
            stack.add_user(name, password, *roles)
        # All tests come from one address; guesses at a name still count.
        stack.sql("UPDATE doorward.throttle SET free = 1000000 WHERE kind = 'address'")
    except BaseException:
        end_stack(stack)
        raise
    return stack


def end_stack(stack):
    """Stop it and remove every trace."""
    stack.stop()
    shutil.rmtree(stack.directory, ignore_errors=True)


def with_clean_slate(stack):
    """What earlier tests guessed wrong does not make this one wait."""
    stack.sql("DELETE FROM doorward.attempts")
    return stack


class Stacks:
    """The shared stacks by front end."""

    def __init__(self):
        self.running = {}

    def get(self, server, mode):
        """Start it at the first call."""
        if (server, mode) not in self.running:
            self.running[server, mode] = start_stack(server, mode)
        return self.running[server, mode]


@pytest.fixture(scope="session", name="stacks")
def _stacks():
    stacks = Stacks()
    yield stacks
    for stack in stacks.running.values():
        end_stack(stack)


@pytest.fixture(params=FRONTS, ids=["-".join(front) for front in FRONTS])
def front(request, stacks):
    """One running Stack for each front end."""
    return with_clean_slate(stacks.get(*request.param))


@pytest.fixture
def apache(stacks):
    """The running Stack of Apache with mod_fcgid."""
    return with_clean_slate(stacks.get("apache", "fastcgi"))


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
