"""What items are about and what interests hold, texts that are not yet out among them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

import numpy as np

from penchant.engine.fitted import Fitted
from penchant.engine.newcomers import said_of
from penchant.serve.service import Service
from penchant.text.language import content_words
from penchant.types import Columns, Floats, top_k

__all__ = ["about", "held_by", "placed", "search", "typical"]

_NEAR: Final = 20
"""Items that lend a text their interests."""

_SAID: Final = (Columns.DESCRIPTION, Columns.CATEGORIES, Columns.BRAND, Columns.PRICE)

_REAL: Final = 0.05
"""Strength from which an interest of a text is worth a word."""

_CLEAR: Final = 0.5
"""Share of the strongest item's strength from which an item shows an interest clearly."""


def search(service: Service, words: str, *, most: int) -> list[str]:
    """Return ids of items whose titles, or the texts that were sent of them, have all *words*."""
    wanted = set(content_words(words))
    if not wanted:
        return []
    fitted = service.live.fitted
    found = dict.fromkeys(str(one[Columns.ITEM]) for one in service.search(words, most=most))
    if words in fitted.items:
        found = {words: None} | found
    hits = (
        item
        for item, title in zip(fitted.items.ids, fitted.titles, strict=True)
        if item not in found and wanted <= set(content_words(title))
    )
    return [*found, *islice(hits, max(0, most - len(found)))][:most]


def about(service: Service, item: str, *, most: int) -> dict[str, Any]:
    """Return what is known of an item: what is said of it, ``uses``, ``interests``, ``similar``.

    Args:
        service: Knows it.
        item: Its id.
        most: Similar items.

    Raises:
        UnavailableError: Without a model.
        UnknownIdError: If it is not known.
    """
    live = service.live
    fitted, newcomer = live.fitted, live.newcomers.get(item)
    similar = [(row["similar_id"], row["score"]) for row in live.similar(item, k=most)]
    if newcomer is not None:
        rows, shares, uses = newcomer.rows, newcomer.shares, 0
        own: Mapping[str, Any] = said_of(newcomer.fields)
    else:
        at = fitted.items.row(item)
        rows, shares = np.array([at]), np.ones(1, np.float32)
        uses, own = int(fitted.wishes.uses[at]), fitted.item_table.row(at, named=True)
    strength = shares @ fitted.V[rows].toarray()
    best = top_k(strength, most)
    return {name: own.get(name) for name in _SAID} | {
        Columns.TITLE: live.titles([item])[0],
        "uses": uses,
        "interests": [
            (fitted.taxonomy.leaf_ids[j], float(strength[j])) for j in best if strength[j] >= _REAL
        ],
        "similar": similar,
    }


def typical(fitted: Fitted, interest: str, *, most: int) -> list[tuple[str, float]]:
    """Return the most used items among those that show an interest clearly, with their strengths.

    Of items alike in all but size there is one.

    Args:
        fitted: The model.
        interest: Of either level; what is below it counts.
        most: Items.
    """
    strength = _strengths(fitted, interest)
    if not strength.any():
        return []
    uses = np.where(strength >= _CLEAR * strength.max(), np.asarray(fitted.wishes.uses), -1)
    order = np.lexsort((-strength, -uses))
    order = order[uses[order] >= 0]
    _, first = np.unique(fitted.space.unit[order], return_index=True)
    best = order[np.sort(first)[:most]]
    return [(fitted.items.ids[row], float(strength[row])) for row in best]


def held_by(fitted: Fitted, interest: str) -> int:
    """Return how many people have taken something of an interest of either level."""
    own = fitted.histories
    users = np.repeat(np.arange(len(own)), np.diff(own.indptr))
    of_it = np.isin(fitted.explorer.touch[own.item], _columns(fitted, interest))
    return len(np.unique(users[of_it & (own.weight > 0)]))


def placed(
    fitted: Fitted, text: str, *, most: int
) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    """Return what an unpublished text would be: interests with shares, and the items like it.

    It is read as a wish is; the items that meet it best lend it their interests.

    Args:
        fitted: The model.
        text: In any language that the encoder reads.
        most: Interests and items.

    Raises:
        UsageError: If it is empty.
    """
    scores = fitted.wishes.score([text], [])
    near = top_k(scores, _NEAR)
    shares = np.maximum(scores[near], 0)
    if not shares.any():
        return [], []
    strength = (shares / shares.sum()) @ fitted.V[near].toarray()
    leaves = fitted.taxonomy.leaf_ids
    best = [j for j in top_k(strength, most) if strength[j] >= _REAL]
    interests = [(leaves[j], float(strength[j])) for j in best]
    alike = [(fitted.items.ids[row], float(scores[row])) for row in near[:most]]
    return interests, alike


def _strengths(fitted: Fitted, interest: str) -> Floats:
    """Return how much each item is about an interest, ``(n_items,)``; 0 for one that is not."""
    columns = _columns(fitted, interest)
    if not columns:
        return np.zeros(len(fitted.items), np.float32)
    return np.asarray(fitted.V[:, columns].max(axis=1).toarray(), np.float32).ravel()


def _columns(fitted: Fitted, interest: str) -> list[int]:
    """Return the leaves that are shown as an interest, or stand below it."""
    tree = fitted.tree
    leaves = zip(tree.leaf_ids, tree.shown_as, tree.parents, strict=True)
    return [column for column, ids in enumerate(leaves) if interest and interest in ids]
