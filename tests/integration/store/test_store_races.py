"""Everything at once, from many connections: nobody is told of a deadlock, and what must hold at
the end holds."""

import random
import threading
import time

import psycopg2
import pytest

from database import in_parallel

SECONDS = 2.5
WORKERS = 8
NAMES = ["ann", "bob"]


class Ledger:  # pylint: disable=too-many-instance-attributes
    """What was handed out, by all workers."""

    def __init__(self, db):
        self.db, self.lock = db, threading.Lock()
        self.users = {name: str(db.add_user(name, "member")) for name in NAMES}
        self.refresh = {name: [] for name in NAMES}  # tokens that may be renewed, or were
        self.issued = set()  # (session id, sid) of which somebody has an access token
        self.kept = set()    # sessions that a change of password left open
        self.errors, self.count = [], {}

    def gave(self, name, token, session, sid):
        """A login or a renewal was answered."""
        with self.lock:
            self.refresh[name].append(token)
            self.issued.add((session, sid))

    def some_token(self, rng, name):
        """A refresh token of that user, most likely a late one."""
        with self.lock:
            tokens = self.refresh[name][-6:]
        return rng.choice(tokens) if tokens else "none"

    def some_sid(self, rng):
        """The sid of an access token that somebody has."""
        with self.lock:
            issued = sorted(self.issued)
        return rng.choice(issued[-12:])[1] if issued else None


class Worker:
    """One login program, one account program and one operator, each with a connection."""

    def __init__(self, ledger, number):
        self.ledger, self.number, self.serial = ledger, number, 0
        self.rng = random.Random(number)
        self.roles = {role: ledger.db.connect(role)
                      for role in ("doorward_login", "doorward_account", "doorward")}

    def ask(self, role, sql, *values):
        """The first row of one statement, or None."""
        cursor = self.roles[role].cursor()
        cursor.execute(sql, values)
        return cursor.fetchone()

    def operator(self, function, *values):
        """What the command calls."""
        self.ask("doorward", f"select doorward.{function}", *values)

    def login(self, name):
        """Both calls of it; now and then in place of a session of this user or the other."""
        self.serial += 1
        token = f"{self.number}-{self.serial}"
        user, version = self.ask("doorward_login", "select user_id, password_version from"
                                 " doorward.login_begin(%s, '192.0.2.1', null, null, 0, 'name', '{}')", name)
        replaces = self.rng.choice([None, self.ledger.some_token(self.rng, name),
                                    self.ledger.some_token(self.rng, self.rng.choice(NAMES))])
        row = self.ask(
            "doorward_login", "select session_id::text, sid::text from doorward.login_open(%s, %s,"
            " %s, '192.0.2.1', null, '$hash', null, sha256(%s::bytea), sha256(%s::bytea), false,"
            " 3600, 7200, %s, 3, 'agent', '{pwd}', 'name', null)", user, version, name, token, replaces,
            self.rng.random() < 0.5)
        if row and row[0]:
            self.ledger.gave(name, token, *row)

    def renew(self, name):
        """Both halves of it."""
        old = self.ledger.some_token(self.rng, name)
        new = old + "'"
        session, sid = self.ask("doorward_login", "select session_id::text, sid::text from"
                                " doorward.session_look(sha256(%s::bytea), sha256(%s::bytea), 30)",
                                old, new)
        time.sleep(self.rng.choice([0, 0.01]))  # a token is made
        [outcome] = self.ask("doorward_login", "select outcome from doorward.session_refresh("
                             "sha256(%s::bytea), sha256(%s::bytea), %s, 30, '192.0.2.1', 'agent')",
                             old, new, sid)
        if outcome == "ok":
            self.ledger.gave(name, new, session, sid)

    def logout(self, name):
        """By the access token or by the refresh token."""
        sid = self.ledger.some_sid(self.rng)
        if sid and self.rng.random() < 0.5:
            self.ask("doorward_login", "select * from doorward.session_end(%s, false, null)", sid)
        else:
            self.ask("doorward_login", "select * from doorward.session_end_by_refresh("
                     "sha256(%s::bytea), null)", self.ledger.some_token(self.rng, name))

    def end_others(self, name):
        """On the account page."""
        self.ask("doorward_account", "select * from doorward.account_sessions_end(%s, %s, null)",
                 self.ledger.users[name], self.ledger.some_sid(self.rng))

    def change_password(self, name):
        """By the person; the session at hand stays."""
        user = self.ledger.users[name]
        sid = self.ledger.some_sid(self.rng)
        row = self.ask("doorward_account", "select password_version from"
                       " doorward.account_password_begin(%s, null)", user)
        if row is None:
            return
        if self.ask("doorward_account", "select doorward.account_password_end(%s, %s, '$hash', %s,"
                    " null, false, false)", user, row[0], sid)[0] is not None:
            with self.ledger.lock:
                self.ledger.kept |= {session for session, one in self.ledger.issued if one == sid}

    def step(self):
        """One thing, by chance."""
        name, role = self.rng.choices(NAMES, [5, 1])[0], self.rng.choice(["editor", "guest"])
        things = [
            (24, "login", lambda: self.login(name)),
            (24, "renew", lambda: self.renew(name)),
            (8, "logout", lambda: self.logout(name)),
            (3, "end others", lambda: self.end_others(name)),
            (3, "change password", lambda: self.change_password(name)),
            (2, "disable", lambda: self.operator("user_disable(%s, true, 'test')", name)),
            (6, "enable", lambda: self.operator("user_disable(%s, false, 'test')", name)),
            (4, "add role", lambda: self.operator("user_roles(%s, %s, '{}', 'test')", name, [role])),
            (4, "take role", lambda: self.operator("user_roles(%s, '{}', %s, 'test')", name,
                                                   [role])),
            (2, "passwd", lambda: self.operator("user_password(%s, '$hash', 'test')", name)),
            (2, "end all", lambda: self.operator("user_sessions_end(%s, 'test')", name)),
            (3, "unlock", lambda: self.operator("user_unlock(%s, 'test')", name)),
            (2, "tidy", lambda: self.operator("tidy(365, 30, 'test')")),
            (2, "rename", lambda: self.operator("user_rename(%s, %s, 'test')", name,
                                                name.capitalize())),
            (2, "revoke", lambda: self.operator("revocation_add(%s, 'test')",
                                                self.ledger.some_sid(self.rng))
             if self.ledger.issued else None),
        ]
        [(_, what, do)] = self.rng.choices(things, [weight for weight, _, _ in things])
        try:
            do()
            with self.ledger.lock:
                self.ledger.count[what] = self.ledger.count.get(what, 0) + 1
        except psycopg2.Error as error:
            self.ledger.errors.append((what, error.pgcode, str(error).splitlines()[0]))




