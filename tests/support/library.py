"""The library as `make install` leaves it, for programs of others."""

import os
import subprocess

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIST = f"{TREE}/lib/public.list"


class Library:
    """`directory` is DESTDIR; a program is then built as if PREFIX lay in it."""

    def __init__(self, directory, prefix="/usr/local"):
        self.destdir, self.prefix = str(directory), prefix
        subprocess.run(["make", "-s", "--no-print-directory", "install-library",
                        f"DESTDIR={directory}", f"PREFIX={prefix}"], cwd=TREE, check=True,
                       capture_output=True, text=True)
        self.place = f"{directory}{prefix}"
        self.archive = f"{self.place}/lib/libdoorward.a"
        self.include = f"{self.place}/include"
        self.manuals = f"{self.place}/share/man/man3"
        self.examples = f"{self.place}/share/doc/doorward/examples"
        self.environment = {**os.environ, "PKG_CONFIG_PATH": f"{self.place}/lib/pkgconfig",
                            "PKG_CONFIG_SYSROOT_DIR": self.destdir}

    def run(self, *command, **options):
        """A command that finds the library by pkg-config, which must succeed."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True,
                              check=False, **options)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def flags(self, *options, package="doorward"):
        """What pkg-config says, as words."""
        return self.run("pkg-config", *options, package).split()


def public_names(*kinds):
    """The names of these kinds in lib/public.list, without their prefix."""
    names = []
    with open(LIST, encoding="utf-8") as f:
        for line in f:
            kind, _, rest = line.strip().partition(" ")
            if kind in kinds:
                names += rest.split()
    return names


def public_headers():
    """{base name: (file below lib/, layer, the header whose page describes it)}"""
    found = {}
    with open(LIST, encoding="utf-8") as f:
        for line in f:
            word = line.split()
            if word and word[0] in ("header", "part"):
                page = word[3] if word[0] == "part" else word[1]
                found[os.path.basename(word[1])] = (word[1], word[2], os.path.basename(page))
    return found
