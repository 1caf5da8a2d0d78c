"""What the tests of mails have in common."""

import pytest

from mails import Outbox
from smtp import SmtpServer, certificate


@pytest.fixture(name="outbox")
def _outbox(db, tmp_path):
    return Outbox(db, str(tmp_path))


@pytest.fixture(name="ann")
def _ann(db):
    user = db.add_user("ann")
    db.sql("insert into doorward.addresses (user_id, address, verified_at)"
           " values (%s, 'ann@example.org', doorward.now())", user)
    return user


@pytest.fixture(name="smtp")
def _smtp(tmp_path, outbox, monkeypatch):
    """smtp(tls=…, auth=…): a mail server, which the settings then name."""
    started = []

    def start(tls="starttls", auth=False, **settings):
        server = SmtpServer(str(tmp_path), tls, auth)
        started.append(server)
        scheme = "smtps" if tls == "smtps" else "smtp"
        outbox.set(mail_server=f"{scheme}://localhost:{server.port}", **settings)
        return server

    # a certificate that nobody knows is trusted by these tests alone
    certificate(str(tmp_path))
    monkeypatch.setenv("SSL_CERT_FILE", f"{tmp_path}/smtp.crt")
    monkeypatch.setenv("CURL_CA_BUNDLE", f"{tmp_path}/smtp.crt")
    yield start
    for server in started:
        server.stop()
