"""Interests found in a catalogue, or what is stated found in it.

    θ         what each distinct text is about (`penchant.interests.topics`)
    θ'        the same beside what is taken with it (`penchant.interests.together`), where people
              act in sittings and that tells their next interests
    leaves    clusters of θ' (`penchant.interests.clusters`), φ_j their directions
    parents   clusters of leaves
    names     `penchant.interests.names`; keywords and typical items beside each

How much θ' hears of what people take is chosen within the training part: of the shares w under
which names still find their items, the one of the highest skill times what names find.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, Self

import numpy as np
import numpy.typing as npt
import polars as pl

from penchant.data.dataset import Dataset, Histories
from penchant.data.stated import Stated
from penchant.interests.clusters import Clusters, cluster, leaf_count, pulled, without
from penchant.interests.features import Scale, fit_scale, item_features, levelled, touches
from penchant.interests.ground import Ground
from penchant.interests.names import Named
from penchant.interests.parts import cells
from penchant.interests.portraits import PortraitModel
from penchant.interests.stated import adopt, as_stated
from penchant.interests.tables import interest_table
from penchant.interests.taxonomy import Taxonomy
from penchant.interests.together import Together
from penchant.llm.encoders import encode_all
from penchant.llm.lsa import unit_rows
from penchant.llm.space import TextSpace
from penchant.types import Columns, Floats, Matrix, Progress, silent

__all__ = ["Taken", "discover"]

_SHARES: Final = (0.2, 0.3, 0.4, 0.5)
"""Shares w that are tried."""

_FOUND: Final = 0.9
"""What names must find of their items beside those of texts alone, …"""

_BETTER: Final = 1.1
"""… and how much better interests must be foretold, for behaviour to have a part."""

_NEAREST: Final = 10

_NAMELESS: Final = 0.2
"""F of a name below which its leaf has no name, and is dissolved into its neighbours."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What people took, for interests that know it.

    Attributes:
        histories: What each user did; items are rows of the catalogue.
        judge: Tells from V, ``(n_items, n_leaves)``, how well interests are foretold, or None
            where that cannot be told.  Without a judge the first share is taken.
        shares: Of what is taken, beside texts, ascending, each in (0, 1).
    """

    histories: Histories
    judge: Callable[[Matrix], float | None] | None
    shares: Sequence[float] = _SHARES

    @classmethod
    def of(cls, data: Dataset, *, goal: Literal["next", "period"]) -> Self | None:
        """Return what was taken in *data*, judged by how well strengths are foretold there.

        Who acts in sittings goes along a shelf; None with the goal *period*, where behaviour tells
        interests nothing that texts do not.
        """
        if goal != "next":
            return None
        return cls(data.all_histories, lambda V: PortraitModel(V, goal=goal).foresight(data))


def discover(
    space: TextSpace,
    item_table: pl.DataFrame,
    uses: npt.NDArray[np.number],
    *,
    interests: int | None = None,
    stated: Stated | None = None,
    taken: Taken | None = None,
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
        taken: What people took; None leaves interests to texts.
        known: Names of a fit before, preferred among good ones.
        seed: Start of random draws.
        progress: Is told what goes on.
    """
    progress("finding interests", 0, 1)
    ground = Ground.of(space, item_table, uses, seed=seed, progress=progress)
    usual = leaf_count(len(space.texts), running=ground.topics.running, steps=ground.steps)
    wanted = interests or usual
    if stated is not None:
        draft = _adopted(ground, stated)
    else:
        draft = _drafted(ground, ground.theta, leaves=wanted, known=known)
        if taken is not None:
            draft = _shared(ground, draft, taken, leaves=wanted, known=known, seed=seed)
    progress("finding interests", 1, 1)
    rows = interest_table(
        draft.leaves,
        draft.parents,
        draft.found.parent,
        described=stated.descriptions if stated is not None else (),
        touch=touches(draft.V),
        titles=cells(item_table, Columns.TITLE),
        uses=uses,
    )
    return Taxonomy(
        table=rows,
        leaf_ids=tuple(rows[Columns.INTEREST].to_list()[: len(draft.leaves)]),
        centroids=draft.found.centroids,
        parent_of=draft.found.parent,
        scale=draft.scale,
        topics=ground.topics,
        terms=tuple(one.terms for one in draft.leaves),
        stated=stated,
        last=(len(draft.leaves), len(draft.parents)),
        together=draft.together,
    )


