"""/account/factors and /account/factor: one's own passkeys, app and recovery codes."""

import re
import time
from urllib.parse import quote

import pytest

from account_page import NEW, change, form_token, log_in
from client import Client, hidden_fields, json_login
from database import in_parallel
from factor_rows import add_app, add_codes, add_passkey, prove
from links import make_link, open_link, send_form
from mails import mails_in
from second import Factors, begin, begin_json, prove_json

PASSWORD = "seven quiet herons wading"


class Person:
    """A user of one test, with an address and a browser that is signed in."""

    def __init__(self, stack, name):
        self.stack, self.name = stack, name
        stack.add_user(name, PASSWORD, "member")
        stack.doorward("user", "set", name, "--mail", f"{name}@example.org", "--verified")
        self.id = stack.sql(f"select id from doorward.users where name = '{name}'").strip()
        self.client = log_in(stack, name, PASSWORD)

    def send(self, what, factor, **fields):
        """The form of one factor."""
        return self.client.post("/account/factor", data={
            "form_token": form_token(self.client), "do": what, "id": factor, **fields})

    def count(self, table):
        """How many rows are theirs."""
        return int(self.stack.sql(f"select count(*) from doorward.{table}"
                                  f" where user_id = '{self.id}'"))

    def events(self):
        """What the audit has of factors, with its details."""
        return self.stack.sql("select event || ' ' || coalesce(detail, '') from doorward.audit"
                              f" where user_id = '{self.id}' and event like 'factor_%'"
                              " order by id").splitlines()


def new_person(stack):
    """Each test has its own."""
    return Person(stack, f"f{time.monotonic_ns()}")


@pytest.fixture(name="ann")
def _ann(apache):
    return new_person(apache)


# ---- what is shown ----

def test_the_page_lists_all_ways_to_sign_in_and_no_secret(front):
    ann = new_person(front)
    add_app(front, ann.id)
    add_passkey(front, ann.id, "Blue <b>key</b>")
    add_passkey(front, ann.id, "Phone", synced=True)
    add_codes(front, ann.id, used=3)
    answer = ann.client.get("/account/factors")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    page = answer.text
    assert "Blue &lt;b&gt;key&lt;/b&gt;" in page and "<b>" not in page and "Phone" in page
    assert page.count("On one device only") == 1 and page.count("Synced") == 1
    assert "App for one-time codes" in page and "Codes that are left: 7." in page
    assert "5e5e5e" not in page and page.count("Not used yet") == 3


def test_who_has_none_is_told_what_they_are_and_where_to_add_one(ann):
    page = ann.client.get("/account/factors").text
    assert "You have none. A passkey is" in page and "You have no app for them" in page
    assert "Recovery codes" not in page
    assert 'href="/login/factor?return_to=/account/factors"' in page


def test_a_passkey_of_another_domain_is_told_apart(ann):
    add_passkey(ann.stack, ann.id, rp_id="old.example.org")
    page = ann.client.get("/account/factors").text
    assert "Made for old.example.org: this site cannot use it any more." in page


def test_twenty_passkeys_are_all_listed(ann):
    for number in range(20):
        add_passkey(ann.stack, ann.id, f"key {number:02}")
    page = ann.client.get("/account/factors").text
    assert re.findall(r"<strong>(key \d\d)", page) == [f"key {n:02}" for n in range(20)]
    assert len(page) < 24_000


def test_the_account_says_what_there_is_and_stays_short(ann):
    assert re.search(r"Passkeys and codes</dt><dd>none<br>", ann.client.get("/account").text)
    add_app(ann.stack, ann.id)
    add_codes(ann.stack, ann.id)
    for number in range(20):
        add_passkey(ann.stack, ann.id, f"key {number}")
    page = ann.client.get("/account").text
    assert "<dd>Passkey<br>App for one-time codes<br>Recovery codes<br>" in page
    assert 'href="/account/factors"' in page and "key 7" not in page


