"""doorward token: issue, inspect, verify."""

import json
import time
import uuid

import jwt
import pytest
from jose_command import FAILED, NO, OK, UNSUPPORTED, Site, good, load

ISSUER = "http://localhost:8080"


@pytest.fixture
def site(tmp_path, people):
    """Settings without any key yet, and a user."""
    return people(Site(tmp_path))


def test_a_token_that_others_verify(site):
    site.new("--alg", "EdDSA")
    token = site.good("token", "issue", "--sub", site.sub, "--name", "report", "--role", "admin",
                      "--role", "staff", "--life", "2m").decode()
    shown = jwt.PyJWKSet.from_dict(load(site.jwks)).keys[0]
    claims = jwt.decode(token, shown.key, ["EdDSA"], audience=ISSUER, issuer=ISSUER,
                        options={"require": ["exp", "iat", "jti"]})
    assert (claims["sub"], claims["preferred_username"], claims["roles"], claims["client_id"]) \
        == (site.sub, site.name, ["admin", "staff"], "doorward-program")
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
    token = site.good("token", "issue", "--sub", site.sub)
    assert token.count(b".") == 4
    assert json.loads(site.good("token", "verify", stdin=token))["sub"] == site.sub
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
    token = site.good("token", "issue", "--sub", site.sub)
    status, out, err = site.run("token", "inspect", stdin=token[:-4] + b"AAAA")
    assert status == OK and "NOT VERIFIED" in err
    shown = json.loads(out)
    assert shown["verified"] is False and shown["claims"]["sub"] == site.sub
    assert site.run("token", "inspect", stdin=b"junk")[0] == NO
    assert site.run("token", "inspect", stdin=b"eyJhbGciOiJub25lIn0.e30.")[0] == UNSUPPORTED


