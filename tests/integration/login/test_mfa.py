"""The second step of a login: a one-time code or a recovery code after the password."""

import re

import pytest

from client import Client, attributes, bearer, claims, form_login, hidden_fields, json_login
from database import in_parallel
from second import FLOW, Factors, begin, begin_json, code, prove_json

PASSWORD = "six owls over the harbour"
OVER = "/login?done=over"


@pytest.fixture(name="make")
def _make():
    """make(stack, name): a user with one-time codes and recovery codes, until the test ends."""
    made = []

    def make(stack, name="tess", roles=("member",)):
        factors = Factors(stack, name, PASSWORD, roles)
        made.append(factors)
        return factors

    yield make
    for factors in made:
        factors.remove()


def wrong(right):
    """Another code of six digits."""
    return f"{(int(right) + 1) % 1000000:06}"


def sessions(stack, name="tess"):
    return int(stack.sql("select count(*) from doorward.sessions s join doorward.users u"
                         f" on u.id = s.user_id where u.name = '{name}' and s.ended_at is null"))


def audit(stack, event):
    return int(stack.sql(f"select count(*) from doorward.audit where event = '{event}'"))


# ---- the two ways in ----

def test_the_form_asks_for_a_code_and_leads_back(front, make):
    """No session before the code; afterwards a token that says how it was proved."""
    user = make(front)
    client, answer = form_login(front, "tess", PASSWORD, "/protected?a=1&b=2")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login/mfa?return_to=/protected%3Fa%3D1%26b%3D2"
    assert attributes(answer, FLOW) == ["Path=/login", "Max-Age=600", "Secure", "HttpOnly",
                                        "SameSite=Lax"]
    assert attributes(answer, "__Host-doorward") is None
    assert client.get("/protected").status_code == 303 and sessions(front) == 0
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"
    assert 'inputmode="numeric" autocomplete="one-time-code"' in page.text
    fields = hidden_fields(page.text)
    answer = client.post("/login/mfa", data={**fields, "code": user.code()})
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"] == "/protected?a=1&b=2"
    said = client.get("/protected", headers={"Accept": "application/json"}).json()["claims"]
    assert said["amr"] == ["pwd", "otp", "mfa"]
    assert not [cookie for cookie in client.cookies if cookie.name == FLOW]


def test_json_asks_for_a_code(front, make):
    user = make(front)
    answer = json_login(front, "tess", PASSWORD)
    assert answer.status_code == 401 and "Set-Cookie" not in answer.headers
    assert answer.headers["WWW-Authenticate"].startswith("Bearer realm=")
    asked = answer.json()
    assert set(asked) == {"error", "error_description", "mfa_token", "methods"}
    assert asked["error"] == "mfa_required" and asked["methods"] == ["totp", "recovery"]
    assert asked["mfa_token"].startswith("dwl_")
    answer = prove_json(front, asked["mfa_token"], code=user.code())
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    assert set(answer.json()) == {"token", "access_token", "token_type", "expires_in",
                                  "refresh_token", "device"}
    assert claims(answer.json()["token"])["amr"] == ["pwd", "otp", "mfa"]
    said = Client(front).get("/protected", headers=bearer(answer.json()["token"]))
    assert said.status_code == 200


def test_a_recovery_code_says_how_many_are_left(front, make):
    user = make(front)
    client, fields = begin(front, "tess", PASSWORD, "/members/")
    answer = client.post("/login/mfa", data={**fields, "recovery_code": user.recovery[0].upper()})
    assert answer.status_code == 200 and "You have 9 left." in answer.text
    assert 'href="/members/"' in answer.text
    assert client.get("/protected").status_code == 200
    left = prove_json(front, begin_json(front, "tess", PASSWORD)["mfa_token"],
                      recovery_code=user.recovery[1].replace("-", " ")).json()
    assert left["recovery_codes_left"] == 8
    assert claims(left["token"])["amr"] == ["pwd", "otp", "mfa"]


def test_a_recovery_code_in_the_field_for_the_other_code_is_taken_as_one(apache, make):
    user = make(apache)
    client, fields = begin(apache, "tess", PASSWORD, "/members/")
    answer = client.post("/login/mfa", data={**fields, "code": user.recovery[0]})
    assert answer.status_code == 200 and "You have 9 left." in answer.text
    ticket = begin_json(apache, "tess", PASSWORD)["mfa_token"]
    again = prove_json(apache, ticket, code=user.recovery[0])
    assert (again.status_code, again.json()["error"]) == (401, "invalid_code")
    assert prove_json(apache, ticket, code=user.recovery[1]).json()["recovery_codes_left"] == 8


