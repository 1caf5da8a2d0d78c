"""doorward jws and jwe against PyJWT and jwcrypto, both ways, over every algorithm."""

import json

import jwt
import pytest
from jose_command import FAILED, NO, OK, UNSUPPORTED, good, make_key, public, run, store
from jwcrypto import jwe, jwk, jws

PAYLOADS = [b"", b"{}", b'{"sub":"\xc3\xa9"}', b"not JSON\n", bytes(range(256))]

SIGNATURES = ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
              "ES256", "ES384", "ES512", "EdDSA"]
ENCS = ["A128GCM", "A192GCM", "A256GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512"]
CURVES = ["P-256", "P-384", "P-521", "X25519"]
ENCRYPTIONS = ([(alg, None) for alg in ("A128KW", "A192KW", "A256KW", "A128GCMKW", "A256GCMKW",
                                        "RSA-OAEP-256")]
               + [(alg, curve) for alg in ("ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW")
                  for curve in CURVES])


@pytest.fixture(scope="session")
def rsa(tmp_path_factory):
    """One RSA key, for it takes long to make: its members without alg and kid."""
    key = make_key(tmp_path_factory.mktemp("rsa") / "rsa.jwk", "RS256", "--bits", "2048")
    return {k: v for k, v in key.items() if k not in ("alg", "kid", "use")}


@pytest.fixture(scope="session")
def keys(tmp_path_factory, rsa):
    """A function that gives the file of a key, and the key, for an algorithm and a curve."""
    directory = tmp_path_factory.mktemp("keys")
    made = {}

    def get(alg, curve=None):
        if (alg, curve) not in made:
            path = directory / f"{alg}-{curve}.jwk"
            if alg[:2] in ("RS", "PS"):
                key = {**rsa, "alg": alg, "kid": f"rsa {alg}"}
                store(path, key)
            else:
                key = make_key(path, alg, *(["--crv", curve] if curve else []))
            made[alg, curve] = path, key
        return made[alg, curve]
    return get


def jwcrypto_key(key):
    """Without the members that jwcrypto takes amiss."""
    return jwk.JWK(**{k: v for k, v in key.items() if k not in ("alg", "iat", "nbf", "exp")})


# ---- JWS ----

@pytest.mark.parametrize("alg", SIGNATURES)
def test_jwcrypto_verifies_what_we_sign(keys, alg):
    path, key = keys(alg)
    for payload in PAYLOADS:
        token = good("jws", "sign", "--keys", path, stdin=payload)
        other = jws.JWS()
        other.deserialize(token.decode())
        other.verify(jwcrypto_key(key), alg=alg)
        assert other.payload == payload
        assert json.loads(other.objects["protected"]) == {"alg": alg, "kid": key["kid"]}


@pytest.mark.parametrize("alg", SIGNATURES)
def test_we_verify_what_jwcrypto_signs(keys, tmp_path, alg):
    path, key = keys(alg)
    if key["kty"] != "oct":
        path = store(tmp_path / "public.jwk", public(key))
    for payload in PAYLOADS:
        token = jws.JWS(payload)
        token.add_signature(jwcrypto_key(key), alg,
                            json.dumps({"alg": alg, "kid": key["kid"]}))
        status, out, err = run("jws", "verify", "--keys", path, "--raw",
                               stdin=token.serialize(compact=True).encode())
        assert (status, out) == (OK, payload), err


def pyjwt_key(alg, key):
    """What PyJWT signs and verifies with."""
    return jwt.api_jws.PyJWS().get_algorithm_by_name(alg).from_jwk(json.dumps(key))


@pytest.mark.parametrize("alg", SIGNATURES)
def test_pyjwt_agrees_both_ways(keys, alg):
    path, key = keys(alg)
    claims = {"sub": "ann", "n": [1, 2.5, None]}
    token = jwt.encode(claims, pyjwt_key(alg, key), alg, {"kid": key["kid"]})
    assert json.loads(good("jws", "verify", "--keys", path, stdin=token.encode())) == claims
    token = good("jws", "sign", "--keys", path, "--typ", "JWT",
                 stdin=json.dumps(claims).encode()).decode()
    verifying = pyjwt_key(alg, public(key))
    assert jwt.decode(token, verifying, [alg]) == claims
    assert jwt.get_unverified_header(token)["typ"] == "JWT"


