"""make bench-import: users a second that `doorward user import` stores, beside COPY of the same
rows into the same tables, with triggers and indexes. Writes doc/reference/benchmarks-import.md."""

import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, f"{HERE}/../tools", f"{HERE}/../tests/support"]

# pylint: disable=wrong-import-position
import measure
import report
from logins import Database
from stack.stack import TREE

PAGE = "doc/reference/benchmarks-import.md"
USERS, ROUNDS = 100000, 3
HASH = "$2y$10$abcdefghijklmnopqrstuucZGbUxuMlEqps0qcu2pjhO7vaatQZIC"
LEAST, MOST = 1000, 20  # users a second; times as long as COPY
COPY = ["copy doorward.users (id, name, roles, display_name, password_hash, password_at, created_at)"
        " from stdin", "copy doorward.addresses (user_id, address) from stdin"]


def texts():
    """What the import reads, and what each COPY reads."""
    users = [(f"00000000-0000-4000-8000-{i:012d}", f"user{i}", f"user{i}@example.org", f"User {i}")
             for i in range(USERS)]
    jsonl = "".join(json.dumps({"name": name, "address": address, "display_name": called,
                                "roles": ["member"], "password_hash": HASH}) + "\n"
                    for _, name, address, called in users)
    rows = "".join(f"{user}\t{name}\t{{member}}\t{called}\t{HASH}\t2026-01-01\t2026-01-01\n"
                   for user, name, _, called in users)
    addresses = "".join(f"{user}\t{address}\n" for user, _, address, _ in users)
    return jsonl, [rows, addresses]


def clear(db):
    """No users, and nothing that they left."""
    db.admin("truncate doorward.users, doorward.audit cascade")
    db.admin("checkpoint")


def timed(command, text):
    """Seconds that a command takes with `text` on its standard input."""
    started = time.perf_counter()
    subprocess.run(command, input=text, text=True, check=True, capture_output=True, cwd="/")
    return time.perf_counter() - started


def copy(db, rows):
    """Seconds of COPY into both tables."""
    postgres = db.stack.postgres
    psql = [f"{postgres.bin}/psql", "-X", "-q", "-h", postgres.socket, "-p", postgres.port, "-U",
            "doorward", "-d", "doorward", "-c"]
    return sum(timed([*psql, statement], text) for statement, text in zip(COPY, rows))


def measured(db):
    """{what: seconds, the median}"""
    jsonl, rows = texts()
    command = [f"{db.stack.directory}/libexec/doorward", "--config", db.stack.conf, "user",
               "import", "--from", "jsonl"]
    times = {"COPY": [], "import": [], "import, all are there": [], "import --dry-run": []}
    for _ in range(ROUNDS):
        clear(db)
        times["COPY"].append(copy(db, rows))
        clear(db)
        times["import --dry-run"].append(timed([*command, "--dry-run"], jsonl))
        clear(db)
        times["import"].append(timed(command, jsonl))
        times["import, all are there"].append(timed(command, jsonl))
    return {what: measure.median(seconds) for what, seconds in times.items()}


def page(taken):
    """The page."""
    section = report.Section("Users a second")
    section.say(
        f"`doorward user import --from jsonl` of {USERS} users with name, address, display name, a role"
        " and a hash, into an empty database, beside `COPY` of the same rows into `doorward.users` and"
        " `doorward.addresses` with all their triggers and indexes. The import also writes a row of the"
        " audit for each user, and compares each with those that are there. PostgreSQL on a unix socket,"
        f" durable (fsync); medians of {ROUNDS}. Load average of the machine's {os.cpu_count()} processors"
        f" meanwhile: {os.getloadavg()[0]:.1f}.")
    section.table(["what", "seconds", "users a second", "times COPY"],
                  [[what, f"{seconds:.2f}", f"{USERS / seconds:.0f}", f"{seconds / taken['COPY']:.1f}"]
                   for what, seconds in taken.items()])
    section.say(f"At least {LEAST} a second and at most {MOST} times the time of COPY are demanded.")
    return section


def main():
    """Measure, write the page, and fail if it is too slow."""
    with Database() as db:
        taken = measured(db)
    with open(f"{TREE}/{PAGE}", "w", encoding="utf-8") as f:
        f.write(report.wrapped("# Imports, measured\n\n`make bench-import` writes this page; do not"
                               " edit it.\n\n" + page(taken).text()))
    for what, seconds in taken.items():
        print(f"{what:24} {seconds:7.2f} s {USERS / seconds:8.0f} users a second")
    good = USERS / taken["import"] >= LEAST and taken["import"] <= MOST * taken["COPY"]
    sys.exit(0 if good else "bench-import: too slow")


if __name__ == "__main__":
    main()
