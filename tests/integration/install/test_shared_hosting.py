"""Apache shared hosting: two .htaccess files, no root, and what else a host may have set."""

import os
import shutil
import tempfile

import pytest

from gate import ADMIN_CANARY, CANARY, NAVIGATION, cookie, end_gate, free_port
from shared_host import MODULES, SharedHost


@pytest.fixture(scope="module", name="host")
def _host():
    directory = tempfile.mkdtemp(prefix="doorward-host-", dir="/var/tmp")
    os.chmod(directory, 0o755)
    host = SharedHost(directory, "apache", "fastcgi", free_port(), {
        "rule": ["/members/admin any-of admin"], "revocation": "off", "revocation_file": None})
    try:
        host.start()
        yield host
    finally:
        end_gate(host)


@pytest.fixture
def fresh(host):
    """The host; afterwards everything is as it was."""
    yield host
    host.write_site()
    host.restart(more="", site="", modules=MODULES)


def assert_shut(host, *paths):
    """To nobody, to bad tokens, and the admin's part to others."""
    for path in paths:
        for token in None, "x", host.token(exp=1):
            answer = host.get(path, token)
            assert CANARY.encode() not in answer.body, path
            assert ADMIN_CANARY.encode() not in answer.body, path
        assert ADMIN_CANARY.encode() not in host.get(path, host.token()).body, path


def test_one_htaccess_gates_a_directory(host):
    """With the page for the refused, and the redirect for a browser."""
    assert b"for everybody" in host.get("/").body
    assert host.get("/members/canary.txt").status == 401
    assert host.get("/members/canary.txt").header("WWW-Authenticate")[0].startswith("Bearer")
    assert host.get("/members/", headers=NAVIGATION).header("Location") == \
        ["/login?return_to=/members/"]
    answer = host.get("/members/canary.txt", host.token())
    assert (answer.status, answer.body) == (200, CANARY.encode() + b"\n")
    assert not [n for n, _ in answer.headers if n.lower().startswith("variable-")]
    assert CANARY.encode() in host.get("/members/", headers=[cookie(host.token())]).body
    assert host.get("/members/admin/canary.txt", host.token()).status == 403
    assert host.get("/members/admin/canary.txt", host.token(["admin"])).status == 200
    assert_shut(host, "/members/", "/members/canary.txt", "/members/.htaccess")


def test_apaches_own_answers_say_nothing_of_the_visitor(host):
    """Errors and redirects behind the gate: ours in their place, by .htaccess alone."""
    os.makedirs(f"{host.directory}/ann/public_html/members/noindex", exist_ok=True)
    for path, method, status in [
            ("/members", "GET", 301), ("/members/none", "GET", 404),
            ("/members/none/deeper", "HEAD", 404), ("/members/noindex/", "GET", 404),
            ("/members/canary.txt", "PUT", 405), ("/members/canary.txt", "BREW", 501)]:
        answer = host.get(path, host.token(), method, body=b"x" if method == "PUT" else b"")
        assert answer.status == status, path
        assert not [n for n, _ in answer.headers if n.lower().startswith("variable-")]
        assert answer.header("Cache-Control") == ["no-store"], path
        assert method == "HEAD" or status == 301 or answer.body.startswith(b'{"error":')
    assert host.get("/members", host.token()).header("Location")[0].endswith("/members/")
    page = host.get("/members/none", headers=NAVIGATION + [cookie(host.token())])
    assert page.status == 404 and b"<main" in page.body
    answer = host.get("/members/canary.txt", host.token())
    assert answer.header("X-Content-Type-Options") == ["nosniff"]
    assert b"<main" not in host.get("/none").body, "outside of the gate it is the host's"


def test_the_page_for_the_refused_knows_which_file_was_refused(fresh):
    """An alias hides the admin's part under another address: the same 403 as without it."""
    fresh.restart(site='Alias "/docs" "@/ann/public_html/members"')
    for path in "/members/admin/canary.txt", "/docs/admin/canary.txt":
        answer = fresh.get(path, fresh.token())
        assert answer.status == 403 and b"insufficient_scope" in answer.body, path
    assert fresh.get("/docs/admin/canary.txt", fresh.token(["admin"])).status == 200


