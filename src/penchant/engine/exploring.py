"""Proposed interests as a table, and their items in the places that a list keeps for them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import polars as pl

from penchant.data.dataset import Histories
from penchant.engine.fitted import Fitted
from penchant.rank.answers import Ask, List
from penchant.rank.explore_lane import DRAWN, TakeUp, choose_items, draw, make_room, places
from penchant.rank.phrases import Tongue, joined, phrase, shown
from penchant.rank.rules import Ruled
from penchant.recommend.lines import Mask
from penchant.types import Columns, Floats, Rows, top_k

__all__ = ["Lane", "explore_rows", "keep_places", "tried_because"]

_SCHEMA: Final[dict[str, Any]] = {
    Columns.USER: pl.String,
    Columns.INTEREST: pl.String,
    Columns.NAME: pl.String,
    Columns.RANK: pl.Int64,
    Columns.SCORE: pl.Float64,
    "because": pl.List(pl.String),
}
_BATCH: Final = 512
_DEPTH: Final = 50
"""Items of the drawn interests that the recommender ranks for each place."""

_NAMED: Final = 2
"""Interests that a reason names beside the new one."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A list of which some places are kept for new interests.

    Attributes:
        found: The whole list, those places at its end.
        interests: New interest of each item in them, by row of the catalogue.
    """

    found: List
    interests: dict[int, int] = field(default_factory=dict)


def explore_rows(
    fitted: Fitted, users: Sequence[str], histories: Histories, *, m: int
) -> pl.DataFrame:
    """Return the *m* interests that each of *users* may take up next, the likeliest first.

    Args:
        fitted: The model.
        users: Ids.
        histories: What each of them did.
        m: At most so many a user, ≥ 1.
    """
    ids, names = fitted.taxonomy.leaf_ids, fitted.taxonomy.leaf_names
    explorer = fitted.explorer
    rows: list[tuple[Any, ...]] = []
    for start in range(0, len(users), _BATCH):
        past = explorer.past(histories.take(np.arange(start, min(start + _BATCH, len(users)))))
        scores = np.where(past.novel, explorer.score(past), -np.inf)
        chances = explorer.chances(past)
        for at, user in enumerate(users[start : start + _BATCH]):
            best = top_k(scores[at], m)
            causes = explorer.causes(past, at, best)
            rows += [
                (user, ids[j], names[j], rank, float(chances[at, j]), [ids[c] for c in because])
                for rank, (j, because) in enumerate(zip(best, causes, strict=True), 1)
            ]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def keep_places(
    fitted: Fitted,
    ask: Ask,
    found: List,
    *,
    share: float,
    k: int,
    may: Mask,
    ranked: Callable[[Histories, Mask, int], tuple[Rows, Floats]],
    ruled: Ruled,
    take_up: TakeUp | None = None,
) -> Lane:
    """Return *found* with a *share* of its places given to items of interests new to its user.

    The same seed, user, history and take-up draw the same interests.

    Args:
        fitted: The model.
        ask: Whom the list is for: one user.
        found: The list without such places.
        share: Of the *k* places, in [0, 1].
        k: Length that was asked for.
        may: What may be listed, ``(n_items,)``.
        ranked: Ranks what may be listed for a history, to a depth.
        ruled: Pins of it keep their places, and its caps hold.
        take_up: What was shown and taken in the lane so far; None: nothing.
    """
    pinned = int(np.isin(found.items, ruled.pins).sum())
    count = min(places(k, share), k - pinned)
    if not count:
        return Lane(found)
    explorer = fitted.explorer
    past = explorer.past(ask.histories)
    rng = np.random.default_rng([fitted.settings.seed, zlib.crc32(ask.names[0].encode())])
    drawn = draw(
        explorer.chances(past)[0],
        count=DRAWN * count,
        take_up=take_up or TakeUp.nothing(explorer.n_interests),
        rng=rng,
    )
    free = may & np.isin(explorer.touch, drawn)
    free[found.items] = False
    if not free.any():
        return Lane(found)
    items, scores = ranked(ask.histories, free, _DEPTH * count)
    room = ruled.room(items, beside=found.items) if ruled.caps else None
    chosen = choose_items(items, explorer.touch, count=count, room=room)
    surplus = max(0, len(found.items) + len(chosen) - k)
    known = ~past.novel[0][explorer.touch[found.items]]
    kept = make_room(known, count=surplus, pinned=pinned)
    whole = List(
        np.concatenate([found.items[kept], items[chosen]]),
        np.concatenate([found.scores[kept], scores[chosen]]),
    )
    touched = explorer.touch[items[chosen]].tolist()
    return Lane(whole, dict(zip(items[chosen].tolist(), touched, strict=True)))


def tried_because(
    fitted: Fitted, history: Histories, interest: int, tongue: Tongue
) -> tuple[str, tuple[int, ...]]:
    """Return why an *interest* is tried, as a sentence, and the known ones that speak for it."""
    past = fitted.explorer.past(history)
    (because,) = fitted.explorer.causes(past, 0, np.array([interest]))
    names = [shown(name).lower() for name in fitted.taxonomy.leaf_names]
    if not because:
        return phrase("untried", tongue, interest=names[interest]), ()
    known = joined([names[at] for at in because[:_NAMED]], tongue)
    return phrase("try", tongue, interest=names[interest], known=known), tuple(because)
