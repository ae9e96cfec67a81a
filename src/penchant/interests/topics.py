"""What a text is about: its vector, with its labels given their due.

    E  (n_units, dim)          vectors of texts, from `penchant.llm.space`
    L  (n_units, dim_labels)   TF-IDF of labels (categories, tags), its main directions, centred
    θ = normalise([E, r L])    r: share of running text beside title and labels, in [0, 1]

An encoder averages over words, so of a plot of sixty words and two genres it hears the plot.  Where
texts are labels themselves (r = 0), θ is E.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl
from scipy import sparse

from penchant.llm.lsa import main_directions, unit_rows
from penchant.llm.space import TextSpace
from penchant.text.columns import label_columns
from penchant.text.documents import phrases
from penchant.text.packing import Arrays, pack_strings, unpack_strings
from penchant.types import Columns, Floats, Matrix

__all__ = ["Labels", "Topics", "labels_of", "representatives"]

_DIM: Final = 64
_UNITS: Final = 3
"""Units that a label needs."""

_MOST: Final = 3000
"""Labels kept, the most frequent ones."""

_LONGEST: Final = 60
"""Characters above which a value is a text and no label."""


@dataclass(frozen=True, slots=True)
class Topics:
    """Turns texts and labels into θ.

    Attributes:
        labels: Labels known, the most frequent first.
        running: r, in [0, 1].
    """

    labels: list[str]
    running: float
    _idf: Floats = field(repr=False)
    _directions: Floats = field(repr=False)
    _mean: Floats = field(repr=False)

    @classmethod
    def fit(cls, table: pl.DataFrame, labelled: Labels, *, seed: int = 0) -> Topics:
        """Learn the labels of *table*, one row per distinct text.

        Args:
            table: Items.
            labelled: Their labels.
            seed: Start of random draws.
        """
        bags = labelled.bags
        counts = Counter(label for bag in bags for label in bag)
        frequent = [label for label, n in counts.items() if n >= _UNITS]
        labels = sorted(frequent, key=lambda label: (-counts[label], label))[:_MOST]
        n = max(len(table), 1)
        idf = np.array([np.log(n / counts[label]) + _IDF for label in labels], np.float32)
        weighted = _weighted(bags, labels, idf)
        directions = main_directions(weighted, dim=min(_DIM, len(labels)), seed=seed)
        placed = weighted @ directions
        known = placed[np.diff(weighted.indptr) > 0]
        mean = known.mean(axis=0) if len(known) else np.zeros(directions.shape[1], np.float32)
        return cls(labels, _running(table, bags), idf, directions, mean)

    def vectors(self, texts: Floats, labelled: Labels) -> Floats:
        """Return θ, ``(n, dim + dim_labels)``, length 1, or 0 where nothing is known.

        Args:
            texts: Vectors of the texts, ``(n, dim)``.
            labelled: Their labels.
        """
        weighted = _weighted(labelled.bags, self.labels, self._idf)
        labels = unit_rows(weighted @ self._directions - self._mean)
        labels[np.diff(weighted.indptr) == 0] = 0
        return unit_rows(np.hstack([texts, self.running * labels]).astype(np.float32))

    def state(self) -> Arrays:
        """Return everything learned."""
        return {
            "labels": pack_strings(self.labels),
            "idf": self._idf,
            "directions": self._directions,
            "mean": self._mean,
            "running": np.array(self.running),
        }

    @classmethod
    def restore(cls, state: Mapping[str, np.ndarray]) -> Topics:
        """Return what `state` described."""
        return cls(
            unpack_strings(state["labels"]),
            float(state["running"]),
            state["idf"],
            state["directions"],
            state["mean"],
        )


_IDF: Final = 0.3
"""So that a label that every item has still tells something."""


def representatives(space: TextSpace, table: pl.DataFrame) -> pl.DataFrame:
    """Return the first item of each distinct text, ``len(space.texts)`` rows."""
    _, first = np.unique(space.unit, return_index=True)
    rows: pl.DataFrame = table[first.tolist()]
    return rows


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of items.

    Attributes:
        bags: Distinct labels of each item, in the order of columns and values.
        place: Number of the first column that each label stands in.
    """

    bags: list[list[str]]
    place: dict[str, int]

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


def labels_of(table: pl.DataFrame) -> Labels:
    """Return the labels of the rows of *table*."""
    rows: list[dict[str, None]] = [{} for _ in range(len(table))]
    place: dict[str, int] = {}
    for number, name in enumerate(label_columns(table)):
        split: dict[object, list[str]] = {}
        for row, value in zip(rows, table[name].to_list(), strict=True):
            key = tuple(value) if isinstance(value, list) else value
            if key not in split:
                split[key] = [label for label in phrases(value) if len(label) <= _LONGEST]
            for label in split[key]:
                row[label] = None
                place.setdefault(label, number)
    return Labels([list(row) for row in rows], place)


def _weighted(bags: Sequence[Sequence[str]], labels: Sequence[str], idf: Floats) -> Matrix:
    """Return TF-IDF, ``(len(bags), len(labels))``, rows of length 1 or 0."""
    column = {label: at for at, label in enumerate(labels)}
    rows = [[column[label] for label in bag if label in column] for bag in bags]
    indptr = np.cumsum([0, *map(len, rows)])
    indices = np.fromiter((at for row in rows for at in row), np.int32, count=indptr[-1])
    data = idf[indices]
    row = np.repeat(np.arange(len(rows)), np.diff(indptr))
    lengths = np.sqrt(np.bincount(row, data * data, minlength=len(rows)))
    data = (data / np.maximum(lengths[row], 1e-9)).astype(np.float32)
    matrix: Matrix = sparse.csr_array((data, indices, indptr), shape=(len(rows), len(labels)))
    return matrix


def _running(table: pl.DataFrame, bags: Sequence[Sequence[str]]) -> float:
    """Return the share of characters that stand in descriptions, in [0, 1]."""

    def length(name: str) -> int:
        if name not in table.columns or table[name].dtype != pl.String:
            return 0
        return int(table[name].str.len_chars().clip(0, _READ).sum() or 0)

    described, titled = length(Columns.DESCRIPTION), length(Columns.TITLE)
    labelled = sum(len(label) for bag in bags for label in bag)
    return described / max(1, described + titled + labelled)


_READ: Final = 400
"""Characters of a description that count: more are not read."""
