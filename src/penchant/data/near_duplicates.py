"""Items that repeat another: the same article posted twice, the same thing entered twice.

    short texts   equal but for case, signs and spaces, and nothing else in the table tells the
                  items apart (but id, price and availability)
    long texts    by MinHash and then exactly, at least `_ALIKE` of the runs of eight letters in
                  common (Jaccard), and titles alike, with the same numbers in them

Where texts name kinds of things rather than things (a till's "BREAD"), many items share one, and
none of them is taken for a duplicate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from penchant.data.values import holds_bytes
from penchant.types import Columns

__all__ = ["near_duplicates"]

_LONG: Final = 120
"""Letters from which on a text alone says that two items are one."""
_SHORT: Final = 4
"""Letters below which a text says nothing."""
_EXCEPTION: Final = 0.2
"""Share of items with a text above which duplicates are no exception, but how texts are."""
_ALIKE: Final = 0.8
_RUN: Final = 8
_BANDS: Final = 5
_BAND_ROWS: Final = 4
_LETTERS: Final = 30_000_000
"""Letters of all texts together that are looked at, shared out equally."""
_READ: Final = 1000
_BUCKET: Final = 50
"""Items of one bucket that are compared with its first."""

_Hashes = npt.NDArray[np.uint64]


def near_duplicates(table: pl.DataFrame) -> pl.Series:
    """Return for each item the id of the earlier one that it repeats, String, else null.

    Args:
        table: Clean items, ``item_id`` unique, with ``title`` and ``description``.
    """
    letters = _letters(table)
    length = letters.str.len_chars()
    first = np.arange(len(table))
    same = _same(table, letters, length)
    with_text = int((length >= _SHORT).sum())
    if int((same != first).sum()) <= max(1, _EXCEPTION * with_text):
        first = same
    long = np.flatnonzero((length >= _LONG).to_numpy() & (first == np.arange(len(table))))
    if len(long) > 1:
        texts = letters.gather(long)
        size = max(_LONG, min(_READ, _LETTERS // len(long)))
        titles = table[Columns.TITLE].gather(long).str.to_lowercase().to_list()
        for later, earlier in _alike(texts.str.head(size).to_list()):
            named = _titles_alike(titles[later], titles[earlier])
            if named and first[long[later]] == long[later]:
                first[long[later]] = first[long[earlier]]
    first = first[first]  # what repeats a repetition repeats the first
    ids = table[Columns.ITEM]
    repeated = pl.Series(first != np.arange(len(table)))
    return ids.gather(first).set(~repeated, None).alias("duplicate_of")


def _letters(table: pl.DataFrame) -> pl.Series:
    """Return title and description of each item as letters and digits in lower case."""
    text = pl.concat_str(
        pl.col(Columns.TITLE).fill_null(""), pl.col(Columns.DESCRIPTION).fill_null("")
    )
    return table.select(text.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", "")).to_series()


def _same(table: pl.DataFrame, letters: pl.Series, length: pl.Series) -> npt.NDArray[np.int64]:
    """Return for each item the first that nothing tells it apart from, itself included."""
    apart = (Columns.ITEM, Columns.TITLE, Columns.DESCRIPTION, Columns.PRICE, Columns.AVAILABLE)
    others = [n for n, t in table.schema.items() if n not in apart and not holds_bytes(t)]
    keys = [
        pl.when(length < _LONG).then(pl.struct(others).struct.json_encode()).alias("others")
        if others
        else pl.lit("").alias("others")
    ]
    rows = pl.int_range(pl.len(), dtype=pl.Int64)
    frame = table.select(letters.alias("letters"), *keys, rows.alias("row"))
    earliest = frame.select(pl.col("row").min().over("letters", "others")).to_series().to_numpy()
    said = (length >= _SHORT).to_numpy() & (table[Columns.TITLE] != table[Columns.ITEM]).to_numpy()
    return np.where(said, earliest, np.arange(len(table)))


def _alike(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Return pairs (later, earlier) of *texts* that share most of their runs of letters."""
    hashes, starts = _runs(texts)
    candidates = sorted(set(_candidates(_signatures(hashes, starts))))
    pairs = []
    for later, earlier in candidates:
        a = set(hashes[starts[later] : starts[later + 1]].tolist())
        b = set(hashes[starts[earlier] : starts[earlier + 1]].tolist())
        if len(a & b) >= _ALIKE * len(a | b):
            pairs.append((later, earlier))
    return pairs


def _titles_alike(one: str, other: str) -> bool:
    """Tell whether two titles name one thing: the same numbers, half of the pairs of letters."""
    if sorted(re.findall(r"\d+", one)) != sorted(re.findall(r"\d+", other)):
        return False
    a, b = ({text[i : i + 2] for i in range(max(len(text) - 1, 1))} for text in (one, other))
    return 2 * len(a & b) >= len(a | b)


def _runs(texts: Sequence[str]) -> tuple[_Hashes, npt.NDArray[np.int64]]:
    """Return hashes of all runs of `_RUN` letters, text by text, and where each text's start."""
    signs = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32).astype(np.uint64)
    lengths = np.array([len(text) for text in texts])
    ends = np.cumsum(lengths)
    hashed = np.zeros(len(signs) - _RUN + 1, np.uint64)
    for offset in range(_RUN):
        hashed *= np.uint64(0x9E3779B97F4A7C15)
        hashed += signs[offset : len(hashed) + offset]
    hashed = _mixed(hashed)
    within = np.ones(len(hashed), bool)
    for end in range(1, _RUN):  # runs that begin in one text and end in the next
        within[np.maximum(ends[:-1] - end, 0)] = False
    starts = np.concatenate([[0], np.cumsum(lengths - _RUN + 1)])
    return hashed[within], starts


def _mixed(x: _Hashes) -> _Hashes:
    x = x ^ (x >> np.uint64(29))
    x *= np.uint64(0xBF58476D1CE4E5B9)
    return x ^ (x >> np.uint64(32))


def _signatures(hashes: _Hashes, starts: npt.NDArray[np.int64]) -> _Hashes:
    """Return one hash per text and band, ``(n_texts, _BANDS)``: equal where smallest runs are."""
    bands = np.zeros((len(starts) - 1, _BANDS), np.uint64)
    for number in range(_BANDS * _BAND_ROWS):
        salt = np.uint64((number + 1) * 0xC2B2AE3D27D4EB4F & (1 << 64) - 1)
        smallest = np.minimum.reduceat(_mixed(hashes ^ salt), starts[:-1])
        bands[:, number // _BAND_ROWS] = _mixed(bands[:, number // _BAND_ROWS] + smallest)
    return bands


def _candidates(bands: _Hashes) -> Iterable[tuple[int, int]]:
    """Yield pairs (later, earlier) of texts that share a band with the first of its bucket."""
    for band in bands.T:
        order = np.argsort(band, kind="stable")
        edges = np.flatnonzero(np.diff(band[order])) + 1
        for bucket in np.split(order, edges) if len(edges) else [order]:
            if len(bucket) > 1:
                yield from ((int(row), int(bucket[0])) for row in bucket[1:_BUCKET])
