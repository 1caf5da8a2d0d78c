"""A private web server with everything on it that is compared: ours as shipped, the empty
responder, and the peers."""

import os
import pwd
import random
import shutil
import socket
import tempfile
import urllib.request

import keys as bench_keys
import measure
import peers
import revoked
from stack import Stack, process
from stack.stack import TREE

DISTINCT = 6000  # tokens: far more than the cache of a process holds, so that each is verified
CLIENTS = 16


def free_port():
    """A port that nobody has at the moment."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Arena:
    """One server in one mode. Settings and keys are the bench's; the rest is as shipped."""

    def __init__(self, server, mode, **settings):
        self.directory = tempfile.mkdtemp(prefix="dwb-", dir="/var/tmp")
        os.chmod(self.directory, 0o755)
        self.issuer = "https://bench.example"
        user = pwd.getpwnam("www-data" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name)
        self.keys = bench_keys.Keys(f"{self.directory}/bench-keys", self.issuer, user.pw_gid)
        self.port = free_port()
        self.settings = {"issuer": self.issuer, "audience": self.issuer,
                         "verifying_keys": "bench-keys/secret.json",
                         "database_login": None, **settings}
        self.stack = Stack(self.directory, server, mode, self.port, self.settings)
        self.stack.public_url = f"http://localhost:{self.port}"
        self.children = []
        self.tokens = {}

    def start(self):
        """Up and warm."""
        stack = self.stack
        stack.prepare()
        shutil.copy(peers.EMPTY, f"{self.directory}/libexec/empty.fcgi")
        shutil.copy(peers.SAME, f"{self.directory}/libexec/same.fcgi")
        for name in "protected", "authorizer":
            shutil.copy(f"{self.directory}/libexec/{name}.fcgi",
                        f"{self.directory}/libexec/{name}-public.fcgi")
        self._write_public_settings()
        shutil.copytree(f"{TREE}/tests/bench/peers", f"{self.directory}/php", dirs_exist_ok=True)
        stack.web.extra = peers.apache_text(self.directory, self.keys) \
            if stack.web.server == "apache" else peers.lighttpd_text(self.directory)
        write_revocations(f"{self.directory}/run/revocations", 10)
        if peers.fpm_program() and stack.web.server == "apache" and stack.web.mode == "fastcgi":
            self.children.append(peers.PhpFpm(self.directory, stack.web_user).start())
        stack.start_web()
        self._keep_answer()
        self.warm()

    def _keep_answer(self):
        """What ours answers, for the program that only repeats it."""
        request = urllib.request.Request(self.url("/protected"), headers={
            "Authorization": f"Bearer {self.keys.token('HS256')}"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            ours = [f"{name}: {value}\r\n" for name, value in answer.getheaders()
                    if name not in ("Date", "Server", "Connection", "Accept-Ranges")]
            text = "".join(["Status: 200 OK\r\n", *ours, "\r\n"]).encode() + answer.read()
        with open(f"{self.directory}/libexec/same.fcgi.answer", "wb") as f:
            f.write(text)

    def _write_public_settings(self):
        """A secret and public keys are refused in one set: the copies have settings of their
        own."""
        with open(self.stack.conf, encoding="utf-8") as f:
            text = f.read().replace("secret.json", "public.json")
        with open(f"{self.directory}/public.conf", "w", encoding="utf-8") as f:
            f.write(text.replace("rule = /members ", "rule = / "))

    def warm(self):
        """Each program's processes, more than there are clients, and no new one in a run."""
        paths = ["/protected", "/protected-public", "/empty",
                 "/same", "/members/", "/gated-public"]
        for some in paths[:3], paths[3:]:  # Apache serves 64 at once
            self.stack.web.warm(some, CLIENTS + 4)
        for path in paths:
            measure.wrk(self.url(path), 1, CLIENTS)

    def url(self, path):
        """An address of this server."""
        return f"http://127.0.0.1:{self.port}{path}"

    @staticmethod
    def page(path, alg):
        """Where `path` is verified with the key of that algorithm."""
        other = {"/protected": "/protected-public", "/members/": "/gated-public"}
        return path if alg == "HS256" else other.get(path, path)

    def bearer(self, alg):
        """The header with one token, always the same."""
        if alg not in self.tokens:
            self.tokens[alg] = self.keys.token(alg)
        return [f"Authorization: Bearer {self.tokens[alg]}"]

    def repeated(self, path, alg, seconds):
        """A run with one token; a function, for interleaving."""
        path = self.page(path, alg)
        headers = self.bearer(alg)
        return lambda: measure.wrk(self.url(path), seconds, CLIENTS, headers=headers)

    def distinct(self, path, alg, seconds):
        """A run in which no token comes twice before all have come."""
        path = self.page(path, alg)
        name = f"distinct {alg}"
        if name not in self.tokens:
            self.tokens[name] = self.keys.tokens(alg, DISTINCT)
        file = self.tokens[name]
        return lambda: measure.wrk(self.url(path), seconds, CLIENTS, "tokens.lua",
                                   [file, str(random.randrange(DISTINCT))])

    def plain(self, path, seconds):
        """A run without any token."""
        return lambda: measure.wrk(self.url(path), seconds, CLIENTS)

    def node(self, library, alg, seconds):
        """A run against Node's own server, which is started here."""
        port = free_port()
        child = peers.start_node(library, alg, port, f"{self.keys.directory}/{alg}.key",
                                 self.issuer, f"{self.directory}/log/node.log")
        self.children.append(child)
        headers = self.bearer(alg)
        process.wait_until(lambda: answers(port), 10)
        return lambda: measure.wrk(f"http://127.0.0.1:{port}/", seconds, CLIENTS, headers=headers)

    def stop(self):
        """Everything that was started here, and the directory."""
        self.stack.stop_web()
        for child in self.children:
            process.stop(child, patience=5)
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()


def answers(port):
    """Whether somebody listens there."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False


def write_revocations(path, n):
    """Revocation files with n sessions that are not ours in each."""
    soon, later = ({f"{random.getrandbits(32):08x}-0000-4000-8000-{i:012x}": 9999999999
                    for i in range(n)} for _ in range(2))
    revoked.write(path, soon, later, written=1)
    for one in path, revoked.later_of(path):
        os.utime(one, (1, 1))  # old, or it counts as still being written to
