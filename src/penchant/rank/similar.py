"""Items like an item: what its name alone, as a history of one event, makes the scorers list.

score(h, i)   mean over EASE, iALS and texts of F(score of i given h), see `penchant.rank.fusion`
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import polars as pl

from penchant.data.dataset import Histories
from penchant.rank.fusion import compared
from penchant.rank.hybrid import Hybrid
from penchant.types import Columns, Floats, Vocabulary, top_k

__all__ = ["similar_rows"]

_SCORERS: Final = ("ease", "ials", "content")
"""Scorers that are the same in both directions, more or less."""


def similar_rows(
    hybrid: Hybrid, rows: Sequence[int], *, items: Vocabulary, now: int, k: int
) -> pl.DataFrame:
    """Return the *k* items most like each of *rows*: ``item_id, similar_id, rank, score``.

    Args:
        hybrid: Fitted.
        rows: Items asked about.
        items: The catalogue.
        now: The moment of the request.
        k: Length of each list.
    """
    out: list[tuple[Any, ...]] = []
    for row in rows:
        scores = _scores(hybrid, row, n_items=len(items), now=now)
        scores[row] = -np.inf
        out += [
            (items.ids[row], items.ids[other], rank, float(scores[other]))
            for rank, other in enumerate(top_k(scores, k), 1)
        ]
    schema: dict[str, Any] = {
        Columns.ITEM: pl.String,
        "similar_id": pl.String,
        Columns.RANK: pl.Int64,
        Columns.SCORE: pl.Float64,
    }
    return pl.DataFrame(out, schema=schema, orient="row")


def _scores(hybrid: Hybrid, row: int, *, n_items: int, now: int) -> Floats:
    one = Histories(
        indptr=np.array([0, 1]),
        item=np.array([row], np.int32),
        weight=np.ones(1, np.float32),
        timestamp=np.array([now]),
        half_life=np.ones(1, np.float32),
        now=now,
        n_items=n_items,
    )
    parts = [compared(s.score(one))[0] for s in hybrid.scorers if s.name in _SCORERS]
    return np.asarray(np.mean(parts, axis=0), np.float32)
