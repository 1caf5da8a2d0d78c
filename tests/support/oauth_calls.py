"""The OpenID provider in the database, as the programs call the functions of it. Secrets are words
here: their SHA-256 is what the database gets."""

import base64
import hashlib
import hmac
import threading
import uuid

from factor_calls import Factors

REDIRECT = "https://app.example/cb"
ADDRESS = "192.0.2.1"
LIFE = 60            # of a code
OFFLINE = 90 * 86400  # the setting oauth_grant_life
CLIENT = {"name": "The App", "redirects": [REDIRECT], "logouts": ["https://app.example/bye"],
          "method": "client_secret_basic",
          "scopes": ["openid", "profile", "email", "groups", "offline_access"], "audience": None,
          "roles": [], "groups": [], "consent": "ask", "pkce": False, "alg": "RS256",
          "id_token_claims": False, "secret": None}
SET = {key: None for key in CLIENT if key != "secret"}


def sha(word):
    """SHA-256 of a word, or None."""
    return None if word is None else hashlib.sha256(word.encode()).digest()


def challenge(word):
    """A code challenge."""
    return base64.urlsafe_b64encode(sha(word)).rstrip(b"=").decode()


class OAuth(Factors):
    """What oauth.fcgi, the account page and the operator's command do with one database."""

    client, secret = "app", "s1"  # unless a call says otherwise

    def __init__(self, db):
        super().__init__(db)
        self.held = vars(db).setdefault("held", {})

    def connection(self, role):
        """One for each role and thread: to connect takes longer than most calls."""
        key = role, threading.get_ident()
        return self.held.get(key) or self.held.setdefault(key, self.db.connect(role))

    def rows(self, call, *values, role="doorward_login", connection=None):
        """As it is, on such a connection."""
        return super().rows(call, *values, role=role,
                            connection=connection or self.connection(role))

    def ask(self, sql, *values):
        """The rows of a statement of the owner's."""
        cursor = self.connection("doorward").cursor()
        cursor.execute(sql, values)
        return cursor.fetchall()

    def sid(self, session):
        """The sid that a session has now."""
        return self.ask("select sid from doorward.sessions where id = %s", session)[0][0]

    def count(self, table):
        """Its rows."""
        return self.ask(f"select count(*) from doorward.{table}")[0][0]

    def audited(self, event):
        """The details of such rows of the audit, oldest first."""
        return [detail for (detail,) in self.ask(
            "select detail from doorward.audit where event = %s order by id", event)]

    def revoked(self):
        """What verifiers must not believe."""
        return dict(self.ask("select sid, until from doorward.revocation_list()"))

    def auth(self, change):
        """The client that calls, and how it proves it."""
        return {"client": self.client, "secret": self.secret, "method": "client_secret_basic",
                "origin": None, "connection": None, **change}

    def grants(self):
        """(client, end_reason) of all grants, oldest first."""
        return self.ask("select client_id, end_reason from doorward.oauth_grants"
                           " order by created_at, id")

    # ---- the operator ----

    def add(self, *client, **change):
        """client_add; its outcome."""
        c = {**CLIENT, "secret": self.secret, **change}
        [(outcome,)] = self.ask(
            "select doorward.client_add(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,"
            " 'operator:me')", *(client or [self.client]),
            *[c[key] for key in CLIENT if key != "secret"], sha(c["secret"]))
        return outcome

    def set(self, client=None, **change):
        """client_set; its row."""
        c = {**SET, **change}
        return self.row("client_set(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'operator:me')",
                        client or self.client, *c.values(), role="doorward")

    def remove(self, client=None):
        """client_remove; its row."""
        return self.row("client_remove(%s, 'operator:me')", client or self.client, role="doorward")

    def new_secret(self, secret, keep=0, client=None):
        """client_secret; its outcome."""
        return self.db.one("select doorward.client_secret(%s, %s, %s, 'operator:me')",
                           client or self.client, sha(secret), keep)

    def listed(self):
        """The row of client_list."""
        return self.row("client_list(%s)", self.client, role="doorward")

    # ---- authorize ----

    def look(self, user=None, session=None, client=None):
        """The row of oauth_client_look, or None."""
        rows = self.rows("oauth_client_look(%s, %s, %s)", client or self.client, user,
                         self.sid(session) if session else None, role="doorward_oauth")
        return rows[0] if rows else None

    def put(self, browser="b1", client=None, query="client_id=app", hint=None, address=ADDRESS):
        """oauth_request_put; its outcome and the id."""
        request = str(uuid.uuid4())
        return self.db.one("select doorward.oauth_request_put(%s, %s, %s, %s, 'https://app.example',"
                           " %s, %s)", request, sha(browser), client or self.client, query, hint,
                           address, role="doorward_oauth"), request

    def request(self, request, browser="b1", user=None, session=None):
        """The row of oauth_request_look, or None."""
        rows = self.rows("oauth_request_look(%s, %s, %s, %s)", request, sha(browser), user,
                         self.sid(session) if session else None, role="doorward_oauth")
        return rows[0] if rows else None

    def make(self, code, user, session, **change):
        """oauth_code_make; its outcome."""
        v = {"sid": None, "client": self.client, "scopes": ["openid", "profile"], "redirect": REDIRECT,
             "challenge": None, "nonce": "n1", "life": LIFE, "consented": True, "request": None,
             "browser": "b1", "connection": None, **change}
        [row] = self.rows(
            "oauth_code_make(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) as outcome", user,
            v["sid"] or self.sid(session), v["client"], v["scopes"], v["redirect"], v["challenge"],
            v["nonce"], sha(code), v["life"], v["consented"], v["request"], sha(v["browser"]),
            ADDRESS, role="doorward_oauth", connection=v["connection"])
        return row["outcome"]

    # ---- token ----

    def use(self, code, refresh=None, **change):
        """The row of oauth_code_use."""
        v = self.auth({"redirect": REDIRECT, "challenge": None, **change})
        return self.row("oauth_code_use(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)", sha(code),
                        v["client"], sha(v["secret"]), v["method"], v["redirect"], v["challenge"],
                        sha(refresh or f"refresh of {code}"), OFFLINE, v["origin"], ADDRESS,
                        role="doorward_oauth", connection=v["connection"])

    def renew(self, old, new, grace=30, **change):
        """Both halves of a renewal; the row of the first, with the outcome and `revoked` of the
        second."""
        v = self.auth({"sid": None, **change})
        auth = v["client"], sha(v["secret"]), v["method"]
        how = {"role": "doorward_oauth", "connection": v["connection"]}
        first = self.row("oauth_refresh_look(%s, %s, %s, %s, %s, %s, %s)", sha(old), sha(new), grace,
                         *auth, v["origin"], **how)
        second = self.row("oauth_refresh(%s, %s, %s, %s, %s, %s, %s, %s, %s)", sha(old), sha(new),
                          v["sid"] or first["sid"], grace, *auth, OFFLINE, ADDRESS, **how)
        return {**first, **second}

    def userinfo(self, tokens, origin=None, **change):
        """The row of oauth_userinfo for an access token."""
        v = {"sid": tokens["sid"], "user": tokens["user_id"], "client": self.client, **change}
        return self.row("oauth_userinfo(%s, %s, %s, %s)", v["sid"], v["user"], v["client"], origin,
                        role="doorward_oauth")

    def revoke(self, refresh=None, sid=None, **change):
        """The row of oauth_revoke."""
        v = self.auth(change)
        return self.row("oauth_revoke(%s, %s, %s, %s, %s, %s, %s)", v["client"], sha(v["secret"]),
                        v["method"], sha(refresh), sid, v["origin"], ADDRESS, role="doorward_oauth")

    # ---- the account page ----

    def apps(self, user):
        """client: its row of oauth_apps."""
        return {row["client_id"]: row for row in self.rows("oauth_apps(%s)", user,
                                                           role="doorward_account")}

    def withdraw(self, user, client=None):
        """The row of oauth_withdraw."""
        return self.row("oauth_withdraw(%s, %s, %s)", user, client or self.client, ADDRESS,
                        role="doorward_account")

    # ---- a whole way ----

    def tokens(self, name, user, session, **change):
        """The tokens that a person's app got: code `name`, refresh token `name`1."""
        change.setdefault("consented", True)
        assert self.make(name, user, session, **change) == "ok"
        used = self.use(name, f"{name}1", redirect=change.get("redirect", REDIRECT))
        assert used["outcome"] == "ok"
        return used

    def id_sid(self, session, client):
        """What the sid of an ID token must be, by the key in the table."""
        key = bytes(self.db.one("select sid_key from doorward.oauth_key"))
        mac = hmac.new(key, f"{session}\0{client}".encode(), "sha256").digest()
        return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
