"""The keys of one-time codes: replaced, lost, and what hangs on them."""

import os
import secrets
import shutil
import time

import pytest

from client import form_login, hidden_fields
from enrol import PASSWORD, begin_app, person, post, set_up, signed_in, stored
from second import Factors


@pytest.fixture(name="stack")
def _stack(private_stack):
    return private_stack()


def put_key(stack, name):
    """A new key of factor_keys, which the programs notice within a second."""
    path = f"{stack.directory}/keys/factor/{name}"
    with open(path, "wb", opener=lambda p, flags: os.open(p, flags, 0o640)) as f:
        f.write(os.urandom(48))
    if os.geteuid() == 0:
        shutil.chown(path, group=stack.web_user)
    time.sleep(1.2)


def remove_key(stack, name):
    os.unlink(f"{stack.directory}/keys/factor/{name}")
    time.sleep(1.2)


def prove(stack, factors, **fields):
    """A login by form with a code or a recovery code: the client and the answer."""
    client, answer = form_login(stack, factors.name, PASSWORD)
    assert answer.headers["Location"] == "/login/mfa", answer.text
    page = client.get("/login/mfa")
    return client, client.post("/login/mfa", data={**hidden_fields(page.text), **fields})


def key_id(stack, factors):
    return stack.sql(f"select key_id from doorward.totp where user_id = '{factors.user}'")


def test_a_new_key_seals_old_secrets_at_their_next_use(stack):
    factors = Factors(stack, "tess", PASSWORD, ["member"])
    assert key_id(stack, factors) == "2026-01"
    put_key(stack, "2026-02")
    assert prove(stack, factors, code=factors.code())[1].status_code == 303
    assert key_id(stack, factors) == "2026-02"
    remove_key(stack, "2026-01")
    assert prove(stack, factors, code=factors.code(30))[1].status_code == 303


def test_new_secrets_are_sealed_with_the_last_key(stack):
    put_key(stack, "2025-12")
    put_key(stack, "2026-02")
    name = person(stack)
    set_up(signed_in(stack, name))
    assert stack.sql("select key_id from doorward.totp") == "2026-02"


def test_without_its_key_a_code_is_not_checked_and_other_ways_work(stack):
    """The person comes in by a recovery code and sets the app up again."""
    factors = Factors(stack, "tess", PASSWORD, ["member"])
    put_key(stack, "2026-02")
    remove_key(stack, "2026-01")
    answer = prove(stack, factors, code=factors.code())[1]
    assert answer.status_code == 503 and "cannot be checked at the moment" in answer.text
    client, answer = prove(stack, factors, recovery_code=factors.recovery[0])
    assert answer.status_code == 200, answer.text
    page, secret = begin_app(client)
    factors.secret = secret
    done = post(client, page, do="confirm", code=factors.code())
    assert done.status_code == 303 and key_id(stack, factors) == "2026-02"
    assert prove(stack, factors, code=factors.code(30))[1].status_code == 303


def test_a_key_with_other_bytes_under_the_same_name_is_no_wrong_code(stack):
    factors = Factors(stack, "tess", PASSWORD, ["member"])
    put_key(stack, "2026-01")
    answer = prove(stack, factors, code=factors.code())[1]
    assert answer.status_code == 503
    assert stack.sql("select count(*) from doorward.audit where event = 'factor_failed'") == "0"


def test_without_the_directory_people_sign_in_and_set_up_nothing(stack):
    factors = Factors(stack, "tess", PASSWORD, ["member"])
    name = person(stack)
    client = signed_in(stack, name)
    page, _ = begin_app(client)
    shutil.rmtree(f"{stack.directory}/keys/factor")
    time.sleep(1.2)
    assert post(client, page, do="confirm", code="123456").status_code == 503
    chooser = client.get("/login/factor")
    assert post(client, chooser, do="totp").status_code == 503
    assert client.get("/login/factor?step=app").status_code == 503
    assert stored(stack, name) == (0, 0)
    signed_in(stack, name)
    assert prove(stack, factors, recovery_code=factors.recovery[0])[1].status_code == 200


def test_without_the_setting_no_app_is_offered(private_stack):
    stack = private_stack(factor_keys=None)
    name = person(stack)
    client = signed_in(stack, name)
    page = client.get("/login/factor")
    assert page.status_code == 200 and 'value="totp"' not in page.text
    token = hidden_fields(client.get("/login/factor").text).get("form_token")
    answer = client.post("/login/factor", data={"do": "totp", "form_token": token or ""})
    assert answer.status_code in (303, 403)
    assert stored(stack, name) == (0, 0)


def test_a_replaced_session_secret_leaves_the_app_as_it_is(stack):
    factors = Factors(stack, "tess", PASSWORD, ["member"])
    with open(f"{stack.directory}/keys/session.secret", "w", encoding="ascii") as f:
        f.write(secrets.token_hex(32))
    time.sleep(1.2)
    assert prove(stack, factors, code=factors.code())[1].status_code == 303
    assert prove(stack, factors, recovery_code=factors.recovery[0])[1].status_code == 200
