"""Every cell of matrix.py on a running stack."""

import pytest

import matrix
import matrix_page
from credentials import Credentials
from servers import TREE, end_stack, start_stack
from trying import Matrix

CELLS = [(row.key, column.key) for row in matrix.ROWS for column in matrix.COLUMNS
         if column.key in row.cells]


@pytest.fixture(scope="module", name="words")
def _words():
    stack = start_stack("apache", "fastcgi", token_life="8m", refresh_grace="2m")
    try:
        tried = Matrix(stack, matrix, Credentials)
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
        assert f.read() == matrix_page.page()
