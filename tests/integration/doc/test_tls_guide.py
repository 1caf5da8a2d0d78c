"""The guide's TLS block for lighttpd, as written there but for names and ports."""

import http.client
import os
import re
import shutil
import ssl
import subprocess
import time

from servers import TREE, free_port


def block():
    """It."""
    with open(f"{TREE}/doc/how-to/lighttpd.md", encoding="utf-8") as f:
        [text] = re.findall(r"^```lighttpd\n(.*?)^```$", f.read(), re.M | re.S)
    return text


def ask(connection, path):
    """Status and Location."""
    connection.request("GET", path, headers={"Host": "localhost"})
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.getheader("Location")


def wait_for(port):
    """Until somebody listens."""
    for _ in range(100):
        try:
            ask(http.client.HTTPConnection("127.0.0.1", port), "/")
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("lighttpd did not start")


def test_the_block_serves_tls_and_leads_there(tmp_path):
    plain, secure = free_port(), free_port()
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost", "-keyout", tmp_path / "privkey.pem",
                    "-out", tmp_path / "fullchain.pem"], check=True, capture_output=True)
    text = block().replace("/etc/letsencrypt/live/example.org", str(tmp_path))
    text = text.replace('":443"', f'":{secure}"')
    (tmp_path / "index.html").write_text("hello")
    (tmp_path / "lighttpd.conf").write_text(
        f'server.document-root = "{tmp_path}"\nserver.port = {plain}\n'
        f'server.bind = "127.0.0.1"\nindex-file.names = ( "index.html" )\n{text}')
    program = shutil.which("lighttpd", path=os.environ["PATH"] + ":/usr/sbin")
    with subprocess.Popen([program, "-D", "-f", tmp_path / "lighttpd.conf"]) as server:
        try:
            wait_for(plain)
            trust = ssl.create_default_context(cafile=tmp_path / "fullchain.pem")
            over_tls = http.client.HTTPSConnection("localhost", secure, context=trust)
            assert ask(over_tls, "/index.html") == (200, None)
            over_http = http.client.HTTPConnection("127.0.0.1", plain)
            assert ask(over_http, "/members/?a=b") == (301, "https://localhost/members/?a=b")
        finally:
            server.terminate()
