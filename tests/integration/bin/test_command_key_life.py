"""doorward key, by algorithm: which key signs, and how long the halves of each are kept."""

import json
import os
import subprocess
import time

import jwt
import pytest
from jose_command import FAILED, NO, OK, TREE, Site, good, load, store

DAY = 86400
PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "k"}


@pytest.fixture
def site(tmp_path, people):
    """Settings without any key yet, and a user."""
    return people(Site(tmp_path))


def signer(site, *argv):
    """The kid of the key that signs now."""
    return jwt.get_unverified_header(issue(site, *argv).decode())["kid"]


def issue(site, *argv):
    """A token."""
    return site.good("token", "issue", "--sub", site.sub, *argv)


def is_good(site, token):
    """Whether it verifies."""
    return site.run("token", "verify", stdin=token)[0] == OK


def has_private(site, kid):
    """Whether the private half of the key is there."""
    return bool(PRIVATE & set(load(site.file(kid))))


def rotate(site, *argv):
    """The kids that were made."""
    return site.good("key", "rotate", *argv).decode().split()


def later(site, seconds):
    """As if that much time had passed, for the published keys too."""
    site.shift(seconds)
    site.good("key", "publish")


def rsa(site):
    """A small RSA key beside what is there."""
    return site.new("--alg", "RS256", "--bits", "2048")


# ---- which one signs ----

def test_another_algorithm_beside_it_does_not_change_which_key_signs(site):
    ours = site.new()
    other = rsa(site)
    assert site.states() == {ours: "signing", other: "signing"}
    assert site.published() == {ours, other}
    assert signer(site) == ours
    assert {kid: key["logins"] for kid, key in site.list().items()} == {ours: True, other: False}
    [first, second] = site.good("key", "list").decode().splitlines()
    assert "RS256" in first and first.endswith("signing")
    assert "ES256" in second and second.endswith("signing, logins")
    site.shift(1)
    second_es = site.new()
    assert site.states() == {ours: "signing", other: "signing", second_es: "waiting"}


def test_signing_alg_names_the_one_that_signs(site):
    ours = site.new()
    other = rsa(site)
    before = issue(site)
    site.write(signing_alg="RS256")
    assert signer(site) == other and site.list()[other]["logins"]
    assert is_good(site, before)
    assert not site.list()[ours]["logins"]


def test_an_algorithm_without_a_key_signs_nothing(site):
    site.new()
    site.write(signing_alg="EdDSA")
    status, out, err = site.run("token", "issue", "--sub", site.sub)
    assert (status, out) == (FAILED, b"") and "no EdDSA key may sign" in err
    assert "no EdDSA key may sign" in "".join(map(str, site.run("config", "check")))


@pytest.mark.parametrize("alg", ["ES257", "A128KW", "none"])
def test_signing_alg_must_be_one_of_signatures(site, alg):
    site.write(signing_alg=alg)
    status, _, err = site.run("token", "issue", "--sub", site.sub)
    assert status == FAILED and "signing_alg" in err


def test_nothing_joins_keys_of_another_algorithm_unless_it_is_said_which_signs(site):
    ours = site.new("--alg", "EdDSA")
    for argv, stdin in ((["new"], b""), (["new", "--alg", "RS256", "--bits", "2048"], b""),
                        (["rotate", "--alg", "ES256"], b""), (["import"], json.dumps(
                            jwk_of("P-256")).encode())):
        status, _, err = site.run("key", *argv, stdin=stdin)
        assert status == FAILED and "signing_alg" in err, argv
    assert os.listdir(site.signing) == [f"{ours}.jwk"] and site.published() == {ours}
    site.write(signing_alg="EdDSA")
    rsa(site)
    assert signer(site) == ours
    site.write(signing_alg=None)
    status, out, err = site.run("token", "issue", "--sub", site.sub)
    assert (status, out) == (FAILED, b"") and "signing_alg" in err
    assert "signing_alg" in "".join(map(str, site.run("config", "check")))


def jwk_of(curve):
    """A key made elsewhere."""
    from jwcrypto import jwk  # pylint: disable=import-outside-toplevel
    return jwk.JWK.generate(kty="EC", crv=curve, kid="mine").export(as_dict=True)


