"""Fixtures of the tests of the OpenID provider: the shared stack, and clients on it."""

import pytest

from oauth import App, signed_in


@pytest.fixture(scope="module", name="provider")
def _provider(stacks):
    """The stack of the fixture `apache`, for fixtures of a whole file."""
    return stacks.get("apache", "fastcgi")


@pytest.fixture(scope="module", name="make_app")
def _make_app(provider):
    """make_app(*options, **what): oauth.App on that stack, removed after the file."""
    made = []

    def make(*options, **what):
        made.append(App(provider, *options, **what))
        return made[-1]

    yield make
    for app in made:
        provider.doorward("client", "remove", app.id, check=False)


@pytest.fixture(scope="module", name="app")
def _app(make_app):
    """A confidential client that may do everything and asks nobody."""
    return make_app()


@pytest.fixture(scope="module", name="alice")
def _alice(provider):
    """Her browser."""
    return signed_in(provider)
