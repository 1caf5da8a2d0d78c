"""make run, start, stop, clean: python3 -m stack COMMAND [--server S] [--mode M] [--port P]"""

import argparse
import glob
import json
import os
import secrets
import shutil
import signal
import stat
import sys
import tempfile
import threading

from . import postgres
from .process import StackError, is_alive
from .stack import TREE, Lock, Stack, is_reachable, load

VAR = f"{TREE}/var"
DEMO = "demo"
DEMO_ADMIN = "admin"


def tell(text):
    """One step, as it is taken."""
    print(f"==> {text}", flush=True)


def state_directory():
    """var/, or what it points to, where the servers' users cannot get into the tree."""
    if os.path.islink(VAR) and not os.path.isdir(VAR):
        os.unlink(VAR)
    if os.path.islink(VAR):
        target = os.path.realpath(VAR)
        refuse_foreign(target)
        return target
    if not os.path.isdir(VAR):
        os.mkdir(VAR, 0o755)
    if len(VAR) <= 70 and is_reachable(VAR):
        return VAR
    os.rmdir(VAR)
    target = tempfile.mkdtemp(prefix="doorward-", dir="/var/tmp")
    os.chmod(target, 0o755)
    os.symlink(target, VAR)
    tell(f"the servers' users cannot use {VAR}: the state is in {target} "
         "(`make clean` removes it)")
    return target


def refuse_foreign(target):
    """/var/tmp is everybody's: only a directory that we made is ours."""
    about = os.lstat(target)
    if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.geteuid():
        raise StackError(f"{target}, which var/ points to, is not ours: remove the link var")


def existing(directory):
    """The stack that was started in `directory`, or None."""
    try:
        return load(directory, tell=tell)
    except (OSError, ValueError, KeyError):
        return None


def start(options, directory):
    """Start it, with the demo users; refuse when it already runs."""
    with Lock(directory):
        running = existing(directory)
        if running and running.processes:
            raise StackError(f"it already runs on {running.public_url} "
                             f"({running.web.server}, {running.web.mode}): `make stop` ends it")
        stack = Stack(directory, options.server, options.mode, options.port,
                      settings={"mail_worker": "program"}, tell=tell)
        stack.start()
        try:
            show(stack, demo_password(stack, DEMO, "member"),
                 demo_password(stack, DEMO_ADMIN, "doorward-admin"))
        except BaseException:
            stack.stop()
            raise
    return stack


def demo_password(stack, name, role):
    """A demo user with a new random password."""
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    known = [user["name"] for user in json.loads(stack.doorward("user", "list", "--json"))]
    if name in known:
        stack.doorward("user", "passwd", name, "--password-stdin", stdin=password + "\n")
    else:
        stack.add_user(name, password, role)
    stack.doorward("user", "set", name, "--mail", f"{name}@example.org", "--verified")
    return password


def about_the_system():
    """What a guide takes for granted, and what tools/deps leaves out of an installation."""
    if glob.glob("/etc/postgresql/*/*") or not shutil.which("pg_createcluster"):
        return ""
    version = postgres.programs_directory().split("/")[-2]
    return f"""
This PostgreSQL is private. The system's own has no cluster yet, which the guides for a server
of your own want: `pg_createcluster {version} main --start` makes it.
"""


def show(stack, password, admin_password):
    """What to do next, ready to paste."""
    url = stack.public_url
    print(f"""
Doorward serves {url}/ ({stack.web.server}, {stack.web.mode}); state and logs: {stack.directory}

  name      {DEMO}
  password  {password}

  name      {DEMO_ADMIN}, for {url}/admin: the people of the site
  password  {admin_password}

In a browser: {url}/protected, or {url}/members/, a directory of files behind the gate.
Mails are sent to nobody: each becomes a file in {stack.directory}/mail ({url}/account/forgot makes one)
{url}/members/admin/ wants the role admin: DOORWARD_CONFIG={stack.conf} build/doorward user role {DEMO} --add admin
With curl:
  TOKEN=$(curl -s {url}/login -H 'Content-Type: application/json' -d '{{"username":"{DEMO}","password":"{password}"}}' | sed -n 's/.*"token": *"\\([^"]*\\)".*/\\1/p')
  curl -i {url}/protected -H "Authorization: Bearer $TOKEN"
Other programs can use this login: {url}/.well-known/openid-configuration
  DOORWARD_CONFIG={stack.conf} build/doorward client add wiki --redirect http://localhost:3000/callback
{about_the_system()}""", flush=True)


def run(options, directory):
    """Start it, stay in front until told to stop, stop it."""
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(130))
    stack = start(options, directory)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: done.set())
    print("Ctrl-C stops everything.", flush=True)
    while not done.wait(1):
        if not any(is_alive(one) for one in stack.processes.values()):
            tell("it was stopped from elsewhere")
            return
    print()
    tell("stopping")
    with Lock(directory):
        stack.stop()


def stop(_options, directory):
    """Stop what start or run left running."""
    with Lock(directory):
        stack = existing(directory)
        if not stack or not stack.processes:
            print("doorward does not run here.")
            return
        stack.stop()
        tell(f"stopped {stack.public_url}")


def clean():
    """Stop, and remove the state wherever it is."""
    if not os.path.isdir(VAR):
        if os.path.islink(VAR):
            os.unlink(VAR)
        return
    directory = state_directory()
    stack = existing(directory)
    if stack:
        stack.stop()
    shutil.rmtree(directory)
    if os.path.islink(VAR):
        os.unlink(VAR)


def main():
    """Parse the command line; errors are one message for a person."""
    parser = argparse.ArgumentParser(prog="python3 -m stack", description=__doc__)
    parser.add_argument("command", choices=["run", "start", "stop", "clean"])
    parser.add_argument("--server", default="apache")
    parser.add_argument("--mode", default="fastcgi")
    parser.add_argument("--port", default=8080, type=int)
    options = parser.parse_args()
    os.umask(0o022)
    try:
        if options.command == "clean":
            clean()
        elif options.command == "stop" and not os.path.exists(VAR):
            print("doorward does not run here.")
        else:
            {"run": run, "start": start, "stop": stop}[options.command](
                options, state_directory())
    except (StackError, OSError) as e:
        sys.exit(f"doorward: {e}")


if __name__ == "__main__":
    main()
