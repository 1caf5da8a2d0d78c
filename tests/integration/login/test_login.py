"""/login: the form, JSON, renewal and logout, and everything that is refused there."""

import base64
import json
import re

import pytest

from client import (ALICE, Client, attributes, bearer, claims, form_login, hidden_fields, is_form,
                    json_login, raw_request, short)
from servers import USERS


# Addresses that must never be where a login leads: each would leave the site in one browser or
# another, or split the header.
ELSEWHERE = [
    "//evil.example", "///evil.example", "////evil.example/", "/\\evil.example", "\\/evil.example",
    "\\\\evil.example", "/\\/evil.example", "https://evil.example", "https:evil.example",
    "https:/evil.example", "http:evil.example", "HTTPS://evil.example", "javascript:alert(1)",
    "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "vbscript:x",
    "/\tevil.example", "/\t/evil.example", "/\n/evil.example", "/\r/evil.example",
    "\t//evil.example", " //evil.example", "/ /evil.example", "/%09/evil.example",
    "/%0a/evil.example", "/%0d/evil.example", "/%2f/evil.example", "/%2Fevil.example",
    "/%5cevil.example", "/%5Cevil.example", "/%252fevil.example", "/%255cevil.example",
    "/.//evil.example", "/..//evil.example", "/x/..//evil.example", "/x/../..//evil.example",
    "/%2e//evil.example", "/%2e%2e//evil.example", "/;//evil.example/../\\evil.example",
    "//evil%E3%80%82example", "/\u3002evil.example", "/\uff0fevil.example", "\u2215/evil.example",
    "//user@evil.example", "//localhost@evil.example", "http://localhost@evil.example",
    "//evil.example:80", "//evil.example?x", "//evil.example#x", "?//evil.example",
    "evil.example", "@evil.example", ":80", ".evil.example", "#//evil.example", "/x#y", "",
    "/\x00", "/x\x7f", "/x\r\nSet-Cookie: a=b", "/x%0d%0aSet-Cookie:%20a=b", "/" + "a" * 3000,
    "/login", "/login/", "/login/logout", "/login?return_to=/x",
]

STAYS = ["/", "/protected", "/x?a=1&b=2", "/x/y.html", "/a%20b", "/x?u=https://evil.example/",
         "/loginpage", "/%C3%BC"]


def open_form(stack, return_to=None):
    """A browser with the form open: the client, and the fields as they would be sent."""
    client = Client(stack, browser=True)
    page = client.get("/login", params={"return_to": return_to} if return_to else None)
    assert page.status_code == 200
    fields = hidden_fields(page.text)
    fields.update(username=ALICE[0], password=ALICE[1])
    return client, fields


# ---- the page ----

def test_the_form_is_complete_and_private(front):
    answer = Client(front).get("/login")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    script = re.findall(r'<script defer src="(/login/doorward-[0-9a-f]{24}[.]js)"></script>',
                        answer.text)
    assert len(script) == 1 and answer.text.count("<script") == 1
    assert re.findall(r"script-src ([^;]*)", policy) == [Client(front).site + script[0]]
    assert "unsafe" not in policy and "style=" not in answer.text
    assert 'autocomplete="username webauthn"' in answer.text
    assert 'autocomplete="current-password"' in answer.text
    assert attributes(answer, "__Host-doorward-form") == [
        "Path=/", "Secure", "HttpOnly", "SameSite=Lax"]


def test_head_gives_the_headers_and_no_body(front):
    answer = Client(front).head("/login")
    assert answer.status_code == 200 and answer.content == b""


def test_stylesheet_and_icon_may_be_kept_for_ever(front):
    page = Client(front).get("/login").text
    for kind in ("text/css; charset=utf-8", "image/svg+xml"):
        url = re.search(r'href="(/login/doorward-[^"]*\.%s)"' % ("css" if "css" in kind else "svg"),
                        page).group(1)
        answer = Client(front).get(url)
        assert answer.status_code == 200 and answer.headers["Content-Type"] == kind
        assert "immutable" in answer.headers["Cache-Control"]
        assert "max-age=31536000" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers
        changed = Client(front).get(url.replace("doorward-", "doorward-x"))
        assert changed.status_code == 404


