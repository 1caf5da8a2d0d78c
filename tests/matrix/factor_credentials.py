"""What a user with a second factor holds, and what each is answered now, as a word of
factor_matrix.WORDS."""

import uuid

from client import Client, bearer, form_login, hidden_fields, json_login
from credentials import ACCESS, DEVICE, PASSWORD, kept
from links import give_address, make_link
from second import Factors, begin, begin_json, prove_json


class FactorCredentials:
    """Everything that a user has, and a browser at hand that may act."""

    def __init__(self, stack, row):
        self.stack, self.row = stack, row
        self.name, self.password = f"factor-{row.key}", PASSWORD
        self.factors = Factors(stack, self.name, PASSWORD, ["member"])
        self.here = self.browser()
        self.form_here = self.account_form()
        self.remembered = self.browser(remember_device="1").cookies[DEVICE]
        self.api = {"access": self.api_login()}
        self.give_links()
        self.ticket = begin_json(stack, self.name, PASSWORD)["mfa_token"]
        self.flow_browser, _ = begin(stack, self.name, PASSWORD)

    def give_links(self):
        """One to make a factor, and the action's own."""
        give_address(self.stack, self.name, f"{self.name}@example.org")
        self.own_link = make_link(self.stack, "reset", self.name) if self.row.key == "reset" else None
        self.link = make_link(self.stack, "factor", self.name)

    def browser(self, **more):
        """A browser that is signed in, by a recovery code of its own."""
        client, fields = begin(self.stack, self.name, self.password)
        answer = client.post("/login/mfa", data={
            **fields, "recovery_code": self.factors.recovery.pop(), **more})
        assert answer.status_code == 200, answer.text
        return client

    def api_login(self):
        """What a program is given, which has shown a recovery code."""
        ticket = begin_json(self.stack, self.name, self.password)["mfa_token"]
        answer = prove_json(self.stack, ticket, recovery_code=self.factors.recovery.pop())
        assert answer.status_code == 200, answer.text
        return answer.json()

    def account_form(self):
        """The hidden fields of the account's form."""
        fields = hidden_fields(self.here.get("/account/password").text)
        return {"form_token": fields["form_token"], "session": str(uuid.uuid4())}

    def log_out_all(self):
        """Every session, by the first thing at hand; the statuses."""
        return [Client(self.stack, browser=True).post("/login/logout",
                                                      headers=kept(self.here)).status_code,
                Client(self.stack).post("/login/logout", headers=bearer(
                    self.api["access"]["token"])).status_code]

    def word(self, column):
        """What the credential of that column is answered now."""
        return getattr(self, "try_" + column.replace("-", "_"))()

    # ---- sessions that have proved a factor ----

    def opens_strong(self, token):
        """The status at a path that asks for a factor."""
        return Client(self.stack).get("/members/strong/", headers=bearer(token)).status_code

    def try_strong_gate(self):
        status = self.opens_strong(self.api["access"]["token"])
        return {200: "opens", 401: "refused"}.get(status, str(status))

    def try_strong_refresh(self):
        answer = Client(self.stack).post("/login/refresh", json={
            "refresh_token": self.api["access"]["refresh_token"]})
        if answer.status_code != 200:
            return {401: "refused"}.get(answer.status_code, str(answer.status_code))
        status = self.opens_strong(answer.json()["token"])
        return "renews" if status == 200 else f"a token that is answered by {status}"

    # ---- logins ----

    def try_remembered(self):
        """A right password, and the device cookie of the browser that is remembered."""
        client = Client(self.stack, browser=True)
        fields = hidden_fields(client.get("/login").text)
        answer = client.post("/login", data=dict(fields, username=self.name, password=self.password),
                             headers={"Cookie": kept(client)["Cookie"] + f"; {DEVICE}={self.remembered}"})
        if answer.status_code == 303:
            return "asks" if answer.headers["Location"].startswith("/login/mfa") else "in"
        return {401: "refused"}.get(answer.status_code, str(answer.status_code))

    def proof_word(self, ticket, **proof):
        """What POST /login/mfa says."""
        answer = prove_json(self.stack, ticket, **proof)
        if answer.status_code == 401:
            return {"invalid_code": "wrong", "mfa_token_invalid": "over"}[answer.json()["error"]]
        return {200: "in", 503: "unavailable"}.get(answer.status_code, str(answer.status_code))

    def try_flow(self):
        return self.proof_word(self.ticket, code=self.factors.code())

    def try_flow_page(self):
        answer = self.flow_browser.get("/login/mfa")
        if answer.status_code == 303:
            return "over" if answer.headers["Location"].startswith("/login?done=over") else "303"
        return {200: "asks"}.get(answer.status_code, str(answer.status_code))

    def login_word(self, **proof):
        """A new login with the right password and this proof."""
        answer = json_login(self.stack, self.name, self.password)
        if answer.status_code == 200:
            return "unwanted"
        if answer.json()["error"] != "mfa_required":
            return "refused" if answer.status_code == 401 else str(answer.status_code)
        return self.proof_word(answer.json()["mfa_token"], **proof)

    def try_code(self):
        """The code after the one of try_flow, which is good only once."""
        return self.login_word(code=self.factors.code(30))

    def try_recovery(self):
        return self.login_word(recovery_code=self.factors.recovery[0])

    # ---- links ----

    def try_factor_link(self):
        """Opened, and used by the button of its page."""
        client = Client(self.stack, browser=True)
        answer = client.get("/login/factor", params={"token": self.link})
        if answer.status_code == 303:
            page = client.get(answer.headers["Location"])
            answer = client.post("/login/factor", data=hidden_fields(page.text))
        return {303: "leads on", 410: "over"}.get(answer.status_code, str(answer.status_code))
