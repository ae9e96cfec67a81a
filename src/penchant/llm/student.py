"""A static student of an encoder: tables of words and their pieces, for many short texts.

    t_w       what the encoder makes of word w alone, centred on the mean of all words
    S(text)   Σ_w g_w t_w / Σ_w g_w over its words      g_w = .01 / (.01 + w's share of all words)
    x         the text's words and pieces, as LSA weighs them, of length 1
    student   s S(text) + x T

s is the best scale, and T takes what S leaves by kernel ridge on texts that the encoder has read::

    T = Xᵀ (X Xᵀ + λ I)⁻¹ (E − s S)

What it cannot tell it leaves near S, not near 0.  Long texts are more than their words: it is for
short ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

from penchant.llm.base import Encoder
from penchant.llm.encoders import encode_all
from penchant.llm.lsa import Lsa, unit_rows
from penchant.text.packing import Arrays
from penchant.types import Floats, Matrix, Progress, silent

__all__ = ["Agreement", "Student"]

_RARE: Final = 0.01
_RIDGE: Final = 0.3
_HELD_OUT: Final = 5
"""One text of so many that the encoder has read tells how well the student does."""

_NEIGHBOURS: Final = 10
_LOOKED_AT: Final = 500
"""Held-out texts whose neighbours are compared."""

_TINY: Final = 1e-9


class Agreement(NamedTuple):
    """How well a student does on texts that it was not taught.

    Attributes:
        cosine: Mean cosine to the encoder's vectors, in [−1, 1].
        neighbours: Mean share of the ten nearest that are the encoder's, in [0, 1].
    """

    cosine: float
    neighbours: float


@dataclass(frozen=True, slots=True)
class Student:
    """Learned tables.

    Attributes:
        words: Columns of the LSA's features that are words the encoder has read, ``(n_words,)``.
        weights: g of each, ``(n_words,)``.
        meanings: s t of each, ``(n_words, dim)``.
        columns: Columns of the LSA's features that T has rows for, ``(n_rows,)``.
        table: T, ``(n_rows, dim)``.
    """

    words: npt.NDArray[np.int64]
    weights: Floats
    meanings: Floats
    columns: npt.NDArray[np.int64]
    table: Floats

    @classmethod
    def learn(
        cls,
        taught: Matrix,
        vectors: Floats,
        *,
        everything: Matrix,
        lsa: Lsa,
        encoder: Encoder,
        most: int = 4000,
        seed: int = 0,
        progress: Progress = silent,
    ) -> tuple[Self, Agreement]:
        """Learn from texts that the encoder has read, and say how well on a part held out.

        Args:
            taught: Their features, from `Lsa.tfidf`, ``(n_taught, n_features)``.
            vectors: The encoder's vectors of them, centred, ``(n_taught, dim)``.
            everything: Features of all texts, for how common words are.
            lsa: Names the features.
            encoder: Reads single words.
            most: Words that it reads, the most common ones.
            seed: Start of the draw of what is held out.
            progress: Is told how many words are read.
        """
        words, weights, meanings = _read_words(
            lsa, everything, encoder=encoder, most=most, progress=progress
        )
        held = np.zeros(len(vectors), np.bool_)
        order = np.random.default_rng(seed).permutation(len(vectors))
        held[order[: len(vectors) // _HELD_OUT]] = True
        tried = cls._fitted(taught[~held], vectors[~held], words, weights, meanings)
        agreement = _agreement(tried.place(taught[held]), unit_rows(vectors[held]))
        return cls._fitted(taught, vectors, words, weights, meanings), agreement

    def place(self, features: Matrix) -> Floats:
        """Return vectors of length 1 of texts, 0 for those without a known feature.

        Args:
            features: From the `Lsa.tfidf` that it was taught with, ``(n, n_features)``.
        """
        told = _mean_word(features[:, self.words], self.weights) @ self.meanings
        told += features[:, self.columns] @ self.table
        return unit_rows(np.asarray(told, np.float32))

    def state(self) -> Arrays:
        """Return the learned arrays."""
        return {
            "student_words": self.words,
            "student_weights": self.weights,
            "student_meanings": self.meanings,
            "student_columns": self.columns,
            "student_table": self.table,
        }

    @classmethod
    def restore(cls, state: Arrays) -> Self | None:
        """Return what `state` described; None where there is nothing of it."""
        if "student_words" not in state:
            return None
        return cls(
            words=np.asarray(state["student_words"]),
            weights=np.asarray(state["student_weights"]),
            meanings=np.asarray(state["student_meanings"]),
            columns=np.asarray(state["student_columns"]),
            table=np.asarray(state["student_table"]),
        )

    @classmethod
    def _fitted(
        cls,
        taught: Matrix,
        vectors: Floats,
        words: npt.NDArray[np.int64],
        weights: Floats,
        meanings: Floats,
    ) -> Self:
        simple = _mean_word(taught[:, words], weights) @ meanings
        scale = float((simple * vectors).sum() / max(float(np.square(simple).sum()), _TINY))
        columns = np.unique(taught.indices).astype(np.int64)
        known = sparse.csr_array(taught[:, columns])
        kernel = (known @ known.T).toarray()
        kernel[np.diag_indices_from(kernel)] += _RIDGE
        table = known.T @ np.linalg.solve(kernel, vectors - np.float32(scale) * simple)
        return cls(
            words, weights, meanings * np.float32(scale), columns, np.asarray(table, np.float32)
        )


def _read_words(
    lsa: Lsa, everything: Matrix, *, encoder: Encoder, most: int, progress: Progress
) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    """Return columns of the most common words, their weights and their centred meanings."""
    counts = np.bincount(everything.indices, minlength=everything.shape[1])
    order = [c for c in np.argsort(-counts, kind="stable") if not lsa.is_piece(int(c))][:most]
    words = np.sort(np.array(order, np.int64))
    names = [lsa.features_[column] for column in words]
    read = encode_all(encoder, names, progress=progress, stage="reading words")
    meanings = read - read.mean(axis=0) if len(read) else read
    share = counts[words] / max(counts[words].sum(), 1)
    return words, (_RARE / (_RARE + share)).astype(np.float32), meanings.astype(np.float32)


def _mean_word(features: Matrix, weights: Floats) -> Matrix:
    """Return g of the words of each text, rows of sum 1 or 0, ``(n, n_words)``."""
    has = sparse.csr_array(features)
    data = weights[has.indices]
    total = np.bincount(
        np.repeat(np.arange(has.shape[0]), np.diff(has.indptr)), data, minlength=has.shape[0]
    )
    scale = np.repeat(np.maximum(total, _TINY), np.diff(has.indptr))
    shares = (data / scale).astype(np.float32)
    return sparse.csr_array((shares, has.indices, has.indptr), shape=has.shape)


def _agreement(placed: Floats, vectors: Floats) -> Agreement:
    cosine = float((placed * vectors).sum(axis=1).mean()) if len(vectors) else 0.0
    count = min(_NEIGHBOURS, len(vectors) - 1)
    if count < 1:
        return Agreement(cosine, 0.0)
    some = np.arange(min(len(vectors), _LOOKED_AT))
    near = []
    for space in (placed, vectors):
        like = space[some] @ space.T
        like[some, some] = -np.inf
        near.append(np.argpartition(-like, count - 1, axis=1)[:, :count])
    shared = [len(np.intersect1d(*pair)) / count for pair in zip(*near, strict=True)]
    return Agreement(cosine, float(np.mean(shared)))
