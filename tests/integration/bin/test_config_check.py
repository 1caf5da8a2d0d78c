"""doorward config check: good only when the programs could work, and who is to look."""

import json
import os
import shutil
import subprocess
import time

import pytest

from database import COMMAND
from factor_calls import Factors

# A user that every host has, as whom no test runs and whom no map of pg_ident.conf names.
OTHER = "daemon"


@pytest.fixture(name="site")
def _site(db):
    """All that login, account and the command need: nothing to complain of."""
    if db.server.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{OTHER}'") != "1":
        db.server.sql(f"CREATE ROLE {OTHER} LOGIN")
    where = f"host={db.server.socket} dbname={db.name}"
    os.mkdir(f"{db.directory}/keys", 0o700)
    os.mkdir(f"{db.directory}/state", 0o700)
    with open(f"{db.directory}/secret", "w", encoding="utf-8", opener=lambda path, flags:
              os.open(path, flags, 0o600)) as f:
        f.write("s" * 48)

    def write(**changed):
        lines = {"signing_keys": "keys", "verifying_keys": "jwks.json", "session_secret": "secret",
                 "state_dir": "state",
                 "database_login": f"{where} user=doorward_login",
                 "database_account": f"{where} user=doorward_account"}
        lines.update((name, value) for name, value in changed.items() if name != "database")
        db.settings(changed.get("database", f"{where} user=doorward"),
                    *(f"{name} = {value}" for name, value in lines.items() if value))

    db.where, db.write = where, write
    write()
    assert db.doorward("key", "new").returncode == 0
    assert db.doorward("revocations", "publish").returncode == 0
    return db


def check(site):
    """Whether it is good, the problems and the notes."""
    done = site.doorward("config", "check", "--json")
    said = json.loads(done.stdout)
    assert done.returncode == (0 if said["good"] else 1)
    return said["good"], said["problems"], said["notes"]


def test_all_is_good(site):
    assert check(site) == (True, [], ["files.fcgi cannot run: files_root is not set "
                                      "(not needed unless you use it)"])
    assert site.doorward("config", "check").stdout.endswith("doorward.conf: good\n")


def test_a_database_that_does_not_answer_is_not_good(site):
    site.write(database="host=/nonexistent dbname=x", database_login=None, database_account=None)
    good, problems, _ = check(site)
    assert not good and len(problems) == 1  # the same for all three, said once
    assert "doorward.conf: database: login.fcgi: cannot connect" in problems[0]


def test_each_program_is_asked_with_its_own_conninfo(site):
    site.write(database_account=f"{site.where} user=nobody_has_this_name")
    good, problems, _ = check(site)
    assert not good and len(problems) == 1
    assert "doorward.conf: database_account: account.fcgi: cannot connect" in problems[0]


def test_a_role_without_the_programs_rights_is_not_good(site):
    site.write(database_login=f"{site.where} user=doorward_account")
    good, problems, _ = check(site)
    assert not good and len(problems) == 1
    assert 'the role "doorward_account" lacks a right that login.fcgi needs' in problems[0]
    assert problems[0].endswith("`doorward db migrate --login-role ROLE` grants it")


def test_a_database_that_was_not_migrated_is_not_good(site):
    site.sql("drop schema doorward cascade")
    good, problems, _ = check(site)
    assert not good and all("doorward db migrate" in problem for problem in problems)


def test_a_database_that_hangs_costs_seconds(site, silent_server):
    site.write(database=f"host=127.0.0.1 port={silent_server} user=x dbname=x",
               database_login=None, database_account=None)
    start = time.monotonic()
    assert not check(site)[0]
    assert time.monotonic() - start < 4


