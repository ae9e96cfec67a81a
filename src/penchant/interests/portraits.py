"""What each user is interested in, as probabilities: U.

    U[u, j] = σ(w · θ_uj + b)      U (n_users, n_leaves), sparse

    θ_uj   what is known of user u and interest j: contacts aged by two half-lives and not aged,
           their share of all that u did, how long ago the last was, contacts against, how active u
           is and was last, how common j is and, with the goal *next*, what the latest items say
           (`penchant.interests.sequel`)
    w, b   logistic regression on an earlier cut of the training events

With the goal *period*, an entry is the probability that u touches j at least once within `horizon`
days; with *next*, within the next ten contacts.  Where the data are too few for a cut::

    U[u, j] = 1 − Π_h (1 − min(1, aged strength_h) · V[h, j])

Entries below half of the interest's average are not stored, unless the user touched the
interest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, Literal, Self

import numpy as np
import numpy.typing as npt
import scipy
from scipy import sparse
from scipy.special import expit, logit

from penchant.data.dataset import Dataset, Histories
from penchant.interests.features import kept, touches
from penchant.interests.sequel import Sequel
from penchant.interests.windows import AHEAD
from penchant.text.packing import Arrays
from penchant.types import DAY, Floats, Matrix

__all__ = ["AHEAD", "PortraitModel"]

_SCALES: Final = (0.15, 1.0)
"""Half-lives, as multiples of each event's own, after which contacts count half."""

_LAST: Final = 0.5
"""Half-life, as a multiple of an event's own, at which the last contact is half forgotten."""

_USERS: Final = 3000
"""Users that the regression learns from, evenly spread."""

_ENOUGH: Final = 30
"""Users with events on both sides of the cut that it needs."""

_LEAST: Final = 0.5
"""Share of an interest's average below which an entry is not stored."""

_TINY: Final = 1e-6
_L2: Final = 1e-3
_VARIES: Final = 0.25
"""Standard deviation that a column of θ is taken to have at least."""

_EPOCHS: Final = 100
_BATCH: Final = 1024


