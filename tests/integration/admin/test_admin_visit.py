"""Who may open the pages of /admin."""

import pytest

from admin import add_person, admin, age_login, get_page, PASSWORD
from client import Client, bearer, form_login, hidden_fields, token
from links import user_id


def test_an_admin_sees_the_overview_on_every_front_end(front):
    client = admin(front)
    page = get_page(client, "/admin")
    assert "<h1>Administration</h1>" in page
    assert client.name in page


def test_a_browser_without_a_login_is_led_to_the_login_and_back(apache):
    answer = Client(apache, browser=True).get("/admin?x=1")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/login?return_to=/admin%3Fx%3D1")


def test_a_program_gets_401_with_and_without_a_token_of_an_admin(apache):
    name = add_person(apache, "doorward-admin")
    assert Client(apache).get("/admin").status_code == 401
    login = Client(apache).get("/admin", headers=bearer(token(apache, name, PASSWORD)))
    assert login.status_code == 401
    assert 'error="invalid_token"' in login.headers["WWW-Authenticate"]
    issued = apache.doorward("token", "issue", "--sub", user_id(apache, name), "--name", name,
                             "--role", "doorward-admin").strip()
    assert Client(apache).get("/admin", headers=bearer(issued)).status_code == 401


def test_a_person_without_an_admin_role_gets_403(apache):
    client, _ = form_login(apache, add_person(apache, "member", "admin"), PASSWORD)
    answer = client.get("/admin")
    assert answer.status_code == 403
    assert "does not have the rights" in answer.text


def test_a_role_that_was_allowed_to_give_opens_the_pages(apache):
    name = add_person(apache, "helpdesk")
    client, _ = form_login(apache, name, PASSWORD)
    assert client.get("/admin").status_code == 403
    apache.doorward("role", "allow", "helpdesk", "member")
    assert client.get("/admin").status_code == 200
    apache.doorward("role", "forbid", "helpdesk", "member")
    assert client.get("/admin").status_code == 403


def test_a_role_that_was_taken_away_closes_the_pages_at_once(apache):
    client = admin(apache)
    assert client.get("/admin").status_code == 200
    apache.doorward("user", "role", client.name, "--remove", "doorward-admin")
    answer = client.get("/admin")
    while answer.status_code == 303:  # the token is renewed first
        answer = client.get(answer.headers["Location"])
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/admin"])
def test_a_login_that_is_not_fresh_is_asked_for_again_and_led_back(apache, path):
    client = admin(apache)
    age_login(apache, client.name)
    answer = client.get(path)
    assert answer.status_code == 303
    assert "/login?need=fresh&return_to=/admin" in answer.headers["Location"]
    form = client.get(answer.headers["Location"])
    again = client.post("/login", data=dict(
        hidden_fields(form.text), username=client.name, password=PASSWORD))
    assert again.headers["Location"] == path
    assert client.get(path).status_code == 200


def test_an_ended_session_opens_nothing(apache):
    client = admin(apache)
    apache.doorward("session", "end", "--user", client.name)
    answer = client.get("/admin")
    assert answer.status_code == 303
    assert "/login?return_to=" in answer.headers["Location"]


def test_other_methods_are_refused(apache):
    client = admin(apache)
    answer = client.put("/admin", data=b"x")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert client.get("/admin/nowhere").status_code == 404
