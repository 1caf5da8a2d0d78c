"""The servers run the files that are shipped: only port, user and paths differ."""

import difflib
import os
import re

from servers import TREE
from stack.web import CONF_DIRECTORY, replacements


def test_runs_the_shipped_files_but_for_port_user_and_paths(front):
    """Put the shipped words back and nothing is different."""
    name = CONF_DIRECTORY[front.web.server]
    words = replacements(front.directory, front.port, front.web_user)
    back = {value: key for key, value in words.items() if key != "8080"}
    files = [f for f in os.listdir(f"{TREE}/{name}") if f.endswith(".conf")]
    assert files
    for file in files:
        with open(f"{front.directory}/{name}/{file}", encoding="utf-8") as f:
            used = f.read()
        for value in sorted(back, key=len, reverse=True):
            used = used.replace(value, back[value])
        used = re.sub(rf"\b{front.port}\b", "8080", used)
        # lighttpd has no -D: which variant is included is a path too
        used = used.replace("lighttpd-conf/doorward-cgi.conf", "lighttpd-conf/doorward.conf")
        if front.web.mode == "cgi":
            used = used.replace("lighttpd-conf/files.conf", "lighttpd-conf/gate.conf")
        with open(f"{TREE}/{name}/{file}", encoding="utf-8") as f:
            shipped = f.read()
        assert not list(difflib.unified_diff(shipped.splitlines(), used.splitlines()))


def test_serves_only_what_it_should(front):
    """Neither the programs' files nor the settings can be fetched."""
    from client import Client
    for path in ("/libexec/login.fcgi", "/doorward.conf", "/keys/session.secret", "/.htaccess",
                 "/login/../doorward.conf", "/%2e%2e/doorward.conf", "/server-status"):
        answer = Client(front).get(path)
        assert answer.status_code in (400, 403, 404), path


def test_the_public_keys_are_nothing_else_to_a_browser(front):
    """The media type of RFC 7517, 8.5, and no guessing at another."""
    from client import Client
    answer = Client(front).get("/.well-known/jwks.json")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/jwk-set+json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def shipped(name, pattern):
    with open(f"{TREE}/{name}", encoding="utf-8") as f:
        return re.findall(pattern, f.read(), re.M)


def test_every_server_throws_the_same_look_alike_headers_away():
    """In every spelling with - and _; .htaccess needs those with - only."""
    apache = shipped("apache-conf/lookalikes.conf", r"^RequestHeader unset (\S+)$")
    lighttpd = shipped("lighttpd-conf/gate.conf", r'"([A-Za-z_-]+)" => ""')
    htaccess = shipped("apache-conf/htaccess-members.example", r"^RequestHeader unset (\S+)$")
    assert apache == lighttpd and len(apache) == len(set(apache)) > 20
    assert htaccess == [name for name in apache if "_" not in name]
    for name in htaccess:
        spellings = [n for n in apache if n.replace("_", "-") == name]
        assert len(spellings) == 2 ** name.count("-"), name


def test_gate_and_htaccess_answer_for_the_same_statuses():
    """Every redirect and error that Apache can be told another page for."""
    gate = shipped("apache-conf/gate.conf", r"^ErrorDocument (\d+) ")
    assert gate == shipped("apache-conf/htaccess-members.example", r"^ErrorDocument (\d+) ")
    assert len(set(gate)) == len(gate) > 35 and "304" not in gate
