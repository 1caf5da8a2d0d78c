"""/account/forgot and /account/register: the text is kept for the worker, and nobody is looked
up. The worker is tried in tests/integration/store/test_store_requests.py."""

import re

import pytest

from client import Client, attributes, hidden_fields
from fronts import fronts_that_wait
from links import add_user, buttons, heading, literal, new_id, problem, send_form
from servers import end_stack, start_stack

FORM = "__Host-doorward-form"
PAGES = {"/account/forgot": "who", "/account/register": "address"}


@pytest.fixture(scope="module", params=fronts_that_wait(), name="site")
def _site(request):
    stack = start_stack(*request.param, registration="open", registration_domains="example.org")
    yield stack
    end_stack(stack)


@pytest.fixture(scope="module", name="one")
def _one():
    stack = start_stack("apache", "fastcgi", registration="open")
    yield stack
    end_stack(stack)


def requests_of(stack, request):
    """How many are kept."""
    return int(stack.sql(f"select count(*) from doorward.requests where request = {literal(request)}"))


def ask(stack, path, typed, client=None, **headers):
    """The answer to a form that was fetched and filled in."""
    client = client or Client(stack, browser=True)
    client.headers.update(headers)
    page = client.get(path)
    assert page.status_code == 200, page.text
    return send_form(client, page, path, **{PAGES[path]: typed})


