"""Every cell of matrix.py on a running stack: all users and credentials are prepared, all actions
of a phase done, a second later all is checked. What would disturb the others has a later phase."""

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
    names = ",".join(f"doorward.bucket_name('{user.name}')" for user in users)
    stack.sql(f"update doorward.attempts set level = level + 100 where bucket in ({names})")


class Matrix:
    """The words of all cells, tried phase by phase."""

    def __init__(self, stack):
        self.stack, self.words = stack, {}
        self.pool = ThreadPoolExecutor(CLIENTS)
        self.users = {user.row.key: user for user in self.pool.map(
            lambda row: Credentials(stack, row), (row for row in matrix.ROWS if not row.at_hand))}

    def run(self):
        """All of it."""
        for phase in sorted({row.phase for row in matrix.ROWS}):
            rows = [row for row in matrix.ROWS if row.phase == phase]
            users = [self.users[row.key] for row in rows if not row.at_hand]
            list(self.pool.map(Credentials.use_refresh_tokens, users))
            for user in users:
                self.words[user.row.key] = actions.do(self.stack, user)
            for row in rows:
                if row.at_hand:
                    self.users[row.key] = self.users[row.at_hand].beside(row)
            time.sleep(1)
            self.check(rows, lambda column: column.key not in matrix.DEVICES)
            if any("device" in row.cells for row in rows):
                make_names_wait(self.stack, users)
                self.check(rows, lambda column: column.key in matrix.DEVICES)

    def check(self, rows, wanted):
        """Every row's cells in the order of the columns, the rows side by side."""
        def one(row):
            for column in filter(wanted, matrix.COLUMNS):
                if column.key in row.cells:
                    self.words[row.key, column.key] = self.users[row.key].word(column.key)
        list(self.pool.map(one, rows))


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
    with open(f"{TREE}/doc/matrix.md", encoding="utf-8") as f:
        assert f.read() == matrix.page()
