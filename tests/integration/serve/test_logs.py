"""Nothing secret is ever logged: canaries are planted everywhere, then every log is read."""

import glob

from client import Client, bearer, form_login, json_login, raw_request
from servers import USERS

PASSWORD = USERS["alice"][0]
CANARY = "canaryInTheMine"


def logs(stack):
    """Everything that the servers and programs have written."""
    text = ""
    for path in glob.glob(f"{stack.log}/*"):
        with open(path, encoding="utf-8", errors="replace") as f:
            text += f.read()
    return text


def test_no_password_token_or_cookie_is_logged_even_in_debug(private_stack):
    stack = private_stack(log_level="debug")
    good = json_login(stack, "alice", PASSWORD).json()
    browser, answer = form_login(stack, "alice", PASSWORD)
    assert answer.status_code == 303
    secrets = {PASSWORD, good["token"], good["refresh_token"]}
    secrets |= {cookie.value for cookie in browser.cookies}
    client = Client(stack)
    client.get("/protected", headers=bearer(good["token"]))
    client.get("/protected", headers=bearer(good["token"] + "x"))
    client.get("/protected", headers=bearer(CANARY * 3))
    json_login(stack, "alice", f"{CANARY}-wrong")
    json_login(stack, f"{CANARY}-typed-into-the-wrong-field", PASSWORD)
    client.post("/login", data=f'{{"password":"{CANARY}',
                headers={"Content-Type": "application/json"})
    client.post("/login", data={"username": "alice", "password": CANARY})
    client.post("/login/refresh", json={"refresh_token": CANARY * 3})
    client.post("/login/refresh", json={"refresh_token": good["refresh_token"]})
    raw_request(stack, "GET", "/protected", [("Cookie", f"__Host-doorward={CANARY}")])
    raw_request(stack, "GET", "/login", [("Cookie", f"__Secure-doorward-session={CANARY}")])
    raw_request(stack, "POST", "/login", [("Authorization", f"Bearer {CANARY}"),
                                          ("Content-Type", CANARY)], CANARY.encode())
    browser.post("/login/logout")
    stack.stop_web()

    text = logs(stack)
    assert "login" in text  # there is a log, and it says something
    found = [secret for secret in secrets | {CANARY} if secret in text]
    assert not found


def test_a_login_leaves_one_line(private_stack):
    stack = private_stack()
    json_login(stack, "alice", PASSWORD)
    lines = [line for line in logs(stack).splitlines() if "user=alice" in line]
    assert len(lines) == 1, lines
    assert "event=login_ok" in lines[0]


def test_control_bytes_cannot_forge_a_line(private_stack):
    stack = private_stack()
    json_login(stack, "eve\n2026-01-01 level=info event=login_ok user=root", "x")
    json_login(stack, "eve\x1b[2J", "x")
    text = logs(stack)
    assert "\n2026-01-01 level=info event=login_ok" not in text
    assert "\x1b" not in text
