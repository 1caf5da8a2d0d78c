"""/account/link, when something is wrong: each way in which a link can be bad has a page that says
what to do next, and nothing was done."""

import os
import time

import pytest

from client import Client, attributes, hidden_fields, json_login
from fronts import fronts_that_wait
from links import (COOKIE, KINDS, NEW, OF_USER, PASSWORD, add_user, buttons, good_fields, heading,
                   link_for_somebody, link_state, mail_key, make_link, make_setup, new_id, open_link,
                   problem, send_form, use_link)
from servers import end_stack, start_stack
from tickets import make_ticket


@pytest.fixture(scope="module", params=fronts_that_wait(), name="site")
def _site(request):
    """One that anybody may come in to."""
    stack = start_stack(*request.param, registration="open", registration_roles="member")
    yield stack
    end_stack(stack)


@pytest.fixture(scope="module", name="one")
def _one():
    """The same behind one front end, for what does not depend on it."""
    stack = start_stack("apache", "fastcgi", registration="open", registration_roles="member")
    yield stack
    end_stack(stack)


# ---- what is wrong with a link ----

def refused(stack, token):
    """The answer to the opening of a bad link, which changes nothing."""
    before = link_state(stack)
    client = Client(stack, browser=True)
    answer = client.get("/account/link", params={"token": token})
    assert attributes(answer, COOKIE) is None
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "<form" not in answer.text and len(buttons(answer)) == 1
    held = client.get("/account/link", headers={"Cookie": f"{COOKIE}={token}"})
    assert "<form" not in held.text
    assert link_state(stack) == before
    return answer


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_that_was_cut_says_so(one, kind):
    ticket, _ = link_for_somebody(one, kind)
    for cut in (ticket[:-1], ticket[:40], ticket[:5], ticket[:2], ticket + "=", ticket + ".", ""):
        answer = refused(one, cut)
        assert (answer.status_code, heading(answer)) == (400, "This link is not complete"), cut
        assert "Copy the whole link" in answer.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_of_another_site_says_so(one, kind):
    ticket, _ = link_for_somebody(one, kind)
    prefix, rest = ticket[:4], ticket[4:]
    others = [make_ticket(kind, b"another site's key, also 32 bytes", new_id()),
              "dwq_" + rest, "eyJhbGciOiJub25lIn0.e30.", "<script>", ticket[:-2] + "AA",
              *(p + rest for p in ("dwi_", "dwv_", "dwp_", "dwa_", "dwu_", "dwk_") if p != prefix)]
    for other in others:
        answer = refused(one, other)
        assert (answer.status_code, heading(answer)) == (400, "This link is not from this site"), other


def test_a_link_that_has_run_out_says_where_a_new_one_is_had(one):
    for kind, target in (("reset", "/account/forgot"), ("verify", "/account"), ("invite", "/"),
                         ("change-address", "/account"), ("undo-address", "/")):
        ticket, _ = link_for_somebody(one, kind, life=1)
        time.sleep(1.1)
        answer = refused(one, ticket)
        assert (answer.status_code, heading(answer), buttons(answer)) == (
            410, "This link has expired", [target]), kind
    ticket = make_link(one, "invite", life=1, address="self@example.org", self=True)
    time.sleep(1.1)
    assert buttons(refused(one, ticket)) == ["/account/register"]


def test_a_link_of_which_nothing_is_known_says_so(one):
    answer = refused(one, make_ticket("reset", mail_key(one), new_id()))
    assert (answer.status_code, heading(answer)) == (410, "This link does not work any more")


def test_a_link_that_ran_out_while_its_form_was_open_does_nothing(site):
    ticket, name = link_for_somebody(site, "reset", life=2)
    client, page = open_link(site, ticket)
    time.sleep(2.1)
    before = link_state(site)
    answer = send_form(client, page, password=NEW, repeat=NEW)
    assert (answer.status_code, heading(answer)) == (410, "This link has expired")
    assert link_state(site) == before
    assert json_login(site, name, PASSWORD).status_code == 200


DEATHS = {
    "the password was changed": lambda s, name: s.doorward(
        "user", "passwd", name, "--password-stdin", stdin="another password of theirs"),
    "the user was disabled": lambda s, name: s.doorward("user", "disable", name),
    "the user was disabled and enabled": lambda s, name: (
        s.doorward("user", "disable", name), s.doorward("user", "enable", name)),
    "the user was deleted": lambda s, name: s.doorward("user", "delete", "--yes", name),
}


@pytest.mark.parametrize("death", DEATHS)
def test_a_link_dies_also_while_its_form_is_open_when(one, death):
    for kind in OF_USER:
        ticket, name = link_for_somebody(one, kind)
        client, page = open_link(one, ticket)
        DEATHS[death](one, name)
        if (kind, death) == ("undo-address", "the password was changed"):
            assert send_form(client, page).status_code == 303  # the way back stays
            continue
        before = link_state(one)
        answer = send_form(client, page, **good_fields(kind))
        assert (answer.status_code, heading(answer)) == (410, "This link does not work any more"), kind
        assert link_state(one) == before
        assert refused(one, ticket).status_code == 410