@pytest.mark.parametrize("path", ["/login/x", "/login/refresh/x", "/login/../login/x",
                                  "/login/doorward.css", "/login/en.txt", "/login/login.html"])
def test_unknown_addresses_are_not_found(apache, path):
    assert raw_request(apache, "GET", path).status == 404


@pytest.mark.parametrize("method, path, allow", [
    ("PUT", "/login", "GET, HEAD, POST"), ("DELETE", "/login", "GET, HEAD, POST"),
    ("GET", "/login/logout", "POST"), ("GET", "/login/refresh", "POST"),
    ("POST", "/login/health", "GET, HEAD"), ("PATCH", "/login/refresh", "POST"),
])
def test_wrong_methods_are_told_the_right_ones(front, method, path, allow):
    answer = Client(front).request(method, path)
    assert answer.status_code == 405 and answer.headers["Allow"] == allow
    assert answer.json()["error"] == "method_not_allowed"


def test_a_browser_gets_its_refusal_as_a_page(apache):
    answer = Client(apache, browser=True).get("/login/logout")
    assert answer.status_code == 405 and answer.headers["Allow"] == "POST"
    assert answer.headers["Content-Type"].startswith("text/html")


# ---- the form ----

def test_the_form_logs_in_and_leads_back(front):
    client, answer = form_login(front, *ALICE, return_to="/protected?a=1&b=2")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/protected?a=1&b=2"
    assert answer.headers["Cache-Control"] == "no-store"
    assert attributes(answer, "__Host-doorward") == ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"]
    assert attributes(answer, "__Secure-doorward-session") == [
        "Path=/login", "Secure", "HttpOnly", "SameSite=Lax"]
    assert client.get("/protected").status_code == 200


def test_without_the_choice_the_session_ends_with_the_browser(apache):
    _, answer = form_login(apache, *ALICE)
    assert not any("Max-Age" in part for part in attributes(answer, "__Host-doorward"))
    assert not any("Max-Age" in part for part in attributes(answer, "__Secure-doorward-session"))


def test_keep_me_signed_in_outlives_the_browser(apache):
    client, fields = open_form(apache)
    answer = client.post("/login", data=dict(fields, remember="1"))
    assert answer.status_code == 303
    assert "Max-Age=3600" in attributes(answer, "__Host-doorward")
    age = [part for part in attributes(answer, "__Secure-doorward-session") if "Max-Age" in part]
    assert 86400 < int(age[0].split("=")[1]) <= 180 * 86400 + 5  # a second may tick over


def test_a_wrong_password_shows_the_form_again(front):
    client, answer = form_login(front, "bob<b>", "wrong")
    assert answer.status_code == 401 and is_form(answer)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert 'role="alert"' in answer.text and 'aria-describedby="problem"' in answer.text
    assert 'value="bob&lt;b&gt;"' in answer.text and "wrong" not in answer.text
    fields = hidden_fields(answer.text)
    again = client.post("/login", data=dict(fields, username=ALICE[0], password=ALICE[1]))
    assert again.status_code == 303


@pytest.mark.parametrize("need", ["", "gold", "Fresh", "fresh,factor", "1", "x" * 17])
def test_a_need_that_does_not_exist_is_a_bad_request(apache, need):
    """Also for a browser with a session: it would be sent back, and come again."""
    client, _ = form_login(apache, *ALICE)
    answer = client.get("/login", params={"need": need, "return_to": "/account"})
    assert answer.status_code == 400 and "Set-Cookie" not in answer.headers


def test_every_login_is_a_session_of_its_own(apache):
    client, answer = form_login(apache, *ALICE)
    first = answer.cookies["__Secure-doorward-session"]
    page = client.get("/login", params={"need": "fresh"})
    assert page.status_code == 200
    fields = dict(hidden_fields(page.text), username=ALICE[0], password=ALICE[1])
    second = client.post("/login", data=fields)
    assert second.status_code == 303
    assert second.cookies["__Secure-doorward-session"] != first
    over = Client(apache).post("/login/refresh", json={"refresh_token": first})
    assert over.status_code == 401


