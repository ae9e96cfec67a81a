"""Dirty values to typed ones: ids, numbers and moments, each with what was wrong where.

Nothing here raises because of a value; a value that cannot be understood becomes null and is
marked, and whoever reads the file counts it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from penchant.errors import DataError

__all__ = [
    "MAX_ID",
    "NO_VALUE",
    "Numbers",
    "clean_ids",
    "holds_bytes",
    "is_blank",
    "is_something",
    "numbers",
]

NO_VALUE: Final = (
    *("", "nan", "NaN", "NAN", "null", "NULL", "Null", "None", "none", "NONE", "NA", "N/A", "n/a"),
    *("<NA>", "#N/A", "nil", "NaT", "undefined"),
)
"""What programs write where there is no value."""

MAX_ID: Final = 512
"""Characters that an id may have; what is longer is text in the wrong column."""


def clean_ids(series: pl.Series, *, file: str, column: str) -> pl.Series:
    """Return *series* as ids, String, null where there is none.

    Ids stay as given: ``007`` stays ``007``.  Whole numbers that a program made floating because
    one was missing lose their ``.0`` again, if all of the column have it.

    Args:
        series: Any column; distinct values suffice.
        file: Name of the file, for errors.
        column: Canonical name of the column, for errors.

    Raises:
        DataError: If *series* holds lists or objects.

    Example:
        >>> clean_ids(pl.Series([12.0, None, 7.0]), file="a.csv", column="user_id").to_list()
        ['12', None, '7']
        >>> clean_ids(pl.Series(["007", "nan", " "]), file="a.csv", column="user_id").to_list()
        ['007', None, None]
    """
    dtype = series.dtype
    if dtype.is_nested() or dtype == pl.Object:
        sample = str(next(iter(series.drop_nulls().to_list()), None))[:60]
        raise DataError(
            f"{file}: column {series.name!r} ({column}) holds lists or objects, such as {sample}",
            hint="Give one id a row.",
        )
    if dtype.is_float() or dtype.is_decimal():
        return _whole(series.cast(pl.Float64))
    if dtype == pl.Binary:
        series = series.cast(pl.String, strict=False)
    texts = series.cast(pl.String)
    blank = is_blank(texts) | (texts.str.len_chars() > MAX_ID)
    ids = texts.set(blank, None)
    return _without_point(ids) if dtype == pl.String else ids


def is_blank(texts: pl.Series) -> pl.Series:
    """Tell which of *texts*, String, say that there is no value; False where null."""
    return (texts.is_in(NO_VALUE) | ~texts.str.contains(r"\S")).fill_null(value=False)


def _whole(series: pl.Series) -> pl.Series:
    finite = series.set(~series.is_finite(), None)
    if (finite == finite.floor()).all() and finite.abs().fill_null(0).le(2**53).all():
        return finite.cast(pl.Int64).cast(pl.String)
    return finite.cast(pl.String)


def _without_point(ids: pl.Series) -> pl.Series:
    """Take ``.0`` off whole numbers, if every id is one with it."""
    if ids.head(100).str.ends_with(".0").all() and ids.str.contains(r"^-?\d+\.0$").all():
        return ids.str.strip_suffix(".0")
    return ids


def holds_bytes(dtype: pl.DataType) -> bool:
    """Tell whether there are bytes in values of *dtype*, which polars cannot write as JSON."""
    if isinstance(dtype, pl.List | pl.Array):
        return holds_bytes(dtype.inner)  # type: ignore[arg-type]  # an instance in any schema
    if isinstance(dtype, pl.Struct):
        return any(holds_bytes(part.dtype) for part in dtype.fields)  # type: ignore[arg-type]
    return dtype == pl.Binary


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers of a column.

    Attributes:
        values: Float64; null where there is none or it cannot be understood; finite.
        bad: Where something stands that is no number.
    """

    values: pl.Series
    bad: pl.Series


def numbers(series: pl.Series) -> Numbers:
    """Understand *series* as numbers; ``4,5`` is 4.5 where no point is used in the column.

    Example:
        >>> numbers(pl.Series(["4", "4,5", "", "five"])).values.to_list()
        [4.0, 4.5, None, None]
    """
    if series.dtype.is_numeric() or series.dtype == pl.Boolean:
        values = series.cast(pl.Float64)
        finite = values.set(~values.is_finite(), None)
        return Numbers(finite, (values.is_infinite()).fill_null(value=False))
    if series.dtype.is_nested() or series.dtype.is_temporal():
        empty = pl.Series(series.name, [None], dtype=pl.Float64).new_from_index(0, len(series))
        return Numbers(empty, series.is_not_null())
    texts = series.cast(pl.String)
    values = texts.cast(pl.Float64, strict=False)
    odd = (values.is_null() & texts.is_not_null()).arg_true()
    if len(odd):
        values = values.scatter(
            odd, _from_words(texts.gather(odd), point=_has_point(values, texts))
        )
    values = values.set(~values.is_finite(), None)
    return Numbers(values, is_something(texts, where=values.is_null()))


def is_something(texts: pl.Series, *, where: pl.Series) -> pl.Series:
    """Tell which of *texts*, among those *where* marks, say more than that there is no value."""
    marked = where & texts.is_not_null()
    rows = marked.arg_true()
    return marked.scatter(rows, ~is_blank(texts.gather(rows))) if len(rows) else marked


def _has_point(values: pl.Series, texts: pl.Series) -> bool:
    """Tell whether any of *texts* that is a number has a decimal point."""
    return texts.filter(values.is_not_null()).str.contains(".", literal=True).any()


def _from_words(odd: pl.Series, *, point: bool) -> pl.Series:
    """Return the numbers in *odd*: with spaces around them, or a comma for the point."""
    trimmed = odd.str.strip_chars()
    if not point:
        trimmed = trimmed.str.replace(r"^(-?\d+),(\d+)$", "$1.$2")
    return trimmed.cast(pl.Float64, strict=False)
