"""Proposed interests as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import polars as pl

from penchant.engine.fitted import Fitted
from penchant.types import Columns, top_k

__all__ = ["explore_rows"]

_SCHEMA: Final[dict[str, Any]] = {
    Columns.USER: pl.String,
    Columns.INTEREST: pl.String,
    Columns.NAME: pl.String,
    Columns.RANK: pl.Int64,
    Columns.SCORE: pl.Float64,
    "because": pl.List(pl.String),
}
_BATCH: Final = 512


def explore_rows(fitted: Fitted, users: Sequence[str], *, m: int) -> pl.DataFrame:
    """Return the *m* interests that each of *users* may take up next, the likeliest first.

    Args:
        fitted: The model.
        users: Ids.
        m: At most so many a user, ≥ 1.

    Raises:
        UnknownIdError: If a user is not known.
    """
    positions = [fitted.users.row(user) for user in users]
    ids, names = fitted.taxonomy.leaf_ids, fitted.taxonomy.leaf_names
    explorer = fitted.explorer
    rows: list[tuple[Any, ...]] = []
    for start in range(0, len(users), _BATCH):
        past = explorer.past(fitted.histories.take(positions[start : start + _BATCH]))
        scores = np.where(past.novel, explorer.score(past), -np.inf)
        chances = explorer.chances(past)
        for at, user in enumerate(users[start : start + _BATCH]):
            best = top_k(scores[at], m)
            causes = explorer.causes(past, at, best)
            rows += [
                (user, ids[j], names[j], rank, float(chances[at, j]), [ids[c] for c in because])
                for rank, (j, because) in enumerate(zip(best, causes, strict=True), 1)
            ]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")
