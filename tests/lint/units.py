"""The units of the source: none calls one that calls it, no room has too much of them."""

import re
import subprocess

from rooms import room_of
from sources import includes, ours, read

ROOM_LINES = 2500  # of a folder's own files


def units_called(sources):
    """{unit: units that it calls}: what its object wants and another one has."""
    home, wanted = {}, {}
    for file in sources:
        listed = subprocess.run(["nm", "-g", f"build/obj/{file[:-2]}.o"], check=True,
                                capture_output=True, text=True).stdout
        for line in listed.splitlines():
            *_, kind, name = line.split()
            if kind == "U":
                wanted.setdefault(file, set()).add(name)
            elif name != "main":
                home[name] = file
    return {file: {home[name] for name in wanted.get(file, ())
                   if home.get(name, file) != file} for file in sources}


def reached(called, start):
    """Every unit that `start` calls, whatever is between."""
    seen, left = set(), list(called[start])
    while left:
        unit = left.pop()
        if unit not in seen:
            seen.add(unit)
            left += called[unit]
    return seen


def circles(files):
    """No two units call each other, whatever is between: asked of the object files."""
    called = units_called([f for f in ours(files, "lib/", "bin/") if f.endswith(".c")])
    reach = {unit: reached(called, unit) for unit in called}
    groups = {tuple(sorted(other for other in others if unit in reach[other]))
              for unit, others in reach.items() if unit in others}
    return len(called), [f"a circle: {' '.join(group)}" for group in sorted(groups)]


def room_size(files):
    """A room has at most so many lines of its own."""
    lines = {}
    for file in ours(files, "lib/", "bin/"):
        lines[room_of(file)] = lines.get(room_of(file), 0) + read(file).count("\n")
    return len(lines), [f"{room}: {n} lines, over {ROOM_LINES}" for room, n in lines.items()
                        if n > ROOM_LINES]


def tests_in_their_rooms(files):
    """A unit test lies in the folder of the room that it tests, and includes a header of it."""
    problems, count = [], 0
    for file in files:
        match = re.fullmatch(r"tests/unit/(\w+)/test_\w+\.c", file)
        if not match:
            continue
        count += 1
        own = [name for _, name in includes(read(file))]
        near = [f"tests/unit/{match[1]}/{name}" for name in own]
        own += [name for near_one in near if near_one in files
                for _, name in includes(read(near_one))]
        if not any(name.startswith(f"{match[1]}/") for name in own):
            problems.append(f"{file}: it includes no header of {match[1]}")
    return count, problems
