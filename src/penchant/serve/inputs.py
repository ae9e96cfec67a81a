"""What commands read besides data sets: lists of ids, a visitor's history, names of columns."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import polars as pl

from penchant.data.moments import moments
from penchant.data.names import RATING
from penchant.data.sources import read_ids, read_interactions
from penchant.data.values import clean_ids, numbers
from penchant.errors import DataError, UsageError
from penchant.rank.rules import Rules
from penchant.types import Columns

__all__ = ["Happened", "asked_users", "parse_mapping", "parse_rules", "read_history"]

Happened: TypeAlias = tuple[str, str] | tuple[str, str, int]
"""Kind of event, item id and, where the file has moments, UTC seconds."""

_DEFAULT: Final = "interaction"
_BETWEEN: Final = "COLUMN=LOW..HIGH"
_STARS: Final = 5.0


def parse_mapping(pairs: Sequence[str]) -> dict[str, str]:
    """Return ``{"user_id": "member"}`` for ``["user_id=member"]``.

    Raises:
        UsageError: If a pair is not of the form A=B, or names one of our columns twice.
    """
    mapping: dict[str, str] = {}
    for pair in pairs:
        ours, sign, theirs = pair.partition("=")
        if not (sign and ours and theirs):
            raise UsageError(
                f"--map {pair!r} is not of the form OURS=YOURS",
                hint="Name our column first: --map user_id=member.",
            )
        if mapping.setdefault(ours, theirs) != theirs:
            raise UsageError(f"--map names {ours!r} twice: {mapping[ours]!r} and {theirs!r}")
    return mapping


def parse_rules(
    *,
    where: Sequence[str] | None = None,
    between: Sequence[str] | None = None,
    pins: Sequence[str] | None = None,
    bans: Sequence[str] | None = None,
    caps: Sequence[str] | None = None,
) -> Rules:
    """Return the rules that options state: ``brand=acme``, ``price=5..20``, ``brand=2``.

    Raises:
        UsageError: If one is not of its form, or contradicts another.
    """
    values: dict[str, list[str]] = {}
    for text in where or ():
        column, value = _pair(text, "--where", "COLUMN=VALUE")
        values.setdefault(column, []).append(value)
    bounds, most = dict[str, tuple[float | None, float | None]](), dict[str, int]()
    for text in between or ():
        column, said = _pair(text, "--between", _BETWEEN)
        low, dots, high = said.partition("..")
        if not dots or low == high == "":
            raise UsageError(f"--between {text!r} is not of the form {_BETWEEN}")
        bounds[column] = (_number(low, text), _number(high, text))
    for text in caps or ():
        column, count = _pair(text, "--cap", "COLUMN=N")
        if not count.isdecimal():
            raise UsageError(f"--cap {text!r} is not of the form COLUMN=N")
        most[column] = int(count)
    return Rules(where=values, between=bounds, pins=pins or (), bans=bans or (), caps=most)


def _pair(text: str, flag: str, form: str) -> tuple[str, str]:
    column, sign, said = text.partition("=")
    if not (sign and column and said):
        raise UsageError(f"{flag} {text!r} is not of the form {form}")
    return column, said


def _number(text: str, whole: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        raise UsageError(f"--between {whole!r}: {text!r} is not a number") from None


def asked_users(ids: Sequence[str] | None, file: Path | None) -> list[str]:
    """Return the users that ``--user`` and ``--users`` name, each once, in that order.

    Raises:
        DataError: If *file* cannot be read.
    """
    named = list(ids or [])
    if file is not None:
        named += read_ids(file, column=Columns.USER)
    return list(dict.fromkeys(named))


def read_history(
    path: Path, *, mapping: Mapping[str, str] | None = None
) -> dict[str, list[Happened]]:
    """Return what happened, oldest first, by user; the user is ``""`` where the file names none.

    Args:
        path: Events in any format that interactions may have; ``user_id`` may be missing.
        mapping: Our names of columns → the file's.

    Raises:
        DataError: If the file cannot be read or has no event with an item.
    """
    (raw,) = read_interactions(path, mapping=mapping, optional=(Columns.USER,))
    frame = raw.frame
    events = pl.DataFrame(
        {
            Columns.USER: _ids(frame, Columns.USER, raw.file),
            Columns.EVENT: _kinds(frame),
            Columns.ITEM: _ids(frame, Columns.ITEM, raw.file),
        }
    )
    if Columns.TIMESTAMP in frame.columns:
        moment = moments(frame[Columns.TIMESTAMP], now=time.time()).seconds
        events = events.with_columns(moment.alias(Columns.TIMESTAMP)).sort(
            Columns.TIMESTAMP, maintain_order=True
        )
    history: dict[str, list[Happened]] = {}
    for user, *event in events.drop_nulls().iter_rows():
        history.setdefault(user, []).append(tuple(event))
    if not history:
        raise DataError(f"{raw.file}: no event with an item id")
    return history


def _ids(frame: pl.DataFrame, column: str, file: str) -> pl.Series:
    if column not in frame.columns:
        return pl.repeat("", len(frame), dtype=pl.String, eager=True)
    return clean_ids(frame[column], file=file, column=column)


def _kinds(frame: pl.DataFrame) -> pl.Series:
    """Return kinds of events; a rating in the lower half of its scale is a dislike."""
    if Columns.EVENT in frame.columns:
        kinds = frame[Columns.EVENT].cast(pl.String).str.strip_chars().str.to_lowercase()
        return kinds.replace("", None).fill_null(_DEFAULT)
    if RATING not in frame.columns:
        return pl.repeat(_DEFAULT, len(frame), dtype=pl.String, eager=True)
    rating = numbers(frame[RATING]).values
    low = rating <= _STARS / 2
    return pl.select(
        pl.when(low).then(pl.lit("dislike")).otherwise(pl.lit("rating")).alias(Columns.EVENT)
    ).to_series()
