"""Which interests' names are true of a text: what makes a name find its items.

    T[i, j]   weight of the place in text i where all phrases of one of name j's terms stand, in
              [0, 1]; 0 where they do not        T (n_texts, n_leaves)

Added to the cosine of text and interest, so that of two films on the fence the one that is listed
under crime and thriller is the one in "Crime thriller".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np

from penchant.text.keywords import Part, said_of, singular
from penchant.types import Floats

__all__ = ["TRUTH", "Terms", "truth", "truth_of"]

TRUTH: Final = 0.4
"""What a name that is true adds to a cosine."""

Terms: TypeAlias = tuple[tuple[str, ...], ...]
"""Phrases of a name; it is true of a text that has all of any one tuple."""


def truth(texts: Sequence[Sequence[Part]], terms: Sequence[Terms]) -> Floats:
    """Return T, ``(len(texts), len(terms))``.

    Args:
        texts: Parts of each text.
        terms: Of each name.
    """
    return truth_of(map(said_of, texts), terms, count=len(texts))


def truth_of(said: Iterable[Mapping[str, float]], terms: Sequence[Terms], *, count: int) -> Floats:
    """Return T, ``(count, len(terms))``, of what each of *count* texts has *said*, by phrase."""
    wanted = {singular(phrase) for some in terms for term in some for phrase in term}
    where: dict[str, Floats] = {phrase: np.zeros(count, np.float32) for phrase in wanted}
    for row, phrases in enumerate(said):
        for phrase in wanted & phrases.keys():
            where[phrase][row] = phrases[phrase]
    T = np.zeros((count, len(terms)), np.float32)
    for j, some in enumerate(terms):
        for term in some:
            all_of = np.minimum.reduce([where[singular(phrase)] for phrase in term])
            T[:, j] = np.maximum(T[:, j], all_of)
    return T
