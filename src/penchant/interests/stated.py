"""Interests that somebody states: each text goes where a name, or what is like it, says.

    d_ij    direction of text i · direction of "name j. description j", by column in deviations
    s_ij    d_ij + 3 T[i, j]                 T: the name is true of the text (`interests.truth`)
    seeds   the texts that are best for j and for which j is best, a tenth of an equal share each
    φ_j     mean θ of the seeds; then of the texts nearer to it than most of its seeds are

Nothing is dropped: an interest that no text is about keeps the text that is nearest to it.  A text
that is near no interest belongs to none, and its strengths stay small.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from penchant.data.stated import Stated
from penchant.errors import DataError
from penchant.interests.clusters import Clusters, grouped
from penchant.interests.names import Named
from penchant.interests.truth import TRUTH, Terms, truth
from penchant.llm.lsa import unit_rows
from penchant.llm.space import TextSpace
from penchant.text.keywords import Part
from penchant.types import Floats, Rows

__all__ = ["adopt", "as_stated", "terms_of"]

_OR: Final = re.compile(r"[,;/&、，；]|\s(?:and|or)\s|[和与或]")
_TRUE: Final = 3.0
"""Deviations that a name which is true of a text is worth."""

_SHARE: Final = 0.1
_SEEDS: Final = (3, 50)
"""Seeds of an interest: a share of its equal share of texts, within these bounds."""

_FAR: Final = 0.1
"""Quantile of the seeds' cosines below which a text is not of the interest."""


def terms_of(stated: Stated) -> list[Terms]:
    """Return the phrases of each name; "bags and boxes" is true of either."""
    return [
        tuple((piece.strip().casefold(),) for piece in _OR.split(name) if piece.strip())
        for name in stated.names
    ]


def adopt(
    stated: Stated,
    *,
    space: TextSpace,
    theta: Floats,
    parts: list[list[Part]],
    mass: npt.NDArray[np.floating],
) -> Clusters:
    """Return the clusters that *stated* interests make, in their order.

    Args:
        stated: Names, descriptions, parents.
        space: Reads names and holds the texts.
        theta: What each text is about, ``(n_units, dim)``, length 1 or 0.
        parts: Of each text.
        mass: How much each text counts, ``(n_units,)``, > 0.

    Raises:
        DataError: If there are more interests than texts.
    """
    if len(stated.names) > len(theta):
        raise DataError(
            f"{len(stated.names)} interests are stated for {len(theta)} distinct texts",
            hint="State fewer interests.",
        )
    names = truth(parts, terms_of(stated))
    near = _nearness(stated, space) + _TRUE * names
    seeds = _seeds(near)
    leaf = _around(seeds, theta, mass, names=TRUTH * names)
    leaf = _none_empty(leaf, near)
    centroids = _centres(leaf, theta, mass, count=len(stated.names))
    return grouped(leaf, centroids, parent=_parents(stated))


def as_stated(
    stated: Stated, leaves: Sequence[Named], parents: Sequence[Named]
) -> tuple[list[Named], list[Named]]:
    """Return names of leaves and parents as they are stated, with the keywords that were found.

    Args:
        stated: In the order of *leaves*.
        leaves: As the texts would name them.
        parents: Likewise; they keep the names that the texts give them where none are stated.
    """
    called = [
        replace(one, name=name, terms=terms, keywords=_others(one, name))
        for one, name, terms in zip(leaves, stated.names, terms_of(stated), strict=True)
    ]
    groups = list(dict.fromkeys(stated.parents)) if all(stated.parents) else None
    if groups is not None:
        return called, [
            replace(one, name=name, keywords=_others(one, name))
            for one, name in zip(parents, groups, strict=True)
        ]
    taken = {name.casefold() for name in stated.names}
    return called, [
        replace(one, name=f"{one.name} …") if one.name.casefold() in taken else one
        for one in parents
    ]


def _others(one: Named, name: str) -> tuple[str, ...]:
    """Return the keywords of *one* and what the texts would call it, without *name*."""
    found = dict.fromkeys([one.name.casefold(), *one.keywords])
    return tuple(word for word in found if word.casefold() != name.casefold())[: len(one.keywords)]


def _nearness(stated: Stated, space: TextSpace) -> Floats:
    """Return d, ``(n_units, n_leaves)``: columns of mean 0 and deviation 1."""
    said = [
        f"{name}. {more}".strip()
        for name, more in zip(stated.names, stated.descriptions, strict=True)
    ]
    vectors = space.embed(said, role="query")
    cosines = space.vectors @ unit_rows(vectors - vectors.mean(axis=0)).T
    deviation = np.maximum(cosines.std(axis=0), 1e-6)
    return np.asarray((cosines - cosines.mean(axis=0)) / deviation, np.float32)


def _seeds(near: Floats) -> Rows:
    """Return the leaf that each text is a seed of, ``(n_units,)``; −1 for none."""
    n_units, n_leaves = near.shape
    few, many = _SEEDS
    wanted = int(np.clip(_SHARE * n_units / n_leaves, few, many))
    best = near.argmax(axis=1)
    leaf = np.full(n_units, -1, np.int32)
    for j in range(n_leaves):
        own = np.flatnonzero(best == j)
        leaf[own[np.argsort(-near[own, j], kind="stable")[:wanted]]] = j
    return _none_empty(leaf, near)


def _none_empty(leaf: Rows, near: Floats) -> Rows:
    """Give each leaf without a text the nearest one that is not the only text of another."""
    leaf = leaf.copy()
    for j in range(near.shape[1]):
        if not (leaf == j).any():
            size = np.bincount(leaf + 1, minlength=near.shape[1] + 1)[1:]
            free = (leaf < 0) | (size[leaf] > 1)
            leaf[np.where(free, near[:, j], -np.inf).argmax()] = j
    return leaf


def _around(seeds: Rows, theta: Floats, mass: npt.NDArray[np.floating], *, names: Floats) -> Rows:
    """Return the leaf of each text that is as near to it as its seeds are; −1 for the others."""
    n_leaves = names.shape[1]
    centroids = _centres(seeds, theta, mass, count=n_leaves)
    likely = theta @ centroids.T + names
    bound = np.array([np.quantile(likely[seeds == j, j], _FAR) for j in range(n_leaves)])
    leaf = likely.argmax(axis=1).astype(np.int32)
    far = likely[np.arange(len(leaf)), leaf] < bound[leaf]
    return np.where(far | ~theta.any(axis=1), np.int32(-1), leaf)


def _centres(leaf: Rows, theta: Floats, mass: npt.NDArray[np.floating], *, count: int) -> Floats:
    sums = np.zeros((count, theta.shape[1]), np.float32)
    inside = np.flatnonzero(leaf >= 0)
    np.add.at(sums, leaf[inside], theta[inside] * mass[inside, None].astype(np.float32))
    return unit_rows(sums)


def _parents(stated: Stated) -> Rows | None:
    """Return the group of each interest, numbered as they come; None where there are none."""
    if not all(stated.parents):
        return None
    number = {name: at for at, name in enumerate(dict.fromkeys(stated.parents))}
    return np.array([number[name] for name in stated.parents], np.int32)
