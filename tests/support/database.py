"""A private PostgreSQL server and databases in it, for tests of the schema and the store.

Programs' roles call their functions through psycopg2; the operator's command is the built one.
"""

import functools
import os
import subprocess
import sys
import threading
import time

import psycopg2

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [f"{TREE}/tools"]

COMMAND = f"{TREE}/build/doorward"
PASSWORD = "correct horse battery staple"

# What `db migrate` sets for roles in a database; CREATE DATABASE does not copy it.
COPY_ROLE_SETTINGS = """
INSERT INTO pg_db_role_setting SELECT new.oid, setrole, setconfig
FROM pg_db_role_setting JOIN pg_database old ON old.oid = setdatabase, pg_database new
WHERE old.datname = %s AND new.datname = %s"""


@functools.cache
def superuser(server):
    """A cursor on a connection that is kept: one psql takes longer than CREATE DATABASE."""
    connection = psycopg2.connect(host=server.socket, dbname="postgres", user="postgres")
    connection.autocommit = True
    return connection.cursor()


def process_owner():
    """Who runs the tests."""
    return subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()


class Database:
    """One database, its settings file and connections to it."""

    def __init__(self, server, name, directory, template="template1"):
        self.server, self.name, self.directory = server, name, directory
        self.conf = f"{directory}/doorward.conf"
        self.connections = []
        superuser(server).execute(f"CREATE DATABASE {name} OWNER doorward TEMPLATE {template}")
        superuser(server).execute(COPY_ROLE_SETTINGS, (template, name))
        where = f"host={server.socket} dbname={name}"
        self.settings(f"{where} user=doorward", f"database_login = {where} user=doorward_login",
                      f"database_account = {where} user=doorward_account",
                      f"database_mail = {where} user=doorward_mail",
                      f"database_webadmin = {where} user=doorward_webadmin",
                      f"database_oauth = {where} user=doorward_oauth")

    def drop(self):
        """With whatever is still connected."""
        for connection in self.connections:
            connection.close()
        superuser(self.server).execute(f"DROP DATABASE {self.name} WITH (FORCE)")

    def settings(self, conninfo, *more):
        """Name another database in the settings."""
        with open(self.conf, "w", encoding="utf-8") as f:
            f.write(f"public_url = http://localhost\nsite_name = Example Club\n"
                    f"password_memory = 8M\npassword_time = 1\nrevocation_file = revoked\n"
                    f"database = {conninfo}\n"
                    + "".join(f"{line}\n" for line in more))

    def doorward(self, *argv, stdin=""):
        """Run the operator's command."""
        return subprocess.run([COMMAND, "--config", self.conf, *argv], input=stdin, text=True,
                              capture_output=True, check=False, timeout=60)

    def connect(self, role="doorward"):
        """A connection that commits each statement."""
        connection = psycopg2.connect(host=self.server.socket, dbname=self.name, user=role)
        connection.autocommit = True
        self.connections.append(connection)
        return connection

    def sql(self, text, *values, role="doorward"):
        """Run one statement on a connection of its own; its rows."""
        connection = self.connect(role)
        try:
            cursor = connection.cursor()
            cursor.execute(text, values)
            return cursor.fetchall() if cursor.description else []
        finally:
            self.connections.remove(connection)
            connection.close()

    def one(self, text, *values, role="doorward"):
        """The only value of the only row."""
        [(value,)] = self.sql(text, *values, role=role)
        return value

    def move_clock(self, seconds):
        """Set doorward.now() to the real time and so many seconds."""
        self.sql("create or replace function doorward.now() returns timestamptz language sql"
                 f" volatile as 'select clock_timestamp() + interval ''{float(seconds)} s'''")

    def stop_clock(self):
        """Set doorward.now() to this moment for ever."""
        self.sql("create or replace function doorward.now() returns timestamptz language sql"
                 f" volatile as 'select to_timestamp({time.time()})'")

    def add_user(self, name, *roles, password_hash="$hash"):
        """Past the command, without hashing anything."""
        return self.one("select doorward.user_add(%s, %s::text[], %s, 'test')", name,
                        list(roles), password_hash)

    def device(self, name, what):
        """What the secret of a device says that `name` has logged in from just now."""
        [(user, version)] = self.sql("select id, device_version from doorward.users"
                                     " where name_key = doorward.name_key(%s)", name)
        return what, user, version

    def begin(self, name, address="192.0.2.1", device=(None, None, 0), by="name"):
        """login_begin as the login program calls it, with what device() returned."""
        [row] = self.sql("select wait, user_id, password_hash, password_version, device_known"
                         " from doorward.login_begin(%s, %s, sha256(%s::bytea), %s, %s, %s, '{}')",
                         name, address, *device, by, role="doorward_login")
        return row

    def open(self, name, refresh, **change):
        """login_open as the login program calls it; (session_id, sid), the seconds to wait, or
        None."""
        user, version = self.sql("select id, password_version from doorward.users"
                                 " where name_key = doorward.name_key(%s)", name)[0]
        v = {"user": user, "version": version, "name": name, "address": "192.0.2.1",
             "device": None, "old": "$hash", "new": None, "refresh": refresh,
             "replaces": None, "remember": False, "idle": 3600, "life": 7200, "browser": False,
             "max": 100, "amr": ["pwd"], "by": "name", "news": None}
        v.update(change)
        rows = self.sql(
            "select wait, session_id, sid from doorward.login_open(%s, %s, %s, %s,"
            " sha256(%s::bytea), %s, %s, sha256(%s::bytea), sha256(%s::bytea), %s, %s, %s, %s,"
            " %s, 'agent', %s, %s, %s)", v["user"], v["version"], v["name"], v["address"], v["device"],
            v["old"], v["new"], v["refresh"], v["replaces"], v["remember"], v["idle"],
            v["life"], v["browser"], v["max"], v["amr"], v["by"], v["news"], role="doorward_login")
        if rows and rows[0][0] > 0:
            return rows[0][0]
        return rows[0][1:] if rows else None

    def refresh(self, old, new, connection=None, grace=30):
        """Both halves of a renewal as the login program calls them; the outcome."""
        cursor = (connection or self.connect("doorward_login")).cursor()
        cursor.execute("select sid from doorward.session_look(sha256(%s::bytea),"
                       " sha256(%s::bytea), %s)", (old, new, grace))
        [(sid,)] = cursor.fetchall()
        cursor.execute("select outcome from doorward.session_refresh(sha256(%s::bytea),"
                       " sha256(%s::bytea), %s, %s, '192.0.2.9', 'agent')",
                       (old, new, sid, grace))
        return cursor.fetchone()[0]

    def end(self, sid, issued=False):
        """Logout by an access token as the login program does it; (ended, revoked sids)."""
        [(ended, revoked)] = self.sql("select ended, revoked from doorward.session_end("
                                      "%s, %s, null)", sid, issued, role="doorward_login")
        return ended, set(revoked.split())

    def end_by_refresh(self, refresh):
        """Logout by a refresh token; (known, ended, revoked sids)."""
        [(known, ended, revoked)] = self.sql(
            "select known, ended, revoked from doorward.session_end_by_refresh("
            "sha256(%s::bytea), null)", refresh, role="doorward_login")
        return known, ended, set((revoked or "").split())

    def revoked(self):
        """What verifiers must not believe: {sid: until}."""
        return dict(self.sql("select sid, until from doorward.revocation_list()"))


def in_parallel(n, work):
    """Run work(i) in n threads that start together; what each returned."""
    results, gate = [None] * n, threading.Barrier(n)

    def run(i):
        gate.wait()
        results[i] = work(i)

    threads = [threading.Thread(target=run, args=(i,)) for i in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