def test_a_recovery_code_is_good_once(apache, make):
    user = make(apache)
    first, second = (begin_json(apache, "tess", PASSWORD)["mfa_token"] for _ in range(2))
    assert prove_json(apache, first, recovery_code=user.recovery[0]).status_code == 200
    again = prove_json(apache, second, recovery_code=user.recovery[0])
    assert again.status_code == 401 and again.json()["error"] == "invalid_code"
    assert prove_json(apache, second, recovery_code=user.recovery[1]).status_code == 200


def test_the_last_recovery_code_says_so_and_is_offered_no_more(apache, make):
    user = make(apache)
    for left, one in zip(range(9, -1, -1), user.recovery):
        ticket = begin_json(apache, "tess", PASSWORD)["mfa_token"]
        assert prove_json(apache, ticket, recovery_code=one).json()["recovery_codes_left"] == left
    assert begin_json(apache, "tess", PASSWORD)["methods"] == ["totp"]
    client, answer = form_login(apache, "tess", PASSWORD)
    assert 'name="recovery_code"' not in client.get(answer.headers["Location"]).text


# ---- what is refused ----

@pytest.mark.parametrize("how", ["form", "json"])
def test_a_wrong_code_can_be_tried_again_with_the_same_flow(front, make, how):
    user = make(front)
    before = audit(front, "factor_failed")
    right = user.code()
    if how == "form":
        client, fields = begin(front, "tess", PASSWORD)
        answer = client.post("/login/mfa", data={**fields, "code": wrong(right)})
        assert answer.status_code == 401 and "This code is not right." in answer.text
        assert 'aria-invalid="true"' in answer.text and wrong(right) not in answer.text
        done = client.post("/login/mfa", data={**hidden_fields(answer.text), "code": right})
        assert done.status_code == 303
    else:
        ticket = begin_json(front, "tess", PASSWORD)["mfa_token"]
        answer = prove_json(front, ticket, code=wrong(right))
        assert answer.status_code == 401 and answer.json()["error"] == "invalid_code"
        assert prove_json(front, ticket, code=right).status_code == 200
    assert audit(front, "factor_failed") == before + 1 and sessions(front) == 1


@pytest.mark.parametrize("seconds, status", [(-70, 401), (-30, 200), (0, 200), (30, 200),
                                             (70, 401)])
def test_a_clock_may_be_one_step_off(apache, make, seconds, status):
    user = make(apache)
    ticket = begin_json(apache, "tess", PASSWORD)["mfa_token"]
    assert prove_json(apache, ticket, code=user.code(seconds)).status_code == status


def test_a_code_is_good_once(apache, make):
    """Also with another flow, and one that is older than the last."""
    user = make(apache)
    first, second = (begin_json(apache, "tess", PASSWORD)["mfa_token"] for _ in range(2))
    now, before = user.code(), user.code(-30)
    assert prove_json(apache, first, code=now).status_code == 200
    for old in (now, before):
        again = prove_json(apache, second, code=old)
        assert again.status_code == 401 and again.json()["error"] == "invalid_code"
    assert "used before" in prove_json(apache, second, code=now).json()["error_description"]
    client, fields = begin(apache, "tess", PASSWORD)
    page = client.post("/login/mfa", data={**fields, "code": now})
    assert page.status_code == 401 and "This code was used before." in page.text
    assert prove_json(apache, second, code=user.code(30)).status_code == 200


def test_of_two_requests_in_one_moment_one_gets_in(apache, make):
    """With the code of one flow, with one code and two flows, and with a recovery code."""
    user = make(apache)
    tickets = [begin_json(apache, "tess", PASSWORD)["mfa_token"] for _ in range(9)]
    same, other, last = tickets[0], tickets[1:5], tickets[5:]
    answers = in_parallel(4, lambda i: prove_json(apache, same, code=user.code()))
    assert sorted(a.status_code for a in answers) == [200, 401, 401, 401]
    answers = in_parallel(4, lambda i: prove_json(apache, other[i], code=user.code(30)))
    assert sorted(a.status_code for a in answers) == [200, 401, 401, 401]
    apache.sql("delete from doorward.attempts")
    answers = in_parallel(4, lambda i: prove_json(apache, last[i], recovery_code=user.recovery[0]))
    assert sorted(a.status_code for a in answers) == [200, 401, 401, 401]
    assert sessions(apache) == 3


def test_a_used_ticket_is_over(apache, make):
    user = make(apache)
    ticket = begin_json(apache, "tess", PASSWORD)["mfa_token"]
    assert prove_json(apache, ticket, code=user.code()).status_code == 200
    again = prove_json(apache, ticket, code=user.code(30))
    assert again.status_code == 401 and again.json()["error"] == "mfa_token_invalid"


