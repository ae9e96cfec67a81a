"""Labels of items: categories and tags, and what they weigh.

A label of a path ("grocery", "frozen pizza", "pizza economy") implies those before it, so the last
one that is known says it all; of genres none implies another, and all speak.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from penchant.text.columns import label_columns
from penchant.text.documents import phrases
from penchant.types import Floats, Matrix

__all__ = ["Labels", "labels_of", "last_known", "weighted"]

_LONGEST: Final = 60
"""Characters above which a value is a text and no label."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of items.

    Attributes:
        bags: Distinct labels of each item, in the order of columns and values.
        place: Number of the first column that each label stands in.
        columns: Names of the columns.
    """

    bags: list[list[str]]
    place: dict[str, int]
    columns: list[str]

    def is_path(self) -> bool:
        """Tell whether labels are steps of a path, so that one implies the one before it."""
        before: dict[str, Counter[str]] = {}
        for bag in self.bags:
            for first, second in itertools.pairwise(bag):
                before.setdefault(second, Counter())[first] += 1
        steps = sum(counts.total() for counts in before.values())
        sure = sum(max(counts.values()) for counts in before.values())
        return sure > _SURE * steps


_SURE: Final = 0.8
"""Share of steps that come from the one usual step before."""


def labels_of(table: pl.DataFrame, columns: Sequence[str] | None = None) -> Labels:
    """Return the labels of the rows of *table*.

    Args:
        table: Items.
        columns: Where to look; None for the columns that `label_columns` finds.
    """
    rows: list[dict[str, None]] = [{} for _ in range(len(table))]
    place: dict[str, int] = {}
    names = label_columns(table) if columns is None else [c for c in columns if c in table.columns]
    for number, name in enumerate(names):
        split: dict[object, list[str]] = {}
        for row, value in zip(rows, table[name].to_list(), strict=True):
            key = tuple(value) if isinstance(value, list) else value
            if key not in split:
                split[key] = [label for label in phrases(value) if len(label) <= _LONGEST]
            for label in split[key]:
                row[label] = None
                place.setdefault(label, number)
    return Labels([list(row) for row in rows], place, names)


def weighted(
    bags: Sequence[Sequence[str]], labels: Sequence[str], idf: Floats, place: npt.NDArray[np.int32]
) -> Matrix:
    """Return TF-IDF, ``(len(bags), len(labels))``, rows of length 1 or 0.

    The labels of one column have length 1 before columns are put together: a film's ten keywords
    say no more than its two genres.
    """
    column = {label: at for at, label in enumerate(labels)}
    rows = [[column[label] for label in bag if label in column] for bag in bags]
    indices = np.array([at for row in rows for at in row], np.int32)
    row = np.repeat(np.arange(len(rows)), [len(some) for some in rows]).astype(np.int64)
    n_places = int(place.max(initial=0)) + 1
    data = _unit(idf[indices], row * n_places + place[indices], len(rows) * n_places)
    data = _unit(data, row, len(rows))
    matrix: Matrix = sparse.csr_array((data, (row, indices)), shape=(len(rows), len(labels)))
    return matrix


def _unit(values: Floats, group: npt.NDArray[np.int64], n_groups: int) -> Floats:
    """Return *values* with each group's scaled to length 1."""
    lengths = np.sqrt(np.bincount(group, values * values, minlength=n_groups))
    return (values / np.maximum(lengths[group], 1e-9)).astype(np.float32)


def last_known(bags: Sequence[Sequence[str]], labels: Sequence[str]) -> list[list[str]]:
    """Return the last label of each bag that is among *labels*; none where none is."""
    known = set(labels)
    return [[label for label in bag if label in known][-1:] for bag in bags]
