"""What recommenders read off a history.

first_contacts   the earliest positive event of each (user, item)
in_favour        which events are about an item that the user has not turned against
last_contacts    the latest positive event of each (user, item) that the user is in favour of
steps_back       0 for a user's last event, 1 for the one before, …

Ten scorers ask these of one history; of a small batch each is found once.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
from scipy import sparse

from penchant.data.dataset import Histories
from penchant.types import Floats, Matrix, Rows

__all__ = [
    "by_item",
    "favoured",
    "favoured_first",
    "first_contacts",
    "in_favour",
    "last_contacts",
    "last_events",
    "pairs_found",
    "pairs_of",
    "remembered",
    "share_out",
    "steps_back",
]

_Found = TypeVar("_Found")

_SMALL: Final = 20_000
"""Events up to which a batch remembers what was found; a whole data set would keep it for ever."""


def _once(find: Callable[[Histories], _Found]) -> Callable[[Histories], _Found]:
    @functools.wraps(find)
    def found(histories: Histories) -> _Found:
        if len(histories.item) > _SMALL:
            return find(histories)
        if find.__name__ not in histories.memo:
            histories.memo[find.__name__] = find(histories)
        known: _Found = histories.memo[find.__name__]
        return known

    return found


def remembered(
    histories: Histories, name: str, learned: object, find: Callable[[], _Found]
) -> _Found:
    """Return what *find* returns, found once for a small batch and what a scorer has *learned*.

    Args:
        histories: The batch that *find* reads.
        name: Of what is found.
        learned: Another object whenever the scorer has learned anew.
        find: Finds it.
    """
    if len(histories.item) > _SMALL:
        return find()
    before, found = histories.memo.get(name, (None, None))
    if before is not learned:
        found = find()
        histories.memo[name] = learned, found
    known: _Found = found
    return known


@_once
def first_contacts(histories: Histories) -> Histories:
    """Return the earliest positive event of each user with each item."""
    positive = np.flatnonzero(histories.weight > 0)
    return histories.where(_mask(histories, _latest(histories, positive[::-1])))


@_once
def in_favour(histories: Histories) -> npt.NDArray[np.bool_]:
    """Tell which events are about an item that their user is for, ``(n_events,)``.

    A return or a dislike stands unless deeds of its own kind of strength outweigh it: having looked
    at a thing, bought it and sent it back is not in its favour; having bought it twice and sent
    one back is.
    """
    pairs, pair = pairs_found(histories)
    against = np.maximum(-histories.weight, 0)
    strongest = np.zeros(len(pairs), np.float32)
    np.maximum.at(strongest, pair, against)
    deeds = np.where(histories.weight >= _COMPARABLE * strongest[pair], histories.weight, 0)
    net = np.bincount(pair, weights=np.maximum(deeds, 0) - against, minlength=len(pairs))
    favour: npt.NDArray[np.bool_] = net[pair] > _TINY
    return favour


@_once
def last_contacts(histories: Histories) -> Histories:
    """Return the latest positive event of each user with each item that they are in favour of."""
    positive = np.flatnonzero((histories.weight > 0) & in_favour(histories))
    return histories.where(_mask(histories, _latest(histories, positive)))


@_once
def favoured(histories: Histories) -> Histories:
    """Return the positive events about items that their users are in favour of."""
    return histories.where((histories.weight > 0) & in_favour(histories))


@_once
def favoured_first(histories: Histories) -> Histories:
    """Return the earliest positive event of each user with each item that they are in favour of."""
    return first_contacts(favoured(histories))


@_once
def last_events(history: Histories) -> tuple[Rows, npt.NDArray[np.int64]]:
    """Return the items of one user's history, ascending, and where the last event of each is."""
    items, item = pairs_found(history)
    last = np.empty(len(items), np.int64)
    last[item] = np.arange(len(item))  # later ones overwrite earlier ones
    return items.astype(np.int32), last


@_once
def pairs_found(
    histories: Histories,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the distinct numbers of `pairs_of`, ascending, and which of them each event has.

    Of a batch of one user these are the rows of the items.
    """
    pairs, pair = np.unique(pairs_of(histories), return_inverse=True)
    return pairs, pair


def pairs_of(histories: Histories) -> npt.NDArray[np.int64]:
    """Return a number for the user and item of each event, ``(n_events,)``, by user, then item."""
    pairs: npt.NDArray[np.int64] = histories.user.astype(np.int64) * histories.n_items
    return pairs + histories.item


def steps_back(histories: Histories) -> npt.NDArray[np.int64]:
    """Return how many events of its user came after each event, ``(n_events,)``."""
    ends = np.repeat(histories.indptr[1:], np.diff(histories.indptr))
    back: npt.NDArray[np.int64] = ends - 1 - np.arange(len(histories.item))
    return back


def by_item(histories: Histories, values: npt.NDArray[np.floating]) -> Matrix:
    """Return *values* of events, ``(n_events,)``, summed by user and item, without zeros."""
    # 32 bits where they are enough: half the memory to go through
    indptr = histories.indptr.astype(np.int32 if len(values) < _WIDE else np.int64)
    matrix = sparse.csr_array(
        (values.astype(np.float32), histories.item.copy(), indptr),
        shape=(len(histories), histories.n_items),
    )
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return matrix


_TINY = 1e-6
_WIDE: Final = 2**31
_COMPARABLE = 0.5
"""Share of the strength of what speaks against an item from which a deed weighs against it."""


def _latest(histories: Histories, events: npt.NDArray[np.integer]) -> npt.NDArray[np.integer]:
    """Return of each user and item the one of *events* that stands last in their order."""
    pairs, pair = pairs_found(histories)
    last = np.full(len(pairs), -1, np.int64)
    last[pair[events]] = events  # later ones overwrite earlier ones
    return last[last >= 0]


def _mask(histories: Histories, events: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    mask = np.zeros(len(histories.item), np.bool_)
    mask[events] = True
    return mask


def share_out(history: Histories, used: Histories, values: Floats) -> Floats:
    """Spread contributions per item of a history over its events.

    Args:
        history: A batch of one user with *n* events.
        used: The events of *history* that a score is made of, at most one an item.
        values: What each of the *used* events brings to each score, ``(m, n_used)``.

    Returns:
        ``(m, n)``: an item's contribution stands at its last event; 0 elsewhere.
    """
    out = np.zeros((len(values), len(history.item)), np.float32)

    def find() -> npt.NDArray[np.int64]:
        items, last = last_events(history)
        return last[np.searchsorted(items, used.item)]

    out[:, remembered(history, "share_out", used, find)] = values
    return out
