"""What recommenders read off a history.

first_contacts   the earliest positive event of each (user, item)
last_contacts    the latest one, where what speaks for the item outweighs what speaks against it
steps_back       0 for a user's last event, 1 for the one before, …
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from penchant.data.dataset import Histories
from penchant.types import Floats, Matrix

__all__ = ["by_item", "first_contacts", "last_contacts", "share_out", "steps_back"]


def first_contacts(histories: Histories) -> Histories:
    """Return the earliest positive event of each user with each item."""
    positive = np.flatnonzero(histories.weight > 0)
    _, first = np.unique(_pairs(histories)[positive], return_index=True)
    return histories.where(_mask(histories, positive[first]))


def last_contacts(histories: Histories) -> Histories:
    """Return the latest positive event of each user with each item that they are in favour of."""
    pairs, inverse = np.unique(_pairs(histories), return_inverse=True)
    favour = np.bincount(inverse, weights=histories.weight, minlength=len(pairs)) > _TINY
    positive = np.flatnonzero((histories.weight > 0) & favour[inverse])
    last = np.full(len(pairs), -1)
    last[inverse[positive]] = positive  # later ones overwrite earlier ones
    return histories.where(_mask(histories, last[last >= 0]))


def steps_back(histories: Histories) -> npt.NDArray[np.int64]:
    """Return how many events of its user came after each event, ``(n_events,)``."""
    ends = np.repeat(histories.indptr[1:], np.diff(histories.indptr))
    back: npt.NDArray[np.int64] = ends - 1 - np.arange(len(histories.item))
    return back


def by_item(histories: Histories, values: npt.NDArray[np.floating]) -> Matrix:
    """Return *values* of events, ``(n_events,)``, summed by user and item, without zeros."""
    matrix = sparse.csr_array(
        (values.astype(np.float32), histories.item.copy(), histories.indptr.copy()),
        shape=(len(histories), histories.n_items),
    )
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return matrix


_TINY = 1e-6


def _pairs(histories: Histories) -> npt.NDArray[np.int64]:
    pairs: npt.NDArray[np.int64] = histories.user.astype(np.int64) * histories.n_items
    return pairs + histories.item


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
    last = {int(item): event for event, item in enumerate(history.item)}
    for column, item in enumerate(used.item):
        out[:, last[int(item)]] = values[:, column]
    return out
