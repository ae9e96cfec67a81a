"""A data set of what the service knows: the model it started from, and the store's events on top.

base    histories as the first model kept them: kinds, moments, weights
store   every event, item and user since, cleaned like files
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import polars as pl

from penchant.config import Settings
from penchant.data.dataset import Dataset
from penchant.data.load import load
from penchant.engine.fitted import Fitted
from penchant.engine.newcomers import categories_of
from penchant.engine.past import kind_of
from penchant.store.base import StoredEvent, key_of
from penchant.types import DAY, Columns, Progress, Vocabulary, silent

__all__ = ["gather", "item_frame"]

_SPAN_PART: Final = 5
"""A half-life that nobody sets is this part of the data's span."""

_TEXTS: Final = (Columns.TITLE, Columns.DESCRIPTION, Columns.BRAND)


def gather(
    events: Sequence[StoredEvent],
    *,
    items: Sequence[Mapping[str, Any]],
    users: Sequence[Mapping[str, Any]] = (),
    base: Fitted | None = None,
    rewritten: frozenset[bytes] = frozenset(),
    dropped: frozenset[tuple[bytes, str]] = frozenset(),
    settings: Settings,
    progress: Progress = silent,
) -> Dataset:
    """Return one clean data set.

    Args:
        events: Of the store, in any order.
        items: Of the store.
        users: Of the store.
        base: The model that the service started from; None: from nothing.
        rewritten: Keys of users of whom nothing of *base* may be used.
        dropped: Keys of users and the items of which nothing of *base* may be used.
        settings: Weights and half-lives by kind of event.
        progress: Is told what goes on.

    Raises:
        DataError: If nothing is left to learn from.
    """
    if base is not None and not events:
        return _base_data(base, rewritten, dropped)
    later = load(
        _event_frame(events),
        item_frame(items) if items else None,
        pl.DataFrame({Columns.USER: [str(u[Columns.USER]) for u in users]}) if users else None,
        settings=settings,
        progress=progress,
    )
    if base is None:
        return later
    said = {str(item[Columns.ITEM]) for item in items}
    return _joined(_base_data(base, rewritten, dropped), later, said=said, settings=settings)


