"""/account/profile and /account/address: what people say about themselves."""

import json
import os
import re
import time
from urllib.parse import quote

import pytest

from account_page import form_token, log_in
from client import Client, form_login, hidden_fields, json_login, short
from servers import end_stack, start_stack

PASSWORD = "seven quiet herons wading"
LINK = "select id from doorward.links where user_id = '{}' and kind = '{}'"


class Person:
    """A user of one test, signed in."""

    def __init__(self, stack, word):
        self.stack = stack
        self.name = "p" + re.sub(r"\W", "", word)[-40:] + str(time.monotonic_ns())
        stack.add_user(self.name, PASSWORD, "member")
        self.mail = f"{self.name}@example.org"
        self.id = ""
        self.id = self.row("select id from doorward.users where name = '{name}'")
        self.client = log_in(stack, self.name, PASSWORD)

    def row(self, text):
        """What one statement about this user says."""
        return self.stack.sql(text.format(id=self.id, name=self.name)).strip()

    def verify(self, mail=None):
        """The operator knows the address."""
        self.stack.doorward("user", "set", self.name, "--mail", mail or self.mail, "--verified")

    def post(self, path, **fields):
        """One of the account's forms."""
        return self.client.post(path, data={"form_token": form_token(self.client), **fields})

    def age(self, seconds=3600):
        """The login was that long ago."""
        self.row("update doorward.sessions set opened_at = opened_at"
                 f" - interval '{seconds} s' where user_id = '{{id}}'")


def sign_in(client, person):
    """By the form, in a browser at hand."""
    fields = hidden_fields(client.get("/login?need=fresh").text)
    answer = client.post("/login", data={**fields, "username": person.name, "password": PASSWORD})
    assert answer.status_code == 303


@pytest.fixture(name="person")
def _person(apache, request):
    return Person(apache, request.node.name)


# ---- who may ----

PAGES = ["/account/profile", "/account/address", "/account/delete"]


@pytest.mark.parametrize("path", PAGES + ["/account/data"])
def test_who_is_not_signed_in_is_sent_to_the_form_or_told_401(front, path):
    answer = Client(front, browser=True).get(path)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/login?return_to=/account")
    assert Client(front).get(path).status_code == 401


@pytest.mark.parametrize("path, fields", [
    ("/account/profile", {"display_name": "Eve"}), ("/account/address", {"mail": "eve@example.org"}),
    ("/account/delete", {"sure": "yes"})])
def test_a_form_of_somebody_else_changes_nothing(person, path, fields):
    """Without its token, with another one, from another site."""
    good = form_token(person.client)
    tables = ("select (select row(u.*)::text from doorward.users u where id = '{id}'), (select count(*)"
              " from doorward.links where user_id = '{id}'), (select count(*) from doorward.audit"
              " where user_id = '{id}')")
    before = person.row(tables)
    other = form_token(Person(person.stack, "other").client)
    for token, headers in [(None, {}), ("", {}), ("x", {}), (other, {}),
                           (good, {"Sec-Fetch-Site": "cross-site"}),
                           (good, {"Sec-Fetch-Site": None, "Origin": "https://evil.example"})]:
        answer = person.client.post(path, data={"form_token": token, **fields}, headers=headers)
        assert answer.status_code == 403, (token, headers)
    assert Client(person.stack).post(path, data=fields).status_code == 401
    assert person.row(tables) == before


@pytest.mark.parametrize("path", ["/account/address", "/account/delete"])
def test_dangerous_steps_want_a_fresh_login(person, path):
    person.age()
    for answer in (person.client.get(path),
                   person.post(path, mail="new@example.org", sure="yes")):
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/login?need=fresh&return_to={quote(path, '')}"
    assert person.row("select count(*) from doorward.links where user_id = '{id}'") == "0"
    assert person.client.get("/account").status_code == 200


# ---- the display name ----

def test_a_display_name_is_shown_and_changed(person):
    for name in ("Ann of Example", "  Änne 安 ", ""):
        answer = person.post("/account/profile", display_name=name, language="")
        assert answer.status_code == 303
        assert answer.headers["Location"] == "/account?done=profile"
        page = person.client.get("/account?done=profile").text
        assert 'role="status"' in page
        assert name.strip() in page if name else "as your name" in page
    assert person.row("select display_name is null from doorward.users where id = '{id}'") == "t"