@pytest.mark.parametrize("ticket", ["", "dwl_", "dwl_" + "A" * 43, "dwr_" + "A" * 43, "x" * 5000,
                                    "dwl_" + "A" * 44, "ü"])
def test_a_ticket_that_is_none_is_like_one_that_is_over(apache, ticket):
    answer = prove_json(apache, ticket, code="123456")
    assert answer.status_code == 401 and answer.json()["error"] == "mfa_token_invalid"


def test_a_ticket_opens_nothing_else(apache, make):
    make(apache)
    ticket = begin_json(apache, "tess", PASSWORD)["mfa_token"]
    assert Client(apache).get("/protected", headers=bearer(ticket)).status_code == 401
    for body in ({"refresh_token": ticket},):
        assert Client(apache).post("/login/refresh", json=body).status_code == 401
        assert Client(apache).post("/login/logout", json=body).status_code == 401
    client = Client(apache, browser=True)
    client.headers["Cookie"] = f"__Host-doorward={ticket}; __Secure-doorward-session={ticket}"
    assert client.get("/protected").status_code == 303


# name: (body, status)
BAD = {
    "no ticket": ({"code": "123456"}, 400),
    "no proof": ({"mfa_token": "x"}, 400),
    "two proofs": ({"mfa_token": "x", "code": "1", "recovery_code": "2"}, 400),
    "number": ({"mfa_token": "x", "code": 123456}, 400),
    "null": ({"mfa_token": "x", "code": None}, 400),
    "ticket is a list": ({"mfa_token": ["x"], "code": "123456"}, 400),
    "recovery code is an object": ({"mfa_token": "x", "recovery_code": {}}, 400),
    "remember is a word": ({"mfa_token": "x", "code": "1", "remember_device": "yes"}, 400),
    "device is a number": ({"mfa_token": "x", "code": "1", "device": 1}, 400),
    "17 kB": ({"mfa_token": "x" * 17000, "code": "1"}, 413),
}


@pytest.mark.parametrize("name", BAD)
def test_refuses_bad_input(front, name):
    body, status = BAD[name]
    answer = Client(front).post("/login/mfa", json=body)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"] and "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("typed", ["", " ", "12345", "1234567", "12345a", "１２３４５６", "-12345",
                                   "+12345", "1e5", "0x1234", "123456\n", "' or 1=1", "9" * 60])
def test_what_is_no_code_is_a_wrong_one(apache, make, typed):
    user = make(apache)
    ticket = begin_json(apache, "tess", PASSWORD)["mfa_token"]
    for kind in ("code", "recovery_code"):
        if (kind, typed) == ("code", user.code() + "\n"):
            continue
        answer = prove_json(apache, ticket, **{kind: typed})
        assert answer.status_code == 401 and answer.json()["error"] == "invalid_code", kind
    assert sessions(apache) == 0


def test_a_code_may_be_typed_in_groups(apache, make):
    user = make(apache)
    ticket = begin_json(apache, "tess", PASSWORD)["mfa_token"]
    right = user.code()
    assert prove_json(apache, ticket, code=f" {right[:3]} {right[3:]} ").status_code == 200


@pytest.mark.parametrize("fields, says", [({}, "Enter a code."),
                                          ({"code": "", "recovery_code": ""}, "Enter a code."),
                                          ({"code": "1", "recovery_code": "2"}, "one of the two")])
def test_a_form_with_no_code_or_two_tries_nothing(apache, make, fields, says):
    make(apache)
    before = audit(apache, "factor_failed")
    client, hidden = begin(apache, "tess", PASSWORD)
    answer = client.post("/login/mfa", data={**hidden, **fields})
    assert answer.status_code == 400 and says in answer.text
    assert audit(apache, "factor_failed") == before


def test_a_wrong_password_does_not_tell_whether_there_is_a_factor(apache, make):
    make(apache)
    refused = [json_login(apache, name, "guess") for name in ("tess", "alice", "nobody-here")]
    assert len({(a.status_code, a.text, a.headers["WWW-Authenticate"]) for a in refused}) == 1
    pages = [form_login(apache, name, "guess")[1] for name in ("tess", "alice")]
    assert {a.status_code for a in pages} == {401}
    assert len({re.sub(r'(value|data-options)="[^"]*"', "", a.text) for a in pages}) == 1
    assert apache.sql("select count(*) from doorward.flows f join doorward.users u"
                      " on u.id = f.user_id where u.name = 'tess'") == "0"
