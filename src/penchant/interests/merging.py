"""Interests that are one under two names are made one: the encoder proposes, the generator decides.

    proposed   leaves of one parent whose texts are nearest to each other, and whose names are too
    one        the generator says "same" whichever of the two it is shown first
    then       the larger keeps id and name; its centroid is the mean of both, weighed by items;
               it is true of a text of which either name is true; V is found anew

At most a tenth of the leaves are merged.  Without a generator that follows what it is told, none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import polars as pl

from penchant.interests.evidence import directions, leaf_of_text, shared_phrases
from penchant.interests.features import Scale, touches
from penchant.interests.taxonomy import Taxonomy
from penchant.llm.ask import Asker, Task
from penchant.llm.encoders import encode_all
from penchant.llm.lsa import unit_rows
from penchant.llm.prompts import load_prompt
from penchant.llm.quoting import plain
from penchant.llm.schema import choice, record
from penchant.llm.space import TextSpace
from penchant.text.language import is_chinese
from penchant.types import Floats, Matrix, Rows

__all__ = ["merge_alike", "merged", "proposed"]

_SHARE: Final = 0.1
_PHRASES: Final = 5
_LONGEST: Final = 40


def merge_alike(
    taxonomy: Taxonomy,
    V: Matrix,
    space: TextSpace,
    item_table: pl.DataFrame,
    asker: Asker,
) -> tuple[Taxonomy, Matrix, str]:
    """Return *taxonomy* and *V* with pairs merged that are one, and which they were, in words.

    Args:
        taxonomy: Named.
        V: Items' interests, ``(n_items, n_leaves)``.
        space: The items' texts as vectors.
        item_table: The items.
        asker: Asks the generator.

    Returns:
        Both as they are, and an empty text, where nothing is merged.
    """
    if not asker.generator.chats:
        return taxonomy, V, ""
    leaf = leaf_of_text(V, space)
    pairs = proposed(taxonomy, space, leaf)
    phrases = shared_phrases(space, leaf, n_leaves=len(taxonomy.leaf_ids), most=_PHRASES)
    same = _decided(pairs, taxonomy.leaf_names, phrases, asker)
    if not same:
        return taxonomy, V, ""
    sizes = np.bincount(touches(V), minlength=len(taxonomy.leaf_ids))
    ordered = [(a, b) if sizes[a] >= sizes[b] else (b, a) for a, b in same]
    names = taxonomy.leaf_names
    said = ", ".join(f"{names[lost]} into {names[kept]}" for kept, lost in ordered)
    smaller, features = merged(taxonomy, sizes, ordered, space=space, item_table=item_table)
    return smaller, features, f"merged: {said}"


def proposed(taxonomy: Taxonomy, space: TextSpace, leaf: Rows) -> list[tuple[int, int]]:
    """Return pairs of leaves that may be one, the most alike first; no leaf is in two.

    Args:
        taxonomy: Named.
        space: Texts as vectors.
        leaf: Leaf of each distinct text, ``(n_units,)``.
    """
    names = taxonomy.leaf_names
    raw = encode_all(space.encoder, names)
    called = unit_rows(raw - raw.mean(axis=0))
    found = directions(space, leaf, len(names))
    family = taxonomy.parent_of[:, None] == taxonomy.parent_of[None, :]
    alike = [_nearness(vectors, family) for vectors in (found, called)]
    first, second = (near.argmax(axis=1) for near in alike)
    pairs = [
        (a, int(b))
        for a, b in enumerate(first)
        if a < b and first[b] == a and second[a] == b and second[b] == a and family[a, b]
    ]
    pairs.sort(key=lambda pair: -float(alike[0][pair]))
    return pairs[: int(_SHARE * len(names))]


def _nearness(vectors: Floats, family: np.ndarray) -> Floats:
    """Return cosines within families, ``(n, n)``; −∞ to oneself and to others."""
    near = np.where(family, vectors @ vectors.T, -np.inf).astype(np.float32)
    np.fill_diagonal(near, -np.inf)
    return near


def _decided(
    pairs: Sequence[tuple[int, int]],
    names: Sequence[str],
    phrases: Sequence[Sequence[str]],
    asker: Asker,
) -> list[tuple[int, int]]:
    """Return the pairs that the generator calls the same, in either order."""
    said: dict[tuple[int, int], bool] = {}
    for chinese in (False, True):
        some = [pair for pair in pairs if is_chinese(names[pair[0]]) == chinese]
        both = [*some, *((b, a) for a, b in some)]
        shape = record(groups=choice(["same", "different"]))
        task = Task(load_prompt("same-interest", "zh" if chinese else "en"), shape, 12)
        inputs = [
            {"one": _shown(names[a], phrases[a]), "other": _shown(names[b], phrases[b])}
            for a, b in both
        ]
        for pair, answer in zip(both, asker.ask(task, inputs), strict=True):
            said[pair] = answer is not None and answer["groups"] == "same"
    return [(a, b) for a, b in pairs if said[a, b] and said[b, a]]


def _shown(name: str, phrases: Sequence[str]) -> str:
    listed = ", ".join(plain(phrase, longest=_LONGEST) for phrase in phrases)
    return f"{plain(name, longest=_LONGEST)} ({listed})"


def merged(
    taxonomy: Taxonomy,
    sizes: np.ndarray,
    pairs: Sequence[tuple[int, int]],
    *,
    space: TextSpace,
    item_table: pl.DataFrame,
) -> tuple[Taxonomy, Matrix]:
    """Return *taxonomy* without the second leaf of each pair, which the first takes in, and its V.

    Args:
        taxonomy: To be made smaller.
        sizes: Items that touch each leaf, ``(n_leaves,)``.
        pairs: Leaves that stay and leaves that go; no leaf is in two.
        space: The items' texts as vectors.
        item_table: The items.
    """
    centroids, bias = taxonomy.centroids.copy(), taxonomy.scale.bias.copy()
    terms = list(taxonomy.terms)
    for kept, lost in pairs:
        weights = np.maximum(sizes[[kept, lost]], 1).astype(np.float32)
        centroids[kept] = unit_rows((weights @ centroids[[kept, lost]])[None, :])[0]
        bias[kept] = max(bias[kept], bias[lost])
        terms[kept] = tuple(dict.fromkeys([*terms[kept], *terms[lost]]))
    gone = {lost for _, lost in pairs}
    stays = [j for j in range(len(taxonomy.leaf_ids)) if j not in gone]
    rows = [*stays, *range(len(taxonomy.leaf_ids), len(taxonomy.table))]
    smaller = replace(
        taxonomy,
        table=taxonomy.table[rows],
        leaf_ids=tuple(taxonomy.leaf_ids[j] for j in stays),
        centroids=centroids[stays],
        parent_of=taxonomy.parent_of[stays],
        scale=Scale(taxonomy.scale.slope, bias[stays]),
        terms=tuple(terms[j] for j in stays),
    )
    V = smaller.features(space, item_table)
    return replace(smaller, table=_counted(smaller, V)), V


def _counted(taxonomy: Taxonomy, V: Matrix) -> pl.DataFrame:
    """Return the table with the items that touch each interest now."""
    leaves = np.bincount(touches(V), minlength=len(taxonomy.leaf_ids))
    n_parents = len(taxonomy.table) - len(taxonomy.leaf_ids)
    parents = np.bincount(taxonomy.parent_of, leaves, minlength=n_parents).astype(np.int64)
    return taxonomy.table.with_columns(pl.Series("items", np.concatenate([leaves, parents])))
