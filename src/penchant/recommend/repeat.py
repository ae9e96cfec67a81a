"""What somebody takes again: the things they took often and lately, of a kind that people rebuy.

n_ui    Σ over u's positive events with i of 2^(−age / half_life)
r_i     (users who took i twice + 2) / (users who took i + 10)         its repeat rate
f_i     log(1 + Σ over all positive events with i of 2^(−age / (half_life / 3)))   how fresh it is
score   log(1 + n_ui) · √r_i                                           0 for what u never took
"""

from __future__ import annotations

from typing import ClassVar, Final, Self

import numpy as np

from penchant.data.dataset import Dataset, Histories
from penchant.recommend.base import State
from penchant.recommend.lines import Line, Somewhere
from penchant.recommend.views import by_item, favoured, share_out
from penchant.types import Floats, Matrix, Rows

__all__ = ["BRIEF", "Repeat"]

BRIEF: Final = 3.0
"""What is taken now has a half-life this many times shorter."""

_TWICE: Final = 2.0
_BUYERS: Final = 10.0
"""Of an item that nobody took, a fifth of those who take it would do so again: a prior."""


class Repeat:
    """Scores what somebody took before by how often and lately, and how often others did again.

    Args:
        half_life: Share of the data's span after which an event counts half, > 0.

    Attributes:
        rate_: r, ``(n_items,)``, in (0, 1).
        fresh_: f, ``(n_items,)``, ≥ 0.
        days_: The half-life in days.
    """

    name: ClassVar[str] = "repeat"

    def __init__(self, *, half_life: float = 0.15) -> None:
        self.half_life = half_life
        self.days_ = 1.0
        self.rate_: Floats = np.empty(0, np.float32)
        self.fresh_: Floats = np.empty(0, np.float32)

    def fit(self, data: Dataset) -> Self:
        """Learn which items are taken again, and which are taken now."""
        self.days_ = max(self.half_life * data.span, 1e-6)
        positive = favoured(data.all_histories)
        times = by_item(positive, np.ones(len(positive.item), np.float32))
        buyers = np.bincount(times.indices, minlength=data.n_items)
        twice = np.bincount(times.indices[times.data > 1], minlength=data.n_items)
        self.rate_ = ((twice + _TWICE) / (buyers + _BUYERS)).astype(np.float32)
        freshness = np.exp2(-positive.ages() / (self.days_ / BRIEF))
        lately = np.bincount(positive.item, weights=freshness, minlength=data.n_items)
        self.fresh_ = np.log1p(lately).astype(np.float32)
        return self

    def score(self, histories: Histories) -> Floats:
        """Return log(1 + n) √r, ``(len(histories), n_items)``, ≥ 0."""
        scores: Floats = self._scores(histories).toarray()
        return scores

    def line(self, history: Histories) -> Line:
        """Return the scores of one history."""
        scores = self._scores(history)
        return Somewhere(scores.indices, scores.data, history.n_items)

    def contributions(self, history: Histories, items: Rows) -> Floats:
        """Return the score of an item for the events with it, ``(len(items), n)``."""
        scores = self._scores(history).toarray()[0]
        same = items[:, None] == history.item[None, :]
        return share_out(history, history, np.where(same, scores[history.item], 0))

    def state(self) -> State:
        """Return the learned arrays."""
        return {"rate": self.rate_, "fresh": self.fresh_, "days": np.array(self.days_)}

    def restore(self, state: State) -> Self:
        """Take over arrays that `state` returned."""
        self.rate_, self.fresh_ = state["rate"], state["fresh"]
        self.days_ = float(state["days"])
        return self

    def _scores(self, histories: Histories) -> Matrix:
        positive = favoured(histories)
        scores = by_item(positive, np.exp2(-positive.ages() / self.days_))
        scores.data = np.log1p(scores.data) * np.sqrt(self.rate_[scores.indices])
        return scores