@pytest.mark.parametrize("path", PAGES)
def test_the_form_has_one_field_and_its_answer_is_a_page(site, path):
    client = Client(site, browser=True)
    page = client.get(path)
    assert re.findall(r'<input [^>]*name="(?!form_token)([a-z_]+)"', page.text) == [PAGES[path]]
    assert page.text.count("<button") == 1
    before = requests_of(site, path.rsplit("/", 1)[1])
    answer = send_form(client, page, path, **{PAGES[path]: "ann@example.org"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{path}?done=sent")
    said = client.get(answer.headers["Location"])
    assert (said.status_code, heading(said), buttons(said)) == (200, "Check your mail", ["/login"])
    assert requests_of(site, path.rsplit("/", 1)[1]) == before + 1


def test_the_login_page_leads_to_both(site):
    page = Client(site, browser=True).get("/login")
    for path in PAGES:
        assert f'href="{path}"' in page.text


@pytest.mark.parametrize("typed", ["known", "known address", "nobody", "nobody@example.org", "x" * 255,
                                   "ann\r\nBcc: eve@example.org", "zoë", "%", "' or 1=1"])
def test_an_answer_says_nothing_of_whom_it_names(one, typed):
    name = add_user(one)
    typed = {"known": name, "known address": f"{name}@example.org"}.get(typed, typed)
    answers = [ask(one, "/account/forgot", who) for who in (typed, "certainly nobody")]
    said = [(a.status_code, a.text, {k: v for k, v in a.headers.items()
                                     if k not in ("Date", "Set-Cookie")}) for a in answers]
    assert said[0] == said[1]
    lengths = one.sql("select distinct octet_length(sealed) from doorward.requests").split()
    assert len(lengths) == 1  # nor does what is kept


def test_nothing_but_a_sealed_row_comes_of_it(one):
    """Neither a link nor a mail, and what was typed can be read nowhere."""
    counts = ("select (select count(*) from doorward.links), (select count(*) from doorward.outbox),"
              " (select count(*) from doorward.users), (select count(*) from doorward.audit)")
    before, marks = one.sql(counts), [f"mark{new_id()[:8]}@example.org" for _ in PAGES]
    for path, mark in zip(PAGES, marks):
        assert ask(one, path, mark).status_code == 303
    assert one.sql(counts) == before
    kept = one.sql("select encode(sealed, 'escape'), r::text from doorward.requests r")
    with open(f"{one.log}/error.log", encoding="utf-8") as f:
        kept += f.read()
    assert [mark for mark in marks if mark in kept] == []


@pytest.mark.parametrize("path", PAGES)
def test_who_asks_too_often_has_to_wait_whoever_is_named(private_stack, path):
    stack = private_stack("apache", "fastcgi", registration="open")
    stack.sql("update doorward.throttle set free = 2 where kind = 'request'")
    name, request = add_user(stack), path.rsplit("/", 1)[1]
    for _ in range(2):
        assert ask(stack, path, f"{name}@example.org").status_code == 303
    waits = []
    for typed in (f"{name}@example.org", "nobody@example.org", "a@else.example"):
        answer = ask(stack, path, typed)
        assert (answer.status_code, "Too many mails" in problem(answer)) == (429, True)
        waits.append(int(answer.headers["Retry-After"]))
    assert min(waits) > 0 and max(waits) - min(waits) <= 5
    assert requests_of(stack, request) == 2
    other = next(p for p in PAGES if p != path)
    assert ask(stack, other, f"{name}@example.org").status_code == 429  # one bucket for both
    assert Client(stack, browser=True).get("/login").status_code == 200


@pytest.mark.parametrize("typed, status, text", [
    ("", 400, "Enter"), ("   ", 400, "Enter"), ("x" * 256, 400, "longer"),
    ("x" * 10000, 400, "longer")])
def test_what_can_be_nobody_is_refused_at_once(one, typed, status, text):
    before = requests_of(one, "forgot")
    answer = ask(one, "/account/forgot", typed)
    assert (answer.status_code, text in problem(answer)) == (status, True)
    assert requests_of(one, "forgot") == before


BAD_ADDRESSES = ["ann", "@example.org", "a" * 10000 + "@example.org", "ann@example.org\r\nBcc: e@x.example",
                 "Ann <ann@example.org>", "ann@example.org, eve@example.org", "-f@example.org",
                 "a\u200b@example.org", '"a b"@example.org', "a@[192.0.2.1]", "a" * 65 + "@example.org", "zoë@example.org",
                 "ann@exämple.org"]


@pytest.mark.parametrize("typed", BAD_ADDRESSES, ids=lambda typed: ascii(typed)[:30])
def test_what_is_no_address_cannot_register(one, typed):
    before = requests_of(one, "register")
    answer = ask(one, "/account/register", typed)
    assert (answer.status_code, "not an e-mail address" in problem(answer)) == (422, True)
    assert requests_of(one, "register") == before


def test_an_address_of_another_domain_is_refused_and_the_domains_are_said(site):
    before = requests_of(site, "register")
    for typed in ("ann@else.example", "ann@sub.example.org", "ann@example.org.else.example"):
        answer = ask(site, "/account/register", typed)
        assert answer.status_code == 422
        assert problem(answer) == "Only addresses of these domains can be used here: example.org."
        assert f'value="{typed}"' in answer.text
    assert "Only addresses of these domains: example.org" in Client(site, browser=True).get("/account/register").text
    assert requests_of(site, "register") == before
    assert ask(site, "/account/register", "ann@EXAMPLE.org").status_code == 303


# ---- the form's token ----

@pytest.mark.parametrize("path", PAGES)
def test_a_form_without_its_token_or_its_cookie_is_not_kept(site, path):
    request = path.rsplit("/", 1)[1]
    client = Client(site, browser=True)
    fields = hidden_fields(client.get(path).text)
    assert "Path=/" in attributes(Client(site, browser=True).get(path), FORM)
    before = requests_of(site, request)
    typed = {PAGES[path]: "ann@example.org"}
    stale = client.post(path, data={**typed, "form_token": "dwf_x"})
    assert (stale.status_code, "once more" in problem(stale)) == (403, True)
    assert 'value="ann@example.org"' in stale.text
    assert client.post(path, data=typed).status_code == 403
    bare = Client(site, browser=True).post(path, data={**fields, **typed})
    assert (bare.status_code, heading(bare), buttons(bare)) == (403, "Your browser keeps no cookies", [path])
    other = next(p for p in PAGES if p != path)
    wrong = client.post(other, data={**fields, PAGES[other]: "ann@example.org"})
    assert wrong.status_code == 403  # a token is good for its own form
    evil = client.post(path, data={**fields, **typed}, headers={
        "Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"})
    assert evil.status_code == 403
    assert requests_of(site, request) == before


def test_a_get_asks_for_nothing(one):
    before = requests_of(one, "forgot")
    assert Client(one, browser=True).get("/account/forgot?who=ann&done=").status_code == 200
    assert Client(one, browser=True).request("PUT", "/account/forgot").status_code == 405
    assert requests_of(one, "forgot") == before


# ---- where it is not offered ----

CLOSED = [("closed", {"registration": "closed"}, {"/account/register"}),
          ("invited", {"registration": "invited"}, {"/account/register"}),
          ("without mail", {"mail_server": None}, set(PAGES)),
          ("without a key", {"mail_key": None}, set(PAGES))]


def test_what_is_not_offered_is_no_page_and_no_link(private_stack):
    stack = private_stack("apache", "cgi", registration="invited")
    good = dict(stack.settings)
    for what, settings, absent in CLOSED:
        stack.settings = dict(good)
        stack.write_settings(**settings)
        login = Client(stack, browser=True).get("/login").text
        for path in PAGES:
            client = Client(stack, browser=True)
            asked = [client.get(path).status_code, client.post(path, data={"x": "y"}).status_code]
            assert asked == ([404, 404] if path in absent else [200, 403]), (what, path)
            assert (f'href="{path}"' in login) == (path not in absent), (what, path)


def test_open_registration_without_mail_is_refused_by_the_settings_check(private_stack):
    stack = private_stack("apache", "cgi")
    stack.write_settings(registration="open", mail_server=None)
    done = stack.doorward("config", "check", check=False)
    assert done.returncode != 0 and "registration is open although no mail" in done.stdout + done.stderr
