"""A logout that a client asks for (OpenID Connect RP-Initiated Logout 1.0).

The names in the tests' first lines are those of the OpenID Foundation's test modules.
"""

import glob
import re
import time
import urllib.parse

import jwt
import pytest

from client import ALICE, Client, bearer, claims, form_login, hidden_fields
from revoked import no_file_can_be_written
from servers import USERS
from tokens import load, signing_jwk

BYE = "https://wiki.example/bye"
BYE_QUERY = "https://wiki.example/bye?where=here"
NATIVE = "com.example.app:/bye"


@pytest.fixture(name="wiki", autouse=True)
def _wiki(apache):
    """A client, until the test ends."""
    for name in "wiki", "shop":
        add_client(apache, name)
    yield "wiki"
    apache.sql("delete from doorward.oauth_clients")


def add_client(stack, name):
    stack.sql("insert into doorward.oauth_clients values"
              f" ('{name}', 'The {name}', '{{}}', '{{{BYE},{BYE_QUERY},{NATIVE}}}',"
              " 'none', '{openid}', null, '{}', '{}', 'ask', true, 'RS256', false,"
              " doorward.now(), doorward.now())")


def signed_in(stack, name=ALICE[0], password=ALICE[1]):
    browser, answer = form_login(stack, name, password)
    assert answer.status_code == 303
    return browser


def access(browser):
    return browser.cookies["__Host-doorward"]


def key_of(stack, alg):
    """The private key of this algorithm."""
    [key] = [key for key in map(load, glob.glob(f"{stack.directory}/keys/signing/*.jwk"))
             if key["alg"] == alg]
    return key


def sign(stack, payload, alg="RS256", typ=None):
    """A token with these claims, signed with a key of ours."""
    jwk = key_of(stack, alg)
    headers = {"kid": jwk["kid"], **({} if typ is None else {"typ": typ})}
    return jwt.encode(payload, jwt.PyJWK(jwk).key, algorithm=alg, headers=headers)


def hint_claims(stack, browser, client="wiki", **changes):
    """What an ID token of this browser's session says."""
    held = claims(access(browser))
    now = int(time.time())
    sid = stack.sql(f"select doorward.oauth_id_sid(doorward.session_of('{held['sid']}'), '{client}')")
    return {"iss": held["iss"], "sub": held["sub"], "aud": client, "iat": now, "exp": now + 300,
            "auth_time": now, "sid": sid, **changes}


def hint(stack, browser, client="wiki", **changes):
    """Such a token."""
    return sign(stack, hint_claims(stack, browser, client, **changes))


def end(browser, **parameters):
    """GET /oauth/end-session, as a link of another site."""
    return browser.get("/oauth/end-session", params=parameters,
                       headers={"Sec-Fetch-Site": "cross-site", "Origin": None})


def is_open(stack, browser, token=None):
    """The session goes on."""
    token = token or access(browser)
    session = stack.sql("select count(*) from doorward.sessions where ended_at is null"
                        f" and sid = '{claims(token)['sid']}'")
    status = Client(stack).get("/protected", headers=bearer(token)).status_code
    assert (session, status) in (("1", 200), ("0", 401))
    return status == 200


def dropped(answer):
    """The cookies that the answer removes, with their paths."""
    return {(line.split("=")[0], line.split("Path=")[1].split(";")[0])
            for line in answer.raw.headers.getlist("Set-Cookie") if "Max-Age=0" in line}


SESSION_COOKIES = {("__Host-doorward", "/"), ("__Secure-doorward-session", "/login")}


def asks(answer, status=200):
    """A page with a form, which leads nowhere."""
    assert answer.status_code == status and "Location" not in answer.headers, answer.text
    assert "Set-Cookie" not in answer.headers
    return 'action="/login/logout"' in answer.text


# ---- at once ----

