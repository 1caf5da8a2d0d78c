"""What the tests of the command share."""

import itertools
import os

import pytest
from database import Database
from jose_command import store

USERS = itertools.count(1)


@pytest.fixture(name="key_of")
def _key_of(tmp_path):
    """key_of(passkey): the options that name its key."""
    def key_of(key):
        return "--public-key", store(tmp_path / f"{os.urandom(4).hex()}.jwk", key.key.jwk())
    return key_of


@pytest.fixture(scope="session", name="people")
def _people(server, migrated, tmp_path_factory):
    """people(site): its settings with a database, and site.sub is the id of a user in it."""
    database = Database(server, "people", str(tmp_path_factory.mktemp("people")), migrated)

    def people(site):
        site.name = f"ann{next(USERS)}"
        site.sub = database.add_user(site.name, "admin", "staff")
        site.database = database
        database.sql("delete from doorward.programs")  # they decide how long keys are kept
        site.write(database=f"host={server.socket} dbname=people user=doorward",
                   program_token_life="400d")
        return site

    return people
