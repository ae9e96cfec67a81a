"""SQLite files that may be lost: several writers, damage and full disks are no errors.

No write-ahead log: it is what old releases of SQLite corrupt.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

__all__ = ["connected", "spared"]

_WAIT: Final = 30.0
"""Seconds to wait for another writer."""


@contextlib.contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the database at *path*, and close it."""
    database = sqlite3.connect(path, timeout=_WAIT)
    try:
        yield database
    finally:
        database.close()


@contextlib.contextmanager
def spared(path: Path) -> Iterator[None]:
    """Do without the file where it cannot be used; move a damaged one out of the way."""
    try:
        yield
    except sqlite3.OperationalError:
        return  # locked for too long, read-only, disk full, no table yet: nothing is kept
    except sqlite3.DatabaseError:
        with contextlib.suppress(OSError):
            path.replace(path.with_suffix(".damaged"))
