"""The largest scores are found in the order that a stable sort gives, however many are the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penchant.recommend.lines import Everywhere
from penchant.types import contenders, top_k

SCORES = st.tuples(
    st.integers(1, 2000), st.sampled_from([0.0, 0.5, 0.98]), st.integers(1, 300), st.integers(0, 9)
)


def drawn(n, same, seed):
    """Return scores of which a share is 0, others come again, and a few must not be listed."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=n).round(1).astype(np.float32)
    scores[rng.random(n) < same] = 0
    scores[rng.random(n) < seed / 10] = -np.inf
    return scores


@given(SCORES)
def test_the_best_are_those_of_a_stable_sort(drawing):
    n, same, k, seed = drawing
    scores = drawn(n, same, seed)
    order = np.argsort(-scores, kind="stable")[:k]
    expected = order[scores[order] > -np.inf]

    np.testing.assert_array_equal(top_k(scores, k), expected)
    found = Everywhere(np.nan_to_num(scores, neginf=-9)).best(k, scores > -np.inf)
    assert set(found.tolist()) == set(expected.tolist())


@pytest.mark.parametrize("k", [1, 7, 50])
def test_few_of_many_contend(k):
    scores = drawn(100_000, 0.98, seed=1)
    near = contenders(scores, k)

    least = np.sort(scores)[-k]
    assert set(np.flatnonzero(scores >= least)) <= set(near.tolist())
    assert len(near) < 5_000
