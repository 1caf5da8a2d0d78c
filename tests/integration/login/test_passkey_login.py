"""POST /login/passkey/begin and finish: a login by a passkey alone, by the page and by scripts."""

import json

import pytest

from authenticator import BE, BS, UP, UV, b64
from client import Client, attributes, claims, hidden_fields, json_login
from database import in_parallel
from passkeys import FORM, add, challenge, finish, finish_form, sign_in, stored, stranger
from servers import USERS
from statements import Statements

PASSWORD = "six owls over the harbour"
REFUSED = {"error": "invalid_credentials", "error_description": "this passkey was not accepted"}


@pytest.fixture(name="make")
def _make():
    """make(stack, **passkey): the user pat with a passkey, until the test ends."""
    made = []

    def make(stack, name="pat", **passkey):
        if (stack, name) not in made:
            stack.add_user(name, PASSWORD, "member")
            made.append((stack, name))
        return add(stack, name, **passkey)

    yield make
    for stack, name in made:
        stack.sql(f"delete from doorward.users where name = '{name}'")


def sessions(stack, name="pat"):
    return int(stack.sql("select count(*) from doorward.sessions s join doorward.users u"
                         f" on u.id = s.user_id where u.name = '{name}' and s.ended_at is null"))


def audit(stack, event, name="pat"):
    return stack.sql("select coalesce(string_agg(a.detail, ';' order by a.id), '')"
                     f" from doorward.audit a join doorward.users u on u.id = a.user_id"
                     f" where a.event = '{event}' and u.name = '{name}'")


def refused(answer):
    """The one answer to all that is not accepted."""
    return (answer.status_code, answer.json()) == (401, REFUSED) and \
        answer.headers["WWW-Authenticate"].startswith("Bearer")


# ---- begin ----

def test_anybody_gets_a_challenge(front):
    client = Client(front)
    answer = client.post("/login/passkey/begin", json={})
    assert answer.status_code == 200
    asked = answer.json()["publicKey"]
    assert asked.pop("challenge") and asked == {
        "rpId": "localhost", "timeout": 300000, "userVerification": "required",
        "allowCredentials": []}
    assert attributes(answer, FORM) == ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"]
    again = client.post("/login/passkey/begin", json={})
    assert attributes(again, FORM) is None
    assert again.json()["publicKey"]["challenge"] != answer.json()["publicKey"]["challenge"]


@pytest.mark.parametrize("body, kind, status", [
    (b"", "application/json", 400), (b"[]", "application/json", 400),
    (b"{", "application/json", 400), (b"x=1", "application/x-www-form-urlencoded", 415)])
def test_a_challenge_is_asked_for_with_json(apache, body, kind, status):
    answer = Client(apache).post("/login/passkey/begin", data=body,
                                 headers={"Content-Type": kind})
    assert answer.status_code == status and "Set-Cookie" not in answer.headers
    assert Client(apache).get("/login/passkey/begin").status_code == 405


# ---- good ones ----

@pytest.mark.parametrize("alg", ["ES256", "EdDSA", "RS256"])
def test_a_script_signs_in_by_a_passkey(front, make, alg):
    key = make(front, alg=alg)
    answer = sign_in(front, key)
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"token", "access_token", "token_type", "expires_in",
                                  "refresh_token", "device"}
    said = claims(answer.json()["token"])
    assert said["amr"] == ["hwk", "user", "mfa"] and said["preferred_username"] == "pat"
    assert stored(front, key, "counter") == "1"
    assert stored(front, key, "used_at is not null") == "t"
    assert audit(front, "login_ok") == "by hwk user mfa"
    assert Client(front).get("/protected", headers={
        "Authorization": f"Bearer {answer.json()['token']}"}).status_code == 200


def test_a_synced_passkey_is_named_so(apache, make):
    said = claims(sign_in(apache, make(apache, synced=True)).json()["token"])
    assert said["amr"] == ["swk", "user", "mfa"]


def test_the_page_signs_in_by_a_passkey_and_leads_back(front, make):
    key = make(front)
    client = Client(front, browser=True)
    page = client.get("/login", params={"return_to": "/protected?a=1"})
    assert 'data-passkey="get"' in page.text and page.text.count("<script") == 1
    fields = hidden_fields(page.text)
    answer = finish_form(client, key.answer(challenge(client)), return_to=fields["return_to"])
    assert answer.status_code == 303 and answer.headers["Location"] == "/protected?a=1"
    assert "Max-Age" not in str(attributes(answer, "__Secure-doorward-session"))
    assert client.get("/protected").status_code == 200
    assert sessions(front) == 1


def test_the_page_keeps_signed_in_whoever_wants_it(apache, make):
    key = make(apache)
    client = Client(apache, browser=True)
    answer = finish_form(client, key.answer(challenge(client)), remember="1")
    assert answer.headers["Location"] == "/"
    assert "Max-Age" in str(attributes(answer, "__Secure-doorward-session"))


