"""The database as admin.fcgi asks it: people, an admin, and calls with the admin's sid."""

import psycopg2

REFUSED = {"DW401": "no session", "DW403": "no right", "DW419": "not fresh"}


class Admins:
    """Users with sessions, and the functions of doorward_webadmin."""

    def __init__(self, db):
        self.db = db
        self.sid = None

    def add(self, name, *roles, mail=None, verified=True, password_hash="$hash"):
        """A user, perhaps with an address; the id."""
        return self.db.one("select user_id from doorward.user_enter(%s, %s::text[], %s, %s, %s,"
                           " 'test')", name, list(roles), password_hash, mail, verified)

    def login(self, name):
        """A new session of theirs; the sid."""
        count = self.db.one("select count(*) from doorward.sessions")
        return self.db.open(name, f"r-{name}-{count}", browser=True)[1]

    def admin(self, name="root", *roles):
        """Somebody with roles (doorward-admin if none is given), signed in: who asks next."""
        self.add(name, *(roles or ("doorward-admin",)))
        self.sid = self.login(name)
        return self.sid

    def rows(self, call, *values, sid=None):
        """The rows of a function as dicts. `call`: its name, and after a blank its arguments
        but the first."""
        name, _, arguments = call.partition(" ")
        connection = self.db.connect("doorward_webadmin")
        try:
            cursor = connection.cursor()
            cursor.execute(f"select * from doorward.{name}(%s{', ' + arguments if arguments else ''})",
                           (sid or self.sid, *values))
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row)) for row in cursor.fetchall()]
        finally:
            self.db.connections.remove(connection)
            connection.close()

    def row(self, call, *values, sid=None):
        """The only one."""
        [row] = self.rows(call, *values, sid=sid)
        return row

    def refused(self, call, *values, sid=None):
        """Why the database does not answer; None: it does."""
        try:
            self.rows(call, *values, sid=sid)
        except psycopg2.Error as error:
            return REFUSED.get(error.pgcode, error)
        return None

    def seen(self, user):
        """The version of a person, as a page of theirs that is opened now has it."""
        return self.db.one("select doorward.person_seen(u) from doorward.users u where u.id = %s",
                           user)

    def audited(self, event):
        """(name, actor, detail) of each such row."""
        return self.db.sql("select name, actor, detail from doorward.audit where event = %s"
                           " order by id", event)
