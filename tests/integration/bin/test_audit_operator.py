"""Every action of an operator leaves a row in the audit, and nothing that is secret in it."""

import glob
import http.server
import json
import os
import re
import subprocess
import threading

import pytest

from database import COMMAND, PASSWORD, TREE, process_owner

SID = "0c1d2e3f-4a5b-4c6d-8e7f-901234567890"


def actions_of_the_command():
    """Every (command, action) in the tables of bin/; those without actions have ''."""
    found = set()
    for name in glob.glob(f"{TREE}/bin/**/*.c", recursive=True):
        with open(name, encoding="utf-8") as f:
            text = f.read()
        for table in re.finditer(r"command_action actions\[\] = \{(.*?)\};\s+return"
                                 r" command_dispatch", text, re.S):
            # the actions of an action (user factor list) count as the action
            for command in re.findall(r"^(\w+)_command\(int argc", text, re.M):
                found |= {(command, action) for action in re.findall(r'\{ "(\w+)"', table[1])}
    with open(f"{TREE}/bin/doorward.c", encoding="utf-8") as f:
        table = f.read().split("command_table[] = {")[1].split("{ NULL }")[0]
    commands = set(re.findall(r'^\t\{ "([\w-]+)",', table, re.M))
    return found | {(c, "") for c in commands - {command for command, _ in found}}


# What changes nothing, and gives nothing away that the operator does not hold already.
READS = {("audit", ""), ("status", ""), ("rules", "explain"), ("rules", "words"), ("config", "check"),
         ("config", "show"), ("config", "list"), ("config", "sample"), ("db", "status"), ("user", "list"),
         ("user", "show"), ("role", "list"), ("session", "list"), ("client", "list"), ("revocations", "list"), ("key", "list"),
         ("token", "inspect"), ("token", "list"),
         ("token", "verify"), ("passkey", "check"), ("jws", "verify"), ("jwe", "encrypt"), ("jwe", "decrypt"),
         ("mail", "list"), ("pages", "list"), ("pages", "export"), ("metrics", ""),
         # its rows are the mails' own: mail_sent, mail_given_up
         ("mail", "send"),
         # a mail to the operator, without the database
         ("mail", "test"),
         # its row is in what it prints
         ("db", "script"),
         # the file is made anew of what the database holds
         ("revocations", "publish"), ("revocations", "follow")}


class Site:
    """A database, keys and another issuer, and what the operator does in turn."""

    def __init__(self, db, url):
        self.db, self.where = db, os.path.dirname(db.conf)
        db.settings(f"host={db.server.socket} dbname={db.name} user=doorward",
                    f"database_login = host={db.server.socket} dbname={db.name}"
                    " user=doorward_login",
                    "signing_keys = keys", "verifying_keys = jwks.json",
                    "issuer.other.url = https://other.example", "issuer.other.audience = us",
                    "issuer.other.keys = other.json",
                    f"issuer.other.keys_url = {url}", "registration = invited",
                    "mail_key = mail.key")
        with open(f"{self.where}/mail.key", "wb") as f:
            f.write(os.urandom(32))
        os.chmod(f"{self.where}/mail.key", 0o600)

    def new_rows(self, since):
        """Rows of the operator after the audit's row `since`."""
        return self.db.sql("select event, coalesce(name, ''), coalesce(detail, ''), actor,"
                           " session::text from doorward.audit where id > %s order by id", since)

    def add_mail(self, template):
        """One that waits; its number."""
        return self.db.one("select doorward.outbox_add(%s, null, 'ann@example.org', null, null,"
                           " null)", template)

    def run(self, *argv, stdin="", status=0):
        """Run it; (stdout, the new rows)."""
        since = self.db.one("select coalesce(max(id), 0) from doorward.audit")
        done = self.db.doorward(*argv, stdin=stdin)
        assert done.returncode == status, (argv, done)
        return done.stdout, self.new_rows(since)


