"""doorward key: the life of keys, from new to over."""

import http.server
import json
import os
import stat
import subprocess
import threading

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from jose_command import (DOORWARD, FAILED, NO, OK, UNSUPPORTED, Site, good, load, make_key,
                          public, run, store)
from jwcrypto import jwk

@pytest.fixture
def site(tmp_path, people):
    """Settings without any key yet, and a user."""
    return people(Site(tmp_path))


# ---- new ----

def test_a_new_key_is_private_named_by_its_thumbprint_and_published(site):
    kid = site.new()
    key = load(site.file(kid))
    assert key["alg"] == "ES256" and key["kid"] == kid
    assert jwk.JWK(**public({k: v for k, v in key.items() if k != "iat"})).thumbprint() == kid
    assert stat.S_IMODE(site.file(kid).stat().st_mode) == 0o600
    assert stat.S_IMODE(site.signing.stat().st_mode) == 0o700
    assert stat.S_IMODE(site.jwks.stat().st_mode) == 0o644
    [shown] = load(site.jwks)["keys"]
    assert shown == {k: v for k, v in key.items() if k != "d"}
    assert shown["iat"] == key["iat"] > 0
    assert os.listdir(site.signing) == [f"{kid}.jwk"]


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512", "RS256", "PS512", "ES256", "ES384",
                                 "ES512", "EdDSA", "A128KW", "A192KW", "A256KW", "A128GCMKW",
                                 "A256GCMKW", "RSA-OAEP-256", "dir", "A128GCM", "A256CBC-HS512",
                                 "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW"])
def test_a_key_for_each_algorithm(tmp_path, alg):
    options = ["--bits", "2048"] if alg.startswith(("RS", "PS")) else []
    key = make_key(tmp_path / "k.jwk", alg, *options)
    assert key["alg"] == alg
    command, way = (("jwe", ("encrypt", "decrypt")) if key["use"] == "enc"
                    else ("jws", ("sign", "verify")))
    token = good(command, way[0], "--keys", tmp_path / "k.jwk", stdin=b"x")
    assert good(command, way[1], "--keys", tmp_path / "k.jwk", stdin=token) == b"x"


@pytest.mark.parametrize("argv, status", [
    (["--alg", "RSA1_5"], UNSUPPORTED), (["--alg", "none"], UNSUPPORTED),
    (["--alg", "es256"], UNSUPPORTED), (["--alg", "ES256", "--use", "enc"], FAILED),
    (["--alg", "A128KW", "--use", "sig"], FAILED), (["--use", "both"], FAILED),
    (["--alg", "RS256", "--bits", "1024"], FAILED), (["--alg", "RS256", "--bits", "2k"], FAILED),
    (["--alg", "ES256", "--bits", "2048"], FAILED), (["--crv", "P-256"], FAILED),
    (["--use", "enc", "--crv", "Ed25519"], FAILED), (["--alg", "RSA-OAEP"], FAILED),
    (["--kid", "k" * 257], FAILED), (["--group", "no-such-group"], FAILED), (["more"], FAILED),
])
def test_keys_that_are_not_made(tmp_path, argv, status):
    answer = run("key", "new", "--out", tmp_path / "keys", *argv)
    assert answer[0] == status and answer[2]
    assert not list(tmp_path.glob("keys/*"))


def test_a_key_file_is_never_overwritten(tmp_path):
    path = tmp_path / "k.jwk"
    make_key(path, "ES256")
    before = path.read_bytes()
    assert run("key", "new", "--out", path)[0] == FAILED
    assert path.read_bytes() == before


def test_secret_and_public_keys_are_kept_apart(site):
    site.new()
    assert site.run("key", "new", "--alg", "HS256")[0] == FAILED
    assert run("key", "new", "--alg", "HS256", "--out", site.signing)[0] == FAILED
    assert len(os.listdir(site.signing)) == 1


def test_a_kid_is_never_a_path(site):
    for kid in ("../../evil", "a b", "\u00e9\u0007", ""):
        site.new("--alg", "EdDSA", "--kid", kid)
    assert not list(site.directory.glob("*evil*"))
    assert {"../../evil", "a b", ""} < site.published()
    assert b"\x07" not in site.good("key", "list")


def test_a_second_key_waits_until_it_is_known(site):
    first = site.new()
    second = site.new()
    assert site.states() == {first: "signing", second: "waiting"}
    assert site.published() == {first, second}


