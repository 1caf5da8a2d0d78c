"""`doorward passkey check` as its manual says: every option, every exit code, and the JSON that it
reads."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from authenticator import BE, BS, UP, Key, b64
from jose_command import FAILED, OK, TREE, UNSUPPORTED, run, store
from passkey_check import ALGS, CHALLENGE, ORIGIN, RP_ID, USUAL, check, passkey, refuse, report


@pytest.mark.parametrize("alg", ALGS)
def test_a_passkey_is_registered_and_then_answers(alg, tmp_path):
    """What the registration prints as jwk is what an authentication takes as --public-key."""
    key = passkey(alg=alg, flags=BE | BS)
    made = report("registration", key.register(CHALLENGE))
    assert set(made) == {"id", "jwk", "counter", "flags", "fmt"}
    assert made["id"] == b64(key.id)
    assert key.key.jwk().items() <= made["jwk"].items()
    assert made["jwk"]["alg"] == alg
    assert made["counter"] == 0 and made["fmt"] == "none"
    assert made["flags"] == {"up": True, "uv": True, "be": True, "bs": True}
    file = store(tmp_path / "key.jwk", made["jwk"])
    said = report("authentication", key.answer(CHALLENGE, flags=UP), "--public-key", file)
    assert said == {"id": b64(key.id), "jwk": made["jwk"], "counter": 1, "fmt": None,
                    "flags": {"up": True, "uv": False, "be": True, "bs": True}}


def test_a_key_of_rsa_needs_no_alg(tmp_path):
    """Browsers know RSA passkeys only with RS256."""
    key = passkey(alg="RS256")
    jwk = {k: v for k, v in key.key.jwk().items() if k != "alg"}
    report("authentication", key.answer(CHALLENGE), "--public-key",
           store(tmp_path / "key.jwk", jwk))


def test_an_algorithm_that_is_not_offered_exits_with_three(tmp_path):
    """Of a registration, and of a key file."""
    key = passkey(alg="ES384")
    refuse("registration", key.register(CHALLENGE), "the algorithm -35 is not offered",
           code=UNSUPPORTED)
    for jwk in (key.key.jwk(), {**Key().jwk(), "alg": "ES256K"}, {"kty": "AKP", "pub": "AA"}):
        refuse("authentication", key.answer(CHALLENGE), "not ", "--public-key",
               store(tmp_path / "key.jwk", jwk), code=UNSUPPORTED)
    refuse("registration", key.register(b"another challenge"), "challenge")


def test_a_key_file_that_is_none_exits_with_two(tmp_path, key_of):
    """Missing, no JSON, private, too weak, or for something else."""
    key = passkey()
    answer = key.answer(CHALLENGE)
    refuse("authentication", answer, "none.jwk", "--public-key", tmp_path / "none.jwk", code=FAILED)
    refuse("authentication", answer, "regular file", "--public-key", tmp_path, code=FAILED)
    file = tmp_path / "bad.jwk"
    for text in ("", "{", "[]", "x" * 20000, json.dumps({**key.key.jwk(), "y": b64(bytes(32))}),
                 json.dumps({**key.key.jwk(), "d": b64(bytes(31) + b"\1")}),
                 json.dumps({**key.key.jwk(), "key_ops": ["sign"]}),
                 json.dumps(Key("RS256", bits=1024).jwk()), json.dumps({"keys": []})):
        file.write_text(text, encoding="utf-8")
        refuse("authentication", answer, str(file), "--public-key", file, code=FAILED)
    assert check("authentication", answer, *key_of(key))[0] == OK


@pytest.mark.parametrize("options, reason", [
    ([], "--rp-id is missing"),
    (USUAL[2:], "--rp-id is missing"),
    (USUAL[:2] + USUAL[4:], "--origin is missing"),
    (USUAL[:4], "--challenge is missing"),
    (["--rp-id", "", *USUAL[2:]], "--rp-id is empty"),
    ([*USUAL, "--origin", ""], "--origin is empty"),
    ([*USUAL, "--top-origin="], "--top-origin is empty"),
    ([*USUAL[:4], "--challenge", ""], "--challenge: not 1 to 1024 bytes"),
    ([*USUAL[:4], "--challenge", "AAA="], "--challenge: not 1 to 1024 bytes"),
    ([*USUAL[:4], "--challenge", "A+/A"], "--challenge: not 1 to 1024 bytes"),
    ([*USUAL[:4], "--challenge", b64(bytes(1025))], "--challenge: not 1 to 1024 bytes"),
    ([*USUAL, "--challenge", "AAAA"], "--challenge was given too often"),
    ([*USUAL, "--rp-id", RP_ID], "--rp-id was given too often"),
    ([*USUAL, "--user-verification", "preferred"], "only required is known"),
    ([*USUAL, "--colour", "red"], "unknown option --colour"),
    ([*USUAL, "more"], "more is a word too many"),
    ([*USUAL, *["--origin", ORIGIN] * 16], "--origin was given too often"),
])
def test_wrong_usage_exits_with_two(options, reason, key_of):
    """For both ceremonies; the usage follows the reason."""
    key = passkey()
    for ceremony, answer, more in (("registration", key.register(CHALLENGE), ()),
                                   ("authentication", key.answer(CHALLENGE), key_of(key))):
        status, out, err = check(ceremony, answer, *more, usual=options)
        assert (status, out) == (FAILED, b"")
        assert reason in err and "usage: doorward passkey check registration" in err


@pytest.mark.parametrize("options, reason", [
    (["--counter", "-1"], "--counter"), (["--counter", "4294967296"], "--counter"),
    (["--counter", "1.5"], "--counter"), (["--counter", ""], "--counter"),
    (["--backup-eligible", "true"], "--backup-eligible: neither yes nor no"),
    (["--credential-id", "AAA="], "--credential-id: not 1 to 1023 bytes"),
    (["--credential-id", ""], "--credential-id: not 1 to 1023 bytes"),
    (["--credential-id", b64(bytes(1024))], "--credential-id: not 1 to 1023 bytes"),
    (["--user-handle", b64(bytes(65))], "--user-handle: not 1 to 64 bytes"),
    (["--user-handle", "%"], "--user-handle: not 1 to 64 bytes"),
    (["--public-key", "twice"], "--public-key was given too often"),
])
def test_wrong_usage_of_an_authentication_exits_with_two(options, reason, key_of):
    """And those options are unknown where there is nothing stored yet."""
    key = passkey()
    status, out, err = check("authentication", key.answer(CHALLENGE), *key_of(key), *options)
    assert (status, out) == (FAILED, b"") and reason in err
    status, _, err = check("registration", key.register(CHALLENGE), *options)
    assert status == FAILED and f"unknown option {options[0]}" in err


def test_an_option_without_its_value_exits_with_two():
    """The last word."""
    status, out, err = check("registration", passkey().register(CHALLENGE), "--user-verification")
    assert (status, out) == (FAILED, b"") and "--user-verification needs a value" in err


def test_an_authentication_without_a_key_exits_with_two():
    """Nothing could be proven."""
    status, out, err = check("authentication", passkey().answer(CHALLENGE))
    assert (status, out) == (FAILED, b"") and "--public-key is missing" in err


@pytest.mark.parametrize("words", [[], ["check"], ["check", "login"], ["verify"],
                                   ["check", "registrations"]])
def test_an_unknown_ceremony_exits_with_two(words):
    """passkey knows check, and check knows two ceremonies."""
    status, out, err = run("passkey", *words)
    assert (status, out) == (FAILED, b"") and err


def test_standard_input_that_is_no_json_is_refused(key_of):
    """Empty, cut, of another kind, not UTF-8, a name twice, too long: each exits with one."""
    key = passkey()
    text = json.dumps(key.register(CHALLENGE)).encode()
    twice = text.replace(b'{"id"', b'{"id": "AAAA", "id"', 1)
    for bad in (b"", b"null", b"[]", b"\"\"", text[:-1], text + b"x", b"\xff" + text, twice,
                text.replace(b"{", b"[" * 100 + b"{", 1), b" " * 65537, b"[" * 60000,
                text + b" " * (65537 - len(text))):
        refuse("registration", bad, "refused: ")
        refuse("authentication", bad, "refused: ", *key_of(key))
    report("registration", text + b" " * (65536 - len(text)))


def test_members_that_browsers_add_are_ignored(key_of):
    """And those that may be missing are not missed."""
    key = passkey(user_handle=b"ann")
    made = key.register(CHALLENGE, publicKeyAlgorithm=-7, publicKey="AAAA",
                        authenticatorData="AAAA", client={"tokenBinding": {"status": "new"}})
    made["newMember"] = {"a": [1, 2.5, None]}
    report("registration", made)
    said = key.answer(CHALLENGE, attestationObject=None, client={"crossOrigin": None})
    del said["clientExtensionResults"], said["authenticatorAttachment"]
    report("authentication", said, *key_of(key))
    report("authentication", key.answer(CHALLENGE, userHandle=None), *key_of(key))


@pytest.mark.parametrize("change, reason", [
    ({"id": "AAAA"}, "id and rawId differ"), ({"rawId": "AAAA"}, "id and rawId differ"),
    ({"id": None}, "id or rawId"), ({"rawId": 1}, "id or rawId"),
    ({"id": "AAA=", "rawId": "AAA="}, "base64url without padding"),
    ({"id": "AAB", "rawId": "AAB"}, "base64url without padding"),
    ({"id": "", "rawId": ""}, "id is empty"),
    ({"id": b64(bytes(1024)), "rawId": b64(bytes(1024))}, "longer than 1023 bytes"),
    ({"type": "password"}, "type is not public-key"), ({"type": None}, "type is not public-key"),
    ({"clientExtensionResults": []}, "clientExtensionResults"),
    ({"response": None}, "response missing"), ({"response": []}, "response missing"),
])
def test_outer_members_that_are_wrong_are_refused(change, reason, key_of):
    """id is rawId, in canonical base64url, of a public-key credential."""
    key = passkey()
    refuse("registration", {**key.register(CHALLENGE), **change}, reason)
    refuse("authentication", {**key.answer(CHALLENGE), **change}, reason, *key_of(key))


@pytest.mark.parametrize("member, value", [
    ("clientDataJSON", None), ("clientDataJSON", "e30="), ("clientDataJSON", 1),
    ("attestationObject", None), ("attestationObject", "oA=="), ("attestationObject", ["oA"]),
    ("transports", "usb"), ("transports", [1]), ("transports", {}),
])
def test_a_registration_with_a_wrong_inner_member_is_refused(member, value):
    """Missing, null, of another type, or base64url with padding."""
    answer = passkey().register(CHALLENGE)
    answer["response"][member] = value
    refuse("registration", answer, member)
    if member != "transports":
        del answer["response"][member]
        refuse("registration", answer, member)


@pytest.mark.parametrize("member, value", [
    ("clientDataJSON", None), ("clientDataJSON", "e30="), ("authenticatorData", None),
    ("authenticatorData", "AA="), ("signature", None), ("signature", "AAA="), ("signature", 1),
    ("userHandle", "AAA="), ("userHandle", 1), ("userHandle", b64(bytes(65))),
])
def test_an_answer_with_a_wrong_inner_member_is_refused(member, value, key_of):
    """As above."""
    key = passkey()
    answer = key.answer(CHALLENGE)
    answer["response"][member] = value
    refuse("authentication", answer, member, *key_of(key))


@pytest.mark.slow("a process for each of 1,700 allocations")
def test_no_failed_allocation_makes_a_good_answer_a_refused_one(tmp_path, key_of):
    """Whichever it is: status 0, or 2 because the work could not be done."""
    library = str(tmp_path / "saboteur.so")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library,
                    f"{TREE}/tests/support/saboteur.c", "-ldl"], check=True)
    key = passkey()
    argv = ["passkey", "check", "authentication", *USUAL, *key_of(key)]
    text = json.dumps(key.answer(CHALLENGE)).encode()

    def status(number):
        return run(*argv, stdin=text, LD_PRELOAD=library, SABOTAGE=f"allocation {number}")[0]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(status, range(1, 1700)))
    assert set(found) == {OK, FAILED}, found
    assert found.count(FAILED) > 30 and found[-1] == OK  # so many are not made
