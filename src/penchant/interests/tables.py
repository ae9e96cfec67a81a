"""The table of interests: id, name, description, keywords, parent and number of items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from penchant.interests.names import Named
from penchant.text.language import is_chinese
from penchant.types import Columns, Rows

__all__ = ["interest_table"]

_TYPICAL: Final = 3
_TITLE: Final = 80
"""Characters of a title in a description."""


def interest_table(
    leaves: Sequence[Named],
    parents: Sequence[Named],
    parent: Rows,
    *,
    described: Sequence[str],
    touch: Rows,
    titles: Sequence[str],
    uses: npt.NDArray[np.number],
) -> pl.DataFrame:
    """Return one row per interest, leaves then parents.

    Args:
        leaves: Names of the leaves.
        parents: Names of the parents.
        parent: Parent of each leaf, ``(n_leaves,)``.
        described: Descriptions that somebody gave the leaves; empty for none.
        touch: Leaf of each item, ``(n_items,)``.
        titles: Of the items, empty where there is none.
        uses: Positive contacts of each item, ``(n_items,)``.
    """
    leaf_items = np.bincount(touch, minlength=len(leaves))
    parent_items = np.bincount(parent, leaf_items, minlength=len(parents)).astype(np.int64)
    by_use = np.argsort(-uses, kind="stable")
    rows = []
    for prefix, width, group, named in (("i", 3, touch, leaves), ("p", 2, parent[touch], parents)):
        counts = leaf_items if named is leaves else parent_items
        for j, one in enumerate(named):
            typical = [titles[item] for item in by_use[group[by_use] == j][:20] if titles[item]]
            rows.append(
                {
                    Columns.INTEREST: f"{prefix}{j + 1:0{width}}",
                    Columns.NAME: one.name,
                    "description": (described[j] if named is leaves and described else "")
                    or _describe(one, [_short(t) for t in dict.fromkeys(typical)][:_TYPICAL]),
                    "keywords": list(one.keywords),
                    Columns.PARENT: f"p{parent[j] + 1:02}" if named is leaves else None,
                    "items": int(counts[j]),
                }
            )
    schema: dict[str, Any] = {
        Columns.INTEREST: pl.String,
        Columns.NAME: pl.String,
        "description": pl.String,
        "keywords": pl.List(pl.String),
        Columns.PARENT: pl.String,
        "items": pl.Int64,
    }
    return pl.DataFrame(rows, schema=schema)


def _short(title: str) -> str:
    """Return *title*, cut where it is longer than a title: some shops put descriptions there."""
    return title if len(title) <= _TITLE else title[: _TITLE - 1].rstrip() + "…"


def _describe(named: Named, typical: Sequence[str]) -> str:
    """Return one sentence, in the language of the name."""
    keywords = named.keywords[:3]
    if is_chinese(named.name):
        about = "、".join([named.name, *keywords])
        return f"关于{about}" + (f"：例如{'、'.join(typical)}。" if typical else "。")
    about = ", ".join([named.name[:1].lower() + named.name[1:], *keywords])
    return f"Items about {about}" + (f": such as {'; '.join(typical)}." if typical else ".")
