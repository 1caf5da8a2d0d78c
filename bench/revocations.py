"""make bench-revocations: what 100,000 ended tokens of programs cost: a look-up, a start under
plain CGI, and a publication. Writes doc/reference/benchmarks-revocations.md."""

import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, f"{HERE}/../tools", f"{HERE}/../tests/support"]

# pylint: disable=wrong-import-position
import measure
import peers
import report
import revoked
from arena import write_revocations
from logins import Database
from programs import Site, cgi_environment, program_of
from stack.stack import TREE

PAGE = "doc/reference/benchmarks-revocations.md"
SIDS = [1, 100, 20000]  # that are asked for one after the other
FEW, MANY, STARTS, PUBLICATIONS = 100, 100000, 60, 15
LOOKUP, START, PUBLISH = 1.1, 1.2, 50  # times, times, ms
DAY = 86400


def lookups(program, site, sids):
    """ns with FEW and with MANY, and the median of the turns' ratios."""
    places = [f"{site.directory}/few", f"{site.directory}/many"]
    done = subprocess.run([program, "lookup", *places, str(sids)], capture_output=True, text=True,
                          check=True)
    turns = [tuple(map(float, line.split())) for line in done.stdout.splitlines()]
    return [measure.median(column) for column in zip(*turns)], \
        measure.median([many / few for few, many in turns])


def starts(site):
    """CPU ms of a start with FEW and with MANY, and the median of the pairs' ratios."""
    place = f"{TREE}/build/portable/protected.fcgi"
    program = place if os.path.exists(place) else program_of("protected")
    asked = [([program], cgi_environment(site.conf(name, revocation_file=name),
                                         site.keys.token("HS256"))) for name in ("few", "many")]
    for one in asked:
        measure.cpu_of_start(*one)
    pairs = [[measure.cpu_of_start(*one) * 1000 for one in asked] for _ in range(STARTS)]
    return [measure.median(column) for column in zip(*pairs)], \
        measure.median([many / few for few, many in pairs]), os.path.dirname(program)


class Publisher:
    """A process that publishes whenever it is told to."""

    def __init__(self, program, db):
        stack = db.stack
        self.db = db
        self.path = f"{db.directory}/run/revocations"
        self.process = subprocess.Popen(
            [program, "publish", stack.postgres.conninfo("doorward"), self.path],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def after(self, until):
        """ms of a publication after one more was listed, until so many seconds from now."""
        self.db.stack.sql("insert into doorward.revocations (sid, until) values"
                          f" (gen_random_uuid(), now() + interval '{until} s')")
        before = len(revoked.records(self.path))
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        ms = float(self.process.stdout.readline())
        assert len(revoked.records(self.path)) == before + 1
        return ms

    def close(self):
        """The end."""
        self.process.stdin.close()
        self.process.wait(20)


def publications(program):
    """ms of a publication by what ended: a login, a program's token; and of the whole command."""
    with Database() as db:
        db.stack.sql(
            "alter table doorward.revocations disable trigger revocations_listed;"
            " insert into doorward.revocations (sid, until, listed_at) select gen_random_uuid(),"
            f" now() + interval '300 days', now() - make_interval(secs => i * 300) from"
            f" generate_series(1, {MANY}) i;"
            " alter table doorward.revocations enable trigger revocations_listed;")
        db.stack.sql("vacuum analyze doorward.revocations")
        whole = []
        for _ in range(5):
            began = time.perf_counter()
            db.stack.doorward("revocations", "publish")
            whole.append((time.perf_counter() - began) * 1000)
        publisher = Publisher(program, db)
        publisher.after(DAY)
        taken = [[publisher.after(until) for _ in range(PUBLICATIONS)]
                 for until in (DAY, 365 * DAY)]
        publisher.close()
    return [(measure.median(each), min(each)) for each in (*taken, whole)]


def page(figures, load):
    """The words and the table."""
    (start_few, start_many), start_ratio, program = figures["start"]
    login, token, whole = figures["publish"]
    kind = "portable " if program.endswith("portable") else ""
    section = report.Section("With 100,000 ended tokens of programs")
    section.say(f"Both revocation files hold {FEW} or {MANY:,} entries. A look-up is one call of "
                "revocations_check with a sid that is not listed, with its two system calls; the two "
                "sizes take turns. A browser or a client asks for the same one again and again. With "
                f"20,000 in turn, each is looked for in memory that is in no cache. A start is the CPU time of the {kind}protected as plain CGI, from "
                "fork to exit, with a good token. A publication is one call of revocations_publish after "
                "one session or token has ended: the question to PostgreSQL, the comparison, and the "
                "file that is written and synced. The command asks for everything, and its time has its "
                "start and its connection in it. If the load average is far above 0, others used the "
                f"machine as well, and the fastest of {PUBLICATIONS} publications says what one takes. "
                f"Load average of the machine's {os.cpu_count()} "
                f"processors meanwhile: {load:.1f}.")
    section.table(["what", f"{FEW} entries", f"{MANY:,} entries", "times", "at most"], [
        *([f"look-up, ns, {sids:,} sid{'s' * (sids > 1)} in turn",
           *(f"{ns:.0f}" for ns in figures[sids][0]), f"{figures[sids][1]:.2f}",
           f"{LOOKUP}" if sids == 1 else ""] for sids in SIDS),
        ["plain CGI, CPU ms", f"{start_few:.2f}", f"{start_many:.2f}", f"{start_ratio:.2f}",
         f"{START}"]])
    section.table([f"publication with {MANY:,} entries", "ms, median", "ms, fastest", "at most"], [
        [what, *(f"{ms:.1f}" for ms in taken), most] for what, taken, most in (
            ("after a logout", login, PUBLISH),
            ("after the end of a program's token", token, PUBLISH),
            ("`doorward revocations publish`, everything", whole, ""))])
    return section


def main():
    """Measure, write the page, and fail if it is too slow."""
    program = peers.compile_c("revoked", f"{TREE}/build/libauth.a", "-ljansson", "-lcrypto", "-lpq",
                              "-lsodium", "-lcrypt", "-lzxcvbn", "-lm")
    with Site() as site:
        for name, n in ("few", FEW), ("many", MANY):
            write_revocations(f"{site.directory}/{name}", n)
        figures = {sids: lookups(program, site, sids) for sids in SIDS}
        figures["start"] = starts(site)
    figures["publish"] = publications(program)
    section = page(figures, os.getloadavg()[0])
    with open(f"{TREE}/{PAGE}", "w", encoding="utf-8") as f:
        f.write(report.wrapped("# Revocations, measured\n\n`make bench-revocations` writes this page; do"
                               " not edit it.\n\n" + section.text()))
    print(section.text())
    good = figures[1][1] <= LOOKUP and figures["start"][1] <= START and \
        max(fastest for _, fastest in figures["publish"][:2]) <= PUBLISH
    sys.exit(0 if good else "bench-revocations: too slow")


if __name__ == "__main__":
    main()