def test_a_script_keeps_signed_in_whoever_wants_it(apache, make):
    assert sign_in(apache, make(apache), remember=True).status_code == 200
    assert apache.sql("select bool_and(remember) from doorward.sessions s join doorward.users u"
                      " on u.id = s.user_id where u.name = 'pat'") == "t"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/login/mfa"])
def test_the_page_leads_nowhere_else(apache, make, target):
    key = make(apache)
    client = Client(apache, browser=True)
    answer = finish_form(client, key.answer(challenge(client)), return_to=target)
    assert answer.status_code == 303 and answer.headers["Location"] == "/"


def test_a_counter_that_stays_zero_is_no_copy(apache, make):
    """Synced passkeys have none."""
    key = make(apache, step=0)
    assert sign_in(apache, key).status_code == 200
    assert sign_in(apache, key).status_code == 200


def test_a_credential_id_of_1023_bytes_is_good(apache, make):
    assert sign_in(apache, make(apache, credential_id=bytes(1023))).status_code == 200


def test_a_login_replaces_the_session_of_this_browser(apache, make):
    key = make(apache)
    client = Client(apache, browser=True)
    for _ in range(2):
        assert finish_form(client, key.answer(challenge(client))).status_code == 303
    assert sessions(apache) == 1


def test_begin_takes_no_statement_and_finish_takes_two(private_stack, make):
    """One finds the passkey, the other opens the session. A login by password takes two, too."""
    stack = private_stack()
    key = make(stack)
    for _ in range(20):  # each process has its connection, which was checked once
        assert sign_in(stack, key).status_code == 200
    sent = Statements(stack)
    client = Client(stack)
    assert client.get("/login").status_code == 200
    sent.count()
    given = challenge(client)
    assert sent.count() == 0
    assert finish(client, key.answer(given)).status_code == 200
    assert sent.count() == 2
    assert refused(finish(client, stranger(stack).answer(challenge(client))))
    assert sent.count() == 1
    assert json_login(stack, "alice", USERS["alice"][0]).status_code == 200
    assert sent.count() == 2


# ---- refused ones ----

def test_an_unknown_passkey_is_refused(front):
    client = Client(front)
    assert refused(finish(client, stranger(front).answer(challenge(client))))


def test_a_passkey_of_another_relying_party_is_refused(apache, make):
    """The setting was changed: a row of the old one is not found."""
    key = make(apache, rp_id="other.localhost")
    assert refused(sign_in(apache, key))


def test_an_answer_is_good_once(front, make):
    key = make(front)
    client = Client(front)
    answer = key.answer(challenge(client))
    assert finish(client, answer).status_code == 200
    assert refused(finish(client, answer))
    assert sessions(front) == 1


def test_a_challenge_is_good_once(apache, make):
    """Even if the passkey answers it a second time."""
    key = make(apache)
    client = Client(apache)
    given = challenge(client)
    assert finish(client, key.answer(given)).status_code == 200
    assert refused(finish(client, key.answer(given)))


def test_of_the_same_answer_sent_ten_times_at_once_one_counts(apache, make):
    key = make(apache)
    client = Client(apache)
    answer = key.answer(challenge(client))
    cookies = dict(client.cookies)

    def send(_i):
        other = Client(apache)
        other.cookies.update(cookies)
        return finish(other, answer).status_code

    assert sorted(in_parallel(10, send)) == [200] + [401] * 9
    assert sessions(apache) == 1


def test_the_challenge_of_another_browser_is_refused(front, make):
    key = make(front)
    answer = key.answer(challenge(Client(front)))
    other = Client(front)
    challenge(other)
    assert refused(finish(other, answer))
    assert refused(finish(Client(front), answer))  # without a cookie
    assert sessions(front) == 0 and stored(front, key, "counter") == "0"


def test_a_browser_without_cookies_is_told_so(apache, make):
    key = make(apache)
    answer = key.answer(challenge(Client(apache)))
    page = finish_form(Client(apache, browser=True), answer)
    assert page.status_code == 403 and "Your browser keeps no cookies" in page.text


def test_a_challenge_that_nobody_gave_out_is_refused(apache, make):
    key = make(apache)
    client = Client(apache)
    given = bytearray(challenge(client))
    given[0] ^= 1
    for wrong in (bytes(given), b"", b"x" * 56):
        assert refused(finish(client, key.answer(wrong)))


def test_a_passkey_that_did_not_verify_its_user_is_refused(front, make):
    """Whoever found the key must not get in with it."""
    key = make(front)
    client = Client(front)
    assert refused(finish(client, key.answer(challenge(client), flags=UP)))
    assert sessions(front) == 0


