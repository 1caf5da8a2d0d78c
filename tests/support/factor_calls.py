"""Factors in the database, as the programs call the functions of them. Secrets are words here:
their SHA-256 is what the database gets."""

SEALED = b"s" * 60
FRESH = 900  # the setting fresh_login

PROOF = ("row(%s, %s, sha256(%s::bytea), %s, %s, %s, %s, substr(sha256(%s::bytea), 1, 16), %s, %s,"
         " %s)::doorward.proof")
CODES = "(select array_agg(sha256(c::bytea)) from unnest(%s::text[]) c)"


def totp(step, key_id=None, sealed=None):
    """A one-time code that was right."""
    return ("totp", step, None, None, None, None, None, None, key_id, sealed, True)


def recovery(code):
    """A recovery code."""
    return ("recovery", None, code, None, None, None, None, None, None, None, True)


def passkey(which, challenge, counter=0, verified=True, backed_up=False):
    """An answer of a passkey that was right."""
    return ("passkey", None, None, which, counter, backed_up, verified, challenge, None, None, True)


SETUP = ("setup", *[None] * 9, True)


def codes(prefix):
    """Ten recovery codes."""
    return [f"{prefix}{n}" for n in range(10)]


class Factors:  # pylint: disable=too-many-public-methods
    """What the login and account programs do with one database."""

    def __init__(self, db):
        self.db = db

    def rows(self, call, *values, role="doorward_login", connection=None):
        """The rows of a function, each as {column: value}."""
        cursor = (connection or self.db.connect(role)).cursor()
        cursor.execute(f"select * from doorward.{call}", values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row)) for row in cursor.fetchall()]

    def row(self, call, *values, **how):
        """The only row."""
        [row] = self.rows(call, *values, **how)
        return row

    # ---- what is there, without going through a set-up ----

    def give_totp(self, user, step=100):
        """An app for one-time codes, whose last code was that of `step`."""
        self.db.sql("insert into doorward.totp values (%s, 'k1', %s, %s, doorward.now(), null)",
                    user, SEALED, step)

    def give_codes(self, user, *words):
        """Recovery codes."""
        self.db.sql("insert into doorward.recovery_codes (user_id, hash)"
                    " select %s, sha256(c::bytea) from unnest(%s) c", user, list(words))

    def give_passkey(self, user, credential="c1", counter=0, synced=False, rp_id="example.org"):
        """A passkey; its id."""
        return self.db.one(
            "insert into doorward.passkeys (user_id, credential_id, rp_id, jwk, counter,"
            " backup_eligible, backed_up, transports, name, created_at) values (%s,"
            " sha256(%s::bytea), %s, '{}', %s, %s, false, '{usb}', %s, doorward.now())"
            " returning id", user, credential, rp_id, counter, synced, f"key {credential}")

    def give_address(self, user, address="ann@example.org"):
        """A verified address."""
        self.db.sql("insert into doorward.addresses (user_id, address, verified_at)"
                    " values (%s, %s, doorward.now())", user, address)

    def count(self, table):
        """Its rows."""
        return self.db.one(f"select count(*) from doorward.{table}")

    def audited(self, event):
        """The details of such rows of the audit, oldest first."""
        return [detail for (detail,) in self.db.sql(
            "select detail from doorward.audit where event = %s order by id", event)]

    def mails(self):
        """(template, data) of the mails that wait, oldest first."""
        return self.db.sql("select template, data from doorward.outbox order by created_at, id")

    # ---- a login ----

    def begin(self, name, need=(), device=(None, None, 0)):
        """login_begin."""
        return self.row("login_begin(%s, '192.0.2.1', sha256(%s::bytea), %s, %s, 'name', %s)",
                        name, *device, list(need))

    def keep(self, name, ticket, **change):
        """flow_add after a right password; whether the login was kept."""
        [(user, version)] = self.db.sql("select id, password_version from doorward.users"
                                        " where name_key = doorward.name_key(%s)", name)
        v = {"user": user, "version": version, "device": None, "old": "$hash", "new": None,
             "browser": True, "remember": False, "setup": False}
        v.update(change)
        return self.db.one(
            "select doorward.flow_add(sha256(%s::bytea), %s, %s, %s, 'name', '192.0.2.1',"
            " sha256(%s::bytea), %s, %s, %s, %s, %s)", ticket, v["user"], v["version"], name,
            v["device"], v["old"], v["new"], v["browser"], v["remember"], v["setup"],
            role="doorward_login")

    def find(self, ticket):
        """The row of flow_find, or None."""
        rows = self.rows("flow_find(sha256(%s::bytea))", ticket)
        return rows[0] if rows else None

    def attempt(self, ticket, way="totp", connection=None):
        """The seconds to wait that flow_try says; None: there is no such flow."""
        rows = self.rows("flow_try(sha256(%s::bytea), %s, '192.0.2.1')", ticket, way,
                         connection=connection)
        return rows[0]["wait"] if rows else None

    def open(self, ticket, proof, connection=None, trust=None, **change):
        """The row of flow_open."""
        v = {"refresh": f"refresh {ticket}", "replaces": None, "seconds": 3600, "news": None}
        v.update(change)
        return self.row(
            f"flow_open(sha256(%s::bytea), {PROOF}, sha256(%s::bytea), %s, '192.0.2.1',"
            " sha256(%s::bytea), sha256(%s::bytea), 3600, 7200, 100, 'agent', %s)", ticket, *proof,
            trust, v["seconds"], v["refresh"], v["replaces"], v["news"], connection=connection)

    def prove(self, ticket, proof):
        """The outcome of flow_prove."""
        return self.db.one(f"select doorward.flow_prove(sha256(%s::bytea), {PROOF}, null)", ticket,
                           *proof, role="doorward_login")

    def open_passkey(self, user, proof, connection=None, **change):
        """The row of passkey_open."""
        v = {"version": 1, "device": None, "refresh": f"refresh {proof[7]}", "replaces": None}
        v.update(change)
        return self.row(
            f"passkey_open(%s, %s, {PROOF}, '192.0.2.1', sha256(%s::bytea), sha256(%s::bytea),"
            " sha256(%s::bytea), false, 3600, 7200, true, 100, 'agent', null)", user, v["version"],
            *proof, v["device"], v["refresh"], v["replaces"], connection=connection)

    # ---- a set-up ----

    def begin_totp(self, flow=None, user=None, sid=None, mail=True, sealed=SEALED):
        """The outcome of totp_begin."""
        return self.db.one("select doorward.totp_begin(sha256(%s::bytea), %s, %s, %s, %s, 'k1', %s)",
                           flow, user, sid, FRESH, mail, sealed, role="doorward_login")

    def confirm_totp(self, flow=None, user=None, sid=None, mail=True, sealed=SEALED, step=200,
                     new=None, connection=None):
        """The row of totp_confirm."""
        return self.row(
            f"totp_confirm(sha256(%s::bytea), %s, %s, %s, %s, %s, %s, {CODES}, '192.0.2.1')", flow,
            user, sid, FRESH, mail, sealed, step, new or codes("r"), connection=connection)

    def add_passkey(self, flow=None, user=None, sid=None, mail=True, credential=b"c1",
                    challenge="n1", name="My key", counter=0, connection=None, new=None):
        """The row of passkey_add."""
        return self.row(
            f"passkey_add(sha256(%s::bytea), %s, %s, %s, %s, %s, 'example.org', '{{}}', %s, true,"
            f" false, true, '{{usb}}', %s, substr(sha256(%s::bytea), 1, 16), {CODES},"
            " '192.0.2.1')", flow, user, sid, FRESH, mail, credential, counter, name, challenge,
            new or codes("r"), connection=connection)

    def renew_codes(self, user, sid, new):
        """The outcome of recovery_renew."""
        return self.db.one(f"select doorward.recovery_renew(%s, %s, %s, true, {CODES}, '192.0.2.1')",
                           user, sid, FRESH, new, role="doorward_login")

    def remove(self, user, sid, kind, which=None, need=()):
        """The outcome of factor_remove."""
        return self.db.one("select doorward.factor_remove(%s, %s, %s, true, %s, %s, %s, '192.0.2.1')",
                           user, sid, FRESH, kind, which, list(need), role="doorward_account")

    def step_up(self, user, sid, proof, connection=None):
        """The row of step_up."""
        return self.row(f"step_up(%s, %s, null, 0, {PROOF}, '192.0.2.1')", user, sid, *proof,
                        connection=connection)

    def sid(self, session):
        """The sid that a session has now."""
        return self.db.one("select sid from doorward.sessions where id = %s", session)
