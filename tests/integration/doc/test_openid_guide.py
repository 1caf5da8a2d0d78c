"""The lines of doc/how-to/openid.md and openid-clients.md, typed on a site, do what they say."""

import os
import re
import shlex

import pytest

import relying_parties
import webmail
from oauth import App
from servers import TREE

GUIDES = ("openid", "openid-clients")


def read(name):
    """A guide."""
    with open(f"{TREE}/doc/how-to/{name}.md", encoding="utf-8") as f:
        return f.read()


def typed(text, what="doorward client"):
    """The lines of shell blocks that begin so, as lists of words."""
    text = re.sub(r"\\\n\s*", " ", text)
    return [shlex.split(line)[1:] for block in re.findall(r"^```sh\n(.*?)^```$", text, re.M | re.S)
            for line in block.splitlines() if line.startswith(what)]


def forget(stack, names):
    """Remove what was added."""
    for name in names:
        stack.doorward("client", "remove", name, check=False)


def printed(text):
    """The words after client_id and client_secret."""
    return dict(line.split() for line in text.splitlines() if line.startswith("client_"))


def test_a_client_lives_as_the_guide_says(apache):
    apache.doorward("role", "allow", "editor", check=False)
    lines = typed(read("openid"))
    secrets = []
    assert [line[1] for line in lines] == ["add", "add", "set", "secret", "secret", "remove"]
    try:
        for line in lines:
            said = apache.doorward(*line)
            if line[1] in ("add", "secret") and "wiki" in line:
                secrets.append(printed(said)["client_secret"])
        assert len(set(secrets)) == 3
        assert apache.doorward("client", "list", "wiki", check=False).returncode != 0
        assert "https://cloud.example.org" in apache.doorward("client", "list", "cloud")
    finally:
        forget(apache, ["wiki", "cloud"])


def test_every_option_of_the_table_is_one_and_has_that_default(apache):
    rows = re.findall(r"^\| `(--[a-z-]+) [A-Z]+` \|", read("openid"), re.M)
    help_text = apache.doorward("help", "client")
    assert len(rows) == 12 and [option for option in rows if option not in help_text] == []
    apache.doorward("client", "add", "bare", "--redirect", "https://bare.example/cb")
    try:
        shown = apache.doorward("client", "list", "bare")
        for word in ("client_secret_basic", "openid profile email", "remember", "RS256"):
            assert word in shown, shown
    finally:
        forget(apache, ["bare"])


@pytest.mark.parametrize("line", typed(read("openid-clients")), ids=lambda line: line[2])
def test_each_program_can_be_added(apache, line):
    try:
        said = printed(apache.doorward(*line))
        assert said["client_id"] == line[2] and len(said["client_secret"]) > 30
        shown = apache.doorward("client", "list", line[2])
        for address in re.findall(r"https://[a-z.]+example\.org", " ".join(line)):
            assert address in shown
    finally:
        forget(apache, [line[2]])


@pytest.mark.parametrize("name, address", [
    ("nextcloud", "https://x.example/apps/user_oidc/code"),
    ("forgejo", "https://x.example/user/oauth2/doorward/callback"),
    ("grafana", "https://x.example/login/generic_oauth"),
    ("wordpress", "https://x.example/wp-admin/admin-ajax.php?action=openid-connect-authorize"),
    ("oauth2-proxy", "https://x.example/oauth2/callback")])
def test_the_known_programs_come_back_to_the_address_that_they_use(apache, name, address):
    try:
        apache.doorward("client", "add", "known", "--for", name, "--url", "https://x.example")
        assert address in apache.doorward("client", "list", "known")
    finally:
        forget(apache, ["known"])


def test_the_addresses_of_the_page_are_those_of_the_metadata(apache):
    metadata = App(apache).web.get("/.well-known/openid-configuration").json()
    page = read("openid-clients")
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri",
                 "end_session_endpoint", "revocation_endpoint"):
        address = metadata[name].replace(apache.public_url, "https://example.org")
        assert f"| `{address}` |" in page, name


@pytest.mark.parametrize("path, asked, admitted", [
    ("/feed", ["--client", "wiki"], True), ("/feed", ["--client", "other"], False),
    ("/feed", ["--roles", "member"], False), ("/calendar", ["--roles", "member"], True),
    ("/calendar", ["--client", "other", "--scope", "openid profile"], True),
    ("/calendar", ["--client", "wiki", "--scope", "openid"], False)])
def test_the_rules_of_the_guide_let_in_whom_it_says(apache, tmp_path, path, asked, admitted):
    conf = tmp_path / "doorward.conf"
    conf.write_text("public_url = https://example.org\n" + "".join(
        line + "\n" for line in read("openid").splitlines() if line.startswith("rule = ")),
        encoding="utf-8")
    kind = ["--kind", "client", "--roles", ""] if "--client" in asked else []
    done = apache.doorward("--config", str(conf), "rules", "explain", "GET", path, *asked, *kind,
                           check=False)
    assert done.returncode == (0 if admitted else 1), done


def test_the_pages_say_what_the_guide_quotes():
    with open(f"{TREE}/share/phrases/en.txt", encoding="utf-8") as f:
        phrases = f.read()
    table = read("openid").split("| you see |")[1].split("\n\n")[0]
    quoted = re.findall(r'"([^"]+)"', " ".join(row.split("|")[1] for row in table.splitlines()[2:]))
    assert len(quoted) == 5 and [text for text in quoted if text not in phrases] == []


def names(text, pattern):
    """The names of settings in a piece of configuration."""
    return set(re.findall(pattern, text, re.M))


def test_the_settings_of_mod_auth_openidc_are_those_that_the_tests_run(apache):
    party = relying_parties.ModAuthOpenidc(apache)
    try:
        run = party.settings()
    finally:
        forget(apache, [party.client_id])
    pattern = r"^\s*(OIDC\w+) "
    assert names(run, pattern) == names(read("openid-clients"), pattern)


def test_the_settings_of_roundcube_and_dovecot_are_those_that_the_tests_run():
    with open(webmail.__file__, encoding="utf-8") as f:
        run = f.read()
    pattern = r"^\$config\['(oauth_\w+)'\]"
    assert names(run, pattern) == names(read("openid-clients"), pattern) != set()
    for line in ("introspection_mode = auth", "username_attribute = email", "driver = oauth2",
                 "mechanisms = oauthbearer xoauth2"):
        assert line in run and line in read("openid-clients")


def test_the_versions_of_the_page_are_those_of_the_tests():
    """What `make test` installs; Debian's versions are those of Debian 12."""
    with open(f"{TREE}/tests/npm/package.json", encoding="utf-8") as f:
        version = re.search(r'"openid-client": "(\d+\.\d+)', f.read())[1]
    assert f"openid-client](#your-own-program) {version}" in read("openid-clients")
    assert os.path.exists("/usr/lib/apache2/modules/mod_auth_openidc.so")
