"""Labels: the words by which a catalogue sorts its own items.

Categories, genres, tags, keywords, directors: whatever recurs over items in a column of words.
They are what a wish in words usually means, and short enough to be matched across languages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from penchant.text.columns import text_columns
from penchant.text.language import fold
from penchant.text.packing import Arrays, pack_strings, unpack_strings
from penchant.types import Columns, Matrix

__all__ = ["Labels", "collect_labels"]

_MOST: Final = 600
"""Labels kept, the most frequent ones: each costs an encoding."""

_ITEMS: Final = 3
"""Items that a label needs."""

_LONGEST: Final = 60
"""Characters from which a value is a text and no label."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels and the items that bear them.

    Attributes:
        names: Distinct labels in lower case, most frequent first.
        is_category: Whether a label is among the items' categories, ``(n_labels,)``.
        members: Ones, CSR ``(n_items, n_labels)``.
    """

    names: tuple[str, ...]
    is_category: npt.NDArray[np.bool_]
    members: Matrix

    def state(self) -> Arrays:
        """Return everything as arrays."""
        return {
            "names": pack_strings(self.names),
            "is_category": self.is_category,
            "indptr": self.members.indptr,
            "indices": self.members.indices,
            "n_items": np.array(self.members.shape[0]),
        }

    @classmethod
    def restore(cls, state: Arrays) -> Labels:
        """Return the labels that `state` described."""
        names = tuple(unpack_strings(state["names"]))
        ones = np.ones(len(state["indices"]), np.float32)
        shape = (int(state["n_items"]), len(names))
        members = sparse.csr_array((ones, state["indices"], state["indptr"]), shape=shape)
        return cls(names, np.asarray(state["is_category"]), members)


def collect_labels(table: pl.DataFrame) -> Labels:
    """Collect the labels of a table of items, in the rows' order."""
    columns = [
        name for name in text_columns(table) if name not in (Columns.TITLE, Columns.DESCRIPTION)
    ]
    values = [[_split(value) for value in table[name].to_list()] for name in columns]
    per_item = [
        dict.fromkeys(label for row in rows for label in row) for rows in zip(*values, strict=True)
    ]
    counts = Counter(label for labels in per_item for label in labels)
    frequent = [label for label, count in counts.items() if count >= _ITEMS]
    names = sorted(frequent, key=lambda label: (-counts[label], label))[:_MOST]
    number = {label: column for column, label in enumerate(names)}
    pairs = [(i, number[x]) for i, labels in enumerate(per_item) for x in labels if x in number]
    rows, cols = np.array(pairs, np.int64).reshape(-1, 2).T
    ones = np.ones(len(pairs), np.float32)
    categories = _categories(table)
    return Labels(
        tuple(names),
        np.array([name in categories for name in names], np.bool_),
        sparse.csr_array((ones, (rows, cols)), shape=(len(table), len(names))),
    )


def _split(value: str | Sequence[str] | None) -> list[str]:
    parts = value.split("|") if isinstance(value, str) else value or []
    folded = (fold(part).strip() for part in parts if part)
    return [label for label in folded if label and len(label) <= _LONGEST]


def _categories(table: pl.DataFrame) -> set[str]:
    if Columns.CATEGORIES not in table.columns:
        return set()
    return {label for value in table[Columns.CATEGORIES].to_list() for label in _split(value)}
