"""What became of new interests that were tried: it moves which ones are tried next.

Of each item that stood in a list's places for new interests: how often it was shown, and how often
something that names the list spoke for it.  Lists of the last minutes are not counted: who saw
them has not answered yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from penchant.config import Settings
from penchant.engine.fitted import Fitted
from penchant.rank.explore_lane import TakeUp
from penchant.serve.outcomes import Outcome, outcomes
from penchant.serve.shares import share_of
from penchant.store.base import Ranking
from penchant.store.sql import Store
from penchant.types import DAY

__all__ = ["Tried", "tried"]

_DAYS: Final = 90
_MOST: Final = 50_000
"""Lists looked at, the latest ones."""

_RIPE: Final = 600
"""Seconds that a list has to be answered."""


@dataclass(frozen=True, slots=True)
class Tried:
    """Items that stood in places for new interests.

    Attributes:
        shown: How often each was shown, by id.
        taken: How often each was taken up from there, by id.
        shares: Of each share of places that was tried, how many lists, and of how many anything
            was taken up.
    """

    shown: Mapping[str, int] = field(default_factory=dict)
    taken: Mapping[str, int] = field(default_factory=dict)
    shares: Mapping[float, tuple[int, int]] = field(default_factory=dict)

    def take_up(self, fitted: Fitted) -> TakeUp | None:
        """Return the same by the interests that a model's items touch; None: nothing was shown."""
        if not self.shown:
            return None
        explorer = fitted.explorer
        rows = fitted.items.rows(self.shown)
        known = rows >= 0
        leaf = explorer.touch[rows[known]]
        counts = [
            np.bincount(
                leaf,
                np.array([of.get(item, 0) for item in self.shown])[known],
                minlength=explorer.n_interests,
            ).astype(np.int64)
            for of in (self.shown, self.taken)
        ]
        return TakeUp(counts[0], counts[1])


def tried(store: Store, *, settings: Settings, now: float) -> Tried:
    """Return what became of the items that lists tried lately."""
    since = int(now) - _DAYS * DAY
    shown: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    lists = store.rankings.since(since, most=_MOST, tried=True)  # of the others there are too many
    ripe = [one for one in lists if one.at <= now - _RIPE]
    stood = [
        (ranking.ranking_id, item)
        for ranking in ripe
        for item, lane, _ in ranking.items
        if lane == "explore"
    ]
    of_share = [(one, share) for one in ripe if (share := share_of(one.arm)) is not None]
    if not stood and not of_share:
        return Tried()
    answered = outcomes(store.events.answers(since), settings)
    for ranking_id, item in stood:
        shown[item] += 1
        one = answered.get((ranking_id, item))
        taken[item] += one is not None and one.taken
    return Tried(dict(shown), dict(taken), _of_shares(of_share, answered))


def _of_shares(
    lists: Sequence[tuple[Ranking, float]], answered: Mapping[tuple[str, str], Outcome]
) -> dict[float, tuple[int, int]]:
    """Return of each share how many *lists* there were, and of how many anything was taken up."""
    good = {ranking_id for (ranking_id, _), one in answered.items() if one.taken}
    counts: Counter[float] = Counter(share for _, share in lists)
    taken = Counter(share for one, share in lists if one.ranking_id in good)
    return {share: (count, taken[share]) for share, count in counts.items()}
