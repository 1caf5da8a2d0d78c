"""Second opinions on passkeys: npm's @simplewebauthn/server in the version of tests/npm, and
Debian's python3-fido2. What is good is good for all three, and what is wrong for none."""

import json
import os
import subprocess

import pytest
from authenticator import AT, BE, BS, UP, UV, Passkey, b64, cbor, unb64
from jose_command import NO, OK, run, store

pytestmark = pytest.mark.slow("asks a package of npm's registry, and Debian's python3-fido2")

RP_ID, ORIGIN, CHALLENGE = "example.org", "https://example.org", bytes(range(32))
ALGS = ["ES256", "EdDSA", "RS256"]

# Arguments of Passkey.register or Passkey.answer, and whether that is good where user
# verification is required, and where it is not.
CASES = {
    "good": ({"flags": UP | UV}, True, True),
    "unverified": ({"flags": UP}, False, True),
    "absent": ({"flags": UV}, False, False),
    "origin": ({"flags": UP | UV, "client": {"origin": "https://evil.example"}}, False, False),
    "challenge": ({"flags": UP | UV, "client": {"challenge": b64(b"x" * 32)}}, False, False),
    "type": ({"flags": UP | UV, "client": {"type": "webauthn.other"}}, False, False),
}


def ours(ceremony, answer, verified, *more):
    """What doorward says: the object, or None."""
    demand = ("--user-verification", "required") if verified else ()
    status, out, _ = run("passkey", "check", ceremony, "--rp-id", RP_ID, "--origin", ORIGIN,
                         "--challenge", b64(CHALLENGE), *demand, *more,
                         stdin=json.dumps(answer).encode())
    assert status in (OK, NO)
    return json.loads(out) if status == OK else None


@pytest.fixture(name="simple")
def _simple(npm):
    """simple(requests): what @simplewebauthn/server says of each, a dict or None."""
    def simple(requests):
        done = subprocess.run(["node", "passkeys.mjs"], cwd=npm, text=True, capture_output=True,
                              check=True, timeout=60, input=json.dumps(requests))
        return [answer.get("good") for answer in json.loads(done.stdout)]
    return simple


def request(task, response, verified, **more):
    """One request for it."""
    return {"task": task, "response": response, "challenge": b64(CHALLENGE), "origin": ORIGIN,
            "rp_id": RP_ID, "user_verification": verified, **more}


class Fido2:
    """The server of python3-fido2."""

    def __init__(self):
        from fido2 import client, ctap2, server, webauthn  # pylint: disable=C0415
        self.ctap2, self.client, self.webauthn = ctap2, client, webauthn
        self.server = server.Fido2Server({"id": RP_ID, "name": RP_ID},
                                         verify_origin=lambda origin: origin == ORIGIN)

    def state(self, verified):
        """What it keeps between begin and complete."""
        return {"challenge": b64(CHALLENGE),
                "user_verification": "required" if verified else "discouraged"}

    def register(self, answer, verified):
        """Authenticator data, or None."""
        response = answer["response"]
        try:
            return self.server.register_complete(
                self.state(verified), self.client.ClientData(unb64(response["clientDataJSON"])),
                self.ctap2.AttestationObject(unb64(response["attestationObject"])))
        except ValueError:
            return None

    def authenticate(self, answer, verified, credential):
        """Is it good?"""
        response = answer["response"]
        try:
            return self.server.authenticate_complete(
                self.state(verified), [credential], unb64(answer["id"]),
                self.client.ClientData(unb64(response["clientDataJSON"])),
                self.ctap2.AuthenticatorData(unb64(response["authenticatorData"])),
                unb64(response["signature"])) is not None
        except ValueError:
            return False


@pytest.fixture(name="fido2", scope="module")
def _fido2():
    """python3-fido2."""
    return Fido2()


def passkey(alg):
    """A synced one."""
    return Passkey(RP_ID, ORIGIN, alg=alg, flags=BE | BS)


def counted(flags):
    """The flags of our report, as @simplewebauthn/server has them."""
    return {name: flags[name] for name in ("uv", "be", "bs")}


@pytest.mark.parametrize("alg", ALGS)
def test_all_say_the_same_of_a_registration(alg, simple, fido2):
    """Format, counter and flags, too."""
    tried = []
    for more, required, usual in CASES.values():
        answer = passkey(alg).register(CHALLENGE, **{**more, "flags": more["flags"] | AT})
        tried += [(answer, True, required), (answer, False, usual)]
    theirs = simple([request("registration", answer, verified) for answer, verified, _ in tried])
    for (answer, verified, good), opinion in zip(tried, theirs, strict=True):
        said = ours("registration", answer, verified)
        assert [said is not None, opinion is not None,
                fido2.register(answer, verified) is not None] == [good] * 3
        if good:
            assert opinion == {"id": said["id"], "counter": said["counter"], "fmt": said["fmt"],
                               **counted(said["flags"])}


@pytest.mark.parametrize("alg", ALGS)
def test_all_say_the_same_of_an_authentication(alg, simple, fido2, tmp_path):
    """With the key of a registration that all of them accept."""
    key = passkey(alg)
    made = key.register(CHALLENGE)
    file = store(tmp_path / "key.jwk", ours("registration", made, True)["jwk"])
    credential = fido2.register(made, True).credential_data
    tried = []
    for more, required, usual in [*CASES.values(), ({"rp_id": "example.com"}, False, False), (
            {"signature": passkey(alg).key.sign(os.urandom(69))}, False, False)]:
        answer = key.answer(CHALLENGE, **more)
        tried += [(answer, True, required), (answer, False, usual)]
    theirs = simple([request("authentication", answer, verified, id=b64(key.id), counter=0,
                             key=b64(cbor(key.key.cose()))) for answer, verified, _ in tried])
    for (answer, verified, good), opinion in zip(tried, theirs, strict=True):
        said = ours("authentication", answer, verified, "--public-key", file)
        assert [said is not None, opinion is not None,
                fido2.authenticate(answer, verified, credential)] == [good] * 3
        if good:
            assert opinion == {"id": said["id"], "counter": said["counter"],
                               **counted(said["flags"])}


def test_both_refuse_a_counter_that_does_not_grow(simple, tmp_path):
    """python3-fido2 leaves the counter to its caller."""
    key = passkey("ES256")
    file = store(tmp_path / "key.jwk", key.key.jwk())
    rows = [(0, 0, True), (1, 2, True), (2, 2, False), (2, 1, False), (1, 0, False)]
    answers = [key.answer(CHALLENGE, counter=said) for _, said, _ in rows]
    theirs = simple([request("authentication", answer, True, id=b64(key.id), counter=row[0],
                             key=b64(cbor(key.key.cose()))) for answer, row in zip(answers, rows)])
    for answer, (stored, _, good), opinion in zip(answers, rows, theirs, strict=True):
        said = ours("authentication", answer, True, "--public-key", file, "--counter", str(stored))
        assert (said is not None, opinion is not None) == (good, good)
