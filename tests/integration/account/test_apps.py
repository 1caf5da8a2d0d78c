"""/account/apps: what a person has let in, and taking it back."""

import json
import re
import time

import pytest

from client import Client, bearer, form_login, hidden_fields
from codes import Made, error_of
from oauth import App

PASSWORD = "seven quiet herons wading"
APPS = "/account/apps"


class Person:
    """A user of its own, with a browser that signed in a moment ago."""

    def __init__(self, stack, *roles):
        self.stack, self.name = stack, f"ibis{time.monotonic_ns()}"
        stack.add_user(self.name, PASSWORD, *roles)
        self.client, answer = form_login(stack, self.name, PASSWORD)
        assert answer.status_code == 303

    @property
    def session(self):
        """The browser's access token."""
        return self.client.cookies["__Host-doorward"]

    def lets_in(self, app, **how):
        """What the app gets."""
        return app.got(self.session, **how)

    def page(self):
        """The page of apps."""
        answer = self.client.get(APPS)
        assert answer.status_code == 200, answer.text
        return answer.text

    def listed(self):
        """The ids of those on the page."""
        return re.findall(r'name="client" value="([^"]*)"', self.page())

    def form_token(self):
        """Of the forms of the account."""
        return hidden_fields(self.client.get("/account/profile").text)["form_token"]

    def take_back(self, client, **changes):
        """The button beside one."""
        fields = {"form_token": self.form_token(), "client": client, **changes}
        return self.client.post(APPS, data={k: v for k, v in fields.items() if v is not None})


def words(page):
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


@pytest.fixture(name="person")
def _person(apache):
    return Person(apache)


@pytest.fixture(name="app")
def _app(apache):
    app = Made(apache)
    app.change(name="Cloud & <files>")
    return app


def test_who_has_let_in_nothing_reads_so(person):
    assert "You have let in none." in words(person.page()) and person.listed() == []


def test_the_page_says_what_an_app_may_know_and_since_when(person, app):
    person.lets_in(app)
    page = words(person.page())
    for part in (f"Cloud &amp; &lt;files&gt; {app.id}", "That it is you: an identifier",
                 "Your name and your language", "Your e-mail address", "Your roles",
                 "It keeps its access after you sign out here.", "Since", "Last used"):
        assert part in page, page
    assert "Access also while" not in page  # said by another line
    assert person.listed() == [app.id]


def test_only_the_scopes_that_were_given_are_named(person, app):
    person.lets_in(app, scope="openid email")
    page = words(person.page())
    assert "Your e-mail address" in page
    for part in ("Your name and your language", "Your roles", "keeps its access"):
        assert part not in page, page


def test_a_consent_stays_listed_when_the_app_holds_nothing(apache, person, app):
    user = apache.sql(f"select id from doorward.users where name = '{person.name}'")
    apache.sql(f"insert into doorward.oauth_consents values ('{user}', '{app.id}',"
               " '{openid,email}', doorward.now())")
    page = words(person.page())
    assert "It has no access at the moment." in page and "Last used" not in page
    assert person.take_back(app.id).status_code == 303
    assert person.listed() == []
    assert apache.sql(f"select count(*) from doorward.oauth_consents where user_id = '{user}'") == "0"


def test_what_is_taken_back_is_dead_at_once_and_only_that(apache, person, app):
    other, neighbour = Made(apache), Person(apache)
    gone = [person.lets_in(app), person.lets_in(app, scope="openid")]
    kept = [(other, person.lets_in(other)), (app, neighbour.lets_in(app))]
    answer = person.take_back(app.id)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{APPS}?done=ended")
    assert "has no access to your account any more" in person.client.get(f"{APPS}?done=ended").text
    for tokens in gone:
        assert app.userinfo(tokens).status_code == 401
        assert error_of(app.refresh(tokens)) == (400, "invalid_grant")
    for client, tokens in kept:
        assert client.userinfo(tokens).status_code == 200
        assert client.refresh(tokens).status_code == 200
    assert person.listed() == [other.id] and neighbour.listed() == [app.id]


def test_a_code_that_waits_is_taken_back_too(person, app):
    person.lets_in(app)
    held = app.hold(person.session)
    person.take_back(app.id)
    assert error_of(app.token(held)) == (400, "invalid_grant")


