"""Clients and codes made in the database: for tests of what a client does with them, which need
neither the pages of /oauth/authorize nor the command."""

import hashlib
import os
import secrets

from client import ALICE, Client, claims, json_login
from oauth import EVERYTHING, NUMBERS, REDIRECT, App, challenge


def sha256(text):
    """As PostgreSQL writes bytes."""
    return f"'\\x{hashlib.sha256(text.encode()).hexdigest()}'::bytea"


def quoted(value):
    """A value as SQL: a text, a list of texts, a truth, or NULL."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, list):
        return f"array[{', '.join(quoted(v) for v in value)}]::text[]"
    return "'" + value.replace("'", "''") + "'"


class Held:
    """A code, in the place of what App.ask gives."""

    def __init__(self, app, code, verifier, nonce):
        self.code, self.verifier, self.nonce = code, verifier, nonce
        self.parameters = {"redirect_uri": app.redirect}
        if verifier:
            self.parameters["code_challenge"] = challenge(verifier)


class Made(App):
    """A client."""

    def __init__(self, stack, redirect=REDIRECT, scope=EVERYTHING, method="client_secret_basic",
                 audience=None, roles=(), groups=(), alg="RS256", claims_too=False, pkce=True):
        # pylint: disable=super-init-not-called,too-many-arguments
        self.stack, self.redirect, self.scope, self.method = stack, redirect, scope, method
        self.id = f"made-{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}-{next(NUMBERS)}"
        self.secret = None if method == "none" else "dwx_" + secrets.token_urlsafe(32)
        self.web = Client(stack)
        given = ", ".join(quoted(v) for v in (
            self.id, self.id, [redirect], [], method, scope.split(), audience, list(roles),
            list(groups), "trusted", pkce, alg, claims_too))
        secret = sha256(self.secret) if self.secret else "null"
        assert stack.sql(f"select doorward.client_add({given}, {secret}, 'tests')") == "ok"

    def change(self, **columns):
        """Of its row, as the operator would."""
        for column, value in columns.items():
            self.stack.sql(f"update doorward.oauth_clients set {column} = {quoted(value)}"
                           f" where id = '{self.id}'")

    def hold(self, who=None, scope=None, pkce=True, life=60, nonce="n-0S6_WzA2Mj"):
        """A code for somebody who has logged in."""
        login = who or logged_in(self.stack)
        login = claims(login) if isinstance(login, str) else login
        code = "dwo_" + secrets.token_urlsafe(32)
        verifier = secrets.token_urlsafe(32) if pkce else None
        given = ", ".join(quoted(v) for v in (
            login["sub"], login["sid"], self.id, (scope or self.scope).split(), self.redirect,
            challenge(verifier) if pkce else None, nonce))
        assert self.stack.sql(f"select doorward.oauth_code_make({given}, {sha256(code)}, {life},"
                              " false, null, null, null)") == "ok"
        return Held(self, code, verifier, nonce)

    def got(self, who=None, **how):
        """The tokens of such a code."""
        answer = self.token(self.hold(who, **how))
        assert answer.status_code == 200, answer.text
        return answer.json()


def logged_in(stack, name=ALICE[0], password=ALICE[1]):
    """The access token of a new session."""
    return json_login(stack, name, password).json()["token"]


def error_of(answer):
    """Status and error of a refusal, which nothing may store."""
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"].startswith("application/json")
    assert "access_token" not in answer.text
    return answer.status_code, answer.json()["error"]
