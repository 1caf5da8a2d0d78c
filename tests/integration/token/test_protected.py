"""protected.fcgi by itself: where a token may come from, whose it may be, and what is said."""

import base64
import json
import re
import subprocess
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from programs import SID, SITE, Signer, Site

BROWSER = {"HTTP_ACCEPT": "text/html,application/xhtml+xml,*/*;q=0.8"}
NAVIGATION = dict(BROWSER, HTTP_SEC_FETCH_MODE="navigate", HTTP_SEC_FETCH_DEST="document")
FORM = {"CONTENT_TYPE": "application/x-www-form-urlencoded"}
APP = "https://app.example"


@pytest.fixture
def site():
    """make(**settings) a site."""
    made = []

    def make(**settings):
        made.append(Site(**settings))
        return made[-1]

    yield make
    for one in made:
        one.close()


def cookie(token, name="__Host-doorward"):
    return {"HTTP_COOKIE": f"{name}={token}"}


def authorization(token):
    return {"HTTP_AUTHORIZATION": f"Bearer {token}"}


# ---- who is told what ----

def test_tells_a_program_who_it_is_in_json(site):
    s = site()
    token = s.signer.sign(preferred_username="ann", roles=["member", "admin"], extra={"a": [1]})
    answer = s.cgi(**authorization(token))
    assert answer.status == 200
    told = answer.json()
    assert told["name"] == "ann" and told["id"] == "u-1" and told["roles"] == ["member", "admin"]
    assert told["claims"]["extra"] == {"a": [1]}
    assert told["expires"] == told["claims"]["exp"]
    assert answer.header("Cache-Control") == "no-store"
    assert "Accept" in answer.header("Vary")


def test_tells_a_person_who_they_are_on_a_page(site):
    s = site()
    token = s.signer.sign(preferred_username="<b>ann</b>", roles=["member", "a&b"])
    answer = s.cgi(**cookie(token), **NAVIGATION)
    assert answer.status == 200
    assert answer.header("Content-Type") == "text/html; charset=utf-8"
    assert "&lt;b&gt;ann&lt;/b&gt;" in answer.text and "<b>" not in answer.text
    assert "a&amp;b" in answer.text
    assert re.search(r'<form[^>]*action="/login/logout"', answer.text)
    assert "<script" not in answer.text and "style=" not in answer.text
    assert token not in answer.text
    assert "default-src 'none'" in answer.header("Content-Security-Policy")


@pytest.mark.parametrize("uri,target", [
    ("/protected", "/login?return_to=/protected"),
    ("/protected?a=1&b=%2F", "/login?return_to=/protected%3Fa%3D1%26b%3D%252F"),
    ("//evil.example/protected", "/login"),
    ("/protected?x=%0d%0aSet-Cookie:a", "/login"),
    ("/\\evil.example", "/login"),
])
def test_sends_a_browser_without_a_token_to_the_form_and_back(site, uri, target):
    answer = site().cgi(uri=uri, SCRIPT_NAME="/protected", **NAVIGATION)
    assert answer.status == 303
    assert answer.header("Location") == target


@pytest.mark.parametrize("headers", [
    {},
    {"HTTP_ACCEPT": "*/*"},
    {"HTTP_ACCEPT": "application/json"},
    dict(BROWSER, HTTP_SEC_FETCH_MODE="cors", HTTP_SEC_FETCH_DEST="empty"),
    dict(BROWSER, HTTP_X_REQUESTED_WITH="XMLHttpRequest"),
    dict(BROWSER, HTTP_SEC_FETCH_DEST="iframe"),
])
def test_redirects_no_script_and_no_program(site, headers):
    answer = site().cgi(**headers)
    assert answer.status == 401
    assert answer.header("Location") is None
    assert answer.header("WWW-Authenticate") == 'Bearer realm="A site"'


def test_sends_a_browser_whose_token_has_run_out_to_the_form(site):
    s = site()
    old = s.signer.sign(iat=int(time.time()) - 700, exp=int(time.time()) - 100)
    assert s.cgi(**cookie(old), **NAVIGATION).status == 303
    answer = s.cgi(**cookie(old))
    assert answer.status == 401
    assert 'error="invalid_token"' in answer.header("WWW-Authenticate")


