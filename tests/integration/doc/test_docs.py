"""The guides name commands, options, settings and files that exist."""

import glob
import os
import re
import subprocess

import pytest

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
DOORWARD = os.environ.get("DOORWARD_BUILD", f"{TREE}/build") + "/doorward"
PAGES = sorted(glob.glob(f"{TREE}/*.md") + glob.glob(f"{TREE}/doc/**/*.md", recursive=True))


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def name(path):
    return os.path.relpath(path, TREE)


def heading_of(line):
    """The anchor that a heading gets."""
    words = re.sub(r"[`*]|\]\([^)]*\)|\[", "", line.lstrip("#").strip().lower())
    return re.sub(r"[^\w -]", "", words).replace(" ", "-")


def dead_links(page):
    """The links of a page to files and headings that are not there."""
    for link, anchor in re.findall(r"\]\(([^)#]*)(?:#([^)]*))?\)", read(page)):
        target = os.path.join(os.path.dirname(page), link) if link else page
        if re.match(r"[a-z]+:", link):
            continue
        if not os.path.exists(target):
            yield link
        elif anchor and anchor not in {heading_of(line) for line in read(target).splitlines()
                                       if line.startswith("#")}:
            yield f"{link}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page):
    assert list(dead_links(page)) == []


def pages_below(directory):
    """Every page that was packed or installed."""
    return sorted(glob.glob(f"{directory}/**/*.md", recursive=True))


def test_links_lead_somewhere_in_the_portable_package(tmp_path):
    subprocess.run([f"{TREE}/tools/portable/pages", TREE, tmp_path], check=True)
    pages = pages_below(tmp_path)
    assert len(pages) > 10 and str(tmp_path / "README.md") in pages
    assert {page: list(dead_links(page)) for page in pages if list(dead_links(page))} == {}
    packed = {os.path.basename(p) for p in glob.glob(f"{tmp_path}/man/man?/*")}
    assert packed == {os.path.basename(p) for p in glob.glob(f"{TREE}/doc/man/*.[1-8]")}
    assert read(tmp_path / "share/login/login.html") == read(f"{TREE}/share/login/login.html")


def test_links_lead_somewhere_where_it_is_installed(tmp_path):
    subprocess.run(["make", "-s", "install", f"DESTDIR={tmp_path}"], cwd=TREE, check=True,
                   capture_output=True, env={**os.environ, "MAKEFLAGS": ""})
    pages = pages_below(tmp_path)
    assert len(pages) > 10
    assert {page: list(dead_links(page)) for page in pages if list(dead_links(page))} == {}


def usage():
    """What may follow each command, in one string, and all that stands in its help."""
    out = subprocess.run([DOORWARD, "help"], capture_output=True, text=True, check=True).stdout
    commands = re.findall(r"^  ([a-z-]+) +\S", out, re.M)
    assert "config" in commands
    return {c: subprocess.run([DOORWARD, "help", c], capture_output=True, text=True,
                              check=True).stdout for c in commands}


def calls(text):
    """Each `doorward COMMAND …` of a page: in code spans, blocks and crontabs."""
    text = re.sub(r"\\\n", " ", text)
    for span in re.findall(r"^```(?:sh|console)?\n(.*?)^```$", text, re.M | re.S):
        for line in span.splitlines():
            for part in line.split("#")[0].split("&&"):
                call = re.match(r"(?:[\d*/ ]{9,}\S+ +|\$ | *sudo -u \S+ | *)doorward "
                                r"((?:--config \S+ )?[a-z].*)", part)
                if call:
                    yield call.group(1)
    for call in re.findall(r"`doorward ([a-z][^`]*)`", text):
        yield call


def unknown(call, known):
    """What in a call the command does not know; None when all is well."""
    call = re.split(r"[|;<>]", re.sub(r"^--config \S+ ", "", call))[0]
    words = call.split()
    command = words[0]
    if command in ("help", "version"):
        return None
    if command not in known:
        return command
    actions = set(re.findall(rf"^  doorward {command} ([a-z]+)\b", known[command], re.M))
    if len(words) > 1 and re.fullmatch("[a-z]+", words[1]) and actions:
        if words[1] not in actions:
            return f"{command} {words[1]}"
    for option in re.findall(r"--[a-z-]+", call):
        if option != "--config" and not re.search(re.escape(option) + r"(?![a-z-])",
                                                  known[command]):
            return f"{command} {option}"
    return None


def test_every_command_is_known():
    known = usage()
    wrong = {}
    count = 0
    for page in PAGES:
        for call in calls(read(page)):
            count += 1
            if unknown(call, known):
                wrong[f"{name(page)}: doorward {call}"] = unknown(call, known)
    assert wrong == {}
    assert count > 20


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_setting_is_known(page, tmp_path):
    for i, block in enumerate(re.findall(r"^```\n(.*?)^```$", read(page), re.M | re.S)):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if not lines or not all(re.match(r"[a-z_.]+ = ", line) for line in lines):
            continue
        conf = tmp_path / f"{i}.conf"
        conf.write_text(block if "public_url" in block
                        else "public_url = https://example.org\n" + block, encoding="utf-8")
        done = subprocess.run([DOORWARD, "config", "show", "--config", str(conf)],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_every_event_of_the_log_is_explained():
    events = set()
    for path in glob.glob(f"{TREE}/[bcl]*/**/*.c", recursive=True):
        if "/build/" not in path:
            for call in re.findall(r"\b(?:LOG|add_line)\((.*?);", read(path), re.S):
                events.update(re.findall(r'"([a-z_]+)"', call.split("{")[0]))
            for table in re.findall(r"\bevents\[\] = \{(.*?)\};", read(path), re.S):
                events.update(re.findall(r'"([a-z_]+)"', table))
    assert events | changed_secrets() == explained_under("The log")


def changed_secrets():
    """lib/serve/secret_file.c logs NAME_changed for each file that is followed in that way."""
    kinds = [re.search(r'watch_kind \w+ = \{ \.name = "([a-z_]+)"', read(path))
             for path in glob.glob(f"{TREE}/lib/serve/power_*.c")
             if "secret_file_load" in read(path)]
    assert len(kinds) > 1
    return {f"{kind[1]}_changed" for kind in kinds}


def explained_under(heading):
    """The names before the colon of each item in the lists of a section of operations.md."""
    guide = read(f"{TREE}/doc/how-to/operations.md")
    section = guide.split(f"## {heading}\n")[1].split("\n## ")[0]
    items = re.findall(r"^\* ((?:`[a-z_]+`,?\s+)*`[a-z_]+`):", section, re.M)
    return set(re.findall(r"`([a-z_]+)`", " ".join(items)))


def test_every_row_of_operators_and_apps_is_explained():
    events = set()
    for path in glob.glob(f"{TREE}/bin/**/*.c", recursive=True):
        events.update(re.findall(r'trail_init\(.*?"([a-z_]+)"', read(path)))
    for path in glob.glob(f"{TREE}/sql/**/*.sql", recursive=True):
        for call in re.findall(r"audit_add\((.*?);", read(path), re.S):
            events.update(re.findall(r"'(oauth_[a-z_]+)'", call))
            if "p_actor" in call:
                said = re.sub(r"->> '\w+'", "", call.split("p_actor")[0])
                events.update(re.findall(r"'([a-z_]+)'", said))
    events.update(re.findall(r"^\t\('operator', '([a-z_]+)'",  # session_stop
                             read(f"{TREE}/sql/005_sessions.sql"), re.M))
    assert "token_issued" in events and "user_disabled" in events
    assert events == explained_under("Who did what")


def test_every_error_of_the_interface_is_explained():
    errors = set()
    for path in glob.glob(f"{TREE}/lib/**/*.c", recursive=True) + glob.glob(f"{TREE}/cgi-bin/*.c"):
        errors.update(re.findall(r'\b[45]\d\d,\s*"([a-z_]+)"', read(path)))
        errors.update(re.findall(r'"error", STR\("([a-z_]+)"\)', read(path)))
        errors.update(re.findall(r'\btoken_refuse(?:_early)?\([^;"]*"([a-z_]+)"', read(path)))
    rows = re.findall(r"^\| [45]\d\d[^|]*\|([^|]*)\|", read(f"{TREE}/doc/reference/api.md"), re.M)
    assert errors == set(re.findall(r"`([a-z_]+)`", "".join(rows)))
