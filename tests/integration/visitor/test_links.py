"""/account/link: every kind of link, behind every front end. A GET uses nothing up, and a refused
POST neither."""

import threading

import pytest

from client import Client, attributes, form_login, json_login
from fronts import fronts_that_wait
from links import (COOKIE, KINDS, NEW, PASSWORD, add_user, buttons, give_address, good_fields,
                   heading, link_for_somebody, link_state, mail_key, make_link, make_shown,
                   new_id, open_link, problem, send_form, use_link, user_id)
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


def address_of(stack, name):
    """Address and whether it is verified."""
    return stack.sql("select address || ' ' || (verified_at is not null) from doorward.addresses"
                     f" where user_id = '{user_id(stack, name)}'").strip()


# ---- opening ----

@pytest.mark.parametrize("kind", KINDS)
def test_opening_a_link_moves_it_into_a_cookie_and_uses_nothing_up(site, kind):
    ticket, _ = link_for_somebody(site, kind)
    before = link_state(site)
    for method in ("GET", "HEAD"):
        answer = Client(site, browser=True).request(method, "/account/link", params={"token": ticket})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/account/link")
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert set(attributes(answer, COOKIE)) == {"Path=/account/link", "Max-Age=600", "HttpOnly",
                                                   "Secure", "SameSite=Lax"}
        assert ticket not in answer.text
    for _ in range(3):
        client, page = open_link(site, ticket)
        assert client.get("/account/link").status_code == 200
        assert ticket not in page.text
        assert page.text.count("<form") == 1
        assert page.text.count("<button") == (2 if kind == "invite" else 1)  # a passkey instead
    assert link_state(site) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_does_what_it_is_for_once(site, kind):
    ticket, name = link_for_somebody(site, kind)
    new = f"n{new_id()[:8]}"
    client, page = open_link(site, ticket)
    answer = send_form(client, page, **good_fields(kind, new))
    assert answer.status_code == 303, answer.text
    assert "Max-Age=0" in attributes(answer, COOKIE)
    led_to = client.get(answer.headers["Location"])
    assert led_to.status_code == 200
    if kind == "invite":
        assert answer.headers["Location"] == "/login?done=welcome"
        assert "Your account is ready" in led_to.text
        assert json_login(site, new, NEW).status_code == 200
    elif kind == "reset":
        assert answer.headers["Location"] == "/login?done=password"
        assert "Your new password is set" in led_to.text
        assert json_login(site, name, NEW).status_code == 200
    elif kind == "verify":
        assert address_of(site, name) == f"{name}@example.org true"
    else:
        assert address_of(site, name) == f"{name}@example.net true"
    before = link_state(site)
    again = Client(site, browser=True).get("/account/link", params={"token": ticket})
    assert (again.status_code, heading(again), buttons(again)) == (
        410, "This link has been used already", ["/login"])
    assert link_state(site) == before


def test_a_link_opens_in_another_browser_than_asked_for_it(site):
    """Nothing of the first is needed: neither its cookies nor that it was there."""
    ticket, name = link_for_somebody(site, "reset")
    first, _ = open_link(site, ticket)
    assert use_link(site, ticket, password=NEW).status_code == 303
    late = send_form(first, first.get("/login"), password=NEW, repeat=NEW)
    assert (late.status_code, heading(late)) == (410, "This link has been used already")
    assert json_login(site, name, NEW).status_code == 200


# ---- what a refused POST says, and leaves ----

WEAK = [("short", "Too short", "too short"), ("password1", "Guessable", "easy to guess"),
        ("", "Missing", "Fill in all fields")]


@pytest.mark.parametrize("kind", ["invite", "reset"])
def test_a_refused_password_leaves_the_link_good_and_says_why(site, kind):
    ticket, name = link_for_somebody(site, kind)
    client, page = open_link(site, ticket)
    before = link_state(site)
    for password, _, text in WEAK + [(f"{name or 'robertson'} and otters", "", "contains your name"),
                                     ("x" * 1025, "", "longer than any can be")]:
        fields = {"username": "robertson"} if kind == "invite" else {}
        answer = send_form(client, page, password=password, repeat=password, **fields)
        assert answer.status_code == (422 if password else 400), password
        assert text in problem(answer)
        assert attributes(answer, COOKIE) is None
    answer = send_form(client, page, password=NEW, repeat=NEW + "x",
                       **({"username": "robertson"} if kind == "invite" else {}))
    assert (answer.status_code, "not the same" in problem(answer)) == (422, True)
    assert link_state(site) == before
    assert send_form(client, page, **good_fields(kind, f"n{new_id()[:8]}")).status_code == 303


