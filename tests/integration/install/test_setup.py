"""./setup and ./upgrade of the package: what they ask, what they refuse, and what a site answers
between the SQL that was pasted and the programs that were uploaded."""

import glob
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import time

import pytest

import package as packages
from client import Client
from gate import end_gate, free_port
from places import new_directory
from shared_host import SharedHost
from stack import process
from stack.stack import TREE
from test_portable import link_to, make_account, set_up
from tickets import make_ticket

PASSWORD = "correct horse battery staple"
GOOD = ["/home/ann", "https://ann.example", "host=127.0.0.1 dbname=ann user=ann"]
CLOSED = "Closed for a moment"


@pytest.fixture(scope="module", name="directory")
def _directory():
    place = new_directory("setup")
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="module", name="package")
def _package(directory):
    return packages.pack(TREE, directory, "doorward-0-x")


@pytest.fixture(name="mine")
def _mine(package, tmp_path):
    """A copy of the package."""
    return shutil.copytree(package, f"{tmp_path}/mine")


def run(package, script, *argv):
    return subprocess.run([f"{package}/{script}", *argv], capture_output=True, text=True,
                          check=False, stdin=subprocess.DEVNULL)


def settings(package):
    with open(f"{package}/doorward/doorward.conf", encoding="utf-8") as f:
        return f.read()


# ---- setup ----

