"""Cutting a data set into what models may learn from and what they are asked about.

What is asked about are *first positive contacts*: of each pair of a user and an item the earliest
event of positive weight.  A hit is a pair of the test, so an event that speaks against an item is
never one, nor is a repeat.  ``train`` keeps everything else that was known at the time: repeats
and negative events too.

=========  =========================================================================================
how        the test
=========  =========================================================================================
time       every first contact from the ``1 − share`` quantile of the moments of all first contacts
           on; ``train`` is what came before that moment
loo        the last first contact of each user with at least two; ``train`` holds nothing of that
           user from after that moment, and nothing of the pair
order      the last ``share`` of each user's first contacts, at least one of two; ``train`` holds
           what the user did before the first of them.  For people who do everything in one
           sitting, of whom a moment of the calendar would take all or nothing
random     ``share`` of each user's contacts, drawn; ``train`` holds nothing of the pairs drawn.
           It looks into the future: use it to compare with tables that were made so
=========  =========================================================================================

The vocabularies of ``train`` are those of the whole, so rows mean the same in every part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
import polars as pl

from penchant.data.dataset import Dataset
from penchant.errors import UsageError
from penchant.types import Matrix, Rows, Seconds

__all__ = ["Held", "How", "Split", "cut_for", "first_contacts", "split"]

How: TypeAlias = Literal["time", "loo", "order", "random"]

_Events: TypeAlias = npt.NDArray[np.int64]
_Mask: TypeAlias = npt.NDArray[np.bool_]

_NEVER: Final = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Held:
    """Items held back of some users.

    Attributes:
        users: Rows of the users, ascending, ``(n,)``.
        indptr: Where the items of each of *users* start and end, ``(n + 1,)``.
        item: Rows of the items, of each user in order of time, ``(n_pairs,)``.
        n_items: Size of the catalogue.
    """

    users: Rows
    indptr: npt.NDArray[np.int64]
    item: Rows
    n_items: int

    def __len__(self) -> int:
        return len(self.users)

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """Number of items of each user, ``(n,)``."""
        return np.diff(self.indptr)

    @property
    def pairs(self) -> npt.NDArray[np.int64]:
        """Each pair as ``user · n_items + item``, ``(n_pairs,)``."""
        users = np.repeat(self.users.astype(np.int64), self.counts)
        return users * self.n_items + self.item

    def matrix(self) -> Matrix:
        """Return the pairs as ones, ``(n, n_items)``; row *r* belongs to ``users[r]``."""
        ones = np.ones(len(self.item), np.float32)
        matrix = Matrix((ones, self.item, self.indptr), shape=(len(self), self.n_items))
        matrix.sort_indices()
        return matrix

    def take(self, positions: npt.NDArray[np.integer]) -> Held:
        """Return what is held of the users at *positions* of *users*, in that order."""
        counts = self.counts[positions]
        indptr = np.concatenate([[0], np.cumsum(counts)])
        at = np.repeat(self.indptr[positions] - indptr[:-1], counts) + np.arange(indptr[-1])
        return Held(self.users[positions], indptr, self.item[at], self.n_items)


@dataclass(frozen=True, slots=True)
class Split:
    """A data set in two parts.

    Attributes:
        how: How it was cut.
        train: What models may learn from, with the vocabularies of the whole.
        test: First positive contacts that are not in *train*, of users with a positive event in
            *train*; every user in it has at least one.
        negatives: For the users of *test*, in the same order: items that an event of the test
            part speaks against and none for.  They are never hits.
        strangers: First positive contacts of users without a positive event in *train*.
        moments: When the test of each user of *test* begins, ``(n,)``; for ``random`` no moment
            does, and each is the end of time.
    """

    how: How
    train: Dataset
    test: Held
    negatives: Held
    strangers: Held
    moments: Seconds

    @property
    def users(self) -> Rows:
        """Rows of the users with a test, ascending, ``(n,)``."""
        return self.test.users


def split(data: Dataset, how: How, *, share: float = 0.1, seed: int = 0) -> Split:
    """Cut *data* in two.

    Args:
        data: Clean events in order of time.
        how: ``time``, ``loo`` (leave the last one out), ``order`` or ``random``.
        share: Part of all first contacts (``time``), or of each user's (``order``, ``random``),
            that becomes the test, in (0, 1).  ``loo`` does not read it.
        seed: Start of the draws of ``random``; the others draw nothing.

    Returns:
        The parts.  ``train`` or ``test`` is empty where the data are too few to cut.

    Raises:
        UsageError: If *how* is unknown or *share* out of range.
    """
    if how not in get_args(How):
        raise UsageError(f"a split is one of {', '.join(get_args(How))}, got {how!r}")
    if not 0 < share < 1:
        raise UsageError(f"share must be in (0, 1), got {share!r}")
    contacts = first_contacts(data)
    if how == "loo":
        return _leave_last_out(data, contacts)
    if how == "time":
        return _cut_time(data, contacts, share)
    if how == "order":
        return _leave_last_share_out(data, contacts, share)
    return _draw(data, contacts, share, seed)


def cut_for(
    data: Dataset, *, goal: Literal["next", "period"], share: float = 0.1, seed: int = 0
) -> Split:
    """Cut *data* the way a goal is tested: the ``next`` event by ``loo``, a ``period`` by ``time``.

    Args:
        data: What may be learnt from; the cut is made inside it.
        goal: What a list is for.
        share: As in `split`.
        seed: As in `split`.

    Returns:
        The parts.

    Raises:
        UsageError: If *goal* is another or *share* out of range.
    """
    ways: dict[str, How] = {"next": "loo", "period": "time"}
    if goal not in ways:
        raise UsageError(f"a cut is made for one of {', '.join(ways)}, got {goal!r}")
    return split(data, ways[goal], share=share, seed=seed)


def first_contacts(data: Dataset) -> npt.NDArray[np.int64]:
    """Return which events are the first positive ones of their user and item, in order of time."""
    positive = np.flatnonzero(data.weight > 0)
    _, first = np.unique(_pairs(data)[positive], return_index=True)
    return np.sort(positive[first])


def _pairs(data: Dataset) -> npt.NDArray[np.int64]:
    pairs: npt.NDArray[np.int64] = data.user.astype(np.int64) * data.n_items + data.item
    return pairs


def _leave_last_out(data: Dataset, contacts: _Events) -> Split:
    user = data.user[contacts]
    counts = np.bincount(user, minlength=data.n_users)
    last = np.full(data.n_users, -1, np.int64)
    last[user] = contacts  # later contacts overwrite earlier ones
    tested = last[(last >= 0) & (counts > 1)]
    moment = np.full(data.n_users, _NEVER)
    moment[data.user[tested]] = data.timestamp[tested]
    keep = (data.timestamp <= moment[data.user]) & ~np.isin(_pairs(data), _pairs(data)[tested])
    return _parts(data, "loo", keep=keep, tested=tested, strangers=tested[:0], moment=moment)


def _leave_last_share_out(data: Dataset, contacts: _Events, share: float) -> Split:
    user = data.user[contacts]
    counts = np.bincount(user, minlength=data.n_users)
    wanted = np.minimum(np.maximum(np.rint(share * counts), 1), counts - 1).astype(np.int64)
    order = np.argsort(user, kind="stable")
    rank = np.empty(len(contacts), np.int64)
    rank[order] = np.arange(len(contacts)) - (np.cumsum(counts) - counts)[user[order]]
    tested = contacts[rank >= (counts - wanted)[user]]
    # Of events of one moment their order decides, so the place counts and not the moment.
    first = np.full(data.n_users, len(data.timestamp))
    np.minimum.at(first, data.user[tested], tested)
    keep = np.arange(len(data.timestamp)) < first[data.user]
    moment = np.full(data.n_users, _NEVER)
    moment[data.user[tested[::-1]]] = data.timestamp[tested[::-1]]
    return _parts(data, "order", keep=keep, tested=tested, strangers=tested[:0], moment=moment)


def _cut_time(data: Dataset, contacts: _Events, share: float) -> Split:
    cut = pl.Series(data.timestamp[contacts]).quantile(1 - share)
    keep = data.timestamp < (_NEVER if cut is None else cut)
    known = np.zeros(data.n_users, np.bool_)
    known[data.user[keep & (data.weight > 0)]] = True
    late = contacts[~keep[contacts]]
    of_known = known[data.user[late]]
    moment = np.full(data.n_users, _NEVER if cut is None else int(cut))
    tested, strangers = late[of_known], late[~of_known]
    return _parts(data, "time", keep=keep, tested=tested, strangers=strangers, moment=moment)


def _draw(data: Dataset, contacts: _Events, share: float, seed: int) -> Split:
    rng = np.random.default_rng(seed)
    user = data.user[contacts]
    order = np.lexsort((rng.random(len(contacts)), user))
    counts = np.bincount(user, minlength=data.n_users)
    starts = np.cumsum(counts) - counts
    rank = np.empty(len(contacts), np.int64)
    rank[order] = np.arange(len(contacts)) - starts[user[order]]
    # rounded up or down by chance, so that a share of short histories is drawn too
    wanted = np.floor(share * counts + rng.random(data.n_users)).astype(np.int64)
    wanted = np.minimum(wanted, np.maximum(counts - 1, 0))
    tested = contacts[rank < wanted[user]]
    keep = ~np.isin(_pairs(data), _pairs(data)[tested])
    moment = np.full(data.n_users, _NEVER)
    return _parts(data, "random", keep=keep, tested=tested, strangers=tested[:0], moment=moment)


def _parts(
    data: Dataset, how: How, *, keep: _Mask, tested: _Events, strangers: _Events, moment: Seconds
) -> Split:
    users = np.unique(data.user[tested])
    against = np.flatnonzero(~keep & (data.weight < 0))
    pairs = _pairs(data)
    against = against[~np.isin(pairs[against], pairs[data.weight > 0])]
    _, first = np.unique(pairs[against], return_index=True)
    return Split(
        how=how,
        train=data.where(keep),
        test=_held(data, tested, users),
        negatives=_held(data, np.sort(against[first]), users),
        strangers=_held(data, strangers, np.unique(data.user[strangers])),
        moments=moment[users],
    )


def _held(data: Dataset, events: _Events, users: Rows) -> Held:
    events = events[np.isin(data.user[events], users)]
    events = events[np.argsort(data.user[events], kind="stable")]
    counts = np.bincount(data.user[events], minlength=data.n_users)[users]
    indptr = np.concatenate([[0], np.cumsum(counts)])
    return Held(users, indptr, data.item[events], data.n_items)