def test_the_wrong_user_is_told_who_to_be(site):
    typed = f"sudo -u {OTHER} doorward --config {site.conf} "
    site.write(database_login=f"{site.where} user={OTHER}")
    good, problems, _ = check(site)
    assert not good
    assert problems[0].endswith(f"; as its user: {typed}config check")
    site.write(database=f"{site.where} user={OTHER}")
    good, problems, notes = check(site)
    assert (good, problems) == (True, [])  # the programs are; the command is another's
    assert f"the doorward command was not looked at; as its user: {typed}config check" in notes
    status = site.doorward("status")
    assert status.returncode == 1
    assert f"may not do this; type: {typed}status\n" in status.stdout
    assert f"may not do this; type: {typed}status" in json.loads(
        site.doorward("status", "--json").stdout)["database"]["text"]
    asked = site.doorward("rules", "explain", "GET", "/x", "--user", "ann")
    assert asked.returncode == 2
    assert asked.stderr.endswith(f"; type: {typed}rules explain GET /x --user ann\n")
    assert f"type: {typed}…" in site.doorward("session", "list").stderr


def test_status_of_a_role_without_rights_does_not_send_to_migrate(site):
    site.sql(f"grant connect on database {site.name} to {OTHER}")
    with open(f"{site.server.data}/pg_ident.conf", encoding="utf-8") as f:
        before = f.read()
    with open(f"{site.server.data}/pg_ident.conf", "a", encoding="utf-8") as f:
        f.write(f"doorward {os.popen('id -un').read().strip()} {OTHER}\n")
    site.server.sql("SELECT pg_reload_conf()")
    site.write(database=f"{site.where} user={OTHER}")
    status = site.doorward("status").stdout
    with open(f"{site.server.data}/pg_ident.conf", "w", encoding="utf-8") as f:
        f.write(before)
    site.server.sql("SELECT pg_reload_conf()")
    assert "db migrate" not in status
    assert f"type: sudo -u {OTHER} doorward" in status


def test_who_may_not_read_the_files_is_told_who_to_be(private_stack):
    stack = private_stack()
    secret = f"{stack.directory}/keys/session.secret"
    if os.geteuid() == 0:
        shutil.chown(secret, "root", OTHER)
    os.chmod(secret, 0o640 if os.geteuid() == 0 else 0)
    done = stack.doorward("config", "check", user=stack.web_user, check=False)
    assert done.returncode == 1
    assert "session_secret: " in done.stdout and "Permission denied" in done.stdout
    assert os.geteuid() != 0 or done.stdout.endswith(
        f"{stack.web_user} may not read everything; as the programs' user: "
        f"sudo -u {OTHER} doorward --config {stack.conf} config check\n")


def test_a_login_that_was_begun_and_lacks_something_is_not_good(site):
    site.write(state_dir=None)
    good, problems, notes = check(site)
    assert not good and len(notes) == 1  # files.fcgi, of which nothing is set
    assert problems == [f"{site.conf}: {program}.fcgi cannot run: state_dir is not set"
                        for program in ("login", "account", "admin")]


def test_settings_with_which_nothing_runs_are_not_good(site):
    with open(site.conf, "w", encoding="utf-8") as f:
        f.write("public_url = https://good.example\n")
    good, problems, notes = check(site)
    assert not good and len(notes) == 6
    assert problems == [f"{site.conf}: programs: none can run with these settings"]


def test_a_program_with_a_user_of_its_own_is_left_to_that_user(site, tmp_path):
    """Where each program has one (sysusers.d), no user can ask the database as all of them."""
    passwd = tmp_path / "passwd"
    with open("/etc/passwd", encoding="utf-8") as f:
        passwd.write_text(f.read() + "doorward-account:x:64242:64242::/:/usr/sbin/nologin\n")
    site.write(database_account=f"{site.where} user=nobody_has_this_name")
    options = ["-m"] if os.geteuid() == 0 else ["-rm"]
    done = subprocess.run(["unshare", *options, "sh", "-c",
                           f'mount --bind {passwd} /etc/passwd && exec "$@"', "sh", COMMAND,
                           "--config", site.conf, "config", "check", "--json"],
                          capture_output=True, text=True, check=False)
    said = json.loads(done.stdout)
    assert (said["good"], said["problems"]) == (True, [])
    assert ("account.fcgi was not looked at; as its user: sudo -u doorward-account doorward "
            f"--config {site.conf} config check") in said["notes"]