@pytest.mark.parametrize("address", [BYE, BYE_QUERY, NATIVE])
def test_a_good_hint_and_a_registered_address_ask_nothing(apache, address):
    """oidcc-rp-initiated-logout, and with a query in the address."""
    browser = signed_in(apache)
    held, state = access(browser), "s&t=a te/\"ü\r\n"
    answer = end(browser, id_token_hint=hint(apache, browser), post_logout_redirect_uri=address,
                 state=state)
    assert answer.status_code == 303
    mark = "&" if "?" in address else "?"
    assert answer.headers["Location"] == f"{address}{mark}state={urllib.parse.quote(state, safe='')}"
    assert not is_open(apache, browser, held)
    assert dropped(answer) == SESSION_COOKIES
    assert browser.get("/protected").headers["Location"].startswith("/login?return_to=")


def test_without_a_state_none_comes_back(apache):
    """oidcc-rp-initiated-logout-no-state"""
    browser = signed_in(apache)
    answer = end(browser, id_token_hint=hint(apache, browser), post_logout_redirect_uri=BYE)
    assert (answer.status_code, answer.headers["Location"]) == (303, BYE)


def test_without_an_address_the_browser_stays_here(apache):
    """oidcc-rp-initiated-logout-no-post-logout-redirect-uri"""
    browser = signed_in(apache)
    held = access(browser)
    answer = end(browser, id_token_hint=hint(apache, browser), state="x")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login/goodbye")
    assert not is_open(apache, browser, held)


def test_a_hint_that_has_expired_is_as_good(apache):
    browser = signed_in(apache)
    old = hint(apache, browser, iat=1000, exp=2000)
    assert end(browser, id_token_hint=old, post_logout_redirect_uri=BYE).status_code == 303


def test_a_hint_of_the_sites_own_algorithm_is_as_good(apache):
    browser = signed_in(apache)
    ours = sign(apache, hint_claims(apache, browser), signing_jwk(apache)["alg"], typ="JWT")
    answer = end(browser, id_token_hint=ours, client_id="wiki", post_logout_redirect_uri=BYE)
    assert (answer.status_code, answer.headers["Location"]) == (303, BYE)


def test_a_session_whose_cookie_has_run_out_ends_all_the_same(apache):
    """The cookie that would renew it is for /login only: the hint alone names the session."""
    browser = signed_in(apache)
    held, said = access(browser), hint(apache, browser)
    del browser.cookies["__Host-doorward"]
    answer = end(browser, id_token_hint=said, post_logout_redirect_uri=BYE)
    assert (answer.status_code, answer.headers["Location"]) == (303, BYE)
    assert not is_open(apache, browser, held)
    answer = browser.get("/login", params={"return_to": "/protected"})
    assert answer.status_code == 200 and 'name="password"' in answer.text


def test_a_browser_without_a_session_is_led_on(apache):
    """Also the second time, and the cookies of whoever is here by then stay."""
    browser = signed_in(apache)
    said = hint(apache, browser)
    for _ in range(2):
        answer = end(Client(apache, browser=True), id_token_hint=said, post_logout_redirect_uri=BYE,
                     state="x")
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{BYE}?state=x")
        assert dropped(answer) == set()


def test_the_cookies_of_a_session_that_had_ended_go(apache):
    browser = signed_in(apache)
    said = hint(apache, browser)
    kept = Client(apache, browser=True)
    kept.cookies.update(browser.cookies)
    end(browser, id_token_hint=said)
    answer = end(kept, id_token_hint=said, post_logout_redirect_uri=BYE)
    assert answer.status_code == 303 and dropped(answer) == SESSION_COOKIES


# ---- never led on ----

def broken(token):
    """The same with another signature."""
    head, dot, signature = token.rpartition(".")
    return head + dot + ("B" if signature[0] == "A" else "A") + signature[1:]


def test_a_hint_that_is_none_leads_nowhere(apache):
    """oidcc-rp-initiated-logout-bad-id-token-hint"""
    browser = signed_in(apache)
    for bad in "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "x" * 7000:
        answer = end(browser, id_token_hint=bad, post_logout_redirect_uri=BYE, state="x")
        assert asks(answer, 400) and "id_token_hint" in answer.text, bad
    assert is_open(apache, browser)


