"""By the host's own program: msmtp, and ones that do not what they should."""

import os
import stat
import time

import pytest

from mails import Mail


def program(tmp_path, body):
    """One in sh."""
    path = tmp_path / "mailer"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


def test_msmtp_takes_it(outbox, ann, smtp, tmp_path):
    """As /usr/sbin/sendmail of a host that has it, to a server with TLS."""
    server = smtp()
    config = tmp_path / "msmtprc"
    config.write_text(f"account default\nhost localhost\nport {server.port}\ntls on\n"
                      f"tls_starttls on\ntls_trust_file {tmp_path}/smtp.crt\n")
    config.chmod(0o600)
    outbox.set(mail_server="sendmail:" + program(
        tmp_path, f'exec /usr/bin/msmtp --file={config} "$@"'))
    outbox.link("reset", ann)
    outbox.send()
    [mail] = server.mails
    assert mail.link and mail.to == "ann@example.org"
    assert server.handler.envelopes[0][:2] == ("club@club.example", ["ann@example.org"])
    assert server.handler.tls == [True]
    server.handler.answers["RCPT"] = "451 later"
    outbox.add()
    outbox.send(1, "451")
    assert outbox.rows("given_up_at is null") == [(True,)]


def test_it_is_called_without_a_shell_and_with_nothing_of_ours(outbox, tmp_path):
    """Fixed words, the addresses, an environment of two; the mail with LF on standard input."""
    out = tmp_path / "out"
    outbox.set(mail_server="sendmail:" + program(
        tmp_path, f'printf "%s\\n" "$0" "$@" >{out}.argv; env >{out}.env; cat >{out}.mail;'
                  f' ls /proc/self/fd >{out}.fd'))
    outbox.add("o'neill+$HOME`id`|x@example.org")
    outbox.send()
    argv = (tmp_path / "out.argv").read_text().split("\n")
    assert argv[1:-1] == ["-i", "-f", "club@club.example", "--",
                          "o'neill+$HOME`id`|x@example.org"]
    environment = {line.split("=")[0] for line in (tmp_path / "out.env").read_text().split()}
    assert environment <= {"PATH", "HOME", "PWD", "SHLVL", "_", "OLDPWD"}
    raw = (tmp_path / "out.mail").read_bytes()
    assert b"\r" not in raw and Mail(raw).to == "o'neill+$HOME`id`|x@example.org"
    assert set((tmp_path / "out.fd").read_text().split()) <= {"0", "1", "2", "3"}


@pytest.mark.parametrize("body, said, given_up", [
    ("exit 75", "ended with 75", False), ("exit 69", "ended with 69", False),
    ("echo 'no route to host' >&2; exit 1", "ended with 1 (no route to host)", False),
    ("printf '\\033[31mred\\n'; exit 1", "?[31mred", False),
    ("exit 67", "no such user", True), ("kill -9 $$", "could not be run", False)])
def test_a_program_that_fails_says_why(outbox, tmp_path, body, said, given_up):
    path = program(tmp_path, body)
    outbox.set(mail_server=f"sendmail:{path}")
    outbox.add()
    outbox.send(1, said)
    assert outbox.rows("given_up_at is not null") == [(given_up,)]


@pytest.mark.parametrize("path", ["/nonexistent/sendmail", "/etc/hostname", "/tmp"])
def test_a_program_that_cannot_be_run_leaves_the_mails_waiting(outbox, path):
    outbox.set(mail_server=f"sendmail:{path}")
    outbox.add()
    outbox.add("bob@example.org")
    outbox.send(1, "could not be run")
    assert outbox.rows("tries, given_up_at is null from doorward.outbox order by id --") \
        == [(1, True), (0, True)]


@pytest.mark.slow("for the minute that a program has")
def test_a_program_that_hangs_is_killed_with_its_children(outbox, tmp_path):
    outbox.set(mail_server="sendmail:" + program(
        tmp_path, f"sleep 1000 & echo $! >{tmp_path}/child; wait"))
    outbox.add()
    began = time.monotonic()
    outbox.db.doorward("mail", "list")
    done = outbox.start_send()
    assert done.wait(75) == 1 and time.monotonic() - began < 75
    child = int((tmp_path / "child").read_text())
    assert not os.path.exists(f"/proc/{child}/exe") or not _is_alive(child)
    assert "did not end in 60 s" in outbox.rows("failure")[0][0]


def _is_alive(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as f:
        return f.read().rsplit(")", 1)[1].split()[0] != "Z"


def test_the_mail_itself_is_nowhere_on_the_disk(outbox, ann, tmp_path):
    """What opens an account is handed over in memory."""
    outbox.set(mail_server="sendmail:" + program(
        tmp_path, f"readlink /proc/self/fd/0 >{tmp_path}/input; cat >/dev/null"))
    outbox.link("reset", ann)
    outbox.send()
    assert "memfd" in (tmp_path / "input").read_text()
    assert stat.S_IMODE(os.stat(outbox.directory).st_mode) and not os.listdir(outbox.directory)
