"""The guide "A members' area on shared hosting", followed command by command under suexec: what is
uploaded, typed in a shell of the owner, and clicked by the first member."""

import glob
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import pytest

from client import Client, hidden_fields
from gate import CANARY, NAVIGATION, end_gate, free_port
from stack import process
from stack.stack import TREE
from test_portable import AS_ROOT, OWNER, SuexecHost, make_account

PASSWORD = "otters sleep on their backs"
GUIDE = f"{TREE}/doc/how-to/members-area.md"

pytestmark = pytest.mark.takes("a package is made, unpacked and set up, and Apache runs it by suexec")


def blocks():
    """What the guide says to type, in its order."""
    with open(GUIDE, encoding="utf-8") as f:
        return re.findall(r"^```sh\n(.*?)^```", f.read(), re.S | re.M)


class Shell:
    """The owner's shell on the host: a terminal, in which passwords are asked for."""

    def __init__(self, home):
        self.said, self.home = "", home
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            entry = process.as_user(OWNER)
            os.setgroups([])
            os.setgid(entry["group"])
            os.setuid(entry["user"])
            os.chdir("/")
            os.execve("/bin/sh", ["sh"], {"HOME": home, "PATH": "/usr/bin:/bin", "PS1": "",
                                          "LC_ALL": "C.UTF-8"})

    def type(self, commands):
        """Have them done, and type the password wherever one is asked for; what they said. From a
        file: a prompt for a password throws away what was typed before it."""
        begun = len(self.said)
        with open(f"{self.home}/../typed", "w", encoding="utf-8") as f:
            f.write(commands)
        os.chmod(f"{self.home}/../typed", 0o644)
        os.write(self.terminal, f"set -e; . {self.home}/../typed; echo \"ended $?\"\n".encode())
        answered, until = begun, time.monotonic() + 20
        while not re.search(r"^ended \d+\r?$", self.said[begun:], re.M):
            assert time.monotonic() < until, self.said
            if select.select([self.terminal], [], [], 0.2)[0]:
                self.said += self.read()
            for asked in re.finditer(r"(?i)(password|again)[^\n]*: ?$", self.said[answered:]):
                answered += asked.end()
                os.write(self.terminal, f"{PASSWORD}\n".encode())
        said = self.said[begun:]
        assert re.search(r"^ended 0\r?$", said, re.M), said
        return said

    def read(self):
        """What is there; the shell ends at a command that fails."""
        try:
            return os.read(self.terminal, 65536).decode()
        except OSError:
            raise AssertionError(self.said) from None

    def close(self):
        os.close(self.terminal)
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)


class Web(SuexecHost):
    """A host with a home directory that is empty until somebody uploads something."""

    def open_home(self):
        home = f"{self.directory}/ann"
        os.makedirs(f"{home}/public_html")
        for path in home, f"{home}/public_html":
            shutil.chown(path, OWNER)
            os.chmod(path, 0o755)
        mailer = f"{self.directory}/sendmail"
        self._write(mailer, f"#!/bin/sh\ncat >>{home}/mailbox\n", mode=0o755)
        return home, mailer


def follow(link, client):
    """Open what a mail carries; the page with the form."""
    answer = client.get(link)
    assert answer.status_code == 303, answer.text
    return client.get("/account/link")


def mails(home):
    """All that the host's program was given."""
    try:
        with open(f"{home}/mailbox", encoding="utf-8") as f:
            return f.read().replace("=\n", "").replace("=3D", "=")
    except FileNotFoundError:
        return ""


@pytest.fixture(name="host")
def _host():
    directory = tempfile.mkdtemp(prefix="doorward-members-", dir="/var/tmp")
    os.chmod(directory, 0o755)
    host = Web(directory, "apache", "fastcgi", free_port())
    try:
        host.prepare()
        yield host
    finally:
        end_gate(host)


def first_try(host, postgres):
    """The guide from top to bottom; the member's browser, who is signed in at the end."""
    home, mailer = host.open_home()
    made = subprocess.run([f"{TREE}/tools/portable/pack", f"{TREE}/build",
                           f"{host.directory}/doorward-0-x"], cwd=TREE, check=True,
                          capture_output=True, text=True).stdout.strip()
    shutil.copy(made, home)
    shell = Shell(home)
    url = f"http://localhost:{host.port}"
    place = {"https://ann.example": url, "host=127.0.0.1 dbname=ann user=ann":
             f"host={postgres.socket} dbname=ann user=doorward_login",
             "127.0.0.1:5432:ann:ann:PASSWORD": "localhost:5432:ann:doorward_login:x",
             "/usr/sbin/sendmail": mailer}
    try:
        for number, commands in enumerate(blocks()):
            for word, ours in place.items():
                commands = commands.replace(word, ours)
            if "user show bea" in commands:
                client = come_in(host, home)
            said = shell.type(commands)
            if number == 1:
                host.start_web()
                host._write(f"{home}/public_html/members/canary.txt", CANARY + "\n")
                [link] = re.findall(rf"^{url}(/account/link\?token=dws_[\w-]+)\r?$", said, re.M)
                make_account(host, link, "ann", PASSWORD)
                assert follow_again(Client(host, browser=True), link) == 410
        assert "name         bea" in said and "bea@example.org, verified" in said
        return client
    finally:
        shell.close()


def come_in(host, home):
    """Bea opens the link of her mail, chooses a name and a password, and signs in."""
    assert "bea@example.org" in mails(home), mails(home)
    assert "ann@ann.example" in mails(home), "the test mail"
    [link] = set(re.findall(r"/account/link\?token=[\w-]+", mails(home)))
    client = Client(host, browser=True)
    page = follow(link, client)
    answer = client.post("/account/link", data={**hidden_fields(page.text), "username": "bea",
                                                "password": PASSWORD, "repeat": PASSWORD})
    assert answer.status_code == 303, answer.text
    assert follow_again(client, link) == 410
    form = client.get(answer.headers["Location"])
    answer = client.post("/login", data={**hidden_fields(form.text), "username": "Bea@example.org",
                                         "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return client


def follow_again(client, link):
    return client.get(link).status_code


def test_the_guide_leads_from_upload_to_the_first_member(host, apache):
    if AS_ROOT:  # suexec changes users
        again = f"{__file__}::test_the_guide_leads_from_upload_to_the_first_member"
        assert subprocess.run(AS_ROOT + [sys.executable, "-m", "pytest", "-q", "-p",
                                         "no:cacheprovider", again], check=False).returncode == 0
        return
    postgres = apache.postgres
    with open(f"{postgres.data}/pg_ident.conf", "a", encoding="utf-8") as f:
        f.write(f"doorward {OWNER} doorward_login\n")
    postgres.sql("SELECT pg_reload_conf()")
    postgres.sql("create database ann owner doorward_login")
    os.chmod(postgres.socket, 0o755)  # the host's customers may connect
    try:
        client = first_try(host, postgres)
        assert Client(host).get("/members/canary.txt").status_code == 401
        assert CANARY in client.get("/members/canary.txt").text
        assert client.get("/members/admin/", headers=dict(NAVIGATION)).status_code == 403
        assert "bea@example.org" in client.get("/account").text
        programs = glob.glob(f"{host.directory}/ann/public_html/doorward/*.fcgi")
        assert len(programs) >= 5 and not os.path.exists(f"{host.directory}/ann/database.sql")
        keys = os.stat(f"{host.directory}/ann/doorward/mail.key")
        assert keys.st_mode & 0o077 == 0
    finally:
        postgres.sql("drop database if exists ann with (force)")
        os.chmod(postgres.socket, 0o750)
