"""Checks of what was built: which powers a program was linked with, and how it is hardened."""

import glob
import os
import re
import subprocess

BUILD = "build"

# Programs that only verify: no database, no signing, no hashing of passwords. Written as the
# symbols of the libraries that do it, and of our own functions that call them.
VERIFIERS = ["protected", "authorizer", "files"]
NOT_IN_VERIFIERS = re.compile(
    r"PQ\w+|EVP_DigestSign\w*|EVP_PKEY_sign\w*|EVP_PKEY_(keygen|generate)\w*|EVP_PKEY_encrypt\w*|"
    r"crypt(_\w+)?|crypto_pwhash\w*|sodium_\w+|ZxcvbnMatch|"
    r"jws_sign\w*|jwe_encrypt\w*|db_\w+|users_\w+|sessions_\w+|session_end\w*|password_\w+|"
    r"seal_(open|close)|mail_(request|link|message)_\w+|app_mail_key")
ALLOWED_IN_VERIFIERS = re.compile(r"sodium_memzero")
ONLY_IN_LOGIN = re.compile(r"oath_\w+|qrcodegen_\w+|factor_(seal|unseal)|totp_\w+|recovery_new")
# The provider signs and asks the database, but nobody logs in there: it neither checks nor makes
# a password, holds no secret of a factor, and counts no guesses.
NOT_IN_PROVIDER = re.compile(
    r"crypt(_\w+)?|crypto_pwhash\w*|ZxcvbnMatch|oath_\w+|qrcodegen_\w+|password_\w+|foreign_\w+|"
    r"factor_\w+|totp_\w+|recovery_\w+|webauthn_\w+|passkey_\w+|seal_(open|close)|throttle_\w+|"
    r"attempts?_\w+|users_\w+|mail_(request|link|message)_\w+|app_mail_key|key_rotate\w*")
LIBRARIES_OF_VERIFIERS = {"libfcgi", "libjansson", "libcrypto", "libc", "ld-linux", "linux-vdso",
                          "libm", "libz", "libpthread"}

# Objects that change after start, each with its reason.
MAY_CHANGE = {
    "mapped_file.o:mapped": "the handler of SIGBUS is told no context: it finds mapped files here",
    "serve_accept.o:stopping": "set by the handler of SIGTERM",
    "clock.o:steps.0": "what the clock was seen to do: one that was set back is noticed",
    "log.o:program_name": "set once when the program starts",
    "log.o:least_level": "set once when the settings are read",
    "log.o:file": "where lines go: another file after new settings or a rotation",
    "start.o:lacked": "OpenSSL could not get memory: its hooks for that are told no context",
    "hash.o:md.0": "OpenSSL's algorithm, fetched once",
    "password.o:computed": "counts hashes, so that a test can compare two refusals",
    "memory.o:block": "what Jansson's values are made of; wiped when the last one is freed",
    "memory.o:used": "how far that is used",
    "memory.o:pieces": "how many are not freed yet",
    "mac.o:hmac.0": "OpenSSL's algorithm, fetched once",
    "jws_parts.o:fetched.0": "OpenSSL's algorithms, fetched once",
}


def output(*argv):
    """What a tool of binutils says."""
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout


def verifiers():
    """The verifying programs that exist."""
    return [path for name in VERIFIERS if os.path.exists(path := f"{BUILD}/{name}.fcgi")]


def programs():
    """Everything that is installed."""
    return sorted(glob.glob(f"{BUILD}/*.fcgi")) + [f"{BUILD}/doorward"]


def symbols(_files):
    """The verifying programs contain nothing that mints or asks the database."""
    problems = []
    for program in verifiers():
        names = {line.split()[-1].split("@")[0] for line in output("nm", program).splitlines()}
        for name in sorted(names):
            if NOT_IN_VERIFIERS.fullmatch(name) and not ALLOWED_IN_VERIFIERS.fullmatch(name):
                problems.append(f"{program} contains {name}")
    return len(verifiers()), problems


def only_login(_files):
    """Only the login program can open the secrets of factors."""
    problems = []
    others = [p for p in programs() if not p.endswith("/login.fcgi")]
    for program in others:
        names = {line.split()[-1].split("@")[0] for line in output("nm", program).splitlines()}
        problems += [f"{program} contains {name}" for name in sorted(names)
                     if ONLY_IN_LOGIN.fullmatch(name)]
    return len(others), problems


def provider(_files):
    """The provider contains no code of passwords, factors or guesses."""
    names = {line.split()[-1].split("@")[0]
             for line in output("nm", f"{BUILD}/oauth.fcgi").splitlines()}
    assert {"app_signer", "app_db"} <= names  # what it does hold is seen
    return len(names), [f"{BUILD}/oauth.fcgi contains {name}" for name in sorted(names)
                        if NOT_IN_PROVIDER.fullmatch(name)]


def libraries(_files):
    """The verifying programs load no other library than these."""
    problems = []
    for program in verifiers():
        for line in output("ldd", program).splitlines():
            name = re.match(r"(?:.*/)?([\w-]+?)(?:-x86-64|-aarch64)?[.\d]*\.so", line.strip())
            if name and name[1] not in LIBRARIES_OF_VERIFIERS:
                problems.append(f"{program} loads {line.split()[0]}")
    return len(verifiers()), problems


def hardened(_files):
    """Position-independent, read-only relocations, bound at start, stack guarded."""
    problems = []
    for program in programs():
        header = output("readelf", "-hldW", program)
        names = output("nm", "-D", program)
        facts = {
            "PIE": "DYN (Position-Independent" in header and re.search(r"FLAGS_1.*PIE", header),
            "RELRO": "GNU_RELRO" in header,
            "BIND_NOW": re.search(r"BIND_NOW|FLAGS_1.*NOW", header),
            "a stack that does not execute": re.search(r"GNU_STACK.* RW ", header),
            "a stack protector": "__stack_chk_fail" in names,
            "_FORTIFY_SOURCE": re.search(r"__\w+_chk\b(?<!__stack_chk)", names),
        }
        problems += [f"{program} lacks {fact}" for fact, holds in facts.items() if not holds]
    return len(programs()), problems


def constant_globals(_files):
    """No object of the library changes after the program has started."""
    problems, count = [], 0
    current = ""
    for line in output("objdump", "-t", f"{BUILD}/libauth.a").splitlines():
        if line.endswith("file format elf64-x86-64") or ": " in line and "file format" in line:
            current = line.split(":")[0]
        match = re.search(r" O (\.(?:data|bss)\S*|\*COM\*)\t[0-9a-f]+ +(?:\.hidden )?(\S+)$", line)
        if match and not match[1].startswith(".data.rel.ro"):
            count += 1
            if f"{current}:{match[2]}" not in MAY_CHANGE:
                problems.append(f"{current}: {match[2]} is not constant")
    return max(count, 1), problems
