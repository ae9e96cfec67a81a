"""Proof that models saw nothing of what they are asked: checked from the parts, not believed.

The checks read the split as tables and know nothing of how it was made.  One that finds a leak
raises; the others say what they looked at, with numbers, so that a report can show them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from penchant.data.dataset import Dataset
from penchant.data.splits import Held, Split
from penchant.errors import LeakError
from penchant.types import Columns

__all__ = ["Check", "TextTrace", "check_split", "text_traces", "withhold_texts"]

_SHORTEST: Final = 3
"""Letters of a text that can be recognised in another."""

_SAMPLE: Final = 5000
"""Held-back texts that are looked for."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at and found right.

    Attributes:
        name: ``pairs``, ``strangers``, ``users`` or ``moments``.
        compared: How many of them.
        against: With how many training events.
        says: The whole of it in a sentence.
    """

    name: str
    compared: int
    against: int
    says: str


@dataclass(frozen=True, slots=True)
class TextTrace:
    """A column of the items that holds what users wrote in the test part.

    Attributes:
        column: Name of the column.
        found: Held-back texts that stand in their item's column.
        looked_for: Held-back texts that were looked for, ≥ *found*.
    """

    column: str
    found: int
    looked_for: int

    @property
    def gathered(self) -> bool:
        """Whether so many stand there that the column was gathered from what users wrote.

        Some words of a tag stand in any good description; half of all held-back texts do not.
        """
        return 2 * self.found >= self.looked_for


def check_split(split: Split) -> list[Check]:
    """Look for anything of the test in the training part.

    Args:
        split: What an experiment is about to use.

    Returns:
        What was checked, for the report.

    Raises:
        LeakError: If a tested pair, a later event or a stranger's event is in ``train``.
    """
    train = split.train.events.select("user", "item", Columns.TIMESTAMP, Columns.WEIGHT)
    for_it = train.filter(pl.col(Columns.WEIGHT) > 0)
    # before a cut an earlier event against the item may stay; else nothing of the pair may
    rows = for_it if split.how in ("time", "order") else train
    checks = [
        _no_pair(split.test, rows, "pairs", "tested contacts"),
        _no_pair(split.strangers, for_it, "strangers", "contacts of unknown users"),
        _no_stranger(split, for_it),
    ]
    return checks if split.how == "random" else [*checks, _nothing_later(split, train)]


def _frame(held: Held) -> pl.DataFrame:
    users = np.repeat(held.users, held.counts)
    return pl.DataFrame(
        {"user": users, "item": held.item}, schema={"user": pl.Int32, "item": pl.Int32}
    )


def _no_pair(held: Held, rows: pl.DataFrame, name: str, what: str) -> Check:
    both = _frame(held).join(rows, on=["user", "item"], how="semi")
    if len(both):
        user, item = both.row(0)
        raise LeakError(
            f"{len(both)} of {len(held.item)} {what} are in the training part, "
            f"user {user} with item {item} first"
        )
    says = f"none of {len(held.item):,} {what} is among {len(rows):,} training events"
    return Check(name, len(held.item), len(rows), says)


def _no_stranger(split: Split, for_it: pl.DataFrame) -> Check:
    known = set(for_it["user"].unique().to_list())
    met = sorted(set(split.strangers.users.tolist()) & known)
    unmet = sorted(set(split.users.tolist()) - known)
    if met or unmet:
        raise LeakError(
            f"user {met[0]} is called unknown and has training events"
            if met
            else f"user {unmet[0]} is called known and has no training event"
        )
    says = f"all {len(split.users):,} tested users are known from training events of their own"
    return Check("users", len(split.users), len(for_it), says)


def _nothing_later(split: Split, train: pl.DataFrame) -> Check:
    if split.how == "time":
        cut = int(split.moments.min()) if len(split.moments) else None
        late = train.filter(pl.col(Columns.TIMESTAMP) >= cut) if cut is not None else train.head(0)
        says = f"none of {len(train):,} training events is of the cut or later (second {cut})"
    else:
        ends = pl.DataFrame({"user": split.users, "end": split.moments})
        late = train.join(ends, on="user").filter(pl.col(Columns.TIMESTAMP) > pl.col("end"))
        says = f"no training event of {len(split.users):,} users is later than what they are asked"
    if len(late):
        raise LeakError(
            f"{len(late)} training events are later than the test, "
            f"first that of user {late['user'][0]} at second {late[Columns.TIMESTAMP][0]}"
        )
    return Check("moments", len(split.users), len(train), says)


def text_traces(data: Dataset, split: Split) -> list[TextTrace]:
    """Look in the table of items for what users wrote in events that models may not see.

    A column of tags or reviews gathered over the whole time tells a model of text what users did
    after the cut.

    Args:
        data: The whole.
        split: Its parts.

    Returns:
        The columns in which at least one held-back text stands, those with most first.
    """
    written = _held_back_texts(data, split)
    if written.is_empty():
        return []
    traces = [
        TextTrace(name, found, len(written))
        for name in _text_columns(data.item_table)
        if (found := _found(written, _said(data, name)))
    ]
    return sorted(traces, key=lambda trace: -trace.found)


def withhold_texts(data: Dataset, split: Split, traces: Sequence[TextTrace]) -> Dataset:
    """Return the training part without what `TextTrace.gathered` columns tell of the test.

    From a column of lists goes each entry that users wrote of that item in held-back events alone;
    a column of plain text cannot be taken apart, and is emptied.

    Args:
        data: The whole.
        split: Its parts.
        traces: What `text_traces` found.

    Returns:
        ``split.train``, perhaps with another table of items.
    """
    table = split.train.item_table
    written = _texts(data.events).join(_texts(split.train.events), on=["item", "text"], how="anti")
    for trace in traces:
        if not trace.gathered:
            continue
        if isinstance(table.schema[trace.column], pl.List):
            table = table.with_columns(_without(written, _said(data, trace.column), trace.column))
        else:
            table = table.with_columns(pl.lit(None, dtype=pl.String).alias(trace.column))
    return replace(split.train, item_table=table)


def _without(written: pl.DataFrame, said: pl.DataFrame, name: str) -> pl.Series:
    entries = said.explode("said", empty_as_null=True).with_columns(text=_plain("said"))
    kept = entries.join(written, on=["item", "text"], how="anti", maintain_order="left")
    lists = kept.group_by("item", maintain_order=True).agg(pl.col("said").drop_nulls())
    whole = said.select("item").join(lists, on="item", how="left", maintain_order="left")
    return whole["said"].fill_null([]).alias(name)


def _held_back_texts(data: Dataset, split: Split) -> pl.DataFrame:
    key = ["user", "item", Columns.TIMESTAMP, Columns.TEXT]
    events = data.events.select(key).join(split.train.events.select(key), on=key, how="anti")
    return _texts(events).head(_SAMPLE)


def _texts(events: pl.DataFrame) -> pl.DataFrame:
    texts = events.select("item", text=_plain(Columns.TEXT))
    return texts.filter(pl.col("text").str.len_chars() >= _SHORTEST).unique(maintain_order=True)


def _plain(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().str.to_lowercase()


def _said(data: Dataset, name: str) -> pl.DataFrame:
    items = pl.Series("item", np.arange(data.n_items, dtype=np.int32))
    return data.item_table.select(items, pl.col(name).alias("said"))


def _text_columns(table: pl.DataFrame) -> list[str]:
    kinds = (pl.String, pl.List(pl.String))
    return [n for n, kind in table.schema.items() if kind in kinds and n != Columns.ITEM]


def _found(written: pl.DataFrame, column: pl.DataFrame) -> int:
    said = pl.col("said")
    if isinstance(column.schema["said"], pl.List):
        said = said.list.join("\n", ignore_nulls=True)
    both = written.join(column.with_columns(said.str.to_lowercase()), on="item").drop_nulls()
    return int(both.select(pl.col("said").str.contains(pl.col("text"), literal=True).sum()).item())
