"""What a store knows as Parquet files that every command reads, and such files into a store.

    DIR/events-00001.parquet …   event_id, user_id, item_id, event, value, timestamp, text,
                                 ranking_id, dwell
    DIR/items.parquet            item_id, title, description, categories, brand, price, available
    DIR/users.parquet            user_id

What has no column of its own stands in ``extra``, as JSON.  Events keep their ids, so what is
imported twice is there once.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

import polars as pl

from penchant.engine.newcomers import categories_of
from penchant.errors import DataError
from penchant.serve.output import new_folder
from penchant.serve.reading import read_events
from penchant.store.base import StoredEvent
from penchant.store.pages import events_upto, everybody
from penchant.store.sql import Store
from penchant.types import Columns

__all__ = ["export_store", "import_store"]

_EXTRA: Final = "extra"
_FILE_ROWS: Final = 500_000
_AT_ONCE: Final = 10_000
_EVENTS: Final[dict[str, Any]] = {
    "event_id": pl.String,
    Columns.USER: pl.String,
    Columns.ITEM: pl.String,
    Columns.EVENT: pl.String,
    Columns.VALUE: pl.Float64,
    Columns.TIMESTAMP: pl.Int64,
    Columns.TEXT: pl.String,
    "ranking_id": pl.String,
    Columns.DWELL: pl.Float64,
    _EXTRA: pl.String,
}
_ITEMS: Final[dict[str, Any]] = {
    Columns.ITEM: pl.String,
    Columns.TITLE: pl.String,
    Columns.DESCRIPTION: pl.String,
    Columns.CATEGORIES: pl.List(pl.String),
    Columns.BRAND: pl.String,
    Columns.PRICE: pl.Float64,
    Columns.AVAILABLE: pl.Boolean,
    _EXTRA: pl.String,
}
_USERS: Final[dict[str, Any]] = {Columns.USER: pl.String, _EXTRA: pl.String}


def export_store(store: Store, folder: Path) -> dict[str, int]:
    """Write all events, items and users into *folder*, whole or not at all; return how many.

    Args:
        store: May be in use; events are those up to now.
        folder: Is not there yet.

    Raises:
        UsageError: If the folder is there.
        UnavailableError: If it cannot be written.
    """
    with new_folder(folder, what="export") as draft:
        counts = _write(store, draft)
        draft.chmod(0o755)
    return counts


def import_store(store: Store, folder: Path, *, now: float) -> dict[str, int]:
    """Store what the files of *folder* hold and return how many rows were new, known or wrong.

    Args:
        store: Where to.
        folder: As `export_store` writes it; files may be missing.
        now: UTC seconds: the moment of events that have none.

    Raises:
        DataError: If there is no file, or one cannot be read.
    """
    files = sorted(folder.glob("events*.parquet"))
    if not files and not (folder / "items.parquet").is_file():
        raise DataError(f"{str(folder)!r} holds neither events*.parquet nor items.parquet")
    counts: Counter[str] = Counter()
    for file, put in (("items", store.items.put), ("users", store.people.put)):
        for rows in _read(folder / f"{file}.parquet"):
            counts[file] += put([_given(row) for row in rows])
    for file_of_events in files:
        for rows in _read(file_of_events):
            events, errors = read_events([_given(row) for row in rows], now=now)
            receipt = store.events.add(events)
            counts["events"] += receipt.accepted
            counts["duplicates"] += receipt.duplicates
            counts["errors"] += len(errors)
    return dict(counts)


def _write(store: Store, folder: Path) -> dict[str, int]:
    counts: Counter[str] = Counter()
    events = events_upto(store.events, store.events.last(), at_once=_AT_ONCE)
    for number, rows in enumerate(_batches(map(_row, events), _FILE_ROWS), 1):
        _table(rows, _EVENTS).write_parquet(folder / f"events-{number:05}.parquet")
        counts["events"] += len(rows)
    items, _, _ = store.items.changed(0)
    said = [{**item, Columns.CATEGORIES: categories_of(item)} for item in items]
    _table([_apart(item, _ITEMS) for item in said], _ITEMS).write_parquet(folder / "items.parquet")
    users = [_apart(user, _USERS) for user in everybody(store.people)]
    _table(users, _USERS).write_parquet(folder / "users.parquet")
    return {"events": counts["events"], "items": len(items), "users": len(users)}


Row: TypeAlias = tuple[Mapping[str, Any], Mapping[str, Any]]
"""Fields that have columns, and the others."""


def _row(event: StoredEvent) -> Row:
    always = {"event_id": event.event_id, Columns.TIMESTAMP: event.moment}
    return event.sent() | always, event.extra  # a moment as sent stands among these


def _batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _apart(fields: Mapping[str, Any], schema: Mapping[str, Any]) -> Row:
    own = schema.keys() - {_EXTRA}
    return fields, {name: value for name, value in fields.items() if name not in own}


def _table(rows: Iterable[Row], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Return *rows* with the columns of *schema*; other fields as JSON in ``extra``."""
    columns: dict[str, list[Any]] = {name: [] for name in schema}
    for fields, extra in rows:
        for name, column in columns.items():
            if name == _EXTRA:
                column.append(json.dumps(dict(extra), ensure_ascii=False) if extra else None)
            else:
                column.append(fields.get(name))
    return pl.DataFrame(
        [pl.Series(name, values, dtype=schema[name]) for name, values in columns.items()]
    )


def _read(file: Path) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a file, some at a time; none of one that is not there."""
    if not file.is_file():
        return
    try:
        frame = pl.read_parquet(file)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DataError(f"file {str(file)!r} cannot be read: {error}") from error
    for part in frame.iter_slices(_AT_ONCE):
        yield part.to_dicts()


def _given(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of a file as it was sent."""
    fields = {name: value for name, value in row.items() if value is not None and name != _EXTRA}
    if fields.get(Columns.CATEGORIES) == []:
        del fields[Columns.CATEGORIES]
    return fields | (json.loads(row[_EXTRA]) if row.get(_EXTRA) else {})
