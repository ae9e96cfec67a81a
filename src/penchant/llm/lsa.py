"""An encoder that needs no model: latent semantic analysis of the texts it is fitted on.

    X  (n_texts, n_features)   log(1 + count) · idf of words and their pieces, rows of length 1
    X ≈ P Σ Qᵀ                 Q (n_features, dim): the directions of most variance
    vector of a text = x Q, of length 1

Pieces are the 3- and 4-grams of each word with its ends marked, and the 2-grams of Chinese words;
they let a plural find its singular.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, Self

import numpy as np
from scipy import sparse

from penchant.errors import NotFittedError
from penchant.llm.base import Role
from penchant.text.language import content_words, is_chinese
from penchant.text.packing import Arrays, pack_strings, unpack_strings
from penchant.types import Floats, Matrix

__all__ = ["Lsa", "main_directions", "unit_rows"]

_FEATURES: Final = 60_000
"""Features kept at most, the ones in most texts."""

_PIECE: Final = 0.5
"""Weight of a piece beside that of its word."""

_OVERSAMPLE: Final = 16
_PASSES: Final = 4


class Lsa:
    """TF-IDF of words and their pieces, reduced to its main directions.

    Args:
        dim: Length of a vector, ≥ 1.  Texts of fewer features leave the rest 0.
        seed: Start of the random projection that finds the directions.
        pieces: Whether pieces of words count beside words; without them it is quicker and sees
            less in short texts.
    """

    def __init__(self, *, dim: int = 256, seed: int = 0, pieces: bool = True) -> None:
        self.dim = dim
        self.seed = seed
        self.pieces = pieces
        self.features_: list[str] = []
        self.idf_: Floats = np.empty(0, np.float32)
        self.directions_: Floats = np.empty((0, dim), np.float32)
        self._column: dict[str, int] = {}

    @property
    def name(self) -> str:
        """``lsa`` and a digest of what it was fitted on."""
        digest = hashlib.blake2b(digest_size=8)
        digest.update(pack_strings(self.features_).tobytes())
        digest.update(self.directions_.tobytes())
        return f"lsa-{self.dim}-{digest.hexdigest()}"

    def fit(self, texts: Sequence[str]) -> Self:
        """Learn the features of *texts* and their directions, and return itself."""
        bags = [_features(text, pieces=self.pieces) for text in texts]
        counts = Counter(feature for bag in bags for feature in bag)
        # A piece that one text has tells nothing; a word of one text still can be asked for.
        kept = [f for f, n in counts.items() if n > 1 or not f.startswith("#")]
        kept = sorted(kept, key=lambda feature: (-counts[feature], feature))[:_FEATURES]
        n = len(texts)
        self._take(kept, np.array([np.log((1 + n) / (1 + counts[f])) + 1 for f in kept]))
        self.directions_ = main_directions(self._matrix(bags), dim=self.dim, seed=self.seed)
        return self

    def encode(self, texts: Sequence[str], *, role: Role = "document") -> Floats:
        """Return one vector of length 1 per text, ``(len(texts), dim)``; 0 where no word is known.

        Raises:
            NotFittedError: Before `fit`.
        """
        del role  # a query is read as a document is
        return unit_rows(self.tfidf(texts) @ self.directions_)

    def tfidf(self, texts: Sequence[str]) -> Matrix:
        """Return the weighted features, ``(len(texts), n_features)``, rows of length 1 or 0.

        Raises:
            NotFittedError: Before `fit`.
        """
        if not len(self.directions_):
            raise NotFittedError("LSA was asked before it was fitted on texts")
        return self._matrix([_features(text, pieces=self.pieces) for text in texts])

    def is_piece(self, column: int) -> bool:
        """Tell whether a feature is a piece of words, not a word."""
        return self.features_[column].startswith("#")

    def state(self) -> Arrays:
        """Return the learned arrays."""
        return {
            "features": pack_strings(self.features_),
            "idf": self.idf_,
            "directions": self.directions_,
        }

    def restore(self, state: Arrays) -> Self:
        """Take over arrays that `state` returned and return itself."""
        self._take(unpack_strings(state["features"]), state["idf"])
        self.directions_ = np.asarray(state["directions"])
        self.dim = self.directions_.shape[1]
        return self

    def _take(self, features: list[str], idf: Floats) -> None:
        self.features_ = features or [""]
        self.idf_ = np.asarray(idf if features else [1.0], dtype=np.float32)
        self._column = {feature: column for column, feature in enumerate(self.features_)}

    def _matrix(self, bags: Sequence[dict[str, float]]) -> Matrix:
        column = self._column
        rows = [[(column[f], w) for f, w in bag.items() if f in column] for bag in bags]
        indptr = np.cumsum([0, *map(len, rows)])
        indices = np.fromiter((c for row in rows for c, _ in row), np.int32, count=indptr[-1])
        data = np.fromiter((w for row in rows for _, w in row), np.float32, count=indptr[-1])
        shape = (len(bags), len(self.features_))
        matrix = sparse.csr_array(
            (np.log1p(data) * self.idf_[indices], indices, indptr), shape=shape
        )
        matrix.sort_indices()  # sums run in one order, whatever order the words came in
        lengths = np.sqrt(matrix.multiply(matrix).sum(axis=1))
        scale = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
        matrix.data *= np.repeat(scale, np.diff(matrix.indptr)).astype(np.float32)
        return matrix


def unit_rows(vectors: Floats) -> Floats:
    """Return *vectors*, ``(n, dim)``, with rows of length 1; rows of 0 stay 0."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Floats = np.divide(
        vectors, lengths, out=np.zeros(vectors.shape, np.float32), where=lengths > _ZERO
    )
    return scaled


