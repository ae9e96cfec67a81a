"""Intervals that hold however often one looks."""

import math

import numpy as np
import pytest

from penchant.metrics.sequential import difference_ever, half_width

LOOKS = np.unique(np.geomspace(40, 4000, 60).astype(int))


def ever_excludes(rng, effect, *, alpha=0.1):
    """Return whether an interval excludes 0 at any of many looks, and the last one."""
    group, control = rng.exponential(1.0, 4000) + effect, rng.exponential(1.0, 4000)
    found = [difference_ever(group[:n], control[:n], alpha=alpha, planned=1000) for n in LOOKS]
    return any(one.low > 0 or one.high < 0 for one in found), found[-1]


def test_without_a_difference_looking_at_any_time_finds_one_seldom():
    rng = np.random.default_rng(0)
    missed = sum(ever_excludes(rng, 0.0)[0] for _ in range(300))

    assert missed / 300 <= 0.1


def test_a_usual_interval_would_be_wrong_far_more_often():
    """What the other test would miss: peeking at 90 % intervals that hold for one look."""
    rng = np.random.default_rng(0)
    missed = 0
    for _ in range(300):
        group, control = rng.exponential(1.0, 4000), rng.exponential(1.0, 4000)
        missed += any(
            abs(group[:n].mean() - control[:n].mean())
            > 1.645 * math.sqrt(group[:n].var() / n + control[:n].var() / n)
            for n in LOOKS
        )

    assert missed / 300 > 0.25


def test_a_difference_is_found_and_lies_in_the_interval():
    rng = np.random.default_rng(1)
    found = [ever_excludes(rng, 0.2) for _ in range(50)]

    assert sum(any_time for any_time, _ in found) >= 48
    assert sum(last.low <= 0.2 <= last.high for _, last in found) >= 48


def test_intervals_shrink_and_are_tightest_near_what_is_planned():
    widths = [half_width(n, spread=1.0, alpha=0.05, planned=500) for n in (10, 100, 1000, 10_000)]

    assert widths == sorted(widths, reverse=True)
    assert half_width(500, spread=1.0, alpha=0.05, planned=500) < min(
        half_width(500, spread=1.0, alpha=0.05, planned=planned) for planned in (20, 20_000)
    )


def test_too_little_says_nothing():
    none = difference_ever(np.array([1.0]), np.array([0.0, 1.0]))
    alike = difference_ever(np.zeros(10), np.zeros(10))

    for one in (none, alike):
        assert (one.low, one.high) == (-math.inf, math.inf)
    assert half_width(1, spread=1.0, alpha=0.05, planned=5) == math.inf
    assert half_width(5, spread=0.0, alpha=0.9, planned=5) == pytest.approx(0.0)
