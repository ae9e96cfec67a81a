"""Texts as numbers: ids and kinds of ten million rows, handled by their distinct values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from penchant.data.texts import clean_text
from penchant.data.values import clean_ids, is_blank

__all__ = ["DEFAULT_KIND", "Codes", "coded_ids", "coded_kinds", "recoded", "renumbered", "union"]

DEFAULT_KIND: Final = "interaction"
"""The kind of an event that names none."""
_LONGEST_KIND: Final = 80


@dataclass(frozen=True, slots=True)
class Codes:
    """A column of texts as numbers.

    Attributes:
        rows: Position in *names* of each row, Int32; null where the row has none.
        names: Distinct texts.
    """

    rows: pl.Series
    names: pl.Series


def coded_ids(series: pl.Series, *, file: str, column: str) -> Codes:
    """Code a column of ids; see `penchant.data.values.clean_ids` for what is one.

    Raises:
        DataError: If *series* holds lists or objects.
    """
    distinct = series.unique(maintain_order=True).drop_nulls()
    return _coded(series, distinct, clean_ids(distinct, file=file, column=column))


def coded_kinds(series: pl.Series | None, n: int) -> Codes:
    """Code a column of *n* kinds: lower case, words joined by ``_``; none is an interaction."""
    if series is None or series.dtype.is_nested():
        return Codes(pl.repeat(0, n, dtype=pl.Int32, eager=True), pl.Series([DEFAULT_KIND]))
    texts = series.cast(pl.String, strict=False)
    distinct = texts.unique(maintain_order=True).drop_nulls()
    names = pl.Series([_kind(text) for text in distinct.to_list()], dtype=pl.String)
    codes = _coded(texts, distinct, names.set(is_blank(names), DEFAULT_KIND))
    if not codes.rows.null_count():
        return codes
    known = list(dict.fromkeys([*codes.names.to_list(), DEFAULT_KIND]))
    rows = codes.rows.fill_null(known.index(DEFAULT_KIND))
    return Codes(rows, pl.Series(known, dtype=pl.String))


def union(names: Sequence[pl.Series]) -> pl.Series:
    """Return the distinct texts of all *names*, in order of first appearance."""
    return names[0] if len(names) == 1 else pl.concat(names).unique(maintain_order=True)


def recoded(codes: pl.Series, own: pl.Series, names: pl.Series) -> pl.Series:
    """Return *codes*, positions in *own*, as positions in *names*, which holds all of *own*."""
    if own is names or own.is_empty():
        return codes
    new = own.replace_strict(names, _range(len(names)), return_dtype=pl.Int32)
    return new.gather(codes).alias(codes.name)


def renumbered(
    frame: pl.DataFrame, column: str, names: Sequence[str]
) -> tuple[pl.DataFrame, list[str]]:
    """Number the codes of *column* in order of first appearance; drop names that do not occur."""
    seen = frame[column].unique(maintain_order=True).to_numpy()
    new = np.zeros(len(names), np.int32)
    new[seen] = np.arange(len(seen), dtype=np.int32)
    codes = pl.Series(column, new[frame[column].to_numpy()])
    return frame.with_columns(codes), [names[row] for row in seen.tolist()]


def _coded(series: pl.Series, distinct: pl.Series, names: pl.Series) -> Codes:
    """Code *series* by *names*, the clean forms of its *distinct* values; null names are none."""
    unique = names.drop_nulls().unique(maintain_order=True)
    if series.dtype.is_float():
        keep = distinct.is_finite()
        distinct, names = distinct.filter(keep), names.filter(keep)
    if distinct.is_empty():
        return Codes(pl.repeat(None, len(series), dtype=pl.Int32, eager=True), unique)
    codes = names.replace_strict(unique, _range(len(unique)), default=None, return_dtype=pl.Int32)
    rows = series.replace_strict(distinct, codes, default=None, return_dtype=pl.Int32)
    return Codes(rows, unique)


def _range(n: int) -> pl.Series:
    return pl.Series(np.arange(n, dtype=np.int32))


def _kind(text: str) -> str:
    return re.sub(r"[\s\-]+", "_", clean_text(text).lower())[:_LONGEST_KIND]
