"""Basic: a token for a program as a password, where the rule says so, and nowhere else.

With the real clients: curl, git, cadaver.
"""

import base64
import os
import subprocess

import pytest

from gate import (AUTHORIZER_FRONTS, CANARY, FRONTS, NAVIGATION, RULES, cookie, end_gate,
                  start_gate)

BASIC_RULES = RULES + ["/members/dav basic", "/members/dav/shut signed-in",
                       "/members/editors any-of editor basic", "/members/git basic",
                       "/members/own signed-in"]
OWN = """#!/bin/sh
[ "$HTTP_AUTHORIZATION" = "Basic b3duOnNlY3JldA==" ] ||
	{ printf 'Status: 401\\r\\nWWW-Authenticate: Basic realm="own"\\r\\n\\r\\nnot you\\n'; exit; }
printf 'Content-Type: text/plain\\r\\n\\r\\nown and %s\\n' "$REMOTE_USER"
"""
DAV = """
LoadModule dav_module {modules}/mod_dav.so
LoadModule dav_fs_module {modules}/mod_dav_fs.so
DavLockDB "{directory}/davlock/db"
LoadModule cgid_module {modules}/mod_cgid.so
ScriptSock "{directory}/run/cgid.sock"
<Directory "{members}/dav">
	Dav On
</Directory>
ScriptAlias /members/git /usr/lib/git-core/git-http-backend
ScriptAlias /members/own/app {members}/own/app.cgi
<Directory "/usr/lib/git-core">
	Require all granted
</Directory>
<Location "/members/git">
	Include "{directory}/apache-conf/gate.conf"
	SetEnv GIT_PROJECT_ROOT "{directory}/git"
	SetEnv GIT_HTTP_EXPORT_ALL 1
	Options ExecCGI
</Location>
<Location "/members/own">
	Include "{directory}/apache-conf/gate.conf"
	Options ExecCGI
</Location>
"""
MODULES = "/usr/lib/apache2/modules"


def prepare_site(stack):
    """Files for WebDAV, a repository, and a program with a Basic of its own."""
    if stack.web.server == "apache" and stack.web.mode != "cgi":
        stack.web.extra = DAV.format(directory=stack.directory, members=stack.members,
                                     modules=MODULES)


def fill_site(stack):
    """What is there to be had."""
    for name in "dav/shut", "editors", "own":
        os.makedirs(f"{stack.members}/{name}", exist_ok=True)
    for name in "dav", "dav/shut", "editors":
        with open(f"{stack.members}/{name}/page.txt", "w", encoding="ascii") as f:
            f.write(f"{CANARY}\n")
    with open(f"{stack.members}/own/app.cgi", "w", encoding="ascii") as f:
        f.write(OWN)
    os.chmod(f"{stack.members}/own/app.cgi", 0o755)
    os.makedirs(f"{stack.directory}/davlock", exist_ok=True)
    subprocess.run(["git", "init", "-q", "--bare", f"{stack.directory}/git/notes.git"], check=True)
    subprocess.run(["git", "-C", f"{stack.directory}/git/notes.git", "config", "http.receivepack",
                    "true"], check=True)
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "www-data:", f"{stack.directory}/git",
                        f"{stack.directory}/davlock", f"{stack.members}/dav"], check=True)


def started(server, mode):
    """One with all of that."""
    stack = start_gate(server, mode, prepare=prepare_site, rule=BASIC_RULES)
    fill_site(stack)
    return stack


@pytest.fixture(scope="module", params=FRONTS, ids=["-".join(front) for front in FRONTS],
                name="gate")
def _gate(request):
    stack = started(*request.param)
    yield stack
    end_gate(stack)


@pytest.fixture(scope="module", name="site")
def _site():
    stack = started("apache", "fastcgi")
    yield stack
    end_gate(stack)


def program(stack, name="alice", **claims):
    """A token for a program of that person's."""
    return stack.token(name=name, client_id="doorward-program", auth_time=None, **claims)


