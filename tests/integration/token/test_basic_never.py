"""Basic opens none of our own pages, whatever token is the password."""

import base64

import pytest

from client import Client, bearer


@pytest.fixture(name="shown")
def _shown(apache):
    user = apache.sql("select id from doorward.users where name = 'alice'").strip()
    value = apache.doorward("token", "issue", "--sub", user, "--life", "1h").strip()
    assert Client(apache).get("/protected", headers=bearer(value)).status_code == 200
    coded = base64.b64encode(f"alice:{value}".encode()).decode()
    return {"Authorization": f"Basic {coded}"}


@pytest.mark.parametrize("path", ["/account", "/account/tokens", "/account/password", "/protected",
                                  "/admin", "/admin/people"])
def test_basic_opens_no_page_of_ours(apache, shown, path):
    answer = Client(apache).get(path, headers=shown)
    assert answer.status_code in (303, 401)
    assert "Basic" not in answer.headers.get("WWW-Authenticate", "")


@pytest.mark.parametrize("path", ["/login/logout", "/login/refresh", "/login/token",
                                  "/account/end"])
def test_basic_does_nothing_at_an_address_of_ours(apache, shown, path):
    answer = Client(apache).post(path, headers=shown, json={})
    assert 400 <= answer.status_code < 500
    assert "Basic" not in answer.headers.get("WWW-Authenticate", "")
