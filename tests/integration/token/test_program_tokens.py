"""Tokens for programs: made by a form, shown once, good where they say, and dead at once."""

import html
import re
import time
import uuid

import pytest

import tokens
from client import Client, bearer, claims, form_login, hidden_fields, raw_request, token
from second import Factors, begin

PASSWORD = "seven quiet herons wading"
ACCOUNT, MAKE = "/account/tokens", "/login/token"


class Person:
    """A user of its own, with a browser that signed in a moment ago."""

    def __init__(self, stack, *roles):
        self.stack, self.name = stack, f"heron{time.monotonic_ns()}"
        stack.add_user(self.name, PASSWORD, *roles)
        self.client, answer = form_login(stack, self.name, PASSWORD)
        assert answer.status_code == 303

    def fields(self):
        """The hidden fields of the form."""
        return {"form_token": hidden_fields(self.client.get(ACCOUNT).text)["form_token"]}

    def post(self, **fields):
        """The form, sent."""
        return self.client.post(MAKE, data={**self.fields(), "label": "backup", **fields})

    def make(self, **fields):
        """A token that must be made."""
        answer = self.post(**fields)
        assert answer.status_code == 200, answer.text
        return shown(answer)

    def listed(self):
        """The ids of those on the page."""
        return re.findall(r'name="token" value="([^"]*)"', self.client.get(ACCOUNT).text)

    def end(self, sid):
        """The button beside one."""
        return self.client.post(ACCOUNT, data={**self.fields(), "token": sid})


def shown(answer):
    """The token on the page."""
    return html.unescape(re.search(r"<textarea[^>]*>([^<]*)</textarea>", answer.text)[1])


def status(stack, path, access_token):
    """The answer to a script with that token."""
    return Client(stack).get(path, headers=bearer(access_token)).status_code


@pytest.fixture(name="person")
def _person(apache):
    return Person(apache, "member", "editor")


# ---- making one ----

def test_the_form_that_makes_one_posts_to_the_login(person):
    page = person.client.get(ACCOUNT).text
    assert f'<form method="post" action="{MAKE}"' in page and 'name="label"' in page
    assert re.findall(r'name="role" type="checkbox" value="(\w+)"', page) == ["member", "editor"]


def test_a_token_is_an_ordinary_jwt_of_kind_program(apache, person):
    said = claims(person.make(role=["member"], days="30"))
    assert said["client_id"] == "doorward-program" and said["preferred_username"] == person.name
    assert said["roles"] == ["member"] and said["aud"] == apache.public_url
    assert said["exp"] - said["iat"] == 30 * 86400
    assert str(uuid.UUID(said["sid"])) == said["sid"] and person.listed() == [said["sid"]]
    assert "amr" not in said and "auth_time" not in said


def test_it_opens_what_its_roles_open(apache, person):
    held = person.make(role=["member"])
    assert status(apache, "/protected", held) == 200 and status(apache, "/members/", held) == 200
    assert status(apache, "/members/admin/", held) == 403


def test_it_is_shown_once_and_no_cache_keeps_it(person):
    answer = person.post()
    assert answer.headers["Cache-Control"] == "no-store"
    assert shown(answer) not in person.client.get(ACCOUNT).text


def test_without_roles_and_days_it_has_none_and_lives_as_long_as_the_settings_allow(person):
    said = claims(person.make())
    assert not said.get("roles") and said["exp"] - said["iat"] == 365 * 86400


def test_roles_beyond_those_of_the_owner_make_no_token(person):
    for roles in ["admin"], ["member", "admin"], [""], ["member editor"]:
        answer = person.post(role=roles)
        assert answer.status_code == 422 and "do not have one of these roles" in answer.text
    assert person.listed() == []


@pytest.mark.parametrize("fields, says", [
    ({"label": ""}, "Give the token a name"), ({"label": "  "}, "Give the token a name"),
    ({"label": "x" * 101}, "not a name"), ({"label": "a\u200bb"}, "not a name"),
    ({"days": "0"}, "number of days"), ({"days": "366"}, "number of days"),
    ({"days": "-1"}, "number of days"), ({"days": "1.5"}, "number of days"),
    *[({"prefix": prefix}, "not a path of this site") for prefix in (
        "/", "dav", "//dav", "/a//b", "/../a", "/a/..", "/a/.", "/a?b=1", "/a#b", "/%2e%2e/a", "/a%2fb",
        "/a%2eb", "/%64av", "/a\\b", "/a;b", "https://other.example/a", "/a%00b")],
])
def test_a_field_that_cannot_be_used_makes_no_token_and_keeps_what_was_typed(person, fields, says):
    answer = person.post(**{"role": ["member"], "prefix": "", **fields})
    assert answer.status_code == 422 and says in answer.text
    assert 'value="member" checked' in answer.text
    assert person.listed() == []