def test_each_token_is_verified_by_its_own_key_only(keys):
    tokens = {alg: good("jws", "sign", "--keys", keys(alg)[0], stdin=b"x")
              for alg in SIGNATURES}
    for alg in SIGNATURES:
        for other in SIGNATURES:
            status = run("jws", "verify", "--keys", keys(alg)[0], stdin=tokens[other])[0]
            assert status == (OK if alg == other else NO), (alg, other)


# ---- JWE ----

def open_with_jwcrypto(token, key):
    """What jwcrypto finds inside; nothing at all it takes for a failure after its success."""
    other = jwe.JWE(algs=jwe.default_allowed_algs + ["RSA-OAEP-256"])
    try:
        other.deserialize(token.decode(), jwcrypto_key(key))
    except jwe.InvalidJWEData:
        assert (other.decryptlog, other.plaintext) == (["Success"], b"")
    return other.plaintext


def seal_with_jwcrypto(payload, key, **header):
    """A token of jwcrypto's."""
    other = jwe.JWE(payload, json.dumps(header),
                    algs=jwe.default_allowed_algs + ["RSA-OAEP-256", "RSA-OAEP"])
    other.add_recipient(jwcrypto_key(public(key)))
    return other.serialize(compact=True).encode()


@pytest.mark.parametrize("alg, curve", ENCRYPTIONS)
def test_jwcrypto_agrees_both_ways(keys, alg, curve):
    path, key = keys(alg, curve)
    for enc, payload in zip(ENCS, [b"payload", *PAYLOADS]):
        token = good("jwe", "encrypt", "--keys", path, "--enc", enc, stdin=payload)
        assert open_with_jwcrypto(token, key) == payload
        token = seal_with_jwcrypto(payload, key, alg=alg, enc=enc, kid=key["kid"])
        status, out, err = run("jwe", "decrypt", "--keys", path, stdin=token)
        assert (status, out) == (OK, payload), err


@pytest.mark.parametrize("enc, size", zip(ENCS, [16, 24, 32, 32, 48, 64]))
def test_jwcrypto_agrees_on_direct_encryption(tmp_path, enc, size):
    made = jwk.JWK.generate(kty="oct", size=size * 8)
    for alg in ("dir", enc):
        key = {**made.export(as_dict=True), "alg": alg, "kid": "k"}
        path = store(tmp_path / f"{alg}.jwk", key)
        for payload in PAYLOADS:
            token = good("jwe", "encrypt", "--keys", path, "--enc", enc, stdin=payload)
            assert open_with_jwcrypto(token, key) == payload
            token = seal_with_jwcrypto(payload, key, alg="dir", enc=enc)
            assert good("jwe", "decrypt", "--keys", path, stdin=token) == payload


def test_party_info_of_the_sender_counts(keys):
    path, key = keys("ECDH-ES", "P-256")
    token = seal_with_jwcrypto(b"x", key, alg="ECDH-ES", enc="A256GCM", apu="QWxpY2U",
                               apv="Qm9i")
    assert good("jwe", "decrypt", "--keys", path, stdin=token) == b"x"


def test_rsa_oaep_is_read_but_not_written(tmp_path, rsa):
    key = {**rsa, "alg": "RSA-OAEP"}
    path = store(tmp_path / "k.jwk", key)
    token = seal_with_jwcrypto(b"x", key, alg="RSA-OAEP", enc="A128GCM")
    assert good("jwe", "decrypt", "--keys", path, stdin=token) == b"x"
    assert run("jwe", "encrypt", "--keys", path, stdin=b"x")[0] == UNSUPPORTED


def test_each_encrypted_token_is_opened_by_its_own_key_only(keys):
    tokens = {which: good("jwe", "encrypt", "--keys", keys(*which)[0], stdin=b"x")
              for which in ENCRYPTIONS}
    for which in ENCRYPTIONS:
        for other in ENCRYPTIONS:
            status = run("jwe", "decrypt", "--keys", keys(*which)[0], stdin=tokens[other])[0]
            assert status == (OK if which == other else NO), (which, other)


