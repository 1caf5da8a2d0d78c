"""doorward user import and export: users from elsewhere, with the files of real software."""

import csv
import hashlib
import io
import json
import os
import pty
import re
import signal
import subprocess
import time

import pytest

from database import COMMAND, PASSWORD

BCRYPT = "$2y$05$abcdefghijklmnopqrstuucZGbUxuMlEqps0qcu2pjhO7vaatQZIC"
# the first user of glewlwyd's own init.sqlite3.sql, whose password is `password`
GLEWLWYD = "fOfvZC/wR2cUSTWbW6YZueGyyDuFqwkoFlcNlRYWJscxYTVOVFJ3VWFHdVJQT0pU"


def users(db):
    """What is stored: (name, address, verified, display name, roles, disabled, hash)."""
    return db.sql("select u.name, a.address, a.verified_at is not null, u.display_name, u.roles,"
                  " u.disabled, u.password_hash from doorward.users u"
                  " left join doorward.addresses a on a.user_id = u.id order by u.name")


def bring(db, text, *argv, status=0):
    """user import with that exit status; what it said."""
    done = db.doorward("user", "import", *argv, stdin=text)
    assert done.returncode == status, done.stderr
    assert done.stdout == ""
    return done.stderr


def dump(db):
    """All tables that an import could change."""
    return db.sql("select (select json_agg(u order by name) from doorward.users u)::text,"
                  " (select json_agg(a order by address) from doorward.addresses a)::text,"
                  " (select count(*) from doorward.audit)")


# ---- CSV ----

def test_csv_is_imported_by_its_header(db):
    said = bring(db, "\ufeffname,address,display_name,roles,password_hash,disabled\r\n"
                 f"ann,ann@example.org,\"Ann, the first\",member editor,{BCRYPT},\r\n"
                 "bob,,,,,true\r\n", "--from", "csv")
    assert said == "2 imported, 0 refused\n"
    assert users(db) == [
        ("ann", "ann@example.org", False, "Ann, the first", ["member", "editor"], False, BCRYPT),
        ("bob", None, False, None, [], True, None)]
    assert db.sql("select event, name, detail from doorward.audit where name is not null"
                  " order by id") == [
        ("user_added", "ann", "member editor"), ("user_added", "bob", ""),
        ("user_disabled", "bob", None)]


def test_addresses_are_verified_only_with_the_option(db):
    text = ('{"name":"ann","address":"ann@example.org","verified":true}\n'
            '{"name":"bob","address":"bob@example.org","verified":false}\n')
    bring(db, text, "--from", "jsonl")
    assert [row[2] for row in users(db)] == [False, False]
    assert "not the same: verified" in bring(db, text, "--from", "jsonl", "--verified", status=1)
    db.sql("delete from doorward.users")
    bring(db, text, "--from", "jsonl", "--verified")
    assert [row[2] for row in users(db)] == [True, False]


def test_a_file_is_read_by_its_name(db, tmp_path):
    path = tmp_path / "users"
    path.write_text(f"ann:{BCRYPT}\n")
    assert bring(db, "", "--from", "htpasswd", str(path)) == "1 imported, 0 refused\n"
    assert bring(db, f"ann:{BCRYPT}\n", "-") == "0 imported, 0 refused, 1 there already\n"
    assert "no such file" in bring(db, "", str(tmp_path / "none"), status=2).lower()


@pytest.mark.parametrize("text, said", [
    ("ann,ann@example.org\n", "column 1 of the header"),
    ("name;roles\nann;x\n", "semicolons"), ("", "is missing")])
def test_a_text_that_is_not_of_that_form_stops_the_import(db, text, said):
    assert said in bring(db, text, "--from", "csv", status=2)
    assert users(db) == []


# ---- refusals ----

def test_each_refused_user_gets_a_line_with_the_reason(db):
    db.add_user("old")
    db.doorward("user", "delete", "old", "--yes")
    db.doorward("user", "add", "eve", "--no-password", "--mail", "eve@example.org", "--verified")
    rows = [("old,,,", "old: somebody had this name"),
            ("a\u202eb,,,", "a name is 1 to 255 bytes"),
            (",,,", "a name is 1 to 255 bytes"),
            ("x" * 256 + ",,,", "a name is 1 to 255 bytes"),
            ("bad,,,a/b", "bad: a role is 1 to 64"),
            ("twice,,,a a", "twice: a role is 1 to 64"),
            ("long,," + "x" * 101 + ",", "long: a display name is 1 to 100"),
            ("mail,nothing,,", "mail: the address cannot be mailed to"),
            ("mail2,a@b..c,,", "mail2: the address cannot be mailed to"),
            ("thief,EVE@example.org,,", "thief: the address is the verified address of another"),
            ("x@example.org,y@example.org,,", "x@example.org: a name with an @ must be"),
            ("EVE,,,", "EVE: there is a user of this name already, and this is not the same: "
             "name, address"),
            ("many,,," + " ".join(f"r{i}" for i in range(65)), "many: too many roles"),
            ("good,good@example.org,,", None)]
    said = bring(db, "name,address,display_name,roles\n" + "\n".join(row for row, _ in rows),
                 "--from", "csv", "--verified", status=1).splitlines()
    assert said[-1] == "1 imported, 13 refused"
    lines = {int(re.search(r"line (\d+)", line)[1]): line for line in said[:-1]}
    for number, (_, reason) in enumerate(rows, 2):
        assert reason is None or reason in lines[number], (number, lines[number])
    assert "\u202e" not in "".join(said)
    assert [row[0] for row in users(db)] == ["eve", "good"]