def test_a_link_outlives_a_new_name(one):
    ticket, name = link_for_somebody(one, "reset")
    one.doorward("user", "rename", name, f"{name}-2", "--yes")
    _, page = open_link(one, ticket)
    assert f"{name}-2" in page.text
    assert use_link(one, ticket, password=NEW).status_code == 303
    assert json_login(one, f"{name}-2", NEW).status_code == 200


# ---- without a link ----

def test_without_a_link_the_page_says_to_open_it_once_more(site):
    client = Client(site, browser=True)
    page = client.get("/account/link")
    assert (page.status_code, heading(page)) == (400, "Open the link again")
    assert "<form" not in page.text
    posted = client.post("/account/link", data={"password": NEW, "form_token": "x"})
    assert (posted.status_code, heading(posted)) == (400, "Open the link again")


def test_a_browser_that_keeps_no_cookies_is_told_so(one):
    ticket, _ = link_for_somebody(one, "reset")
    before = link_state(one)
    answer = Client(one, browser=True).get("/account/link", params={"token": ticket})
    assert answer.status_code == 303
    page = Client(one, browser=True).get("/account/link")
    assert "allow cookies" in page.text
    assert link_state(one) == before


def test_a_form_of_another_site_is_refused(one):
    ticket, _ = link_for_somebody(one, "reset")
    client, page = open_link(one, ticket)
    before = link_state(one)
    for headers in ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
                    {"Origin": "null"}):
        answer = client.post("/account/link", headers=headers, data={
            **hidden_fields(page.text), "password": NEW, "repeat": NEW})
        assert answer.status_code == 403
    answer = client.post("/account/link", data={"password": NEW, "repeat": NEW})
    assert (answer.status_code, "once more" in problem(answer)) == (403, True)
    assert link_state(one) == before


@pytest.mark.parametrize("query", ["token=a&token=b", "token=%00", "token=%ff", "token=%"])
def test_an_odd_query_is_refused_and_named_in_no_referer(one, query):
    answer = Client(one, browser=True).get(f"/account/link?{query}")
    assert answer.status_code == 400
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_link_is_in_no_log(site):
    tickets = [link_for_somebody(site, kind)[0] for kind in KINDS]
    for ticket in tickets:
        open_link(site, ticket)
        Client(site, browser=True).get("/account/link", params={"token": ticket[:-1]})
    use_link(site, tickets[KINDS.index("reset")], password=NEW)
    for name in ("access.log", "error.log"):
        with open(f"{site.log}/{name}", encoding="utf-8") as f:
            text = f.read()
        assert [t for t in tickets if t[4:-1] in text] == [], name
        assert NEW not in text
        if name == "access.log":
            assert "/account/link" in text


def test_a_reset_that_could_not_end_the_sessions_changes_nothing(private_stack):
    """The revocation file cannot be written: the same link is good once it can."""
    stack = private_stack("apache", "fastcgi")
    name = add_user(stack)
    ticket = make_link(stack, "reset", name)
    client, page = open_link(stack, ticket)
    before = link_state(stack)
    kept = os.stat(f"{stack.directory}/run")
    os.chown(f"{stack.directory}/run", os.geteuid(), os.getegid())
    os.chmod(f"{stack.directory}/run", 0o555)
    try:
        answer = send_form(client, page, password=NEW, repeat=NEW)
    finally:
        os.chown(f"{stack.directory}/run", kept.st_uid, kept.st_gid)
        os.chmod(f"{stack.directory}/run", kept.st_mode & 0o7777)
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
    assert link_state(stack) == before
    assert send_form(client, page, password=NEW, repeat=NEW).status_code == 303


@pytest.mark.parametrize("kind", ["reset", "undo-address"])
def test_tokens_that_a_broken_use_left_alive_die_at_the_next_try(private_stack, kind):
    """The program died after it had used the link, and before the verifiers were told."""
    stack = private_stack("apache", "fastcgi")
    name = add_user(stack)
    json_login(stack, name, PASSWORD)
    sid = stack.sql("select sid from doorward.sessions").strip()
    ticket = make_link(stack, kind, name, **({} if kind == "reset"
                                             else {"address": f"old-{name}@example.org"}))
    client, page = open_link(stack, ticket)
    assert stack.sql(f"select outcome from doorward.link_use('{kind}', (select id from"
                     " doorward.links), null, null, 'a hash', null)").strip() == "ok"
    with open(f"{stack.directory}/run/revocations", encoding="utf-8") as f:
        assert sid not in f.read()
    answer = send_form(client, page, **good_fields(kind))
    assert (answer.status_code, heading(answer)) == (410, "This link has been used already")
    with open(f"{stack.directory}/run/revocations", encoding="utf-8") as f:
        assert sid in f.read()


# ---- setup, and settings ----

