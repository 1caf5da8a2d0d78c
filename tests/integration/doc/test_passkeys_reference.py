"""doc/reference/passkeys.md: it has each step of the two sections, and names tests that exist."""

import re
import subprocess

import pytest
from servers import TREE

with open(f"{TREE}/doc/reference/passkeys.md", encoding="utf-8") as f:
    PAGE = f.read()


@pytest.mark.parametrize("section, last", [("7.1", 29), ("7.2", 25)])
def test_each_step_of_the_specification_is_listed_once(section, last):
    """In their order."""
    text = PAGE.split(f"## Section {section}:")[1].split("\n## ")[0]
    steps = [int(n) for row in re.findall(r"^\| ([\d, ]+) \|", text, re.M) for n in row.split(",")]
    assert steps == list(range(1, last + 1))


def test_each_test_that_is_named_exists():
    """As a function of the tests."""
    named = set(re.findall(r"`([a-z0-9]+(?:_[a-z0-9]+){3,})`", PAGE))
    assert len(named) > 20
    sources = subprocess.run(["git", "grep", "-hoE", r"^(def test_)?\w+\(", "--", "tests"], cwd=TREE,
                             check=True, capture_output=True, text=True).stdout
    there = {line.rstrip("(").removeprefix("def test_") for line in sources.splitlines()}
    assert named <= there, named - there
