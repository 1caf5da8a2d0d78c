"""A login whose database is reached over TLS: libpq uses OpenSSL in its own ways, beside ours."""

import os
import shutil
import subprocess

import pytest
from client import Client, bearer, json_login
from servers import USERS, free_port

PASSWORD = USERS["alice"][0]


def make_certificate(directory, name, owner=None):
    """A certificate for localhost that signs itself, and its key."""
    paths = [f"{directory}/{name}.crt", f"{directory}/{name}.key"]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost", "-out", paths[0],
                    "-keyout", paths[1]], check=True, capture_output=True)
    os.chmod(paths[0], 0o644)
    os.chmod(paths[1], 0o600)
    if owner:
        shutil.chown(paths[1], owner)
    return paths


@pytest.fixture(name="secured", params=[("lighttpd", "fastcgi"), ("apache", "cgi")],
                ids="-".join)
def _secured(private_stack, request):
    """A stack whose PostgreSQL speaks TLS on a port, and the settings of a connection to it."""
    stack = private_stack(*request.param)
    postgres = stack.postgres
    certificate, key = make_certificate(stack.directory, "server", postgres.user)
    stack.stop_database()
    with open(f"{postgres.data}/pg_hba.conf", "a", encoding="ascii") as f:
        f.write("hostssl doorward doorward_login 127.0.0.1/32 trust\n")
    postgres.options = {"listen_addresses": "127.0.0.1", "port": str(free_port()), "ssl": "on",
                        "ssl_cert_file": certificate, "ssl_key_file": key}
    stack.start_database()
    connection = (f"host=localhost hostaddr=127.0.0.1 port={postgres.port} dbname=doorward "
                  "user=doorward_login sslmode=verify-full sslrootcert=")
    return stack, connection, certificate


def test_a_login_over_tls(secured):
    stack, connection, certificate = secured
    stack.write_settings(database_login=connection + certificate)
    stack.stop_web()
    stack.start_web()
    for _ in range(3):
        answer = json_login(stack, "alice", PASSWORD)
        assert answer.status_code == 200, answer.text
        token = answer.json()["token"]
        assert Client(stack).get("/protected", headers=bearer(token)).status_code == 200
    assert json_login(stack, "alice", "wrong").status_code == 401
    if stack.web.mode == "fastcgi":  # whose connections stay
        assert int(stack.postgres.sql(
            "select count(*) from pg_stat_ssl join pg_stat_activity using (pid) "
            "where ssl and usename = 'doorward_login'")) > 0


def test_a_server_that_is_another_gets_nothing(secured):
    stack, connection, _ = secured
    stranger, _ = make_certificate(stack.directory, "stranger")
    stack.write_settings(database_login=connection + stranger)
    stack.stop_web()
    stack.start_web()
    answer = json_login(stack, "alice", PASSWORD)
    assert answer.status_code == 503
    with open(stack.web.log, encoding="utf-8") as f:
        assert "certificate" in f.read()
