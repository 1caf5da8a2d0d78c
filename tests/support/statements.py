"""The statements that a program sends to PostgreSQL, counted from the server's log."""

import re


class Statements:
    """Of one role, on a stack of the test's own: it logs every statement from now on."""

    def __init__(self, stack, role="doorward_login"):
        self.log = f"{stack.log}/postgresql.log"
        self.pattern = re.compile(rf"^{role} LOG:  (?:execute|statement)", re.M)
        for setting in ("log_statement = 'all'", "log_line_prefix = '%u '"):
            stack.postgres.sql(f"ALTER SYSTEM SET {setting}")
        stack.postgres.sql("SELECT pg_reload_conf()")
        self.seen = 0

    def count(self):
        """Since the last call."""
        with open(self.log, encoding="utf-8", errors="replace") as f:
            total = len(self.pattern.findall(f.read()))
        new, self.seen = total - self.seen, total
        return new
