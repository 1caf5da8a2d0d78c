"""Each kind of token opens its own door and no other: every kind at every place. The kinds of
secrets that are not JWTs are those of the table of lib/ticket."""

import base64
import functools
import re
import subprocess

import pytest

from client import ALICE, Client, form_login, hidden_fields, json_login
from codes import Made
from links import add_user, make_link, make_shown
from second import FLOW, Factors, begin, begin_json, prove_json
from servers import TREE, end_stack, start_stack
from tickets import make_ticket, ticket_table

# What marks a kind in the code: a `typ`, a prefix, or the label in front of what an HMAC is made
# of. One that is not in the table of lib/ticket makes the test below fail.
MARKS = re.compile(r'"(dw[a-z]_)|"([a-z]+\+jwt)"|"(doorward [a-z]+ \d)')
TABLE = ticket_table()
KINDS = ["access", "program", *TABLE, "account form", "client-access", "id-token"]


def test_no_kind_is_forgotten():
    sources = subprocess.run(["git", "ls-files", "lib/*.[ch]"], cwd=TREE,
                             check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    found = set()
    for name in sources:
        with open(f"{TREE}/{name}", encoding="utf-8") as f:
            found |= {"".join(mark) for mark in MARKS.findall(f.read())}
    assert found == {"at+jwt", *(kind.prefix for kind in TABLE.values())}


LINKS = {"invite", "verify", "reset", "change-address", "undo-address", "welcome",
         "reset-shown"}
FACTOR_LINK = "__Secure-doorward-factor-link"
TESS = ("tess", "six owls over the harbour")  # she has second factors


@pytest.fixture(scope="module", name="kinds")
def _kinds():
    """The stack, and one live token of each kind. Those that nothing gives out yet are made with
    the session secret, as a site would that had but one key; so is a setup link, which no site
    with users has."""
    stack = start_stack("apache", "fastcgi", registration="invited")
    try:
        yield stack, live_tokens(stack)
    finally:
        end_stack(stack)


def live_links(stack):
    """A link of each kind, as mails carry them."""
    name = add_user(stack)
    return {kind: make_link(stack, kind, None if kind == "invite" else name,
                            address=f"{name}@example.{'org' if kind == 'verify' else 'net'}")
            for kind in LINKS - {"reset-shown"} | {"factor"}} | {
                "reset-shown": make_shown(stack, name)}


def live_tokens(stack):
    """Of each kind one."""
    client, answer = form_login(stack, *ALICE)
    assert answer.status_code == 303
    page = client.get("/login?need=fresh")
    Factors(stack, *TESS, ["member"])
    with open(f"{stack.directory}/keys/session.secret", "rb") as f:
        key = f.read()
    live = {name: make_ticket(name, key) for name in TABLE} | live_links(stack)
    live |= {"access": client.cookies["__Host-doorward"], "program": program_token(stack),
             "refresh": json_login(stack, *ALICE).json()["refresh_token"],
             "device": client.cookies["__Secure-doorward-device"],
             "flow": begin_json(stack, *TESS)["mfa_token"],
             "form": hidden_fields(page.text)["form_token"],
             "account form": hidden_fields(client.get("/account/password").text)["form_token"]}
    live |= {kind: of_client(stack, kind) for kind in OF_CLIENTS}
    for name, kind in TABLE.items():
        assert live[name].startswith(kind.prefix)
    return live


OF_CLIENTS = ("code", "client-refresh", "client-secret", "client-access", "id-token")


@functools.cache
def app_of(stack):
    """A client of the provider."""
    return Made(stack, pkce=False)


def of_client(stack, kind):
    """One of those kinds that clients hold: a new one, but for the secret."""
    app = app_of(stack)
    if kind == "client-secret":
        return app.secret
    if kind == "code":
        return app.hold(pkce=False).code
    name = {"client-refresh": "refresh_token", "client-access": "access_token"}
    return app.got(pkce=False)[name.get(kind, "id_token")]


def program_token(stack):
    """Alice's, which the operator made."""
    sub = stack.sql(f"select id from doorward.users where name = '{ALICE[0]}'")
    return stack.doorward("token", "issue", "--sub", sub, "--life", "1d").strip()


def as_bearer(stack, token):
    """Accepted in the Authorization header?"""
    return Client(stack).get("/protected", headers={
        "Authorization": f"Bearer {token}"}).status_code == 200


def as_access_cookie(stack, token):
    """Accepted in the access token's cookie?"""
    return Client(stack).get("/protected", headers={
        "Cookie": f"__Host-doorward={token}"}).status_code == 200


def as_account_cookie(stack, token):
    """Accepted by the account page?"""
    return Client(stack).get("/account", headers={
        "Cookie": f"__Host-doorward={token}"}).status_code == 200


def as_refresh_json(stack, token):
    """Accepted by /login/refresh?"""
    return Client(stack).post("/login/refresh", json={"refresh_token": token}).status_code == 200


def as_session_cookie(stack, token):
    """Accepted for a silent renewal?"""
    return Client(stack, browser=True).get("/login", headers={
        "Cookie": f"__Secure-doorward-session={token}"}).status_code == 303


def as_refresh_cookie(stack, token):
    """Accepted by /login/refresh as a cookie?"""
    return Client(stack, browser=True).post("/login/refresh", headers={
        "Cookie": f"__Secure-doorward-session={token}"}).status_code == 200


def as_form_token(stack, token):
    """Accepted by the login form?"""
    client = Client(stack, browser=True)
    client.get("/login")
    return client.post("/login", data={"form_token": token, "username": ALICE[0],
                                       "password": ALICE[1]}).status_code == 303


def as_form_cookie_and_token(stack, token):
    """Accepted as what a form is bound to?"""
    return Client(stack, browser=True).post(
        "/login", headers={"Cookie": f"__Host-doorward-form={token}"},
        data={"form_token": token, "username": ALICE[0],
              "password": ALICE[1]}).status_code == 303


def as_account_form_token(stack, token):
    """Accepted by the account's forms in another session?"""
    client, _ = form_login(stack, *ALICE)
    return client.post("/account/end", data={
        "form_token": token, "others": "1"}).status_code == 303


def nonce(device):
    """What a device is known by: it keeps that in its next secret."""
    text = device[4:]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))[28:44]


