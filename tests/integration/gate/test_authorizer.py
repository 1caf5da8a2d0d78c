"""authorizer.fcgi alone: what it cannot see it refuses, and what it says in Apache's place."""

import os

import pytest
import revoked
from programs import FastCGI, Site

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


@pytest.fixture(name="site")
def _site():
    site = Site(revocation="on", revocation_file="revocations")
    revoke_nothing(site)
    yield site
    site.close()


@pytest.fixture(name="gate")
def _gate(site):
    process = FastCGI(site, "authorizer", DOORWARD_CONFIG=site.conf)
    yield process
    process.close()


def revoke_nothing(site):
    revoked.write(f"{site.directory}/revocations")


def check(process, site, **more):
    """What the checker says to somebody with a good token."""
    return process.ask(asked(site, **more), role=FastCGI.AUTHORIZER)


def asked(site, uri="/members/x", token=True, **more):
    if token:
        more["HTTP_AUTHORIZATION"] = f"Bearer {site.signer.sign()}"
    return site.variables(uri=uri, **more)


def test_a_file_that_was_mended_in_between_is_no_403(site, gate):
    """The gate refuses by a spoilt revocation file; when Apache turns to the page for the
    refused, the file is whole again and the same token good: ask again, says that page."""
    assert check(gate, site).status == 200
    site.write("revocations", "garbage")
    assert check(gate, site).status == 503
    revoke_nothing(site)
    answer = gate.ask(asked(site, REDIRECT_STATUS="401", REDIRECT_REQUEST_METHOD="GET"))
    assert (answer.status, answer.header("Retry-After")) == (503, "1")
    assert answer.json()["error"] == "temporarily_unavailable"
    page = gate.ask(asked(site, REDIRECT_STATUS="401", REDIRECT_REQUEST_METHOD="GET",
                          HTTP_ACCEPT=BROWSER))
    assert (page.status, page.header("Retry-After")) == (503, "1")
    assert check(gate, site).status == 200


def run_as_somebody(site):
    """An authorizer that may read the settings and is not root."""
    os.chmod(site.directory, 0o755)
    for name in "doorward.conf", "keys.json", "revocations", "revocations.later":
        os.chmod(f"{site.directory}/{name}", 0o644)
    return FastCGI(site, "authorizer", user=65534 if os.geteuid() == 0 else None,
                   DOORWARD_CONFIG=site.conf)


def test_a_directory_that_it_may_not_search_is_refused(site):
    """A link in it may lead to what has another rule; the server, who sees it, would serve it."""
    home, root = f"{site.directory}/home", f"{site.directory}/home/www"
    os.makedirs(f"{root}/public/closed")
    os.makedirs(f"{root}/members")
    os.symlink(f"{root}/members", f"{root}/public/closed/link")
    os.chmod(f"{root}/public/closed", 0)
    process = run_as_somebody(site)
    ask = lambda file, at=root: check(process, site, uri="/public/closed/link/x",
                                      DOCUMENT_ROOT=at, SCRIPT_FILENAME=file).status
    try:
        assert ask(f"{root}/public/closed/link/x") == 503
        assert ask(f"{root}/public/x") == 200
        assert ask(f"{root}/public/none/x") == 200
        os.chmod(home, 0)
        assert ask(f"{root}/public/x") == 503
        assert ask("/etc/hostname") == 503, "the root cannot be resolved"
        assert ask("/etc/hostname", "/nonexistent") == 503
        assert ask("/etc/hostname", "") == 503
        assert ask("/etc/hostname", "/usr") == 200
        assert ask("proxy:http://127.0.0.1/x", "/nonexistent") == 200
    finally:
        process.close()
        os.chmod(home, 0o700)
        os.chmod(f"{root}/public/closed", 0o700)
    with open(process.log, encoding="utf-8") as f:
        log = f.read()
    assert "event=path_unresolved" in log and "Permission denied" in log


STATUSES = {300: "", 301: "", 302: "", 303: "", 307: "", 308: "", 400: "invalid_request",
            403: "not_shown", 404: "not_found", 405: "method_not_allowed",
            406: "not_acceptable", 410: "not_found", 411: "refused",
            412: "precondition_failed", 413: "too_large", 414: "refused",
            415: "unsupported_media_type", 416: "range_not_satisfiable", 417: "refused",
            422: "refused", 431: "too_large", 500: "server_error", 501: "method_not_allowed",
            502: "bad_gateway", 503: "temporarily_unavailable", 504: "gateway_timeout",
            505: "server_error"}


@pytest.mark.parametrize("status", STATUSES)
def test_an_answer_of_apaches_own_keeps_its_status_and_has_our_look(site, gate, status):
    """With and without a token: it says nothing of the visitor."""
    for token in True, False:
        answer = gate.ask(asked(site, token=token, REDIRECT_STATUS=str(status)))
        page = gate.ask(asked(site, token=token, REDIRECT_STATUS=str(status),
                              HTTP_ACCEPT=BROWSER))
        for one in answer, page:
            assert one.status == status
            assert one.header("Cache-Control") == "no-store"
            assert not [name for name, _ in one.headers if name.startswith("Variable-")]
        if status >= 400:
            assert answer.json()["error"] == STATUSES[status]
            assert "<main" in page.text and page.header("Content-Type").startswith("text/html")
        assert (answer.header("Allow") is not None) == (status in (405, 501))
        assert (answer.header("Retry-After") is not None) == (status == 503)


@pytest.mark.parametrize("status", ["", "200", "299", "600", "99", "x", "404 ", "-404", "0404"])
def test_only_a_status_of_the_servers_is_taken_up(site, gate, status):
    answer = gate.ask(asked(site, REDIRECT_STATUS=status))
    assert answer.status == 403 and "serves nothing itself" in answer.text


def test_a_status_admits_nobody(site, gate):
    """The variable opens the program's own page and nothing else."""
    for status in "404", "401", "301", "200":
        for file in "/etc/hostname", f"{site.directory}/none", "":
            answer = gate.ask(asked(site, token=False, REDIRECT_STATUS=status,
                                    DOCUMENT_ROOT=site.directory, SCRIPT_FILENAME=file),
                              role=FastCGI.AUTHORIZER)
            assert answer.status == 401
