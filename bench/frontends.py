"""Behind a real server: ours beside the empty responder and the peers."""

import measure
import peers
import svg
from arena import Arena, CLIENTS
from keys import ALGORITHMS
from report import Section, ratio_rows

COLD = ("The same answer from a program that does nothing for it shows what the answer's headers and body "
        "cost by themselves. The bare responders leave it to libfcgi to end the connection, which waits until the server has "
        "closed its side; ours closes at once where all has been read, and the three system calls and the "
        "change of processes that this saves pay for a part of what it does. A distinct token adds "
        "Jansson's parse and the signature, two to three times as dear here as in the process: many "
        "processes take turns on few processors, and each finds its caches cold.")
NAMES = {"apache": "Apache mod_fcgid", "lighttpd": "lighttpd"}
EMPTY, EMPTY_DISTINCT = "empty responder", "empty responder, distinct"
SAME = "empty responder with our answer"
REPEATED = {"apache": 0.95, "lighttpd": 0.92}
DISTINCT = {"HS256": 0.92, "RS256": 0.80, "ES256": 0.62, "EdDSA": None}


def candidates(arena, seconds, quick):
    """name: run."""
    runs = {EMPTY: arena.repeated("/empty", "HS256", seconds),
            EMPTY_DISTINCT: arena.distinct("/empty", "HS256", seconds),
            SAME: arena.repeated("/same", "HS256", seconds)}
    for alg in ["HS256"] if quick else ALGORITHMS:
        runs[f"Doorward {alg} repeated"] = arena.repeated("/protected", alg, seconds)
        runs[f"Doorward {alg} distinct"] = arena.distinct("/protected", alg, seconds)
    if arena.stack.web.server != "apache" or quick:
        return runs
    absent = peers.missing()
    for alg in peers.PEER_ALGORITHMS:
        if "php-fpm" not in absent:
            runs[f"PHP-FPM {alg}"] = arena.repeated(f"/php-{alg}", alg, seconds)
        for library in ("jsonwebtoken", "jose"):
            if "node" not in absent and f"node {library}" not in absent:
                runs[f"Node {library} {alg}"] = arena.node(library, alg, seconds)
    return runs


def measure_server(server, seconds, rounds, quick=False):
    """All candidates on one server."""
    with Arena(server, "fastcgi") as arena:
        return ratio_rows(measure.between(
            candidates(arena, seconds, quick),
            lambda name: EMPTY_DISTINCT if "distinct" in name else EMPTY, rounds))


def refused(rows):
    """A run in which anything was refused measured something else."""
    return [name for name, row in rows.items() if row["bad"]]


def show(section, name, rows, title):
    """Table and plot; the first row is what the others are held against."""
    section.table(["through " + title, "requests/s", "ratio", "± error", "noise", "p99 ms"],
                  [[label, f"{row['rps']:,.0f}", f"{row['ratio']:.2f}",
                    f"{row['error']:.2f}", f"{row['noise']:.0%}",
                    f"{row['p99']:.1f}"] for label, row in rows.items()])
    if refused(rows):
        section.say(f"Runs with refused requests, so not comparable: {', '.join(refused(rows))}.")
    section.plot(name, svg.bars(f"{title}: requests/s, {next(iter(rows))} = 1.00", [
        (label, row["ratio"], row["ratio"] - row["error"], row["ratio"] + row["error"])
        for label, row in rows.items()]))


def section_responders(seconds, rounds, quick=False):
    """Sections 2: protected behind both servers."""
    section = Section("Through a web server")
    section.say(f"`/protected` at {CLIENTS} clients, held against the least that a program on libfcgi "
                "can do with the same request. Repeated: one token, as a browser sends it. Distinct: 6,000 tokens in turn, of which a process "
                "remembers 256, so that all but one in twenty are verified, held against the empty responder with the same 6,000 requests. PHP verifies with hash_hmac or openssl_verify and opcache, "
                f"{peers.FPM_WORKERS} workers behind mod_proxy_fcgi; Node is one process without a "
                "web server in front, and is not helped by ours. Client and server share the processors.")
    for server in ["apache"] if quick else ["apache", "lighttpd"]:
        rows = measure_server(server, seconds, rounds, quick)
        show(section, server, rows, NAMES[server])
        for_targets(section, server, rows)
    section.say(COLD)
    return section


