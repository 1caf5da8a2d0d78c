"""The calls of SQL functions in C, against the functions in sql/."""

import re

from sources import line_of, ours, read

POSITIONAL = 4  # a function with more parameters is called by their names


def split(text):
    """At the commas that are in no bracket."""
    parts, depth, start = [], 0, 0
    for at, char in enumerate(text):
        depth += (char in "([") - (char in ")]")
        if char == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [" ".join(part.split()) for part in parts + [text[start:]] if part.strip()]


def functions(files):
    """{function: ([(parameter, type)], columns that it returns or None)} of sql/."""
    found = {}
    for file in files:
        if not (file.startswith("sql/") and file.endswith(".sql")):
            continue
        for name, params, returns in re.findall(
                r"^create function doorward\.(\w+)\(([^)]*)\)\s*(?:returns\s+(.*?))?^language",
                read(file), re.S | re.M):
            table = re.fullmatch(r"table\s*\((.*)\)\s*", returns, re.S)
            found[name] = ([tuple(p.partition(" default ")[0].split(" ", 1)) for p in split(params)
                            if not p.startswith("out ")],
                           [c.split()[0] for c in split(table[1])] if table else None)
    return found


def expand(text):
    """The text of C with each NAMED_SQL(LIST) as the string that it becomes."""
    lists = {name: re.findall(r"(?:FIRST|NEXT)\((\d+), (\w+), ([\w.\[\]]+),", body) for name, body in
             re.findall(r"#define (\w+)\(FIRST, NEXT\)((?:[^\n]*\\\n)*[^\n]*)", text)}

    def named(match):
        return '"' + ", ".join(f"{name} => ${n}::{kind}"
                               for n, name, kind in lists.get(match[1], [])) + '"'
    text = re.sub(r"NAMED_SQL\(\s*(\w+)\s*\)", named, text)
    return re.sub(r'"\s*"', "", text)


def wrong(call, params, columns, select):
    """What is not right about one call, or None."""
    arguments = split(call)
    named = [re.fullmatch(r"(\w+) => \$\d+::([\w.\[\]]+)", a) for a in arguments]
    if len(arguments) != len(params):
        return f"has {len(arguments)} arguments and {len(params)} parameters"
    if len(params) > POSITIONAL and not all(named):
        return f"has more than {POSITIONAL} parameters: call it by their names (db/named.h)"
    for match, param in zip(named, params):
        if match and match.groups() != param:
            return f"has {' '.join(param)} where {' '.join(match.groups())} is given"
    for column in select:
        if columns is not None and column not in columns and column not in ("true", "null"):
            return f"returns no {column}"
    return None


def calls(files):
    """Each call names the parameters and the columns that the function has, in their order."""
    known, count, problems = functions(files), 0, []
    for file in ours(files, "lib/", "bin/"):
        text = expand(read(file))
        for match in re.finditer(r'(?:select ([^"()$]*?)\s+from )?\bdoorward\.(\w+)'
                                 r'\(((?:[^"()]|\([^"()]*\))*)\)', text):
            name = match[2]
            count += 1
            problem = wrong(match[3], *known[name], split(match[1] or "")) if name in known \
                else "is in no file of sql/"
            if problem:
                problems.append(f"{file}:{line_of(text, match.start())}: {name} {problem}")
    return count, problems
