"""Whom to show: a few users that differ, so that three portraits are three stories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from penchant.types import Columns

__all__ = ["different_users", "typical_users"]

_TOP: Final = 4
"""Interests of a portrait that make a person."""

_LIFT: Final = 6.0
"""Lift beyond which an interest makes nobody more of a character."""


def typical_users(events: pl.DataFrame, *, n: int) -> list[int]:
    """Return rows of at most *n* users that did neither little nor very much.

    Args:
        events: With a column ``user`` of rows.
        n: How many; evenly spread over the users between the median and the nine in ten.
    """
    counts = events.group_by("user").len().sort("len", "user")
    low, high = len(counts) // 2, max(len(counts) * 9 // 10, len(counts) // 2 + 1)
    middle = counts["user"][low:high].to_list()
    step = max(len(middle) // n, 1)
    return [int(user) for user in middle[::step][:n]]


def different_users(portraits: pl.DataFrame, *, n: int = 3) -> list[str]:
    """Return *n* users with strong portraits that share as little as can be.

    Args:
        portraits: Rows in each portrait's order: ``user_id, interest_id, lift, …``.
        n: How many.
    """
    tops = {
        str(user): dict(rows.head(_TOP).select(Columns.INTEREST, "lift").iter_rows())
        for (user,), rows in portraits.group_by(Columns.USER, maintain_order=True)
    }
    chosen: list[str] = []
    while len(chosen) < min(n, len(tops)):
        shown = {interest for user in chosen for interest in tops[user]}
        left = [user for user in tops if user not in chosen]
        chosen.append(max(left, key=lambda user: _news(tops[user], shown)))
    return chosen


def _news(top: dict[str, float], shown: set[str]) -> float:
    """Return how much a portrait adds to what is shown already: its lifts above average."""
    gains: Sequence[float] = [
        min(lift, _LIFT) - 1 for interest, lift in top.items() if interest not in shown
    ]
    return sum(gain for gain in gains if gain > 0)