def test_a_display_name_is_text_and_no_markup(person):
    person.post("/account/profile", display_name='"><script>alert(1)</script>')
    for path in ("/account", "/account/profile"):
        page = person.client.get(path).text
        assert "<script" not in page and "&lt;script&gt;" in page


@pytest.mark.parametrize("name", ["x" * 101, "a\u202eb", "a\nb", "a\x00b", "\u200b"], ids=short)
def test_what_is_no_display_name_is_refused_and_shown_again(person, name):
    before = person.row("select row(u.*)::text from doorward.users u where id = '{id}'")
    answer = person.post("/account/profile", display_name=name)
    assert answer.status_code in (400, 422)
    if answer.status_code == 422:
        assert 'role="alert"' in answer.text and 'aria-invalid="true"' in answer.text
    assert person.row("select row(u.*)::text from doorward.users u where id = '{id}'") == before


def test_the_same_again_is_no_change(person):
    for _ in range(3):
        person.post("/account/profile", display_name="Ann")
    assert person.row("select count(*) from doorward.audit where user_id = '{id}'"
                      " and event = 'profile_changed'") == "1"


# ---- the language ----

@pytest.fixture(scope="module", name="german")
def _german():
    stack = start_stack("apache", "cgi")
    os.makedirs(f"{stack.directory}/share/phrases", mode=0o755)
    with open(f"{stack.directory}/share/phrases/de.txt", "w", encoding="utf-8") as f:
        f.write("language.name = Deutsch\naccount.heading = Ihr Konto\n"
                "login.password = Kennwort\n")
    stack.write_settings(share_dir="share")
    yield stack
    end_stack(stack)


COOKIE = "__Host-doorward-language"


def test_the_language_is_chosen_kept_and_set_at_the_next_login(german):
    """As a cookie, which the pages before the login use, too."""
    person = Person(german, "language")
    page = person.client.get("/account/profile").text
    assert re.findall(r'<option value="(\w*)"', page) == ["", "en", "de", "es", "fr"]
    assert "Deutsch" in page and "Français" in page
    person.post("/account/profile", language="de")
    assert person.client.cookies[COOKIE] == "de"
    assert "Ihr Konto" in person.client.get("/account").text
    assert re.search(r'value="de"[^>]* selected', person.client.get("/account/profile").text)
    elsewhere, answer = form_login(german, person.name, PASSWORD)
    assert answer.cookies[COOKIE] == "de"
    answer = elsewhere.get("/account")
    assert "Ihr Konto" in answer.text and answer.headers["Content-Language"] == "de"
    assert "Kennwort" in elsewhere.get("/login?need=fresh").text
    assert "Cookie" in answer.headers["Vary"]
    person.post("/account/profile", language="")
    assert COOKIE not in person.client.cookies
    assert "Your account" in person.client.get("/account").text


def test_a_login_of_who_has_chosen_none_takes_the_cookie_of_another_away(german):
    chosen, plain = Person(german, "chosen"), Person(german, "plain")
    chosen.post("/account/profile", language="de")
    sign_in(chosen.client, plain)
    assert COOKIE not in chosen.client.cookies


@pytest.mark.parametrize("tag", ["nl", "../de", "DE", "x" * 16])
def test_a_language_that_there_is_not_is_none(german, tag):
    person = Person(german, "nobodys")
    assert person.post("/account/profile", language=tag).status_code == 303
    assert person.row("select language is null from doorward.users where id = '{id}'") == "t"
    answer = Client(german, browser=True).get("/login", headers={"Cookie": f"{COOKIE}={tag}"})
    assert answer.status_code == 200 and answer.headers["Content-Language"] == "en"


# ---- the address ----

def use(person, kind):
    """As the page of the link does it."""
    link = person.row(LINK.format(person.id, kind))
    return person.row(f"select outcome from doorward.link_use('{kind}', '{link}', null, null,"
                      " null, null)")


