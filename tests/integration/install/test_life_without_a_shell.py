"""The whole life of a site on web space whose owner has FTP, phpPgAdmin and a browser: what the
guides say, with Apache and suexec, a mail server, and Chromium. No shell is used after the upload.

Ann runs the site. Bea is invited, Carl and Dora come from a file."""

import os
import re
import shutil
import subprocess
import sys
import time

import pytest
from selenium.webdriver.common.by import By

import package as packages
from chromium import Browser
from gate import CANARY, end_gate, free_port
from looks import assert_looks_right
from places import new_directory
from second import code
from smtp import SmtpServer
from stack import process
from stack.stack import TREE
from test_members_area import Web
from test_portable import AS_ROOT, OWNER

PASSWORD = "otters sleep on their backs"
MEMBERS = """name,address,display_name,roles
carl,carl@example.org,Carl of the Reeds,member
dora,dora@example.org,"Dora, the treasurer",member
"""


class Host:
    """The web space: what its owner can do with FTP and with phpPgAdmin."""

    def __init__(self, directory, postgres, mail_port):
        self.web = Web(directory, "apache", "fastcgi", free_port())
        self.directory, self.postgres, self.mail_port = directory, postgres, mail_port
        self.home = f"{directory}/ann"
        self.url = f"http://localhost:{self.web.port}"
        postgres.sql("create database ann owner doorward_login")

    def set_up(self):
        """At home: the package, ./setup, and one more line for a mail server without TLS. The path
        of the link."""
        package = packages.pack(TREE, self.directory, "doorward-0-x")
        database = f"host={self.postgres.socket} dbname=ann user=doorward_login"
        done = subprocess.run([f"{package}/setup", self.home, self.url, database,
                               "noreply@ann.example", f"smtp://localhost:{self.mail_port}"],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        with open(f"{package}/doorward/doorward.conf", "a", encoding="utf-8") as f:
            f.write("mail_tls = off\n")
        with open(f"{package}/doorward/pgpass", "w", encoding="utf-8") as f:
            f.write("localhost:5432:ann:doorward_login:x\n")
        self.upload(package, "doorward", "public_html")
        self.paste(f"{package}/database.sql")
        return re.search(rf"^{self.url}(/account/link\?token=\S+)$", done.stdout, re.M)[1]

    def upload(self, source, *names):
        """Over what is there. A program is deleted first."""
        for name in names:
            for parent, _, files in os.walk(f"{source}/{name}"):
                there = self.home + parent[len(source):]
                os.makedirs(there, exist_ok=True)
                for file in files:
                    if os.path.exists(f"{there}/{file}"):
                        os.unlink(f"{there}/{file}")
                    shutil.copy2(f"{parent}/{file}", f"{there}/{file}")
                    shutil.chown(f"{there}/{file}", OWNER, "nogroup")
                shutil.copystat(parent, there)
                shutil.chown(there, OWNER, "nogroup")
        os.chmod(f"{self.home}/doorward", 0o700)

    def paste(self, file):
        """As the only role that the host gives."""
        process.run([f"{self.postgres.bin}/psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h",
                     self.postgres.socket, "-U", "doorward_login", "-d", "ann", "-f", file],
                    cwd="/", env={"PATH": "/usr/bin:/bin"})

    def end(self):
        end_gate(self.web)
        self.postgres.sql("drop database if exists ann with (force)")


class Person:
    """Somebody with a browser and a mailbox."""

    def __init__(self, host, smtp, name):
        self.host, self.smtp, self.name = host, smtp, name
        self.address = f"{name}@example.org"
        self.browser = Browser(host.web)
        self.read = 0

    def mail(self, *words):
        """The next mail to this address that has these words in its text."""
        until = time.monotonic() + 40
        while time.monotonic() < until:
            mine = [m for m in list(self.smtp.mails) if m.to == self.address]
            for at, mail in enumerate(mine[self.read:], self.read + 1):
                if all(word in " ".join(mail.text.split()) for word in words):
                    self.read = at
                    return mail
            time.sleep(0.1)
        raise AssertionError(f"no mail to {self.address} with {words}")

    def open(self, path):
        self.browser.open(path)

    @property
    def text(self):
        """What the page says."""
        return self.browser.find("main").text

    def fill(self, **fields):
        """Fields by their names."""
        for name, value in fields.items():
            field = self.browser.find(f"main [name={name}]")
            field.clear()
            field.send_keys(value)

    def press(self, do=None, text=None, within="main"):
        """The button `do`, or the one with that text, or the first one; the next page."""
        buttons = self.browser.driver.find_elements(By.CSS_SELECTOR, f"{within} button")
        chosen = [b for b in buttons if (do is None or b.get_attribute("value") == do)
                  and (text is None or b.text == text)]
        assert chosen, [b.text for b in buttons]
        self.browser.driver.execute_script(
            "for (const d of document.querySelectorAll('details')) d.open = true")
        chosen[0].click()
        self.browser.wait_for(lambda: is_gone(chosen[0]))
        self.browser.wait_for(lambda: self.browser.driver.execute_script(
            "return document.readyState") == "complete")

    def follow(self, link):
        """A link of a mail."""
        self.open(link[link.index("/account/"):])
        assert self.browser.path == "/account/link"

    def enter(self, **fields):
        """The form of an account that is made; then the login, to where it leads."""
        self.fill(username=self.name, password=PASSWORD, repeat=PASSWORD, **fields)
        self.press(text="Create the account")
        self.log_in()

    def log_in(self, path=None):
        if path:
            self.open(path)
        self.fill(username=self.name, password=PASSWORD)
        self.press()

    def log_out(self):
        self.browser.fresh()

    def close(self):
        self.browser.close()


def is_gone(element):
    """Is it of a page that was left?"""
    try:
        element.is_enabled()
    except Exception:  # pylint: disable=broad-except
        return True  # chromedriver has several words for that
    return False


@pytest.fixture(name="host")
def _host(apache):
    postgres = apache.postgres
    with open(f"{postgres.data}/pg_ident.conf", "a", encoding="utf-8") as f:
        f.write(f"doorward {OWNER} doorward_login\n")
    postgres.sql("SELECT pg_reload_conf()")
    mode = os.stat(postgres.socket).st_mode & 0o7777
    os.chmod(postgres.socket, 0o755)  # the host's customers may connect
    directory = new_directory("life")
    smtp = SmtpServer(directory, tls=None)
    host = Host(directory, postgres, smtp.port)
    host.smtp = smtp
    try:
        host.web.prepare()
        host.web.open_home()
        yield host
    finally:
        host.end()
        smtp.stop()
        os.chmod(postgres.socket, mode)


@pytest.fixture(name="person")
def _person(host):
    made = []

    def make(name):
        made.append(Person(host, host.smtp, name))
        return made[-1]

    yield make
    for person in made:
        person.close()


def look_at(person, name):
    """Pages that no other test shows; on a phone and on a screen, light and dark."""
    for scheme in "light", "dark":
        for size in "phone", "desktop":
            person.browser.look(scheme, size)
            assert_looks_right(person.browser, f"{name}-{scheme}-{size}")


def make_the_first_account(ann, link):
    """The link that ./setup has printed: good once, and with a test mail."""
    ann.open(link)
    assert "no users yet" in ann.text
    look_at(ann, "setup")
    ann.enter(address=ann.address)
    assert ann.browser.path == "/admin/mail"
    look_at(ann, "admin-mail")
    ann.press("send")
    assert "will be sent" in ann.text or "took the test mail" in ann.text
    ann.follow(ann.mail("mails from", "arrive").link)
    ann.press()
    assert "confirmed" in ann.text
    ann.open("/admin/mail")
    assert "took the test mail" in ann.text
    ann.open(link)
    assert "used already" in ann.text


def check_file(ann):
    """The page that says what would become of each line of the file."""
    ann.open("/admin/people/import")
    ann.browser.find("#file").send_keys(f"{ann.host.directory}/members.csv")
    ann.press("check", within="form[enctype]")


def add_members_from_a_file(ann):
    """First what would be done, then it is done; a second time adds nobody."""
    with open(f"{ann.host.directory}/members.csv", "w", encoding="utf-8") as f:
        f.write(MEMBERS)
    check_file(ann)
    assert ann.text.count("will be added") == 2 and "Nothing is stored yet" in ann.text
    ann.open("/admin/people")
    assert "carl" not in ann.text
    check_file(ann)
    ann.press("import")
    assert ann.text.count("was added") == 2
    ann.open("/admin/people?q=d")
    assert "Dora, the treasurer" in ann.text and "carl" not in ann.text
    check_file(ann)
    assert ann.text.count("somebody of this name already") == 2
    ann.browser.wait_for(lambda: [m for m in ann.smtp.mails if m.to == "dora@example.org" and m.link])


def invite(ann, bea):
    """By mail; Bea chooses her name and password, and sees what is gated."""
    ann.open("/admin/people/invite")
    ann.fill(address=bea.address, roles="member")
    ann.press("invite")
    bea.open("/members/canary.txt")
    assert bea.browser.path.startswith("/login")
    bea.follow(bea.mail("invited").link)
    bea.enter()
    bea.open("/members/canary.txt")
    assert CANARY in bea.browser.driver.page_source


def set_up_an_app(bea):
    """A second factor of her own."""
    bea.open("/login/factor?return_to=/account/factors")
    bea.press(text="Set up an app")
    secret = bea.browser.find("code.secret").text.replace(" ", "")
    bea.fill(code=code(secret))
    bea.press()
    bea.mail("one-time codes was set up")
    bea.log_out()
    bea.log_in("/login?return_to=/account")
    assert bea.browser.path.startswith("/login/mfa")


def act(ann, name, do, **fields):
    """A button on the page of somebody."""
    ann.open(f"/admin/person?name={name}")
    assert name in ann.text
    if fields:
        ann.fill(**fields)
    ann.press(do)
    return ann.text


def reset_the_factor(ann, bea):
    """Bea has lost her phone. A mail tells her of it."""
    act(ann, "bea", "factor")
    bea.mail("removed all second factors")
    bea.log_out()
    bea.log_in("/login?return_to=/account")
    assert bea.browser.path == "/account"


def disable(ann, bea):
    """Her session is over at once, and there is no way in."""
    act(ann, "bea", "disable")
    bea.open("/members/canary.txt")
    assert bea.browser.path.startswith("/login")
    bea.log_in()
    assert "do not belong together" in bea.text


def read_the_audit(ann):
    """Who did what to Bea: each event has one row, by whom it was done."""
    for event, actor in ("factor_reset", "ann"), ("user_disabled", "ann"), ("link_used", "bea"):
        ann.open(f"/admin/audit?person=bea&event={event}")
        [row] = ann.browser.driver.find_elements(By.CSS_SELECTOR, "main tbody tr")
        assert "bea" in row.text and (actor in row.text or actor == "bea"), row.text


def upgrade(host, ann):
    """The next version: SQL that is pasted, then what is uploaded. Meanwhile nobody signs in."""
    ann.open("/admin/status")
    number = re.search(r"(?:schema|migration) (\d+)", ann.text, re.I)[1]
    new = packages.pack(packages.next_version(host.directory), host.directory, "doorward-0-next")
    done = subprocess.run([f"{new}/upgrade", host.home, number], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr
    host.paste(f"{new}/upgrade.sql")
    host.upload(f"{new}/upload", "doorward", "public_html")
    ann.open("/admin/status")
    assert re.search(rf"(?:schema|migration) {packages.NEXT}", ann.text, re.I)


def delete(ann, bea):
    act(ann, "bea", "delete")
    ann.open("/admin/people?q=bea")
    assert "bea@example.org" not in ann.text
    bea.log_in("/login")
    assert "do not belong together" in bea.text


@pytest.mark.takes("Apache with suexec, two Chromiums, mails, and a next version that is built")
def test_a_site_lives_without_a_shell_after_the_upload(request):
    if AS_ROOT:  # suexec changes users
        again = f"{__file__}::test_a_site_lives_without_a_shell_after_the_upload"
        assert subprocess.run(AS_ROOT + [sys.executable, "-m", "pytest", "-q", "-p",
                                         "no:cacheprovider", again], check=False).returncode == 0
        return
    host, person = request.getfixturevalue("host"), request.getfixturevalue("person")
    link = host.set_up()
    host.web.start_web()
    host.web._write(f"{host.home}/public_html/members/canary.txt", CANARY + "\n")
    ann, bea = person("ann"), person("bea")
    make_the_first_account(ann, link)
    add_members_from_a_file(ann)
    invite(ann, bea)
    set_up_an_app(bea)
    reset_the_factor(ann, bea)
    disable(ann, bea)
    read_the_audit(ann)
    upgrade(host, ann)
    delete(ann, bea)
