"""What each interest could be called, and how well that fits.

P, R     share of a phrase's weight inside the interest; share of the interest it is true of, no
         more than the mean of that and of the same among the texts that people see of it
F        1.5 P R / (0.5 P + R)              being right counts more than being complete
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from penchant.interests.cover import seen_texts
from penchant.interests.parts import RUNNING
from penchant.interests.wording import Candidate, both, either, key_of, single
from penchant.text.keywords import Part, candidates, singular
from penchant.types import Floats, Matrix, Rows

__all__ = ["Groups", "Phrases", "offers"]

_SINGLES: Final = 8
"""Phrases looked at for each interest; pairs are made of the best of them."""

_PAIRED: Final = 5
_COVERS: Final = 0.05
"""Share of an interest that a name must be true of."""


@dataclass(frozen=True)
class Phrases:
    """The phrases of a catalogue's texts.

    Attributes:
        names: The phrases.
        weights: Which text has which, ``(n_units, n_phrases)``, in [0, 1].
        order: Number of the column of a phrase that is a label, ``(n_phrases,)``; else −1.
        running: Whether a phrase stands in running text only, ``(n_phrases,)``.
        heads: Share of a phrase's occurrences in which it describes nothing else,
            ``(n_phrases,)``, in [0, 1].
    """

    names: list[str]
    weights: sparse.csc_array
    order: npt.NDArray[np.int32]
    running: npt.NDArray[np.bool_]
    heads: Floats

    @cached_property
    def column(self) -> dict[str, int]:
        """Column of each phrase in the weights."""
        return {name: at for at, name in enumerate(self.names)}

    @classmethod
    def of(cls, texts: Sequence[Sequence[Part]], *, place: Mapping[str, int]) -> Phrases:
        """Collect the phrases of distinct *texts*, given by their parts.

        Args:
            texts: Parts of each, from `penchant.interests.parts`.
            place: Number of each label's column; empty where one label implies another.
        """
        found = candidates(texts)
        number = {singular(label): at for label, at in place.items()}
        order = np.array([number.get(singular(name), -1) for name in found.names], np.int32)
        columns = sparse.csc_array(found.weights)
        running = np.asarray(columns.max(axis=0).toarray()).ravel() <= RUNNING
        return cls(found.names, columns, order, running, found.heads)


@dataclass(frozen=True, slots=True)
class Groups:
    """One level of interests.

    Attributes:
        group: Group of each text, ``(n_units,)``; −1 for none.
        vectors: Directions of the groups in the space of texts, ``(n_groups, dim)``.
    """

    group: Rows
    vectors: Floats


def offers(
    phrases: Phrases, level: Groups, mass: npt.NDArray[np.floating]
) -> list[list[Candidate]]:
    """Return the candidates of each group of *level*, the best fitting and reading first."""
    n_groups, n_units = len(level.vectors), len(level.group)
    inside = np.flatnonzero(level.group >= 0)
    grouped = sparse.csr_array(
        (mass[inside].astype(np.float32), (level.group[inside], inside)), (n_groups, n_units)
    )
    weight = (grouped @ phrases.weights).toarray()
    total = np.maximum(weight.sum(axis=0), 1e-9)
    size = np.maximum(np.asarray(grouped.sum(axis=1)).ravel(), 1e-9)
    seen = seen_texts(level.group, mass, count=n_groups)
    of_seen = (seen @ phrases.weights).toarray()
    measure = _Measure(phrases, np.where(level.group >= 0, mass, 0.0), level.group, seen)
    found = []
    for j in range(n_groups):
        precision = weight[j] / total
        recall = _recall(weight[j] / size[j], of_seen[j])
        quality = _f(precision, recall)
        quality[recall < _COVERS] *= 0.5
        best = _best(quality, phrases.names)
        singles = [
            single(
                phrases.names[p],
                float(quality[p]),
                running=phrases.running[p],
                head=float(phrases.heads[p]),
            )
            for p in best
        ]
        pairs = measure.pairs(best, j, size=float(size[j]), recall=recall)
        found.append(sorted([*singles, *pairs], key=lambda c: (-c.fit - c.style, c.text)))
    return found


@dataclass(frozen=True, slots=True)
class _Measure:
    """How well two phrases together fit a group."""

    phrases: Phrases
    mass: npt.NDArray[np.floating]
    group: Rows
    seen: Matrix

    def pairs(self, best: Sequence[int], j: int, *, size: float, recall: Floats) -> list[Candidate]:
        names, order = self.phrases.names, self.phrases.order
        broad = [p for p in np.argsort(-recall, kind="stable")[:12].tolist() if order[p] >= 0]
        labels = list(dict.fromkeys([*(p for p in best if order[p] >= 0), *broad]))[:_PAIRED]
        found = []
        for at, a in enumerate(labels):
            for b in labels[at + 1 :]:
                first, second = sorted((a, b), key=lambda p: (-order[p], self._weight(p), names[p]))
                units = np.intersect1d(self._units(a), self._units(b), assume_unique=True)
                fit = self._fit(units, j, size)
                found.append(both(names[first], names[second], fit, tags=order[second] > 0))
        some = best[:_PAIRED]
        for at, a in enumerate(some):
            for b in some[at + 1 :]:
                if min(recall[a], recall[b]) < _EVEN * max(recall[a], recall[b]):
                    continue
                if self._at_once(a, b):
                    continue
                units = np.union1d(self._units(a), self._units(b))
                heads = self.phrases.heads[[a, b]].tolist()
                found.append(either(names[a], names[b], self._fit(units, j, size), heads=heads))
        return [pair for pair in found if pair is not None]

    def _units(self, phrase: int) -> Rows:
        """Return the texts that have *phrase* where it weighs most."""
        start, end = self.phrases.weights.indptr[phrase : phrase + 2]
        rows = self.phrases.weights.indices[start:end]
        weights = self.phrases.weights.data[start:end]
        return np.sort(rows[weights >= _WEIGHTY])

    def _at_once(self, a: int, b: int) -> bool:
        """Tell whether most texts with the rarer phrase have the other: they are no two things."""
        first, second = self._units(a), self._units(b)
        shared = len(np.intersect1d(first, second, assume_unique=True))
        return shared > min(len(first), len(second)) / 2

    def _weight(self, phrase: int) -> float:
        return float(self.mass[self._units(phrase)].sum())

    def _fit(self, units: Rows, j: int, size: float) -> float:
        total = float(self.mass[units].sum())
        inside = float(self.mass[units[self.group[units] == j]].sum())
        if total <= 0 or inside < _COVERS * size:
            return 0.0
        start, end = self.seen.indptr[j : j + 2]
        shown = np.isin(self.seen.indices[start:end], units)
        of_seen = float(self.seen.data[start:end][shown].sum())
        recall = _recall(np.array([inside / size]), np.array([of_seen]))
        return float(_f(np.array([inside / total]), recall)[0])


_EVEN: Final = 0.4
"""Of two phrases side by side, the rarer is true of at least this share of the other's texts."""

_WEIGHTY: Final = 0.69
"""Pairs are made of phrases of labels and titles, not of running text."""


def _recall(of_all: Floats, of_seen: Floats) -> Floats:
    """Return R; what few people see may only lower it: of eight texts many phrases are true."""
    return np.minimum(of_all, (of_all + of_seen) / 2)


def _f(precision: Floats, recall: Floats) -> Floats:
    value: Floats = 1.5 * precision * recall / (0.5 * precision + recall + 1e-9)
    return value


def _best(quality: Floats, names: Sequence[str]) -> list[int]:
    """Return the best phrases of a group, each of other words than the ones before it."""
    order = np.argsort(-quality, kind="stable")[: 6 * _SINGLES].tolist()
    seen: set[str] = set()
    kept: list[int] = []
    for phrase in order:
        key = key_of(names[phrase])
        if quality[phrase] <= 0 or len(kept) == _SINGLES:
            break
        if key not in seen:
            kept.append(phrase)
            seen.add(key)
    return kept