@pytest.fixture(name="stormed")
def _stormed(db):
    db.server.sql(f"alter database {db.name} set deadlock_timeout = '20ms'")
    db.sql("update doorward.throttle set free = 1000000")
    ledger = Ledger(db)
    workers = [Worker(ledger, number) for number in range(WORKERS)]
    until = time.monotonic() + SECONDS

    def work(i):
        while time.monotonic() < until and not ledger.errors:
            workers[i].step()

    in_parallel(WORKERS, work)
    assert sum(ledger.count.values()) > 300 and len(ledger.count) == 15, ledger.count
    return ledger


def test_everything_at_once(stormed):
    """No error reaches a caller; nobody who is out is in; every dead token is on the list."""
    ledger, db = stormed, stormed.db
    assert not ledger.errors

    assert db.sql("select s.id from doorward.sessions s join doorward.users u on u.id = s.user_id"
                  " where u.disabled and s.ended_at is null") == []

    now = {str(session): (str(sid), ended) for session, sid, ended in db.sql(
        "select id, sid, ended_at is not null from doorward.sessions")}
    revoked = {str(sid) for (sid,) in db.sql("select sid from doorward.revocation_list()")}
    dead = {sid for session, sid in ledger.issued
            if session not in now or now[session] != (sid, False)}
    assert dead and dead <= revoked
    alive = {sid for _, sid in ledger.issued} - dead
    assert not alive & revoked, "and nobody was logged out by mistake"

    assert db.sql("select session_id from doorward.refresh_tokens where used_at is null"
                  " group by 1 having count(*) > 1") == []
    assert db.sql("select user_id from doorward.sessions where ended_at is null"
                  " group by user_id, browser having count(*) > 3") == []

    older = {str(session) for (session,) in db.sql(
        "select s.id from doorward.sessions s join doorward.users u on u.id = s.user_id"
        " where s.ended_at is null and s.opened_at < u.password_at")}
    assert older <= ledger.kept, "a session outlived a change of the password"


def test_a_user_who_is_deleted_amid_it_all_leaves_no_living_token(stormed):
    ledger, db = stormed, stormed.db
    workers = [Worker(ledger, 100 + number) for number in range(4)]
    until = time.monotonic() + 0.6

    def work(i):
        if i == 3:
            time.sleep(0.3)
            workers[i].operator("user_delete('ann', false, 'test')")
        while time.monotonic() < until and not ledger.errors:
            workers[i].renew("ann")
            workers[i].logout("ann")

    ledger.errors.clear()
    before = set(ledger.issued)
    in_parallel(4, work)
    assert db.one("select count(*) from doorward.users where name_key = 'ann'") == 0
    left = {str(session) for (session,) in db.sql("select id from doorward.sessions")}
    revoked = {str(sid) for (sid,) in db.sql("select sid from doorward.revocation_list()")}
    gone = {sid for session, sid in ledger.issued | before if session not in left}
    assert gone and gone <= revoked
