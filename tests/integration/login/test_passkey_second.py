"""A passkey as the second factor at /login/mfa, and made at /login/factor."""

import html
import json
import re
import uuid

import pytest

from authenticator import UP, UV, Passkey, unb64
from client import Client, claims, form_login, hidden_fields
from passkeys import add, challenge, stored

PASSWORD = "six owls over the harbour"


@pytest.fixture(name="make")
def _make():
    """make(stack): the user pat with a passkey, until the test ends."""
    made = []

    def make(stack, **passkey):
        stack.add_user("pat", PASSWORD, "member")
        made.append(stack)
        return add(stack, "pat", **passkey)

    yield make
    for stack in made:
        stack.sql("delete from doorward.users where name = 'pat'")


def options(page):
    """What the script of a page is given."""
    return json.loads(html.unescape(re.search(r'data-options="([^"]*)"', page)[1]))


def begin(stack, return_to="/protected"):
    """A browser after its right password: the client, the fields and the options."""
    client, answer = form_login(stack, "pat", PASSWORD, return_to)
    assert answer.headers["Location"].startswith("/login/mfa"), answer.text
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200 and page.text.count("<script") == 1
    return client, hidden_fields(page.text), options(page.text)


def test_the_page_asks_for_the_users_own_passkeys(front, make):
    key = make(front)
    client, fields, asked = begin(front)
    assert [unb64(c["id"]) for c in asked["allowCredentials"]] == [key.id]
    assert asked["allowCredentials"][0]["transports"] == ["internal"]
    assert asked["userVerification"] == "preferred"
    answer = key.answer(unb64(asked["challenge"]))
    done = client.post("/login/mfa", data={**fields, "passkey": json.dumps(answer)})
    assert done.status_code == 303 and done.headers["Location"] == "/protected"
    assert claims(client.cookies["__Host-doorward"])["amr"] == ["pwd", "hwk", "user", "mfa"]
    assert stored(front, key, "counter") == "1"


def test_a_key_without_pin_is_enough_after_a_password(apache, make):
    key = make(apache)
    client, fields, asked = begin(apache)
    answer = key.answer(unb64(asked["challenge"]), flags=UP)
    assert client.post("/login/mfa", data={**fields, "passkey": json.dumps(answer)}
                       ).status_code == 303
    assert claims(client.cookies["__Host-doorward"])["amr"] == ["pwd", "hwk", "mfa"]


def test_a_challenge_that_the_script_has_renewed_is_good(apache, make):
    key = make(apache)
    client, fields, _ = begin(apache)
    answer = key.answer(challenge(client))
    assert client.post("/login/mfa", data={**fields, "passkey": json.dumps(answer)}
                       ).status_code == 303


def test_what_is_not_accepted_leaves_the_login_under_way(apache, make):
    """Another's passkey, a foreign challenge, junk; then the right one."""
    key = make(apache)
    other = add(apache, "alice")
    client, fields, asked = begin(apache)
    given = unb64(asked["challenge"])
    for wrong in (other.answer(given), key.answer(challenge(Client(apache))),
                  key.answer(given, signature=b"\x30\x00"), {}, {"id": 1}):
        page = client.post("/login/mfa", data={**fields, "passkey": json.dumps(wrong)})
        assert page.status_code == 401 and "This passkey was not accepted." in page.text
    answer = key.answer(given)
    assert client.post("/login/mfa", data={**fields, "passkey": json.dumps(answer)}
                       ).status_code == 303
    apache.sql("delete from doorward.passkeys p using doorward.users u"
               " where u.id = p.user_id and u.name = 'alice'")


def test_a_copy_of_a_passkey_is_refused(apache, make):
    key = make(apache)
    client, fields, asked = begin(apache)
    apache.sql("update doorward.passkeys set counter = 7")
    answer = key.answer(unb64(asked["challenge"]))
    page = client.post("/login/mfa", data={**fields, "passkey": json.dumps(answer)})
    assert page.status_code == 401 and "This passkey was not accepted." in page.text
    assert stored(apache, key, "counter") == "7"


def test_two_proofs_at_once_are_one_too_many(apache, make):
    key = make(apache)
    client, fields, asked = begin(apache)
    answer = json.dumps(key.answer(unb64(asked["challenge"])))
    page = client.post("/login/mfa", data={**fields, "passkey": answer, "code": "123456"})
    assert page.status_code == 400


# ---- made at /login/factor ----

def set_up(client):
    """The page from which a passkey is made: its fields and options."""
    page = client.get("/login/factor", params={"return_to": "/protected"})
    assert page.status_code == 200, page.headers
    form = page.text[page.text.index('data-passkey="make"'):]
    return hidden_fields(form[:form.index("</form>")]), options(page.text)


def test_a_passkey_is_made_by_whoever_is_signed_in(front, make):
    make(front)
    front.sql("delete from doorward.passkeys")
    client, _ = form_login(front, "pat", PASSWORD)
    fields, asked = set_up(client)
    assert asked["rp"]["id"] == "localhost" and asked["attestation"] == "none"
    assert asked["user"]["name"] == "pat" and asked["excludeCredentials"] == []
    key = Passkey("localhost", front.public_url, user_handle=unb64(asked["user"]["id"]))
    made = key.register(unb64(asked["challenge"]))
    page = client.post("/login/factor", data={**fields, "passkey": json.dumps(made),
                                              "name": "my <key>"})
    assert page.status_code == 200 and len(re.findall("<code", page.text)) >= 10
    assert stored(front, key, "name") == "my <key>"
    assert uuid.UUID(bytes=key.user_handle) == uuid.UUID(
        front.sql("select id from doorward.users where name = 'pat'"))
    again = client.post("/login/factor", data={**fields, "passkey": json.dumps(made)})
    assert again.status_code in (403, 409, 422)
    assert front.sql("select count(*) from doorward.passkeys p join doorward.users u"
                     " on u.id = p.user_id where u.name = 'pat'") == "1"


def test_a_login_leads_on_to_the_set_up(apache, make):
    """Whoever opened it first and had to sign in comes back to it."""
    make(apache)
    apache.sql("delete from doorward.passkeys")
    _, answer = form_login(apache, "pat", PASSWORD, "/login/factor?return_to=/protected")
    assert answer.headers["Location"] == "/login/factor?return_to=/protected"


@pytest.mark.parametrize("change", [
    {"client": {"type": "webauthn.get"}}, {"client": {"origin": "https://evil.example"}},
    {"flags": UV}, {"fmt": "none", "statement": {"x": 1}}, {"attested": b""}],
    ids=lambda change: str(change)[:40])
def test_what_the_specification_refuses_is_not_stored(apache, make, change):
    make(apache)
    apache.sql("delete from doorward.passkeys")
    client, _ = form_login(apache, "pat", PASSWORD)
    fields, asked = set_up(client)
    key = Passkey("localhost", apache.public_url)
    made = key.register(unb64(asked["challenge"]), **change)
    page = client.post("/login/factor", data={**fields, "passkey": json.dumps(made)})
    assert page.status_code == 422 and "This passkey was not accepted" in page.text
    assert apache.sql("select count(*) from doorward.passkeys") == "0"


@pytest.mark.parametrize("passkey", ["", "x", "{}"])
def test_a_form_without_a_passkey_makes_none(apache, make, passkey):
    make(apache)
    apache.sql("delete from doorward.passkeys")
    client, _ = form_login(apache, "pat", PASSWORD)
    fields, _ = set_up(client)
    page = client.post("/login/factor", data={**fields, "passkey": passkey})
    assert page.status_code == 422
    assert apache.sql("select count(*) from doorward.passkeys") == "0"