def test_headers_that_look_like_the_gates_word_reach_no_program(fresh):
    """A CGI script behind the gate prints what it is told."""
    script = f"{fresh.directory}/ann/public_html/members/env.cgi"
    with open(script, "w", encoding="utf-8") as f:
        f.write("#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\n\\r\\n'\nenv\n")
    os.chmod(script, 0o755)
    with open(f"{fresh.directory}/ann/public_html/members/.htaccess", "a", encoding="utf-8") as f:
        f.write("Options +ExecCGI\nAddHandler cgi-script .cgi\n")
    forged = [(name, "forged-7") for name in (
        "Remote-User", "REMOTE_USER", "remote-groups", "X-Remote-User", "X_Remote_User",
        "X-Forwarded-User", "Doorward-Roles", "DOORWARD_ROLES", "Doorward-User-Id")]
    text = fresh.get("/members/env.cgi", fresh.token(), headers=forged + [("X-A", "b")]).body
    assert b"REMOTE_USER=alice" in text and b"HTTP_X_A=b" in text
    assert b"forged-7" not in text


def test_the_public_keys_and_who_you_are_are_where_they_are_elsewhere(host):
    """/.well-known/jwks.json and what other programs read, under their types, and /protected."""
    html = f"{host.directory}/ann/public_html"
    os.makedirs(f"{html}/.well-known", exist_ok=True)
    shutil.copy(f"{host.directory}/jwks.json", f"{html}/.well-known/jwks.json")
    metadata = ("openid-configuration", "oauth-authorization-server")
    for name in metadata:
        with open(f"{html}/.well-known/{name}", "w", encoding="utf-8") as f:
            f.write("{}")
    for name, kind in (("jwks.json", "application/jwk-set+json"),
                       *((name, "application/json") for name in metadata)):
        answer = host.get(f"/.well-known/{name}")
        assert (answer.status, answer.header("Content-Type")) == (200, [kind])
        assert answer.header("X-Content-Type-Options") == ["nosniff"]
        assert answer.header("Access-Control-Allow-Origin") == ["*"]
    assert host.get("/protected").status == 401
    assert b'"name":"alice"' in host.get("/protected", host.token()).body


def test_htaccess_asks_for_a_role(fresh):
    """DOORWARD_RULE, besides the rules of the settings; one that cannot be read refuses."""
    rule = '#SetEnvIf Request_URI "." "DOORWARD_RULE=any-of staff,admin login-within 12h"'

    def set_rule(words):
        line = f'SetEnvIf Request_URI "." "DOORWARD_RULE={words}"'
        fresh.htaccess("members", "htaccess-members.example", lambda t: t.replace(rule, line))

    set_rule("any-of staff,admin login-within 12h")
    for path in "/members/canary.txt", "/members/":
        assert fresh.get(path, fresh.token(["staff"])).status == 200
        assert fresh.get(path, fresh.token(["member"])).status == 403
        assert fresh.get(path, fresh.token(["staff"], auth_time=1000)).status == 401
        assert fresh.get(path).status == 401
    assert fresh.get("/members/admin/canary.txt", fresh.token(["staff"])).status == 403
    for words in "open", "any-off staff", "any-of", "", "members signed-in", "signed-in; open":
        set_rule(words)
        for token in None, fresh.token(["staff"]), fresh.token(["admin"]):
            answer = fresh.get("/members/canary.txt", token)
            assert answer.status == 503 and CANARY.encode() not in answer.body
    set_rule("signed-in api")
    assert fresh.get("/members/", headers=NAVIGATION).status == 401


def test_a_process_serves_one_sites_settings(fresh):
    """Two .htaccess files that name one program but two settings files do not mix."""
    assert fresh.get("/members/canary.txt", fresh.token()).status == 200
    other = f"{fresh.directory}/ann/doorward/other.conf"
    with open(f"{fresh.directory}/ann/doorward/doorward.conf", encoding="utf-8") as f:
        text = f.read().replace("/members/admin any-of admin", "/members open")
    with open(other, "w", encoding="utf-8") as f:
        f.write(text)
    shutil.copytree(f"{fresh.directory}/ann/public_html/members",
                    f"{fresh.directory}/ann/public_html/members2")
    fresh.htaccess("members2", "htaccess-members.example",
                   lambda t: t.replace("doorward.conf", "other.conf"))
    for _ in range(20):
        assert fresh.get("/members/canary.txt").status == 401
        assert fresh.get("/members2/canary.txt").status in (401, 503)


