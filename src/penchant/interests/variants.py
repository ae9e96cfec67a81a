"""What only tells variants of a thing apart: its colour, how many make a set, which season it is.

    X   (n_texts, n_words)   which text has which such word, centred
    B = (XᵀX + I)⁻¹ Xᵀ E     what each word adds to a vector, (n_words, dim)

A pink cup and a blue cup are cups.  To an encoder a pink cup is also near a pink plate, and
clusters of colours are no interests; so interests are looked for beside the span of B.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np

from penchant.text.language import words
from penchant.text.stopwords import COLOURS, FILLERS
from penchant.types import Floats

__all__ = ["variant_directions"]

_SHARE: Final = 0.005
"""Share of the texts that have a word whose direction is worth knowing."""

_FEWEST: Final = 10
_NUMBER: Final = "0"
"""Stands for every number: of a set, a season, a sequel."""


def variant_directions(titles: Sequence[str], vectors: Floats) -> Floats:
    """Return an orthonormal base of what variants differ in, ``(dim, n_directions)``.

    Args:
        titles: Of the texts; what runs on after them does not tell variants apart.
        vectors: Of the texts, ``(n_texts, dim)``.
    """
    said = [_variants(title) for title in titles]
    counts = Counter(word for some in said for word in some)
    least = max(_FEWEST, _SHARE * len(titles))
    column = {
        word: at for at, word in enumerate(sorted(w for w, n in counts.items() if n >= least))
    }
    X = np.zeros((len(titles), len(column)), np.float32)
    for row, some in enumerate(said):
        X[row, [column[word] for word in some if word in column]] = 1
    X -= X.mean(axis=0) if len(X) else 0
    gram = X.T @ X + np.eye(len(column), dtype=np.float32)
    added = np.linalg.solve(gram, X.T @ vectors)
    base: Floats = np.linalg.qr(added.T)[0].astype(np.float32)
    return base


def _variants(title: str) -> set[str]:
    found = {_NUMBER if word.isdecimal() else word for word in words(title)}
    return found & (COLOURS | FILLERS | {_NUMBER})