@pytest.mark.parametrize("amr, said", [
    ("pwd", "by password"), ("pwd otp mfa", "by password and a one-time code"),
    ("pwd hwk mfa", "by password and a passkey"), ("swk user mfa", "by a passkey"),
    ("otp swk user mfa", "by a passkey and a one-time code"), ("otp", "by a one-time code"),
    ("pwd otp swk user mfa", "by password, a passkey and a one-time code")])
def test_a_session_says_by_what_it_was_proven(ann, amr, said):
    prove(ann.stack, ann.id, amr)
    assert re.search(rf"</time>\s+{said}</p>", ann.client.get("/account").text)


def test_a_session_says_when_a_factor_was_proven_after_its_login(ann):
    prove(ann.stack, ann.id, "pwd otp mfa", ago="-2 minutes")
    assert "A passkey or a code was last checked <time" in ann.client.get("/account").text
    prove(ann.stack, ann.id, "pwd otp mfa", ago="2 minutes")
    assert "last checked" not in ann.client.get("/account").text


def test_an_account_without_a_password_says_so(ann):
    ann.stack.sql(f"update doorward.users set password_hash = null where id = '{ann.id}'")
    assert "<dt>Password</dt><dd>none<br>" in ann.client.get("/account").text
    assert "Your account has no password" in ann.client.get("/account/factors").text


def test_an_account_without_a_password_gets_one(front):
    """Without the field for a current one. All other sessions end."""
    ann = new_person(front)
    other = log_in(front, ann.name, PASSWORD)
    add_passkey(front, ann.id)
    prove(front, ann.id, "swk user mfa")
    front.sql(f"update doorward.users set password_hash = null where id = '{ann.id}'")
    page = ann.client.get("/account/password").text
    assert "<h1>Set a password</h1>" in page and 'name="current"' not in page
    answer = ann.client.post("/account/password", data={
        "form_token": form_token(ann.client), "next": NEW, "repeat": NEW})
    assert answer.status_code == 303 and answer.headers["Location"] == "/account?done=password"
    assert other.get("/account").status_code == 303
    assert 'name="current"' in ann.client.get("/account/password").text
    assert front.sql("select password_hash like '$argon2%' from doorward.users"
                     f" where id = '{ann.id}'").strip() == "t"


@pytest.mark.parametrize("fields, status", [({"next": "short", "repeat": "short"}, 422),
                                            ({"next": NEW, "repeat": NEW + "x"}, 422),
                                            ({"next": "", "repeat": ""}, 400)])
def test_the_first_password_must_be_good(ann, fields, status):
    ann.stack.sql(f"update doorward.users set password_hash = null where id = '{ann.id}'")
    answer = ann.client.post("/account/password",
                             data={"form_token": form_token(ann.client), **fields})
    assert answer.status_code == status and "Set a password" in answer.text


def test_the_first_password_wants_the_passkey_that_was_proven_a_short_time_ago(ann):
    add_passkey(ann.stack, ann.id)
    prove(ann.stack, ann.id, "swk user mfa", ago="1 hour")
    ann.stack.sql(f"update doorward.users set password_hash = null where id = '{ann.id}'")
    answer = ann.client.post("/account/password", data={
        "form_token": form_token(ann.client), "next": NEW, "repeat": NEW})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login/mfa?need=factor&return_to=%2Faccount%2Fpassword"


def test_who_has_a_password_cannot_set_one_without_it(ann):
    answer = ann.client.post("/account/password", data={
        "form_token": form_token(ann.client), "next": NEW, "repeat": NEW})
    assert answer.status_code == 400
    assert json_login(ann.stack, ann.name, PASSWORD).status_code == 200


# ---- who may ----

@pytest.mark.parametrize("path", ["/account/factors", "/account/factor?id=totp"])
def test_nobody_sees_them_who_is_not_signed_in(front, path):
    assert Client(front).get(path).status_code == 401
    answer = Client(front, browser=True).get(path)
    assert answer.status_code == 303 and answer.headers["Location"].startswith("/login?")


