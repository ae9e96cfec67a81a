"""The best of very many texts, found without looking at each.

    near    some texts with the largest x · θ, by usearch (HNSW): nearly always the largest
    at      x · θ of whatever is asked about, exact
    mean, deviation over the catalogue, exact, from Σ n_t θ_t and Σ n_t θ_t θ_tᵀ

A list is chosen among what each scorer names and ranked by exact scores, so that only a name may be
missed.  It needs the extra ``large``; without it each text is looked at.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, Self

import numpy as np
import numpy.typing as npt

from penchant.recommend.lines import Mask, Texts, moments
from penchant.types import Floats, Rows

if TYPE_CHECKING:
    from usearch.index import Index

__all__ = ["MANY", "Near", "NearText"]

MANY: Final = 50_000
"""Distinct texts from which they are no longer all looked at for a list."""


class Near:
    """Finds vectors with a large inner product.

    Args:
        vectors: θ, ``(n_texts, dim)``.
        index: usearch's, of them.
    """

    def __init__(self, vectors: Floats, index: Index) -> None:
        self.vectors = vectors
        self._index = index

    @classmethod
    def of(cls, vectors: Floats) -> Self | None:
        """Build it, on one thread and so always the same; None without the extra ``large``."""
        index = _empty(vectors.shape[1])
        if index is None:
            return None
        index.add(np.arange(len(vectors)), np.asarray(vectors, np.float32), threads=1)
        return cls(vectors, index)

    @classmethod
    def restored(cls, vectors: Floats, saved: npt.NDArray[np.uint8]) -> Self | None:
        """Return what `state` was taken of; None without the extra ``large``."""
        index = _empty(vectors.shape[1])
        if index is None:
            return None
        index.load(bytearray(saved.tobytes()))
        return cls(vectors, index)

    def state(self) -> npt.NDArray[np.uint8]:
        """Return what `restored` takes, ``(n_bytes,)``."""
        return np.frombuffer(self._index.save() or b"", np.uint8)

    def best(self, x: Floats, count: int) -> npt.NDArray[np.int64]:
        """Return some *count* rows with a large inner product with *x*, best first."""
        found = self._index.search(np.asarray(x, np.float32), count, threads=1)
        rows = np.asarray(found.keys, np.int64)
        return rows[np.argsort(-(self.vectors[rows] @ x), kind="stable")]


class NearText:
    """Scores x · θ of distinct texts of very many; items of one text have the same.

    Args:
        near: Of the texts.
        texts: Which items have which.
    """

    def __init__(self, near: Near, texts: Texts) -> None:
        self.near = near
        self.texts = texts

    def line(self, x: Floats) -> _NearLine:
        """Return the scores of all items for *x*, ``(dim,)``."""
        return _NearLine(x, self)

    @cached_property
    def sums(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Σ n_t θ_t, ``(dim,)``, and Σ n_t θ_t θ_tᵀ, ``(dim, dim)``."""
        dim = self.near.vectors.shape[1]
        total, gram = np.zeros(dim), np.zeros((dim, dim))
        for start in range(0, len(self.texts.counts), _ROWS):
            part = np.asarray(self.near.vectors[start : start + _ROWS], np.float64)
            counted = part * self.texts.counts[start : start + _ROWS, None]
            total += counted.sum(axis=0)
            gram += counted.T @ part
        return total, gram


class _NearLine:
    def __init__(self, x: Floats, known: NearText) -> None:
        total, gram = known.sums
        exact = x.astype(np.float64)
        n_items = len(known.texts.unit)
        self.mean, self.deviation = moments(
            float(exact @ total), float(exact @ gram @ exact), n_items
        )
        self._x = x
        self._known = known

    def at(self, items: Rows) -> Floats:
        """Return the scores of *items*."""
        scores: Floats = self._known.near.vectors[self._known.texts.unit[items]] @ self._x
        return scores

    def best(self, count: int, may: Mask) -> Rows:
        """Return items of the best texts that *may* be listed."""
        return self._known.texts.listed(self._known.near.best(self._x, count), may)[:count]


_ROWS: Final = 10_000


def _empty(dim: int) -> Index | None:
    try:
        from usearch.index import Index  # noqa: PLC0415  an extra
    except ImportError:
        return None
    return Index(ndim=dim, metric="ip", dtype="f16")
