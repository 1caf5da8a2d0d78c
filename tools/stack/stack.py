"""Stack: everything that a running Doorward needs, in one directory."""

import fcntl
import glob
import json
import os
import pwd
import secrets
import shutil
import subprocess

from . import process
from .postgres import Postgres
from .process import StackError
from .web import WebServer, refuse_taken_port

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# What the server itself may answer with, and whose words its page takes.
ERROR_PAGES = {400: "invalid_request", 403: "not_shown", 404: "not_found",
               405: "method_not_allowed", 413: "too_large", 414: "too_large", 431: "too_large",
               500: "server_error", 501: "method_not_allowed", 502: "silent", 503: "silent",
               504: "silent"}


def server_users():
    """Who runs PostgreSQL and who runs the web server: as root, the packages' own users."""
    if os.geteuid() == 0:
        return "postgres", "www-data"
    me = pwd.getpwuid(os.geteuid()).pw_name
    return me, me


def is_reachable(directory):
    """Whether both servers' users get into `directory`."""
    for user in set(server_users()):
        if subprocess.run(["test", "-x", directory], check=False, cwd="/",
                          **process.as_user(user)).returncode != 0:
            return False
    return True


def settings_lines(settings):
    """As a settings file has them; a list is a line for each, None is none."""
    return "".join(f"{name} = {one}\n" for name, value in settings.items()
                   for one in (value if isinstance(value, list) else [value]) if one is not None)