def test_a_setup_link_makes_the_first_user(private_stack):
    """With what is typed wrongly first; the other link is dead then, in an open page as well."""
    stack = private_stack("lighttpd", "fastcgi", registration="closed", mail_key=None,
                          mail_server=None)
    stack.sql("delete from doorward.users")
    ticket, late, old = (make_setup(stack, bytes([n]) * 32, roles=["doorward-admin"])
                         for n in (1, 2, 3))
    stack.sql("update doorward.links set created_at = created_at - interval '72 hours', ends_at ="
              f" ends_at - interval '72 hours' where hash = sha256('{old}')")
    expired = Client(stack, browser=True).get("/account/link", params={"token": old})
    assert (expired.status_code, heading(expired)) == (410, "This link has expired")
    client, page = open_link(stack, ticket)
    other, other_page = open_link(stack, late)
    assert heading(page) == "The first account"
    good = {"username": "first", "address": "first@example.org", "password": NEW, "repeat": NEW}
    for field, typed, status, says in [
            ("address", "", 400, "Fill in"), ("username", " ", 400, "Fill in"),
            ("address", "first", 422, "No mail can be sent"),
            ("address", "a@b.org\r\nBcc: c@d.org", 422, "No mail can be sent"),
            ("address", "a" * 300 + "@b.org", 422, "No mail can be sent"),
            ("username", "first@example.org", 422, "without an @"),
            ("password", "short", 422, "not the same"), ("username", "a\u202eb", 422, "cannot be")]:
        answer = send_form(client, page, **{**good, field: typed})
        assert answer.status_code == status and says in problem(answer), (field, typed)
        assert 'value="first@example.org"' in answer.text or field == "address"
    assert stack.sql("select count(*) from doorward.users").strip() == "0"
    answer = send_form(client, page, **good)
    assert answer.headers["Location"] == "/login?done=welcome&return_to=/admin/mail"
    assert stack.sql("select u.name, u.roles, a.address, a.verified_at from doorward.users u join"
                     " doorward.addresses a on a.user_id = u.id").split() == [
                         "first|{doorward-admin}|first@example.org|"]
    answer = send_form(other, other_page, **{**good, "username": "second"})
    assert (answer.status_code, heading(answer)) == (410, "This link has been used already")
    assert "there is one already" in answer.text
    for used in (ticket, late):
        again = Client(stack, browser=True).get("/account/link", params={"token": used})
        assert (again.status_code, heading(again)) == (410, "This link has been used already")


def test_where_registration_is_closed_nobody_comes_in_by_a_link(private_stack):
    stack = private_stack("apache", "cgi", registration="invited")
    ticket = make_link(stack, "invite", roles=["member"])
    client, page = open_link(stack, ticket)
    stack.write_settings(registration="closed")
    before = link_state(stack)
    answer = send_form(client, page, username="late", password=NEW, repeat=NEW)
    assert (answer.status_code, heading(answer)) == (410, "Registration is closed")
    answer = Client(stack, browser=True).get("/account/link", params={"token": ticket})
    assert (answer.status_code, heading(answer)) == (410, "Registration is closed")
    assert link_state(stack) == before
    stack.write_settings(registration="invited")
    assert send_form(client, page, username="late", password=NEW, repeat=NEW).status_code == 303


def test_a_link_of_open_registration_opens_nothing_once_only_the_invited_may_come_in(private_stack):
    stack = private_stack("apache", "cgi", registration="open")
    ticket = make_link(stack, "invite", address="late@example.org", self=True)
    client, page = open_link(stack, ticket)
    stack.write_settings(registration="invited")
    before = link_state(stack)
    answer = send_form(client, page, username="late", password=NEW, repeat=NEW)
    assert (answer.status_code, heading(answer)) == (410, "Registration is closed")
    assert link_state(stack) == before
    invited, page = open_link(stack, make_link(stack, "invite", roles=["member"]))
    assert send_form(invited, page, username="asked", password=NEW, repeat=NEW).status_code == 303


def test_without_a_mail_key_a_mailed_link_is_none_of_ours(private_stack):
    stack = private_stack("apache", "cgi")
    ticket = make_link(stack, "reset", add_user(stack))
    stack.write_settings(mail_key=None)
    answer = Client(stack, browser=True).get("/account/link", params={"token": ticket})
    assert (answer.status_code, heading(answer)) == (400, "This link is not from this site")


def test_a_database_that_is_down_uses_no_link_up(private_stack):
    stack = private_stack("apache", "fastcgi")
    name = add_user(stack)
    ticket = make_link(stack, "reset", name)
    client, page = open_link(stack, ticket)
    stack.stop_database()
    try:
        assert send_form(client, page, password=NEW, repeat=NEW).status_code == 503
        answer = Client(stack, browser=True).get("/account/link", params={"token": ticket})
        assert (answer.status_code, answer.headers["Referrer-Policy"]) == (503, "no-referrer")
    finally:
        stack.start_database()
    began = time.monotonic()
    while send_form(client, page, password=NEW, repeat=NEW).status_code != 303:
        assert time.monotonic() - began < 5
        time.sleep(0.2)
