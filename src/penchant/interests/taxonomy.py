"""The interests of a catalogue: two levels, discovered in its texts, with names.

    θ         what each distinct text is about (`penchant.interests.topics`)
    leaves    clusters of θ (`penchant.interests.clusters`), φ_j their directions
    parents   clusters of leaves
    names     `penchant.interests.names`; keywords and typical items beside each

Ids are ``i001``, ``i002``, … for leaves and ``p01``, … for parents, the largest first; leaves that
somebody states (`penchant.interests.stated`) keep their order.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from penchant.data.stated import Stated
from penchant.interests.clusters import Clusters, cluster, leaf_count, pulled, without
from penchant.interests.features import Scale, fit_scale, item_features, levelled, touches
from penchant.interests.labels import labels_of
from penchant.interests.names import Groups, Named, Phrases, name_groups
from penchant.interests.parts import cells, parts_of
from penchant.interests.stated import adopt, as_stated
from penchant.interests.topics import Topics, representatives
from penchant.interests.truth import TRUTH, Terms, truth
from penchant.interests.wording import beside
from penchant.llm.lsa import unit_rows
from penchant.llm.space import TextSpace
from penchant.text.keywords import Part
from penchant.text.language import is_chinese
from penchant.text.packing import Arrays, pack_strings, unpack_strings
from penchant.types import Columns, Floats, Matrix, Progress, Rows, silent

__all__ = ["Taxonomy", "discover"]

_TYPICAL: Final = 3
_TITLE: Final = 80
"""Characters of a title in a description."""

_NAMELESS: Final = 0.2
"""F of a name below which its leaf has no name, and is dissolved into its neighbours."""

_VAGUE: Final = 0.3
"""F of a name below which a parent is better called by what is in it."""


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

    @property
    def leaf_names(self) -> list[str]:
        """Names of the leaves, in the columns' order."""
        return self.table[Columns.NAME].to_list()[: len(self.leaf_ids)]

    def features(self, space: TextSpace, item_table: pl.DataFrame) -> Matrix:
        """Return V, CSR ``(n_items, n_leaves)``, in [0, 1]; each item has an entry."""
        table = representatives(space, item_table)
        return self._strengths(space.vectors, table)[space.unit]

    def place(self, space: TextSpace, item_table: pl.DataFrame, documents: Sequence[str]) -> Matrix:
        """Return the rows of V of items that are not in *space*, ``(len(item_table), n_leaves)``.

        Args:
            space: Where the interests were discovered.
            item_table: The new items.
            documents: Their texts, from `penchant.text.documents.item_documents`.
        """
        return self._strengths(space.embed(documents, role="document"), item_table)

    def _strengths(self, vectors: Floats, table: pl.DataFrame) -> Matrix:
        labels = labels_of(table, self.topics.columns)
        parts = parts_of(table, labels, labelled=self.topics.labelled)
        return item_features(
            self.topics.vectors(vectors, labels),
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
        )


def _rows(stated: Stated | None) -> list[tuple[str, str, str]]:
    if stated is None:
        return []
    return list(zip(stated.names, stated.descriptions, stated.parents, strict=True))


def _listed(rows: Sequence[str]) -> Stated | None:
    """Return the list that `_rows` made *rows* of, as JSON."""
    columns = zip(*(json.loads(row) for row in rows), strict=True)
    return Stated(*map(tuple, columns)) if rows else None


