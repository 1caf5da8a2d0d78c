"""Clients of the OpenID provider, as the tests need them.

    browser = signed_in(stack)              alice, in a browser
    app = App(stack)                        a client that `doorward client add` has made
    asked = app.ask(browser)                to /oauth/authorize, and past the consent if it asks
    asked.code, asked.said                  what came back to the redirect URI
    app.token(asked)                        the answer of /oauth/token
    tokens = app.tokens(browser)            all of that; the JSON of an answer that must be 200
    app.refresh(tokens), app.userinfo(tokens), app.revoke(token)
    app.end_session(browser, id_token_hint=…)
    verified(stack, tokens["id_token"], audience=app.id)    its claims, or jwt.InvalidTokenError

What goes to an endpoint can be changed by a keyword: `app.ask(browser, state=None)` sends none,
`app.token(asked, code_verifier="x")` another one. A list is sent as so many parameters.
"""

import base64
import hashlib
import itertools
import json
import os
import secrets
import urllib.parse

import jwt

from client import ALICE, Client, bearer, form_login, hidden_fields

REDIRECT = "https://app.example/callback"
EVERYTHING = "openid profile email groups offline_access"
NUMBERS = itertools.count(1)
# How a browser comes that was led here by a page of another site: a GET names no Origin.
FROM_ELSEWHERE = {"Sec-Fetch-Site": "cross-site", "Origin": None}


def signed_in(stack, name=ALICE[0], password=ALICE[1]):
    """A browser whose user has signed in."""
    browser, answer = form_login(stack, name, password)
    assert answer.status_code == 303, answer.text
    return browser


