"""Names of interests: two words that a person would say.

    P, R     share of a phrase's weight inside the interest; share of the interest that has it
    F        1.25 P R / (0.25 P + R)                    being right counts more than being complete
    value    F + ½ cos(phrase, φ_j) − ¼ max_k≠j cos(phrase, φ_k) + ¼ if it has two words

Candidates are the phrases of the items' texts (`penchant.text.keywords`).  Names are given to the
largest interest first and are distinct over both levels, ignoring case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from penchant.llm.encoders import encode_all
from penchant.llm.lsa import unit_rows
from penchant.llm.space import TextSpace
from penchant.text.keywords import candidates, singular
from penchant.text.language import is_chinese, words
from penchant.types import Floats, Matrix, Progress, Rows, silent

__all__ = ["Named", "Phrases", "name_groups"]

_LOOKED_AT: Final = 8
"""Phrases of each interest that are encoded."""

_KEYWORDS: Final = 6
_TWO_WORDS: Final = 0.25
_COVERS: Final = 0.04
"""Share of an interest that a name must be true of."""


@dataclass(frozen=True, slots=True)
class Named:
    """What an interest is called.

    Attributes:
        name: Distinct, as one would write it in a list.
        keywords: Phrases typical of it, best first, the name not among them.
    """

    name: str
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of a catalogue's texts.

    Attributes:
        names: The phrases.
        weights: Which text has which, ``(n_units, n_phrases)``, in [0, 1].
    """

    names: list[str]
    weights: Matrix

    @classmethod
    def of(cls, texts: Sequence[str]) -> Phrases:
        """Collect the phrases of distinct *texts*."""
        return cls(*candidates(texts))


def name_groups(
    phrases: Phrases,
    group: Rows,
    mass: npt.NDArray[np.floating],
    *,
    centroids: Floats,
    space: TextSpace,
    taken: set[str],
    progress: Progress = silent,
) -> list[Named]:
    """Name each group of texts.

    Args:
        phrases: Of the texts.
        group: Group of each text, ``(n_units,)``; −1 for none.
        mass: How much each text counts, ``(n_units,)``, ≥ 0.
        centroids: Directions of the groups, ``(n_groups, dim)``.
        space: Places phrases among the texts.
        taken: Names that are given already, folded; the new ones are added.
        progress: Is told how many phrases are encoded.
    """
    quality = _quality(phrases.weights, group, mass, n_groups=len(centroids))
    looked = [_best(row, phrases.names) for row in quality]
    distinct = sorted({phrase for row in looked for phrase in row})
    vectors = _vectors([phrases.names[p] for p in distinct], space, progress)
    cosines = np.full((len(phrases.names), len(centroids)), 0.0, np.float32)
    cosines[distinct] = vectors @ centroids.T
    weight = np.bincount(group[group >= 0], mass[group >= 0], minlength=len(centroids))
    named: dict[int, Named] = {}
    for j in np.argsort(-weight, kind="stable").tolist():
        ranked = _ranked(looked[j], quality[j], cosines, phrases.names, j)
        name = next((p for p in ranked if _key(phrases.names[p]) not in taken), None)
        label = phrases.names[name] if name is not None else _fallback(ranked, phrases.names, taken)
        taken.add(_key(label))
        rest = [phrases.names[p] for p in ranked if p != name][:_KEYWORDS]
        named[j] = Named(_written(label), tuple(rest))
    return [named[j] for j in range(len(centroids))]


def _quality(
    weights: Matrix, group: Rows, mass: npt.NDArray[np.floating], *, n_groups: int
) -> Floats:
    """Return F of each phrase in each group, ``(n_groups, n_phrases)``."""
    inside = np.flatnonzero(group >= 0)
    grouped = sparse.csr_array(
        (mass[inside].astype(np.float32), (group[inside], inside)), shape=(n_groups, len(group))
    )
    weight = (grouped @ weights).toarray()
    total = np.maximum(weight.sum(axis=0), 1e-9)
    size = np.maximum(np.asarray(grouped.sum(axis=1)).ravel(), 1e-9)
    precision, recall = weight / total, weight / size[:, None]
    quality: Floats = 1.25 * precision * recall / (0.25 * precision + recall + 1e-9)
    quality[recall < _COVERS] *= 0.5
    return quality


def _best(quality: Floats, names: Sequence[str]) -> list[int]:
    """Return the best phrases of a group, without those that are part of a better one's words."""
    order = [
        p for p in np.argsort(-quality, kind="stable")[: 6 * _LOOKED_AT].tolist() if quality[p] > 0
    ]
    kept: list[int] = []
    for phrase in order:
        own = {singular(word) for word in words(names[phrase])}
        same = (p for p in kept if {singular(w) for w in words(names[p])} == own)
        if next(same, None) is None:
            kept.append(phrase)
        if len(kept) == _LOOKED_AT:
            break
    return kept


def _ranked(
    looked: Sequence[int], quality: Floats, cosines: Floats, names: Sequence[str], j: int
) -> list[int]:
    values = {}
    for phrase in looked:
        own = float(cosines[phrase, j])
        others = np.delete(cosines[phrase], j)
        rival = float(others.max()) if len(others) else 0.0
        values[phrase] = float(quality[phrase]) + 0.5 * own - 0.25 * rival
        values[phrase] += _TWO_WORDS * _two_words(names[phrase])
    return sorted(looked, key=lambda phrase: -values[phrase])


def _two_words(phrase: str) -> bool:
    return len(words(phrase)) == 2 or (is_chinese(phrase) and len(phrase) in (3, 4, 5))  # noqa: PLR2004  two words


def _vectors(names: Sequence[str], space: TextSpace, progress: Progress) -> Floats:
    """Return the vectors of short phrases, centred on their own mean, ``(len(names), dim)``."""
    raw = encode_all(space.encoder, names, progress=progress, stage="naming interests")
    return unit_rows(raw - raw.mean(axis=0)) if len(raw) else raw


def _fallback(ranked: Sequence[int], names: Sequence[str], taken: set[str]) -> str:
    """Return a name where all good ones are given: two keywords together, then a number."""
    some = [names[p] for p in ranked[:3]]
    pairs = [f"{a}, {b}" for at, a in enumerate(some) for b in some[at + 1 :]]
    number = 2
    while True:
        for label in [*pairs, f"{some[0] if some else 'other'} {number}"]:
            if _key(label) not in taken:
                return label
        number += 1


def _key(name: str) -> str:
    return " ".join(sorted(singular(word) for word in words(name))) or name.casefold()


def _written(name: str) -> str:
    return name[:1].upper() + name[1:]
