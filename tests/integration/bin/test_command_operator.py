"""What the operator sees and ends: doorward audit, session, status."""

import json
import os
import pty
import re
import subprocess
import time

from database import COMMAND, PASSWORD
from revoked import records


def lines(done):
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_audit_tells_who_did_what_to_whom(db):
    db.doorward("user", "add", "Ann", "--password-stdin", stdin=PASSWORD)
    db.doorward("user", "add", "bob", "--no-password")
    db.begin("ann")
    db.open("ann", "a0", old=db.one("select password_hash from doorward.users where name='Ann'"))
    db.refresh("a0", "a1")
    db.doorward("user", "disable", "ann")
    db.doorward("user", "unlock", "ann")
    db.doorward("user", "role", "bob", "--add", "admin")
    rows = lines(db.doorward("audit", "--json"))
    events = [row["event"] for row in reversed(rows)]
    assert events == ["database_migrated", "user_added", "user_added", "login_ok", "session_renewed",
                      "user_disabled", "user_unlocked", "roles_changed"]
    mine = lines(db.doorward("audit", "--user", "ANN", "--json"))
    assert {row["name"] for row in mine} == {"Ann"} and len(mine) == 5
    by = {row["event"]: row for row in rows}
    assert by["user_disabled"]["actor"].startswith("operator:")
    assert by["login_ok"]["actor"] == "user" and by["login_ok"]["address"] == "192.0.2.1"
    assert by["roles_changed"]["detail"] == " -> admin"
    assert len(lines(db.doorward("audit", "--json", "--limit", "2"))) == 2
    assert "user_disabled" in db.doorward("audit").stdout


def test_audit_starts_where_it_is_told(db):
    db.move_clock(-10 * 86400)
    db.add_user("ann")
    db.move_clock(0)
    db.add_user("bob")
    for since, names in (("7d", ["bob"]), ("11d", ["bob", "ann"]), ("300h", ["bob", "ann"]),
                         ("10m", ["bob"]), ("2020-01-01", ["bob", "ann"])):
        found = lines(db.doorward("audit", "--json", "--since", since))
        assert [row["name"] for row in found if "name" in row] == names, since
    for wrong in ("yesterday", "7", "d", "-1d", "7w", "2020-13-01", ""):
        done = db.doorward("audit", "--since", wrong)
        assert done.returncode == 2, wrong
        assert f"--since {wrong}: 30m, 12h or 7d is wanted" in done.stderr
    done = db.doorward("audit", "--limit", "many")
    assert done.returncode == 2 and "--limit many: a number" in done.stderr


def test_sessions_are_listed_and_ended(db):
    db.add_user("ann")
    db.add_user("bob")
    one, _ = db.open("ann", "a0")
    _, two_sid = db.open("ann", "b0")
    db.open("bob", "c0")
    listed = json.loads(db.doorward("session", "list", "Ann", "--json").stdout)
    assert len(listed) == 2 and {row["name"] for row in listed} == {"ann"}
    assert one in {row["id"] for row in listed}
    assert all(row["amr"] == ["pwd"] and "factor_at" not in row for row in listed)
    assert len(json.loads(db.doorward("session", "list", "--json").stdout)) == 3
    assert len(db.doorward("session", "list").stdout.splitlines()) == 3
    assert db.doorward("session", "end", one).returncode == 0
    assert db.doorward("session", "end", two_sid).returncode == 0  # by sid as well
    again = db.doorward("session", "end", one)  # over already: what was wanted
    assert again.returncode == 0 and "0 sessions ended" in again.stderr
    for gone in ("not-a-uuid", "00000000-0000-0000-0000-000000000000"):
        done = db.doorward("session", "end", gone)
        assert done.returncode == 1 and "there is no session" in done.stderr
    assert db.refresh("a0", "a1") == db.refresh("b0", "b1") == "ended"
    done = db.doorward("session", "end", "--user", "BOB")
    assert done.returncode == 0 and "1 session ended" in done.stderr
    assert db.doorward("session", "end", "--user", "zed").returncode == 1
    assert len(records(f"{db.directory}/revoked")) == 3


