"""What the metrics share: the shapes of lists, and means that know where there is nothing."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from penchant.errors import DataError

__all__ = [
    "Hits",
    "Lists",
    "PerUser",
    "check_lists",
    "distinct",
    "mean_over_items",
    "mean_over_places",
    "ratio",
]

Lists: TypeAlias = npt.NDArray[np.integer]
"""Rows of items, best first, ``(n, k)``; −1 where a list has ended."""

Hits: TypeAlias = npt.NDArray[np.bool_]
"""Whether each place of each list holds a relevant item, ``(n, k)``."""

PerUser: TypeAlias = npt.NDArray[np.float64]
"""One value a user, ``(n,)``; NaN where there is none."""


def distinct(lists: Lists) -> Lists:
    """Return *lists* with −1 in each place whose item stands in an earlier place of its list."""
    order = np.argsort(lists, axis=1, kind="stable")
    ordered = np.take_along_axis(lists, order, axis=1)
    again = np.zeros(lists.shape, np.bool_)
    np.put_along_axis(again, order[:, 1:], ordered[:, 1:] == ordered[:, :-1], axis=1)
    return np.where(again, -1, lists)


def check_lists(lists: Lists, *, n_users: int, n_items: int) -> None:
    """Refuse lists of another number of users or of items outside of the catalogue.

    Args:
        lists: What should be ``(n_users, k)``.
        n_users: How many lists there should be.
        n_items: Size of the catalogue.

    Raises:
        DataError: If ``lists`` is not ``(n_users, k)`` or holds a row outside [−1, n_items).
    """
    if lists.ndim != 2 or len(lists) != n_users:  # noqa: PLR2004  # users × places
        raise DataError(f"lists has shape {lists.shape}, expected ({n_users}, k)")
    wrong = lists[(lists < -1) | (lists >= n_items)]
    if wrong.size:
        raise DataError(f"lists holds item {int(wrong[0])}, outside of [-1, {n_items})")


def ratio(
    parts: npt.NDArray[np.floating], wholes: npt.NDArray[np.number], *, empty: float = np.nan
) -> npt.NDArray[np.float64]:
    """Return *parts* / *wholes*, ``(n,)``, and *empty* where a whole is not positive."""
    out = np.full(len(wholes), empty)
    np.divide(parts, wholes, out=out, where=wholes > 0)
    return out


def mean_over_items(lists: Lists, values: npt.NDArray[np.floating]) -> PerUser:
    """Return the mean of *values*, ``(n_items,)``, over the items of each list, ``(n,)``.

    Args:
        lists: ``(n, k)``.
        values: ``(n_items,)``.

    Returns:
        One value a user.

    Raises:
        DataError: If an item is not in the catalogue.
    """
    check_lists(lists, n_users=len(lists), n_items=len(values))
    lists = distinct(lists)
    picked = np.append(values, 0.0)[lists]
    return mean_over_places(np.where(lists >= 0, picked, np.nan))


def mean_over_places(values: npt.NDArray[np.floating]) -> PerUser:
    """Return the mean of each row of *values*, ``(n, k)``, without its NaN, ``(n,)``."""
    known = ~np.isnan(values)
    totals = np.where(known, values, 0.0).sum(axis=1, dtype=np.float64)
    return ratio(totals, known.sum(axis=1))
