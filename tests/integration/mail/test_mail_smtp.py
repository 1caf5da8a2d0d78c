"""By SMTP to a real server: TLS or nothing, a name and a password, refusals now and for good."""

import os
import time

import pytest

from smtp import NAME, PASSWORD, SilentServer


def credentials(outbox, text=f"{NAME}\n{PASSWORD}\n", mode=0o600):
    """The file that mail_credentials names."""
    path = f"{os.path.dirname(outbox.directory)}/credentials"
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    os.chmod(path, mode)
    return path


def test_a_mail_goes_by_starttls_with_a_name_and_a_password(outbox, ann, smtp):
    """A password with a quote and a backslash; the greeting is the site's name."""
    server = smtp(auth=True, mail_credentials=credentials(outbox))
    outbox.link("reset", ann)
    outbox.send()
    [mail] = server.mails
    assert mail.link and mail.to == "ann@example.org"
    assert server.handler.envelopes == [("club@club.example", ["ann@example.org"], "localhost",
                                         NAME)]
    assert server.handler.tls == [True] and outbox.rows() == [(0,)]


def test_a_mail_goes_by_tls_from_the_start(outbox, smtp):
    server = smtp("smtps")
    outbox.add()
    outbox.send()
    assert len(server.mails) == 1 and outbox.rows() == [(0,)]


def test_nothing_is_sent_to_a_server_without_starttls(outbox, smtp):
    """Neither the mail nor the password."""
    server = smtp(None, mail_credentials=credentials(outbox))
    outbox.add()
    outbox.send(1, "the mail server offers no STARTTLS")
    assert not server.mails and not server.handler.tls
    assert outbox.rows("given_up_at is null") == [(True,)]


def test_this_host_may_be_spoken_to_without_tls(outbox, smtp):
    server = smtp(None, mail_tls="off")
    outbox.add()
    outbox.send()
    assert len(server.mails) == 1 and server.handler.tls == [False]


def test_nothing_is_sent_to_a_server_whose_certificate_is_not_known(outbox, smtp, monkeypatch):
    server = smtp()
    monkeypatch.delenv("CURL_CA_BUNDLE")
    monkeypatch.delenv("SSL_CERT_FILE")
    outbox.add()
    outbox.send(1, "the mail server's certificate is not good")
    assert not server.mails and outbox.rows("given_up_at is null") == [(True,)]


@pytest.mark.parametrize("text, said", [
    (f"{NAME}\nx{PASSWORD}\n", "refused the name or the password"),
    (f"{NAME}\n", "two lines are wanted"), ("", "two lines are wanted"),
    (f"{NAME}\n{PASSWORD}\nmore\n", "two lines are wanted"),
    (f"a:b\n{PASSWORD}\n", "two lines are wanted"),
    (f"{NAME}\n{PASSWORD}\t\n", "two lines are wanted")])
def test_a_login_that_is_wrong_is_said_and_the_mail_waits(outbox, smtp, text, said):
    """And the password stands nowhere in the answer."""
    server = smtp(auth=True, mail_credentials=credentials(outbox, text))
    outbox.add()
    done = outbox.send(1, said)
    assert PASSWORD not in done.stderr
    assert not server.mails and outbox.rows("given_up_at is null") == [(True,)]


def test_credentials_that_others_can_read_are_refused(outbox, smtp):
    server = smtp(auth=True, mail_credentials=credentials(outbox, mode=0o644))
    outbox.add()
    outbox.send(1, "others can read")
    assert not server.mails
    done = outbox.db.doorward("config", "check")
    assert "mail_credentials: " in done.stdout and "others can read" in done.stdout


def test_a_server_that_says_451_and_then_250_gets_the_mail_once(outbox, smtp):
    server = smtp()
    server.handler.answers["RCPT"] = ["451 4.7.1 Greylisted, come back", "250 OK"]
    outbox.add()
    outbox.send(1, "the mail server answered 451")
    assert outbox.rows("tries, given_up_at is null") == [(1, True)]
    outbox.send()  # a minute has not passed
    assert not server.mails
    outbox.db.move_clock(61)
    outbox.send()
    outbox.db.move_clock(7200)
    outbox.send()
    assert len(server.mails) == 1 and outbox.rows() == [(0,)]


@pytest.mark.parametrize("where", ["RCPT", "DATA"])
def test_a_mail_that_is_refused_for_good_is_given_up_and_the_next_one_goes(outbox, smtp, where):
    server = smtp()
    if where == "RCPT":
        server.handler.answers["ann@example.org"] = "550 5.1.1 No such user"
    outbox.add()
    if where == "DATA":
        server.handler.answers["DATA"] = "554 5.7.1 Looks like spam"
        outbox.send(1, "the mail server answered 554")
    else:
        outbox.add("bob@example.org")
        outbox.send(1, "the mail server answered 550")
        assert [m.to for m in server.mails] == ["bob@example.org"]
    assert outbox.rows("given_up_at is not null") == [(True,)]


def test_a_refused_sender_is_no_fault_of_the_mail(outbox, smtp):
    """It waits, and the others are not tried now: they would fare the same."""
    server = smtp()
    server.handler.answers["MAIL"] = "550 5.7.1 Sender not allowed"
    outbox.add()
    outbox.add("bob@example.org")
    outbox.send(1, "MAIL failed: 550")
    assert outbox.rows("tries, given_up_at is null from doorward.outbox order by id --") \
        == [(1, True), (0, True)]


