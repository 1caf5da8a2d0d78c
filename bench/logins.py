"""What a login costs, and what of it is not the password's hash."""

import json
import os
import re
import shutil
import tempfile
import time

import peers
import worker
from arena import free_port
from report import Section
from stack import Stack

PASSWORD = "correct-horse-battery-9"
USERS = [1000, 100000, 1000000]
TOP = """select calls, total_exec_time, rows, regexp_replace(query, '\\s+', ' ', 'g')
from pg_stat_statements where calls >= {least} and query !~ 'pg_stat_statements'
order by total_exec_time desc"""


class Database:
    """PostgreSQL, the settings and the keys, without a web server; durable, as it is in use."""

    def __enter__(self):
        self.directory = tempfile.mkdtemp(prefix="dwl-", dir="/var/tmp")
        os.chmod(self.directory, 0o755)
        stack = self.stack = Stack(self.directory, port=free_port())
        stack.postgres.options = {"shared_preload_libraries": "pg_stat_statements",
                                  "pg_stat_statements.track": "top"}
        stack.prepare()
        try:
            stack.postgres.create()
            stack.start_database()
            stack.postgres.create_database()
            stack.doorward("db", "migrate")
            stack.doorward("key", "new")
            stack.doorward("revocations", "publish")
            stack.postgres.sql("create extension pg_stat_statements", database="doorward")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stack.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def admin(self, text):
        """SQL as the superuser."""
        return self.stack.postgres.sql(text, database="doorward")

    def fill(self, n):
        """Up to n users, with an Argon2id hash that nobody uses."""
        have = int(self.stack.sql("select count(*) from doorward.users").strip() or 0)
        self.stack.sql(f"""insert into doorward.users (name, password_hash, password_at, created_at)
            select 'user-' || i, '$argon2id$v=19$m=19456,t=2,p=1$' || repeat('a', 22) || '$'
                || repeat('b', 43), now(), now() from generate_series({have}, {n - 1}) i""")
        self.stack.sql("vacuum analyze doorward.users")

    def backend_ns(self):
        """CPU time of the programs' server processes so far."""
        pids = self.admin("select pid from pg_stat_activity where usename = 'doorward_login'")
        return sum(schedule_ns(pid) for pid in pids.split())


def schedule_ns(pid):
    """CPU time of a process."""
    with open(f"/proc/{pid}/schedstat", encoding="ascii") as f:
        return int(f.read().split()[0])


def login_request(name):
    """POST /login with JSON."""
    body = json.dumps({"username": name, "password": PASSWORD}).encode()
    return worker.request(body=body, REQUEST_METHOD="POST", REQUEST_URI="/login",
                          SCRIPT_NAME="/login", CONTENT_TYPE="application/json")


def run(db, users, n):
    """n logins in turn of several users by one process; milliseconds each, by part."""
    shim = f"{peers.BENCH}/hashtime.so"
    program = f"{db.stack.build}/login.fcgi"
    requests = [login_request(name) for name in users]
    with worker.Worker(program, db.stack.conf, ["env", f"LD_PRELOAD={shim}"]) as w:
        for request in requests:
            w.must(request)
        hashed = hash_time(w)
        db.admin("select pg_stat_statements_reset()")
        cpu, backend, started = w.cpu_ns(), db.backend_ns(), time.monotonic()
        for i in range(n):
            w.must(requests[i % len(requests)])
        wall = (time.monotonic() - started) * 1e9
        cpu, backend = w.cpu_ns() - cpu, db.backend_ns() - backend
        after = hash_time(w)
    hash_cpu, hash_wall = after[1] - hashed[1], after[2] - hashed[2]
    ms = 1e6 * n
    return {"hash cpu": hash_cpu / ms, "hash wall": hash_wall / ms, "cpu": cpu / ms,
            "backend": backend / ms, "wall": wall / ms,
            "rest cpu": (cpu - hash_cpu + backend) / ms, "rest wall": (wall - hash_wall) / ms,
            "statements": statements(db, n)}


