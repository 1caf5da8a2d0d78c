"""The fail2ban filter, fed with lines that the programs wrote. It is applied as fail2ban does:
the date is cut out, <ADDR> is an address."""

import configparser
import os
import re

from client import Client, json_login
from second import Factors, begin_json, prove_json
from servers import USERS

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
FORGED = "time=2026-01-31T12:00:00Z program=login level=warn event=login_failed reason=password address=192.0.2.66"


def banned(lines):
    """The addresses that fail2ban would count."""
    parser = configparser.ConfigParser()
    with open(f"{TREE}/doc/how-to/fail2ban/filter.conf", encoding="utf-8") as f:
        parser.read_file(f)
    date = re.compile(parser["Definition"]["datepattern"].replace("%Y", r"\d{4}").replace(
        "%z", r"(?:Z|[+-]\d\d:?\d\d)").replace("%m", r"\d\d").replace("%d", r"\d\d").replace(
            "%H", r"\d\d").replace("%M", r"\d\d").replace("%S", r"\d\d"))
    fail = re.compile(parser["Definition"]["failregex"].replace("<ADDR>", r"([0-9A-Fa-f:.]+)"))
    assert all(date.match(line) for line in lines)
    found = [fail.search(date.sub("", line, count=1)) for line in lines]
    return [match[1] for match in found if match]


def test_each_refused_login_is_counted_and_nothing_else(private_stack):
    stack = private_stack(log="run/doorward.log")
    json_login(stack, "alice", USERS["alice"][0])
    client = Client(stack)
    for origin in (FORGED, f'"{FORGED}', f'" {FORGED}'):
        client.post("/login", data={"username": "alice", "password": "x"},
                    headers={"Origin": origin, "Sec-Fetch-Site": "cross-site"})
    client.get("/login", headers={"User-Agent": FORGED})
    for name in ("alice", "unknown", FORGED):
        json_login(stack, name, "wrong")
    for _ in range(12):
        json_login(stack, "alice", "wrong")
    stack.stop_web()
    with open(f"{stack.directory}/run/doorward.log", encoding="utf-8") as f:
        lines = f.read().splitlines()
    counted = banned(lines)
    assert len(counted) == 15 and set(counted) == {"127.0.0.1"}
    assert any("event=login_throttled" in line for line in lines)


def test_a_wrong_code_after_the_password_is_counted_and_a_login_that_is_over_is_not(private_stack):
    stack = private_stack(log="run/doorward.log")
    user = Factors(stack, "tess", "six owls over the harbour")
    ticket = begin_json(stack, "tess", user.password)["mfa_token"]
    for wrong in ("12345", "aaaa-bbbb-cccc-dddd"):
        prove_json(stack, ticket, code=wrong)
    assert prove_json(stack, ticket, recovery_code=user.recovery[0]).status_code == 200
    for _ in range(3):
        assert prove_json(stack, ticket, code="123456").status_code == 401
    stack.stop_web()
    with open(f"{stack.directory}/run/doorward.log", encoding="utf-8") as f:
        lines = f.read().splitlines()
    wrong = [line for line in lines if "event=login_failed" in line]
    assert len(wrong) == 2 and banned(lines) == ["127.0.0.1"] * 2
    assert sum("event=login_over" in line for line in lines) == 3
