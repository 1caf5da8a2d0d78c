"""`doorward passkey check` as its manual says: every option, every exit code, and each step of
WebAuthn's sections 7.1 and 7.2 as a refusal with a reason."""

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from authenticator import AT, BE, BS, ED, UP, UV, Key, Pairs, Passkey, Raw, b64, cbor, head
from jose_command import FAILED, NO, OK, TREE, UNSUPPORTED, run, store

RP_ID, ORIGIN, TOP = "example.org", "https://example.org", "https://frame.example"
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


@pytest.fixture(name="key_of")
def _key_of(tmp_path):
    """key_of(passkey): the options that name its key."""
    def key_of(key):
        return "--public-key", store(tmp_path / f"{os.urandom(4).hex()}.jwk", key.key.jwk())
    return key_of


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


def test_a_megabyte_of_cbor_is_refused():
    """The text is not read to its end."""
    key = passkey()
    refuse("registration", key.register(CHALLENGE, attestation=cbor([0] * 2000000)[:1 << 20]),
           "longer than 65536 bytes")
    refuse("registration", key.register(CHALLENGE, attestation=cbor([0] * 40000)), "1024 items")


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


CLIENT = [
    ({"type": "webauthn.other"}, "type is not webauthn."), ({"type": None}, "type missing"),
    ({"type": 1}, "type missing"),
    ({"challenge": b64(b"another")}, "not the challenge"), ({"challenge": ""}, "not the challenge"),
    ({"challenge": b64(CHALLENGE) + "="}, "not the challenge"), ({"challenge": None}, "challenge missing"),
    ({"challenge": 5}, "challenge missing"),
    ({"origin": "https://evil.example"}, "origin is not one of ours"),
    ({"origin": "http://example.org"}, "origin is not one of ours"),
    ({"origin": "https://example.org/"}, "origin is not one of ours"),
    ({"origin": "https://EXAMPLE.org"}, "origin is not one of ours"),
    ({"origin": "https://login.example.org"}, "origin is not one of ours"),
    ({"origin": "https://example.org:443"}, "origin is not one of ours"),
    ({"origin": None}, "origin missing"), ({"origin": [ORIGIN]}, "origin missing"),
    ({"crossOrigin": True}, "crossOrigin is true"), ({"crossOrigin": "false"}, "crossOrigin is not"),
    ({"topOrigin": ORIGIN}, "topOrigin is not allowed"), ({"topOrigin": TOP}, "topOrigin is not allowed"),
    ({"topOrigin": False}, "topOrigin is not a string"),
    (b"", "clientDataJSON: JSON missing"), (b"[]", "clientDataJSON: not an object"),
    (b"{}", "type missing"), (b"{\"type\":\"webauthn.get\",\"type\":\"webauthn.get\"}", "occurs twice"),
    (b"\xff{}", "clientDataJSON: "), (b"{\"type\":\"\xff\"}", "not UTF-8"),
    (b"{}" + b" " * 16384, "too long"),
]


@pytest.mark.parametrize("client, reason", CLIENT)
def test_client_data_that_is_wrong_is_refused(client, reason, key_of):
    """7.1, steps 5 to 11; 7.2, steps 9 to 14. Each answer is well signed."""
    key = passkey()
    refuse("registration", key.register(CHALLENGE, client=client), reason)
    refuse("authentication", key.answer(CHALLENGE, client=client), reason, *key_of(key))


def test_the_client_data_of_the_other_ceremony_is_refused(key_of):
    """A registration is no login, and a login is no registration."""
    key = passkey()
    refuse("registration", key.register(CHALLENGE, client=key.client_data("get", CHALLENGE)),
           "type is not webauthn.create")
    refuse("authentication", key.answer(CHALLENGE, client=key.client_data("create", CHALLENGE)),
           "type is not webauthn.get", *key_of(key))


