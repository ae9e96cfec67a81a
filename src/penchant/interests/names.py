"""Names of interests: words that a person would say.

    P, R     share of a name's weight inside the interest; share of the interest it is true of
    F        1.5 P R / (0.5 P + R)              being right counts more than being complete
    value    F + 0.3 cos(name, φ_j) − 0.2 max_k≠j cos(name, φ_k) + what reads well

A name is a phrase of the items' texts ("frozen pizza"), two labels that hold at once ("romantic
comedy"), or two phrases side by side ("bread and cereal").  The pairs of interest and name with the
highest value are given first; names are distinct over both levels, whatever their case or number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from penchant.interests.parts import RUNNING
from penchant.interests.wording import Candidate, both, either, key_of, single, written
from penchant.llm.encoders import encode_all
from penchant.llm.lsa import unit_rows
from penchant.llm.space import TextSpace
from penchant.text.keywords import Part, candidates, singular
from penchant.text.language import words
from penchant.types import Floats, Progress, Rows, silent

__all__ = ["Groups", "Named", "Phrases", "name_groups"]

_SINGLES: Final = 8
"""Phrases looked at for each interest; pairs are made of the best of them."""

_PAIRED: Final = 5
_KEYWORDS: Final = 6
_COVERS: Final = 0.05
"""Share of an interest that a name must be true of."""

_LATER: Final = 0.3
"""What a level waits for the one before it: leaves are what portraits show."""

_KNOWN: Final = 0.15
"""Value by which a name that people know is preferred among good ones."""

_OWN: Final = 0.3
_RIVAL: Final = 0.2


@dataclass(frozen=True, slots=True)
class Named:
    """What an interest is called.

    Attributes:
        name: Distinct, as one would write it in a list.
        keywords: Phrases typical of it, best first, the name not among them.
        fit: F of the name, in [0, 1]; 0 where nothing fits.
        terms: Phrases; the name is true of a text that has all of any one tuple.
    """

    name: str
    keywords: tuple[str, ...]
    fit: float
    terms: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
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


def name_groups(
    phrases: Phrases,
    levels: Sequence[Groups],
    mass: npt.NDArray[np.floating],
    *,
    space: TextSpace,
    known: Sequence[str] = (),
    progress: Progress = silent,
) -> list[list[Named]]:
    """Name the groups of each level.

    Args:
        phrases: Of the texts.
        levels: Leaves, parents.
        mass: How much each text counts, ``(n_units,)``, > 0.
        space: Reads names.
        known: Names of a fit before, preferred among good ones.
        progress: Is told how many names are encoded.

    Returns:
        One name per group, a list per level; all distinct.
    """
    offered = [_offers(phrases, level, mass) for level in levels]
    before = {key_of(name): name for name in known}
    valued = _valued(offered, levels, space=space, progress=progress)
    queue = sorted(
        (
            (
                _LATER * level - candidate.value - _KNOWN * (candidate.key in before),
                level,
                j,
                at,
            )
            for level, groups in enumerate(valued)
            for j, some in enumerate(groups)
            for at, candidate in enumerate(some)
        ),
    )
    given: dict[tuple[int, int], Candidate] = {}
    taken: set[str] = set()
    for _, level, j, at in queue:
        candidate = valued[level][j][at]
        if (level, j) not in given and candidate.key not in taken:
            given[level, j] = candidate
            taken.add(candidate.key)
    return [
        [
            _named(given.get((level, j)), some, taken=taken, known=before, number=j + 1)
            for j, some in enumerate(groups)
        ]
        for level, groups in enumerate(valued)
    ]


def _offers(
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
    measure = _Measure(phrases, np.where(level.group >= 0, mass, 0.0), level.group)
    found = []
    for j in range(n_groups):
        precision, recall = weight[j] / total, weight[j] / size[j]
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

    def _weight(self, phrase: int) -> float:
        return float(self.mass[self._units(phrase)].sum())

    def _fit(self, units: Rows, j: int, size: float) -> float:
        total = float(self.mass[units].sum())
        inside = float(self.mass[units[self.group[units] == j]].sum())
        if total <= 0 or inside < _COVERS * size:
            return 0.0
        return float(_f(np.array([inside / total]), np.array([inside / size]))[0])


_EVEN: Final = 0.4
"""Of two phrases side by side, the rarer is true of at least this share of the other's texts."""

_WEIGHTY: Final = 0.69
"""Pairs are made of phrases of labels and titles, not of running text."""


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


def _valued(
    offered: Sequence[Sequence[Sequence[Candidate]]],
    levels: Sequence[Groups],
    *,
    space: TextSpace,
    progress: Progress,
) -> list[list[list[Candidate]]]:
    """Return the candidates with what the encoder thinks of them added, best first."""
    texts = sorted({c.text for groups in offered for some in groups for c in some[:_READ]})
    raw = encode_all(space.encoder, texts, progress=progress, stage="naming interests")
    vectors = unit_rows(raw - raw.mean(axis=0)) if len(raw) else raw
    row = {text: at for at, text in enumerate(texts)}
    valued = []
    for groups, level in zip(offered, levels, strict=True):
        cosines = vectors @ level.vectors.T if len(raw) else np.zeros((0, len(level.vectors)))
        valued.append(
            [
                sorted(
                    (c.valued(_meaning(cosines[row[c.text]], j)) for c in some[:_READ]),
                    key=lambda c: (-c.value, c.text),
                )
                for j, some in enumerate(groups)
            ]
        )
    return valued


_READ: Final = 6
"""Candidates of each interest that are encoded."""


def _meaning(cosines: Floats, j: int) -> float:
    others = np.delete(cosines, j)
    return float(_OWN * cosines[j] - _RIVAL * (others.max() if len(others) else 0.0))


def _named(
    candidate: Candidate | None,
    some: Sequence[Candidate],
    *,
    taken: set[str],
    known: Mapping[str, str],
    number: int,
) -> Named:
    keywords = [c.text for c in some if c.simple and c is not candidate]
    if candidate is None:
        candidate = _fallback(some, taken, number)
        taken.add(candidate.key)
    kept: list[str] = []
    said = {singular(word) for word in words(candidate.text)}
    for keyword in keywords:
        own = {singular(word) for word in words(keyword)}
        if not own <= said and len(kept) < _KEYWORDS:
            kept.append(keyword)
            said |= own
    name = known.get(candidate.key, written(candidate.text))
    return Named(name, tuple(kept), candidate.fit, candidate.terms)


def _fallback(some: Sequence[Candidate], taken: set[str], number: int) -> Candidate:
    """Return a name where all good ones are given: two keywords together, or a number."""
    for at, a in enumerate(some):
        for b in some[at + 1 :]:
            pair = either(a.text, b.text, 0.0)
            if pair is not None and pair.key not in taken:
                return pair
    stem = some[0].text if some else "other items"
    while key_of(f"{stem} {number}") in taken:
        number += 1
    return single(f"{stem} {number}", 0.0)
