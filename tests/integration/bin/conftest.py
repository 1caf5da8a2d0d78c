"""What the tests of the command share."""

import os

import pytest
from jose_command import store


@pytest.fixture(name="key_of")
def _key_of(tmp_path):
    """key_of(passkey): the options that name its key."""
    def key_of(key):
        return "--public-key", store(tmp_path / f"{os.urandom(4).hex()}.jwk", key.key.jwk())
    return key_of