def test_a_further_key_that_cannot_be_published_is_taken_back(site):
    ours = site.new()
    site.write(verifying_keys="nowhere/jwks.json")
    assert site.run("key", "new", "--alg", "EdDSA")[0] == FAILED
    assert site.states() == {ours: "signing"}


# ---- each its own schedule ----

def test_each_algorithm_is_rotated_when_it_is_due(site):
    ours = site.new()
    site.shift(89 * DAY)
    other = rsa(site)
    assert rotate(site, "--every", "90d") == []
    site.shift(DAY)
    [new] = rotate(site, "--every", "90d")
    assert site.list()[new]["alg"] == "ES256"
    assert site.states() == {ours: "signing", other: "signing", new: "waiting"}


def test_rotate_of_one_algorithm_leaves_the_others(site):
    ours = site.new()
    other = rsa(site)
    [new] = rotate(site, "--alg", "RS256", "--now")
    site.shift(2)
    assert site.states() == {ours: "signing", other: "verifying", new: "signing"}
    assert signer(site) == ours


def test_rotate_of_all_makes_one_of_each(site):
    site.new()
    rsa(site)
    made = json.loads(site.good("key", "rotate", "--json"))
    assert sorted(site.list()[kid]["alg"] for kid in made["kids"]) == ["ES256", "RS256"]
    assert made["made"] and made["kid"] == made["kids"][0]
    assert json.loads(site.good("key", "rotate", "--json")) == {"made": False, "kids": []}


def test_rotate_makes_the_first_key_of_the_algorithm_for_logins(site):
    site.write(signing_alg="EdDSA")
    [kid] = rotate(site)
    assert site.list()[kid]["alg"] == "EdDSA" and signer(site) == kid


def test_the_algorithm_of_logins_is_changed_without_ending_a_token(site):
    old = site.new()
    token = issue(site, "--life", "60m")
    new = site.new("--alg", "EdDSA")
    site.write(signing_alg="EdDSA")
    assert signer(site) == new and is_good(site, token)
    site.good("key", "retire", old)
    assert site.states() == {old: "verifying", new: "signing"}
    assert not has_private(site, old) and is_good(site, token)
    assert rotate(site, "--every", "1d") == [], "a retired algorithm does not come back"
    later(site, 3600 + 90)
    assert not is_good(site, token) and site.states()[old] == "over"


# ---- the private half ----

def test_a_key_that_no_longer_signs_loses_its_private_half(site):
    old = site.new()
    token = issue(site, "--life", "60m")
    [new] = rotate(site)
    assert has_private(site, old)
    site.shift(600)  # another host's clock may be behind, and a login under way
    assert rotate(site) == [] and has_private(site, old)
    mode = site.file(old).stat().st_mode
    site.shift(90)
    assert rotate(site) == []
    assert not has_private(site, old) and has_private(site, new)
    assert site.file(old).stat().st_mode == mode
    assert site.published() == {old, new} and is_good(site, token)
    assert site.list()[old]["private"] is False and signer(site) == new
    later(site, 3600)
    assert site.states() == {old: "over", new: "signing"} and not is_good(site, token)
    site.shift(DAY)
    rotate(site, "--every", "90d")
    assert not site.file(old).exists()


def test_what_has_no_successor_yet_keeps_its_private_half(site):
    old = site.new()
    rotate(site)
    for kid in site.states():
        key = load(site.file(kid))
        if kid != old:
            store(site.file(kid), {**key, "nbf": key["nbf"] + 10 * DAY})
    site.shift(600)
    rotate(site)
    assert has_private(site, old) and signer(site) == old


def test_retire_now_leaves_no_private_half(site):
    old = site.new()
    rotate(site, "--now")
    site.shift(2)
    site.good("key", "retire", "--now", old)
    assert not has_private(site, old) and old not in site.published()


def test_retire_leaves_the_private_half_of_what_was_just_followed_to_rotate(site):
    old = site.new()
    [new] = rotate(site, "--now")
    site.shift(2)
    site.good("key", "retire", old)
    assert has_private(site, old)
    site.shift(90)
    rotate(site, "--every", "90d")
    assert not has_private(site, old) and signer(site) == new


