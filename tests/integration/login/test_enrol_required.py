"""/login/factor at a login: a factor is required of a user who has none."""

import re
import uuid
from urllib.parse import quote

import pytest

from client import Client, form_login, hidden_fields, json_login
from enrol import PASSWORD, begin_app, claims, codes_of, person, post, set_up, stored
from links import add_user, mail_key, user_id
from mails import mails_in
from second import FLOW, Factors, code
from servers import end_stack, start_stack
from tickets import make_ticket

LINK = "__Secure-doorward-factor-link"


@pytest.fixture(name="strict", scope="module")
def _strict():
    """A stack that requires a factor of all, and mails to files."""
    stack = start_stack("apache", "fastcgi", factor_required="all")
    yield stack
    end_stack(stack)


def begin(stack, name, return_to="/protected"):
    """A browser after its right password, at the page of the set-up."""
    client, answer = form_login(stack, name, PASSWORD, return_to)
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"] == "/login/factor?return_to=" + quote(return_to, safe="/")
    assert "__Host-doorward" not in [c.name for c in client.cookies]
    return client


def mailed(stack, count=1):
    """The links of kind factor that were mailed, once there are `count`."""
    stack.doorward("mail", "send")
    links = [re.search(r"/login/factor\?token=\S+", mail.text) for mail in
             mails_in(f"{stack.directory}/mail")]
    links = [link[0] for link in links if link]
    assert len(links) >= count, links
    return links


def factor_link(stack, name):
    """A link of kind factor, past the mail."""
    made = stack.sql(f"select doorward.link_make('factor', '{user_id(stack, name)}', null, null, 1,"
                     " null, null, null, 'test')").strip()
    return "/login/factor?token=" + make_ticket("factor", mail_key(stack), made)


def set_ups(stack, name):
    """How many apps the logins of a user are setting up."""
    return int(stack.sql("select count(*) from doorward.flows where sealed is not null"
                         f" and user_id = '{user_id(stack, name)}'"))


def open_link(client, link):
    """Open it and press its button: the answer."""
    answer = client.get(link)
    assert answer.status_code == 303 and answer.headers["Location"] == "/login/factor", answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    page = client.get("/login/factor")
    assert page.status_code == 200 and "Your link is good" in page.text
    return post(client, page, do="open")


# ---- without a verified address ----

@pytest.mark.parametrize("address,verified", [("", False), (None, False)],
                         ids=["no address", "not verified"])
def test_the_login_goes_on_after_the_set_up(strict, address, verified):
    name = add_user(strict, address, verified)
    client = begin(strict, name, "/protected?a=1")
    secret, page = set_up(client, "?return_to=/protected%3Fa%3D1")
    assert len(codes_of(page)) == 10 and 'href="/protected?a=1"' in page.text
    assert claims(client)["amr"] == ["pwd", "otp", "mfa"]
    assert FLOW not in [cookie.name for cookie in client.cookies]
    assert client.get("/login/mfa").headers["Location"].startswith("/login")
    other, answer = form_login(strict, name, PASSWORD)
    assert answer.headers["Location"] == "/login/mfa"
    fields = hidden_fields(other.get("/login/mfa").text)
    assert other.post("/login/mfa", data={**fields, "code": code(secret, 30)}).status_code == 303


def test_a_role_that_needs_no_factor_signs_in_with_a_password(private_stack):
    stack = private_stack(factor_required="admin")
    name, admin = person(stack), add_user(stack, "")
    stack.doorward("user", "role", "add", admin, "admin", check=False)
    stack.sql(f"update doorward.users set roles = '{{admin}}' where name = '{admin}'")
    assert form_login(stack, name, PASSWORD, "/protected")[1].headers["Location"] == "/protected"
    begin(stack, admin)