@pytest.mark.slow("for the worker's patience with a server that is silent")
@pytest.mark.parametrize("says", [b"", b"220 hello\r\n"])
def test_a_server_that_hangs_costs_one_mail_a_minute_at_most(outbox, says, monkeypatch):
    """The mail waits, the others were not tried."""
    server = SilentServer(says)
    outbox.set(mail_server=f"smtp://127.0.0.1:{server.port}", mail_tls="off")
    outbox.add()
    outbox.add("bob@example.org")
    began = time.monotonic()
    outbox.send(1, "the mail server did not answer in time")
    assert time.monotonic() - began < 70
    server.stop()
    assert outbox.rows("tries, given_up_at is null from doorward.outbox order by id --") \
        == [(1, True), (0, True)]


@pytest.mark.parametrize("named, said", [
    ("smtp://127.0.0.1:9", "the mail server cannot be reached"),
    ("smtp://no-such-host.invalid", "the mail server's name is not known")])
def test_a_server_that_is_down_leaves_the_mails_waiting(outbox, named, said):
    outbox.set(mail_server=named)
    outbox.add()
    outbox.send(1, said)
    assert outbox.rows("tries, given_up_at is null") == [(1, True)]


def test_a_server_that_was_down_for_a_day_gets_each_mail_once(outbox, ann, smtp):
    """Nothing is lost, nothing comes twice; the link of a reset begins to live only now."""
    outbox.set(mail_server="smtp://127.0.0.1:9", mail_tls="off")
    for i in range(5):
        outbox.add(f"member{i}@example.org")
    outbox.link("reset", ann)
    for hour in range(24):
        outbox.db.move_clock(hour * 3600)
        outbox.send(1 if outbox.db.one("select count(*) from doorward.outbox o"
                                       " where doorward.mail_is_due(o)") else 0,
                    "cannot be reached")
    server = smtp(mail_tls=None)
    for hour in range(24, 30):
        outbox.db.move_clock(hour * 3600)
        outbox.send()
    assert sorted(m.to for m in server.mails) == ["ann@example.org",
                                                  *(f"member{i}@example.org" for i in range(5))]
    assert len({m["Message-ID"] for m in server.mails}) == 6 and outbox.rows() == [(0,)]
    assert 1700 < outbox.db.one("select extract(epoch from ends_at - doorward.now())"
                                " + 3600 * 5 from doorward.links") < 1900


def test_two_days_of_it_and_the_operator_is_told(outbox):
    outbox.set(mail_server="smtp://127.0.0.1:9")
    outbox.add()
    for hour in range(0, 53, 4):
        outbox.db.move_clock(hour * 3600)
        outbox.db.doorward("mail", "send")
    assert outbox.rows("given_up_at is not null, tries > 10") == [(True, True)]
    done = outbox.db.doorward("status")
    assert done.returncode == 1 and "1 given up" in done.stdout
    assert "cannot be reached" in outbox.db.doorward("mail", "list").stdout


def test_the_same_mail_has_the_same_id_each_time(outbox, smtp):
    """Whoever gets one twice can tell: the server's answer may get lost."""
    server = smtp()
    outbox.add()
    row = outbox.rows("*")[0]
    outbox.send()
    outbox.db.sql("insert into doorward.outbox overriding system value values"
                  " (%s, %s, %s, %s, %s, %s, %s, %s, %s)", *row[:9])
    outbox.send()
    first, second = server.mails
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize("lines, said", [
    ({"mail_server": "mail.example.org"}, "mail_server should be smtp://HOST"),
    ({"mail_server": "smtp://u:p@mail.example.org"}, "mail_server should have a port"),
    ({"mail_from": "Ann <a@b>"}, "mail_from is no address"),
    ({"mail_reply_to": "x"}, "mail_reply_to is no address"),
    ({"mail_server": "smtp://mail.example.org", "mail_tls": "off"}, "mail_tls is off, which is"),
    ({"mail_server": "smtps://127.0.0.1", "mail_tls": "off"}, "mail_tls is off, which is"),
    ({"mail_tls": "on"}, "mail_tls"), ({"mail_worker": "cron"}, "mail_worker")])
def test_settings_that_make_no_sense_are_refused(outbox, lines, said):
    outbox.set(**lines)
    outbox.add()
    outbox.send(2, said)


@pytest.mark.parametrize("named", ["sendmail:/bin/true", "smtp://localhost", "smtp://[::1]:25"])
def test_mail_tls_may_be_off_where_it_means_nothing_or_stays_here(outbox, named):
    outbox.set(mail_server=named, mail_tls="off")
    assert "mail_tls is off" not in outbox.db.doorward("config", "check").stdout


@pytest.mark.parametrize("lines, said", [
    ({"mail_server": "sendmail:/nonexistent/sendmail"},
     "mail_server: /nonexistent/sendmail: No such file or directory"),
    ({"mail_server": "sendmail:/etc/passwd"}, "mail_server: /etc/passwd"),
    ({"mail_server": "sendmail:/tmp"}, "mail_server: /tmp is not a program"),
    ({"mail_server": "file:/nonexistent"}, "mail_server: there is no directory /nonexistent"),
    ({"mail_worker": "program", "mail_command": "/nonexistent/doorward"},
     "mail_command: /nonexistent/doorward: No such file or directory")])
def test_what_should_send_mails_and_is_not_there_is_told_by_config_check(outbox, lines, said):
    outbox.set(**lines)
    done = outbox.db.doorward("config", "check")
    assert done.returncode == 1 and said in done.stdout


def test_the_program_that_starts_the_worker_is_not_looked_for_where_a_timer_does(outbox):
    outbox.set(mail_command="/nonexistent/doorward")
    assert "mail_command" not in outbox.db.doorward("config", "check").stdout


def test_a_wrong_mail_from_is_told_once(outbox):
    outbox.set(mail_from="Ann <a@b>")
    done = outbox.db.doorward("config", "check").stdout
    assert "mail_from is no address" in done and "mail_reply_to" not in done
