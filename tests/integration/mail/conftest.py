"""What the tests of mails have in common."""

import pytest

from mails import Outbox


@pytest.fixture(name="outbox")
def _outbox(db, tmp_path):
    return Outbox(db, str(tmp_path))


@pytest.fixture(name="ann")
def _ann(db):
    user = db.add_user("ann")
    db.sql("insert into doorward.addresses (user_id, address, verified_at)"
           " values (%s, 'ann@example.org', doorward.now())", user)
    return user
