"""Lists as a table, for users, histories and wishes alike.

score    the hybrid's for the history; with wishes, the wishes' score + ½ z(hybrid); z(hybrid) where
         somebody steers, and what they steer on top (`penchant.interests.steer`)
listed   available items among the candidates, none that the user touched, none that is refused;
         for a wish one of each text
rules    pins stand before them, and caps hold (`penchant.rank.rules`)
"""

from __future__ import annotations

import contextlib
from typing import Any, Final

import numpy as np
import polars as pl
from threadpoolctl import ThreadpoolController

from penchant.data.dataset import Histories
from penchant.engine.exploring import Lane, keep_places, tried_because
from penchant.engine.fitted import Fitted
from penchant.engine.pools import one_list
from penchant.engine.wanted import Wanted
from penchant.rank.answers import Ask, List, among
from penchant.rank.candidates import unseen
from penchant.rank.explain import Explanation, explain
from penchant.rank.phrases import Tongue, phrase, shown, tongue_of
from penchant.rank.rules import NO_RULES, Ruled
from penchant.recommend.lines import Mask
from penchant.types import Columns, Floats

__all__ = ["make_list", "make_lists"]

_LIBRARIES: Final = ThreadpoolController().select(user_api="blas")
"""The libraries of linear algebra that are loaded, looked up once."""

_BASE: Final[dict[str, Any]] = {
    Columns.USER: pl.String,
    Columns.ITEM: pl.String,
    Columns.RANK: pl.Int64,
    Columns.SCORE: pl.Float64,
    "lane": pl.String,
    "cold": pl.Boolean,
}
_WHY: Final[dict[str, Any]] = {
    "reason": pl.String,
    "because_interests": pl.List(pl.String),
    "because_items": pl.List(pl.String),
}


def make_lists(fitted: Fitted, ask: Ask, wanted: Wanted) -> pl.DataFrame:
    """Return the lists, in the order of *ask*, best item first.

    Raises:
        DataError: If no candidate is known.
        UnknownIdError: If a pin is not known.
        UsageError: If a wish is empty, or a rule asks for a column that there is not.
    """
    rows = _rows(fitted, ask, wanted)
    return pl.DataFrame(rows, schema=_schema(wanted), orient="row")


def make_list(fitted: Fitted, ask: Ask, wanted: Wanted) -> list[dict[str, Any]]:
    """Return the list for the one who asks, best item first, as `make_lists` has it in columns."""
    names = [*_schema(wanted)]
    found = [dict(zip(names, row, strict=True)) for row in _rows(fitted, ask, wanted)]
    return [{name: value for name, value in row.items() if name != Columns.USER} for row in found]


def _schema(wanted: Wanted) -> dict[str, Any]:
    return _BASE | _WHY if wanted.reasons else _BASE


def _rows(fitted: Fitted, ask: Ask, wanted: Wanted) -> list[tuple[Any, ...]]:
    """Return the rows of `make_lists`."""
    ruled = fitted.unruled
    if wanted.rules != NO_RULES:
        ruled = wanted.rules.of(fitted.items, fitted.ruled_table, listable=fitted.listable)
    may = fitted.listable & ruled.allowed
    if len(wanted.muted):
        may &= ~np.isin(fitted.explorer.touch, wanted.muted)
    if wanted.candidates is not None:
        may &= among(fitted.items, wanted.candidates)
    words: Floats | None = None
    if wanted.like or wanted.not_like:
        words = fitted.wishes.score(wanted.like, wanted.not_like)
    rows: list[tuple[Any, ...]] = []
    writer = _Writer(fitted, wanted)
    with _one_thread():
        for position, user in enumerate(ask.names):
            alone = len(ask.names) == 1
            one = ask if alone else Ask((user,), ask.histories.take([position]))
            found = one_list(fitted, one.histories, wanted, may=may, words=words, ruled=ruled)
            whole = words is not None or wanted.explore_share == 0
            lane = Lane(found) if whole else _kept(fitted, one, found, wanted, may=may, ruled=ruled)
            rows += writer.rows(one, lane)
    return rows


