"""A service backed up while it runs, and restored: its store in one encrypted file, and its models.

DIR/store.db    the store as it was at one moment, SQLite's or PostgreSQL's alike
DIR/models/     the models that it names
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from penchant.errors import DataError
from penchant.serve.output import new_folder
from penchant.serve.starting import copy_model
from penchant.store.copying import copy_store
from penchant.store.sql import Store

__all__ = ["back_up", "restore"]

_FILE: Final = "store.db"
_MODELS: Final = "models"


def back_up(store: Store, folder: Path, *, key: str) -> Mapping[str, int]:
    """Write *store* and its models into *folder*, whole or not at all; return rows by table.

    Args:
        store: May be in use.
        folder: Is not there yet.
        key: 64 hexadecimal digits that encrypt the file.

    Raises:
        UsageError: If the folder is there.
        UnavailableError: If it cannot be written.
    """
    with new_folder(folder, what="back-up") as draft:
        copy = Store.open(_url(draft), key=key)
        try:
            counts = copy_store(store.database, copy.database)
            for model in copy.models.all():
                if model.status != "removed" and Path(model.path).is_dir():
                    copy_model(Path(model.path), draft / _MODELS / model.model_id)
        finally:
            copy.close()
    return counts


def restore(folder: Path, store: Store, *, key: str, models: Path) -> Mapping[str, int]:
    """Fill an empty *store* with what `back_up` wrote into *folder*; return rows by table.

    Args:
        folder: Of the back-up.
        store: Holds nothing yet.
        key: That encrypts the back-up.
        models: Where the service shall have its models.

    Raises:
        DataError: If *folder* holds no back-up.
        ConfigError: If the key does not fit.
        ConflictError: If *store* holds something.
    """
    if not (folder / _FILE).is_file():
        raise DataError(f"{str(folder)!r} holds no back-up: it lacks {_FILE}")
    copy = Store.open(_url(folder), key=key)
    try:
        counts = copy_store(copy.database, store.database)
    finally:
        copy.close()
    for model in store.models.all():
        kept = folder / _MODELS / model.model_id
        if kept.is_dir():
            place = copy_model(kept, models / model.model_id)
            store.models.move(model.model_id, path=str(place))
        elif model.status != "removed":
            reason = "its directory is not in the back-up"
            store.models.mark(model.model_id, status="removed", reason=reason)
    return counts


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / _FILE}"
