"""A passkey as the second factor, after the password and for a session that is open."""

import html
import json
import re

import pytest

from authenticator import UP, UV, unb64
from client import Client, claims, form_login, hidden_fields, json_login
from passkeys import add, stored
from second import Factors
from servers import USERS
from statements import Statements

PASSWORD = "nine gulls over the harbour"


@pytest.fixture(name="make")
def _make():
    """make(stack, **passkey): the user tern with a passkey, until the test ends."""
    made = []

    def make(stack, **passkey):
        if stack not in made:
            stack.add_user("tern", PASSWORD, "member")
            made.append(stack)
        return add(stack, "tern", **passkey)

    yield make
    for stack in made:
        stack.sql("delete from doorward.users where name = 'tern';"
                  " delete from doorward.attempts")


def asked(stack, client=None):
    """The right password by JSON: the client, which has the form cookie, and the answer."""
    client = client or Client(stack)
    answer = client.post("/login", json={"username": "tern", "password": PASSWORD})
    assert answer.status_code == 401 and answer.json()["error"] == "mfa_required", answer.text
    return client, answer.json()


def prove(client, said, credential, **more):
    """POST /login/mfa by a script."""
    return client.post("/login/mfa", json={"mfa_token": said["mfa_token"],
                                           "passkey": credential, **more})


def challenge_of(said):
    return unb64(said["publicKey"]["challenge"])


def options(page):
    """What the page gives to the script."""
    return json.loads(html.unescape(re.search(r'data-options="([^"]*)"', page)[1]))


def sessions(stack):
    return stack.sql("select count(*) from doorward.sessions s join doorward.users u"
                     " on u.id = s.user_id where u.name = 'tern' and s.ended_at is null")


@pytest.mark.parametrize("synced, flags, amr", [
    (True, UP | UV, ["pwd", "swk", "user", "mfa"]), (False, UP, ["pwd", "hwk", "mfa"])])
def test_json_lists_the_users_passkeys_and_takes_one(front, make, synced, flags, amr):
    """Also a key without PIN."""
    key = make(front, synced=synced)
    client, said = asked(front)
    assert said["methods"] == ["passkey"]
    [allowed] = said["publicKey"]["allowCredentials"]
    assert unb64(allowed["id"]) == key.id and allowed["transports"] == ["internal"]
    answer = prove(client, said, key.answer(challenge_of(said), flags=flags))
    assert answer.status_code == 200, answer.text
    assert claims(answer.json()["token"])["amr"] == amr
    assert claims(answer.json()["token"])["acr"] == "phr"


def test_the_form_has_a_button_and_takes_the_answer(front, make):
    key = make(front)
    client, answer = form_login(front, "tern", PASSWORD, "/protected")
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200 and 'data-passkey="get"' in page.text
    assert 'name="code"' not in page.text
    assert "script-src" in page.headers["Content-Security-Policy"]
    given = key.answer(unb64(options(page.text)["challenge"]))
    answer = client.post("/login/mfa", data={**hidden_fields(page.text),
                                             "passkey": json.dumps(given)})
    assert answer.status_code == 303 and answer.headers["Location"] == "/protected"
    assert client.get("/protected").status_code == 200


def test_another_way_is_still_offered(apache):
    user = Factors(apache, "skua", PASSWORD)
    try:
        add(apache, "skua")
        client, answer = form_login(apache, "skua", PASSWORD)
        page = client.get(answer.headers["Location"]).text
        assert 'name="code"' in page and 'data-passkey="get"' in page
        said = json_login(apache, "skua", PASSWORD).json()
        assert said["methods"] == ["totp", "recovery", "passkey"]
    finally:
        user.remove()


def of_another_user(apache, make, said):
    make(apache)
    other = add(apache, "alice")
    answer = other.answer(challenge_of(said))
    apache.sql("delete from doorward.passkeys p using doorward.users u"
               " where u.id = p.user_id and u.name = 'alice'")
    return answer


@pytest.mark.parametrize("what", ["another challenge", "another origin", "not touched",
                                  "nonsense", "another user's"])
