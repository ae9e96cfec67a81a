"""One order of events, whatever the order of rows; and which rows say the same.

Events are in order of time.  Those of one second are in the order of a stable hash of (user,
item), which favours no id; those of one pair in one second in the order of their content.  Without
moments the order of rows is the order of events.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from penchant.data.values import holds_bytes
from penchant.types import Columns

__all__ = ["in_order"]

_TIE_BITS: Final = np.uint64(31)


def in_order(
    frame: pl.DataFrame, *, users: Sequence[str], items: Sequence[str], kinds: Sequence[str]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the rows of *frame* in order without duplicates, and the duplicates.

    Two rows are duplicates where they agree in every column; without moments too.

    Args:
        frame: ``user, item, kind`` (codes), where there are moments ``timestamp`` in [0, 2³³), and
            any other columns.
        users: Ids behind ``user``.
        items: Ids behind ``item``.
        kinds: Names behind ``kind``.

    Returns:
        Row numbers of *frame*, ``(n_kept,)``, oldest event first; and those left out.
    """
    timed = Columns.TIMESTAMP in frame.columns
    user, item = frame["user"].to_numpy(), frame["item"].to_numpy()
    if timed:
        key = frame[Columns.TIMESTAMP].to_numpy().astype(np.uint64) << _TIE_BITS
        key |= _ties(user, item, users=users, items=items)
    else:
        key = user.astype(np.uint64) * np.uint64(len(items)) + item.astype(np.uint64)
    order = np.argsort(key)
    alike = np.flatnonzero(_grouped(key[order]))
    rows = order[alike]
    if not timed:
        order = np.arange(len(frame))
    if not len(rows):
        return order, rows
    subset = _by_content(frame[rows], key[rows], rows, users=users, items=items, kinds=kinds)
    repeats = subset["row"].filter(_repeats(subset.drop("row"))).to_numpy()
    if timed:
        order[alike] = subset["row"].to_numpy()
    keep = np.ones(len(frame), bool)
    keep[repeats] = False
    return order[keep[order]], repeats


def _ties(
    user: npt.NDArray[np.int32],
    item: npt.NDArray[np.int32],
    *,
    users: Sequence[str],
    items: Sequence[str],
) -> npt.NDArray[np.uint64]:
    """Return 31 bits for each pair that depend on its ids alone: CRC-32 of each, mixed."""
    mixed = _crc(users)[user] * np.uint64(0x9E3779B97F4A7C15)
    mixed += _crc(items)[item] * np.uint64(0xC2B2AE3D27D4EB4F)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return mixed >> np.uint64(33)


def _crc(ids: Sequence[str]) -> npt.NDArray[np.uint64]:
    return np.fromiter((zlib.crc32(key.encode()) for key in ids), np.uint64, len(ids))


def _grouped(key: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Tell which of the sorted *key* have an equal neighbour."""
    marks = np.zeros(len(key), bool)
    equal = key[1:] == key[:-1]
    marks[1:] |= equal
    marks[:-1] |= equal
    return marks


def _by_content(
    frame: pl.DataFrame,
    key: npt.NDArray[np.uint64],
    rows: npt.NDArray[np.int64],
    *,
    users: Sequence[str],
    items: Sequence[str],
    kinds: Sequence[str],
) -> pl.DataFrame:
    """Return what tells the rows of *frame* apart, in an order that only content decides."""
    nested = [name for name, dtype in frame.schema.items() if dtype.is_nested()]
    plain = frame.with_columns(
        pl.Series(name, list(map(repr, frame[name].to_list())))
        if holds_bytes(frame.schema[name])
        else pl.struct(name).struct.json_encode().alias(name)
        for name in nested
    ).with_columns(
        user=pl.Series(users, dtype=pl.String).gather(frame["user"]),
        item=pl.Series(items, dtype=pl.String).gather(frame["item"]),
        kind=pl.Series(kinds, dtype=pl.String).gather(frame["kind"]),
    )
    plain = plain.with_columns(pl.Series("key", key), pl.Series("row", rows))
    first = ["key", "user", "item", "kind"]
    others = [name for name in plain.columns if name not in {*first, "row"}]
    return plain.sort(*first, *others, "row").drop("key")


def _repeats(frame: pl.DataFrame) -> pl.Series:
    """Tell which rows of *frame* equal the one before them."""
    return frame.select(
        pl.all_horizontal(pl.all().eq_missing(pl.all().shift(1))) & (pl.int_range(pl.len()) > 0)
    ).to_series()
