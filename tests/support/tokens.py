"""Tokens that Doorward did not issue: made with PyJWT and the stack's own key, or by hand."""

import base64
import glob
import json
import time
import uuid

import jwt
from cryptography.hazmat.primitives import serialization


def b64(data):
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    """Its inverse."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def load(path):
    """A file of JSON."""
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def signing_jwk(stack):
    """The private key that the stack signs access tokens with. The one for RS256 signs ID tokens
    only."""
    keys = [load(path) for path in glob.glob(f"{stack.directory}/keys/signing/*.jwk")]
    [key] = [key for key in keys if key["alg"] != "RS256"]
    return key


def public_jwk(stack):
    """The published half of it."""
    kid = signing_jwk(stack)["kid"]
    [key] = [key for key in load(f"{stack.directory}/jwks.json")["keys"] if key["kid"] == kid]
    return key


def private_key(jwk):
    """What PyJWT signs with."""
    return jwt.algorithms.ECAlgorithm.from_jwk(json.dumps(jwk))


def public_pem(jwk):
    """The public half as an HMAC secret of the well-known confusion."""
    return private_key(jwk).public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def claims(stack, **changes):
    """Good claims; a change to None takes one away."""
    now = int(time.time())
    url = stack.settings.get("public_url", stack.public_url)
    good = {"iss": url, "aud": url, "sub": str(uuid.uuid4()), "iat": now, "exp": now + 300,
            "jti": str(uuid.uuid4()), "client_id": "doorward", "sid": str(uuid.uuid4()), "preferred_username": "alice",
            "roles": ["member"]}
    good.update(changes)
    return {name: value for name, value in good.items() if value is not None}


def make(stack, header=None, key=None, algorithm="ES256", **changes):
    """A token of the stack's own key, good unless told otherwise."""
    jwk = signing_jwk(stack)
    fields = {"typ": "at+jwt", "kid": jwk["kid"]}
    fields.update(header or {})
    return jwt.encode(claims(stack, **changes), key or private_key(jwk), algorithm,
                      headers={name: value for name, value in fields.items() if value is not None})


def resign(stack, token, header=None, payload=None):
    """The same signature under another header or payload (bytes)."""
    head, body, signature = token.split(".")
    return ".".join([b64(header) if header is not None else head,
                     b64(payload) if payload is not None else body, signature])


def unsecured(stack, algorithm="none"):
    """RFC 7515's unsecured token, however `none` is written."""
    header = json.dumps({"alg": algorithm, "typ": "at+jwt"}).encode()
    return f"{b64(header)}.{b64(json.dumps(claims(stack)).encode())}."
