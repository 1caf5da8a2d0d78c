"""Checks of everything that is not C."""

import ast
import re
import subprocess


def read(path):
    """A text file, or nothing when it is none."""
    try:
        with open(path, encoding="utf-8") as f:
            return f.read()
    except UnicodeDecodeError:
        return ""


def shell_scripts(files):
    """shellcheck has nothing to say."""
    scripts = [f for f in files if re.match(r"#!.*\b(sh|bash|dash)\b", read(f)[:40])]
    done = subprocess.run(["shellcheck", "-f", "gcc", *scripts], check=False,
                          capture_output=True, text=True)
    return len(scripts), done.stdout.splitlines()


def python_parses(files):
    """Every Python file is Python."""
    programs = [f for f in files if f.endswith(".py") or read(f).startswith("#!/usr/bin/python3")]
    problems = []
    for file in programs:
        try:
            ast.parse(read(file), file)
        except SyntaxError as e:
            problems.append(str(e))
    return len(programs), problems


def manual_pages(files):
    """mandoc has nothing to say."""
    pages = [f for f in files if re.fullmatch(r"doc/man/[\w.-]+\.[1-8]", f)]
    if not pages:
        return 0, []
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", *pages], check=False,
                          capture_output=True, text=True)
    return len(pages), [line for line in done.stdout.splitlines()
                        if "referenced manual not found" not in line]


def manual_width(files):
    """On a terminal of 80 columns no line of a manual page is longer."""
    pages = [f for f in files if re.fullmatch(r"doc/man/[\w.-]+\.[1-8]", f)]
    problems = []
    for page in pages:
        done = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=80", page], check=False,
                              capture_output=True, text=True)
        lines = re.sub(r".\x08", "", done.stdout).split("\n")
        problems += [f"{page}: {len(line)} columns: {line.strip()}" for line in lines
                     if len(line) > 80]
    return len(pages), problems


def no_machine_paths(files):
    """Nothing names the machine that it was written on; ann is who the guides are for."""
    pattern = re.compile(r"(?<![\w.])/(?:wor" r"k|home/(?!ann/)\w+)/|\.\./sha" r"red/")
    problems = [f"{f}: {match[0]}" for f in files for match in pattern.finditer(read(f))]
    return len(files), problems


def nothing_left_to_do(files):
    """What is not done is an issue, not a note in the code; no test is skipped."""
    pattern = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b|pytest\.(?:mark\.)?(sk" r"ip|xf" r"ail)|\bsk"
                         r"ip\(\)")
    problems = [f"{f}: {match[0]}" for f in files for match in pattern.finditer(read(f))]
    return len(files), problems
