"""Two builds of the same sources are the same bytes, wherever they are made."""

import hashlib
import os
import shutil
import subprocess

import pytest

from servers import TREE

SOURCES = ["Makefile", "bin", "cgi-bin", "lib", "share", "sql", "tools"]


def build(directory):
    """Build in a copy of the sources; the SHA-256 of each program."""
    directory.mkdir()
    for name in SOURCES:
        copy = shutil.copytree if os.path.isdir(f"{TREE}/{name}") else shutil.copy
        copy(f"{TREE}/{name}", directory / name)
    done = subprocess.run(["make", "-s", "-j2", "all"], cwd=directory, capture_output=True, text=True,
                          check=False, env={**os.environ, "MAKEFLAGS": ""})
    assert done.returncode == 0, done.stderr
    made = [*(directory / "build").glob("*.fcgi"), directory / "build/doorward"]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in made}


@pytest.mark.slow("builds everything twice")
def test_a_build_is_the_same_in_another_directory(tmp_path):
    one, other = build(tmp_path / "one"), build(tmp_path / "another-of-a-longer-name")
    assert len(one) > 5 and one == other
