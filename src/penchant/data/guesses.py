"""Columns of events that no known name tells, told by what stands in them.

moments   a column named after a moment (``played_at``, ``date_added``) whose values are moments
kinds     a column such as ``type`` or ``status`` whose values are kinds of events that are known
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import polars as pl

from penchant.config import EVENT_WEIGHTS
from penchant.data.moments import moments
from penchant.data.names import plain
from penchant.types import Columns

__all__ = ["guessed"]

_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_MOMENT: Final = frozenset({"at", "on", "date", "time", "timestamp", "datetime"})
_ABOUT_ITEMS: Final = frozenset({"birth", "born", "release", "released", "publish", "published"})
"""What moments of people and items are called, which are none of the event."""
_KIND: Final = frozenset({"type", "status", "verb", "reaction", "feedback", "类别", "状态"})
_LOOKED_AT: Final = 2000
_MOST: Final = 0.95
_HALF: Final = 0.5


def guessed(frame: pl.DataFrame, found: Mapping[str, str], *, now: float) -> dict[str, str]:
    """Return *found* with what else the columns of *frame*, events, can be seen to be.

    Args:
        frame: The file, under its own names.
        found: Canonical name → column name.
        now: UTC seconds.

    Example:
        >>> frame = pl.DataFrame({"u": ["a"], "i": ["b"], "played_at": ["2024-01-31 10:00"]})
        >>> guessed(frame, {"user_id": "u", "item_id": "i"}, now=1.75e9)["timestamp"]
        'played_at'
    """
    free = [name for name in frame.columns if name not in found.values()]
    names = dict(found)
    if Columns.TIMESTAMP not in found:
        dated = [name for name in free if _is_named_after_a_moment(name)]
        moment = next((name for name in dated if _holds_moments(frame[name], now=now)), None)
        names |= {Columns.TIMESTAMP: moment} if moment else {}
    if Columns.EVENT not in found:
        typed = [name for name in free if plain(name) in _KIND]
        kind = next((name for name in typed if _holds_kinds(frame[name])), None)
        names |= {Columns.EVENT: kind} if kind else {}
    return names


def _is_named_after_a_moment(name: str) -> bool:
    words = [word.lower() for word in _WORD.findall(name)]
    ends = {words[0], words[-1]} if words else set()
    return bool(ends & _MOMENT) and not set(words) & _ABOUT_ITEMS


def _holds_moments(series: pl.Series, *, now: float) -> bool:
    """Tell whether nearly all of *series* are moments of the past."""
    seen = series.gather_every(max(1, len(series) // _LOOKED_AT))
    if seen.dtype.is_nested() or seen.dtype == pl.Boolean or not len(seen):
        return False
    year = 365 * 86_400
    return (moments(seen, now=now).seconds > year).sum() >= _MOST * len(seen)


def _holds_kinds(series: pl.Series) -> bool:
    """Tell whether at least half of *series* are kinds of events that have a weight."""
    if series.dtype not in {pl.String, pl.Categorical, pl.Enum}:
        return False
    seen = series.gather_every(max(1, len(series) // _LOOKED_AT)).cast(pl.String)
    words = seen.str.strip_chars().str.to_lowercase()
    return words.is_in(list(EVENT_WEIGHTS)).sum() >= max(1, _HALF * len(seen))
