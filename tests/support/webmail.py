"""Roundcube with Dovecot, both private: a webmail whose mail server takes access tokens.

    webmail = Webmail(stack)      registered as a client, and serving
    webmail.url                   its login page
    webmail.end()
"""

import os
import re
import shutil
import subprocess

import requests
from places import new_directory
from servers import free_port
from stack import StackError, process
from stack.web import tail

ROUNDCUBE = "/usr/share/roundcube"
SCOPE = "openid profile email offline_access"


class Webmail:
    """What doc/how-to/openid-clients.md says, on ports and in a directory of its own."""

    def __init__(self, stack):
        self.stack = stack
        self.runner = stack.web_user
        self.port, self.imap = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.client_id = f"mail-{self.port}"
        said = stack.doorward(
            "client", "add", self.client_id, "--name", "Webmail", "--method",
            "client_secret_post", "--pkce", "optional", "--scope", SCOPE, "--consent", "trusted",
            "--redirect", f"{self.url}/index.php/login/oauth")
        self.secret = re.search(r"^client_secret\s+(\S+)$", said, re.M)[1]
        self.directory = new_directory("webmail")
        self.processes = []
        try:
            self._write()
            self._start()
        except BaseException:
            self.end()
            raise

    def _write(self):
        for name in ("mail", "run", "roundcube", "roundcube/temp", "roundcube/logs"):
            os.makedirs(f"{self.directory}/{name}")
        for name in ("defaults.inc.php", "mimetypes.php"):
            shutil.copy(f"/etc/roundcube/{name}", f"{self.directory}/roundcube/{name}")
        for name, text in {"roundcube/config.inc.php": self._roundcube(),
                           "dovecot.conf": self._dovecot(),
                           "dovecot-oauth2.conf.ext": self._tokens()}.items():
            with open(f"{self.directory}/{name}", "w", encoding="utf-8") as f:
                f.write(text)
        if os.geteuid() == 0:
            for place in ("mail", "roundcube"):
                subprocess.run(["chown", "-R", self.runner, f"{self.directory}/{place}"],
                               check=True)

    def _roundcube(self):
        site = self.stack.public_url
        return f"""<?php
$config['db_dsnw'] = 'sqlite:///{self.directory}/roundcube/db?mode=0640';
$config['imap_host'] = '127.0.0.1:{self.imap}';
$config['temp_dir'] = '{self.directory}/roundcube/temp/';
$config['log_dir'] = '{self.directory}/roundcube/logs/';
$config['des_key'] = '0123456789abcdef01234567';
$config['plugins'] = [];

$config['oauth_provider'] = 'generic';
$config['oauth_provider_name'] = 'Doorward';
$config['oauth_client_id'] = '{self.client_id}';
$config['oauth_client_secret'] = '{self.secret}';
$config['oauth_auth_uri'] = '{site}/oauth/authorize';
$config['oauth_token_uri'] = '{site}/oauth/token';
$config['oauth_identity_uri'] = '{site}/oauth/userinfo';
$config['oauth_scope'] = '{SCOPE}';
$config['oauth_identity_fields'] = ['email'];
"""

    def _dovecot(self):
        return f"""
base_dir = {self.directory}/run
state_dir = {self.directory}/run
log_path = {self.directory}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
default_internal_user = {self.runner}
default_internal_group = {self.runner}
default_login_user = {self.runner}
mail_location = maildir:{self.directory}/mail/%u
first_valid_uid = 1
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
userdb {{
  driver = static
  args = uid={self.runner} gid={self.runner} home={self.directory}/mail/%u
}}
auth_mechanisms = oauthbearer xoauth2
passdb {{
  driver = oauth2
  mechanisms = oauthbearer xoauth2
  args = {self.directory}/dovecot-oauth2.conf.ext
}}
"""

    def _tokens(self):
        return f"""
introspection_mode = auth
introspection_url = {self.stack.public_url}/oauth/userinfo
username_attribute = email
"""

    def _start(self):
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PHP_CLI_SERVER_WORKERS": "4",
                       "ROUNDCUBE_CONFIG_DIR": f"{self.directory}/roundcube"}
        self.processes = [
            process.start(["/usr/sbin/dovecot", "-F", "-c", f"{self.directory}/dovecot.conf"],
                          f"{self.directory}/dovecot.log", cwd="/"),
            process.start(["php", "-S", f"127.0.0.1:{self.port}", "-t", ROUNDCUBE],
                          f"{self.directory}/roundcube/php.log", user=self.runner, cwd="/",
                          env=environment)]

        def serves():
            try:
                return requests.get(self.url, timeout=5).status_code == 200
            except requests.RequestException:
                return False
        if not process.wait_until(serves, 20):
            raise StackError(f"the webmail did not start:\n{self.log()}")

    def log(self):
        """The ends of the logs."""
        return "".join(tail(f"{self.directory}/{name}") for name in
                       ("dovecot.log", "roundcube/php.log", "roundcube/logs/errors.log"))

    def end(self):
        """Stop both, and forget the client."""
        for started in self.processes:
            process.stop(started)
            process.end_group(started)
        shutil.rmtree(self.directory, ignore_errors=True)
        self.stack.doorward("client", "remove", self.client_id, check=False)