@pytest.mark.parametrize("more", [
    "Satisfy Any", "Satisfy Any\nAllow from all", "Satisfy Any\nOrder allow,deny\nAllow from all",
    "<RequireAny>\nRequire all granted\nRequire local\n</RequireAny>",
    "AuthMerging Or"], ids=lambda text: text.replace("\n", ", "))
def test_what_the_host_grants_does_not_open_it(fresh, more):
    """Satisfy and Require further up in the configuration."""
    fresh.restart(more=more)
    assert_shut(fresh, "/members/", "/members/canary.txt", "/members/admin/canary.txt")
    assert fresh.get("/members/canary.txt", fresh.token()).status == 200


@pytest.mark.parametrize("site, path", [
    ('Alias "/docs" "@/ann/public_html/members"', "/docs/canary.txt"),
    ('Alias "/docs" "@/ann/public_html/members"', "/docs/admin/canary.txt"),
    ('ErrorDocument 404 /members/canary.txt', "/nothing-here"),
    ('ErrorDocument 404 /members/admin/canary.txt', "/nothing-here"),
    ('RewriteEngine On\nRewriteRule "^/open/(.*)" "/members/$1" [PT]', "/open/canary.txt"),
    ('RewriteEngine On\nRewriteRule "^/open/(.*)" "/members/$1" [PT]', "/open/admin/canary.txt"),
    ('RewriteEngine On\nRewriteRule "^/open/(.*)" "@/ann/public_html/members/$1"',
     "/open/admin/canary.txt"),
    ('AliasMatch "(?i)^/members/(.*)" "@/ann/public_html/members/$1"', "/MEMBERS/canary.txt"),
    ('AliasMatch "(?i)^/members/(.*)" "@/ann/public_html/members/$1"',
     "/MEMBERS/ADMIN/../admin/canary.txt"),
    ('FallbackResource /members/canary.txt', "/nothing-here"),
], ids=str)
def test_another_way_to_the_files_is_gated_too(fresh, site, path):
    """Aliases, rewrites, error pages: the directory is what is gated, and its rules follow."""
    fresh.restart(site=site)
    assert_shut(fresh, path)


def test_an_open_rule_does_not_open_what_it_leads_to(fresh):
    """`/open open`, and a rewrite from there into what has a rule of its own."""
    home = f"{fresh.directory}/ann"
    with open(f"{home}/doorward/doorward.conf", "a", encoding="utf-8") as f:
        f.write("rule = / open\nrule = /members signed-in\n")
    fresh.restart(site='RewriteEngine On\nRewriteRule "^/open/(.*)" "/members/$1" [PT]\n'
                       'Alias "/docs" "@/ann/public_html/members"\n'
                       'ErrorDocument 404 /members/canary.txt\n')
    assert_shut(fresh, "/open/canary.txt", "/open/admin/canary.txt", "/docs/canary.txt",
                "/docs/admin/canary.txt", "/nothing-here", "/members/canary.txt")
    assert fresh.get("/open/canary.txt", fresh.token()).status == 200


def test_what_the_server_chooses_by_itself_has_its_own_rule(fresh):
    """Content negotiation makes /members/page.html of /members/page, and does not ask again."""
    members = f"{fresh.directory}/ann/public_html/members"
    for name, text in ("page.html", ADMIN_CANARY), ("other.html", CANARY):
        with open(f"{members}/{name}", "w", encoding="utf-8") as f:
            f.write(text)
    with open(f"{fresh.directory}/ann/doorward/doorward.conf", "a", encoding="utf-8") as f:
        f.write("rule = /members/page.html any-of admin\n")
    fresh.restart(modules=[*fresh.modules, "negotiation"], more="Options +MultiViews")
    assert_shut(fresh, "/members/page", "/members/page.html", "/members/page/x", "/members/PAGE")
    assert ADMIN_CANARY.encode() in fresh.get("/members/page", fresh.token(["admin"])).body
    assert CANARY.encode() in fresh.get("/members/other", fresh.token()).body


