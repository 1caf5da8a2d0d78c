"""A site whose login is done by Authlib, in a thread of the tests."""

import http.cookies
import http.server
import os
import secrets
import threading
import urllib.parse

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.oidc.core import CodeIDToken

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # the provider of the tests has no TLS
COOKIE = "authlib"


class Refused(Exception):
    """What the person sees of a login that Authlib did not take."""


class Site:
    """The pages; `given` is what the site knows about its provider and about itself."""

    def __init__(self, given):
        self.given = given
        self.sessions = {}
        address = f"{given['issuer']}/.well-known/openid-configuration"
        self.provider = requests.get(address, timeout=10).json()
        self.pages = {"/private/": self.private, "/private/callback": self.callback,
                      "/private/refresh": self.refresh, "/private/logout": self.logout,
                      "/goodbye": lambda session, url: (200, "You are signed out here.", {})}

    def client(self, session):
        """Authlib's session of one login."""
        return OAuth2Session(
            self.given["client_id"], self.given["client_secret"], scope=self.given["scope"],
            redirect_uri=self.given["callback"], state=session.get("state"),
            token_endpoint_auth_method="client_secret_basic", code_challenge_method="S256")

    def private(self, session, _):
        """Who is here, or the way to the login."""
        if "person" in session:
            person = session["person"]
            return 200, (f"name: {person['preferred_username']}\nemail: {person.get('email')}\n"
                         f"groups: {','.join(person['groups'])}\n"
                         f"token: {session['tokens']['access_token']}\n"), {}
        key = secrets.token_urlsafe(16)
        session = self.sessions[key] = {"nonce": generate_token(), "verifier": generate_token(48)}
        address, session["state"] = self.client(session).create_authorization_url(
            self.provider["authorization_endpoint"], nonce=session["nonce"],
            code_verifier=session["verifier"])
        return 303, "", {"Location": address,
                         "Set-Cookie": f"{COOKIE}={key}; Path=/; HttpOnly; SameSite=Lax"}

    def callback(self, session, url):
        """The answer of the provider: RFC 9207, the code, the ID token, the person."""
        answer = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        if answer.get("iss") != self.given["issuer"]:
            raise Refused(f"another issuer: {answer.get('iss')}")
        self.keep(session, self.client(session).fetch_token(
            self.provider["token_endpoint"], authorization_response=url,
            code_verifier=session["verifier"]), session["nonce"])
        return 303, "", {"Location": "/private/"}

    def keep(self, session, tokens, nonce=None):
        """Tokens whose ID token is good."""
        keys = JsonWebKey.import_key_set(
            requests.get(self.provider["jwks_uri"], timeout=10).json())
        claims = JsonWebToken(self.provider["id_token_signing_alg_values_supported"]).decode(
            tokens["id_token"], keys, claims_cls=CodeIDToken,
            claims_options={"iss": {"essential": True, "value": self.given["issuer"]},
                            "aud": {"essential": True, "value": self.given["client_id"]}},
            claims_params={"nonce": nonce, "client_id": self.given["client_id"]})
        claims.validate(leeway=10)
        session["tokens"] = tokens
        person = requests.get(
            self.provider["userinfo_endpoint"], timeout=10,
            headers={"Authorization": f"Bearer {tokens['access_token']}"}).json()
        if person["sub"] != claims["sub"]:
            raise Refused("userinfo is about somebody else")
        session["person"] = person

    def refresh(self, session, _):
        """Other tokens for the refresh token."""
        self.keep(session, self.client(session).refresh_token(
            self.provider["token_endpoint"], session["tokens"]["refresh_token"]))
        return 303, "", {"Location": "/private/"}

    def logout(self, session, _):
        """Out here, then out there."""
        hint = session["tokens"]["id_token"]
        session.clear()
        return 303, "", {"Location": self.provider["end_session_endpoint"] + "?" +
                         urllib.parse.urlencode({"id_token_hint": hint, "state": "bye",
                                                 "post_logout_redirect_uri":
                                                 self.given["goodbye"]})}

    def answer(self, path, cookie):
        """Status, text and headers."""
        jar = http.cookies.SimpleCookie(cookie)
        session = self.sessions.get(jar[COOKIE].value if COOKIE in jar else None, {})
        page = self.pages.get(urllib.parse.urlsplit(path).path)
        if not page:
            return 404, "not found", {}
        try:
            return page(session, self.given["url"] + path)
        except Exception as e:  # pylint: disable=broad-except  (all that Authlib raises)
            return 400, f"refused: {e}", {}


def serve(given, port):
    """Start the site; call shutdown() on what is returned."""
    site = Site(given)

    class Handler(http.server.BaseHTTPRequestHandler):
        """Each request to the site."""

        def do_GET(self):  # pylint: disable=invalid-name
            status, text, headers = site.answer(self.path, self.headers.get("Cookie", ""))
            self.send_response(status)
            for name, value in {"Content-Type": "text/plain", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_):  # pylint: disable=arguments-differ
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
