"""The interests of a catalogue: two levels, discovered in its texts, with names.

    leaves    clusters of distinct texts (`penchant.interests.clusters`), φ_j their directions
    parents   clusters of leaves
    names     `penchant.interests.names`; keywords and typical items beside each

Ids are ``i001``, ``i002``, … for leaves and ``p01``, … for parents, the largest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from penchant.interests.clusters import cluster, leaf_count
from penchant.interests.features import Scale, fit_scale, item_features, touches
from penchant.interests.names import Named, Phrases, name_groups
from penchant.llm.lsa import unit_rows
from penchant.llm.space import TextSpace
from penchant.text.language import is_chinese
from penchant.text.packing import Arrays
from penchant.types import Columns, Floats, Matrix, Progress, Rows, silent

__all__ = ["Taxonomy", "discover"]

_TYPICAL: Final = 3


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
    """

    table: pl.DataFrame
    leaf_ids: tuple[str, ...]
    centroids: Floats
    parent_of: Rows
    scale: Scale

    @property
    def leaf_names(self) -> list[str]:
        """Names of the leaves, in the columns' order."""
        return self.table[Columns.NAME].to_list()[: len(self.leaf_ids)]

    def features(self, space: TextSpace) -> Matrix:
        """Return V, CSR ``(n_items, n_leaves)``, in [0, 1]; each item has an entry."""
        return item_features(space.vectors, space.unit, centroids=self.centroids, scale=self.scale)

    def state(self) -> Arrays:
        """Return the arrays; the table is kept beside them."""
        return {
            "centroids": self.centroids,
            "parent_of": self.parent_of,
            "slope": np.array(self.scale.slope),
            "bias": self.scale.bias,
        }

    @classmethod
    def restore(cls, state: Arrays, table: pl.DataFrame) -> Taxonomy:
        """Return the taxonomy that `state` and *table* describe."""
        leaves = tuple(table[Columns.INTEREST].to_list()[: len(state["centroids"])])
        scale = Scale(float(state["slope"]), state["bias"])
        return cls(table, leaves, state["centroids"], state["parent_of"], scale)


def discover(
    space: TextSpace,
    uses: npt.NDArray[np.number],
    *,
    titles: Sequence[str],
    interests: int | None = None,
    progress: Progress = silent,
) -> Taxonomy:
    """Discover and name the interests of a catalogue.

    Args:
        space: Its texts as vectors.
        uses: Positive contacts of each item, ``(n_items,)``, ≥ 0.
        titles: What the items are called, for typical ones.
        interests: Number of leaves at most; None chooses from the number of distinct texts.
        progress: Is told what goes on.
    """
    n_units = len(space.texts)
    used = np.bincount(space.unit, uses, minlength=n_units)
    mass = np.sqrt(1 + used)  # a text of a thousand sales is not worth a thousand texts
    progress("finding interests", 0, 1)
    found = cluster(space.vectors, mass, leaves=interests or leaf_count(n_units))
    progress("finding interests", 1, 1)
    scale = fit_scale(space.vectors, found.centroids, found.leaf)
    V = item_features(space.vectors, space.unit, centroids=found.centroids, scale=scale)
    leaves, parents = _names(
        space, found.leaf, found.parent, found.centroids, mass, progress=progress
    )
    table = _table(leaves, parents, found.parent, touch=touches(V), titles=titles, uses=uses)
    ids = tuple(table[Columns.INTEREST].to_list()[: len(leaves)])
    return Taxonomy(table, ids, found.centroids, found.parent, scale)


def _names(
    space: TextSpace,
    leaf: Rows,
    parent: Rows,
    centroids: Floats,
    mass: npt.NDArray[np.floating],
    *,
    progress: Progress,
) -> tuple[list[Named], list[Named]]:
    """Name parents first: the broad words are theirs."""
    phrases = Phrases.of(space.texts)
    taken: set[str] = set()
    above = np.where(leaf >= 0, parent[leaf], -1).astype(np.int32)
    sums = np.zeros((int(parent.max()) + 1, centroids.shape[1]), np.float32)
    np.add.at(sums, parent, centroids)
    parents = name_groups(phrases, above, mass, centroids=unit_rows(sums), space=space, taken=taken)
    leaves = name_groups(
        phrases, leaf, mass, centroids=centroids, space=space, taken=taken, progress=progress
    )
    return leaves, parents


def _table(
    leaves: Sequence[Named],
    parents: Sequence[Named],
    parent: Rows,
    *,
    touch: Rows,
    titles: Sequence[str],
    uses: npt.NDArray[np.number],
) -> pl.DataFrame:
    leaf_items = np.bincount(touch, minlength=len(leaves))
    parent_items = np.bincount(parent, leaf_items, minlength=len(parents)).astype(np.int64)
    by_use = np.argsort(-uses, kind="stable")
    rows = []
    for prefix, width, group, named in (("i", 3, touch, leaves), ("p", 2, parent[touch], parents)):
        counts = leaf_items if named is leaves else parent_items
        for j, one in enumerate(named):
            typical = [titles[item] for item in by_use[group[by_use] == j][:20]]
            rows.append(
                {
                    Columns.INTEREST: f"{prefix}{j + 1:0{width}}",
                    Columns.NAME: one.name,
                    "description": _describe(one, list(dict.fromkeys(typical))[:_TYPICAL]),
                    "keywords": list(one.keywords),
                    Columns.PARENT: f"p{parent[j] + 1:02}" if named is leaves else None,
                    "items": int(counts[j]),
                }
            )
    schema: dict[str, Any] = {
        Columns.INTEREST: pl.String,
        Columns.NAME: pl.String,
        "description": pl.String,
        "keywords": pl.List(pl.String),
        Columns.PARENT: pl.String,
        "items": pl.Int64,
    }
    return pl.DataFrame(rows, schema=schema)


def _describe(named: Named, typical: Sequence[str]) -> str:
    """Return one sentence, in the language of the name."""
    if is_chinese(named.name):
        return f"{named.name}：例如{'、'.join(typical)}。" if typical else f"{named.name}。"
    if not typical:
        return f"{named.name}."
    return f"{named.name}: such as {'; '.join(typical)}."
