"""A private PostgreSQL on a unix socket, with a role a program."""

import glob
import os
import pwd
import re
import shutil
import signal
import time

from . import process
from .process import StackError

# A role a program: what each may do is granted by sql/ (`doorward db migrate`).
PROGRAM_ROLES = ["doorward_login", "doorward_account", "doorward_mail", "doorward_webadmin",
                 "doorward_oauth"]
OWNER = "doorward"
DATABASE = "doorward"


def programs_directory():
    """Where initdb and postgres are; Debian keeps them out of PATH."""
    found = glob.glob("/usr/lib/postgresql/*/bin/initdb")
    if found:
        newest = max(found, key=lambda path: float(re.search(r"/([\d.]+)/bin", path)[1]))
        return os.path.dirname(newest)
    if shutil.which("initdb"):
        return os.path.dirname(shutil.which("initdb"))
    raise StackError("PostgreSQL's initdb is missing: tools/deps run")


class Postgres:
    """Data in DIRECTORY/data, socket in DIRECTORY/socket; `web_user` may connect."""

    def __init__(self, directory, user, web_user, log, durable=True):
        self.directory = directory
        self.data = f"{directory}/data"
        self.socket = f"{directory}/socket"
        self.user, self.web_user, self.log = user, web_user, log
        self.durable = durable
        self.options = {}  # more of the server's settings
        self.bin = programs_directory()

    def create(self):
        """initdb, access rules, once."""
        if os.path.exists(f"{self.data}/PG_VERSION"):
            self._refuse_other_version()
            self._write_identities()
            return
        owner = pwd.getpwnam(self.user)
        group = pwd.getpwnam(self.web_user).pw_gid
        os.makedirs(self.directory, exist_ok=True)
        for path, mode, gid in ((self.data, 0o700, owner.pw_gid), (self.socket, 0o750, group)):
            os.makedirs(path, exist_ok=True)
            os.chown(path, owner.pw_uid, gid)
            os.chmod(path, mode)
        process.run([f"{self.bin}/initdb", "-D", self.data, "-U", "postgres", "-E", "UTF8",
                     "--locale=C", "-A", "peer", "--no-sync"], user=self.user, cwd="/")
        self._write("pg_hba.conf", "local all all peer map=doorward\n")
        self._write_identities()

    def _write_identities(self):
        self._write("pg_ident.conf", "".join(
            f"doorward {system} {role}\n" for system, role in self._who_may_be_whom()))

    def _who_may_be_whom(self):
        everyone = ["postgres", OWNER] + PROGRAM_ROLES
        yield from ((self.user, role) for role in everyone)
        if self.user != pwd.getpwuid(os.getuid()).pw_name:
            yield from ((pwd.getpwuid(os.getuid()).pw_name, role) for role in everyone)
        if self.web_user != self.user:
            yield from ((self.web_user, role) for role in PROGRAM_ROLES)

    def _write(self, name, text):
        with open(f"{self.data}/{name}", "w", encoding="utf-8") as f:
            f.write(text)

    def _refuse_other_version(self):
        with open(f"{self.data}/PG_VERSION", encoding="utf-8") as f:
            version = f.read().strip()
        if f"/{version}/" not in self.bin + "/" and "/usr/lib/postgresql/" in self.bin:
            raise StackError(f"{self.data} was made by PostgreSQL {version}, which is not the "
                             "one installed now: `make clean` starts afresh")

    def start(self):
        """Start the server, return its process once it answers."""
        options = {"listen_addresses": "", "unix_socket_directories": self.socket,
                   "unix_socket_permissions": "0777", "logging_collector": "off",
                   "max_connections": "100", "log_min_messages": "warning", **self.options}
        if not self.durable:
            options.update(fsync="off", synchronous_commit="off", full_page_writes="off")
        argv = [f"{self.bin}/postgres", "-D", self.data]
        for name, value in options.items():
            argv += ["-c", f"{name}={value}"]
        # After a crash the old server's processes may need a moment to notice and go.
        for patience in (1, 2, 4, 8):
            server = process.start(argv, self.log, user=self.user, cwd="/")
            if process.wait_until(lambda: self._answers() or not process.is_alive(server), 30) \
                    and process.is_alive(server):
                return server
            process.stop(server, signal.SIGINT)
            if not os.path.exists(f"{self.data}/postmaster.pid"):
                break
            time.sleep(patience)
        raise StackError(f"PostgreSQL did not start; its log is {self.log}")

    def stop(self, server):
        """A fast shutdown: sessions are ended, data is safe."""
        process.stop(server, signal.SIGINT, 20)

    def _answers(self):
        try:
            self.sql("SELECT 1")
        except StackError:
            return False
        return True

    @property
    def port(self):
        """Of its socket's name, too."""
        return self.options.get("port", "5432")

    def sql(self, text, role="postgres", database="postgres"):
        """Run `text` as `role`; rows as unaligned text."""
        return process.run([f"{self.bin}/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
                            "-h", self.socket, "-p", self.port, "-U", role, "-d", database,
                            "-c", text],
                           cwd="/", env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}).strip()

    def create_database(self):
        """The roles and the database, once; the owner is no superuser."""
        existing = self.sql("SELECT rolname FROM pg_roles").split("\n")
        for role in [OWNER] + PROGRAM_ROLES:
            if role not in existing:
                self.sql(f"CREATE ROLE {role} LOGIN")
        if not self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):
            self.sql(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")

    def conninfo(self, role):
        """libpq's description of a connection as `role`."""
        return f"host={self.socket} dbname={DATABASE} user={role}"
