"""The setting oauth: what is there, and what is not."""

import requests
from client import ALICE, form_login

PATHS = ["", "/", "/authorize", "/token", "/userinfo", "/revoke", "/consent", "/end-session", "/x"]


def test_nothing_is_there_where_oauth_is_off(private_stack):
    """Not for a browser, not for a program, not with a session."""
    stack = private_stack(oauth="off")
    browser, _ = form_login(stack, *ALICE)
    for path in PATHS:
        assert browser.get(f"/oauth{path}").status_code == 404, path
        for ask in requests.get, requests.post:
            answer = ask(f"{stack.public_url}/oauth{path}", timeout=20)
            assert (answer.status_code, answer.json()["error"]) == (404, "not_found"), path
    assert "/account/apps" not in browser.get("/account").text


def test_an_address_that_is_none_answers_404_on_every_server(front):
    """The program is found there, and answers itself."""
    for path in "", "/x", "/x/authorize":
        answer = requests.get(f"{front.public_url}/oauth{path}", timeout=20)
        assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
