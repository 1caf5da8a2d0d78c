"""doorward doctor: quiet where all is well, and one line that helps for each thing that is not."""

import http.server
import json
import os
import threading

import pytest


def examine(stack, *more):
    """The findings that are bad, and all. By the operator, who may make a token."""
    done = stack.doorward("doctor", stack.public_url, "--json", *more, check=False)
    assert done.returncode in (0, 1), done.stderr
    said = json.loads(done.stdout)
    bad = [f for f in said["checks"] if f["good"] is False]
    assert said["good"] == (not bad) == (done.returncode == 0)
    assert all(f["fix"] for f in bad)
    return bad, said


def change(stack, name, old, new):
    """One line of the server's configuration, and the server started anew."""
    write = stack.web.write_configuration

    def write_changed():
        write()
        directory = "apache-conf" if stack.web.server == "apache" else "lighttpd-conf"
        path = f"{stack.directory}/{directory}/{name}"
        with open(path, encoding="utf-8") as f:
            text = f.read()
        assert old in text
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace(old, new))

    stack.stop_web()
    stack.web.write_configuration = write_changed
    stack.start_web()
    stack.web.write_configuration = write


def test_all_is_well(front):
    bad, said = examine(front, "--gated", "/members/notes.txt")
    assert bad == []
    checks = {f["check"] for f in said["checks"]}
    assert checks >= {"settings", "public_url", "database", "https", "login", "clock",
                      "stylesheet", "body limit", "public keys", "authorization", "admin pages",
                      "metadata", "provider", "private files", "gate"}
    assert {f["good"] for f in said["checks"]} == {True}
    text = front.doorward("doctor", front.public_url + "/")
    assert "ok   gate" in text and "BAD" not in text


def test_a_path_that_is_not_gated(front):
    bad, _ = examine(front, "--gated", "/index.html")
    assert [f["check"] for f in bad] == ["gate"]
    assert "/index.html answers 200 without a login" in bad[0]["text"]


@pytest.fixture(name="ill")
def _ill(private_stack):
    return private_stack("apache", "fastcgi")


def test_what_goes_wrong_on_apache(ill):
    """Each alone; then it is put right again."""
    bad, _ = examine(ill)
    assert bad == []

    change(ill, "gate.conf", "FcgidAccessChecker \"", "#")
    bad, _ = examine(ill)
    assert {f["check"] for f in bad} == {"gate"} and "gate.conf" in bad[0]["fix"]

    change(ill, "gate.conf", "unset Variable-", "unset Nothing-")
    bad, _ = examine(ill)
    assert [f["fix"] for f in bad if "Header" in f["fix"]]

    change(ill, "doorward.conf", "CGIPassAuth On", "")
    bad, _ = examine(ill)
    assert "authorization" in {f["check"] for f in bad}
    assert [f for f in bad if "CGIPassAuth" in f["fix"]]

    change(ill, "gate.conf", "CGIPassAuth On", "")
    bad, _ = examine(ill)
    assert [f for f in bad if f["check"] == "gate" and "CGIPassAuth" in f["fix"]]

    change(ill, "doorward.conf", "FcgidInitialEnv", "LimitRequestBody 15000\nFcgidInitialEnv")
    bad, _ = examine(ill)
    assert [f["check"] for f in bad] == ["body limit"]

    change(ill, "urls.conf", 'Alias       "/.well-known/jwks.json"', '#')
    bad, _ = examine(ill)
    assert [f["check"] for f in bad] == ["public keys"]

    change(ill, "urls.conf", 'ScriptAlias "/admin"', '#')
    bad, said = examine(ill)
    assert bad == [] and not_asked(said) == {"admin pages"}
    assert "/admin answers 404" in json.dumps(said)


def test_what_goes_wrong_inside(ill):
    secret = f"{ill.directory}/keys/session.secret"
    mode = os.stat(secret).st_mode
    os.chmod(secret, 0o644)
    bad, _ = examine(ill)
    assert [f for f in bad if f["check"] == "settings" and "session" in f["text"]]
    os.chmod(secret, mode)

    os.makedirs(f"{ill.directory}/www/doorward", exist_ok=True)
    with open(f"{ill.directory}/www/doorward/doorward.conf", "w", encoding="utf-8") as f:
        f.write("public_url = x\n")
    bad, _ = examine(ill)
    assert [f["check"] for f in bad] == ["private files"]
    os.unlink(f"{ill.directory}/www/doorward/doorward.conf")

    ill.write_settings(public_url="https://elsewhere.example")
    bad, _ = examine(ill)
    assert "public_url" in {f["check"] for f in bad}
    ill.write_settings(public_url=ill.public_url)