def age(person):
    """The login was an hour ago."""
    person.stack.sql("update doorward.sessions set opened_at = opened_at - interval '1 hour',"
                     f" auth_time = auth_time - interval '1 hour' where user_id = '{person.id}'")


def test_changing_one_wants_a_login_of_a_short_time_ago(ann):
    """And leads back to the page of that factor."""
    factor = add_passkey(ann.stack, ann.id)
    prove(ann.stack, ann.id)
    age(ann)
    where = "&return_to=" + quote(f"/account/factor?id={factor}", safe="")
    for answer in (ann.client.get(f"/account/factor?id={factor}"), ann.send("remove", factor)):
        assert answer.status_code == 303
        assert re.fullmatch(r"/login\?(fresh=1|need=fresh)" + re.escape(where),
                            answer.headers["Location"])
    assert ann.count("passkeys") == 1


@pytest.mark.parametrize("proven", ["never", "long ago"])
def test_changing_one_wants_a_factor_that_was_proven_a_short_time_ago(ann, proven):
    """A password alone, or a remembered browser, takes nobody's passkey away."""
    factor = add_passkey(ann.stack, ann.id)
    if proven == "long ago":
        prove(ann.stack, ann.id, ago="1 hour")
    where = "/login/mfa?need=factor&return_to=" + quote(f"/account/factor?id={factor}", safe="")
    for answer in (ann.client.get(f"/account/factor?id={factor}"), ann.send("remove", factor),
                   ann.send("rename", factor, name="mine now")):
        assert answer.status_code == 303 and answer.headers["Location"] == where
    assert ann.count("passkeys") == 1 and ann.events() == []


def test_a_form_without_its_token_changes_nothing(ann):
    factor = add_passkey(ann.stack, ann.id)
    prove(ann.stack, ann.id)
    answer = ann.client.post("/account/factor", data={"do": "remove", "id": factor})
    assert answer.status_code == 403 and ann.count("passkeys") == 1


def test_nobody_changes_the_passkey_of_somebody_else(ann):
    bob = new_person(ann.stack)
    factor = add_passkey(ann.stack, bob.id, "of bob")
    add_passkey(ann.stack, ann.id)
    prove(ann.stack, ann.id)
    assert "of bob" not in ann.client.get(f"/account/factor?id={factor}").text
    for answer in (ann.send("remove", factor), ann.send("rename", factor, name="of ann")):
        assert answer.status_code == 303
        assert answer.headers["Location"] == "/account/factors?done=gone"
    assert "of bob" in bob.client.get("/account/factors").text


# ---- changes ----

