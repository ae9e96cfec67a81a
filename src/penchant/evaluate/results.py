"""What an experiment found: plain records, for reports and for whoever asks more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from penchant.data.splits import How
from penchant.evaluate.interest_view import InterestView
from penchant.evaluate.leaks import Check, TextTrace
from penchant.evaluate.measure import PerUser, Totals
from penchant.evaluate.resources import Usage
from penchant.metrics import Interval
from penchant.types import Floats, Matrix, Rows

__all__ = ["FEW", "Group", "ModelResult", "Result", "Trade", "Views"]

FEW: Final = 5
"""A user with fewer items than this before the test is cold."""

Group: TypeAlias = dict[str, Interval]
"""Average and interval by metric."""


@dataclass(frozen=True, slots=True)
class Views:
    """How items look, for novelty, diversity and calibration.

    Attributes:
        vectors: ``(n_items, dim)``; None leaves out what needs them.
        features: *V*, ``(n_items, n_interests)``; None leaves out calibration.
    """

    vectors: Floats | None = None
    features: Matrix | None = None


@dataclass(frozen=True)
class ModelResult:
    """What one model reached.

    Attributes:
        name: As it was called in the experiment.
        fit: What fitting took.
        listing: What making the lists took.
        metrics: Average by metric over all users of the test.
        totals: Numbers of all lists together, by metric.
        groups: Accuracy by part of the test: ``warm_items``, ``cold_items``, ``warm_users``,
            ``cold_users`` and ``unknown_users``, where the test has some.
        activity: Accuracy by how many items users had: pairs of a step ("5–9") and averages.
        difference: By how much the experiment's main model exceeds this one, by metric of
            accuracy, user by user; empty for the main model itself.
        per_user: Values by metric in the order of `Result.users`.
        lists: What was listed, in the order of `Result.users`, ``(n, k)``.
    """

    name: str
    fit: Usage
    listing: Usage
    metrics: Group
    totals: Totals
    groups: Mapping[str, Group]
    activity: list[tuple[str, Group]]
    difference: Group = field(default_factory=dict)
    per_user: PerUser = field(default_factory=dict, repr=False)
    lists: npt.NDArray[np.int32] = field(
        default_factory=lambda: np.empty((0, 0), np.int32), repr=False
    )


@dataclass(frozen=True, slots=True)
class Trade:
    """What the main model's lists are where they shall be less of the same.

    Attributes:
        diversity: What was asked for, in [0, 1].
        metrics: Average by metric over all users of the test.
        difference: Of nDCG to the same users' lists at 0, under ``ndcg``.
    """

    diversity: float
    metrics: Group
    difference: Group


@dataclass(frozen=True)
class Result:
    """An experiment.

    Attributes:
        how: How the data were cut.
        k: Length of lists.
        seed: Start of all draws.
        share: Part that became the test.
        level: What share of averages the intervals hold.
        draws: How often users were drawn anew for them.
        numbers: What there was: see `penchant.evaluate.report` for their names.
        main: The model that the others are compared with.
        models: In the order in which they were given.
        checks: What was looked at for leaks, and found right.
        traces: Columns of items in which users' held-back texts stand.
        withheld: Names of the columns from which they were taken out before models saw them.
        users: Rows of the users of the test that got lists, ``(n,)``.
        trades: The main model's lists at several diversities, ascending, 0 first; empty where it
            has no such setting or nobody asked.
        interests: What people like, as the main model found it; None where nobody asked.
    """

    how: How
    k: int
    seed: int
    share: float
    level: float
    draws: int
    numbers: Mapping[str, float]
    main: str
    models: list[ModelResult]
    checks: list[Check]
    traces: list[TextTrace]
    withheld: list[str]
    users: Rows = field(repr=False)
    trades: list[Trade] = field(default_factory=list)
    interests: InterestView | None = field(default=None, repr=False)