def test_a_hint_that_was_changed_leads_nowhere(apache):
    """oidcc-rp-initiated-logout-modified-id-token-hint"""
    browser = signed_in(apache)
    answer = end(browser, id_token_hint=broken(hint(apache, browser)),
                 post_logout_redirect_uri=BYE)
    assert asks(answer, 400) and is_open(apache, browser)


def test_a_hint_of_another_issuer_or_for_another_client_leads_nowhere(apache):
    browser = signed_in(apache)
    good = hint_claims(apache, browser)
    for changed in ({"iss": "https://other.example"}, {"aud": ["wiki", "shop"]}, {"sub": "alice"},
                    {"sid": ""}):
        answer = end(browser, id_token_hint=sign(apache, {**good, **changed}),
                     post_logout_redirect_uri=BYE)
        assert asks(answer, 400) and is_open(apache, browser), changed
    answer = end(browser, id_token_hint=sign(apache, good), client_id="shop",
                 post_logout_redirect_uri=BYE)
    assert asks(answer, 400) and is_open(apache, browser)


def test_an_access_token_is_no_hint(apache):
    browser = signed_in(apache)
    for token in (access(browser), sign(apache, hint_claims(apache, browser), typ="at+jwt")):
        answer = end(browser, id_token_hint=token, post_logout_redirect_uri=BYE)
        assert asks(answer, 400) and is_open(apache, browser)


UNREGISTERED = [
    "https://wiki.example/other", BYE + "/", BYE + "?x=1", BYE_QUERY + "&x=1", BYE + "#x",
    "https://wiki.example:443/bye", "HTTPS://wiki.example/bye", "https://evil.example/bye",
    "//wiki.example/bye", BYE + "\n" + BYE_QUERY, "javascript:alert(1)", "/login/goodbye"]


def test_an_address_that_is_not_registered_leads_nowhere(apache):
    """oidcc-rp-initiated-logout-bad-post-logout-redirect-uri and
    oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri"""
    browser = signed_in(apache)
    said = hint(apache, browser)
    for address in UNREGISTERED:
        answer = end(browser, id_token_hint=said, post_logout_redirect_uri=address)
        assert asks(answer, 400) and "post_logout_redirect_uri" in answer.text, address
    assert is_open(apache, browser)


def test_an_address_of_another_client_leads_nowhere(apache):
    apache.sql("update doorward.oauth_clients set logouts = '{https://shop.example/bye}'"
               " where id = 'shop'")
    browser = signed_in(apache)
    answer = end(browser, id_token_hint=hint(apache, browser),
                 post_logout_redirect_uri="https://shop.example/bye")
    assert asks(answer, 400) and is_open(apache, browser)


def test_a_client_that_was_removed_leads_nowhere(apache):
    browser = signed_in(apache)
    said = hint(apache, browser)
    apache.sql("delete from doorward.oauth_clients where id = 'wiki'")
    answer = end(browser, id_token_hint=said, post_logout_redirect_uri=BYE)
    assert asks(answer, 400) and "client_id" in answer.text and is_open(apache, browser)
    answer = end(browser, client_id="nobody", post_logout_redirect_uri=BYE)
    assert asks(answer, 400) and is_open(apache, browser)


def test_without_a_hint_a_page_asks_and_nobody_is_led_on(apache):
    """oidcc-rp-initiated-logout-no-id-token-hint, -no-params and -only-state"""
    browser = signed_in(apache)
    for parameters in ({}, {"state": "x"}, {"post_logout_redirect_uri": BYE, "state": "x"},
                       {"client_id": "wiki", "post_logout_redirect_uri": BYE}):
        answer = end(browser, **parameters)
        assert asks(answer) and "alice" in answer.text and is_open(apache, browser), parameters
        assert ("The wiki" in answer.text) == ("client_id" in parameters)
    assert asks(end(Client(apache, browser=True)))


def test_the_page_names_nobody_whose_session_has_ended(apache):
    browser = signed_in(apache)
    kept = Client(apache, browser=True)
    kept.cookies.update(browser.cookies)
    assert "alice" in end(kept).text
    end(browser, id_token_hint=hint(apache, browser))
    assert asks(end(kept)) and "alice" not in end(kept).text


