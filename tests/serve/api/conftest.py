"""A service over HTTP, with a model of the shop or with nothing."""

import pytest

from serve_api import started


@pytest.fixture(scope="module")
def shop(fitted, tmp_path_factory):
    """A service that started from the shop's model; tests use users of their own."""
    yield from started(tmp_path_factory.mktemp("shop"), model=fitted)


@pytest.fixture
def empty(tmp_path):
    """A service without a model, an item or an event."""
    yield from started(tmp_path)
