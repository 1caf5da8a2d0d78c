"""Fixtures of the tests that need a database and no web server."""

import itertools
import shutil
import socket

import pytest

from database import Database, process_owner
from places import new_directory
from stack.postgres import Postgres
from stack.stack import server_users


COUNTER = itertools.count(1)


@pytest.fixture(scope="session", name="server")
def _server():
    directory = new_directory("store")
    postgres = Postgres(directory, *server_users(), f"{directory}/log", durable=False)
    postgres.create()
    started = postgres.start()
    for role in ("doorward", "doorward_login", "doorward_account", "doorward_mail",
                 "doorward_webadmin", "doorward_oauth", "stranger"):
        postgres.sql(f"CREATE ROLE {role} LOGIN")
    with open(f"{postgres.data}/pg_ident.conf", "a", encoding="utf-8") as f:
        f.writelines(f"doorward {user} stranger\n" for user in {"root", process_owner()})
    postgres.sql("SELECT pg_reload_conf()")
    yield postgres
    postgres.stop(started)
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(name="make_database")
def _make_database(server, tmp_path):
    """make_database(template): a database of this test."""
    made = []

    def make(template="template1"):
        made.append(Database(server, f"db_{next(COUNTER)}", str(tmp_path), template))
        return made[-1]

    yield make
    for database in made:
        database.drop()


@pytest.fixture(name="empty")
def _empty(make_database):
    return make_database()


@pytest.fixture(scope="session", name="migrated")
def _migrated(server, tmp_path_factory):
    """The name of a database with the schema, which others are made from."""
    database = Database(server, "migrated", str(tmp_path_factory.mktemp("migrated")))
    done = database.doorward("db", "migrate")
    assert done.returncode == 0, done.stderr
    return database.name


@pytest.fixture(name="db")
def _db(make_database, migrated):
    return make_database(migrated)


@pytest.fixture(scope="module", name="shared_db")
def _shared_db(server, migrated, tmp_path_factory):
    """A database for all tests of a file: each has people and clients of its own, and none moves
    the clock."""
    database = Database(server, f"db_{next(COUNTER)}", str(tmp_path_factory.mktemp("shared")),
                        migrated)
    yield database
    database.drop()


@pytest.fixture(name="silent_server")
def _silent_server():
    """The port of something that takes connections and says nothing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        yield listener.getsockname()[1]