@pytest.fixture(name="url")
def _url():
    """Where another issuer publishes its keys."""
    class Handler(http.server.BaseHTTPRequestHandler):
        """One key set."""

        def do_GET(self):  # pylint: disable=invalid-name
            self.send_response(200)
            self.end_headers()
            self.wfile.write(self.server.keys)

        def log_message(self, *_):  # pylint: disable=arguments-differ
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(name="site")
def _site(db, url, tmp_path):
    subprocess.run([COMMAND, "key", "new", "--out", f"{tmp_path}/other.jwk"],
                   capture_output=True, check=True)
    url.keys = subprocess.run([COMMAND, "key", "publish", "--keys", f"{tmp_path}/other.jwk",
                               "--out", "-"], capture_output=True, check=True).stdout
    return Site(db, f"http://127.0.0.1:{url.server_address[1]}/jwks.json")


def private_key(tmp_path):
    """The text of a JWK that is nobody's yet."""
    path = f"{tmp_path}/foreign.jwk"
    subprocess.run([COMMAND, "key", "new", "--out", path], capture_output=True, check=True)
    with open(path, encoding="utf-8") as f:
        return f.read()


def steps(site, tmp_path):
    """(command, action), argv, stdin, the event, words of its row, in an order that works."""
    kid = None

    def run(*argv, stdin="", event, words=()):
        nonlocal kid
        out, rows = site.run(*argv, stdin=stdin)
        if argv[:2] == ("key", "new"):
            kid = out.strip()
        return (argv[0], "".join(argv[1:2]) if "http" not in "".join(argv[1:2]) else ""), rows, event, words

    foreign = private_key(tmp_path)
    yield run("key", "new", event="key_made", words=("alg=ES256", "keys"))
    yield run("setup-link", event="link_made", words=("setup",))
    yield run("user", "add", "ann", "--role", "member", "--password-stdin", stdin=PASSWORD,
              event="user_added", words=("member",))
    yield run("user", "import", stdin="bob:$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cV"
              "zb.e0i", event="user_added")
    yield run("user", "export", event="users_exported", words=("to=jsonl", "password_hashes=no"))
    yield run("user", "passwd", "ann", "--password-stdin", stdin=PASSWORD + "!",
              event="password_changed")
    yield run("user", "set", "ann", "--mail", "ann@example.org", event="address_set")
    yield run("user", "invite", event="link_made", words=("invite",))
    site.add_mail("test")
    yield run("mail", "retry", event="mail_retried", words=("mails=1",))
    yield run("mail", "drop", str(site.add_mail("test")), event="mail_dropped", words=("test",))
    yield run("user", "disable", "ann", event="user_disabled")
    yield run("user", "enable", "ann", event="user_enabled")
    yield run("user", "unlock", "ann", event="user_unlocked")
    yield run("role", "allow", "moderator", "member", event="rights_changed",
              words=("moderator may give member",))
    yield run("role", "forbid", "moderator", "member", event="rights_changed",
              words=("moderator may not give member",))
    yield run("user", "role", "ann", "--add", "editor", event="roles_changed", words=("editor",))
    yield run("session", "end", "--user", "ann", event="sessions_ended")
    yield run("user", "factor", "reset", "ann", "--yes", event="factor_reset")
    yield run("revocations", "add", SID, event="sid_revoked", words=(SID,))
    ann = site.db.one("select id::text from doorward.users where name = 'ann'")
    yield run("token", "issue", "--sub", ann, "--label", "report", "--role", "member", "--role", "editor",
              "--life", "2h", "--prefix", "/dav", "--claim", "n=1", event="token_made",
              words=("report roles=member,editor prefix=/dav expires=20", "claim=n=1"))
    token = site.db.one("select id::text from doorward.programs")
    yield run("token", "end", token, event="token_ended", words=("by the operator: report",))
    yield run("client", "add", "shop", "--redirect", "https://shop.example/cb",
              event="client_added", words=("shop",))
    yield run("client", "set", "shop", "--name", "Shop", event="client_changed", words=("shop",))
    yield run("client", "secret", "shop", event="client_secret_made", words=("shop",))
    yield run("client", "remove", "shop", "--yes", event="client_removed", words=("shop",))
    yield run("jws", "sign", "--keys", f"{site.where}/keys", "--typ", "at+jwt", stdin="{}",
              event="jws_signed", words=(f"kid={kid}", "typ=at+jwt"))
    yield run("key", "export", kid, event="key_exported", words=(f"kid={kid}",))
    yield run("key", "import", stdin=foreign, event="key_imported", words=("kid=",))
    yield run("key", "rotate", "--now", event="keys_rotated", words=("made=", "ends="))
    yield run("key", "retire", kid, "--now", event="key_retired", words=(f"kid={kid}", "until="))
    os.unlink(f"{site.where}/jwks.json")
    yield run("key", "publish", event="keys_published", words=(f"{site.where}/jwks.json",))
    yield run("key", "fetch", event="keys_fetched", words=("other.json",))
    yield run("user", "rename", "bob", "rob", event="user_renamed", words=("bob -> rob",))
    yield run("user", "delete", "rob", event="user_deleted")
    yield run("db", "tidy", "--audit-days", "7", event="tidied", words=("audit_days=7",))
    yield run("db", "retention", "--audit-days", "7", event="retention_set",
              words=("audit_days=7",))
    yield run("db", "migrate", "--admin-role", "stranger", event="database_migrated",
              words=("admin=stranger",))


