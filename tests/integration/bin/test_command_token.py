"""doorward token: issue, inspect, verify."""

import json
import time
import uuid

import jwt
import pytest
from jose_command import FAILED, NO, OK, UNSUPPORTED, Site, good, load

ISSUER = "http://localhost:8080"


@pytest.fixture
def site(tmp_path):
    """Settings without any key yet."""
    return Site(tmp_path)


def test_a_token_that_others_verify(site):
    site.new("--alg", "EdDSA")
    token = site.good("token", "issue", "--sub", "u1", "--name", "ann", "--role", "admin",
                      "--role", "staff", "--life", "2m").decode()
    shown = jwt.PyJWKSet.from_dict(load(site.jwks)).keys[0]
    claims = jwt.decode(token, shown.key, ["EdDSA"], audience=ISSUER, issuer=ISSUER,
                        options={"require": ["exp", "iat", "jti"]})
    assert (claims["sub"], claims["preferred_username"], claims["roles"], claims["client_id"]) \
        == ("u1", "ann", ["admin", "staff"], "doorward-program")
    assert uuid.UUID(claims["sid"]).version == 4 and str(uuid.UUID(claims["sid"])) == claims["sid"]
    assert claims["exp"] - claims["iat"] == 120
    assert abs(claims["iat"] - time.time()) < 10
    assert jwt.get_unverified_header(token)["typ"] == "at+jwt"
    assert json.loads(site.good("token", "verify", stdin=token.encode())) == claims


def test_an_encrypted_token(site):
    site.write(decryption_keys="decryption", encryption_keys="encryption.json")
    site.new()
    site.new("--use", "enc", "--alg", "ECDH-ES+A256KW", "--crv", "X25519")
    site.write(token_encryption="on")
    token = site.good("token", "issue", "--sub", "u1")
    assert token.count(b".") == 4
    assert json.loads(site.good("token", "verify", stdin=token))["sub"] == "u1"
    shown = json.loads(site.good("token", "inspect", stdin=token))
    assert shown["header"]["cty"] == "JWT" and "claims" not in shown
    assert "d" not in load(site.directory / "encryption.json")["keys"][0]
    site.write(token_encryption="off", decryption_keys=None)
    assert site.run("token", "verify", stdin=token)[0] == NO


def test_verify_judges_the_claims(site):
    kid = site.new()
    good_claims = {"iss": ISSUER, "sub": "u", "aud": ISSUER, "iat": int(time.time()),
                   "exp": int(time.time()) + 60}

    def judge(claims, typ="at+jwt"):
        token = good("jws", "sign", "--keys", site.file(kid), "--typ", typ,
                     stdin=json.dumps(claims).encode())
        return site.run("token", "verify", stdin=token)[0]

    assert judge(good_claims) == OK
    assert judge(good_claims, typ="JWT") == NO
    for name in good_claims:
        assert judge({k: v for k, v in good_claims.items() if k != name}) == NO
    for change in ({"iss": "x"}, {"aud": "x"}, {"exp": int(time.time()) - 31},
                   {"nbf": int(time.time()) + 60}, {"exp": "soon"}):
        assert judge({**good_claims, **change}) == NO


def test_inspect_says_that_it_verifies_nothing(site):
    site.new()
    token = site.good("token", "issue", "--sub", "u")
    status, out, err = site.run("token", "inspect", stdin=token[:-4] + b"AAAA")
    assert status == OK and "NOT VERIFIED" in err
    shown = json.loads(out)
    assert shown["verified"] is False and shown["claims"]["sub"] == "u"
    assert site.run("token", "inspect", stdin=b"junk")[0] == NO
    assert site.run("token", "inspect", stdin=b"eyJhbGciOiJub25lIn0.e30.")[0] == UNSUPPORTED


def test_further_claims_are_kept_in_their_order(site):
    site.new()
    token = site.good("token", "issue", "--sub", "u", "--claim", 'zeta={"b":[1,null],"a":"\u00fc"}',
                      "--claim", "alpha=1.5", "--claim", 'text="a=b"')
    said = json.loads(site.good("token", "verify", stdin=token))
    assert list(said)[-3:] == ["zeta", "alpha", "text"]
    assert said["zeta"] == {"b": [1, None], "a": "\u00fc"} and list(said["zeta"]) == ["b", "a"]
    assert said["alpha"] == 1.5 and said["text"] == "a=b"


@pytest.mark.parametrize("claim, says", [
    ("sub=1", "a claim of ours"), ("scope=1", "a claim of ours"), ("x", "NAME=JSON"),
    ("=1", "NAME=JSON"), ("x=y", "NAME=JSON"), ("x=1,2", "NAME=JSON"), ('x={"a":1,"a":2}', "NAME=JSON"),
    (f"{'x' * 65}=1", "too long"), (f'x="{"y" * 4096}"', "too long"), (f'x="{"y" * 2000}"', "too long"),
])
def test_a_claim_that_cannot_be_kept_makes_no_token(site, claim, says):
    site.new()
    status, out, err = site.run("token", "issue", "--sub", "u", "--claim", claim)
    assert (status, out) == (FAILED, b"") and says in err, err


@pytest.mark.parametrize("argv", [
    ["issue"], ["issue", "--sub", ""], ["issue", "--sub", "u", "--life", "0s"],
    ["issue", "--sub", "u", "--life", "forever"], ["issue", "--sub", "u", "--life", "401d"],
    ["issue", "--sub", "u", "more"], ["issue", "--sub", "u", "--sid", "x"], ["verify", "more"], ["peek"], [],
])
def test_wrong_calls_of_token(site, argv):
    site.new()
    status, out, err = site.run("token", *argv)
    assert (status, out) == (FAILED, b"") and err
