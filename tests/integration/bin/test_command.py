"""doorward itself: how it is called, what it answers, how it asks for a password."""

import base64
import json
import os
import pty
import resource
import secrets
import select
import signal
import subprocess
import termios
import time

import pytest

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
DOORWARD = os.environ.get("DOORWARD_BUILD", f"{TREE}/build") + "/doorward"


def doorward(*argv, **variables):
    """Exit status, stdout and stderr."""
    done = subprocess.run([DOORWARD, *argv], capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, env={"PATH": "/usr/bin:/bin", **variables})
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def settings(tmp_path):
    """A function that writes a settings file and gives its path."""
    def write(*lines, name="doorward.conf"):
        path = tmp_path / name
        path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        return str(path)
    return write


@pytest.mark.parametrize("argv, status, where, text", [
    (["--version"], 0, 1, "doorward "),
    (["version"], 0, 1, "doorward "),
    (["help"], 0, 1, "config "),
    (["--help"], 0, 1, "usage: doorward"),
    (["help", "config"], 0, 1, "doorward config check"),
    (["config", "--help"], 0, 1, "doorward config check"),
    ([], 2, 1, "usage: doorward"),
    (["cofig"], 2, 2, "unknown command cofig; did you mean config?"),
    (["zzz"], 2, 2, "`doorward help` names them all"),
    (["help", "zzz"], 2, 2, "unknown command zzz"),
    (["config"], 2, 2, "usage: doorward config check"),
    (["config", "chek"], 2, 2, "config knows no chek; did you mean check?"),
    (["user", "delte"], 2, 2, "user knows no delte"),
    (["config", "frobnicate"], 2, 2, "usage: doorward config check"),
    (["auditt"], 2, 2, "unknown command auditt; did you mean audit?"),
    (["audit", "--sicne", "7d"], 2, 2, "unknown option --sicne; did you mean --since?"),
    (["audit", "--lim", "7"], 2, 2, "unknown option --lim; did you mean --limit?"),
    (["audit", "--frobnicate"], 2, 2, "unknown option --frobnicate\n"),
    (["config", "check", "more"], 2, 2, "usage: doorward config check"),
    (["config", "check", "--jsno"], 2, 2, "unknown option --jsno; did you mean --json?"),
    (["config", "check", "--json=1"], 2, 2, "--json takes no value"),
    (["config", "check", "--json", "--json"], 2, 2, "--json was given twice"),
    (["config", "check", "--config"], 2, 2, "--config needs a value"),
    (["config", "check", "-j"], 2, 2, "unknown option -j"),
    (["--config"], 2, 2, "--config needs a value"),
    (["--config=", "config", "show"], 2, 2, "--config needs a value"),
    (["config", "show", "--config", ""], 2, 2, "--config needs a value"),
    (["--config", "a", "config", "show", "--config=b"], 2, 2, "--config was given twice"),
])
def test_how_it_is_called(argv, status, where, text):
    answer = doorward(*argv)
    assert answer[0] == status
    assert text in answer[where]


def test_help_fits_into_80_columns():
    commands = [line.split()[0] for line in doorward("help")[1].splitlines()
                if line.startswith("  ")]
    assert len(commands) >= 13
    for text in [doorward("help")[1]] + [doorward("help", c)[1] for c in commands] + \
                [doorward(c, "no such action", "x", "y")[2] for c in commands]:
        assert text and [line for line in text.splitlines() if len(line) > 80] == []
    assert ("      [--out PATH] [--group NAME] < FILE\n" in doorward("help", "key")[1])


def test_takes_the_settings_from_option_or_variable(settings):
    good = settings("public_url = https://good.example")
    bad = settings("public_url = https://good.example", "nonsense = 1", name="bad.conf")
    for argv in (["--config", good, "config", "show"], [f"--config={good}", "config", "show"],
                 ["config", "show", "--config", good], ["config", f"--config={good}", "show"]):
        status, out, err = doorward(*argv, DOORWARD_CONFIG=bad)
        assert (status, err) == (0, ""), argv
        assert "public_url = https://good.example\n" in out
    assert doorward("config", "show", DOORWARD_CONFIG=good)[0] == 0
    status, _, err = doorward("config", "show", DOORWARD_CONFIG=bad)
    assert status == 2
    assert f"{bad}:2: unknown setting nonsense" in err


def test_config_check_answers_with_its_exit_status(settings, tmp_path):
    good = settings("public_url = https://good.example", "signing_keys = keys",
                    "verifying_keys = jwks.json", "revocation = off")
    (tmp_path / "keys").mkdir(mode=0o700)
    assert doorward("key", "new", "--config", good)[0] == 0
    bad = settings("public_url = https://bad.example/", "token_life = 1", name="bad.conf")
    assert doorward("config", "check", "--config", good)[0] == 0
    assert doorward("config", "check", "--config", bad)[0] == 1
    assert doorward("config", "check", "--config", good + "x")[0] == 2
    status, out, _ = doorward("config", "check", "--json", "--config", bad)
    answer = json.loads(out)
    assert status == 1
    assert answer["good"] is False
    assert [p.split(": ")[0] for p in answer["problems"]] == [f"{bad}:1", f"{bad}:2"]