def test_a_secret_has_no_half_to_lose(site):
    site.write(verifying_keys="signing")
    old = site.new("--alg", "HS256")
    token = issue(site, "--life", "60m")
    rotate(site, "--now")
    site.shift(120)
    rotate(site, "--every", "90d")
    assert has_private(site, old) and is_good(site, token)


def test_one_of_several_keys_in_a_file_loses_its_half_too(site):
    old = site.new()
    [new] = rotate(site, "--now")
    site.shift(120)
    both = {"keys": [load(site.file(kid)) for kid in (old, new)]}
    for kid in (old, new):
        site.file(kid).unlink()
    store(site.signing / "both.jwk", both)
    rotate(site, "--every", "90d")
    halves = {key["kid"]: "d" in key for key in load(site.signing / "both.jwk")["keys"]}
    assert halves == {old: False, new: True} and signer(site) == new


# ---- tokens made by hand ----

def test_a_token_of_400_days_lives_through_rotations(site):
    old = site.new()
    token = issue(site, "--life", "400d")
    rotate(site, "--ahead", "0s")
    for _ in range(4):  # a quarter of the time each, for the keys; the token stays as it is
        later(site, 99 * DAY)
        rotate(site, "--every", "90d")
        assert is_good(site, token)
        assert not has_private(site, old) and site.states()[old] == "verifying"
    assert len([kid for kid in site.states() if has_private(site, kid)]) <= 2
    later(site, 4 * DAY + 600)
    rotate(site, "--every", "90d")
    assert site.states()[old] == "over" and old not in site.published()
    site.shift(DAY)
    rotate(site, "--every", "90d")
    assert not site.file(old).exists()


def test_a_token_of_a_key_that_ends_moves_its_end_first(site):
    old = site.new()
    rotate(site)
    end = load(site.file(old))["exp"]
    token = issue(site, "--life", "30d")
    later = load(site.file(old))["exp"]
    assert later >= end + 29 * DAY
    assert {key["kid"]: key.get("exp") for key in load(site.jwks)["keys"]}[old] == later
    issue(site, "--life", "2d")
    assert load(site.file(old))["exp"] == later
    site.shift(10 * DAY)
    rotate(site, "--every", "90d")
    assert is_good(site, token) and not has_private(site, old)


def test_a_token_that_no_verifier_would_know_in_time_is_not_made(site):
    site.new()
    rotate(site)
    site.write(verifying_keys="nowhere/jwks.json")
    status, out, _ = site.run("token", "issue", "--sub", site.sub, "--life", "30d")
    assert (status, out) == (FAILED, b"")
    assert site.run("token", "issue", "--sub", site.sub, "--life", "1h")[0] == OK


def made_by_a_person(site, days):
    """A token as the login program makes it, which cannot write into the key's file."""
    kid = signer(site)
    now = int(time.time())
    site.database.sql("insert into doorward.programs values (gen_random_uuid(), %s, 'n', '{}', null,"
                      " doorward.now(), doorward.now() + make_interval(days => %s))", site.sub, days)
    claims = {"iss": "http://localhost:8080", "aud": "http://localhost:8080", "sub": site.sub, "iat": now,
              "exp": now + days * DAY, "client_id": "doorward-program"}
    return good("jws", "sign", "--keys", site.file(kid), "--typ", "at+jwt",
                stdin=json.dumps(claims).encode())


@pytest.mark.parametrize("how", ["rotate", "retire"])
def test_the_key_of_a_token_that_a_person_made_stays_as_long_as_it(site, how):
    old = site.new()
    token = made_by_a_person(site, 300)
    rotate(site, "--ahead", "0s")
    if how == "retire":
        site.shift(120)
        site.good("key", "retire", old)
    for _ in range(3):
        later(site, 99 * DAY)
        rotate(site, "--every", "90d")
        assert is_good(site, token) and not has_private(site, old)


def test_where_all_tokens_of_people_have_ended_a_key_goes_as_ever(site):
    old = site.new()
    made_by_a_person(site, 300)
    site.database.sql("update doorward.programs set ended_at = doorward.now()")
    rotate(site, "--ahead", "0s")
    later(site, DAY)
    rotate(site, "--every", "90d")
    assert site.states()[old] == "over"


