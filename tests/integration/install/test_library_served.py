"""Programs of others behind real servers, put there as the README says."""

import os
import re
import shutil
import subprocess

import pytest

import tokens
from client import Client, bearer, claims, form_login, json_login, token
from library import TREE, Library
from servers import USERS, end_stack, new_stack, template
from stack.web import render, replacements

FRONTS = [("apache", "fastcgi"), ("apache", "cgi"), ("apache", "proxy_fcgi"), ("lighttpd", "fastcgi")]
STAFF = ("bert", "a teaspoon of salt and pepper")
PROGRAMS = ["hello", "club", "club-cxx"]

pytestmark = pytest.mark.takes("compiles programs and starts a database and a server for each front")


def block(page, language, containing):
    """A block of a page."""
    with open(f"{TREE}/{page}", encoding="utf-8") as f:
        found = re.findall(rf"^```{language}\n(.*?)^```$", f.read(), re.M | re.S)
    return next(text for text in found if containing in text)


def mounted(stack, name):
    """The README's lines for hello.fcgi; for a process on a socket, the guide's for staff.fcgi."""
    text = block("README.md", stack.web.server, "hello").replace("hello", name)
    if stack.web.mode == "proxy_fcgi":
        text += block("doc/how-to/own-program.md", "apache", "SetHandler").replace("staff", name)
    return text


@pytest.fixture(scope="module", name="programs")
def _programs(tmp_path_factory):
    """A directory with the built programs."""
    place = tmp_path_factory.mktemp("programs")
    library = Library(tmp_path_factory.mktemp("library"))
    library.run("sh", "-c", f"cc -o {place}/hello.fcgi {library.examples}/hello.c "
                "$(pkg-config --cflags --libs doorward)")
    library.run("make", "-s", "-C", f"{TREE}/tests/outside", f"OUT={place}",
                f"{place}/club.fcgi", f"{place}/club-cxx.fcgi")
    return place


@pytest.fixture(scope="module", name="site", params=FRONTS, ids="-".join)
def _site(request, programs):
    stack = new_stack(*request.param)
    try:
        subprocess.run(["cp", "-a", f"{template().directory}/pg", stack.directory], check=True)
        stack.prepare()
        for name in PROGRAMS:
            shutil.copy(f"{programs}/{name}.fcgi", f"{stack.directory}/libexec")
            os.chmod(f"{stack.directory}/libexec/{name}.fcgi", 0o755)
        words = replacements(stack.directory, stack.port, stack.web_user)
        stack.web.extra = "\n" + render("".join(mounted(stack, name) for name in PROGRAMS), words)
        stack.start()
        stack.add_user(*STAFF, "staff")
        yield stack
    finally:
        end_stack(stack)


def test_a_browser_is_led_to_the_login_and_back_and_is_greeted(site):
    answer = Client(site, browser=True).get("/hello", allow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login?return_to=/hello"
    client, answer = form_login(site, "alice", USERS["alice"][0], "/hello")
    assert answer.headers["Location"] == "/hello"
    assert client.get("/hello").text == "Hello, alice\n"


def test_a_program_without_a_token_is_refused(site):
    for name in PROGRAMS:
        answer = Client(site).get(f"/{name}")
        assert answer.status_code == 401, name
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert Client(site).get("/hello", headers=bearer("x.y.z")).status_code == 401


@pytest.mark.parametrize("name", ["club", "club-cxx"])
def test_roles_and_every_claim_are_shown(site, name):
    access_token = token(site, *STAFF)
    answer = Client(site).get(f"/{name}", headers=bearer(access_token))
    assert answer.status_code == 200
    shown = answer.json()
    assert (shown["name"], shown["kind"], shown["roles"]) == ("bert", "login", ["staff"])
    assert shown["claims"] == claims(access_token)


@pytest.mark.parametrize("name", ["club", "club-cxx"])
def test_a_rule_for_a_role_refuses_who_lacks_it(site, name):
    staff, member = token(site, *STAFF), token(site, "alice", USERS["alice"][0])
    path = f"/{name}/staff"
    answer = Client(site).get(path, headers=bearer(staff))
    assert (answer.status_code, answer.text) == (200, "for staff\n")
    answer = Client(site).get(path, headers=bearer(member))
    assert (answer.status_code, answer.json()["error"]) == (403, "forbidden")
    assert Client(site).get(path).status_code == 401


@pytest.mark.parametrize("name", ["club", "club-cxx"])
def test_a_page_behind_a_second_factor_leads_a_person_to_it_and_tells_a_program(site, name):
    path = f"/{name}/safe"
    client, _ = form_login(site, "alice", USERS["alice"][0])
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/login?need=factor&return_to={path}"
    weak = claims(token(site, "alice", USERS["alice"][0]))
    answer = Client(site).get(path, headers=bearer(token(site, *STAFF)))
    assert (answer.status_code, answer.json()["error"]) == (401, "insufficient_user_authentication")
    assert 'acr_values="2fa", max_age="3600"' in answer.headers["WWW-Authenticate"]
    for changes, status in [({"acr": "2fa"}, 200), ({"acr": "phr"}, 200), ({"acr": "1fa"}, 401),
                            ({"acr": "2fa", "auth_time": weak["auth_time"] - 3700}, 401),
                            ({"acr": "2fa", "client_id": "doorward-program"}, 401)]:
        made = tokens.make(site, **{"sid": weak["sid"], "auth_time": weak["auth_time"], **changes})
        assert Client(site).get(path, headers=bearer(made)).status_code == status, changes


def test_a_form_is_taken_from_our_own_pages_only(site):
    client, _ = form_login(site, "alice", USERS["alice"][0])
    answer = client.post("/club/note", data={"text": "a & ü"})
    assert (answer.status_code, answer.json()) == (200, {"text": "a & ü"})
    answer = client.post("/club/note", data={"text": "x"},
                         headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert client.post("/club/note", data={"text": "x" * 21}).status_code == 400
    assert client.post("/club/note", data={"other": "x"}).status_code == 400
    assert client.get("/club/note").status_code == 405


def test_a_logout_ends_what_the_program_lets_in(site):
    login = json_login(site, "alice", USERS["alice"][0]).json()
    header = bearer(login["token"])
    assert Client(site).get("/hello", headers=header).status_code == 200
    Client(site).post("/login/logout", headers=header, json={"refresh_token": login["refresh_token"]})
    assert Client(site).get("/hello", headers=header).status_code == 401


def test_an_address_that_no_row_names_is_not_found(site):
    answer = Client(site).get("/club/nothing", headers=bearer(token(site, *STAFF)))
    assert answer.status_code == 404
