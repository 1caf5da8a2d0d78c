"""Processes that outlive their starter, known by pid and start time, ended by pid."""

import os
import pwd
import signal
import subprocess
import time


class StackError(Exception):
    """What a person can act on; the message is all they see."""


def started_at(pid):
    """When `pid` was started, in clock ticks since boot; None when it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as f:
            fields = f.read().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else int(fields[19])


def is_alive(process):
    """`process` is what start() gave: a reused pid is somebody else's."""
    return bool(process) and started_at(process["pid"]) == process["started"]


def as_user(user):
    """The arguments that make subprocess run as `user`; none when we are that user."""
    entry = pwd.getpwnam(user)
    if os.geteuid() == entry.pw_uid:
        return {}
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def start(argv, log, user=None, stdin=subprocess.DEVNULL, **options):
    """Start `argv` in a session of its own with its output in the file `log`."""
    with open(log, "ab") as output:
        child = subprocess.Popen(
            argv, stdin=stdin, stdout=output, stderr=output, start_new_session=True,
            **(as_user(user) if user else {}), **options)
    return {"pid": child.pid, "started": started_at(child.pid)}


def stop(process, number=signal.SIGTERM, patience=10):
    """End `process` and wait until it is gone; SIGKILL when it does not go."""
    for attempt in (number, signal.SIGKILL):
        if not is_alive(process):
            break
        try:
            os.kill(process["pid"], attempt)
        except ProcessLookupError:
            break  # it ended meanwhile
        if attempt == signal.SIGKILL:
            end_group(process)
        wait_until(lambda: not is_alive(process), patience)
    reap(process)


def end_group(process):
    """The children of one that cannot end them any more: start() gave it a group of its own."""
    try:
        os.killpg(process["pid"], signal.SIGKILL)
    except ProcessLookupError:
        pass


def reap(process):
    """A child of ours leaves a zombie; somebody else's does not."""
    if process:
        try:
            os.waitpid(process["pid"], os.WNOHANG)
        except ChildProcessError:
            pass


def wait_until(condition, patience=10, interval=0.02):
    """Whether `condition()` came true within `patience` seconds."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(interval)
    return True


def run(argv, user=None, **options):
    """Run `argv` to its end; its output is in the error when it fails."""
    done = subprocess.run(argv, capture_output=True, text=True, check=False,
                          **(as_user(user) if user else {}), **options)
    if done.returncode != 0:
        raise StackError(f"{' '.join(map(str, argv))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout
