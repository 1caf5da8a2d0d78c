"""The blocks of doc/how-to/program-tokens.md, run in order on a site."""

import os
import re
import subprocess
import time

from client import Client, bearer, form_login, hidden_fields
from servers import TREE

PASSWORD = "seven quiet herons wading"


def test_every_line_of_the_guide_works(apache, tmp_path):
    name = f"guide{time.monotonic_ns()}"
    apache.add_user(name, PASSWORD, "member")
    client, _ = form_login(apache, name, PASSWORD)
    fields = hidden_fields(client.get("/account/tokens").text)
    page = client.post("/login/token", data={**fields, "label": "script", "role": "member"}).text
    token = re.search(r"<textarea[^>]*>([^<]*)<", page)[1]
    with open(f"{TREE}/doc/how-to/program-tokens.md", encoding="utf-8") as f:
        blocks = re.findall(r"^```sh\n(.*?)^```$", f.read(), re.M | re.S)
    assert len(blocks) == 6
    made, issued, used, hidden, path, ended = blocks

    def run(*parts):
        return subprocess.run(["sh", "-eu", "-c", "".join(parts)], cwd=tmp_path, check=False,
                              capture_output=True, text=True, env={
                                  "PATH": f"{TREE}/build:/usr/bin:/bin", "URL": apache.public_url,
                                  "NAME": name, "TOKEN": token, "DOORWARD_CONFIG": apache.conf})

    done = run(made, used, hidden)
    assert done.returncode == 0, done
    assert os.stat(tmp_path / "token").st_mode & 0o777 == 0o600
    assert done.stdout.count(f'"name":"{name}"') == 2
    done = run(issued, used, path)
    assert done.returncode == 0 and f'"name":"{name}"' in done.stdout, done
    elsewhere = (tmp_path / "token.members").read_text(encoding="ascii").strip()
    assert Client(apache).get("/protected", headers=bearer(elsewhere)).status_code == 401
    done = run(ended)
    assert done.returncode == 0 and "nightly report" in done.stdout, done
    assert "3 tokens ended" in done.stderr
    done = run(used)
    assert done.returncode == 22  # of curl -f: 401
