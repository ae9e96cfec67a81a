"""Scores of one history over the whole catalogue, without writing all of them out.

    at(items)         scores of these items
    mean, deviation   over the catalogue, exact: what z-scores need
    best(count)       some of the best items that may be listed: candidates

A list of ten needs a few hundred of many thousand scores.  What a scorer leaves at 0, what it says
of a text and not of an item, and products of factors have moments that are cheap to come by.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, Self

import numpy as np
import numpy.typing as npt

from penchant.data.dataset import Histories
from penchant.recommend.base import Recommender
from penchant.types import Floats, Matrix, Rows, contenders

__all__ = [
    "Among",
    "ByText",
    "Everywhere",
    "Factored",
    "Line",
    "Mask",
    "Somewhere",
    "Texts",
    "block",
    "columns_of",
    "line_of",
    "moments",
    "row_sum",
    "sets_of_columns",
]

_ZERO: Final = 1e-6
"""Deviation beside the size of scores from which they differ by more than rounding."""

_SMALL: Final = 1_000_000
"""Products that are quick enough to write out for candidates."""

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
_Number = np.floating | float


class Line(Protocol):
    """Scores of one history.

    Attributes:
        mean: Over the catalogue.
        deviation: Over the catalogue, ≥ 0; 0 where scores differ by rounding alone.
    """

    mean: float
    deviation: float

    def at(self, items: Rows) -> Floats:
        """Return the scores of *items*, ``(len(items),)``."""
        ...

    def best(self, count: int, may: Mask) -> Rows:
        """Return at most *count* of the best items that *may*, ``(n_items,)``, allows, unordered.

        None where the scorer has no way to find them quickly; others will name them.
        """
        ...


def line_of(scorer: Recommender, history: Histories) -> Line:
    """Return the scores of a batch of one history by the quickest way that *scorer* has.

    That is its method ``line(history)`` where it has one, for the same scores as ``score``.
    """
    quick: Callable[[Histories], Line] | None = getattr(scorer, "line", None)
    return quick(history) if quick else Everywhere(scorer.score(history)[0])


def block(matrix: Matrix, rows: Rows, columns: Rows) -> Floats:
    """Return matrix[rows, columns], ``(len(rows), len(columns))``, of few of many columns.

    Args:
        matrix: CSR, without duplicate entries.
        rows: Of it.
        columns: Of it, each once.
    """
    return columns_of(matrix[rows], columns)


def columns_of(part: Matrix, columns: Rows) -> Floats:
    """Return few of many *columns*, each once, of a *part* of a matrix, CSR, as `block` does."""
    (found,) = sets_of_columns(part, columns)
    return found


def sets_of_columns(part: Matrix, *sets: Rows) -> list[Floats]:
    """Return what `columns_of` does of several *sets*, looked for at once where none overlap."""
    columns = np.concatenate(sets)
    place = np.zeros(part.shape[1], np.int32)
    place[columns] = np.arange(1, len(columns) + 1, dtype=np.int32)
    if len(sets) > 1 and not np.array_equal(place[columns], np.arange(1, len(columns) + 1)):
        return [columns_of(part, each) for each in sets]
    at = place[part.indices]
    known = np.flatnonzero(at)
    row = np.repeat(np.arange(part.shape[0], dtype=np.int32), np.diff(part.indptr))[known]
    out = np.zeros((part.shape[0], len(columns)), np.float32)
    out[row, at[known] - 1] = part.data[known]
    if len(sets) == 1:
        return [out]
    ends = np.cumsum([len(each) for each in sets])[:-1]
    return [np.ascontiguousarray(each) for each in np.split(out, ends, axis=1)]


def row_sum(matrix: Matrix, rows: Rows, weights: Floats) -> Floats:
    """Return Σ_r weights_r matrix[r], ``(n_columns,)``: of few rows much quicker than a product."""
    total: Floats = matrix[rows].T @ weights
    return total


def moments(
    total: np.floating | float, squares: np.floating | float, n_items: int
) -> tuple[float, float]:
    """Return mean and deviation from sums over the catalogue."""
    mean, square = float(total) / n_items, float(squares) / n_items
    deviation = max(square - mean * mean, 0.0) ** 0.5
    return mean, deviation if deviation > _ZERO * square**0.5 else 0.0


def _largest(values: npt.NDArray[np.floating], count: int) -> npt.NDArray[np.int64]:
    """Return where the *count* largest finite values stand, ties to the first."""
    if count >= len(values):
        return np.flatnonzero(values > -np.inf)
    near = contenders(values, count)
    few = values[near]
    edge = np.partition(few, len(few) - count)[len(few) - count]
    above: npt.NDArray[np.int64] = near[few > edge]
    if edge == -np.inf:
        return above
    level = near[few == edge][: count - len(above)]
    return np.concatenate([above, level])


class Everywhere:
    """Scores that are all there.

    Args:
        scores: ``(n_items,)``.
        order: Items by falling score, where somebody has sorted them already.
    """

    def __init__(self, scores: npt.NDArray[np.floating], *, order: Rows | None = None) -> None:
        exact = np.asarray(scores, np.float64)
        self.mean, self.deviation = moments(exact.sum(), np.dot(exact, exact), max(len(exact), 1))
        self._scores = np.asarray(scores, np.float32)
        self._order = order

    def at(self, items: Rows) -> Floats:
        """Return the scores of *items*."""
        return self._scores[items]

    def best(self, count: int, may: Mask) -> Rows:
        """Return the best items that *may* be listed."""
        if self._order is None:
            return _largest(np.where(may, self._scores, -np.inf), count).astype(np.int32)
        reach = count
        while True:
            head = self._order[:reach]
            found = head[may[head]]
            if len(found) >= count or reach >= len(self._order):
                return found[:count]
            reach *= 4


class Somewhere:
    """Scores of some items; the others have 0.

    Args:
        items: Rows, each once, ``(n,)``.
        values: Their scores, ``(n,)``.
        n_items: Size of the catalogue.
    """

    def __init__(
        self, items: npt.NDArray[np.integer], values: npt.NDArray[np.floating], n_items: int
    ) -> None:
        exact = np.asarray(values, np.float64)
        self.mean, self.deviation = moments(exact.sum(), np.dot(exact, exact), max(n_items, 1))
        self._items = items
        self._values = values.astype(np.float32)
        self._n_items = n_items
        self._everywhere: Floats | None = None

    @classmethod
    def of(cls, scores: Floats) -> Self:
        """Return the line of *scores*, ``(n_items,)``, most of them 0."""
        items = np.flatnonzero(scores != 0)  # three times as fast as of the scores themselves
        line = cls(items, scores[items], len(scores))
        line._everywhere = np.asarray(scores, np.float32)
        return line

    def at(self, items: Rows) -> Floats:
        """Return the scores of *items*."""
        if self._everywhere is None:
            self._everywhere = np.zeros(self._n_items, np.float32)
            self._everywhere[self._items] = self._values
        return self._everywhere[items]

    def best(self, count: int, may: Mask) -> Rows:
        """Return the best of the items with a score that *may* be listed."""
        found = _largest(np.where(may[self._items], self._values, -np.inf), count)
        return self._items[found].astype(np.int32)


class Factored:
    """Scores x · y_i.

    Args:
        x: ``(d,)``.
        Y: ``(n_items, d)``.
        total: Σ_i y_i, ``(d,)``.
        gram: Σ_i y_i y_iᵀ, ``(d, d)``.
    """

    def __init__(self, x: Floats, Y: Floats, *, total: Numbers, gram: Numbers) -> None:
        exact = x.astype(np.float64)
        squares = float(exact @ gram @ exact)
        self.mean, self.deviation = moments(float(exact @ total), squares, max(len(Y), 1))
        self._x = x
        self._Y = Y

    def at(self, items: Rows) -> Floats:
        """Return the scores of *items*."""
        scores: Floats = self._Y[items] @ self._x
        return scores

    def best(self, count: int, may: Mask) -> Rows:
        """Return the best items of a small catalogue; of a large one none."""
        if self._Y.size > _SMALL:
            return np.empty(0, np.int32)
        return _largest(np.where(may, self._Y @ self._x, -np.inf), count).astype(np.int32)


@dataclass(frozen=True, slots=True)
class Texts:
    """Which items have which of the distinct texts.

    Attributes:
        unit: Text of each item, ``(n_items,)``.
        counts: Items of each text, ``(n_units,)``.
        items: Items by text, ``(n_items,)``.
        starts: Where those of each text start in *items*, ``(n_units,)``.
    """

    unit: Rows
    counts: npt.NDArray[np.int64]
    items: Rows
    starts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, unit: Rows, n_units: int) -> Texts:
        """Sort items by text."""
        counts = np.bincount(unit, minlength=n_units)
        items = np.argsort(unit, kind="stable").astype(np.int32)
        return cls(unit, counts, items, np.cumsum(counts) - counts)

    def listed(self, units: npt.NDArray[np.integer], may: Mask) -> Rows:
        """Return the items of texts that *may* be listed, in the order of *units*."""
        starts, counts = self.starts[units], self.counts[units]
        ends = np.cumsum(counts)
        at = np.repeat(starts - ends + counts, counts) + np.arange(ends[-1] if len(ends) else 0)
        items: Rows = self.items[at]
        return items[may[items]]


class ByText:
    """Scores of distinct texts; items of one text have the same.

    Args:
        values: ``(n_units,)``.
        texts: Which items have which.
    """

    def __init__(self, values: Floats, texts: Texts) -> None:
        exact = values.astype(np.float64)
        weighted = exact * texts.counts
        n_items = max(len(texts.unit), 1)
        self.mean, self.deviation = moments(weighted.sum(), np.dot(weighted, exact), n_items)
        self._values = values
        self._texts = texts

    def at(self, items: Rows) -> Floats:
        """Return the scores of *items*."""
        return self._values[self._texts.unit[items]]

    def best(self, count: int, may: Mask) -> Rows:
        """Return items of the best texts that *may* be listed."""
        best = _largest(self._values, count)
        best = best[np.argsort(-self._values[best], kind="stable")]
        return self._texts.listed(best, may)[:count]


class Among:
    """A line that speaks of some items alone; the others are as the mean.

    Args:
        line: What it says of them.
        inside: Which items, ``(n_items,)``.
        afresh: Whether mean and deviation are taken over these items alone.
    """

    def __init__(self, line: Line, inside: Mask, *, afresh: bool) -> None:
        self.inside = inside
        self.mean, self.deviation = line.mean, line.deviation
        self._line = line
        if afresh:
            own = Everywhere(line.at(np.flatnonzero(inside).astype(np.int32)))
            self.mean, self.deviation = own.mean, own.deviation

    def at(self, items: Rows) -> Floats:
        """Return the scores of *items*."""
        return np.where(self.inside[items], self._line.at(items), np.float32(self.mean))

    def best(self, count: int, may: Mask) -> Rows:
        """Return the best of the items inside that *may* be listed."""
        return self._line.best(count, may & self.inside)