def test_every_action_leaves_its_row(site, tmp_path):
    """Whatever is in the command's tables is here: a new action must leave a row, too."""
    seen = set()
    for action, rows, event, words in steps(site, tmp_path):
        seen.add(action)
        assert [row[0] for row in rows] == [event], action
        assert rows[0][3] == f"operator:{process_owner()}"
        for word in words:
            assert word in rows[0][2], (action, rows)
    assert seen | READS | {("doctor", "")} == actions_of_the_command()
    assert not seen & READS


def test_the_token_of_doctor_leaves_a_row_as_any_other(site):
    """It is a token."""
    site.run("key", "new")
    _, rows = site.run("doctor", "http://localhost", status=1)
    assert [row[0] for row in rows] == ["token_issued"]
    assert "sub=doorward-doctor" in rows[0][2] and "life=60s" in rows[0][2]


def test_a_token_s_row_is_found_by_its_user_and_holds_no_token(site):
    """`audit --user`, and the session's id; but not what was issued."""
    site.run("key", "new")
    site.run("user", "add", "ann", "--no-password")
    ann = site.db.one("select id::text from doorward.users")
    token, [row] = site.run("token", "issue", "--sub", ann)
    claims = json.loads(site.run("token", "verify", stdin=token.strip())[0])
    assert row[1] == "ann" and row[4] == claims["sid"]
    shown = site.db.doorward("audit", "--user", "ann", "--json").stdout
    assert "token_made" in shown
    for part in token.strip().split("."):
        assert part not in shown


def test_what_fails_or_changes_nothing_leaves_no_row(site):
    """A key of an unknown kind, a rotation that is not due, keys that are published already."""
    site.run("key", "new")
    for argv, status in ((("key", "new", "--alg", "none"), 3), (("key", "retire", "nobody"), 1),
                         (("key", "rotate", "--every", "90d"), 0), (("key", "publish"), 0),
                         (("key", "export", "nobody"), 1), (("db", "migrate"), 0),
                         (("key", "export", "--public"), 0),
                         (("token", "issue", "--sub", "x", "--life", "500d"), 2)):
        assert site.run(*argv, status=status)[1] == [], argv


def test_tries_of_a_name_that_nobody_has_are_not_forgotten_without_a_row(site):
    """The name is not in it: a stranger may have typed a password there."""
    assert site.run("user", "unlock", "ghost", status=1)[1] == []
    site.db.begin("ghost")
    [row] = site.run("user", "unlock", "ghost", status=1)[1]
    assert row[0] == "user_unlocked" and "ghost" not in "".join(row[1:3])


def test_what_a_key_of_another_place_signs_is_not_ours_to_write_down(site, tmp_path):
    """jws and jwe are tools for any key file."""
    site.run("key", "new")
    private_key(tmp_path)
    assert site.run("jws", "sign", "--keys", f"{tmp_path}/foreign.jwk", stdin="x")[1] == []