def test_before_the_set_up_there_is_nothing_but_the_set_up(strict):
    name = person(strict)
    client = begin(strict, name)
    assert client.get("/protected").status_code == 303
    assert client.get("/login/mfa").headers["Location"].startswith("/login/factor")
    answer = json_login(strict, name, PASSWORD)
    assert answer.status_code == 401 and answer.json()["error"] == "mfa_setup_required"
    page = client.get("/login/factor")
    answer = client.post("/login/factor", data={**hidden_fields(page.text), "do": "recovery"})
    assert answer.status_code == 303 and stored(strict, name) == (0, 0)


def test_a_flow_that_is_over_leads_back_to_the_login(strict):
    """Another password meanwhile, or a disabled user: nothing is stored."""
    for change in ("update doorward.users set password_version = password_version + 1",
                   "update doorward.users set device_version = device_version + 1",
                   "update doorward.flows set ends_at = doorward.now()"):
        name = person(strict)
        client = begin(strict, name)
        page, secret = begin_app(client)
        strict.sql(change)
        answer = post(client, page, do="confirm", code=code(secret))
        assert answer.status_code == 303, answer.text
        assert answer.headers["Location"].startswith("/login?return_to="), answer.headers
        assert stored(strict, name) == (0, 0)


def test_two_logins_at_once_set_up_one_app(strict):
    """The second one finds that there is a factor by now, and may not replace it."""
    name = person(strict)
    first, second = begin(strict, name), begin(strict, name)
    page, secret = begin_app(first)
    late, other = begin_app(second)
    assert secret != other
    assert post(first, page, do="confirm", code=code(secret)).status_code == 200
    answer = post(second, late, do="confirm", code=code(other))
    assert answer.status_code == 303 and not codes_of(answer)
    assert stored(strict, name) == (1, 10)
    assert second.get("/protected").status_code == 303


# ---- with a verified address ----

def test_the_password_alone_sets_nothing_up_where_a_link_can_be_mailed(strict):
    name = person(strict, None)
    client = begin(strict, name)
    page = client.get("/login/factor")
    assert "A password alone may have been stolen" in page.text
    fields = hidden_fields(page.text)
    for do in ("totp", "confirm", "recovery", "open"):
        answer = client.post("/login/factor", data={**fields, "do": do, "code": "123456"})
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/login/factor")
    assert set_ups(strict, name) == 0 and stored(strict, name) == (0, 0)


def test_the_mailed_link_sets_up_and_opens_no_session(strict):
    name = person(strict, None)
    client = begin(strict, name)
    answer = post(client, client.get("/login/factor?return_to=/protected"), do="link")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login/factor?done=mailed&return_to=/protected"
    assert "Look into your mail" in client.get(answer.headers["Location"]).text
    link = mailed(strict)[-1]
    other = Client(strict, browser=True)
    answer = open_link(other, link)
    assert answer.status_code == 303 and answer.headers["Location"] == "/login/factor"
    assert LINK not in [cookie.name for cookie in other.cookies]
    secret, page = set_up(other)
    assert len(codes_of(page)) == 10 and 'href="/login"' in page.text
    assert other.get("/protected").status_code == 303
    assert other.get("/login/factor").headers["Location"].startswith("/login?")
    answer = client.get("/login/factor?return_to=/protected")  # the first login begins anew
    assert answer.headers["Location"] == "/login?done=over&return_to=/protected"
    client, _ = form_login(strict, name, PASSWORD, "/protected")
    fields = hidden_fields(client.get("/login/mfa?return_to=/protected").text)
    answer = client.post("/login/mfa", data={**fields, "code": code(secret, 30)})
    assert answer.status_code == 303 and answer.headers["Location"] == "/protected"
    assert claims(client)["amr"] == ["pwd", "otp", "mfa"]


def test_a_site_that_mails_nothing_needs_no_link(private_stack):
    stack = private_stack(factor_required="all", mail_server=None)
    client = begin(stack, person(stack, None))
    set_up(client)
    assert claims(client)["amr"] == ["pwd", "otp", "mfa"]


def test_opening_a_link_uses_nothing_up(strict):
    """Mail programs open links, too."""
    link = factor_link(strict, person(strict, None))
    for _ in range(3):
        assert Client(strict, browser=True).get(link).status_code == 303
    assert open_link(Client(strict, browser=True), link).status_code == 303


