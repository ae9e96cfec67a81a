"""Candidates: the items that a list is chosen from.

    union over the scorers of the best `POOL` of each that may be listed

What no scorer has among its best does not come first in a sum of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from penchant.data.dataset import Histories
from penchant.recommend.lines import Line, Mask
from penchant.types import Rows

__all__ = ["POOL", "candidates", "unseen"]

POOL: Final = 100
"""Items of each scorer that lists are chosen from."""


def candidates(lines: Sequence[Line], may: Mask, *, count: int = POOL) -> Rows:
    """Return the union of the best *count* of each of *lines*, ascending, each item once.

    Args:
        lines: Scores of one history.
        may: What may be listed, ``(n_items,)``.
        count: Items of each, ≥ 1.
    """
    named = [line.best(count, may) for line in lines]
    return np.unique(np.concatenate([np.empty(0, np.int32), *named]))


def unseen(history: Histories) -> Mask:
    """Return which items a history of one user does not touch, ``(n_items,)``."""
    mask = np.ones(history.n_items, np.bool_)
    mask[history.item] = False
    return mask