def test_a_byte_order_mark_before_the_client_data_is_ignored(key_of):
    """UTF-8 decode of the Encoding standard takes one off; the signature is over all bytes."""
    key = passkey()
    mark = b"\xef\xbb\xbf"
    report("registration", key.register(CHALLENGE, client=mark + key.client_data("create", CHALLENGE)))
    report("authentication", key.answer(CHALLENGE, client=mark + key.client_data("get", CHALLENGE)),
           *key_of(key))
    refuse("registration",
           key.register(CHALLENGE, client=mark * 2 + key.client_data("create", CHALLENGE)),
           "clientDataJSON: ")


def test_a_frame_is_accepted_where_its_top_origin_is_named(key_of):
    """crossOrigin alone, or with a topOrigin of the list."""
    key = passkey()
    top = ("--top-origin", "https://other.example", "--top-origin", TOP)
    for client in ({"crossOrigin": True}, {"crossOrigin": True, "topOrigin": TOP}):
        report("registration", key.register(CHALLENGE, client=client), *top)
        report("authentication", key.answer(CHALLENGE, client=client), *top, *key_of(key))
    refuse("registration",
           key.register(CHALLENGE, client={"crossOrigin": True, "topOrigin": "https://evil.example"}),
           "topOrigin is not allowed", *top)


def test_any_origin_of_the_list_is_accepted(key_of):
    """--origin may be repeated."""
    key = passkey()
    more = ("--origin", "https://www.example.org")
    client = {"origin": "https://www.example.org"}
    report("registration", key.register(CHALLENGE, client=client), *more)
    report("authentication", key.answer(CHALLENGE, client=client), *more, *key_of(key))
    report("registration", key.register(CHALLENGE), *more)


def test_another_rp_id_is_refused(key_of):
    """7.1, step 14; 7.2, step 15: the hash is of the whole name."""
    key = passkey()
    other = ["--rp-id", "www.example.org", *USUAL[2:]]
    refuse("registration", key.register(CHALLENGE), "another RP id", usual=other)
    refuse("authentication", key.answer(CHALLENGE), "another RP id", *key_of(key), usual=other)


@pytest.mark.parametrize("flags, reason", [
    (0, "UP is not set"), (UV, "UP is not set"), (UP | BS, "BS without BE"),
])
def test_flags_that_no_authenticator_may_set_are_refused(flags, reason, key_of):
    """7.1, steps 15 and 17; 7.2, steps 16 and 18."""
    key = passkey()
    refuse("registration", key.register(CHALLENGE, flags=AT | flags), reason)
    refuse("authentication", key.answer(CHALLENGE, flags=flags), reason, *key_of(key))


def test_user_verification_is_demanded_only_on_request(key_of):
    """7.1, step 16; 7.2, step 17."""
    key = passkey()
    demand = ("--user-verification", "required")
    assert not report("registration", key.register(CHALLENGE, flags=UP | AT))["flags"]["uv"]
    refuse("registration", key.register(CHALLENGE, flags=UP | AT), "UV is not set", *demand)
    report("registration", key.register(CHALLENGE), *demand)
    report("authentication", key.answer(CHALLENGE, flags=UP), *key_of(key))
    refuse("authentication", key.answer(CHALLENGE, flags=UP), "UV is not set", *demand, *key_of(key))
    report("authentication", key.answer(CHALLENGE), *demand, *key_of(key))


def test_reserved_flags_say_nothing(key_of):
    """Bits 1 and 5."""
    key = passkey()
    report("registration", key.register(CHALLENGE, flags=UP | AT | 0x22))
    report("authentication", key.answer(CHALLENGE, flags=UP | 0x22), *key_of(key))


def test_backup_eligibility_never_changes(key_of):
    """7.2, step 19: BE is what it was; BS may change."""
    synced, bound = passkey(flags=BE), passkey()
    for key, good, bad in ((synced, "yes", "no"), (bound, "no", "yes")):
        report("authentication", key.answer(CHALLENGE), "--backup-eligible", good, *key_of(key))
        refuse("authentication", key.answer(CHALLENGE), "BE is not what it was",
               "--backup-eligible", bad, *key_of(key))
    report("authentication", synced.answer(CHALLENGE, flags=UP | BS), "--backup-eligible", "yes",
           *key_of(synced))


