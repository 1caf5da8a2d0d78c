"""Each step of WebAuthn's sections 7.1 and 7.2 that is about client data, authenticator data, ids
and signatures: what it refuses, and with which reason."""

import os

import pytest
from authenticator import AT, BE, BS, ED, UP, UV, b64, cbor
from passkey_check import ALGS, CHALLENGE, ORIGIN, USUAL, passkey, refuse, report

TOP = "https://frame.example"

CLIENT = [
    ({"type": "webauthn.other"}, "type is not webauthn."), ({"type": None}, "type missing"),
    ({"type": 1}, "type missing"),
    ({"challenge": b64(b"another")}, "not the challenge"), ({"challenge": ""}, "not the challenge"),
    ({"challenge": b64(CHALLENGE) + "="}, "not the challenge"),
    ({"challenge": None}, "challenge missing"),
    ({"challenge": 5}, "challenge missing"),
    ({"origin": "https://evil.example"}, "origin is not one of ours"),
    ({"origin": "http://example.org"}, "origin is not one of ours"),
    ({"origin": "https://example.org/"}, "origin is not one of ours"),
    ({"origin": "https://EXAMPLE.org"}, "origin is not one of ours"),
    ({"origin": "https://login.example.org"}, "origin is not one of ours"),
    ({"origin": "https://example.org:443"}, "origin is not one of ours"),
    ({"origin": None}, "origin missing"), ({"origin": [ORIGIN]}, "origin missing"),
    ({"crossOrigin": True}, "crossOrigin is true"),
    ({"crossOrigin": "false"}, "crossOrigin is not"),
    ({"topOrigin": ORIGIN}, "topOrigin is not allowed"),
    ({"topOrigin": TOP}, "topOrigin is not allowed"),
    ({"topOrigin": False}, "topOrigin is not a string"),
    (b"", "clientDataJSON: JSON missing"), (b"[]", "clientDataJSON: not an object"),
    (b"{}", "type missing"),
    (b"{\"type\":\"webauthn.get\",\"type\":\"webauthn.get\"}", "occurs twice"),
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
    report("registration",
           key.register(CHALLENGE, client=mark + key.client_data("create", CHALLENGE)))
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
           key.register(CHALLENGE, client={"crossOrigin": True, "topOrigin": ORIGIN}),
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
    refuse("authentication", key.answer(CHALLENGE, flags=UP), "UV is not set", *demand,
           *key_of(key))
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
    b"", b"\x30", b"\x30\0", bytes(64), sequence(integer(5)),
    sequence(integer(5), integer(6), b"\0"),
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
        made = report("authentication", answer, "--counter", str(stored), *key_of(key))
        assert made["counter"] == said
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
