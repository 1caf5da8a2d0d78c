"""The table of lib/ticket, and tickets of any kind, through tests/support/ticket_probe.c."""

import atexit
import collections
import functools
import shutil
import subprocess
import tempfile

from programs import BUILD, TREE

Kind = collections.namedtuple("Kind", "prefix keep life once taken_by")


@functools.cache
def _probe():
    directory = tempfile.mkdtemp(prefix="doorward-probe-")
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    program = f"{directory}/ticket_probe"
    subprocess.run(["cc", "-std=c11", "-D_GNU_SOURCE", f"-I{TREE}/lib", "-Wall", "-Werror", "-o",
                    program, f"{TREE}/tests/support/ticket_probe.c", f"{BUILD}/libauth.a",
                    "-lcrypto"], check=True)
    return program


def ticket_table():
    """{name: Kind} in the order of the table."""
    rows = subprocess.run([_probe()], check=True, capture_output=True, text=True).stdout
    table = {}
    for line in rows.splitlines():
        name, prefix, keep, life, once, taken_by = line.split("\t")
        table[name] = Kind(prefix, keep, int(life), once == "1", taken_by)
    return table


def make_ticket(kind, key, identifier=None):
    """One that is made now; a derived one is of that id."""
    more = ["", str(identifier)] if identifier else []
    return subprocess.run([_probe(), kind, *more], input=key, check=True,
                          capture_output=True).stdout.decode().strip()
