"""What became of shown lists: counts, intervals, and take-up freed from the place in the list."""

import numpy as np
import pytest

from penchant.metrics.online import Shown, examination, tell

LOOKED = np.array([1.0, 0.7, 0.45, 0.3, 0.2])
"""How often each place is looked at in the made world."""


def shown(group, position, item, taken, *, converted=None, value=None, bits=None):
    n = len(group)
    return Shown(
        np.asarray(group, np.int64),
        np.asarray(position, np.int64),
        np.asarray(item, np.int64),
        np.asarray(taken, np.bool_),
        np.zeros(n, np.bool_) if converted is None else np.asarray(converted, np.bool_),
        np.full(n, np.nan) if value is None else np.asarray(value, np.float64),
        np.full(n, np.nan) if bits is None else np.asarray(bits, np.float64),
    )


def world(n=60_000, seed=0):
    """Better items stand higher, as a good recommender puts them; group 1 stands in last places."""
    rng = np.random.default_rng(seed)
    attraction = rng.beta(2, 8, size=200)
    group = (rng.random(n) < 0.3).astype(int)
    item = rng.integers(0, 200, n)
    best = np.argsort(np.argsort(-attraction)) / 200
    place = np.clip((best[item] * 3 + rng.random(n) * 3).astype(int), 0, 4)
    place = np.where(group == 1, rng.integers(3, 5, n), place)
    taken = rng.random(n) < LOOKED[place] * attraction[item]
    means = [attraction[item[group == g]].mean() for g in (0, 1)]
    return shown(group, place + 1, item, taken), means


def test_counts_are_counted_by_group():
    given = shown(
        [0, 0, 0, 1],
        [1, 2, 1, 1],
        [5, 6, 5, 6],
        [1, 0, 1, 0],
        converted=[1, 0, 0, 0],
        value=[2.5, np.nan, np.nan, np.nan],
    )
    one, two, none = tell(given, groups=3)

    assert (one.impressions, one.taken, one.converted, one.value, one.items) == (3, 2, 1, 2.5, 2)
    assert one.take_up == pytest.approx(2 / 3)
    assert one.conversion == pytest.approx(1 / 3)
    assert (two.impressions, two.take_up, two.value) == (1, 0.0, None)
    assert (none.impressions, none.take_up, none.take_up_corrected) == (0, 0.0, 0.0)
    assert one.low < one.take_up < one.high
    assert (none.low, none.high) == (0.0, 1.0)


def test_what_is_looked_at_is_learned_from_items_that_move():
    """Items and places are confounded: better ones stand higher.  Raw rates would be far off."""
    given, _ = world()
    raw = np.array([given.taken[given.position == p].mean() for p in range(1, 6)])
    q = examination(given)

    assert np.abs(q - LOOKED).max() < 0.06
    assert np.abs(raw / raw[0] - LOOKED).max() > 0.08
    assert q[0] == 1


def test_corrected_take_up_is_what_the_items_would_have_at_the_first_place():
    given, means = world()
    told = tell(given, groups=2)

    assert told[1].take_up < 0.4 * means[1]
    for one, mean in zip(told, means, strict=True):
        assert one.take_up_corrected == pytest.approx(mean, rel=0.12)


def test_at_the_first_place_there_is_nothing_to_correct():
    given = shown([0] * 100, [1] * 100, np.arange(100) % 7, np.arange(100) % 3 == 0)

    (one,) = tell(given, groups=1)
    assert one.take_up_corrected == pytest.approx(one.take_up)


def test_where_nothing_is_known_the_first_guess_stands():
    given = shown([0] * 50, np.arange(50) % 5 + 1, np.arange(50), [False] * 50)

    assert examination(given) == pytest.approx(1 / np.log2(np.arange(2, 7)), abs=0.01)


def test_nothing_shown_is_nothing_told():
    assert tell(shown([], [], [], []), groups=0) == []


def test_novelty_is_the_mean_of_what_is_known_of_the_items_that_were_shown():
    told = tell(
        shown([0, 0, 1], [1, 2, 1], [0, 1, 2], [0, 0, 0], bits=[2, np.nan, np.nan]), groups=2
    )

    assert [one.novelty for one in told] == [2, None]