def test_a_site_where_browsers_make_no_passkeys_is_told_why(site):
    """Good all the same: the pages do not offer them."""
    for url, why in (
            ("http://127.0.0.1:8080", "public_url has an address, and passkeys belong to a host name"),
            ("http://club.example\nplain_http = on",
             "public_url is http://, and browsers make passkeys for https:// and localhost only")):
        site.write()
        with open(site.conf, encoding="utf-8") as f:
            lines = f.read().replace("http://localhost", url)
        with open(site.conf, "w", encoding="utf-8") as f:
            f.write(lines)
        good, problems, notes = check(site)
        assert (good, problems) == (True, [])
        assert f"passkeys are not offered: {why}" in notes


FACTOR_KEYS = [
    (None, None, None, "factor-keys: No such file or directory; make the directory, and "
     "`openssl rand -out DIRECTORY/2026-01 48` makes a key there"),
    (0o700, {}, None, "factor-keys: has no key; make the directory, and"),
    (0o700, {"2026-01": b"short"}, 0o600, "2026-01: shorter than 32 bytes; make the directory, and"),
    (0o700, {"2026-01": b"k" * 48}, 0o644, "2026-01: others can read or write it"),
    (0o707, {"2026-01": b"k" * 48}, 0o600, "factor-keys: everyone can put keys there; chmod o-w"),
    (0o700, {"2026-01": b"k" * 48, "2026-01.old": b"k" * 48}, 0o600,
     "factor-keys: has a file whose name is not 1 to 32 of a-z, 0-9 and -"),
]


@pytest.mark.parametrize("mode,keys,key_mode,said", FACTOR_KEYS,
                         ids=["missing", "empty", "short", "open key", "open", "name"])
def test_factor_keys_that_cannot_be_used_are_not_good(site, mode, keys, key_mode, said):
    directory = f"{site.directory}/factor-keys"
    if mode is not None:
        os.mkdir(directory)
        os.chmod(directory, mode)
        for name, content in keys.items():
            with open(f"{directory}/{name}", "wb") as f:
                f.write(content)
            os.chmod(f"{directory}/{name}", key_mode)
    site.write(factor_keys="factor-keys")
    good, problems, _ = check(site)
    assert not good and len(problems) == 1
    assert problems[0].startswith(f"{site.conf}: factor_keys: ") and said in problems[0]


def test_factor_keys_that_can_be_used_are_good(site):
    os.mkdir(f"{site.directory}/factor-keys", 0o700)
    for name in ("2026-01", "2026-02"):
        with open(f"{site.directory}/factor-keys/{name}", "wb") as f:
            f.write(os.urandom(48))
        os.chmod(f"{site.directory}/factor-keys/{name}", 0o600)
    site.write(factor_keys="factor-keys")
    assert check(site)[:2] == (True, [])


# ---- the factors that people have ----

FILES = "files.fcgi cannot run: files_root is not set (not needed unless you use it)"


def test_a_key_that_secrets_need_is_missed(site):
    """Not set at all, lost, and put back: of each key that a row names."""
    f = Factors(site)
    for name in ("ann", "bob"):
        f.give_totp(site.add_user(name))
    needed = (f"{site.conf}: factor_keys: 2 apps for one-time codes need the key k1, which is not"
              " there; put it back, or take the apps away with `doorward user factor reset NAME`")
    assert check(site) == (False, [needed], [FILES])
    os.mkdir(f"{site.directory}/factor-keys", 0o700)
    site.write(factor_keys="factor-keys")
    for name, problems in (("k2", [needed]), ("k1", [])):
        with open(f"{site.directory}/factor-keys/{name}", "wb", opener=lambda path, flags:
                  os.open(path, flags, 0o600)) as key:
            key.write(os.urandom(32))
        assert check(site) == (not problems, problems, [FILES])


def test_passkeys_of_another_relying_party_are_noted(site):
    """Those of the site's own name are not."""
    f = Factors(site)
    ann = site.add_user("ann")
    f.give_passkey(ann, "c1", rp_id="localhost")
    assert check(site) == (True, [], [FILES])
    f.give_passkey(ann, "c2", rp_id="old.example")
    note = "1 passkey for old.example cannot be used, because passkey_rp_id is localhost"
    assert check(site) == (True, [], [FILES, note])


# ---- other programs use the login (oauth) ----

