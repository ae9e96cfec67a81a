"""Agreement of partitions: chance is 0, the same under other names is 1."""

import numpy as np
import pytest

from penchant.metrics.partitions import adjusted_mutual_information as ami


def test_a_worked_example():
    """Whichever of four things lies alone, two pairs meet it as (2, 0) and (1, 1): I is E[I]."""
    assert ami(np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1])) == pytest.approx(0, abs=1e-9)


def test_names_do_not_matter_and_the_same_is_1():
    rng = np.random.default_rng(0)
    parts = rng.integers(0, 7, 500)
    renamed = rng.permutation(7)[parts] + 100

    assert ami(parts, renamed) == pytest.approx(1)


@pytest.mark.parametrize("count", [2, 5, 40])
def test_chance_is_0_however_many_parts(count):
    """Plain mutual information grows with the number of parts; this must not."""
    rng = np.random.default_rng(count)
    found = [ami(rng.integers(0, count, 300), rng.integers(0, count, 300)) for _ in range(20)]

    assert abs(np.mean(found)) < 0.02


def test_it_is_the_expectation_over_shuffles():
    """What is taken off is the mean over random orders, here drawn."""
    rng = np.random.default_rng(1)
    left = np.repeat([0, 1, 2], [20, 10, 5])
    right = np.repeat([0, 1], [25, 10])
    shuffled = [ami(left, rng.permutation(right)) for _ in range(2000)]

    assert abs(np.mean(shuffled)) < 0.01


def test_it_is_symmetric_and_falls_with_noise():
    rng = np.random.default_rng(2)
    left = rng.integers(0, 6, 600)
    last = 1.0
    for share in (0.1, 0.3, 0.6):
        right = np.where(rng.random(600) < share, rng.integers(0, 6, 600), left)
        assert ami(left, right) == pytest.approx(ami(right, left))
        assert ami(left, right) < last
        last = ami(left, right)


@pytest.mark.parametrize("parts", [[], [0], [0, 0, 0], [0, 1, 2]])
def test_partitions_that_say_nothing_agree(parts):
    assert ami(np.array(parts, int), np.array(parts, int)) == 1
