"""Servers for tests: who the users are, which front ends there are, how one is started."""

import os
import random
import shutil
import socket
import subprocess
import sys

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
if f"{TREE}/tools" not in sys.path:
    sys.path.insert(0, f"{TREE}/tools")

from places import new_directory  # noqa: E402  (needs the path above)
from stack import Stack  # noqa: E402  (the same)

FRONTS = [("apache", "fastcgi"), ("apache", "cgi"), ("apache", "proxy_fcgi"),
          ("lighttpd", "fastcgi"), ("lighttpd", "cgi")]

# A password's hash that costs little.
CHEAP = {"password_memory": "8M", "password_time": "1"}
TEMPLATE = []  # the stack that the others are copied from

# name: (password, roles)
USERS = {
    "alice": ("correct horse battery staple", ["member"]),
    "root": ("nine lives of a cat", ["member", "admin"]),
    "nobody": ("a fish without a bicycle", []),
}


def free_port():
    """A port that nobody listens on now. Not one of those that the kernel gives to clients, and
    not one that another process of pytest-xdist looks at."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 10
    while True:
        port = random.randrange(20000 + 1000 * worker, 21000 + 1000 * worker)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def new_stack(server, mode, **settings):
    """A stack that is not started, of its own directory and port."""
    settings = {**CHEAP, **settings}
    return Stack(new_directory("test"), server, mode, free_port(), settings, serious=False)


def template():
    """A stack that is stopped, with the schema and USERS in its PostgreSQL and a key for RS256:
    made once a process, and copied for each stack."""
    if not TEMPLATE:
        stack = new_stack("apache", "fastcgi")
        try:
            stack.prepare()
            stack.postgres.create()
            stack.start_database()
            stack.postgres.create_database()
            stack.doorward("db", "migrate")
            kid = stack.doorward("key", "new", "--alg", "RS256").strip()
            stack.rsa_key = f"{stack.directory}/keys/signing/{kid}.jwk"
            for name, (password, roles) in USERS.items():
                stack.add_user(name, password, *roles)
            # All tests come from one address as few users; guesses at a name still count.
            stack.sql("UPDATE doorward.throttle SET free = 1000000"
                      " WHERE kind IN ('address', 'success', 'request')")
            stack.stop_database()
        except BaseException:
            end_stack(stack)
            raise
        TEMPLATE.append(stack)
    return TEMPLATE[0]


def remove_template():
    """At the end of the tests."""
    while TEMPLATE:
        end_stack(TEMPLATE.pop())


def start_stack(server, mode, **settings):
    """A stack of its own directory and port, with USERS."""
    stack = new_stack(server, mode, **settings)
    try:
        subprocess.run(["cp", "-a", f"{template().directory}/pg", stack.directory], check=True)
        stack.rsa_key = template().rsa_key
        stack.start(migrated=True)
    except BaseException:
        end_stack(stack)
        raise
    return stack


def end_stack(stack):
    """Stop it and remove every trace."""
    stack.stop()
    shutil.rmtree(stack.directory, ignore_errors=True)
