"""Sites that others wrote the login of: mod_auth_openidc, npm's openid-client, Python's Authlib.

    party = start_party("mod_auth_openidc", stack, npm)
    party.url + "/private/"     asks for a login; then four lines: name, email, groups, token
    party.refresh_url(token)    has it use its refresh token, and shows the same page
    party.logout_url            signs out there and here, and ends on /goodbye
    party.end()

All of them are on 127.0.0.1 and the provider is on localhost, so a browser takes them for
different sites.
"""

import json
import os
import re
import shutil
import subprocess
import urllib.parse

import authlib_party
import requests
from places import new_directory
from servers import free_port
from stack import StackError, process
from stack.web import find_program, tail

SCOPE = "openid profile email groups offline_access"
MODULES = "/usr/lib/apache2/modules"


class Party:
    """A client of the provider with a site of its own."""

    method = "client_secret_basic"
    goodbye_path = "/goodbye"

    def __init__(self, stack, *options, issuer=None):
        self.stack = stack
        self.issuer = issuer or stack.public_url
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.callback = f"{self.url}/private/callback"
        self.goodbye = self.url + self.goodbye_path
        self.client_id = f"{self.name}-{self.port}".replace("_", "-")
        said = stack.doorward("client", "add", self.client_id, "--name", f"Club ({self.name})",
                              "--redirect", self.callback, "--logout", self.goodbye,
                              "--method", self.method, "--scope", SCOPE, *options)
        self.secret = re.search(r"^client_secret\s+(\S+)$", said, re.M)[1]

    def given(self):
        """What the site is told."""
        return {"url": self.url, "issuer": self.issuer, "client_id": self.client_id,
                "client_secret": self.secret, "callback": self.callback,
                "goodbye": self.goodbye, "scope": SCOPE}

    def refresh_url(self, token):  # pylint: disable=unused-argument
        """The page that renews the tokens."""
        return f"{self.url}/private/refresh"

    @property
    def logout_url(self):
        """The page that ends both sessions."""
        return f"{self.url}/private/logout"

    def why(self, page):
        """Why it let nobody in, as it said on `page` or elsewhere."""
        return page

    def wait(self, is_alive, log):
        """Until it answers."""
        def serves():
            try:
                return requests.get(self.goodbye, timeout=2).status_code == 200
            except requests.RequestException:
                return False
        if not process.wait_until(lambda: serves() or not is_alive(), 20) or not serves():
            raise StackError(f"{self.name} did not start:\n{tail(log)}")

    def end(self):
        """Stop the site, and forget the client."""
        self.stop()
        self.stack.doorward("client", "remove", self.client_id, check=False)


class ModAuthOpenidc(Party):
    """Apache with Debian's libapache2-mod-auth-openidc."""

    name = "mod_auth_openidc"
    goodbye_path = "/goodbye.html"

    def start(self):
        """A whole Apache in a directory of its own."""
        self.directory = new_directory("party")
        for name, text in {"private/index.shtml": self._page(),
                           "goodbye.html": "You are signed out here.\n"}.items():
            os.makedirs(os.path.dirname(f"{self.directory}/www/{name}"), exist_ok=True)
            with open(f"{self.directory}/www/{name}", "w", encoding="utf-8") as f:
                f.write(text)
        with open(f"{self.directory}/httpd.conf", "w", encoding="utf-8") as f:
            f.write(self._configuration())
        self.log = f"{self.directory}/error.log"
        self.process = process.start([find_program("apache2", "httpd"), "-D", "FOREGROUND",
                                      "-f", f"{self.directory}/httpd.conf"], self.log, cwd="/")
        self.wait(lambda: process.is_alive(self.process), self.log)

    def _page(self):
        names = {"name": "REMOTE_USER", "email": "OIDC_CLAIM_email",
                 "groups": "OIDC_CLAIM_groups", "token": "OIDC_access_token"}
        return "<pre>" + "".join(f'{name}: <!--#echo var="{variable}" -->\n'
                                 for name, variable in names.items()) + "</pre>\n"

    def _configuration(self):
        modules = ["mpm_event", "authn_core", "authz_core", "authz_user", "dir", "mime",
                   "include", "auth_openidc"]
        return "".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so\n"
                       for name in modules) + f"""
ServerRoot {self.directory}
ServerName 127.0.0.1
Listen 127.0.0.1:{self.port}
User {self.stack.web_user}
Group {self.stack.web_user}
PidFile {self.directory}/httpd.pid
DefaultRuntimeDir {self.directory}
ErrorLog {self.directory}/error.log
StartServers 1
TypesConfig /etc/mime.types
DocumentRoot {self.directory}/www
DirectoryIndex index.shtml
AddOutputFilter INCLUDES .shtml
{self.settings()}
<Directory {self.directory}/www>
	Options +Includes
	Require all granted
</Directory>
<Location /private>
	AuthType openid-connect
	Require valid-user
</Location>
"""

    def settings(self):
        """What its documentation has people type."""
        return f"""
OIDCProviderMetadataURL {self.issuer}/.well-known/openid-configuration
OIDCClientID {self.client_id}
OIDCClientSecret {self.secret}
OIDCRedirectURI {self.callback}
OIDCCryptoPassphrase {self.secret}
OIDCScope "{SCOPE}"
OIDCPKCEMethod S256
OIDCRemoteUserClaim preferred_username
OIDCDefaultLoggedOutURL {self.goodbye}
"""

    def refresh_url(self, token):
        return f"{self.callback}?" + urllib.parse.urlencode(
            {"refresh": f"{self.url}/private/", "access_token": token})

    @property
    def logout_url(self):
        return f"{self.callback}?" + urllib.parse.urlencode({"logout": self.goodbye})

    def why(self, page):
        return tail(self.log, 6)

    def stop(self):
        """Its Apache."""
        process.stop(self.process)
        process.end_group(self.process)
        shutil.rmtree(self.directory, ignore_errors=True)


class OpenidClient(Party):
    """A server of Node's, tests/npm/relying_party.mjs."""

    name = "openid-client"
    method = "client_secret_post"

    def start(self, npm):
        """`npm` is where openid-client is installed."""
        self.log = f"{npm}/{self.client_id}.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(["node", "relying_party.mjs"], cwd=npm, stdout=log,
                                            stderr=log, stdin=subprocess.PIPE)
        self.process.stdin.write(json.dumps(self.given()).encode())
        self.process.stdin.close()
        self.wait(lambda: self.process.poll() is None, self.log)

    def stop(self):
        """Its process."""
        self.process.terminate()
        self.process.wait(10)


class Authlib(Party):
    """A server in this process, authlib_party.py."""

    name = "authlib"

    def start(self):
        """In a thread."""
        self.server = authlib_party.serve(self.given(), self.port)

    def stop(self):
        """The thread."""
        self.server.shutdown()
        self.server.server_close()


PARTIES = {party.name: party for party in (ModAuthOpenidc, OpenidClient, Authlib)}


def start_party(name, stack, npm, *options):
    """One of PARTIES, registered with `options` of `doorward client add`, and serving."""
    party = PARTIES[name](stack, *options)
    try:
        party.start(*([npm] if name == "openid-client" else []))
    except BaseException:
        stack.doorward("client", "remove", party.client_id, check=False)
        raise
    return party
