"""What a fit found and decided, in words and small tables."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from penchant.interests.steer import Steering
from penchant.serve.tables import WIDTH
from penchant.types import Columns

__all__ = ["decided", "largest", "said", "understood"]

_LARGEST: Final = 12


def largest(interests: pl.DataFrame, *, n: int = _LARGEST) -> pl.DataFrame:
    """Return the *n* leaf interests with most items: ``name, keywords, family, items``.

    Args:
        interests: As `penchant.Penchant.interests` returns them.
        n: How many.
    """
    families = dict(interests.select(Columns.INTEREST, Columns.NAME).iter_rows())
    leaves = interests.filter(pl.col(Columns.PARENT).is_not_null())
    shown = leaves.sort("items", descending=True, maintain_order=True).head(n)
    return shown.select(
        pl.col(Columns.NAME),
        pl.col("keywords"),
        pl.col(Columns.PARENT).replace_strict(families, default=None).alias("family"),
        pl.col("items"),
    )


def decided(summary: Mapping[str, Any]) -> dict[str, str]:
    """Return what a fit decided, in words, by what it decided on.

    Args:
        summary: As `penchant.Penchant.summary`.
    """
    return {str(key).capitalize(): str(value) for key, value in summary.items()}


def said(choices: Mapping[str, str], *, width: int = WIDTH) -> list[str]:
    """Return *choices* as lines of at most *width* columns."""
    return [
        line
        for what, says in choices.items()
        for line in textwrap.wrap(f"{what}: {says}", width, subsequent_indent="  ")
    ]


def understood(steering: Steering) -> list[str]:
    """Return as lines what a sentence was understood to ask for."""
    lines = [
        f"{'More' if one.by > 0 else 'Less'}: {one.name} ({one.said})" for one in steering.changes
    ]
    if steering.lowest is not None:
        lines.append(f"Price: from {steering.lowest:g}")
    if steering.highest is not None:
        lines.append(f"Price: up to {steering.highest:g}")
    if steering.unread:
        lines.append(f"No interest stands for: {', '.join(steering.unread)}")
    return lines or ["Nothing in this says what to change"]