def test_further_claims_are_kept_in_their_order(site):
    site.new()
    token = site.good("token", "issue", "--sub", site.sub, "--claim", 'zeta={"b":[1,null],"a":"\u00fc"}',
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
    status, out, err = site.run("token", "issue", "--sub", site.sub, "--claim", claim)
    assert (status, out) == (FAILED, b"") and says in err, err


@pytest.mark.parametrize("argv", [
    ["issue"], ["issue", "--sub", ""], ["issue", "--sub", "u", "--life", "0s"],
    ["issue", "--sub", "u", "--life", "forever"], ["issue", "--sub", "u", "--life", "401d"],
    ["issue", "--sub", "u", "more"], ["issue", "--sub", "u", "--sid", "0c1d2e3f-4a5b-4c6d-8e7f-901234567890"],
    ["end"], ["end", "--user", "ann", "x"], ["list", "ann", "bob"], ["verify", "more"], ["peek"], [],
])
def test_wrong_calls_of_token(site, argv):
    site.new()
    status, out, err = site.run("token", *argv)
    assert (status, out) == (FAILED, b"") and err


# ---- whose it is ----

def living(site):
    """What `token list` says of the user."""
    return json.loads(site.good("token", "list", site.name, "--json"))


@pytest.mark.parametrize("sub", ["0c1d2e3f-4a5b-4c6d-8e7f-901234567890", "ann", "doorward-doctor"])
def test_a_token_is_of_a_person_or_is_not_made(site, sub):
    site.new()
    status, out, err = site.run("token", "issue", "--sub", sub)
    assert (status, out) == (FAILED, b"") and f"nobody has the id {sub}" in err


def test_a_role_that_the_person_does_not_hold_makes_no_token(site):
    site.new()
    status, out, err = site.run("token", "issue", "--sub", site.sub, "--role", "staff", "--role", "owner")
    assert (status, out) == (FAILED, b"") and "does not have the role owner" in err
    assert living(site) == []


def test_a_disabled_user_gets_no_token(site):
    site.new()
    site.write(revocation_file="revoked")
    site.good("user", "disable", site.name)
    status, out, err = site.run("token", "issue", "--sub", site.sub)
    assert (status, out) == (FAILED, b"") and "is disabled" in err


def test_without_a_database_there_is_no_token(site):
    site.new()
    site.write(database=None)
    status, out, err = site.run("token", "issue", "--sub", site.sub)
    assert (status, out) == (FAILED, b"") and "database" in err


def test_a_life_beyond_program_token_life_is_refused(site):
    site.new()
    site.write(program_token_life="2d")
    assert site.run("token", "issue", "--sub", site.sub, "--life", "2d")[0] == OK
    status, out, err = site.run("token", "issue", "--sub", site.sub, "--life", "172801s")
    assert (status, out) == (FAILED, b"") and "program_token_life" in err


@pytest.mark.parametrize("prefix", ["/", "dav", "", "//dav", "/a//b", "/a/../b", "/..", "/a/./b", "/a?b",
                                    "/a#b", "/%2e%2e/a", "/a%2fb", "/%61", "/a%2eb", "/a\\b", "/a;b", "/a%",
                                    "/" + "x" * 255, "https://example.org/a"])
def test_a_prefix_that_could_be_read_in_two_ways_makes_no_token(site, prefix):
    site.new()
    status, out, err = site.run("token", "issue", "--sub", site.sub, "--prefix", prefix)
    assert (status, out) == (FAILED, b"") and "--prefix: " in err
    assert living(site) == []


@pytest.mark.parametrize("given, kept", [("/dav", "/dav"), ("/dav/", "/dav"), ("/my%20files/", "/my%20files"),
                                         ("/caf\u00e9", "/caf%C3%A9"), ("/~ann/a+b@c", "/~ann/a+b@c")])
def test_a_prefix_is_the_audience(site, given, kept):
    """A verifier that expects the site itself refuses the token; one of that path accepts it."""
    site.new()
    token = site.good("token", "issue", "--sub", site.sub, "--prefix", given)
    said = json.loads(site.good("token", "inspect", stdin=token))["claims"]
    assert said["aud"] == ISSUER + kept
    assert [row["prefix"] for row in living(site)] == [kept]
    assert site.run("token", "verify", stdin=token)[0] == NO
    site.write(audience=ISSUER + kept)
    assert site.run("token", "verify", stdin=token)[0] == OK


def test_list_shows_those_that_live_and_end_ends_them(site):
    site.new()
    site.write(revocation_file="revoked")
    for label in ("one", "two", "three"):
        site.good("token", "issue", "--sub", site.sub, "--label", label, "--role", "staff", "--life", "1d")
    rows = {row["label"]: row for row in living(site)}
    assert set(rows) == {"one", "two", "three"}
    assert rows["one"]["roles"] == ["staff"] and "prefix" not in rows["one"]
    assert rows["one"]["expires_at"] - rows["one"]["created_at"] in range(86395, 86405)
    status, _, err = site.run("token", "end", rows["one"]["id"], rows["two"]["id"])
    assert status == OK and "2 tokens ended" in err
    assert [row["label"] for row in living(site)] == ["three"]
    assert rows["one"]["id"] in (site.directory / "revoked.later").read_text()
    status, _, err = site.run("token", "end", rows["one"]["id"])
    assert status == OK and "0 tokens ended" in err
    status, _, err = site.run("token", "end", "--user", site.name)
    assert status == OK and "1 token ended" in err and living(site) == []
    shown = site.good("token", "list").decode()
    assert "three" not in shown


def test_ending_what_there_is_not_is_no(site):
    site.write(revocation_file="revoked")
    status, _, err = site.run("token", "end", "0c1d2e3f-4a5b-4c6d-8e7f-901234567890")
    assert status == NO and "there is no token" in err
    status, _, err = site.run("token", "end", "--user", "ghost")
    assert status == NO and "there is no user ghost" in err


def test_a_token_is_made_only_if_its_row_is(site):
    """The hundredth is the last."""
    site.new()
    site.database.sql("insert into doorward.programs select gen_random_uuid(), %s, 'n', '{}', null,"
                      " doorward.now(), doorward.now() + interval '1 day' from generate_series(1, 100)",
                      site.sub)
    status, out, err = site.run("token", "issue", "--sub", site.sub)
    assert (status, out) == (FAILED, b"") and "100 tokens" in err
    status, out, err = site.run("token", "issue", "--sub", site.sub, "--label", "a\nb")
    assert (status, out) == (FAILED, b"") and "--label" in err
