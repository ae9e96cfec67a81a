"""The hybrid: all scorers in one sum, its weights learned on a validation cut made like the goal.

    cut        the goal's: each user's last first contact, or all from the last tenth of the time
    examples   the union of each scorer's best 20 unseen items, fitted on what came before the cut
    w          listwise softmax regression on them (`penchant.rank.fusion`)
    score      Σ_s w_s F_s     scorer s, fitted on all events, as `penchant.rank.fusion.drawn`

Of an item that nobody took, its text alone can tell: `penchant.recommend.cold` speaks of it in
place of the other scorers that read texts, with their weights.

A second cut, a period or an event earlier, must confirm the sum (`penchant.rank.choice`); where it
does not, the best scorer is used alone.  A stranger, who is in favour of nothing, is answered by
what everybody takes.  Data too small for a cut get fixed weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

from penchant.data.dataset import Dataset, Histories
from penchant.data.splits import Split, cut_for
from penchant.errors import NotFittedError
from penchant.rank.candidates import POOL, candidates
from penchant.rank.choice import choose
from penchant.rank.cuts import enough, examples_of, spread
from penchant.rank.fusion import Examples, drawn, learn_few
from penchant.rank.goal import Chosen
from penchant.rank.hidden import learn_cold
from penchant.recommend.base import Recommender, State
from penchant.recommend.cold import Cold
from penchant.recommend.content import Content
from penchant.recommend.interest import InterestScores
from penchant.recommend.lines import Among, Line, Mask, line_of
from penchant.recommend.popularity import Popularity
from penchant.recommend.views import favoured
from penchant.types import Floats, Progress, Rows, silent, top_k

__all__ = ["Hybrid"]

_BY_TEXT: Final = (Content, InterestScores)
"""Scorers that read texts as `Cold` does."""

_FIXED: Final[Mapping[str, float]] = {
    "ease": 1.0,
    "ials": 0.5,
    "neighbours": 0.3,
    "transitions": 0.3,
    "content": 0.5,
    "interest": 0.3,
    "recent": 0.3,
    "popularity": 0.2,
}
"""Weights where there is nothing to learn them from."""


@dataclass
class Hybrid:
    """Scores items by a weighted sum of scorers.

    Attributes:
        scorers: The parts, in a fixed order.
        weights_: Of each part, ``(n_scorers,)``; 0 for a part that is not used.
        choice: What was chosen on validation and why, as a sentence.
        quality: nDCG@10 on validation of the list, as ``fused``, and of each part alone, by name;
            empty where there was nothing to validate on.
    """

    scorers: Sequence[Recommender]
    weights_: Floats = field(default_factory=lambda: np.empty(0, np.float32))
    choice: str = ""
    quality: dict[str, float] = field(default_factory=dict)
    _learned: object = field(default_factory=object, init=False, repr=False, compare=False)
    """Another one whenever the parts learn anew: lines from before are worth nothing then."""

    def fit(
        self,
        data: Dataset,
        *,
        goal: Chosen,
        also: Callable[[Dataset, Split], None] | None = None,
        progress: Progress = silent,
    ) -> Hybrid:
        """Learn the weights on cuts of *data*, then fit all scorers on the whole of it.

        Args:
            data: Training events.
            goal: What lists are for; makes the cuts.
            also: Is called for each cut, the older first, with what was cut and the cut, while the
                scorers are fitted on what came before it.
            progress: Is told what is fitted.
        """
        newest = cut_for(data, goal=goal)
        older = cut_for(newest.train, goal=goal)
        looked = [
            self._look(cut, whole, stage=stage, also=also, progress=progress)
            for cut, whole, stage in (
                (older, newest.train, "fitting before an earlier cut"),
                (newest, data, "fitting before the cut"),
            )
        ]
        self._weigh(looked[1], looked[0], users=len(newest.test))
        self._fit_scorers(data, progress=progress, stage="fitting on all events")
        if self.cold is not None:
            learn_cold(self.cold, data)
        return self

    @property
    def weights(self) -> dict[str, float]:
        """The weights by name of scorer, those that are not 0."""
        pairs = zip(self.scorers, self.weights_.tolist(), strict=True)
        return {scorer.name: weight for scorer, weight in pairs if weight}

    def score(self, histories: Histories) -> Floats:
        """Return Σ_s w_s F_s, ``(len(histories), n_items)``, higher is better.

        Raises:
            NotFittedError: Before `fit` or `restore`.
        """
        self._check_fitted()
        everything = np.arange(histories.n_items, dtype=np.int32)
        out = np.zeros((len(histories), histories.n_items), np.float32)
        for row in range(len(histories)):
            out[row] = self.sum_of(self.lines(histories.take([row])), everything)
        return out

    def ranked(self, history: Histories, may: Mask, *, depth: int) -> tuple[Rows, Floats]:
        """Return the best items for one history with their scores, best first.

        Up to a depth of `POOL` they are chosen among the best `POOL` of each part, so a longer list
        begins like a shorter one; beyond, among all.

        Args:
            history: A batch of one.
            may: What may be listed, ``(n_items,)``.
            depth: How many, ≥ 1; fewer come back where fewer may be listed.

        Raises:
            NotFittedError: Before `fit` or `restore`.
        """
        self._check_fitted()
        lines = self.lines(history)
        if depth <= POOL:
            items = candidates([line for line, _ in lines], may, count=POOL)
        if depth > POOL or len(items) < depth:
            items = np.flatnonzero(may).astype(np.int32)
        scores = self.sum_of(lines, items)
        best = top_k(scores, depth)
        return items[best], scores[best]

    def parts(self, history: Histories, items: Rows) -> Floats:
        """Return w_s F_s for one history, ``(len(items), n_scorers)``; rows sum to the score."""
        out = np.zeros((len(items), len(self.scorers)), np.float32)
        weights = self._weights_for(history)
        for column, (scorer, weight) in enumerate(zip(self.scorers, weights, strict=True)):
            if weight:
                out[:, column] = weight * drawn(self._line(scorer, history), items)
        return out

    def causes(self, history: Histories, items: Rows) -> Floats:
        """Return what each past event brings by each scorer to *items*.

        w_s F_s / (σ_s z_s) × the scorer's own contributions, where σ_s is the deviation of its
        scores over the catalogue: what an event adds to z is scaled as z is.

        Returns:
            ``(n_scorers, len(items), n)``; the sum over scorers is what the event brings.
        """
        out = np.zeros((len(self.scorers), len(items), len(history.item)), np.float32)
        weights = self._weights_for(history)
        for place, (scorer, weight) in enumerate(zip(self.scorers, weights, strict=True)):
            line = self._line(scorer, history) if weight else None
            if line is None or line.deviation <= 0:
                continue
            part = scorer.contributions(history, items)
            if part is not None:
                if isinstance(line, Among):
                    part = np.where(line.inside[items][:, None], part, 0)
                z = (line.at(items) - line.mean) / line.deviation
                safe = np.where(z == 0, 1, z)
                scale = np.where(z == 0, 1, drawn(line, items) / safe)
                out[place] = (weight / line.deviation * scale)[:, None] * part
        return out

    def state(self) -> dict[str, State]:
        """Return the learned arrays, by scorer, and the weights under ``hybrid``."""
        parts = {scorer.name: dict(scorer.state()) for scorer in self.scorers}
        return {"hybrid": {"weights": self.weights_}, **parts}

    def restore(self, states: Mapping[str, State]) -> Hybrid:
        """Take over what `state` returned."""
        self.weights_ = np.asarray(states["hybrid"]["weights"])
        for scorer in self.scorers:
            scorer.restore(states.get(scorer.name, {}))
        self._learned = object()
        return self

    def _check_fitted(self) -> None:
        if len(self.weights_) != len(self.scorers):
            raise NotFittedError("the hybrid has no weights yet")

    def lines(self, history: Histories) -> list[tuple[Line, float]]:
        """Return the parts that count for one history, with their weights."""
        weights = self._weights_for(history).tolist()
        return [
            (self._line(scorer, history), weight)
            for scorer, weight in zip(self.scorers, weights, strict=True)
            if weight
        ]

    def _line(self, scorer: Recommender, history: Histories) -> Line:
        """Return a part's line for one history, which ranks and explains: it is made once."""
        learned, known = history.memo.get("lines", (None, {}))
        if learned is not self._learned:
            known = {}
            history.memo["lines"] = self._learned, known
        line: Line | None = known.get(id(scorer))
        if line is None:
            line = known[id(scorer)] = self._spoken(scorer, history)
        return line

    def _spoken(self, scorer: Recommender, history: Histories) -> Line:
        """Return the line of a part, of the items alone that it speaks of."""
        line, cold = line_of(scorer, history), self.cold
        if cold is None or not len(cold.cold_) or not isinstance(scorer, (Cold, *_BY_TEXT)):
            return line
        inside = np.zeros(history.n_items, np.bool_)
        inside[cold.cold_] = True
        if isinstance(scorer, Cold):
            return Among(line, inside, afresh=True)
        return Among(line, ~inside, afresh=False)

    @staticmethod
    def sum_of(lines: Sequence[tuple[Line, float]], items: Rows) -> Floats:
        """Return Σ_s w_s F_s of *items*, ``(len(items),)``."""
        total = np.zeros(len(items), np.float32)
        for line, weight in lines:
            part = drawn(line, items)
            part *= np.float32(weight)
            total += part
        return total

    def _weights_for(self, history: Histories) -> Floats:
        """Return the weights for one history, ``(n_scorers,)``.

        They were learned from users with a history.  Of somebody who is in favour of nothing the
        personal scorers know nothing, and a negative weight of what everybody takes, there to
        balance them, would turn the list upside down.
        """
        return self.weights_ if len(favoured(history).item) else self._for_strangers()

    def _for_strangers(self) -> Floats:
        """Return weights of what everybody takes alone, ``(n_scorers,)``, ≥ 0."""
        common = self.common
        weights = np.where(common, np.maximum(self.weights_, 0), 0).astype(np.float32)
        if not weights.any() and common.any():
            weights[np.flatnonzero(common)[-1]] = 1
        return weights if common.any() else self.weights_

    @cached_property
    def common(self) -> Mask:
        """Which parts say the same to everybody, ``(n_scorers,)``."""
        return np.array([isinstance(scorer, Popularity) for scorer in self.scorers], np.bool_)

    @cached_property
    def cold(self) -> Cold | None:
        """The part that speaks of items that nobody took."""
        return next((scorer for scorer in self.scorers if isinstance(scorer, Cold)), None)

    @property
    def _compared(self) -> list[Recommender]:
        """The parts whose weights are learned on cuts, where hardly an item is cold."""
        return [scorer for scorer in self.scorers if not isinstance(scorer, Cold)]

    def _fit_scorers(self, data: Dataset, *, progress: Progress, stage: str) -> None:
        scorers = self._compared
        for done, scorer in enumerate(scorers):
            progress(stage, done, len(scorers))
            scorer.fit(data)
        self._learned = object()
        progress(stage, len(scorers), len(scorers))

    def _admit(self, weights: Floats) -> Floats:
        """Return *weights* of the compared parts as weights of all, ``(n_scorers,)``.

        Cold items get the weights of the parts that they are spoken of in place of; where texts
        count for nothing, the smallest weight that there is, which leaves them an order.
        """
        compared = self._compared
        if len(compared) == len(self.scorers):
            return weights
        texts = [isinstance(scorer, _BY_TEXT) for scorer in compared]
        own = float(np.maximum(weights[texts], 0).sum())
        if own == 0:
            own = float(min((w for w in weights if w > 0), default=0.0))
        given = iter(weights.tolist())
        return np.array(
            [own if isinstance(s, Cold) else next(given) for s in self.scorers], np.float32
        )

    def _look(
        self,
        cut: Split,
        whole: Dataset,
        *,
        stage: str,
        also: Callable[[Dataset, Split], None] | None,
        progress: Progress,
    ) -> Examples | None:
        """Fit before a *cut* of *whole* and return examples; None where too few users have any."""
        users = spread(cut.test)
        if not enough(users):
            return None
        self._fit_scorers(cut.train, progress=progress, stage=stage)
        with threadpool_limits(1, "blas"):  # small products: threads would only wait
            examples = examples_of(self._compared, cut, users, progress=progress)
            self.weights_ = self._admit(learn_few(examples))
            if also is not None:
                also(whole, cut)
        return examples

    def _weigh(self, newest: Examples | None, older: Examples | None, *, users: int) -> None:
        if newest is None:
            self._fall_back(users)
            return
        chosen = choose([scorer.name for scorer in self._compared], newest, older)
        self.weights_ = self._admit(chosen.weights)
        self.quality, self.choice = chosen.quality, chosen.said

    def _fall_back(self, users: int) -> None:
        fixed = [_FIXED.get(scorer.name, 0.0) for scorer in self._compared]
        self.weights_ = self._admit(np.array(fixed, np.float32))
        self.quality = {}
        self.choice = f"fixed weights: {users} users to validate on are too few to learn from"
