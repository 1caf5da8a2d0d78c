"""How the tests of keys and tokens call doorward, on bytes."""

import json
import os
import subprocess

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DOORWARD = f"{TREE}/build/doorward"

OK, NO, FAILED, UNSUPPORTED = range(4)


def run(*argv, stdin=b"", config=None):
    """Exit status, stdout and stderr."""
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    if config is not None:
        environment["DOORWARD_CONFIG"] = str(config)
    done = subprocess.run([DOORWARD, *map(str, argv)], input=stdin, capture_output=True,
                          check=False, env=environment, timeout=60)
    return done.returncode, done.stdout, done.stderr.decode()


def good(*argv, stdin=b"", config=None):
    """The stdout of a call that must succeed."""
    status, out, err = run(*argv, stdin=stdin, config=config)
    assert status == OK, (argv, status, err)
    return out


def make_key(path, alg, *options):
    """A new key in a file of its own, as a dict."""
    good("key", "new", "--alg", alg, "--out", path, *options)
    return load(path)


def load(path):
    """The JSON in a file."""
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def store(path, document, mode=0o600):
    """JSON into a file."""
    with open(path, "w", encoding="utf-8") as f:
        json.dump(document, f)
    os.chmod(path, mode)
    return path


def public(jwk):
    """A key without its private members."""
    return {k: v for k, v in jwk.items() if k not in ("d", "p", "q", "dp", "dq", "qi")}
