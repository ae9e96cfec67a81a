"""Lists that may hold what somebody took before: the hybrid beside what people take again.

z        the hybrid's score            z · own   the same for what was taken before, else 0
and what `penchant.rank.taken` says of what was taken before, else 0

candidates   the hybrid's new ones, and all that somebody took and is in favour of
weights      as the hybrid's own: listwise softmax on cuts made like the goal, where everything
that was taken after the cut is a target, for the first time or again; learned on the best twenty of
each sort, since a long tail of old things would say how to rank old things
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from penchant.data.dataset import Dataset, Histories
from penchant.data.splits import Held, Split
from penchant.rank.candidates import POOL, candidates, unseen
from penchant.rank.choice import choose
from penchant.rank.cuts import enough, spread
from penchant.rank.fusion import Examples
from penchant.rank.hybrid import Hybrid
from penchant.rank.taken import FACTS, facts_of
from penchant.recommend.base import State
from penchant.recommend.lines import Mask
from penchant.recommend.repeat import Repeat
from penchant.recommend.views import favoured
from penchant.types import Floats, Rows, top_k

__all__ = ["PARTS", "Again", "asked"]

PARTS: Final = ("hybrid", "hybrid of own", *FACTS)
_FIXED: Final = tuple(float(part in ("hybrid", "repeat", "often")) for part in PARTS)
"""Weights where there is nothing to learn them from."""

_PRIOR: Final = 1.5
"""Users that weights of 1 weigh as much as: a prior that fades as more of them are seen."""

_LEAST: Final = 1e-3
"""Weight of the hybrid's score: what is new stands in its order, whatever is said of the rest."""

_TOP: Final = 20
"""New items of each scorer, and of what was taken before, that weights are learned on."""


@dataclass
class Again:
    """Ranks what is new to somebody together with what is not.

    Attributes:
        hybrid: Ranks what is new.
        repeat: Says what is taken again.
        weights_: Of `PARTS`.
        choice: What was chosen on validation and why.
        quality: nDCG@10 on validation, by part.
    """

    hybrid: Hybrid
    repeat: Repeat = field(default_factory=Repeat)
    weights_: Floats = field(default_factory=lambda: np.array(_FIXED, np.float32))
    choice: str = ""
    quality: dict[str, float] = field(default_factory=dict)
    _looked: list[Examples] = field(default_factory=list, init=False, repr=False)

    def look(self, data: Dataset, cut: Split) -> None:
        """Take examples from a *cut* of *data* that the hybrid has just been fitted before."""
        histories, held = asked(data, cut)
        positions = spread(held)
        if enough(positions):
            self.repeat.fit(cut.train)
            self._looked.append(self._examples(histories.take(positions), held.take(positions)))

    def fit(self, data: Dataset) -> Again:
        """Choose weights by the examples taken, the last ones the newest, and learn repeats."""
        if self._looked:
            older = self._looked[-2] if len(self._looked) > 1 else None
            newest = self._looked[-1]
            chosen = choose(PARTS, newest, older, regularization=_PRIOR / len(newest))
            self.weights_, self.choice = chosen.weights.copy(), chosen.said
            self.weights_[0] = max(self.weights_[0], _LEAST)
            self.quality = chosen.quality
        else:
            self.choice = "fixed weights: too few users to learn from"
        self._looked.clear()
        self.repeat.fit(data)
        return self

    def ranked(self, history: Histories, may: Mask, *, depth: int) -> tuple[Rows, Floats]:
        """Return the best items for one history with their scores; see `Hybrid.ranked`."""
        if not len(favoured(history).item):
            return self.hybrid.ranked(history, may, depth=depth)
        items = self._candidates(history, may, POOL) if depth <= POOL else may.nonzero()[0]
        if len(items) < depth:
            items = may.nonzero()[0]
        items = items.astype(np.int32)
        scores = self.features(history, items) @ self.weights_
        best = top_k(scores, depth)
        return items[best], scores[best]

    def as_new(self, history: Histories, items: Rows) -> Floats:
        """Return what *items* would score in such a list if nobody had taken them before."""
        scores = self.hybrid.sum_of(self.hybrid.lines(history), items)
        return scores * self.weights_[0] if len(favoured(history).item) else scores

    def state(self) -> State:
        """Return the learned arrays."""
        return {"weights": self.weights_, **self.repeat.state()}

    def restore(self, state: Mapping[str, np.ndarray]) -> Again:
        """Take over what `state` returned."""
        self.weights_ = np.asarray(state["weights"])
        self.repeat.restore({name: state[name] for name in ("rate", "fresh", "days")})
        return self

    def _candidates(self, history: Histories, may: Mask, count: int) -> Rows:
        own = np.unique(favoured(history).item)
        return np.union1d(self._new(history, may, count), own[may[own]])

    def _new(self, history: Histories, may: Mask, count: int) -> Rows:
        lines = [line for line, _ in self.hybrid.lines(history)]
        return candidates(lines, may & unseen(history), count=count)

    def features(self, history: Histories, items: Rows) -> Floats:
        """Return the parts of the sum, ``(len(items), len(PARTS))``."""
        return self._with_facts(history, items, *facts_of(history, self.repeat))

    def _with_facts(self, history: Histories, items: Rows, own: Rows, facts: Floats) -> Floats:
        place = np.minimum(np.searchsorted(own, items), max(len(own) - 1, 0))
        known = own[place] == items if len(own) else np.zeros(len(items), np.bool_)
        out = np.zeros((len(items), len(PARTS)), np.float32)
        out[:, 0] = self.hybrid.sum_of(self.hybrid.lines(history), items)
        out[known, 1] = out[known, 0]
        out[known, 2:] = facts[place[known]]
        return out

    def _examples(self, histories: Histories, held: Held) -> Examples:
        wanted, everything = held.matrix(), np.ones(held.n_items, np.bool_)
        features, target = [], []
        for row in range(len(held)):
            history = histories.take([row])
            own, facts = facts_of(history, self.repeat)
            best = own[top_k(facts[:, FACTS.index("repeat")], _TOP)]
            items = np.union1d(self._new(history, everything, _TOP), best)
            features.append(self._with_facts(history, items, own, facts))
            taken = wanted.indices[wanted.indptr[row] : wanted.indptr[row + 1]]
            target.append(np.isin(items, taken))
        indptr = np.cumsum([0, *map(len, target)])
        return Examples(indptr, np.concatenate(features), np.concatenate(target), held.counts)


def asked(data: Dataset, cut: Split) -> tuple[Histories, Held]:
    """Return what users did before the test of *cut*, and all that they took then.

    With the goal *next* that is the last thing they took, be it for the first time or not.
    """
    everything = data.all_histories
    positive = everything.weight > 0
    if cut.how == "time":
        late = everything.timestamp >= (cut.moments[0] if len(cut.moments) else data.now + 1)
    else:
        event = np.arange(len(positive))
        last = np.full(len(everything), len(positive))
        last[everything.user[positive]] = event[positive]  # later ones overwrite earlier ones
        late = event >= last[everything.user]
    before = everything.where(~late)
    took = np.bincount(everything.user[late & positive], minlength=len(everything)) > 0
    knew = np.bincount(before.user[before.weight > 0], minlength=len(everything)) > 0
    users = np.flatnonzero(took & knew).astype(np.int32)
    after = everything.where(late & positive).take(users).contacts()
    return before.take(users), Held(users, after.indptr, after.indices, data.n_items)
