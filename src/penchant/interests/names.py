"""Names of interests: words that a person would say.

    F        how well a name fits (`penchant.interests.offers`)
    value    F + 0.3 cos(name, φ_j) − 0.2 max_k≠j cos(name, φ_k) + what reads well
             + 0.5 how much of what people see it covers (`penchant.interests.cover`)

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

from penchant.interests.cover import TRUE, seen_texts
from penchant.interests.offers import Groups, Phrases, offers
from penchant.interests.wording import Candidate, either, key_of, single, written
from penchant.llm.encoders import encode_all
from penchant.llm.lsa import unit_rows
from penchant.llm.space import TextSpace
from penchant.text.keywords import singular
from penchant.text.language import words
from penchant.types import Floats, Matrix, Progress, Rows, silent

__all__ = ["Named", "name_groups"]

_KEYWORDS: Final = 6
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
    offered = [offers(phrases, level, mass) for level in levels]
    before = {key_of(name): name for name in known}
    valued = _valued(offered, levels, _Seen(phrases, mass), space=space, progress=progress)
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


@dataclass(frozen=True, slots=True)
class _Seen:
    """The phrases of the texts that people see of interests."""

    phrases: Phrases
    mass: npt.NDArray[np.floating]

    def texts(self, level: Groups) -> Matrix:
        """Return the share of each text in what is seen, ``(n_groups, n_units)``."""
        return seen_texts(level.group, self.mass, count=len(level.vectors))

    def true(self, candidate: Candidate, texts: Rows) -> npt.NDArray[np.bool_]:
        """Tell of which *texts* the name is true."""
        said = np.zeros(len(texts), np.bool_)
        for term in candidate.terms:
            said |= np.logical_and.reduce([self._has(phrase, texts) for phrase in term])
        return said

    def _has(self, phrase: str, texts: Rows) -> npt.NDArray[np.bool_]:
        column = self.phrases.column.get(phrase)
        if column is None:
            return np.zeros(len(texts), np.bool_)
        start, end = self.phrases.weights.indptr[column : column + 2]
        return np.isin(texts, self.phrases.weights.indices[start:end])


def _valued(
    offered: Sequence[Sequence[Sequence[Candidate]]],
    levels: Sequence[Groups],
    seen: _Seen,
    *,
    space: TextSpace,
    progress: Progress,
) -> list[list[list[Candidate]]]:
    """Return the candidates with what the encoder thinks of them added, best first."""
    texts = sorted({c.text for groups in offered for some in groups for c in some[:_READ]})
    raw = encode_all(space.encoder, texts, progress=progress, stage="naming interests")
    vectors = unit_rows(raw - raw.mean(axis=0)) if len(raw) else raw
    row = {text: at for at, text in enumerate(texts)}
    valued: list[list[list[Candidate]]] = []
    for groups, level in zip(offered, levels, strict=True):
        shown = seen.texts(level)
        middles = shown @ space.vectors
        cosines = vectors @ level.vectors.T if len(raw) else np.zeros((0, len(level.vectors)))
        valued.append([])
        for j, some in enumerate(groups):
            start, end = shown.indptr[j : j + 2]
            units, shares = shown.indices[start:end], shown.data[start:end]
            found = []
            for c in some[:_READ]:
                at = row[c.text]
                true = float(shares[seen.true(c, units)].sum())
                cover = float(vectors[at] @ middles[j]) + TRUE * true
                found.append(c.valued(_meaning(cosines[at], j), cover=cover))
            valued[-1].append(sorted(found, key=lambda c: (-c.value, c.text)))
    return valued


_READ: Final = 10
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
