"""Clean events: typed, counted, in order, each with its weight and half-life.

Raw… ─▶ rows.typed ─▶ scale of ratings ─▶ bad rows out, by reason
     ─▶ order.in_order (duplicates merged) ─▶ suspects ─▶ weights ─▶ events
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from penchant.config import Settings
from penchant.data.codes import recoded, renumbered, union
from penchant.data.order import in_order
from penchant.data.report import FileReport
from penchant.data.rows import OFF_SCALE, REASONS, Rows, typed
from penchant.data.sources import Raw
from penchant.data.suspects import suspects
from penchant.data.weights import Scale, scale_of, strengths, zero_is_none
from penchant.errors import DataError
from penchant.types import DAY, Columns, Floats

__all__ = ["CleanEvents", "clean_events", "refuse_if_mostly_bad"]

_PURCHASES: Final = frozenset(
    ("purchase", "purchased", "buy", "bought", "order", "ordered", "transaction", "sale", "购买")
)
_RETURN: Final = "return"
_SPAN_PART: Final = 5
"""A half-life that nobody sets is this part of the data's span."""
_NOT_BAD: Final = frozenset({"empty line", "repeated header"})
"""Reasons that say nothing against a file, however often they occur."""


@dataclass(frozen=True, slots=True)
class CleanEvents:
    """Clean events of all files.

    Attributes:
        frame: Oldest first: ``user, item`` (Int32, rows of *users* and *items*), ``event,
            value, timestamp, text, dwell, weight, half_life, suspicious`` and the files' others.
        users: Ids in order of their first event.
        items: Ids in order of their first event.
        has_time: Whether timestamps are moments rather than row numbers.
        files: One report per file.
        suspicious: Accounts of implausible rates.
    """

    frame: pl.DataFrame
    users: list[str]
    items: list[str]
    has_time: bool
    files: tuple[FileReport, ...]
    suspicious: tuple[str, ...]


def clean_events(raws: Iterable[Raw], *, settings: Settings, now: float) -> CleanEvents:
    """Clean the events of *raws*.

    Args:
        raws: Files; each is let go before the next is asked for.
        settings: Weights and half-lives by kind.
        now: UTC seconds, to tell what lies in the future.

    Raises:
        DataError: If more than half of a file's rows are bad, or no row is left.
    """
    parts = _without_bad([typed(raw, now=now) for raw in raws])
    frame, users, items, kinds = _joined(parts)
    has_time = Columns.TIMESTAMP in frame.columns
    frame, kinds = _with_returns(frame, kinds, settings)
    order, repeats = in_order(frame.drop("file"), users=users, items=items, kinds=kinds)
    merged = np.bincount(frame["file"].to_numpy()[repeats], minlength=len(parts))
    frame = frame[order].drop("file")
    frame, users = renumbered(frame, "user", users)
    frame, items = renumbered(frame, "item", items)
    judged = suspects(frame, n_users=len(users))
    user = frame["user"].to_numpy()
    weight = strengths(frame, by_kind=_by_kind(kinds, settings)) * judged.share[user]
    if not has_time:
        frame = frame.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("timestamp"))
    moment = frame[Columns.TIMESTAMP].to_numpy()
    half_life = _half_lives(kinds, settings, span=float(moment[-1] - moment[0]) / DAY)
    kind = frame["kind"]
    frame = frame.with_columns(
        pl.Series(kinds, dtype=pl.String).gather(kind).alias(Columns.EVENT),
        pl.Series(Columns.WEIGHT, weight, dtype=pl.Float32),
        pl.Series("half_life", half_life[kind.to_numpy()], dtype=pl.Float32),
        pl.Series("suspicious", judged.flagged[user]),
    )
    return CleanEvents(
        frame=_arranged(frame),
        users=users,
        items=items,
        has_time=has_time,
        files=tuple(
            part.report(merged=int(n)) for part, n in zip(parts, merged.tolist(), strict=True)
        ),
        suspicious=tuple(users[row] for row in np.flatnonzero(judged.flagged)),
    )


