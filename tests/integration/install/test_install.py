"""make install: what goes where, and that it comes out again."""

import os
import subprocess

from servers import TREE


def make(*arguments):
    return subprocess.run(["make", "-s", "--no-print-directory", *arguments], cwd=TREE, check=True,
                          capture_output=True, text=True)


def tree(directory):
    return sorted(os.path.relpath(os.path.join(where, file), directory)
                  for where, _, files in os.walk(directory) for file in files)


def test_make_alone_builds_everything(tmp_path):
    planned = make("-n", f"B={tmp_path}").stdout
    for file in ("libauth.a", "doorward", "login.fcgi", "account.fcgi", "protected.fcgi",
                 "authorizer.fcgi", "files.fcgi"):
        assert f"{tmp_path}/{file}" in planned, file


def test_installs_and_uninstalls(tmp_path):
    options = [f"DESTDIR={tmp_path}", "PREFIX=/opt/doorward"]
    make("install", *options)
    files = tree(tmp_path)
    for file in ("bin/doorward", "libexec/doorward/login.fcgi", "libexec/doorward/protected.fcgi",
                 "share/doc/doorward/apache-conf/doorward.conf",
                 "share/doc/doorward/lighttpd-conf/doorward.conf",
                 "share/doc/doorward/share/common/layout.html",
                 "share/doc/doorward/share/phrases/en.txt",
                 "share/man/man5/doorward.conf.5"):
        assert f"opt/doorward/{file}" in files, files
    with open(f"{tmp_path}/opt/doorward/share/doc/doorward/apache-conf/urls.conf",
              encoding="utf-8") as f:
        text = f.read()
    assert "/opt/doorward/libexec/doorward/login.fcgi" in text
    assert "/usr/local" not in text
    assert os.access(f"{tmp_path}/opt/doorward/share/doc/doorward/apache-conf/warm", os.X_OK)
    version = subprocess.run([f"{tmp_path}/opt/doorward/bin/doorward", "help"], check=True,
                             capture_output=True, text=True).stdout
    assert "usage: doorward" in version
    make("uninstall", *options)
    assert tree(tmp_path) == []


def test_deps_has_nothing_to_do_where_everything_is_there():
    """Not one line, no sudo, no apt: `make run` is quick the second time."""
    done = subprocess.run([f"{TREE}/tools/deps", "build", "run", "test"], check=True,
                          capture_output=True, text=True, timeout=20)
    assert done.stdout + done.stderr == ""


def test_deps_refuses_a_group_that_it_does_not_know():
    done = subprocess.run([f"{TREE}/tools/deps", "everything"], check=False,
                          capture_output=True, text=True)
    assert done.returncode == 2
    assert "usage" in done.stderr


def test_help_names_every_target_that_people_type():
    screen = make("help").stdout
    for target in ("run", "start", "stop", "test", "lint", "unit", "asan", "integration", "browser",
                   "install", "uninstall", "format", "clean"):
        assert target in screen, target
