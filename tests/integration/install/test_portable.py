"""The package for hosts where nothing can be installed: fully static programs, in a chroot that
holds nothing else, on a shared host that runs them as their owner, and set up without a shell."""

import glob
import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

import pytest

from client import Client, hidden_fields
from gate import CANARY, NAVIGATION, end_gate, free_port
from shared_host import SharedHost
from stack import process
from stack.stack import TREE

pytestmark = pytest.mark.slow("builds PostgreSQL's client library and all programs again, statically")
AS_ROOT = [] if os.geteuid() == 0 else ["sudo", "-n"]
OWNER = "nobody"


@pytest.fixture(scope="module", name="package")
def _package():
    """The unpacked package, in a directory that everybody may enter."""
    made = subprocess.run(["make", "-s", "dist"], cwd=TREE, capture_output=True, text=True,
                          check=False, env={**os.environ, "MAKEFLAGS": ""})
    assert made.returncode == 0, made.stdout + made.stderr
    directory = tempfile.mkdtemp(prefix="doorward-portable-", dir="/var/tmp")
    os.chmod(directory, 0o755)
    with tarfile.open(f"{TREE}/{made.stdout.strip().split()[-1]}") as archive:
        archive.extractall(directory)
    yield glob.glob(f"{directory}/doorward-*")[0]
    subprocess.run(AS_ROOT + ["rm", "-rf", directory], check=True)


def programs(package):
    """Every program of the package."""
    found = glob.glob(f"{package}/public_html/doorward/*.fcgi") + [f"{package}/doorward/doorward"]
    assert len(found) >= 6
    return found


def test_the_programs_ask_for_no_library(package):
    for program in programs(package):
        text = subprocess.run(["readelf", "-W", "-l", "-d", program], capture_output=True,
                              text=True, check=True).stdout
        assert "NEEDED" not in text and "INTERP" not in text, program


def test_what_there_is_to_read_is_in_it(package):
    for file in "README.md", "LICENSE", "doc/how-to/pages.md", "man/man5/doorward.conf.5", "share/phrases/en.txt":
        assert os.path.getsize(f"{package}/{file}") > 500, file
    for page in glob.glob(f"{package}/**/*.md", recursive=True):
        with open(page, encoding="utf-8") as f:
            links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", f.read())
        missing = [link for link in links
                   if not os.path.exists(os.path.join(os.path.dirname(page), link))]
        assert missing == [], page


def test_the_checksums_are_those_of_every_file(package):
    listed = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=package, check=False,
                            capture_output=True, text=True)
    assert listed.returncode == 0, listed.stdout
    files = sum(len(names) for _, _, names in os.walk(package))
    assert len(listed.stdout.splitlines()) == files - 1
    name = os.path.basename(package)
    done = subprocess.run(["sha256sum", "-c", f"{name}.tar.gz.sha256"], cwd=f"{TREE}/build",
                          check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def run_alone(program, directory, *argv, **environment):
    """In a chroot with nothing in it but the program."""
    shutil.copy(program, f"{directory}/program")
    chroot = shutil.which("chroot", path="/usr/sbin:/sbin:/usr/bin")
    return subprocess.run(AS_ROOT + ["env", "-i", *(f"{k}={v}" for k, v in environment.items()),
                                     chroot, str(directory), "/program", *argv],
                          capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def test_each_program_runs_where_there_is_nothing_else(package, tmp_path):
    """Not even a settings file: they say so, and refuse."""
    for program in programs(package):
        if not program.endswith(".fcgi"):
            done = run_alone(program, tmp_path, "help")
            assert done.returncode == 0 and "usage: doorward" in done.stdout
            continue
        done = run_alone(program, tmp_path, REQUEST_METHOD="GET", REQUEST_URI="/x",
                         DOORWARD_CONFIG="/none.conf", GATEWAY_INTERFACE="CGI/1.1")
        assert done.stdout.startswith("Status: 503 "), program
        assert "cannot open the settings" in done.stderr


def test_a_key_is_made_where_there_is_nothing_else(package, tmp_path):
    (tmp_path / "doorward.conf").write_text(
        "public_url = https://a.example\nsigning_keys = keys\nverifying_keys = jwks.json\n")
    done = run_alone(f"{package}/doorward/doorward", tmp_path, "--config", "/doorward.conf",
                     "key", "new")
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "jwks.json").read_text())["keys"][0]["alg"] == "ES256"