def with_oauth(site, **changed):
    """A provider that lacks nothing, but for what was changed."""
    site.write(oauth="on", database_oauth=f"{site.where} user=doorward_oauth", **changed)
    assert site.doorward("key", "new", "--alg", "RS256").returncode == 0


def test_a_provider_that_lacks_nothing_is_good(site):
    with_oauth(site)
    assert check(site) == (True, [], [FILES])
    site.write(oauth="on", database_oauth=f"{site.where} user=doorward_oauth",
               issuer="http://localhost/")
    site.doorward("key", "publish")
    assert check(site) == (True, [], [FILES])


def test_a_provider_without_a_key_for_rs256_is_not_good(site):
    site.write(oauth="on", database_oauth=f"{site.where} user=doorward_oauth")
    site.doorward("key", "publish")
    assert check(site)[1] == [
        f"{site.conf}: oauth: signing_keys holds no key for RS256, in which clients get their ID "
        "tokens as a rule; `doorward key new --alg RS256` makes one"]


def test_a_provider_that_signs_with_a_secret_is_not_good(site):
    with_oauth(site)
    assert site.doorward("key", "new", "--alg", "HS256", "--out",
                         f"{site.directory}/hs.jwk").returncode == 0
    site.write(oauth="on", database_oauth=f"{site.where} user=doorward_oauth",
               signing_keys="hs.jwk", verifying_keys="hs.jwk")
    assert check(site)[1] == [
        f"{site.conf}: oauth: tokens are signed with a secret, which other programs must not have; "
        "`doorward key new` makes a key with a public part, in another place for signing_keys"]


@pytest.mark.parametrize("issuer,said", [
    ("http://example.org", ["accept only an issuer that begins with https://", "find nothing"]),
    ("https://elsewhere.example", ["find nothing there"]),
    ("http://localhost/path", ["find nothing there"]),
    ("http://localhosts", ["accept only an issuer", "find nothing there"])])
def test_a_provider_whose_issuer_is_not_this_site_is_not_good(site, issuer, said):
    with_oauth(site, issuer=issuer)
    problems = check(site)[1]
    assert len(problems) == len(said)
    for words, problem in zip(said, problems):
        assert problem.startswith(f"{site.conf}: issuer: ") and words in problem


def test_a_provider_whose_role_lacks_its_rights_is_not_good(site):
    with_oauth(site)
    site.write(oauth="on", database_oauth=f"{site.where} user=doorward_mail")
    [problem] = check(site)[1]
    assert "database_oauth: oauth.fcgi: the role \"doorward_mail\" lacks a right" in problem
    assert problem.endswith("`doorward db migrate --oauth-role ROLE` grants it")


def test_a_provider_that_cannot_run_is_not_good(site):
    with_oauth(site)
    site.write(oauth="on", database_oauth=f"{site.where} user=doorward_oauth", session_secret=None)
    assert f"{site.conf}: oauth.fcgi cannot run: session_secret is not set" in check(site)[1]


def test_metadata_that_do_not_say_what_the_settings_do_are_not_good(site):
    with_oauth(site)
    site.write(oauth="on", database_oauth=f"{site.where} user=doorward_oauth",
               issuer="http://localhost/")
    path = f"{site.directory}/openid-configuration"
    assert check(site)[1] == [f"{site.conf}: oauth: {path} does not say what the settings do; "
                              "`doorward key publish` writes it"]
    site.write()
    assert check(site)[1] == [f"{site.conf}: oauth: is off, and {path} says that it is on; "
                              "`doorward key publish` removes it"]
    site.doorward("key", "publish")
    assert check(site) == (True, [], [FILES])


def test_a_site_without_admin_pages_is_not_told_to_give_them_rights(site):
    """One that was set up before there were any, and whose role is not the owner."""
    names = {"database": f"{site.where} user=doorward_login",
             "database_admin": f"{site.where} user=doorward"}
    site.write(**names)
    assert check(site) == (True, [], [FILES,
        "admin.fcgi: the role \"doorward_login\" lacks a right that admin.fcgi needs; `doorward db "
        "migrate --webadmin-role ROLE` grants it (not needed unless you use it)"])
    site.write(**names, database_webadmin=f"{site.where} user=doorward_mail")
    assert "lacks a right that admin.fcgi needs" in check(site)[1][0]
