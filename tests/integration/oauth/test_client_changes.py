"""What a change by `doorward client` does to a client that works."""

import pytest

from client import bearer
from codes import Made, error_of, logged_in
from oauth import App, said, signed_in


@pytest.fixture(name="browser")
def _browser(apache):
    return signed_in(apache)


def second(stack, app, *argv):
    """Another secret of the app."""
    printed = stack.doorward("client", "secret", app.id, *argv)
    return dict(line.split(" ", 1) for line in printed.splitlines())["client_secret"]


def accepted(app, browser, secret):
    """Whether a code is exchanged by that secret."""
    app.secret = secret
    answer = app.token(app.ask(browser))
    if answer.status_code != 200:
        assert error_of(answer) == (401, "invalid_client")
    return answer.status_code == 200


def test_two_secrets_are_good_until_the_change_is_over(apache, browser):
    app = App(apache)
    first = app.secret
    new = second(apache, app)
    assert accepted(app, browser, first) and accepted(app, browser, new)
    newest = second(apache, app)
    assert not accepted(app, browser, first)
    assert accepted(app, browser, new) and accepted(app, browser, newest)


def test_a_secret_that_got_out_is_dead_at_once_and_what_it_got_lives_on(apache, browser):
    app = App(apache)
    first, held = app.secret, app.tokens(browser)
    new = second(apache, app, "--now")
    assert not accepted(app, browser, first)
    assert error_of(app.refresh(held)) == (401, "invalid_client")
    app.secret = new
    assert app.refresh(held).status_code == 200


def test_another_method_is_the_only_one_from_then_on(apache, browser):
    app = App(apache)
    apache.doorward("client", "set", app.id, "--method", "client_secret_post")
    assert not accepted(app, browser, app.secret)
    app.method = "client_secret_post"
    assert accepted(app, browser, app.secret)


def test_an_address_that_was_taken_away_gets_nobody(apache, browser):
    app = App(apache)
    waits = app.ask(browser)
    apache.doorward("client", "set", app.id, "--redirect", "https://app.example/new")
    assert error_of(app.token(waits)) == (400, "invalid_grant")
    asked = app.ask(browser, press=None)
    assert asked.answer.status_code == 400 and asked.location == ""
    app.redirect = "https://app.example/new"
    assert app.tokens(browser)


def test_scopes_that_were_taken_away_are_missing_in_the_next_tokens(apache):
    app = Made(apache)
    held = app.got()
    apache.doorward("client", "set", app.id, "--scope", "openid email")
    renewed = app.refresh(held)
    assert set(renewed.json()["scope"].split()) == {"openid", "email"}
    assert "preferred_username" not in app.userinfo(renewed.json()).json()


def test_who_loses_the_role_for_an_app_loses_it_and_is_told_so(apache, browser):
    app = App(apache)
    held = app.tokens(browser)
    apache.doorward("client", "set", app.id, "--role", "a-role-that-nobody-has")
    assert app.userinfo(held).status_code == 401
    assert error_of(app.refresh(held)) == (400, "invalid_grant")
    asked = app.ask(browser, press=None)
    assert asked.answer.status_code == 403 and asked.location == ""


def test_a_client_that_is_removed_gets_nobody_and_keeps_nothing(apache, browser):
    app = App(apache)
    waits, held = app.ask(browser), app.tokens(browser)
    apache.doorward("client", "remove", app.id)
    for answer in app.token(waits), app.refresh(held), app.revoke(held["refresh_token"]):
        assert error_of(answer) == (401, "invalid_client")
    assert app.userinfo(held).status_code == 401
    asked = app.ask(browser, press=None)
    assert asked.answer.status_code == 400 and asked.location == ""
    login = logged_in(apache)
    assert app.web.get("/protected", headers=bearer(login)).status_code == 200


@pytest.mark.parametrize("program, url, path", [
    ("wordpress", "https://blog.example",
     "/wp-admin/admin-ajax.php?action=openid-connect-authorize"),
    ("nextcloud", "https://cloud.example/", "/apps/user_oidc/code")])
def test_a_client_made_by_for_is_led_back_to_its_program(apache, browser, program, url, path):
    app = App(apache, method="client_secret_post", scope="openid profile email")
    apache.doorward("client", "set", app.id, "--for", program, "--url", url)
    app.redirect = url.rstrip("/") + path
    asked = app.ask(browser)
    assert asked.location.startswith(app.redirect + ("&" if "?" in path else "?"))
    assert "code" in said(asked.location)
    assert app.token(asked).status_code == 200