def test_a_hint_of_another_session_asks(apache):
    """Of somebody else, or of the same person on another device: nobody signs others out."""
    here, there = signed_in(apache), signed_in(apache)
    other_person = signed_in(apache, "root", USERS["root"][0])
    for other in there, other_person:
        answer = end(here, id_token_hint=hint(apache, other), post_logout_redirect_uri=BYE)
        assert asks(answer) and "The wiki" in answer.text and "alice" in answer.text
        assert is_open(apache, here) and is_open(apache, other)
    mixed = hint(apache, here, sub=claims(access(other_person))["sub"])
    assert asks(end(here, id_token_hint=mixed, post_logout_redirect_uri=BYE))
    other_client = hint(apache, here, sid=hint_claims(apache, here, "shop")["sid"])
    assert asks(end(here, id_token_hint=other_client, post_logout_redirect_uri=BYE))
    assert is_open(apache, here)


def test_a_hint_signs_nobody_out_who_is_not_its_person(apache):
    """The browser's cookie has run out, and another site shows it a hint of its own making."""
    browser, attacker = signed_in(apache), signed_in(apache, "root", USERS["root"][0])
    held = access(browser)
    del browser.cookies["__Host-doorward"]
    answer = end(browser, id_token_hint=hint(apache, attacker), post_logout_redirect_uri=BYE)
    assert answer.status_code == 303 and dropped(answer) == set()
    assert is_open(apache, browser, held)
    assert browser.get("/login", params={"return_to": "/protected"},
                       headers={"Origin": None}).status_code == 303


# ---- the confirmation ----

def test_the_confirmation_ends_the_session_and_leads_to_no_client(apache):
    browser = signed_in(apache)
    held = access(browser)
    page = end(browser, client_id="wiki", post_logout_redirect_uri=BYE, state="x")
    answer = browser.post("/login/logout", data=hidden_fields(page.text))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login/goodbye")
    assert not is_open(apache, browser, held)


