"""What one user took before, in figures: how often, how lately, of which kind of thing.

repeat    `penchant.recommend.repeat`: log(1 + n) √r    often    log(1 + times taken)
brief     log(1 + times, each 2^(−age / (h / 3)))       lasting  the same with a half-life of 3 h
last      2^(−age of the last time / h)                 rate     log r, how often people retake it
staple    lasting × rate                                fresh    how much all take it now
own       1

h is the half-life of `Repeat`.  Three half-lives tell the staple from the passing fancy.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from penchant.data.dataset import Histories
from penchant.recommend.repeat import BRIEF, Repeat
from penchant.recommend.views import favoured
from penchant.types import Floats, Rows

__all__ = ["FACTS", "facts_of"]

FACTS: Final = ("repeat", "often", "brief", "lasting", "last", "rate", "staple", "fresh", "own")


def facts_of(history: Histories, repeat: Repeat) -> tuple[Rows, Floats]:
    """Return what one user took and is in favour of, ascending, and ``(n, len(FACTS))`` of it."""
    own = favoured(history)
    items, place, times = np.unique(own.item, return_inverse=True, return_counts=True)
    ages = own.ages() / repeat.days_

    def decayed(stretch: float) -> Floats:
        each = np.exp2(-ages / stretch)
        return np.bincount(place, weights=each, minlength=len(items)).astype(np.float32)

    last = np.zeros(len(items), np.float32)
    np.maximum.at(last, place, np.exp2(-ages))
    lasting, rate = np.log1p(decayed(BRIEF)), np.log(repeat.rate_[items])
    facts = (
        repeat.line(history).at(items),
        np.log1p(times),
        np.log1p(decayed(1 / BRIEF)),
        lasting,
        last,
        rate,
        lasting * rate,
        repeat.fresh_[items],
        np.ones(len(items)),
    )
    return items, np.column_stack(facts).astype(np.float32)
