"""What somebody chooses within an interest: makers, people, kinds ("brand: mostly Private").

    s = contacts with value v / contacts, of the items whose column says something
    share = (n s + 5 p) / (n + 5)     n: different items,  p: everybody's share in the interest

A value is told where its share is a third or more ("often"), or half ("mostly"), and its odds are
twice everybody's.  Columns are chosen by what stands in them: words, not codes, that come again
from item to item and are not the categories over again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from penchant.data.dataset import Histories
from penchant.text.language import fold, is_chinese
from penchant.text.measures import without_measures
from penchant.text.packing import Arrays, pack_strings, unpack_strings
from penchant.types import Columns, Floats, Matrix, Rows

__all__ = ["Facets"]

_BELIEF: Final = 5.0
_OFTEN: Final = 1 / 3
_MOSTLY: Final = 1 / 2
_ODDS: Final = 2.0
_TOLD: Final = 3
"""Values told of an interest at most, one of each column."""

_NOT_FACETS: Final = frozenset(
    {Columns.ITEM, Columns.TITLE, Columns.DESCRIPTION, Columns.CATEGORIES, "duplicate_of"}
)
_ITEMS: Final = 5
"""Items that a value needs."""

_AGAIN: Final = 0.25
"""Share of what a column says that must be such values."""

_MOST: Final = 1000
"""Values of a column, the most frequent ones."""

_LONGEST: Final = 60
_OVER_AGAIN: Final = 0.5
"""Share of a column's values that may be their items' categories."""

_SPLIT: Final = re.compile(r"\s*[|;]\s*")
_NO_WORDS: Final = re.compile(r"[\W\d_]*|(?=\S*\d)[\w\-.:/]+|(?:https?:|www\.|/).*")

_Cells = list[list[str]]


@dataclass(frozen=True, slots=True)
class Facets:
    """Values of items' columns and how common each is in each interest.

    Attributes:
        columns: Names of the columns.
        values: As they are written.
        column: Column of each value, ``(n_values,)``.
        of_items: Ones where an item has a value, ``(n_items, n_values)``.
        known: Ones where an item's column says something, ``(n_items, n_columns)``.
        usual: p, ``(n_leaves, n_values)``, in (0, 1).
    """

    columns: list[str]
    values: list[str]
    column: Rows
    of_items: Matrix
    known: Matrix
    usual: Floats

    @classmethod
    def fit(cls, table: pl.DataFrame, histories: Histories, touch: Rows, *, n_leaves: int) -> Self:
        """Learn what is usual.

        Args:
            table: Items, one row each.
            histories: What everybody did.
            touch: The interest of each item, ``(n_items,)``.
            n_leaves: Number of interests.
        """
        columns: list[str] = []
        values: list[str] = []
        place: list[int] = []
        of_items, known = [], []
        categories = _cells(table, Columns.CATEGORIES)
        for name in table.columns:
            cells = [] if name in _NOT_FACETS else _cells(table, name)
            kept = _recurring(cells, categories)
            if kept:
                rows = [[kept[key] for key in map(fold, cell) if key in kept] for cell in cells]
                of_items.append(_ones(rows, len(kept)))
                known.append(_ones([[0] if cell else [] for cell in cells], 1))
                values += _spellings(cells, kept)
                place += [len(columns)] * len(kept)
                columns.append(name)
        if not columns:
            return cls.restore({})
        F, K = (sparse.csr_array(sparse.hstack(some)) for some in (of_items, known))
        column = np.array(place, np.int32)
        liked = histories.item[histories.weight > 0]
        uses = np.bincount(liked, minlength=len(table)).astype(np.float32)
        by_leaf = sparse.csr_array((uses, (touch, np.arange(len(touch)))), (n_leaves, len(touch)))
        counts, said = (by_leaf @ F).toarray(), (by_leaf @ K).toarray()[:, column]
        return cls(columns, values, column, F, K, _usual(counts, said))

    def told(self, history: Histories, leaf: Rows) -> dict[int, list[str]]:
        """Return what the user of *history* chooses in each interest, the most telling first.

        Args:
            history: A batch of one.
            leaf: The interest of each event, ``(n_events,)``.
        """
        if not self.columns:
            return {}
        liked = history.weight > 0
        places = (leaf[liked], history.item[liked])
        shape = (len(self.usual), history.n_items)
        contacts = sparse.csr_array((np.ones(len(places[0]), np.float32), places), shape)
        contacts.sum_duplicates()
        found = sparse.coo_array(contacts @ self.of_items)
        j, v = found.coords
        total = (contacts @ self.known).toarray()[j, self.column[v]]
        contacts.data[:] = 1
        n = (contacts @ self.known).toarray()[j, self.column[v]]
        p = self.usual[j, v]
        share = (n * found.data / np.maximum(total, 1) + _BELIEF * p) / (n + _BELIEF)
        odds = share / (1 - share) * (1 - p) / p
        told: dict[int, list[str]] = {}
        taken = set()
        for at in np.argsort(-odds, kind="stable"):
            column = int(self.column[v[at]])
            key = (int(j[at]), column)
            some = told.setdefault(key[0], [])
            if share[at] >= _OFTEN and odds[at] >= _ODDS and key not in taken and len(some) < _TOLD:
                some.append(_said(self.columns[column], self.values[v[at]], float(share[at])))
                taken.add(key)
        return told

    def state(self) -> Arrays:
        """Return the learned arrays."""
        return {
            "columns": pack_strings(self.columns),
            "values": pack_strings(self.values),
            "column": self.column,
            "usual": self.usual,
            **{
                f"{name}_{part}": getattr(matrix, part)
                for name, matrix in (("items", self.of_items), ("known", self.known))
                for part in ("indices", "indptr")
            },
        }

    @classmethod
    def restore(cls, state: Arrays) -> Self:
        """Return what `state` described; of nothing, facets that tell nothing."""
        if "columns" not in state:
            nothing = sparse.csr_array((0, 0), dtype=np.float32)
            usual = np.empty((0, 0), np.float32)
            return cls([], [], np.empty(0, np.int32), nothing, nothing, usual)
        columns, values = unpack_strings(state["columns"]), unpack_strings(state["values"])
        of_items, known = (
            _matrix(state[f"{name}_indices"], state[f"{name}_indptr"], width)
            for name, width in (("items", len(values)), ("known", len(columns)))
        )
        return cls(columns, values, state["column"], of_items, known, state["usual"])


def _usual(counts: Floats, said: Floats) -> Floats:
    """Return everybody's share of each value in each interest, drawn to that in all."""
    everywhere = (counts.sum(axis=0) + 0.5) / (said.sum(axis=0) + 1)
    share = (counts + _BELIEF * everywhere) / (said + _BELIEF)
    usual: Floats = np.clip(share, 1e-6, 1 - 1e-6).astype(np.float32)
    return usual


