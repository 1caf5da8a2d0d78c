"""What was measured, as a page: doc/reference/benchmarks.md and its plots."""

import os
import platform
import re
import subprocess
import textwrap
import time

import measure
from stack.stack import TREE

PLOTS = "doc/reference/benchmarks"


class Section:
    """One part of the page."""

    def __init__(self, title):
        self.title, self.parts, self.targets, self.plots = title, [], [], {}

    def say(self, words):
        """A paragraph."""
        self.parts.append(words)

    def table(self, head, rows):
        """A table; everything but the first column is a figure."""
        lines = ["| " + " | ".join(head) + " |", "|---" + "|--:" * (len(head) - 1) + "|"]
        lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
        self.parts.append("\n".join(lines))

    def plot(self, name, picture):
        """A picture; its words are its title's."""
        self.plots[name] = picture
        title = re.search(r'class="t">([^<]*)<', picture)[1]
        self.parts.append(f"![{title}](benchmarks/{name}.svg)")

    def target(self, what, measured, wanted, least=None, most=None, form="{:.2f}", why=""):
        """One figure that was asked for; `measured` None: it could not be measured."""
        if measured is None:
            self.targets.append((what, wanted, "not measured", "–"))
            return
        met = (least is None or measured >= least) and (most is None or measured <= most)
        self.targets.append((what, wanted, form.format(measured),
                             "yes" if met else f"**no**{': ' + why if why else ''}"))

    def text(self):
        """Markdown."""
        return f"## {self.title}\n\n" + "\n\n".join(self.parts) + "\n"


def ratio_rows(results):
    """The mean of each one's ratios and its standard error: the runs have two heights, and a
    median jumps between them."""
    rows = {}
    for name, runs in results.items():
        ratios = [run["ratio"] for run in runs]
        rows[name] = {"rps": measure.median([run["rps"] for run in runs]),
                      "p99": measure.median([run["p99"] for run in runs]),
                      "ratio": measure.mean(ratios), "error": measure.standard_error(ratios),
                      "noise": measure.spread([run["rps"] for run in runs]),
                      "bad": sum(run["bad"] for run in runs)}
    return rows


def versions():
    """What took part, as Debian and npm name it."""
    packages = ["apache2-bin", "libapache2-mod-fcgid", "libapache2-mod-auth-openidc", "lighttpd",
                "libfcgi0ldbl", "libssl3", "libjansson4", "libjwt0", "libsodium23", "libpq5",
                "php8.2-fpm", "nodejs", "wrk", "valgrind", "gcc"]
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}, ", *packages],
                          capture_output=True, text=True, check=False)
    return done.stdout.strip(", \n")


def processor():
    """The machine in a line."""
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as f:
        name = re.search(r"model name\s*:\s*(.*)", f.read())
    return f"{os.cpu_count()} × {name[1] if name else platform.machine()}, Linux {platform.release()}"


HEAD = """# Benchmarks

`make bench` writes this page; do not edit it. Only ratios matter: everything in one table was
measured on one machine in the same run. For measurements through a web server, each run takes a
third of a second and stands between two runs of the program that it is compared with. The ratio is
the mean of the ratios of all rounds, with its standard error. The noise is half the distance
between the quartiles of single runs, as a share of the median. If the load average before the
start is far above 0, others used the machine as well: then trust the CPU times (Growth, Plain CGI,
Login) and the counts more than the requests per second.
"""


def page(sections, missing, seconds, commands, load):
    """The whole page; `load` is the load average before anything was measured."""
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True,
                            text=True, check=False, cwd=TREE).stdout.strip()
    targets = [row for section in sections for row in section.targets]
    missed = sum(row[3].startswith("**no") for row in targets)
    summary = Section(f"The targets: {len(targets) - missed} met or unmeasured, {missed} missed")
    summary.table(["what", "wanted", "measured", "met"], targets)
    unmet = f"Peers that did not run: {', '.join(missing)}." if missing else "All peers ran."
    about = (f"{time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}, commit {commit}, "
             f"{seconds / 60:.0f} minutes. {processor()}; load average before it "
             f"began {load:.1f} (1 min). {unmet}\n\n{versions()}\n")
    lines = Section("The command lines")
    lines.say("`timeout -s INT N chrt -b 0 wrk -t1 -c16 --latency [-H 'Authorization: Bearer …'] "
              "[-s bench/tokens.lua] URL` drives the servers; the rest was started as")
    lines.say("```\n" + "\n".join(commands) + "\n```")
    return wrapped("\n".join([HEAD, about, summary.text(), *[s.text() for s in sections],
                              lines.text()]))


def wrapped(text):
    """The same with short lines; tables, pictures and blocks of code stay."""
    lines, code = [], False
    for line in text.split("\n"):
        code = code != line.startswith("```")
        whole = code or not line or line.startswith(("|", "!", "#", "```"))
        lines += [line] if whole else textwrap.wrap(line, 98, break_long_words=False,
                                                    break_on_hyphens=False)
    return "\n".join(lines)


def write(sections, missing, seconds, commands, load):
    """doc/reference/benchmarks.md and doc/reference/benchmarks/*.svg."""
    text = page(sections, missing, seconds, commands, load)  # before anything is changed by it
    os.makedirs(f"{TREE}/{PLOTS}", exist_ok=True)
    for old in os.listdir(f"{TREE}/{PLOTS}"):
        os.unlink(f"{TREE}/{PLOTS}/{old}")
    for section in sections:
        for name, picture in section.plots.items():
            with open(f"{TREE}/{PLOTS}/{name}.svg", "w", encoding="utf-8") as f:
                f.write(picture)
    with open(f"{TREE}/doc/reference/benchmarks.md", "w", encoding="utf-8") as f:
        f.write(text)
