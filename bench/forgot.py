"""make bench-forgot: does the time of /account/forgot tell whether there is such an account, and
which statements does each step of a link take? Writes doc/reference/benchmarks-forgot.md."""

import html
import itertools
import os
import random
import re
import subprocess
import sys
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, f"{HERE}/../tools", f"{HERE}/../tests/support"]

# pylint: disable=wrong-import-position
import measure
import report
import worker
from links import add_user, make_link
from logins import Database
from stack.stack import TREE

PAGE = "doc/reference/benchmarks-forgot.md"
EACH = 300
STEPS = 20  # of each step, one after the other
PASSWORD = "otters sleep on their backs"
# Two arms of each kind: what differs between two of one kind is noise.
ARMS = {"known": "known", "known, once more": "known", "unknown": "unknown",
        "unknown, once more": "unknown"}


class Visitor:
    """A browser, as far as the account program can tell."""

    def __init__(self, process, site):
        self.process, self.site, self.cookies = process, site, {}

    def ask(self, method, path, **fields):
        """Seconds, and the answer."""
        uri, _, query = path.partition("?")
        body = urllib.parse.urlencode(fields).encode() if method == "POST" else b""
        request = worker.request(
            body=body, REQUEST_METHOD=method, REQUEST_URI=path, QUERY_STRING=query,
            SCRIPT_NAME="/account", PATH_INFO=uri[len("/account"):], HTTP_ACCEPT="text/html",
            HTTP_COOKIE="; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            HTTP_SEC_FETCH_SITE="same-origin", HTTP_ORIGIN=self.site,
            CONTENT_TYPE="application/x-www-form-urlencoded")
        started = time.perf_counter()
        answer = self.process.send(request)
        took = time.perf_counter() - started
        text = answer.decode("utf-8", "replace")
        for name, value in re.findall(r"^Set-Cookie: ([^=]+)=([^;]*)", text, re.M):
            self.cookies[name] = value
        return took, text

    def form(self, path):
        """The token of the form there."""
        _, text = self.ask("GET", path)
        assert "form_token" in text, text
        return html.unescape(re.search(r'name="form_token" value="([^"]*)"', text)[1])


def status(text):
    """Of an answer."""
    return int(re.search(r"Status: (\d+)", text)[1])


def timed(db, visitor):
    """Arm: the seconds of each of its requests; all are interleaved, in an order of chance."""
    names = {"known": [add_user(db.stack) for _ in range(10)],
             "unknown": [f"u{random.randrange(16 ** 10):010x}" for _ in range(10)]}
    token, times = visitor.form("/account/forgot"), {arm: [] for arm in ARMS}
    turns = itertools.cycle(range(10))
    for _ in range(EACH + 10):
        for arm in random.sample(list(ARMS), len(ARMS)):
            took, text = visitor.ask("POST", "/account/forgot", form_token=token,
                                     who=names[ARMS[arm]][next(turns)])
            assert status(text) == 303, text
            times[arm].append(took)
    return {arm: all_of[10:] for arm, all_of in times.items()}


# ---- statements ----

def statements(db, role):
    """How many that role has sent, and since when."""
    return int(db.admin("select coalesce(sum(s.calls), 0) from pg_stat_statements s join pg_roles r"
                        f" on r.oid = s.userid where r.rolname = '{role}'"
                        " and s.query !~* '^(begin|commit|set|discard|deallocate|select set_config)'"))


def counted(db, step, role="doorward_account"):
    """Statements a step, of STEPS of them."""
    step()  # the first of a process prepares
    db.admin("select pg_stat_statements_reset()")
    for _ in range(STEPS):
        step()
    return statements(db, role) / STEPS


