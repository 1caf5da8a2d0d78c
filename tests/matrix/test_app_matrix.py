"""Every cell of app_matrix.py on a running stack."""

import os

import pytest

import app_credentials
import app_matrix
from servers import end_stack, start_stack
from trying import Matrix

CELLS = [(row.key, column.key) for row in app_matrix.ROWS for column in app_matrix.COLUMNS
         if column.key in row.cells]


@pytest.fixture(scope="module", name="words")
def _words():
    stack = start_stack("apache", "fastcgi", token_life="8m", refresh_grace="2m",
                        rule=["/members/app scope openid"])
    try:
        os.makedirs(f"{stack.members}/app")
        with open(f"{stack.members}/app/index.html", "w", encoding="utf-8") as f:
            f.write("inside\n")
        app_credentials.SHARED[stack] = app_credentials.made(stack, app_matrix.ROWS[0])
        tried = Matrix(stack, app_matrix, app_credentials.AppCredentials)
        tried.run()
        yield tried.words
    finally:
        end_stack(stack)


@pytest.mark.parametrize("row, column", CELLS, ids=["::".join(cell) for cell in CELLS])
def test_what_an_app_holds_a_second_later(words, row, column):
    [wanted] = [r.cells[column] for r in app_matrix.ROWS if r.key == row]
    assert words[row, column] == wanted


@pytest.mark.parametrize("row", [row.key for row in app_matrix.ROWS])
def test_an_action_says_what_is_true(words, row):
    assert words[row] == (["not done", "done"] if row.endswith("-again") else ["done"])
