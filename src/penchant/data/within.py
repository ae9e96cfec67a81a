"""Items out of events, where no file of items is given: a line of an order often says what it sold.

A column is about the item, not about the event, where it says the same nearly every time that
the item comes again: the name of a product does, the title of a review does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from penchant.data.columns import category_columns, recognise
from penchant.data.sources import Raw
from penchant.types import Columns

__all__ = ["items_within"]

_NEARLY: Final = 0.9
_WORDS: Final = frozenset({Columns.TITLE, Columns.DESCRIPTION})


def items_within(raws: Iterable[Raw]) -> list[Raw]:
    """Return a table of items for each of *raws*, files of events, that says what items are.

    Each item has what its rows say most often.
    """
    return [items for raw in raws if (items := _items(raw)) is not None]


def _items(raw: Raw) -> Raw | None:
    free = [name for name in raw.frame.columns if name not in raw.renamed]
    found = recognise([Columns.ITEM, *free], "items", file=raw.file)
    levels = category_columns(free, found)
    about = [name for name in (*found.values(), *levels) if name in free]
    kept = [name for name in about if _is_about_items(raw.frame, name)]
    found = {key: name for key, name in found.items() if name in {Columns.ITEM, *kept}}
    levels = [name for name in levels if name in kept]
    if not levels and not _WORDS & set(found):
        return None
    frame = raw.frame.select(Columns.ITEM).unique(maintain_order=True)
    for name in kept:
        said = _counts(raw.frame, name).sort("n", descending=True, maintain_order=True)
        said = said.unique(Columns.ITEM, keep="first", maintain_order=True).drop("n")
        frame = frame.join(said, on=Columns.ITEM, how="left", maintain_order="left")
    own = {name: key for key, name in found.items()}
    return Raw(
        frame=frame.rename({name: own.get(name, name) for name in kept}),
        file=raw.file,
        how=raw.how,
        renamed=found | {Columns.ITEM: raw.renamed[Columns.ITEM]},
        categories=tuple(levels),
    )


def _is_about_items(frame: pl.DataFrame, name: str) -> bool:
    """Tell whether *name* says the same nearly every time that an item comes again."""
    if frame[name].dtype.is_nested() or frame[name].dtype == pl.Binary:
        return False
    counts = _counts(frame, name)
    by_item = counts.group_by(Columns.ITEM).agg(pl.col("n").sum(), pl.col("n").max().alias("most"))
    again = by_item.filter(pl.col("n") > 1).sum()
    rows, same = again["n"].item(), again["most"].item()
    return bool(rows) and same >= _NEARLY * rows and counts[name].n_unique() > 1


def _counts(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return how often, ``n``, each value of *name* stands with each item."""
    return (
        frame.select(Columns.ITEM, name)
        .drop_nulls()
        .group_by(Columns.ITEM, name, maintain_order=True)
        .agg(pl.len().alias("n"))
    )