@pytest.mark.parametrize("change, status", [
    ({"username": ""}, 400), ({"password": ""}, 400), ({"username": None}, 400),
    ({"password": None}, 400), ({"username": "x" * 10240}, 400), ({"password": "x" * 1025}, 400),
], ids=short)
def test_a_form_with_something_missing_is_shown_again(apache, change, status):
    client, fields = open_form(apache)
    answer = client.post("/login", data=dict(fields, **change))
    assert answer.status_code == status and is_form(answer)
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.parametrize("body", [
    "username=alice&username=root", "password=a&password=b", "form_token=a&form_token=b",
    "username=%00", "username=%ff", "username=%zz", "return_to=/&return_to=//x", "&" * 200,
    "username=alice%00", "password=%c0%af",
], ids=short)
def test_a_malformed_form_is_refused_whole(apache, body):
    client, _ = open_form(apache)
    answer = client.post("/login", data=body,
                         headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code in (400, 403)
    assert attributes(answer, "__Host-doorward") is None


def test_an_empty_post_logs_nobody_in(front):
    client, _ = open_form(front)
    answer = client.post("/login", data="",
                         headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 403 and is_form(answer)


# ---- forged forms ----

@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": None, "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": None, "Origin": "null"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "same-origin", "Origin": None, "Referer": "https://evil.example/login"},
    {"Sec-Fetch-Site": None, "Origin": None, "Referer": "https://evil.example/login"},
])
def test_a_form_of_another_site_is_refused(front, headers):
    client, fields = open_form(front)
    answer = client.post("/login", data=fields, headers=headers)
    assert answer.status_code == 403
    assert "Sent from another site" in answer.text
    assert attributes(answer, "__Host-doorward") is None


def test_an_empty_referer_is_not_ours(apache):
    client, fields = open_form(apache)
    answer = client.post("/login", data=fields, headers={"Origin": None, "Referer": ""})
    assert answer.status_code == 403 and "Sent from another site" in answer.text


def test_host_makes_no_other_origin_ours(front):
    """A page that leads its own name to our address (DNS rebinding) logs nobody in."""
    client, fields = open_form(front)
    name = f"evil.example:{front.port}"
    answer = client.post("/login", data=fields, headers={
        "Host": name, "Origin": f"http://{name}", "Sec-Fetch-Site": "same-origin",
        "Referer": f"http://{name}/login"})
    assert answer.status_code == 403 and "Sent from another site" in answer.text
    assert attributes(answer, "__Host-doorward") is None


def test_origin_alone_is_enough_for_old_browsers(apache):
    client, fields = open_form(apache)
    answer = client.post("/login", data=fields, headers={"Sec-Fetch-Site": None})
    assert answer.status_code == 303


def test_referer_alone_is_enough_for_text_browsers(front):
    client, fields = open_form(front)
    answer = client.post("/login", data=fields, headers={
        "Sec-Fetch-Site": None, "Origin": None, "Referer": f"{front.public_url}/login"})
    assert answer.status_code == 303


SILENT = {"Sec-Fetch-Site": None, "Origin": None}


def test_where_nothing_says_where_from_the_form_token_decides(front):
    client, fields = open_form(front)
    for token in (None, "", "x", "A" * 54):
        answer = client.post("/login", data=dict(fields, form_token=token), headers=SILENT)
        assert answer.status_code == 403
        assert attributes(answer, "__Host-doorward") is None
    answer = client.post("/login", data=fields, headers=SILENT)
    assert answer.status_code == 303
    assert attributes(answer, "__Host-doorward") is not None