def challenge(verifier):
    """S256 (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def changed(parameters, changes):
    """Parameters with changes; one of None is left out."""
    return {k: v for k, v in {**parameters, **changes}.items() if v is not None}


def said(location):
    """The parameters in the query of an address, each of which stands there once."""
    pairs = urllib.parse.parse_qsl(urllib.parse.urlsplit(location).query, keep_blank_values=True)
    assert len(dict(pairs)) == len(pairs), location
    return dict(pairs)


def with_query(address, parameters):
    """An address and parameters."""
    return address + ("&" if "?" in address else "?") + urllib.parse.urlencode(parameters, doseq=True)


def verified(stack, token, audience, **options):
    """The claims of a token: signed by a published key, of this issuer, for `audience`."""
    with open(f"{stack.directory}/jwks.json", encoding="utf-8") as f:
        keys = {key["kid"]: key for key in json.load(f)["keys"]}
    key = jwt.PyJWK(keys[jwt.get_unverified_header(token)["kid"]])
    return jwt.decode(token, key.key, algorithms=[keys[key.key_id]["alg"]],
                      audience=audience, issuer=stack.settings.get("public_url", stack.public_url),
                      **options)


class Asked:
    """An authorization request: what was sent, what only the client knows, and what came back."""

    def __init__(self, app, changes):
        self.app = app
        self.verifier = secrets.token_urlsafe(32)
        self.parameters = changed({
            "response_type": "code", "client_id": app.id, "redirect_uri": app.redirect,
            "scope": app.scope, "state": secrets.token_urlsafe(8),
            "nonce": secrets.token_urlsafe(8), "code_challenge": challenge(self.verifier),
            "code_challenge_method": "S256"}, changes)
        self.answer = None

    @property
    def location(self):
        """Where the browser was led last, or "" for a page."""
        return self.answer.headers.get("Location", "")

    @property
    def is_back(self):
        """Whether it was led to the client."""
        return self.location.startswith(self.app.redirect)

    @property
    def said(self):
        """What the client was told."""
        assert self.is_back, (self.answer.status_code, self.location, self.answer.text[:2000])
        return said(self.location)

    @property
    def code(self):
        """Of a request that went well."""
        assert "code" in self.said, self.said
        return self.said["code"]


class App:
    """A client that the provider knows."""

    def __init__(self, stack, *options, name=None, redirect=REDIRECT, scope=EVERYTHING,
                 method="client_secret_basic", consent="trusted"):
        """More options of the command: App(stack, "--role", "member", "--logout", URL)."""
        worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
        self.stack, self.redirect, self.scope, self.method = stack, redirect, scope, method
        self.id = name or f"app-{worker}-{next(NUMBERS)}"
        printed = stack.doorward(
            "client", "add", self.id, "--redirect", redirect, "--scope", scope, "--method", method,
            "--consent", consent, *options)
        words = dict(line.split(" ", 1) for line in printed.splitlines() if " " in line)
        assert words["client_id"] == self.id
        self.secret = words.get("client_secret")
        self.web = Client(stack)

    # ---- the browser's part ----

    def ask(self, browser, press="allow", **changes):
        """GET /oauth/authorize; where the consent page comes, press that button (None: none)."""
        asked = Asked(self, changes)
        asked.answer = browser.get(with_query("/oauth/authorize", asked.parameters),
                                   headers=FROM_ELSEWHERE)
        self.follow(browser, asked)
        if asked.answer.status_code == 200 and press is not None:
            asked.answer = self.press(browser, asked.answer, press)
        return asked

    @staticmethod
    def follow(browser, asked):
        """A redirect within /oauth is followed; one to the login or to the client is not."""
        for _ in range(3):
            if urllib.parse.urlsplit(asked.location).path.startswith("/oauth/"):
                asked.answer = browser.get(asked.location, headers=FROM_ELSEWHERE)

    @staticmethod
    def press(browser, page, button, **changes):
        """Send the form of a consent page."""
        fields = changed({**hidden_fields(page.text), "do": button}, changes)
        return browser.post("/oauth/consent", data=fields)

    def end_session(self, browser, **parameters):
        """GET /oauth/end-session."""
        return browser.get(with_query("/oauth/end-session", changed(parameters, {})),
                           headers=FROM_ELSEWHERE)

    # ---- the client's own requests ----

    def proof(self):
        """How this client proves who it is: headers and fields of a form."""
        if self.method == "client_secret_basic":
            pair = ":".join(urllib.parse.quote_plus(part) for part in (self.id, self.secret))
            return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}, {}
        if self.method == "client_secret_post":
            return {}, {"client_id": self.id, "client_secret": self.secret}
        return {}, {"client_id": self.id}

    def post(self, path, fields, changes=None, headers=None):
        """A form of this client's, with its proof."""
        own_headers, own_fields = self.proof()
        return self.web.post(path, data=changed({**own_fields, **fields}, changes or {}),
                             headers=changed(own_headers, headers or {}))

    def token(self, asked, headers=None, **changes):
        """Exchange the code of a request."""
        fields = {"grant_type": "authorization_code", "code": asked.code,
                  "redirect_uri": asked.parameters.get("redirect_uri")}
        if "code_challenge" in asked.parameters:
            fields["code_verifier"] = asked.verifier
        return self.post("/oauth/token", changed(fields, {}), changes, headers)

    def tokens(self, browser, **changes):
        """Ask, and exchange: what a client holds afterwards."""
        answer = self.token(self.ask(browser, **changes))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refresh(self, tokens, headers=None, **changes):
        """A refresh token, or an answer that has one."""
        token = tokens if isinstance(tokens, str) else tokens["refresh_token"]
        return self.post("/oauth/token", {"grant_type": "refresh_token", "refresh_token": token},
                         changes, headers)

    def revoke(self, token, headers=None, **changes):
        """RFC 7009."""
        return self.post("/oauth/revoke", {"token": token}, changes, headers)

    def userinfo(self, tokens):
        """By an access token, or an answer that has one."""
        token = tokens if isinstance(tokens, str) else tokens["access_token"]
        return self.web.get("/oauth/userinfo", headers=bearer(token))
