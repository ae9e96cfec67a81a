"""Reranking: a list that is less of the same.

Max-sum diversification (Gollapudi and Sharma, 2009), greedily; the next item is::

    argmax_i  (1 − d) (1 − c) · rel_i  −  d / 2 · Σ_{j listed} like(i, j)  −  c · cost_i

    rel    scores of the pool, scaled so that the first `HEAD` places span 1
    like   a third of the cosine of texts, two thirds of that of interests
    d      diversity: 0 keeps the ranking, 1 looks at difference alone
    c      calibration: how much the portrait's shares count, `penchant.rank.calibration`

Relevance has the same scale whatever the pool, so a longer list begins like a shorter one.  Pins
stand before, and what the caps of rules close is passed over.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from penchant.errors import UsageError
from penchant.metrics import unit_rows
from penchant.rank.calibration import Shares
from penchant.rank.rules import Room
from penchant.recommend.lines import Mask
from penchant.types import Floats, Rows

__all__ = ["PLACES", "check_diversity", "diversify", "looks"]

PLACES: Final = 10
"""Items looked at for each place of a list."""

HEAD: Final = 40
"""Places of a ranking over which relevance falls by 1."""

_TEXT: Final = 1 / 3
"""What texts count beside interests."""


def check_diversity(diversity: float) -> None:
    """Refuse a diversity outside [0, 1].

    Raises:
        UsageError: If so.
    """
    if not 0 <= diversity <= 1:
        raise UsageError(f"diversity must be in [0, 1], got {diversity!r}")


def looks(texts: Floats, interests: Floats) -> Floats:
    """Return vectors whose products say how alike items are, ``(n, dim + n_leaves)``.

    Args:
        texts: Of the items, ``(n, dim)``, length 1 or 0.
        interests: Of the items, ``(n, n_leaves)``, of any length.
    """
    return np.hstack([np.sqrt(_TEXT) * texts, np.sqrt(1 - _TEXT) * unit_rows(interests)])


def diversify(
    scores: Floats,
    vectors: Floats,
    *,
    k: int,
    diversity: float,
    room: Room,
    pinned: int = 0,
    ordered: int = 0,
    shares: Shares | None = None,
) -> Rows:
    """Return positions in a pool of the *k* items to list, in the order of listing.

    Args:
        scores: Of the pool, ``(n,)``.
        vectors: Of the pool, ``(n, dim)``, from `looks`.
        k: Length of the list; it is shorter where the pool or the room is.
        diversity: d, in [0, 1].
        room: What caps leave of the pool; the listed items are taken from it.
        pinned: How many stand first, whatever their scores.
        ordered: How many after these are listed in their order only, with others among them.
        shares: What calibration costs; the listed items are taken from it; None: nothing.
    """
    chosen: list[int] = []
    free = -np.sort(-scores[pinned:])
    spread = float(free[0] - free[min(HEAD, len(free)) - 1]) if len(free) else 0.0
    relevance = (scores - free[0]) / spread if spread > 0 else np.zeros(len(scores))
    alike = np.zeros(len(scores))
    while len(chosen) < k and room.open.any():
        pins = room.open[:pinned]
        if pins.any():
            best = int(pins.argmax())
        else:
            value = (1 - diversity) * relevance - diversity / 2 * alike
            if shares is not None:
                value -= shares.weight * ((1 - diversity) * relevance + shares.costs())
            may = _in_turn(room.open, start=pinned, stop=pinned + ordered)
            best = int(np.where(may, value, -np.inf).argmax())  # of equals the better ranked
        room.take(best)
        chosen.append(best)
        if shares is not None:
            shares.take(best)
        alike += vectors @ vectors[best]
    return np.array(chosen, np.int32)


def _in_turn(may: Mask, *, start: int, stop: int) -> Mask:
    """Return what *may* be listed next, of the places from *start* to *stop* the first alone."""
    out = may.copy()
    out[start + np.flatnonzero(may[start:stop])[1:]] = False
    return out
