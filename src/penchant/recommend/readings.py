"""What readings of cold items are made of; `penchant.recommend.cold` has the formulas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from penchant.recommend.base import State
from penchant.types import Floats, Matrix, Rows

__all__ = ["READINGS", "Readings"]

READINGS: Final = ("alike", "drawn_to", "near", "nearer", "meant", "liked")
_VOTES: Final = READINGS[2:5]

_RIDGE: Final = 20.0
_NEAR: Final = (50, 20)
_POWER: Final = 3
_MEANT: Final = 20
_POWER_MEANT: Final = 4
_AT_ONCE: Final = 20_000_000
"""Cosines that are held at a time."""

_TIE: Final = 1e-4
"""Cosine that the most used item is worth: of equal texts those count that people took."""

_SMALL: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Readings:
    """Readings of cold items; what belongs to cold items is centred over them.

    Attributes:
        words: θ, ``(n_items, dim)``.
        weight: w, ``(n_items,)``.
        alike: θ of the cold items, ``(n_cold, dim)``.
        drawn_to: A θ of the cold items, ``(n_cold, dim)``.
        votes: c / Σ c of the neighbours, CSR ``(n_cold, n_items)`` each, not centred.
        liked: w as the ridge reads it from the texts of the cold items, ``(n_cold,)``.
    """

    words: Floats
    weight: Floats
    alike: Floats
    drawn_to: Floats
    votes: tuple[Matrix, Matrix, Matrix]
    liked: Floats

    @classmethod
    def nothing(cls) -> Readings:
        """Return readings of no items."""
        none = np.empty((0, 0), np.float32)
        empty = sparse.csr_array((0, 0), dtype=np.float32)
        return cls(none, none.ravel(), none, none, (empty, empty, empty), none.ravel())

    @classmethod
    def learn(
        cls, words: Floats, meant: Floats, *, uses: npt.NDArray[np.integer], cold: Rows
    ) -> Readings:
        """Learn the readings of the items *cold*.

        Args:
            words: θ, ``(n_items, dim)``.
            meant: The items' texts as the encoder has them, ``(n_items, dim_encoder)``.
            uses: Positive contacts of each item, ``(n_items,)``; some are above 0.
            cold: Rows of items, at least one.
        """
        known, weight = np.flatnonzero(uses > 0), np.log1p(uses).astype(np.float32)
        tie = _TIE * weight / weight.max()
        near, nearer = (_votes(words, cold, known, count=k, power=_POWER, tie=tie) for k in _NEAR)
        drawn_to = _folded(words, weight, cold)
        last = _votes(meant, cold, known, count=_MEANT, power=_POWER_MEANT, tie=tie)
        return cls(
            words=words,
            weight=weight,
            alike=_centred(words[cold]),
            drawn_to=_centred(drawn_to),
            votes=(near, nearer, last),
            liked=_centred(drawn_to @ _total_use(words, weight)),
        )

    @classmethod
    def of(cls, state: State) -> Readings:
        """Return what `state` described."""
        shape = (len(state["alike"]), len(state["weight"]))
        first, second, third = (
            sparse.csr_array(
                (state[f"{name}_data"], state[f"{name}_items"], state[f"{name}_indptr"]),
                shape=shape,
            )
            for name in _VOTES
        )
        return cls(
            words=state["words"],
            weight=np.asarray(state["weight"]),
            alike=np.asarray(state["alike"]),
            drawn_to=np.asarray(state["drawn_to"]),
            votes=(first, second, third),
            liked=np.asarray(state["liked"]),
        )

    def state(self) -> State:
        """Return the arrays by name."""
        arrays = {
            "words": self.words,
            "weight": self.weight,
            "alike": self.alike,
            "drawn_to": self.drawn_to,
            "liked": self.liked,
        }
        for name, votes in zip(_VOTES, self.votes, strict=True):
            arrays |= {
                f"{name}_data": votes.data,
                f"{name}_items": votes.indices,
                f"{name}_indptr": votes.indptr,
            }
        return arrays

    def of_users(self, taken: Matrix) -> Floats:
        """Return the readings, centred, ``(n_users, n_cold, len(READINGS))``.

        Args:
            taken: x, ``(n_users, n_items)``.
        """
        weighted = sparse.csr_array(taken * self.weight[None, :])
        voted = [(taken @ votes.T).toarray() for votes in self.votes]
        return np.stack(
            [
                (taken @ self.words) @ self.alike.T,
                (weighted @ self.words) @ self.drawn_to.T,
                *(v - v.mean(axis=1, keepdims=True) for v in voted),
                np.broadcast_to(self.liked, voted[0].shape),
            ],
            axis=2,
        ).astype(np.float32)

    def parts(self, past: Rows, places: npt.NDArray[np.integer]) -> Floats:
        """Return what each of *past* items adds to the readings of the cold items at *places*.

        Returns:
            ``(len(past), len(places), len(READINGS))``.
        """
        own = self.words[past]
        voted = [
            votes[places][:, past].toarray().T - votes.mean(axis=0)[past][:, None]
            for votes in self.votes
        ]
        drawn_to = (own * self.weight[past][:, None]) @ self.drawn_to[places].T
        none = np.zeros_like(drawn_to)
        return np.stack([own @ self.alike[places].T, drawn_to, *voted, none], axis=2)


def _centred(vectors: Floats) -> Floats:
    centred: Floats = vectors - vectors.mean(axis=0)
    return centred


def _folded(words: Floats, weight: Floats, cold: Rows) -> Floats:
    """Return A θ of the cold items, ``(n_cold, dim)``."""
    gram = (words * weight[:, None]).T @ words + _RIDGE * np.eye(words.shape[1], dtype=np.float32)
    folded: Floats = np.linalg.solve(gram, words[cold].T).T.astype(np.float32)
    return folded


def _total_use(words: Floats, weight: Floats) -> Floats:
    """Return Σ_h w_h θ_h (w_h − the mean of w, weighted by itself), ``(dim,)``."""
    mean = np.float32(np.square(weight).sum() / weight.sum())
    total: Floats = words.T @ (weight * (weight - mean))
    return total


def _votes(
    vectors: Floats,
    cold: Rows,
    known: npt.NDArray[np.integer],
    *,
    count: int,
    power: int,
    tie: Floats,
) -> Matrix:
    """Return c / Σ c of the nearest *known* items of each of *cold*, CSR ``(n_cold, n_items)``."""
    count = min(count, len(known))
    found, cosine = [], []
    step = max(1, _AT_ONCE // len(known))
    for start in range(0, len(cold), step):
        near = vectors[cold[start : start + step]] @ vectors[known].T
        best = np.argpartition(-(near + tie[known]), count - 1, axis=1)[:, :count]
        found.append(known[best])
        cosine.append(np.maximum(np.take_along_axis(near, best, axis=1), 0))
    votes = np.concatenate(cosine) ** power
    votes /= np.maximum(votes.sum(axis=1, keepdims=True), _SMALL)
    indptr = np.arange(0, votes.size + 1, count)
    matrix = sparse.csr_array(
        (votes.ravel().astype(np.float32), np.concatenate(found).ravel().astype(np.int32), indptr),
        shape=(len(cold), len(vectors)),
    )
    matrix.sort_indices()
    return matrix
