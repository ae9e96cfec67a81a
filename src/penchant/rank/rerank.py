"""Reranking: a list that is less of the same.

Maximal marginal relevance (Carbonell and Goldstein, 1998): the next item is::

    argmax_i  (1 − d) · rel_i  −  d · max_{j listed} cos(θ_i, θ_j)

    rel   scores of the pool, scaled to [0, 1]
    θ     vectors of the items' texts
    d     diversity: 0 keeps the ranking, 1 looks at difference alone

Pins stand before, and what the caps of rules close is passed over.
"""

from __future__ import annotations

import numpy as np

from penchant.errors import UsageError
from penchant.rank.rules import Room
from penchant.types import Floats, Rows

__all__ = ["PLACES", "check_diversity", "diversify"]

PLACES = 10
"""Items looked at for each place of a list."""


def check_diversity(diversity: float) -> None:
    """Refuse a diversity outside [0, 1].

    Raises:
        UsageError: If so.
    """
    if not 0 <= diversity <= 1:
        raise UsageError(f"diversity must be in [0, 1], got {diversity!r}")


def diversify(
    scores: Floats, vectors: Floats, *, k: int, diversity: float, room: Room, pinned: int = 0
) -> Rows:
    """Return positions in a pool of the *k* items to list, in the order of listing.

    Args:
        scores: Of the pool, after the pins descending, ``(n,)``.
        vectors: Of the pool, ``(n, dim)``, length 1 or 0.
        k: Length of the list; it is shorter where the pool or the room is.
        diversity: d, in [0, 1].
        room: What caps leave of the pool; the listed items are taken from it.
        pinned: How many stand first, whatever their scores.
    """
    chosen: list[int] = []
    free = scores[pinned:]
    spread = float(free[0] - free[-1]) if len(free) else 0.0
    relevance = (scores - free[-1]) / spread if spread > 0 else np.zeros(len(scores))
    nearest = np.zeros(len(scores))
    while len(chosen) < k and room.open.any():
        pins = room.open[:pinned]
        if pins.any():
            best = int(pins.argmax())
        else:
            value = (1 - diversity) * relevance - diversity * nearest
            best = int(np.where(room.open, value, -np.inf).argmax())  # of equals the better ranked
        room.take(best)
        chosen.append(best)
        cosine = vectors @ vectors[best]
        nearest = cosine if len(chosen) == 1 else np.maximum(nearest, cosine)
    return np.array(chosen, np.int32)
