"""doorward client add, list, set, secret and remove."""

import hashlib
import json
import uuid

import pytest

REDIRECT = "https://app.example/callback?from=here"


def add(db, name, *argv, redirect=REDIRECT):
    """The words that `client add` prints, by the first of each line."""
    where = ("--redirect", redirect) if redirect else ()
    done = db.doorward("client", "add", name, *where, *argv)
    assert done.returncode == 0, done.stderr
    return dict(line.split(" ", 1) for line in done.stdout.splitlines())


def shown(db, name):
    """What client list --json says of one."""
    done = db.doorward("client", "list", name, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refused(db, *argv):
    """The complaint about a wrong value; nothing is stored or changed."""
    before = db.sql("select * from doorward.oauth_clients order by id")
    done = db.doorward("client", *argv)
    assert (done.returncode, done.stdout) == (2, ""), (argv, done)
    assert db.sql("select * from doorward.oauth_clients order by id") == before
    return done.stderr


def grant(db, name, client, offline=False, scopes=("openid", "email")):
    """A grant of a user to a client, with tokens and the session that gave it; its sid."""
    session, _ = db.open(name, f"{name}-{client}-{offline}")
    sid = db.one(
        "insert into doorward.oauth_grants (client_id, user_id, session_id, offline, scopes,"
        " auth_time, amr, created_at, used_at, ends_at)"
        " select %s, id, %s, %s, %s, doorward.now(), '{pwd}', doorward.now(), doorward.now(),"
        " doorward.now() + interval '1 day' from doorward.users where name = %s returning sid",
        client, session, offline, list(scopes), name)
    db.sql("insert into doorward.oauth_refresh_tokens (hash, grant_id)"
           " select sha256(sid::text::bytea), id from doorward.oauth_grants where sid = %s", sid)
    return sid


def revoked(db):
    """Whether the verifiers have been told: the words in the revocation files."""
    return db.doorward("revocations", "list", "--json").stdout


# ---- add ----

def test_add_prints_the_id_and_once_the_secret_which_is_kept_hashed(db):
    said = add(db, "app")
    assert set(said) == {"client_id", "client_secret"} and said["client_id"] == "app"
    secret = said["client_secret"]
    assert len(secret) >= 43 and secret.isascii()
    [(stored,)] = db.sql("select hash from doorward.oauth_secrets where client_id = 'app'")
    assert bytes(stored) == hashlib.sha256(secret.encode()).digest()
    for argv in (("list",), ("list", "app"), ("list", "--json")):
        assert secret not in db.doorward("client", *argv).stdout
    assert secret not in str(db.sql("select * from doorward.audit"))


def test_a_new_client_has_safe_values_for_what_was_not_said(db):
    add(db, "app")
    said = shown(db, "app")
    assert said.pop("created_at") == said.pop("changed_at")
    assert said == {
        "id": "app", "name": "app", "redirects": [REDIRECT], "logouts": [],
        "method": "client_secret_basic", "scopes": ["openid", "profile", "email"],
        "roles": [], "groups": [], "consent": "remember", "pkce": True, "alg": "RS256",
        "id_token_claims": False, "secrets": 1, "grants": 0, "people": 0}


def test_add_takes_every_option(db):
    said = add(db, "api.v2", "--name", "Über-App", "--redirect", "http://localhost/cb",
               "--logout", "https://app.example/", "--logout", "https://app.example/bye?x=1",
               "--method", "client_secret_post", "--scope", "offline_access  openid groups",
               "--audience", "https://api.example", "--role", "staff", "--role", "admin",
               "--group", "staff", "--consent", "trusted", "--pkce", "optional", "--alg", "site",
               "--id-token-claims", "yes")
    assert "client_secret" in said
    said = shown(db, "api.v2")
    for key in ("created_at", "changed_at"):
        del said[key]
    assert said == {
        "id": "api.v2", "name": "Über-App", "redirects": [REDIRECT, "http://localhost/cb"],
        "logouts": ["https://app.example/", "https://app.example/bye?x=1"],
        "method": "client_secret_post", "scopes": ["openid", "groups", "offline_access"],
        "audience": "https://api.example", "roles": ["staff", "admin"], "groups": ["staff"],
        "consent": "trusted", "pkce": False, "alg": "site", "id_token_claims": True,
        "secrets": 1, "grants": 0, "people": 0}


def test_a_public_client_has_no_secret_and_may_have_a_scheme_of_its_own(db):
    said = add(db, "phone", "--method", "none", redirect="com.example.app:/cb")
    assert said == {"client_id": "phone"}
    said = shown(db, "phone")
    assert (said["method"], said["pkce"], said["secrets"]) == ("none", True, 0)
    done = db.doorward("client", "secret", "phone")
    assert (done.returncode, done.stdout) == (1, "") and "no secret" in done.stderr


def test_a_second_add_of_an_id_is_refused_and_changes_nothing(db):
    first = add(db, "app", "--name", "First")
    before = shown(db, "app")
    done = db.doorward("client", "add", "app", "--redirect", "https://evil.example/")
    assert (done.returncode, done.stdout) == (1, "")
    assert "there is a client app already" in done.stderr
    assert shown(db, "app") == before and "client_secret" in first


def test_add_says_that_nobody_can_log_in_while_oauth_is_off(db):
    done = db.doorward("client", "add", "app", "--redirect", REDIRECT)
    assert "the setting oauth is off" in done.stderr
    with open(db.conf, "a", encoding="utf-8") as f:
        f.write("oauth = on\n")
    assert db.doorward("client", "add", "two", "--redirect", REDIRECT).stderr == ""


@pytest.mark.parametrize("argv, why", [
    ((), "a client needs --redirect URL, or --for PROGRAM --url URL"),
    (("--redirect", ""), "a client needs --redirect URL"),
    (("--redirect", "http://app.example/cb"), "is http, which is only for localhost"),
    (("--redirect", "https://app.example/cb#x"), "has a fragment"),
    (("--redirect", "https://user@app.example/cb"), "or has a user's name in front of it"),
    (("--redirect", "https://app.example/a b"), "a character that no URI contains"),
    (("--redirect", "/callback"), "does not begin with https://"),
    (("--redirect", "https://app.example/" + "x" * 2000), "longer than 2,000 bytes"),
    (("--redirect", "com.example.app:/cb"), "only a client without a secret may have"),
    (("--redirect", REDIRECT, "--redirect", "javascript:alert(1)"), "does not begin with"),
    (("--redirect", REDIRECT, "--logout", "http://app.example/"), "--logout: http://app.example/"),
    (("--redirect", REDIRECT, "--method", "private_key_jwt"), "--method: private_key_jwt is none"),
    (("--redirect", REDIRECT, "--method", ""), "--method: an empty value is none of"),
    (("--redirect", REDIRECT, "--scope", "openid mail"), "--scope: mail is none of openid"),
    (("--redirect", REDIRECT, "--scope", " "), "names no scope"),
    (("--redirect", REDIRECT, "--audience", "api.example"), "--audience: api.example"),
    (("--redirect", REDIRECT, "--audience", "https://a.example/#x"), "has a fragment"),
    (("--redirect", REDIRECT, "--audience", "http://localhost/oauth"),
     "is the one that clients without an audience have"),
    (("--redirect", REDIRECT, "--role", "two words"), "--role: two words is no role"),
    (("--redirect", REDIRECT, "--group", "a", "--group", ""), "--group: an empty value is no role"),
    (("--redirect", REDIRECT, "--consent", "never"), "--consent: never is none of ask"),
    (("--redirect", REDIRECT, "--pkce", "plain"), "is neither required nor optional"),
    (("--redirect", REDIRECT, "--method", "none", "--pkce", "optional"),
     "is not for a client without a secret"),
    (("--redirect", REDIRECT, "--alg", "HS256"), "is neither RS256 nor site"),
    (("--redirect", REDIRECT, "--id-token-claims", "maybe"), "is neither yes nor no"),
    (("--redirect", REDIRECT, "--name", ""), "--name: a name has 1 to 100 characters"),
    (("--redirect", REDIRECT, "--name", "x" * 101), "--name: a name has 1 to 100 characters"),
    (("--redirect", REDIRECT, "--name", "a\x1b[2Jb"), "none of them invisible"),
    (("--redirect", REDIRECT, "--name", "a\u200bb"), "none of them invisible"),
    (("--redirect", REDIRECT, "--redirekt", "x"), "did you mean --redirect?"),
    (("--for", "nextcloud"), "--for PROGRAM and --url URL belong together"),
    (("--url", "https://cloud.example"), "--for PROGRAM and --url URL belong together"),
    (("--for", "nextclod", "--url", "https://cloud.example"), "did you mean nextcloud?"),
    (("--for", "mailman", "--url", "https://lists.example"), "use --redirect URL"),
    (("--for", "grafana", "--url", "http://g.example"), "--url: http://g.example is http"),
    (("--for", "grafana", "--url", "https://g.example/?a"), "has a query"),
])
def test_add_refuses_a_wrong_value_and_stores_nothing(db, argv, why):
    assert why in refused(db, "add", "app", *argv)


@pytest.mark.parametrize("name", ["", "App", "-app", "a b", "ä", "doorward-app", "a" * 65, "a/b"])
def test_add_refuses_what_is_no_id(db, name):
    assert "is no id for a client" in refused(db, "add", "--redirect", REDIRECT, "--", name)


def test_more_than_twenty_addresses_are_refused(db):
    many = [word for i in range(20) for word in ("--redirect", f"https://app.example/{i}")]
    add(db, "app", *many, redirect=None)
    assert "was given too often" in refused(db, "add", "b", *many, "--redirect", REDIRECT)
    many += ["--for", "grafana", "--url", "https://g.example"]
    assert "more than 20 addresses" in refused(db, "add", "b", *many)


# ---- --for ----

@pytest.mark.parametrize("program, expected", [
    ("nextcloud", {
        "name": "Nextcloud", "method": "client_secret_post", "id_token_claims": True,
        "redirects": ["https://x.example/base/apps/user_oidc/code",
                      "https://x.example/base/index.php/apps/user_oidc/code"],
        "logouts": ["https://x.example/base/"],
        "scopes": ["openid", "profile", "email", "groups"]}),
    ("forgejo", {
        "name": "Forgejo", "method": "client_secret_basic", "id_token_claims": False,
        "redirects": ["https://x.example/base/user/oauth2/doorward/callback"], "logouts": [],
        "scopes": ["openid", "profile", "email", "groups"]}),
    ("grafana", {
        "name": "Grafana", "method": "client_secret_basic", "id_token_claims": False,
        "redirects": ["https://x.example/base/login/generic_oauth"],
        "logouts": ["https://x.example/base/login"],
        "scopes": ["openid", "profile", "email", "groups"]}),
    ("wordpress", {
        "name": "WordPress", "method": "client_secret_post", "id_token_claims": False,
        "redirects": ["https://x.example/base/wp-admin/admin-ajax.php"
                      "?action=openid-connect-authorize",
                      "https://x.example/base/openid-connect-authorize"],
        "logouts": ["https://x.example/base", "https://x.example/base/",
                    "https://x.example/base/wp-login.php?loggedout=true&wp_lang=en_US"],
        "scopes": ["openid", "profile", "email"]}),
    ("oauth2-proxy", {
        "name": "oauth2-proxy", "method": "client_secret_basic", "id_token_claims": True,
        "redirects": ["https://x.example/base/oauth2/callback"],
        "logouts": ["https://x.example/base/"],
        "scopes": ["openid", "profile", "email", "groups"]}),
])
def test_for_knows_the_addresses_and_scopes_of_a_program(db, program, expected):
    add(db, "app", "--for", program, "--url", "https://x.example/base/", redirect=None)
    said = shown(db, "app")
    assert {key: said[key] for key in expected} == expected
    assert said["pkce"] is True and said["consent"] == "remember"


def test_options_change_or_add_to_what_for_sets(db):
    add(db, "cloud", "--for", "nextcloud", "--url", "https://cloud.example", "--name", "Our cloud",
        "--scope", "openid", "--method", "client_secret_basic", "--pkce", "optional",
        "--id-token-claims", "no", "--logout", "https://cloud.example/bye")
    said = shown(db, "cloud")
    assert said["redirects"] == ["https://cloud.example/apps/user_oidc/code",
                                 "https://cloud.example/index.php/apps/user_oidc/code", REDIRECT]
    assert said["logouts"] == ["https://cloud.example/", "https://cloud.example/bye"]
    assert (said["name"], said["scopes"], said["method"], said["pkce"], said["id_token_claims"]) \
        == ("Our cloud", ["openid"], "client_secret_basic", False, False)


# ---- list ----

def test_list_is_a_table_and_of_one_client_says_all(db):
    add(db, "b", "--name", "Second", "--role", "staff")
    add(db, "a", "--consent", "ask")
    lines = db.doorward("client", "list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["a", "b"]
    assert "Second" in lines[1] and "client_secret_basic" in lines[0] and "ask" in lines[0]
    assert [c["id"] for c in json.loads(db.doorward("client", "list", "--json").stdout)] \
        == ["a", "b"]
    text = db.doorward("client", "list", "b").stdout.splitlines()
    for line in ("client_id        b", "name             Second", f"redirect         {REDIRECT}",
                 "secrets          1", "role             staff", "group            (as role)",
                 "pkce             required", "grants           0, of 0 users"):
        assert line in text, text
    assert "group            (all)" in db.doorward("client", "list", "a").stdout.splitlines()


def test_list_of_a_client_that_is_not_there(db):
    assert db.doorward("client", "list").stdout == ""
    assert db.doorward("client", "list", "--json").stdout == "[]\n"
    for argv in (("nobody",), ("",), ("nobody", "--json")):
        done = db.doorward("client", "list", *argv)
        assert (done.returncode, done.stdout) == (1, ""), argv
        assert "there is no client" in done.stderr


# ---- set ----

def test_set_changes_what_is_named_and_nothing_else(db):
    add(db, "app", "--role", "staff", "--logout", "https://app.example/",
        "--audience", "https://api.example")
    before = shown(db, "app")
    for argv, changed in [
            (("--name", "New"), {"name": "New"}),
            (("--redirect", "https://b.example/", "--redirect", "https://c.example/"),
             {"redirects": ["https://b.example/", "https://c.example/"]}),
            (("--logout", ""), {"logouts": []}),
            (("--scope", "openid"), {"scopes": ["openid"]}),
            (("--role", "a", "--role", "b"), {"roles": ["a", "b"]}),
            (("--role", ""), {"roles": []}),
            (("--group", "a"), {"groups": ["a"]}),
            (("--consent", "ask"), {"consent": "ask"}),
            (("--pkce", "optional"), {"pkce": False}),
            (("--alg", "site"), {"alg": "site"}),
            (("--id-token-claims", "yes"), {"id_token_claims": True}),
            (("--audience", "https://other.example"), {"audience": "https://other.example"}),
            (("--method", "client_secret_post"), {"method": "client_secret_post"})]:
        done = db.doorward("client", "set", "app", *argv)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), argv
        before.update(changed)
        said = shown(db, "app")
        before["changed_at"] = said["changed_at"]
        assert said == before, argv
    assert db.doorward("client", "set", "app", "--audience", "").returncode == 0
    assert "audience" not in shown(db, "app")


@pytest.mark.parametrize("argv, why", [
    (("--redirect", ""), "a client needs --redirect URL"),
    (("--redirect", "http://app.example/"), "is http"),
    (("--method", "none", "--pkce", "optional"), "is not for a client without a secret"),
    (("--scope", ""), "names no scope"),
    (("--role", "a b"), "is no role"),
    (("--for", "grafana"), "belong together"),
])
def test_set_refuses_a_wrong_value_and_changes_nothing(db, argv, why):
    add(db, "app")
    assert why in refused(db, "set", "app", *argv)


def test_set_without_a_change_or_a_client_is_refused(db):
    done = db.doorward("client", "set", "app")
    assert done.returncode == 2 and "doorward client set ID" in done.stderr
    for name in ("app", "doorward", "No"):
        done = db.doorward("client", "set", name, "--name", "x")
        assert done.returncode == 1 and f"there is no client {name}" in done.stderr


def test_a_client_that_becomes_public_loses_its_secrets_and_must_use_pkce(db):
    add(db, "app", "--pkce", "optional")
    assert db.doorward("client", "set", "app", "--method", "none").returncode == 0
    said = shown(db, "app")
    assert (said["method"], said["pkce"], said["secrets"]) == ("none", True, 0)
    assert "is not for a client without a secret" in refused(db, "set", "app", "--pkce", "optional")
    done = db.doorward("client", "set", "app", "--method", "client_secret_basic")
    assert done.returncode == 0
    assert "it has no secret: `doorward client secret app` makes one" in done.stderr
    assert db.doorward("client", "secret", "app").stdout.startswith("client_id app\nclient_secret ")


def test_a_private_scheme_stays_with_public_clients(db):
    add(db, "phone", "--method", "none", redirect="com.example.app:/cb")
    why = refused(db, "set", "phone", "--method", "client_secret_basic")
    assert "--method: the registered com.example.app:/cb has a scheme of its own" in why
    done = db.doorward("client", "set", "phone", "--method", "client_secret_basic",
                       "--redirect", REDIRECT)
    assert done.returncode == 0, done.stderr


def test_who_may_not_use_a_client_any_more_loses_it_at_once(db):
    add(db, "app")
    db.add_user("ann", "staff")
    db.add_user("bob")
    kept, lost = grant(db, "ann", "app"), grant(db, "bob", "app")
    done = db.doorward("client", "set", "app", "--role", "staff")
    assert (done.returncode, done.stderr) == (0, "1 grant ended\n")
    said = shown(db, "app")
    assert (said["grants"], said["people"]) == (1, 1)
    assert lost in revoked(db) and kept not in revoked(db)


# ---- secret ----

def secrets_of(db, name):
    """How many secrets are good."""
    return shown(db, name)["secrets"]


def test_two_secrets_are_good_while_one_replaces_the_other(db):
    first = add(db, "app")["client_secret"]
    done = db.doorward("client", "secret", "app")
    assert done.returncode == 0, done.stderr
    lines = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert lines["client_id"] == "app" and lines["client_secret"] != first
    said = shown(db, "app")
    assert said["secrets"] == 2
    ends = db.one("select floor(extract(epoch from doorward.now()))::bigint") + 86400
    assert abs(said["secret_ends_at"] - ends) < 30
    assert "secrets          2, the older one until " in db.doorward("client", "list", "app").stdout
    db.move_clock(86401)
    assert secrets_of(db, "app") == 1


def test_a_third_secret_ends_the_oldest(db):
    first = add(db, "app")["client_secret"]
    for _ in range(2):
        db.doorward("client", "secret", "app", "--keep", "1h")
    assert secrets_of(db, "app") == 2
    hashes = [bytes(h) for (h,) in db.sql("select hash from doorward.oauth_secrets")]
    assert hashlib.sha256(first.encode()).digest() not in hashes


@pytest.mark.parametrize("argv", [("--now",), ("--keep", "0s")])
def test_a_secret_that_got_out_ends_at_once(db, argv):
    add(db, "app")
    assert db.doorward("client", "secret", "app", *argv).returncode == 0
    assert secrets_of(db, "app") == 1
    assert db.one("select count(*) from doorward.oauth_secrets") == 1


@pytest.mark.parametrize("argv, code, why", [
    (("app", "--keep", "soon"), 2, "is not a duration"),
    (("app", "--keep", "91d"), 2, "is more than 90d"),
    (("app", "--keep", "1h", "--now"), 2, "doorward client secret ID"),
    ((), 2, "doorward client secret ID"),
    (("nobody",), 1, "there is no client nobody"),
])
def test_secret_refuses_a_wrong_value_and_makes_none(db, argv, code, why):
    add(db, "app")
    done = db.doorward("client", "secret", *argv)
    assert (done.returncode, done.stdout) == (code, "") and why in done.stderr
    assert secrets_of(db, "app") == 1


# ---- remove ----

def test_remove_ends_all_that_the_client_was_given_and_says_how_much(db):
    add(db, "app")
    add(db, "other")
    db.add_user("ann")
    sids = grant(db, "ann", "app"), grant(db, "ann", "app", offline=True)
    kept = grant(db, "ann", "other")
    done = db.doorward("client", "remove", "app")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "2 grants ended\n")
    assert all(sid in revoked(db) for sid in sids) and kept not in revoked(db)
    assert db.doorward("client", "list", "app").returncode == 1
    assert shown(db, "other")["grants"] == 1
    again = db.doorward("client", "remove", "app")
    assert again.returncode == 1 and "there is no client app" in again.stderr


