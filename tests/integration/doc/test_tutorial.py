"""The lines of doc/tutorial/members-area.md, typed one after the other on a copy of this system,
give what the page says: an open site, an area for members, and one for the board."""

import os
import re
import shutil
import subprocess
import tempfile

import pytest

from servers import TREE

pytestmark = pytest.mark.slow("installs everything on a copy of the system and types the tutorial")
AS_ROOT = [] if os.geteuid() == 0 else ["sudo", "-n"]
PASSWORD = "correct horse battery staple"

# The copy is an overlay in namespaces of its own: nothing that is written there stays, and its
# network is a loopback alone.
BEGIN = r"""
set -eu
copy=$1
mount -t tmpfs none "$copy"
mkdir "$copy/upper" "$copy/work" "$copy/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$copy/upper,workdir=$copy/work" "$copy/root"
mount -t proc proc "$copy/root/proc"
mount --rbind /dev "$copy/root/dev"
mount -t tmpfs none "$copy/root/run"
mkdir "$copy/root/run/typed"
ip link set lo up
cat >"$copy/root/run/typed/lines"
exec chroot "$copy/root" sh /run/typed/lines
"""

# What the copy has no network, no service manager or no package for.
STANDINS = {
    "apt": "exit 0",
    "sudo": 'exec runuser -u "$2" -- env --chdir=/ "${@:3}"',
    "systemctl": 'apache2 -d /etc/apache2 -f /etc/apache2/apache2.conf -k "$1"',
    "apache2ctl": "apache2 -d /etc/apache2 -f /etc/apache2/apache2.conf -t",
    "a2enmod": "exit 0",
    "a2dissite": "exit 0",
    "a2ensite": 'ln -s "../sites-available/$1.conf" "/etc/apache2/sites-enabled/$1.conf"',
    "a2enconf": 'ln -s "../conf-available/$1.conf" "/etc/apache2/conf-enabled/$1.conf"',
    "certbot": r"""
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=example.org -days 2 \
	-addext subjectAltName=DNS:example.org -keyout /etc/ssl/site.key -out /etc/ssl/site.pem \
	2>/dev/null
cat /etc/ssl/site.pem >>/etc/ssl/certs/ca-certificates.crt
sed 's|\*:80|*:443|; s|^</Virt|SSLEngine on\nSSLCertificateFile /etc/ssl/site.pem\nSSLCertificateKeyFile /etc/ssl/site.key\n&|' \
	/etc/apache2/sites-available/club.conf >/etc/apache2/sites-enabled/club-le-ssl.conf
apache2 -d /etc/apache2 -f /etc/apache2/apache2.conf -k stop
sleep 1
apache2 -d /etc/apache2 -f /etc/apache2/apache2.conf -k start""",
}

MODULES = ("mpm_event authz_core authz_host access_compat alias dir env fcgid headers mime "
           "setenvif ssl socache_shmcb")

APACHE = """
ServerRoot /etc/apache2
Listen 80
Listen 443
User www-data
Group www-data
PidFile /run/apache2.pid
ErrorLog /run/error.log
TypesConfig /etc/mime.types
ServerName example.org
DirectoryIndex index.html
""" + "".join(f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so\n"
              for m in MODULES.split()) + """
<Directory />
	AllowOverride None
	Require all denied
</Directory>
<Directory /var/www>
	Require all granted
</Directory>
IncludeOptional conf-enabled/*.conf
IncludeOptional sites-enabled/*.conf
"""

FIRST = r"""
set -eu
export PATH=/run/typed:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin LC_ALL=C.UTF-8
umask 022
trap '[ $? -eq 0 ] || cat /run/error.log >&2' EXIT
: >>/etc/mime.types
mkdir -p /var/www/html /etc/apache2/conf-enabled /etc/apache2/sites-enabled \
	/etc/apache2/conf-available /etc/apache2/sites-available /run/postgresql /run/lock /run/apache2 \
	/var/log/apache2 /var/lib/apache2/fcgid
chown postgres:postgres /run/postgresql
cp /etc/hosts /run/hosts && echo '127.0.0.1 example.org' >>/run/hosts && cp /run/hosts /etc/hosts
pg_lsclusters -h | while read -r version name _; do pg_dropcluster --stop "$version" "$name"; done
pg_createcluster "$(ls /usr/lib/postgresql)" main --start >/dev/null
cd "$TREE"
"""