def hash_time(w):
    """Calls, CPU ns, wall ns of the shim's last line."""
    return [int(x) for x in re.findall(r"^hashtime (\d+) (\d+) (\d+)$", w.log(), re.M)[-1]]


def statements(db, n):
    """(calls a login, ms a login, text) of what PostgreSQL did for them."""
    rows = [line.split("|", 3) for line in db.admin(TOP.format(least=n // 2)).splitlines() if line]
    return [(int(calls) / n, float(ms) / n, text.strip()) for calls, ms, _, text in rows]


def section(n=120):
    """The whole section."""
    page = Section("Login")
    page.say("`POST /login` with JSON, Argon2id at 19 MiB and t = 2, one process over FastCGI, PostgreSQL on a unix "
             "socket and durable (fsync). The hash is measured inside the same logins, so its share does "
             "not depend on what else the machine does. The rest is everything else: FastCGI, JSON, two statements, "
             "the signature, and the CPU time of PostgreSQL's process.")
    if peers.compile_c("hashtime", "-shared", "-fPIC", "-ldl") is None:
        page.say("This could not be measured: no compiler.")
        return page
    os.replace(f"{peers.BENCH}/hashtime", f"{peers.BENCH}/hashtime.so")
    rows = []
    names = [f"bench-{i}" for i in range(8)]
    with Database() as db:
        for name in names:
            db.stack.add_user(name, PASSWORD, "member")
        db.stack.sql("UPDATE doorward.throttle SET free = 1000000 WHERE kind = 'success'")
        for users in USERS:
            db.fill(users)
            rows.append((users, run(db, names, n)))
    show(page, rows)
    return page


def show(page, rows):
    """Tables and targets."""
    page.table(["users", "hash CPU ms", "rest CPU ms", "of it PostgreSQL", "rest / hash",
                "login, wall ms", "rest, wall ms"],
               [[f"{users:,}", f"{r['hash cpu']:.2f}", f"{r['rest cpu']:.2f}", f"{r['backend']:.2f}",
                 f"{r['rest cpu'] / r['hash cpu']:.1%}", f"{r['wall']:.2f}", f"{r['rest wall']:.2f}"]
                for users, r in rows])
    first, last = rows[0][1], rows[-1][1]
    page.table(["pg_stat_statements, a login", "calls", "ms"],
               [[f"`{text[:70]}`", f"{calls:.1f}", f"{ms:.3f}"]
                for calls, ms, text in last["statements"]])
    work = [sum(ms for _, ms, _ in r["statements"]) for _, r in rows]
    page.say(f"Statements took {' / '.join(f'{ms:.3f}' for ms in work)} ms a login with "
             f"{' / '.join(f'{users:,}' for users, _ in rows)} users.")
    page.target("login: CPU of everything but the hash, share of the hash",
                first["rest cpu"] / first["hash cpu"], "≤ 3 %", most=0.03, form="{:.1%}",
                why="most of it is PostgreSQL's: six tables and ten index entries written, three foreign "
                "keys checked and two commits, in two prepared statements, by a process whose caches the hash "
                "has emptied")
    page.target("login: the same without PostgreSQL's process",
                (first["cpu"] - first["hash cpu"]) / first["hash cpu"], "≤ 3 %", most=0.03,
                form="{:.1%}", why="after a hash of 19 MiB every cache is cold")
    page.target("login: round trips to PostgreSQL", sum(calls for calls, _, _ in first["statements"]),
                "2", most=2.05, form="{:.1f}")
    page.target("logins a second and core (CPU of login and PostgreSQL)",
                1000 / (first["cpu"] + first["backend"]), "≥ 50", least=50, form="{:.0f}",
                why=f"the hash alone takes {first['hash cpu']:.0f} ms")
    page.target("growth: PostgreSQL's time a login, 10⁶ over 10³ users", work[-1] / work[0],
                "≤ 1.5", most=1.5)
