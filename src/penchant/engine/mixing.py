"""Items that came after the fit, put into a list of items that the model knows.

    list     pins, then what is known in its order, then the places kept for new interests
    merged   greedily: the next known item or the best newcomer, by the value that
             `penchant.rank.rerank` gives them beside what is listed already

The order of what is known is never touched: diversity, calibration and rules have made it.  A
newcomer looks like the known item that stands in for it, and scores on the scale of the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from penchant.data.dataset import Histories
from penchant.engine.fitted import Fitted
from penchant.engine.newcomers import Newcomer, said_of
from penchant.engine.pools import costs_of, scores_of
from penchant.engine.wanted import Wanted
from penchant.interests.steer import Steering
from penchant.rank.phrases import phrase, tongue_of
from penchant.rank.rerank import diversify
from penchant.rank.rules import INTEREST, NO_RULES, Group, Room
from penchant.types import Columns, Floats, Rows, top_k

__all__ = ["mix"]

Row = dict[str, Any]


def mix(
    fitted: Fitted,
    rows: Sequence[Row],
    new: Mapping[str, Newcomer],
    history: Histories,
    wanted: Wanted,
) -> list[Row]:
    """Return the list *rows* with the items *new* where they belong, ranks from 1.

    Args:
        fitted: The model.
        rows: A list of what the model knows, at most ``wanted.k`` long.
        new: Items that may be listed, by id.
        history: Of the one whom the list is for.
        wanted: What kind of list.
    """
    added = _rows(new, _scores(fitted, list(new.values()), history, wanted), history, wanted)
    place = {pin: at for at, pin in enumerate(wanted.rules.pins)}
    pins = [row for row in (*rows, *added) if row[Columns.ITEM] in place]
    pins = sorted(pins, key=lambda row: place[row[Columns.ITEM]])[: wanted.k]
    free = [row for row in rows if row[Columns.ITEM] not in place]
    tried = [row for row in free if row["lane"] == "explore"][: wanted.k - len(pins)]
    known = [row for row in free if row["lane"] != "explore"]
    fresh = [row for row in added if row[Columns.ITEM] not in place]
    pool = [*pins, *known, *fresh]
    look = _Looks(fitted, new, wanted)
    room = Room(look.groups(pool), caps=wanted.rules.caps)
    for groups in look.groups(tried):
        room.count(groups)
    k = wanted.k - len(tried)
    if wanted.diversity or wanted.calibration or wanted.rules.caps:
        like = look.rows(pool)
        costs = costs_of(fitted, history, weight=wanted.calibration)
        order = diversify(
            np.array([row[Columns.SCORE] for row in pool], np.float32),
            look.vectors(like),
            k=k,
            diversity=wanted.diversity,
            room=room,
            pinned=len(pins),
            ordered=len(known),
            shares=None if costs is None else costs(like),
        ).tolist()
        merged = [pool[at] for at in order]
    else:
        merged = [*pins, *sorted([*known, *fresh], key=lambda row: -row[Columns.SCORE])][:k]
    return [row | {Columns.RANK: rank} for rank, row in enumerate([*merged, *tried], 1)]


class _Looks:
    """What items of a list are like, newcomers by what stands in for them."""

    def __init__(self, fitted: Fitted, new: Mapping[str, Newcomer], wanted: Wanted) -> None:
        self._fitted, self._new, self._rules = fitted, new, wanted.rules
        self._diverse = wanted.diversity > 0

    def rows(self, pool: Sequence[Row]) -> Rows:
        """Return the catalogue's row of each item or of what stands in for it; −1: nothing."""
        return np.array([self._row(row[Columns.ITEM]) for row in pool], np.int32)

    def vectors(self, rows: Rows) -> Floats:
        """Return what items are compared by, ``(n, dim)``; zeros where nothing is known."""
        if not self._diverse:
            return np.zeros((len(rows), 0), np.float32)
        seen = self._fitted.look(np.maximum(rows, 0))
        return np.where(rows[:, None] >= 0, seen, np.float32(0))

    def groups(self, pool: Sequence[Row]) -> list[set[Group]]:
        """Return what each item counts for, by the columns that are capped."""
        if not self._rules.caps:
            return [set() for _ in pool]
        return [self._groups(row[Columns.ITEM]) for row in pool]

    def _groups(self, item: str) -> set[Group]:
        table, newcomer = self._fitted.ruled_table, self._new.get(item)
        if newcomer is None:
            return self._rules.groups(table.row(self._row(item), named=True))
        lent = {INTEREST: table[INTEREST].gather(newcomer.rows[:1]).to_list()}
        return self._rules.groups(said_of(newcomer.fields) | lent)

    def _row(self, item: str) -> int:
        newcomer = self._new.get(item)
        if newcomer is None:
            return self._fitted.items.row(item)
        return int(newcomer.rows[0]) if len(newcomer.rows) else -1


def _scores(fitted: Fitted, new: Sequence[Newcomer], history: Histories, wanted: Wanted) -> Floats:
    """Return the scores of newcomers on the scale of the list; −inf for what is not listed."""
    unbound = [replace(one, lowest=None, highest=None) for one in wanted.steering]
    scores = np.full(len(fitted.items), np.nan, np.float32)
    near = np.unique(np.concatenate([one.rows for one in new]))
    if len(near):
        # bounds on prices are for the newcomer's own price
        scores[near] = scores_of(fitted, history, replace(wanted, steering=unbound), near)
    found = np.array([one.score(scores) for one in new], np.float32)
    refused = [not (one.available and _affordable(one, wanted.steering)) for one in new]
    found[refused] = -np.inf
    return found


def _affordable(newcomer: Newcomer, steering: Sequence[Steering]) -> bool:
    """Tell whether a price lies within all bounds; one that is not known lies within none."""
    price = newcomer.fields.get(Columns.PRICE)
    for one in steering:
        if one.lowest is None and one.highest is None:
            continue
        if not isinstance(price, int | float):
            return False
        if not (one.lowest or 0) <= price <= (np.inf if one.highest is None else one.highest):
            return False
    return True


def _rows(
    new: Mapping[str, Newcomer], scores: Floats, history: Histories, wanted: Wanted
) -> list[Row]:
    """Return rows of the newcomers that can be among the first k, best first, without ranks."""
    items = list(new.values())
    cold = not len(history.item)
    narrow = wanted.rules == NO_RULES and not wanted.diversity and not wanted.calibration
    return [
        {
            Columns.ITEM: items[at].item_id,
            Columns.RANK: 0,
            Columns.SCORE: float(scores[at]),
            "lane": "known",
            "cold": cold,
            **(_why(items[at]) if wanted.reasons else {}),
        }
        for at in top_k(scores, wanted.k if narrow else len(scores))
    ]


def _why(newcomer: Newcomer) -> Row:
    title = str(newcomer.fields.get(Columns.TITLE) or newcomer.item_id)
    reason = phrase("new_only", tongue_of([title]))
    return {"reason": reason, "because_interests": [], "because_items": []}
