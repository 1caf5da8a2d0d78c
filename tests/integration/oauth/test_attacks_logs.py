"""Nothing that opens something is in a log: of the web server, of the programs, of PostgreSQL."""

import glob

from client import Client, bearer, hidden_fields
from oauth import App, signed_in
from statements import Statements

CANARY = "canaryInTheMine"


def everything_logged(stack):
    """By the servers, and by the programs."""
    text = ""
    for path in glob.glob(f"{stack.log}/*"):
        with open(path, encoding="utf-8", errors="replace") as f:
            text += f.read()
    return text


def live(stack):
    """Whatever opens something, made and shown at each place; and what is like it."""
    app, posting = App(stack, consent="ask"), App(stack, method="client_secret_post")
    browser = signed_in(stack)
    page = app.ask(browser, press=None).answer
    asked = app.ask(browser)
    tokens = app.token(asked).json()
    renewed = app.refresh(tokens).json()
    posted = posting.token(posting.ask(browser)).json()
    stranger = Client(stack, browser=True)
    app.ask(stranger, press=None)
    secrets = [app.secret, posting.secret, asked.code, asked.verifier,
               hidden_fields(page.text)["form_token"], *(c.value for c in stranger.cookies),
               *(c.value for c in browser.cookies)]
    for each in tokens, renewed, posted:
        secrets += [each["access_token"], each["refresh_token"], each["id_token"]]
    app.userinfo(renewed)
    app.web.post("/oauth/userinfo", data={"access_token": renewed["access_token"]})
    for wrong in (CANARY, CANARY * 3, renewed["access_token"] + CANARY):
        app.userinfo(wrong)
        app.refresh(wrong)
        app.revoke(wrong)
        app.token(asked, code=wrong)
        app.token(asked, code_verifier=wrong)
        posting.token(asked, client_secret=wrong)
        app.web.get("/protected", headers=bearer(wrong))
        app.press(browser, page, "allow", form_token=wrong)
        browser.get("/oauth/authorize", params={"id": "x"},
                    headers={"Cookie": f"__Host-doorward-oauth={wrong}"})
    app.token(asked)
    app.revoke(posted["refresh_token"])
    return secrets


def test_no_secret_code_or_token_of_a_client_is_logged_even_in_debug(private_stack):
    """PostgreSQL logs every statement with its values here. It is told hashes only."""
    stack = private_stack(log_level="debug")
    statements = Statements(stack, "doorward_oauth")
    secrets = live(stack)
    assert statements.count() > 10
    stack.stop_web()
    text = everything_logged(stack)
    assert "oauth" in text
    assert not [secret for secret in [*secrets, CANARY] if secret in text]
