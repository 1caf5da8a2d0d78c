"""The keys of a running stack: which are published, and as if time had passed for them."""

import glob
import json
import os
import time

from jose_command import TIMES, load


def within(seconds, condition):
    """Whether it comes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def published(stack):
    """The kids of the public set."""
    return {key["kid"] for key in load(f"{stack.directory}/jwks.json")["keys"]}


def age(stack, seconds):
    """As if that much time had passed for the keys."""
    for path in glob.glob(f"{stack.directory}/keys/signing/*.jwk"):
        key = {k: v - seconds if k in TIMES else v for k, v in load(path).items()}
        old = os.stat(path)
        with open(path + ".new", "w", encoding="utf-8") as f:
            json.dump(key, f)
        os.chmod(path + ".new", old.st_mode & 0o777)
        os.chown(path + ".new", old.st_uid, old.st_gid)
        os.rename(path + ".new", path)
    stack.doorward("key", "publish")
