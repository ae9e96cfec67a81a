"""Files in, a clean `Dataset` with its report out.

interactions ─▶ sources ─▶ events ─┐
items        ─▶ sources ─▶ items  ─┼─▶ Dataset, DataReport
users        ─▶ sources ─▶ items  ─┘
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl

from penchant.config import Settings
from penchant.data.dataset import Dataset
from penchant.data.events import CleanEvents, clean_events
from penchant.data.items import clean_items, clean_users
from penchant.data.report import DataReport, FileReport
from penchant.data.scripts import language_shares
from penchant.data.sources import Raw, Source, read_interactions, read_items, read_users
from penchant.data.within import items_within
from penchant.errors import DataError
from penchant.types import DAY, Columns, Progress, Vocabulary, silent

__all__ = ["load"]

_YEAR: Final = 365 * DAY
_DUPLICATE_SHARE: Final = 0.5
"""What an event on an item that repeats another counts for."""


def load(
    interactions: Source | Sequence[Source],
    items: Source | Sequence[Source] | None = None,
    users: Source | Sequence[Source] | None = None,
    *,
    mapping: Mapping[str, str] | None = None,
    settings: Settings | None = None,
    now: float | None = None,
    progress: Progress = silent,
) -> Dataset:
    """Read and clean a data set.

    Args:
        interactions: Files of events, strung together; a folder stands for the files in it.
        items: Files of items; None takes what events say of them.
        users: Files of users; None takes what events know.
        mapping: Canonical name → the name of a column: ``{"user_id": "member"}``.
        settings: Weights and half-lives by kind of event; None takes the defaults.
        now: UTC seconds, to tell what lies in the future; None asks the clock.
        progress: Is told what goes on.

    Returns:
        The data set: users in order of their first event, then those only the users' files know;
        items in the order of their files, then those only events know.  Its ``report`` says what
        was dropped and why.

    Raises:
        DataError: If a file cannot be read, has no rows, lacks a column or is mostly bad.
        UsageError: If *mapping* names something that nothing reads, or no file is given.

    Example:
        >>> data = load(pl.DataFrame({"user_id": ["ann", "bob", None], "item_id": ["a", "a", "b"]}))
        >>> data.users.ids, data.report.dropped
        (('ann', 'bob'), {'no user id': 1})
    """
    progress("reading files", 0, 3)
    raws = read_interactions(interactions, mapping=mapping)
    raw_items = items_within(raws) if items is None else read_items(items, mapping=mapping)
    raw_users = [] if users is None else read_users(users, mapping=mapping)
    _check_mapped(mapping or {}, [*raws, *raw_items, *raw_users])
    progress("cleaning events", 1, 3)
    clean = clean_events(
        _emptied(raws), settings=settings or Settings(), now=time.time() if now is None else now
    )
    progress("cleaning items", 2, 3)
    item_table, item_files = clean_items(raw_items, known=clean.items)
    user_table, user_files = clean_users(raw_users, known=clean.users)
    item_ids = Vocabulary.of(item_table[Columns.ITEM].to_list())
    events = _on_items(clean, item_table, item_ids)
    progress("cleaning items", 3, 3)
    return Dataset(
        users=Vocabulary.of(user_table[Columns.USER].to_list()),
        items=item_ids,
        events=events,
        item_table=item_table,
        user_table=user_table,
        has_time=clean.has_time,
        report=_report(clean, events, item_table, (*clean.files, *item_files, *user_files)),
    )


def _emptied(raws: list[Raw]) -> Iterator[Raw]:
    """Yield *raws* and let go of each, so that a large file is in memory once."""
    while raws:
        yield raws.pop(0)


def _check_mapped(mapping: Mapping[str, str], raws: Sequence[Raw]) -> None:
    for name, column in mapping.items():
        if not any(raw.renamed.get(name) == column or column in raw.categories for raw in raws):
            files = ", ".join(raw.file for raw in raws)
            raise DataError(
                f"{files}: no column {column!r} for {name!r}", hint="Check the name after --map."
            )


def _on_items(clean: CleanEvents, items: pl.DataFrame, ids: Vocabulary) -> pl.DataFrame:
    """Point events at rows of *items*, and let those on near-duplicates count less."""
    item = ids.rows(clean.items)[clean.frame["item"].to_numpy()]
    events = clean.frame.with_columns(pl.Series("item", item, dtype=pl.Int32))
    repeats = items["duplicate_of"].is_not_null().to_numpy()
    if not repeats.any():
        return events
    share = np.where(repeats, np.float32(_DUPLICATE_SHARE), np.float32(1))[item]
    return events.with_columns(pl.col(Columns.WEIGHT) * pl.Series(share))


def _report(
    clean: CleanEvents,
    events: pl.DataFrame,
    items: pl.DataFrame,
    files: tuple[FileReport, ...],
) -> DataReport:
    n_users, n_events = len(clean.users), len(events)
    pairs = events["user"].cast(pl.Int64) * len(items) + events["item"]
    counts = (
        events[Columns.EVENT]
        .value_counts(name="n")
        .sort("n", Columns.EVENT, descending=[True, False])
    )
    listed = sum(file.kept for file in files if file.role == "items")
    said = items[Columns.TITLE] != items[Columns.ITEM]
    texts = items.select(
        pl.concat_str(Columns.TITLE, Columns.DESCRIPTION, separator=" ", ignore_nulls=True)
    ).to_series()
    duplicates = items["duplicate_of"].count()
    return DataReport(
        files=files,
        users=n_users,
        items=len(items),
        events=n_events,
        kinds=dict(counts.iter_rows()),
        sparsity=1 - pairs.n_unique() / (n_users * len(items)),
        first=int(events[Columns.TIMESTAMP][0]) if clean.has_time else None,
        last=int(events[Columns.TIMESTAMP][-1]) if clean.has_time else None,
        languages=language_shares(texts.filter(said)),
        with_text=int(said.sum()) / len(items),
        without_events=len(items) - events["item"].n_unique(),
        unlisted=len(items) - listed,
        negative=int((events[Columns.WEIGHT] < 0).sum()) / n_events,
        suspicious=clean.suspicious,
        duplicates=duplicates,
        notes=tuple(_notes(clean, items, files, listed=listed)),
    )


def _notes(
    clean: CleanEvents, items: pl.DataFrame, files: Sequence[FileReport], *, listed: int
) -> Iterator[str]:
    if any(file.role == "items" for file in files):
        unlisted = len(items) - listed
        if unlisted == len(clean.items):
            yield (
                "no item of the events is in the items file, so its texts help nobody: do the ids"
                f" match ({clean.items[0]!r} there, {items[Columns.ITEM][0]!r} here)?"
            )
        elif 2 * unlisted > len(clean.items):
            yield f"{unlisted:,} of {len(clean.items):,} items of the events are in no items file"
    if (items[Columns.TITLE] == items[Columns.ITEM]).all():
        yield (
            "no item has a title: names and reasons show ids, and wishes in words find nothing."
            " Give titles with --items, or name their column: --map title=COLUMN"
        )
    moments = clean.frame[Columns.TIMESTAMP]
    if clean.has_time and moments[-1] < _YEAR:
        yield (
            f"every event lies in 1970 (the last {moments[-1]:,} seconds into it): does the column"
            " of moments hold them?"
        )
    if not clean.has_time:
        yield "without timestamps, rows that say the same are merged as duplicates"
