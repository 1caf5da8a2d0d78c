"""doc/how-to/moving-here.md and metrics.md: what they show works, and what they name is there."""

import os
import re

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))


def guide(name):
    """The text of a guide."""
    with open(f"{TREE}/doc/how-to/{name}.md", encoding="utf-8") as f:
        return f.read()


def block(text, language):
    """The first block of code in that language."""
    return re.search(rf"```{language}\n(.*?)```", text, re.S)[1]


def test_the_tables_of_the_guide_are_imported(db):
    text = guide("moving-here")
    done = db.doorward("user", "import", "--from", "csv", stdin=block(text, "csv"))
    assert (done.returncode, done.stderr) == (0, "2 imported, 0 refused\n")
    done = db.doorward("user", "import", "--from", "jsonl", stdin=block(text, "json"))
    assert done.returncode == 1 and "display name" in done.stderr  # Ann is there already
    db.sql("delete from doorward.users")
    done = db.doorward("user", "import", "--from", "jsonl", stdin=block(text, "json"))
    assert (done.returncode, done.stderr) == (0, "1 imported, 0 refused\n")


def test_the_guide_names_each_form_and_only_options_that_there_are(db):
    text, said = guide("moving-here"), db.doorward("user", "--help").stdout
    assert set(re.findall(r"--from (\w+)", text)) == {"csv", "jsonl", "htpasswd", "wordpress",
                                                      "django", "glewlwyd"}
    ours = [line for line in text.splitlines() if re.match(r"(.*\| )?doorward user (im|ex)port", line)]
    options = {option for line in ours for option in re.findall(r" (--[a-z-]+)", line)}
    assert len(ours) >= 7 and all(option in said for option in options), options


def test_each_figure_of_the_guide_is_printed(db):
    with open(db.conf, "a", encoding="utf-8") as f:
        f.write("signing_keys = keys\nverifying_keys = jwks.json\n")
    assert db.doorward("key", "new").returncode == 0
    db.doorward("revocations", "publish")
    assert db.doorward("db", "tidy").returncode == 0
    db.move_clock(20)
    said = set(re.findall(r"^(doorward_\w+)[{ ]", db.doorward("metrics").stdout, re.M))
    table = "".join(line for line in guide("metrics").splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`(doorward_\w+)", table)) == said
