"""Which interest of a new fit is which of the fit before, so that ids last.

    J[o, n] = |items of o and n| / |items of o or n|        over the items that both fits know
    match   = argmax Σ J + bonus where names are the same   (Hungarian), pairs of J > a third kept

An interest that is matched keeps its id; one that is not gets a number that no interest had.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy

from penchant.interests.features import Scale
from penchant.interests.taxonomy import Taxonomy
from penchant.types import Columns, Floats, Matrix, Rows

__all__ = ["Lineage", "inherit", "overlaps", "paired", "succeed"]

_SAME_NAME: Final = 0.2
"""What an equal name adds to an overlap."""

_SAME: Final = 1 / 3
"""Overlap, its bonus included, from which two interests are the same: half of each in common."""

_PART: Final = 0.5
"""Share of an interest's items that another must have for a merge or a split."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """Ids of a level of interests, and what became of the old ones.

    Attributes:
        ids: Of the new interests, distinct.
        last: Highest number ever given.
        appeared: Ids of new interests that were no part of an old one.
        split: Ids of new interests that were part of one that goes on.
        merged: Ids of old interests that became part of another.
        went: Ids of old interests that are no more.
    """

    ids: tuple[str, ...]
    last: int
    appeared: tuple[str, ...]
    split: tuple[str, ...]
    merged: tuple[str, ...]
    went: tuple[str, ...]


def overlaps(old: Rows, new: Rows, *, shape: tuple[int, int]) -> npt.NDArray[np.int64]:
    """Return how many items each old and new interest share, ``(n_old, n_new)``.

    Args:
        old: Interest of each item that both fits know, ``(n_common,)``.
        new: The same in the new fit.
        shape: n_old, n_new.
    """
    shared = np.zeros(shape, np.int64)
    np.add.at(shared, (old, new), 1)
    return shared


def paired(
    shared: npt.NDArray[np.int64], old_names: Sequence[str], new_names: Sequence[str]
) -> dict[int, int]:
    """Return which old interest each new one is, by row of the new one."""
    value = _jaccard(shared).astype(np.float64)
    same = np.array(
        [[a.casefold() == b.casefold() for b in new_names] for a in old_names], np.float32
    )
    nothing = (shared.sum(axis=1) == 0)[:, None] & (shared.sum(axis=0) == 0)[None, :]
    value = value + np.where(nothing, 1.0, _SAME_NAME) * same  # without items the name is all
    rows, columns = scipy.optimize.linear_sum_assignment(value, maximize=True)
    return {int(n): int(o) for o, n in zip(rows, columns, strict=True) if value[o, n] > _SAME}


def inherit(
    shared: npt.NDArray[np.int64],
    old: Sequence[tuple[str, str]],
    new_names: Sequence[str],
    *,
    last: int,
    form: str,
) -> Lineage:
    """Return the ids of the new interests.

    Args:
        shared: Items in common, ``(n_old, n_new)``.
        old: Id and name of the old interests.
        new_names: Of the new ones.
        last: Highest number ever given.
        form: How an id is written: ``i{:03}``.
    """
    match = paired(shared, [name for _, name in old], new_names)
    ids: list[str] = []
    appeared: list[str] = []
    split: list[str] = []
    of_old = np.maximum(shared.sum(axis=1), 1)
    of_new = np.maximum(shared.sum(axis=0), 1)
    for n in range(len(new_names)):
        if n in match:
            ids.append(old[match[n]][0])
            continue
        last += 1
        ids.append(form.format(last))
        part = len(old) > 0 and bool((shared[:, n] > _PART * of_new[n]).any())
        (split if part else appeared).append(ids[-1])
    left = [o for o in range(len(old)) if o not in match.values()]
    merged = [old[o][0] for o in left if (shared[o] > _PART * of_old[o]).any()]
    went = [old[o][0] for o in left if old[o][0] not in merged]
    return Lineage(tuple(ids), last, tuple(appeared), tuple(split), tuple(merged), tuple(went))


def succeed(
    taxonomy: Taxonomy,
    V: Matrix,
    *,
    before: Taxonomy,
    old: Rows,
    new: Rows,
) -> tuple[Taxonomy, Matrix, str]:
    """Return *taxonomy* and *V* with the ids of the fit before, in their order, and what changed.

    Args:
        taxonomy: The new one.
        V: Its items' interests, ``(n_items, n_leaves)``.
        before: The old one.
        old: Old leaf of each item that both fits know, ``(n_common,)``.
        new: New leaf of each of these.
    """
    n_old, n_new = len(before.leaf_ids), len(taxonomy.leaf_ids)
    leaves = _level(taxonomy, before, overlaps(old, new, shape=(n_old, n_new)), leaves=True)
    above = overlaps(
        before.parent_of[old],
        taxonomy.parent_of[new],
        shape=(len(before.table) - n_old, len(taxonomy.table) - n_new),
    )
    parents = _level(taxonomy, before, above, leaves=False)
    renumbered, order = _renumbered(taxonomy, leaves, parents)
    columns = V[:, order]
    columns.sort_indices()
    return renumbered, columns, _report(leaves, before.table, renumbered.table)


def _level(
    taxonomy: Taxonomy, before: Taxonomy, shared: npt.NDArray[np.int64], *, leaves: bool
) -> Lineage:
    known, fresh = (
        one.table.head(len(one.leaf_ids)) if leaves else one.table[len(one.leaf_ids) :]
        for one in (before, taxonomy)
    )
    return inherit(
        shared,
        list(known.select(Columns.INTEREST, Columns.NAME).iter_rows()),
        fresh[Columns.NAME].to_list(),
        last=before.last[0 if leaves else 1],
        form="i{:03}" if leaves else "p{:02}",
    )


def _renumbered(
    taxonomy: Taxonomy, leaves: Lineage, parents: Lineage
) -> tuple[Taxonomy, npt.NDArray[np.int64]]:
    """Return *taxonomy* in the order of its new ids, and the order of its leaves."""
    order, parent_order = _order(leaves.ids), _order(parents.ids)
    ids = [*leaves.ids, *parents.ids]
    new = dict(zip(taxonomy.table[Columns.INTEREST], ids, strict=True))
    table = taxonomy.table.with_columns(
        pl.col(Columns.INTEREST, Columns.PARENT).replace_strict(new, return_dtype=pl.String)
    )[[*order.tolist(), *(parent_order + len(order)).tolist()]]
    place = parent_order.argsort()
    renumbered = replace(
        taxonomy,
        table=table,
        leaf_ids=tuple(leaves.ids[j] for j in order),
        centroids=taxonomy.centroids[order],
        parent_of=place[taxonomy.parent_of[order]].astype(np.int32),
        scale=Scale(taxonomy.scale.slope, taxonomy.scale.bias[order]),
        terms=tuple(taxonomy.terms[j] for j in order),
        last=(leaves.last, parents.last),
    )
    return renumbered, order


def _order(ids: Sequence[str]) -> npt.NDArray[np.int64]:
    return np.array(sorted(range(len(ids)), key=lambda j: int(ids[j][1:])), np.int64)


def _report(leaves: Lineage, old: pl.DataFrame, new: pl.DataFrame) -> str:
    """Return in words what became of the old leaves."""
    names = dict(old.select(Columns.INTEREST, Columns.NAME).iter_rows())
    names |= dict(new.select(Columns.INTEREST, Columns.NAME).iter_rows())
    fresh = len(leaves.appeared) + len(leaves.split)
    said = [f"{len(leaves.ids) - fresh} of {len(leaves.ids)} interests are known from before"]
    for what, ids in (
        ("appeared", leaves.appeared),
        ("split off", leaves.split),
        ("merged into others", leaves.merged),
        ("gone", leaves.went),
    ):
        if ids:
            said.append(f"{what}: {', '.join(f'{names[key]} ({key})' for key in ids)}")
    return "; ".join(said)


def _jaccard(shared: npt.NDArray[np.int64]) -> Floats:
    either = shared.sum(axis=1)[:, None] + shared.sum(axis=0)[None, :] - shared
    value: Floats = (shared / np.maximum(either, 1)).astype(np.float32)
    return value
