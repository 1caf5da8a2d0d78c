"""The file of `log` under a running program: a full disk, a rotation, another setting."""

import os
import resource
import time

import pytest
from programs import FastCGI, Site


@pytest.fixture(name="site")
def _site():
    site = Site(log="doorward.log")
    yield site
    site.close()


@pytest.fixture(name="process")
def _process(site):
    process = FastCGI(site, DOORWARD_CONFIG=site.conf)
    yield process
    process.close()


def refuse_a_token(site, process):
    """A request that leaves one line."""
    assert process.ask(site.variables(HTTP_AUTHORIZATION="Bearer x")).status == 401


def read(path):
    """A file's text; empty where there is none."""
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as f:
        return f.read()


def test_after_a_full_disk_the_file_is_used_again(site, process):
    path = f"{site.directory}/doorward.log"
    refuse_a_token(site, process)
    first = os.stat(path).st_size
    soft, hard = resource.prlimit(process.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.process.pid, resource.RLIMIT_FSIZE, (first + 20, hard))
    for _ in range(3):
        refuse_a_token(site, process)
    assert os.stat(path).st_size == first + 20
    resource.prlimit(process.process.pid, resource.RLIMIT_FSIZE, (soft, hard))
    refuse_a_token(site, process)
    lines = read(path).splitlines()
    assert [line.startswith("time=") for line in lines] == [True] * 3
    assert "event=token_refused" in lines[0] and "event=token_refused" in lines[2]
    assert process.process.poll() is None


def test_a_rotated_file_is_left_alone(site, process):
    path = f"{site.directory}/doorward.log"
    refuse_a_token(site, process)
    os.rename(path, path + ".1")
    refuse_a_token(site, process)
    refuse_a_token(site, process)
    assert read(path + ".1").count("token_refused") == 1
    assert read(path).count("token_refused") == 2


def test_without_the_setting_the_log_is_the_servers_again(site, process):
    path = f"{site.directory}/doorward.log"
    refuse_a_token(site, process)
    settings = read(site.conf)
    site.write("doorward.conf", settings.replace("log = doorward.log\n", ""))
    end = time.monotonic() + 5
    while "token_refused" not in read(process.log) and time.monotonic() < end:
        refuse_a_token(site, process)
        time.sleep(0.2)
    had = read(path)
    refuse_a_token(site, process)
    assert read(path) == had
    assert "event=token_refused" in read(process.log)
