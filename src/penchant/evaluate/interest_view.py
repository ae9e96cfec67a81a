"""What a report shows of a model's interests: plain records, and as values that JSON knows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from penchant.evaluate.strengths import Calibration
from penchant.types import Columns

__all__ = ["InterestView", "Somebody", "view_dict"]


@dataclass(frozen=True, slots=True)
class Somebody:
    """A user of the training part, without a name.

    Attributes:
        events: Of theirs that the model knows.
        portrait: ``name, strength, lift, trend, evidence`` (titles) and, where items have any,
            ``facets``, in the portrait's order.
    """

    events: int
    portrait: pl.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestView:
    """Interests as a report shows them.

    Attributes:
        interests: All, parents too: ``interest_id, name, keywords, parent_id, items``.
        typical: Titles of three items by leaf, the most used first.
        points: The map: ``item_id, title, interest_id, x, y, popularity``.
        calibration: How near strengths are to what was seen; None where too few could be asked.
        stability: Adjusted mutual information of two refits; None where there is none.
        asked: Whether it was asked for.
        people: Users that differ.
    """

    interests: pl.DataFrame
    typical: Mapping[str, Sequence[str]]
    points: pl.DataFrame
    calibration: Calibration | None = None
    stability: float | None = None
    asked: bool = False
    people: Sequence[Somebody] = field(default=())

    @property
    def leaves(self) -> pl.DataFrame:
        """The interests that items touch."""
        return self.interests.filter(pl.col(Columns.PARENT).is_not_null())


def view_dict(view: InterestView) -> dict[str, Any]:
    """Return *view* as values that JSON knows, without people and the map."""
    found = view.calibration
    return {
        "leaves": len(view.leaves),
        "parents": len(view.interests) - len(view.leaves),
        "stability": None if view.stability is None else round(view.stability, 6),
        "calibration": None
        if found is None
        else {
            "goal": found.goal,
            "ahead": found.ahead,
            "users": found.users,
            "error": round(found.error, 6),
            "skill": round(found.skill, 6) if math.isfinite(found.skill) else None,
            "bins": [
                {
                    "low": one.low,
                    "said": round(one.said, 6),
                    "seen": round(one.seen, 6),
                    "pairs": one.pairs,
                }
                for one in found.bins
            ],
        },
    }
