"""Calibration costs what Steck's divergence says, and lists that follow it have the shares."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penchant.errors import UsageError
from penchant.rank.calibration import Shares, check_calibration, shares_of
from penchant.rank.rerank import diversify
from penchant.rank.rules import Room


def rows(seed, n, leaves=4):
    random = np.random.default_rng(seed)
    return shares_of(random.random((n, leaves)) * (random.random((n, leaves)) < 0.6))


def listed(target, pool, *, k, weight, diversity=0.0):
    scores = np.linspace(1, 0, len(pool))
    shares = Shares(target, pool, weight=weight)
    room = Room([()] * len(pool), caps={})
    none = np.zeros((len(pool), 0))
    return diversify(scores, none, k=k, diversity=diversity, room=room, shares=shares).tolist()


@given(st.integers(0, 99), st.lists(st.integers(0, 11), max_size=5))
def test_a_cost_is_the_divergence_of_the_list_with_the_item(seed, taken):
    (target,), pool = rows(seed, 1), rows(seed + 100, 12)
    shares = Shares(target, pool, weight=1)
    for at in taken:
        shares.take(at)

    for at, cost in enumerate(shares.costs()):
        listed = pool[[*taken, at]].mean(axis=0)
        mixed = 0.99 * listed + 0.01 * target
        own = target > 0
        expected = (target[own] * np.log(target[own] / mixed[own])).sum()
        assert cost == pytest.approx(expected, abs=1e-6)


def test_a_calibrated_list_has_the_shares_of_the_portrait():
    pool = np.eye(2, dtype=np.float32)[[0] * 10 + [1] * 10]

    assert listed(np.array([0.7, 0.3]), pool, k=10, weight=0.0) == list(range(10))
    found = listed(np.array([0.7, 0.3]), pool, k=10, weight=1.0)
    assert sorted(found) == [*range(7), 10, 11, 12]


def test_the_better_ranked_come_first_among_items_of_one_interest():
    pool = np.eye(2, dtype=np.float32)[[0, 1, 0, 1, 0]]

    for weight in (0, 0.5, 1):
        found = listed(np.array([0.5, 0.5]), pool, k=5, weight=weight)
        assert [at for at in found if at % 2 == 0] == [0, 2, 4]


def test_who_has_no_portrait_gets_the_ranking():
    pool = rows(3, 12)

    assert listed(np.zeros(4), pool, k=6, weight=0.5) == list(range(6))


@pytest.mark.parametrize("wrong", [-0.1, 1.1, float("nan")])
def test_a_calibration_out_of_range_is_refused(wrong):
    with pytest.raises(UsageError, match="calibration"):
        check_calibration(wrong)
