"""Stores to test: one on SQLite in a file, one on a real PostgreSQL server, both empty."""

import pytest

from penchant.store.sql import Store
from servers import emptied, postgres

KEY = "5" * 64


@pytest.fixture(scope="session")
def server():
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    return emptied(request.getfixturevalue("server"))


@pytest.fixture
def store(url):
    opened = Store.open(url, key=KEY)
    yield opened
    opened.close()
