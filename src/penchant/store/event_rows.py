"""Events as rows of their table, and rows into it: the part that a batch takes its time for.

Rows are made by whoever brings the events, as the one who writes keeps all others waiting.  Columns
that are empty in all rows are not named, which SQLite thanks with a third of the time.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, Final, TypeAlias

import sqlalchemy as sa

from penchant.store.base import StoredEvent, key_of
from penchant.store.prepared import Prepared
from penchant.store.schema import EVENTS

__all__ = ["COLUMNS", "Row", "insert_new", "row_of", "rows_of"]

Row: TypeAlias = tuple[Any, ...]
"""Values of `COLUMNS`; the key of the event comes first."""

COLUMNS: Final = tuple(column.name for column in EVENTS.c if column.name != "seq")

_SPARSE: Final = tuple(at for at, name in enumerate(COLUMNS) if EVENTS.c[name].nullable)
"""Where in a row nothing may stand."""

_LAST: Final = Prepared(sa.select(sa.func.max(EVENTS.c.seq)))
_TOGETHER: Final = 250
"""Rows of one statement: as many as leave their number of values below PostgreSQL's bound."""


def row_of(event: StoredEvent) -> Row:
    """Return the values of `COLUMNS`."""
    return _row(event, key_of(event.user_id))


def rows_of(events: Sequence[StoredEvent]) -> list[Row]:
    """Return the row of each of *events*; few users do much."""
    users = {user: key_of(user) for user in {event.user_id for event in events}}
    return [_row(event, users[event.user_id]) for event in events]


def insert_new(connection: sa.Connection, rows: Sequence[Row]) -> set[bytes]:
    """Insert the *rows* whose keys are new, of equal ones the first, and return those keys.

    The driver gets them without SQLAlchemy's work for each value.
    """
    first: dict[bytes, Row] = {}
    for row in rows:
        first.setdefault(row[0], row)
    if not first:
        return set()
    ((before,),) = _LAST.on(connection)
    if _insert(connection, list(first.values())) == len(first):
        return set(first)
    line = sa.select(EVENTS.c.event_key).where(EVENTS.c.seq > (before or 0))
    return {bytes(key) for key in connection.execute(line).scalars()}


def _row(event: StoredEvent, user_key: bytes) -> Row:
    return (
        key_of(event.event_id),
        event.event_id,
        user_key,
        event.user_id,
        event.item_id,
        event.event,
        event.value,
        event.moment,
        event.text,
        event.ranking_id,
        event.dwell,
        " ".join(sorted(event.made)) if event.made else "",
        json.dumps(event.extra) if event.extra else None,
    )


def _insert(connection: sa.Connection, rows: Sequence[Row]) -> int:
    """Insert *rows*, at least one, but for known keys, and return how many were new."""
    empty = {at for at in _SPARSE if all(row[at] is None for row in rows)}
    kept = tuple(at for at in range(len(COLUMNS)) if at not in empty)
    rows = list(map(itemgetter(*kept), rows))
    if connection.dialect.name == "sqlite":  # one statement many times; a long one takes longer
        return connection.exec_driver_sql(_statement(kept, 1, "?"), rows).rowcount
    count = 0
    for start in range(0, len(rows), _TOGETHER):
        part = rows[start : start + _TOGETHER]
        words = _statement(kept, len(part), "%s")
        count += connection.exec_driver_sql(words, tuple(chain.from_iterable(part))).rowcount
    return count


@functools.lru_cache(maxsize=4 * _TOGETHER)
def _statement(kept: tuple[int, ...], n: int, mark: str) -> str:
    """Return what inserts *n* rows of the *kept* columns."""
    names = ", ".join(COLUMNS[at] for at in kept)
    row = f"({', '.join([mark] * len(kept))})"
    return (
        f"INSERT INTO {EVENTS.name} ({names}) VALUES {', '.join([row] * n)} "  # noqa: S608  names of ours
        "ON CONFLICT (event_key) DO NOTHING"
    )
