"""The programs over a FastCGI socket: the protocol's edges, and how a process ends."""

import os
import signal
import time

import pytest
from programs import FastCGI, Site


@pytest.fixture(name="site")
def _site():
    site = Site()
    yield site
    site.close()


@pytest.fixture(name="process")
def _process(site):
    process = FastCGI(site, DOORWARD_CONFIG=site.conf)
    yield process
    process.close()


def request_of(site, **more):
    return site.variables(HTTP_AUTHORIZATION=f"Bearer {site.signer.sign()}", **more)


def test_serves_one_request_after_another(site, process):
    for _ in range(50):
        assert process.ask(request_of(site)).status == 200
        assert process.ask(site.variables()).status == 401


@pytest.mark.parametrize("name", ["HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_ORIGIN",
                                  "REQUEST_METHOD", "CONTENT_LENGTH", "HTTP_SEC_FETCH_SITE"])
def test_refuses_a_variable_given_twice(site, process, name):
    pairs = list(request_of(site, CONTENT_LENGTH="0").items())
    value = dict(pairs).get(name, "x")
    answer = process.ask([(name, value)] + [p for p in pairs if p[0] != name] + [(name, value)])
    assert answer.status == 400
    assert process.ask(request_of(site)).status == 200


def test_a_strangers_header_given_twice_changes_nothing(site, process):
    pairs = list(request_of(site).items()) + [("HTTP_X_FOO", "1"), ("HTTP_X_FOO", "2")]
    assert process.ask(pairs).status == 200


@pytest.mark.parametrize("length,body,status", [
    ("4", b"bo", 400), ("4", b"bodybody", 400), ("4", b"body", 200), (None, b"body", 200),
    ("0", b"", 200), ("100000", b"x" * 100000, 413), (None, b"x" * 100000, 413),
    ("100000", b"", 413),
])
def test_a_body_is_as_long_as_was_said_and_not_too_long(site, process, length, body, status):
    variables = dict(request_of(site, method="POST"))
    if length is not None:
        variables["CONTENT_LENGTH"] = length
    assert process.ask(variables, body).status == status
    assert process.ask(request_of(site)).status == 200


def test_a_program_that_is_no_authorizer_lets_nobody_in(site, process):
    assert process.ask(request_of(site), role=FastCGI.AUTHORIZER).status == 403
    # a second FCGI_ROLE is a variable given twice
    for name in ("AUTHORIZER", "RESPONDER"):
        answer = process.ask(request_of(site, FCGI_ROLE=name), role=FastCGI.AUTHORIZER)
        assert answer.status in (400, 403)
    assert process.ask(request_of(site)).status == 200


def test_does_not_wait_until_the_server_has_closed(site, process):
    """libfcgi alone would, for two seconds: it serves one connection at a time."""
    waiting = [process.connect(request_of(site)) for _ in range(4)]
    began = time.monotonic()
    for connection in waiting:
        FastCGI.read_one(connection)
        assert connection.recv(1) == b""
    assert process.ask(request_of(site)).status == 200
    assert time.monotonic() - began < 2
    for connection in waiting:
        connection.close()


def test_an_authorizers_answer_arrives_whatever_is_left_unread(site):
    process = FastCGI(site, "authorizer", DOORWARD_CONFIG=site.conf)
    try:
        for i in range(200):
            answer = process.ask(request_of(site, HTTP_X_PAD="x" * (37 * i)),
                                 body=b"x" * (i % 3 * 700), role=FastCGI.AUTHORIZER)
            assert answer.status == 200
            assert answer.header("Variable-DOORWARD_USER_ID") == "u-1"
            refused = process.ask(site.variables(), role=FastCGI.AUTHORIZER)
            assert refused.status == 401
    finally:
        process.close()


def test_a_body_without_end_gets_its_answer(site, process):
    """More than is read at all: the answer arrives although bytes are left."""
    assert process.ask(request_of(site, method="POST"), b"x" * 70_000_000).status == 413
    assert process.ask(request_of(site)).status == 200


def test_a_request_without_anything_is_refused(process):
    assert process.ask({}).status == 400


