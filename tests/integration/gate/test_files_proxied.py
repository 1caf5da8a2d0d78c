"""files.fcgi on a socket of its own, behind mod_proxy_fcgi."""

import pytest

from gate import CANARY, NAVIGATION, end_gate, start_gate


@pytest.fixture(name="proxied", scope="module")
def _proxied():
    def prepare(stack):
        stack.web.extra = (f'ScriptAlias "/private" "{stack.directory}/libexec/files.fcgi"\n')
    stack = start_gate("apache", "proxy_fcgi", prepare=prepare, files_root="www/members",
                       files_at="/private", rule=["/private signed-in"])
    yield stack
    end_gate(stack)


def test_who_is_signed_in_gets_the_file(proxied):
    answer = proxied.get("/private/canary.txt", proxied.token())
    assert answer.status == 200 and answer.body.decode() == CANARY + "\n"


def test_a_stranger_is_refused(proxied):
    answer = proxied.get("/private/canary.txt", headers=NAVIGATION)
    assert answer.status == 303 and CANARY.encode() not in answer.body


@pytest.mark.parametrize("path", ["/private/../doorward.conf", "/private/%2e%2e/doorward.conf",
                                  "/private/none.txt"])
def test_nothing_else_is_served(proxied, path):
    assert proxied.get(path, proxied.token()).status in (400, 403, 404)