def test_a_database_by_name_is_refused_with_a_reason(package, tmp_path):
    """Not by a crash in somebody else's libnss."""
    (tmp_path / "doorward.conf").write_text(
        "public_url = https://a.example\ndatabase = host=db.example dbname=x user=x\n")
    done = run_alone(f"{package}/doorward/doorward", tmp_path, "--config", "/doorward.conf",
                     "user", "list")
    assert done.returncode == 2
    assert "socket directory or numeric address" in done.stderr


def set_up(package, home, public_url, database):
    """./setup, in a copy of the package; the directory, and the path of its link."""
    target = f"{home}.setup"
    shutil.copytree(package, target)
    done = subprocess.run([f"{target}/setup", home, public_url, database], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [link] = re.findall(rf"^{public_url}(/account/link\?token=dws_[\w-]+)$", done.stdout, re.M)
    return target, link


def make_account(host, link, name, password):
    """What the first admin does behind the link."""
    client = Client(host, browser=True)
    assert client.get(link).status_code == 303
    page = client.get("/account/link")
    answer = client.post("/account/link", data={
        **hidden_fields(page.text), "username": name, "address": f"{name}@example.org",
        "password": password, "repeat": password})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_setup_and_one_sql_file_make_a_site(package, apache):
    """As somebody with FTP and phpPgAdmin does it: then the user can log in."""
    port = free_port()
    directory = tempfile.mkdtemp(prefix="doorward-home-", dir="/var/tmp")
    os.chmod(directory, 0o755)
    host = SharedHost(directory, "apache", "fastcgi", port)
    try:
        apache.postgres.sql("create database ann owner doorward_login")
        database = f"host={apache.postgres.socket} dbname=ann user=doorward_login"
        made, link = set_up(package, f"{directory}/ann", f"http://localhost:{port}", database)
        with open(f"{made}/database.sql", encoding="utf-8") as f:
            assert link.rpartition("=")[2] not in f.read()
        process.run([f"{apache.postgres.bin}/psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h",
                     apache.postgres.socket, "-U", "doorward_login", "-d", "ann", "-f",
                     f"{made}/database.sql"], cwd="/", env={"PATH": "/usr/bin:/bin"})
        host.prepare()
        host.start_uploaded(made)
        make_account(host, link, "ann", "correct horse battery staple")
        answer = Client(host).post("/login", json={"username": "ann",
                                                   "password": "correct horse battery staple"})
        assert answer.status_code == 200, answer.text
        bearer = {"Authorization": "Bearer " + answer.json()["token"]}
        assert CANARY in Client(host).get("/members/canary.txt", headers=bearer).text
        first = Client(host).get("/members/", headers=bearer)
        assert first.status_code == 200 and "You are in." in first.text
        assert Client(host).get("/members/canary.txt").status_code == 401
        shown = Client(host).get("/.well-known/jwks.json")
        assert shown.status_code == 200 and len(shown.json()["keys"]) == 1
        assert Client(host).post("/login/logout", headers=bearer).status_code == 204
        assert Client(host).get("/members/canary.txt", headers=bearer).status_code == 401
        status = subprocess.run([f"{made}/doorward/doorward", "db", "status"], check=False,
                                capture_output=True, text=True,
                                env={"DOORWARD_CONFIG": f"{made}/doorward/doorward.conf"})
        assert status.returncode == 0, status.stdout + status.stderr
    finally:
        end_gate(host)
        shutil.rmtree(f"{directory}.setup", ignore_errors=True)
        apache.postgres.sql("drop database if exists ann with (force)")


class SuexecHost(SharedHost):
    """Everything under the document root runs as OWNER, by suexec."""

    site = f"SuexecUserGroup {OWNER} nogroup"

    rules = "/etc/apache2/suexec/www-data"  # compiled into suexec, as the log is
    log_directory = "/var/log/apache2"

    def start_web(self):
        """Where suexec's own file names our directory."""
        self.modules = [*self.modules, "suexec"]
        self._write(f"{self.directory}/suexec", f"{self.directory}/ann/public_html\npublic_html\n")
        os.makedirs(f"{self.log}/apache2", exist_ok=True)  # where suexec insists on a log
        if subprocess.run(["unshare", "-m", "true"], check=False,
                          stderr=subprocess.DEVNULL).returncode == 0:
            self.bind()
        else:
            self.lend()
        super().start_web()

    def bind(self):
        """In a mount namespace, so that nobody else sees it."""
        plain = self.web.argv
        self.web.argv = lambda: ["unshare", "-m", "sh", "-c",
                                 f"mount --bind {self.directory}/suexec {self.rules} && "
                                 f"mount --bind {self.log} /var/log && "
                                 'exec "$@"', "sh", *plain()]

    def lend(self):
        """In a chroot or a container there is no such namespace: the file itself, until the
        server has stopped."""
        shutil.copy2(self.rules, f"{self.directory}/suexec.kept")
        shutil.copyfile(f"{self.directory}/suexec", self.rules)
        self.log_is_ours = not os.path.isdir(self.log_directory)
        os.makedirs(self.log_directory, exist_ok=True)

    def stop_web(self):
        """Everything as it was."""
        super().stop_web()
        if os.path.exists(f"{self.directory}/suexec.kept"):
            shutil.move(f"{self.directory}/suexec.kept", self.rules)
            if self.log_is_ours:
                shutil.rmtree(self.log_directory)


def test_under_suexec_everything_runs_as_the_owner(package):
    """The key is readable by the owner alone, and the gate stands."""
    if AS_ROOT:  # suexec changes users
        again = f"{__file__}::test_under_suexec_everything_runs_as_the_owner"
        assert subprocess.run(AS_ROOT + [sys.executable, "-m", "pytest", "-q", "-p",
                                         "no:cacheprovider", again], check=False).returncode == 0
        return
    directory = tempfile.mkdtemp(prefix="doorward-suexec-", dir="/var/tmp")
    os.chmod(directory, 0o755)
    host = SuexecHost(directory, "apache", "fastcgi", free_port(),
                      {"rule": ["/members/admin any-of admin"], "revocation": "off",
                       "revocation_file": None})
    try:
        host.prepare()
        host.write_keys()
        host.write_site()
        home = f"{directory}/ann"
        for program in programs(package)[:-1]:
            shutil.copy(program, f"{home}/public_html/doorward/")
        owner = pwd.getpwnam(OWNER)
        for parent, _, files in os.walk(home):
            for name in [parent] + [f"{parent}/{file}" for file in files]:
                os.chown(name, owner.pw_uid, owner.pw_gid)
        for name in os.listdir(f"{home}/doorward"):
            os.chmod(f"{home}/doorward/{name}", 0o600)
        os.chmod(f"{home}/doorward", 0o700)
        host.start_web()
        assert host.get("/members/canary.txt").status == 401
        assert host.get("/members/", headers=NAVIGATION).header("Location") == \
            ["/login?return_to=/members/"]
        assert host.get("/members/canary.txt", host.token()).body == CANARY.encode() + b"\n"
        assert host.get("/members/admin/canary.txt", host.token()).status == 403
        users = {os.stat(link.rpartition("/")[0]).st_uid for link in glob.glob("/proc/[0-9]*/exe")
                 if link_to(link).startswith(f"{home}/public_html/doorward/")}
        assert users == {owner.pw_uid}
    finally:
        end_gate(host)


def link_to(link):
    """Where it points; nowhere when its process is gone."""
    try:
        return os.readlink(link)
    except OSError:
        return ""