def item_frame(items: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Return *items*, as they were sent, as a table that the loader reads."""
    columns: dict[str, pl.Series] = {
        Columns.ITEM: pl.Series([str(item[Columns.ITEM]) for item in items], dtype=pl.String),
        Columns.CATEGORIES: pl.Series(
            [categories_of(item) for item in items], dtype=pl.List(pl.String)
        ),
    }
    for name in _TEXTS:
        values = [item.get(name) if isinstance(item.get(name), str) else None for item in items]
        columns[name] = pl.Series(values, dtype=pl.String)
    prices = [item.get(Columns.PRICE) for item in items]
    columns[Columns.PRICE] = pl.Series(prices, dtype=pl.Float64, strict=False)
    available = [item.get(Columns.AVAILABLE) is not False for item in items]
    columns[Columns.AVAILABLE] = pl.Series(available, dtype=pl.Boolean)
    others = dict.fromkeys(name for item in items for name in item if name not in columns)
    for name in others:
        columns[name] = pl.Series([_plain(item.get(name)) for item in items], dtype=pl.String)
    frame = pl.DataFrame(columns)
    empty = [name for name in frame.columns if frame[name].null_count() == len(frame)]
    return frame.drop(empty)


def _plain(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _event_frame(events: Sequence[StoredEvent]) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            Columns.USER: [event.user_id for event in events],
            Columns.ITEM: [event.item_id for event in events],
            Columns.EVENT: [kind_of(event) for event in events],
            Columns.VALUE: [event.value for event in events],
            Columns.TIMESTAMP: [event.moment for event in events],
            Columns.TEXT: [event.text for event in events],
            Columns.DWELL: [event.dwell for event in events],
        },
        schema={
            Columns.USER: pl.String,
            Columns.ITEM: pl.String,
            Columns.EVENT: pl.String,
            Columns.VALUE: pl.Float64,
            Columns.TIMESTAMP: pl.Int64,
            Columns.TEXT: pl.String,
            Columns.DWELL: pl.Float64,
        },
    )
    sparse = (Columns.VALUE, Columns.TEXT, Columns.DWELL)
    return frame.drop([name for name in sparse if frame[name].null_count() == len(frame)])


def _base_data(
    base: Fitted, rewritten: frozenset[bytes], dropped: frozenset[tuple[bytes, str]]
) -> Dataset:
    histories = base.histories
    users = pl.DataFrame({Columns.USER: list(base.users)})
    kinds = histories.done()
    events = pl.DataFrame(
        {
            "user": pl.Series(histories.user, dtype=pl.Int32),
            "item": pl.Series(np.asarray(histories.item), dtype=pl.Int32),
            Columns.EVENT: pl.Series(kinds, dtype=pl.String),
            Columns.VALUE: pl.repeat(None, len(kinds), dtype=pl.Float64, eager=True),
            Columns.TIMESTAMP: pl.Series(np.asarray(histories.timestamp), dtype=pl.Int64),
            Columns.TEXT: pl.repeat(None, len(kinds), dtype=pl.String, eager=True),
            Columns.DWELL: pl.repeat(None, len(kinds), dtype=pl.Float64, eager=True),
            Columns.WEIGHT: pl.Series(np.asarray(histories.weight), dtype=pl.Float32),
            "half_life": pl.Series(np.asarray(histories.half_life), dtype=pl.Float32),
            "suspicious": pl.repeat(value=False, n=len(kinds), eager=True),
        }
    )
    gone = [row for row, user in enumerate(base.users) if key_of(user) in rewritten]
    events = events.filter(~pl.col("user").is_in(gone))
    if dropped:
        place = {key_of(user): row for row, user in enumerate(base.users)}
        pairs = [
            (place[key], base.items.row(item))
            for key, item in dropped
            if key in place and item in base.items
        ]
        schema = {"user": pl.Int32, "item": pl.Int32}
        away = pl.DataFrame(pairs, schema=schema, orient="row")
        events = events.join(away, on=["user", "item"], how="anti", maintain_order="left")
    events = events.sort(Columns.TIMESTAMP, maintain_order=True)
    whole = Dataset(
        users=base.users,
        items=base.items,
        events=events,
        item_table=base.item_table,
        user_table=users,
        has_time=base.has_time,
    )
    return _without_users(whole, set(gone)) if gone else whole


def _without_users(data: Dataset, gone: set[int]) -> Dataset:
    """Forget the users at the rows *gone*, who have no events any more."""
    kept = [row for row in range(data.n_users) if row not in gone]
    place = {old: new for new, old in enumerate(kept)}
    user = data.events["user"].replace_strict(place, return_dtype=pl.Int32)
    return replace(
        data,
        users=Vocabulary.of(data.users.ids[row] for row in kept),
        user_table=data.user_table[kept],
        events=data.events.with_columns(user.alias("user")),
    )


def _joined(base: Dataset, later: Dataset, *, said: set[str], settings: Settings) -> Dataset:
    users = Vocabulary.of([*base.users, *later.users])
    items = Vocabulary.of([*base.items, *later.items])
    table = _items_joined(base.item_table, later.item_table, items, said)
    moments = pl.col(Columns.TIMESTAMP)
    if not base.has_time:  # row numbers go on where the base's end
        moments = pl.int_range(pl.len(), dtype=pl.Int64) + base.now + 1
    own = later.events.with_columns(
        pl.Series("user", users.rows(later.users)[later.user], dtype=pl.Int32),
        pl.Series("item", items.rows(later.items)[later.item], dtype=pl.Int32),
        moments.alias(Columns.TIMESTAMP),
    )
    events = pl.concat([base.events, own.select(base.events.columns)], how="vertical_relaxed")
    events = events.sort(Columns.TIMESTAMP, maintain_order=True)
    moment = events[Columns.TIMESTAMP]
    span = (int(moment[-1]) - int(moment[0])) / DAY if len(events) else 0.0
    default = settings.half_life or (span / _SPAN_PART if span > 0 else 1.0)
    lives = pl.col(Columns.EVENT).replace_strict(
        dict(settings.half_lives) or {"": default}, default=default, return_dtype=pl.Float32
    )
    user_table = pl.concat(
        [base.user_table, later.user_table.select(Columns.USER)], how="vertical_relaxed"
    ).unique(Columns.USER, keep="first", maintain_order=True)
    return Dataset(
        users=users,
        items=items,
        events=events.with_columns(lives.alias("half_life")),
        item_table=table,
        user_table=user_table,
        has_time=base.has_time,
    )


def _items_joined(
    base: pl.DataFrame, later: pl.DataFrame, items: Vocabulary, said: set[str]
) -> pl.DataFrame:
    """Return one table: what was said later of an item counts, else what the base says."""
    newer = pl.col(Columns.ITEM).is_in(list(said))
    known = base.filter(~newer)
    new = later.filter(newer | ~pl.col(Columns.ITEM).is_in(base[Columns.ITEM].to_list()))
    both = pl.concat([known, new], how="diagonal_relaxed")
    order = pl.DataFrame({Columns.ITEM: list(items)}, schema={Columns.ITEM: pl.String})
    return order.join(both, on=Columns.ITEM, how="left", maintain_order="left")
