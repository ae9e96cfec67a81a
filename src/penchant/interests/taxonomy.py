"""The interests of a catalogue: two levels, with names, and what makes an item one of them.

Ids are ``i001``, ``i002``, … for leaves and ``p01``, … for parents, the largest first; leaves that
somebody states (`penchant.interests.stated`) keep their order.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from penchant.data.stated import Stated
from penchant.interests.features import Scale, item_features
from penchant.interests.labels import labels_of
from penchant.interests.parts import parts_of
from penchant.interests.together import Together
from penchant.interests.topics import Topics, representatives
from penchant.interests.truth import TRUTH, Terms, truth
from penchant.llm.space import TextSpace
from penchant.text.packing import Arrays, pack_strings, unpack_strings
from penchant.types import Columns, Floats, Matrix, Rows

__all__ = ["Taxonomy"]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Named interests and what makes an item one of them.

    Attributes:
        table: One row per interest, leaves then parents: ``interest_id, name, description,
            keywords, parent_id, items``; ``parent_id`` is null for a parent.
        leaf_ids: Ids of the leaves, in the columns' order of V and U.
        centroids: φ, ``(n_leaves, dim)``, length 1.
        parent_of: Parent of each leaf, ``(n_leaves,)``.
        scale: From cosines to probabilities.
        topics: Turns texts and labels into θ.
        terms: When the name of each leaf is true of a text.
        stated: The list that the leaves are from; None where they were discovered.
        last: Highest numbers that ids of leaves and of parents ever had, here or in fits before.
        together: What is taken together, in φ and θ'; None where texts alone count.
    """

    table: pl.DataFrame
    leaf_ids: tuple[str, ...]
    centroids: Floats
    parent_of: Rows
    scale: Scale
    topics: Topics
    terms: tuple[Terms, ...]
    stated: Stated | None = None
    last: tuple[int, int] = (0, 0)
    together: Together | None = None

    @property
    def leaf_names(self) -> list[str]:
        """Names of the leaves, in the columns' order."""
        return self.table[Columns.NAME].to_list()[: len(self.leaf_ids)]

    def features(self, space: TextSpace, item_table: pl.DataFrame) -> Matrix:
        """Return V, CSR ``(n_items, n_leaves)``, in [0, 1]; each item has an entry."""
        table = representatives(space, item_table)
        return self._strengths(space.vectors, table, known=True)[space.unit]

    def place(self, space: TextSpace, item_table: pl.DataFrame, documents: Sequence[str]) -> Matrix:
        """Return the rows of V of items that are not in *space*, ``(len(item_table), n_leaves)``.

        Args:
            space: Where the interests were discovered.
            item_table: The new items.
            documents: Their texts, from `penchant.text.documents.item_documents`.
        """
        return self._strengths(space.embed(documents, role="document"), item_table, known=False)

    def _strengths(self, vectors: Floats, table: pl.DataFrame, *, known: bool) -> Matrix:
        labels = labels_of(table, self.topics.columns)
        parts = parts_of(table, labels, labelled=self.topics.labelled)
        theta = self.topics.vectors(vectors, labels)
        if self.together is not None:
            theta = self.together.known(theta) if known else self.together.strangers(theta)
        return item_features(
            theta,
            np.arange(len(table), dtype=np.int32),
            centroids=self.centroids,
            scale=self.scale,
            names=TRUTH * truth(parts, self.terms),
        )

    def state(self) -> Arrays:
        """Return the arrays; the table is kept beside them."""
        return {
            "centroids": self.centroids,
            "parent_of": self.parent_of,
            "slope": np.array(self.scale.slope),
            "bias": self.scale.bias,
            "last": np.array(self.last),
            "terms": pack_strings([json.dumps(some) for some in self.terms]),
            "stated": pack_strings([json.dumps(row) for row in _rows(self.stated)]),
            **{f"topics_{name}": array for name, array in self.topics.state().items()},
            **({} if self.together is None else self.together.state()),
        }

    @classmethod
    def restore(cls, state: Arrays, table: pl.DataFrame) -> Taxonomy:
        """Return the taxonomy that `state` and *table* describe."""
        prefix = "topics_"
        topics = {k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)}
        return cls(
            table=table,
            leaf_ids=tuple(table[Columns.INTEREST].to_list()[: len(state["centroids"])]),
            centroids=state["centroids"],
            parent_of=state["parent_of"],
            scale=Scale(float(state["slope"]), state["bias"]),
            topics=Topics.restore(topics),
            terms=tuple(
                tuple(tuple(term) for term in json.loads(some))
                for some in unpack_strings(state["terms"])
            ),
            stated=_listed(unpack_strings(state["stated"])) if "stated" in state else None,
            last=(int(state["last"][0]), int(state["last"][1])),
            together=Together.restore(state),
        )


def _rows(stated: Stated | None) -> list[tuple[str, str, str]]:
    if stated is None:
        return []
    return list(zip(stated.names, stated.descriptions, stated.parents, strict=True))


def _listed(rows: Sequence[str]) -> Stated | None:
    """Return the list that `_rows` made *rows* of, as JSON."""
    columns = zip(*(json.loads(row) for row in rows), strict=True)
    return Stated(*map(tuple, columns)) if rows else None
