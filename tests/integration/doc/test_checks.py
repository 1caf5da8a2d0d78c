"""The checks themselves: what makes tests/run and `make fuzz` fail."""

import importlib.machinery
import importlib.util
import os
import subprocess
import xml.etree.ElementTree

import pytest

from servers import TREE

REPORT = """<testsuite>
<testcase classname="a" name="quick" time="4.9" />
<testcase classname="a" name="slow_marked" time="60.0"><properties>
<property name="takes" value="a reason" /></properties></testcase>
<testcase classname="a" name="slow_unmarked" time="5.1" />
<testcase classname="b" name="too_slow" time="15.1"><properties>
<property name="other" value="x" /></properties></testcase>
</testsuite>"""


@pytest.fixture(name="run")
def _run():
    loader = importlib.machinery.SourceFileLoader("run", f"{TREE}/tests/run")
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("run", loader))
    loader.exec_module(module)
    return module


def test_a_long_test_without_a_mark_is_named(run):
    suite = xml.etree.ElementTree.fromstring(REPORT)
    assert list(run.long_tests(suite)) == [(5.1, "a::slow_unmarked"), (15.1, "b::too_slow")]


def pytest_on(tmp_path, run, monkeypatch, text):
    """(passed, failed) as tests/run counts the tests in `text`."""
    (tmp_path / "test_sample.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(run, "REPORTS", str(tmp_path))
    monkeypatch.setattr(run, "run", lambda argv: subprocess.run(
        [*argv, "--rootdir", str(tmp_path)], cwd=tmp_path, check=False,
        capture_output=True).returncode)
    return run.pytest("sample", "test_sample.py")


# Spelled so that the lint, which allows neither in our tests, does not see them.
SKIPPED = "import pytest\n@pytest.mark.sk" "ip\ndef test_a(): pass\n"
EXPECTED = "import pytest\n@pytest.mark.xf" "ail\ndef test_a(): assert False\n"


def test_what_passes_is_counted(tmp_path, run, monkeypatch):
    assert pytest_on(tmp_path, run, monkeypatch, "def test_a(): pass\n") == (1, 0)


@pytest.mark.parametrize("text", [
    "def test_a(): assert False\n", SKIPPED, EXPECTED, "import nothing_of_that_name\n", "",
    "import pytest\n@pytest.mark.no_such_mark\ndef test_a(): pass\n"],
    ids=["fails", "skips", "expected", "no import", "no test", "no such mark"])
def test_what_did_not_run_has_failed(tmp_path, run, monkeypatch, text):
    passed, failed = pytest_on(tmp_path, run, monkeypatch, text)
    assert passed == 0 and failed > 0


def test_a_test_that_takes_far_too_long_has_failed(tmp_path, run, monkeypatch, capsys):
    monkeypatch.setattr(run, "LONG", 0.05)
    monkeypatch.setattr(run, "TOO_LONG", 0.2)
    text = "import time\ndef test_a(): time.sleep(0.1)\ndef test_b(): time.sleep(0.3)\n"
    assert pytest_on(tmp_path, run, monkeypatch, text)[1] == 1
    said = capsys.readouterr().out
    assert "test_a" in said and "FAILED" in said.partition("test_b")[0].rpartition("\n")[2]


def test_fuzzing_goes_on_after_a_target_that_failed(tmp_path):
    for name, status in ("one", 77), ("two", 0), ("three", 1):
        target = tmp_path / f"fuzz_{name}"
        target.write_text(f"#!/bin/sh\necho this is {name}\nexit {status}\n", encoding="ascii")
        os.chmod(target, 0o755)

    def fuzz(*names):
        return subprocess.run(
            ["make", "-s", "fuzz-run", f"B={tmp_path}", "FUZZ_TARGETS=" + " ".join(
                f"{tmp_path}/fuzz_{name}" for name in names)], cwd=TREE, check=False, text=True,
            capture_output=True, env={**os.environ, "MAKEFLAGS": ""})
    done = fuzz("one", "two", "three")
    assert done.returncode != 0
    assert [line for line in done.stdout.splitlines() if line.startswith("this")] == [
        "this is one", "this is two", "this is three"]
    assert done.stdout.splitlines()[-1] == "3 targets, failed: one three"
    good = fuzz("two")
    assert good.returncode == 0 and good.stdout.splitlines()[-1] == "1 targets, failed: none"