def test_config_check_looks_at_the_files(settings, tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(b"x" * 31)
    secret.chmod(0o600)
    conf = settings("public_url = https://good.example", "session_secret = secret",
                    "signing_keys = nowhere", "share_dir = secret", "files_root = /nowhere",
                    "rule = /x any-of", "rule = /x", "revocation_file = secret")
    _, out, _ = doorward("config", "check", "--config", conf)
    for problem in (f"session_secret: {secret}: shorter than 32 bytes", "signing_keys: ",
                    "share_dir: ", "files_root: ", f"\n{conf}:6: rule: ", f"\n{conf}:7: rule: ",
                    "revocation_file: "):
        assert problem in out
    secret.write_bytes(b"x" * 32)
    secret.chmod(0o644)
    _, out, _ = doorward("config", "check", "--config", conf)
    assert "others can read" in out


@pytest.mark.parametrize("algorithm, good", [
    ("RS256", True), ("PS512", True), ("EdDSA", True), ("ES384", True), ("HS256", False),
    ("none", False), ("rs256", False), ("RSA-OAEP", False), ("A256GCM", False)])
def test_config_check_knows_the_algorithms_of_an_issuer(settings, algorithm, good):
    conf = settings("public_url = https://good.example", "issuer.x.url = https://x.example",
                    "issuer.x.audience = a", "issuer.x.keys = /nowhere",
                    f"issuer.x.algorithm = {algorithm}")
    _, out, _ = doorward("config", "check", "--config", conf)
    assert ("issuer.x.algorithm is no algorithm of signatures" in out) == (not good), out


@pytest.mark.parametrize("bits, fits", [(2048, True), (4096, True), (8192, False)])
def test_config_check_refuses_a_key_whose_tokens_browsers_drop(settings, tmp_path, bits, fits):
    modulus = (secrets.randbits(bits) | 1 << (bits - 1) | 1).to_bytes(bits // 8, "big")
    key = {"kty": "RSA", "alg": "RSA-OAEP-256", "e": "AQAB",
           "n": base64.urlsafe_b64encode(modulus).decode().rstrip("=")}
    (tmp_path / "enc.json").write_text(json.dumps({"keys": [key]}), encoding="utf-8")
    conf = settings("public_url = https://good.example", "token_encryption = on",
                    "encryption_keys = enc.json", "decryption_keys = enc.json")
    _, out, _ = doorward("config", "check", "--config", conf)
    assert ("encryption_keys: a token may take" in out) == (not fits), out


def test_config_check_says_what_each_program_lacks(settings):
    conf = settings("public_url = https://good.example")
    status, out, _ = doorward("config", "check", "--config", conf)
    assert status == 1
    assert "protected.fcgi cannot run: verifying_keys is not set (not needed unless" in out
    assert "login.fcgi cannot run: signing_keys is not set (not needed unless" in out
    conf = settings("public_url = https://good.example", "revocation = off")
    assert "revocation_file" not in doorward("config", "check", "--config", conf)[1]


def test_shows_no_password_of_a_database(settings):
    conf = settings("public_url = https://good.example", "database = host=x password=canary")
    for command in ("check", "show"):
        status, out, err = doorward("config", command, "--config", conf)
        assert status != 0
        assert "canary" not in out + err


# ---- the prompt ----

class Terminal:
    """doorward with a terminal of its own."""

    def __init__(self, *argv, config):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(DOORWARD, [DOORWARD, *argv],
                      {"PATH": "/usr/bin:/bin", "DOORWARD_CONFIG": config})
        self.seen = ""

    def wait_for(self, text):
        """Read until it has written that."""
        end = time.monotonic() + 20
        while text not in self.seen and time.monotonic() < end:
            if select.select([self.fd], [], [], 0.1)[0]:
                try:
                    self.seen += os.read(self.fd, 1000).decode()
                except OSError:
                    break
        assert text in self.seen

    def echoes(self):
        """Whether what is typed now shows."""
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)

    def type(self, text):
        """As if by hand."""
        os.write(self.fd, text.encode())

    def end(self):
        """Exit status, or minus the signal."""
        while True:
            try:
                self.seen += os.read(self.fd, 1000).decode()
            except OSError:
                break
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)


def test_asks_twice_without_echo(apache):
    terminal = Terminal("user", "add", "typed", config=apache.conf)
    terminal.wait_for(": ")
    assert not terminal.echoes()
    terminal.type("seven wet otters dancing\n")
    terminal.wait_for("again")
    terminal.type("seven wet otters dancing\n")
    assert terminal.end() == 0
    assert "otters" not in terminal.seen


def test_refuses_two_different_passwords(apache):
    terminal = Terminal("user", "add", "mistyped", config=apache.conf)
    terminal.wait_for(": ")
    terminal.type("seven wet otters dancing\n")
    terminal.wait_for("again")
    terminal.type("seven wet otters dacing\n")
    assert terminal.end() == 1
    assert "two different passwords" in terminal.seen
    assert "mistyped" not in apache.doorward("user", "list")