def test_a_very_long_variable_is_survived(site, process):
    answer = process.ask(request_of(site, HTTP_X_LONG="x" * 3_000_000))
    assert answer.status == 200
    answer = process.ask(site.variables(HTTP_AUTHORIZATION="Bearer " + "x" * 100000))
    assert answer.status == 401


def test_is_bound_to_the_first_settings_it_was_given(site):
    other = Site()
    process = FastCGI(site)
    try:
        assert process.ask(request_of(site)).status == 503  # no settings at all
        assert process.ask(request_of(site, DOORWARD_CONFIG="relative.conf")).status == 503
        assert process.ask(request_of(site, HTTP_DOORWARD_CONFIG=site.conf)).status == 503
        assert process.ask(request_of(site, DOORWARD_CONFIG=site.conf)).status == 200
        assert process.ask(request_of(other, DOORWARD_CONFIG=other.conf)).status == 503
        assert process.ask(request_of(site, REDIRECT_DOORWARD_CONFIG=site.conf)).status == 200
        assert process.ask(request_of(site)).status == 503
    finally:
        process.close()
        other.close()
    with open(process.log, encoding="utf-8") as f:
        assert "names other settings" in f.read()


def test_its_own_settings_cannot_be_replaced_by_a_request(site, process):
    other = Site()
    try:
        assert process.ask(request_of(other, DOORWARD_CONFIG=other.conf)).status == 503
        assert process.ask(request_of(site, DOORWARD_CONFIG=site.conf)).status == 200
    finally:
        other.close()


def test_keys_that_change_are_noticed_without_a_restart(site, process):
    from programs import Signer
    import json
    assert process.ask(request_of(site)).status == 200
    new = Signer("new")
    token = new.sign()
    ask = lambda t: process.ask(site.variables(HTTP_AUTHORIZATION=f"Bearer {t}")).status
    assert ask(token) == 401
    site.write("keys.json", json.dumps({"keys": [site.signer.public(), new.public()]}))
    began = time.monotonic()
    while ask(token) != 200:
        assert time.monotonic() - began < 5
        time.sleep(0.1)
    assert ask(site.signer.sign()) == 200
    site.write("keys.json", "{ broken")
    time.sleep(2.5)
    assert ask(token) == 200
    with open(process.log, encoding="utf-8") as f:
        assert "keys.json" in f.read()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGUSR1, signal.SIGHUP, signal.SIGINT])
def test_ends_when_told_to_after_the_request_in_hand(site, process, number):
    assert process.ask(request_of(site)).status == 200
    connection = process.connect(request_of(site, method="POST"))
    time.sleep(0.2)
    os.kill(process.process.pid, number)
    time.sleep(0.2)
    assert process.process.poll() is None
    assert process.finish(connection, b"x").startswith(b"Status: 200")
    assert process.process.wait(5) == 0


def test_ends_at_once_when_idle(site, process):
    assert process.ask(request_of(site)).status == 200
    time.sleep(0.2)
    os.kill(process.process.pid, signal.SIGTERM)
    assert process.process.wait(5) == 0


def test_ends_at_once_when_a_kept_connection_is_idle(site, process):
    connection = process.connect(request_of(site), keep=True)
    process.read_one(connection)
    os.kill(process.process.pid, signal.SIGTERM)
    assert process.process.wait(5) == 0
    connection.close()


def held(process):
    """Stopped where it waits for a connection, so that what comes now stays in the socket."""
    time.sleep(0.2)
    os.kill(process.process.pid, signal.SIGSTOP)


def test_what_waits_in_its_socket_is_answered_before_it_ends(site, process):
    """Told to end while it is idle, just as requests arrive: nobody else would take them."""
    assert process.ask(request_of(site)).status == 200
    held(process)
    waiting = [process.connect(request_of(site)) for _ in range(6)]
    os.kill(process.process.pid, signal.SIGTERM)
    os.kill(process.process.pid, signal.SIGCONT)
    for connection in waiting:
        assert process.finish(connection).startswith(b"Status: 200")
    assert process.process.wait(5) == 0


