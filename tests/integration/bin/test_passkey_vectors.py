"""The test vectors of WebAuthn Level 3, sections 16.2 to 16.7, 16.10 and 16.11, byte for byte:
what the specification itself calls good, and the same with one thing changed."""

import json

import pytest
from jose_command import NO, OK, TREE, run, store

with open(f"{TREE}/tests/support/webauthn_vectors.json", encoding="utf-8") as f:
    VECTORS = json.load(f)

UV, BE, BS = 4, 8, 16


def check(ceremony, vector, *more, origin="https://example.org", rp_id="example.org"):
    """Exit status, stdout and stderr."""
    top = ["--top-origin", "https://example.com"] if "rigin" in vector["name"] else []
    case = vector[ceremony]
    return run("passkey", "check", ceremony, "--rp-id", rp_id, "--origin", origin, *top,
               "--challenge", case["challenge"], *more, stdin=json.dumps(case["json"]).encode())


@pytest.fixture(name="key")
def _key(vector, tmp_path):
    """The options of the vector's key, which its registration gives."""
    made = json.loads(check("registration", vector)[1])
    return ["--public-key", store(tmp_path / "key.jwk", made["jwk"])]


vectors = pytest.mark.parametrize("vector", VECTORS, ids=[v["section"] for v in VECTORS])


@vectors
def test_a_registration_of_the_specification_is_good(vector):
    """Its format and its flags are told."""
    status, out, err = check("registration", vector)
    assert (status, err) == (OK, "")
    said = json.loads(out)
    flags = vector["flags"][0]
    assert said["id"] == vector["registration"]["json"]["id"]
    assert (said["fmt"], said["jwk"]["alg"], said["counter"]) == (vector["fmt"], vector["alg"], 0)
    assert said["flags"] == {"up": True, "uv": bool(flags & UV), "be": bool(flags & BE),
                             "bs": bool(flags & BS)}


@vectors
def test_an_authentication_of_the_specification_is_good(vector, key):
    """With everything known that can be known."""
    backed = vector["flags"][0] & BE
    status, out, err = check("authentication", vector, *key, "--credential-id",
                             vector["registration"]["json"]["id"], "--counter", "0",
                             "--backup-eligible", "yes" if backed else "no")
    assert (status, err) == (OK, "")
    assert json.loads(out)["flags"]["uv"] == bool(vector["flags"][1] & UV)


@vectors
def test_a_vector_under_another_name_is_refused(vector, key):
    """Another origin, RP id, challenge, or stored state."""
    for ceremony, more in (("registration", []), ("authentication", key)):
        assert check(ceremony, vector, *more, origin="https://example.com")[0] == NO
        assert check(ceremony, vector, *more, rp_id="example.com")[0] == NO
        other = {**vector, ceremony: {**vector[ceremony], "challenge": "AAAA"}}
        assert check(ceremony, other, *more)[0] == NO
    assert check("authentication", vector, *key, "--counter", "1")[0] == NO
    assert check("authentication", vector, *key, "--backup-eligible",
                 "no" if vector["flags"][0] & BE else "yes")[0] == NO


@vectors
def test_user_verification_of_a_vector_decides_where_it_is_required(vector, key):
    """By the flag alone."""
    demand = ("--user-verification", "required")
    for i, ceremony in enumerate(("registration", "authentication")):
        status, _, err = check(ceremony, vector, *demand, *(key if i else []))
        assert status == (OK if vector["flags"][i] & UV else NO)
        assert ("UV is not set" in err) == (status == NO)


@pytest.mark.parametrize("vector", [v for v in VECTORS if "rigin" in v["name"]],
                         ids=["16.4", "16.5"])
def test_a_vector_of_a_frame_is_refused_without_a_top_origin(vector, key):
    """16.4 has crossOrigin alone, 16.5 a topOrigin, too."""
    plain = {**vector, "name": "plain"}
    for ceremony, more in (("registration", []), ("authentication", key)):
        status, _, err = check(ceremony, plain, *more)
        assert status == NO and "crossOrigin is true" in err


@vectors
def test_a_changed_byte_of_what_is_signed_is_refused(vector, key):
    """A character in forty of the authenticator data, the client data and the signature."""
    answer = vector["authentication"]["json"]
    for member in ("authenticatorData", "clientDataJSON", "signature"):
        text = answer["response"][member]
        for i in range(0, len(text) - 1, 40):
            changed = text[:i] + ("A" if text[i] != "A" else "B") + text[i + 1:]
            bad = {**answer, "response": {**answer["response"], member: changed}}
            other = {**vector, "authentication": {**vector["authentication"], "json": bad}}
            assert check("authentication", other, *key)[0] == NO, (member, i)
