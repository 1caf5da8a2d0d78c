"""The shipped configuration while clients are slow, and while programs end in crowds."""

import glob
import os
import signal
import socket
import threading
import time

import pytest

from gate import end_gate, start_gate

SLOW_CLIENTS = 200
ENDS = 200


@pytest.fixture(scope="module", params=["apache", "lighttpd"], name="gate")
def _gate(request):
    stack = start_gate(request.param, "fastcgi")
    yield stack
    end_gate(stack)


HEAD = "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
SLOW = {"header": (HEAD, "X-{}: y\r\n"),
        "body": (HEAD + "Content-Type: application/x-www-form-urlencoded\r\n\r\n", "a{}=b&")}


class SlowClients:
    """Connections that say a little every two seconds; `open` counts those that may go on."""

    def __init__(self, stack, how):
        first, self.more = SLOW[how]
        self.port, self.first, self.done = stack.port, first.encode(), threading.Event()
        self.connections = [self.connect() for _ in range(SLOW_CLIENTS)]
        self.thread = threading.Thread(target=self.go_on)
        self.thread.start()

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.port), 20)
        connection.sendall(self.first)
        return connection

    def go_on(self):
        """One that is cut off comes again, as an attacker's would."""
        count = 0
        while not self.done.wait(2):
            count += 1
            for i, connection in enumerate(self.connections):
                try:
                    connection.sendall(self.more.format(count).encode())
                except OSError:
                    connection.close()
                    self.connections[i] = self.connect()

    def close(self):
        self.done.set()
        self.thread.join()
        for connection in self.connections:
            connection.close()


@pytest.mark.slow("watches for twelve seconds, longer than one slow connection lasts")
@pytest.mark.parametrize("how", SLOW)
def test_slow_clients_keep_nobody_out(gate, how):
    """Two hundred of them; a gated page, a refusal and an open file take no second."""
    token = gate.token()
    slow = SlowClients(gate, how)
    try:
        began, asked = time.monotonic(), 0
        while time.monotonic() - began < 12:
            for path, status in (("/members/canary.txt", 200), ("/members/admin/", 403),
                                 ("/", 200)):
                at = time.monotonic()
                assert gate.get(path, token).status == status
                assert time.monotonic() - at < 3, (path, asked)
                asked += 1
            time.sleep(0.2)
        assert asked > 60
    finally:
        slow.close()


def programs_of(stack):
    """Pids of what the server has started of ours."""
    for link in glob.glob("/proc/[0-9]*/exe"):
        try:
            if os.readlink(link).startswith(f"{stack.directory}/libexec/"):
                yield int(link.split("/")[2])
        except OSError:
            pass


class Visitors:
    """Ask for what is gated, one request after another, and note how long each took."""

    def __init__(self, stack, count):
        self.stack, self.token, self.done = stack, stack.token(), threading.Event()
        self.took, self.wrong = [], []
        self.threads = [threading.Thread(target=self.ask_on) for _ in range(count)]
        for thread in self.threads:
            thread.start()

    def ask_on(self):
        while not self.done.is_set():
            began = time.monotonic()
            try:
                status = self.stack.get("/members/canary.txt", self.token).status
            except OSError:  # a server that takes longer than twenty seconds, too
                status = 0
            self.took.append(time.monotonic() - began)
            if status not in (200, 401, 403, 500, 503):
                self.wrong.append(status)

    def close(self):
        self.done.set()
        for thread in self.threads:
            thread.join()


@pytest.mark.slow("two hundred programs end within a minute")
def test_programs_that_end_in_crowds_are_started_again(gate):
    """Killed and told to end, while visitors ask on: nobody waits for long, then or after."""
    visitors = Visitors(gate, 8)
    ended, began = 0, time.monotonic()
    try:
        while ended < ENDS:
            assert time.monotonic() - began < 100, f"only {ended} were there to be ended"
            for pid in list(programs_of(gate))[:4]:
                try:
                    os.kill(pid, (signal.SIGKILL, signal.SIGTERM)[ended % 2])
                    ended += 1
                except ProcessLookupError:
                    pass
            time.sleep(0.2)
        time.sleep(3)
    finally:
        visitors.close()
    assert not visitors.wrong
    assert max(visitors.took) < 6
    token = gate.token()
    for _ in range(20):
        at = time.monotonic()
        assert gate.get("/members/canary.txt", token).status == 200
        assert time.monotonic() - at < 2
