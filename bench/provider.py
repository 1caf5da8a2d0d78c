"""make bench-oauth: what the OpenID provider costs behind an existing session: statements,
signatures and CPU time of authorize, token and userinfo. Writes
doc/reference/benchmarks-oauth.md."""

import os
import re
import sys
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, f"{HERE}/../tools", f"{HERE}/../tests/support"]

# pylint: disable=wrong-import-position
import measure
import peers
import report
import worker
from logins import PASSWORD, Database, login_request, schedule_ns, statements
from oauth import challenge
from stack.stack import TREE

PAGE = "doc/reference/benchmarks-oauth.md"
ROUNDS, TURN = 12, 100
REDIRECT = "https://app.example/callback"
VERIFIER = "v" * 43
ROLE = "doorward_oauth"
# What was asked for: statements and signatures at most, and CPU over that of these.
STATEMENTS = {"authorize": None, "token": None, "authorize and token": 3, "userinfo": 1}
SIGNATURES = 2
TIMES = 2.0


def form(fields):
    """application/x-www-form-urlencoded."""
    return urllib.parse.urlencode(fields)


class Requests:
    """What a browser and a client send."""

    def __init__(self, session, client, secret):
        self.session, self.client, self.secret = session, client, secret

    def authorize(self, _):
        """Of a browser that is signed in."""
        query = form({"response_type": "code", "client_id": self.client, "redirect_uri": REDIRECT,
                      "scope": "openid profile email groups", "state": "af0ifjsldkj",
                      "nonce": "n-0S6_WzA2Mj", "code_challenge": challenge(VERIFIER),
                      "code_challenge_method": "S256"})
        return worker.request(
            REQUEST_URI=f"/oauth/authorize?{query}", QUERY_STRING=query, SCRIPT_NAME="/oauth",
            PATH_INFO="/authorize", HTTP_COOKIE=f"__Host-doorward={self.session}",
            HTTP_ACCEPT="text/html", HTTP_SEC_FETCH_SITE="cross-site",
            HTTP_SEC_FETCH_MODE="navigate", HTTP_SEC_FETCH_DEST="document")

    def token(self, code):
        """Of the client, with its secret in the form."""
        return worker.request(body=form({
            "grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT,
            "code_verifier": VERIFIER, "client_id": self.client,
            "client_secret": self.secret}).encode(), REQUEST_METHOD="POST",
            REQUEST_URI="/oauth/token", SCRIPT_NAME="/oauth", PATH_INFO="/token",
            CONTENT_TYPE="application/x-www-form-urlencoded")

    @staticmethod
    def userinfo(access):
        """Of the client, with a token that was never shown before."""
        return worker.request(access, REQUEST_URI="/oauth/userinfo", SCRIPT_NAME="/oauth",
                              PATH_INFO="/userinfo")


def code_in(answer):
    """Where a browser was led."""
    return re.search(rb"[?&]code=([^&\r]+)", answer)[1].decode()


def token_in(answer):
    """What a client was given."""
    return re.search(rb'"access_token":"([^"]+)"', answer)[1].decode()


def name_in(answer):
    """What userinfo says."""
    return re.search(rb'"preferred_username":"([^"]+)"', answer)[1].decode()


class Turns:
    """Runs of one kind of request, and what each cost."""

    def __init__(self, db, process):
        self.db, self.process = db, process
        self.taken = {}

    def signed(self):
        """Calls and CPU ns of signatures so far."""
        found = re.findall(r"^signtime (\d+) (\d+)$", self.process.log(), re.M)
        return [int(x) for x in found[-1]] if found else [0, 0]

    def counters(self):
        """CPU ns of the program, of PostgreSQL's process; signatures and their CPU ns."""
        pids = self.db.admin(f"select pid from pg_stat_activity where usename = '{ROLE}'")
        return [self.process.cpu_ns(), sum(schedule_ns(pid) for pid in pids.split()),
                *self.signed()]

    def run(self, name, requests, read):
        """Send them all; what `read` finds in each answer."""
        self.db.admin("select pg_stat_statements_reset()")
        before = self.counters()
        answers = [self.process.send(request) for request in requests]
        spent = [(b - a) / len(requests) for a, b in zip(before, self.counters())]
        calls = sum(n for n, _, _ in statements(self.db, len(requests)))
        self.taken.setdefault(name, []).append([*spent, calls])
        return [read(answer) for answer in answers]


