"""The sum is used only where a later cut confirms it."""

import numpy as np
import pytest

from penchant.rank.choice import choose
from penchant.rank.fusion import Examples, learn_few

NAMES = ("left", "right")


def examples(weights, *, users=300, candidates=20, seed=0):
    random = np.random.default_rng(seed)
    features = random.normal(size=(users, candidates, 2))
    scores = features @ np.array(weights) + 0.3 * random.normal(size=(users, candidates))
    target = scores == scores.max(axis=1, keepdims=True)
    return Examples(
        np.arange(users + 1) * candidates,
        features.reshape(-1, 2).astype(np.float32),
        target.ravel(),
        np.ones(users, np.int64),
    )


def test_what_holds_on_both_cuts_is_fused_and_learned_on_the_newest():
    newest = examples([1, 1], seed=1)
    chosen = choose(NAMES, newest, examples([1, 1], seed=2))

    np.testing.assert_array_equal(chosen.weights, learn_few(newest))
    assert chosen.quality["fused"] > max(chosen.quality[name] for name in NAMES)
    assert "second cut" in chosen.said


def test_a_sum_that_does_not_outlive_its_moment_gives_way_to_the_best_part():
    """On the older cut the left part misleads; on the newest it is all there is to know."""
    chosen = choose(NAMES, examples([1, 0], seed=1), examples([-1, 1], seed=2))

    assert chosen.weights.tolist() == [1, 0]
    assert chosen.said.startswith("left alone")
    assert chosen.quality["fused"] < chosen.quality["left"]


@pytest.mark.parametrize(("weights", "used"), [([1, 1], 2), ([0, 1], 1)])
def test_one_cut_is_checked_by_halves(weights, used):
    chosen = choose(NAMES, examples(weights))

    assert (chosen.weights != 0).sum() == used
    assert "validation" in chosen.said