def test_no_reason_shows_a_password_or_a_hash(db):
    secret = "s3cret-" + "x" * 20
    for text, argv in [(f"{secret}\n", ()), (f"ann:{secret}\n", ()),
                       (f'{{"name":"ann","password":"{secret}"}}\n', ()),
                       (f"name,password_hash\nann,{secret}\nbob,{secret},x\n", ("--from", "csv")),
                       (f"{secret},x\n", ("--from", "csv")),
                       (f"INSERT INTO `wp_users` VALUES (1,'{secret}", ("--from", "wordpress")),
                       (f"[{secret}", ("--from", "django"))]:
        done = db.doorward("user", "import", *argv, stdin=text)
        assert done.returncode in (1, 2) and secret not in done.stderr, done.stderr
    assert users(db) == []


def test_weak_hashes_need_the_option(db):
    text = ("ann:$apr1$VD19AB75$1Pu77PmoFxdbKBWw7KZuE1\nbob:{SHA}I7dElEdfX4dJgLdnbVEeI9iG2mQ=\n"
            "carl:{SSHA}kHLiWV6Kr0LkcQBxGXfFwGCnLE4TQujd\n")
    said = bring(db, text, "--from", "htpasswd", status=1)
    assert said.count("a weak hash") == 3 and users(db) == []
    bring(db, text, "--from", "htpasswd", "--weak")
    assert len(users(db)) == 3


@pytest.mark.parametrize("kind", ["$P$z" + "a" * 30, "pbkdf2_sha256$2000001$salt$" + "A" * 43 + "=",
                                  "$wp$2y$15$" + "a" * 53, "scrypt$1048576$s$64$1$" + "A" * 86])
def test_a_hash_that_would_hold_up_a_login_is_refused(db, kind):
    assert "too costly" in bring(db, f"ann:{kind}\n", "--weak", status=1)
    assert users(db) == []


# ---- a second time, and dry ----

def test_a_second_run_skips_what_is_the_same(db):
    text = "name,address,roles,password_hash\n" + "".join(
        f"user{i},user{i}@example.org,b a,{BCRYPT}\n" for i in range(600))
    assert bring(db, text, "--from", "csv") == "600 imported, 0 refused\n"
    before = dump(db)
    assert bring(db, text, "--from", "csv") == "0 imported, 0 refused, 600 there already\n"
    assert dump(db) == before


def test_who_has_logged_in_since_is_the_same(db):
    """The login has replaced the hash; the person's new password is not taken back."""
    text = f'{{"name":"ann","password_hash":"{BCRYPT}"}}\n{{"name":"bob","password_hash":"{BCRYPT}"}}'
    bring(db, text)
    db.open("ann", "a0", old=BCRYPT, new="$argon2id$new")
    db.doorward("user", "passwd", "bob", "--password-stdin", stdin=PASSWORD)
    before = [row[-1] for row in users(db)]
    assert "2 there already" in bring(db, text)
    assert [row[-1] for row in users(db)] == before


@pytest.mark.parametrize("change, what", [
    ({"roles": ["x"]}, "roles"), ({"display_name": "Ann"}, "display name"),
    ({"address": "b@example.org"}, "address"), ({"disabled": True}, "disabled"),
    ({"name": "ANN"}, "name"), ({"password_hash": BCRYPT.replace("$05$", "$06$")}, "password")])
def test_a_user_who_is_there_with_something_else_is_refused(db, change, what):
    user = {"name": "ann", "address": "a@example.org", "roles": ["m"], "password_hash": BCRYPT}
    bring(db, json.dumps(user))
    before = dump(db)
    said = bring(db, json.dumps({**user, **change}), status=1)
    assert said.splitlines()[0].endswith(f"not the same: {what}"), said
    assert dump(db) == before