def test_authenticator_data_that_is_cut_or_too_long_is_refused(key_of):
    """Every length but the right one."""
    key = passkey()
    whole = key.data(UP | AT, rest=key.attested())
    for n in (0, 1, 36, 37, 54, 55, 86, 87, 88, len(whole) - 1):
        refuse("registration",
               key.register(CHALLENGE, attestation=cbor({"fmt": "none", "attStmt": {},
                                                         "authData": whole[:n]})), "")
    refuse("registration", key.register(CHALLENGE, rest=b"\0"), "longer than its flags say")
    refuse("registration", key.register(CHALLENGE, flags=UP | AT | ED), "CBOR ends too early")
    refuse("registration", key.register(CHALLENGE, flags=UP), "longer than its flags say")
    refuse("registration", key.register(CHALLENGE, flags=UP, attested=b""), "AT is not set")
    refuse("authentication", key.answer(CHALLENGE, rest=b"\0"), "longer than its flags say",
           *key_of(key))
    refuse("authentication", key.answer(CHALLENGE, flags=UP | AT, rest=key.attested()),
           "AT is set", *key_of(key))
    for n in (0, 31, 36):
        short = key.data(UP)[:n]
        refuse("authentication", key.answer(CHALLENGE, authenticatorData=short), "ends too early",
               *key_of(key))


def test_extensions_are_only_parsed(key_of):
    """A map of canonical CBOR, whatever is in it."""
    key = passkey()
    good = cbor({"credProtect": 2, "hmac-secret": True, "other": [b"x", {"a": None}]})
    report("registration", key.register(CHALLENGE, flags=UP | AT | ED, rest=good))
    report("authentication", key.answer(CHALLENGE, flags=UP | ED, rest=good), *key_of(key))
    for bad, reason in ((b"", "ends too early"), (cbor([1]), "not a map"),
                        (cbor({}) + b"\0", "longer"), (b"\xa1\x61a\xf9\0\0", "float"),
                        (b"\xa2\x61a\0\x61a\0", "occurs twice")):
        refuse("registration", key.register(CHALLENGE, flags=UP | AT | ED, rest=bad), reason)
        refuse("authentication", key.answer(CHALLENGE, flags=UP | ED, rest=bad), reason,
               *key_of(key))


@pytest.mark.parametrize("size", [1, 16, 1023])
def test_a_credential_id_of_up_to_1023_bytes_is_good(size, key_of):
    """Section 4, Credential ID."""
    key = passkey(credential_id=os.urandom(size))
    assert report("registration", key.register(CHALLENGE))["id"] == b64(key.id)
    assert report("authentication", key.answer(CHALLENGE), "--credential-id", b64(key.id),
                  *key_of(key))["id"] == b64(key.id)


def test_a_credential_id_of_1024_bytes_is_refused(key_of):
    """In the outer members, and as attested."""
    key = passkey(credential_id=bytes(1024))
    refuse("registration", key.register(CHALLENGE), "longer than 1023 bytes")
    refuse("authentication", key.answer(CHALLENGE), "longer than 1023 bytes", *key_of(key))
    short = passkey()
    for bad in (bytes(1024), b""):
        refuse("registration", short.register(CHALLENGE, attested=short.attested(bad)),
               "1 to 1023 bytes")


def test_an_id_that_differs_from_the_attested_one_is_refused():
    """The browser says one thing, the authenticator another."""
    key = passkey()
    refuse("registration", key.register(CHALLENGE, attested=key.attested(os.urandom(32))),
           "id differs from the attested one")


def test_the_order_of_keys_in_an_attestation_object_is_free():
    """Real authenticators and browsers have one of their own."""
    key = passkey()
    pairs = [("authData", key.data(UP | AT, rest=key.attested())), ("attStmt", {}), ("fmt", "none")]
    for order in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        report("registration", key.register(
            CHALLENGE, attestation=cbor(Pairs(pairs[i] for i in order))))


