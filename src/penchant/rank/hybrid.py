"""The hybrid: all scorers in one sum, its weights learned on a validation cut made like the goal.

    cut        the goal's: each user's last first contact, or all from the last tenth of the time
    examples   the union of each scorer's best 20 unseen items, fitted on what came before the cut
    w          listwise softmax regression on them (`penchant.rank.fusion`)
    score      Σ_s w_s F_s     scorer s, fitted on all events, as `penchant.rank.fusion.compared`

Two halves of the validation users check each other: where the fused list is not better than the
best scorer's own, that scorer is used alone.  A stranger, who is in favour of nothing, is answered
by what everybody takes.  Data too small for a cut get fixed weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from penchant.data.dataset import Dataset, Histories
from penchant.data.splits import Held, Split, cut_for
from penchant.errors import NotFittedError
from penchant.rank.fusion import Examples, compared, learn_weights, list_quality
from penchant.rank.goal import Chosen
from penchant.recommend.base import Recommender, State
from penchant.recommend.popularity import Popularity
from penchant.recommend.views import in_favour
from penchant.types import Floats, Progress, Rows, silent

__all__ = ["Hybrid"]

_TOP: Final = 20
_BATCH: Final = 128
_BLOCK: Final = 64
_LAST: Final = np.finfo(np.float32).min
"""Below every score, but above what is no item at all."""
_USERS: Final = 1500
"""Validation users looked at, spread evenly."""

_ENOUGH: Final = 20
"""Validation users with a hit from which weights are learned."""

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
        quality: nDCG@10 on validation of the fused list and of each part alone, by name; empty
            where there was nothing to validate on.
    """

    scorers: Sequence[Recommender]
    weights_: Floats = field(default_factory=lambda: np.empty(0, np.float32))
    choice: str = ""
    quality: dict[str, float] = field(default_factory=dict)

    def fit(self, data: Dataset, *, goal: Chosen, progress: Progress = silent) -> Hybrid:
        """Learn the weights on a cut of *data*, then fit all scorers on the whole of it.

        Args:
            data: Training events.
            goal: What lists are for; makes the cut.
            progress: Is told what is fitted.
        """
        cut = cut_for(data, goal=goal)
        users = _spread(cut.test)
        if len(users) >= _ENOUGH:
            self._fit_scorers(cut.train, progress=progress, stage="fitting before the cut")
            self._weigh(_examples(self.scorers, cut, users, progress=progress))
        else:
            self._fall_back(len(users))
        self._fit_scorers(data, progress=progress, stage="fitting on all events")
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
        if len(self.weights_) != len(self.scorers):
            raise NotFittedError("the hybrid has no weights yet")
        total = np.zeros((len(histories), histories.n_items), np.float32)
        for scorer, weight in zip(self.scorers, self._weights_for(histories).T, strict=True):
            if weight.any():
                part = compared(scorer.score(histories))
                part *= weight[:, None]
                total += part
        return total

    def parts(self, history: Histories, items: Rows) -> Floats:
        """Return w_s F_s for one history, ``(len(items), n_scorers)``; rows sum to the score."""
        out = np.zeros((len(items), len(self.scorers)), np.float32)
        weights = self._weights_for(history)[0]
        for column, (scorer, weight) in enumerate(zip(self.scorers, weights, strict=True)):
            if weight:
                out[:, column] = weight * compared(scorer.score(history))[0, items]
        return out

    def causes(self, history: Histories, items: Rows) -> Floats:
        """Return what each past event brings to the scores of *items*, ``(len(items), n)``.

        Σ over scorers of w_s F_s / (σ_s z_s) × the scorer's own contributions, where σ_s is the
        deviation of its scores over the catalogue: what an event adds to z is scaled as z is.
        """
        out = np.zeros((len(items), len(history.item)), np.float32)
        for scorer, weight in zip(self.scorers, self._weights_for(history)[0], strict=True):
            scores = np.asarray(scorer.score(history)) if weight else np.zeros((1, 1), np.float32)
            deviation = float(scores.std())
            if deviation > 0:
                part = scorer.contributions(history, items)
                if part is not None:
                    z = (scores[0, items] - scores.mean()) / deviation
                    scale = compared(scores)[0, items] / np.where(z == 0, 1, z)
                    out += weight / deviation * np.where(z == 0, 1, scale)[:, None] * part
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
        return self

    def _weights_for(self, histories: Histories) -> Floats:
        """Return the weights for each history, ``(len(histories), n_scorers)``.

        They were learned from users with a history.  Of somebody who is in favour of nothing the
        personal scorers know nothing, and a negative weight of what everybody takes, there to
        balance them, would turn the list upside down.
        """
        weights = np.tile(self.weights_, (len(histories), 1))
        liked = histories.user[(histories.weight > 0) & in_favour(histories)]
        weights[np.bincount(liked, minlength=len(histories)) == 0] = self._for_strangers()
        return weights

    def _for_strangers(self) -> Floats:
        """Return weights of what everybody takes alone, ``(n_scorers,)``, ≥ 0."""
        common = np.array([isinstance(scorer, Popularity) for scorer in self.scorers], np.bool_)
        weights = np.where(common, np.maximum(self.weights_, 0), 0).astype(np.float32)
        if not weights.any() and common.any():
            weights[np.flatnonzero(common)[-1]] = 1
        return weights if common.any() else self.weights_

    def _fit_scorers(self, data: Dataset, *, progress: Progress, stage: str) -> None:
        for done, scorer in enumerate(self.scorers):
            progress(stage, done, len(self.scorers))
            scorer.fit(data)
        progress(stage, len(self.scorers), len(self.scorers))

    def _weigh(self, examples: Examples) -> None:
        """Choose between the fused list and each part; halves of the users check each other."""
        names = [scorer.name for scorer in self.scorers]
        halves = [np.arange(start, len(examples), 2) for start in (0, 1)]
        fused = np.zeros(len(examples), np.float32)
        for own, other in (halves, halves[::-1]):
            fused[own] = list_quality(examples.take(own), learn_weights(examples.take(other)))
        alone = np.eye(len(names), dtype=np.float32)
        quality = {
            name: float(list_quality(examples, row).mean())
            for name, row in zip(names, alone, strict=True)
        }
        best = max(names, key=lambda name: quality[name])
        self.quality = {"hybrid": float(fused.mean()), **quality}
        said = f"nDCG@10 on validation {fused.mean():.4f}, {best} alone {quality[best]:.4f}"
        if fused.mean() >= quality[best]:
            self.weights_ = learn_weights(examples)
            self.choice = f"all scorers, fused: {said}"
        else:
            self.weights_ = alone[names.index(best)]
            self.choice = f"{best} alone: fused it was no better ({said})"

    def _fall_back(self, users: int) -> None:
        names = [scorer.name for scorer in self.scorers]
        self.weights_ = np.array([_FIXED.get(name, 0.0) for name in names], np.float32)
        self.quality = {}
        self.choice = f"fixed weights: {users} users to validate on are too few to learn from"