def test_what_came_during_the_request_in_hand_is_answered_too(site, process):
    connection = process.connect(request_of(site, method="POST"))
    time.sleep(0.2)
    waiting = [process.connect(request_of(site)) for _ in range(4)]
    os.kill(process.process.pid, signal.SIGTERM)
    for one in [connection] + waiting:
        assert process.finish(one).startswith(b"Status: 200")
    assert process.process.wait(5) == 0


def test_a_connection_that_has_said_nothing_yet_is_not_dropped(site, process):
    """libfcgi has accepted it and waits; the signal comes in between."""
    assert process.ask(request_of(site)).status == 200
    connection = process.connect_only()
    time.sleep(0.2)
    os.kill(process.process.pid, signal.SIGTERM)
    time.sleep(0.2)
    process.begin(connection, request_of(site))
    assert process.finish(connection).startswith(b"Status: 200")
    assert process.process.wait(5) == 0


def test_who_waits_behind_a_kept_connection_is_answered(site, process):
    kept = process.connect(request_of(site), keep=True)
    process.read_one(kept)
    waiting = [process.connect(request_of(site)) for _ in range(3)]
    os.kill(process.process.pid, signal.SIGTERM)
    for connection in waiting:
        assert process.finish(connection).startswith(b"Status: 200")
    assert process.process.wait(5) == 0
    kept.close()


def test_processes_that_share_a_socket_all_end(site):
    """One that was about to take a connection which another one took goes as well."""
    shared = FastCGI(site, count=4, DOORWARD_CONFIG=site.conf)
    try:
        assert shared.ask(request_of(site)).status == 200
        time.sleep(0.3)
        for one in shared.processes:
            os.kill(one.pid, signal.SIGSTOP)
        waiting = [shared.connect(request_of(site)) for _ in range(3)]
        for number in signal.SIGTERM, signal.SIGCONT:
            for one in shared.processes:
                os.kill(one.pid, number)
        for connection in waiting:
            assert shared.finish(connection).startswith(b"Status: 200")
        for one in shared.processes:
            assert one.wait(5) == 0
    finally:
        shared.close()


@pytest.mark.parametrize("allowed, served", [
    (None, True), ("", True), ("127.0.0.1", True), ("192.0.2.7, 127.0.0.1", True),
    ("192.0.2.7", False), ("127.0.0.11,127.0.0", False)])
def test_over_tcp_only_the_named_servers_are_served(site, allowed, served):
    """FCGI_WEB_SERVER_ADDRS, as libfcgi has it."""
    named = {} if allowed is None else {"FCGI_WEB_SERVER_ADDRS": allowed}
    process = FastCGI(site, tcp=True, DOORWARD_CONFIG=site.conf, **named)
    try:
        for _ in range(3):
            try:
                data = process.finish(process.connect(request_of(site)))
            except OSError:
                data = b""
            assert data.startswith(b"Status: 200") if served else data == b""
        process.process.terminate()
        assert process.process.wait(5) == 0
    finally:
        process.close()


def test_a_storm_does_not_keep_it_from_ending(site, process):
    """It takes what waits for three seconds, not for ever."""
    assert process.ask(request_of(site)).status == 200
    os.kill(process.process.pid, signal.SIGTERM)
    began = time.monotonic()
    try:
        while process.process.poll() is None:
            connection = process.connect(request_of(site))
            waiting = process.connect(request_of(site))
            process.finish(connection)
            process.finish(waiting)
            assert time.monotonic() - began < 10
    except OSError:
        pass
    assert process.process.wait(1) == 0


def test_leaves_no_core_and_shows_its_memory_to_nobody(site, process):
    assert process.ask(request_of(site)).status == 200
    with open(f"/proc/{process.process.pid}/limits", encoding="utf-8") as f:
        limits = {line[:25].strip(): line[26:].split() for line in f}
    assert limits["Max core file size"][0] == "0"
    assert int(limits["Max address space"][0]) <= 512 * 1024 * 1024
    assert os.stat(f"/proc/{process.process.pid}/environ").st_uid == 0  # not dumpable


def test_a_client_that_goes_away_is_survived(site, process):
    for _ in range(5):
        process.connect(request_of(site, method="POST")).close()
    assert process.ask(request_of(site)).status == 200
