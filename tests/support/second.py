"""Second factors of users, made as tests need them, and logins with them."""

import base64
import hashlib
import hmac
import os
import secrets
import subprocess
import time

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from client import Client, form_login, hidden_fields

FLOW = "__Secure-doorward-flow"
PURPOSE = b"totp"  # of lib/factor/factor_keys.c


def code(secret, seconds=0):
    """What an authenticator app shows `seconds` from now, as oathtool says."""
    at = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(time.time() + seconds))
    return subprocess.run(["oathtool", "-b", "--totp", f"--now={at}", secret], check=True,
                          capture_output=True, text=True).stdout.strip()


def begin(stack, name, password, return_to=None):
    """A browser after its right password: the client, and the fields of the next form."""
    client, answer = form_login(stack, name, password, return_to)
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"].split("?")[0] == "/login/mfa"
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200, page.text
    return client, hidden_fields(page.text)


def begin_json(stack, name, password, **more):
    """An API client after its right password: the answer, which has a ticket."""
    answer = Client(stack).post("/login", json={"username": name, "password": password, **more})
    assert answer.status_code == 401, answer.text
    assert answer.json()["error"] == "mfa_required", answer.text
    return answer.json()


def prove_json(stack, ticket, **proof):
    """POST /login/mfa by an API client."""
    return Client(stack).post("/login/mfa", json={"mfa_token": ticket, **proof})


class Factors:
    """A user of a stack with one-time codes and ten recovery codes."""

    def __init__(self, stack, name, password, roles=()):
        self.stack, self.name, self.password = stack, name, password
        stack.add_user(name, password, *roles)
        self.user = stack.sql(f"select id from doorward.users where name = '{name}'")
        self.secret = base64.b32encode(os.urandom(20)).decode()
        self.recovery = []
        self.add_totp()
        self.add_recovery_codes()

    def add_totp(self):
        """Sealed as lib/factor seals it."""
        directory = f"{self.stack.directory}/keys/factor"
        key_id = max(os.listdir(directory))
        with open(f"{directory}/{key_id}", "rb") as f:
            key = hmac.digest(f.read(), PURPOSE, "sha256")
        nonce = os.urandom(12)
        sealed = nonce + AESGCM(key).encrypt(nonce, base64.b32decode(self.secret),
                                             self.user.encode() + b"\0" + PURPOSE)
        self.stack.sql(f"insert into doorward.totp values ('{self.user}', '{key_id}',"
                       f" '\\x{sealed.hex()}', 0, doorward.now(), null)")

    def add_recovery_codes(self):
        """As lib/factor makes them."""
        for _ in range(10):
            letters = base64.b32encode(os.urandom(10)).decode().lower()
            self.recovery.append("-".join(letters[i:i + 4] for i in range(0, 16, 4)))
            digest = hashlib.sha256(f"recovery:{self.user}:{letters}".encode()).hexdigest()
            self.stack.sql("insert into doorward.recovery_codes (user_id, hash)"
                           f" values ('{self.user}', '\\x{digest}')")

    def code(self, seconds=0):
        """What the app shows `seconds` from now. An older code must not grow too old on its
        way."""
        left = 30 - time.time() % 30
        if -30 <= seconds < 0 and left < 8:
            time.sleep(left)
        return code(self.secret, seconds)

    def remove(self):
        """The user, with all that is theirs."""
        self.stack.doorward("user", "delete", self.name, "--yes", check=False)
        self.stack.sql("delete from doorward.attempts; delete from doorward.names_given_up")
