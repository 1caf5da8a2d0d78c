"""The package for web space, of this version and of a next one, made quickly: its programs need
the libraries of this machine, which does not matter to what is set up and upgraded."""

import os
import shutil
import subprocess
import tarfile

from stack.stack import TREE

NEXT = 999  # the migration that the next version has more
NEXT_TABLE = "create table doorward.of_the_next_version (one integer);\n"
NEXT_FUNCTION = """
create function doorward.of_the_next_version() returns integer language sql volatile
as 'select one from doorward.of_the_next_version';
"""


def pack(tree, directory, name):
    """The package of what is built in `tree`, packed and unpacked; its directory."""
    subprocess.run([f"{tree}/tools/portable/pack", f"{tree}/build", f"{directory}/{name}"],
                   cwd=tree, check=True, capture_output=True)
    with tarfile.open(f"{directory}/{name}.tar.gz") as archive:
        archive.extractall(directory)
    return f"{directory}/{name}"


def next_version(directory):
    """A copy of this source with one table more and one function that differs, built."""
    tree = f"{directory}/next"
    os.makedirs(f"{tree}/build")
    for name in os.listdir(TREE):
        if os.path.isdir(f"{TREE}/{name}") and name not in ("build", ".git", "tests", "var"):
            shutil.copytree(f"{TREE}/{name}", f"{tree}/{name}", symlinks=True)
    for name in os.listdir(TREE):
        if os.path.isfile(f"{TREE}/{name}"):
            shutil.copy2(f"{TREE}/{name}", f"{tree}/{name}")
    shutil.copytree(f"{TREE}/build/obj", f"{tree}/build/obj", symlinks=True)
    shutil.copy2(f"{TREE}/build/libauth.a", f"{tree}/build/libauth.a")
    with open(f"{tree}/sql/{NEXT}_next.sql", "w", encoding="utf-8") as f:
        f.write(NEXT_TABLE)
    with open(f"{tree}/sql/functions/upkeep.sql", "a", encoding="utf-8") as f:
        f.write(NEXT_FUNCTION)
    made = subprocess.run(["make", "-s", "-j2", "all"], cwd=tree, capture_output=True, text=True,
                          check=False, env={**os.environ, "MAKEFLAGS": ""})
    assert made.returncode == 0, made.stdout + made.stderr
    return tree
