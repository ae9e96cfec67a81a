"""What a text is about: its vector, with its labels given their due.

    E  (n_units, dim)          vectors of texts, from `penchant.llm.space`
    L  (n_units, dim_labels)   TF-IDF of labels (categories, tags), its main directions, centred
    D  (dim, n_directions)     what only tells variants apart, from `penchant.interests.variants`
    θ = normalise([normalise(E − E D Dᵀ), max(r, ½) L])    r: share of text that runs on

An encoder averages over words, so of a plot of sixty words and two genres it hears the plot; and
of two labels it may hear the sound: "flour" is near "floral".  Where labels are steps of a path,
each text also has the part of the texts that end at its step, M, and departments say less:

    θ = normalise([normalise(normalise(E − E D Dᵀ) + M), 0.3 L])

so that sauces of two departments are sauces, and one text in shorthand is what its like are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from penchant.interests.labels import Labels, last_known, weighted
from penchant.interests.variants import variant_directions
from penchant.llm.lsa import main_directions, unit_rows
from penchant.llm.space import TextSpace
from penchant.text.packing import Arrays, pack_strings, unpack_strings
from penchant.types import Columns, Floats

__all__ = ["Topics", "representatives"]

_DIM: Final = 64
_HEARD: Final = 0.5
"""What labels weigh at least beside the encoder's vectors, and …"""

_OF_PATHS: Final = 0.3
"""… what they do where they are steps of a path."""

_UNITS: Final = 3
"""Units that a label needs."""

_MOST: Final = 3000
"""Labels kept, the most frequent ones."""


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
    _steps: Floats = field(repr=False)

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
        bagged = weighted(bags, labels, idf, place)
        directions = main_directions(bagged, dim=min(_DIM, len(labels)), seed=seed)
        placed = bagged @ directions
        known = placed[np.diff(bagged.indptr) > 0]
        mean = known.mean(axis=0) if len(known) else np.zeros(directions.shape[1], np.float32)
        variants = variant_directions(_titles(table), vectors)
        usual = sum(map(bool, bags)) > len(bags) / 2
        running, columns = _running(table, bags), labelled.columns
        steps = np.zeros((0, vectors.shape[1]), np.float32)
        if labelled.is_path() and len(labelled.columns) == 1:  # two columns that agree are no path
            ends = weighted(last_known(bags, labels), labels, idf, place) > 0
            steps = unit_rows(ends.astype(np.float32).T @ _beside(vectors, variants))
        return cls(labels, running, usual, columns, place, idf, directions, mean, variants, steps)

    def vectors(self, texts: Floats, labelled: Labels) -> Floats:
        """Return θ, ``(n, dim + dim_labels)``, length 1, or 0 where nothing is known.

        Args:
            texts: Vectors of the texts, ``(n, dim)``.
            labelled: Their labels.
        """
        bagged = weighted(labelled.bags, self.labels, self._idf, self._place)
        labels = unit_rows(bagged @ self._directions - self._mean)
        labels[np.diff(bagged.indptr) == 0] = 0
        beside, heard = _beside(texts, self._variants), max(self.running, _HEARD)
        if len(self._steps):
            last = last_known(labelled.bags, self.labels)
            ends = weighted(last, self.labels, self._idf, self._place)
            beside, heard = unit_rows(beside + ends @ self._steps), max(self.running, _OF_PATHS)
        return unit_rows(np.hstack([beside, heard * labels]).astype(np.float32))

    def state(self) -> Arrays:
        """Return everything learned."""
        return {
            "labels": pack_strings(self.labels),
            "idf": self._idf,
            "directions": self._directions,
            "mean": self._mean,
            "variants": self._variants,
            "steps": self._steps,
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
            state["steps"],
        )


def _beside(texts: Floats, variants: Floats) -> Floats:
    """Return *texts* without what only tells variants apart, length 1 or 0."""
    return unit_rows((texts - (texts @ variants) @ variants.T).astype(np.float32))


_IDF: Final = 0.3
"""So that a label that every item has still tells something."""


def representatives(space: TextSpace, table: pl.DataFrame) -> pl.DataFrame:
    """Return the first item of each distinct text, ``len(space.texts)`` rows."""
    _, first = np.unique(space.unit, return_index=True)
    rows: pl.DataFrame = table[first.tolist()]
    return rows


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
