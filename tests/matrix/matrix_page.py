"""Writes doc/reference/matrix.md, all tables: python3 tests/matrix/matrix_page.py."""

import textwrap

import app_matrix
import factor_matrix
import matrix


def page():
    """doc/reference/matrix.md."""
    lines = ["# What an action does to what is alive", "",
             "Made from `tests/matrix` by `make manual`; `make test` tries every cell. Each line is an",
             "action, each column a credential that was good before, shown to an address. A cell says what",
             "holds one second later.", "", "| word | what it means |", "|---|---|"]
    lines += words(matrix.WORDS)
    for title, part in (("Access tokens", matrix.ACCESS), ("A program's token", matrix.SCRIPTS), ("Renewal", matrix.RENEWAL + matrix.OVER_AFTER),
                        ("Logout", matrix.LOGOUT), ("Devices and forms", matrix.LOGIN + ["account-form"]),
                        ("Links", matrix.LINKS)):
        lines += ["", f"## {title}", "", *table(part)]
    lines += ["", "## Second factors", "",
              "Of users with an app for one-time codes and recovery codes. The words mean here:", "",
              "| word | what it means |", "|---|---|", *words(factor_matrix.WORDS), "",
              *table([c.key for c in factor_matrix.COLUMNS], factor_matrix)]
    lines += ["", "## Apps", "",
              "Of users who have signed in with apps: clients of the OpenID provider that have a secret,",
              "and whose consent is remembered. The words mean here:", "",
              "| word | what it means |", "|---|---|", *words(app_matrix.WORDS)]
    for part in app_matrix.CODES + app_matrix.REFRESH, app_matrix.USERINFO + app_matrix.GATE, \
            ["consent", "request"]:
        lines += ["", *table(part, app_matrix)]
    hows = {row.title: row.how for row in [*matrix.ROWS, *factor_matrix.ROWS, *app_matrix.ROWS]}
    lines += ["", "## How each action is done", "", "| action | how |", "|---|---|"]
    lines += [f"| {title} | {how} |" for title, how in hows.items()]
    return "\n".join(lines) + "\n"


def words(of):
    """Rows that say what each word means."""
    return [f"| {word} | {meaning} |" for word, meaning in of.items()]


def table(part, of=matrix):
    """One table of the page: the columns of `part`, and what surprises below it."""
    columns = [c for c in of.COLUMNS if c.key in part]
    lines = ["| after | " + " | ".join(f"{c.credential}, {c.endpoint}" for c in columns) + " |",
             "|---" * (len(columns) + 1) + "|"]
    notes = []
    for row in of.ROWS:
        if not any(c.key in row.cells for c in columns):
            continue
        line = [row.title + note(row.why.get(""), notes)]
        line += [row.cells.get(c.key, "") + note(row.why.get(c.key), notes) for c in columns]
        lines.append("| " + " | ".join(line) + " |")
    for i, text in enumerate(notes, 1):
        lines += ([""] if i == 1 else []) + textwrap.wrap(f"{i}. {text}", 98, subsequent_indent="   ",
                                                          break_on_hyphens=False)
    return lines


def note(text, notes):
    """A mark for a sentence below the table."""
    if not text:
        return ""
    if text not in notes:
        notes.append(text)
    return f" ({notes.index(text) + 1})"


if __name__ == "__main__":
    print(page(), end="")
