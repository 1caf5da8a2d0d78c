"""The setting oauth: what is there where it is off, and what is removed and comes back."""

import json
import os

import pytest
import requests
from client import ALICE, form_login
from servers import end_stack, start_stack
from tokens import load

PATHS = ["", "/", "/authorize", "/token", "/userinfo", "/revoke", "/consent", "/end-session", "/x"]
FILES = ["openid-configuration", "oauth-authorization-server"]


@pytest.fixture(scope="module", name="site")
def _site():
    """A site whose settings the tests may change."""
    stack = start_stack("apache", "fastcgi")
    yield stack
    end_stack(stack)


@pytest.fixture(name="off")
def _off(site):
    """The same while oauth is off, and before anything was published anew."""
    site.write_settings(oauth="off")
    yield site
    site.write_settings(oauth="on")
    site.doorward("key", "publish")


def published(stack):
    """Publish, and what lies there then; None: nothing."""
    stack.doorward("key", "publish")
    return [load(f"{stack.directory}/{name}") if os.path.exists(f"{stack.directory}/{name}")
            else None for name in FILES]


def test_nothing_is_there_where_oauth_is_off(off):
    """Not for a browser, not for a program, not with a session."""
    browser, _ = form_login(off, *ALICE)
    for path in PATHS:
        assert browser.get(f"/oauth{path}").status_code == 404, path
        for ask in requests.get, requests.post, requests.options:
            answer = ask(f"{off.public_url}/oauth{path}", timeout=20)
            assert (answer.status_code, answer.json()["error"]) == (404, "not_found"), path


def test_an_address_that_is_none_answers_404_on_every_server(front):
    """The program is found there, and answers itself."""
    for path in "", "/x", "/x/authorize":
        answer = requests.get(f"{front.public_url}/oauth{path}", timeout=20)
        assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


def test_where_oauth_is_off_the_metadata_only_say_where_the_keys_are(site):
    """The other file is removed, and comes back when oauth is on again."""
    before = published(site)
    site.write_settings(oauth="off")
    brief = {"issuer": site.public_url, "jwks_uri": f"{site.public_url}/.well-known/jwks.json"}
    assert published(site) == [None, brief] == published(site)
    answers = [requests.get(f"{site.public_url}/.well-known/{name}", timeout=20) for name in FILES]
    assert answers[0].status_code == 404 and answers[1].json() == brief
    site.write_settings(oauth="on")
    assert published(site) == before and None not in before


def test_the_metadata_of_another_provider_stay_where_oauth_is_off(off):
    """A web space may have one whose files lie there, too."""
    others = {"issuer": "https://id.example",
              "authorization_endpoint": "https://id.example/authorize"}
    with open(f"{off.directory}/{FILES[0]}", "w", encoding="utf-8") as f:
        json.dump(others, f)
    assert published(off)[0] == others


def test_a_rotation_of_keys_publishes_the_metadata_too(off):
    """And what is as before is not written again."""
    published(off)
    path = f"{off.directory}/{FILES[1]}"
    kept = os.stat(path).st_ino
    off.doorward("key", "rotate", "--now", "--alg", "ES256")
    assert os.stat(path).st_ino == kept
    os.remove(path)
    off.doorward("key", "rotate", "--now", "--alg", "ES256")
    assert load(path)["issuer"] == off.public_url