@dataclass(frozen=True, slots=True)
class _Draft:
    """Interests of a catalogue, one way to find them.

    Attributes:
        found: The clusters.
        leaves: Their names.
        parents: Names of the clusters of leaves.
        scale: From cosines to probabilities.
        V: Items' interests, ``(n_items, n_leaves)``.
        together: What is taken together; None where texts alone counted.
    """

    found: Clusters
    leaves: list[Named]
    parents: list[Named]
    scale: Scale
    V: Matrix
    together: Together | None = None


def _adopted(ground: Ground, stated: Stated) -> _Draft:
    """Find what is *stated*."""
    theta, parts, mass = ground.theta, ground.parts, ground.mass
    found = adopt(stated, space=ground.space, theta=theta, parts=parts, mass=mass)
    leaves, parents = as_stated(stated, *ground.names(found))
    names = ground.truth(leaves)
    scale = fit_scale(theta, found.centroids, found.leaf, names=names, strangers=True)
    scale = levelled(scale, theta @ found.centroids.T + names)
    return _Draft(found, leaves, parents, scale, _features(ground, theta, found, scale, names))


def _drafted(ground: Ground, theta: Floats, *, leaves: int, known: Sequence[str]) -> _Draft:
    """Find at most so many *leaves* in *theta*, ``(n_units, dim)``."""
    found, named, parents = _called(
        cluster(theta, ground.mass, leaves=leaves), theta, ground, known=known
    )
    while True:
        names = ground.truth(named)
        scale = fit_scale(theta, found.centroids, found.leaf, names=names)
        V = _features(ground, theta, found, scale, names)
        empty = np.setdiff1d(np.arange(len(named)), touches(V))
        if len(empty) in (0, len(named)):
            return _Draft(found, named, parents, scale, V)
        # what no item is most about is no interest
        found = without(found, theta, ground.mass, leaves=empty)
        named, parents = ground.names(found, known=known)


def _features(
    ground: Ground, theta: Floats, found: Clusters, scale: Scale, names: Floats
) -> Matrix:
    return item_features(
        theta, ground.space.unit, centroids=found.centroids, scale=scale, names=names
    )


def _called(
    found: Clusters, theta: Floats, ground: Ground, *, known: Sequence[str]
) -> tuple[Clusters, list[Named], list[Named]]:
    """Give clusters names, and to the names what they are true of; return clusters and names.

    Leaves that no name fits are dissolved, and so are those that lose most of their texts to
    leaves with truer names.
    """
    leaves, _ = ground.names(found)
    nameless = np.array([j for j, one in enumerate(leaves) if one.fit < _NAMELESS], np.int64)
    if 0 < len(nameless) <= len(leaves) / 2:
        found = without(found, theta, ground.mass, leaves=nameless)
        leaves, _ = ground.names(found)
    found = pulled(found, theta, ground.mass, names=ground.truth(leaves))
    return found, *ground.names(found, known=known)  # names of before move no cluster


def _shared(
    ground: Ground,
    texts: _Draft,
    taken: Taken,
    *,
    leaves: int,
    known: Sequence[str],
    seed: int,
) -> _Draft:
    """Return *texts* or what hears of what people took as well, whichever foretells better."""
    bar = 0.0 if taken.judge is None else taken.judge(texts.V)
    if bar is None:
        return texts
    together = Together.learn(taken.histories, ground.space.unit, ground.theta, seed=seed)

    def drafted(share: float) -> _Draft:
        shared = together.sharing(share)
        theta = shared.known(ground.theta)
        draft = _drafted(ground, theta, leaves=leaves, known=known)
        return replace(draft, together=shared)

    if taken.judge is None:
        return drafted(taken.shares[0])
    best, worth, bar = texts, 0.0, _BETTER * max(bar, 0.0)
    least = _FOUND * _finding(ground, texts)
    for draft in map(drafted, taken.shares):
        found = _finding(ground, draft)
        told = taken.judge(draft.V) if found >= least else None
        if told is not None and told > bar and told * found > worth:
            best, worth = draft, told * found
    return best


def _finding(ground: Ground, draft: _Draft) -> float:
    """Return the mean share of the texts nearest to a name that are in its leaf, in [0, 1]."""
    names = [one.name for one in draft.leaves]
    raw = encode_all(ground.space.encoder, names, progress=silent, stage="naming interests")
    cosines = unit_rows(raw - raw.mean(axis=0)) @ ground.space.vectors.T
    sizes = np.bincount(draft.found.leaf[draft.found.leaf >= 0], minlength=len(names))
    nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :_NEAREST]
    hits = (draft.found.leaf[nearest] == np.arange(len(names))[:, None]).mean(axis=1)
    large = sizes >= _NEAREST
    return float(hits[large].mean()) if large.any() else 0.0
