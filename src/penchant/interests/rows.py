"""Portraits as a table: the strongest, most telling interests of each user, with evidence.

    lift     U[u, j] / average_j                   times the average user
    order    L (lift / L)^(n / (n + 5))            n: items of j that u has touched
             L = Σ_j U[u, j] / Σ_j average_j       u's lift on the whole

A portrait begins with what tells a user from others, believed as far as there is evidence: one odd
purchase makes no interest, not even of somebody who buys little.  Interests that only returns and
dislikes speak of come later, and last those without evidence.  Where items have columns that make
facets, each row says in ``facets`` what the user chooses in the interest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from penchant.data.dataset import Histories
from penchant.interests.facets import Facets
from penchant.interests.features import touches
from penchant.interests.portraits import PortraitModel
from penchant.types import Columns, Floats, Rows

__all__ = ["FACETS", "portrait_rows"]

FACETS: Final = "facets"
"""Column of a portrait: what the user chooses within the interest, in words."""

_BELIEF: Final = 5.0
_EVIDENCE: Final = 5
_TREND: Final = 1.5
_DOUBT: Final = 1.0
"""Recent contacts, in purchases, that a trend must outweigh."""

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
    "first_seen": pl.Int64,
    "last_seen": pl.Int64,
}
_MOMENTS: Final = pl.Datetime("us", "UTC")


class _Facts(NamedTuple):
    """What is told of an interest of a user.

    Attributes:
        items: Items of it that the user has touched.
        kind: 0 with positive events, 1 with negative ones alone, 2 without any.
    """

    strength: float
    lift: float
    trend: str
    polarity: float
    evidence: list[int]
    first_seen: int | None
    last_seen: int | None
    items: int
    kind: int


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
    facets: Facets | None = None,
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
        facets: What is chosen within interests; the column is there where these say something.
    """
    U = model.strengths(histories)
    touch = touches(model.V)
    rows: list[tuple[Any, ...]] = []
    chosen: list[list[str]] = []
    for position, user in enumerate(users):
        start, end = U.indptr[position], U.indptr[position + 1]
        history = histories.take([position])
        told = _told(model, history, U.indices[start:end], U.data[start:end], touch)
        own = facets.told(history, touch[history.item]) if facets is not None else {}
        chosen += [own.get(leaf, []) for leaf, _ in told[:m]]
        for leaf, facts in told[:m]:
            ids = [item_ids[item] for item in facts.evidence]
            dates = (facts.first_seen, facts.last_seen) if has_time else (None, None)
            known = (facts.strength, facts.lift, facts.trend, facts.polarity)
            rows.append((user, leaf_ids[leaf], names[leaf], *known, ids, *dates))
    seconds = pl.col("first_seen", "last_seen") * 1_000_000
    table = pl.DataFrame(rows, schema=_SCHEMA, orient="row").with_columns(seconds.cast(_MOMENTS))
    if facets is None or not facets.columns:
        return table
    return table.with_columns(pl.Series(FACETS, chosen, dtype=pl.List(pl.String)))


def _told(
    model: PortraitModel, history: Histories, leaves: Rows, strengths: Floats, touch: Rows
) -> list[tuple[int, _Facts]]:
    """Return every interest of a user with what is told of it, in the portrait's order."""
    own = touch[history.item]
    level = float(strengths.sum() / model.average_.sum())
    told = []
    for leaf, strength in zip(leaves.tolist(), strengths.tolist(), strict=True):
        facts = _facts(model, history, np.flatnonzero(own == leaf), leaf=leaf, strength=strength)
        belief = facts.items / (facts.items + _BELIEF)
        believed = level * (facts.lift / level) ** belief if level else 0.0
        told.append((facts.kind, -believed, leaf, facts))
    return [(leaf, facts) for *_, leaf, facts in sorted(told, key=lambda one: one[:3])]


def _facts(
    model: PortraitModel,
    history: Histories,
    events: npt.NDArray[np.integer],
    *,
    leaf: int,
    strength: float,
) -> _Facts:
    """Return what is told of *leaf*; *events* are those of *history* that touch it."""
    weights, moments = history.weight[events], history.timestamp[events]
    for_it, against = float(weights[weights > 0].sum()), float(-weights[weights < 0].sum())
    polarity = (for_it - against) / (for_it + against) if for_it + against > 0 else 0.0
    return _Facts(
        strength=strength,
        lift=strength / float(model.average_[leaf]),
        trend=_trend(history, events),
        polarity=polarity,
        evidence=_evidence(model, history, events, leaf=leaf, liked=polarity >= 0),
        first_seen=int(moments.min()) if len(events) else None,
        last_seen=int(moments.max()) if len(events) else None,
        items=len(np.unique(history.item[events])),
        kind=0 if for_it else 1 if len(events) else 2,
    )


def _evidence(
    model: PortraitModel,
    history: Histories,
    events: npt.NDArray[np.integer],
    *,
    leaf: int,
    liked: bool,
) -> list[int]:
    """Return the items that show *leaf* most, strongest first: aged contacts times V.

    Where it is not *liked*, those most against come first.
    """
    items, place = np.unique(history.item[events], return_inverse=True)
    about = model.V[items][:, [leaf]].toarray().ravel()
    shown = np.bincount(place, history.aged()[events], minlength=len(items)) * about
    order = np.argsort(-shown if liked else shown, kind="stable")[:_EVIDENCE]
    return [int(item) for item in items[order]]


def _trend(history: Histories, events: npt.NDArray[np.integer]) -> str:
    """Compare the interest's share of what is recent with its share of everything."""
    positive = np.maximum(history.weight, 0)
    recent = positive * np.exp2(-history.ages() / (_RECENT * history.half_life))
    share = float(positive[events].sum()) / max(float(positive.sum()), _TINY)
    expected = share * float(recent.sum()) + _DOUBT
    found = float(recent[events].sum()) + _DOUBT
    if found > _TREND * expected:
        return "rising"
    return "fading" if found < expected / _TREND else "steady"


_TINY: Final = 1e-9
