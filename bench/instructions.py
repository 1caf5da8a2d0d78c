"""make bench-instructions: what one request costs, counted and not timed.

    instructions.py [--tree DIR]

Instructions (callgrind) of a hit, of one distinct ES256 verification, of an authorizer's yes and
of a login, how many calls of the program's own functions are among them, and the statements that a
login sends to PostgreSQL. A clock has no part in it, so two commits can be compared on a busy
machine: give the other one's tree, which must have been built."""

import argparse
import json
import os
import re
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
HITS, VERIFIED, LOGINS = 300, 100, 16
CALLGRIND = ["valgrind", "--tool=callgrind", "--compress-strings=no"]
# What computes a hash, of which login calls one.
HASHES = ["crypto_pwhash", "crypto_pwhash_str_verify"]
CHEAP = {"password_memory": "8M", "password_time": "1"}  # the hash is counted apart


def calls_of(path, program):
    """How often a function of `program` itself was called by one: libraries do not count."""
    count, here, callee = 0, None, None
    with open(path, encoding="utf-8", errors="replace") as f:
        for line in f:
            if line.startswith("ob="):
                here = line[3:].strip()
            elif line.startswith("fn="):
                callee = None  # a callee's object is said where it is another one
            elif line.startswith("cob="):
                callee = line[4:].strip()
            elif match := re.match(r"calls=(\d+)", line):
                count += int(match[1]) if program == here == (callee or here) else 0
                callee = None
    return count


def counted(worker, program, conf, requests, n, *options):
    """Instructions and own calls of one request: of 2n requests less those of n, which differ."""
    totals = []
    for k in n, 2 * n:
        with tempfile.NamedTemporaryFile(dir="/var/tmp") as out:
            with worker.Worker(program, conf, [*CALLGRIND, f"--callgrind-out-file={out.name}",
                                               *options]) as w:
                for i in range(k):
                    w.must(requests[i % len(requests)])
                w.end()
                instructions = int(worker.re.search(r"Collected : (\d+)", w.log())[1])
            totals.append((instructions, calls_of(out.name, os.path.realpath(program))))
    return tuple((two - one) / n for one, two in zip(*totals))


def verifications(programs, worker):
    """A token that is in the cache, tokens that are not, and the gate's yes."""
    with programs.Site() as site:
        conf = site.conf("public", verifying_keys="public.json")
        program = programs.program_of("protected")
        tokens = [worker.request(site.keys.token("ES256")) for _ in range(2 * VERIFIED)]
        gated = worker.request(site.keys.token("ES256"), role=worker.AUTHORIZER,
                               REQUEST_URI="/members/page.html", DOCUMENT_ROOT=site.directory,
                               SCRIPT_FILENAME=site.page)
        return {"protected, one hit": counted(worker, program, conf, tokens[:1], HITS),
                "protected, one distinct ES256 verification":
                    counted(worker, program, conf, tokens, VERIFIED),
                "authorizer, one yes by a token that it knows":
                    counted(worker, programs.program_of("authorizer"), conf, [gated], HITS)}


def login(logins, worker):
    """A login by JSON with and without its hash, and its statements by pg_stat_statements."""
    with logins.Database() as db:
        db.stack.write_settings(**CHEAP)
        names = [f"bench-{i}" for i in range(4)]
        for name in names:
            db.stack.add_user(name, logins.PASSWORD, "member")
        requests = [logins.login_request(name) for name in names]
        program = f"{db.stack.build}/login.fcgi"
        whole = counted(worker, program, db.stack.conf, requests, LOGINS)
        hashing = counted(worker, program, db.stack.conf, requests, LOGINS,
                          *(f"--toggle-collect={name}" for name in HASHES))
        with worker.Worker(program, db.stack.conf) as w:
            for request in requests:
                w.must(request)
            db.admin("select pg_stat_statements_reset()")
            for _ in range(4):
                for request in requests:
                    w.must(request)
            statements = logins.statements(db, 4 * len(requests))
    return ({"login, its hash (Argon2id, 8 MiB, t = 1)": (hashing[0], 0),
             "login, everything else": (whole[0] - hashing[0], whole[1])}, statements)


def main():
    """Count and print, as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tree", default=os.path.dirname(HERE),
                        help="the built tree to measure: its programs, settings and helpers")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    os.umask(0o022)
    bench = f"{options.tree}/bench"  # before 0.1.0 it lay in tests/
    bench = bench if os.path.isdir(bench) else f"{options.tree}/tests/bench"
    sys.path[:0] = [bench, f"{options.tree}/tools"]
    # pylint: disable=import-outside-toplevel
    import logins
    import programs
    import worker
    figures = verifications(programs, worker)
    of_login, statements = login(logins, worker)
    figures.update(of_login)
    if options.json:
        print(json.dumps({"instructions and calls": figures, "statements": statements}))
        return
    print("| | instructions | calls of our own functions |\n|---|--:|--:|")
    for name, (n, calls) in figures.items():
        print(f"| {name} | {n:,.0f} | {calls:,.0f} |")
    print("\n| statements of a login | calls | ms |\n|---|--:|--:|")
    for calls, ms, text in statements:
        print(f"| `{text[:90]}` | {calls:.2f} | {ms:.3f} |")


if __name__ == "__main__":
    main()