def test_without_the_prefix_of_its_cookie_a_form_token_decides_nothing(private_stack):
    """With plain_http another site may plant the cookie that the token is bound to."""
    stack = private_stack(plain_http="on")
    client, fields = open_form(stack)
    answer = client.post("/login", data=fields, headers=SILENT)
    assert answer.status_code == 403
    assert "did not say which page" in answer.text and "another site" not in answer.text
    assert attributes(answer, "doorward") is None
    assert client.post("/login", data=fields, headers=dict(
        SILENT, Referer=f"{stack.public_url}/login")).status_code == 303


@pytest.mark.parametrize("token", [None, "", "x", "A" * 54])
def test_a_form_without_its_token_is_refused(front, token):
    client, fields = open_form(front)
    answer = client.post("/login", data=dict(fields, form_token=token))
    assert answer.status_code == 403 and is_form(answer)


def test_a_token_of_another_browser_is_refused(apache):
    client, fields = open_form(apache)
    _, others = open_form(apache)
    answer = client.post("/login", data=dict(fields, form_token=others["form_token"]))
    assert answer.status_code == 403 and is_form(answer)


def test_a_browser_without_cookies_is_told_so(front):
    client, fields = open_form(front, "/protected?x=1")
    client.cookies.clear()
    answer = client.post("/login", data=fields)
    assert answer.status_code == 403
    assert "keeps no cookies" in answer.text
    assert 'href="/login?return_to=%2Fprotected%3Fx%3D1"' in answer.text
    assert attributes(answer, "__Host-doorward") is None


def test_a_planted_second_form_cookie_is_refused(apache):
    client, fields = open_form(apache)
    own = client.cookies["__Host-doorward-form"]
    client.cookies.clear()
    answer = client.post("/login", data=fields, headers={
        "Cookie": f"__Host-doorward-form={own}; __Host-doorward-form={'x' * 32}"})
    assert answer.status_code == 403
    assert attributes(answer, "__Host-doorward") is None


def test_two_open_forms_of_one_browser_both_work(apache):
    client, first = open_form(apache)
    second = hidden_fields(client.get("/login").text)
    assert client.post("/login", data=first).status_code == 303
    second.update(username=ALICE[0], password=ALICE[1])
    assert client.post("/login", data=second).status_code == 303


# ---- where a login leads ----

@pytest.mark.parametrize("target", ELSEWHERE, ids=short)
def test_no_return_to_leaves_the_site(apache, target):
    client = Client(apache, browser=True)
    page = client.get("/login", params={"return_to": target})
    assert page.status_code in (200, 400)
    if page.status_code == 200:
        assert hidden_fields(page.text)["return_to"] == "/"
    fields = hidden_fields(client.get("/login").text)
    fields.update(username=ALICE[0], password=ALICE[1], return_to=target)
    answer = client.post("/login", data=fields)
    assert answer.status_code in (303, 400)
    assert answer.headers.get("Location", "/") == "/"


@pytest.mark.parametrize("target", STAYS)
def test_a_path_of_this_site_is_where_a_login_leads(apache, target):
    _, answer = form_login(apache, *ALICE, return_to=target)
    assert answer.status_code == 303 and answer.headers["Location"] == target


def test_listed_origins_may_be_returned_to(private_stack):
    stack = private_stack(return_to_origins="https://app.example")
    client, answer = form_login(stack, *ALICE, return_to="https://app.example/x?y")
    assert answer.headers["Location"] == "https://app.example/x?y"
    for other in ("https://app.example.evil.example/", "https://app.example@evil.example/",
                  "http://app.example/", "https://app.example:444/"):
        fields = hidden_fields(client.get("/login?need=fresh").text)
        fields.update(username=ALICE[0], password=ALICE[1], return_to=other)
        assert client.post("/login", data=fields).headers["Location"] == "/"
    policy = client.get("/login?need=fresh").headers["Content-Security-Policy"]
    assert "form-action 'self' https://app.example;" in policy


# ---- JSON ----