def _cells(table: pl.DataFrame, name: str) -> _Cells:
    """Return what is said in each cell of a column of text; nothing of other columns."""
    if name not in table.columns or table[name].dtype not in (pl.String, pl.List(pl.String)):
        return []
    cells = []
    for value in table[name].to_list():
        parts = _SPLIT.split(value) if isinstance(value, str) else value or ()
        cells.append(list(dict.fromkeys(part for part in parts if part)))
    return cells


def _recurring(cells: _Cells, categories: _Cells) -> dict[str, int]:
    """Return numbers for the values of a column that makes a facet; none for another one."""
    counts = Counter(fold(value) for cell in cells for value in cell)
    said = counts.total()
    often = [
        (value, n)
        for value, n in counts.most_common(_MOST)
        if n >= _ITEMS and len(value) <= _LONGEST and _words(value)
    ]
    if not often or len(counts) == 1 or sum(n for _, n in often) < _AGAIN * said:
        return {}
    if categories:
        again = sum(
            len(set(map(fold, cell)) & set(map(fold, above)))
            for cell, above in zip(cells, categories, strict=True)
        )
        if again > _OVER_AGAIN * said:
            return {}
    return {value: number for number, (value, _) in enumerate(often)}


def _words(value: str) -> bool:
    return not _NO_WORDS.fullmatch(without_measures(value))


def _spellings(cells: _Cells, kept: dict[str, int]) -> list[str]:
    """Return how each value is written first."""
    written = dict.fromkeys(kept, "")
    for value in (value for cell in cells for value in cell):
        if written.get(fold(value)) == "":
            written[fold(value)] = value
    return list(written.values())


def _ones(rows: Iterable[list[int]], width: int) -> Matrix:
    rows = [sorted(set(row)) for row in rows]
    indptr = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    return _matrix(np.array([at for row in rows for at in row], np.int32), indptr, width)


def _matrix(
    indices: npt.NDArray[np.integer], indptr: npt.NDArray[np.integer], width: int
) -> Matrix:
    ones = np.ones(len(indices), np.float32)
    return sparse.csr_array((ones, indices, indptr), shape=(len(indptr) - 1, width))


def _said(column: str, value: str, share: float) -> str:
    """Return the sentence, in the language of the value."""
    mostly = share >= _MOSTLY
    if is_chinese(value):
        return f"{column}：{'大多' if mostly else '常'}为{value}"
    return f"{column}: {'mostly' if mostly else 'often'} {value}"
