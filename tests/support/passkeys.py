"""Passkeys of users in the database, and what a browser does with them at the login."""

import json
import os
import uuid

from authenticator import BE, BS, Passkey, b64, unb64
from client import Client

FORM = "__Host-doorward-form"


def add(stack, name, synced=False, words="a key", rp_id="localhost", **passkey):
    """A passkey of the user `name`, as if it had been set up: the authenticator's side."""
    user = stack.sql(f"select id from doorward.users where name = '{name}'")
    key = Passkey(rp_id, stack.public_url, flags=BE | BS if synced else 0,
                  user_handle=uuid.UUID(user).bytes, **passkey)
    stack.sql("insert into doorward.passkeys (user_id, credential_id, rp_id, jwk, counter,"
              " backup_eligible, backed_up, transports, name, created_at) values"
              f" ('{user}', '\\x{key.id.hex()}', '{rp_id}', '{json.dumps(key.key.jwk())}', 0,"
              f" {synced}, {synced}, '{{internal}}', '{words}', doorward.now())")
    return key


def challenge(client):
    """The bytes of a new one for this browser."""
    answer = client.post("/login/passkey/begin", json={})
    assert answer.status_code == 200, answer.text
    return unb64(answer.json()["publicKey"]["challenge"])


def finish(client, credential, **more):
    """POST /login/passkey/finish as a script does it."""
    return client.post("/login/passkey/finish", json={"credential": credential, **more},
                       headers={"Accept": "application/json"})


def finish_form(client, credential, **more):
    """The same as the form of the login page."""
    return client.post("/login/passkey/finish", data={"passkey": json.dumps(credential), **more})


def sign_in(stack, key, **more):
    """A login by nothing but this passkey, as a script."""
    client = Client(stack)
    return finish(client, key.answer(challenge(client)), **more)


def stored(stack, key, column):
    """A column of its row."""
    return stack.sql(f"select {column} from doorward.passkeys"
                     f" where credential_id = '\\x{key.id.hex()}'")


def stranger(stack, name="alice"):
    """A passkey that nobody has, of an authenticator that names a user all the same."""
    user = stack.sql(f"select id from doorward.users where name = '{name}'")
    return Passkey("localhost", stack.public_url, user_handle=uuid.UUID(user).bytes,
                   credential_id=os.urandom(32))


__all__ = ["FORM", "add", "b64", "challenge", "finish", "finish_form", "sign_in", "stored",
           "stranger"]
