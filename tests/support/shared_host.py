"""A shared host as its customers find it: Apache with mod_fcgid, .htaccess, nothing else of
ours in the server's configuration. The customer's .htaccess files are the shipped ones."""

import os
import shutil

from gate import ADMIN_CANARY, CANARY, GateStack
from stack import StackError
from stack.stack import TREE

HOST = """
ServerRoot "{d}"
ServerName localhost
Listen 127.0.0.1:{port}
User {user}
Group {user}
PidFile "{d}/run/httpd.pid"
DefaultRuntimeDir "{d}/run"
{modules}
FcgidIPCDir "{d}/run/fcgid"
FcgidProcessTableFile "{d}/run/fcgid/table"
ErrorLog "{d}/log/error.log"
TypesConfig /etc/mime.types
DirectoryIndex index.html index.php
<Directory "/">
	AllowOverride None
	Require all denied
</Directory>
DocumentRoot "{d}/ann/public_html"
<Directory "{d}/ann/public_html">
	AllowOverride AuthConfig FileInfo Options
	Options FollowSymLinks
	Require all granted
	{more}
</Directory>
{site}
"""
MODULES = ["mpm_event", "authz_core", "alias", "dir", "env", "headers", "mime", "rewrite",
           "setenvif", "fcgid", "cgid", "authz_host", "access_compat"]


class SharedHost(GateStack):
    """`more` goes into the document root's <Directory>, `site` into the server."""

    more = site = ""
    modules = MODULES

    def write_site(self):
        """What the customer has uploaded."""
        home = f"{self.directory}/ann"
        shutil.rmtree(home, ignore_errors=True)
        os.makedirs(f"{home}/public_html/members/admin")
        os.makedirs(f"{home}/doorward")
        shutil.copytree(f"{self.directory}/libexec", f"{home}/public_html/doorward")
        for name in "doorward.conf", "jwks.json":
            shutil.copy(f"{self.directory}/{name}", f"{home}/doorward/{name}")
        for path, text in [("index.html", "for everybody"), ("members/canary.txt", CANARY),
                           ("members/index.html", CANARY),
                           ("members/admin/canary.txt", ADMIN_CANARY)]:
            self._write(f"{home}/public_html/{path}", text + "\n")
        self.htaccess("", "htaccess.example")
        self.htaccess("members", "htaccess-members.example")

    def htaccess(self, where, name, change=lambda text: text):
        """The shipped file, with the home directory replaced and no other change."""
        with open(f"{TREE}/apache-conf/{name}", encoding="utf-8") as f:
            text = f.read().replace("/home/ann", f"{self.directory}/ann")
        self._write(f"{self.directory}/ann/public_html/{where}/.htaccess", change(text))

    def start_web(self):
        """With the host's configuration in place of ours."""
        directory = "/usr/lib/apache2/modules"
        modules = "\n".join(f"LoadModule {m}_module {directory}/mod_{m}.so" for m in self.modules)
        self.web.write_configuration()
        self._write(f"{self.directory}/apache-conf/httpd.conf", HOST.format(
            d=self.directory, port=self.port, user=self.web_user, modules=modules,
            more=self.more, site=self.site.replace("@", self.directory)))
        self._remember(self.web.start())

    def start_uploaded(self, made):
        """`made` is what ./setup of the package left: uploaded as it is, with a canary."""
        home = f"{self.directory}/ann"
        shutil.copytree(made, home)
        self._write(f"{home}/public_html/members/canary.txt", CANARY + "\n")
        for parent, _, files in os.walk(f"{home}/doorward"):  # here all run as Apache's user
            for name in [parent] + [f"{parent}/{file}" for file in files]:
                shutil.chown(name, self.web_user, self.web_user)
        self.start_web()

    def restart(self, **attributes):
        """After a change of `more` or `site`."""
        self.stop_web()
        for name, value in attributes.items():
            setattr(self, name, value)
        try:
            self.start_web()
        except StackError as e:
            raise AssertionError(e) from e
