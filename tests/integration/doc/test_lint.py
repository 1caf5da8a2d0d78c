"""What `make lint` says of a program, a room or a circle that somebody adds."""

import importlib
import os
import shutil
import sys

import pytest

from servers import TREE

PROGRAM = """int main(void) { return &power_database == 0 || &power_session == 0; }\n"""


@pytest.fixture(name="lint")
def _lint(tmp_path, monkeypatch):
    """(module of tests/lint by name, files of a copied tree, which is the current directory)"""
    for name in ("apache-conf", "lighttpd-conf", "systemd", "cgi-bin", "bin", "lib", "sql", "doc",
                 "tests/lint", "tools/stack"):
        shutil.copytree(f"{TREE}/{name}", tmp_path / name,
                        ignore=shutil.ignore_patterns("*.png", "*.svg", "__pycache__"))
    shutil.copy(f"{TREE}/Makefile", tmp_path)
    monkeypatch.syspath_prepend(f"{TREE}/tests/lint")
    monkeypatch.chdir(tmp_path)
    yield importlib.import_module
    for name in ("program_entries", "rooms", "units", "sources"):
        sys.modules.pop(name, None)


def files():
    """Every file below the current directory, as git would list it."""
    return sorted(os.path.relpath(os.path.join(folder, name))
                  for folder, _, names in os.walk(".") for name in names)


def write(path, text):
    """A new file of the copied tree."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def test_the_programs_that_there_are_lack_nothing(lint):
    count, problems = lint("program_entries").programs(files())
    assert problems == [] and count > 50


def test_a_new_program_is_told_what_it_lacks_and_where(lint):
    write("cgi-bin/greeter.c", PROGRAM)
    problems = lint("program_entries").programs(files())[1]
    assert all(p.startswith("greeter.fcgi: ") for p in problems)
    assert {p.split()[1] for p in problems} == {
        "apache-conf/urls.conf", "apache-conf/htaccess.example", "apache-conf/fcgid.conf",
        "apache-conf/doorward-proxy.conf", "lighttpd-conf/doorward.conf",
        "lighttpd-conf/doorward-cgi.conf", "systemd/sysusers.conf", "Makefile",
        "doc/man/greeter.fcgi.8", "doc/why/architecture.md", "doc/how-to/database.md", "sql/",
        "lib/config/config_table.c", "lib/config/roles/db_roles.c", "bin/help_texts_operator.c",
        "tools/stack/postgres.py"}


def test_a_new_program_without_a_database_has_its_symbols_looked_at(lint):
    write("cgi-bin/greeter.c", "int main(void) { return 0; }\n")
    problems = lint("program_entries").programs(files())[1]
    assert ("greeter.fcgi: tests/lint/binaries.py lacks its place among those that only verify"
            in problems)
    assert not [p for p in problems if "database" in p or "role" in p]


def test_more_processes_than_connections_are_refused(lint):
    with open("apache-conf/fcgid.conf", "r+", encoding="utf-8") as f:
        text = f.read().replace('account.fcgi" MaxProcesses 12', 'account.fcgi" MaxProcesses 90')
        f.seek(0)
        f.write(text)
    assert lint("program_entries").budget(files())[1] == [
        "apache-conf/fcgid.conf: 130 processes may hold a connection, "
        "PostgreSQL admits 97"]


def test_a_new_room_is_refused(lint):
    write("lib/greeter/greeter.c", '#include "base/str.h"\n')
    assert lint("rooms").rooms(files())[1] == [
        "lib/greeter/greeter.c: the room greeter is not in the table"]


def test_a_new_arrow_is_refused(lint):
    write("lib/rules/rules_sql.c", '#include "db/db.h"\n')
    assert lint("rooms").rooms(files())[1] == [
        "lib/rules/rules_sql.c:1: rules may not include db/db.h"]


def test_an_arrow_that_is_gone_is_named(lint, monkeypatch):
    rooms = lint("rooms")
    monkeypatch.setitem(rooms.ROOMS, "rules", rooms.ROOMS["rules"] + " db")
    assert rooms.rooms(files())[1] == ["rules does not include db any more"]


def test_a_circle_of_rooms_is_refused(lint, monkeypatch):
    rooms = lint("rooms")
    monkeypatch.setitem(rooms.ROOMS, "base", "rules")
    assert rooms.layers(files())[1][0].startswith("a circle among ")


def test_the_rooms_of_two_programs_stay_apart(lint, monkeypatch):
    rooms = lint("rooms")
    assert rooms.programs_apart(files())[1] == []
    monkeypatch.setitem(rooms.ROOMS, "account", "base login")
    assert rooms.programs_apart(files())[1] == [
        "account may not include login: it is a program's"]


def test_a_circle_of_units_is_refused(lint, monkeypatch):
    units = lint("units")
    called = {"lib/a.c": {"lib/b.c"}, "lib/b.c": {"lib/c.c"}, "lib/c.c": {"lib/a.c"},
              "lib/d.c": {"lib/a.c"}}
    monkeypatch.setattr(units, "units_called", lambda sources: called)
    assert units.circles(files()) == (4, ["a circle: lib/a.c lib/b.c lib/c.c"])


def test_a_room_that_grew_too_large_is_refused(lint):
    write("lib/greeter/greeter.c", "\n" * 2501)
    assert lint("units").room_size(files())[1] == ["greeter: 2501 lines, over 2500"]
