"""What apps hold of a user who has allowed them, and what each is answered now, as a word of
app_matrix.WORDS. Every credential that a try uses up has a grant of its own."""

import uuid

import app_actions
from client import Client, bearer, form_login, hidden_fields
from credentials import PASSWORD, kept
from links import give_address, make_link
from oauth import EVERYTHING, App, said

ONLINE = "openid profile email groups"
# Rows whose action is done to the client. The others share theirs.
OWN_CLIENT = ("client-", "secret-", "role-demanded", "given-back")
SHARED = {}


def made(stack, row):
    """The two clients of a row: one for userinfo, one for the audience of the site."""
    more = ["--role", "editor"] if row.key == "role-demanded" else []
    return [App(stack, *more, consent="remember"),
            App(stack, *more, "--audience", stack.public_url, consent="remember")]


class AppCredentials:
    """Everything that apps hold, and a browser at hand that may act."""

    own_actions = app_actions

    def __init__(self, stack, row):
        self.stack, self.row = stack, row
        self.name, self.password = f"app-{row.key}", PASSWORD
        stack.add_user(self.name, PASSWORD, "member",
                       *(["editor"] if row.key in ("role-taken", "role-demanded") else []))
        self.here, self.there = self.browser(), self.browser()
        fields = hidden_fields(self.here.get("/account/password").text)
        self.form_here = {"form_token": fields["form_token"], "session": str(uuid.uuid4())}
        if row.key.startswith(OWN_CLIENT):
            self.app, self.of_site = made(stack, row)
        else:
            self.app, self.of_site = SHARED[stack]
        self.scripts = {}
        self.allow()
        self.own_link = self.make_link()
        # whose end the verifiers are to be told
        self.api = {"access": {"token": self.tokens["access"]["access_token"]}}

    def allow(self):
        """One grant for each column."""
        self.tokens = {}
        for more in "", "-offline":
            scope = EVERYTHING if more else ONLINE
            self.tokens[f"refresh{more}"] = self.app.tokens(self.there, scope=scope)
            self.tokens[f"access{more}"] = self.app.tokens(self.there, scope=scope)
            self.tokens[f"code{more}"] = self.app.ask(self.there, scope=scope)
        self.tokens["roles"] = self.of_site.tokens(self.there, scope=ONLINE)
        self.stranger = Client(self.stack, browser=True)
        asked = self.app.ask(self.stranger, press=None)
        self.request = said(said(asked.location)["return_to"])["id"]

    def make_link(self):
        """The action's own."""
        kind = {"reset": "reset", "reset-again": "reset",
                "address-undone": "undo-address"}.get(self.row.key)
        if not kind:
            return None
        give_address(self.stack, self.name, f"{self.name}@example.org")
        new = {"address": f"{self.name}@example.net"} if kind == "undo-address" else {}
        return make_link(self.stack, kind, self.name, **new)

    def browser(self):
        """A browser that is signed in."""
        client, answer = form_login(self.stack, self.name, self.password)
        assert answer.status_code == 303, answer.text
        return client

    def log_out_all(self):
        """Every session; the statuses."""
        return [Client(self.stack, browser=True).post("/login/logout",
                                                      headers=kept(browser)).status_code
                for browser in (self.here, self.there)]

    def word(self, column):
        """What the credential of that column is answered now."""
        return getattr(self, "try_" + column.replace("-", "_"))()

    # ---- the token endpoint ----

    def tokens_word(self, answer):
        """What it gave, and whether that is of any use."""
        if answer.status_code != 200:
            return {"invalid_grant": "refused", "invalid_client": "unknown"}.get(
                answer.json()["error"], answer.text)
        given = answer.json()
        if self.app.userinfo(given).status_code != 200:
            return "gives dead tokens"
        if "refresh_token" not in given or "id_token" not in given:
            return "gives " + " ".join(given)
        return "gives" if "email" in given["scope"].split() else "narrower"

    def try_code(self):
        return self.tokens_word(self.app.token(self.tokens["code"]))

    def try_code_offline(self):
        return self.tokens_word(self.app.token(self.tokens["code-offline"]))

    def try_refresh(self):
        return self.tokens_word(self.app.refresh(self.tokens["refresh"]))

    def try_refresh_offline(self):
        return self.tokens_word(self.app.refresh(self.tokens["refresh-offline"]))

    # ---- access tokens ----

    def userinfo_word(self, key):
        answer = self.app.userinfo(self.tokens[key])
        if answer.status_code == 200 and answer.json().get(
                "preferred_username", self.name) != self.name:
            return "opens " + answer.text
        return {200: "opens", 401: "refused", 503: "unavailable"}.get(
            answer.status_code, str(answer.status_code))

    def try_userinfo(self):
        return self.userinfo_word("access")

    def try_userinfo_offline(self):
        return self.userinfo_word("access-offline")

    def gate_word(self, key):
        answer = Client(self.stack).get("/members/app/", headers=bearer(
            self.tokens[key]["access_token"]))
        return {200: "opens", 401: "refused", 503: "unavailable"}.get(
            answer.status_code, str(answer.status_code))

    def try_app_gate(self):
        return self.gate_word("access")

    def try_app_gate_offline(self):
        return self.gate_word("access-offline")

    def try_app_roles(self):
        return self.gate_word("roles")

    # ---- what waits ----

    def try_consent(self):
        client, answer = form_login(self.stack, self.name, self.password)
        if answer.status_code != 303:
            return "no login"
        asked = self.app.ask(client, press=None)
        if asked.is_back:
            return "goes on" if "code" in asked.said else asked.said["error"]
        return {200: "asks", 400: "over", 403: "may not"}.get(
            asked.answer.status_code, str(asked.answer.status_code))

    def try_request(self):
        answer = self.stranger.get("/oauth/authorize", params={"id": self.request})
        if answer.status_code == 303 and answer.headers["Location"].startswith("/login"):
            return "leads on"
        return {400: "over", 410: "over"}.get(answer.status_code, str(answer.status_code))
