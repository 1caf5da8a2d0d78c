"""lynx, w3m and wget over HTTPS. They say less than other browsers: Referer at most."""

import os
import pty
import re
import select
import subprocess
import time
from urllib.parse import urlencode

import pytest

from client import hidden_fields
from servers import USERS, end_stack, free_port, start_stack

NAME, PASSWORD = "alice", USERS["alice"][0]
TLS = """
LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
Listen 127.0.0.1:{port}
<VirtualHost 127.0.0.1:{port}>
	SSLEngine on
	SSLCertificateFile {certificate}
	SSLCertificateKeyFile {key}
</VirtualHost>
"""


@pytest.fixture(scope="module", name="certificate")
def _certificate(tmp_path_factory):
    """A certificate for localhost, and its key."""
    directory = tmp_path_factory.mktemp("tls")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost", "-keyout", f"{directory}/key.pem",
                    "-out", f"{directory}/cert.pem"], check=True, capture_output=True)
    return f"{directory}/cert.pem", f"{directory}/key.pem"


@pytest.fixture(scope="module", name="secure")
def _secure(certificate):
    """Apache that answers over TLS, and is the site there."""
    port = free_port()
    stack = start_stack("apache", "fastcgi", public_url=f"https://localhost:{port}")
    stack.web.extra = TLS.format(port=port, certificate=certificate[0], key=certificate[1])
    stack.stop_web()
    stack.start_web()
    yield stack
    end_stack(stack)


class Terminal:
    """A program on a terminal of its own: what it shows, and keys for it."""

    def __init__(self, argv, environment):
        self.shown = b""
        self.process, self.end = pty.fork()
        if self.process == 0:
            os.execvpe(argv[0], argv, environment)

    def wait(self, text, seconds=15):
        """Until it shows `text`; what it showed before is then forgotten."""
        until = time.monotonic() + seconds
        while text.encode() not in self.plain():
            assert time.monotonic() < until, f"no {text!r} in {self.plain()[-3000:]!r}"
            if select.select([self.end], [], [], 0.1)[0]:
                self.shown += os.read(self.end, 65536)
        self.shown = b""

    def plain(self):
        """Without the terminal's control sequences."""
        return re.sub(rb"\x1b(\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>78])|[\x0e\x0f]", b"", self.shown)

    def type(self, keys):
        """Press them one after the other."""
        for key in keys.encode():
            os.write(self.end, bytes([key]))
            time.sleep(0.01)

    def close(self):
        """End it."""
        os.kill(self.process, 9)
        os.waitpid(self.process, 0)
        os.close(self.end)


@pytest.fixture(name="terminal")
def _terminal(certificate, tmp_path):
    """A factory of terminals."""
    opened = []

    def open_terminal(*argv):
        environment = {"PATH": "/usr/bin:/bin", "TERM": "vt100", "HOME": str(tmp_path),
                       "LC_ALL": "C.UTF-8", "SSL_CERT_FILE": certificate[0],
                       "LINES": "24", "COLUMNS": "80"}
        opened.append(Terminal(argv, environment))
        return opened[-1]

    yield open_terminal
    for one in opened:
        one.close()


def read_log(stack):
    """The programs' lines."""
    with open(stack.web.log, encoding="utf-8", errors="replace") as f:
        return f.read()


def count_logins(stack):
    """How often alice has logged in."""
    return read_log(stack).count(f"event=login_ok user={NAME} ")


@pytest.mark.parametrize("option", ["-accept_all_cookies", "-noreferer"])
def test_lynx_logs_in(secure, terminal, option):
    """It says Referer, and neither Origin nor Sec-Fetch-Site; nothing when told so."""
    before = count_logins(secure)
    lynx = terminal("lynx", "-accept_all_cookies", "-nopause", option,
                    f"{secure.settings['public_url']}/login?return_to=/protected")
    lynx.wait("Password")
    lynx.type(f"{NAME}\t{PASSWORD}\t\t\r")
    lynx.wait("Account ID")
    assert count_logins(secure) == before + 1


def test_w3m_logs_in(secure, terminal, certificate):
    before = count_logins(secure)
    w3m = terminal("w3m", "-cookie", "-o", f"ssl_ca_file={certificate[0]}",
                   f"{secure.settings['public_url']}/login?return_to=/protected")
    w3m.wait("Password")
    w3m.type("\t\r")
    w3m.wait("TEXT")
    w3m.type(f"{NAME}\r\t\r")
    w3m.wait("assword")
    w3m.type(f"{PASSWORD}\r\t\t\r")
    w3m.wait("Account ID")
    assert count_logins(secure) == before + 1


def wget(directory, certificate, *argv):
    """The page, on standard output."""
    return subprocess.run(["wget", "-q", "-O", "-", f"--ca-certificate={certificate}", *argv],
                          cwd=directory, capture_output=True, text=True, check=False)


def test_wget_logs_in(secure, certificate, tmp_path):
    """As doc/reference/api.md says."""
    login = f"{secure.settings['public_url']}/login"
    form = wget(tmp_path, certificate[0], "--header=Accept: text/html", "--save-cookies=jar",
                "--keep-session-cookies", login)
    fields = dict(hidden_fields(form.stdout), username=NAME, password=PASSWORD,
                  return_to="/protected")
    done = wget(tmp_path, certificate[0], "--load-cookies=jar", f"--referer={login}",
                f"--post-data={urlencode(fields)}", login)
    assert done.returncode == 0 and '"name":"alice"' in done.stdout
    foreign = wget(tmp_path, certificate[0], "--load-cookies=jar",
                   "--referer=https://evil.example/login", f"--post-data={urlencode(fields)}", login)
    assert foreign.returncode == 8 and "event=cross_site_refused" in read_log(secure)