_ZERO: Final = 1e-6
"""Below this a length is rounding, not direction."""


def _features(text: str, *, pieces: bool) -> dict[str, float]:
    """Return how often each feature is in *text*; pieces start with ``#``."""
    bag: dict[str, float] = {}
    for word in content_words(text):
        bag[word] = bag.get(word, 0.0) + 1.0
        for piece in _pieces(word) if pieces else ():
            bag[piece] = bag.get(piece, 0.0) + _PIECE
    return bag


def _pieces(word: str) -> Iterable[str]:
    if is_chinese(word):
        return (f"#{word[at : at + 2]}" for at in range(len(word) - 1))
    marked = f"^{word}$"
    return (f"#{marked[at : at + n]}" for n in (3, 4) for at in range(len(marked) - n + 1))


def main_directions(matrix: Matrix, *, dim: int, seed: int) -> Floats:
    """Return the right singular vectors of *matrix* by randomised subspace iteration.

    Halko, Martinsson and Tropp (2011), algorithm 4.4.  Returns ``(n_features, dim)``, the last
    columns 0 where the matrix has fewer directions.
    """
    rank = min(dim + _OVERSAMPLE, *matrix.shape)
    directions = np.zeros((matrix.shape[1], dim), np.float32)
    if rank == 0 or not matrix.nnz:
        return directions
    start = np.random.default_rng(seed).standard_normal((matrix.shape[1], rank), np.float32)
    basis = _orthonormal(matrix @ start)
    for _ in range(_PASSES):
        basis = _orthonormal(matrix @ _orthonormal(matrix.T @ basis))
    right = _orthonormal(matrix.T @ basis)[:, :dim]
    directions[:, : right.shape[1]] = right
    return directions


def _orthonormal(columns: Floats) -> Floats:
    """Return an orthonormal basis of *columns*, ``(n, rank)``, by falling singular value.

    By the eigenvectors of the small Gram matrix: products of matrices keep their speed on a loaded
    machine, where a threaded QR waits for its threads at every column.
    """
    values, vectors = np.linalg.eigh(columns.T.astype(np.float64) @ columns.astype(np.float64))
    kept = values > values[-1] * _ZERO
    scaled = vectors[:, kept] / np.sqrt(values[kept])
    basis: Floats = (columns @ scaled[:, ::-1]).astype(np.float32)
    return basis