def test_setup_writes_settings_that_are_good(mine):
    """Of a site that sends mail, and of one that does not."""
    done = run(mine, "setup", *GOOD, "noreply@ann.example", "smtps://mail.ann.example")
    assert done.returncode == 0, done.stderr
    text = settings(mine)
    for line in ("mail_server = smtps://mail.ann.example", "mail_from = noreply@ann.example",
                 "registration = invited", "mail_worker = program",
                 f"database = {GOOD[2]} passfile=/home/ann/doorward/pgpass"):
        assert f"{line}\n" in text
    shown = subprocess.run([f"{mine}/doorward/doorward", "--config",
                            f"{mine}/doorward/doorward.conf", "config", "show"],
                           capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stderr
    for secret in "session.secret", "mail.key", "pgpass", "doorward.conf":
        assert os.stat(f"{mine}/doorward/{secret}").st_mode & 0o077 == 0
    shutil.rmtree(f"{mine}/doorward/keys")
    assert run(mine, "setup", *GOOD).returncode == 0
    assert not re.search(r"mail_(server|from)", settings(mine))


def test_setup_prints_the_link_and_writes_only_its_hash(mine):
    done = run(mine, "setup", *GOOD)
    [ticket] = re.findall(r"^https://ann\.example/account/link\?token=(dws_[\w-]{43})$",
                          done.stdout, re.M)
    found = subprocess.run(["grep", "-rl", ticket, mine], capture_output=True, text=True, check=False)
    assert found.stdout == ""
    with open(f"{mine}/database.sql", encoding="utf-8") as f:
        assert "doorward.link_setup(decode('" in f.read()


def test_setup_asks_on_a_terminal_for_what_it_needs(mine):
    answers = iter([*GOOD, "noreply@ann.example", ""])
    child, terminal = pty.fork()
    if child == 0:
        os.execv(f"{mine}/setup", ["setup"])
    said = ""
    while select.select([terminal], [], [], 10)[0]:
        try:
            said += os.read(terminal, 4096).decode()
        except OSError:
            break
        if re.search(r": $", said):
            os.write(terminal, f"{next(answers)}\n".encode())
            said += "\n"
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, said
    assert "mail_server = sendmail:/usr/sbin/sendmail\n" in settings(mine)
    assert "account/link?token=dws_" in said


@pytest.mark.parametrize("words, says", [
    (GOOD[:2], "HOME PUBLIC_URL DATABASE"), ([*GOOD, "a@b.org", "x", "more"], "HOME PUBLIC_URL"),
    ([], "HOME PUBLIC_URL"),
    (["home/ann", *GOOD[1:]], "HOME must be an absolute path"), (["/", *GOOD[1:]], "absolute"),
    (["/home/a|nn", *GOOD[1:]], "HOME may contain"), (["/home/a nn", *GOOD[1:]], "HOME may contain"),
    ([GOOD[0], "ann.example", GOOD[2]], "PUBLIC_URL must begin"),
    ([GOOD[0], "https://ann.example/x?y", GOOD[2]], "public_url"),
    ([*GOOD[:2], "ann"], "DATABASE must be like"),
    ([*GOOD[:2], "host=x password=secret"], "without the password"),
    ([*GOOD, "ann"], "MAIL_FROM must be an address"),
    ([*GOOD, "a@b.org", "x"], "mail_server"),
    ([*GOOD[:2], "host=x\nrule = / open"], "a line end")])
def test_setup_refuses_words_that_no_site_can_have(mine, words, says):
    """And leaves no key behind, so that it can be started again."""
    done = run(mine, "setup", *words)
    assert done.returncode in (1, 2) and says in done.stderr, done
    assert "token=" not in done.stdout
    assert run(mine, "setup", *GOOD).returncode == 0


def test_setup_replaces_no_keys(mine):
    assert run(mine, "setup", *GOOD).returncode == 0
    before = settings(mine)
    done = run(mine, "setup", "/home/bob", *GOOD[1:])
    assert done.returncode == 1 and "doorward/keys is there already" in done.stderr
    assert settings(mine) == before


# ---- upgrade ----

@pytest.mark.parametrize("words", [[], ["/home/ann"], ["home/ann", "11"], ["/home/ann", "0"],
                                   ["/home/ann", "x"], ["/home/ann", "500"], ["/home/a nn", "11"]])
def test_upgrade_refuses_a_number_or_a_home_that_cannot_be(mine, words):
    done = run(mine, "upgrade", *words)
    assert done.returncode == 2 and done.stderr
    assert not os.path.exists(f"{mine}/upgrade.sql") and not os.path.exists(f"{mine}/upload")


class Site:
    """A site on a shared host, set up from a package by somebody with FTP and phpPgAdmin."""

    def __init__(self, postgres, host, home):
        self.postgres, self.host, self.home = postgres, host, home

    def paste(self, file):
        """As the owner of the database, who is no superuser."""
        process.run([f"{self.postgres.bin}/psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h",
                     self.postgres.socket, "-U", "doorward_login", "-d", "ann", "-f", file],
                    cwd="/", env={"PATH": "/usr/bin:/bin"})

    def end_processes(self):
        """Those that have a connection to the database. They end what they are at."""
        def running():
            return [int(link.split("/")[2]) for link in glob.glob("/proc/[0-9]*/exe")
                    if link_to(link).startswith(f"{self.home}/public_html/doorward/")]
        for pid in running():
            os.kill(pid, signal.SIGTERM)
        end = time.monotonic() + 5
        while running() and time.monotonic() < end:
            time.sleep(0.05)

    def number(self):
        return self.postgres.sql("select max(number) from doorward.schema_migrations",
                                 database="ann").strip()

    def upload(self, package):
        """Each program is deleted first, and is the web server's user's, as all there."""
        for parent, _, files in os.walk(f"{package}/upload"):
            there = self.home + parent[len(f"{package}/upload"):]
            for name in files:
                if os.path.exists(f"{there}/{name}"):
                    os.unlink(f"{there}/{name}")
                shutil.copy2(f"{parent}/{name}", f"{there}/{name}")
                shutil.chown(f"{there}/{name}", self.host.web_user, self.host.web_user)

    def log(self):
        with open(f"{self.host.log}/error.log", encoding="utf-8") as f:
            return f.read()


@pytest.fixture(name="site")
def _site(package, apache):
    directory = new_directory("upgrade")
    host = SharedHost(directory, "apache", "fastcgi", free_port())
    site = Site(apache.postgres, host, f"{directory}/ann")
    try:
        apache.postgres.sql("create database ann owner doorward_login")
        database = f"host={apache.postgres.socket} dbname=ann user=doorward_login"
        made, link = set_up(package, site.home, f"http://localhost:{host.port}", database)
        site.paste(f"{made}/database.sql")
        host.prepare()
        host.start_uploaded(made)
        make_account(host, link, "ann", PASSWORD)
        yield site
    finally:
        end_gate(host)
        shutil.rmtree(f"{directory}.setup", ignore_errors=True)
        apache.postgres.sql("drop database if exists ann with (force)")


def login(site):
    return Client(site.host).post("/login", json={"username": "ann", "password": PASSWORD})


def assert_closed(site, said):
    """The page says so, and the log names the remedy."""
    answer = login(site)
    assert answer.status_code == 503 and "Retry-After" in answer.headers
    page = Client(site.host, browser=True).get(
        "/account/link", params={"token": make_ticket("setup", b"k" * 32)})
    assert page.status_code == 503 and CLOSED in page.text and "schema" not in page.text
    assert said in site.log(), site.log()[-2000:]


@pytest.mark.slow("builds a next version of the programs, and runs a host with the old and the new")
def test_between_paste_and_upload_nobody_signs_in_and_the_log_says_why(site, directory):
    """Old programs with the new database; after the upload the users are who they were. The other
    way around, new programs with the old database, is refused as well."""
    old = site.number()
    new = packages.pack(packages.next_version(directory), directory, "doorward-0-next")
    done = run(new, "upgrade", site.home, old)
    assert done.returncode == 0, done.stderr
    assert login(site).status_code == 200
    site.paste(f"{new}/upgrade.sql")
    assert site.number() == str(packages.NEXT)
    site.end_processes()
    assert_closed(site, f"the database has schema {packages.NEXT} and this program knows {old}: "
                        "install the programs of the version")
    site.upload(new)
    assert login(site).status_code == 200
    with pytest.raises(Exception, match="nothing was changed"):
        site.paste(f"{new}/upgrade.sql")
    site.postgres.sql("delete from doorward.schema_migrations where number ="
                      f" {packages.NEXT}", database="ann")
    site.end_processes()
    assert_closed(site, f"the database has schema {old} and this program knows {packages.NEXT}: "
                        f"run `doorward db migrate`, or the SQL of `doorward db script --from {old}`")
