"""doorward pages: the built-in files, to start from; doorward config sample: settings likewise."""

import filecmp
import glob
import json
import os
import re
import subprocess

import pytest

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
DOORWARD = os.environ.get("DOORWARD_BUILD", f"{TREE}/build") + "/doorward"
SHARE = sorted(os.path.relpath(path, f"{TREE}/share") for path in glob.glob(f"{TREE}/share/*/*"))


def doorward(*argv, **options):
    return subprocess.run([DOORWARD, *argv], capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, **options)


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def test_list_names_every_file_of_share():
    done = doorward("pages", "list")
    assert done.returncode == 0
    assert sorted(done.stdout.split()) == SHARE and "login/login.html" in SHARE


@pytest.mark.parametrize("end", ["", "/"])
def test_export_writes_every_file_as_it_is_and_prints_its_path(tmp_path, end):
    done = doorward("pages", "export", f"{tmp_path}/mine{end}")
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(done.stdout.split()) == [f"{tmp_path}/mine/{file}" for file in SHARE]
    for file in SHARE:
        assert filecmp.cmp(f"{TREE}/share/{file}", f"{tmp_path}/mine/{file}", shallow=False)
        assert os.stat(f"{tmp_path}/mine/{file}").st_mode & 0o777 == 0o644


def test_what_was_exported_is_good_as_share_dir(tmp_path):
    assert doorward("pages", "export", f"{tmp_path}/mine").returncode == 0
    write(f"{tmp_path}/a.conf", "public_url = https://a.example\nshare_dir = mine\n")
    done = doorward("config", "check", "--config", f"{tmp_path}/a.conf")
    assert "pages" not in done.stdout and "share_dir" not in done.stdout


def test_a_second_export_changes_nothing_and_is_no_error(tmp_path):
    doorward("pages", "export", tmp_path)
    before = os.stat(f"{tmp_path}/login/login.html").st_mtime_ns
    done = doorward("pages", "export", tmp_path)
    assert (done.returncode, len(done.stdout.split())) == (0, len(SHARE))
    assert os.stat(f"{tmp_path}/login/login.html").st_mtime_ns == before


def test_export_refuses_to_write_over_a_file_that_is_another(tmp_path):
    os.mkdir(f"{tmp_path}/login")
    write(f"{tmp_path}/login/login.html", "mine")
    done = doorward("pages", "export", tmp_path)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr == (f"doorward: {tmp_path}/login/login.html is there already, and is "
                           "another file\ndoorward: nothing was written; --force replaces it\n")
    assert os.listdir(tmp_path) == ["login"]
    done = doorward("pages", "export", tmp_path, "--force")
    assert done.returncode == 0
    assert filecmp.cmp(f"{TREE}/share/login/login.html", f"{tmp_path}/login/login.html",
                       shallow=False)


def test_a_link_at_the_place_of_a_file_is_not_written_through(tmp_path):
    os.makedirs(f"{tmp_path}/d/login")
    write(f"{tmp_path}/other", "mine")
    os.symlink(f"{tmp_path}/other", f"{tmp_path}/d/login/login.html")
    assert doorward("pages", "export", f"{tmp_path}/d").returncode == 1
    assert doorward("pages", "export", f"{tmp_path}/d", "--force").returncode == 0
    with open(f"{tmp_path}/other", encoding="utf-8") as f:
        assert f.read() == "mine"
    assert not os.path.islink(f"{tmp_path}/d/login/login.html")


def test_export_says_which_directory_it_cannot_make(tmp_path):
    done = doorward("pages", "export", f"{tmp_path}/a/b")
    assert done.returncode == 2
    assert done.stderr == (f"doorward: cannot make the directory {tmp_path}/a/b/: "
                           "No such file or directory\n")
    write(f"{tmp_path}/login", "a file where a folder is wanted")
    done = doorward("pages", "export", tmp_path)
    assert done.returncode == 2 and f"{tmp_path}/login" in done.stderr


@pytest.mark.parametrize("argv", [["export"], ["export", ""], ["export", "a", "b"], ["list", "a"],
                                  []])
def test_pages_called_wrongly_shows_how(argv):
    done = doorward("pages", *argv)
    assert done.returncode == 2
    usage = "list" if argv[:1] == ["list"] else "export DIR [--force]"
    assert f"usage: doorward pages {usage}\n" in done.stderr


# ---- the sample of the settings ----


@pytest.fixture(scope="module", name="sample")
def _sample():
    done = doorward("config", "sample")
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def listed():
    return json.loads(doorward("config", "list", "--json").stdout)


def test_the_sample_has_every_setting_once_and_as_a_comment(sample):
    assert [line for line in sample.splitlines() if line and not line.startswith("#")] == []
    names = re.findall(r"^#([a-zA-Z_.]+) = .", sample, re.M)
    assert sorted(names) == sorted(row["name"] for row in listed()) and len(names) > 50
    assert "…" not in sample


def test_the_sample_begins_with_what_every_site_sets(sample):
    names = re.findall(r"^#([a-zA-Z_.]+) = .", sample, re.M)
    assert names[:8] == ["public_url", "signing_keys", "verifying_keys", "session_secret",
                         "database", "state_dir", "revocation_file", "rule"]


def test_the_sample_says_of_each_setting_what_it_is(sample):
    flat = " ".join(re.sub(r"^# ?", "", line) for line in sample.splitlines())
    for row in listed():
        assert row["meaning"] in flat, row["name"]
    assert max(map(len, sample.splitlines())) <= 99


def test_a_sample_without_its_comment_signs_is_read(sample, tmp_path):
    """Each example has the form that its setting wants, and each default is the default."""
    lines = re.findall(r"^#([a-z_.A-Z]+ = .*)", sample, re.M)
    write(f"{tmp_path}/a.conf", "\n".join(line.replace(".NAME.", ".other.") for line in lines))
    shown = doorward("config", "show", "--json", "--config", f"{tmp_path}/a.conf")
    assert shown.returncode == 0, shown.stderr
    write(f"{tmp_path}/b.conf", "public_url = https://example.org\n")
    plain = json.loads(doorward("config", "show", "--json", "--config",
                                f"{tmp_path}/b.conf").stdout)
    for row in listed():
        if row["default"].startswith("default ") and "NAME" not in row["name"]:
            assert json.loads(shown.stdout)[row["name"]] == plain[row["name"]], row["name"]


def test_the_sample_as_it_is_lacks_only_what_must_be_set(sample, tmp_path):
    write(f"{tmp_path}/a.conf", sample)
    done = doorward("config", "check", "--config", f"{tmp_path}/a.conf")
    assert done.returncode == 1
    assert done.stdout == (f"{tmp_path}/a.conf: public_url is missing; add a line: "
                           "public_url = https://example.org\n")
