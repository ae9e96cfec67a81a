"""Items that came after the fit: until the next one, known items that read alike stand in.

score(new) = Σ_n c_n score(n) / Σ_n c_n     n: its nearest known texts, c: cosine⁴
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from penchant.engine.fitted import Fitted
from penchant.errors import ModelError, UnavailableError
from penchant.llm.space import TextSpace
from penchant.text.documents import item_documents
from penchant.types import Columns, Floats, Rows

__all__ = ["Newcomer", "categories_of", "place_newcomers", "said_of"]

_LOG: Final = logging.getLogger("penchant.service")

_NEAREST: Final = 5
_LIKE: Final = 0.2
"""Cosine from which a known text stands in."""

_READ: Final = 32
"""New items at a time that the encoder reads; more are placed by LSA, which takes no time."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An item that the model does not know.

    Attributes:
        item_id: Its id.
        fields: What is said of it.
        rows: Known items that stand in for it, the most alike first; empty where none is.
        shares: How much each counts, ``(len(rows),)``; they sum to 1.
        like: Cosine to the first, in (0, 1]; 0 without one.
    """

    item_id: str
    fields: Mapping[str, Any]
    rows: Rows = field(default_factory=lambda: np.empty(0, np.int32))
    shares: Floats = field(default_factory=lambda: np.empty(0, np.float32))
    like: float = 0.0

    @property
    def available(self) -> bool:
        """Whether it may be listed."""
        return self.fields.get(Columns.AVAILABLE) is not False

    def score(self, scores: Floats) -> float:
        """Return its score, given those of the items that stand in, ``(n_items,)``.

        An item like no other has 0, which is what an item has of which nothing speaks for it.
        """
        if not len(self.rows):
            return 0.0
        near = scores[self.rows]
        kept = np.isfinite(near)
        if not kept.any():
            return -np.inf
        return float(near[kept] @ self.shares[kept] / self.shares[kept].sum())


def place_newcomers(fitted: Fitted, items: Sequence[Mapping[str, Any]]) -> list[Newcomer]:
    """Find known items that stand in for *items*.

    Args:
        fitted: The model.
        items: New items: ``item_id`` and what is said of each.
    """
    if not items:
        return []
    texts = item_documents(_table(items))
    space = fitted.space
    vectors = _read(space, texts) if len(items) <= _READ else space.place(texts)
    return [_placed(fitted, item, vector) for item, vector in zip(items, vectors, strict=True)]


def _read(space: TextSpace, texts: Sequence[str]) -> Floats:
    """Return the vectors of *texts*, placed by LSA where the encoder is not there."""
    try:
        return space.embed(texts, role="document")
    except (ModelError, UnavailableError) as error:
        _LOG.warning("new items are placed without the encoder: %s", error)
        return space.place(texts)


def _placed(fitted: Fitted, item: Mapping[str, Any], vector: Floats) -> Newcomer:
    name = str(item[Columns.ITEM])
    cosines = fitted.space.vectors @ vector
    best = np.argsort(-cosines, kind="stable")[:_NEAREST]
    best = best[cosines[best] >= _LIKE]
    if not len(best):
        return Newcomer(name, item)
    uses = np.asarray(fitted.wishes.uses)
    rows = [_most_used(np.flatnonzero(fitted.space.unit == unit), uses) for unit in best]
    shares = cosines[best] ** 4
    return Newcomer(
        name,
        item,
        rows=np.array(rows, np.int32),
        shares=np.asarray(shares / shares.sum(), np.float32),
        like=min(float(cosines[best[0]]), 1.0),
    )


def _most_used(rows: npt.NDArray[np.integer], uses: Floats) -> int:
    return int(rows[np.argmax(uses[rows])])


def _table(items: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Return the texts of *items* as a table such as the loader makes."""
    rows = [
        {
            Columns.ITEM: str(item[Columns.ITEM]),
            Columns.TITLE: _text(item.get(Columns.TITLE)) or str(item[Columns.ITEM]),
            Columns.DESCRIPTION: _text(item.get(Columns.DESCRIPTION)),
            Columns.CATEGORIES: categories_of(item),
            Columns.BRAND: _text(item.get(Columns.BRAND)),
        }
        for item in items
    ]
    schema: dict[str, Any] = {
        Columns.ITEM: pl.String,
        Columns.TITLE: pl.String,
        Columns.DESCRIPTION: pl.String,
        Columns.CATEGORIES: pl.List(pl.String),
        Columns.BRAND: pl.String,
    }
    return pl.DataFrame(rows, schema=schema)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def categories_of(item: Mapping[str, Any]) -> list[str]:
    """Return the categories of an item as sent: a list, or text with ``|``, ``,`` or ``>``."""
    said = item.get(Columns.CATEGORIES)
    if isinstance(said, str):
        mark = next((mark for mark in "|>," if mark in said), "|")
        said = said.split(mark)
    if not isinstance(said, list):
        return []
    return [part.strip() for part in said if isinstance(part, str) and part.strip()]


def said_of(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item as sent with its categories as a list."""
    return {**item, Columns.CATEGORIES: categories_of(item)}
