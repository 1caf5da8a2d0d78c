"""Every cell of matrix.py on a running stack. Each phase prepares all its users and credentials,
does all its actions, and checks everything one second later. An action that would disturb others
has its own phase."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import actions
import matrix
from client import json_login
from credentials import Credentials
from servers import TREE, end_stack, start_stack

CLIENTS = 6
CELLS = [(row.key, column.key) for row in matrix.ROWS for column in matrix.COLUMNS
         if column.key in row.cells]


def make_names_wait(stack, users):
    """Somebody has guessed at these names until they have to wait."""
    for user in users:
        json_login(stack, user.name, "a wrong guess")
    names = ",".join(f"'{user.name}'" for user in users)
    stack.sql("update doorward.attempts set level = level + 100 where bucket in (select"
              f" doorward.bucket_user(id) from doorward.users where name in ({names}) union"
              f" select doorward.bucket_name(n) from unnest(array[{names}]) n)")


class Matrix:
    """The words of all cells, tried phase by phase."""

    def __init__(self, stack):
        self.stack, self.words = stack, {}
        self.pool = ThreadPoolExecutor(CLIENTS)

    def run(self):
        """All of it. The first two phases change neither secret nor key for the others. One of
        them loses the revocation file, without which nobody could be prepared."""
        early = self.prepare([row for row in matrix.ROWS if row.phase < 2])
        for phase in sorted({row.phase for row in matrix.ROWS}):
            rows = [row for row in matrix.ROWS if row.phase == phase]
            users = {row.key: early[row.key] for row in rows if row.key in early} \
                or self.prepare(rows)
            for key, user in users.items():
                self.words[key] = actions.do(self.stack, user)
            time.sleep(1)
            users.update({row.key: users[row.at_hand].beside(row) for row in rows if row.at_hand})
            self.check(users, lambda column: column.key not in matrix.DEVICES)
            if any("device" in row.cells for row in rows):
                make_names_wait(self.stack, users.values())
                self.check(users, lambda column: column.key in matrix.DEVICES)

    def prepare(self, rows):
        """A user with everything for each row."""
        rows = [row for row in rows if not row.at_hand]
        users = self.pool.map(lambda row: Credentials(self.stack, row), rows)
        return {user.row.key: user for user in users}

    def check(self, users, wanted):
        """Every row's cells in the order of the columns, the rows side by side."""
        def one(user):
            for column in filter(wanted, matrix.COLUMNS):
                if column.key in user.row.cells:
                    self.words[user.row.key, column.key] = user.word(column.key)
        list(self.pool.map(one, users.values()))


@pytest.fixture(scope="module", name="words")
def _words():
    stack = start_stack("apache", "fastcgi", token_life="8m", refresh_grace="2m")
    try:
        tried = Matrix(stack)
        tried.run()
        yield tried.words
    finally:
        end_stack(stack)


@pytest.mark.parametrize("row, column", CELLS, ids=["::".join(cell) for cell in CELLS])
def test_holds_a_second_later(words, row, column):
    [wanted] = [r.cells[column] for r in matrix.ROWS if r.key == row]
    assert words[row, column] == wanted


@pytest.mark.parametrize("row", [row.key for row in matrix.ROWS if not row.at_hand])
def test_an_action_says_what_is_true(words, row):
    """Also where it cannot be done: the first try of …-again."""
    assert words[row] == (["not done", "done"] if row.endswith("-again") else ["done"])


def test_the_page_is_current():
    """`make manual` writes it."""
    with open(f"{TREE}/doc/reference/matrix.md", encoding="utf-8") as f:
        assert f.read() == matrix.page()
