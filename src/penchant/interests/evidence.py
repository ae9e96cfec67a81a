"""What is shown of an interest to a generator: phrases that many of its texts share.

    telling   n_pj² / n_p       n_pj texts of interest j with phrase p, n_p texts of all with it

A phrase of fewer than three distinct texts, or than one in twenty, is never shown, so that no
single item, whatever it says, puts a word before a model.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import sparse

from penchant.interests.features import touches
from penchant.llm.lsa import unit_rows
from penchant.llm.space import TextSpace
from penchant.text.documents import bounded
from penchant.text.keywords import Part, candidates
from penchant.types import Floats, Matrix, Rows

__all__ = ["directions", "leaf_of_text", "shared_phrases"]

_SUPPORT: Final = 3
"""Distinct texts of an interest that share a phrase before a generator sees it, and …"""

_SHARE: Final = 0.05
"""… which share of its texts they are, at least."""

_READ: Final = 400
"""Texts of an interest that are looked at."""

_WORDS: Final = 40
"""Words of each text that are looked at."""


def leaf_of_text(V: Matrix, space: TextSpace) -> Rows:
    """Return the leaf of each distinct text, ``(n_units,)``; −1 where no item has it."""
    leaf = np.full(len(space.texts), -1, np.int32)
    leaf[space.unit] = touches(V)
    return leaf


def directions(space: TextSpace, leaf: Rows, n_leaves: int) -> Floats:
    """Return the mean direction of each leaf's texts, ``(n_leaves, dim)``, length 1."""
    inside = np.flatnonzero(leaf >= 0)
    ones = np.ones(len(inside), np.float32)
    sums = sparse.csr_array((ones, (leaf[inside], inside)), (n_leaves, len(leaf))) @ space.vectors
    return unit_rows(np.asarray(sums, np.float32))


def shared_phrases(space: TextSpace, leaf: Rows, *, n_leaves: int, most: int) -> list[list[str]]:
    """Return the phrases of each leaf that enough of its texts share, the most telling first.

    Args:
        space: Distinct texts.
        leaf: Leaf of each, ``(n_units,)``; −1 for none.
        n_leaves: How many there are.
        most: Phrases of a leaf.
    """
    read = np.concatenate([np.flatnonzero(leaf == j)[:_READ] for j in range(n_leaves)])
    parts = [[Part(bounded(space.texts[row], _WORDS), 1.0, 1.0)] for row in read]
    found = candidates(parts, min_texts=_SUPPORT)
    place = sparse.csr_array(
        (np.ones(len(read), np.float32), (leaf[read], np.arange(len(read)))), (n_leaves, len(read))
    )
    counts = (place @ (found.weights > 0).astype(np.float32)).toarray()
    telling = counts * counts / np.maximum(counts.sum(axis=0), 1)
    enough = np.maximum(_SUPPORT, _SHARE * np.bincount(leaf[read], minlength=n_leaves))
    telling[counts < enough[:, None]] = 0
    order = np.argsort(-telling, axis=1, kind="stable")[:, :most]
    return [[found.names[p] for p in order[j] if telling[j, p] > 0] for j in range(n_leaves)]
