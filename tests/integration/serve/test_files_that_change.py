"""Files that are broken under a running program: what stays, for how long, and who refuses."""

import glob
import json
import os
import resource
import time

import pytest
import revoked
from programs import FastCGI, Signer, Site

FAKETIME = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
NOTICED = 3.5  # keys within a second; settings are left alone for two


class Running:
    """A program whose time can be moved, and that of nobody else."""

    def __init__(self, program="protected", **environment):
        self.site = Site(revocation="on", revocation_file="revoked")
        self.revoke()
        self.token = self.site.signer.sign(exp=int(time.time()) + 3600)
        self.write("ahead", "+0")
        if "FAKETIME_TIMESTAMP_FILE" in environment:
            environment["FAKETIME_TIMESTAMP_FILE"] = self.path("ahead")
        self.process = FastCGI(self.site, program, DOORWARD_CONFIG=self.site.conf, **environment)

    def path(self, name):
        """Of a file beside the settings."""
        return f"{self.site.directory}/{name}"

    def write(self, name, text, mode=0o644):
        """Put a file in its place, as it should be done."""
        self.site.write(name + ".new", text)
        os.chmod(self.path(name + ".new"), mode)
        os.rename(self.path(name + ".new"), self.path(name))

    def revoke(self):
        """Revocation files that name nobody."""
        revoked.write(self.path("revoked"))

    def ask(self):
        """The status of a request with a good token, and of one to a new process."""
        bearer = {"HTTP_AUTHORIZATION": f"Bearer {self.token}"}
        return self.process.ask(self.site.variables(**bearer)).status

    def ask_new(self):
        """The same of a new process, as under plain CGI."""
        return self.site.cgi(HTTP_AUTHORIZATION=f"Bearer {self.token}").status

    def log(self):
        """What the program has said."""
        with open(self.process.log, encoding="utf-8") as f:
            return f.read()

    def until(self, condition):
        """Ask until it is so; the statuses on the way."""
        end, seen = time.monotonic() + NOTICED, []
        while time.monotonic() < end:
            seen.append(self.ask())
            if condition(seen[-1]):
                return seen
            time.sleep(0.05)
        raise AssertionError(seen)


@pytest.fixture(name="start")
def _start():
    started = []

    def start(*argv, **environment):
        started.append(Running(*argv, **environment))
        return started[-1]
    yield start
    for running in started:
        running.process.close()
        running.site.close()


@pytest.fixture(name="running")
def _running(start):
    running = start()
    assert running.ask() == running.ask_new() == 200
    return running


def good_text(running, name):
    """What stands in the file."""
    with open(running.path(name), encoding="utf-8") as f:
        return f.read()


@pytest.mark.parametrize("name,what,bad", [
    ("keys.json", "keys", "{"), ("doorward.conf", "settings", "public_url = ")])
def test_the_last_good_one_stays_for_ten_minutes_and_no_longer(start, name, what, bad):
    running = start(LD_PRELOAD=FAKETIME[0], FAKETIME_NO_CACHE="1",
                    FAKETIME_TIMESTAMP_FILE="ahead")
    assert running.ask() == 200
    good = good_text(running, name)
    running.write(name, bad)
    said = f"event=file_refused_old_one_stays what={what} seconds_left=5"
    assert set(running.until(lambda _: said in running.log())) == {200}
    assert running.ask_new() == 503
    running.write("ahead", "+540")
    assert running.ask() == 200
    assert running.log().count("event=file_refused_old_one_stays") == 2  # each minute
    running.write("ahead", "+600")
    assert running.ask() == 503
    assert f"event=file_refused what={what}" in running.log()
    running.write(name, bad + "\n\n")
    assert {running.ask() for _ in range(5)} == {503}
    running.write(name, good)
    running.until(lambda status: status == 200)
    assert f"event=file_good_again what={what}" in running.log()


@pytest.mark.parametrize("name", ["keys.json", "doorward.conf", "revoked", "revoked.later"])
@pytest.mark.parametrize("how", ["gone", "mode"])
def test_what_is_gone_or_writable_by_all_refuses_at_once(running, name, how):
    if how == "gone":
        os.rename(running.path(name), running.path("away"))
    else:
        os.chmod(running.path(name), 0o666)
    seen = running.until(lambda status: status == 503)
    if name != "keys.json":
        assert seen == [503]
    assert running.ask_new() == 503
    if how == "gone":
        os.rename(running.path("away"), running.path(name))
    else:
        os.chmod(running.path(name), 0o644)
    running.until(lambda status: status == 200)


@pytest.mark.parametrize("name", ["revoked", "revoked.later"])
@pytest.mark.parametrize("text", ["", "doorward-revocations 2 000000001", "x" * 128])
def test_a_broken_revocation_file_refuses_at_once(running, name, text):
    running.write(name, text)
    assert running.ask() == running.ask_new() == 503
    assert "event=file_refused what=revocations" in running.log()
    running.revoke()
    assert running.ask() == running.ask_new() == 200


def test_a_set_without_a_key_refuses_at_once(running):
    running.write("keys.json", json.dumps({"keys": []}))
    running.until(lambda status: status == 503)
    assert running.ask_new() == 503


def test_a_read_that_failed_for_a_moment_is_tried_again_though_nothing_changed(running):
    new = Signer("new")
    time.sleep(0.1)
    assert running.ask() == 200  # the other files are read for the last time
    time.sleep(0.2)  # the connection is closed
    limit = resource.prlimit(running.process.process.pid, resource.RLIMIT_NOFILE)
    descriptors = len(os.listdir(f"/proc/{running.process.process.pid}/fd"))
    resource.prlimit(running.process.process.pid, resource.RLIMIT_NOFILE,
                     (descriptors + 1, limit[1]))  # enough for a request
    running.write("keys.json", json.dumps({"keys": [new.public()]}))
    running.until(lambda _: "Too many open files" in running.log())
    assert running.ask() == 200  # the old ones
    resource.prlimit(running.process.process.pid, resource.RLIMIT_NOFILE, limit)
    assert running.ask() == 401
    running.token = new.sign()
    assert running.ask() == 200


def test_rules_that_cannot_be_read_leave_the_last_good_ones(start):
    running = start("authorizer")
    good = good_text(running, "doorward.conf")

    def ask(path, process=running.process):
        return process.ask(running.site.variables(uri=path), role=FastCGI.AUTHORIZER).status

    running.write("doorward.conf", good + "rule = /members signed-in\n")
    time.sleep(2.1)
    assert (ask("/members/x"), ask("/login")) == (401, 200)
    running.write("doorward.conf", good + "rule = /members open unless raining\n")
    time.sleep(2.1)
    assert (ask("/members/x"), ask("/login")) == (401, 200)
    assert "event=file_refused_old_one_stays what=settings" in running.log()
    new = FastCGI(running.site, "authorizer", tcp=True, DOORWARD_CONFIG=running.site.conf)
    assert ask("/login", new) == 503
    new.close()
