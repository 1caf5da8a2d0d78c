"""The manual pages say what the programs say, and mandoc finds nothing wrong with them."""

import glob
import json
import os
import re
import subprocess

import pytest

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
PAGES = sorted(glob.glob(f"{TREE}/doc/man/*.[1-8]"))


def test_settings_and_commands_are_those_of_the_program():
    done = subprocess.run([f"{TREE}/tools/manual", f"{TREE}/build/doorward", "--check"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=os.path.basename)
def test_mandoc_finds_nothing_wrong(page):
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_each_program_has_a_page():
    programs = [os.path.basename(p)[:-2] for p in glob.glob(f"{TREE}/cgi-bin/*.c")]
    pages = [os.path.basename(p) for p in PAGES]
    assert programs
    assert [p for p in programs if f"{p}.fcgi.8" not in pages] == []


def test_every_setting_is_used():
    """Outside of what reads and checks the settings. config_factor.c puts two together."""
    rows = json.loads(subprocess.run([f"{TREE}/build/doorward", "config", "list", "--json"],
                                     stdout=subprocess.PIPE, check=True).stdout)
    code = ""
    for path in glob.glob(f"{TREE}/[bcl]*/**/*.c", recursive=True):
        if not re.search(r"/(lib|bin)/config/config(?!_factor\.c)", path) and "/build/" not in path:
            with open(path, encoding="utf-8") as f:
                code += f.read()
    names = [row["name"].rsplit(".", 1)[-1] for row in rows]
    names = ["rules" if name == "rule" else name for name in names]
    assert [n for n in names if not re.search(rf'(->|\.){n}\b|"{n}"|\bSETTING\({n}\)', code)] == []
