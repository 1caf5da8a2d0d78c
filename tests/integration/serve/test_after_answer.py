"""Work after the answer: nobody waits for it, and nothing ends it too early."""

import os
import shutil
import signal
import subprocess
import time

import pytest
import requests
from programs import FastCGI, Site
from servers import FRONTS, TREE, end_stack, new_stack

STEPS, SECONDS = 30, 1.2


class Program:
    """tests/support/after.c, and what it says it did."""

    def __init__(self, place):
        self.trail = f"{place}/trail"
        self.path = f"{place}/after.fcgi"
        with open(self.trail, "w", encoding="utf-8"):
            pass
        os.chmod(self.trail, 0o666)
        subprocess.run(["cc", "-D_GNU_SOURCE", f'-DTRAIL="{self.trail}"', f"-I{TREE}/lib",
                        "-o", self.path, f"{TREE}/tests/support/after.c",
                        f"{TREE}/build/libauth.a", "-lfcgi", "-ljansson", "-lcrypto", "-lm"],
                       check=True)

    def lines(self):
        """(what, process, has a session of its own, standard output) of each line."""
        with open(self.trail, encoding="utf-8") as f:
            return [line.rstrip("\n").split(" ", 3) for line in f]

    def steps(self):
        """Those of the steps."""
        return [line for line in self.lines() if line[0] == "step"]

    def wait(self, count=STEPS, seconds=10):
        """Until so many steps are done."""
        end = time.monotonic() + seconds
        while len(self.steps()) < count:
            assert time.monotonic() < end, self.lines()
            time.sleep(0.02)


@pytest.fixture(name="program")
def _program(tmp_path):
    os.chmod(tmp_path, 0o755)
    return Program(tmp_path)


@pytest.fixture(name="process")
def _process(program, monkeypatch):
    """The program as one FastCGI process."""
    site = Site()
    monkeypatch.setattr("programs.BUILD", os.path.dirname(program.path))
    process = FastCGI(site, "after", DOORWARD_CONFIG=site.conf)
    process.site = site
    yield process
    process.close()
    site.close()


@pytest.fixture(name="front", params=FRONTS, ids="-".join)
def _front(request):
    """A web server with the program in the place of `protected`."""
    place = f"/var/tmp/doorward-after-{os.getpid()}"
    os.makedirs(place)
    stack = new_stack(*request.param)
    try:
        os.chmod(place, 0o755)
        program = Program(place)
        stack.build = f"{place}/build"
        shutil.copytree(f"{TREE}/build", stack.build,
                        ignore=lambda _, names: [n for n in names if not n.endswith(".fcgi")])
        shutil.copyfile(program.path, f"{stack.build}/protected.fcgi")
        stack.prepare()
        stack.start_web()
        yield stack, program
    finally:
        end_stack(stack)
        shutil.rmtree(place)


def test_the_client_does_not_wait_and_the_work_is_done(front):
    stack, program = front
    begun = time.monotonic()
    assert requests.get(f"http://localhost:{stack.port}/protected?work", timeout=20).text == "done\n"
    assert time.monotonic() - begun < SECONDS / 2
    begun = time.monotonic()
    assert requests.get(f"http://localhost:{stack.port}/protected", timeout=20).text == "done\n"
    assert time.monotonic() - begun < SECONDS / 2
    assert len(program.steps()) < STEPS
    program.wait()
    time.sleep(0.2)
    assert len(program.steps()) == STEPS
    if stack.web.mode == "cgi":
        for _, process, leads, output in program.steps():
            assert (leads, output) == ("1", "/dev/null")
            assert process not in [line[1] for line in program.lines() if line[0] == "request"]


def test_a_duty_that_is_due_is_done_without_a_word_of_the_handler_and_stops_for_a_request(
        process, program):
    def said(what):
        return [line for line in program.lines() if line[0] == what]
    assert process.ask(process.site.variables(uri="/after?duty")).status == 200
    end = time.monotonic() + 10
    while len(said("duty")) < 3:
        assert time.monotonic() < end
    begun = time.monotonic()
    assert process.ask(process.site.variables(uri="/after")).status == 200
    assert time.monotonic() - begun < 0.5
    assert len(said("stopped")) == 1 and len(said("duty")) < STEPS
    while len(said("duty")) < STEPS:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert said("step") == []


def test_a_request_that_waits_comes_first(process, program):
    assert process.ask(process.site.variables(uri="/after?work")).status == 200
    program.wait(3)
    begun = time.monotonic()
    assert process.ask(process.site.variables(uri="/after")).status == 200
    assert time.monotonic() - begun < 0.5
    program.wait()
    kinds = [line[0] for line in program.lines()]
    second = kinds.index("request", 1)
    assert 3 <= kinds[:second].count("step") < STEPS
    assert kinds.count("step") == STEPS
    assert len({line[1] for line in program.lines()}) == 1


def test_so_does_one_on_a_connection_that_was_kept(process, program):
    connection = process.connect(process.site.variables(uri="/after?work"), keep=True)
    process.read_one(connection)
    program.wait(3)
    begun = time.monotonic()
    process.begin(connection, process.site.variables(uri="/after"))
    process.read_one(connection)
    assert time.monotonic() - begun < 0.5
    connection.close()
    program.wait()


def test_a_process_that_is_told_to_end_does(process, program):
    assert process.ask(process.site.variables(uri="/after?work")).status == 200
    program.wait(3)
    process.process.send_signal(signal.SIGTERM)
    assert process.process.wait(timeout=SECONDS / 2) == 0
    assert len(program.steps()) < STEPS


def test_a_handler_that_leaves_nothing_has_nothing_done(process, program):
    assert process.ask(process.site.variables(uri="/after")).status == 200
    time.sleep(0.2)
    assert program.steps() == []


def test_where_nothing_is_left_a_cgi_program_does_not_fork(program, monkeypatch):
    site = Site()
    monkeypatch.setattr("programs.BUILD", os.path.dirname(program.path))
    assert site.cgi("after", uri="/after").status == 200
    assert len(program.lines()) == 1
    begun = time.monotonic()
    assert site.cgi("after", uri="/after?work").status == 200
    assert time.monotonic() - begun < SECONDS / 2
    program.wait()
    site.close()