# ---- list ----

def test_list_for_people(site):
    kid = site.new()
    line = site.good("key", "list").decode()
    assert line.split() == [kid, "ES256", "sig", "0m", "signing"]


def test_list_of_other_keys(site, tmp_path):
    kid = site.new()
    [key] = json.loads(good("key", "list", "--json", "--keys", site.jwks))
    assert (key["kid"], key["private"], key["state"]) == (kid, False, "verifying")
    assert run("key", "list", "--keys", tmp_path / "none")[0] == FAILED


def test_list_where_only_the_public_keys_are(site):
    kid = site.new()
    site.write(signing_keys="elsewhere")
    assert site.states() == {kid: "verifying"}


# ---- rotate, retire ----

def test_a_rotation_from_its_beginning_to_its_end(site):
    old = site.new()
    token = site.good("token", "issue", "--sub", site.sub, "--life", "60m")
    new = site.good("key", "rotate").decode().strip()
    assert site.states() == {old: "signing", new: "waiting"}
    assert site.published() == {old, new}
    # the old one still signs
    assert jwt.get_unverified_header(site.good("token", "issue", "--sub", site.sub).decode()
                                     )["kid"] == old
    site.shift(600)
    assert site.states() == {old: "verifying", new: "signing"}
    assert site.good("key", "rotate") == b""
    late = site.good("token", "issue", "--sub", site.sub)
    assert jwt.get_unverified_header(late.decode())["kid"] == new
    assert site.run("token", "verify", stdin=token)[0] == OK
    site.shift(3600 + 30 + 60)  # the token's life, the leeway, the margin
    assert site.good("key", "list")
    assert site.states() == {old: "over", new: "signing"}
    site.good("key", "publish")
    assert site.published() == {new}
    status, _, err = site.run("token", "verify", stdin=token)
    assert status == NO, err
    site.shift(86400)
    third = site.good("key", "rotate").decode().strip()
    assert site.states() == {new: "signing", third: "waiting"}
    assert not site.file(old).exists()


def test_a_rotation_under_way_is_completed_and_not_begun_anew(site):
    site.new()
    made = [site.good("key", "rotate") for _ in range(5)]
    assert [bool(m) for m in made] == [True, False, False, False, False]
    assert len(site.states()) == 2


def test_a_rotation_that_was_cut_off_is_completed(site):
    old = site.new()
    site.good("key", "rotate")
    key = load(site.file(old))
    del key["exp"]
    store(site.file(old), key)
    site.jwks.unlink()
    site.good("key", "rotate")
    assert "exp" in load(site.file(old))
    assert len(site.published()) == 2


def test_what_cannot_be_published_does_not_sign(site):
    old = site.new()
    site.write(verifying_keys="nowhere/jwks.json")
    assert site.run("key", "new")[0] == FAILED
    assert site.states() == {old: "signing"}
    assert site.run("key", "rotate")[0] == FAILED
    site.shift(86400)
    assert sorted(site.states().values()) == ["signing", "waiting"]
    assert site.states()[old] == "signing" and "exp" not in load(site.file(old))
    site.write(verifying_keys="jwks.json")
    site.good("key", "rotate")
    site.shift(600)
    assert site.states()[old] == "verifying" and len(site.published()) == 2


def test_rotations_at_the_same_time_make_one_key(site):
    site.new()
    runs = [subprocess.Popen([DOORWARD, "key", "rotate"], stdout=subprocess.PIPE,
                             env={"DOORWARD_CONFIG": str(site.conf)}) for _ in range(8)]
    made = [r.communicate(timeout=60)[0] for r in runs]
    assert [r.returncode for r in runs] == [OK] * 8
    assert sum(bool(m) for m in made) == 1
    assert len(site.states()) == 2


def test_every_begins_a_rotation_only_when_it_is_due(site):
    site.new()
    assert site.good("key", "rotate", "--every", "90d") == b""
    assert len(site.states()) == 1
    site.shift(90 * 86400)
    assert site.good("key", "rotate", "--every", "90d") != b""
    assert len(site.states()) == 2


def test_rotate_makes_the_first_key(site):
    first = site.good("key", "rotate").decode().strip()
    assert site.states() == {first: "signing"}
    assert site.list()[first]["alg"] == "ES256"
    assert site.run("key", "rotate", "--alg", "A128KW")[0] == UNSUPPORTED
    assert site.run("key", "rotate", "--every", "soon")[0] == FAILED