def for_targets(section, server, rows):
    """What was asked for of these."""
    why = {"repeated": f"an empty program with our answer reaches {rows[SAME]['ratio']:.2f}, and what ours "
                       "does besides is under Counts",
           "distinct": "Jansson and the signature, in caches that other processes have used meanwhile"}
    for alg in ALGORITHMS:
        for kind, least in (("repeated", REPEATED[server]), ("distinct", DISTINCT[alg])):
            row = rows.get(f"Doorward {alg} {kind}")
            if row and least:
                section.target(f"{NAMES[server]}: {alg}, {kind} tokens, of the empty responder",
                               row["ratio"], f"≥ {least}", least=least,
                               why=f"± {row['error']:.2f}; {why[kind]}")
    if server == "apache" and len(rows) > 5:
        for_peers(section, rows)


def for_peers(section, rows):
    """Beside PHP, through the same Apache."""
    for alg, least in (("HS256", 1.8), ("RS256", 4)):
        ours, peer = rows.get(f"Doorward {alg} repeated"), rows.get(f"PHP-FPM {alg}")
        ratios = [row and peer and row["ratio"] / peer["ratio"] for row in (ours, rows[EMPTY])]
        section.target(f"Apache: {alg}, times PHP-FPM", ratios[0], f"≥ {least}", least=least,
                       why=f"an empty program behind mod_fcgid reaches {ratios[1]:.2f}"
                       if ratios[1] else "")


def gate_runs(arena, seconds):
    """name: run."""
    runs = {"file without a gate": arena.plain("/", seconds)}
    for alg in peers.PEER_ALGORITHMS:
        runs[f"Doorward gate {alg}"] = arena.repeated("/members/", alg, seconds)
        if arena.stack.web.server == "apache" and "mod_auth_openidc" not in peers.missing():
            runs[f"mod_auth_openidc {alg}"] = arena.repeated("/oidc", alg, seconds)
    runs["Doorward gate RS256 distinct"] = arena.distinct("/members/", "RS256", seconds)
    if "mod_auth_openidc RS256" in runs:
        runs["mod_auth_openidc RS256 distinct"] = arena.distinct("/oidc", "RS256", seconds)
    return runs


def section_gate(seconds, rounds):
    """A static file behind the gate."""
    section = Section("The gate")
    section.say("The same static file, open, behind the authorizer as shipped, and behind mod_auth_openidc "
                "(`AuthType oauth20`), a module inside Apache that asks no other process. The authorizer "
                "is one: a round trip to it for each request is the price of needing no module, and of "
                "keys that Apache never sees. lighttpd has nothing to compare.")
    for server in "apache", "lighttpd":
        with Arena(server, "fastcgi") as arena:
            rows = ratio_rows(measure.between(gate_runs(arena, seconds),
                                              lambda name: "file without a gate", rounds))
        show(section, f"gate-{server}", rows, f"{NAMES[server].split()[0]}, static file")
    return section


def section_latency(seconds, rounds):
    """p99 at 16 clients, as shipped."""
    section = Section("Latency")
    section.say(f"{CLIENTS} clients, one token each time, the shipped configuration, warm as `make start` "
                "leaves it. mod_fcgid sleeps one second whenever it finds no free process; the shipped "
                "limits leave room for more processes than requests at once.")
    arenas = {}
    try:
        for name, server, mode in (("Apache mod_fcgid", "apache", "fastcgi"),
                                   ("Apache mod_proxy_fcgi", "apache", "proxy_fcgi"),
                                   ("lighttpd", "lighttpd", "fastcgi")):
            arenas[name] = Arena(server, mode)
            arenas[name].start()
        results = measure.interleave({name: arena.repeated("/protected", "HS256", seconds)
                                      for name, arena in arenas.items()}, rounds)
    finally:
        for arena in arenas.values():
            arena.stop()
    rows = []
    for name, runs in results.items():
        p99 = sorted(run["p99"] for run in runs)
        middle = measure.median(p99)
        rows.append([name, f"{middle:.1f}", f"{p99[0]:.1f}–{p99[-1]:.1f}",
                     f"{measure.median([run['rps'] for run in runs]):,.0f}"])
        section.target(f"p99 at {CLIENTS} clients, {name}, ms", middle, "< 10", most=10,
                       form="{:.1f}")
    section.table(["as shipped", "p99 ms", "range", "requests/s"], rows)
    return section
