"""Each address of admin.fcgi, one after the other: who is refused, and how."""

import re

import pytest

from admin import add_person, admin, age_login, PASSWORD
from client import Client, bearer, form_login, token
from servers import TREE

with open(f"{TREE}/cgi-bin/admin.c", encoding="utf-8") as source:
    ROWS = re.findall(r'^\t\{ "([^"]*)", ROUTE_(GET|POST)\b', source.read(), re.M)
ROUTES = [(method, "/admin" + path) for path, method in ROWS]


def ask(client, method, path, **options):
    """A request of that kind, with a form if it is a POST."""
    data = {"do": "disable", "form_token": "x"} if method == "POST" else None
    return client.request(method, path, data=data, **options)


def test_the_program_has_these_routes():
    assert len(ROUTES) >= 20
    assert ("POST", "/admin/person") in ROUTES


def test_programs_get_401_everywhere(apache):
    held = token(apache, add_person(apache, "doorward-admin"), PASSWORD)
    for method, path in ROUTES:
        for headers in ({}, bearer(held)):
            answer = ask(Client(apache), method, path, headers=headers)
            assert answer.status_code == 401, (method, path)
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_people_without_an_admin_role_get_403_everywhere(apache):
    client, _ = form_login(apache, add_person(apache, "member", "admin"), PASSWORD)
    for method, path in ROUTES:
        answer = ask(client, method, path)
        assert answer.status_code == 403, (method, path)
        assert "does not have the rights" in answer.text


def test_a_login_that_is_not_fresh_is_asked_for_again_everywhere(apache):
    client = admin(apache)
    age_login(apache, client.name)
    for method, path in ROUTES:
        answer = ask(client, method, path)
        assert answer.status_code == 303, (method, path)
        assert "/login?need=fresh&return_to=/admin" in answer.headers["Location"]


def test_forms_without_their_token_or_from_another_site_get_403_everywhere(apache):
    client = admin(apache)
    for method, path in ROUTES:
        if method == "POST":
            assert ask(client, method, path).status_code == 403, path
            foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
            assert ask(client, method, path, headers=foreign).status_code == 403, path


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_get_405_everywhere(apache, method):
    client = admin(apache)
    for path in sorted({path for _, path in ROUTES}):
        answer = client.request(method, path)
        assert answer.status_code == 405, (method, path)
        assert "GET" in answer.headers["Allow"] or "POST" in answer.headers["Allow"]
