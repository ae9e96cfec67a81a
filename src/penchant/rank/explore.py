"""Which new interests somebody may take up next, and because of which old ones.

    cut        as people live: the last tenth of the time, or of each user the last fifth
    trial      scorers fitted on what came before it, users who took up a novel interest after it
    w          fused or the best scorer alone (`penchant.rank.explore_fusion`)
    score      w · F over the interests that none of a user's events touches

Everything learned is a table of interests, or of the items most used, so a fit is cheap beside that
of a recommender and serving is a look-up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.special import logit

from penchant.data.dataset import Dataset, Histories
from penchant.data.splits import How, split
from penchant.errors import NotFittedError
from penchant.rank.explore_fusion import Chosen, Trial, chance, choose, compared, fit_chance
from penchant.rank.explore_items import ItemEase, ItemSteps
from penchant.rank.explore_scores import (
    Centroid,
    Common,
    InterestEase,
    InterestScorer,
    Successors,
    Users,
)
from penchant.rank.explore_views import Past
from penchant.recommend.base import State
from penchant.types import Floats, Rows

__all__ = ["Explorer", "scorers_of"]

_SHARES: Final[Mapping[How, float]] = {"time": 0.1, "order": 0.2}
_USERS: Final = 2000
"""Users of the trial looked at, spread evenly."""

_ENOUGH: Final = 20
"""Users of the trial from which weights are learned."""

_FALLBACK: Final = "adoption"
"""What is used where there is nothing to learn from."""

_CAUSES: Final = 3


def scorers_of(directions: Floats | None) -> list[InterestScorer]:
    """Return the unfitted scorers in a fixed order.

    Args:
        directions: Of the interests, ``(n_interests, dim)``; None leaves out their distance.
    """
    common: list[InterestScorer] = [Common(name) for name in ("adoption", "recent", "popularity")]
    near: list[InterestScorer] = [] if directions is None else [Centroid(directions)]
    own: list[InterestScorer] = [InterestEase(), Users(), ItemEase(), ItemSteps()]
    return [*common, Successors(), *near, *own]


class Explorer:
    """Proposes interests that are new to somebody.

    Args:
        touch: The interest that each item touches, ``(n_items,)``.
        n_interests: Number of interests.
        in_time: Whether people come back; of who does everything in one sitting the order counts.
        scorers: The parts, unfitted; see `scorers_of`.

    Attributes:
        weights_: Of each part, ``(n_scorers,)``.
        chance_: From scores to chances; see `penchant.rank.explore_fusion.chance`.
        choice: What was chosen on validation and why, as a sentence.
        quality: recall@5 on validation of the fused lists and of each part, by name; empty where
            there was nothing to validate on.
    """

    def __init__(
        self,
        touch: Rows,
        n_interests: int,
        *,
        in_time: bool,
        scorers: Sequence[InterestScorer],
    ) -> None:
        self.touch = touch
        self.n_interests = n_interests
        self.in_time = in_time
        self.scorers = scorers
        self.weights_: Floats = np.empty(0, np.float32)
        self.chance_: Floats = np.empty(0, np.float32)
        self.choice = ""
        self.quality: dict[str, float] = {}

    def fit(self, data: Dataset) -> Self:
        """Learn the weights on a cut of *data*, then all parts from the whole of it."""
        how: How = "time" if self.in_time else "order"
        cut = split(data, how, share=_SHARES[how])
        before = self.past(cut.train.all_histories)
        taken = np.zeros((len(cut.test), self.n_interests), np.bool_)
        user = np.repeat(np.arange(len(cut.test)), cut.test.counts)
        taken[user, self.touch[cut.test.item]] = True
        taken &= before.take(cut.test.users).novel
        asked = np.flatnonzero(taken.any(axis=1))
        if len(asked) >= _ENOUGH:
            asked = asked[np.linspace(0, len(asked) - 1, min(len(asked), _USERS)).astype(np.int64)]
            self._fit_parts(before)
            self._decide(before.take(cut.test.users[asked]), taken[asked])
        else:
            self._fall_back(len(asked), taken.mean() if taken.size else 0.0)
        self._fit_parts(self.past(data.all_histories))
        return self

    def past(self, histories: Histories) -> Past:
        """Return *histories* as meetings with interests."""
        return Past(histories, self.touch, self.n_interests, self.in_time)

    def score(self, past: Past) -> Floats:
        """Return w · F, ``(len(past), n_interests)``; only values of novel interests mean anything.

        Raises:
            NotFittedError: Before `fit` or `restore`.
        """
        if len(self.weights_) != len(self.scorers):
            raise NotFittedError("the explorer has no weights yet")
        total = np.zeros((len(past), self.n_interests), np.float32)
        for scorer, weight in zip(self.scorers, self.weights_, strict=True):
            if weight:
                total += weight * compared(scorer.score(past), past.novel)
        return total

    def chances(self, past: Past) -> Floats:
        """Return the chance that each novel interest is taken up, 0 for those that are known.

        Over a tenth of the time, or over a fifth of what somebody does: what the cut holds back.
        """
        activity = np.diff(past.histories.indptr)
        found = chance(self.score(past), activity, self.chance_)
        return np.where(past.novel, found, 0).astype(np.float32)

    def causes(self, past: Past, user: int, interests: npt.NDArray[np.integer]) -> list[list[int]]:
        """Return for each of *interests* the known ones that speak for it, strongest first.

        Those whose presence raises its score in EASE; else those met last from which people went
        on to it.

        Args:
            past: Of some users.
            user: Position of the one who is asked about.
            interests: New to them.
        """
        parts = {scorer.name: scorer for scorer in self.scorers}
        views = {
            InterestEase.name: past.logs[user],
            Successors.name: past.latest[[user]].toarray()[0],
        }
        tables = {name: parts[name].state()["table"] for name in views}
        return [
            next(
                (
                    found
                    for name, view in views.items()
                    if (found := _strongest(view * tables[name][:, interest]))
                ),
                [],
            )
            for interest in interests
        ]

    def state(self) -> dict[str, State]:
        """Return the learned arrays, by scorer, and what fuses them under ``fusion``."""
        parts = {scorer.name: dict(scorer.state()) for scorer in self.scorers}
        return {"fusion": {"weights": self.weights_, "chance": self.chance_}, **parts}

    def restore(self, states: Mapping[str, State]) -> Self:
        """Take over what `state` returned."""
        self.weights_ = np.asarray(states["fusion"]["weights"])
        self.chance_ = np.asarray(states["fusion"]["chance"])
        for scorer in self.scorers:
            scorer.restore(states[scorer.name])
        return self

    def _fit_parts(self, past: Past) -> None:
        for scorer in self.scorers:
            scorer.fit(past)

    def _decide(self, past: Past, taken: npt.NDArray[np.bool_]) -> None:
        features = [compared(scorer.score(past), past.novel) for scorer in self.scorers]
        trial = Trial(
            np.stack(features, axis=2),
            past.novel,
            sparse.csr_array(taken.astype(np.float32)),
            np.diff(past.histories.indptr),
        )
        chosen: Chosen = choose(trial, [scorer.name for scorer in self.scorers])
        self.weights_, self.choice, self.quality = chosen.weights, chosen.says, chosen.quality
        self.chance_ = fit_chance(trial, self.weights_)

    def _fall_back(self, users: int, common: float) -> None:
        names = [scorer.name for scorer in self.scorers]
        self.weights_ = np.array([name == _FALLBACK for name in names], np.float32)
        self.chance_ = np.array([1, 0, logit(np.clip(common, 0.01, 0.5))], np.float32)
        self.quality = {}
        self.choice = (
            f"{_FALLBACK} alone: {users} users who took up something new are too few to learn from"
        )


def _strongest(values: Floats) -> list[int]:
    order = np.argsort(-values, kind="stable")[:_CAUSES]
    return [int(at) for at in order if values[at] > 0]
