"""Examples from a cut: who was tested, what each scorer would have listed, what was taken.

users      at most `_USERS` of the tested ones, evenly spread
examples   for each the union of each scorer's best `_TOP` unseen items
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from penchant.data.splits import Held, Split
from penchant.rank.candidates import candidates, unseen
from penchant.rank.fusion import Examples, drawn
from penchant.recommend.base import Recommender
from penchant.recommend.lines import line_of
from penchant.types import Progress, Rows

__all__ = ["enough", "examples_of", "spread"]

_TOP: Final = 20
"""Items of each scorer that weights are learned on."""

_TOLD: Final = 100
"""Users between two words about progress."""

_USERS: Final = 1500
"""Validation users looked at, spread evenly."""

_ENOUGH: Final = 20
"""Validation users from which weights are learned."""


def enough(users: Rows) -> bool:
    """Tell whether there is something to learn from so many users."""
    return len(users) >= _ENOUGH


def spread(held: Held) -> Rows:
    """Return positions of at most `_USERS` users of *held*, evenly spread."""
    count = min(len(held), _USERS)
    return np.linspace(0, len(held) - 1, count).astype(np.int32) if count else np.empty(0, np.int32)


def examples_of(
    scorers: Sequence[Recommender], cut: Split, positions: Rows, *, progress: Progress
) -> Examples:
    """Ask *scorers* for candidates of users, and tell which of these they took.

    Args:
        scorers: Fitted on what came before the *cut*.
        cut: Of the data.
        positions: Of the users among the tested ones, at least one.
        progress: Is told how many users have been looked at.
    """
    held = cut.test.take(positions)
    wanted, histories = held.matrix(), cut.train.histories(held.users)
    features, target = [], []
    for row in range(len(held)):
        if row % _TOLD == 0:
            progress("comparing scorers", row, len(held))
        history = histories.take([row])
        lines = [line_of(scorer, history) for scorer in scorers]
        items = candidates(lines, unseen(history), count=_TOP)
        features.append(np.stack([drawn(line, items) for line in lines], axis=1))
        own = wanted.indices[wanted.indptr[row] : wanted.indptr[row + 1]]
        target.append(np.isin(items, own))
    progress("comparing scorers", len(held), len(held))
    indptr = np.cumsum([0, *map(len, target)])
    return Examples(indptr, np.concatenate(features), np.concatenate(target), held.counts)