# A browser's way in, by the form's JSON twin, and what each member may see.
LAST = r"""
for name in ann bob; do
	token=$(curl -s https://example.org/login -H 'Content-Type: application/json' \
		-d "{\"username\":\"$name\",\"password\":\"$PASSWORD\"}" |
		sed 's/.*"token":"\([^"]*\)".*/\1/')
	for path in /members/ /members/board/; do
		echo "$name $path $(curl -s -o /dev/null -w '%{http_code}' \
			-H "Authorization: Bearer $token" "https://example.org$path")"
	done
done
apache2 -d /etc/apache2 -f /etc/apache2/apache2.conf -k stop
pg_ctlcluster "$(ls /usr/lib/postgresql)" main stop
"""


def here(path, text, mode="644"):
    """Shell that writes a file."""
    return f"mkdir -p {os.path.dirname(path)}\ncat >{path} <<'end of file'\n{text}\nend of file\n" \
           f"chmod {mode} {path}\n"


def read_tutorial():
    """(kind, block, the file that the text before it names) of each block."""
    with open(f"{TREE}/doc/tutorial/members-area.md", encoding="utf-8") as f:
        text = f.read()
    for match in re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.M | re.S):
        named = re.findall(r"to\s+`(/etc/[^`]+)`", text[:match.start()])
        yield match[1], match[2], named[-1] if named else ""


def typed():
    """One script: the stand-ins, then every line of the page."""
    parts = [f"TREE={TREE}\nPASSWORD='{PASSWORD}'\n"]
    parts += [here(f"/run/typed/{name}", f"#!/bin/bash\n{body}", "755")
              for name, body in STANDINS.items()]
    parts += [FIRST, here("/etc/apache2/apache2.conf", APACHE)]
    for kind, block, file in read_tutorial():
        if kind != "sh":
            parts.append(here(file, block))
            continue
        for line in re.sub(r" \\\n *", " ", block).splitlines():
            parts.append(f"printf '%s\\n' {typed_as(line)}\n")
            if line.startswith("sudo -u doorward doorward user add "):
                line = f"echo \"$PASSWORD\" | {line} --password-stdin"  # nobody is at a terminal
            elif line in ("tools/deps build", "make", "make install"):
                line = {"make install": "make -s install >/dev/null"}.get(line, "true")
            parts.append(f"{line}\n")
    return "".join(parts) + LAST


def typed_as(line):
    """A line as an argument of the shell."""
    return "'$ " + line.replace("'", "'\\''") + "'"


def test_the_tutorial_leads_to_a_members_area():
    assert os.path.exists(f"{TREE}/build/doorward")
    copy = tempfile.mkdtemp(prefix="doorward-tutorial-", dir="/var/tmp")
    try:
        done = subprocess.run(AS_ROOT + ["unshare", "-mnpf", "--kill-child", "sh", "-c", BEGIN,
                                         "sh", copy],
                              input=typed(), capture_output=True, text=True, check=False,
                              timeout=300, env={**os.environ, "MAKEFLAGS": ""})
    finally:
        shutil.rmtree(copy, ignore_errors=True)
    screen = done.stdout + done.stderr
    assert done.returncode == 0, screen
    assert re.search(r"doorward\.conf: good$", screen, re.M), screen
    open_page, members = re.findall(r"^\$ curl .*\n(\d+)$", screen, re.M)
    assert (open_page, members) == ("200", "401"), screen
    assert re.findall(r"^(?:ann|bob) /members.*$", screen, re.M) == [
        "ann /members/ 200", "ann /members/board/ 200",
        "bob /members/ 200", "bob /members/board/ 403"], screen
    assert "BAD" not in screen, screen