def mails(person):
    """(template, recipient) of what is about this user, or has a link of theirs."""
    return [tuple(line.split("|")) for line in person.row(
        "select template, recipient from doorward.outbox where user_id = '{id}' or link_id in"
        " (select id from doorward.links where user_id = '{id}') order by id").splitlines()]


def test_an_address_is_proved_by_a_mail_and_then_changed_with_a_way_back(person):
    old, new = person.mail, f"new-{person.mail}"
    assert ">none<" in person.client.get("/account").text
    for address, said in ((old, []), (new, [("address-changed", old)])):
        answer = person.post("/account/address", mail=f" {address} ")
        assert answer.status_code == 303
        assert answer.headers["Location"] == "/account?done=address"
        page = person.client.get("/account").text
        assert f"on its way to {address}" in page
        assert mails(person)[-1] == ("change-address", address)
        assert use(person, "change-address") == "ok"
        page = person.client.get("/account").text
        assert f"<dd>{address}" in page and "not confirmed" not in page
        assert mails(person)[-len(said):] == said if said else True
        assert "on its way" not in page
    person.row("delete from doorward.outbox where user_id = '{id}'")
    assert use(person, "undo-address") == "ok"
    assert person.client.get("/account").status_code == 303  # whoever changed it is out
    assert old in log_in(person.stack, person.name, PASSWORD).get("/account").text


def test_the_last_address_that_was_asked_for_counts(person):
    """Two tabs: the mail to the first opens nothing any more."""
    first = person.post("/account/address", mail=f"one-{person.mail}")
    link = person.row(LINK.format(person.id, "change-address"))
    person.post("/account/address", mail=f"two-{person.mail}")
    assert first.status_code == 303
    assert person.row("select outcome from doorward.link_use('change-address',"
                      f" '{link}', null, null, null, null)") == "gone"
    assert use(person, "change-address") == "ok"
    assert person.row("select address from doorward.addresses where user_id = '{id}'") \
        == f"two-{person.mail}"


def test_of_the_address_of_somebody_else_the_page_tells_nothing(person):
    """Its owner gets a mail, who asks the same answer as always."""
    owner = Person(person.stack, "owner")
    owner.verify()
    plain = person.post("/account/address", mail=f"free-{person.mail}")
    taken = person.post("/account/address", mail=owner.mail.upper())
    assert (taken.status_code, taken.headers["Location"], taken.text) == (
        plain.status_code, plain.headers["Location"], plain.text)
    assert mails(owner) == [("address-taken", owner.mail.upper())]
    assert mails(person) == []  # the link of the page goes to nobody


def told(person, address):
    """What the person can see after asking for the address, with the address itself left out."""
    assert person.post("/account/address", mail=address).status_code == 303
    data = json.loads(person.client.get("/account/data").text)
    return [person.client.get("/account").text.count(f"on its way to {address}"),
            person.client.get("/account/address").text.count(address),
            [(link["kind"], link["data"]["address"] == address) for link in data["links"]],
            data["mails"]]


def test_neither_page_nor_data_tell_that_an_address_is_somebody_elses(person):
    """The pages name the address that a mail is on its way to: also where its owner gets it."""
    owner = Person(person.stack, "owned")
    owner.verify()
    free = told(person, f"free-{person.mail}")
    assert told(person, owner.mail) == free
    assert free == [1, free[1], [("change-address", True)], []] and free[1] > 0


def test_a_mailbox_gets_three_mails_an_hour_whoever_asks_for_its_address(person):
    other = Person(person.stack, "other")
    for asking in (person, other, person, other, person):
        assert asking.post("/account/address", mail=f"x-{person.mail}").status_code == 303
    assert person.row("select array_length(sent, 1) from doorward.mailboxes where hash ="
                      f" sha256(doorward.address_key('x-{person.mail}')::bytea)") == "3"
    assert mails(person) == mails(other) == [("change-address", f"x-{person.mail}")]
    assert person.row("select count(*) from doorward.audit where event = 'mail_withheld' and"
                      " user_id = '{id}'") == "1"


