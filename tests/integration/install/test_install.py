"""make install: what goes where, and that it comes out again."""

import glob
import os
import re
import shutil
import subprocess

import pytest

from servers import TREE


AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] \
    if os.geteuid() == 0 else []


def make(*arguments):
    return subprocess.run(["make", "-s", "--no-print-directory", *arguments], cwd=TREE, check=True,
                          capture_output=True, text=True)


def tree(directory):
    return sorted(os.path.relpath(os.path.join(where, file), directory)
                  for where, _, files in os.walk(directory) for file in files)


def test_make_alone_builds_everything(tmp_path):
    planned = make("-n", f"B={tmp_path}").stdout
    for file in ("libauth.a", "doorward", "login.fcgi", "account.fcgi", "admin.fcgi", "oauth.fcgi",
                 "protected.fcgi", "authorizer.fcgi", "files.fcgi"):
        assert f"{tmp_path}/{file}" in planned, file


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


SYSTEM = ["cron.d/doorward", "logrotate.d/doorward", "apache2/conf-available/doorward-fcgid.conf"]


@pytest.fixture(scope="module", name="installed")
def _installed(tmp_path_factory):
    """As a Debian package would install it: DESTDIR and PREFIX=/usr."""
    directory = str(tmp_path_factory.mktemp("installed"))
    make("install", f"DESTDIR={directory}", "PREFIX=/usr")
    return directory


def test_everything_has_its_place(installed):
    for file in ("bin/doorward", "libexec/doorward/login.fcgi", "libexec/doorward/protected.fcgi",
                 "share/doc/doorward/apache-conf/doorward.conf", "share/doc/doorward/README.md",
                 "share/doc/doorward/lighttpd-conf/doorward.conf",
                 "share/doc/doorward/doc/how-to/apache.md",
                 "share/doorward/share/common/layout.html", "share/doorward/share/phrases/en.txt",
                 "share/doorward/sql/001_base.sql", "share/doorward/sql/functions/users.sql",
                 "share/doorward/doorward.conf.sample",
                 "lib/systemd/system/doorward@.service", "lib/systemd/system/doorward@.socket",
                 "lib/systemd/system/doorward-mail.service",
                 "lib/systemd/system/doorward-mail.timer", "share/doorward/share/mail/reset.txt",
                 "lib/sysusers.d/doorward.conf", "lib/tmpfiles.d/doorward.conf",
                 "share/man/man1/doorward.1", "share/man/man5/doorward.conf.5",
                 "share/man/man8/login.fcgi.8"):
        assert os.path.isfile(f"{installed}/usr/{file}"), file
    for file in SYSTEM:
        assert os.path.isfile(f"{installed}/etc/{file}"), file
    assert os.access(f"{installed}/usr/share/doc/doorward/apache-conf/warm", os.X_OK)
    done = subprocess.run([f"{installed}/usr/bin/doorward", "help"], check=True,
                          capture_output=True, text=True)
    assert "usage: doorward" in done.stdout


def test_every_text_names_the_prefix_that_it_was_installed_with(installed):
    search_path = "PATH=/usr/local/bin:/usr/bin:"  # of what the command starts
    wrong = [file for file in tree(installed)
             if "/usr/local" in read(f"{installed}/{file}").replace(search_path, "")]
    assert wrong == []
    assert "/usr/libexec/doorward/login.fcgi" in read(
        f"{installed}/usr/share/doc/doorward/apache-conf/urls.conf")
    assert "ExecStart=/usr/bin/multiwatch -f 8 -- /usr/libexec/doorward/%i.fcgi" in read(
        f"{installed}/usr/lib/systemd/system/doorward@.service")
    assert "cp -r /usr/share/doc/doorward/apache-conf" in read(
        f"{installed}/usr/share/doc/doorward/doc/how-to/apache.md")


def test_every_text_names_the_settings_directory_that_it_was_installed_with(tmp_path):
    make("install", f"DESTDIR={tmp_path}", "PREFIX=/opt/doorward", "SYSCONFDIR=/opt/etc",
         f"B={TREE}/build")
    cron = read(f"{tmp_path}/opt/etc/cron.d/doorward")
    assert "PATH=/opt/doorward/bin:" in cron and "test ! -r /opt/etc/doorward/" in cron
    texts = [f for f in tree(tmp_path) if "/libexec/" not in f and "/bin/" not in f]
    assert [f for f in texts if "/etc/doorward" in
            read(f"{tmp_path}/{f}").replace("/opt/etc/doorward", "")] == []


