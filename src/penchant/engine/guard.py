"""Whether a new model may take the place of the one that serves.

    cut       the newest half of what happened since the serving model
    asked     both models, about the users of that half, with what came before it
    promoted  d + 1.96 s ≥ 0, coverage ≥ ⅔ of the old, distance of tastes ≤ the old + .1

d and s are the mean and the standard error of the paired differences of nDCG@10 (new − old); the
distance is Jensen and Shannon's, between a user's interests and their list's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from scipy import sparse

from penchant.data.dataset import Dataset, Histories
from penchant.data.splits import first_contacts
from penchant.engine.fitted import Fitted
from penchant.engine.lists import make_lists
from penchant.engine.wanted import Wanted
from penchant.metrics.accuracy import hits, ndcg
from penchant.metrics.lists import coverage
from penchant.metrics.tastes import interest_shares, jensen_shannon
from penchant.rank.answers import Ask
from penchant.types import Columns, Matrix, Rows

__all__ = ["Cut", "Verdict", "compare", "newest_cut"]

_K: Final = 10
_USERS: Final = 500
_ENOUGH: Final = 20
"""Users from which a comparison tells anything."""

_SURE: Final = 1.96
_COVERAGE: Final = 2 / 3
_DISTANCE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Cut:
    """What both models are asked.

    Attributes:
        train: Everything before the cut.
        users: Rows of users with a first contact after it, ``(n,)``.
        wanted: Their first contacts after it, ``(n, n_items)``, ones.
    """

    train: Dataset
    users: Rows
    wanted: Matrix


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a comparison.

    Attributes:
        promoted: Whether the new model may serve.
        reason: Why, in words, with figures.
        facts: The figures; JSON values.
    """

    promoted: bool
    reason: str
    facts: dict[str, Any]


def newest_cut(data: Dataset, *, after: int) -> Cut | None:
    """Return a cut in the middle of what happened after a moment; None where that is too little.

    Args:
        data: Everything.
        after: UTC seconds: up to here the serving model knows.
    """
    moments = data.timestamp[data.timestamp > after]
    if not len(moments):
        return None
    middle = int(np.median(moments))
    first = first_contacts(data)
    test = first[data.timestamp[first] > middle]
    users = np.unique(data.user[test])
    if len(users) < _ENOUGH:
        return None
    users = users[np.linspace(0, len(users) - 1, min(len(users), _USERS)).astype(int)]
    row = np.searchsorted(users, data.user[test])
    own = (row < len(users)) & (users[np.minimum(row, len(users) - 1)] == data.user[test])
    wanted = sparse.csr_array(
        (np.ones(int(own.sum()), np.float32), (row[own], data.item[test][own])),
        shape=(len(users), data.n_items),
    )
    train = data.where(data.timestamp <= middle)
    return Cut(train, users.astype(np.int32), wanted)


def compare(old: Fitted, new: Fitted, cut: Cut) -> Verdict:
    """Ask both models what comes after *cut* and say whether *new* may take *old*'s place.

    Args:
        old: The model that serves.
        new: Fitted like the candidate, on what came before the cut.
        cut: From `newest_cut`.
    """
    names = [cut.train.users.ids[row] for row in cut.users]
    histories = cut.train.histories(cut.users)
    lists = {"old": _lists(old, histories, cut, names), "new": _lists(new, histories, cut, names)}
    n_items = cut.train.n_items
    counts = np.diff(cut.wanted.indptr)
    quality = {n: ndcg(hits(own, relevant=cut.wanted), counts=counts) for n, own in lists.items()}
    gain = quality["new"] - quality["old"]
    error = float(gain.std(ddof=1) / np.sqrt(len(gain)))
    covered = {n: coverage(own, n_items=n_items) for n, own in lists.items()}
    far = {n: _distance(own, histories, new) for n, own in lists.items()}
    facts = {
        "users": len(gain),
        "ndcg": {n: float(values.mean()) for n, values in quality.items()},
        "standard_error": error,
        "coverage": covered,
        "distance": far,
    }
    against = []
    if gain.mean() + _SURE * error < 0:
        against.append("its lists are worse")
    if covered["new"] < _COVERAGE * covered["old"]:
        against.append("it lists fewer items")
    if far["new"] > far["old"] + _DISTANCE:
        against.append("its lists fit tastes less")
    said = (
        f"nDCG@{_K} {quality['new'].mean():.4f}, before {quality['old'].mean():.4f} "
        f"(± {_SURE * error:.4f}, {len(gain)} users)"
    )
    if against:
        return Verdict(promoted=False, reason=f"{' and '.join(against)}: {said}", facts=facts)
    return Verdict(promoted=True, reason=said, facts=facts)


def _lists(model: Fitted, histories: Histories, cut: Cut, names: list[str]) -> Rows:
    """Return each user's list in rows of the cut's catalogue, ``(n, k)``, −1 where it is short."""
    items = cut.train.items
    asked = _translated(histories, model, cut)
    frame = make_lists(model, Ask(tuple(names), asked), Wanted(k=_K))
    place = {name: row for row, name in enumerate(names)}
    lists = np.full((len(names), _K), -1, np.int32)
    user = frame[Columns.USER].replace_strict(place, return_dtype=pl.Int32).to_numpy()
    lists[user, frame[Columns.RANK].to_numpy() - 1] = items.rows(frame[Columns.ITEM].to_list())
    return lists


def _translated(histories: Histories, model: Fitted, cut: Cut) -> Histories:
    """Return *histories* in rows of a model's catalogue, without items that it does not know."""
    if model.items is cut.train.items or model.items.ids == cut.train.items.ids:
        return histories
    rows = model.items.rows(cut.train.items)[histories.item]
    known = histories.where(rows >= 0)
    return Histories(
        indptr=known.indptr,
        item=rows[rows >= 0],
        weight=known.weight,
        timestamp=known.timestamp,
        half_life=known.half_life,
        now=known.now,
        n_items=len(model.items),
        kind=known.kind,
        kinds=known.kinds,
    )


def _distance(lists: Rows, histories: Histories, model: Fitted) -> float:
    """Return how far lists are from tastes, on average over users, in [0, 1]."""
    rows, places = np.nonzero(lists >= 0)
    shown = sparse.csr_array(
        (np.ones(len(rows), np.float32), (rows, lists[rows, places])),
        shape=(len(lists), histories.n_items),
    )
    own = interest_shares(histories.contacts(), features=model.V)
    listed = interest_shares(shown, features=model.V)
    return float(np.nanmean(jensen_shannon(own, listed)))
