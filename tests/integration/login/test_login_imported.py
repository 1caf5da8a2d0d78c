"""Users who were brought with hashes of other software sign in, and get one of ours."""

import base64
import hashlib
import json
import subprocess

import pytest

from client import json_login
from database import COMMAND

PASSWORD = "pässword of élan"

PHP = r"""<?php
$p = "%s";
echo json_encode([
    'php_bcrypt' => password_hash($p, PASSWORD_BCRYPT, ['cost' => 5]),
    'php_argon2id' => password_hash($p, PASSWORD_ARGON2ID, ['memory_cost' => 4096]),
    'php_argon2i' => password_hash($p, PASSWORD_ARGON2I, ['memory_cost' => 4096]),
    'wordpress_68' => '$wp' . password_hash(base64_encode(hash_hmac('sha384', trim($p),
        'wp-sha384', true)), PASSWORD_BCRYPT, ['cost' => 5]),
]);
"""

ITOA64 = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def phpass(password, salt=b"saltsalt", rounds=8):
    """$P$, as phpass' crypt_private computes it."""
    digest = hashlib.md5(salt + password).digest()
    for _ in range(1 << rounds):
        digest = hashlib.md5(digest + password).digest()
    text = ""
    for i in range(0, 16, 3):
        value = int.from_bytes(digest[i:i + 3], "little")
        for _ in range(len(digest[i:i + 3]) + 1):
            text, value = text + ITOA64[value & 63], value >> 6
    return f"$P${ITOA64[rounds]}{salt.decode()}{text}"


def pbkdf2(name, digest):
    """As Django writes it."""
    made = hashlib.pbkdf2_hmac(digest, PASSWORD.encode(), b"salt", 1000)
    return f"{name}$1000$salt${base64.b64encode(made).decode()}"


def htpasswd(option):
    """The hash of htpasswd(1)."""
    done = subprocess.run(["htpasswd", "-nbi", option, "x"], input=PASSWORD, capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        done = subprocess.run(["htpasswd", "-nb", option, "x", PASSWORD], capture_output=True,
                              text=True, check=True)
    return done.stdout.strip().split(":", 1)[1]


@pytest.fixture(scope="module", name="hashes")
def _hashes(tmp_path_factory):
    """{name of a user: hash}"""
    script = tmp_path_factory.mktemp("php") / "hashes.php"
    script.write_text(PHP % PASSWORD, encoding="utf-8")
    done = subprocess.run(["php-cgi", "-q", "-f", str(script)], capture_output=True, text=True,
                          check=True)
    scrypt = base64.b64encode(hashlib.scrypt(PASSWORD.encode(), salt=b"salt", n=1024, r=8, p=1,
                                             dklen=64)).decode()
    return {**json.loads(done.stdout), "wordpress": phpass(PASSWORD.encode()),
            "django": pbkdf2("pbkdf2_sha256", "sha256"), "django_sha1": pbkdf2("pbkdf2_sha1", "sha1"),
            "django_scrypt": f"scrypt$1024$salt$8$1${scrypt}",
            "apr1": htpasswd("-m"), "sha": htpasswd("-s")}


def stored(stack, name):
    """The hash in the database."""
    return stack.sql(f"select password_hash from doorward.users where name = '{name}'").strip()


def test_each_signs_in_with_the_old_password_and_gets_a_hash_of_ours(stacks, hashes):
    stack = stacks.get("apache", "fastcgi")
    lines = "".join(json.dumps({"name": name, "password_hash": text, "roles": ["member"]}) + "\n"
                    for name, text in hashes.items())
    done = subprocess.run([COMMAND, "--config", stack.conf, "user", "import", "--from", "jsonl",
                           "--weak"], input=lines, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    try:
        for name, text in hashes.items():
            assert json_login(stack, name, PASSWORD + "x").status_code == 401, name
            assert stored(stack, name) == text
            assert json_login(stack, name, PASSWORD).status_code == 200, name
            assert stored(stack, name).startswith("$argon2id$"), name
            assert json_login(stack, name, PASSWORD).status_code == 200, name
            assert json_login(stack, name, PASSWORD + "x").status_code == 401, name
    finally:
        for name in hashes:
            stack.doorward("user", "delete", name, "--yes")


@pytest.mark.slow("Django is installed for test-all only")
def test_what_django_makes_is_imported_and_signs_in(stacks, tmp_path):
    """The real Django of Debian: its hasher, its model and its dumpdata."""
    script = tmp_path / "make.py"
    script.write_text(f"""
import django
from django.conf import settings
settings.configure(DATABASES={{"default": {{"ENGINE": "django.db.backends.sqlite3",
    "NAME": "{tmp_path}/db.sqlite3"}}}}, INSTALLED_APPS=["django.contrib.auth",
    "django.contrib.contenttypes"], DEFAULT_AUTO_FIELD="django.db.models.AutoField")
django.setup()
from django.core.management import call_command
from django.contrib.auth.models import Group, User
call_command("migrate", verbosity=0)
ann = User.objects.create_user("django-ann", "ann@example.org", {PASSWORD!r}, first_name="Ann")
ann.groups.add(Group.objects.create(name="editors"))
User.objects.create_user("django-bob")
call_command("dumpdata", "auth", output="{tmp_path}/dump.json")
""", encoding="utf-8")
    subprocess.run(["/usr/bin/python3", str(script)], check=True)
    stack = stacks.get("apache", "fastcgi")
    done = subprocess.run([COMMAND, "--config", stack.conf, "user", "import", "--from", "django",
                           f"{tmp_path}/dump.json"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "2 imported, 0 refused\n")
    try:
        shown = json.loads(stack.doorward("user", "show", "django-ann", "--json"))
        assert shown["roles"] == ["editors"] and shown["display_name"] == "Ann"
        assert json_login(stack, "django-ann", PASSWORD).status_code == 200
        assert json_login(stack, "django-bob", "").status_code in (400, 401)
    finally:
        for name in ("django-ann", "django-bob"):
            stack.doorward("user", "delete", name, "--yes")