def test_one_answer_for_whatever_is_wrong_inside(keys):
    path, _ = keys("RSA-OAEP-256")
    token = good("jwe", "encrypt", "--keys", path, "--enc", "A128CBC-HS256", stdin=b"x" * 40)
    parts = token.split(b".")
    answers = set()
    for i in range(1, 5):
        damaged = list(parts)
        first = damaged[i][:1]
        damaged[i] = (b"A" if first != b"A" else b"B") + damaged[i][1:]
        answers.add(run("jwe", "decrypt", "--keys", path, stdin=b".".join(damaged)))
    assert len(answers) == 1 and answers.pop()[0] == NO


# ---- exit statuses ----

def token_of(header, rest="e30.AAAA"):
    """A JWS of any header."""
    part = jwt.utils.base64url_encode(json.dumps(header).encode()).decode()
    return f"{part}.{rest}".encode()


@pytest.mark.parametrize("token, status", [
    (b"", NO), (b".", NO), (b"..", NO), (b"a.b.c", NO), (b"e30.e30.", NO),
    (token_of({"alg": "none"}, "e30."), UNSUPPORTED),
    (token_of({"alg": "none"}, "e30=."), NO),
    (token_of({"alg": "None"}), UNSUPPORTED),
    (token_of({"alg": "ES256K"}), UNSUPPORTED),
    (token_of({"alg": "HS256"}), NO),
    (token_of({"alg": "ES256"}), NO),
    (token_of({"alg": "ES256", "crit": ["exp"], "exp": 1}), NO),
    (token_of({"alg": "ES256", "b64": True}), NO),
    (token_of({"alg": "ES256", "jwk": {}}), NO),
    (token_of({"alg": "ECDH-ES", "enc": "A128GCM"}), UNSUPPORTED),
    (token_of({"alg": "dir", "enc": "A128GCM"}, "..AAAA.AAAA.AAAA"), NO),
])
def test_status_of_a_bad_jws(keys, token, status):
    answer = run("jws", "verify", "--keys", keys("ES256")[0], stdin=token)
    assert answer[0] == status, answer
    assert answer[1] == b"" and answer[2].startswith("doorward: ")


@pytest.mark.parametrize("header, status", [
    ({"alg": "A128KW", "enc": "A128GCM"}, NO),
    ({"alg": "A128KW", "enc": "A128GCM", "zip": "DEF"}, NO),
    ({"alg": "RSA1_5", "enc": "A128GCM"}, UNSUPPORTED),
    ({"alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2s": "AAAA", "p2c": 1000}, UNSUPPORTED),
    ({"alg": "A128KW", "enc": "A128CTR"}, UNSUPPORTED),
    ({"alg": "ECDH-ES", "enc": "A128GCM"}, NO),
    ({"alg": "A128KW"}, NO),
])
def test_status_of_a_bad_jwe(keys, header, status):
    token = token_of(header, "AAAA.AAAA.AAAA.AAAA")
    assert run("jwe", "decrypt", "--keys", keys("A128KW")[0], stdin=token)[0] == status


def test_one_line_end_after_the_token_does_not_count(keys):
    """echo and editors write it; a second one, or anything else, makes the token another."""
    for command, use, path in (("jws", ("sign", "verify"), keys("ES256")[0]),
                               ("jwe", ("encrypt", "decrypt"), keys("A128KW")[0])):
        token = good(command, use[0], "--keys", path, stdin=b"x\n")
        assert good(command, use[1], "--keys", path, stdin=token) == b"x\n"
        for end in (b"\n", b"\r\n"):
            assert good(command, use[1], "--keys", path, stdin=token + end) == b"x\n"
        for end in (b"\n\n", b"\r", b" ", b" \n", b"\n\r", b"\0", b"\r\r\n"):
            status, out, err = run(command, use[1], "--keys", path, stdin=token + end)
            assert (status, out) == (NO, b""), end
            assert "line end" in err if end == b"\n\n" else err


@pytest.mark.parametrize("text", [
    "", "{", "[]", "null", "{}", '{"keys":[]}', '{"kty":"oct"}',
    '{"kty":"oct","k":"AAAA","alg":"HS256"}',
    '{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}',
    '{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","alg":"A256KW"}',
    '{"kty":"oct","kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","alg":"HS256"}',
])
def test_a_broken_key_file_is_no_verdict(keys, tmp_path, text):
    path = tmp_path / "k.jwk"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    token = good("jws", "sign", "--keys", keys("HS256")[0], stdin=b"x")
    status, out, err = run("jws", "verify", "--keys", path, stdin=token)
    assert (status, out) == (FAILED, b""), err
    assert run("jws", "sign", "--keys", path, stdin=b"x")[0] == FAILED