def test_a_passkey_gets_another_name(front):
    ann = new_person(front)
    factor = add_passkey(front, ann.id)
    prove(front, ann.id)
    page = ann.client.get(f"/account/factor?id={factor}")
    assert page.status_code == 200 and 'value="Blue key"' in page.text
    answer = ann.send("rename", factor, name="  Grüner Schlüssel ")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/account/factors?done=renamed"
    page = ann.client.get("/account/factors?done=renamed").text
    assert "<strong>Grüner Schlüssel</strong>" in page and "The new name is saved." in page
    assert ann.events() == ["factor_renamed passkey: Grüner Schlüssel"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\u202eb", "a\x07b"])
def test_what_is_no_name_is_refused_and_still_in_the_form(ann, name):
    factor = add_passkey(ann.stack, ann.id)
    prove(ann.stack, ann.id)
    answer = ann.send("rename", factor, name=name)
    assert answer.status_code == 422 and "A name has 1 to 100 characters" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "Blue key" in ann.client.get("/account/factors").text and ann.events() == []


def test_a_passkey_is_removed_and_its_owner_is_told(front):
    ann = new_person(front)
    factor = add_passkey(front, ann.id)
    add_codes(front, ann.id)
    prove(front, ann.id)
    answer = ann.send("remove", factor)
    assert answer.headers["Location"] == "/account/factors?done=removed"
    assert ann.count("passkeys") == 0
    assert ann.count("recovery_codes") == 0, "there is nothing left to recover"
    assert ann.events() == ["factor_removed passkey: Blue key"]
    front.doorward("mail", "send")
    [mail] = [mail for mail in mails_in(f"{front.directory}/mail")
              if mail.to == f"{ann.name}@example.org"]
    assert "A passkey was removed" in mail.text and "Its name: Blue key" in mail.text
    assert ann.client.get("/account").status_code == 200, "the session stays"


def test_the_app_is_removed_and_its_owner_is_told(front):
    ann = new_person(front)
    add_app(front, ann.id)
    prove(front, ann.id)
    page = ann.client.get("/account/factor?id=totp").text
    assert "Remove the app" in page and 'name="name"' not in page
    assert ann.send("remove", "totp").headers["Location"] == "/account/factors?done=removed"
    assert ann.count("totp") == 0 and ann.events() == ["factor_removed totp"]
    front.doorward("mail", "send")
    [mail] = [mail for mail in mails_in(f"{front.directory}/mail")
              if mail.to == f"{ann.name}@example.org"]
    assert "The app for one-time codes was removed" in mail.text


def test_removing_one_a_second_time_says_that_it_is_gone(ann):
    """The same for a second click, and for two in one moment: one mail, one row in the audit."""
    factor = add_passkey(ann.stack, ann.id)
    add_app(ann.stack, ann.id)
    prove(ann.stack, ann.id)
    token = form_token(ann.client)
    answers = in_parallel(2, lambda _: ann.client.post("/account/factor", data={
        "form_token": token, "do": "remove", "id": factor}))
    assert sorted(answer.headers["Location"] for answer in answers) \
        == ["/account/factors?done=gone", "/account/factors?done=removed"]
    assert len(ann.events()) == 1
    assert "was removed before" in ann.client.get("/account/factors?done=gone").text


def test_the_last_passkey_of_an_account_without_a_password_stays(ann):
    """It is the last way in: who removed it could not come back."""
    factor = add_passkey(ann.stack, ann.id)
    add_app(ann.stack, ann.id)
    prove(ann.stack, ann.id, "swk user mfa")
    ann.stack.sql(f"update doorward.users set password_hash = null where id = '{ann.id}'")
    answer = ann.send("remove", factor)
    assert answer.status_code == 409 and "this is your only passkey" in answer.text
    assert 'value="Blue key"' in answer.text and ann.count("passkeys") == 1
    other = add_passkey(ann.stack, ann.id, "Red key")
    assert ann.send("remove", factor).headers["Location"] == "/account/factors?done=removed"
    assert ann.send("remove", other).status_code == 409 and ann.count("passkeys") == 1


@pytest.mark.parametrize("fields", [
    {"do": "remove"}, {"do": "remove", "id": "x"}, {"do": "rename", "id": "totp", "name": "n"},
    {"id": "totp"}, {"do": "sell", "id": "totp"}, {"do": "remove", "id": "recovery"}])
def test_a_form_that_says_not_what_to_do_is_refused(ann, fields):
    add_app(ann.stack, ann.id)
    prove(ann.stack, ann.id)
    answer = ann.client.post("/account/factor",
                             data={"form_token": form_token(ann.client), **fields})
    assert answer.status_code == 400 and ann.count("totp") == 1


@pytest.mark.parametrize("factor", ["", "x", "recovery", "11111111-2222-4333-8444-555555555555"])
def test_the_page_of_one_that_is_not_there_leads_to_the_list(ann, factor):
    answer = ann.client.get(f"/account/factor?id={factor}")
    assert answer.status_code == 303 and answer.headers["Location"] == "/account/factors?done=gone"


def test_the_session_that_ends_meanwhile_changes_nothing(ann):
    factor = add_passkey(ann.stack, ann.id)
    prove(ann.stack, ann.id)
    token = form_token(ann.client)
    ann.stack.sql("update doorward.sessions set ended_at = doorward.now(), end_reason = 'password'"
                  f" where user_id = '{ann.id}'")
    answer = ann.client.post("/account/factor", data={"form_token": token, "do": "remove",
                                                      "id": factor})
    assert answer.status_code == 401 and "Nothing was changed" in answer.text
    assert ann.count("passkeys") == 1


# ---- what everything else does to them ----

def by_a_mailed_link(site, person):
    client, page = open_link(site, make_link(site, "reset", person.name))
    assert send_form(client, page, password=NEW, repeat=NEW).status_code == 303


def by_the_account_page(site, person):
    """The login of a browser with both proofs."""
    client, fields = begin(site, person.name, PASSWORD)
    assert client.post("/login/mfa", data={**fields, "code": person.code()}).status_code == 303
    assert change(client, PASSWORD, NEW).status_code == 303
    assert "App for one-time codes" in client.get("/account/factors").text


def by_the_operator(site, person):
    site.doorward("user", "passwd", person.name, "--password-stdin", stdin=f"{NEW}\n")


@pytest.mark.parametrize("how", [by_a_mailed_link, by_the_account_page, by_the_operator])
def test_a_new_password_leaves_the_factors_as_they_are(apache, how):
    """Who knows the new password, from a mailbox that was broken into, still needs the phone."""
    person = Factors(apache, f"f{time.monotonic_ns()}", PASSWORD)
    how(apache, person)
    said = begin_json(apache, person.name, NEW)
    assert said["methods"] == ["totp", "recovery"]
    assert prove_json(apache, said["mfa_token"],
                      recovery_code=person.recovery[0]).status_code == 200


@pytest.mark.parametrize("action", [
    ["user", "role", "NAME", "--add", "editor"], ["user", "disable", "NAME"],
    ["session", "end", "--user", "NAME"], ["user", "unlock", "NAME"]])
def test_an_operators_action_leaves_the_factors_as_they_are(apache, action):
    person = Factors(apache, f"f{time.monotonic_ns()}", PASSWORD)
    apache.doorward(*[person.name if word == "NAME" else word for word in action])
    apache.doorward("user", "enable", person.name, check=False)
    assert begin_json(apache, person.name, PASSWORD)["methods"] == ["totp", "recovery"]


# ---- the whole way ----

def test_who_came_with_a_remembered_browser_proves_the_factor_and_removes_it(front):
    """From the list through the code alone, back to the page, and done."""
    person = Factors(front, f"f{time.monotonic_ns()}", PASSWORD)
    client, fields = begin(front, person.name, PASSWORD)
    assert client.post("/login/mfa", data={**fields, "code": person.code(-30),
                                           "remember_device": "1"}).status_code == 303
    client.post("/login/logout")
    fields = hidden_fields(client.get("/login").text)
    answer = client.post("/login", data={**fields, "username": person.name, "password": PASSWORD})
    assert answer.headers["Location"] == "/", "the password was enough"
    answer = client.get("/account/factor?id=totp")
    steps = []
    while answer.status_code == 303:
        steps.append(answer.headers["Location"].split("?")[0])
        answer = client.get(answer.headers["Location"])
    assert steps == ["/login/mfa"] and "signed in as" in answer.text
    answer = client.post("/login/mfa", data={**hidden_fields(answer.text), "code": person.code()})
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"] == "/account/factor?id=totp"
    page = client.get("/account/factor?id=totp")
    assert page.status_code == 200 and "Remove the app" in page.text
    answer = client.post("/account/factor", data={"form_token": form_token(client),
                                                  "do": "remove", "id": "totp"})
    assert answer.headers["Location"] == "/account/factors?done=removed"
    assert json_login(front, person.name, PASSWORD).status_code == 200
