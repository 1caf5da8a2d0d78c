"""Tries every cell of a table of the matrix on a running stack. Each phase prepares all its users
and credentials, does all its actions, and checks everything one second later. An action that would
disturb others has its own phase."""

import time
from concurrent.futures import ThreadPoolExecutor

import actions
from client import json_login

CLIENTS = 6


def make_names_wait(stack, users):
    """Somebody has guessed at these names until they have to wait."""
    for user in users:
        json_login(stack, user.name, "a wrong guess")
    names = ",".join(f"'{user.name}'" for user in users)
    stack.sql("update doorward.attempts set level = level + 100 where bucket in (select"
              f" doorward.bucket_user(id) from doorward.users where name in ({names}) union"
              f" select doorward.bucket_name(n) from unnest(array[{names}]) n)")


class Matrix:
    """The words of all cells of a table, tried phase by phase. `credentials` makes a user with
    everything for a row."""

    def __init__(self, stack, table, credentials):
        self.stack, self.words = stack, {}
        self.table, self.credentials = table, credentials
        self.pool = ThreadPoolExecutor(CLIENTS)

    def run(self):
        """All of it. The first two phases change neither secret nor key for the others. One of
        them loses the revocation file, without which nobody could be prepared."""
        early = self.prepare([row for row in self.table.ROWS if row.phase < 2])
        for phase in sorted({row.phase for row in self.table.ROWS}):
            rows = [row for row in self.table.ROWS if row.phase == phase]
            users = {row.key: early[row.key] for row in rows if row.key in early} \
                or self.prepare(rows)
            for key, user in users.items():
                self.words[key] = actions.do(self.stack, user)
            time.sleep(1)
            users.update({row.key: users[row.at_hand].beside(row) for row in rows if row.at_hand})
            self.check(users, lambda column: column.key not in self.table.DEVICES)
            if any("device" in row.cells for row in rows):
                make_names_wait(self.stack, users.values())
                self.check(users, lambda column: column.key in self.table.DEVICES)

    def prepare(self, rows):
        """A user with everything for each row."""
        rows = [row for row in rows if not row.at_hand]
        users = self.pool.map(lambda row: self.credentials(self.stack, row), rows)
        return {user.row.key: user for user in users}

    def check(self, users, wanted):
        """Every row's cells in the order of the columns, the rows side by side."""
        def one(user):
            for column in filter(wanted, self.table.COLUMNS):
                if column.key in user.row.cells:
                    self.words[user.row.key, column.key] = user.word(column.key)
        list(self.pool.map(one, users.values()))
