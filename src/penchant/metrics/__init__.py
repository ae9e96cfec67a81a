"""Metrics of recommended lists: arrays in, numbers out.

    lists      (n, k)             rows of items, best first, −1 where a list has ended
    relevant   (n, n_items)       ones: what should have been listed for each user
    histories  (n, n_items)       what each user had touched before, ≥ 0
    vectors    (n_items, dim)     length 1, or 0 for an item that nothing is known of
    →          (n,)               one value a user; NaN where it is not defined for that user

Functions of one list return one value a user, so that `mean`, `interval` and `difference` can say
how sure an average is; functions of all lists together (`coverage`, `gini`) return one number.
An item that a list repeats counts at its first place alone, as if the second had been left empty;
for `diversity` a repetition is a pair without any distance.
"""

from __future__ import annotations

from penchant.metrics.accuracy import (
    accuracy,
    hit_rate,
    hits,
    ndcg,
    precision,
    recall,
    reciprocal_rank,
)
from penchant.metrics.arrays import distinct
from penchant.metrics.bootstrap import (
    Interval,
    difference,
    interval,
    intervals,
    mean,
    quotient,
)
from penchant.metrics.interests import engaged, overlap, proposals, taken_up
from penchant.metrics.lists import (
    average_popularity,
    coverage,
    exposure,
    gini,
    popularity_lift,
    self_information,
    serendipity,
)
from penchant.metrics.tastes import (
    Distances,
    breadth,
    diversity,
    history_distances,
    interest_shares,
    jensen_shannon,
    kullback_leibler,
    unit_rows,
)

__all__ = [
    "Distances",
    "Interval",
    "accuracy",
    "average_popularity",
    "breadth",
    "coverage",
    "difference",
    "distinct",
    "diversity",
    "engaged",
    "exposure",
    "gini",
    "history_distances",
    "hit_rate",
    "hits",
    "interest_shares",
    "interval",
    "intervals",
    "jensen_shannon",
    "kullback_leibler",
    "mean",
    "ndcg",
    "overlap",
    "popularity_lift",
    "precision",
    "proposals",
    "quotient",
    "recall",
    "reciprocal_rank",
    "self_information",
    "serendipity",
    "taken_up",
    "unit_rows",
]
