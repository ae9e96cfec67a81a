"""One list: what is chosen from, and what rules, diversity and wishes make of it.

The pool is the head of the ranking.  Where caps leave a list short, it goes on with the head of
what they leave open, until the list is full or nothing is left.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from penchant.data.dataset import Histories
from penchant.engine.fitted import Fitted
from penchant.engine.wanted import Wanted
from penchant.interests.steer import Steering, steered
from penchant.rank.answers import List, listed
from penchant.rank.calibration import Shares, shares_of
from penchant.rank.candidates import POOL, unseen
from penchant.rank.fusion import standardised
from penchant.rank.rerank import PLACES
from penchant.rank.rules import Ruled
from penchant.recommend.lines import Mask
from penchant.types import Columns, Floats, Rows, top_k

__all__ = ["costs_of", "one_list", "scores_of"]

_HISTORY: Final = 0.5
"""What a history counts beside wishes."""


def one_list(
    fitted: Fitted,
    history: Histories,
    wanted: Wanted,
    *,
    may: Mask,
    words: Floats | None,
    ruled: Ruled,
) -> List:
    """Return the list for one history.

    Args:
        fitted: The model.
        history: A batch of one.
        wanted: What kind of list.
        may: What may be listed beside the pins, ``(n_items,)``.
        words: Scores of wishes, ``(n_items,)``; None without wishes.
        ruled: Pins, those that are available, and caps.
    """
    may = may.copy() if wanted.include_seen else may & unseen(history)
    may[ruled.pins] = False
    pool = _Pool(fitted, history, wanted, may=may, words=words, pins=ruled.pins)
    shares = costs_of(fitted, history, weight=wanted.calibration)
    deeper = wanted.diversity > 0 or bool(ruled.caps) or shares is not None
    depth = max(wanted.k * PLACES, POOL) if deeper else wanted.k
    found = List(*pool.pins(ruled.pins))
    while True:
        items, scores = pool.best(may, depth)
        found = listed(
            np.concatenate([found.items, items]),
            np.concatenate([found.scores, scores]),
            k=wanted.k,
            look=fitted.look,
            diversity=wanted.diversity,
            ruled=ruled,
            pinned=len(found.items),
            shares=shares,
        )
        if not ruled.caps or len(found.items) == wanted.k or not len(items):
            return found
        may &= ruled.open(found.items)


def scores_of(fitted: Fitted, history: Histories, wanted: Wanted, items: Rows) -> Floats:
    """Return what *items* would score in such a list if they were new to the user.

    Items that are refused in words have −inf.
    """
    if wanted.like or wanted.not_like or wanted.steering:
        words: Floats | None = None
        if wanted.like or wanted.not_like:
            words = fitted.wishes.score(wanted.like, wanted.not_like)
        return _asked(fitted, history, wanted, words)[items]
    if wanted.include_seen:
        return fitted.again.as_new(history, items)
    return fitted.hybrid.sum_of(fitted.hybrid.lines(history), items)


def costs_of(
    fitted: Fitted, history: Histories, *, weight: float
) -> Callable[[Rows], Shares] | None:
    """Return what says how a pool stands to the portrait; None where that does not count.

    A row of −1 in the pool is an item of no interest.
    """
    if not weight:
        return None
    (target,) = shares_of(fitted.portraits.strengths(history).toarray())

    def costs(items: Rows) -> Shares:
        leaves = fitted.V[np.maximum(items, 0)].toarray() * (items >= 0)[:, None]
        return Shares(target, shares_of(leaves), weight=weight)

    return costs


class _Pool:
    """What a list for one history is chosen from."""

    def __init__(
        self,
        fitted: Fitted,
        history: Histories,
        wanted: Wanted,
        *,
        may: Mask,
        words: Floats | None,
        pins: Rows,
    ) -> None:
        self._fitted, self._history, self._wanted = fitted, history, wanted
        self._ranker = fitted.again if wanted.include_seen else fitted.hybrid
        self._everywhere: Floats | None = None
        if words is not None or wanted.steering:
            usable = may.copy()
            usable[pins] = True
            self._everywhere = _asked(fitted, history, wanted, words)
            self._everywhere[~usable] = -np.inf

    def best(self, may: Mask, depth: int) -> tuple[Rows, Floats]:
        """Return the best *depth* items that may be listed, and their scores, best first."""
        if self._everywhere is None:
            return self._ranker.ranked(self._history, may, depth=depth)
        scores = np.where(may, self._everywhere, np.float32(-np.inf))
        if self._wanted.like:
            _one_of_each_text(scores, self._fitted.space.unit, k=self._wanted.k)
        items = top_k(scores, depth).astype(np.int32)
        return items, scores[items]

    def pins(self, items: Rows) -> tuple[Rows, Floats]:
        """Return *items*, in their order, with scores; without those that are refused in words."""
        if not len(items):
            return items, np.empty(0, np.float32)
        if self._everywhere is not None:
            scores = self._everywhere[items]
            kept = scores > -np.inf
            return items[kept], scores[kept]
        may = np.zeros(len(self._fitted.items), np.bool_)
        may[items] = True
        found, scores = self._ranker.ranked(self._history, may, depth=len(items))
        ascending = np.argsort(found)
        places = ascending[np.searchsorted(found, items, sorter=ascending)]
        return items, scores[places]


def _asked(fitted: Fitted, history: Histories, wanted: Wanted, words: Floats | None) -> Floats:
    """Return scores of all items by wishes and steering; −inf for what is refused in words.

    What else is refused has a score here, so that filters change no other item's.
    """
    known = standardised(fitted.hybrid.score(history))[0]
    scores = np.asarray(known if words is None else words + _HISTORY * known, np.float32)
    for steering in wanted.steering:
        scores = _steered(fitted, scores, steering)
    return scores


def _steered(fitted: Fitted, scores: Floats, steering: Steering) -> Floats:
    table = fitted.item_table
    price = table[Columns.PRICE].to_numpy() if Columns.PRICE in table.columns else None
    return steered(scores, fitted.V, steering, leaf_ids=fitted.taxonomy.leaf_ids, price=price)


def _one_of_each_text(scores: Floats, unit: Rows, *, k: int) -> None:
    """Leave the best item of each text, in place, where that is enough for a list.

    A wish is met by a kind of thing; ten sizes of one thing are one answer.
    """
    order = np.argsort(-scores, kind="stable")
    order = order[scores[order] > -np.inf]
    _, first = np.unique(unit[order], return_index=True)
    if len(first) >= k:
        scores[np.delete(order, first)] = -np.inf
