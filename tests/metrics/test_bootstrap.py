"""An interval says how sure an average is: it covers as often as it claims, and pairs users."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from penchant.errors import DataError, UsageError
from penchant.metrics import bootstrap as module
from penchant.metrics import difference, interval, intervals, mean

values_of = hnp.arrays(
    np.float64, st.integers(0, 12), elements=st.floats(-5, 5) | st.just(math.nan)
)


def slow_interval(values, draws, level, seed):
    """The same draws, one by one."""
    rng = np.random.default_rng(seed)
    averages = []
    for _ in range(draws):
        drawn = [values[at] for at in rng.integers(0, len(values), len(values))]
        known = [value for value in drawn if not math.isnan(value)]
        if known:
            averages.append(sum(known) / len(known))
    return np.percentile(averages, [50 * (1 - level), 50 * (1 + level)])


@given(values_of, st.sampled_from([0.5, 0.95]))
def test_an_interval_is_what_loops_draw(values, level):
    found = interval(values, draws=40, level=level, seed=3)
    known = values[~np.isnan(values)]

    assert found.users == len(known)
    assert found.value == pytest.approx(known.mean() if len(known) else math.nan, nan_ok=True)
    assert found.value == pytest.approx(mean(values), nan_ok=True)
    if len(known) == len(values) > 0:
        assert (found.low, found.high) == pytest.approx(slow_interval(values, 40, level, 3))
    if len(known):
        assert known.min() - 1e-9 <= found.low <= found.high <= known.max() + 1e-9


def test_a_95_percent_interval_holds_the_truth_95_percent_of_the_time():
    rng = np.random.default_rng(0)
    covered = [
        not interval(rng.random(80), draws=300, seed=seed).excludes(0.5) for seed in range(400)
    ]

    assert 0.91 < np.mean(covered) < 0.98


def test_an_interval_is_about_two_standard_errors_each_way():
    values = np.random.default_rng(1).normal(size=2000)
    found = interval(values)
    error = values.std() / math.sqrt(len(values))

    assert found.high - found.value == pytest.approx(1.96 * error, rel=0.1)
    assert found.value - found.low == pytest.approx(1.96 * error, rel=0.1)


def test_pairing_users_sees_what_separate_intervals_hide():
    """A model that is better by a hair for everybody is better, however much users differ."""
    rng = np.random.default_rng(2)
    baseline = rng.random(200)
    better = baseline + 0.01 + 0.01 * rng.random(200)

    assert interval(better).low < interval(baseline).high
    paired = difference(better, baseline)
    assert paired.excludes(0)
    assert paired.value == pytest.approx(0.015, abs=0.002)
    assert not difference(baseline, baseline).excludes(0)


def test_pairs_without_both_values_are_left_out():
    paired = difference(np.array([1.0, math.nan, 3.0]), np.array([0.0, 5.0, math.nan]))

    assert (paired.value, paired.users) == (1, 1)


@given(values_of, values_of)
def test_swapping_the_models_turns_the_difference_round(a, b):
    size = min(len(a), len(b))
    there, back = difference(a[:size], b[:size]), difference(b[:size], a[:size])

    assert there.low == pytest.approx(-back.high, nan_ok=True)
    assert there.high == pytest.approx(-back.low, nan_ok=True)


def test_memory_of_draws_changes_no_interval(monkeypatch):
    """Drawing in many small batches gives what one batch gives."""
    values = np.random.default_rng(0).random(50)
    whole = interval(values, draws=200)
    monkeypatch.setattr(module, "_ENTRIES", 130)

    batched = interval(values, draws=200)
    assert (batched.low, batched.high) == pytest.approx((whole.low, whole.high))


def test_many_columns_are_each_what_one_is():
    """Metrics side by side are resampled together and read as if alone."""
    values = np.random.default_rng(0).random((30, 3))
    values[:10, 1] = math.nan

    for column, found in enumerate(intervals(values)):
        alone = interval(values[:, column])
        assert found.users == alone.users
        ends = (alone.value, alone.low, alone.high)
        assert (found.value, found.low, found.high) == pytest.approx(ends, rel=1e-12)
    assert intervals(np.empty((0, 2)))[1].users == 0


def test_nobody_has_no_average():
    found = interval(np.array([math.nan, math.nan]))

    assert math.isnan(found.value)
    assert math.isnan(found.low)
    assert found.users == 0
    assert not found.excludes(0)
    assert math.isnan(interval(np.array([])).value)


def test_bad_calls_are_refused():
    with pytest.raises(UsageError, match="draws"):
        interval(np.ones(3), draws=0)
    with pytest.raises(UsageError, match="level"):
        interval(np.ones(3), level=1.0)
    with pytest.raises(DataError, match="3 users"):
        difference(np.ones(3), np.ones(2))
