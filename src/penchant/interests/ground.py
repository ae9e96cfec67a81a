"""What interests are found in: a catalogue's texts, what they are about, and names for groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from penchant.interests.clusters import Clusters
from penchant.interests.labels import labels_of
from penchant.interests.names import Named, name_groups
from penchant.interests.offers import Groups, Phrases
from penchant.interests.parts import parts_of
from penchant.interests.topics import Topics, representatives
from penchant.interests.truth import TRUTH, truth_of
from penchant.interests.wording import beside
from penchant.llm.lsa import unit_rows
from penchant.llm.space import TextSpace
from penchant.text.keywords import Part, said_of
from penchant.types import Floats, Progress, Rows

__all__ = ["Ground"]

_VAGUE: Final = 0.3
"""F of a name below which a parent is better called by what is in it."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What interests are found in.

    Attributes:
        space: Texts as vectors.
        topics: Turns them and labels into θ.
        theta: θ, ``(n_units, dim)``.
        steps: Distinct labels, where they are steps of paths; else 0.
        parts: Of each text.
        said: What each says, by phrase, in [0, 1].
        phrases: Names are made of them.
        mass: How much each text counts, ``(n_units,)``, > 0.
        progress: Is told how many names are encoded.
    """

    space: TextSpace
    topics: Topics
    theta: Floats
    steps: int
    parts: list[list[Part]]
    said: list[dict[str, float]]
    phrases: Phrases
    mass: npt.NDArray[np.floating]
    progress: Progress

    @classmethod
    def of(
        cls,
        space: TextSpace,
        item_table: pl.DataFrame,
        uses: npt.NDArray[np.number],
        *,
        seed: int,
        progress: Progress,
    ) -> Ground:
        """Read the texts of a catalogue; see `discover`."""
        table = representatives(space, item_table)
        used = np.bincount(space.unit, uses, minlength=len(space.texts))
        mass = np.sqrt(1 + used)  # a text of a thousand sales is not worth a thousand texts
        labels = labels_of(table)
        topics = Topics.fit(table, labels, space.vectors, seed=seed)
        theta = topics.vectors(space.vectors, labels)
        parts = parts_of(table, labels, labelled=topics.labelled)
        path = labels.is_path()
        place = {} if path else labels.place
        said, phrases = [said_of(some) for some in parts], Phrases.of(parts, place=place)
        steps = len(topics.labels) if path else 0
        return cls(space, topics, theta, steps, parts, said, phrases, mass, progress)

    def truth(self, leaves: Sequence[Named]) -> Floats:
        """Return what the names of *leaves* add to cosines, ``(n_units, n_leaves)``."""
        terms = [one.terms for one in leaves]
        return TRUTH * truth_of(self.said, terms, count=len(self.parts))

    def names(
        self, found: Clusters, *, known: Sequence[str] = ()
    ) -> tuple[list[Named], list[Named]]:
        """Return the names of leaves and parents; *known* ones are preferred among good ones."""
        above = np.where(found.leaf >= 0, found.parent[found.leaf], -1).astype(np.int32)
        counts = (len(found.centroids), int(found.parent.max()) + 1)
        levels = [
            Groups(group, _directions(self.space, group, self.mass, count=count))
            for group, count in zip((found.leaf, above), counts, strict=True)
        ]
        leaves, parents = name_groups(
            self.phrases,
            levels,
            self.mass,
            space=self.space,
            known=known,
            progress=self.progress,
        )
        return leaves, _speaking(parents, leaves, found.parent)


def _speaking(parents: Sequence[Named], leaves: Sequence[Named], above: Rows) -> list[Named]:
    """Name the parents that no phrase fits after their two largest leaves.

    Args:
        parents: As phrases name them.
        leaves: Named, the largest first.
        above: Parent of each leaf, ``(n_leaves,)``.
    """
    taken = {one.name.lower() for one in (*leaves, *parents)}
    named = []
    for number, one in enumerate(parents):
        below = [leaves[j].name for j in np.flatnonzero(above == number)[:2]]
        name = beside(below) if one.fit < _VAGUE and len(below) > 1 else one.name
        named.append(replace(one, name=one.name if name.lower() in taken else name))
        taken.add(name.lower())
    return named


def _directions(
    space: TextSpace, group: Rows, mass: npt.NDArray[np.floating], *, count: int
) -> Floats:
    """Return the mean direction of each group's texts, ``(count, dim)``."""
    sums = np.zeros((count, space.dim), np.float32)
    inside = np.flatnonzero(group >= 0)
    np.add.at(sums, group[inside], space.vectors[inside] * mass[inside, None].astype(np.float32))
    return unit_rows(sums)
