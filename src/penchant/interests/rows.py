"""Portraits as a table: the strongest, most telling interests of each user, with evidence.

    lift    1 + (U[u, j] / average_j − 1) · n / (n + 5)      n: items of j that u has touched

The order of a portrait is by lift: what tells a user from others, believed as far as there is
evidence.  One odd purchase makes no interest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from penchant.data.dataset import Histories
from penchant.interests.features import touches
from penchant.interests.portraits import PortraitModel
from penchant.types import Columns

__all__ = ["portrait_rows"]

_BELIEF: Final = 5.0
_EVIDENCE: Final = 5
_TREND: Final = 1.5
_FEW: Final = 3
_RECENT: Final = 0.25
"""Half-life, as a share of an event's own, of what is recent for a trend."""

_SCHEMA: Final[dict[str, Any]] = {
    Columns.USER: pl.String,
    Columns.INTEREST: pl.String,
    Columns.NAME: pl.String,
    "strength": pl.Float64,
    "lift": pl.Float64,
    "trend": pl.String,
    "polarity": pl.Float64,
    "evidence": pl.List(pl.String),
    "first_seen": pl.Datetime("us", "UTC"),
    "last_seen": pl.Datetime("us", "UTC"),
}


def portrait_rows(
    model: PortraitModel,
    histories: Histories,
    *,
    users: Sequence[str],
    leaf_ids: Sequence[str],
    names: Sequence[str],
    item_ids: Sequence[str],
    m: int = 10,
    has_time: bool = True,
) -> pl.DataFrame:
    """Return at most *m* rows per user, in the portrait's order.

    Args:
        model: Fitted.
        histories: What the users did.
        users: Their ids, one per history.
        leaf_ids: Ids of the leaf interests, in the columns' order.
        names: Their names.
        item_ids: Ids of the items.
        m: Rows per user, ≥ 1.
        has_time: Whether moments mean anything; otherwise the dates are null.
    """
    U = model.strengths(histories)
    touch = touches(model.V)
    rows: list[tuple[Any, ...]] = []
    for position, user in enumerate(users):
        start, end = U.indptr[position], U.indptr[position + 1]
        history = histories.take([position])
        leaves, strengths = U.indices[start:end], U.data[start:end]
        own = touch[history.item]
        told = [
            _row(model, history, own == leaf, leaf=int(leaf), strength=float(s))
            for leaf, s in zip(leaves, strengths, strict=True)
        ]
        for leaf, _, facts in sorted(told, key=lambda one: (-one[1], one[0]))[:m]:
            strength, lift, trend, polarity, evidence, first, last = facts
            dates = (first, last) if has_time else (None, None)
            ids = [item_ids[item] for item in evidence]
            rows.append(
                (user, leaf_ids[leaf], names[leaf], strength, lift, trend, polarity, ids, *dates)
            )
    raw = {**_SCHEMA, "first_seen": pl.Int64, "last_seen": pl.Int64}
    seconds = pl.col("first_seen", "last_seen") * 1_000_000
    return pl.DataFrame(rows, schema=raw, orient="row").with_columns(
        seconds.cast(pl.Datetime("us", "UTC"))
    )


def _row(
    model: PortraitModel,
    history: Histories,
    mine: npt.NDArray[np.bool_],
    *,
    leaf: int,
    strength: float,
) -> tuple[int, float, tuple[Any, ...]]:
    """Return leaf, lift and the facts of one row; *mine* marks the events of the leaf."""
    events = np.flatnonzero(mine)
    items = history.item[events]
    n = len(np.unique(items))
    raw = strength / float(model.average_[leaf])
    lift = 1 + (raw - 1) * n / (n + _BELIEF)
    weights = history.weight[events]
    for_it, against = float(weights[weights > 0].sum()), float(-weights[weights < 0].sum())
    polarity = (for_it - against) / (for_it + against) if for_it + against > 0 else 0.0
    about = model.V[items][:, [leaf]].toarray().ravel()
    order = np.argsort(-history.aged()[events] * about, kind="stable")
    evidence = list(dict.fromkeys(items[order].tolist()))[:_EVIDENCE]
    moments = history.timestamp[events]
    seen = (int(moments.min()), int(moments.max())) if len(events) else (None, None)
    trend = _trend(history, events)
    return leaf, lift, (strength, lift, trend, polarity, evidence, *seen)


def _trend(history: Histories, events: npt.NDArray[np.integer]) -> str:
    """Compare the interest's share of what is recent with its share of everything."""
    if len(events) < _FEW:
        return "steady"
    positive = np.maximum(history.weight, 0)
    recent = positive * np.exp2(-history.ages() / (_RECENT * history.half_life))
    ever, now = positive.sum(), recent.sum()
    if not (ever > 0 and now > 0):
        return "steady"
    ratio = (recent[events].sum() / now) / max(positive[events].sum() / ever, 1e-9)
    if ratio > _TREND:
        return "rising"
    return "fading" if ratio < 1 / _TREND else "steady"
