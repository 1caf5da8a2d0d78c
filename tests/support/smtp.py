"""A mail server on this host: STARTTLS, TLS, AUTH, answers that a test chooses, or silence."""

import os
import socket
import ssl
import subprocess
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from mails import Mail

NAME, PASSWORD = "club", 'pass "word\\'


def certificate(directory):
    """The paths of a certificate for localhost, which nobody has signed, and of its key."""
    paths = f"{directory}/smtp.crt", f"{directory}/smtp.key"
    if not os.path.exists(paths[0]):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                        "-out", paths[0], "-keyout", paths[1]], check=True, capture_output=True)
    return paths


class Handler:
    """Answers by what the test put into `answers`, and keeps what it took."""

    def __init__(self):
        self.mails, self.envelopes, self.answers, self.tls = [], [], {}, []

    async def handle_MAIL(self, _server, _session, envelope, address, _options):
        """Who sends it."""
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, _server, session, envelope, address, _options):
        """Who gets it."""
        answer = self.answers.get(address, self.answers.get("RCPT", "250 OK"))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        self.tls.append(session.ssl is not None)
        return answer

    async def handle_DATA(self, _server, session, envelope):
        """The mail."""
        answer = self.answers.get("DATA", "250 OK")
        if answer.startswith("250"):
            self.mails.append(Mail(envelope.original_content))
            self.envelopes.append((envelope.mail_from, envelope.rcpt_tos, session.host_name,
                                   session.auth_data))
        return answer


def authenticate(_server, _session, _envelope, _mechanism, data):
    """The name and password of the tests."""
    good = (data.login.decode(), data.password.decode()) == (NAME, PASSWORD)
    return AuthResult(success=good, handled=False, auth_data=data.login.decode() if good else None)


class SmtpServer:
    """On a port of its own; `tls`: starttls, smtps or None; `auth`: only for those with a name."""

    def __init__(self, directory, tls="starttls", auth=False):
        self.handler = Handler()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.certificate, key = certificate(directory)
        context.load_cert_chain(self.certificate, key)
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        options = {"ssl_context": context} if tls == "smtps" else {}
        if tls == "starttls":
            options.update(tls_context=context)
        if auth:
            options.update(authenticator=authenticate, auth_required=True,
                           auth_require_tls=tls == "starttls")
        self.controller = Controller(self.handler, hostname="127.0.0.1", port=self.port, **options)
        self.controller.start()

    @property
    def mails(self):
        """What it took."""
        return self.handler.mails

    def stop(self):
        """For good."""
        self.controller.stop()


class SilentServer:
    """Takes connections and says nothing, or stops answering after some lines."""

    def __init__(self, says=b""):
        self.says, self.open = says, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.open.append(connection)
            connection.sendall(self.says)

    def stop(self):
        """Close everything."""
        self.listener.close()
        for connection in self.open:
            connection.close()
