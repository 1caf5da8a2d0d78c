"""What can be checked of plain English: short lines, and no words that make a riddle."""

import io
import re
import tokenize

from texts import read

WIDTH = 99

# A word, or a start of a sentence, and what to write instead.
RIDDLES = [
    (r"(?:^|[.;:,] )[Hh]ence\b", "so, therefore"),
    (r"\b[WwTt]hence\b", "from where, from there"),
    (r"\b[Hh]ither\b", "here"),
    (r"\b[Ll]est\b", "so that … not"),
    (r"\b(?:there|where)(?:of|upon|with|unto)\b", "of it, on it, with it"),
    (r"\b[Hh]eed(?:s|ed)?\b", "follow, use"),
    (r"\b[Ww]hosoever\b", "everybody who"),
    (r"\b[Nn]o sooner\b", "as soon as"),
    (r"\bWho (?:may|is|has|can)\b[^?.:;]*, (?:say|says|is said by) ", "«the rules say who …»"),
    (r"(?:^|[.!?] )(?:Whose|Whom) [^?.]*\.", "a subject first"),
    (r"(?:^|[.!?] )(?:What|Whatever) is not \w+, is\b", "a subject first"),
]


def markdown_lines(text):
    """(number, line) of a page without its blocks of code."""
    code = False
    for number, line in enumerate(text.split("\n"), 1):
        if re.match(r"\s*```", line):
            code = not code
        elif not code:
            yield number, line


def manual_lines(text):
    """(number, line) of a manual page without macros and literal blocks."""
    literal = False
    for number, line in enumerate(text.split("\n"), 1):
        if re.match(r"\.Bd -literal", line):
            literal = True
        elif line.startswith(".Ed"):
            literal = False
        elif not literal and not line.startswith("."):
            yield number, line


def c_lines(text):
    """(number, line) of all comments of a C file."""
    pattern = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|(/\*.*?\*/)'
    for match in re.finditer(pattern, text, re.S):
        if match[1]:
            first = text.count("\n", 0, match.start()) + 1
            for number, line in enumerate(match[1].split("\n"), first):
                yield number, re.sub(r"^\s*(?:/\*|\*)? ?|\s*\*/$", "", line)


def python_lines(text):
    """(number, line) of all comments and docstrings of a Python file."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return
    before = tokenize.NEWLINE
    for token in tokens:
        starts = before in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
        if token.type not in (tokenize.NL, tokenize.COMMENT, tokenize.ENCODING):
            before = token.type
        if token.type == tokenize.COMMENT or (starts and token.type == tokenize.STRING):
            for number, line in enumerate(token.string.split("\n"), token.start[0]):
                yield number, re.sub(r'^\s*(?:#|""")? ?|"""$', "", line)


def marked_lines(mark):
    """A function that yields (number, line) of all lines that are comments after `mark`."""
    def lines(text):
        for number, line in enumerate(text.split("\n"), 1):
            if line.lstrip().startswith(mark) and not line.startswith("#!"):
                yield number, line.lstrip()[len(mark):].strip()
    return lines


def prose_of(file, text):
    """(number, line) of the sentences in a file, or nothing when it has another kind."""
    if file.endswith(".md"):
        return markdown_lines(text)
    if re.search(r"\.[1-8]$", file):
        return manual_lines(text)
    if re.search(r"\.[ch]$", file):
        return c_lines(text)
    if file.endswith(".sql"):
        return marked_lines("--")(text)
    if file.endswith(".py") or text.startswith("#!/usr/bin/python3"):
        return python_lines(text)
    if text.startswith("#!") or file.endswith(".conf"):
        return marked_lines("#")(text)
    return iter(())


def width(files):
    """A line of prose is shorter than 100 characters; a row of a table cannot be broken."""
    count, problems = 0, []
    for file in files:
        lines = read(file).split("\n")
        for number, line in prose_of(file, "\n".join(lines)):
            count += 1
            if len(lines[number - 1]) > WIDTH and not line.lstrip().startswith("|"):
                problems.append(f"{file}:{number}: {len(lines[number - 1])} characters")
    return count, problems


def riddles(files):
    """No sentence has words that have to be read twice."""
    count, problems = 0, []
    for file in files:
        if file.startswith("tests/lint/prose"):
            continue
        for number, line in prose_of(file, read(file)):
            count += 1
            for pattern, better in RIDDLES:
                found = re.search(pattern, line)
                if found:
                    problems.append(f"{file}:{number}: «{found[0].strip()}»: write {better}")
    return count, problems
