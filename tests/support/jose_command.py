"""How the tests of keys and tokens call doorward, on bytes."""

import json
import os
import subprocess

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DOORWARD = f"{TREE}/build/doorward"

TIMES = ("iat", "nbf", "exp", "signed_until")
OK, NO, FAILED, UNSUPPORTED = range(4)


def run(*argv, stdin=b"", config=None, **variables):
    """Exit status, stdout and stderr."""
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **variables}
    if config is not None:
        environment["DOORWARD_CONFIG"] = str(config)
    done = subprocess.run([DOORWARD, *map(str, argv)], input=stdin, capture_output=True,
                          check=False, env=environment, timeout=60,
                          start_new_session=True)  # no terminal to ask on
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


class Site:
    """Settings, and keys beside them."""

    def __init__(self, directory):
        self.directory = directory
        self.conf = directory / "doorward.conf"
        self.signing = directory / "signing"
        self.jwks = directory / "jwks.json"
        self.settings = {"public_url": "http://localhost:8080", "plain_http": "on", "signing_keys": "signing",
                         "verifying_keys": "jwks.json"}
        self.write()

    def write(self, **changes):
        """Change settings; None removes one."""
        self.settings.update({k.replace("__", "."): v for k, v in changes.items()})
        self.conf.write_text("".join(f"{k} = {v}\n" for k, v in self.settings.items()
                                     if v is not None), encoding="utf-8")

    def run(self, *argv, stdin=b"", **variables):
        """As run() of jose_command, with these settings."""
        return run(*argv, stdin=stdin, config=self.conf, **variables)

    def good(self, *argv, stdin=b""):
        """As good() of jose_command, with these settings."""
        return good(*argv, stdin=stdin, config=self.conf)

    def new(self, *argv):
        """The kid of a new key."""
        return self.good("key", "new", *argv).decode().strip()

    def list(self, *argv):
        """What `key list` says, by kid."""
        return {key["kid"]: key for key in json.loads(self.good("key", "list", "--json", *argv))}

    def states(self):
        """The state of each signing key."""
        return {kid: key["state"] for kid, key in self.list().items() if key["use"] == "sig"}

    def published(self):
        """The kids of the public set."""
        return {key["kid"] for key in load(self.jwks)["keys"]}

    def file(self, kid):
        """Where a signing key is."""
        return self.signing / f"{kid}.jwk"

    def shift(self, seconds):
        """As if that much time had passed for the keys."""
        for path in self.signing.glob("*.jwk"):
            key = load(path)
            store(path, {k: v - seconds if k in TIMES else v
                         for k, v in key.items()})