def figures(db):
    """name: the median turn's µs of the program and of PostgreSQL, signatures, their µs,
    statements."""
    stack = db.stack
    stack.doorward("key", "new", "--alg", "RS256")
    stack.add_user("ann", PASSWORD, "member")
    printed = stack.doorward("client", "add", "app", "--redirect", REDIRECT, "--consent", "trusted",
                             "--method", "client_secret_post", "--scope",
                             "openid profile email groups")
    secret = re.search(r"^client_secret (.*)$", printed, re.M)[1]
    with worker.Worker(f"{stack.build}/login.fcgi", stack.conf) as login:
        session = token_in(login.send(login_request("ann")))
    asks = Requests(session, "app", secret)
    shim = ["env", f"LD_PRELOAD={peers.BENCH}/signtime.so"]
    with worker.Worker(f"{stack.build}/oauth.fcgi", stack.conf, shim) as process:
        turns = Turns(db, process)
        for number in range(ROUNDS + 1):
            codes = turns.run("authorize", [asks.authorize(i) for i in range(TURN)], code_in)
            given = turns.run("token", [asks.token(code) for code in codes], token_in)
            turns.run("userinfo", [asks.userinfo(one) for one in given], name_in)
            if number == 0:
                turns.taken.clear()  # connections, statements and caches are warm now
    found = {name: [measure.median(column) for column in zip(*runs)]
             for name, runs in turns.taken.items()}
    found["authorize and token"] = [a + b for a, b in zip(found["authorize"], found["token"])]
    return found


def ratio(figure):
    """All CPU over that of the statements and signatures."""
    program, backend, _, signing, _ = figure
    return (program + backend) / (backend + signing)


def show(found, load):
    """The words and the table."""
    section = report.Section("The OpenID provider, behind an existing session")
    section.say("One process of oauth.fcgi over FastCGI, without a web server, and PostgreSQL on a unix "
                f"socket and durable (fsync). {ROUNDS} rounds of {TURN} requests of each kind, the median "
                "round. A browser that is signed in asks for a code, the client exchanges it for an "
                "access token (ES256) and an ID token (RS256, 2,048 bits), and shows the access token "
                "once at userinfo. Statements are counted by pg_stat_statements. Their time is the CPU "
                "time of PostgreSQL's process. Signatures are measured inside the same requests, so the "
                "last column depends little on what else the machine does. It divides all CPU time, of "
                "the program and of PostgreSQL's process, by that of the statements and signatures. "
                f"Load average of the machine's {os.cpu_count()} processors meanwhile: {load:.1f}.")
    section.table(
        ["request", "statements", "at most", "signatures", "at most", "program, CPU µs",
         "of it signatures", "PostgreSQL, CPU µs", "all / statements and signatures", "at most"],
        [[name, f"{found[name][4]:.1f}", most or "", f"{found[name][2]:.1f}",
          SIGNATURES if name == "authorize and token" else "", f"{found[name][0] / 1000:.0f}",
          f"{found[name][3] / 1000:.0f}", f"{found[name][1] / 1000:.0f}",
          f"{ratio(found[name]):.2f}", f"{TIMES:.0f}" if most else ""]
         for name, most in STATEMENTS.items()])
    return section


def is_good(found):
    """Whether all is as it was asked for."""
    return all(found[name][4] <= most + 0.05 and ratio(found[name]) <= TIMES
               for name, most in STATEMENTS.items() if most) and \
        found["authorize and token"][2] <= SIGNATURES


def main():
    """Measure, write the page, and fail if it is too much."""
    if peers.compile_c("signtime", "-shared", "-fPIC", "-ldl") is None:
        sys.exit("bench-oauth: no compiler: tools/deps build bench")
    os.replace(f"{peers.BENCH}/signtime", f"{peers.BENCH}/signtime.so")
    with Database() as db:
        found = figures(db)
    section = show(found, os.getloadavg()[0])
    with open(f"{TREE}/{PAGE}", "w", encoding="utf-8") as f:
        f.write(report.wrapped("# The OpenID provider, measured\n\n`make bench-oauth` writes this page; "
                               "do not edit it.\n\n" + section.text()))
    print(section.text())
    sys.exit(0 if is_good(found) else "bench-oauth: too much")


if __name__ == "__main__":
    main()
