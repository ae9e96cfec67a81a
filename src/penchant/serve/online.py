"""How lists do while people use them: what was shown, and the events that answer it by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from penchant.metrics.online import Numbers, Shown, examination, tell
from penchant.serve.outcomes import Outcome, outcomes
from penchant.serve.service import Service
from penchant.store.base import Ranking
from penchant.types import DAY

__all__ = ["By", "online"]

By: TypeAlias = Literal["lane", "model", "arm"]

_MOST: Final = 50_000
"""Lists looked at, the latest ones."""

_PLACES: Final = 20
"""Places of which examination is told."""


def online(service: Service, *, days: float, by: Sequence[By]) -> dict[str, Any]:
    """Return what became of the lists of the last *days*.

    Args:
        service: Its store holds lists and events.
        days: > 0.
        by: What the rows are told apart by.
    """
    since = int(service.clock() - days * DAY)
    rankings = service.store.rankings.since(since, most=_MOST)
    answered = outcomes(service.store.events.answers(since), service.settings)
    groups: dict[tuple[str | None, ...], list[Any]] = {}
    shown = _shown(rankings, answered, by=by, groups=groups, bits=lambda ids: _bits(service, ids))
    told = tell(shown, groups=len(groups)) if groups else []
    catalogue = service.listable()
    rows = [
        {
            **dict(zip(map(_column, by), group, strict=True)),
            "lists": len({ranking for ranking, _, _ in lists}),
            "users": len({user for _, user, _ in lists if user is not None}),
            "returning": _returning(lists),
            **asdict(one),
            "coverage": one.items / catalogue if catalogue else 0.0,
        }
        for (group, lists), one in zip(groups.items(), told, strict=True)
    ]
    return {
        "since": since,
        "lists": len(rankings),
        "whole": len(rankings) < _MOST,
        "examination": examination(shown)[:_PLACES].round(4).tolist() if groups else [],
        "rows": sorted(rows, key=lambda row: [str(row[_column(name)]) for name in by]),
    }


def _shown(
    rankings: Sequence[Ranking],
    answered: Mapping[tuple[str, str], Outcome],
    *,
    by: Sequence[By],
    groups: dict[tuple[str | None, ...], list[Any]],
    bits: Callable[[Sequence[str]], Numbers],
) -> Shown:
    """Return all shown items, and in *groups* the lists of each group: id, user, moment."""
    numbers: dict[tuple[str | None, ...], int] = {}
    items: dict[str, int] = {}
    rows: list[tuple[int, int, int, bool, bool, float]] = []
    nothing = Outcome()
    for ranking in rankings:
        for place, (item, lane, _) in enumerate(ranking.items, 1):
            said = {"lane": lane, "model": ranking.model_id, "arm": ranking.arm}
            group = tuple(said[name] for name in by)
            number = numbers.setdefault(group, len(numbers))
            groups.setdefault(group, []).append((ranking.ranking_id, ranking.user_id, ranking.at))
            one = answered.get((ranking.ranking_id, item), nothing)
            value = np.nan if one.value is None else one.value
            code = items.setdefault(item, len(items))
            rows.append((number, place, code, one.taken, one.converted, value))
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    kinds = (np.int64, np.int64, np.int64, np.bool_, np.bool_, np.float64)
    each: Any = (np.array(c, kind) for c, kind in zip(columns, kinds, strict=True))
    group, position, item, taken, converted, value = each
    return Shown(group, position, item, taken, converted, value, bits(list(items))[item])


def _bits(service: Service, items: Sequence[str]) -> Numbers:
    """Return how surprising it is that anyone knows *items*, ``(len(items),)``; NaN: no model."""
    if service.model is None or not items:
        return np.full(len(items), np.nan)
    fitted = service.fitted
    rows = fitted.items.rows(items)
    users = np.where(rows >= 0, np.asarray(fitted.wishes.uses)[rows], 0)
    return np.asarray(-np.log2(np.maximum(users, 1) / max(len(fitted.users), 1)), np.float64)


def _returning(lists: Sequence[tuple[str, str | None, int]]) -> float | None:
    """Return the share of known users who got another list a day or more later."""
    first: dict[str, int] = {}
    again = set()
    for _, user, at in lists:
        if user is not None and at - first.setdefault(user, at) >= DAY:
            again.add(user)
    return len(again) / len(first) if first else None


def _column(name: By) -> str:
    return "model_id" if name == "model" else name