def test_rotate_now_does_not_wait_for_what_is_under_way(site):
    old = site.new()
    waiting = site.good("key", "rotate").decode().strip()
    new = site.good("key", "rotate", "--now").decode().strip()
    site.shift(2)
    assert site.states() == {old: "verifying", waiting: "waiting", new: "signing"}
    site.good("key", "retire", "--now", old)
    assert site.published() == {waiting, new}


def test_secrets_rotate_where_they_are_verified(site):
    site.write(verifying_keys="signing")
    old = site.new("--alg", "HS256")
    token = site.good("token", "issue", "--sub", site.sub)
    new = site.good("key", "rotate", "--ahead", "0s").decode().strip()
    site.shift(2)
    assert site.states() == {old: "verifying", new: "signing"}
    assert site.run("token", "verify", stdin=token)[0] == OK
    site.write(verifying_keys="jwks.json")
    assert site.run("key", "rotate")[0] == FAILED
    assert site.run("key", "publish")[0] == FAILED
    assert not site.jwks.exists()


def test_a_new_key_is_read_by_whom_the_old_one_is(site):
    old = site.new()
    site.file(old).chmod(0o640)
    new = site.good("key", "rotate").decode().strip()
    assert stat.S_IMODE(site.file(new).stat().st_mode) == 0o640
    assert stat.S_IMODE(site.file(old).stat().st_mode) == 0o640


def test_retire(site):
    first = site.new()
    second = site.new()
    status, _, err = site.run("key", "retire", first)
    assert status == NO and "rotate" in err
    site.good("key", "retire", second)
    assert site.states() == {first: "signing", second: "over"}
    third = site.good("key", "rotate", "--ahead", "0s").decode().strip()
    site.shift(2)
    assert site.states() == {first: "verifying", second: "over", third: "signing"}
    end = load(site.file(first))["exp"]
    site.good("key", "retire", first)
    assert load(site.file(first))["exp"] <= end
    site.good("key", "retire", first, "--now")
    assert site.states()[first] == "over"
    assert site.published() == {third}
    assert site.run("key", "retire", "none")[0] == NO
    assert site.run("key", "retire")[0] == FAILED


def test_retire_now_takes_the_last_key_too(site):
    kid = site.new()
    token = site.good("token", "issue", "--sub", site.sub)
    status, _, err = site.run("key", "retire", kid, "--now")
    assert status == OK and "no key is in use" in err
    assert site.run("token", "verify", stdin=token)[0] != OK
    assert site.run("token", "issue", "--sub", site.sub)[0] == FAILED


# ---- publish, import, export ----

def test_publish_leaves_alone_what_has_not_changed(site):
    site.new()
    before = site.jwks.stat()
    site.good("key", "publish")
    assert site.jwks.stat().st_ino == before.st_ino
    site.jwks.write_text("{}", encoding="utf-8")
    site.good("key", "publish")
    assert len(site.published()) == 1
    assert json.loads(site.good("key", "publish", "--out", "-")) == load(site.jwks)


@pytest.mark.parametrize("alg, options", [("ES256", []), ("ES512", []), ("EdDSA", []),
                                          ("RS256", ["--alg", "RS256"]),
                                          ("ECDH-ES", ["--use", "enc"])])
def test_pem_goes_out_and_comes_back(tmp_path, alg, options):
    bits = ["--bits", "2048"] if alg == "RS256" else []
    key = make_key(tmp_path / "k.jwk", alg, *bits)
    private = good("key", "export", "--pem", "--keys", tmp_path / "k.jwk")
    shown = good("key", "export", "--pem", "--public", "--keys", tmp_path / "k.jwk")
    loaded = serialization.load_pem_private_key(private, None)
    assert loaded.public_key().public_bytes(
        serialization.Encoding.PEM,
        serialization.PublicFormat.SubjectPublicKeyInfo) == shown
    good("key", "import", "--pem", "--out", tmp_path / "back.jwk", *options, stdin=private)
    good("key", "import", "--pem", "--out", tmp_path / "pub.jwk", *options, stdin=shown)
    back = load(tmp_path / "back.jwk")
    assert back == {k: v for k, v in key.items() if k != "iat"}
    assert load(tmp_path / "pub.jwk") == public(back)
    assert (tmp_path / "back.jwk").stat().st_mode & 0o777 == 0o600


