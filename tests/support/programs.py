"""A program alone, without a web server: as plain CGI, or over a FastCGI socket."""

import base64
import json
import os
import shutil
import socket
import struct
import subprocess
import time

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from places import new_directory

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("DOORWARD_BUILD", f"{TREE}/build")
SID = "5f0e8f4e-1c63-4c0a-9d2b-0a4a8e1b7c11"
SITE = "https://site.example"


class Answer:
    """What a program wrote: CGI headers and a body."""

    def __init__(self, data):
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        assert lines[0].startswith("Status: "), data[:200]
        self.status = int(lines[0].split()[1])
        self.headers = [tuple(line.split(": ", 1)) for line in lines[1:]]
        self.body = body
        self.text = body.decode()

    def header(self, name):
        """The one value of a header, or None."""
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(found) <= 1 or name in ("Vary", "Set-Cookie"), found
        return ", ".join(found) if found else None

    def json(self):
        """The body."""
        assert self.header("Content-Type") == "application/json"
        return json.loads(self.body)


class Signer:
    """An issuer's key."""

    def __init__(self, kid):
        self.kid = kid
        self.key = ec.generate_private_key(ec.SECP256R1())

    def public(self):
        """Its JWK."""
        numbers = self.key.public_key().public_numbers()
        x, y = (base64.urlsafe_b64encode(n.to_bytes(32, "big")).rstrip(b"=").decode()
                for n in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "alg": "ES256", "kid": self.kid, "x": x, "y": y}

    def sign(self, typ="at+jwt", **claims):
        """A token, good for ten minutes unless the claims say otherwise."""
        now = int(time.time())
        good = {"iss": SITE, "aud": SITE, "sub": "u-1", "iat": now, "exp": now + 600,
                "client_id": "doorward", "sid": SID}
        good.update(claims)
        return jwt.encode({k: v for k, v in good.items() if v is not None}, self.key, "ES256",
                          headers={"kid": self.kid, "typ": typ})


class Site:
    """A directory with settings and keys."""

    def __init__(self, **settings):
        self.directory = new_directory("site")
        self.conf = f"{self.directory}/doorward.conf"
        self.signer = Signer("ours")
        self.write("keys.json", json.dumps({"keys": [self.signer.public()]}))
        values = {"public_url": SITE, "site_name": "A site", "verifying_keys": "keys.json",
                  "revocation": "off"}
        values.update(settings)
        self.write("doorward.conf", "".join(f"{k} = {v}\n" for k, v in values.items()))

    def write(self, name, text):
        """A file beside the settings."""
        with open(f"{self.directory}/{name}", "w", encoding="utf-8") as f:
            f.write(text)

    def variables(self, method="GET", uri="/protected", body=b"", **more):
        """The CGI variables of a request; a variable of None is left out."""
        path, _, query = uri.partition("?")
        values = {"REQUEST_METHOD": method, "REQUEST_URI": uri, "SCRIPT_NAME": path,
                  "QUERY_STRING": query, "REMOTE_ADDR": "192.0.2.1",
                  "CONTENT_LENGTH": str(len(body)) if body else None}
        values.update(more)
        return {k: v for k, v in values.items() if v is not None}

    def cgi(self, program="protected", *, body=b"", config=True, **request):
        """One request to a fresh process as plain CGI."""
        environment = self.variables(body=body, **request)
        if config:
            environment["DOORWARD_CONFIG"] = self.conf
        done = subprocess.run([f"{BUILD}/{program}.fcgi"], input=body, env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=20,
                              check=True)
        self.log = done.stderr.decode()
        return Answer(done.stdout)

    def close(self):
        """Remove it."""
        shutil.rmtree(self.directory)


def record(kind, content):
    """One FastCGI record of request 1 (FastCGI 1.0, 3.3)."""
    return struct.pack("!BBHHBx", 1, kind, 1, len(content), 0) + content


def name_value(name, value):
    """A name-value pair (3.4)."""
    def length(n):
        return struct.pack("!B", n) if n < 128 else struct.pack("!I", n | 0x80000000)
    name, value = name.encode("latin-1"), value.encode("latin-1")
    return length(len(name)) + length(len(value)) + name + value


def chunks(kind, content):
    """A stream: its records, and the empty one that ends it."""
    out = b"".join(record(kind, content[i:i + 65535]) for i in range(0, len(content), 65535))
    return out + record(kind, b"")


class FastCGI:
    """A process that serves FastCGI on a socket of its own, or several that share one."""

    RESPONDER, AUTHORIZER = 1, 2

    def __init__(self, site, program="protected", user=None, count=1, tcp=False, **environment):
        self.family = socket.AF_INET if tcp else socket.AF_UNIX
        listener = socket.socket(self.family)
        listener.bind(("127.0.0.1", 0) if tcp else f"{site.directory}/fcgi.sock")
        self.address = listener.getsockname()
        listener.listen(8)
        self.log = f"{site.directory}/stderr"
        with open(self.log, "wb") as log:
            self.processes = [
                subprocess.Popen([f"{BUILD}/{program}.fcgi"], stdin=listener, env=environment,
                                 stderr=log, user=user) for _ in range(count)]
        self.process = self.processes[0]
        listener.close()

    def connect_only(self):
        """A connection on which nothing has been said yet."""
        connection = socket.socket(self.family)
        connection.settimeout(20)
        connection.connect(self.address)
        return connection

    def connect(self, variables, role=RESPONDER, keep=False):
        """Begin a request; the connection is ready for its body."""
        connection = self.connect_only()
        self.begin(connection, variables, role, keep)
        return connection

    @staticmethod
    def begin(connection, variables, role=RESPONDER, keep=False):
        """On a connection; `variables` a dictionary, or pairs where names may repeat."""
        pairs = variables.items() if isinstance(variables, dict) else variables
        connection.sendall(record(1, struct.pack("!HB5x", role, keep)) +
                           chunks(4, b"".join(name_value(k, v) for k, v in pairs)))

    @staticmethod
    def finish(connection, body=b""):
        """Send the body and read the answer."""
        with connection:
            try:
                connection.sendall(chunks(5, body))
            except BrokenPipeError:
                pass
            data, end = b"", record(3, b"\0" * 8)
            # what an authorizer leaves unread is a reset after its answer
            while not data.endswith(end) and (chunk := connection.recv(65536)):
                data += chunk
        out = b""
        while data:
            _, kind, _, length, padding = struct.unpack("!BBHHB", data[:7])
            if kind == 6:
                out += data[8:8 + length]
            data = data[8 + length + padding:]
        return out

    @staticmethod
    def read_one(connection):
        """Send an empty body and wait for the end of the request; the connection stays."""
        connection.sendall(chunks(5, b""))
        data = b""
        while not data.endswith(record(3, b"\0" * 8)):
            data += connection.recv(65536)

    def ask(self, variables, body=b"", role=RESPONDER):
        """One request."""
        return Answer(self.finish(self.connect(variables, role), body))

    def close(self):
        """End it."""
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait(20)
