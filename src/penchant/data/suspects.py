"""Accounts whose rates no person reaches: bots that click, resellers that buy by the gross.

For each rate (events in the busiest hour, events in all, units in the busiest day) with logarithms
x over accounts: an account is suspicious where

    rate > max(least, exp(m + 5 · max(s, 0.3)) − 1)      m the median of x, s their scaled MAD

so one must be far from people *and* far from the others.  Its events count for what the limit
would, but they stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from penchant.types import DAY, Columns, Floats

__all__ = ["Suspects", "suspects"]

_HOUR: Final = 3600
_FAR: Final = 5.0
_LEAST_SPREAD: Final = 0.3
_MAD: Final = 1.4826
"""MAD × this is the standard deviation of a normal distribution."""
_LEAST: Final = {"busiest hour": 100.0, "events": 1000.0, "units in a day": 1000.0}
_LIGHTEST: Final = 0.01


@dataclass(frozen=True, slots=True)
class Suspects:
    """Which accounts are suspicious.

    Attributes:
        flagged: ``(n_users,)``.
        share: What an event of the account counts for, ``(n_users,)``, in [0.01, 1].
    """

    flagged: npt.NDArray[np.bool_]
    share: Floats


def suspects(frame: pl.DataFrame, *, n_users: int) -> Suspects:
    """Judge the accounts of *frame*.

    Args:
        frame: ``user`` (codes), ``value``, ``signed`` (null for what is no rating) and, where
            there are moments, ``timestamp``.
        n_users: Number of accounts.
    """
    share = np.ones(n_users)
    for name, rate in _rates(frame, n_users).items():
        limit = _limit(rate[rate > 0], _LEAST[name])
        share = np.minimum(share, limit / np.maximum(rate, limit))
    return Suspects(share < 1, np.maximum(share, _LIGHTEST).astype(np.float32))


def _rates(frame: pl.DataFrame, n_users: int) -> dict[str, npt.NDArray[np.float64]]:
    user = frame["user"].to_numpy()
    rates = {"events": np.bincount(user, minlength=n_users).astype(float)}
    if Columns.TIMESTAMP not in frame.columns:
        return rates
    moment = frame[Columns.TIMESTAMP].to_numpy()
    rates["busiest hour"] = _busiest(user, moment // _HOUR, None, n_users)
    counted = (frame[Columns.VALUE].is_not_null() & frame["signed"].is_null()).arg_true().to_numpy()
    if len(counted):
        units = np.abs(frame[Columns.VALUE].gather(counted).to_numpy())
        rates["units in a day"] = _busiest(user[counted], moment[counted] // DAY, units, n_users)
    return rates


def _busiest(
    user: npt.NDArray[np.int32],
    period: npt.NDArray[np.int64],
    amount: npt.NDArray[np.float64] | None,
    n_users: int,
) -> npt.NDArray[np.float64]:
    """Return the largest sum of *amount* (None: ones) over the periods of each user."""
    columns = {"user": user, "period": period}
    of = pl.len() if amount is None else pl.col("amount").sum()
    frame = pl.DataFrame(columns if amount is None else {**columns, "amount": amount})
    most = frame.group_by("user", "period").agg(of.alias("sum")).group_by("user").agg(pl.max("sum"))
    rate = np.zeros(n_users)
    rate[most["user"].to_numpy()] = most["sum"].to_numpy()
    return rate


def _limit(rates: npt.NDArray[np.float64], least: float) -> float:
    if not len(rates):
        return least
    logs = np.log1p(rates)
    middle = np.median(logs)
    spread = max(_MAD * float(np.median(np.abs(logs - middle))), _LEAST_SPREAD)
    return max(least, float(np.expm1(middle + _FAR * spread)))
