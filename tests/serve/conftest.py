"""A small shop in files, and a model fitted on it by the command line."""

import pytest

from penchant.serve.cli import main
from serve_api import started
from worlds import shop, write


@pytest.fixture(scope="session")
def shop_files(tmp_path_factory):
    """Paths of a shop's interactions and items."""
    return write(shop(), tmp_path_factory.mktemp("shop"))[:2]


@pytest.fixture(scope="session")
def fitted(shop_files, tmp_path_factory):
    """The folder of a model fitted on the shop, by `penchant fit`."""
    folder = tmp_path_factory.mktemp("models") / "model"
    interactions, items = map(str, shop_files)
    command = ["fit", "--interactions", interactions, "--items", items, "--encoder", "lsa", "-q"]
    assert main([*command, "--model", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def service(fitted, tmp_path_factory):
    """A service that serves the fitted model, for what looks at it from within."""
    for running in started(tmp_path_factory.mktemp("looked"), model=fitted):
        yield running.service
