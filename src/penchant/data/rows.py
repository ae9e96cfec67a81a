"""Rows of one file of events, typed: ids as codes, one reason per bad row.

Raw ─▶ Rows   frame    user, item, kind (codes) · rating · value · timestamp · text · dwell · …
              reason   0 for a good row, else a number of `REASONS`
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from penchant.data.codes import Codes, coded_ids, coded_kinds
from penchant.data.columns import ACTIVITY
from penchant.data.moments import moments
from penchant.data.names import RATING, plain
from penchant.data.sources import Raw
from penchant.data.texts import clean_texts
from penchant.data.values import numbers
from penchant.types import Columns

__all__ = ["OFF_SCALE", "RATING_KINDS", "REASONS", "Rows", "typed"]

RATING_KINDS: Final = frozenset({"rating", "rate", "rated", "review", "reviewed", "评分", "评价"})
"""Kinds whose ``value`` is on a scale of ratings."""

OFF_SCALE: Final = "rating off the scale"
REASONS: Final = (
    "",
    "empty line",
    "repeated header",
    "no user id",
    "no item id",
    "no timestamp",
    "unparsable timestamp",
    "timestamp before 1970",
    "timestamp in the far future",
    "unparsable rating",
    "unparsable value",
    OFF_SCALE,
)
"""Why a row is bad; the first that fits is the row's."""

_SOURCE: Final = {
    "no user id": Columns.USER,
    "no item id": Columns.ITEM,
    "no timestamp": Columns.TIMESTAMP,
    "unparsable timestamp": Columns.TIMESTAMP,
    "timestamp before 1970": Columns.TIMESTAMP,
    "timestamp in the far future": Columns.TIMESTAMP,
    "unparsable rating": RATING,
    "unparsable value": Columns.VALUE,
    OFF_SCALE: RATING,
}
"""The column whose value is to blame."""

_USED: Final = frozenset(
    (Columns.USER, Columns.ITEM, Columns.EVENT, RATING, Columns.VALUE, Columns.TIMESTAMP)
) | {Columns.TEXT, Columns.DWELL}

_Marks: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one file, good and bad.

    Attributes:
        raw: Where they come from.
        frame: ``user, item, kind`` (Int32 codes), ``rated`` (Boolean: *value* is a rating),
            ``value`` (Float64), ``timestamp`` (Int64, only with *has_time*), ``text``, ``dwell``
            and the file's other columns.
        users: Ids behind ``user``.
        items: Ids behind ``item``.
        kinds: Kinds behind ``kind``.
        reason: Position in `REASONS` of what is wrong with each row, ``(n,)``; 0: nothing.
        has_time: Whether the file has moments.
        times: What the moments were taken for.
    """

    raw: Raw
    frame: pl.DataFrame
    users: pl.Series
    items: pl.Series
    kinds: pl.Series
    reason: npt.NDArray[np.uint8]
    has_time: bool
    times: str

    def with_reason(self, reason: npt.NDArray[np.uint8]) -> Rows:
        """Return the same rows with other *reason*."""
        return replace(self, reason=reason)

    def dropped(self) -> dict[str, int]:
        """Return bad rows by reason, unreadable lines included, in order of `REASONS`."""
        counts = np.bincount(self.reason, minlength=len(REASONS))
        found = {REASONS[i]: int(counts[i]) for i in range(1, len(REASONS)) if counts[i]}
        return {**self.raw.unreadable, **found}

    def samples(self) -> dict[str, str]:
        """Return the first value that led to each reason."""
        found = dict(self.raw.samples)
        for number in np.unique(self.reason[self.reason > 0]):
            row = int(np.argmax(self.reason == number))
            found[REASONS[number]] = self._sample(REASONS[number], row)
        return found

    def column(self, reason: str) -> str:
        """Return the file's own name of the column that *reason* is about; empty for none."""
        key = _SOURCE.get(reason, "")
        if key == RATING and RATING not in self.raw.renamed:
            key = Columns.VALUE
        return self.raw.renamed.get(key, "")

    def _sample(self, reason: str, row: int) -> str:
        own = {name: key for key, name in self.raw.renamed.items()}
        column = own.get(self.column(reason), "")
        if column in self.raw.frame.columns:
            return repr(str(self.raw.frame[column][row])[:40])
        return ", ".join(str(value)[:20] for value in self.raw.frame.row(row)[:6])


