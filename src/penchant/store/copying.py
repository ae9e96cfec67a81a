"""A store copied into an empty one of either kind, while it goes on being written.

Everything is read in one transaction, so the copy is the store as it was at one moment.  That backs
up a store, restores it, and moves it from SQLite to PostgreSQL or back.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa

from penchant.errors import ConflictError
from penchant.store.database import Database
from penchant.store.schema import AUDIT, EVENTS, META, TABLES

__all__ = ["copy_store"]

_CHUNK: Final = 5_000


def copy_store(source: Database, target: Database) -> dict[str, int]:
    """Copy every table and return how many rows each had.

    Args:
        source: Read in one transaction; others may write meanwhile.
        target: Empty, of the same version: both are, since opening migrates.

    Raises:
        ConflictError: If *target* holds something.
        UnavailableError: If one of them cannot be reached.
    """
    counts = {}
    with source.snapshot() as reading, target.transaction() as writing:
        for table in TABLES:
            if writing.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
                raise ConflictError(
                    f"the store to copy into is not empty: it has {table.name}",
                    hint="Name a store that does not exist yet.",
                )
        for table in TABLES:
            count = 0
            for rows in _chunks(reading, table):
                writing.execute(sa.insert(table), rows)
                count += len(rows)
            counts[table.name] = count
        said = reading.execute(sa.select(META).where(META.c.name != "version")).mappings().all()
        if said:
            writing.execute(sa.insert(META), [dict(row) for row in said])
        for table in (EVENTS, AUDIT):
            _go_on(writing, table)
    return counts


def _chunks(connection: sa.Connection, table: sa.Table) -> Iterator[list[dict[str, Any]]]:
    rows = connection.execution_options(yield_per=_CHUNK).execute(sa.select(table))
    for part in rows.mappings().partitions(_CHUNK):
        yield [dict(row) for row in part]


def _go_on(connection: sa.Connection, table: sa.Table) -> None:
    """Let numbers go on after the copied ones; SQLite sees to it by itself."""
    if connection.dialect.name != "postgresql":
        return
    newest = connection.execute(sa.select(sa.func.max(table.c.seq))).scalar()
    if newest:
        sequence = sa.func.pg_get_serial_sequence(table.name, "seq")
        connection.execute(sa.select(sa.func.setval(sequence, newest)))
