"""The lines of doc/how-to/second-factors.md, typed on a site, do what the page says."""

import os
import re
import subprocess
import time

import pytest

from client import json_login
from second import Factors, begin_json
from servers import TREE

PASSWORD = "seven quiet herons wading"


def lines_under(heading):
    """What the shell blocks of a section have to be typed."""
    with open(f"{TREE}/doc/how-to/second-factors.md", encoding="utf-8") as f:
        section = f.read().split(f"## {heading}\n")[1].split("\n## ")[0]
    return [line for block in re.findall(r"^```sh\n(.*?)^```$", section, re.M | re.S)
            for line in block.splitlines()]


@pytest.fixture(name="ann")
def _ann(apache):
    return Factors(apache, f"guide-{time.monotonic_ns()}", PASSWORD)


def test_the_key_of_one_time_codes_is_one_that_the_site_takes(apache, tmp_path):
    """The lines as they are, but for the owner, whom this system may not have."""
    typed = [re.sub(r" -o doorward -g doorward-login", "", line).replace("/etc/doorward",
                                                                         str(tmp_path))
             for line in lines_under("Switch them on") if not line.startswith("chown ")]
    assert len(typed) == 3
    subprocess.run(["sh", "-eu"], input="\n".join(typed), text=True, check=True)
    key = tmp_path / "factor-keys" / "2026-01"
    assert key.stat().st_size == 48 and key.stat().st_mode & 0o777 == 0o640
    with open(apache.conf, encoding="utf-8") as f:
        settings = re.sub(r"(?m)^factor_keys = .*$", f"factor_keys = {key.parent}", f.read())
    assert str(key.parent) in settings
    conf = os.path.join(os.path.dirname(apache.conf), "guide.conf")
    with open(conf, "w", encoding="utf-8") as f:
        f.write(settings)
    checked = apache.doorward("--config", conf, "config", "check", check=False)
    assert "factor" not in checked.stderr, checked.stderr
    key.chmod(0o644)
    checked = apache.doorward("--config", conf, "config", "check", check=False)
    assert checked.returncode == 1 and "2026-01" in checked.stdout + checked.stderr


def test_an_operator_helps_somebody_who_has_lost_the_phone(apache, ann):
    assert begin_json(apache, ann.name, PASSWORD)["methods"] == ["totp", "recovery"]
    said = []
    for line in lines_under("Somebody has lost their phone"):
        words = line.split(" doorward doorward ")[1].replace(" ann", f" {ann.name}").split()
        said.append(apache.doorward(*words))
    assert len(said) == 2 and "totp" in said[0] and "10" in said[0], said
    assert json_login(apache, ann.name, PASSWORD).status_code == 200
    assert apache.doorward("audit", "--user", ann.name).count("factor_reset") == 1


def test_the_audit_has_the_rows_that_the_page_names(apache, ann):
    """Every name of its list is one of the audit."""
    with open(f"{TREE}/doc/how-to/second-factors.md", encoding="utf-8") as f:
        section = f.read().split("## Who did what\n")[1]
    names = set(re.findall(r"`([a-z]+_[a-z_]+)`", section))
    sql = ""
    for name in os.listdir(f"{TREE}/sql/functions"):
        with open(f"{TREE}/sql/functions/{name}", encoding="utf-8") as f:
            sql += f.read()
    assert len(names) > 8 and {name for name in names if f"'{name}'" not in sql} == set()