def test_what_is_not_right_is_refused_and_can_be_tried_again(apache, make, what):
    """401, a row for the audit; the right answer follows with the same ticket."""
    key = make(apache)
    client, said = asked(apache)
    wrong = {"another challenge": lambda: key.answer(b"x" * 32),
             "another origin": lambda: key.answer(challenge_of(said),
                                                  client={"origin": "https://evil.example"}),
             "not touched": lambda: key.answer(challenge_of(said), flags=UV),
             "nonsense": lambda: {"id": "x"},
             "another user's": lambda: of_another_user(apache, make, said)}[what]()
    answer = prove(client, said, wrong)
    assert answer.status_code == 401 and answer.json()["error"] == "invalid_passkey", answer.text
    assert sessions(apache) == "0"
    assert apache.sql("select count(*) from doorward.audit where event = 'passkey_refused'"
                      " and name = 'tern'") != "0"
    assert prove(client, said, key.answer(challenge_of(said))).status_code == 200


def test_an_answer_is_good_once(apache, make):
    key = make(apache)
    client, said = asked(apache)
    given = key.answer(challenge_of(said))
    assert prove(client, said, given).status_code == 200
    _, again = asked(apache, client)
    answer = prove(client, again, given)
    assert answer.status_code == 401 and answer.json()["error"] == "invalid_passkey"
    assert sessions(apache) == "1"


def test_a_counter_that_does_not_grow_is_refused(apache, make):
    key = make(apache)
    client, said = asked(apache)
    assert prove(client, said, key.answer(challenge_of(said), counter=7)).status_code == 200
    _, again = asked(apache, client)
    answer = prove(client, again, key.answer(challenge_of(again), counter=7))
    assert answer.status_code == 401 and stored(apache, key, "counter") == "7"
    assert sessions(apache) == "1"


def test_the_challenge_of_another_browser_is_refused(apache, make):
    key = make(apache)
    _, said = asked(apache)
    for other in (Client(apache), asked(apache)[0]):
        answer = prove(other, said, key.answer(challenge_of(said)))
        assert answer.status_code == 401 and answer.json()["error"] == "invalid_passkey"
    assert sessions(apache) == "0"


def test_a_form_that_is_refused_says_so(apache, make):
    key = make(apache)
    client, answer = form_login(apache, "tern", PASSWORD)
    page = client.get(answer.headers["Location"]).text
    for given in (json.dumps(key.answer(b"y" * 32)), "{", "x" * 20000):
        answer = client.post("/login/mfa", data={**hidden_fields(page), "passkey": given})
        assert answer.status_code == 401 and "This passkey was not accepted." in answer.text
        assert 'data-passkey="get"' in answer.text
    assert sessions(apache) == "0"


@pytest.mark.parametrize("passkey", ["text", 1, None, []])
def test_a_passkey_is_an_object(apache, passkey):
    answer = Client(apache).post("/login/mfa", json={"mfa_token": "x", "passkey": passkey})
    assert answer.status_code == 400 and answer.json()["error"] == "invalid_request"


def test_a_ticket_that_is_over_is_said_to_be(apache, make):
    key = make(apache)
    client, said = asked(apache)
    apache.sql("update doorward.flows set ends_at = doorward.now()")
    answer = prove(client, said, key.answer(challenge_of(said)))
    assert answer.status_code == 401 and answer.json()["error"] == "mfa_token_invalid"


@pytest.mark.parametrize("need", ["phr", "factor"])
def test_a_session_proves_it_by_a_passkey(apache, make, need):
    """Signed in by a password before the first passkey was there."""
    apache.add_user("knot", PASSWORD, "member")
    try:
        client, answer = form_login(apache, "knot", PASSWORD)
        assert answer.headers["Location"] == "/"
        key = add(apache, "knot")
        page = client.get(f"/login/mfa?need={need}&return_to=/protected").text
        fields = hidden_fields(page)
        assert fields["need"] == need and 'name="code"' not in page
        given = key.answer(unb64(options(page)["challenge"]))
        answer = client.post("/login/mfa", data={**fields, "passkey": json.dumps(given)})
        assert answer.status_code == 303 and answer.headers["Location"] == "/protected"
        said = claims(client.cookies["__Host-doorward"])
        assert said["acr"] == "phr" and said["amr"] == ["pwd", "hwk", "user", "mfa"]
    finally:
        apache.sql("delete from doorward.users where name = 'knot'")


def test_a_login_without_a_factor_takes_two_statements(private_stack):
    """As before there were factors, also where a factor could be required."""
    stack = private_stack(factor_required="admin", passkey_rp_id="localhost")
    assert json_login(stack, "alice", USERS["alice"][0]).status_code == 200
    statements = Statements(stack)
    stack.postgres.sql("SELECT pg_sleep(0.3)")
    statements.count()
    assert json_login(stack, "alice", USERS["alice"][0]).status_code == 200
    assert statements.count() == 2