def test_what_was_typed_is_no_markup(person):
    answer = person.post(label='"><script>', days="x")
    assert answer.status_code == 422 and "<script>" not in answer.text
    sid = claims(person.make(label="<b>bold</b>"))["sid"]
    page = person.client.get(ACCOUNT).text
    assert sid in page and "<b>bold" not in page and "&lt;b&gt;bold" in page


@pytest.mark.parametrize("twice", ["label", "days", "prefix", "form_token"])
def test_a_field_that_occurs_twice_is_refused(person, twice):
    fields = {**person.fields(), "label": "x", "days": "1", "prefix": "/a"}
    answer = person.client.post(MAKE, data={**fields, twice: [fields[twice], "y"]})
    assert answer.status_code == 400 and person.listed() == []


def test_a_form_of_another_session_or_site_makes_no_token(apache, person):
    other = Person(apache)
    answer = person.client.post(MAKE, data={**other.fields(), "label": "x"})
    assert answer.status_code == 403 and "too old" in answer.text
    answer = person.client.post(MAKE, data={"label": "x"})
    assert answer.status_code == 403
    answer = person.client.post(MAKE, data={**person.fields(), "label": "x"},
                                headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert person.listed() == [] and other.listed() == []


def test_the_address_takes_nothing_but_the_form(apache, person):
    assert person.client.get(MAKE).status_code == 405
    assert person.client.post(MAKE, json={"label": "x"}).status_code == 415
    assert Client(apache).post(MAKE, data={"label": "x"}, headers={
        "Origin": apache.public_url}).status_code == 401


def test_it_takes_a_recent_login(apache, person):
    fields = person.fields()
    apache.sql("update doorward.sessions set opened_at = opened_at - interval '2 h', auth_time = auth_time"
               f" - interval '2 h' where user_id = (select id from doorward.users where name = '{person.name}')")
    answer = person.client.post(MAKE, data={**fields, "label": "x"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login?need=fresh&return_to=%2Faccount%2Ftokens"
    page = person.client.get(ACCOUNT).text
    assert MAKE not in page and "/login?need=fresh&amp;return_to=/account/tokens" in page
    assert person.listed() == []


def test_who_has_a_factor_must_have_proven_it_recently(apache):
    name = f"crane{time.monotonic_ns()}"
    user = Factors(apache, name, PASSWORD, ["member"])
    client, fields = begin(apache, name, PASSWORD)
    assert client.post("/login/mfa", data={**fields, "code": user.code()}).status_code == 303
    fields = {"form_token": hidden_fields(client.get(ACCOUNT).text)["form_token"], "label": "x"}
    mine = f" where user_id = (select id from doorward.users where name = '{name}')"
    apache.sql(f"update doorward.sessions set factor_at = null {mine}")
    answer = client.post(MAKE, data=fields)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login/mfa?need=factor&return_to=%2Faccount%2Ftokens"
    assert MAKE not in client.get(ACCOUNT).text
    apache.sql(f"update doorward.sessions set factor_at = doorward.now() {mine}")
    assert client.post(MAKE, data=fields).status_code == 200
    user.remove()


def test_a_hundred_are_enough_for_one_person(apache, person):
    apache.sql("insert into doorward.programs select gen_random_uuid(), u.id, 'n', '{}', null, doorward.now(),"
               " doorward.now() + interval '1 day' from generate_series(1, 100), doorward.users u"
               f" where u.name = '{person.name}'")
    answer = person.post()
    assert answer.status_code == 409 and "100 tokens" in answer.text


def test_whoever_makes_them_without_end_has_to_wait(apache, person):
    apache.sql("insert into doorward.attempts select 'program:' || id, 100, doorward.now(), 0"
               f" from doorward.users where name = '{person.name}'")
    answer = person.post()
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0
    assert person.listed() == []


# ---- for a path ----

def test_a_token_for_a_path_is_good_there_and_nowhere_else(apache, person):
    held = person.make(prefix="/members/", role=["member"])
    assert claims(held)["aud"] == f"{apache.public_url}/members"
    assert [status(apache, path, held) for path in (
        "/members/", "/members", "/members/index.html", "/members/?x=1")] == [200, 301, 200, 200]
    for path in ("/protected", "/membership", "/members2/", "/account"):
        assert status(apache, path, held) in (401, 404), path
    whole = person.make(role=["member"])
    for path in ("/protected", "/members/"):
        assert status(apache, path, whole) == 200


def test_a_path_says_nothing_about_rules(apache, person):
    held = person.make(prefix="/members/admin", role=["member"])
    assert status(apache, "/members/admin/", held) == 403
    assert status(apache, "/members/", held) == 401


def test_a_program_of_ours_is_a_path_too(apache, person):
    held = person.make(prefix="/protected")
    assert status(apache, "/protected", held) == 200
    assert status(apache, "/members/", held) == 401


@pytest.mark.parametrize("path", ["/members/%2e%2e/protected", "/members/../protected", "//members/",
                                  "/Members/", "/x/members/"])
def test_another_way_to_write_a_path_opens_nothing(apache, person, path):
    held = person.make(prefix="/members")
    answer = raw_request(apache, "GET", path, [("Authorization", f"Bearer {held}")])
    assert answer.status in (400, 401, 404)


def test_only_a_program_s_token_is_made_for_a_path(apache, person):
    """A login's with such an aud is none that was made here."""
    said = claims(token(apache, person.name, PASSWORD))
    forged = tokens.make(apache, sub=said["sub"], sid=said["sid"], aud=f"{apache.public_url}/members")
    assert status(apache, "/members/", forged) == 401


# ---- where it is no login ----

def test_it_is_never_read_from_our_cookie(apache, person):
    held = person.make(role=["member"])
    for path in ("/protected", "/members/", "/account"):
        cookie = {"Cookie": f"__Host-doorward={held}"}
        assert Client(apache).get(path, headers=cookie).status_code == 401, path
        answer = Client(apache, browser=True).get(path, headers=cookie)
        assert answer.status_code == 303 and answer.headers["Location"].startswith("/login?return_to=")
    assert Client(apache).post("/login/logout", headers={
        "Cookie": f"__Host-doorward={held}", "Origin": apache.public_url}).status_code in (204, 401)
    assert status(apache, "/protected", held) == 200  # and no logout by it


def test_it_opens_neither_the_account_nor_the_making_of_more(apache, person):
    held = person.make(role=["member"])
    fields = person.fields()
    for path in ("/account", ACCOUNT, "/account/data", "/account/password"):
        assert status(apache, path, held) == 401, path
    for path in (MAKE, ACCOUNT, "/account/end"):
        answer = Client(apache).post(path, data={**fields, "label": "x"}, headers={
            **bearer(held), "Origin": apache.public_url})
        assert answer.status_code == 401, path
    assert len(person.listed()) == 1


# ---- ending ----

def test_an_ended_token_is_dead_within_a_second(front):
    person = Person(front, "member")
    held = person.make(role=["member"])
    assert [status(front, path, held) for path in ("/protected", "/members/")] == [200, 200]
    assert person.end(claims(held)["sid"]).status_code == 303
    assert [status(front, path, held) for path in ("/protected", "/members/")] == [401, 401]
    assert person.listed() == []


def test_one_of_another_person_does_not_end(apache, person):
    other = Person(apache)
    held = other.make()
    assert person.end(claims(held)["sid"]).status_code == 303
    assert status(apache, "/protected", held) == 200


def test_an_end_without_an_id_or_with_a_strange_form_is_refused(person):
    sid = claims(person.make())["sid"]
    assert person.end("x").status_code == 400
    assert person.client.post(ACCOUNT, data={"token": sid, "form_token": "x"}).status_code == 403
    assert person.listed() == [sid]


def test_the_form_of_the_password_asks_about_tokens_and_does_as_it_is_told(apache, person):
    page = "/account/password"
    assert "end_tokens" not in person.client.get(page).text  # there is none
    held = person.make()
    assert 'name="end_tokens" type="checkbox" value="1" checked' in person.client.get(page).text

    def change(old, new, **more):
        fields = hidden_fields(person.client.get(page).text)
        answer = person.client.post(page, data={**fields, "current": old, "next": new, "repeat": new, **more})
        assert answer.status_code == 303, answer.text

    change(PASSWORD, "otters sleep on their backs")
    assert status(apache, "/protected", held) == 200
    change("otters sleep on their backs", PASSWORD, end_tokens="1")
    assert status(apache, "/protected", held) == 401


def test_the_account_says_how_many_there_are_and_the_data_lists_them(person):
    sid = claims(person.make(label="nightly backup"))["sid"]
    assert "Tokens for programs</dt><dd>1<br>" in person.client.get("/account").text
    [row] = person.client.get("/account/data").json()["tokens"]
    assert (row["id"], row["label"], row["ended_at"]) == (sid, "nightly backup", None)


def test_the_same_token_shown_twice_as_bearer_and_cookie_counts_once(apache, person):
    """The cookie counts only if nothing else holds a token."""
    held = person.make()
    answer = Client(apache).get("/protected", headers={
        **bearer(held), "Cookie": f"__Host-doorward={person.client.cookies['__Host-doorward']}"})
    assert answer.status_code == 200 and answer.json()["name"] == person.name