def test_a_dry_run_says_the_same_and_stores_nothing(db):
    db.add_user("there")
    before = dump(db)
    text = "name,address,roles\n" + "".join(f"user{i},u{i}@example.org,\n" for i in range(300))
    text += "bad,,a/b\nthere,,x\nUSER7,,\nuser301,U8@example.org,\n"
    dry = bring(db, text, "--from", "csv", "--verified", "--dry-run", status=1)
    assert dump(db) == before
    assert dry.splitlines()[-1] == "300 would be imported, 4 refused; nothing was stored"
    assert "USER7: line 9 has the same name" in dry
    assert "user301: line 10 has the same verified address" in dry
    real = bring(db, text, "--from", "csv", "--verified", status=1)
    assert real.splitlines()[-1] == "300 imported, 4 refused"
    assert [re.findall(r"^doorward: line \d+", line) for line in dry.splitlines()] == [
        re.findall(r"^doorward: line \d+", line) for line in real.splitlines()]


@pytest.mark.takes("two imports of 20,000 users")
def test_an_import_that_was_killed_goes_on(db):
    text = "name\n" + "".join(f"user{i}\n" for i in range(20000))
    with subprocess.Popen([COMMAND, "--config", db.conf, "user", "import", "--from", "csv"],
                          stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdin.write(text)
        process.stdin.close()
        while db.one("select count(*) from doorward.users") == 0:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    said = bring(db, text, "--from", "csv")
    imported, refused, before = [int(n) for n in re.findall(r"\d+", said)]
    assert imported + before == 20000 and refused == 0
    assert 0 < before < 20000 and before % 250 == 0  # batches are stored whole
    assert db.one("select count(*) from doorward.users") == 20000


def test_progress_is_shown_on_a_terminal_only(db):
    text = "name\n" + "".join(f"user{i}\n" for i in range(3000))
    outer, inner = pty.openpty()
    with subprocess.Popen([COMMAND, "--config", db.conf, "user", "import", "--from", "csv"],
                          stdin=subprocess.PIPE, stderr=inner, text=True) as process:
        process.stdin.write(text)
        process.stdin.close()
        assert process.wait() == 0
    os.close(inner)
    said = os.read(outer, 65536).decode()
    os.close(outer)
    assert "1000 users, 0 of them refused" in said and "2000 users" in said
    assert said.endswith("3000 imported, 0 refused\r\n")


# ---- files of real software ----

def htpasswd(*argv):
    """A line of htpasswd(1)."""
    return subprocess.run(["htpasswd", "-nb", *argv], capture_output=True, text=True,
                          check=True).stdout.strip()


def test_a_file_of_htpasswd(db):
    lines = [htpasswd("-B", "-C", "5", "bcrypt", PASSWORD), htpasswd("-m", "apr1", PASSWORD),
             htpasswd("-s", "sha", PASSWORD), htpasswd("-5", "crypt", PASSWORD),
             htpasswd("-d", "des", PASSWORD), htpasswd("-p", "plain", PASSWORD)]
    said = bring(db, "\n".join(lines), "--from", "htpasswd", "--weak", status=1)
    assert {line.split(": ")[2] for line in said.splitlines()[:-1]} == {"des", "plain"}
    assert {row[0] for row in users(db)} == {"bcrypt", "apr1", "sha", "crypt"}


def sqlite(path, sql):
    """Run SQL in an SQLite database."""
    subprocess.run(["sqlite3", path], input=sql, text=True, check=True, capture_output=True)


GLEWLWYD_TABLES = """
CREATE TABLE g_user (gu_id INTEGER PRIMARY KEY AUTOINCREMENT, gu_username TEXT NOT NULL UNIQUE,
  gu_name TEXT DEFAULT '', gu_email TEXT DEFAULT '', gu_enabled INTEGER DEFAULT 1);
CREATE TABLE g_user_scope (gus_id INTEGER PRIMARY KEY AUTOINCREMENT, gus_name TEXT NOT NULL UNIQUE);
CREATE TABLE g_user_scope_user (gusu_id INTEGER PRIMARY KEY AUTOINCREMENT, gu_id INTEGER,
  gus_id INTEGER, FOREIGN KEY(gu_id) REFERENCES g_user(gu_id) ON DELETE CASCADE);
CREATE TABLE g_user_password (guw_id INTEGER PRIMARY KEY AUTOINCREMENT, gu_id INTEGER,
  guw_password TEXT);
INSERT INTO g_user (gu_username, gu_name, gu_email, gu_enabled) VALUES
  ('admin', 'The Administrator', '', 1), ('zoë', 'Zoë ''Z'' O', 'zoe@example.org', 0);
INSERT INTO g_user_password (gu_id, guw_password) VALUES (1, '%s'), (2, '%s,2000');
INSERT INTO g_user_scope (gus_name) VALUES ('g_admin'), ('g_profile');
INSERT INTO g_user_scope_user (gu_id, gus_id) VALUES (1, 1), (1, 2), (2, 2);
""" % (GLEWLWYD, GLEWLWYD)


@pytest.mark.parametrize("form", ["file", "dump"])
def test_glewlwyd_from_its_sqlite_file_or_a_dump(db, tmp_path, form):
    path = str(tmp_path / "glewlwyd.db")
    sqlite(path, GLEWLWYD_TABLES)
    if form == "file":
        before = hashlib.sha256(open(path, "rb").read()).digest()
        said = bring(db, "", "--from", "glewlwyd", path)
        assert hashlib.sha256(open(path, "rb").read()).digest() == before
    else:
        text = subprocess.run(["sqlite3", path, ".dump"], capture_output=True, text=True,
                              check=True).stdout
        said = bring(db, text, "--from", "glewlwyd")
    assert said == "2 imported, 0 refused\n"
    pbkdf2 = "pbkdf2_sha256$%d$1a5NTRwUaGuRPOJT$fOfvZC/wR2cUSTWbW6YZueGyyDuFqwkoFlcNlRYWJsc="
    assert users(db) == [
        ("admin", None, False, "The Administrator", ["g_admin", "g_profile"], False, pbkdf2 % 1000),
        ("zoë", "zoe@example.org", False, "Zoë 'Z' O", ["g_profile"], True, pbkdf2 % 2000)]


def test_an_sqlite_file_that_is_broken_or_on_standard_input_is_refused(db, tmp_path):
    path = tmp_path / "glewlwyd.db"
    sqlite(str(path), GLEWLWYD_TABLES)
    with open(path, "rb") as f:
        done = subprocess.run([COMMAND, "--config", db.conf, "user", "import", "--from",
                               "glewlwyd"], stdin=f, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "name the file" in done.stderr
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    said = bring(db, "", "--from", "glewlwyd", str(path), status=2)
    assert "sqlite3 cannot read" in said or "no rows of glewlwyd" in said
    assert users(db) == []


# ---- export ----

def test_what_is_exported_is_imported_as_it_was(db):
    text = "\n".join([
        json.dumps({"name": "ann", "address": "ann@example.org", "display_name": '=1+"1"',
                    "roles": ["member", "editor"], "password_hash": BCRYPT}),
        json.dumps({"name": "-bob", "disabled": True}), json.dumps({"name": "zoë, 'é'"})])
    bring(db, text, "--verified")
    bring(db, '{"name":"dora","address":"d@example.org"}')
    before = users(db)
    for to in ("jsonl", "csv"):
        done = db.doorward("user", "export", "--to", to, "--password-hashes")
        assert done.returncode == 0, done.stderr
        db.sql("delete from doorward.users")
        assert bring(db, done.stdout, "--from", to, "--verified") == "4 imported, 0 refused\n"
        assert users(db) == before


def test_an_export_has_no_hashes_and_no_formulas(db):
    bring(db, json.dumps({"name": "@ann", "address": None}).replace(', "address": null', "")
          + "\n" + json.dumps({"name": "ann", "display_name": "=cmd|' /C calc'!A0",
                               "password_hash": BCRYPT}), status=1)
    plain = db.doorward("user", "export").stdout
    table = db.doorward("user", "export", "--to", "csv").stdout
    assert BCRYPT not in plain + table and "password_hash" not in plain + table
    [row] = [json.loads(line) for line in plain.splitlines()]
    assert set(row) == {"name", "display_name", "roles", "disabled", "id", "created_at"}
    [header, cells] = list(csv.reader(io.StringIO(table)))
    assert header == ["name", "address", "display_name", "roles", "verified", "disabled", "id",
                      "created_at", "last_login_at"]
    assert cells[2] == "'=cmd|' /C calc'!A0"
    assert not any(cell[:1] in "=+-@\t\r" for cell in cells if cell)


def test_an_export_is_recorded_and_hashes_are_for_the_owner_only(db):
    bring(db, f"ann:{BCRYPT}\n")
    db.doorward("user", "export", "--to", "csv", "--password-hashes")
    assert db.one("select detail from doorward.audit where event = 'users_exported'") == \
        "to=csv password_hashes=yes"
    assert db.sql("select program from doorward.door where function = 'users_export_hashes'") == []


def test_an_export_of_many_has_each_once(db):
    text = "name\n" + "".join(f"user{i}\n" for i in range(2500))
    bring(db, text, "--from", "csv")
    names = [json.loads(line)["name"] for line in db.doorward("user", "export").stdout.splitlines()]
    assert len(names) == 2500 and set(names) == {f"user{i}" for i in range(2500)}


@pytest.mark.parametrize("argv", [("import", "a", "b"), ("import", "--nonsense"),
                                  ("export", "a"), ("export", "--to", "xml"),
                                  ("import", "--from", "ldap")])
def test_wrong_usage_exits_with_2(db, argv):
    assert db.doorward("user", *argv).returncode == 2