class PortraitModel:
    """Strengths of users' interests.

    Args:
        V: Items' interests, CSR ``(n_items, n_leaves)``, entries in [0, 1], no empty row.
        horizon: Days ahead that a strength speaks of, > 0.
        goal: *period* looks `horizon` days ahead, *next* `AHEAD` contacts.

    Attributes:
        weights_: w and b, ``(n_features + 1,)``; empty where the closed form is used.
        common_: How common each interest is among users, ``(n_leaves,)``, in (0, 1).
        average_: Mean stored strength of each interest over users with an event,
            ``(n_leaves,)``.
        floor_: What is not stored is below, ``(n_leaves,)``.
        sequel_: What the latest items say; None with the goal *period* or too few events.
    """

    def __init__(
        self, V: Matrix, *, horizon: float = 28.0, goal: Literal["next", "period"] = "period"
    ) -> None:
        self.V = V
        self.horizon = horizon
        self.goal = goal
        self._touch = touches(V)
        self.weights_: npt.NDArray[np.float64] = np.empty(0)
        self.common_: Floats = np.empty(0, np.float32)
        self.average_: Floats = np.empty(0, np.float32)
        self.floor_: Floats = np.empty(0, np.float32)
        self.sequel_: Sequel | None = None

    def fit(self, data: Dataset) -> Self:
        """Calibrate on *data*."""
        self._look_ahead(data.all_histories, left=AHEAD)
        past, taken = self._cut(data)
        self.weights_ = np.empty(0)
        if len(past) >= _ENOUGH and taken.any() and not taken.all():
            # How common an interest is, is itself part of θ: over the cut here, of now below.
            self.common_ = self._share_of_users(taken)
            self.weights_ = _regress(self._features(past), taken.ravel())
        else:
            self.common_ = self._share_of_users(self._touched(data.all_histories))
        # what the regression was not fitted with it must not be given now
        if self.sequel_ is not None:
            self._look_ahead(data.all_histories, left=0)
        self.floor_ = _LEAST * self._mean(data, self._dense)
        self.average_ = self._mean(data, self.strengths)
        return self

    def foresight(self, data: Dataset) -> float | None:
        """Return how well strengths tell who touches what, on users that they are not fitted on.

        Args:
            data: Half of its users teach, the others are asked, on the cut that `fit` learns from;
                what was learned of all users before is forgotten.

        Returns:
            1 − Brier score / that of each interest's own rate, ≤ 1; None where events are too few.
        """
        self._look_ahead(data.all_histories, left=AHEAD)
        past, taken = self._cut(data)
        teach = np.arange(len(past)) % 2 == 0
        if len(past) < 2 * _ENOUGH or not taken[teach].any() or taken[teach].all():
            return None
        self.common_ = self._share_of_users(taken[teach])
        teachers = past.take(np.flatnonzero(teach))
        self.weights_ = _regress(self._features(teachers), taken[teach].ravel())
        told, truth = self._dense(past.take(np.flatnonzero(~teach))), taken[~teach]
        usual = float(np.square(truth.mean(axis=0) - truth).mean())
        return 1 - float(np.square(told - truth).mean()) / usual if usual else None

    def strengths(self, histories: Histories) -> Matrix:
        """Return U, CSR ``(len(histories), n_leaves)``, in [0, 1]; no entry for no history."""
        U = self._dense(histories)
        keep = (self.floor_ <= U) | self._touched(histories)
        keep[np.diff(histories.indptr) == 0] = False
        return kept(U, keep)

    def state(self) -> Arrays:
        """Return the learned arrays."""
        return {
            "weights": self.weights_,
            "common": self.common_,
            "average": self.average_,
            "floor": self.floor_,
            **(self.sequel_.state() if self.sequel_ is not None else {}),
        }

    def restore(self, state: Arrays) -> Self:
        """Take over arrays that `state` returned."""
        self.weights_ = state["weights"]
        self.common_, self.average_ = state["common"], state["average"]
        self.floor_ = state["floor"]
        self.sequel_ = Sequel.restore(state, self._touch)
        return self

    def _look_ahead(self, histories: Histories, *, left: int) -> None:
        """Learn what latest items say from *histories* without the last *left* events of each.

        The regression is fitted where these are what is to be told, so they must not be known.
        """
        self.sequel_ = None
        if self.goal == "next":
            ends = np.repeat(histories.indptr[1:], np.diff(histories.indptr))
            early = ends - np.arange(len(histories.item)) > left
            self.sequel_ = Sequel.learn(histories.where(early), self._touch, self.V.shape[1])

    def _mean(self, data: Dataset, strengths: Callable[[Histories], Matrix | Floats]) -> Floats:
        """Return the mean of *strengths* over users with an event, ``(n_leaves,)``, > 0."""
        known = np.flatnonzero(np.diff(data.all_histories.indptr) > 0)
        if self.sequel_ is not None:  # neighbours take a moment for each user
            known = _some(known)
        total = np.zeros(self.V.shape[1])
        for start in range(0, len(known), _BATCH):
            part = data.histories(known[start : start + _BATCH])
            total += np.asarray(strengths(part).sum(axis=0))
        return np.maximum(total / max(len(known), 1), _TINY).astype(np.float32)

    def _dense(self, histories: Histories) -> Floats:
        if not len(self.weights_):
            return self._closed(histories)
        features = self._features(histories)
        logits = features @ self.weights_[:-1] + self.weights_[-1]
        U: Floats = expit(logits).astype(np.float32).reshape(len(histories), self.V.shape[1])
        return U

    def _closed(self, histories: Histories) -> Floats:
        """Noisy or over the events that speak for their items."""
        strength = np.clip(histories.aged(), 0, 1)
        shown = self.V[histories.item]
        shown.data = np.log1p(
            -np.minimum(shown.data * np.repeat(strength, np.diff(shown.indptr)), 0.999)
        )
        total: Floats = (_adder(histories) @ shown).toarray()
        return (1 - np.exp(total)).astype(np.float32)

    def _features(self, histories: Histories) -> npt.NDArray[np.float64]:
        """Return θ, ``(len(histories) · n_leaves, n_features)``."""
        n, m = len(histories), self.V.shape[1]
        ages, shown = histories.ages(), self.V[histories.item]
        speaks_for = (histories.weight > 0).astype(np.float32)
        sums = []
        for scale in _SCALES:
            fresh = speaks_for * np.exp2(-ages / (scale * histories.half_life))
            sums.append((_adder(histories, fresh) @ shown).toarray())
        ever = (_adder(histories, speaks_for) @ shown).toarray()
        against = (_adder(histories, 1 - speaks_for) @ shown).toarray()
        active = np.maximum(ever.sum(axis=1, keepdims=True), _TINY)
        last = self._last(histories)
        columns = [
            *(np.log1p(4 * s) for s in sums),
            np.log1p(ever),
            np.log1p(against),
            np.sqrt(ever / active),
            np.sqrt(sums[1] / np.maximum(sums[1].sum(axis=1, keepdims=True), _TINY)),
            last,
            np.broadcast_to(last.max(axis=1, keepdims=True, initial=0), (n, m)),
            np.broadcast_to(np.log1p(active), (n, m)),
            np.broadcast_to(np.log1p(sums[1].sum(axis=1, keepdims=True)), (n, m)),
            np.broadcast_to(logit(self.common_), (n, m)),
        ]
        if self.sequel_ is not None:
            columns.extend(self.sequel_.logits(histories))
        return np.stack([np.asarray(c, np.float64).ravel() for c in columns], axis=1)

    def _last(self, histories: Histories) -> Floats:
        """Return how fresh the last contact with each interest is, in [0, 1]; 0 without one."""
        fresh = np.exp2(-histories.ages() / (_LAST * histories.half_life))
        last = np.zeros((len(histories), self.V.shape[1]), np.float32)
        np.maximum.at(last, (histories.user, self._touch[histories.item]), fresh)
        return last

    def _cut(self, data: Dataset) -> tuple[Histories, npt.NDArray[np.bool_]]:
        """Return histories before a moment and which interests were touched after it."""
        everything = data.all_histories
        if self.goal == "next" or not data.has_time:
            ends = np.repeat(everything.indptr[1:], np.diff(everything.indptr))
            late = ends - np.arange(len(everything.item)) <= AHEAD
        else:
            days = min(self.horizon, data.span / 4)
            late = everything.timestamp > data.now - days * DAY
        before, after = everything.where(~late), everything.where(late)
        if self.goal == "period" and data.has_time and len(before.timestamp):
            moment = int(data.now - min(self.horizon, data.span / 4) * DAY)
            before = _seen_at(before, moment)
        known = np.flatnonzero((np.diff(before.indptr) > 0) & self._counts(after))
        known = _some(known)
        return before.take(known), self._touched(after.take(known))

    def _counts(self, after: Histories) -> npt.NDArray[np.bool_]:
        """Tell whose silence after the cut says something: everybody's in a period of time."""
        if self.goal == "period":
            return np.ones(len(after), np.bool_)
        return np.asarray(np.diff(after.indptr) == AHEAD)

    def _touched(self, histories: Histories) -> npt.NDArray[np.bool_]:
        """Return which leaf each user touched, ``(len(histories), n_leaves)``."""
        touched = np.zeros((len(histories), self.V.shape[1]), np.bool_)
        touched[histories.user, self._touch[histories.item]] = True
        return touched

    def _share_of_users(self, touched: npt.NDArray[np.bool_]) -> Floats:
        share = (touched.sum(axis=0) + 0.5) / (len(touched) + 1)
        return np.asarray(share, np.float32)