def test_another_site_cannot_confirm(apache):
    browser = signed_in(apache)
    page = end(browser)
    answer = browser.post("/login/logout", data=hidden_fields(page.text),
                          headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"})
    assert answer.status_code == 403 and is_open(apache, browser)
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "form-action 'self'; frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


# ---- the form of another site ----

def test_a_form_is_led_to_itself_as_a_get(apache):
    """It comes without our cookies, because they are SameSite=Lax."""
    browser = signed_in(apache)
    held = access(browser)
    fields = {"id_token_hint": hint(apache, browser), "post_logout_redirect_uri": BYE_QUERY,
              "client_id": "wiki", "state": "a b&c", "logout_hint": "ignored"}
    answer = Client(apache).post("/oauth/end-session", data=fields,
                                 headers={"Sec-Fetch-Site": "cross-site",
                                          "Origin": "https://wiki.example"})
    assert answer.status_code == 303
    path, query = answer.headers["Location"].split("?", 1)
    del fields["logout_hint"]
    assert path == "/oauth/end-session" and dict(urllib.parse.parse_qsl(query)) == fields
    assert is_open(apache, browser)
    answer = browser.get(answer.headers["Location"])
    assert answer.headers["Location"] == f"{BYE_QUERY}&state=a%20b%26c"
    assert not is_open(apache, browser, held)


def test_a_form_that_no_address_can_hold_is_refused(apache):
    answer = Client(apache, browser=True).post("/oauth/end-session", data={"state": "x" * 7600})
    assert answer.status_code == 413


# ---- bad input ----

def test_a_parameter_that_comes_twice_is_refused(apache):
    browser = signed_in(apache)
    good = {"id_token_hint": hint(apache, browser), "client_id": "wiki",
            "post_logout_redirect_uri": BYE, "state": "x"}
    for name, value in good.items():
        said = {**good, name: [value, value]}
        assert end(browser, **said).status_code == 400, name
        assert Client(apache).post("/oauth/end-session", data=said).status_code == 400, name
    assert is_open(apache, browser)


def test_nothing_ends_when_the_browser_cannot_be_led_on(apache):
    """A state that is short enough for the request, and too long for the answer."""
    browser = signed_in(apache)
    said = hint(apache, browser)
    answer = browser.get(f"/oauth/end-session?id_token_hint={said}&state={'!' * 4000}"
                         f"&post_logout_redirect_uri={BYE}")
    assert answer.status_code == 413 and is_open(apache, browser)


def test_other_methods_and_bodies_are_refused(apache):
    web = Client(apache)
    assert web.put("/oauth/end-session").status_code == 405
    assert web.post("/oauth/end-session", json={"state": "x"}).status_code == 415


def test_a_page_that_is_only_fetched_in_advance_signs_nobody_out(apache):
    browser = signed_in(apache)
    said = {"id_token_hint": hint(apache, browser), "post_logout_redirect_uri": BYE}
    assert browser.head("/oauth/end-session", params=said).status_code == 200
    answer = browser.get("/oauth/end-session", params=said, headers={"Sec-Purpose": "prefetch"})
    assert asks(answer) and is_open(apache, browser)


def test_bytes_that_are_no_text_are_refused(apache):
    browser = signed_in(apache)
    for value in "%ff", "%00", "a%00b":
        answer = browser.get(f"/oauth/end-session?client_id={value}")
        assert answer.status_code == 400 and is_open(apache, browser), value


# ---- what else there is ----

def test_the_apps_of_the_session_are_signed_out_with_it(apache):
    """Its grants end, but not those that outlive it (offline_access)."""
    browser = signed_in(apache)
    session = apache.sql(f"select doorward.session_of('{claims(access(browser))['sid']}')")
    for offline in "false", "true":
        apache.sql("insert into doorward.oauth_grants (client_id, user_id, session_id, offline, scopes,"
                   " auth_time, amr, created_at, used_at, ends_at) values ('wiki',"
                   f" '{claims(access(browser))['sub']}', '{session}', {offline}, '{{openid}}',"
                   " doorward.now(), '{pwd}', doorward.now(), doorward.now(),"
                   " doorward.now() + interval '1 day')")
    apache.sql("insert into doorward.oauth_refresh_tokens (hash, grant_id)"
               " select sha256(id::text::bytea), id from doorward.oauth_grants"
               f" where session_id = '{session}'")
    end(browser, id_token_hint=hint(apache, browser))
    assert apache.sql("select offline, ended_at is not null from doorward.oauth_grants"
                      f" where session_id = '{session}' order by 1") == "f|t\nt|f"


def test_the_second_try_makes_good_what_the_first_could_not(private_stack):
    """The verifiers could not be told: 503, and not "signed out"."""
    stack = private_stack()
    add_client(stack, "wiki")
    browser = signed_in(stack)
    held, said = access(browser), hint(stack, browser)
    with no_file_can_be_written(stack):
        answer = end(browser, id_token_hint=said, post_logout_redirect_uri=BYE)
        assert (answer.status_code, dropped(answer)) == (503, set())
    assert Client(stack).get("/protected", headers=bearer(held)).status_code == 200
    answer = end(browser, id_token_hint=said, post_logout_redirect_uri=BYE)
    assert (answer.status_code, dropped(answer)) == (303, SESSION_COOKIES)
    assert not is_open(stack, browser, held)
    with open(f"{stack.log}/error.log", encoding="utf-8", errors="replace") as f:
        log = f.read()
    [line] = re.findall("event=logout .*", log)
    assert "ended=before" in line and "client=wiki" in line
    assert "event=logout_unavailable" in log and said not in log


def test_without_the_database_nobody_is_told_that_they_are_signed_out(apache):
    browser = signed_in(apache)
    said = hint(apache, browser)
    function = "function doorward.oauth_logout_end(text, uuid, text, inet)"
    apache.sql(f"revoke execute on {function} from doorward_oauth")
    try:
        answer = end(browser, id_token_hint=said, post_logout_redirect_uri=BYE)
        assert (answer.status_code, dropped(answer)) == (503, set())
    finally:
        apache.sql(f"grant execute on {function} to doorward_oauth")
    assert is_open(apache, browser)