@pytest.mark.parametrize("more, path", [
    ("FallbackResource /members/canary.txt", "/nothing-here"),
    ("DirectoryIndex members/canary.txt", "/"),
    ("Options +Includes\nSetOutputFilter INCLUDES", "/page.html"),
], ids=["fallback", "index", "include"])
def test_a_rule_holds_where_apache_looks_by_itself(fresh, more, path):
    """Sub-requests see no DOORWARD_RULE, but the rules of the settings."""
    home = f"{fresh.directory}/ann"
    with open(f"{home}/doorward/doorward.conf", "a", encoding="utf-8") as f:
        f.write("rule = /members any-of staff\n")
    with open(f"{home}/public_html/page.html", "w", encoding="utf-8") as f:
        f.write('<!--#include virtual="/members/canary.txt" -->')
    fresh.modules = [*fresh.modules, "include"]
    fresh.restart(more=more)
    for token in None, fresh.token():
        assert CANARY.encode() not in fresh.get(path, token).body
    assert CANARY.encode() in fresh.get(path, fresh.token(["staff"])).body


def test_links_within_the_tree(fresh):
    """A link to the gated directory finds its .htaccess; nothing else is linked to."""
    html = f"{fresh.directory}/ann/public_html"
    os.symlink("members", f"{html}/link")
    assert_shut(fresh, "/link/canary.txt", "/link/", "/link/admin/canary.txt")


def test_the_whole_site_can_be_gated(fresh):
    """In the document root's own .htaccess: the login and the page for the refused work on."""
    with open(f"{fresh.directory}/ann/public_html/members/.htaccess", encoding="utf-8") as f:
        gate = f.read()
    fresh.htaccess("", "htaccess.example", lambda t: t + gate)
    os.unlink(f"{fresh.directory}/ann/public_html/members/.htaccess")
    assert fresh.get("/").status == 401
    assert fresh.get("/", headers=NAVIGATION).header("Location") == ["/login?return_to=/"]
    assert b"unauthorized" in fresh.get("/members/canary.txt").body
    assert fresh.get("/login").status not in (401, 403)
    assert b"for everybody" in fresh.get("/", fresh.token()).body
    assert_shut(fresh, "/members/canary.txt", "/members/admin/canary.txt", "/login/../members/",
                "/login/members/canary.txt", "/doorward/authorizer.fcgi/members/canary.txt")


def test_without_mod_fcgid_files_serves_the_directory(fresh):
    """As plain CGI, from outside of the document root, by one RewriteRule."""
    home = f"{fresh.directory}/ann"
    shutil.move(f"{home}/public_html/members", f"{home}/private")
    with open(f"{home}/doorward/doorward.conf", encoding="utf-8") as f:
        lines = [line for line in f if not line.startswith("files_")]
    with open(f"{home}/doorward/doorward.conf", "w", encoding="utf-8") as f:
        f.writelines(lines + [f"files_root = {home}/private\nfiles_at = /members\n"])
    fresh.htaccess("", "htaccess.example", lambda t: t.replace(
        "#RewriteRule", "RewriteRule").replace("AddHandler fcgid-script", "AddHandler cgi-script"))
    fresh.restart()
    assert_shut(fresh, "/members/canary.txt", "/members/admin/canary.txt", "/members/",
                "/doorward/files.fcgi", "/doorward/files.fcgi/members/canary.txt",
                "/doorward/files.fcgi/canary.txt", "/members/.htaccess")
    assert fresh.get("/members/canary.txt", fresh.token()).body == CANARY.encode() + b"\n"
    assert fresh.get("/members/.htaccess", fresh.token()).status == 404
    assert fresh.get("/members/admin/canary.txt", fresh.token(["admin"])).status == 200
    assert fresh.get("/doorward/files.fcgi/admin/canary.txt", fresh.token()).status == 404