def typed(raw: Raw, *, now: float) -> Rows:
    """Understand the rows of *raw*.

    Args:
        raw: A file of events; without a ``user_id`` column all rows are one visitor's.
        now: UTC seconds, to tell what lies in the future.

    Raises:
        DataError: If a column of ids holds lists or objects.
    """
    frame = raw.frame
    n = len(frame)
    if Columns.USER not in frame:
        frame = frame.with_columns(pl.lit("visitor").alias(Columns.USER))
    users = coded_ids(frame[Columns.USER], file=raw.file, column=Columns.USER)
    items = coded_ids(frame[Columns.ITEM], file=raw.file, column=Columns.ITEM)
    kinds, value, rated, bad_value = _kinds_and_values(raw)
    marks: dict[str, _Marks] = {
        "empty line": _empty(frame, users, items),
        "repeated header": _headers(raw, users, items),
        "no user id": users.rows.is_null().to_numpy(),
        "no item id": items.rows.is_null().to_numpy(),
        "unparsable rating": (bad_value & rated).to_numpy(),
        "unparsable value": (bad_value & ~rated).to_numpy(),
    }
    columns = [
        users.rows.alias("user"),
        items.rows.alias("item"),
        kinds.rows.alias("kind"),
        rated.alias("rated"),
        value.alias(Columns.VALUE),
    ]
    times = ""
    has_time = Columns.TIMESTAMP in frame and frame[Columns.TIMESTAMP].null_count() < n
    if has_time:
        found = moments(frame[Columns.TIMESTAMP], now=now)
        marks["no timestamp"] = found.missing.to_numpy()
        marks["unparsable timestamp"] = found.unparsable.to_numpy()
        marks["timestamp before 1970"] = found.early.to_numpy()
        marks["timestamp in the far future"] = found.late.to_numpy()
        columns.append(found.seconds.alias(Columns.TIMESTAMP))
        times = found.how
    columns += _text_and_dwell(frame)
    others = [frame[name] for name in frame.columns if name not in _USED]
    reason = np.zeros(n, np.uint8)
    for number in range(len(REASONS) - 1, 0, -1):
        if REASONS[number] in marks:
            reason[marks[REASONS[number]]] = number
    return Rows(
        raw=raw,
        frame=pl.DataFrame([*columns, *others]),
        users=users.names,
        items=items.names,
        kinds=kinds.names,
        reason=reason,
        has_time=has_time,
        times=times,
    )


def _kinds_and_values(raw: Raw) -> tuple[Codes, pl.Series, pl.Series, pl.Series]:
    """Return kinds, values, whether a value is a rating, and where a value is no number."""
    frame = raw.frame
    n = len(frame)
    event = frame.get_column(Columns.EVENT, default=None)
    rates = RATING in raw.renamed
    source = frame.get_column(RATING if rates else Columns.VALUE, default=None)
    if event is not None and source is None and _is_strength(raw, event):
        event, source = None, event
    kinds = coded_kinds(event, n)
    nothing = pl.repeat(value=False, n=n, dtype=pl.Boolean, eager=True)
    if source is None:
        return kinds, pl.repeat(None, n, dtype=pl.Float64, eager=True), nothing, nothing
    found = numbers(source)
    if rates:
        rated = found.values.is_not_null() | found.bad
    else:
        rating_kinds = kinds.names.is_in(list(RATING_KINDS)).arg_true().cast(pl.Int32)
        rated = kinds.rows.is_in(rating_kinds.implode())
    return kinds, found.values, rated, found.bad


def _is_strength(raw: Raw, event: pl.Series) -> bool:
    """Tell whether a column called ``activity`` holds numbers rather than kinds."""
    if plain(raw.renamed[Columns.EVENT]) != ACTIVITY:
        return False
    found = numbers(event)
    known = len(event) - found.values.null_count()
    return known > 0 and known >= int(found.bad.sum())


def _empty(frame: pl.DataFrame, users: Codes, items: Codes) -> _Marks:
    """Tell which rows have nothing in any column."""
    empty = (users.rows.is_null() & items.rows.is_null()).to_numpy().copy()
    rows = np.flatnonzero(empty)
    if len(rows):
        given = frame[rows].select(pl.all_horizontal(pl.all().is_null())).to_series()
        empty[rows] = given.to_numpy()
    return empty


def _headers(raw: Raw, users: Codes, items: Codes) -> _Marks:
    """Tell which rows repeat the header, as where files were strung together."""
    marks = np.zeros(len(raw.frame), bool)
    if Columns.USER not in raw.renamed:
        return marks
    user = users.names.index_of(raw.renamed[Columns.USER]) if len(users.names) else None
    item = items.names.index_of(raw.renamed[Columns.ITEM]) if len(items.names) else None
    if user is None or item is None:
        return marks
    return ((users.rows == user) & (items.rows == item)).fill_null(value=False).to_numpy()


def _text_and_dwell(frame: pl.DataFrame) -> list[pl.Series]:
    n = len(frame)
    text = pl.repeat(None, n, dtype=pl.String, eager=True)
    if Columns.TEXT in frame and frame[Columns.TEXT].null_count() < n:
        given = frame[Columns.TEXT]
        if given.dtype.is_nested():
            given = pl.Series([str(value) for value in given.to_list()], dtype=pl.String)
        text = clean_texts(given.cast(pl.String, strict=False))
    dwell = pl.repeat(None, n, dtype=pl.Float64, eager=True)
    if Columns.DWELL in frame:
        dwell = numbers(frame[Columns.DWELL]).values
        dwell = dwell.set((dwell < 0).fill_null(value=False), None)
    return [text.alias(Columns.TEXT), dwell.alias(Columns.DWELL)]
