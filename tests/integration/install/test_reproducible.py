"""The same source gives the same programs, wherever it lies."""

import glob
import hashlib
import os
import shutil
import subprocess

import pytest

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))


def build(directory):
    """Each program's hash, built from a copy of the source in `directory`."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "lib", "bin",
                             "cgi-bin", "share", "sql", "tools", "Makefile"], cwd=TREE,
                            check=True, capture_output=True, text=True).stdout.split("\n")
    for file in filter(None, listed):
        if os.path.exists(f"{TREE}/{file}"):
            os.makedirs(os.path.dirname(f"{directory}/{file}"), exist_ok=True)
            shutil.copy(f"{TREE}/{file}", f"{directory}/{file}")
    made = subprocess.run(["make", "-s", "-j2", "all"], cwd=directory, check=False,
                          capture_output=True, text=True,
                          env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})
    assert made.returncode == 0, made.stdout + made.stderr
    hashes = {}
    for path in glob.glob(f"{directory}/build/*.fcgi") + [
            f"{directory}/build/doorward", f"{directory}/build/library/lib/libdoorward.a"]:
        with open(path, "rb") as f:
            content = f.read()
        assert str(directory).encode() not in content, path
        hashes[os.path.basename(path)] = hashlib.sha256(content).hexdigest()
    return hashes


@pytest.mark.slow("builds everything twice")
def test_builds_in_two_directories_are_the_same(tmp_path):
    one, two = build(tmp_path / "a"), build(tmp_path / "another" / "directory")
    assert len(one) >= 6
    assert one == two
