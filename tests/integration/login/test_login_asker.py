"""A login on the way to a client of the provider: whom its pages name, and where they may lead."""

import base64
import hashlib
import os
import re
import uuid

import pytest

from client import ALICE, Client, form_login, hidden_fields
from second import Factors
from statements import Statements

COOKIE = "__Host-doorward-oauth"
APP = "https://wiki.example:8443"


class Asking:
    """A request of a client that waits in the database, and the browser that brought it."""

    def __init__(self, stack, leads_to=APP, hint=None, client=None):
        self.stack, self.id = stack, str(uuid.uuid4())
        stack.sql("insert into doorward.oauth_clients values ('wiki', 'Wiki <of> the club', '{}', '{}',"
                  " 'none', '{openid}', null, '{}', '{}', 'ask', true, 'RS256', false,"
                  " doorward.now(), doorward.now()) on conflict do nothing")
        cookie = base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode()
        digest = hashlib.sha256(cookie.encode()).hexdigest()
        hint = "null" if hint is None else f"'{hint}'"
        stack.sql("insert into doorward.oauth_requests (id, browser, client_id, query, leads_to,"
                  f" login_hint, created_at, ends_at) values ('{self.id}', '\\x{digest}', 'wiki', 'x',"
                  f" '{leads_to}', {hint}, doorward.now(), doorward.now() + interval '10 minutes')")
        self.client = client or Client(stack, browser=True)
        self.client.cookies.set(COOKIE, cookie, domain="localhost.local", path="/", secure=True)

    @property
    def return_to(self):
        return f"/oauth/authorize?id={self.id}"

    def login(self, **query):
        """GET /login."""
        return self.client.get("/login", params={"return_to": self.return_to, **query})

    def send(self, page, name=ALICE[0], password=ALICE[1], **fields):
        """The form of a page."""
        return self.client.post("/login", data={**hidden_fields(page.text), "username": name,
                                                "password": password, **fields})


@pytest.fixture(autouse=True)
def _no_client(apache):
    yield
    apache.sql("delete from doorward.oauth_clients; delete from doorward.attempts")


def forms_lead_to(answer):
    """The sources of form-action."""
    return re.search(r"form-action ([^;]*);", answer.headers["Content-Security-Policy"])[1].split()


def username(answer):
    return re.search(r'name="username" type="text" value="([^"]*)"', answer.text)[1]


def is_for_the_client(answer, source=APP):
    """The page names the client, and its form may lead there."""
    return forms_lead_to(answer) == ["'self'", source] and "Wiki &lt;of&gt; the club" in answer.text


def test_the_form_says_for_whom_and_may_lead_there(apache):
    asking = Asking(apache)
    page = asking.login()
    assert page.status_code == 200 and is_for_the_client(page)
    answer = asking.send(page)
    assert (answer.status_code, answer.headers["Location"]) == (303, asking.return_to)


def test_so_does_the_form_after_a_mistake(apache):
    asking = Asking(apache)
    wrong = asking.send(asking.login(), password="wrong")
    assert wrong.status_code == 401 and is_for_the_client(wrong)
    missing = asking.send(wrong, name="")
    assert missing.status_code == 400 and is_for_the_client(missing)
    stale = asking.send(missing, form_token="x")
    assert stale.status_code == 403 and is_for_the_client(stale)
    refused = asking.client.post("/login/passkey/finish",
                                 data={"passkey": "{}", "return_to": asking.return_to})
    assert refused.status_code == 401 and is_for_the_client(refused)
    assert asking.send(refused).headers["Location"] == asking.return_to


def test_so_does_the_form_while_nobody_may_try(apache):
    asking = Asking(apache)
    for _ in range(20):
        throttled = asking.send(asking.login(), name="nobody", password="wrong")
        if throttled.status_code == 429:
            break
    assert throttled.status_code == 429 and is_for_the_client(throttled)


@pytest.mark.parametrize("source", ["com.example.app:", "http://127.0.0.1:51234", "http:"])
def test_an_app_on_a_device_is_led_to_as_well(apache, source):
    assert is_for_the_client(Asking(apache, source).login(), source)


def test_a_login_that_has_to_be_fresh_leads_there_too(apache):
    browser, _ = form_login(apache, *ALICE)
    asking = Asking(apache, client=browser)
    page = asking.login(need="fresh")
    assert page.status_code == 200 and is_for_the_client(page)
    assert "Wiki &lt;of&gt; the club wants you to sign in again." in page.text
    assert asking.send(page).headers["Location"] == asking.return_to


# ---- whom the client expects ----