def _one_thread() -> contextlib.AbstractContextManager[Any]:
    """Keep linear algebra to one thread, where it is not: of small products others would wait."""
    if all(library.num_threads == 1 for library in _LIBRARIES.lib_controllers):
        return contextlib.nullcontext()
    limited: contextlib.AbstractContextManager[Any] = _LIBRARIES.limit(limits=1)
    return limited


def _kept(
    fitted: Fitted, one: Ask, found: List, wanted: Wanted, *, may: Mask, ruled: Ruled
) -> Lane:
    """Return the list with places kept for new interests."""
    ranker = fitted.again if wanted.include_seen else fitted.hybrid
    return keep_places(
        fitted,
        one,
        found,
        share=wanted.explore_share,
        k=wanted.k,
        may=may if wanted.include_seen else may & unseen(one.histories),
        ranked=lambda history, free, depth: ranker.ranked(history, free, depth=depth),
        ruled=ruled,
        take_up=wanted.take_up,
    )


def _lane(lane: Lane, item: int) -> str:
    return "explore" if item in lane.interests else "known"


class _Writer:
    """Turns lists into rows of the table."""

    def __init__(self, fitted: Fitted, wanted: Wanted) -> None:
        self._fitted = fitted
        self._wanted = wanted
        self._titles = fitted.titles if wanted.reasons else []
        self._leaves = fitted.taxonomy.leaf_ids

    def rows(self, one: Ask, lane: Lane) -> list[tuple[Any, ...]]:
        """Return the rows of one user's list."""
        (user,), history = one.names, one.histories
        ids, cold, found = self._fitted.items.ids, not len(history.item), lane.found
        rows: list[tuple[Any, ...]] = [
            (user, ids[item], rank, float(score), _lane(lane, int(item)), cold)
            for rank, (item, score) in enumerate(zip(found.items, found.scores, strict=True), 1)
        ]
        if not self._wanted.reasons:
            return rows
        return [
            (
                *row,
                why.reason,
                [self._leaves[j] for j in why.interests],
                [ids[item] for item in why.items],
            )
            for row, why in zip(rows, self._why(history, lane), strict=True)
        ]

    def _why(self, history: Histories, lane: Lane) -> list[Explanation]:
        found = lane.found
        if self._wanted.like:
            return self._wished(found)
        if not len(found.items):
            return []
        fitted = self._fitted
        reasons = explain(fitted.hybrid, history, found.items, catalogue=fitted.catalogue)
        if self._wanted.not_like and not len(history.item):
            tongue = tongue_of([*self._wanted.not_like])
            return [Explanation(phrase("left", tongue)) for _ in reasons]
        tongue = tongue_of([self._titles[item] for item in found.items])
        return [
            self._tried(history, lane.interests[item], tongue) if item in lane.interests else why
            for item, why in zip(found.items.tolist(), reasons, strict=True)
        ]

    def _tried(self, history: Histories, interest: int, tongue: Tongue) -> Explanation:
        """Say that an interest is new to the user, and what speaks for it."""
        reason, because = tried_because(self._fitted, history, interest, tongue)
        return Explanation(reason, interests=because)

    def _wished(self, found: List) -> list[Explanation]:
        """Say which wish an item meets, and by which of its labels."""
        wishes, like = self._fitted.wishes, self._wanted.like
        if not len(found.items):
            return []
        out = []
        for item, wish in zip(found.items, wishes.best_wish(like, found.items), strict=True):
            tongue = tongue_of([wish])
            labels = wishes.because(wish, int(item))
            said = ", ".join(shown(label) for label in labels)
            name = "wish" if labels else "wish_text"
            out.append(Explanation(phrase(name, tongue, wish=shown(wish), labels=said)))
        return out