def test_a_remove_that_could_not_tell_the_verifiers_tells_them_at_the_second_try(db):
    add(db, "app")
    db.add_user("ann")
    sid = grant(db, "ann", "app")
    with open(db.conf, encoding="utf-8") as f:
        good = f.read()
    for settings, code in ((good.replace("= revoked", "= nowhere/revoked"), 2), (good, 1)):
        with open(db.conf, "w", encoding="utf-8") as f:
            f.write(settings)
        assert db.doorward("client", "remove", "app").returncode == code
    with open(f"{db.directory}/revoked", "rb") as f:
        told = f.read()
    assert uuid.UUID(sid).bytes in told or sid.encode() in told, told


def test_an_id_that_was_removed_can_be_registered_anew_without_what_was_before(db):
    old = add(db, "app")["client_secret"]
    db.doorward("client", "remove", "app", "--yes")
    assert add(db, "app")["client_secret"] != old
    assert secrets_of(db, "app") == 1


def test_the_audit_says_who_registered_changed_and_removed_a_client(db):
    add(db, "app")
    db.doorward("client", "set", "app", "--name", "x")
    db.doorward("client", "secret", "app")
    db.doorward("client", "remove", "app")
    rows = db.sql("select event, actor, detail from doorward.audit where event like 'client%%'"
                  " order by id")
    assert [row[0] for row in rows] == ["client_added", "client_changed", "client_secret_made",
                                       "client_removed"]
    assert all(row[1].startswith("operator:") and row[2].startswith("app") for row in rows)


# ---- the people ----

def test_user_show_names_the_apps_that_a_user_has_let_in(db):
    db.add_user("ann")
    assert json.loads(db.doorward("user", "show", "ann", "--json").stdout)["apps"] == []
    add(db, "cloud", "--name", "Cloud")
    add(db, "wiki", "--name", "A wiki")
    grant(db, "ann", "cloud", offline=True)
    grant(db, "ann", "wiki")
    apps = json.loads(db.doorward("user", "show", "ann", "--json").stdout)["apps"]
    assert [(a["client_id"], a["name"], a["scopes"], a["offline"], a["grants"]) for a in apps] == [
        ("wiki", "A wiki", ["email", "openid"], False, 1),
        ("cloud", "Cloud", ["email", "openid"], True, 1)]
    assert all(a["given_at"] <= a["used_at"] for a in apps)
    text = db.doorward("user", "show", "ann").stdout.splitlines()
    assert "app          A wiki (wiki): email openid" in text, text
