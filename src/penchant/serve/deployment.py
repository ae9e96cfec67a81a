"""Where a service keeps things: its store, the store's key, its models."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import platformdirs

from penchant.store.secrets import store_key
from penchant.store.sql import Store

__all__ = ["QUIET", "STORE", "Deployment"]

STORE: Final = "PENCHANT_SERVE_STORE"
QUIET: Final = "PENCHANT_SERVE_QUIET"
"""Variables by which the first process of a service tells its workers the store's URL, and whether
requests are not to be logged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """Addresses of a service.

    Attributes:
        url: Of the store.
        key: Of the store's file; ``""`` for PostgreSQL.
        models: Folder of models that the service fits.
    """

    url: str
    key: str
    models: Path

    @classmethod
    def at(cls, url: str | None, *, environ: Mapping[str, str] | None = None) -> Self:
        """Return the addresses for a store, and say where a key was made.

        Args:
            url: Of the store; None takes ``PENCHANT_STORE``, else a file in the user's data folder.
            environ: Environment; None takes the process's.

        Raises:
            ConfigError: If the store's key cannot be read.
        """
        environ = os.environ if environ is None else environ
        data = Path(platformdirs.user_data_dir("penchant"))
        url = url or environ.get("PENCHANT_STORE") or f"sqlite:///{data / 'store.db'}"
        config = Path(platformdirs.user_config_dir("penchant"))
        key, made = store_key(url, environ=environ, folder=config)
        if made is not None:
            print(
                f"A key that encrypts the store was made: {made}\n"
                "Keep a copy: without it the store cannot be read.",
                file=sys.stderr,
                flush=True,
            )
        named = environ.get("PENCHANT_MODELS")
        if named:
            models = Path(named)
        elif url.startswith("sqlite:"):
            models = Path(url.removeprefix("sqlite:///") + ".models")
        else:
            models = data / "models"
        return cls(url=url, key=key, models=models)

    def open(self) -> Store:
        """Open the store.

        Raises:
            ConfigError: If its address or key is wrong.
            UnavailableError: If it is not there.
        """
        return Store.open(self.url, key=self.key)
