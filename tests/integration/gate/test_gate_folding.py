"""A document root whose file system does not tell the cases of letters apart."""

import os
import shutil
import subprocess

import pytest

from gate import ADMIN_CANARY, CANARY, end_gate, start_gate

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))


@pytest.fixture(scope="module", name="library")
def _library():
    directory = f"/var/tmp/doorward-folding-{os.getpid()}"
    os.makedirs(directory)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", f"{directory}/folding.so",
                    f"{TREE}/tests/support/folding.c", "-ldl"], check=True)
    yield f"{directory}/folding.so"
    shutil.rmtree(directory)


@pytest.fixture(scope="module", params=["fastcgi", "proxy_fcgi"], name="gate")
def _gate(request, library):
    def fold(stack):
        plain = stack.web.argv
        stack.web.argv = lambda: ["env", f"LD_PRELOAD={library}", f"FOLDING={stack.directory}/www",
                                  *plain()]

    stack = start_gate("apache", request.param, prepare=fold)
    with open(f"{stack.directory}/www/public.txt", "w", encoding="utf-8") as f:
        f.write("for everybody\n")
    yield stack
    end_gate(stack)


def test_the_file_system_folds(gate):
    """The tests below would pass on one that does not."""
    assert gate.get("/PUBLIC.txt").body == b"for everybody\n"
    assert gate.get("/Members/Canary.TXT", gate.token()).body == CANARY.encode() + b"\n"


@pytest.mark.parametrize("path", [
    "/MEMBERS/canary.txt", "/Members/", "/mEMBERS", "/members/CANARY.TXT", "/%4dembers/canary.txt",
    "/MEMBERS/ADMIN/canary.txt", "/members/Admin/canary.txt", "/members/SHUT/canary.txt",
    "/MEMBERS/Both/CANARY.txt", "/MEMBERS/../MEMBERS/canary.txt"])
def test_no_case_of_the_letters_opens_it(gate, path):
    for token in None, "x", gate.token(exp=1):
        answer = gate.get(path, token)
        assert answer.status in (400, 401, 403)
        assert CANARY.encode() not in answer.body and ADMIN_CANARY.encode() not in answer.body
    assert ADMIN_CANARY.encode() not in gate.get(path, gate.token()).body


def test_an_open_path_in_another_case_is_not_open(gate):
    """What another case would put under another rule must satisfy that rule too."""
    assert gate.get("/members/open/canary.txt").status == 200
    assert gate.get("/members/OPEN/canary.txt").status == 401
