"""Every cell of factor_matrix.py on a running stack."""

import os

import pytest

import factor_matrix
from factor_credentials import FactorCredentials
from servers import end_stack, start_stack
from trying import Matrix

CELLS = [(row.key, column.key) for row in factor_matrix.ROWS for column in factor_matrix.COLUMNS
         if column.key in row.cells]


@pytest.fixture(scope="module", name="words")
def _words():
    stack = start_stack("apache", "fastcgi", token_life="8m", registration="invited",
                        rule=["/members/strong factor"])
    try:
        os.makedirs(f"{stack.members}/strong")
        with open(f"{stack.members}/strong/index.html", "w", encoding="utf-8") as f:
            f.write("inside\n")
        tried = Matrix(stack, factor_matrix, FactorCredentials)
        tried.run()
        yield tried.words
    finally:
        end_stack(stack)


@pytest.mark.parametrize("row, column", CELLS, ids=["::".join(cell) for cell in CELLS])
def test_a_factor_holds_a_second_later(words, row, column):
    [wanted] = [r.cells[column] for r in factor_matrix.ROWS if r.key == row]
    assert words[row, column] == wanted


@pytest.mark.parametrize("row", [row.key for row in factor_matrix.ROWS])
def test_an_action_was_done(words, row):
    assert words[row] == ["done"]