class Stack:
    """`directory` must be reachable by the servers' users and its name short (sockets).

    A stack that is not `serious` is for tests: its data need not survive the machine, and
    nothing is started before it is asked for.
    """

    def __init__(self, directory, server="apache", mode="fastcgi", port=8080, settings=None,
                 serious=True, build=f"{TREE}/build", tell=lambda text: None):
        self.directory = os.path.abspath(directory)
        self.build = os.path.abspath(build)
        self.tell, self.serious = tell, serious
        self.pg_user, self.web_user = server_users()
        self.port = port
        self.public_url = f"http://localhost:{port}"
        self.settings = dict(settings or {})
        self.conf = f"{self.directory}/doorward.conf"
        self.log = f"{self.directory}/log"
        self.postgres = Postgres(f"{self.directory}/pg", self.pg_user, self.web_user,
                                 f"{self.log}/postgresql.log", serious)
        self.web = WebServer(TREE, self.directory, server, mode, port, self.web_user)
        self.processes = {}
        self.rsa_key = None  # of another stack

    # ---- what the directory holds ----

    def prepare(self):
        """Directories, programs, settings, secrets; what is there already is kept."""
        if len(self.directory) > 70:
            raise StackError(f"{self.directory} is too long a name for unix sockets")
        for name in ("", "libexec", "www", "private"):
            self._make_directory(name, 0o755)
        for name in ("log", "run"):
            self._make_directory(name, 0o755, self.web_user)
        for name in ("run/upload", "run/fcgid", "state", "mail"):
            self._make_directory(name, 0o700, self.web_user)
        # the programs read these, and write nothing here
        for name in ("keys", "keys/signing", "keys/factor"):
            self._make_directory(name, 0o750, group=self.web_user)
        for name in ("error.log", "access.log"):
            self._make_log(f"{self.log}/{name}")
        self._install_programs()
        self._install_site()
        self._write(self.conf, self._kept_settings_text() if os.path.exists(self.conf)
                    else self._settings_text())
        for name in ("session.secret", "mail.key", "factor/2026-01"):
            if not os.path.exists(f"{self.directory}/keys/{name}"):
                self._write(f"{self.directory}/keys/{name}", secrets.token_hex(32) + "\n",
                            0o640, group=self.web_user)

    def _make_directory(self, name, mode, user=None, group=None):
        path = f"{self.directory}/{name}"
        os.makedirs(path, exist_ok=True)
        self._give(path, mode, user, group or user)

    def _give(self, path, mode, user, group):
        os.chmod(path, mode)
        if (user or group) and os.geteuid() == 0:
            shutil.chown(path, user, group)

    def _make_log(self, path):
        with open(path, "a", encoding="utf-8"):
            if os.geteuid() == 0:  # lighttpd opens it when it is root no more
                shutil.chown(path, self.web_user, self.web_user)

    def _write(self, path, text, mode=0o644, user=None, group=None):
        descriptor = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as f:
            f.write(text)
        self._give(path + ".new", mode, user, group)
        os.replace(path + ".new", path)

    def _install_programs(self):
        for file in os.listdir(self.build):
            if file.endswith(".fcgi") or file == "doorward":
                target = f"{self.directory}/libexec/{file}"
                shutil.copyfile(f"{self.build}/{file}", target + ".new")
                os.chmod(target + ".new", 0o755)
                os.replace(target + ".new", target)

    def _install_site(self):
        """The demo: a public page, and members/, which plain CGI serves from elsewhere."""
        for name in "www", "private":
            shutil.rmtree(f"{self.directory}/{name}/members", ignore_errors=True)
        shutil.copytree(f"{TREE}/tools/stack/www", f"{self.directory}/www", dirs_exist_ok=True)
        shutil.copy(f"{TREE}/share/common/doorward.css", f"{self.directory}/www/doorward.css")
        shutil.copy(f"{TREE}/share/common/doorward.svg", f"{self.directory}/www/favicon.svg")
        self._install_error_pages()
        if self.web.mode == "cgi":
            os.rename(f"{self.directory}/www/members", f"{self.directory}/private/members")

    def _install_error_pages(self):
        """errors/404.html and so on, in our look, for requests that the server itself refuses."""
        with open(f"{TREE}/share/phrases/en.txt", encoding="utf-8") as f:
            phrases = dict(line.strip().split(" = ", 1) for line in f if " = " in line)
        with open(f"{TREE}/tools/stack/error.html", encoding="utf-8") as f:
            template = f.read()
        os.makedirs(f"{self.directory}/www/errors", exist_ok=True)
        for status, code in ERROR_PAGES.items():
            text = template
            for word in "title", "text":
                text = text.replace(f"@{word}@", phrases[f"error.{code}.{word}"])
            self._write(f"{self.directory}/www/errors/{status}.html", text)

    @property
    def members(self):
        """Where the files of /members are."""
        return f"{self.directory}/{'private' if self.web.mode == 'cgi' else 'www'}/members"

    def _decided(self):
        """What each start decides anew."""
        return {
            "public_url": self.public_url,
            "database": self.postgres.conninfo("doorward"),
            "database_login": self.postgres.conninfo("doorward_login"),
            "database_account": self.postgres.conninfo("doorward_account"),
            "database_mail": self.postgres.conninfo("doorward_mail"),
            "database_webadmin": self.postgres.conninfo("doorward_webadmin"),
            "database_oauth": self.postgres.conninfo("doorward_oauth"),
            "oauth": "on",
            **self.settings,
        }

    def _settings_text(self):
        return settings_lines({
            "site_name": "Doorward demo",
            "signing_keys": "keys/signing",
            "verifying_keys": "jwks.json",
            "session_secret": "keys/session.secret",
            "factor_keys": "keys/factor",
            "mail_key": "keys/mail.key",
            "mail_server": f"file:{self.directory}/mail",
            "mail_from": "doorward@localhost",
            "mail_command": f"{self.directory}/libexec/doorward",
            "state_dir": "state",
            "revocation_file": "run/revocations",
            "rule": ["/members signed-in", "/members/admin any-of admin"],
            "files_root": "private",
            **self._decided(),
        })

    def _kept_settings_text(self):
        """What a person has changed stays."""
        decided = self._decided()
        with open(self.conf, encoding="utf-8") as f:
            kept = [line for line in f if line.partition("=")[0].strip() not in decided]
        return "".join(kept) + settings_lines(decided)

    def write_settings(self, **changes):
        """Change settings (None removes one); the programs see it when they start next."""
        self.settings.update(changes)
        self._write(self.conf, self._settings_text())

    # ---- starting and stopping ----

    def start(self, migrated=False):
        """Everything up, serving and warm. A directory whose database is a copy of one that this
        build has made is migrated already."""
        refuse_taken_port(self.port)
        self.prepare()
        self.tell(f"PostgreSQL in {self.directory}/pg")
        self.postgres.create()
        self.start_database()
        try:
            if not migrated:
                self.postgres.create_database()
                self.doorward("db", "migrate")
            self._make_keys()
            self.doorward("revocations", "publish")
            self.start_web()
        except BaseException:
            self.stop()
            raise

    def _make_keys(self):
        group = ["--group", self.web_user] if os.geteuid() == 0 else []
        if not os.listdir(f"{self.directory}/keys/signing"):
            self.doorward("key", "new", *group)
        if self.settings.get("oauth") != "off" and not self._has_rsa_key():
            self._make_rsa_key(group)
        self.doorward("key", "publish")
        if "decryption_keys" in self.settings:
            self._make_directory(self.settings["decryption_keys"], 0o750, group=self.web_user)
            if not os.listdir(f"{self.directory}/{self.settings['decryption_keys']}"):
                self.doorward("key", "new", "--use", "enc", *group)

    def _has_rsa_key(self):
        for path in glob.glob(f"{self.directory}/keys/signing/*.jwk"):
            with open(path, encoding="utf-8") as f:
                if json.load(f).get("alg") == "RS256":
                    return True
        return False

    def _make_rsa_key(self, group):
        """It signs ID tokens. To copy one is for tests: making it takes up to a second."""
        if not self.rsa_key:
            self.doorward("key", "new", "--alg", "RS256", *group)
            return
        copy = shutil.copy(self.rsa_key, f"{self.directory}/keys/signing")
        self._give(copy, 0o640 if group else 0o600, None, self.web_user)

    def start_web(self):
        """The web server and the programs."""
        self.tell(f"{self.web.server} ({self.web.mode}) on port {self.port}")
        self.web.write_configuration()
        self._remember(self.web.start())
        if self.serious:
            self._warm()

    def _warm(self):
        try:
            self.web.warm(["/login", "/protected", "/members/"], 20)
        except StackError as e:
            self.tell(f"some first requests will wait for a second: {e}")

    def stop_web(self):
        """What start_web() started."""
        web = {name: p for name, p in self.processes.items() if name != "postgres"}
        self.web.stop(web)
        self._forget(web)

    def start_database(self):
        """PostgreSQL alone."""
        self._remember({"postgres": self.postgres.start()})

    def stop_database(self):
        """PostgreSQL alone."""
        if "postgres" in self.processes:
            self.postgres.stop(self.processes["postgres"])
            self._forget(["postgres"])

    def stop(self):
        """Everything that this directory started."""
        self.stop_web()
        self.stop_database()

    def sql(self, text, role="doorward"):
        """Run SQL in Doorward's database, as its owner unless told otherwise."""
        return self.postgres.sql(text, role=role, database="doorward")

    # ---- what is running, known across processes by a file ----

    @property
    def state_file(self):
        """Pids and the port."""
        return f"{self.directory}/stack.json"

    def _remember(self, processes):
        self.processes.update(processes)
        self._save()

    def _forget(self, names):
        for name in list(names):
            self.processes.pop(name, None)
        self._save()

    def _save(self):
        self._write(self.state_file, json.dumps({
            "server": self.web.server, "mode": self.web.mode, "port": self.port,
            "processes": self.processes}, indent=1) + "\n", 0o600)

    # ---- the operator's command ----

    def doorward(self, *argv, user=None, stdin="", check=True):
        """Run the doorward command on this directory's settings; what it wrote on stdout."""
        done = subprocess.run(
            [f"{self.directory}/libexec/doorward", *argv], input=stdin, capture_output=True,
            text=True, check=False, cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "DOORWARD_CONFIG": self.conf},
            **(process.as_user(user) if user else {}))
        if check and done.returncode != 0:
            raise StackError(f"doorward {' '.join(argv)} failed ({done.returncode}):\n"
                             f"{done.stdout}{done.stderr}")
        return done.stdout if check else done

    def add_user(self, name, password, *roles):
        """A user with roles."""
        options = [word for role in roles for word in ("--role", role)]
        self.doorward("user", "add", name, *options, "--password-stdin", stdin=password + "\n")


def load(directory, **options):
    """The stack that `directory` remembers, with only the processes that still live."""
    with open(f"{directory}/stack.json", encoding="utf-8") as f:
        state = json.load(f)
    stack = Stack(directory, state["server"], state["mode"], state["port"], **options)
    stack.processes = {name: p for name, p in state["processes"].items() if process.is_alive(p)}
    return stack


class Lock:
    """One start or stop of a directory at a time."""

    def __init__(self, directory):
        self.path = f"{directory}/lock"

    def __enter__(self):
        self.file = open(self.path, "w", encoding="utf-8")
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as e:
            raise StackError("another start or stop is under way here") from e

    def __exit__(self, *_):
        self.file.close()
