"""The gate and the login together, with real accounts, on each front end."""

import pytest

from client import Client, bearer, form_login, token

ALICE = ("alice", "correct horse battery staple")
ROOT = ("root", "nine lives of a cat")


def test_a_person_comes_back_to_the_page_they_wanted(front):
    """Refused, led to the form, signed in, led back, in; refused again after signing out."""
    client = Client(front, browser=True)
    refused = client.get("/members/notes.txt")
    assert refused.status_code == 303
    assert refused.headers["Location"] == "/login?return_to=/members/notes.txt"
    client, answer = form_login(front, *ALICE, return_to="/members/notes.txt")
    assert answer.status_code == 303 and answer.headers["Location"] == "/members/notes.txt"
    assert "for members only" in client.get("/members/notes.txt").text
    assert client.get("/members/").status_code == 200
    forbidden = client.get("/members/admin/")
    assert forbidden.status_code == 403 and "alice" in forbidden.text
    client.post("/login/logout")
    assert client.get("/members/notes.txt").status_code == 303


@pytest.mark.parametrize("path, alice, root", [
    ("/", 200, 200), ("/members/", 200, 200), ("/members/notes.txt", 200, 200),
    ("/members/admin/", 403, 200), ("/members/none", 404, 404)])
def test_a_program_uses_the_token_that_it_was_given(front, path, alice, root):
    """JSON login, then Bearer."""
    for user, status in (ALICE, alice), (ROOT, root):
        answer = Client(front).get(path, headers=bearer(token(front, *user)))
        assert answer.status_code == status
        assert not [name for name in answer.headers if name.lower().startswith("variable-")] \
            or status == 404


def test_the_page_for_those_without_the_role_leads_to_another_account(front):
    """Its link shows the form although somebody is signed in."""
    client, _ = form_login(front, *ALICE)
    page = client.get("/members/admin/").text
    link = page.split('href="/login?')[1].split('"')[0].replace("&amp;", "&")
    form = client.get("/login?" + link)
    assert form.status_code == 200 and "<form" in form.text