@pytest.mark.parametrize("fmt, statement", [
    ("packed", {"alg": -7, "sig": b"not one"}), ("fido-u2f", Pairs([("x5c", [b"no"]), ("sig", b"")])),
    ("tpm", {}), ("x" * 32, []), ("compound", [{"fmt": "none"}, {"fmt": "packed"}]),
])
def test_another_format_is_accepted_and_its_statement_only_parsed(fmt, statement):
    """Nothing that it says is trusted, so nothing of it is verified."""
    key = passkey()
    assert report("registration", key.register(CHALLENGE, fmt=fmt, statement=statement))["fmt"] == fmt


def attestation_cases():
    """Name, attestation object as bytes, reason."""
    key = passkey(credential_id=b"c" * 32)
    data = key.data(UP | AT, rest=key.attested())
    good = [("fmt", "none"), ("attStmt", {}), ("authData", data)]

    def without(name, *more):
        return cbor(Pairs([p for p in good if p[0] != name] + list(more)))

    def statement(raw):
        return cbor(Pairs([("fmt", "packed"), ("attStmt", Raw(raw)), ("authData", data)]))
    deep = b"\x81" * 7 + b"\x80"
    return key, [
        ("no_fmt", without("fmt"), "fmt missing"),
        ("no_statement", without("attStmt"), "attStmt missing"),
        ("no_data", without("authData"), "authData missing"),
        ("fmt_bytes", without("fmt", ("fmt", b"none")), "fmt missing"),
        ("fmt_empty", without("fmt", ("fmt", "")), "fmt missing"),
        ("fmt_33", without("fmt", ("fmt", "x" * 33)), "fmt missing"),
        ("fmt_quote", without("fmt", ("fmt", 'a"b')), "fmt missing"),
        ("fmt_space", without("fmt", ("fmt", "a b")), "fmt missing"),
        ("statement_text", without("attStmt", ("attStmt", "x")), "attStmt missing"),
        ("data_text", without("authData", ("authData", "x")), "authData missing"),
        ("none_with_statement", without("attStmt", ("attStmt", {"alg": -7})), "has a statement"),
        ("none_with_array", without("attStmt", ("attStmt", [])), "has a statement"),
        ("array", cbor([1]), "fmt missing"), ("empty", b"", "CBOR ends too early"),
        ("trailing", cbor(Pairs(good)) + b"\0", "something follows"),
        ("second_item", cbor(Pairs(good)) + b"\xa0", "something follows"),
        ("twice", cbor(Pairs(good + [("fmt", "none")])), "occurs twice"),
        ("cut", cbor(Pairs(good))[:-1], "CBOR ends too early"),
        ("indefinite_map", b"\xbf" + cbor(Pairs(good))[1:] + b"\xff", "indefinite"),
        ("indefinite_bytes", statement(b"\xa1\x63sig\x5f\x41\0\xff"), "indefinite"),
        ("indefinite_text", statement(b"\xa1\x7f\x61a\xff\0"), "indefinite"),
        ("indefinite_array", statement(b"\xa1\x63x5c\x9f\xff"), "indefinite"),
        ("long_int", statement(b"\xa1\x63alg\x18\x07"), "shortest form"),
        ("long_int_2", statement(b"\xa1\x63alg\x19\x00\xff"), "shortest form"),
        ("long_int_4", statement(b"\xa1\x63alg\x1a\x00\x00\xff\xff"), "shortest form"),
        ("long_int_8", statement(b"\xa1\x63alg\x1b" + bytes(4) + b"\xff" * 4), "shortest form"),
        ("long_negative", statement(b"\xa1\x63alg\x38\x06"), "shortest form"),
        ("long_length", statement(b"\xa1\x63sig\x58\x01\0"), "shortest form"),
        ("long_text", statement(b"\xa1\x78\x03sig\0"), "shortest form"),
        ("long_map", statement(b"\xb8\x00"), "shortest form"),
        ("long_array", statement(b"\x98\x00"), "shortest form"),
        ("half_float", statement(b"\xa1\x61a\xf9\x3c\0"), "float"),
        ("float", statement(b"\xa1\x61a\xfa" + bytes(4)), "float"),
        ("double", statement(b"\xa1\x61a\xfb" + bytes(8)), "float"),
        ("undefined", statement(b"\xa1\x61a\xf7"), "simple value"),
        ("simple", statement(b"\xa1\x61a\xf8\xff"), "simple value"),
        ("tag", statement(b"\xa1\x61a\xc0\x61b"), "tag"),
        ("big_tag", statement(b"\xa1\x61a\xd9\xd9\xf7\0"), "tag"),
        ("reserved", statement(b"\xa1\x61a\x1c"), "reserved"),
        ("twice_inside", statement(b"\xa2\x61a\0\x61a\1"), "occurs twice"),
        ("key_bytes", statement(b"\xa1\x41a\0"), "no integer and no text"),
        ("key_array", statement(b"\xa1\x80\0"), "no integer and no text"),
        ("not_utf8", statement(b"\xa1\x61a\x61\xff"), "not UTF-8"),
        ("deep", statement(deep), "deeper than"),
        ("very_deep", statement(b"\x81" * 20000), "deeper than"),
        ("many_pairs", statement(cbor({i: 0 for i in range(65)})), "64 pairs"),
        ("many_items", statement(cbor([0] * 1024)), "1024 items"),
        ("huge_length", statement(b"\x5b" + b"\xff" * 8), "CBOR ends too early"),
        ("huge_array", statement(b"\x9b" + b"\xff" * 8), ""),
        ("huge_map", statement(b"\xbb" + b"\xff" * 8), "64 pairs"),
    ]


