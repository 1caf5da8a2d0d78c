"""One program at a time, without a web server: starts, counts, growth, memory."""

import os
import random
import shutil
import tempfile
import time

import jwt
import keys as bench_keys
import measure
import peers
import svg
import worker
from arena import Arena, write_revocations
from report import Section
from stack.stack import TREE

ISSUER = "https://bench.example"
BUILD = f"{TREE}/build"
KEY_COUNTS, RULE_COUNTS, REVOKED = [1, 10, 1000], [1, 10, 1000], [0, 100, 100000]
TOKEN_BYTES, WORKERS = [300, 500, 1000, 2000, 4000, 8000], [1, 2, 4, 8, 16, 32]


class Site:
    """Keys and settings without servers."""

    def __init__(self):
        self.directory = tempfile.mkdtemp(prefix="dws-", dir="/var/tmp")
        self.keys = bench_keys.Keys(self.directory, ISSUER)
        write_revocations(f"{self.directory}/revocations", 10)
        with open(f"{self.directory}/session.secret", "w", encoding="ascii") as f:
            f.write("5a" * 32 + "\n")
        os.chmod(f"{self.directory}/session.secret", 0o600)
        self.page = f"{self.directory}/members/page.html"
        os.mkdir(os.path.dirname(self.page))
        with open(self.page, "w", encoding="ascii") as f:
            f.write("<p>A page\n")

    def conf(self, name, **settings):
        """A settings file; its path."""
        values = {"public_url": ISSUER, "site_name": "Bench", "revocation_file": "revocations",
                  "verifying_keys": "secret.json", "rule": ["/members signed-in"], **settings}
        path = f"{self.directory}/{name}.conf"
        with open(path, "w", encoding="utf-8") as f:
            for key, value in values.items():
                for one in value if isinstance(value, list) else [value]:
                    f.write(f"{key} = {one}\n")
        return path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.directory)


def cpu(program, conf, requests, n, rounds=5):
    """CPU microseconds a request, the median of rounds."""
    with worker.Worker(program, conf) as w:
        w.must(requests[0], b"Status: 200" if program != peers.EMPTY else b"{}")
        w.drive(requests, max(200, len(requests)))
        return measure.median([w.cpu_us(requests, n) for _ in range(rounds)])


def program_of(name):
    """Where `make` built it."""
    return f"{BUILD}/{name}.fcgi"


# ---- plain CGI ----

def starts(candidates, runs):
    """name: CPU ms of one start, interleaved."""
    taken = {name: [] for name in candidates}
    for _ in range(runs):
        for name, (argv, environment) in candidates.items():
            taken[name].append(measure.cpu_of_start(argv, environment) * 1000)
    return taken


def cgi_environment(conf, token, path="/protected"):
    """What a server gives a CGI program."""
    return dict(worker.SERVER_VARIABLES, DOORWARD_CONFIG=conf, SCRIPT_NAME=path, REQUEST_URI=path,
                HTTP_AUTHORIZATION=f"Bearer {token}")


def section_cgi(runs):
    """Starting for one request."""
    section = Section("Plain CGI: starting for one request")
    section.say("CPU time (user and system) from fork to exit, which with plain CGI is paid at each request.")
    with Site() as site:
        secret = site.conf("secret")
        public = site.conf("public", verifying_keys="public.json")
        candidates = {"empty C program": ([f"{peers.BENCH}/empty_cgi"], {})}
        kinds = [("Doorward", BUILD)]
        if os.path.exists(f"{BUILD}/portable/protected.fcgi"):
            kinds.append(("Doorward portable", f"{BUILD}/portable"))
        for name, place in kinds:
            for alg, conf in (("HS256", secret), ("RS256", public)):
                candidates[f"{name} protected {alg}"] = (
                    [f"{place}/protected.fcgi"], cgi_environment(conf, site.keys.token(alg)))
            # Neither key nor database is there: what is left is the start.
            candidates[f"{name} login, start alone"] = (
                [f"{place}/login.fcgi"], cgi_environment(secret, "", "/login"))
        if "php-cgi" not in peers.missing():
            for alg in peers.PEER_ALGORITHMS:
                candidates[f"php-cgi {alg}"] = (["php-cgi"], dict(
                    cgi_environment(secret, site.keys.token(alg)), REDIRECT_STATUS="200",
                    SCRIPT_FILENAME=f"{TREE}/tests/bench/peers/verify.php", BENCH_ALG=alg,
                    BENCH_KEY=f"{site.directory}/{alg}.key", BENCH_ISSUER=ISSUER))
        taken = starts(candidates, runs)
    empty = measure.median(taken["empty C program"])
    rows = {name: measure.median(values) for name, values in taken.items()}
    section.table(["one start", "CPU ms", "noise", "× empty C program"],
                  [[name, f"{ms:.2f}", f"{measure.spread(taken[name]):.0%}", f"{ms / empty:.1f}"]
                   for name, ms in rows.items()])
    section.plot("cgi", svg.bars("Plain CGI: CPU ms a start", [
        (name, ms, *quartiles(taken[name])) for name, ms in rows.items()]))
    portable = rows.get("Doorward portable protected HS256")
    section.target("CGI: portable protected, HS256, ms of CPU", portable, "≤ 1.0", most=1.0,
                   why=f"on this machine an empty C program takes {empty:.1f}")
    section.target("CGI: the same, × empty C program", portable and portable / empty, "≤ 2", most=2,
                   why="OpenSSL, keys and settings must be there first")
    section.target("CGI: portable login before hash and database, ms",
                   rows.get("Doorward portable login, start alone"), "≤ 2", most=2,
                   why=f"on this machine an empty C program takes {empty:.1f}")
    return section


