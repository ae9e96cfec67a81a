"""Moments out of whatever a file has for them: UTC seconds, and what was wrong where.

numbers   seconds, milliseconds, micro- or nanoseconds: one unit a file, told by the median;
          dates written as numbers (20240131)
text      ISO 8601 with and without zone (none: UTC), then other forms: the one that
          understands most of what is left
dates     of Parquet
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from penchant.data.values import is_something, numbers

__all__ = ["END_OF_TIME", "Moments", "moments"]

END_OF_TIME: Final = 4_102_444_800
"""The year 2100: after it no event is believed, whatever the clock says."""
_YEAR: Final = 366 * 86_400
_UNITS: Final = ((1e11, 1.0, "seconds"), (1e14, 1e3, "milliseconds"), (1e17, 1e6, "microseconds"))
_DAYS: Final = (19_000_101, 21_001_231)
"""Between these, numbers that are all dates of a calendar are dates."""
_ISO: Final = (
    *("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.fZ", "%Y-%m-%d"),
    *("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%MZ", "%Y-%m-%d %H:%M:%S%.f UTC"),
    *("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f %#z"),
    *("%Y-%m-%dT%H:%M%#z", "%Y%m%dT%H%M%S", "%Y%m%dT%H%M%SZ"),
)
_DAY: Final = (
    *("%Y/%m/%d", "%Y.%m.%d", "%m/%d/%Y", "%m/%d/%y", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y"),
    *("%d.%m.%y", "%d-%m-%Y", "%m-%d-%Y", "%d-%b-%Y", "%d %b %Y", "%b %d, %Y", "%m %d, %Y"),
    *("%Y年%m月%d日",),
)
_HOUR: Final = (
    *("", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", ", %H:%M:%S", ", %H:%M"),
    *(", %I:%M:%S %p", ", %I:%M %p"),
)
_OTHER: Final = (
    *(day + hour for day in _DAY for hour in _HOUR),
    *("%a %b %d %H:%M:%S %z %Y", "%a, %d %b %Y %H:%M:%S %z", "%Y年%m月%d日 %H时%M分"),
)
"""Where several read equally many, the first is taken: with strokes the month before the day, with
dots and dashes the day before the month."""
_TRIED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments of a column.

    Attributes:
        seconds: UTC seconds, Int64, null where *missing*, *unparsable*, *early* or *late*.
        missing: Where nothing stands.
        unparsable: Where something stands that is no moment.
        early: Where a moment lies before 1970.
        late: Where a moment lies more than a year ahead.
        how: What the column was taken for, in words.
    """

    seconds: pl.Series
    missing: pl.Series
    unparsable: pl.Series
    early: pl.Series
    late: pl.Series
    how: str


def moments(series: pl.Series, *, now: float) -> Moments:
    """Understand *series* as moments.

    Args:
        series: Numbers, text or dates.
        now: UTC seconds.  What lies more than a year after it is no event, unless most rows
            do: then the clock is not believed, and the year 2100 is the limit.

    Example:
        >>> moments(pl.Series(["1970-01-02", "x"]), now=0).seconds.to_list()
        [86400, None]
        >>> moments(pl.Series([1_700_000_000_123]), now=1_700_000_000).seconds.to_list()
        [1700000000]
    """
    seconds, how = _seconds(series)
    unparsable = _unparsable(series, seconds)
    missing = seconds.is_null() & ~unparsable
    early = (seconds < 0).fill_null(value=False)
    limit = min(now + _YEAR, END_OF_TIME)
    late = (seconds > limit).fill_null(value=False)
    if 2 * int(late.sum()) > len(seconds) - seconds.null_count():
        late = (seconds > END_OF_TIME).fill_null(value=False)
    return Moments(seconds.set(early | late, None), missing, unparsable, early, late, how)


def _unparsable(series: pl.Series, seconds: pl.Series) -> pl.Series:
    if series.dtype == pl.String:
        return is_something(series, where=seconds.is_null())
    present = series.is_not_null()
    if series.dtype.is_float():
        present &= series.is_not_nan().fill_null(value=False)
    return seconds.is_null() & present


def _seconds(series: pl.Series) -> tuple[pl.Series, str]:
    """Return seconds, Int64, null where there is no moment, and what was read, in words."""
    dtype = series.dtype
    if isinstance(dtype, pl.Datetime) or dtype == pl.Date:
        return series.cast(pl.Datetime("us")).dt.epoch("s"), "dates"
    if dtype.is_numeric():
        return _from_numbers(numbers(series).values)
    if dtype not in {pl.String, pl.Categorical, pl.Enum}:
        return _nothing(len(series)), "no moments"
    texts = series.cast(pl.String)
    found = numbers(texts)
    numeric = len(found.values) - found.values.null_count()
    if numeric and numeric >= int(found.bad.sum()):
        return _from_numbers(found.values)
    return _from_texts(texts)


def _nothing(n: int) -> pl.Series:
    return pl.repeat(None, n, dtype=pl.Int64, eager=True)


def _from_numbers(values: pl.Series) -> tuple[pl.Series, str]:
    if values.is_between(*_DAYS).all() and values.null_count() < len(values):
        days = values.cast(pl.Int64).cast(pl.String).str.to_datetime("%Y%m%d", strict=False)
        if days.null_count() == values.null_count():
            return days.dt.epoch("s"), "dates as numbers"
    median = values.filter(values > 0).quantile(0.5, "lower")
    scale, how = 1e9, "nanoseconds"
    for limit, divisor, name in reversed(_UNITS):
        if not isinstance(median, float) or median < limit:
            scale, how = divisor, name
    return (values / scale).floor().cast(pl.Int64, strict=False), how


def _from_texts(texts: pl.Series) -> tuple[pl.Series, str]:
    trimmed = texts.str.strip_chars()
    seconds = _nothing(len(texts))
    read: list[str] = []
    for form in _ISO:
        seconds, more = _filled(seconds, trimmed, form)
        read += ["ISO 8601"] if more and not read else []
    rest = trimmed.filter(is_something(trimmed, where=seconds.is_null()))
    form = _best_form(rest)
    if form:
        seconds, _ = _filled(seconds, trimmed, form)
        read.append(form)
    return seconds, " and ".join(read) or "no moments"


def _filled(seconds: pl.Series, texts: pl.Series, form: str) -> tuple[pl.Series, bool]:
    """Fill in moments in *form* where *seconds* are null; tell whether there was one."""
    rows = (seconds.is_null() & texts.is_not_null()).arg_true()
    if not len(rows):
        return seconds, False
    found = _parsed(texts.gather(rows), form)
    return seconds.scatter(rows, found), found.null_count() < len(found)


def _parsed(texts: pl.Series, form: str) -> pl.Series:
    return texts.str.to_datetime(form, strict=False, time_unit="us").dt.epoch("s")


def _best_form(texts: pl.Series) -> str:
    """Return which of `_OTHER` reads most of *texts*; empty where none reads any."""
    distinct = texts.unique().sort()
    sample = distinct.gather_every(max(1, len(distinct) // _TRIED))
    counts = [_read(sample, form) for form in _OTHER]
    most = max(counts)
    return _OTHER[counts.index(most)] if most else ""


def _read(texts: pl.Series, form: str) -> int:
    """Count the *texts* that are moments in *form*; 24 is no year, and so says 2024 elsewhere."""
    return int((_parsed(texts, form) >= 0).sum())
