"""The revocation files as the tests read and write them (lib/revocation/revocations_view.h)."""

import contextlib
import os
import stat
import time

PAIR = 0x5ea1
ODD = 0x9e3779b97f4a7c15
WORD = (1 << 64) - 1


def later_of(path):
    """The second file."""
    return f"{path}.later"


def check(content, pair, later, number):
    """The check of a line, eight digits."""
    total = ((pair ^ (number * 2 + later)) * ODD) & WORD
    for at in range(0, len(content), 8):
        total ^= int.from_bytes(content[at:at + 8], "little")
        total = (total * ODD) & WORD
        total ^= total >> 32
    return f"{(total ^ total >> 32) & 0xffffffff:08x}"


def text(entries, later=False, pair=PAIR, serial=1, written=None, listed=0):
    """A file that lists `entries`, {sid: until}."""
    written = int(time.time()) if written is None else written
    lines = [f"doorward-revocations 2 {len(entries):09d} {written:012d}",
             f"{'later' if later else 'soon':5} {pair:016x} {serial:012d} {listed:012d}",
             *(f"{sid} {until:012d}" for sid, until in sorted(entries.items()))]
    padded = [line.ljust(50) for line in lines]
    return "".join(f"{line}  {check(line.encode(), pair, later, i)}   \n"
                   for i, line in enumerate(padded))


def put(path, content, mode=0o644):
    """Put a file in its place, as it should be done."""
    with open(f"{path}.new", "w", encoding="ascii") as f:
        f.write(content)
    os.chmod(f"{path}.new", mode)
    os.replace(f"{path}.new", path)


def write(path, soon=None, later=None, **more):
    """Both files; by default they list nobody."""
    put(later_of(path), text(later or {}, later=True, **more))
    put(path, text(soon or {}, **more))


def read(path):
    """What stands in both files, as text."""
    parts = []
    for one in path, later_of(path):
        with open(one, encoding="ascii") as f:
            parts.append(f.read())
    return "".join(parts)


def entries_of(path):
    """One of the files as a dictionary of sid and time."""
    with open(path, encoding="ascii") as f:
        lines = f.read().splitlines()
    return {line.split()[0]: int(line.split()[1]) for line in lines[2:]}


def records(path):
    """Both files as a dictionary of sid and time."""
    return {**entries_of(path), **entries_of(later_of(path))}


@contextlib.contextmanager
def no_file_can_be_written(stack):
    """By the programs' user."""
    owner = os.stat(f"{stack.directory}/run")
    os.chmod(f"{stack.directory}/run", 0o555)
    os.chown(f"{stack.directory}/run", os.geteuid(), os.getegid())
    yield
    os.chown(f"{stack.directory}/run", owner.st_uid, owner.st_gid)
    os.chmod(f"{stack.directory}/run", stat.S_IMODE(owner.st_mode))
