"""make bench-instructions: what one request costs, counted and not timed.

    instructions.py [--tree DIR]

Instructions (callgrind) of a hit, of one distinct ES256 verification and of a login, and the
statements that a login sends to PostgreSQL. A clock has no part in it, so two commits can be
compared on a busy machine: give the other one's tree, which must have been built."""

import argparse
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
HITS, VERIFIED, LOGINS = 300, 100, 16
CALLGRIND = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
# What computes a hash, of which login calls one.
HASHES = ["crypto_pwhash", "crypto_pwhash_str_verify"]
CHEAP = {"password_memory": "8M", "password_time": "1"}  # the hash is counted apart


def counted(worker, program, conf, requests, n, *options):
    """Instructions of one request: of 2n requests less those of n, all of them different."""
    totals = []
    for k in n, 2 * n:
        with worker.Worker(program, conf, [*CALLGRIND, *options]) as w:
            for i in range(k):
                w.must(requests[i % len(requests)])
            w.end()
            totals.append(int(worker.re.search(r"Collected : (\d+)", w.log())[1]))
    return (totals[1] - totals[0]) / n


def verifications(programs, worker):
    """A token that is in the cache, and tokens that are not."""
    with programs.Site() as site:
        conf = site.conf("public", verifying_keys="public.json")
        program = programs.program_of("protected")
        tokens = [worker.request(site.keys.token("ES256")) for _ in range(2 * VERIFIED)]
        return {"protected, one hit": counted(worker, program, conf, tokens[:1], HITS),
                "protected, one distinct ES256 verification":
                    counted(worker, program, conf, tokens, VERIFIED)}


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
    return ({"login, its hash (Argon2id, 8 MiB, t = 1)": hashing,
             "login, everything else": whole - hashing}, statements)


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
        print(json.dumps({"instructions": figures, "statements": statements}))
        return
    print("| instructions of | |\n|---|--:|")
    for name, n in figures.items():
        print(f"| {name} | {n:,.0f} |")
    print("\n| statements of a login | calls | ms |\n|---|--:|--:|")
    for calls, ms, text in statements:
        print(f"| `{text[:90]}` | {calls:.2f} | {ms:.3f} |")


if __name__ == "__main__":
    main()