def test_an_app_that_was_taken_back_has_to_ask_again(apache, person):
    app = App(apache, consent="remember")
    assert not app.ask(person.client, press=None).is_back
    app.tokens(person.client)
    assert app.ask(person.client, press=None).is_back  # it was remembered
    assert person.listed() == [app.id]
    person.take_back(app.id)
    assert not app.ask(person.client, press=None).is_back
    app.tokens(person.client)
    assert person.listed() == [app.id]


def test_a_second_try_and_an_app_that_never_was_let_in_are_no_error(person, app):
    person.lets_in(app)
    for _ in range(2):
        assert person.take_back(app.id).status_code == 303
    assert person.take_back("no-such-client").status_code == 303


def test_the_browser_stays_signed_in(person, app):
    person.lets_in(app)
    person.take_back(app.id)
    assert person.client.get("/protected").status_code == 200


@pytest.mark.parametrize("client", [None, "", "a b", "../x", "x" * 65, "doorward"])
def test_a_form_that_names_no_app_is_refused(person, app, client):
    person.lets_in(app)
    assert person.take_back(client).status_code == 400
    assert person.listed() == [app.id]


def test_a_form_of_somebody_else_takes_nothing_back(apache, person, app):
    person.lets_in(app)
    for token in ("x", Person(apache).form_token(), None):
        assert person.take_back(app.id, form_token=token).status_code == 403
    elsewhere = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    answer = person.client.post(APPS, data={"form_token": person.form_token(), "client": app.id},
                                headers=elsewhere)
    assert answer.status_code == 403
    assert person.listed() == [app.id]


def test_without_a_session_nothing_is_shown_or_taken_back(apache, person, app):
    tokens = person.lets_in(app)
    assert Client(apache).get(APPS).status_code == 401
    assert Client(apache).post(APPS, data={"client": app.id}).status_code in (401, 403)
    assert Client(apache).get(APPS, headers=bearer(tokens["access_token"])).status_code in (401, 403)
    assert person.listed() == [app.id]


def test_an_app_without_offline_access_is_gone_with_the_session(person, app):
    person.lets_in(app, scope="openid")
    assert person.client.post("/login/logout").status_code == 303
    person.client, _ = form_login(person.stack, person.name, PASSWORD)
    assert person.listed() == []


def test_an_app_that_the_operator_removes_is_gone_from_the_page(apache, person):
    app = Made(apache)
    person.lets_in(app)
    apache.doorward("client", "remove", app.id)
    assert person.listed() == []


def test_the_account_says_how_many_there_are_and_the_data_lists_them(person, app):
    assert "Apps</dt><dd>0<br>" in person.client.get("/account").text
    person.lets_in(app)
    assert f'Apps</dt><dd>1<br><a href="{APPS}">' in person.client.get("/account").text
    text = person.client.get("/account/data").text
    [row] = json.loads(text)["grants"]
    assert (row["client_id"], row["offline"], row["ended_at"]) == (app.id, True, None)
    assert app.secret not in text


def test_the_box_of_the_password_page_ends_apps_too(person, app):
    page = "/account/password"
    assert "end_tokens" not in person.client.get(page).text  # there is none
    kept = person.lets_in(app)
    assert "End my tokens for programs and the access of apps, too" in person.client.get(page).text

    def change(old, new, **more):
        fields = hidden_fields(person.client.get(page).text)
        answer = person.client.post(page, data={**fields, "current": old, "next": new,
                                                "repeat": new, **more})
        assert answer.status_code == 303, answer.text

    change(PASSWORD, "otters sleep on their backs")
    assert app.userinfo(kept).status_code == 200
    change("otters sleep on their backs", PASSWORD, end_tokens="1")
    assert app.userinfo(kept).status_code == 401
    assert error_of(app.refresh(kept)) == (400, "invalid_grant")


def test_the_audit_and_the_log_say_what_was_taken_back(apache, person, app):
    person.lets_in(app)
    person.take_back(app.id)
    rows = apache.sql("select event || ' ' || detail from doorward.audit where name ="
                      f" '{person.name}' and event in ('oauth_withdrawn', 'oauth_grant_ended')"
                      " order by id").splitlines()
    assert f"oauth_withdrawn {app.id}" in rows
    assert any(row.startswith(f"oauth_grant_ended {app.id}") for row in rows), rows