def is_the_device(token, device):
    """Known as the device of `token`?"""
    return token.startswith("dwd_") and nonce(token) == nonce(device)


def as_json_device(stack, token):
    """Accepted as a device secret by a JSON login?"""
    answer = Client(stack).post("/login", json={"username": ALICE[0], "password": ALICE[1],
                                                "device": token})
    assert answer.status_code == 200  # what is no device secret does not keep anybody out
    return is_the_device(token, answer.json()["device"])


def as_device_cookie(stack, token):
    """Accepted as a device secret by the form?"""
    client = Client(stack, browser=True)
    fields = hidden_fields(client.get("/login").text)
    cookie = f"__Host-doorward-form={client.cookies['__Host-doorward-form']}"
    answer = Client(stack, browser=True).post(
        "/login", headers={"Cookie": f"{cookie}; __Secure-doorward-device={token}"},
        data=dict(fields, username=ALICE[0], password=ALICE[1]))
    assert answer.status_code == 303
    return is_the_device(token, answer.cookies["__Secure-doorward-device"])


def as_logout_bearer(stack, token):
    """Does /login/logout take it as an access token?"""
    return Client(stack).post("/login/logout", headers={
        "Authorization": f"Bearer {token}"}).status_code == 204


def as_logout_json(stack, token):
    """Does /login/logout take it as a refresh token?"""
    return Client(stack).post("/login/logout",
                              json={"refresh_token": token}).status_code == 204


def as_maker(stack, token):
    """Does /login/token make a program's token for the session in the cookie?"""
    client, _ = form_login(stack, *ALICE)
    fields = hidden_fields(client.get("/account/tokens").text)
    return Client(stack, browser=True).post(
        "/login/token", headers={"Cookie": f"__Host-doorward={token}"},
        data={"label": "x", **fields}).status_code == 200


def as_maker_by_bearer(stack, token):
    """The same as a script would ask."""
    client, _ = form_login(stack, *ALICE)
    fields = hidden_fields(client.get("/account/tokens").text)
    return Client(stack).post(
        "/login/token", headers={"Authorization": f"Bearer {token}", "Origin": stack.public_url},
        data={"label": "x", **fields}).status_code == 200