def test_a_claim_of_the_operators_is_proved_on_the_page(person):
    person.stack.doorward("user", "set", person.name, "--mail", person.mail)
    page = person.client.get("/account").text
    assert person.mail in page and "not confirmed" in page
    assert f'value="{person.mail}"' in person.client.get("/account/address").text
    assert person.post("/account/address", mail=person.mail).status_code == 303
    assert use(person, "change-address") == "ok"
    assert "not confirmed" not in person.client.get("/account").text


@pytest.mark.parametrize("mail", [
    "", "ann", "@", "ann@", "a b@example.org", "Ann <ann@example.org>", "ann@example.org,b@c.org",
    "ann@example.org\r\nBcc: eve@example.org", "ann@example.org\x00", "-f@example.org",
    "zoë@example.org", "ann@exämple.org", "a" * 65 + "@example.org", "a" * 10000 + "@example.org"],
    ids=short)
def test_what_is_no_address_is_refused(person, mail):
    answer = person.post("/account/address", mail=mail)
    assert answer.status_code in (400, 422)
    if answer.status_code == 422:
        assert 'role="alert"' in answer.text and 'aria-invalid="true"' in answer.text
    assert mails(person) == []


def test_the_address_that_they_have_is_no_change(person):
    person.verify()
    answer = person.post("/account/address", mail=person.mail.upper())
    assert answer.status_code == 422 and "your address already" in answer.text
    assert mails(person) == []


def test_who_asks_over_and_over_has_to_wait(person):
    answers = [person.post("/account/address", mail=f"{i}-{person.mail}") for i in range(12)]
    assert [answer.status_code for answer in answers] == [303] * 10 + [429] * 2
    assert int(answers[-1].headers["Retry-After"]) >= 1 and 'role="alert"' in answers[-1].text
    assert len(mails(person)) == 1  # the mails of the others went with their links


def test_a_disabled_user_asks_for_nothing(person):
    token = form_token(person.client)
    person.stack.doorward("user", "disable", person.name)
    answer = person.client.post("/account/address", data={"form_token": token,
                                                          "mail": person.mail})
    assert answer.status_code == 401 and mails(person) == []


def test_a_site_without_mail_has_no_such_page(private_stack):
    stack = private_stack("apache", "cgi", mail_server=None)
    person = Person(stack, "nomail")
    assert person.client.get("/account/address").status_code == 404
    assert person.post("/account/address", mail=person.mail).status_code == 404
    assert "/account/address" not in person.client.get("/account").text


# ---- a login from a new browser ----

def news(person):
    """How many mails about one there are."""
    return mails(person).count(("new-browser", person.mail))


def test_a_login_from_a_new_browser_is_told_by_mail(person):
    """Not one from a browser that is known; at most three at once."""
    person.verify()
    person.row("delete from doorward.attempts")
    sign_in(person.client, person)
    assert news(person) == 0
    other = Client(person.stack, browser=True)
    other.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"
    sign_in(other, person)
    assert news(person) == 1
    data = person.row("select data from doorward.outbox where user_id = '{id}'")
    assert '"Firefox"' in data and '"Linux"' in data and '"network"' in data
    api = json_login(person.stack, person.name, PASSWORD).json()
    assert news(person) == 2
    Client(person.stack).post("/login", json={"username": person.name, "password": PASSWORD,
                                              "device": api["device"]})
    assert news(person) == 2
    for _ in range(3):
        json_login(person.stack, person.name, PASSWORD)
    assert news(person) == 3


def test_no_such_mail_goes_to_an_address_that_nobody_proved_or_at_the_first_login(person):
    person.stack.doorward("user", "set", person.name, "--mail", person.mail)
    log_in(person.stack, person.name, PASSWORD)
    assert mails(person) == []
    person.verify()
    person.row("update doorward.users set last_login_at = null where id = '{id}'")
    log_in(person.stack, person.name, PASSWORD)
    assert mails(person) == []
    json_login(person.stack, person.name, "a wrong one")
    assert mails(person) == []


@pytest.mark.parametrize("settings", [{"mail_new_browser": "off"}, {"mail_server": None}])
def test_no_such_mail_where_the_settings_say_so(private_stack, settings):
    person = Person(private_stack("apache", "cgi", **settings), "off")
    person.verify()
    log_in(person.stack, person.name, PASSWORD)
    assert mails(person) == []
