"""A stack for the gate's tests: no PostgreSQL, no login; PyJWT issues the tokens.

Its site has a canary in every place that must not be reached.
"""

import base64
import json
import os
import secrets
import shutil
import time

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from client import raw_request
from places import new_directory
from servers import free_port
from stack import Stack

SID = "5f0e8f4e-1c63-4c0a-9d2b-0a4a8e1b7c11"
CANARY = "canary-7f3a-for-members"
ADMIN_CANARY = "canary-91cc-for-admins"
OPEN = "this one is open"
RULES = ["/members signed-in", "/members/admin any-of admin,owner",
         "/members/both all-of admin,auditor", "/members/open open",
         "/members/api signed-in api", "/members/fresh login-within 5m",
         "/members/factor factor", "/members/phr phr login-within 1h", "/members/strong factor api",
         "/members/read methods GET signed-in", "/members/indexed/index.html any-of admin", "/members/shut refuse",
         "/app signed-in", "/php-app signed-in", "/php-app/admin any-of admin"]
FRONTS = [("apache", "fastcgi"), ("apache", "cgi"), ("apache", "proxy_fcgi"),
          ("lighttpd", "fastcgi"), ("lighttpd", "cgi")]
AUTHORIZER_FRONTS = [front for front in FRONTS if front[1] != "cgi"]


def base64url(number):
    """A coordinate of P-256 as JWK wants it."""
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()


class GateStack(Stack):
    """Stack, less the database; tokens come from token()."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.key = ec.generate_private_key(ec.SECP256R1())

    def start(self):
        """The files, the keys, the web server."""
        self.prepare()
        self.write_keys()
        self.write_site()
        self.start_web()

    def start_web(self):
        """As Stack does, without warming: a test of the gate wants no speed."""
        self.web.write_configuration()
        self._remember(self.web.start())

    def write_keys(self):
        """The public key where verifiers look for it."""
        n = self.key.public_key().public_numbers()
        self._write(f"{self.directory}/jwks.json", json.dumps({"keys": [{
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "test",
            "x": base64url(n.x), "y": base64url(n.y)}]}))

    def write_site(self):
        """Canaries."""
        for name in "admin", "both", "open", "api", "fresh", "read", "shut", "indexed", "noindex", \
                "factor", "phr", "strong":
            os.makedirs(f"{self.members}/{name}", exist_ok=True)
            text = {"admin": ADMIN_CANARY, "both": ADMIN_CANARY, "open": OPEN,
                    "shut": ADMIN_CANARY}.get(name, CANARY)
            self._write(f"{self.members}/{name}/canary.txt", text + "\n")
            if name != "noindex":
                self._write(f"{self.members}/{name}/index.html", text + "\n")
        self._write(f"{self.members}/canary.txt", CANARY + "\n")
        self._write(f"{self.members}/index.html", CANARY + "\n")
        self._write(f"{self.members}/odd name%.txt", CANARY + "\n")

    def token(self, roles=("member",), name="alice", **claims):
        """A good token, unless `claims` make it a bad one (None leaves one out)."""
        now = int(time.time())
        all_claims = {
            "iss": self.public_url, "aud": self.public_url, "sub": f"id-of-{name}",
            "exp": now + 600, "iat": now, "jti": secrets.token_hex(8), "client_id": "doorward",
            "sid": SID, "preferred_username": name, "roles": list(roles), "auth_time": now}
        all_claims.update(claims)
        return self.sign({k: v for k, v in all_claims.items() if v is not None})

    def sign(self, claims, key=None, typ="at+jwt"):
        """By the key of this stack, or another one."""
        return jwt.encode(claims, key or self.key, "ES256", headers={"typ": typ, "kid": "test"})

    def get(self, path, token=None, method="GET", headers=(), body=b""):
        """One request; `token` in Authorization."""
        headers = list(headers)
        if token:
            headers.append(("Authorization", f"Bearer {token}"))
        answer = raw_request(self, method, path, headers, body)
        answer.body = dechunked(answer)
        return answer


def dechunked(answer):
    """The body, when it came in chunks."""
    if answer.header("Transfer-Encoding") != ["chunked"]:
        return answer.body
    rest, whole = answer.body, b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        whole, rest = whole + rest[:int(size, 16)], rest[int(size, 16) + 2:]
    return whole


def start_gate(server, mode, apps=None, prepare=lambda stack: None, **settings):
    """One that serves; `apps` is the port of the proxied program; `prepare` may change it
    before it starts."""
    stack = GateStack(new_directory("gate"), server, mode, free_port(), {
        "rule": RULES, "revocation": "off", "revocation_file": None, "oauth": "off", **settings})
    if apps:
        stack.web.apps, stack.web.app_port = True, apps
    prepare(stack)
    try:
        stack.start()
    except BaseException:
        end_gate(stack)
        raise
    return stack


def end_gate(stack):
    """Stop it and remove every trace."""
    stack.stop()
    shutil.rmtree(stack.directory, ignore_errors=True)


NAVIGATION = [("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
              ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document"),
              ("Sec-Fetch-Site", "none")]
SCRIPT = [("Accept", "*/*"), ("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Dest", "empty"),
          ("Sec-Fetch-Site", "same-origin")]


def cookie(token):
    """As the browser sends it."""
    return ("Cookie", f"__Host-doorward={token}")
