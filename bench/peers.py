"""The peers: which are here, and how each is set up. What is not here is said to be missing."""

import glob
import os
import shutil
import subprocess

from stack import process
from stack.stack import TREE

HERE = os.path.dirname(os.path.abspath(__file__))
BENCH = f"{TREE}/build/bench"
EMPTY = f"{BENCH}/empty.fcgi"
SAME = f"{BENCH}/same.fcgi"
OPENIDC = "/usr/lib/apache2/modules/mod_auth_openidc.so"
FPM_WORKERS = 16
PEER_ALGORITHMS = ["HS256", "RS256"]


def fpm_program():
    """PHP's FastCGI server, or None."""
    found = sorted(glob.glob("/usr/sbin/php-fpm*"))
    return found[-1] if found else None


def missing():
    """name: why, for every peer that cannot run."""
    wanted = {"php-fpm": fpm_program(), "php-cgi": shutil.which("php-cgi"),
              "mod_auth_openidc": os.path.exists(OPENIDC), "node": shutil.which("node"),
              "wrk": shutil.which("wrk"), "valgrind": shutil.which("valgrind"),
              "strace": shutil.which("strace"),
              "libjwt": os.path.exists("/usr/include/jwt.h")}
    wanted.update({f"node {name}": os.path.isdir(f"{BENCH}/node_modules/{name}")
                   for name in ("jsonwebtoken", "jose")})
    return sorted(name for name, here in wanted.items() if not here)


def install_npm():
    """jsonwebtoken and jose into build/bench; where that cannot be done, they are missing."""
    os.makedirs(BENCH, exist_ok=True)
    if shutil.which("npm") and not all(os.path.isdir(f"{BENCH}/node_modules/{name}")
                                       for name in ("jsonwebtoken", "jose")):
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix",
                        BENCH, "jsonwebtoken", "jose"], check=False, timeout=120)


def compile_c(name, *libraries):
    """build/bench/NAME from bench/NAME.c, with the flags of `make`; None if it fails."""
    os.makedirs(BENCH, exist_ok=True)
    out = f"{BENCH}/{name}"
    done = subprocess.run(["cc", "-std=gnu11", "-O2", "-g", f"-I{TREE}/lib", "-o", out,
                           f"{HERE}/{name}.c", *libraries], check=False)
    return out if done.returncode == 0 else None


class PhpFpm:
    """PHP-FPM on a socket, with opcache as Debian has it."""

    def __init__(self, directory, user):
        self.directory, self.user = directory, user
        self.socket = f"{directory}/run/php.sock"

    def start(self):
        """Its process."""
        path = f"{self.directory}/php-fpm.conf"
        with open(path, "w", encoding="utf-8") as f:
            f.write(f"""[global]
error_log = {self.directory}/log/php.log
daemonize = no
[bench]
user = {self.user}
group = {self.user}
listen = {self.socket}
listen.owner = {self.user}
listen.backlog = 511
pm = static
pm.max_children = {FPM_WORKERS}
clear_env = no
""")
        server = process.start([fpm_program(), "-F", "-R", "-y", path],
                               f"{self.directory}/log/php.out", cwd="/")
        process.wait_until(lambda: os.path.exists(self.socket), 10)
        return server


def start_node(library, alg, port, key, issuer, log):
    """Node's own HTTP server, one process, verifying with one library."""
    script = f"{BENCH}/server.js"  # beside node_modules, where require() looks
    shutil.copyfile(f"{HERE}/peers/server.js", script)
    return process.start([shutil.which("node"), script, str(port), library, alg, key, issuer],
                         log, cwd=BENCH)


def apache_text(directory, keys):
    """What the bench adds to the shipped configuration: the bare responders and the peers."""
    text = f"""
<IfModule !proxy_module>
	LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
</IfModule>
<IfModule !proxy_fcgi_module>
	LoadModule proxy_fcgi_module /usr/lib/apache2/modules/mod_proxy_fcgi.so
</IfModule>
# Room for more programs than are shipped; each has as many processes as there.
FcgidMaxProcesses 400
ScriptAlias "/empty" "{directory}/libexec/empty.fcgi"
ScriptAlias "/same" "{directory}/libexec/same.fcgi"
ScriptAlias "/protected-public" "{directory}/libexec/protected-public.fcgi"
Alias "/gated-public" "{directory}/www/index.html"
"""
    for name in "protected", "authorizer":
        text += f"""
FcgidCmdOptions "{directory}/libexec/{name}-public.fcgi" MaxProcesses 64 MinProcesses 4 \\
	InitialEnv DOORWARD_CONFIG={directory}/public.conf
"""
    with open(f"{TREE}/apache-conf/gate.conf", encoding="utf-8") as f:
        public = f.read().replace("/usr/local/libexec/doorward/authorizer",
                                  f"{directory}/libexec/authorizer-public")
    text += f'<Location "/gated-public">\n{public}</Location>\n'
    if fpm_program():
        for alg in PEER_ALGORITHMS:
            text += f"""
Alias "/php-{alg}" "{directory}/php/verify.php"
<Location "/php-{alg}">
	Require all granted
	CGIPassAuth On
	SetHandler "proxy:unix:{directory}/run/php.sock|fcgi://php"
	SetEnv BENCH_ALG {alg}
	SetEnv BENCH_KEY {keys.directory}/{alg}.key
	SetEnv BENCH_ISSUER {keys.issuer}
</Location>
"""
    if os.path.exists(OPENIDC):
        text += openidc_text(directory, keys)
    return text


def openidc_text(directory, keys):
    """One virtual setting holds one way to verify: the shared key here, RS256 in a host of its
    own."""
    return f"""
LoadModule authn_core_module /usr/lib/apache2/modules/mod_authn_core.so
LoadModule authz_user_module /usr/lib/apache2/modules/mod_authz_user.so
LoadModule auth_openidc_module {OPENIDC}
OIDCCryptoPassphrase {keys.by_alg["HS256"].private.decode()}
OIDCOAuthRemoteUserClaim sub
OIDCOAuthVerifySharedKeys plain#HS256#{keys.by_alg["HS256"].private.decode()}
OIDCOAuthVerifyCertFiles RS256#{keys.directory}/RS256.key
<Location "/oidc">
	AuthType oauth20
	Require valid-user
</Location>
Alias "/oidc" "{directory}/www/index.html"
"""


def lighttpd_text(directory):
    """The bare responders, with as many processes as ours has, and ours with public keys."""
    public = f'"bin-environment" => ( "DOORWARD_CONFIG" => "{directory}/public.conf" ), ' \
             '"check-local" => "disable", "max-procs" => 4'
    text = "".join(f"""
$HTTP["url"] == "/{name}" {{
	fastcgi.server = ( "/{name}" => (( "check-local" => "disable", "max-procs" => 4,
		"bin-path" => "{directory}/libexec/{name}.fcgi", "socket" => "{directory}/run/{name}" )) )
}}
""" for name in ("empty", "same"))
    return text + f"""
$HTTP["url"] == "/protected-public" {{
	fastcgi.server = ( "/protected-public" => (( {public},
		"bin-path" => "{directory}/libexec/protected-public.fcgi",
		"socket" => "{directory}/run/protected-public" )) )
}}
$HTTP["url"] == "/gated-public" {{
	alias.url = ( "/gated-public" => "{directory}/www/index.html" )
	fastcgi.server = ( "/" => (( "mode" => "authorizer", {public},
		"bin-path" => "{directory}/libexec/authorizer-public.fcgi",
		"socket" => "{directory}/run/authorizer-public" )) )
}}
"""