def test_a_link_that_is_over_says_so(strict):
    name = person(strict, None)
    link = factor_link(strict, name)
    assert open_link(Client(strict, browser=True), link).status_code == 303
    for change in (None, "update doorward.links set ends_at = doorward.now()",
                   "update doorward.users set password_version = password_version + 1",
                   "update doorward.users set disabled = true"):
        if change:
            name = person(strict, None)
            link = factor_link(strict, name)
            strict.sql(change)
        client = Client(strict, browser=True)
        answer = open_link(client, link)
        assert answer.status_code == 410 and "This link is over" in answer.text
        assert FLOW not in [cookie.name for cookie in client.cookies]
        assert client.get("/login/factor").headers["Location"].startswith("/login?")
        if change:
            strict.sql("update doorward.users set disabled = false")


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: t[:-2] + "AA", lambda t: "dwp" + t[3:],
                                   lambda t: "x", lambda t: t + "A"],
                         ids=["cut", "changed", "other kind", "nothing", "longer"])
def test_a_link_that_was_not_made_here_is_refused(strict, spoil):
    path, ticket = factor_link(strict, person(strict, None)).split("token=")
    client = Client(strict, browser=True)
    answer = client.get(f"{path}token={spoil(ticket)}")
    assert answer.status_code == 410 and not client.cookies


def test_no_more_than_three_links_an_hour_are_mailed(strict):
    name = person(strict, None)
    client = begin(strict, name)
    for expected in (303, 303, 303, 429):
        answer = post(client, client.get("/login/factor"), do="link")
        assert answer.status_code == expected, answer.text
        strict.sql("update doorward.links set created_at = created_at - interval '3 minutes'")
    assert "Several links were sent" in answer.text
    assert strict.sql("select count(*) from doorward.links where kind = 'factor'"
                      f" and user_id = '{user_id(strict, name)}' and uses_left > 0") == "1"


# ---- a link is no way around a factor ----

def test_a_link_wants_a_factor_that_is_there_first(strict):
    """A recovery code opens the set-up; a wrong one and one that was used do not."""
    factors = Factors(strict, f"u{uuid.uuid4().hex[:10]}", PASSWORD, ["member"])
    client = Client(strict, browser=True)
    open_link(client, factor_link(strict, factors.name))
    page = client.get("/login/factor")
    assert "enter one of your recovery codes" in page.text and 'value="totp"' not in page.text
    for do in ("totp", "confirm", "recovery"):
        fields = {**hidden_fields(page.text), "do": do, "code": factors.code()}
        assert client.post("/login/factor", data=fields).status_code == 303
    assert post(client, page, do="prove", code="").status_code == 400
    for wrong in ("aaaa-aaaa-aaaa-aaaa", "000000", "nonsense"):
        answer = post(client, page, do="prove", code=wrong)
        assert answer.status_code == 401 and "This code is not right" in answer.text
    answer = post(client, page, do="prove", code=factors.recovery[0])
    assert answer.status_code == 303 and answer.headers["Location"] == "/login/factor"
    page, secret = begin_app(client)
    answer = post(client, page, do="confirm", code=code(secret))
    assert answer.status_code == 200 and "It is set up" in answer.text
    assert stored(strict, factors.name) == (1, 10) and secret != factors.secret
    other = Client(strict, browser=True)
    open_link(other, factor_link(strict, factors.name))
    again = post(other, other.get("/login/factor"), do="prove", code=factors.recovery[0])
    assert again.status_code == 401


def test_guesses_behind_a_link_are_counted(strict):
    factors = Factors(strict, f"u{uuid.uuid4().hex[:10]}", PASSWORD, ["member"])
    client = Client(strict, browser=True)
    open_link(client, factor_link(strict, factors.name))
    page = client.get("/login/factor")
    answers = [post(client, page, do="prove", code="aaaa-aaaa-aaaa-aaaa") for _ in range(7)]
    assert answers[0].status_code == 401 and answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert post(client, page, do="prove", code=factors.recovery[0]).status_code == 429
