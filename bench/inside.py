"""In the process: what one verification costs, beside OpenSSL alone and libjwt."""

import json
import subprocess

import measure
import peers
import svg
from keys import ALGORITHMS
from report import Section


def run(turns):
    """inprocess.c's figures, or None where it cannot be built (no libjwt)."""
    program = peers.compile_c("inprocess", f"{peers.TREE}/build/libauth.a", "-ljwt", "-ljansson",
                              "-lcrypto", "-lm")
    if program is None:
        return None
    done = subprocess.run([program, str(turns)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def ratio(figures, one, other):
    """The median of the turns' ratios: two operations of a turn ran one after the other."""
    return measure.median([a / b for a, b in zip(figures[one], figures[other])])


def quartiles(turns):
    """The middle half, in µs."""
    ordered = sorted(turns)
    return ordered[len(ordered) // 4] / 1000, ordered[-1 - len(ordered) // 4] / 1000


def section(turns):
    """Table, plot and targets."""
    page = Section("In the process")
    page.say("One verification: parse, verify the signature, check iss, aud, exp and typ, take the claims. Bare: "
             "OpenSSL's verification of the same bytes and nothing else. libjwt 1.10 does the same work less "
             "strictly (no duplicate names, no typ) and reads a PEM key each time, which is how it is used. A cache "
             "hit includes the look at the revocation files, two system calls.")
    figures = run(turns)
    if figures is None:
        page.say("This could not be built: libjwt-dev is missing.")
        return page
    page.table(["operation", "µs", "quartiles"], [
        [name, f"{measure.median(turns) / 1000:.2f}", "{:.2f}–{:.2f}".format(*quartiles(turns))]
        for name, turns in figures.items()])
    rows = []
    for alg in ALGORITHMS:
        rows.append([alg, f"{ratio(figures, f'{alg} complete', f'{alg} bare OpenSSL'):.2f}",
                     f"{ratio(figures, f'{alg} libjwt', f'{alg} complete'):.1f}"
                     if f"{alg} libjwt" in figures else "not in it"])
    page.table(["algorithm", "× bare OpenSSL", "libjwt takes × ours"], rows)
    page.plot("inprocess", svg.bars("HS256 in the process, µs", [
        (label, measure.median(figures[name]) / 1000, *quartiles(figures[name]))
        for label, name in (("libjwt, complete", "HS256 libjwt"),
                            ("Doorward, complete", "HS256 complete"),
                            ("Jansson's share of it", "HS256 JSON of header and claims"),
                            ("bare HMAC", "HS256 bare OpenSSL"),
                            ("Doorward, cache hit", "HS256 cache hit"))]))
    page.target("HS256 complete, × libjwt's time", ratio(figures, "HS256 complete", "HS256 libjwt"),
                "≤ 1.0", most=1.0)
    for alg in ALGORITHMS[1:]:
        page.target(f"{alg} complete, × OpenSSL's bare verify",
                    ratio(figures, f"{alg} complete", f"{alg} bare OpenSSL"), "≤ 1.15", most=1.15,
                    why="Jansson alone is more than 15 % of so fast a verification"
                    if alg == "RS256" else "")
    look = measure.median(figures["HS256 look at the file alone"]) / 1000
    page.target("cache hit, µs", measure.median(figures["HS256 cache hit"]) / 1000, "< 1.5", most=1.5,
                why=f"{look:.2f} of it are the system calls that look at the revocation files")
    return page