def test_sends_no_token_of_the_query_on_to_the_login(site):
    s = site(token_in_query="on")
    old = s.signer.sign(exp=int(time.time()) - 100)
    answer = s.cgi(uri=f"/protected?access_token={old}", **NAVIGATION)
    assert answer.status == 401
    assert answer.header("Location") is None and old not in answer.text
    assert s.cgi(uri="/protected?x=1", **NAVIGATION).status == 303


def half(s, **changes):
    """A token in the second half of its life."""
    now = int(time.time())
    return s.signer.sign(**dict({"iat": now - 400, "exp": now + 300, "sid": SID}, **changes))


def test_renews_in_the_second_half_of_a_tokens_life_when_a_page_is_opened(site):
    s = site()
    answer = s.cgi(uri="/protected?a=1", **cookie(half(s)), **NAVIGATION)
    assert answer.status == 303
    assert answer.header("Location") == "/login?return_to=/protected%3Fa%3D1"


@pytest.mark.parametrize("request_", [
    {"method": "HEAD"},
    {"method": "POST", "HTTP_SEC_FETCH_SITE": "same-origin"},
    {"HTTP_SEC_FETCH_MODE": "cors"},
    {"HTTP_SEC_FETCH_DEST": "image"},
    {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
    {"HTTP_ACCEPT": "*/*"},
    {"uri": "//elsewhere"},
])
def test_renews_for_nothing_but_a_page(site, request_):
    s = site()
    assert s.cgi(**{**NAVIGATION, **cookie(half(s)),
                    "SCRIPT_NAME": "/protected", **request_}).status == 200


def test_renews_only_what_can_be_renewed(site):
    s = site()
    now = int(time.time())
    assert s.cgi(**authorization(half(s)), **NAVIGATION).status == 200
    held = half(s, client_id="doorward-program")
    assert s.cgi(**authorization(held), **NAVIGATION).status == 200
    assert s.cgi(**cookie(half(s, iat=now - 200)), **NAVIGATION).status == 200


def test_a_form_that_comes_too_late_is_told_that_nothing_was_done(site):
    answer = site().cgi(method="POST", HTTP_REFERER=f"{SITE}/protected?x=1",
                        HTTP_HOST="site.example", **NAVIGATION)
    assert answer.status == 401
    assert answer.header("Location") is None
    assert "/login?return_to=" in answer.text
    assert answer.header("WWW-Authenticate")


def test_head_is_get_without_the_body(site):
    s = site()
    token = s.signer.sign()
    get, head = (s.cgi(method=m, **authorization(token)) for m in ("GET", "HEAD"))
    assert head.status == 200 and head.body == b""
    assert head.header("Content-Length") == get.header("Content-Length") != "0"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "get", "OPTIONS", "X" * 40])
def test_refuses_other_methods(site, method):
    s = site()
    answer = s.cgi(method=method, **authorization(s.signer.sign()))
    assert answer.status == 405
    assert answer.header("Allow") == "GET, HEAD, POST"


def test_knows_no_paths_beneath(site):
    s = site()
    assert s.cgi(PATH_INFO="/x", **authorization(s.signer.sign())).status == 404


# ---- where a token may come from ----