ATTESTED, ATTESTATIONS = attestation_cases()


@pytest.mark.parametrize("attestation, reason", [c[1:] for c in ATTESTATIONS],
                         ids=[c[0] for c in ATTESTATIONS])
def test_an_attestation_object_that_is_wrong_is_refused(attestation, reason):
    """Canonical CBOR, with three members of their types."""
    refuse("registration", ATTESTED.register(CHALLENGE, attestation=attestation), reason)


def test_cbor_at_its_limits_is_good():
    """Depth 8, 64 pairs, and the largest numbers."""
    key = passkey()
    for statement in (Raw(b"\x81" * 6 + b"\x80"), {i: 0 for i in range(64)}, [0] * 900,
                      {"a": (1 << 64) - 1, "b": -(1 << 64), "c": [True, False, None]}):
        report("registration", key.register(CHALLENGE, fmt="packed", statement=statement))


def key_cases():
    """Name, alg, change of the COSE_Key's members (None takes one out), reason."""
    off = bytes(31) + b"\1"
    return [
        ("no_kty", "ES256", {1: None}, "kty and alg"), ("no_alg", "ES256", {3: None}, "kty and alg"),
        ("alg_text", "ES256", {3: "ES256"}, "kty and alg"),
        ("no_crv", "ES256", {-1: None}, "crv does not fit"),
        ("p384", "ES256", {-1: 2}, "crv does not fit"), ("crv_text", "ES256", {-1: "P-256"}, "crv"),
        ("okp", "ES256", {1: 1}, "kty does not fit"), ("ed448", "EdDSA", {-1: 7}, "crv does not fit"),
        ("eddsa_ec", "EdDSA", {1: 2}, "kty does not fit"), ("rsa_ec", "RS256", {1: 2}, "kty"),
        ("no_x", "ES256", {-2: None}, "a member is missing"),
        ("no_y", "ES256", {-3: None}, "a member is missing"),
        ("y_sign", "ES256", {-3: True}, "y missing or no byte string"),
        ("off_curve", "ES256", {-2: off, -3: off}, "not a valid EC key"),
        ("zero_point", "ES256", {-2: bytes(32), -3: bytes(32)}, "not a valid EC key"),
        ("short_x", "ES256", {-2: bytes(31)}, "x "), ("long_x", "ES256", {-2: bytes(33)}, "x "),
        ("beyond_the_field", "ES256", {-2: b"\xff" * 32}, "not a valid EC key"),
        ("small_order", "EdDSA", {-2: bytes(32)}, "no point"),
        ("no_point", "EdDSA", {-2: b"\2" + bytes(31)}, "no point"),
        ("short", "EdDSA", {-2: bytes(31)}, "x "),
        ("even_n", "RS256", {-1: b"\xff" * 255 + b"\xfe"}, ""), ("e_1", "RS256", {-2: b"\1"}, ""),
        ("e_even", "RS256", {-2: b"\4"}, ""), ("no_e", "RS256", {-2: None}, "a member is missing"),
        ("leading_zero", "RS256", {-2: b"\0\1\0\1"}, ""), ("n_text", "RS256", {-1: "n"}, "n missing"),
        ("huge_n", "RS256", {-1: b"\xff" * 1025}, ""),
        ("kid", "ES256", {2: b"kid"}, "missing or too much"),
        ("key_ops", "ES256", {4: [2]}, "missing or too much"),
        ("private", "ES256", {-4: bytes(32)}, "missing or too much"),
    ]


