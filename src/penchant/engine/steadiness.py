"""How steady interests are: two fits on random nine tenths of the items, on the common ones."""

from __future__ import annotations

from typing import Final

import numpy as np

from penchant.engine.fitted import Fitted
from penchant.interests.discovery import Taken, discover
from penchant.interests.features import touches
from penchant.llm.lsa import Lsa
from penchant.llm.space import TextSpace
from penchant.metrics.partitions import adjusted_mutual_information
from penchant.text.documents import item_documents
from penchant.types import Progress, Rows, silent

__all__ = ["steadiness"]

_SHARE: Final = 0.9
_FEWEST: Final = 20
"""Items below which two fits say nothing."""


def steadiness(fitted: Fitted, *, seed: int = 0, progress: Progress = silent) -> float | None:
    """Return the adjusted mutual information of two refits of the interests.

    Texts that the fit has read come from the cache; interests that are stated are not discovered,
    and are not refitted.

    Args:
        fitted: The model; its items, uses and settings count.
        seed: Start of the draws of items.
        progress: Is told what goes on.

    Returns:
        At most 1; None where there are too few items, or interests are stated.
    """
    n = len(fitted.items)
    if n < _FEWEST or fitted.taxonomy.stated is not None:
        return None
    rng = np.random.default_rng(seed)
    placed = []
    for step in range(2):
        progress("fitting interests again", step, 2)
        rows = np.sort(rng.permutation(n)[: int(n * _SHARE)]).astype(np.int32)
        leaf = np.full(n, -1, np.int32)
        leaf[rows] = _leaves(fitted, rows, progress=progress)
        placed.append(leaf)
    progress("fitting interests again", 2, 2)
    common = (placed[0] >= 0) & (placed[1] >= 0)
    return adjusted_mutual_information(placed[0][common], placed[1][common])


def _taken(fitted: Fitted, rows: Rows) -> Taken | None:
    """Return what was taken of *rows*, to count as much as it does in the model."""
    together = fitted.taxonomy.together
    if together is None:
        return None
    return Taken(fitted.histories.among(rows), judge=None, shares=(together.share,))


def _leaves(fitted: Fitted, rows: Rows, *, progress: Progress) -> Rows:
    """Return the interest that each of *rows* touches where only they are known."""
    table, settings = fitted.item_table[rows.tolist()], fitted.settings
    uses = np.asarray(fitted.wishes.uses)[rows]
    encoder = fitted.space.encoder
    space = TextSpace.fit(
        item_documents(table),
        uses,
        encoder=None if isinstance(encoder, Lsa) else encoder,  # the model keeps its own LSA
        encode_texts=settings.encode_texts,
        encode_words=settings.encode_words,
        seed=settings.seed,
        progress=progress,
    )
    taxonomy = discover(
        space,
        table,
        uses,
        interests=settings.interests,
        taken=_taken(fitted, rows),
        seed=settings.seed,
    )
    return touches(taxonomy.features(space, table))