def refuse_if_mostly_bad(report: FileReport, *, column: str) -> None:
    """Raise where more than half of a file's rows are bad, or none is good.

    Args:
        report: The file's.
        column: Its own name of the column that the most frequent reason is about.

    Raises:
        DataError: Naming file, column and a sample value.
    """
    bad = {r: n for r, n in report.dropped.items() if r not in _NOT_BAD}
    rows = report.read - sum(report.dropped.values()) + sum(bad.values())
    if rows and 2 * sum(bad.values()) <= rows:
        return
    if not bad:
        raise DataError(f"{report.file}: no data rows, only {report.read:,} empty ones")
    reason = max(bad, key=lambda name: bad[name])
    where = f", in column {column!r}" if column else ""
    raise DataError(
        f"{report.file}: {sum(bad.values()):,} of {rows:,} rows are bad, most often: {reason}"
        f"{where}, as in {report.samples.get(reason, '')}",
        hint="Check what the columns hold; --map tells which is which.",
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """The good rows of a file, and the story of the others."""

    frame: pl.DataFrame
    users: pl.Series
    items: pl.Series
    kinds: pl.Series
    told: FileReport

    def report(self, *, merged: int) -> FileReport:
        """Return the file's report, now that duplicates are known."""
        told = self.told
        return FileReport(
            file=told.file,
            role=told.role,
            how=told.how,
            read=told.read,
            kept=told.read - sum(told.dropped.values()) - merged,
            merged=merged,
            dropped=told.dropped,
            samples=told.samples,
            columns=told.columns,
            times=told.times,
        )


def _without_bad(files: list[Rows]) -> list[_Part]:
    """Take bad rows out and add ``signed``, the strengths of ratings on their scales."""
    files[:] = [_without_zeros(rows) for rows in files]
    scales = _scales(files)
    parts = []
    while files:
        rows = files.pop(0)
        scale = scales.get(_signature(rows.raw))
        reason = _marked_off_scale(rows, scale)
        parts.append(_good(rows, reason, scale))
    return parts


def _without_zeros(rows: Rows) -> Rows:
    """Take ratings of 0 away where they stand for none; their events stay."""
    value = rows.frame[Columns.VALUE]
    rated = rows.frame["rated"]
    if not zero_is_none(value.filter(rated).drop_nulls().to_numpy()):
        return rows
    none = (rated & (value == 0)).fill_null(value=False)
    frame = rows.frame.with_columns(value.set(none, None), (rated & ~none).alias("rated"))
    return replace(rows, frame=frame)


def _good(rows: Rows, reason: npt.NDArray[np.uint8], scale: Scale | None) -> _Part:
    told, column = _told(rows, reason)
    refuse_if_mostly_bad(told, column=column)
    frame = rows.frame if not reason.any() else rows.frame.filter(pl.Series(reason == 0))
    n = len(frame)
    signed = pl.repeat(None, n, dtype=pl.Float64, eager=True)
    rated = (frame["rated"] & frame[Columns.VALUE].is_not_null()).arg_true()
    if scale is not None and len(rated):
        strength = scale.signed(frame[Columns.VALUE].gather(rated).to_numpy())
        signed = signed.scatter(rated, strength)
    frame = frame.drop("rated").with_columns(signed.alias("signed"))
    return _Part(frame, rows.users, rows.items, rows.kinds, told)


def _told(rows: Rows, reason: npt.NDArray[np.uint8]) -> tuple[FileReport, str]:
    marked = rows.with_reason(reason)
    dropped = marked.dropped()
    report = FileReport(
        file=rows.raw.file,
        role="interactions",
        how=rows.raw.how,
        read=rows.raw.read,
        kept=rows.raw.read - sum(dropped.values()),
        dropped=dropped,
        samples=marked.samples(),
        columns=rows.raw.renamed,
        times=rows.times,
    )
    bad = {r: n for r, n in dropped.items() if r not in _NOT_BAD}
    return report, rows.column(max(bad, key=lambda name: bad[name])) if bad else ""


def _signature(raw: Raw) -> tuple[str, ...]:
    """Return what files of one export share: their columns; they share a scale too."""
    return tuple(sorted(raw.renamed.values()))


def _scales(files: Sequence[Rows]) -> dict[tuple[str, ...], Scale]:
    values: dict[tuple[str, ...], list[npt.NDArray[np.float64]]] = {}
    for rows in files:
        good = pl.Series(rows.reason == 0) & rows.frame["rated"]
        ratings = rows.frame[Columns.VALUE].filter(good).drop_nulls().to_numpy()
        values.setdefault(_signature(rows.raw), []).append(ratings)
    scales = {key: scale_of(np.concatenate(ratings)) for key, ratings in values.items()}
    return {key: scale for key, scale in scales.items() if scale is not None}


def _marked_off_scale(rows: Rows, scale: Scale | None) -> npt.NDArray[np.uint8]:
    if scale is None:
        return rows.reason
    value = rows.frame[Columns.VALUE]
    off = (rows.frame["rated"] & ~value.is_between(scale.low, scale.high)).fill_null(value=False)
    reason = rows.reason.copy()
    reason[off.to_numpy() & (reason == 0)] = REASONS.index(OFF_SCALE)
    return reason


def _joined(parts: list[_Part]) -> tuple[pl.DataFrame, list[str], list[str], list[str]]:
    """Return the rows of all files under common codes, with the number of the ``file``."""
    names = {
        "user": union([part.users for part in parts]),
        "item": union([part.items for part in parts]),
        "kind": union([part.kinds for part in parts]),
    }
    frames = []
    for number, part in enumerate(parts):
        own = {"user": part.users, "item": part.items, "kind": part.kinds}
        columns = [recoded(part.frame[key], own[key], names[key]) for key in own]
        of = pl.repeat(number, len(part.frame), dtype=pl.Int32, eager=True).alias("file")
        frames.append(part.frame.with_columns(*columns, of))
    timed = [Columns.TIMESTAMP in frame.columns for frame in frames]
    if any(timed) and not all(timed):
        file = parts[timed.index(False)].told.file
        raise DataError(
            f"{file}: no column 'timestamp', though other files have one",
            hint="Give it a time, or load it without the others.",
        )
    whole = frames[0] if len(frames) == 1 else pl.concat(frames, how="diagonal_relaxed")
    return whole, names["user"].to_list(), names["item"].to_list(), names["kind"].to_list()


def _with_returns(
    frame: pl.DataFrame, kinds: list[str], settings: Settings
) -> tuple[pl.DataFrame, list[str]]:
    """Make purchases of a negative quantity returns, which is what shops' exports mean by them."""
    bought = [code for code, kind in enumerate(kinds) if kind in _PURCHASES]
    value = frame[Columns.VALUE]
    back = (value < 0) & frame["signed"].is_null() & frame["kind"].is_in(bought)
    if settings.weight(_RETURN) >= 0 or not back.any():
        return frame, kinds
    kinds = kinds if _RETURN in kinds else [*kinds, _RETURN]
    code = pl.lit(kinds.index(_RETURN), dtype=pl.Int32)
    kind = pl.when(back.fill_null(value=False)).then(code).otherwise(pl.col("kind"))
    return frame.with_columns(kind.alias("kind")), kinds


def _by_kind(kinds: Sequence[str], settings: Settings) -> Floats:
    return np.array([settings.weight(kind) for kind in kinds], np.float32)


def _half_lives(kinds: Sequence[str], settings: Settings, *, span: float) -> Floats:
    default = settings.half_life or (span / _SPAN_PART if span > 0 else 1.0)
    return np.array([settings.half_lives.get(kind, default) for kind in kinds], np.float32)


def _arranged(frame: pl.DataFrame) -> pl.DataFrame:
    ours = ["user", "item", Columns.EVENT, Columns.VALUE, Columns.TIMESTAMP, Columns.TEXT]
    ours += [Columns.DWELL, Columns.WEIGHT, "half_life", "suspicious"]
    others = [n for n in frame.columns if n not in {*ours, "kind", "signed", "file"}]
    return frame.select(*ours, *others)
