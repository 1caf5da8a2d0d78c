"""How the tests of passkeys call `doorward passkey check`."""

import json

from authenticator import Passkey, b64
from jose_command import NO, OK, run

RP_ID, ORIGIN = "example.org", "https://example.org"
CHALLENGE = bytes(range(32))
ALGS = ["ES256", "EdDSA", "RS256"]
USUAL = ["--rp-id", RP_ID, "--origin", ORIGIN, "--challenge", b64(CHALLENGE)]


def passkey(**more):
    """A passkey of our site."""
    return Passkey(RP_ID, ORIGIN, **more)


def check(ceremony, answer, *options, usual=tuple(USUAL)):
    """Exit status, stdout and stderr of a check of `answer`, a dict or bytes."""
    text = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return run("passkey", "check", ceremony, *usual, *options, stdin=text)


def report(ceremony, answer, *options, **more):
    """What is said of a good one."""
    status, out, err = check(ceremony, answer, *options, **more)
    assert (status, err) == (OK, ""), (status, out, err)
    assert out.endswith(b"\n") and out.count(b"\n") == 1
    return json.loads(out)


def refuse(ceremony, answer, reason, *options, code=NO, **more):
    """It is refused, with this in the one line of reason, and nothing on standard output."""
    status, out, err = check(ceremony, answer, *options, **more)
    assert (status, out) == (code, b""), (status, out, err)
    assert reason in err and err.startswith("doorward: ") and err.count("\n") == 1, err
