"""How many statements a login at a client needs behind an existing session. `make bench-oauth`
measures what they cost."""

from oauth import App, signed_in
from statements import Statements


def test_authorize_and_token_need_three_statements_and_userinfo_one(private_stack):
    stack = private_stack()
    app, browser = App(stack), signed_in(stack)
    app.userinfo(app.tokens(browser))  # the connection is there, and its role is known
    stated = Statements(stack, "doorward_oauth")
    app.ask(browser)
    stated.count()
    asked = app.ask(browser)
    assert asked.code and stated.count() == 2
    answer = app.token(asked)
    assert answer.status_code == 200 and stated.count() == 1
    assert app.userinfo(answer.json()).status_code == 200 and stated.count() == 1
