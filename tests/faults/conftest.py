"""A model of a small shop, fitted by the command line, for services that are hurt."""

import pytest

from penchant.serve.cli import main
from worlds import shop, write


@pytest.fixture(scope="session")
def fitted(tmp_path_factory):
    """The folder of a model fitted on the shop."""
    folder = tmp_path_factory.mktemp("models")
    interactions, items = map(str, write(shop(), folder)[:2])
    command = ["fit", "--interactions", interactions, "--items", items, "--encoder", "lsa", "-q"]
    assert main([*command, "--model", str(folder / "model")]) == 0
    return folder / "model"