def test_an_interrupt_turns_the_echo_on_again(apache):
    terminal = Terminal("user", "add", "interrupted", config=apache.conf)
    terminal.wait_for(": ")
    terminal.type("half a pass")
    assert not terminal.echoes()
    terminal.type("\x03")
    time.sleep(0.3)
    assert terminal.echoes()
    assert terminal.end() == -signal.SIGINT
    assert "interrupted" not in apache.doorward("user", "list")


def test_takes_one_line_from_standard_input(apache):
    status = subprocess.run([DOORWARD, "user", "add", "piped", "--password-stdin"],
                            input="one\ntwo\n", text=True, capture_output=True, check=False,
                            env={"PATH": "/usr/bin:/bin", "DOORWARD_CONFIG": apache.conf})
    assert status.returncode == 1
    assert "more than one line" in status.stderr


PROGRAMS = ["login", "account", "protected", "authorizer", "files"]


def run_program(name, *argv, stdin=subprocess.DEVNULL, **variables):
    return subprocess.run([f"{os.path.dirname(DOORWARD)}/{name}.fcgi", *argv], stdin=stdin,
                          capture_output=True, text=True, check=False, timeout=20,
                          env={"PATH": "/usr/bin:/bin", **variables})


def what_it_is(name):
    return f"{name}.fcgi is run by a web server, as CGI or FastCGI; see `man {name}.fcgi`\n"


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_run_by_hand_says_what_it_is(name):
    master, terminal = pty.openpty()
    done = run_program(name, stdin=terminal)
    os.close(master)
    os.close(terminal)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", what_it_is(name))


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_answers_help_and_version_also_without_a_terminal(name):
    done = run_program(name, "--help")
    assert (done.returncode, done.stdout, done.stderr) == (0, what_it_is(name), "")
    done = run_program(name, "--version")
    assert done.returncode == 0 and done.stderr == ""
    assert done.stdout.startswith(f"{name}.fcgi (doorward) ")


def test_a_web_server_that_hands_words_of_the_query_over_gets_a_page():
    """/login?--version: some servers make arguments of it."""
    done = run_program("login", "--version", GATEWAY_INTERFACE="CGI/1.1", REQUEST_METHOD="GET")
    assert done.stdout.startswith("Status: 503 ")


def test_leaves_no_core_file(tmp_path):
    """Keys and passwords pass through its memory."""
    key = tmp_path / "k.jwk"
    assert doorward("key", "new", "--out", str(key))[0] == 0
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    assert hard != 0
    with subprocess.Popen([DOORWARD, "jws", "sign", "--keys", str(key)], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE,
                                                                (hard, hard))) as process:
        limit, end = "", time.monotonic() + 10
        while limit != "0" and time.monotonic() < end:
            with open(f"/proc/{process.pid}/limits", encoding="utf-8") as limits:
                limit = next(line[26:].split()[0] for line in limits if "core file" in line)
        process.communicate(b"x", timeout=10)
    assert limit == "0"


@pytest.mark.parametrize("argv, reason, usage", [
    (["user", "add"], "user add: NAME is missing", "user add NAME"),
    (["user", "rename", "ann"], "user rename: NEW is missing", "user rename OLD NEW"),
    (["user", "passwd", "ann", "bea"], "user passwd: there is a word too many",
     "user passwd NAME"),
    (["token", "issue"], "token issue: --sub is missing", "token issue --sub ID"),
    (["jws", "sign"], "jws sign: --keys is missing", "jws sign --keys FILE"),
    (["rules", "explain", "GET"], "rules explain: PATH is missing",
     "rules explain METHOD PATH"),
    (["doctor"], "doctor: URL is missing", "doctor URL"),
    (["audit", "ann"], "audit: there is a word too many", "audit [--user NAME]"),
    (["config"], "config: say what to do", "config check"),
    (["config", "list", "--json", "--mdoc"], "config list: these words do not go together",
     "config list [--json | --mdoc]"),
])
def test_a_command_called_wrongly_says_what_is_missing_and_how_its_action_is_called(
        argv, reason, usage):
    status, stdout, stderr = doorward(*argv)
    lines = stderr.splitlines()
    assert (status, stdout, lines[0]) == (2, "", f"doorward: {reason}")
    assert lines[1].startswith(f"usage: doorward {usage}")
    if argv != ["config"]:  # of its own action alone
        assert [line for line in lines[2:] if line.startswith("       doorward ")] == []


def test_a_wrong_option_is_said_once():
    """The number of words is then no other mistake."""
    for argv in (["user", "add", "--rol"], ["audit", "--since"], ["token", "issue", "--sub=x", "-r"],
                 ["config", "check", "--json=1"], ["audit", "--limit", "1", "--limit", "2"]):
        assert doorward(*argv)[2].count("doorward: ") == 1, argv