def quartiles(values):
    """The middle half."""
    ordered = sorted(values)
    return ordered[len(ordered) // 4], ordered[-1 - len(ordered) // 4]


# ---- counts ----

def section_counts(n):
    """What does not need a clock."""
    section = Section("Counts: instructions, system calls, allocations")
    section.say("Of one request over FastCGI in the steady state (callgrind, strace, memcheck), to compare two "
                "commits on one machine without a clock. Instructions and allocations include libfcgi's "
                "own, which the empty responder shows.")
    absent = peers.missing()
    rows, calls, mallocs = [], {}, {}
    with Site() as site:
        secret = site.conf("secret")
        hit = [worker.request(site.keys.token("HS256"))]
        verify = [worker.request(site.keys.token("HS256")) for _ in range(n)]
        off = site.conf("off", token_cache="0")
        gate = [worker.request(site.keys.token("HS256"), role=worker.AUTHORIZER,
                               REQUEST_URI="/members/page.html", DOCUMENT_ROOT=site.directory,
                               SCRIPT_FILENAME=site.page, FCGI_APACHE_ROLE="ACCESS_CHECKER")]
        for name, program, conf, requests in (
                ("empty responder", peers.EMPTY, None, hit),
                ("protected, cache hit", program_of("protected"), secret, hit),
                ("protected, HS256 verified", program_of("protected"), off, verify),
                ("authorizer, cache hit", program_of("authorizer"), secret, gate)):
            counted = [None, None]
            if "valgrind" not in absent:
                counted = [worker.instructions(program, conf, requests, n),
                           worker.allocations(program, conf, requests, n)]
            calls[name] = worker.system_calls(program, conf, requests, n) \
                if "strace" not in absent else {}
            mallocs[name] = counted[1]
            rows.append([name, *(f"{c:,.0f}" if c is not None else "missing" for c in counted),
                         f"{sum(calls[name].values()):.1f}",
                         ", ".join(f"{call} {k:g}" for call, k in calls[name].items())])
    section.table(["a request", "instructions", "allocations", "system calls", "which"], rows)
    base = "empty responder"
    if calls[base]:
        section.target("system calls of a hit beyond libfcgi's", sum(
            calls["protected, cache hit"].values()) - sum(calls[base].values()), "≤ 2", most=2.1,
                       form="{:.1f}")
    if mallocs[base] is not None:
        section.target("allocations of a hit beyond libfcgi's",
                       mallocs["protected, cache hit"] - mallocs[base], "0", most=0.1, form="{:.1f}")
    return section


# ---- growth ----

def grow_keys(site, n):
    """CPU of a distinct token with k keys in the set; the token's is the last."""
    extra = [bench_keys.Key("ES256", f"other-{i}") for i in range(KEY_COUNTS[-1])]
    requests = [worker.request(site.keys.token("ES256")) for _ in range(400)]
    result = []
    for k in KEY_COUNTS:
        site.keys.write_set("grow.json", extra[:k - 1] + [site.keys.by_alg["ES256"]])
        conf = site.conf("keys", verifying_keys="grow.json", token_cache="0")
        result.append(cpu(program_of("protected"), conf, requests, n))
    return result


def grow_rules(site, n):
    """CPU of the authorizer with k rules, of which the last one decides."""
    request = [worker.request(site.keys.token("HS256"), role=worker.AUTHORIZER,
                              REQUEST_URI="/members/x", FCGI_APACHE_ROLE="ACCESS_CHECKER")]
    result = []
    for k in RULE_COUNTS:
        rules = [f"/area-{i} any-of role-{i}" for i in range(k - 1)] + ["/members signed-in"]
        result.append(cpu(program_of("authorizer"), site.conf("rules", rule=rules), request, n))
    return result


def grow_revoked(site, n):
    """CPU of a hit with k revoked sessions."""
    conf, request = site.conf("revoked"), [worker.request(site.keys.token("HS256"))]
    result = []
    for k in REVOKED:
        write_revocations(f"{site.directory}/revocations", k)
        result.append(cpu(program_of("protected"), conf, request, n))
    return result


def padded(site, size):
    """An HS256 token of about that many bytes."""
    bare = len(site.keys.token("HS256", pad=""))
    return site.keys.token("HS256", pad="".join(
        random.choices("abcdefgh", k=max(0, (size - bare) * 3 // 4 - 2))))


def smallest(site):
    """An HS256 token with what is required and nothing else: some 300 bytes."""
    now = int(time.time())
    return jwt.encode({"iss": "https://b.io", "sub": "u", "aud": "b", "exp": now + 7200, "iat": now,
                       "client_id": "doorward", "sid": "0c1d2e3f-4a5b-4c6d-8e7f-901234567890"},
                      site.keys.by_alg["HS256"].private, "HS256", headers={"typ": "at+jwt"})


def grow_tokens(site, n):
    """CPU by the bytes of the token: repeated, and verified each time."""
    repeated, verified = [], []
    for size in TOKEN_BYTES:
        small = size == TOKEN_BYTES[0]
        request = [worker.request(smallest(site) if small else padded(site, size))]
        own = {"public_url": "https://b.io", "audience": "b"} if small else {}
        for figures, cache in (repeated, {}), (verified, {"token_cache": "0"}):
            figures.append(cpu(program_of("protected"), site.conf("token", **own, **cache),
                               request, n))
    return repeated, verified


def grow_workers(seconds):
    """Requests a second by the number of processes, behind mod_proxy_fcgi at 32 clients."""
    result = []
    for k in WORKERS:
        arena = Arena("apache", "proxy_fcgi")
        arena.stack.web.workers = k
        with arena:
            runs = [measure.wrk(arena.url("/protected"), seconds, 32,
                                headers=arena.bearer("HS256"))["rps"] for _ in range(3)]
        result.append(measure.median(runs))
    return result


def section_growth(n, seconds):
    """Everything that may become many."""
    section = Section("Growth")
    section.say("CPU µs of one process a request (kernel included), over FastCGI without a web server, "
                "by what may become many. Users are under Login.")
    with Site() as site:
        tables = {"keys in the set (ES256, cache off)": (KEY_COUNTS, grow_keys(site, n)),
                  "rules of the gate, the last decides": (RULE_COUNTS, grow_rules(site, n)),
                  "revoked sessions": (REVOKED, grow_revoked(site, n))}
        repeated, verified = grow_tokens(site, n)
    for name, (ticks, values) in tables.items():
        section.table([name, *map(str, ticks)], [["CPU µs", *(f"{v:.1f}" for v in values)]])
        section.target(f"growth: {name}, {ticks[-1]} over {ticks[0]}", values[-1] / values[0],
                       "≤ 1.5", most=1.5)
    section.table(["bytes of the token", *map(str, TOKEN_BYTES)],
                  [["repeated, CPU µs", *(f"{v:.1f}" for v in repeated)],
                   ["HS256 verified, CPU µs", *(f"{v:.1f}" for v in verified)]])
    section.plot("growth-token", svg.lines("CPU µs a request by the bytes of the token", TOKEN_BYTES,
                                           {"repeated": repeated, "verified": verified}, ""))
    workers = grow_workers(seconds)
    section.table(["processes (mod_proxy_fcgi, 32 clients)", *map(str, WORKERS)],
                  [["requests/s", *(f"{v:,.0f}" for v in workers)]])
    section.plot("growth-workers", svg.lines("Requests/s by processes, mod_proxy_fcgi", WORKERS,
                                             {"protected": workers}, ""))
    return section


# ---- memory ----

def section_memory(n):
    """Resident memory before and after many requests."""
    section = Section("Memory")
    section.say(f"kB after the first ten requests and after {n:,}, one process of each program. Private: "
                "what one more process costs. 600 tokens in turn, each three times in a row, so the cache fills.")
    rows, worst = [], 0.0
    with Site() as site:
        conf = site.conf("memory", files_root=site.directory, files_at="/members",
                         session_secret="session.secret", database="host=/nonexistent dbname=none")
        tokens = [site.keys.token("HS256") for _ in range(600)]
        mixed = [worker.request(t) for t in tokens for _ in range(3)]
        gate = [worker.request(t, role=worker.AUTHORIZER, REQUEST_URI="/members/x",
                               FCGI_APACHE_ROLE="ACCESS_CHECKER") for t in tokens for _ in range(3)]
        page = [worker.request(tokens[0], REQUEST_URI="/account", SCRIPT_NAME="/account")]
        login = [worker.request(REQUEST_URI="/login", SCRIPT_NAME="/login",
                                HTTP_ACCEPT="text/html")]
        for name, requests in (("protected", mixed), ("authorizer", gate), ("files", mixed),
                               ("account", page), ("login", login)):
            with worker.Worker(program_of(name), conf) as w:
                w.drive(requests, 10)
                early, _ = measure.resident(w.process.pid)
                w.drive(requests, n // 2)
                half, _ = measure.resident(w.process.pid)
                w.drive(requests, n // 2)
                late, private = measure.resident(w.process.pid)
            rows.append([name, f"{early:,}", f"{half:,}", f"{late:,}", f"{private:,}"])
            worst = max(worst, (late - half) / half)
    section.table(["program", "idle", f"after {n // 2:,}", f"after {n:,}", "private"], rows)
    section.say("Account and login answer without a database here: their slope is that of requests, pages and "
                "refusals.")
    section.target("memory: growth in the second half of the requests", worst, "≤ 1 %", most=0.01,
                   form="{:.2%}")
    return section