def basic(name, password):
    """The header."""
    return [("Authorization", "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode())]


def asks_for_basic(answer):
    """Is it the challenge?"""
    return any(value.startswith('Basic realm="') and value.endswith('", charset="UTF-8"')
               for value in answer.header("WWW-Authenticate"))


def test_a_programs_token_opens_by_basic_what_the_rule_says_and_nothing_else(gate):
    shown = basic("alice", program(gate))
    answer = gate.get("/members/dav/page.txt", headers=shown)
    assert (answer.status, CANARY.encode() in answer.body) == (200, True)
    assert gate.get("/members/editors/page.txt", headers=shown).status == 403
    editor = basic("alice", program(gate, roles=("editor",)))
    assert gate.get("/members/editors/page.txt", headers=editor).status == 200
    for path in "/members/canary.txt", "/members/dav/shut/page.txt", "/members/admin/":
        answer = gate.get(path, headers=shown)
        assert answer.status == 401 and not asks_for_basic(answer)
        assert CANARY.encode() not in answer.body


def test_the_challenge_goes_only_where_the_rule_says_so_and_never_to_a_browser(gate):
    answer = gate.get("/members/dav/page.txt")
    assert answer.status == 401 and asks_for_basic(answer)
    assert not asks_for_basic(gate.get("/members/canary.txt"))
    for headers in (NAVIGATION, [("Accept", "text/html")], [("Accept", "a/b, text/html;q=0.1")],
                    [("Sec-Fetch-Site", "none")], [("Sec-Fetch-Mode", "cors")],
                    [("Sec-Fetch-Dest", "empty")], [("Sec-Fetch-User", "?1")]):
        for more in [], basic("alice", "wrong"):
            answer = gate.get("/members/dav/page.txt", headers=headers + more)
            assert answer.status in (401, 303) and not asks_for_basic(answer), headers


@pytest.mark.parametrize("name, make", [
    ("a login's token", lambda site: basic("alice", site.token())),
    ("a client's token", lambda site: basic("alice", site.token(client_id="app"))),
    ("a password that is no token", lambda site: basic("alice", "correct horse")),
    ("no password", lambda site: basic("alice", "")),
    ("another name", lambda site: basic("bob", program(site))),
    ("the name in capitals", lambda site: basic("Alice", program(site))),
    ("a name with a space behind it", lambda site: basic("alice ", program(site))),
    ("no name", lambda site: basic("", program(site))),
    ("the id for the name", lambda site: basic("id-of-alice", program(site))),
    ("a token without a name", lambda site: basic("id-of-alice", program(
        site, preferred_username=None))),
    ("a token that has expired", lambda site: basic("alice", program(site, exp=1))),
    ("a token of another site", lambda site: basic("alice", program(site, aud="https://b.io"))),
    ("no colon", lambda site: [("Authorization", "Basic " + base64.b64encode(
        b"alice").decode())]),
    ("no base64", lambda site: [("Authorization", "Basic %%%%")]),
    ("base64url", lambda site: [("Authorization", "Basic -_-_")]),
    ("nothing behind the scheme", lambda site: [("Authorization", "Basic")]),
])
def test_by_basic_it_refuses(site, name, make):
    """And asks again."""
    answer = site.get("/members/dav/page.txt", headers=make(site))
    assert answer.status == 401 and asks_for_basic(answer), name
    assert CANARY.encode() not in answer.body


def test_two_credentials_are_one_too_many(site):
    shown = basic("alice", program(site)) + [("Authorization", f"Bearer {site.token()}")]
    assert site.get("/members/dav/page.txt", headers=shown).status in (400, 401)


def test_where_the_rule_knows_basic_cookie_and_bearer_count_as_ever(site):
    for headers in [cookie(site.token())], [("Authorization", f"Bearer {program(site)}")]:
        assert site.get("/members/dav/page.txt", headers=headers).status == 200
    answer = site.get("/members/dav/page.txt", token="x.y.z")
    assert answer.header("WWW-Authenticate")[0].startswith("Bearer ")


@pytest.mark.parametrize("headers", [
    [("Origin", "https://evil.example")], [("Sec-Fetch-Site", "cross-site")],
    [("Referer", "https://evil.example/x")], [("Origin", "null")]])
def test_a_page_of_another_site_cannot_write_with_a_kept_password(site, headers):
    """What a browser keeps for Basic it adds to each request, like a cookie."""
    shown = basic("alice", program(site))
    answer = site.get("/members/dav/new.txt", None, "PUT", headers + shown, b"x")
    assert answer.status == 403 and b"cross_site" in answer.body
    assert not os.path.exists(f"{site.members}/dav/new.txt")
    assert site.get("/members/dav/page.txt", headers=headers + shown).status == 200


def test_a_client_that_does_not_say_where_it_comes_from_may_write(site):
    shown = basic("alice", program(site))
    own = [("Origin", site.public_url)]
    for headers in [], own:
        assert site.get("/members/dav/put.txt", None, "PUT", headers + shown,
                        b"x").status in (201, 204)


def test_an_applications_own_basic_works_behind_the_gate(site):
    """The person is signed in by the cookie; Authorization is the application's."""
    held = [cookie(site.token())]
    answer = site.get("/members/own/app", headers=held)
    assert (answer.status, answer.header("WWW-Authenticate")) == (401, ['Basic realm="own"'])
    answer = site.get("/members/own/app", headers=held + basic("own", "secret"))
    assert (answer.status, answer.body) == (200, b"own and alice\n")
    answer = site.get("/members/own/app", headers=basic("own", "secret"))
    assert answer.status == 401 and answer.header("WWW-Authenticate")[0].startswith("Bearer ")


def run(*argv, **environment):
    """A client: its exit status and what it said."""
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60,
                          env=dict(os.environ, **environment))
    return done.returncode, done.stdout + done.stderr


def test_curl(gate):
    url = f"http://127.0.0.1:{gate.web.port}/members/dav/page.txt"
    assert run("curl", "-sf", "-u", f"alice:{program(gate)}", url) == (0, f"{CANARY}\n")
    assert run("curl", "-sf", "--anyauth", "-u", f"alice:{program(gate)}", url)[1] == f"{CANARY}\n"
    assert run("curl", "-sf", "-u", "alice:wrong", url)[0] == 22


@pytest.mark.takes("git starts many processes")
def test_git_pushes_and_clones(site, tmp_path):
    """git-http-backend lets in whoever the gate has named."""
    home = {"HOME": str(tmp_path), "GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_NOSYSTEM": "1"}
    url = f"http://alice:{program(site)}@127.0.0.1:{site.web.port}/members/git/notes.git"
    work, copy = str(tmp_path / "work"), str(tmp_path / "copy")
    for argv in (["init", "-q", "-b", "main", work],
                 ["-C", work, "-c", "user.name=a", "-c", "user.email=a@b.io", "commit", "-q",
                  "--allow-empty", "-m", "first"],
                 ["-C", work, "push", "-q", url, "main"], ["clone", "-q", "-b", "main", url, copy]):
        status, said = run("git", *argv, **home)
        assert status == 0, said
    assert "first" in run("git", "-C", copy, "log", "--format=%s", **home)[1]
    status, said = run("git", "clone", url.replace("alice:", "bob:"), str(tmp_path / "no"), **home)
    assert status != 0 and "Authentication failed" in said


def test_cadaver_cuts_the_password_and_is_refused(site, tmp_path):
    """The library that it is made of (neon) holds 255 bytes of a password, as davfs2's does."""
    password = program(site)
    assert len(password) > 255
    (tmp_path / ".netrc").write_text(f"machine 127.0.0.1\nlogin alice\npassword {password}\n")
    os.chmod(tmp_path / ".netrc", 0o600)
    done = subprocess.run(["cadaver", f"http://127.0.0.1:{site.web.port}/members/dav/"],
                          input="ls\nquit\n", capture_output=True, text=True, check=False,
                          timeout=60, cwd=tmp_path, env=dict(os.environ, HOME=str(tmp_path)))
    assert "page.txt" not in done.stdout
    assert "rejected Basic challenge" in done.stdout


@pytest.mark.slow("davfs2 mounts a directory, and waits before it stores")
def test_davfs2_with_the_header_in_its_settings(site, tmp_path):
    """Its password cannot hold the token; its add_header can. On Apache's mod_dav."""
    header = f"Bearer {program(site)}"
    place, conf = tmp_path / "mount", tmp_path / "davfs2.conf"
    place.mkdir()
    conf.write_text(f"ask_auth 0\ndelay_upload 0\nuse_locks 0\n"
                    f"add_header Authorization \"{header}\"\n")
    os.chmod(conf, 0o600)
    url = f"http://127.0.0.1:{site.web.port}/members/dav/"
    status, said = run("mount", "-t", "davfs", "-o", f"conf={conf},uid=0,gid=0", url, str(place))
    assert status == 0, said
    try:
        assert (place / "page.txt").read_text() == f"{CANARY}\n"
        (place / "stored.txt").write_text("by davfs2\n")
    finally:
        status, said = run("umount", str(place))
    assert status == 0, said
    with open(f"{site.members}/dav/stored.txt", encoding="ascii") as f:
        assert f.read() == "by davfs2\n"
