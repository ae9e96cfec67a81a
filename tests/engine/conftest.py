"""One fitted model of the made shop for all tests of the engine; none of them changes it."""

import pytest

from penchant import Penchant
from penchant.testing import FakeEncoder
from worlds import shop


@pytest.fixture(scope="package", autouse=True)
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PENCHANT_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="package")
def model(cache):  # noqa: ARG001  # the cache stands before anything is read
    return Penchant(encoder=FakeEncoder(), seed=0).fit(shop())
