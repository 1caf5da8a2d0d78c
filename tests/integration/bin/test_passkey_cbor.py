"""The CBOR of passkeys: attestation objects, credential keys and extensions."""

import pytest
from authenticator import AT, ED, UP, Pairs, Raw, cbor, head
from passkey_check import CHALLENGE, passkey, refuse, report


def test_a_megabyte_of_cbor_is_refused():
    """The text is not read to its end."""
    key = passkey()
    refuse("registration", key.register(CHALLENGE, attestation=cbor([0] * 2000000)[:1 << 20]),
           "longer than 65536 bytes")
    refuse("registration", key.register(CHALLENGE, attestation=cbor([0] * 40000)), "1024 items")


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


def test_the_order_of_keys_in_an_attestation_object_is_free():
    """Real authenticators and browsers have one of their own."""
    key = passkey()
    pairs = [("authData", key.data(UP | AT, rest=key.attested())), ("attStmt", {}), ("fmt", "none")]
    for order in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        report("registration", key.register(
            CHALLENGE, attestation=cbor(Pairs(pairs[i] for i in order))))


@pytest.mark.parametrize("fmt, statement", [
    ("packed", {"alg": -7, "sig": b"not one"}),
    ("fido-u2f", Pairs([("x5c", [b"no"]), ("sig", b"")])),
    ("tpm", {}), ("x" * 32, []), ("compound", [{"fmt": "none"}, {"fmt": "packed"}]),
])
def test_another_format_is_accepted_and_its_statement_only_parsed(fmt, statement):
    """Nothing that it says is trusted, so nothing of it is verified."""
    key = passkey()
    answer = key.register(CHALLENGE, fmt=fmt, statement=statement)
    assert report("registration", answer)["fmt"] == fmt


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
        ("no_kty", "ES256", {1: None}, "kty and alg"),
        ("no_alg", "ES256", {3: None}, "kty and alg"),
        ("alg_text", "ES256", {3: "ES256"}, "kty and alg"),
        ("no_crv", "ES256", {-1: None}, "crv does not fit"),
        ("p384", "ES256", {-1: 2}, "crv does not fit"), ("crv_text", "ES256", {-1: "P-256"}, "crv"),
        ("okp", "ES256", {1: 1}, "kty does not fit"),
        ("ed448", "EdDSA", {-1: 7}, "crv does not fit"),
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
        ("leading_zero", "RS256", {-2: b"\0\1\0\1"}, ""),
        ("n_text", "RS256", {-1: "n"}, "n missing"),
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
