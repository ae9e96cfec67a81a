"""What the scores of a list are made of: parts that add up to them.

    of the history     w_s F_s of each scorer s
    with what is known (w_0 + w_1 own) w_s F_s, and `AGAIN`: what speaks for taking it again
    asked for          h w_s F_s / σ of each scorer, `LEVEL` = h z − Σ of these, `WISHES` and
                       `STEERING`; h = ½ beside wishes, else 1; z, σ of the hybrid's scores

They are for showing: `penchant.engine.lists` ranks, and says what a score is.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from penchant.data.dataset import Histories
from penchant.engine.fitted import Fitted
from penchant.engine.wanted import Wanted
from penchant.rank.fusion import standardised
from penchant.recommend.views import favoured
from penchant.types import Floats, Rows

__all__ = ["AGAIN", "LEVEL", "STEERING", "WISHES", "parts_of"]

AGAIN: Final = "again"
LEVEL: Final = "level"
STEERING: Final = "steering"
WISHES: Final = "wishes"

_HISTORY: Final = 0.5
"""What a history counts beside wishes, as in `penchant.engine.pools`."""

_TINY: Final = 1e-5


def parts_of(
    fitted: Fitted, history: Histories, items: Rows, *, scores: Floats, wanted: Wanted
) -> list[dict[str, float]]:
    """Return the parts of each score, by name of the scorer or of what else adds to it; not 0.

    Args:
        fitted: The model that made the list.
        history: A batch of the one user whose list it is.
        items: Rows of the listed items, ``(m,)``.
        scores: Theirs, ``(m,)``.
        wanted: What kind of list it is.
    """
    names = [scorer.name for scorer in fitted.hybrid.scorers]
    parts = fitted.hybrid.parts(history, items)
    if wanted.like or wanted.not_like or wanted.steering:
        parts, more = _asked(fitted, history, items, parts=parts, scores=scores, wanted=wanted)
    elif wanted.include_seen and len(favoured(history).item):
        parts, more = _again(fitted, history, items, parts=parts, scores=scores)
    else:
        more = {}
    columns = dict(zip(names, parts.T, strict=True)) | more
    return [
        {name: float(values[row]) for name, values in columns.items() if abs(values[row]) > _TINY}
        for row in range(len(items))
    ]


def _asked(
    fitted: Fitted,
    history: Histories,
    items: Rows,
    *,
    parts: Floats,
    scores: Floats,
    wanted: Wanted,
) -> tuple[Floats, dict[str, Floats]]:
    """Return the scorers' parts on the scale of a list that is asked for, and the others."""
    everything = fitted.hybrid.score(history)
    wishing = bool(wanted.like or wanted.not_like)
    share = _HISTORY if wishing else 1.0
    deviation = float(everything.std())
    parts = share * parts / deviation if deviation > 0 else np.zeros_like(parts)
    level = share * standardised(everything)[0][items] - parts.sum(axis=1)
    if not wishing:
        return parts, {LEVEL: level, STEERING: scores - level - parts.sum(axis=1)}
    words = fitted.wishes.score(wanted.like, wanted.not_like)[items]
    steered = scores - level - parts.sum(axis=1) - words if wanted.steering else 0 * words
    return parts, {LEVEL: level, WISHES: words, STEERING: steered}


def _again(
    fitted: Fitted, history: Histories, items: Rows, *, parts: Floats, scores: Floats
) -> tuple[Floats, dict[str, Floats]]:
    weights, own = fitted.again.weights_, fitted.again.features(history, items)[:, -1]
    parts = parts * (weights[0] + weights[1] * own)[:, None]
    return parts, {AGAIN: scores - parts.sum(axis=1)}