def test_what_keeps_other_programs_from_using_the_login(ill):
    """Each alone, and what is said where oauth is off."""
    change(ill, "urls.conf", 'Alias       "/.well-known/openid-configuration"', '#')
    bad, _ = examine(ill)
    assert [f["check"] for f in bad] == ["metadata"]
    assert "/.well-known/openid-configuration answers 404" in bad[0]["text"]

    change(ill, "urls.conf", 'Alias       "/.well-known/oauth-authorization-server"', '#')
    bad, _ = examine(ill)
    assert "/.well-known/oauth-authorization-server answers 404" in bad[0]["text"]

    change(ill, "urls.conf", 'ScriptAlias "/oauth"', '#')
    bad, _ = examine(ill)
    assert [f["check"] for f in bad] == ["provider"] and "oauth.fcgi" in bad[0]["fix"]
    assert "/oauth/userinfo answers 404" in bad[0]["text"]

    ill.write_settings(oauth="off")
    bad, _ = examine(ill)
    assert {f["check"] for f in bad} == {"settings", "metadata"}
    assert all("key publish" in f["text"] + f["fix"] for f in bad)
    ill.doorward("key", "publish")
    bad, said = examine(ill)
    assert bad == [] and "they lead to the public keys" in json.dumps(said)
    ill.write_settings(oauth="on")
    ill.doorward("key", "publish")


def test_metadata_of_another_address_are_found(ill):
    path = f"{ill.directory}/openid-configuration"
    good = open(path, encoding="utf-8").read()
    for old, new, said in [
            ("/oauth/token", "/oauth/tokens", "token_endpoint is "),
            ('"issuer":"http://localhost', '"issuer":"https://localhost', "issuer is https://"),
            ("/.well-known/jwks.json", "/jwks.json", "jwks_uri is "),
            ('"openid",', "", "differ"),
            (good, "{}", "jwks_uri is missing"), (good, "<html>", "not the document")]:
        assert old in good
        with open(path, "w", encoding="utf-8") as f:
            f.write(good.replace(old, new))
        bad, _ = examine(ill)
        assert [f for f in bad if f["check"] == "metadata" and said in f["text"]], said
    with open(path, "w", encoding="utf-8") as f:
        f.write(good)


def not_asked(said):
    """The checks that were not."""
    return {f["check"] for f in said["checks"] if f["good"] is None}


def test_a_database_that_is_down_is_one_finding(ill):
    ill.stop_database()
    bad, said = examine(ill)
    assert [f["check"] for f in bad] == ["database"]
    assert bad[0]["fix"].startswith("start PostgreSQL")
    assert {"login", "stylesheet", "body limit"} <= not_asked(said)


def test_a_typing_mistake_in_the_settings_is_one_finding(private_stack):
    """With programs that start with it, as plain CGI does."""
    stack = private_stack("apache", "cgi")
    with open(stack.conf, "a", encoding="utf-8") as f:
        f.write("sesion_idle = 1h\n")
    with open(stack.conf, encoding="utf-8") as f:
        line = len(f.read().splitlines())
    bad, said = examine(stack)
    assert [f["text"] for f in bad] == [
        f"{stack.conf}:{line}: unknown setting sesion_idle; did you mean session_idle?"]
    assert "CGIPassAuth" not in json.dumps(said)
    assert not_asked(said) >= {"login", "authorization"}


def test_a_revocation_file_that_is_gone_is_one_finding(ill):
    os.unlink(f"{ill.directory}/run/revocations")
    bad, said = examine(ill)
    assert [f["check"] for f in bad] == ["settings"]
    assert "revocation_file" in bad[0]["text"]
    assert bad[0]["fix"] == "doorward revocations publish"
    assert "authorization" in not_asked(said) or "gate" in not_asked(said)


def test_a_server_that_is_down_is_one_finding(ill):
    ill.stop_web()
    bad, said = examine(ill)
    assert [f["text"] for f in bad] == ["/login/health: nobody listens there"]
    assert bad[0]["fix"] == "start the web server, or check the address"
    assert not_asked(said) == {"https", "stylesheet", "body limit", "public keys",
                               "authorization", "admin pages", "metadata", "private files",
                                   "gate"}
    assert "answers 0" not in json.dumps(said)
    text = ill.doorward("doctor", ill.public_url, user=ill.web_user, check=False).stdout
    assert "--   gate           not asked: nobody answers\n" in text


def test_the_wrong_user_is_told_who_to_be(ill):
    """A user that every host has, and that PostgreSQL knows no way in for."""
    ill.postgres.sql("CREATE ROLE daemon LOGIN")
    ill.write_settings(database_login=f"host={ill.postgres.socket} dbname=doorward user=daemon")
    done = ill.doorward("doctor", ill.public_url, "--json", user=ill.web_user, check=False)
    [database] = [f for f in json.loads(done.stdout)["checks"] if f["check"] == "database"]
    assert database["good"] is None
    assert database["fix"] == \
        f"sudo -u daemon doorward --config {ill.conf} doctor {ill.public_url}"