PLACES = {
    "authorization": lambda t: (authorization(t), b""),
    "cookie": lambda t: (cookie(t), b""),
    "header": lambda t: ({"HTTP_X_TOKEN": f"Bearer {t}"}, b""),
    "form": lambda t: (FORM, f"access_token={t}".encode()),
    "query": lambda t: ({"uri": f"/protected?access_token={t}"}, b""),
}
ALL_ON = {"token_in_form": "on", "token_in_query": "on", "token_header": "X-Token"}
OWN_PAGE = {"method": "POST", "HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.mark.parametrize("place", PLACES)
def test_takes_a_token_from_each_place_that_is_switched_on(site, place):
    s = site(**ALL_ON)
    headers, body = PLACES[place](s.signer.sign())
    answer = s.cgi(body=body, **OWN_PAGE, **headers)
    assert answer.status == 200, answer.text
    assert answer.header("Cache-Control") == "no-store"
    assert answer.header("Referrer-Policy") == "same-origin"


@pytest.mark.parametrize("place", ["header", "form", "query"])
def test_looks_nowhere_else_by_default(site, place):
    s = site()
    headers, body = PLACES[place](s.signer.sign())
    answer = s.cgi(body=body, **OWN_PAGE, **headers)
    assert answer.status == 401
    assert answer.header("WWW-Authenticate") == 'Bearer realm="A site"'


def test_takes_no_form_token_with_get(site):
    s = site(**ALL_ON)
    headers, body = PLACES["form"](s.signer.sign())
    assert s.cgi(body=body, **headers).status == 401


@pytest.mark.parametrize("place", [place for place in PLACES if place != "cookie"])
def test_what_a_client_sends_wins_over_the_cookie_that_its_browser_adds(site, place):
    s = site(**ALL_ON)
    theirs, ours = s.signer.sign(preferred_username="ann"), s.signer.sign(preferred_username="bob")
    headers, body = PLACES[place](theirs)
    # of another site's page: a token that was sent deliberately is not asked where from
    for origin in ({}, {"HTTP_ORIGIN": "https://evil.example", "HTTP_SEC_FETCH_SITE": "cross-site"}):
        answer = s.cgi(body=body, method="POST", **headers, **cookie(ours), **origin)
        assert answer.status == 200 and answer.json()["name"] == "ann"
    headers, body = PLACES[place]("not-a-token")
    answer = s.cgi(body=body, **OWN_PAGE, **headers, **cookie(ours))
    assert answer.status == 401 and "bob" not in answer.text


def test_a_bearer_token_is_not_renewed_on_account_of_the_cookie_beside_it(site):
    s = site()
    answer = s.cgi(**{**NAVIGATION, **authorization(half(s)), **cookie(half(s))})
    assert answer.status == 200


@pytest.mark.parametrize("first, second", [(a, b) for a in PLACES for b in PLACES
                                           if a == b or "cookie" not in (a, b)])
def test_refuses_a_token_in_two_places(site, first, second):
    if first >= second:
        first, second = second, first
    s = site(**ALL_ON)
    token = s.signer.sign()
    (a, body_a), (b, body_b) = PLACES[first](token), PLACES[second](token)
    if first == second:  # the same place twice
        a = {k: f"{v}, {v}" if k.startswith("HTTP") else v for k, v in a.items()}
        if "uri" in a:
            a["uri"] += f"&access_token={token}"
        body_a = body_a and body_a + b"&" + body_a
    answer = s.cgi(body=body_a or body_b, **OWN_PAGE, **dict(b, **a))
    assert answer.status == 400
    assert answer.json()["error"] == "invalid_request"
    assert 'error="invalid_request"' in answer.header("WWW-Authenticate")


def test_plain_http_and_cookie_domain_change_the_name_of_the_cookie(site):
    plain = site(public_url="http://site.example", plain_http="on")
    token = plain.signer.sign(iss="http://site.example", aud="http://site.example")
    assert plain.cgi(**cookie(token, "doorward")).status == 200
    assert plain.cgi(**cookie(token)).status == 401
    shared = site(public_url="https://www.site.example", cookie_domain="site.example")
    token = shared.signer.sign(iss="https://www.site.example", aud="https://www.site.example")
    assert shared.cgi(**cookie(token, "__Secure-doorward")).status == 200
    assert shared.cgi(**cookie(token)).status == 401
    assert shared.cgi(**cookie(token, "doorward")).status == 401


def test_identity_never_comes_from_a_header(site):
    answer = site().cgi(HTTP_REMOTE_USER="ann", HTTP_X_REMOTE_USER="ann", REMOTE_USER="ann",
                        AUTH_TYPE="Basic", HTTP_VARIABLE_REMOTE_USER="ann")
    assert answer.status == 401
    assert "ann" not in answer.text


# ---- requests that other sites make ----

CROSS = [
    {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": SITE},
    {"HTTP_SEC_FETCH_SITE": "same-site"},
    {"HTTP_SEC_FETCH_SITE": "none"},
    {"HTTP_ORIGIN": "https://evil.example"},
    {"HTTP_ORIGIN": "null"},
    {"HTTP_ORIGIN": SITE + ".evil.example"},
    {"HTTP_ORIGIN": SITE.replace("https", "http")},
    {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "https://evil.example"},
    {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_REFERER": "https://evil.example/"},
    {"HTTP_ORIGIN": SITE, "HTTP_REFERER": ""},
    {"HTTP_ORIGIN": "http://127.0.0.1:1", "HTTP_HOST": "127.0.0.1:1",
     "HTTP_SEC_FETCH_SITE": "same-origin"},
    {"HTTP_REFERER": SITE + ".evil.example/"},
]


@pytest.mark.parametrize("headers", CROSS)
def test_refuses_an_unsafe_request_by_cookie_of_another_site(site, headers):
    s = site()
    token = s.signer.sign(preferred_username="ann")
    answer = s.cgi(method="POST", **cookie(token), **headers)
    assert answer.status == 403
    assert answer.json()["error"] == "cross_site"
    assert "ann" not in answer.text
    # who sends the token deliberately is not asked where from
    assert s.cgi(method="POST", **authorization(token), **headers).status == 200
    assert s.cgi(**cookie(token), **headers).status == 200


def test_an_unsafe_request_by_cookie_says_where_it_comes_from(site):
    s = site()
    answer = s.cgi(method="POST", **cookie(s.signer.sign(preferred_username="ann")))
    assert answer.status == 403
    assert answer.json()["error"] == "origin_unsaid"
    assert "another site" not in answer.text and "ann" not in answer.text


@pytest.mark.parametrize("headers", [
    {"HTTP_REFERER": SITE + "/protected?x=1"},
    {"HTTP_SEC_FETCH_SITE": "same-origin"},
    {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": SITE},
    {"HTTP_ORIGIN": SITE},
])
def test_our_own_pages_may_post(site, headers):
    s = site()
    assert s.cgi(method="POST", **cookie(s.signer.sign()), **headers).status == 200


# ---- other origins ----

def preflight(s, origin, method="GET"):
    return s.cgi(method="OPTIONS", HTTP_ORIGIN=origin,
                 HTTP_ACCESS_CONTROL_REQUEST_METHOD=method,
                 HTTP_ACCESS_CONTROL_REQUEST_HEADERS="authorization")


def test_answers_the_preflight_of_a_listed_origin(site):
    s = site(cors_origins=f"{APP} http://localhost:3000")
    answer = preflight(s, APP)
    assert answer.status == 204
    assert answer.header("Access-Control-Allow-Origin") == APP
    assert "GET" in answer.header("Access-Control-Allow-Methods")
    assert "Authorization" in answer.header("Access-Control-Allow-Headers")
    assert answer.header("Access-Control-Allow-Credentials") is None
    assert answer.header("Vary") == "Origin"


@pytest.mark.parametrize("origin", ["https://evil.example", APP + ".evil.example", "null", "*",
                                    "http://app.example", APP + ":8443", APP + "/",
                                    APP.upper(), "", f"{APP} {APP}"])
def test_reflects_no_other_origin(site, origin):
    s = site(cors_origins=APP, cors_credentials="on")
    for answer in (preflight(s, origin), s.cgi(HTTP_ORIGIN=origin)):
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
        assert answer.header("Vary") == "Origin"


def test_a_listed_origin_reads_refusals_too(site):
    s = site(cors_origins=APP)
    for more in ({}, authorization("x"), {"CONTENT_LENGTH": "7", "method": "POST"}):
        answer = s.cgi(HTTP_ORIGIN=APP, **more)
        assert answer.status in (400, 401)
        assert answer.header("Access-Control-Allow-Origin") == APP
        assert "WWW-Authenticate" in answer.header("Access-Control-Expose-Headers")


def test_credentials_only_when_asked_for(site):
    for setting, expected in (("off", None), ("on", "true")):
        s = site(cors_origins=APP, cors_credentials=setting)
        answer = s.cgi(HTTP_ORIGIN=APP, **cookie(s.signer.sign()))
        assert answer.status == 200
        assert answer.header("Access-Control-Allow-Origin") == APP
        assert answer.header("Access-Control-Allow-Credentials") == expected
        posted = s.cgi(method="POST", HTTP_ORIGIN=APP, HTTP_SEC_FETCH_SITE="same-site",
                       **cookie(s.signer.sign()))
        assert posted.status == (200 if expected else 403)


def test_without_a_list_nothing_is_said_of_origins(site):
    s = site()
    for answer in (preflight(s, APP), s.cgi(HTTP_ORIGIN=APP)):
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


# ---- other issuers ----

@pytest.fixture
def federation(site):
    """A site that also accepts tokens of an SSO and of a partner."""
    sso, partner = Signer("theirs"), Signer("theirs")  # the same kid: it is theirs to choose
    s = site(**{
        "issuer.sso.url": "https://sso.example/realms/x", "issuer.sso.audience": "doorward",
        "issuer.sso.keys": "sso.json", "issuer.sso.type": "none",
        "issuer.sso.roles_claim": "realm_access.roles", "issuer.sso.roles": "staff:member",
        "issuer.partner.url": "https://partner.example/", "issuer.partner.audience": SITE,
        "issuer.partner.keys": "partner.json", "issuer.partner.roles": "admin:admin"})
    s.write("sso.json", json.dumps({"keys": [sso.public()]}))
    s.write("partner.json", json.dumps({"keys": [partner.public()]}))
    return s, sso, partner


SSO = {"iss": "https://sso.example/realms/x", "aud": ["account", "doorward"], "typ": "JWT"}
PARTNER = {"iss": "https://partner.example/", "aud": SITE}


def test_a_token_of_another_issuer_opens_the_same_door(federation):
    s, sso, partner = federation
    told = s.cgi(**authorization(sso.sign(preferred_username="ann", realm_access={
        "roles": ["staff", "admin"]}, **SSO))).json()
    assert told["id"] == told["name"] == "sso:u-1"
    assert told["roles"] == ["member"]
    told = s.cgi(**authorization(partner.sign(roles=["admin", "member"], **PARTNER))).json()
    assert told["name"] == "partner:u-1" and told["roles"] == ["admin"]
    assert s.cgi(**authorization(s.signer.sign())).json()["id"] == "u-1"


def number(n):
    """An integer as a JWK has it."""
    return base64.urlsafe_b64encode(n.to_bytes((n.bit_length() + 7) // 8, "big")).decode().rstrip("=")


ENTRA = {"iss": "https://login.example/t/v2.0", "aud": "app"}


@pytest.mark.parametrize("algorithm, good", [
    (None, []), ("RS256", ["RS256"]), ("RS512", ["RS512"]), ("PS256", ["PS256"]), ("ES256", [])])
def test_keys_without_alg_are_for_the_one_algorithm_of_the_settings(site, algorithm, good):
    """As Entra publishes them: RSA, with kid, x5t and x5c, and without alg."""
    settings = {"issuer.entra.algorithm": algorithm} if algorithm else {}
    s = site(**{"issuer.entra.url": ENTRA["iss"], "issuer.entra.audience": "app",
                "issuer.entra.keys": "entra.json", "issuer.entra.type": "JWT",
                "issuer.entra.roles": "Task.Read:member", **settings})
    keys = [rsa.generate_private_key(65537, 2048) for _ in range(2)]
    s.write("entra.json", json.dumps({"keys": [
        {"kty": "RSA", "use": "sig", "kid": str(i), "x5t": str(i), "x5c": ["MIIC"], "e": "AQAB",
         "n": number(key.public_key().public_numbers().n), "issuer": ENTRA["iss"]}
        for i, key in enumerate(keys)]}))
    now = int(time.time())
    claims = dict(ENTRA, sub="u-1", iat=now, exp=now + 600, roles=["Task.Read"], tid="t")
    for alg in ("RS256", "RS384", "RS512", "PS256"):
        token = jwt.encode(claims, keys[1], alg, headers={"kid": "1", "x5t": "1"})
        answer = s.cgi(**authorization(token))
        # without any key that is good for something its tokens cannot be checked at all
        assert answer.status == (200 if alg in good else 401 if good else 503), alg
        assert alg not in good or answer.json()["roles"] == ["member"]
    forged = jwt.encode(claims, "x" * 64, "HS256", headers={"kid": "1"})
    assert s.cgi(**authorization(forged)).status == (401 if good else 503)
    assert s.cgi(**authorization(s.signer.sign())).status == 200


def test_each_key_belongs_to_its_issuer(federation):
    s, sso, partner = federation
    signers, claims = [s.signer, sso, partner], [{}, SSO, PARTNER]
    for i, signer in enumerate(signers):
        for j, of in enumerate(claims):
            status = s.cgi(**authorization(signer.sign(**of))).status
            # genuine, but of an issuer whose user has no role here
            good = 403 if j else 200
            assert status == (good if i == j else 401), (i, j)


@pytest.mark.parametrize("change", [
    {"aud": "other"}, {"aud": None}, {"exp": 1}, {"exp": None}, {"iat": None}, {"sub": None},
    {"iss": "https://sso.example/realms/x/"}, {"iss": "https://SSO.example/realms/x"},
    {"iss": "https://unknown.example"}, {"iss": None}, {"sub": "a\nb"}])
def test_their_tokens_are_judged_like_ours(federation, change):
    s, sso, _ = federation
    answer = s.cgi(**authorization(sso.sign(**dict(SSO, **change))))
    assert answer.status == 401
    assert answer.json()["error"] == "invalid_token"


def test_the_type_that_the_settings_want_is_demanded(federation):
    s, _, partner = federation
    assert s.cgi(**authorization(partner.sign(**dict(PARTNER, typ="JWT")))).status == 401


def test_nobody_of_ours_can_be_named_like_one_of_theirs(federation):
    s, _, _ = federation
    assert s.cgi(**authorization(s.signer.sign(sub="sso:u-1"))).status == 401
    assert s.cgi(**authorization(s.signer.sign(preferred_username="sso:u-1"))).status == 401


# ---- requests and settings that are wrong ----

@pytest.mark.parametrize("length", ["-1", "x", "1e3", "07", "99999999999999999999999", "5", "3"])
def test_refuses_a_length_that_does_not_fit(site, length):
    s = site()
    answer = s.cgi(method="POST", body=b"body", CONTENT_LENGTH=length,
                   **authorization(s.signer.sign()))
    assert answer.status == (200 if length == "3" else 400)  # 3: CGI reads no further


def test_refuses_large_bodies(site):
    s = site()
    token = authorization(s.signer.sign())
    assert s.cgi(method="POST", body=b"x" * 65536, **token).status == 200
    assert s.cgi(method="POST", body=b"x" * 65537, **token).status == 413
    json_type = {"CONTENT_TYPE": "application/json"}
    assert s.cgi(method="POST", body=b"x" * 16385, **json_type, **token).status == 413


@pytest.mark.parametrize("text,reason", [
    ("public_url = nonsense\n", "public_url"),
    ("unknown_thing = 1\n", "unknown_thing"),
    (f"public_url = {SITE}\n", "verifying_keys"),
    (f"public_url = {SITE}\nverifying_keys = missing.json\nrevocation = off\n", "missing.json"),
    (f"public_url = {SITE}\nverifying_keys = empty.json\nrevocation = off\n", "empty.json"),
    (f"public_url = {SITE}\nverifying_keys = private.json\nrevocation = off\n", "private.json"),
])
def test_refuses_all_while_the_settings_are_broken_and_says_why_in_the_log_only(
        site, text, reason):
    s = site()
    token = s.signer.sign()
    s.write("doorward.conf", text)
    s.write("empty.json", '{"keys": []}')
    s.write("private.json", json.dumps(dict(s.signer.public(), d="A" * 43)))
    for headers in (authorization(token), {}, NAVIGATION):
        answer = s.cgi(**headers)
        assert answer.status == 503
        assert int(answer.header("Retry-After")) > 0
        if headers == NAVIGATION:
            assert answer.header("Content-Type") == "text/html; charset=utf-8"
        else:
            assert answer.json()["error"] == "temporarily_unavailable"
        assert s.directory not in answer.text and reason not in answer.text
        assert reason in s.log


def test_neither_signs_nor_talks_to_a_database():
    """What the linker put into it: nothing of libpq, nothing that makes a signature."""
    from programs import BUILD
    program = f"{BUILD}/protected.fcgi"
    libraries = subprocess.run(["ldd", program], stdout=subprocess.PIPE, text=True,
                               check=True).stdout
    assert "libpq" not in libraries and "libsodium" not in libraries
    symbols = subprocess.run(["nm", program], stdout=subprocess.PIPE, text=True,
                             check=True).stdout
    assert "jws_verify" in symbols
    for name in ("jws_sign", "jwt_issue", "PQ", "EVP_DigestSign@", "EVP_PKEY_sign"):
        assert not re.search(rf"\b{name}", symbols), name
