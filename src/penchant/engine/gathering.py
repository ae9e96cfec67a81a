"""Answers under the ids that interests are shown as: merged ones as one, no hidden one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from penchant.rank.leanings import Tree
from penchant.types import Columns, InterestId

__all__ = ["because_of", "gather_portrait", "gather_proposals"]

_EVIDENCE: Final = 5

Row = dict[str, Any]


def gather_portrait(rows: Sequence[Row], tree: Tree) -> list[Row]:
    """Return the rows of a portrait, each interest once, where its first row stands.

    The strongest part speaks for the whole; evidence and dates are those of all parts.
    """
    parts: dict[InterestId, list[Row]] = {}
    for row in _shown(rows, tree):
        parts.setdefault(row[Columns.INTEREST], []).append(row)
    return [_whole(some) for some in parts.values()]


def gather_proposals(
    rows: Sequence[Row], tree: Tree, *, known: Collection[int], away: Collection[int]
) -> list[Row]:
    """Return proposals in their order, ranks from 1: each interest once, and none that is known.

    Args:
        rows: Of all leaves that are new.
        tree: The interests.
        known: Columns of the leaves that the user has touched.
        away: Columns of the leaves that are not to be proposed.
    """
    gone = {tree.shown_as[at] for at in known} | {tree.leaf_ids[at] for at in away}
    out: dict[InterestId, Row] = {}
    for row in rows:
        if row[Columns.INTEREST] in gone:
            continue
        for whole in _shown([row], tree):
            if whole[Columns.INTEREST] not in gone:
                out.setdefault(whole[Columns.INTEREST], whole)
    return [
        row | {Columns.RANK: rank, "because": because_of(row["because"], tree)}
        for rank, row in enumerate(out.values(), 1)
    ]


def because_of(interests: Iterable[InterestId], tree: Tree) -> list[InterestId]:
    """Return the ids that *interests* are shown under; of one that is hidden, that above it."""
    place = tree.place
    shown = (tree.shown_as[place[one]] or tree.parents[place[one]] for one in interests)
    return list(dict.fromkeys(filter(None, shown)))


def _shown(rows: Iterable[Mapping[str, Any]], tree: Tree) -> list[Row]:
    into = dict(zip(tree.leaf_ids, tree.shown_as, strict=True))
    return [
        {**row, Columns.INTEREST: into[row[Columns.INTEREST]]}
        for row in rows
        if into[row[Columns.INTEREST]]
    ]


def _whole(parts: Sequence[Row]) -> Row:
    if len(parts) == 1:
        return parts[0]
    ordered = sorted(parts, key=lambda row: -row["strength"])
    evidence = dict.fromkeys(item for row in ordered for item in row["evidence"])
    first = [row["first_seen"] for row in parts if row["first_seen"] is not None]
    last = [row["last_seen"] for row in parts if row["last_seen"] is not None]
    said = [row["stated"] for row in parts if row["stated"] is not None]
    return {
        **ordered[0],
        "evidence": list(evidence)[:_EVIDENCE],
        "first_seen": min(first, default=None),
        "last_seen": max(last, default=None),
        "stated": said[0] if said else None,
    }