def test_a_taken_name_is_said_behind_the_link_and_leaves_it_good(site):
    ticket, _ = link_for_somebody(site, "invite")
    client, page = open_link(site, ticket)
    before = link_state(site)
    for name in ("alice", "ALICE", " alice "):
        answer = send_form(client, page, username=name, password=NEW, repeat=NEW)
        assert (answer.status_code, "taken" in problem(answer)) == (422, True), name
    for name in ("two\nlines", "b\u200bob", "x" * 256):
        answer = send_form(client, page, username=name, password=NEW, repeat=NEW)
        assert (answer.status_code, "cannot be a name" in problem(answer)) == (422, True), name
    assert link_state(site) == before
    assert send_form(client, page, username=f"Zoë {new_id()[:6]}", password=NEW,
                     repeat=NEW).status_code == 303


def test_a_name_that_one_gives_oneself_is_plain(one):
    ticket = make_link(one, "invite", address="selma@example.org", self=True, roles=[])
    client, page = open_link(one, ticket)
    assert "selma@example.org" in page.text
    for name in ("Selma", "sel ma", "selma@example.org", "-selma", "zoë", "s" * 65):
        answer = send_form(client, page, username=name, password=NEW, repeat=NEW)
        assert (answer.status_code, "small letters" in problem(answer)) == (422, True), name
    answer = send_form(client, page, username="postmaster", password=NEW, repeat=NEW)
    assert (answer.status_code, "taken" in problem(answer)) == (422, True)
    assert send_form(client, page, username="selma.o-1_", password=NEW, repeat=NEW).status_code == 303
    assert address_of(one, "selma.o-1_") == "selma@example.org true"


def test_an_address_that_is_anothers_by_now_is_said(one):
    add_user(one, "taken@example.org")
    ticket = make_link(one, "invite", address="Taken@example.org", roles=[])
    answer = use_link(one, ticket, username="somebody", password=NEW)
    assert (answer.status_code, "account with your address" in problem(answer)) == (422, True)
    ticket = make_link(one, "change-address", add_user(one), address="TAKEN@example.org")
    answer = use_link(one, ticket)
    assert (answer.status_code, "Another account" in problem(answer)) == (422, True)


def test_a_form_of_another_link_does_nothing_and_the_one_at_hand_is_shown(site):
    """Two links opened in one browser: the cookie holds the second."""
    (first, _), (second, name) = link_for_somebody(site, "invite"), link_for_somebody(site, "reset")
    client, page = open_link(site, first)
    open_link(site, second, client)
    before = link_state(site)
    answer = send_form(client, page, username="mallory", password=NEW, repeat=NEW)
    assert (answer.status_code, heading(answer)) == (403, "Choose a new password")
    assert "another link in the meantime" in problem(answer) and name in answer.text
    assert link_state(site) == before
    assert send_form(client, answer, password=NEW, repeat=NEW).status_code == 303


# ---- what a use does to who is signed in ----

def test_a_reset_ends_all_sessions_and_signs_nobody_in(site):
    ticket, name = link_for_somebody(site, "reset")
    browser, _ = form_login(site, name, PASSWORD)
    token = json_login(site, name, PASSWORD).json()
    assert browser.get("/protected").status_code == 200
    client, page = open_link(site, ticket)
    answer = send_form(client, page, password=NEW, repeat=NEW)
    assert answer.status_code == 303
    assert "__Host-doorward" not in client.cookies
    assert client.get("/protected").status_code in (303, 401)
    assert browser.get("/protected").status_code in (303, 401)
    assert Client(site).get("/protected", headers={
        "Authorization": f"Bearer {token['token']}"}).status_code == 401
    assert Client(site).post("/login/refresh", json={
        "refresh_token": token["refresh_token"]}).status_code == 401
    assert json_login(site, name, PASSWORD).status_code == 401
    assert site.sql("select count(*) from doorward.outbox where template = 'password-changed'"
                    f" and recipient = '{name}@example.org'").strip() == "1"


def test_after_an_invitation_the_form_is_shown_although_another_is_signed_in(one):
    """Who sits at that browser wants to be the new one."""
    browser, _ = form_login(one, "alice", "correct horse battery staple")
    ticket, _ = link_for_somebody(one, "invite")
    _, page = open_link(one, ticket, browser)
    answer = send_form(browser, page, **good_fields("invite", "newcomer"))
    led_to = browser.get(answer.headers["Location"])
    assert (led_to.status_code, "Your account is ready" in led_to.text) == (200, True)


