"""What a text is about: its vector, with its labels given their due.

    E  (n_units, dim)          vectors of texts, from `penchant.llm.space`
    L  (n_units, dim_labels)   TF-IDF of labels (categories, tags), its main directions, centred
    D  (dim, n_directions)     what only tells variants apart, from `penchant.interests.variants`
    θ = normalise([normalise(E − E D Dᵀ), max(r, ½) L])    r: share of text that runs on

An encoder averages over words, so of a plot of sixty words and two genres it hears the plot; and
of two labels it may hear the sound: "flour" is near "floral".
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from penchant.interests.variants import variant_directions
from penchant.llm.lsa import main_directions, unit_rows
from penchant.llm.space import TextSpace
from penchant.text.columns import label_columns
from penchant.text.documents import phrases
from penchant.text.packing import Arrays, pack_strings, unpack_strings
from penchant.types import Columns, Floats, Matrix

__all__ = ["Labels", "Topics", "labels_of", "representatives"]

_DIM: Final = 64
_HEARD: Final = 0.5
"""What labels weigh at least beside the encoder's vectors."""

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
        labelled: Whether most texts have a label.
        columns: Where labels stand.
    """

    labels: list[str]
    running: float
    labelled: bool
    columns: list[str]
    _place: npt.NDArray[np.int32] = field(repr=False)
    _idf: Floats = field(repr=False)
    _directions: Floats = field(repr=False)
    _mean: Floats = field(repr=False)
    _variants: Floats = field(repr=False)

    @classmethod
    def fit(
        cls, table: pl.DataFrame, labelled: Labels, vectors: Floats, *, seed: int = 0
    ) -> Topics:
        """Learn the labels of *table*, one row per distinct text, and what tells variants apart.

        Args:
            table: Items.
            labelled: Their labels.
            vectors: Of their texts, ``(len(table), dim)``.
            seed: Start of random draws.
        """
        bags = labelled.bags
        counts = Counter(label for bag in bags for label in bag)
        frequent = [label for label, n in counts.items() if n >= _UNITS]
        labels = sorted(frequent, key=lambda label: (-counts[label], label))[:_MOST]
        n = max(len(table), 1)
        idf = np.array([np.log(n / counts[label]) + _IDF for label in labels], np.float32)
        place = np.array([labelled.place[label] for label in labels], np.int32)
        weighted = _weighted(bags, labels, idf, place)
        directions = main_directions(weighted, dim=min(_DIM, len(labels)), seed=seed)
        placed = weighted @ directions
        known = placed[np.diff(weighted.indptr) > 0]
        mean = known.mean(axis=0) if len(known) else np.zeros(directions.shape[1], np.float32)
        variants = variant_directions(_titles(table), vectors)
        usual = sum(map(bool, bags)) > len(bags) / 2
        running, columns = _running(table, bags), labelled.columns
        return cls(labels, running, usual, columns, place, idf, directions, mean, variants)

    def vectors(self, texts: Floats, labelled: Labels) -> Floats:
        """Return θ, ``(n, dim + dim_labels)``, length 1, or 0 where nothing is known.

        Args:
            texts: Vectors of the texts, ``(n, dim)``.
            labelled: Their labels.
        """
        weighted = _weighted(labelled.bags, self.labels, self._idf, self._place)
        labels = unit_rows(weighted @ self._directions - self._mean)
        labels[np.diff(weighted.indptr) == 0] = 0
        beside = (texts - (texts @ self._variants) @ self._variants.T).astype(np.float32)
        return unit_rows(
            np.hstack([unit_rows(beside), max(self.running, _HEARD) * labels]).astype(np.float32)
        )

    def state(self) -> Arrays:
        """Return everything learned."""
        return {
            "labels": pack_strings(self.labels),
            "idf": self._idf,
            "directions": self._directions,
            "mean": self._mean,
            "variants": self._variants,
            "running": np.array(self.running),
            "labelled": np.array(self.labelled),
            "columns": pack_strings(self.columns),
            "place": self._place,
        }

    @classmethod
    def restore(cls, state: Mapping[str, np.ndarray]) -> Topics:
        """Return what `state` described."""
        return cls(
            unpack_strings(state["labels"]),
            float(state["running"]),
            bool(state["labelled"]),
            unpack_strings(state["columns"]),
            state["place"],
            state["idf"],
            state["directions"],
            state["mean"],
            state["variants"],
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


def _weighted(
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


def _running(table: pl.DataFrame, bags: Sequence[Sequence[str]]) -> float:
    """Return the share of characters that stand in descriptions, in [0, 1]."""

    def length(name: str) -> int:
        if name not in table.columns or table[name].dtype != pl.String:
            return 0
        return int(table[name].str.len_chars().clip(0, _READ).sum() or 0)

    described, titled = length(Columns.DESCRIPTION), length(Columns.TITLE)
    labelled = sum(len(label) for bag in bags for label in bag)
    return described / max(1, described + titled + labelled)


def _titles(table: pl.DataFrame) -> list[str]:
    """Return the titles of *table*; empty where there are none."""
    if Columns.TITLE not in table.columns:
        return [""] * len(table)
    return [title or "" for title in table[Columns.TITLE].to_list()]


_READ: Final = 400
"""Characters of a description that count: more are not read."""
