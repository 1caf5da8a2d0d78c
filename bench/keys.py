"""Keys of each algorithm, and tokens by the thousand, for us and for the peers."""

import base64
import json
import os
import secrets
import time

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

ALGORITHMS = ["HS256", "RS256", "ES256", "EdDSA"]
LIFE = 7200


def b64(data):
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, size=None):
    """An unsigned integer as JWK writes it."""
    return b64(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


class Key:
    """One key of one algorithm."""

    def __init__(self, alg, kid):
        self.alg, self.kid = alg, kid
        self.private = {"HS256": lambda: secrets.token_hex(24).encode(),  # no NUL for Apache
                        "RS256": lambda: rsa.generate_private_key(65537, 2048),
                        "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
                        "EdDSA": ed25519.Ed25519PrivateKey.generate}[alg]()

    def jwk(self):
        """What verifies: the public key, or the secret."""
        head = {"alg": self.alg, "kid": self.kid}
        if self.alg == "HS256":
            return {"kty": "oct", "k": b64(self.private), **head}
        public = self.private.public_key()
        if self.alg == "RS256":
            n = public.public_numbers()
            return {"kty": "RSA", "n": number(n.n), "e": number(n.e), **head}
        if self.alg == "ES256":
            n = public.public_numbers()
            return {"kty": "EC", "crv": "P-256", "x": number(n.x, 32), "y": number(n.y, 32), **head}
        raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return {"kty": "OKP", "crv": "Ed25519", "x": b64(raw), **head}

    def file(self):
        """What a peer reads: PEM, or the secret's bytes."""
        if self.alg == "HS256":
            return self.private
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    def token(self, issuer, **more):
        """A token such as our login issues."""
        now = int(time.time())
        claims = {"iss": issuer, "sub": "5f2c6a52-8f0e-4a55-9a0c-3f6b0f9f7f10", "aud": issuer,
                  "exp": now + LIFE, "iat": now, "auth_time": now,
                  "jti": secrets.token_urlsafe(16), "client_id": "doorward",
                  "sid": "0c1d2e3f-4a5b-4c6d-8e7f-901234567890",
                  "preferred_username": "demo", "roles": ["member", "editor"]}
        claims.update(more)
        return jwt.encode({k: v for k, v in claims.items() if v is not None}, self.private,
                          self.alg, headers={"kid": self.kid, "typ": "at+jwt"})


class Keys:
    """One key of each algorithm, their key set, and files of tokens in `directory`."""

    def __init__(self, directory, issuer, group=None):
        self.directory, self.issuer, self.group = directory, issuer, group
        os.makedirs(directory, mode=0o755, exist_ok=True)
        self.by_alg = {alg: Key(alg, alg) for alg in ALGORITHMS}
        self.write_set("secret.json", [self.by_alg["HS256"]])
        self.write_set("public.json", [self.by_alg[alg] for alg in ALGORITHMS[1:]])
        for alg, key in self.by_alg.items():
            self.write(f"{alg}.key", key.file())

    def write(self, name, data):
        """A file of the programs' eyes only; its path."""
        path = f"{self.directory}/{name}"
        with open(path, "wb") as f:
            f.write(data)
        os.chmod(path, 0o640)
        if self.group is not None and os.geteuid() == 0:
            os.chown(path, 0, self.group)
        return path

    def write_set(self, name, keys):
        """A key set of `keys`; its path."""
        return self.write(name, json.dumps({"keys": [key.jwk() for key in keys]}).encode())

    def token(self, alg, **more):
        """One token."""
        return self.by_alg[alg].token(self.issuer, **more)

    def tokens(self, alg, n):
        """The path of a file with n tokens, a line each."""
        lines = "\n".join(self.token(alg) for _ in range(n)) + "\n"
        return self.write(f"{alg}.tokens", lines.encode())