def test_a_change_of_address_leaves_a_way_back_that_ends_all_sessions(site):
    ticket, name = link_for_somebody(site, "change-address")
    browser, _ = form_login(site, name, PASSWORD)
    assert use_link(site, ticket).status_code == 303
    assert browser.get("/account").status_code == 200
    undo = site.sql("select link_id from doorward.outbox where template = 'address-changed'"
                    f" and recipient = '{name}@example.org'").strip()
    answer = use_link(site, make_ticket("undo-address", mail_key(site), undo))
    assert answer.headers["Location"] == "/account/link?done=undo"
    assert address_of(site, name) == f"{name}@example.org true"
    assert browser.get("/account").status_code in (303, 401)


# ---- at once ----

def at_once(n, work):
    """What n threads that start together return."""
    gate, results = threading.Barrier(n), [None] * n

    def run(i):
        gate.wait()
        results[i] = work(i)
    threads = [threading.Thread(target=run, args=(i,)) for i in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_who_finish_one_invitation_at_once_make_one_account(site):
    ticket, _ = link_for_somebody(site, "invite")
    opened = [open_link(site, ticket) for _ in range(4)]
    stem = new_id()[:8]
    answers = at_once(4, lambda i: send_form(*opened[i], username=f"r{stem}{i}", password=NEW, repeat=NEW))
    assert sorted(a.status_code for a in answers) == [303, 410, 410, 410]
    assert {heading(a) for a in answers if a.status_code == 410} == {"This link has been used already"}
    assert site.sql(f"select count(*) from doorward.users where name like 'r{stem}%'").strip() == "1"


def test_two_who_want_one_name_at_once_make_one_account(site):
    stem = f"w{new_id()[:8]}"
    opened = [open_link(site, link_for_somebody(site, "invite")[0]) for _ in range(3)]
    answers = at_once(3, lambda i: send_form(*opened[i], username=stem, password=NEW, repeat=NEW))
    assert sorted(a.status_code for a in answers) == [303, 422, 422]
    assert site.sql(f"select count(*) from doorward.users where name = '{stem}'").strip() == "1"


def test_two_resets_at_once_set_one_password(site):
    ticket, name = link_for_somebody(site, "reset")
    opened = [open_link(site, ticket) for _ in range(3)]
    words = ["herons wade in the morning", "otters float in the evening", "badgers dig at midnight"]
    answers = at_once(3, lambda i: send_form(*opened[i], password=words[i], repeat=words[i]))
    assert sorted(a.status_code for a in answers) == [303, 410, 410]
    good = [json_login(site, name, word).status_code for word in words]
    assert sorted(good) == [200, 401, 401]
    assert good.index(200) == [a.status_code for a in answers].index(303)


# ---- links that admins make ----

def test_a_link_that_was_shown_sets_a_password_once(site):
    """For somebody without an address. It ends sessions, and is good once."""
    name = add_user(site, address="")
    ticket = make_shown(site, name)
    answer = use_link(site, ticket, password=NEW)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?done=password")
    assert json_login(site, name, NEW).status_code == 200
    again = Client(site, browser=True).get("/account/link", params={"token": ticket})
    assert (again.status_code, heading(again)) == (410, "This link has been used already")


def test_a_link_of_welcome_sets_the_first_password_and_verifies_the_address(site):
    """Unless the address is another one by then."""
    name = add_user(site, address="")
    site.sql(f"update doorward.users set password_hash = null where name = '{name}'")
    give_address(site, name, f"{name}@example.org", verified=False)
    ticket = make_link(site, "welcome", name, address=f"{name}@example.org")
    page = open_link(site, ticket)[1]
    assert f"Your account here is {name}." in page.text
    answer = use_link(site, ticket, password=NEW)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?done=welcome")
    assert json_login(site, name, NEW).status_code == 200
    assert address_of(site, name) == f"{name}@example.org true"
    again = Client(site, browser=True).get("/account/link", params={"token": ticket})
    assert again.status_code == 410


def test_a_link_of_welcome_leaves_an_address_alone_that_is_somebody_elses_by_now(site):
    """The password is set all the same."""
    name, other = add_user(site, address=""), add_user(site)
    give_address(site, name, f"{other}@example.org", verified=False)
    ticket = make_link(site, "welcome", name, address=f"{other}@example.org")
    assert use_link(site, ticket, password=NEW).status_code == 303
    assert json_login(site, name, NEW).status_code == 200
    assert address_of(site, name) == f"{other}@example.org false"