def test_the_programs_know_the_places_that_they_were_installed_with(tmp_path):
    """Also where they had been built for others before: only that is linked anew."""
    make("install", f"DESTDIR={tmp_path}", "PREFIX=/opt/doorward", "SYSCONFDIR=/opt/etc")
    command = f"{tmp_path}/opt/doorward/bin/doorward"
    without = {k: v for k, v in os.environ.items() if k != "DOORWARD_CONFIG"}
    for words, expected in (("help", "/opt/etc/doorward/doorward.conf.\n"),
                            ("config list", "/opt/doorward/bin/doorward")):
        shown = subprocess.run([command, *words.split()], check=True, capture_output=True,
                               text=True, env=without).stdout
        assert expected in shown, words
    for program in glob.glob(f"{tmp_path}/opt/doorward/libexec/doorward/*.fcgi"):
        assert "/opt/etc/doorward/doorward.conf" in read(program), program


def test_the_programs_are_installed_without_symbols_unless_they_are_wanted(installed, tmp_path):
    def symbols(directory):
        return subprocess.run(["nm", f"{directory}/usr/libexec/doorward/protected.fcgi"],
                              capture_output=True, text=True, check=True).stdout

    assert symbols(installed) == ""
    make("install", f"DESTDIR={tmp_path}", "PREFIX=/usr", "STRIP=")
    assert " main\n" in symbols(tmp_path)


def test_the_sample_is_what_the_program_prints(installed):
    sample = read(f"{installed}/usr/share/doorward/doorward.conf.sample")
    printed = subprocess.run([f"{installed}/usr/bin/doorward", "config", "sample"], check=True,
                             capture_output=True, text=True).stdout
    assert sample == printed


def test_systemd_takes_units_users_and_directories(installed):
    """systemd-analyze wants the program of ExecStart to be there."""
    for kind, file in ("sysusers", "lib/sysusers.d"), ("tmpfiles", "lib/tmpfiles.d"):
        options = ["--dry-run"] if kind == "sysusers" else ["--create"]
        done = subprocess.run([f"systemd-{kind}", *options, f"--root={installed}",
                               f"{installed}/usr/{file}/doorward.conf"], check=False,
                              capture_output=True, text=True)
        unknown = [line for line in done.stderr.splitlines()
                   if re.search(r"Unknown|Invalid|invalid|syntax|pars", line)]
        assert unknown == [], done.stderr


def test_systemd_takes_the_timer_that_sends_mails(installed, tmp_path):
    """Its words are what the command knows; the program is there."""
    for unit in "doorward-mail.service", "doorward-mail.timer":
        text = read(f"{installed}/usr/lib/systemd/system/{unit}")
        (tmp_path / unit).write_text(text.replace("/usr/bin", f"{installed}/usr/bin"))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", f"{tmp_path}/doorward-mail.timer",
                           f"{tmp_path}/doorward-mail.service"], check=False, capture_output=True,
                          text=True)
    said = [line for line in done.stderr.splitlines() if "doorward-mail" in line]
    assert said == [], done.stderr
    command = re.search(r"^ExecStart=(.*)$", (tmp_path / "doorward-mail.service").read_text(), re.M)
    done = subprocess.run(command[1].split(), capture_output=True, text=True, check=False,
                          env={"DOORWARD_CONFIG": "/nonexistent"})
    assert done.returncode == 2 and "/nonexistent" in done.stderr


def test_the_line_of_cron_that_sends_mails_is_a_remark_until_somebody_wants_it(installed):
    [line] = [line for line in read(f"{installed}/etc/cron.d/doorward").splitlines()
              if "mail send" in line]
    assert re.fullmatch(r"#(\* ){4}\* +doorward-mail +doorward mail send", line)


def test_cron_calls_what_the_command_knows_and_nothing_before_there_are_settings(installed):
    lines = [line.split(None, 6)[5:] for line in
             read(f"{installed}/etc/cron.d/doorward").splitlines() if re.match(r"\d", line)]
    assert len(lines) == 3
    for user, command in lines:
        assert user == "doorward"
        done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False,
                              env={"PATH": f"{installed}/usr/bin:/usr/bin:/bin"})
        known = re.findall(r"doorward ([a-z]+) ?([a-z]*)", command.split("||", 1)[1])
        assert known and (done.returncode, done.stdout + done.stderr) == (0, "")
        for name, action in known:
            help_text = subprocess.run([f"{installed}/usr/bin/doorward", "help", name],
                                       check=True, capture_output=True, text=True).stdout
            assert f"doorward {name} {action}".strip() in help_text