def _spread(held: Held) -> Rows:
    """Return positions of at most `_USERS` users of *held*, evenly spread."""
    count = min(len(held), _USERS)
    return np.linspace(0, len(held) - 1, count).astype(np.int32) if count else np.empty(0, np.int32)


def _examples(
    scorers: Sequence[Recommender], cut: Split, positions: Rows, *, progress: Progress
) -> Examples:
    """Ask fitted *scorers* for candidates of the users at *positions* of the cut's test."""
    parts = []
    for start in range(0, len(positions), _BATCH):
        progress("comparing scorers", start, len(positions))
        held = cut.test.take(positions[start : start + _BATCH])
        parts.append(_batch(scorers, cut.train.histories(held.users), held))
    progress("comparing scorers", len(positions), len(positions))
    return Examples.join(parts)


def _batch(scorers: Sequence[Recommender], histories: Histories, held: Held) -> Examples:
    seen = histories.seen()
    values = [compared(scorer.score(histories)) for scorer in scorers]
    best = np.concatenate([_best_unseen(z, seen) for z in values], axis=1)
    wanted = held.matrix()
    indptr, features, target = [0], [], []
    for row in range(len(held)):
        candidates = np.unique(best[row])
        features.append(np.stack([z[row, candidates] for z in values], axis=1))
        own = wanted.indices[wanted.indptr[row] : wanted.indptr[row + 1]]
        target.append(np.isin(candidates, own))
        indptr.append(indptr[-1] + len(candidates))
    return Examples(np.array(indptr), np.concatenate(features), np.concatenate(target), held.counts)


def _best_unseen(z: Floats, seen: object) -> Rows:
    """Return the best unseen columns of each row, ``(n_users, top)``."""
    blocks = -(-z.shape[1] // _BLOCK)
    masked = np.full((len(z), blocks * _BLOCK), -np.inf, np.float32)
    masked[:, : z.shape[1]] = z
    masked[seen.nonzero()] = _LAST  # type: ignore[attr-defined]  # scipy has no types
    # The best columns lie in the blocks of the best maxima: a few of them are looked at closely.
    summits = masked.reshape(len(z), blocks, _BLOCK).max(axis=2)
    high = np.sort(_largest(summits, min(_TOP, blocks)), axis=1)
    columns = (high[:, :, None] * _BLOCK + np.arange(_BLOCK)).reshape(len(z), -1)
    close = np.take_along_axis(masked, columns, axis=1)
    best = _largest(close, min(_TOP, z.shape[1]))
    return np.asarray(np.take_along_axis(columns, best, axis=1), np.int32)


def _largest(values: Floats, count: int) -> npt.NDArray[np.int64]:
    """Return the columns of the *count* largest of each row, in no order."""
    return np.argpartition(-values, count - 1, axis=1)[:, :count]
