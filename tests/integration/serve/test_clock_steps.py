"""A clock that is set while a program runs: libfaketime moves it, and not CLOCK_BOOTTIME."""

import glob
import os
import time

import pytest
from programs import FastCGI, Site

FAKETIME = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")


class Clock:
    """A program under a clock of its own."""

    def __init__(self, ahead="+0"):
        self.site = Site()
        self.set(ahead)
        self.process = FastCGI(self.site, DOORWARD_CONFIG=self.site.conf, LD_PRELOAD=FAKETIME[0],
                               FAKETIME_TIMESTAMP_FILE=f"{self.site.directory}/ahead",
                               FAKETIME_NO_CACHE="1", FAKETIME_DONT_FAKE_MONOTONIC="1")

    def set(self, ahead):
        """Move it so far from the right time."""
        self.site.write("ahead.new", ahead)
        os.rename(f"{self.site.directory}/ahead.new", f"{self.site.directory}/ahead")

    def ask(self, **claims):
        """The status of a request with a good token."""
        token = self.site.signer.sign(**claims)
        return self.process.ask(
            self.site.variables(HTTP_AUTHORIZATION=f"Bearer {token}")).status

    def asked_for(self, seconds, **claims):
        """The statuses of requests all that time."""
        end, seen = time.monotonic() + seconds, set()
        while time.monotonic() < end:
            seen.add(self.ask(**claims))
        return seen


@pytest.fixture(name="start")
def _start():
    started = []

    def start(*argv):
        started.append(Clock(*argv))
        return started[-1]
    yield start
    for clock in started:
        clock.process.close()
        clock.site.close()


@pytest.mark.parametrize("ahead", ["+100", "+1h", "+13y"])
def test_a_moment_ahead_costs_nothing_when_it_is_over(start, ahead):
    clock = start()
    assert clock.asked_for(1.5) == {200}
    clock.set(ahead)
    assert clock.asked_for(0.3) == {200 if ahead == "+100" else 401}  # has run out by then
    clock.set("+0")
    assert clock.asked_for(0.3) == {200}


def test_a_clock_first_seen_in_2039_is_forgotten_without_a_restart(start):
    clock = start("+13y")
    assert clock.asked_for(0.3) == {401}
    clock.set("+0")
    time.sleep(0.1)
    assert clock.asked_for(0.1) <= {200, 503}
    time.sleep(0.5)
    assert clock.asked_for(0.3) == {200}


def test_a_clock_set_back_is_refused_while_it_is_doubted(start):
    clock = start()
    over = {"iat": int(time.time()) - 1200, "exp": int(time.time()) - 600}
    assert clock.asked_for(1.5, **over) == {401}
    clock.set("-1000")
    assert clock.asked_for(0.3, **over) == {503}  # and not 200
    clock.set("+0")
    assert clock.asked_for(0.1, **over) == {401}
    with open(clock.process.log, encoding="utf-8") as f:
        assert "event=not_ready what=clock" in f.read()
