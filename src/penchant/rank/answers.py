"""Who is asked for, what may be listed, and how scores become rows of a table.

known users     their rows' histories
--events        a history made of (kind, item) or (kind, item, moment)
nobody          one empty history, answered from wishes or from what is popular
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import polars as pl

from penchant.config import Settings
from penchant.data.dataset import Histories
from penchant.errors import DataError, UsageError
from penchant.rank.calibration import Shares
from penchant.rank.rerank import diversify
from penchant.rank.rules import Room, Ruled
from penchant.recommend.lines import Mask
from penchant.types import Columns, Floats, Rows, Vocabulary

__all__ = [
    "QUERY",
    "Ask",
    "Given",
    "List",
    "among",
    "ask_events",
    "ask_users",
    "listable",
    "listed",
]

QUERY: Final = "query"
"""The ``user_id`` of a list that is for no user of the data."""

Given: TypeAlias = tuple[str, str] | tuple[str, str, int]
"""An event of a request: kind, item id and, where known, the moment in UTC seconds."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Who is asked for.

    Attributes:
        names: One ``user_id`` per history.
        histories: What each did; empty for somebody unknown.
    """

    names: tuple[str, ...]
    histories: Histories

    def batches(self, size: int = 128) -> Iterator[Ask]:
        """Yield parts of at most *size* histories, in order."""
        for start in range(0, len(self.names), size):
            rows = np.arange(start, min(start + size, len(self.names)))
            yield Ask(self.names[start : start + size], self.histories.take(rows))


@dataclass(frozen=True, slots=True)
class List:
    """One list.

    Attributes:
        items: Rows of the catalogue, best first, ``(n,)``.
        scores: Of the items, ``(n,)``.
    """

    items: Rows
    scores: Floats


def ask_users(names: Iterable[str], users: Vocabulary, everybody: Histories) -> Ask:
    """Ask for users by id, each once, in the order given; an unknown one has no history."""
    names = tuple(dict.fromkeys(names))
    if not names:
        raise UsageError("no user is asked for", hint="Name at least one user id.")
    return Ask(names, everybody.take(users.rows(names)))


def ask_events(
    events: Sequence[Given], items: Vocabulary, *, settings: Settings, now: int, half_life: float
) -> Ask:
    """Ask for somebody who is known by these events alone.

    Args:
        events: What was done, oldest first; items that the catalogue lacks are passed over.
        items: The catalogue.
        settings: Holds the strength of each kind of event.
        now: The moment of events that have none of their own.
        half_life: Days after which an event counts half, where settings do not say.

    Raises:
        DataError: If there are events, but none is about an item of the catalogue.
    """
    rows = items.rows(event[1] for event in events)
    if len(events) and (rows < 0).all():
        raise DataError(
            f"none of the {len(events)} events is about a known item, such as {events[0][1]!r}"
        )
    known = [event for event, row in zip(events, rows, strict=True) if row >= 0]
    moments = np.array([e[2] if len(e) > 2 else now for e in known], np.int64)  # noqa: PLR2004  with a moment
    order = np.argsort(moments, kind="stable")
    kinds = [known[position][0] for position in order]
    lives = [settings.half_lives.get(kind, settings.half_life or half_life) for kind in kinds]
    history = Histories(
        indptr=np.array([0, len(known)]),
        item=rows[rows >= 0][order],
        weight=np.array([settings.weight(kind) for kind in kinds], np.float32),
        timestamp=moments[order],
        half_life=np.array(lives, np.float32),
        now=max(now, int(moments.max(initial=now))),
        n_items=len(items),
        kind=np.arange(len(kinds), dtype=np.int32),
        kinds=tuple(kinds),
    )
    return Ask((QUERY,), history)


def listable(table: pl.DataFrame) -> Mask:
    """Return which items of *table* may be listed, ``(n_items,)``: all but unavailable ones."""
    if Columns.AVAILABLE not in table.columns:
        return np.ones(len(table), np.bool_)
    return table[Columns.AVAILABLE].fill_null(value=True).to_numpy().copy()


def among(items: Vocabulary, candidates: Sequence[str]) -> Mask:
    """Return which *items* are *candidates*, ``(n_items,)``.

    Args:
        items: The catalogue.
        candidates: Ids to choose from.

    Raises:
        DataError: If no candidate is in the catalogue.
    """
    rows = items.rows(candidates)
    if (rows < 0).all():
        raise DataError(
            f"none of the {len(rows)} candidates is a known item"
            + (f", such as {candidates[0]!r}" if len(candidates) else "")
        )
    chosen = np.zeros(len(items), np.bool_)
    chosen[rows[rows >= 0]] = True
    return chosen


def listed(
    pool: Rows,
    scores: Floats,
    *,
    k: int,
    look: Callable[[Rows], Floats],
    diversity: float = 0.0,
    ruled: Ruled | None = None,
    pinned: int = 0,
    shares: Callable[[Rows], Shares] | None = None,
) -> List:
    """Return the list that a *pool* makes.

    Args:
        pool: Rows of items, the pinned ones first, the others best first, ``(n,)``.
        scores: Of the pool, ``(n,)``.
        k: Length; shorter where the pool is, or what caps leave of it.
        look: Returns what items are compared by, `penchant.rank.rerank.looks`, ``(n, dim)``.
        diversity: In [0, 1].
        ruled: Holds the caps; None: none.
        pinned: Items that stand first.
        shares: Returns what calibration costs, given the pool; None: nothing.
    """
    caps = ruled.caps if ruled is not None else {}
    if diversity == 0 and not caps and shares is None:
        return List(pool[:k], scores[:k])
    room = Room([()] * len(pool), caps={}) if ruled is None else ruled.room(pool)
    vectors = look(pool) if diversity else np.zeros((len(pool), 0), np.float32)
    costs = None if shares is None else shares(pool)
    kept = diversify(
        scores, vectors, k=k, diversity=diversity, room=room, pinned=pinned, shares=costs
    )
    return List(pool[kept], scores[kept])
