"""What a browser may tell of the address of /login/factor: not the secret of a link, but else
where a form comes from."""

import time

from client import form_login

PASSWORD = "seven quiet herons wading"


def test_a_page_with_a_query_lets_the_browser_name_it_in_its_forms(apache):
    """Without a referrer policy of its own, or Chromium sends "Origin: null", which is refused.
    Only the address with a link's secret is kept from other pages."""
    name = f"query-{time.monotonic_ns()}"
    apache.add_user(name, PASSWORD)
    client, _ = form_login(apache, name, PASSWORD)
    for query in ("", "?return_to=%2Fprotected", "?step=app", "?done=mailed"):
        answer = client.get("/login/factor" + query)
        assert answer.headers["Referrer-Policy"] == "same-origin", query
    answer = client.get("/login/factor?return_to=%2F&token=dwk_none")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
