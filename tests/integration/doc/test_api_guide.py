"""The blocks of doc/reference/api.md, run in order, are answered as the page says."""

import json
import os
import re
import subprocess

from second import Factors
from servers import USERS

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))


def shape(line):
    """What of an answer must be as on the page: names and fixed values."""
    try:
        answer = json.loads(line)
    except ValueError:
        return line
    if not isinstance(answer, dict):
        return answer
    fixed = ("token_type", "expires_in", "error")
    return {name: value if name in fixed else type(value).__name__
            for name, value in answer.items()}


def test_every_block_answers_as_shown(apache, tmp_path):
    with open(f"{TREE}/doc/reference/api.md", encoding="utf-8") as f:
        pairs = re.findall(r"^```sh\n(.*?)^```\n\n```json\n(.*?)^```$", f.read(), re.M | re.S)
    assert len(pairs) == 9
    user = Factors(apache, "stork", "eight boats by the water", ["member"])
    script = "".join(f"{{\n{block}}} >out.{i}\n" for i, (block, _) in enumerate(pairs))
    subprocess.run(["sh", "-eu", "-c", script], cwd=tmp_path, check=True,
                   env={"PATH": "/usr/bin:/bin", "URL": apache.public_url, "NAME": "alice",
                        "PASSWORD": USERS["alice"][0], "FNAME": "stork",
                        "FPASSWORD": user.password, "SECRET": user.secret})
    user.remove()
    for i, (block, shown) in enumerate(pairs):
        got = (tmp_path / f"out.{i}").read_text(encoding="utf-8").split("\n")
        assert [shape(line) for line in got if line] == \
            [shape(line) for line in shown.splitlines()], block