def _some(users: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return `_USERS` of the *users* at most, evenly spread."""
    if len(users) <= _USERS:
        return users
    return users[np.linspace(0, len(users) - 1, _USERS).astype(np.int64)]


def _seen_at(histories: Histories, now: int) -> Histories:
    """Return *histories* as they looked at *now*."""
    return replace(histories, now=now)


def _adder(histories: Histories, values: Floats | None = None) -> Matrix:
    """Return what sums rows of events into rows of users, ``(len(histories), n_events)``."""
    n = len(histories.item)
    values = np.ones(n, np.float32) if values is None else np.asarray(values, np.float32)
    return sparse.csr_array(
        (values, np.arange(n), histories.indptr.copy()), shape=(len(histories), n)
    )


def _regress(
    features: npt.NDArray[np.float64], taken: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    """Return w and b of a logistic regression, ``(n_features + 1,)``."""
    mean, deviation = features.mean(axis=0), features.std(axis=0)
    # What hardly varies among these users must not decide about users unlike them.
    deviation = np.maximum(deviation, _VARIES)
    scaled = (features - mean) / deviation

    def loss(w: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        logits = scaled @ w[:-1] + w[-1]
        value = (np.logaddexp(0, logits) - taken * logits).mean() + _L2 * w[:-1] @ w[:-1]
        off = (expit(logits) - taken) / len(taken)
        slope = np.append(scaled.T @ off + 2 * _L2 * w[:-1], off.sum())
        return float(value), slope

    start = np.append(np.zeros(features.shape[1]), logit(np.clip(taken.mean(), 1e-4, 1 - 1e-4)))
    found = scipy.optimize.minimize(
        loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _EPOCHS}
    ).x
    w = found[:-1] / deviation
    return np.append(w, found[-1] - w @ mean)
