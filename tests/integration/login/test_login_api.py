"""POST /login with JSON, on every front end: the contract and bad input."""

import json

import pytest
from client import Client, bearer, json_login, raw, raw_request, token
from servers import USERS

PASSWORD = USERS["alice"][0]
GOOD = {"username": "alice", "password": PASSWORD}


def post(stack, body, content_type="application/json", **headers):
    if isinstance(body, str):
        body = body.encode()
    return Client(stack).post("/login", data=body,
                              headers={"Content-Type": content_type, **headers})


def assert_next_is_served(stack):
    assert json_login(stack, "alice", PASSWORD).status_code == 200


def test_answers_with_a_token(front):
    answer = json_login(front, "alice", PASSWORD)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    assert "no-store" in answer.headers["Cache-Control"]
    body = answer.json()
    assert body["token_type"] == "Bearer"
    assert body["access_token"] == body["token"]
    assert body["expires_in"] == 600
    assert set(body) == {"token", "access_token", "token_type", "expires_in", "refresh_token",
                         "device"}
    assert "Set-Cookie" not in answer.headers


def test_ignores_the_case_of_the_name(front):
    assert json_login(front, "ALICE", PASSWORD).status_code == 200


@pytest.mark.parametrize("name,password", [
    ("alice", "wrong"), ("nobody-here", PASSWORD), ("alice", PASSWORD + " "),
    ("alice", PASSWORD.upper()), ("alice'--", PASSWORD), ("alice", "'; DROP TABLE users; --")])
def test_refuses_alike(front, name, password):
    answer = json_login(front, name, password)
    assert answer.status_code == 401
    body = answer.json()
    assert body["error"] == "invalid_credentials"
    assert body == json_login(front, "somebody-else", "something").json()


# name: (body, content type, status)
BAD = {
    "empty body": ("", "application/json", 400),
    "empty object": ("{}", "application/json", 400),
    "no password": ('{"username":"alice"}', "application/json", 400),
    "no name": ('{"password":"x"}', "application/json", 400),
    "null password": ('{"username":"alice","password":null}', "application/json", 400),
    "number": ('{"username":"alice","password":1}', "application/json", 400),
    "device is a number": (json.dumps(dict(GOOD, device=1)), "application/json", 400),
    "device is null": (json.dumps(dict(GOOD, device=None)), "application/json", 400),
    "list": ('["alice","x"]', "application/json", 400),
    "string": ('"alice"', "application/json", 400),
    "bad JSON": ('{"username":', "application/json", 400),
    "trailing comma": ('{"username":"alice","password":"x",}', "application/json", 400),
    "two values": (json.dumps(GOOD) * 2, "application/json", 400),
    "something after": (json.dumps(GOOD) + "x", "application/json", 400),
    "name twice": ('{"username":"alice","username":"root","password":"x"}',
                   "application/json", 400),
    "NUL escaped": ('{"username":"alice\\u0000","password":"x"}', "application/json", 400),
    "NUL": (b'{"username":"alice\0","password":"x"}', "application/json", 400),
    "NUL in the password": ('{"username":"alice","password":"a\\u0000b"}',
                            "application/json", 400),
    "invalid UTF-8": (b'{"username":"alice\xff","password":"x"}', "application/json", 400),
    "overlong UTF-8": (b'{"username":"alice\xc0\xaf","password":"x"}', "application/json", 400),
    "lone surrogate": ('{"username":"\\ud800","password":"x"}', "application/json", 400),
    "deep": ('{"username":' + "[" * 5000 + "]" * 5000 + "}", "application/json", 400),
    "text/plain": (json.dumps(GOOD), "text/plain", 415),
    "text/json": (json.dumps(GOOD), "text/json", 415),
    "XML": ("<login/>", "application/xml", 415),
    "multipart": ("--x\r\n", "multipart/form-data; boundary=x", 415),
    "no type": (json.dumps(GOOD), "", 415),
    "a type that only starts like it": (json.dumps(GOOD), "application/jsonx", 415),
    "17 kB": (json.dumps(dict(GOOD, x="y" * 17000)), "application/json", 413),
    "200 kB": (json.dumps(dict(GOOD, x="y" * 200000)), "application/json", 413),
    "2 MB": (json.dumps(dict(GOOD, x="y" * 2000000)), "application/json", 413),
}


@pytest.mark.parametrize("name", BAD)
def test_refuses_bad_input(front, name):
    body, content_type, status = BAD[name]
    answer = post(front, body, content_type)
    assert answer.status_code == status, answer.text
    assert "Set-Cookie" not in answer.headers
    if name != "2 MB":  # which the server itself refuses
        assert answer.json()["error"]
        assert "no-store" in answer.headers["Cache-Control"]
    assert_next_is_served(front)