def test_an_answer_that_names_another_user_is_refused(apache, make):
    key = make(apache)
    key.user_handle = stranger(apache, "alice").user_handle
    assert refused(sign_in(apache, key))
    key.user_handle = None
    assert refused(sign_in(apache, key))


def test_a_counter_that_did_not_grow_is_refused_and_audited(front, make):
    """Two devices have the same key: one of them is a copy."""
    key = make(front)
    assert sign_in(front, key).status_code == 200
    key.counter = 0
    assert refused(sign_in(front, key))
    assert audit(front, "passkey_refused") == "counter 1 after 1: a key"
    assert stored(front, key, "counter") == "1"
    assert sign_in(front, key).status_code == 200  # its counter is 2 now


def test_a_disabled_user_is_refused_like_all_others(front, make):
    key = make(front)
    front.doorward("user", "disable", "pat")
    assert refused(sign_in(front, key))
    assert sessions(front) == 0


def test_another_origin_is_refused(apache, make):
    key = make(apache)
    for origin in ("https://localhost", "http://localhost", "http://evil.localhost:8080"):
        key.origin = origin
        assert refused(sign_in(apache, key))


@pytest.mark.parametrize("change", [
    {"client": {"type": "webauthn.create"}}, {"client": {"crossOrigin": True}},
    {"client": {"topOrigin": "https://evil.example"}}, {"rp_id": "evil.example"},
    {"signature": b"\x30\x00"}, {"flags": UV}, {"flags": UP | UV | BS}, {"flags": UP | UV | BE},
    {"rest": b"more"}, {"client": b"{"}, {"userHandle": b"x" * 65}, {"authenticatorData": b""}],
    ids=lambda change: str(change)[:40])
def test_what_the_specification_refuses_is_refused(apache, make, change):
    key = make(apache)
    client = Client(apache)
    assert refused(finish(client, key.answer(challenge(client), **change)))
    assert stored(apache, key, "counter") == "0"


def with_long_id(answer):
    return {**answer, "id": b64(bytes(1024)), "rawId": b64(bytes(1024))}


@pytest.mark.parametrize("spoil", [
    with_long_id,
    lambda answer: {**answer, "id": b64(bytes(32))},
    lambda answer: {**answer, "rawId": answer["rawId"] + "="},
    lambda answer: {**answer, "type": "password"},
    lambda answer: {**answer, "response": []},
    lambda answer: {**answer, "response": {}},
    lambda answer: {},
], ids=range(7))
def test_a_malformed_answer_is_refused(apache, make, spoil):
    key = make(apache)
    client = Client(apache)
    assert refused(finish(client, spoil(key.answer(challenge(client)))))


@pytest.mark.parametrize("body", [
    {}, {"credential": "x"}, {"credential": []}, {"credential": None},
    {"credential": {}, "remember": 1}, {"credential": {}, "device": 1}])
def test_a_body_of_another_form_is_refused(apache, body):
    answer = Client(apache).post("/login/passkey/finish", json=body)
    assert answer.status_code == 400 and answer.json()["error"] == "invalid_request"


def test_a_megabyte_is_refused(front, make):
    key = make(front)
    client = Client(front)
    answer = key.answer(challenge(client))
    answer["response"]["authenticatorData"] = "A" * (1 << 20)
    assert finish(client, answer).status_code == 413
    page = finish_form(Client(front, browser=True), answer)
    assert page.status_code == 413


def test_the_page_says_that_it_was_not_accepted(front, make):
    """And can be used again at once, by password or by passkey."""
    make(front)
    client = Client(front, browser=True)
    page = finish_form(client, stranger(front).answer(challenge(client)), return_to="/protected",
                       remember="1")
    assert page.status_code == 401
    assert "This passkey was not accepted." in page.text and 'data-passkey="get"' in page.text
    fields = hidden_fields(page.text)
    assert fields["return_to"] == "/protected" and 'value="1" checked' in page.text
    answer = client.post("/login", data={**fields, "username": "pat", "password": PASSWORD})
    assert answer.status_code in (303, 401), answer.text


@pytest.mark.parametrize("passkey", ["", "x", "{}", "[" * 100])
def test_a_form_without_an_answer_is_refused(apache, passkey):
    client = Client(apache, browser=True)
    challenge(client)
    page = client.post("/login/passkey/finish", data={"passkey": passkey})
    assert page.status_code == 401 and "This passkey was not accepted." in page.text


@pytest.mark.parametrize("headers", [
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"}])
def test_a_form_of_another_site_is_refused(apache, make, headers):
    key = make(apache)
    client = Client(apache, browser=True)
    answer = key.answer(challenge(client))
    page = client.post("/login/passkey/finish", data={"passkey": json.dumps(answer)},
                       headers=headers)
    assert page.status_code == 403 and sessions(apache) == 0
