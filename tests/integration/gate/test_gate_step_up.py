"""A rule asks for a factor: a browser is led through just that, and back, on each front end."""

import os

import pytest

from client import Client, bearer, claims, form_login, hidden_fields
from gate import FRONTS
from second import Factors, begin, begin_json, prove_json
from servers import end_stack, start_stack

PASSWORD = "four storks above the mill"
RULES = ["/members/strong factor", "/members/today factor login-within 1h", "/members/key phr"]
pytestmark = pytest.mark.takes("starts a database and a server for each front end")


@pytest.fixture(scope="module", name="site", params=FRONTS, ids="-".join)
def _site(request):
    stack = start_stack(*request.param, rule=RULES)
    try:
        for rule in RULES:
            place = f"{stack.members}/{rule.split()[0].rsplit('/', 1)[1]}"
            os.makedirs(place)
            with open(f"{place}/index.html", "w", encoding="utf-8") as f:
                f.write("inside\n")
        yield stack
    finally:
        end_stack(stack)


@pytest.fixture(name="user")
def _user(site):
    user = Factors(site, "ida", PASSWORD, ["member"])
    yield user
    user.remove()


def follow(client, path):
    """Where a browser that opens `path` ends: its last answer, and the paths on the way."""
    answer, way = client.get(path), []
    while answer.status_code in (301, 303) and len(way) < 9:
        way.append(answer.headers["Location"].split("?")[0])
        answer = client.get(answer.headers["Location"])
    return answer, way


def remembered(site, user):
    """A browser whose session was opened by the password alone, though there is a factor."""
    client, fields = begin(site, user.name, PASSWORD)
    client.post("/login/mfa", data={**fields, "recovery_code": user.recovery.pop(),
                                    "remember_device": "1"})
    client.post("/login/logout")
    return client, sign_in(client, user, client.get("/login"))


def sign_in(client, user, page):
    """The answer to the login form with the right password."""
    return client.post("/login", data={**hidden_fields(page.text), "username": user.name,
                                       "password": PASSWORD})


def test_a_remembered_browser_proves_the_factor_at_the_rule_and_goes_on(site, user):
    client, answer = remembered(site, user)
    assert answer.status_code == 303 and client.get("/members/").status_code == 200
    page, way = follow(client, "/members/strong/?a=1&b=%2F")
    assert way == ["/login", "/login/mfa"] and page.status_code == 200
    fields = hidden_fields(page.text)
    assert (fields["need"], fields["return_to"]) == ("factor", "/members/strong/?a=1&b=%2F")
    answer = client.post("/login/mfa", data={**fields, "code": user.code()})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/members/strong/?a=1&b=%2F")
    answer = client.get(answer.headers["Location"])
    assert (answer.status_code, answer.text) == (200, "inside\n")
    assert client.get("/members/today/").text == "inside\n"


def test_an_old_login_is_asked_for_the_password_and_then_for_the_factor(site, user):
    """The browser is remembered, so the new login alone does not prove it."""
    client, _ = remembered(site, user)
    site.sql("update doorward.sessions set auth_time = auth_time - interval '2 hours'")
    del client.cookies["__Host-doorward"]
    page, way = follow(client, "/members/today/")
    assert way == ["/login", "/members/today/", "/login"] and 'name="password"' in page.text
    answer = sign_in(client, user, page)
    assert answer.headers["Location"] == "/members/today/"
    page, way = follow(client, "/members/today/")
    assert way == ["/login", "/login/mfa"]
    answer = client.post("/login/mfa", data={**hidden_fields(page.text), "code": user.code()})
    assert follow(client, answer.headers["Location"])[0].text == "inside\n"


def test_who_comes_without_a_session_proves_both_at_once(site, user):
    client = Client(site, browser=True)
    page, way = follow(client, "/members/today/")
    assert way == ["/login"]
    answer = sign_in(client, user, page)
    page = client.get(answer.headers["Location"])
    answer = client.post("/login/mfa", data={**hidden_fields(page.text), "code": user.code()})
    assert answer.headers["Location"] == "/members/today/"
    assert client.get("/members/today/").text == "inside\n"


def test_who_has_no_factor_is_led_to_make_one(site):
    client, _ = form_login(site, "alice", "correct horse battery staple")
    page, way = follow(client, "/members/strong/")
    assert way[:3] == ["/login", "/login/mfa", "/login/factor"] and page.status_code == 200


def test_who_has_no_passkey_proves_the_app_first_and_then_may_make_one(site, user):
    """The way back is kept over all these pages."""
    client, _ = remembered(site, user)
    page, way = follow(client, "/members/key/")
    assert way == ["/login", "/login/mfa", "/login/factor", "/login/mfa"]
    fields = hidden_fields(page.text)
    assert fields["need"] == "factor"
    answer = client.post("/login/mfa", data={**fields, "code": user.code()})
    assert answer.headers["Location"] == "/login/factor?return_to=/members/key/"
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200 and 'name="return_to" value="/members/key/"' in page.text


def test_a_code_is_no_passkey(site, user):
    ticket = begin_json(site, user.name, PASSWORD)["mfa_token"]
    token = prove_json(site, ticket, code=user.code()).json()["token"]
    assert claims(token)["acr"] == "2fa"
    answer = Client(site).get("/members/key/", headers=bearer(token))
    assert answer.status_code == 401 and 'acr_values="phr"' in answer.headers["WWW-Authenticate"]


def test_an_api_client_that_is_told_so_logs_in_anew_and_is_let_in(site, user):
    """RFC 9470: the new login proves what acr_values names."""
    ticket = begin_json(site, user.name, PASSWORD)["mfa_token"]
    first = prove_json(site, ticket, recovery_code=user.recovery.pop(), remember_device=True).json()
    weak = Client(site).post("/login", json={"username": user.name, "password": PASSWORD,
                                             "device": first["device"]}).json()
    answer = Client(site).get("/members/strong/", headers=bearer(weak["token"]))
    assert answer.status_code == 401 and 'acr_values="2fa"' in answer.headers["WWW-Authenticate"]
    ticket = begin_json(site, user.name, PASSWORD)["mfa_token"]  # without the device
    token = prove_json(site, ticket, code=user.code()).json()["token"]
    assert Client(site).get("/members/strong/", headers=bearer(token)).text == "inside\n"