@pytest.mark.parametrize("length", [300, 10_000])
def test_refuses_a_name_that_is_too_long(front, length):
    answer = json_login(front, "a" * length, "x")
    assert answer.status_code in (400, 401)
    assert front.sql(f"SELECT count(*) FROM doorward.users WHERE length(name) >= {length}") == "0"
    assert_next_is_served(front)


def test_refuses_a_password_of_10_kB(front):
    assert json_login(front, "alice", "p" * 10_000).status_code in (400, 401)
    assert_next_is_served(front)


def test_reads_a_chunked_body(front):
    body = json.dumps(GOOD).encode()
    chunks = (body[:10], body[10:])
    answer = Client(front).post("/login", data=iter(chunks),
                                headers={"Content-Type": "application/json"})
    assert answer.status_code == 200, answer.text


def test_refuses_a_large_chunked_body(front):
    answer = Client(front).post("/login", data=iter([b"x" * 8192] * 8),
                                headers={"Content-Type": "application/json"})
    assert answer.status_code == 413, answer.text
    assert_next_is_served(front)


def test_refuses_a_body_that_breaks_off(front):
    import socket
    head = (f"POST /login HTTP/1.1\r\nHost: localhost:{front.port}\r\nConnection: close\r\n"
            "Content-Type: application/json\r\nContent-Length: 200\r\n\r\n").encode()
    with socket.create_connection(("127.0.0.1", front.port), 20) as connection:
        connection.sendall(head + json.dumps(GOOD).encode())
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := connection.recv(4096):
            answer += chunk
    assert b" 200 " not in answer[:20]
    assert b"token" not in answer
    assert_next_is_served(front)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "FOO"])
def test_refuses_other_methods(front, method):
    answer = raw_request(front, method, "/login")
    assert answer.status in (400, 405, 501)
    if answer.status == 405:
        assert answer.header("Allow")


def test_does_not_find_what_is_not_there(front):
    for path in ("/login/nothing", "/login/doorward-00000000.css", "/loginx"):
        assert Client(front).get(path).status_code == 404, path


def test_answers_head_without_a_body(front):
    answer = raw(front, f"HEAD /login HTTP/1.1\r\nHost: localhost:{front.port}\r\n"
                        "Connection: close\r\n\r\n".encode())
    assert answer.status == 200
    assert answer.body == b""


@pytest.mark.parametrize("header", ["Content-Type", "Cookie", "Authorization", "Origin",
                                    "Sec-Fetch-Site"])
def test_an_underscore_twin_of_a_header_grants_nothing(front, header):
    """lighttpd passes X_Y and X-Y under one name; Apache drops the first."""
    if "-" not in header:
        header = header.replace("o", "_", 1)
    twin = header.replace("-", "_")
    answer = raw_request(front, "POST", "/login", [
        (twin, "text/plain"), ("Content-Type", "application/json")], json.dumps(GOOD).encode())
    assert answer.status in (200, 400)
    if answer.status == 400:
        assert b"token" not in answer.body


def test_health(front):
    answer = Client(front).get("/login/health")
    assert answer.status_code == 200


def test_a_disabled_user_is_refused(apache):
    apache.add_user("leaver", "a password that was good")
    access = token(apache, "leaver", "a password that was good")
    apache.doorward("user", "disable", "leaver")
    answer = json_login(apache, "leaver", "a password that was good")
    assert answer.status_code == 401
    assert answer.json() == json_login(apache, "somebody-else", "something").json()
    assert Client(apache).get("/protected", headers=bearer(access)).status_code in (200, 401)
    apache.doorward("user", "enable", "leaver")
    assert json_login(apache, "leaver", "a password that was good").status_code == 200


def test_all_the_roles_that_a_user_may_have_fit_into_a_token(apache):
    roles = [f"role-{i:02}.abc" for i in range(64)]
    roles[-1] += "d"
    assert len(" ".join(roles)) == 768
    apache.add_user("many", "a fish without a bicycle", *roles)
    answer = json_login(apache, "many", "a fish without a bicycle")
    assert answer.status_code == 200, answer.text
    shown = Client(apache).get("/protected", headers=bearer(answer.json()["token"]))
    assert shown.json()["roles"] == roles
    for more in (["one-more"], ["x" * 64]):
        with pytest.raises(Exception, match="64 roles of 768 bytes at most"):
            apache.doorward("user", "role", "many", "--add", *more)