def test_the_field_has_the_name_that_the_client_expects(apache):
    assert username(Asking(apache, hint="alice").login()) == "alice"
    assert username(Asking(apache).login()) == ""
    page = Asking(apache, hint='"><b>x').login()
    assert username(page) == "&quot;&gt;&lt;b&gt;x"


def test_who_is_here_gives_way_to_whom_the_client_expects(apache):
    browser, _ = form_login(apache, *ALICE)
    assert username(Asking(apache, client=browser).login(need="fresh")) == "alice"
    assert username(Asking(apache, hint="carol", client=browser).login(need="fresh")) == "carol"


def test_what_was_typed_stays(apache):
    asking = Asking(apache, hint="carol")
    assert username(asking.send(asking.login(), name="nobody")) == "nobody"
    assert username(asking.send(asking.login(), name="")) == ""


# ---- the steps after the password ----

def test_the_page_of_the_second_factor_may_lead_there(apache):
    factors = Factors(apache, "tern", "nine gulls over the harbour")
    try:
        asking = Asking(apache)
        answer = asking.send(asking.login(), "tern", factors.password)
        page = asking.client.get(answer.headers["Location"])
        assert page.status_code == 200 and is_for_the_client(page)
        fields = {**hidden_fields(page.text), "code": "000000"}
        wrong = asking.client.post("/login/mfa", data=fields)
        assert wrong.status_code == 401 and is_for_the_client(wrong)
        fields["code"] = factors.code()
        answer = asking.client.post("/login/mfa", data=fields)
        assert (answer.status_code, answer.headers["Location"]) == (303, asking.return_to)
        # and for a session that has to prove more
        asking = Asking(apache, client=asking.client)
        page = asking.client.get("/login/mfa", params={"need": "factor",
                                                       "return_to": asking.return_to})
        assert page.status_code == 200 and is_for_the_client(page)
    finally:
        apache.sql("delete from doorward.users where name = 'tern'")


def test_so_may_the_pages_that_set_up_a_factor(private_stack):
    stack = private_stack(factor_required="all")
    asking = Asking(stack)
    answer = asking.send(asking.login())
    assert answer.headers["Location"].startswith("/login/factor?return_to=")
    page = asking.client.get(answer.headers["Location"])
    assert page.status_code == 200 and forms_lead_to(page) == ["'self'", APP]


# ---- requests that are none ----

def test_no_form_leads_to_the_client_of_another_browser(apache):
    """Whoever only knows the address of a request learns nothing of it."""
    asking = Asking(apache, hint="carol")
    for other in (Client(apache, browser=True), Asking(apache).client):
        page = other.get("/login", params={"return_to": asking.return_to})
        assert page.status_code == 200 and forms_lead_to(page) == ["'self'"]
        assert "Wiki" not in page.text and username(page) == ""


def test_nor_does_one_for_a_request_that_is_over_or_never_was(apache):
    asking = Asking(apache)
    for return_to in (f"/oauth/authorize?id={uuid.uuid4()}", asking.return_to + "&x=1",
                      asking.return_to + "'", "/oauth/authorize", "/members/"):
        page = asking.client.get("/login", params={"return_to": return_to})
        assert page.status_code == 200 and forms_lead_to(page) == ["'self'"]
    apache.sql("update doorward.oauth_requests set ends_at = doorward.now()")
    assert forms_lead_to(asking.login()) == ["'self'"]


def test_a_cookie_of_another_form_is_none(apache):
    asking = Asking(apache)
    for value in ("", "x", "A" * 42, "A" * 44, "!" * 43):
        asking.client.cookies.set(COOKIE, value, domain="localhost.local", path="/", secure=True)
        assert forms_lead_to(asking.login()) == ["'self'"]


def test_no_form_is_shown_whose_way_back_would_be_blocked(apache):
    """The request cannot be looked at: 503, and not a form that ends nowhere."""
    asking = Asking(apache)
    function = "function doorward.oauth_request_origin(uuid, bytea)"
    apache.sql(f"revoke execute on {function} from doorward_login")
    try:
        assert asking.login().status_code == 503
        assert Client(apache, browser=True).get("/login").status_code == 200
    finally:
        apache.sql(f"grant execute on {function} to doorward_login")


def test_only_a_page_on_such_a_way_takes_a_statement_more(private_stack):
    stack = private_stack()
    asking = Asking(stack)
    asking.login()
    statements = Statements(stack)
    stack.postgres.sql("SELECT pg_sleep(0.3)")
    statements.count()
    page = asking.login()
    assert page.status_code == 200 and statements.count() == 1
    assert asking.send(page).status_code == 303 and statements.count() == 2
    other = Client(stack, browser=True)
    other.get("/login", params={"return_to": asking.return_to})
    other.get("/login", params={"return_to": "/members/"})
    assert statements.count() == 0
