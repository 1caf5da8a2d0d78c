"""A browser and its authenticator, as far as a relying party sees them: passkeys that sign what
they should, or just not what they should."""

import base64
import hashlib
import json
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

UP, UV, BE, BS, AT, ED = 0x01, 0x04, 0x08, 0x10, 0x40, 0x80


def b64(data):
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unb64(text):
    """The bytes of base64url."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Raw(bytes):
    """Bytes that are CBOR already, good or bad."""


class Pairs(list):
    """A map as a list of pairs, written in this order, whatever is in it."""


def head(major, n, size=None):
    """The head of an item, in its shortest form or with `size` bytes of number."""
    if size is None:
        size = 0 if n < 24 else 1 if n < 256 else 2 if n < 65536 else 4 if n < 1 << 32 else 8
    if size == 0:
        return bytes([major << 5 | n])
    return bytes([major << 5 | {1: 24, 2: 25, 4: 26, 8: 27}[size]]) + n.to_bytes(size, "big")


def cbor(value):
    """CBOR of an int, bytes, str, bool, None, list, dict (in CTAP2's order), Pairs or Raw."""
    if isinstance(value, Raw):
        return bytes(value)
    if value is None or isinstance(value, bool):
        return bytes([{False: 0xf4, True: 0xf5, None: 0xf6}[value]])
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, dict):
        keys = sorted(value, key=lambda k: (cbor(k)[0] >> 5, len(cbor(k)), cbor(k)))
        value = Pairs((key, value[key]) for key in keys)
    if isinstance(value, Pairs):
        return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value)
    return head(4, len(value)) + b"".join(map(cbor, value))


def number(n):
    """An integer as the fewest bytes, big end first."""
    return n.to_bytes((n.bit_length() + 7) // 8, "big")


class Key:
    """A key pair of ES256, EdDSA or RS256, and of what is not offered: ES384."""

    def __init__(self, alg="ES256", bits=2048):
        self.alg = alg
        if alg == "EdDSA":
            self.private = ed25519.Ed25519PrivateKey.generate()
        elif alg == "RS256":
            self.private = rsa.generate_private_key(65537, bits)
        else:
            self.private = ec.generate_private_key(
                {"ES256": ec.SECP256R1, "ES384": ec.SECP384R1}[alg]())

    def cose(self):
        """The public key as the members of a COSE_Key."""
        public = self.private.public_key()
        if self.alg == "EdDSA":
            return {1: 1, 3: -8, -1: 6, -2: public.public_bytes_raw()
                    if hasattr(public, "public_bytes_raw") else raw_of(public)}
        numbers = public.public_numbers()
        if self.alg == "RS256":
            return {1: 3, 3: -257, -1: number(numbers.n), -2: number(numbers.e)}
        alg, crv, size = {"ES256": (-7, 1, 32), "ES384": (-35, 2, 48)}[self.alg]
        return {1: 2, 3: alg, -1: crv, -2: numbers.x.to_bytes(size, "big"),
                -3: numbers.y.to_bytes(size, "big")}

    def jwk(self):
        """The public key as a JWK, with the members that a key must have."""
        cose = self.cose()
        if self.alg == "EdDSA":
            return {"kty": "OKP", "crv": "Ed25519", "x": b64(cose[-2])}
        if self.alg == "RS256":
            return {"kty": "RSA", "alg": "RS256", "n": b64(cose[-1]), "e": b64(cose[-2])}
        return {"kty": "EC", "crv": {"ES256": "P-256", "ES384": "P-384"}[self.alg],
                "x": b64(cose[-2]), "y": b64(cose[-3])}

    def sign(self, data):
        """A signature as authenticators make it: of ECDSA in DER."""
        if self.alg == "EdDSA":
            return self.private.sign(data)
        if self.alg == "RS256":
            return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.private.sign(data, ec.ECDSA(
            {"ES256": hashes.SHA256, "ES384": hashes.SHA384}[self.alg]()))


def raw_of(public):
    """The 32 bytes of an Ed25519 key, with older versions of the library."""
    from cryptography.hazmat.primitives import serialization  # pylint: disable=C0415
    return public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


class Passkey:
    """One credential. `flags` are BE and BS; `step` is added to the counter at each answer."""

    def __init__(self, rp_id, origin, alg="ES256", flags=0, step=1, credential_id=None,
                 user_handle=None, **key):
        self.rp_id, self.origin, self.flags, self.step = rp_id, origin, flags, step
        self.key = Key(alg, **key)
        self.id = credential_id or os.urandom(32)
        self.user_handle = user_handle
        self.counter = 0

    def client_data(self, ceremony, given, /, **changes):
        """clientDataJSON; a change to None takes the member out."""
        members = {"type": f"webauthn.{ceremony}", "challenge": b64(given),
                   "origin": self.origin, "crossOrigin": False, **changes}
        return json.dumps({k: v for k, v in members.items() if v is not None},
                          separators=(",", ":")).encode()

    def data(self, flags, counter=None, rest=b"", rp_id=None):
        """Authenticator data."""
        counter = self.counter if counter is None else counter
        return hashlib.sha256((rp_id or self.rp_id).encode()).digest() + \
            bytes([flags | self.flags]) + counter.to_bytes(4, "big") + rest

    def attested(self, credential_id=None, key=None):
        """Attested credential data: AAGUID, id, key (a dict, Pairs or Raw)."""
        credential_id = self.id if credential_id is None else credential_id
        return bytes(16) + len(credential_id).to_bytes(2, "big") + credential_id + \
            cbor(self.key.cose() if key is None else key)

    def outer(self, **response):
        """The members that both answers have."""
        return {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key",
                "authenticatorAttachment": "platform", "clientExtensionResults": {},
                "response": {k: b64(v) if isinstance(v, bytes) else v
                             for k, v in response.items()}}

    def register(self, challenge, flags=UP | UV | AT, rest=b"", client=None, attested=None,
                 fmt="none", statement=None, attestation=None, **response):
        """RegistrationResponseJSON as a dict. `client` changes clientDataJSON (a dict) or is
        it (bytes); `attested` and `attestation` are bytes in place of the right ones."""
        client = client if isinstance(client, bytes) else \
            self.client_data("create", challenge, **(client or {}))
        data = self.data(flags, rest=(self.attested() if attested is None else attested) + rest)
        if attestation is None:
            attestation = cbor(Pairs([("fmt", fmt), ("attStmt", statement or {}),
                                      ("authData", data)]))
        return self.outer(**{"clientDataJSON": client, "attestationObject": attestation,
                             "transports": ["internal"], **response})

    def answer(self, challenge, flags=UP | UV, client=None, counter=None, rest=b"",
               signature=None, rp_id=None, **response):
        """AuthenticationResponseJSON as a dict; arguments as those of register."""
        self.counter += self.step
        client = client if isinstance(client, bytes) else \
            self.client_data("get", challenge, **(client or {}))
        data = self.data(flags, counter, rest, rp_id)
        if signature is None:
            signature = self.key.sign(data + hashlib.sha256(client).digest())
        handle = {} if self.user_handle is None else {"userHandle": self.user_handle}
        return self.outer(**{"clientDataJSON": client, "authenticatorData": data,
                             "signature": signature, **handle, **response})
