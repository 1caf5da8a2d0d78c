"""One FastCGI process on a socket of its own, and what a request costs it: CPU time,
instructions, system calls, allocations, memory. None of this depends on who else uses the
machine as much as a clock does."""

import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time

RESPONDER, AUTHORIZER = 1, 2
END = struct.pack("!BBHHBx", 1, 3, 1, 8, 0)


def record(kind, content):
    """One FastCGI record of request 1 (FastCGI 1.0, 3.3)."""
    return struct.pack("!BBHHBx", 1, kind, 1, len(content), 0) + content


def name_value(name, value):
    """A name-value pair (3.4)."""
    def length(n):
        return struct.pack("!B", n) if n < 128 else struct.pack("!I", n | 0x80000000)
    name, value = name.encode(), value.encode()
    return length(len(name)) + length(len(value)) + name + value


def message(variables, body=b"", role=RESPONDER):
    """A whole request as a web server sends it."""
    pairs = b"".join(name_value(k, v) for k, v in variables.items())
    return (record(1, struct.pack("!HB5x", role, 0)) + record(4, pairs) + record(4, b"") +
            (record(5, body) if body else b"") + record(5, b""))


# What Apache gives a program besides what is asked: a request has some thirty variables.
SERVER_VARIABLES = {
    "HTTP_HOST": "localhost:8080", "HTTP_ACCEPT": "*/*", "HTTP_USER_AGENT": "curl/7.88.1",
    "PATH": "/usr/local/bin:/usr/bin:/bin", "SERVER_SIGNATURE": "", "SERVER_SOFTWARE": "Apache",
    "SERVER_NAME": "localhost", "SERVER_ADDR": "127.0.0.1", "SERVER_PORT": "8080",
    "REMOTE_ADDR": "127.0.0.1", "DOCUMENT_ROOT": "/srv/www", "REQUEST_SCHEME": "http",
    "CONTEXT_PREFIX": "/protected", "SERVER_ADMIN": "[no address given]",
    "CONTEXT_DOCUMENT_ROOT": "/usr/local/libexec/doorward/protected.fcgi",
    "SCRIPT_FILENAME": "/usr/local/libexec/doorward/protected.fcgi", "REMOTE_PORT": "40000",
    "GATEWAY_INTERFACE": "CGI/1.1", "SERVER_PROTOCOL": "HTTP/1.1", "REQUEST_METHOD": "GET",
    "QUERY_STRING": "", "REQUEST_URI": "/protected", "SCRIPT_NAME": "/protected",
}


def request(token=None, body=b"", role=RESPONDER, **more):
    """The bytes of one request; a token goes into Authorization."""
    variables = dict(SERVER_VARIABLES, **more)
    if token:
        variables["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    if body:
        variables["CONTENT_LENGTH"] = str(len(body))
    return message(variables, body, role)


class Worker:
    """A process; `wrapper` (valgrind, strace) may stand in front of it."""

    def __init__(self, program, conf=None, wrapper=(), user=None):
        self.directory = tempfile.mkdtemp(prefix="dww-", dir="/var/tmp")
        os.chmod(self.directory, 0o755)
        self.path = f"{self.directory}/s"
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
        if conf:
            environment["DOORWARD_CONFIG"] = conf
        with socket.socket(socket.AF_UNIX) as listener, \
                open(f"{self.directory}/log", "wb") as log:
            listener.bind(self.path)
            listener.listen(64)
            self.process = subprocess.Popen([*wrapper, program], stdin=listener, stdout=log,
                                            stderr=log, env=environment, cwd="/",
                                            **({"user": user} if user else {}))

    def send(self, data):
        """One request; the bytes of its answer."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(60)
            connection.connect(self.path)
            connection.sendall(data)
            received = []
            while chunk := connection.recv(65536):
                received.append(chunk)
        return b"".join(received)

    def must(self, data, status=b"Status: 200"):
        """One request that has to go well."""
        answer = self.send(data)
        if status not in answer:
            with open(f"{self.directory}/log", encoding="utf-8", errors="replace") as f:
                raise RuntimeError(f"{answer[:300]!r}\n{f.read()[-1000:]}")

    def drive(self, requests, n):
        """n requests, those of the list in turn."""
        for i in range(n):
            self.send(requests[i % len(requests)])

    def cpu_ns(self):
        """CPU time that the process has had."""
        with open(f"/proc/{self.process.pid}/schedstat", encoding="ascii") as f:
            return int(f.read().split()[0])

    def cpu_us(self, requests, n):
        """CPU microseconds a request."""
        before = self.cpu_ns()
        self.drive(requests, n)
        return (self.cpu_ns() - before) / n / 1000

    def log(self):
        """What it and its wrapper wrote."""
        with open(f"{self.directory}/log", encoding="utf-8", errors="replace") as f:
            return f.read()

    def end(self):
        """Let it finish by itself, so that a wrapper writes its report."""
        children = subprocess.run(["pgrep", "-P", str(self.process.pid)], check=False,
                                  capture_output=True, text=True).stdout.split()
        os.kill(int(children[0]) if children else self.process.pid, signal.SIGTERM)
        self.process.wait(60)

    def close(self):
        """End it and remove its directory."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(20)
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not os.path.exists(self.path):
            time.sleep(0.01)
        return self

    def __exit__(self, *_):
        self.close()


def difference(count, requests, n):
    """`count(k)` of a run with k requests: what one request adds."""
    return (count([*requests], 2 * n) - count([*requests], n)) / n


def instructions(program, conf, requests, n):
    """Instructions of one request in the steady state, by callgrind."""
    def count(these, k):
        with Worker(program, conf, ["valgrind", "--tool=callgrind",
                                    "--callgrind-out-file=/dev/null"]) as w:
            w.drive(these, k)
            w.end()
            return int(re.search(r"Collected : (\d+)", w.log())[1])
    return difference(count, requests, n)


def allocations(program, conf, requests, n):
    """Calls of malloc that one request makes in the steady state, by memcheck."""
    def count(these, k):
        with Worker(program, conf, ["valgrind", "--leak-check=no"]) as w:
            w.drive(these, k)
            w.end()
            return int(re.search(r"total heap usage: ([\d,]+) allocs",
                                 w.log())[1].replace(",", ""))
    return difference(count, requests, n)


def system_calls(program, conf, requests, n):
    """name: calls a request in the steady state, by strace."""
    counts = []
    for k in (n, 2 * n):
        with Worker(program, conf, ["strace", "-f", "-c", "-S", "calls"]) as w:
            w.drive(requests, k)
            w.end()
            counts.append({m[2]: int(m[1]) for m in re.finditer(
                r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$", w.log(), re.M)
                if m[2] != "total"})
    calls = {name: (more - counts[0].get(name, 0)) / n for name, more in counts[1].items()}
    return {name: round(k, 2) for name, k in calls.items() if k >= 0.05}