def test_json_gives_a_token_with_the_right_claims(front):
    answer = json_login(front, *ALICE)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].split(";")[0] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    body = answer.json()
    assert set(body) == {"token", "access_token", "token_type", "expires_in", "refresh_token",
                         "device"}
    assert body["token_type"] == "Bearer" and body["expires_in"] == 600
    got = claims(body["token"])
    assert got["iss"] == front.public_url and got["preferred_username"] == "alice"
    assert got["roles"] == ["member"] and got["client_id"] == "doorward"
    assert got["exp"] == got["iat"] + 600 and got["auth_time"] <= got["iat"]
    assert got["amr"] == ["pwd"] and got["acr"] == "1fa"
    assert re.fullmatch(r"[0-9a-f-]{36}", got["sub"]) and got["sub"] != "alice"
    assert got["jti"] and got["sid"] and len(body["token"]) <= 2048
    assert Client(front).get("/protected", headers=bearer(body["token"])).status_code == 200


def test_tokens_of_one_user_differ(apache):
    one, two = (claims(json_login(apache, *ALICE).json()["token"]) for _ in range(2))
    assert one["sub"] == two["sub"]
    assert one["jti"] != two["jti"] and one["sid"] != two["sid"]


def test_wrong_unknown_and_disabled_are_one_answer(private_stack):
    stack = private_stack()
    stack.doorward("user", "disable", "nobody")
    answers = [json_login(stack, *ask) for ask in (
        ("alice", "wrong"), ("no such user", "wrong"), ("nobody", USERS["nobody"][0]),
        ("alice\n", ALICE[1]))]
    assert {a.status_code for a in answers} == {401}
    assert len({a.text for a in answers}) == 1
    assert answers[0].headers["WWW-Authenticate"].startswith("Bearer")
    assert answers[0].json()["error"] == "invalid_credentials"


@pytest.mark.parametrize("body", [
    b"", b"x", b"{", b"[]", b"null", b'"x"', b"1", b"{}", b'{"username":"alice"}',
    b'{"password":"x"}', b'{"username":1,"password":"x"}', b'{"username":"a","password":null}',
    b'{"username":["a"],"password":"x"}', b'{"username":"","password":"x"}',
    b'{"username":"a","password":""}', b'{"username":"a","password":"x","password":"y"}',
    b'{"username":"a","username":"b","password":"x"}',
    b'{"username":"a","us\\u0065rname":"b","password":"x"}',
    b'{"username":"a\\u0000","password":"x"}', b'{"username":"a\xff","password":"x"}',
    b'{"username":"a","password":"x"} x', b'{"username":"a","password":"x"}{}',
    b'\xef\xbb\xbf{"username":"a","password":"x"}',
    b'{"username":"' + b"a" * 10240 + b'","password":"x"}',
    b'{"username":"a","password":"' + b"x" * 2000 + b'"}',
    b'{"username":"a","password":"x","remember":1}', b'{"username":"a","password":"x\\ud800"}',
    b"[" * 5000,
], ids=short)
def test_bad_json_is_a_bad_request(front, body):
    answer = Client(front).post("/login", data=body,
                                headers={"Content-Type": "application/json"})
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"] == "invalid_request" and answer.json()["error_description"]


@pytest.mark.parametrize("kind", [None, "", "text/plain", "application/jsonx", "application",
                                  "multipart/form-data; boundary=x", "application/json; charset=x",
                                  "text/json"])
def test_other_content_types_are_refused(front, kind):
    answer = Client(front).post("/login", data=b'{"username":"a","password":"x"}',
                                headers={"Content-Type": kind})
    assert answer.status_code == 415
    assert answer.json()["error"] == "unsupported_media_type"


@pytest.mark.parametrize("size", [16385, 65536, 65537, 200000])
def test_too_much_json_is_refused_and_the_next_request_served(front, size):
    body = json.dumps({"username": "a", "password": "x", "pad": ""}).encode()
    body = body[:-2] + b"x" * (size - len(body)) + b'"}'
    answer = Client(front).post("/login", data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert json_login(front, *ALICE).status_code == 200


def test_json_takes_no_notice_of_cookies(apache):
    client, _ = form_login(apache, *ALICE)
    answer = client.post("/login", json={"username": "alice", "password": "wrong"})
    assert answer.status_code == 401
    assert client.get("/protected").status_code == 200