def as_token_form_token(stack, token):
    """Accepted by the form that makes a program's token, in another session?"""
    client, _ = form_login(stack, *ALICE)
    return client.post("/login/token", data={"label": "x", "form_token": token}).status_code == 200


def as_link(stack, token):
    """Does /account/link lead on with it?"""
    return Client(stack, browser=True).get(
        "/account/link", params={"token": token}).status_code == 303


def as_link_cookie(stack, token):
    """Is the form shown for it as the link in the cookie?"""
    page = Client(stack, browser=True).get("/account/link", headers={
        "Cookie": f"__Secure-doorward-link={token}"})
    return page.status_code == 200 and "<form" in page.text


def as_link_form_token(stack, token):
    """Accepted by the form behind a link?"""
    client = Client(stack, browser=True)
    client.get("/account/link", params={"token": make_link(stack, "invite")})
    return client.post("/account/link", data={
        "form_token": token, "username": "eve", "password": "otters sleep on their backs"}).status_code == 303


def as_forgot_form_token(stack, token):
    """Accepted by the form of who has forgotten the password?"""
    client = Client(stack, browser=True)
    client.get("/account/forgot")
    return client.post("/account/forgot", data={"form_token": token, "who": "x"}).status_code == 303


def as_mfa_token(stack, token):
    """Accepted by /login/mfa as the ticket of a login under way? Its code is wrong."""
    return prove_json(stack, token, code="000000").json()["error"] in {
        "invalid_code", "too_many_requests"}


def as_flow_cookie(stack, token):
    """Is the second factor asked for with it?"""
    return Client(stack, browser=True).get("/login/mfa", headers={
        "Cookie": f"{FLOW}={token}"}).status_code == 200


def as_mfa_form_token(stack, token):
    """Accepted by the form of another login under way? Its code is wrong."""
    client, _ = begin(stack, *TESS)
    return client.post("/login/mfa", data={"form_token": token,
                                           "code": "000000"}).status_code in (303, 401, 429)


def as_factor_link(stack, token):
    """Does /login/factor lead on with it?"""
    return Client(stack, browser=True).get(
        "/login/factor", params={"token": token}).status_code == 303


def as_factor_link_cookie(stack, token):
    """Does it show the button that uses it as the link in the cookie?"""
    page = Client(stack, browser=True).get("/login/factor", headers={
        "Cookie": f"{FACTOR_LINK}={token}"})
    return page.status_code == 200 and 'value="open"' in page.text


def as_code(stack, token):
    """Does its client get tokens for it as a code?"""
    app = app_of(stack)
    return app.post("/oauth/token", {
        "grant_type": "authorization_code", "code": token,
        "redirect_uri": app.redirect}).status_code == 200


def as_client_refresh(stack, token):
    """Does its client renew with it?"""
    return app_of(stack).refresh(token).status_code == 200


def as_client_secret(stack, token):
    """Is it the client's secret? The code is none, but that is looked at later."""
    app = app_of(stack)
    pair = base64.b64encode(f"{app.id}:{token}".encode()).decode()
    answer = Client(stack).post("/oauth/token", headers={"Authorization": f"Basic {pair}"},
                                data={"grant_type": "authorization_code", "code": "x"})
    assert answer.json()["error"] in ("invalid_client", "invalid_grant")
    return answer.json()["error"] == "invalid_grant"


def as_userinfo(stack, token):
    """Does userinfo tell of its person?"""
    return Client(stack).get("/oauth/userinfo", headers={
        "Authorization": f"Bearer {token}"}).status_code == 200


def as_userinfo_form(stack, token):
    """The same in the body."""
    return Client(stack).post("/oauth/userinfo", data={"access_token": token}).status_code == 200


def as_given_back(stack, token):
    """Does its client end something by giving it back?"""
    before = state(stack)
    assert app_of(stack).revoke(token).status_code in (200, 400)
    return before != state(stack)


def as_hint(stack, token):
    """Does it name a session that is to end?"""
    return Client(stack, browser=True).get("/oauth/end-session", params={
        "id_token_hint": token}).status_code != 400