@pytest.mark.parametrize("key", [
    {"kty": "EC", "crv": "secp256k1", "x": "AAAA", "y": "AAAA", "d": "AAAA"},
    {"kty": "oct", "k": "AAAA", "alg": "HS1"},
    {"kty": "AKP", "alg": "ML-DSA-44", "pub": "AAAA"},
    {"kty": "OKP", "crv": "Ed448", "x": "AAAA", "d": "AAAA"},
])
def test_a_key_that_is_not_offered(tmp_path, key):
    path = store(tmp_path / "k.jwk", key)
    assert run("jws", "sign", "--keys", path, stdin=b"x")[0] == UNSUPPORTED
    assert run("jws", "verify", "--keys", path,
               stdin=token_of({"alg": "ES256K"}))[0] == UNSUPPORTED
    assert run("jws", "verify", "--keys", path,
               stdin=token_of({"alg": "EdDSA"}))[0] == UNSUPPORTED
    for broken in (b"", b"a.b", b"a.b.c", token_of({"alg": "EdDSA"}) + b"="):
        assert run("jws", "verify", "--keys", path, stdin=broken)[0] == FAILED


def test_a_curve_that_is_not_offered_for_encryption(tmp_path):
    key = jwk.JWK.generate(kty="OKP", crv="X448")
    path = store(tmp_path / "k.jwk", json.loads(key.export()))
    token = jwe.JWE(b"x", '{"alg":"ECDH-ES","enc":"A128GCM"}')
    token.add_recipient(key)
    assert run("jwe", "decrypt", "--keys", path,
               stdin=token.serialize(compact=True).encode())[0] == UNSUPPORTED


@pytest.mark.parametrize("argv", [
    ["jws"], ["jws", "verify"], ["jws", "sign"], ["jws", "peek"], ["jwe", "encrypt"],
    ["jws", "verify", "--keys", "/nonexistent"], ["jws", "verify", "--keys"],
    ["jws", "verify", "--keys", "/dev/null"], ["jws", "verify", "--key", "x"],
    ["jwe", "decrypt", "--keys", "/nonexistent"], ["jwe", "decrypt", "more", "--keys", "x"],
])
def test_wrong_calls(argv):
    status, out, err = run(*argv)
    assert (status, out) == (FAILED, b"")
    assert err


def test_a_secret_that_others_can_read_is_used_with_a_warning(keys, tmp_path):
    path = store(tmp_path / "k.jwk", keys("HS256")[1], mode=0o644)
    status, _, err = run("jws", "sign", "--keys", path, stdin=b"x")
    assert status == OK
    assert "warning" in err and "chmod 0600" in err


def test_a_set_of_keys(keys, tmp_path):
    chosen = [keys(alg)[1] for alg in ("ES256", "RS256", "EdDSA")]
    path = store(tmp_path / "set.json", {"keys": chosen})
    for key in chosen:
        token = good("jws", "sign", "--keys", path, "--kid", key["kid"], stdin=b"x")
        assert good("jws", "verify", "--keys", path, stdin=token) == b"x"
    assert run("jws", "sign", "--keys", path, "--kid", "none", stdin=b"x")[0] == FAILED
    anonymous = jws.JWS(b"x")
    anonymous.add_signature(jwcrypto_key(chosen[0]), "ES256", '{"alg":"ES256"}')
    token = anonymous.serialize(compact=True).encode()
    assert run("jws", "verify", "--keys", path, stdin=token)[0] == NO
    assert good("jws", "verify", "--keys", keys("ES256")[0], stdin=token) == b"x"


def test_names_that_are_not_offered(keys):
    path = keys("ECDH-ES", "P-256")[0]
    for option in (["--alg", "RSA1_5"], ["--enc", "A128CTR"], ["--enc", "dir"],
                   ["--alg", "A128GCM"], ["--alg", "ES256"]):
        assert run("jwe", "encrypt", "--keys", path, *option, stdin=b"x")[0] == UNSUPPORTED
    assert run("jwe", "encrypt", "--keys", path, "--alg", "A128KW", stdin=b"x")[0] == FAILED
