"""Each mistake of the table is answered by its line."""

import json
import os
import shutil
import subprocess

import pytest

import table
from database import Database
from servers import TREE

BUILD = os.environ.get("DOORWARD_BUILD", f"{TREE}/build")
NOBODY = "setpriv --reuid=65534 --regid=65534 --clear-groups" if os.geteuid() == 0 else ""
SHELL = f"""
set_to() {{ without "$1"; name=$1; shift; echo "$name = $*" >>doorward.conf; }}
without() {{ grep -v "^$1 = " doorward.conf >new; mv new doorward.conf; }}
add() {{ echo "$*" >>doorward.conf; }}
as_nobody() {{ {NOBODY} "$@"; }}
"""
OFFLINE = table.SETTINGS + table.FILES + table.DATABASE + table.COMMANDS


@pytest.fixture(scope="module", name="good")
def _good(server, migrated, tmp_path_factory):
    """What login, account and the command need, with a user; nothing to complain of."""
    directory = str(tmp_path_factory.mktemp("good"))
    database = Database(server, "mistakes", directory, migrated)
    where = f"host={server.socket} dbname=mistakes"
    for name in "keys", "state":
        os.mkdir(f"{directory}/{name}", 0o700)
    with open(f"{directory}/secret", "w", encoding="utf-8", opener=lambda path, flags:
              os.open(path, flags, 0o600)) as f:
        f.write("s" * 48)
    database.settings(f"{where} user=doorward", f"database_login = {where} user=doorward_login",
                      f"database_account = {where} user=doorward_account",
                      f"database_mail = {where} user=doorward_mail",
                      "signing_keys = keys", "verifying_keys = jwks.json",
                      "session_secret = secret", "state_dir = state", "plain_http = on")
    for argv in ("key", "new"), ("revocations", "publish"), ("config", "check"):
        assert database.doorward(*argv).returncode == 0
    database.add_user("ann")
    yield database
    database.drop()


def make(good, directory, how):
    """Make the mistake in a copy of the site; what is said, and the exit status."""
    for name in os.listdir(good.directory):
        source = f"{good.directory}/{name}"
        (shutil.copytree if os.path.isdir(source) else shutil.copy2)(source, f"{directory}/{name}")
    places = {"{dir}": str(directory), "{socket}": good.server.socket, "{db}": good.name}
    with open(f"{directory}/jwks.json", encoding="utf-8") as f:
        kid = json.load(f)["keys"][0]["kid"]
    for word, place in places.items():
        how = how.replace(word, place)
    done = subprocess.run(["sh", "-c", SHELL + how], cwd=directory, capture_output=True, text=True,
                          check=False, stdin=subprocess.DEVNULL, timeout=30,
                          env={"PATH": f"{BUILD}:/usr/bin:/bin:/usr/sbin:/sbin",
                               "DOORWARD_CONFIG": f"{directory}/doorward.conf"})
    said = done.stdout + done.stderr
    for word, place in {**places, "{kid}": kid}.items():
        said = said.replace(place, word)
    return said.splitlines(), done.returncode


@pytest.mark.parametrize("what,how,line", OFFLINE, ids=[row[0] for row in OFFLINE])
def test_a_mistake_is_answered_by_a_line_that_helps(good, tmp_path, what, how, line):
    for parent in [tmp_path, *tmp_path.parents[:-2]]:
        parent.chmod(parent.stat().st_mode | 0o011)  # for the row of a user without rights
    said, status = make(good, tmp_path, how)
    assert line in said, "\n".join(said)
    assert status in (1, 2, 3), what


def test_the_table_has_no_row_twice_and_no_line_that_says_little():
    assert len(OFFLINE) + len(table.SERVER) >= 100
    assert len({row[0] for row in OFFLINE}) == len({row[1] for row in OFFLINE}) == len(OFFLINE)
    assert [row[2] for row in OFFLINE if len(row[2].split()) < 4] == []




@pytest.mark.takes("the web server is started anew for each mistake")
@pytest.mark.parametrize("server_name", ["apache", "lighttpd"])
def test_a_mistake_in_the_server_is_found_by_doctor(private_stack, server_name):
    stack = private_stack(server_name, "fastcgi")
    for what, server, file, right, wrong, line, fix in table.SERVER:
        if server != server_name:
            continue
        change(stack, file, right, wrong)
        said = stack.doorward("doctor", stack.public_url, check=False).stdout
        found = [tuple(pair) for pair in zip(said.splitlines(), said.splitlines()[1:])]
        assert (line, f"     -> {fix}") in found, f"{what}\n{said}"


def change(stack, name, old, new):
    """One line of the server's configuration, and the server started anew."""
    write = stack.web.write_configuration

    def write_changed():
        write()
        path = f"{stack.directory}/{stack.web.server}-conf/{name}"
        with open(path, encoding="utf-8") as f:
            text = f.read()
        assert old in text
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace(old, new))

    stack.stop_web()
    stack.web.write_configuration = write_changed
    stack.start_web()
    stack.web.write_configuration = write