@pytest.mark.slow("installs twice, and uninstalls")
def test_what_an_operator_changed_below_etc_survives_install_and_uninstall(tmp_path):
    options = [f"DESTDIR={tmp_path}", "PREFIX=/usr"]
    make("install", *options)
    cron = tmp_path / "etc/cron.d/doorward"
    cron.write_text("# mine\n", encoding="utf-8")
    said = make("install", *options).stdout
    assert f"{cron} stays as it is" in said and "logrotate" not in said
    assert cron.read_text(encoding="utf-8") == "# mine\n"
    make("uninstall", *options)
    assert tree(tmp_path) == ["etc/cron.d/doorward"]


def test_uninstall_leaves_nothing(tmp_path):
    options = [f"DESTDIR={tmp_path}", "PREFIX=/opt/doorward"]
    make("install", *options)
    assert len(tree(tmp_path)) > 80
    make("uninstall", *options)
    assert tree(tmp_path) == []


def test_a_user_without_root_installs_into_the_own_home(tmp_path):
    """And is told that /etc was left alone."""
    done = subprocess.run(AS_NOBODY + ["tools/layout", "install", f"{tmp_path}/p", "/etc", "",
                                       "README.md"], cwd=TREE, check=False, capture_output=True,
                          text=True)
    if AS_NOBODY:  # cannot write here, and must not get as far as /etc
        assert done.returncode != 0
        tmp_path.chmod(0o777)
        for parent in tmp_path.parents[:-2]:
            parent.chmod(parent.stat().st_mode | 0o011)
        done = subprocess.run(done.args, cwd=TREE, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "nothing is put into /etc" in done.stdout
    assert not os.path.exists("/etc/cron.d/doorward")
    assert os.path.isfile(f"{tmp_path}/p/share/doorward/sql/001_base.sql")


def test_deps_has_nothing_to_do_where_everything_is_there():
    """Not one line, no sudo, no apt: `make run` is quick the second time."""
    done = subprocess.run([f"{TREE}/tools/deps", "build", "run", "test"], check=True,
                          capture_output=True, text=True, timeout=20)
    assert done.stdout + done.stderr == ""


def wanted(group, tmp_path):
    """The packages that a bare machine is told to install, where nobody is root."""
    tools = tmp_path / "tools"
    if not tools.exists():
        tools.mkdir()
        for name in ("sh", "sort", "grep", "cat"):
            (tools / name).symlink_to(shutil.which(name))
        for name, does in ("id", "echo 1000"), ("dpkg-query", "exit 1"), ("apt-get", "exit 1"):
            (tools / name).write_text(f"#!/bin/sh\n{does}\n")
            (tools / name).chmod(0o755)
    done = subprocess.run([f"{TREE}/tools/deps", group], check=False, capture_output=True,
                          text=True, env={"PATH": str(tools)})
    assert done.returncode == 1 and "install these packages as root" in done.stderr
    return set(done.stderr.split("--no-install-recommends")[1].split())


def test_only_the_chosen_server_is_installed(tmp_path):
    apache, lighttpd = wanted("run-apache", tmp_path), wanted("run-lighttpd", tmp_path)
    assert {"apache2-bin", "libapache2-mod-fcgid", "postgresql"} <= apache
    assert {"lighttpd", "postgresql"} <= lighttpd
    assert "lighttpd" not in apache and "apache2-bin" not in lighttpd
    assert wanted("run", tmp_path) == apache | lighttpd
    planned = subprocess.run(["make", "-n", "run", "SERVER=lighttpd"], cwd=TREE, check=True,
                             capture_output=True, text=True).stdout
    assert "tools/deps build run-lighttpd\n" in planned


def test_a_server_that_is_not_there_is_refused_before_anything_is_installed():
    done = subprocess.run(["make", "run", "SERVER=nginx"], cwd=TREE, check=False,
                          capture_output=True, text=True)
    assert done.returncode == 2
    assert "doorward: SERVER=nginx: apache and lighttpd are there" in done.stderr
    assert "apt-get" not in done.stdout + done.stderr


def test_deps_refuses_a_group_that_it_does_not_know():
    done = subprocess.run([f"{TREE}/tools/deps", "everything"], check=False,
                          capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("tools/deps: there is no group everything\nusage")


def test_help_names_every_target_that_people_type():
    screen = make("help").stdout
    for target in ("run", "start", "stop", "test", "lint", "unit", "asan", "integration", "browser",
                   "install", "uninstall", "format", "clean"):
        assert target in screen, target
