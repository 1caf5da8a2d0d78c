"""The site of a client of the provider: a small server that remembers where it was asked."""

import html
import http.server
import threading
import urllib.parse

from servers import free_port


class Site:
    """A client's site. Each address answers with `page`, and is remembered."""

    def __init__(self):
        self.page, self.seen = "<p>The site</p>", []
        self.url = f"http://127.0.0.1:{free_port()}"
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            """Of all addresses."""

            def do_GET(self):  # pylint: disable=invalid-name
                """Answer, and remember."""
                if self.path != "/favicon.ico":
                    site.seen.append(self.path)
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(f"<!doctype html><title>Site</title>{site.page}".encode())

            def log_message(self, *_):  # pylint: disable=arguments-differ
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", urllib.parse.urlsplit(self.url).port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        """Stop it."""
        self.server.shutdown()
        self.server.server_close()

    def form(self, address, fields, method="post"):
        """Its page has a form that leads to this address."""
        inputs = "".join(f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
                         for name, value in fields.items())
        self.page = f'<form method="{method}" action="{address}">{inputs}<button>Go</button></form>'

    def said(self, path="/callback"):
        """What came to this address last."""
        found = urllib.parse.urlsplit(self.seen[-1])
        assert found.path == path, self.seen
        return dict(urllib.parse.parse_qsl(found.query, keep_blank_values=True))
