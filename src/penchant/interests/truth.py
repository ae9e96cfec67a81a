"""Which interests' names are true of a text: what makes a name find its items.

    T[i, j]   weight of the place in text i where all phrases of one of name j's terms stand, in
              [0, 1]; 0 where they do not        T (n_texts, n_leaves)

Added to the cosine of text and interest, so that of two films on the fence the one that is listed
under crime and thriller is the one in "Crime thriller".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np

from penchant.text.keywords import Part, said_of, singular
from penchant.types import Floats

__all__ = ["TRUTH", "Terms", "truth"]

TRUTH: Final = 0.3
"""What a name that is true adds to a cosine."""

Terms: TypeAlias = tuple[tuple[str, ...], ...]
"""Phrases of a name; it is true of a text that has all of any one tuple."""


def truth(texts: Sequence[Sequence[Part]], terms: Sequence[Terms]) -> Floats:
    """Return T, ``(len(texts), len(terms))``.

    Args:
        texts: Parts of each text.
        terms: Of each name.
    """
    wanted = {singular(phrase) for some in terms for term in some for phrase in term}
    said = [
        {phrase: weight for phrase, weight in said_of(parts).items() if phrase in wanted}
        for parts in texts
    ]
    where: dict[str, Floats] = {phrase: np.zeros(len(texts), np.float32) for phrase in wanted}
    for row, phrases in enumerate(said):
        for phrase, weight in phrases.items():
            where[phrase][row] = weight
    T = np.zeros((len(texts), len(terms)), np.float32)
    for j, some in enumerate(terms):
        for term in some:
            all_of = np.minimum.reduce([where[singular(phrase)] for phrase in term])
            T[:, j] = np.maximum(T[:, j], all_of)
    return T
