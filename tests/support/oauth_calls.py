"""The OpenID provider in the database, as the programs call the functions of it. Secrets are words
here: their SHA-256 is what the database gets."""

import base64
import hashlib
import hmac
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
          "id_token_claims": False, "secret": "s1"}
SET = {key: None for key in CLIENT if key != "secret"}


def sha(word):
    """SHA-256 of a word, or None."""
    return None if word is None else hashlib.sha256(word.encode()).digest()


def challenge(word):
    """A code challenge."""
    return base64.urlsafe_b64encode(sha(word)).rstrip(b"=").decode()


class OAuth(Factors):
    """What oauth.fcgi, the account page and the operator's command do with one database."""

    def grants(self, role="doorward"):
        """(client, end_reason) of all grants, oldest first."""
        return self.db.sql("select client_id, end_reason from doorward.oauth_grants"
                           " order by created_at, id", role=role)

    # ---- the operator ----

    def add(self, client="app", **change):
        """client_add; its outcome."""
        c = {**CLIENT, **change}
        return self.db.one(
            "select doorward.client_add(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,"
            " 'operator:me')", client, *[c[key] for key in CLIENT if key != "secret"],
            sha(c["secret"]))

    def set(self, client="app", **change):
        """client_set; its row."""
        c = {**SET, **change}
        return self.row("client_set(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'operator:me')",
                        client, *c.values(), role="doorward")

    def remove(self, client="app"):
        """client_remove; its row."""
        return self.row("client_remove(%s, 'operator:me')", client, role="doorward")

    def new_secret(self, secret, keep=0, client="app"):
        """client_secret; its outcome."""
        return self.db.one("select doorward.client_secret(%s, %s, %s, 'operator:me')", client,
                           sha(secret), keep)

    def listed(self, client="app"):
        """The row of client_list."""
        return self.row("client_list(%s)", client, role="doorward")

    # ---- authorize ----

    def look(self, user=None, session=None, client="app"):
        """The row of oauth_client_look, or None."""
        rows = self.rows("oauth_client_look(%s, %s, %s)", client, user,
                         self.sid(session) if session else None, role="doorward_oauth")
        return rows[0] if rows else None

    def put(self, browser="b1", client="app", query="client_id=app", hint=None, address=ADDRESS):
        """oauth_request_put; its outcome and the id."""
        request = str(uuid.uuid4())
        return self.db.one("select doorward.oauth_request_put(%s, %s, %s, %s, 'https://app.example',"
                           " %s, %s)", request, sha(browser), client, query, hint, address,
                           role="doorward_oauth"), request

    def request(self, request, browser="b1", user=None, session=None):
        """The row of oauth_request_look, or None."""
        rows = self.rows("oauth_request_look(%s, %s, %s, %s)", request, sha(browser), user,
                         self.sid(session) if session else None, role="doorward_oauth")
        return rows[0] if rows else None

    def make(self, code, user, session, **change):
        """oauth_code_make; its outcome."""
        v = {"sid": None, "client": "app", "scopes": ["openid", "profile"], "redirect": REDIRECT,
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
        v = {"client": "app", "secret": "s1", "method": "client_secret_basic",
             "redirect": REDIRECT, "challenge": None, "origin": None, "connection": None, **change}
        return self.row("oauth_code_use(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)", sha(code),
                        v["client"], sha(v["secret"]), v["method"], v["redirect"], v["challenge"],
                        sha(refresh or f"refresh of {code}"), OFFLINE, v["origin"], ADDRESS,
                        role="doorward_oauth", connection=v["connection"])

    def renew(self, old, new, grace=30, **change):
        """Both halves of a renewal; the row of the first, with the outcome and `revoked` of the
        second."""
        v = {"client": "app", "secret": "s1", "method": "client_secret_basic", "origin": None,
             "sid": None, "connection": None, **change}
        auth = v["client"], sha(v["secret"]), v["method"]
        how = {"role": "doorward_oauth", "connection": v["connection"]}
        first = self.row("oauth_refresh_look(%s, %s, %s, %s, %s, %s, %s)", sha(old), sha(new), grace,
                         *auth, v["origin"], **how)
        second = self.row("oauth_refresh(%s, %s, %s, %s, %s, %s, %s, %s, %s)", sha(old), sha(new),
                          v["sid"] or first["sid"], grace, *auth, OFFLINE, ADDRESS, **how)
        return {**first, **second}

    def userinfo(self, tokens, origin=None, **change):
        """The row of oauth_userinfo for an access token."""
        v = {"sid": tokens["sid"], "user": tokens["user_id"], "client": "app", **change}
        return self.row("oauth_userinfo(%s, %s, %s, %s)", v["sid"], v["user"], v["client"], origin,
                        role="doorward_oauth")

    def revoke(self, refresh=None, sid=None, **change):
        """The row of oauth_revoke."""
        v = {"client": "app", "secret": "s1", "method": "client_secret_basic", "origin": None, **change}
        return self.row("oauth_revoke(%s, %s, %s, %s, %s, %s, %s)", v["client"], sha(v["secret"]),
                        v["method"], sha(refresh), sid, v["origin"], ADDRESS, role="doorward_oauth")

    # ---- the account page ----

    def apps(self, user):
        """client: its row of oauth_apps."""
        return {row["client_id"]: row for row in self.rows("oauth_apps(%s)", user,
                                                           role="doorward_account")}

    def withdraw(self, user, client="app"):
        """The row of oauth_withdraw."""
        return self.row("oauth_withdraw(%s, %s, %s)", user, client, ADDRESS, role="doorward_account")

    # ---- a whole way ----

    def tokens(self, name, user, session, client="app", **change):
        """The tokens that a person's app got: code `name`, refresh token `name`1."""
        change.setdefault("consented", True)
        assert self.make(name, user, session, client=client, **change) == "ok"
        used = self.use(name, f"{name}1", client=client, redirect=change.get("redirect", REDIRECT))
        assert used["outcome"] == "ok"
        return used

    def id_sid(self, session, client):
        """What the sid of an ID token must be, by the key in the table."""
        key = bytes(self.db.one("select sid_key from doorward.oauth_key"))
        mac = hmac.new(key, f"{session}\0{client}".encode(), "sha256").digest()
        return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