def test_pem_that_is_not_taken(tmp_path):
    good("key", "new", "--out", tmp_path / "k.jwk")
    pem = good("key", "export", "--pem", "--keys", tmp_path / "k.jwk")
    key = serialization.load_pem_private_key(pem, None)
    locked = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                               serialization.BestAvailableEncryption(b"secret"))
    for text in (b"", b"junk", pem[:-40], locked, pem.replace(b"PRIVATE", b"PUBLIC")):
        assert run("key", "import", "--pem", "--out", tmp_path / "x.jwk", stdin=text)[0] == FAILED
    assert run("key", "import", "--pem", "--alg", "ES384", "--out", tmp_path / "x.jwk",
               stdin=pem)[0] == FAILED
    assert not (tmp_path / "x.jwk").exists()


def test_import_of_a_jwk(site):
    made = jwk.JWK.generate(kty="EC", crv="P-256", kid="mine").export(as_dict=True)
    assert site.good("key", "import", stdin=json.dumps(made).encode()) == b"mine\n"
    assert site.published() == {"mine"}
    assert load(site.signing / f"{jwk.JWK(**made).thumbprint()}.jwk")["d"] == made["d"]
    other = jwk.JWK.generate(kty="EC", crv="P-256", kid="other").export(as_dict=True)
    site.good("key", "import", stdin=json.dumps(other).encode())
    assert site.states() == {"mine": "signing", "other": "waiting"}
    weak = {**made, "x": made["y"]}
    assert site.run("key", "import", stdin=json.dumps(weak).encode())[0] == FAILED


def test_export(site, tmp_path):
    kid = site.new()
    assert json.loads(site.good("key", "export", kid, "--public")) == load(site.jwks)["keys"][0]
    assert "d" in json.loads(site.good("key", "export"))
    assert site.run("key", "export", "none")[0] == NO
    make_key(tmp_path / "hs.jwk", "HS256")
    assert run("key", "export", "--pem", "--keys", tmp_path / "hs.jwk")[0] == FAILED
    assert run("key", "export", "--pem", "--keys", site.jwks)[0] == FAILED


# ---- fetch ----

@pytest.fixture
def provider():
    """An issuer's web server on the loopback interface: .answer is (status, body)."""
    class Handler(http.server.BaseHTTPRequestHandler):
        """Says what the test wants."""

        def do_GET(self):
            """The same for every path."""
            status, body = self.server.answer
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                pass  # the client had enough

        def log_message(self, *_):
            """Nothing."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_fetch_keeps_the_last_good_set(site, provider, tmp_path):
    port = provider.server_address[1]
    site.write(issuer__kc__url="https://kc.example/realms/x", issuer__kc__audience="us",
               issuer__kc__keys="kc.json", issuer__kc__keys_url=f"http://127.0.0.1:{port}/jwks")
    key = public(make_key(tmp_path / "theirs.jwk", "ES256"))
    body = json.dumps({"keys": [key]}).encode()
    provider.answer = (200, body)
    site.good("key", "fetch")
    kept = site.directory / "kc.json"
    assert kept.read_bytes() == body
    secret = load(tmp_path / "theirs.jwk")
    for answer in ((500, body), (404, b""), (302, b""), (200, b""), (200, b"<html>"),
                   (200, b'{"keys":[]}'), (200, body[:-1]), (200, b" " * 300000),
                   (200, json.dumps({"keys": [secret]}).encode()),
                   (200, json.dumps({"keys": [{"kty": "oct", "alg": "HS256", "k": "A" * 43}]}
                                    ).encode())):
        provider.answer = answer
        status, _, err = site.run("key", "fetch", "kc")
        assert status == FAILED and err, answer
        assert kept.read_bytes() == body
    assert site.run("key", "fetch", "other")[0] == NO


def test_fetch_wants_https(site):
    for url in ("http://keys.example/", "http://localhost.example/", "file:///etc/passwd",
                "http://localhost@keys.example/"):
        site.write(issuer__kc__url="https://kc.example", issuer__kc__audience="us",
                   issuer__kc__keys="kc.json", issuer__kc__keys_url=url)
        assert site.run("key", "fetch")[0] == FAILED
        assert not (site.directory / "kc.json").exists()