def test_a_look_without_settings_is_one_from_outside(ill):
    done = ill.doorward("doctor", ill.public_url, "--json", "--config", "/nonexistent.conf",
                        user=ill.web_user, check=False)
    said = json.loads(done.stdout)
    assert done.returncode == 0 and said["good"]
    [settings] = [f for f in said["checks"] if f["check"] == "settings"]
    assert settings["good"] is None and "from outside only" in settings["text"]
    assert "--config FILE" in settings["fix"] and "gate" in not_asked(said)


def test_a_proxy_that_replaces_host_is_found(ill):
    """With canonical_redirect every page would lead to itself."""
    ill.write_settings(canonical_redirect="on")
    replaces = ("doorward.conf", "CGIPassAuth On",
                "CGIPassAuth On\nRequestHeader set Host backend.example:3000")
    change(ill, *replaces)
    bad, _ = examine(ill)
    assert "name" in {f["check"] for f in bad}
    assert [f for f in bad if "ProxyPreserveHost" in f["fix"]]
    ill.write_settings(canonical_redirect="off")
    change(ill, *replaces)
    bad, _ = examine(ill)
    assert bad == []


def test_what_is_no_site(front):
    for url in "ftp://x.example", "https://x.example/path", "x.example", "":
        assert front.doorward("doctor", url, check=False).returncode == 2
    done = front.doorward("doctor", "http://127.0.0.1:9", "--json", check=False)
    assert done.returncode == 1
    assert "nobody listens there" in done.stdout


def test_what_goes_wrong_on_lighttpd(private_stack):
    """A gate that does not match the path: the fix is lighttpd's."""
    stack = private_stack("lighttpd", "fastcgi")
    change(stack, "gate.conf", '"(?i)^/members(/|$)"', '"^/nowhere(/|$)"')
    bad, _ = examine(stack)
    assert {f["check"] for f in bad} == {"gate"}
    assert "mod_fastcgi before mod_proxy" in bad[0]["fix"]


def test_who_cannot_make_a_token_is_told_what_was_not_asked(ill):
    """The audit is the operator's: no row, no token."""
    ill.write_settings(database_admin=f"host={ill.postgres.socket} dbname=x user=daemon")
    done = ill.doorward("doctor", ill.public_url, "--json", check=False)
    gates = [f for f in json.loads(done.stdout)["checks"] if f["check"] == "gate"]
    assert {f["good"] for f in gates} == {True, None}
    assert gates[-1]["text"] == "whether tokens are understood (daemon may make one: " \
        "sudo -u daemon doorward doctor)"


class Odd(http.server.BaseHTTPRequestHandler):
    """A server with a wrong clock that answers everything alike, with a file of ours."""

    def do_GET(self):  # pylint: disable=invalid-name
        """200 and the time of long ago."""
        self.send_response_only(200)
        self.send_header("Date", "Mon, 01 Jan 2024 00:00:00 GMT")
        self.end_headers()
        self.wfile.write(b"public_url = x\n")

    do_POST = do_GET

    def log_message(self, *arguments):  # pylint: disable=arguments-differ
        """Not on the screen."""


def test_a_wrong_clock_and_a_server_that_shows_everything(apache):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Odd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = apache.doorward("doctor", f"http://127.0.0.1:{server.server_port}", "--json",
                               "--gated", "/x", user=apache.web_user, check=False)
        server.shutdown()
    bad = {f["check"]: f for f in json.loads(done.stdout)["checks"] if f["good"] is False}
    assert done.returncode == 1
    assert set(bad) >= {"clock", "public_url", "stylesheet", "body limit", "public keys",
                        "authorization", "private files", "gate"}
    assert "set-ntp" in bad["clock"]["fix"]
    assert "CGIPassAuth" not in bad["authorization"]["fix"]  # headers are blamed on 401 only


class Empty(Odd):
    """A server where nothing of ours is."""

    def do_GET(self):  # pylint: disable=invalid-name
        """404 to all."""
        self.send_error(404)

    do_POST = do_GET


def test_a_site_without_protected_has_no_finding_on_the_header(apache):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Empty) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = apache.doorward("doctor", f"http://127.0.0.1:{server.server_port}", "--json",
                               user=apache.web_user, check=False)
        server.shutdown()
    found = {f["check"]: f for f in json.loads(done.stdout)["checks"]}
    assert found["authorization"]["good"] is None
    assert found["stylesheet"]["good"] is found["body limit"]["good"] is None
    assert found["login"]["fix"] == "include doorward.conf, or its .htaccess"
