"""Where tests keep what they start: in memory where there is room, for a disk makes each
database wait and is not what these tests are about; else in /var/tmp.
"""

import os
import shutil
import subprocess
import tempfile

MEMORY, DISK = "/dev/shm", "/var/tmp"
ROOM = 4 << 30  # bytes that must be free: some twenty stacks of 70 MB live at once


def has_room(place):
    """Enough of it, and programs may be run from there."""
    try:
        if shutil.disk_usage(place).free < ROOM:
            return False
        with tempfile.TemporaryDirectory(prefix="doorward-probe-", dir=place) as directory:
            with open(f"{directory}/run", "w", encoding="utf-8") as f:
                f.write("#!/bin/sh\nexit 7\n")
            os.chmod(f.name, 0o700)
            return subprocess.run([f.name], check=False).returncode == 7
    except OSError:
        return False


PLACE = MEMORY if has_room(MEMORY) else DISK


def new_directory(name, place=PLACE):
    """A directory of its own that every user may enter. The caller removes it."""
    directory = tempfile.mkdtemp(prefix=f"doorward-{name}-", dir=place)
    os.chmod(directory, 0o755)
    return directory
