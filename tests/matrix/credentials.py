"""The credentials of one user of the matrix, and what each is answered now, as a word of
matrix.WORDS. Every credential that a try uses up has a session of its own."""

import copy
import uuid

from client import Client, bearer, claims, form_login, hidden_fields, json_login
from links import give_address, make_link

PASSWORD = "seven quiet herons wading"
ACCESS, SESSION = "__Host-doorward", "__Secure-doorward-session"
DEVICE = "__Secure-doorward-device"


def kept(client):
    """What a browser's jar holds, as a header; a thief's copy does not change with it."""
    return {"Cookie": "; ".join(f"{c.name}={c.value}" for c in client.cookies)}


def access_word(answer):
    """Of a GET that wants an access token."""
    if answer.status_code in (303, 401):
        return "refused"
    return {200: "opens", 503: "unavailable"}.get(answer.status_code, str(answer.status_code))


class Credentials:
    """Everything that a user has, and a browser at hand that may act."""

    def __init__(self, stack, row):
        self.stack, self.row = stack, row
        self.name, self.password = f"matrix-{row.key}", PASSWORD
        roles = ["member", "editor"] if row.key.endswith("role-taken") else ["member"]
        stack.add_user(self.name, PASSWORD, *roles)
        self.here = self.browser()
        self.browsers = {key: self.browser() for key in ("access", "renewal", "logout", "form")}
        self.api = {key: self.api_login() for key in (
            "access", "bearer-logout", "refresh", "refresh-logout", "lost-answer", "late-answer",
            "used-refresh", "used-logout")}
        self.scripts = {"access": self.script(), "logout": self.script(),
                        "below": self.script("--prefix", "/members"),
                        "editor": self.script(*(("--role", "editor") if "editor" in roles else ()))}
        self.form = self.account_form(self.browsers["form"])
        self.form_here = self.account_form(self.here)
        self.device_cookie = self.browsers["access"].cookies[DEVICE]
        self.login_client = Client(stack, browser=True)
        self.login_form = hidden_fields(self.login_client.get("/login").text)
        self.use_refresh_tokens()
        self.links = self.make_links()

    def make_links(self):
        """One of each kind that is of a user. The action's own is older than the others."""
        old, new = f"{self.name}@example.org", f"{self.name}@example.net"
        give_address(self.stack, self.name, old)
        data = {"reset": {}, "verify": {"address": old}, "change-address": {"address": new},
                "undo-address": {"address": new}}
        kind = {"reset": "reset", "reset-again": "reset", "address-changed": "change-address",
                "address-undone": "undo-address"}.get(self.row.key)
        self.own_link = make_link(self.stack, kind, self.name, **data[kind]) if kind else None
        return {kind: make_link(self.stack, kind, self.name, **fields)
                for kind, fields in data.items()}

    def beside(self, row):
        """The same user, looked at from the browser that acted."""
        other = copy.copy(self)
        other.row = row
        return other

    def browser(self):
        """A browser that is signed in."""
        client, answer = form_login(self.stack, self.name, self.password)
        assert answer.status_code == 303, answer.text
        return client

    def api_login(self):
        """What a program is given."""
        answer = json_login(self.stack, self.name, self.password)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def script(self, *more):
        """A token that the operator made for a program of that user."""
        [sub] = {claims(held["token"])["sub"] for held in self.api.values()}
        return self.stack.doorward("token", "issue", "--sub", sub, "--role", "member",
                                   "--life", "30d", *more).strip()

    def account_form(self, client):
        """The hidden fields of the account's form, and a session that nobody has."""
        fields = hidden_fields(client.get("/account/password").text)
        return {"form_token": fields["form_token"], "session": str(uuid.uuid4())}

    def use_refresh_tokens(self):
        """Once, or twice where the successor is to be used too."""
        for key in "lost-answer", "late-answer", "used-refresh", "used-logout":
            first = self.refresh(self.api[key]["refresh_token"])
            assert first.status_code == 200, first.text
            self.api[key]["successor"] = first.json()["refresh_token"]
            if not key.endswith("-answer"):
                second = self.refresh(self.api[key]["successor"])
                assert second.status_code == 200, second.text
                self.api[key].update(token=second.json()["token"],
                                     latest=second.json()["refresh_token"])

        self.stack.sql("update doorward.refresh_tokens set used_at = used_at - interval '1 hour'"
                       f" where used_at is not null and session_id in (select id from"
                       f" doorward.sessions where sid = '{self.sid('late-answer')}')")

    def sid(self, key):
        """Of a program's session."""
        return claims(self.api[key]["token"])["sid"]

    def sids(self):
        """Of all sessions."""
        cookies = [self.cookie_of(client, ACCESS) for client in self.browsers.values()]
        return [self.sid(key) for key in self.api] + [
            claims(c)["sid"] for c in cookies + list(self.scripts.values())]

    def refresh(self, token):
        """POST /login/refresh as a program does."""
        return Client(self.stack).post("/login/refresh", json={"refresh_token": token})

    def is_open(self, token):
        """Whether an access token opens the protected program."""
        return Client(self.stack).get("/protected", headers=bearer(token)).status_code == 200

    def word(self, column):
        """What the credential of that column is answered now."""
        return getattr(self, "try_" + column.replace("-", "_"))()

    # ---- access tokens ----

    def with_cookie(self, path):
        client = self.here if self.row.at_hand else self.browsers["access"]
        answer = Client(self.stack, browser=True).get(path, headers=kept(client))
        return access_word(answer)

    def try_cookie_program(self):
        return self.with_cookie("/protected")

    def try_cookie_gate(self):
        return self.with_cookie("/members/")

    def try_cookie_account(self):
        return self.with_cookie("/account")

    def with_bearer(self, path):
        return access_word(Client(self.stack).get(
            path, headers=bearer(self.api["access"]["token"])))

    def try_bearer_program(self):
        return self.with_bearer("/protected")

    def try_bearer_gate(self):
        return self.with_bearer("/members/")

    # ---- a program's token ----

    def with_script(self, path, which="access"):
        return access_word(Client(self.stack).get(path, headers=bearer(self.scripts[which])))

    def try_script_program(self):
        return self.with_script("/protected")

    def try_script_gate(self):
        return self.with_script("/members/")

    def try_script_below(self):
        return self.with_script("/members/", "below")

    def try_script_elsewhere(self):
        return self.with_script("/protected", "below")

    def try_script_editor(self):
        return self.with_script("/protected", "editor")

    def try_script_cookie(self):
        return access_word(Client(self.stack).get("/protected", headers={
            "Cookie": f"{ACCESS}={self.scripts['access']}"}))

    def try_script_token(self):
        return access_word(Client(self.stack).post(
            "/login/token", headers=bearer(self.scripts["access"]),
            data={"label": "x", "form_token": self.form["form_token"]}))

    def try_script_account(self):
        return self.with_script("/account")

    def try_script_logout(self):
        token = self.scripts["logout"]
        answer = Client(self.stack).post("/login/logout", headers=bearer(token))
        if answer.status_code != 204:
            return "refused" if answer.status_code == 401 else str(answer.status_code)
        return "204, and it goes on" if self.is_open(token) else "ends"

    # ---- renewal ----

    def renewed_word(self, token):
        """Whether the token of a renewal opens, and says who the user is now."""
        said = claims(token)
        if said["preferred_username"] != self.name or sorted(said["roles"]) != self.row.roles.split():
            return f"renews {said['preferred_username']} {said['roles']}"
        return "renews" if self.is_open(token) else "renews into a dead token"

    def try_browser_renewal(self):
        client = self.here if self.row.at_hand else self.browsers["renewal"]
        for cookie in list(client.cookies):
            if cookie.name == ACCESS:
                client.cookies.clear(cookie.domain, cookie.path, cookie.name)
        answer = client.get("/login", params={"return_to": "/protected"})
        if answer.status_code == 200 and ACCESS not in answer.cookies:
            return "refused"
        if answer.status_code == 303 and ACCESS in answer.cookies:
            return self.renewed_word(answer.cookies[ACCESS])
        return str(answer.status_code)

    def refresh_word(self, key):
        answer = self.refresh(self.api[key]["refresh_token"])
        if answer.status_code == 200:
            wanted = self.api[key].get("successor")
            if wanted and answer.json()["refresh_token"] != wanted:
                return "renews into another successor"
            return self.renewed_word(answer.json()["token"])
        return "refused" if answer.status_code == 401 else str(answer.status_code)

    def try_refresh(self):
        return self.refresh_word("refresh")

    def try_lost_answer(self):
        return self.refresh_word("lost-answer")

    def over_word(self, key, latest):
        """Of a refresh token whose use ends its session."""
        word, held = self.refresh_word(key), self.api[key]
        if word == "refused" and self.refresh(held[latest]).status_code == 200:
            return "refused, and the session goes on"
        return "unknown" if word == "refused" and self.is_open(held["token"]) else word

    def try_late_answer(self):
        return self.over_word("late-answer", "successor")

    def try_used_refresh(self):
        return self.over_word("used-refresh", "latest")

    # ---- logout ----

    def ended_word(self, answer, good, token, refresh_token):
        """Whether a logout that was answered so has ended what it was shown."""
        if answer.status_code != good:
            return "refused" if answer.status_code == 401 else str(answer.status_code)
        if self.is_open(token) or self.refresh(refresh_token).status_code != 401:
            return f"{good}, and it goes on"
        return "ends"

    def log_out(self, key, **request):
        """A program's logout, by what it shows."""
        held = self.api[key]
        answer = Client(self.stack).post("/login/logout", **request)
        return self.ended_word(answer, 204, held["token"],
                               held.get("latest", held["refresh_token"]))

    def try_bearer_logout(self):
        return self.log_out("bearer-logout", headers=bearer(self.api["bearer-logout"]["token"]))

    def try_refresh_logout(self):
        return self.log_out("refresh-logout", json={
            "refresh_token": self.api["refresh-logout"]["refresh_token"]})

    def try_used_logout(self):
        return self.log_out("used-logout", json={
            "refresh_token": self.api["used-logout"]["refresh_token"]})

    def try_browser_logout(self):
        client = self.browsers["logout"]
        token, session = (self.cookie_of(client, name) for name in (ACCESS, SESSION))
        answer = Client(self.stack, browser=True).post("/login/logout", headers=kept(client))
        return self.ended_word(answer, 303, token, session)

    def cookie_of(self, client, name):
        """One value of a jar."""
        return next(c.value for c in client.cookies if c.name == name)

    def log_out_all(self):
        """Every session, by the first thing at hand; the statuses."""
        answers = [Client(self.stack, browser=True).post("/login/logout", headers=kept(client))
                   for client in self.browsers.values()]
        answers += [Client(self.stack).post("/login/logout", headers=bearer(held["token"]))
                    for held in self.api.values()]
        return [answer.status_code for answer in answers]

    # ---- devices and forms ----

    def login_word(self, client, fields, **more):
        """A form that is sent with the right password."""
        answer = client.post("/login", data=dict(fields, username=self.name,
                                                 password=self.password), **more)
        return {303: "in", 401: "refused", 403: "stale", 429: "waits"}.get(
            answer.status_code, str(answer.status_code))

    def try_device(self):
        client = Client(self.stack, browser=True)
        fields = hidden_fields(client.get("/login").text)
        secret = self.cookie_of(self.here, DEVICE) if self.row.at_hand else self.device_cookie
        return self.login_word(client, fields, headers={
            "Cookie": kept(client)["Cookie"] + f"; {DEVICE}={secret}"})

    def try_device_json(self):
        answer = Client(self.stack).post("/login", json={
            "username": self.name, "password": self.password, "device": self.api["access"]["device"]})
        return {200: "in", 401: "refused", 429: "waits"}.get(answer.status_code,
                                                             str(answer.status_code))

    def try_login_form(self):
        return self.login_word(self.login_client, self.login_form)

    def try_account_form(self):
        client = self.here if self.row.at_hand else self.browsers["form"]
        form = self.form_here if self.row.at_hand else self.form
        answer = Client(self.stack, browser=True).post("/account/end", data=form,
                                                       headers=kept(client))
        if answer.status_code == 303:
            return "done" if answer.headers["Location"].startswith("/account") else "refused"
        return {401: "refused", 403: "stale"}.get(answer.status_code, str(answer.status_code))

    # ---- links ----

    def with_link(self, kind):
        answer = Client(self.stack, browser=True).get("/account/link",
                                                      params={"token": self.links[kind]})
        if answer.status_code == 303 and answer.headers["Location"] == "/account/link":
            return "leads on"
        return "over" if answer.status_code in (400, 410) else str(answer.status_code)

    def try_reset_link(self):
        return self.with_link("reset")

    def try_verify_link(self):
        return self.with_link("verify")

    def try_change_link(self):
        return self.with_link("change-address")

    def try_undo_link(self):
        return self.with_link("undo-address")