class Steps:
    """What a person does, one after the other."""

    def __init__(self, db, visitor):
        self.db, self.visitor, self.token = db, visitor, {}
        self.number = itertools.count()
        self.tickets = {kind: iter([self.link(kind) for _ in range(2 * STEPS + 4)])
                        for kind in ("invite", "reset", "verify")}

    def link(self, kind):
        """A new one."""
        if kind == "invite":
            return make_link(self.db.stack, "invite", roles=["member"])
        name = add_user(self.db.stack, verified=kind != "verify")
        return make_link(self.db.stack, kind, name, address=f"{name}@example.org")

    def must(self, wanted, *request, **fields):
        """A request that goes as it has to."""
        _, text = self.visitor.ask(*request, **fields)
        assert status(text) == wanted, text

    def ask(self, page, field):
        """The form of /account/forgot or /account/register."""
        if page not in self.token:
            self.token[page] = self.visitor.form(page)
        self.must(303, "POST", page, form_token=self.token[page],
                  **{field: f"a{next(self.number)}@example.org"})

    def use(self, kind, **fields):
        """Open, look at and use a link; the statements of the first two are counted elsewhere."""
        self.must(303, "GET", f"/account/link?token={next(self.tickets[kind])}")
        token = self.visitor.form("/account/link")
        self.must(303, "POST", "/account/link", form_token=token, **fields)

    def rows(self):
        """(step, statements)."""
        db, ticket = self.db, self.link("reset")
        new = lambda: {"username": f"n{next(self.number)}", "password": PASSWORD}
        yield "`GET /account/forgot`", counted(db, lambda: self.must(200, "GET", "/account/forgot"))
        yield "`POST /account/forgot`", counted(db, lambda: self.ask("/account/forgot", "who"))
        yield "`POST /account/register`", counted(db, lambda: self.ask("/account/register", "address"))
        yield "`GET /account/link?token=…`", counted(
            db, lambda: self.must(303, "GET", f"/account/link?token={ticket}"))
        yield "`GET /account/link`", counted(db, lambda: self.must(200, "GET", "/account/link"))
        token = self.visitor.form("/account/link")
        yield "`POST /account/link`, a password that is too short", counted(
            db, lambda: self.must(422, "POST", "/account/link", form_token=token, password="short"))
        for what, kind, fields in (("an invitation", "invite", new),
                                   ("a new password", "reset", lambda: {"password": PASSWORD}),
                                   ("an address is proved", "verify", dict)):
            whole = counted(db, lambda k=kind, f=fields: self.use(k, **f()))
            yield f"`POST /account/link`, {what}", whole - 2  # the two GETs before it
        yield "`doorward mail send`, a request of a known name and its mail", self.worker()

    def send(self):
        """The worker once; its statements."""
        self.db.admin("select pg_stat_statements_reset()")
        subprocess.run([f"{self.db.stack.directory}/libexec/doorward", "--config",
                        self.db.stack.conf, "mail", "send"], check=True, capture_output=True, cwd="/")
        return statements(self.db, "doorward_mail")

    def worker(self):
        """Statements of the worker for one request and the mail that comes of it."""
        self.send()
        empty = self.send()
        token = self.visitor.form("/account/forgot")
        for name in [add_user(self.db.stack) for _ in range(STEPS)]:
            self.must(303, "POST", "/account/forgot", form_token=token, who=name)
        whole = self.send()
        left = self.db.stack.sql("select (select count(*) from doorward.requests),"
                                 " (select count(*) from doorward.outbox where given_up_at is null)")
        assert left.split() == ["0|0"], left
        return (whole - empty) / STEPS


def page(times, steps):
    """The page."""
    section = report.Section("Does the time tell?")
    ms = {arm: [t * 1000 for t in all_of] for arm, all_of in times.items()}
    section.say(
        f"`POST /account/forgot`, {EACH} of each arm, interleaved in an order of chance: one process over"
        " FastCGI, PostgreSQL on a unix socket and durable (fsync). Two arms are of names that somebody"
        " has, two of names that nobody has. What differs between two arms of one kind (A/A) is noise."
        f" Load average of the machine's {os.cpu_count()} processors meanwhile: {os.getloadavg()[0]:.1f}.")
    section.table(["arm", "median, ms", "quartiles, ms"],
                  [[arm, f"{measure.median(all_of):.3f}",
                    f"{sorted(all_of)[len(all_of) // 4]:.3f} to {sorted(all_of)[3 * len(all_of) // 4]:.3f}"]
                   for arm, all_of in ms.items()])
    median = {arm: measure.median(all_of) for arm, all_of in ms.items()}
    noise = max(abs(median["known"] - median["known, once more"]),
                abs(median["unknown"] - median["unknown, once more"]))
    pooled = {kind: measure.median([t for arm, of in ARMS.items() if of == kind for t in ms[arm]])
              for kind in ("known", "unknown")}
    difference = abs(pooled["known"] - pooled["unknown"])
    section.say(f"Medians of both arms of a kind: known {pooled['known']:.3f} ms, unknown"
                f" {pooled['unknown']:.3f} ms; they differ by {difference * 1000:.1f} µs. A/A:"
                f" {noise * 1000:.1f} µs. The difference is"
                f" {'no greater than' if difference <= noise else '**greater than**'} A/A's.")
    counts = report.Section("Statements of each step")
    counts.say(f"By pg_stat_statements, of the program's own role, {STEPS} of each step.")
    counts.table(["step", "statements"], [[what, f"{n:.1f}"] for what, n in steps])
    return ("# Forgotten passwords and links, measured\n\n`make bench-forgot` writes this page; do not edit it.\n\n"
            + section.text() + "\n" + counts.text())


def main():
    """Measure, and write the page. Other work on the machine should disturb little."""
    if os.geteuid() == 0:
        os.nice(-20)
    with Database() as db:
        db.stack.stop_database()
        db.stack.write_settings(registration="open", password_memory="8M", password_time="1")
        db.stack.start_database()
        db.stack.sql("update doorward.throttle set free = 1000000 where kind = 'request'")
        with worker.Worker(f"{db.stack.directory}/libexec/account.fcgi", db.stack.conf) as process:
            visitor = Visitor(process, db.stack.public_url)
            times = timed(db, visitor)
            db.stack.sql("delete from doorward.requests")
            steps = list(Steps(db, visitor).rows())
    with open(f"{TREE}/{PAGE}", "w", encoding="utf-8") as f:
        f.write(report.wrapped(page(times, steps)))
    print(f"{PAGE} is written")


if __name__ == "__main__":
    main()