@pytest.mark.parametrize("alg, change, reason", [c[1:] for c in key_cases()],
                         ids=[c[0] for c in key_cases()])
def test_a_credential_key_that_is_wrong_is_refused(alg, change, reason):
    """alg, kty, crv and the numbers belong together, and the numbers are those of a good key."""
    key = passkey(alg=alg)
    cose = {k: v for k, v in {**key.key.cose(), **change}.items() if v is not None}
    refuse("registration", key.register(CHALLENGE, attested=key.attested(key=cose)), reason)


def test_a_credential_key_in_another_order_or_form_is_refused():
    """In a COSE key the order is enforced, too."""
    key = passkey()
    pairs = list(key.key.cose().items())
    for bad, reason in ((Pairs(pairs[1:] + pairs[:1]), "canonical order"),
                        (Pairs([*pairs[:2], pairs[3], pairs[2], pairs[4]]), "canonical order"),
                        (Pairs(pairs + [pairs[4]]), "occurs twice"),
                        (Raw(b"\xbf" + cbor(Pairs(pairs))[1:] + b"\xff"), "indefinite"),
                        (Raw(cbor(Pairs(pairs)).replace(b"\x03\x26", b"\x03\x38\x06")), "shortest"),
                        (Raw(head(5, 5, 1) + cbor(Pairs(pairs))[1:]), "shortest form"),
                        ([1], "kty and alg"), (b"", "kty and alg"), ({}, "kty and alg")):
        refuse("registration", key.register(CHALLENGE, attested=key.attested(key=bad)), reason)


def test_an_rsa_key_under_2048_bits_is_refused():
    """The floor of our keys."""
    key = passkey(alg="RS256", bits=1024)
    refuse("registration", key.register(CHALLENGE), "2048")


@pytest.mark.parametrize("alg", ALGS)
def test_a_signature_of_another_key_or_of_other_bytes_is_refused(alg, key_of):
    """7.2, steps 20 and 21."""
    key, other = passkey(alg=alg), passkey(alg=alg)
    refuse("authentication", key.answer(CHALLENGE), "not the passkey's", *key_of(other))
    answer = key.answer(CHALLENGE)
    answer["response"]["authenticatorData"] = b64(key.data(UP | UV, counter=99))
    refuse("authentication", answer, "not the passkey's", *key_of(key))
    answer = key.answer(CHALLENGE)
    answer["response"]["clientDataJSON"] = b64(key.client_data("get", CHALLENGE, extra=1))
    refuse("authentication", answer, "not the passkey's", *key_of(key))


@pytest.mark.parametrize("alg", ["EdDSA", "RS256"])
def test_a_signature_of_another_length_is_refused(alg, key_of):
    """EdDSA has 64 bytes, RSA as many as its modulus."""
    key = passkey(alg=alg)
    answer = key.answer(CHALLENGE)
    good = answer["response"]["signature"]
    for bad in ("", "AA", good[:-6], "AAAA" + good):
        answer["response"]["signature"] = bad
        refuse("authentication", answer, "not the passkey's", *key_of(key))