def discover(
    space: TextSpace,
    item_table: pl.DataFrame,
    uses: npt.NDArray[np.number],
    *,
    interests: int | None = None,
    stated: Stated | None = None,
    known: Sequence[str] = (),
    seed: int = 0,
    progress: Progress = silent,
) -> Taxonomy:
    """Discover and name the interests of a catalogue, or find those that are stated in it.

    Args:
        space: Its texts as vectors.
        item_table: Its items, one row each.
        uses: Positive contacts of each item, ``(n_items,)``, ≥ 0.
        interests: Number of leaves at most; None chooses from the texts.
        stated: The leaves instead, in the order that they shall have.
        known: Names of a fit before, preferred among good ones.
        seed: Start of random draws.
        progress: Is told what goes on.
    """
    table = representatives(space, item_table)
    used = np.bincount(space.unit, uses, minlength=len(space.texts))
    mass = np.sqrt(1 + used)  # a text of a thousand sales is not worth a thousand texts
    progress("finding interests", 0, 1)
    labels = labels_of(table)
    topics = Topics.fit(table, labels, space.vectors, seed=seed)
    theta = topics.vectors(space.vectors, labels)
    parts = parts_of(table, labels, labelled=topics.labelled)
    place = {} if labels.is_path() else labels.place
    namer = _Namer(space, parts, Phrases.of(parts, place=place), mass, progress)
    if stated is not None:
        found = adopt(stated, space=space, theta=theta, parts=parts, mass=mass)
        progress("finding interests", 1, 1)
        leaves, parents = as_stated(stated, *namer.names(found))
    else:
        wanted = interests or leaf_count(len(space.texts), running=topics.running)
        found = cluster(theta, mass, leaves=wanted)
        progress("finding interests", 1, 1)
        found, leaves, parents = _called(found, theta, namer, known=known)
    scale, V = _scaled(found, theta, namer.truth(leaves), space.unit, stated=stated is not None)
    empty = np.setdiff1d(np.arange(len(leaves)), touches(V))
    if stated is None and len(empty):  # what no item is most about is no interest
        found = without(found, theta, mass, leaves=empty)
        leaves, parents = namer.names(found, known=known)
        scale, V = _scaled(found, theta, namer.truth(leaves), space.unit, stated=False)
    titles = cells(item_table, Columns.TITLE)
    rows = _table(
        leaves,
        parents,
        found.parent,
        described=stated.descriptions if stated is not None else (),
        touch=touches(V),
        titles=titles,
        uses=uses,
    )
    ids = tuple(rows[Columns.INTEREST].to_list()[: len(leaves)])
    terms = tuple(one.terms for one in leaves)
    last = (len(leaves), len(parents))
    return Taxonomy(rows, ids, found.centroids, found.parent, scale, topics, terms, stated, last)


def _scaled(
    found: Clusters, theta: Floats, names: Floats, unit: Rows, *, stated: bool
) -> tuple[Scale, Matrix]:
    """Return what turns cosines and true *names* into probabilities, and V."""
    scale = fit_scale(theta, found.centroids, found.leaf, names=names, strangers=stated)
    if stated:
        scale = levelled(scale, theta @ found.centroids.T + names)
    return scale, item_features(theta, unit, centroids=found.centroids, scale=scale, names=names)


def _called(
    found: Clusters, theta: Floats, namer: _Namer, *, known: Sequence[str]
) -> tuple[Clusters, list[Named], list[Named]]:
    """Give clusters names, and to the names what they are true of; return clusters and names.

    Leaves that no name fits are dissolved, and so are those that lose most of their texts to
    leaves with truer names.
    """
    leaves, _ = namer.names(found)
    nameless = np.array([j for j, one in enumerate(leaves) if one.fit < _NAMELESS], np.int64)
    if 0 < len(nameless) <= len(leaves) / 2:
        found = without(found, theta, namer.mass, leaves=nameless)
        leaves, _ = namer.names(found)
    found = pulled(found, theta, namer.mass, names=namer.truth(leaves))
    return found, *namer.names(found, known=known)  # names of before move no cluster


@dataclass(frozen=True, slots=True)
class _Namer:
    """Names clusters of one catalogue."""

    space: TextSpace
    parts: list[list[Part]]
    phrases: Phrases
    mass: npt.NDArray[np.floating]
    progress: Progress

    def truth(self, leaves: Sequence[Named]) -> Floats:
        """Return what the names of *leaves* add to cosines, ``(n_units, n_leaves)``."""
        return TRUTH * truth(self.parts, [one.terms for one in leaves])

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


def _table(
    leaves: Sequence[Named],
    parents: Sequence[Named],
    parent: Rows,
    *,
    described: Sequence[str],
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
            typical = [titles[item] for item in by_use[group[by_use] == j][:20] if titles[item]]
            rows.append(
                {
                    Columns.INTEREST: f"{prefix}{j + 1:0{width}}",
                    Columns.NAME: one.name,
                    "description": (described[j] if named is leaves and described else "")
                    or _describe(one, [_short(t) for t in dict.fromkeys(typical)][:_TYPICAL]),
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


def _short(title: str) -> str:
    """Return *title*, cut where it is longer than a title: some shops put descriptions there."""
    return title if len(title) <= _TITLE else title[: _TITLE - 1].rstrip() + "…"


def _describe(named: Named, typical: Sequence[str]) -> str:
    """Return one sentence, in the language of the name."""
    keywords = named.keywords[:3]
    if is_chinese(named.name):
        about = "、".join([named.name, *keywords])
        return f"关于{about}" + (f"：例如{'、'.join(typical)}。" if typical else "。")
    about = ", ".join([named.name[:1].lower() + named.name[1:], *keywords])
    return f"Items about {about}" + (f": such as {'; '.join(typical)}." if typical else ".")