def on_a_terminal(db, *argv):
    """What the command writes when a person looks on."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([COMMAND, "--config", db.conf, *argv], stdout=theirs) as command:
        os.close(theirs)
        said = b""
        try:
            while piece := os.read(ours, 65536):
                said += piece
        except OSError:  # the other end is closed
            pass
        assert command.wait() == 0
    os.close(ours)
    return said.decode().replace("\r", "").splitlines()


def test_lists_have_column_headers_on_a_terminal_only(db):
    db.add_user("ann", "member")
    db.open("ann", "a0")
    for argv, words in ((("user", "list"), ["NAME", "STATE", "LAST LOGIN (UTC)", "ROLES"]),
                        (("session", "list"), ["ID", "LAST USED (UTC)", "NAME", "PROVEN BY", "ADDRESS"]),
                        (("audit",), ["WHEN (UTC)", "EVENT"])):
        [header, first, *_] = on_a_terminal(db, *argv)
        piped = db.doorward(*argv).stdout.splitlines()
        assert piped[0] == first and header not in piped
        for word in words:  # each begins where its column does
            column = header.index(word)
            assert column == 0 or (first[column - 1] == " " != first[column]), (header, first)


def test_numbers_and_their_words_agree(db):
    db.add_user("ann", "member")
    db.open("ann", "a0")
    assert "1 user (0 disabled), 1 session, 0 throttled accounts, 0 rev" in \
        db.doorward("status").stdout
    assert db.doorward("user", "role", "ann", "--add", "x").stderr == "1 session told to renew\n"
    assert db.doorward("user", "disable", "ann").stderr == "1 session ended\n"


def test_a_password_is_asked_for_only_when_the_name_can_have_it(db):
    """There is nothing on standard input: who asks for it complains of that."""
    done = db.doorward("user", "passwd", "ghost")
    assert (done.returncode, done.stderr) == (1, "doorward: there is no user ghost; `doorward user list` shows "
                                           "them all\n")
    db.add_user("ann")
    done = db.doorward("user", "add", "ANN")
    assert (done.returncode, done.stderr) == (1, "doorward: there is a user ANN already; `doorward user "
                                           "passwd` changes the password\n")


def test_status_says_what_is_wrong(db):
    done = db.doorward("status")
    assert done.returncode == 1 and "revocation   BAD" in done.stdout
    db.doorward("revocations", "publish")
    db.add_user("ann")
    db.open("ann", "a0")
    done = db.doorward("status", "--json")
    assert done.returncode == 0, done.stdout
    told = json.loads(done.stdout)
    assert told["good"] and told["database"]["good"] and told["revocation"]["good"]
    assert (told["users"], told["sessions"], told["throttled"]) == (1, 1, 0)
    while db.begin("ann")[0] == 0:
        pass
    assert json.loads(db.doorward("status", "--json").stdout)["throttled"] == 1
    with open(db.conf, "a", encoding="utf-8") as f:
        f.write("signing_keys = nothing-there\nverifying_keys = nothing-there\n")
    done = db.doorward("status")
    assert done.returncode == 1
    assert "signing      BAD" in done.stdout and "verifying    BAD" in done.stdout


def test_status_says_how_long_running_programs_keep_what_was_good(db):
    db.doorward("revocations", "publish")
    keys = os.path.join(os.path.dirname(db.conf), "jwks.json")
    with open(keys, "w", encoding="utf-8") as f:
        f.write("{")
    with open(db.conf, encoding="utf-8") as f:
        good = f.read()
    with open(db.conf, "w", encoding="utf-8") as f:
        f.write(good + f"verifying_keys = {keys}\n")
    kept = time.strftime("running programs use the last good one until %Y-%m-%d %H:%M UTC, new "
                         "ones answer 503", time.gmtime(os.stat(keys).st_ctime + 600))
    done = db.doorward("status")
    assert done.returncode == 1
    assert re.search(r"^verifying +BAD .*jwks.json: JSON.*" + re.escape(kept), done.stdout, re.M)
    assert "settings" not in done.stdout
    os.chmod(keys, 0o666)  # nobody uses these
    assert re.search(r"^verifying +BAD .*; programs that need it answer 503$",
                     db.doorward("status").stdout, re.M)
    with open(db.conf, "w", encoding="utf-8") as f:
        f.write(good + "nonsense = 1\n")
    done = db.doorward("status")
    assert done.returncode == 1
    assert re.search(r"^settings +BAD .*unknown setting nonsense.*running programs use the last",
                     done.stdout, re.M)
    told = json.loads(db.doorward("status", "--json").stdout)
    assert not told["good"] and not told["settings"]["good"]
    os.remove(db.conf)
    assert db.doorward("status").returncode == 2