def test_root_writes_its_rows_as_the_user_whom_the_database_knows(site):
    """With peer authentication root is nobody; the row says root all the same."""
    server, db = site.db.server, site.db
    server.sql(f'create role "{server.web_user}" login')
    with open(f"{server.data}/pg_ident.conf", "a", encoding="utf-8") as f:
        f.write(f"doorward {server.web_user} {server.web_user}\n")
    server.sql("select pg_reload_conf()")
    try:
        assert db.doorward("db", "migrate", "--admin-role", server.web_user).returncode == 0
        with open(db.conf, "a", encoding="utf-8") as f:
            f.write(f"database_admin = host={server.socket} dbname={db.name}"
                    f" user={server.web_user}\n")
        _, [row] = site.run("key", "new")
        assert row[0] == "key_made" and row[3] == f"operator:{process_owner()}"
        with open(f"{site.where}/jwks.json", encoding="utf-8") as f:
            assert json.load(f)["keys"]
    finally:
        server.sql(f'drop owned by "{server.web_user}"', database=db.name)
        server.sql(f'drop role "{server.web_user}"')


# ---- without a database ----

@pytest.fixture(name="away")
def _away(site):
    """The site of which the database does not answer; it has a key."""
    site.run("key", "new")
    with open(site.db.conf, encoding="utf-8") as f:
        text = f.read()
    with open(site.db.conf, "w", encoding="utf-8") as f:
        f.write(text.replace(site.db.server.socket, "/nowhere"))
    return site


def kids(site):
    """What is in the published set."""
    with open(f"{site.where}/jwks.json", encoding="utf-8") as f:
        return [key["kid"] for key in json.load(f)["keys"]]


@pytest.mark.parametrize("argv", [("token", "issue", "--sub", "ann"), ("key", "export"),
                                  ("jws", "sign", "--keys", "keys")])
def test_nothing_is_given_away_without_its_row(away, argv):
    """No token, no private key, and nothing on standard output."""
    argv = [f"{away.where}/keys" if word == "keys" else word for word in argv]
    done = away.db.doorward(*argv, stdin="{}")
    assert done.returncode == 2 and done.stdout == ""
    assert "audit" in done.stderr or argv[0] == "token" and "database" in done.stderr


def test_a_stolen_key_ends_without_a_database_and_the_missing_row_is_said(away):
    """Done, exit 4; what the row would have said stands on standard error."""
    [stolen] = kids(away)
    done = away.db.doorward("key", "rotate", "--now")
    assert done.returncode == 4 and "AUDIT" in done.stderr and "made=" in done.stderr
    done = away.db.doorward("key", "retire", stolen, "--now")
    assert done.returncode == 4 and f"kid={stolen}" in done.stderr
    assert stolen not in kids(away)


def test_a_database_that_hangs_does_not_keep_a_stolen_key_alive(away, silent_server):
    """Seconds, not minutes."""
    [stolen] = kids(away)
    with open(away.db.conf, "a", encoding="utf-8") as f:
        f.write(f"database_admin = host=127.0.0.1 port={silent_server} dbname=x user=doorward\n")
    done = away.db.doorward("key", "retire", stolen, "--now")
    assert done.returncode == 4 and stolen not in kids(away)


def test_a_host_without_a_database_has_no_audit(site):
    """One that only verifies: keys are made as ever."""
    with open(site.db.conf, encoding="utf-8") as f:
        text = "".join(line for line in f if not line.startswith("database"))
    with open(site.db.conf, "w", encoding="utf-8") as f:
        f.write(text)
    for argv in (("key", "new"), ("key", "rotate", "--now"), ("key", "publish"), ("key", "fetch")):
        done = site.db.doorward(*argv)
        assert done.returncode == 0 and "audit" not in done.stderr.lower(), (argv, done.stderr)
    assert site.db.one("select count(*) from doorward.audit where event like 'key%%'") == 0
