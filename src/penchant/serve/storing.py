"""``penchant store``: backs up and restores a service, exports and imports what its store knows."""

from __future__ import annotations

import argparse
import contextlib
import os
import time
from collections.abc import Mapping
from pathlib import Path

import platformdirs

from penchant.serve.backup import back_up, restore
from penchant.serve.deployment import Deployment
from penchant.serve.transfer import export_store, import_store
from penchant.store.secrets import read_key, store_key

__all__ = ["store"]


def store(options: argparse.Namespace) -> int:
    """Do what the action says; the service may run meanwhile, but for a restore.

    Raises:
        UsageError: If a folder to write is there already.
        DataError: If a folder to read holds nothing that can be read.
        ConfigError: If a key does not fit.
        ConflictError: If the store to restore into is not empty.
        UnavailableError: If a store or a folder cannot be had.
    """
    deployment = Deployment.at(options.store)
    folder: Path = options.folder
    with contextlib.closing(deployment.open()) as opened:
        if options.action == "export":
            counts: Mapping[str, int] = export_store(opened, folder)
        elif options.action == "import":
            counts = import_store(opened, folder, now=time.time())
        elif options.action == "backup":
            counts = back_up(opened, folder, key=_key(deployment, folder, None))
        else:
            key = _key(deployment, folder, options.key_file)
            counts = restore(folder, opened, key=key, models=deployment.models)
    print(", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "nothing")
    return 0


def _key(deployment: Deployment, folder: Path, file: Path | None) -> str:
    """Return the key of a back-up: the given one, the store's, or one made for PostgreSQL's."""
    if file is not None:
        return read_key(file)
    if deployment.key:
        return deployment.key
    url = f"sqlite:///{folder / 'store.db'}"
    config = Path(platformdirs.user_config_dir("penchant"))
    key, made = store_key(url, environ=os.environ, folder=config)
    if made is not None:
        print(f"A key that encrypts the back-up was made: {made}\nKeep a copy.", flush=True)
    return key
