"""What readings of cold items are made of; `penchant.recommend.cold` has the formulas."""

from __future__ import annotations

from collections.abc import Sequence
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
        votes: c / Σ c of the neighbours, CSR ``(n_items, n_cold)`` each, not centred.
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
        weight = np.log1p(uses).astype(np.float32)
        known = np.flatnonzero(uses > 0)
        tie = _TIE * weight / weight.max()
        near, nearer = _votes(words, cold, known, counts=_NEAR, power=_POWER, tie=tie)
        drawn_to = _folded(words, weight, cold)
        (last,) = _votes(meant, cold, known, counts=(_MEANT,), power=_POWER_MEANT, tie=tie)
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
        shape = (len(state["weight"]), len(state["alike"]))
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
        voted = [(taken @ votes).toarray() for votes in self.votes]
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
            own_votes[:, places].toarray() - own_votes.mean(axis=1)[:, None]
            for own_votes in (votes[past] for votes in self.votes)
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
    counts: Sequence[int],
    power: int,
    tie: Floats,
) -> list[Matrix]:
    """Return c / Σ c of so many nearest *known* items of each of *cold*, ``(n_items, n_cold)``.

    Args:
        vectors: ``(n_items, dim)``.
        cold: Rows of items.
        known: Rows of items that can be neighbours.
        counts: How many are, for each of the matrices; falling.
        power: Of cosines.
        tie: What is added to cosines in choosing, ``(n_items,)``.
    """
    most = min(counts[0], len(known))
    found, cosine = [], []
    step = max(1, _AT_ONCE // len(known))
    first, of_same = _distinct(vectors[cold])
    for start in range(0, len(first), step):
        near = vectors[cold[first[start : start + step]]] @ vectors[known].T
        near += tie[known]
        best = np.argpartition(-near, most - 1, axis=1)[:, :most]
        order = np.argsort(-np.take_along_axis(near, best, axis=1), axis=1, kind="stable")
        best = np.take_along_axis(best, order, axis=1)
        near -= tie[known]
        found.append(known[best])
        cosine.append(np.maximum(np.take_along_axis(near, best, axis=1), 0))
    items, votes = np.concatenate(found)[of_same], np.concatenate(cosine)[of_same] ** power
    return [_matrix(items[:, :count], votes[:, :count], len(vectors)) for count in counts]


def _distinct(vectors: Floats) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return a row of each distinct vector, and which of these each is; shops repeat texts."""
    rows = np.ascontiguousarray(vectors)
    whole = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
    _, first, of_same = np.unique(whole, return_index=True, return_inverse=True)
    return first, of_same


def _matrix(items: npt.NDArray[np.integer], votes: Floats, n_items: int) -> Matrix:
    """Return the *votes* of *items* for cold ones, ``(n_cold, count)``, shared out, by item."""
    shares = votes / np.maximum(votes.sum(axis=1, keepdims=True), _SMALL)
    place = np.repeat(np.arange(len(items), dtype=np.int32), items.shape[1])
    return sparse.csr_array(
        (shares.ravel().astype(np.float32), (items.ravel().astype(np.int32), place)),
        shape=(n_items, len(items)),
    )
