"""A fixed partition: each item in one interest, so that what is compared is asked the same.

How many interests there are decides how easy it is to guess a new one.  A tree of a catalogue's
texts is cut at several sizes: finer cuts split the interests of coarser ones, and never mix them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from penchant.interests.clusters import cluster
from penchant.interests.labels import labels_of
from penchant.interests.topics import Topics, representatives
from penchant.interests.ward import ward
from penchant.llm.lsa import unit_rows
from penchant.llm.space import TextSpace
from penchant.types import Floats, Rows

__all__ = ["Partition", "catalogue_partitions", "cut_tree", "directions_of", "partition_of"]


@dataclass(frozen=True, slots=True)
class Partition:
    """Which interest each item touches.

    Attributes:
        name: What it is called in reports: the number of leaves asked for, or a column's name.
        ids: Of the interests.
        touch: Interest of each item, ``(n_items,)``, in [0, len(ids)).
    """

    name: str
    ids: tuple[str, ...]
    touch: Rows

    def __len__(self) -> int:
        return len(self.ids)


def catalogue_partitions(
    space: TextSpace,
    topics: Topics,
    item_table: pl.DataFrame,
    *,
    uses: npt.NDArray[np.number],
    sizes: Sequence[int],
) -> list[Partition]:
    """Return nested partitions of a catalogue by what its texts are about; see `cut_tree`.

    Args:
        space: Its texts as vectors.
        topics: Turns them into what they are about.
        item_table: Its items.
        uses: Positive contacts of each item, ``(n_items,)``.
        sizes: Interests wanted.
    """
    labels = labels_of(representatives(space, item_table))
    used = np.bincount(space.unit, uses, minlength=len(space.texts))
    vectors = topics.vectors(space.vectors, labels)
    return cut_tree(vectors, np.sqrt(1 + used), space.unit, sizes=sizes)


def cut_tree(
    vectors: Floats, mass: npt.NDArray[np.floating], unit: Rows, *, sizes: Sequence[int]
) -> list[Partition]:
    """Return nested partitions of a catalogue, in the order of *sizes*.

    Args:
        vectors: What each distinct text is about, ``(n_units, dim)``, length 1 or 0.
        mass: How much each text counts, ``(n_units,)``, > 0.
        unit: Text of each item, ``(n_items,)``.
        sizes: Leaves wanted, ≥ 1; fewer come back where texts are few.
    """
    found = cluster(vectors, mass, leaves=max(sizes))
    leaf = (vectors @ found.centroids.T).argmax(axis=1)
    weight = np.bincount(leaf, mass, minlength=len(found.centroids))
    made = []
    for size in sizes:
        above = ward(found.centroids, np.sqrt(weight) + 1, count=size)
        made.append(partition_of([f"{above[at]:03d}" for at in leaf[unit]], name=str(size)))
    return made


def partition_of(labels: Sequence[str], *, name: str) -> Partition:
    """Return the partition that *labels*, one an item, make; ids are in order."""
    ids = tuple(sorted(set(labels)))
    place = {label: at for at, label in enumerate(ids)}
    return Partition(name, ids, np.array([place[label] for label in labels], np.int32))


def directions_of(partition: Partition, item_vectors: Floats) -> Floats:
    """Return the mean direction of each interest's items, ``(len(partition), dim)``.

    Args:
        partition: Of the items.
        item_vectors: ``(n_items, dim)``, length 1 or 0.
    """
    sums = np.zeros((len(partition), item_vectors.shape[1]), np.float32)
    np.add.at(sums, partition.touch, item_vectors)
    return unit_rows(sums)