def as_request(stack, token):
    """Does it open a stored authorization request, as the cookie of its browser?"""
    return Client(stack, browser=True).get(
        "/oauth/authorize?id=00000000-0000-4000-8000-000000000000",
        headers={"Cookie": f"__Host-doorward-oauth={token}"}).status_code == 200


PLACES = {as_bearer: {"access", "program"}, as_access_cookie: {"access"}, as_account_cookie: {"access"},
          as_refresh_json: {"refresh"}, as_session_cookie: {"refresh"},
          as_refresh_cookie: {"refresh"}, as_form_token: set(), as_form_cookie_and_token: set(),
          as_account_form_token: set(), as_json_device: {"device"},
          as_device_cookie: {"device"}, as_logout_bearer: {"access", "program"},
          as_maker: set(), as_maker_by_bearer: set(), as_token_form_token: set(),
          as_logout_json: {"refresh"}, as_link: LINKS, as_link_cookie: LINKS,
          as_link_form_token: set(), as_forgot_form_token: set(), as_mfa_token: {"flow"},
          as_flow_cookie: {"flow"}, as_mfa_form_token: set(), as_factor_link: {"factor"},
          as_factor_link_cookie: {"factor"}, as_code: {"code"},
          as_client_refresh: {"client-refresh"}, as_client_secret: {"client-secret"},
          as_userinfo: {"client-access"}, as_userinfo_form: {"client-access"},
          as_given_back: {"client-access", "client-refresh"}, as_hint: {"id-token"},
          as_request: set()}

# Where whoever shows a token logs in besides, or has: the database changes by that.
LOGS_IN = {as_json_device, as_device_cookie, as_account_form_token, as_maker, as_maker_by_bearer,
           as_token_form_token}


def state(stack):
    """All that a request could change."""
    return stack.sql("select (select string_agg(s::text, ' ' order by s.id) from doorward.sessions s),"
                     " (select string_agg(t::text, ' ' order by t.hash)"
                     "  from doorward.refresh_tokens t),"
                     " (select string_agg(r::text, ' ' order by r.sid) from doorward.revocations r),"
                     " (select string_agg(u::text, ' ' order by u.id) from doorward.users u),"
                     " (select string_agg(g::text, ' ' order by g.id) from doorward.oauth_grants g),"
                     " (select string_agg(t::text, ' ' order by t.hash)"
                     "  from doorward.oauth_refresh_tokens t),"
                     " (select string_agg(c::text, ' ' order by c.hash) from doorward.oauth_codes c)")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_a_kind_is_accepted_in_its_own_places_only(kinds, kind, place):
    stack, live = kinds
    token = live[kind]
    if kind in PLACES[place] and kind in OF_CLIENTS:
        token = of_client(stack, kind)
    elif kind == "program" and place is as_logout_bearer:
        token = program_token(stack)  # so is this
    elif kind in PLACES[place] and (kind == "refresh" or place is as_logout_bearer):
        answer = json_login(stack, *ALICE).json()  # each is good once
        token = answer["refresh_token" if kind == "refresh" else "token"]
    before = state(stack)
    accepted = place(stack, token)
    assert accepted == (kind in PLACES[place])
    if not accepted and place not in LOGS_IN:
        assert state(stack) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_kind_is_refused_as_any_wrong_text(kinds, kind):
    stack, live = kinds

    def answers(token):
        yield Client(stack).get("/protected", headers={"Authorization": f"Bearer {token}"})
        for path in ("/login/refresh", "/login/logout"):
            yield Client(stack).post(path, json={"refresh_token": token})
        yield Client(stack).post("/login/logout", headers={"Authorization": f"Bearer {token}"})
        yield Client(stack).get("/oauth/userinfo", headers={"Authorization": f"Bearer {token}"})
        yield app_of(stack).refresh(token)
        yield app_of(stack).revoke(token)

    for answer, usual in zip(answers(live[kind]), answers("wrong")):
        if answer.ok:
            assert kind in ("access", "program", "refresh", "client-access", "client-refresh") or (
                answer.text == usual.text == "")
        elif kind == "client-access" and answer.url.endswith("/protected"):
            assert answer.json()["error"] == "insufficient_scope"  # good, and of no use here
        else:
            assert (answer.status_code, answer.text) == (usual.status_code, usual.text)
