"""Penchant finds out what people like, in words, and recommends, explains and explores with it.

The public names load when they are first used, so that ``import penchant`` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from penchant.config import Settings, load_settings
    from penchant.data.dataset import Dataset
    from penchant.data.load import load
    from penchant.data.stated import Stated, read_stated
    from penchant.engine import Penchant
    from penchant.errors import (
        ConfigError,
        DataError,
        ModelError,
        NotFittedError,
        PenchantError,
        SnapshotError,
        UnavailableError,
        UnknownIdError,
        UsageError,
    )
    from penchant.rank.rules import Rules

__version__: Final = "0.1.0"

_HOME: Final = {
    "Dataset": "penchant.data.dataset",
    "Penchant": "penchant.engine",
    "Rules": "penchant.rank.rules",
    "Settings": "penchant.config",
    "Stated": "penchant.data.stated",
    "load": "penchant.data.load",
    "load_settings": "penchant.config",
    "read_stated": "penchant.data.stated",
}

__all__ = [
    "ConfigError",
    "DataError",
    "Dataset",
    "ModelError",
    "NotFittedError",
    "Penchant",
    "PenchantError",
    "Rules",
    "Settings",
    "SnapshotError",
    "Stated",
    "UnavailableError",
    "UnknownIdError",
    "UsageError",
    "__version__",
    "load",
    "load_settings",
    "read_stated",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'penchant' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME.get(name, "penchant.errors")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