def test_without_an_answer_of_the_database_a_key_stays_as_long_as_any_token_could(site):
    """Keys work without it, and no token dies for that."""
    old = site.new()
    site.write(database="host=/nowhere dbname=x user=y")
    status, _, err = site.run("key", "rotate", "--now")
    assert status == 4 and "how long tokens for programs live" in err
    assert load(site.file(old))["exp"] > time.time() + 399 * DAY


def test_retire_waits_for_the_longest_token(site):
    old = site.new()
    token = issue(site, "--life", "300d")
    rotate(site, "--now")
    site.shift(120)
    site.good("key", "retire", old)
    later(site, 200 * DAY)
    assert site.states()[old] == "verifying" and is_good(site, token)
    assert site.run("key", "retire", "--now", old)[0] == OK
    assert not is_good(site, token)


def test_short_tokens_leave_the_key_file_alone(site):
    kid = site.new()
    before = site.file(kid).stat()
    issue(site, "--life", "60m")
    assert site.file(kid).stat().st_ino == before.st_ino
    assert site.run("key", "retire", kid)[0] == NO


# ---- cut off between two steps ----

@pytest.fixture(scope="module", name="saboteur")
def _saboteur(tmp_path_factory):
    library = tmp_path_factory.mktemp("saboteur") / "saboteur.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library,
                    f"{TREE}/tests/support/saboteur.c", "-ldl"], check=True)
    return str(library)


def with_everything_to_do(people, directory):
    """A site where rotate has to make, publish, start, end, strip and delete."""
    directory.mkdir()
    site = people(Site(directory))
    site.new()
    rotate(site, "--now")  # the first is deleted below
    site.shift(DAY)
    rotate(site, "--now")  # the second loses its private half
    site.shift(120)
    second = [kid for kid, state in site.states().items() if state == "verifying"]
    for kid in second:
        key = load(site.file(kid))
        store(site.file(kid), {**key, "exp": key["exp"] + 30 * DAY})
    site.shift(6000)
    site.new("--alg", "EdDSA")
    return site


def summary(site):
    """What counts in the end, whatever the kids are."""
    keys = [load(path) for path in site.signing.glob("*.jwk")]
    return (sorted((key["alg"], bool(PRIVATE & set(key)), "exp" in key) for key in keys),
            site.published() == {key["kid"] for key in keys},
            sorted(site.states().values()))


def test_a_rotation_that_is_killed_between_any_two_steps_is_completed(tmp_path, people, saboteur):
    whole = with_everything_to_do(people, tmp_path / "whole")
    keys = len(os.listdir(whole.signing))
    assert len(rotate(whole)) == 2
    assert len(os.listdir(whole.signing)) == keys + 1, "two were made, one was deleted"
    status, cut = None, 0
    while status != OK:
        cut += 1
        site = with_everything_to_do(people, tmp_path / str(cut))
        token = issue(site)
        status, _, _ = site.run("key", "rotate", LD_PRELOAD=saboteur, SABOTAGE=f"name {cut}")
        assert status in (-9, OK)
        assert is_good(site, token) and is_good(site, issue(site)), cut
        rotate(site)
        assert summary(site) == summary(whole), cut
        assert is_good(site, token) and is_good(site, issue(site)), cut
        assert cut < 50
    assert cut > 10


def test_a_long_token_that_is_cut_off_leaves_a_key_that_lives_longer(site, saboteur):
    kid = site.new()
    rotate(site)
    end = load(site.file(kid))["exp"]
    for cut in (1, 2):
        status, out, _ = site.run("token", "issue", "--sub", site.sub, "--life", "30d",
                                  LD_PRELOAD=saboteur, SABOTAGE=f"name {cut}")
        assert (status, out) == (-9, b"")
    assert load(site.file(kid))["exp"] > end + 29 * DAY
    token = issue(site, "--life", "30d")
    assert {key["kid"]: key.get("exp") for key in load(site.jwks)["keys"]}[kid] == \
        load(site.file(kid))["exp"]
    assert is_good(site, token)
