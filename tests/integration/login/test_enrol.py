"""/login/factor: people set up an app for one-time codes, and make recovery codes."""

import html
import re
import subprocess
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from client import Client, form_login, hidden_fields
from links import PASSWORD, add_user, make_link, user_id
from mails import mails_in
from second import FLOW, Factors, code

LINK = "__Secure-doorward-factor-link"


def person(stack, **more):
    """A new user without a factor; the name."""
    return add_user(stack, more.pop("address", ""), **more)


def signed_in(stack, name, return_to="/protected"):
    """A browser with a session, which has just begun."""
    client, answer = form_login(stack, name, PASSWORD, return_to)
    assert answer.status_code == 303 and answer.headers["Location"] == return_to, answer.text
    return client


def post(client, page, **fields):
    """Send the form of the page `page` that does fields["do"]."""
    for form in re.findall(r"<form.*?</form>", page.text, re.S):
        if hidden_fields(form).get("do") == fields["do"]:
            return client.post("/login/factor", data={**hidden_fields(form), **fields})
    raise AssertionError(f"no form for {fields['do']}: {page.text}")


def begin_app(client, query=""):
    """The page with the secret, and the secret."""
    answer = post(client, client.get("/login/factor" + query), do="totp")
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"].startswith("/login/factor?step=app")
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200, page.text
    return page, secret_of(page)


def secret_of(page):
    """As it is shown to be typed."""
    return re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page.text)[1].replace(" ", "")


def codes_of(page):
    """The recovery codes on a page."""
    return re.findall(r"<code>([a-z2-7-]{19})</code>", page.text)


def stored(stack, name):
    """Apps and recovery codes of a user."""
    user = user_id(stack, name)
    return tuple(int(stack.sql(f"select count(*) from doorward.{table}"
                               f" where user_id = '{user}'"))
                 for table in ("totp", "recovery_codes"))


def set_up(client, query=""):
    """Set an app up; the secret and the page with the recovery codes."""
    page, secret = begin_app(client, query)
    done = post(client, page, do="confirm", code=code(secret))
    assert done.status_code == 200, done.text
    return secret, done


def claims(client):
    """Of the access token, as a protected program sees them."""
    answer = client.get("/protected", headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    return answer.json()["claims"]


# ---- in a session ----

def test_a_session_sets_up_an_app_and_has_proven_it(front):
    name = person(front)
    client = signed_in(front, name)
    before = claims(client)
    secret, page = set_up(client, "?return_to=/protected%3Fa%3D1")
    assert len(set(codes_of(page))) == 10 and stored(front, name) == (1, 10)
    assert 'href="/protected?a=1"' in page.text and page.headers["Cache-Control"] == "no-store"
    after = claims(client)
    assert before["amr"] == ["pwd"] and after["amr"] == ["pwd", "otp", "mfa"]
    assert after["sid"] != before["sid"] and after["auth_time"] == before["auth_time"]
    other, answer = form_login(front, name, PASSWORD)
    assert answer.headers["Location"].startswith("/login/mfa")
    fields = hidden_fields(other.get("/login/mfa").text)
    answer = other.post("/login/mfa", data={**fields, "code": code(secret, 30)})
    assert answer.status_code == 303 and answer.headers["Location"] == "/"
