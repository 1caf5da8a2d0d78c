"""Set-ups at /login/factor, by a browser."""

import re
import time

from client import form_login, hidden_fields
from links import PASSWORD, add_user, user_id
from second import code

__all__ = ["PASSWORD", "begin_app", "claims", "codes_of", "in_the_middle", "person", "post",
           "secret_of", "set_up", "signed_in", "stored"]


def person(stack, address=""):
    """A new user without a factor, with a verified address if one is given; the name."""
    return add_user(stack, address)


def signed_in(stack, name, return_to="/protected"):
    """A browser with a session that has just begun."""
    client, answer = form_login(stack, name, PASSWORD, return_to)
    assert answer.status_code == 303 and answer.headers["Location"] == return_to, answer.text
    return client


def post(client, page, **fields):
    """Send the form of the page `page` that does fields["do"]."""
    for form in re.findall(r"<form.*?</form>", page.text, re.S):
        if hidden_fields(form).get("do") == fields["do"]:
            return client.post("/login/factor", data={**hidden_fields(form), **fields})
    raise AssertionError(f"no form for {fields['do']}: {page.text}")


def secret_of(page):
    """As it is shown to be typed."""
    return re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page.text)[1].replace(" ", "")


def begin_app(client, query=""):
    """The page with the secret, and the secret."""
    answer = post(client, client.get("/login/factor" + query), do="totp")
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"].startswith("/login/factor?step=app")
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200, page.text
    return page, secret_of(page)


def codes_of(page):
    """The recovery codes on a page."""
    return re.findall(r"<code>([a-z2-7-]{19})</code>", page.text)


def stored(stack, name):
    """How many apps and recovery codes a user has."""
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


def in_the_middle():
    """Wait until no step of 30 seconds begins soon."""
    while not 1 <= time.time() % 30 <= 22:
        time.sleep(0.2)


def claims(client):
    """Of the access token, as a protected program sees them."""
    answer = client.get("/protected", headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    return answer.json()["claims"]