def integer(n, more=b""):
    """An INTEGER of DER."""
    body = more + n.to_bytes(n.bit_length() // 8 + 1, "big")
    return b"\x02" + bytes([len(body)]) + body


def sequence(*parts):
    """A SEQUENCE of DER."""
    body = b"".join(parts)
    return b"\x30" + bytes([len(body)]) + body


@pytest.mark.parametrize("bad", [
    b"", b"\x30", b"\x30\0", bytes(64), sequence(integer(5)), sequence(integer(5), integer(6), b"\0"),
    sequence(integer(5), integer(6)) + b"\0", b"\x31" + sequence(integer(5), integer(6))[1:],
    b"\x30\x81\x06" + integer(5) + integer(6), b"\x30\x80" + integer(5) + integer(6) + b"\0\0",
    sequence(integer(5, b"\0"), integer(6)), sequence(integer(5), b"\x02\x00"),
    sequence(b"\x02\x01\x85", integer(6)), sequence(b"\x02\x81\x01\x05", integer(6)),
    sequence(integer(1 << 256), integer(6)), sequence(b"\x03\x01\x05", integer(6)),
    sequence(integer(5), b"\x02\x7f\x05"), sequence(integer(5), b"\x02\x01"),
], ids=range(18))
def test_an_ecdsa_signature_that_is_not_in_der_is_refused(bad, key_of):
    """Strict DER: one encoding for each pair of numbers."""
    key = passkey()
    refuse("authentication", key.answer(CHALLENGE, signature=bad), "not in DER", *key_of(key))


def test_an_ecdsa_signature_with_numbers_of_no_signature_is_refused(key_of):
    """Zero, and the order of the curve."""
    key = passkey()
    order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
    for r, s in ((0, 5), (5, 0), (order, 5), (5, order), (5, 6)):
        refuse("authentication", key.answer(CHALLENGE, signature=sequence(integer(r), integer(s))),
               "not the passkey's", *key_of(key))


@pytest.mark.parametrize("stored, said, good", [
    (0, 0, True), (0, 1, True), (1, 2, True), (5, 4294967295, True),
    (1, 1, False), (2, 1, False), (1, 0, False), (4294967295, 4294967295, False),
])
def test_a_counter_that_does_not_grow_is_refused(stored, said, good, key_of):
    """7.2, step 22, unless both are 0."""
    key = passkey()
    answer = key.answer(CHALLENGE, counter=said)
    if good:
        assert report("authentication", answer, "--counter", str(stored), *key_of(key))["counter"] == said
    else:
        refuse("authentication", answer, f"the counter is {said}, and must be greater than the "
               f"stored {stored}", "--counter", str(stored), *key_of(key))


def test_a_wrong_signature_is_told_before_the_counter(key_of):
    """Or strangers could make it look as if a passkey was copied."""
    key = passkey()
    refuse("authentication", key.answer(CHALLENGE, counter=1), "not the passkey's",
           "--counter", "5", *key_of(passkey()))


def test_a_credential_that_was_not_asked_for_is_refused(key_of):
    """7.2, step 5."""
    key = passkey()
    other = ("--credential-id", b64(b"other"))
    refuse("authentication", key.answer(CHALLENGE), "none of those that were asked for", *other,
           *key_of(key))
    report("authentication", key.answer(CHALLENGE), *other, "--credential-id", b64(key.id),
           *key_of(key))


def test_the_user_handle_of_another_user_is_refused(key_of):
    """7.2, step 6; an answer without one is that of a passkey that was asked for by its id."""
    ann = ("--user-handle", b64(b"ann"))
    for handle, good in ((b"ann", True), (None, True), (b"bob", False), (b"an", False)):
        key = passkey(user_handle=handle)
        if good:
            report("authentication", key.answer(CHALLENGE), *ann, *key_of(key))
        else:
            refuse("authentication", key.answer(CHALLENGE), "not that of the credential's user",
                   *ann, *key_of(key))
    report("authentication", passkey().answer(CHALLENGE) and key.answer(CHALLENGE), *key_of(key))


@pytest.mark.takes("a process for each of 1,700 allocations")
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
