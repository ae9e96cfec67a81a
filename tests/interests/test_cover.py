"""What people see of an interest is what is used most in it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from penchant.interests.cover import seen_texts


def test_the_most_used_texts_of_each_group_by_their_uses():
    group = np.array([0, 0, 1, -1])
    seen = seen_texts(group, np.sqrt([3.0, 1.0, 5.0, 100.0]), count=3)

    np.testing.assert_allclose(seen.toarray()[:2], [[0.75, 0.25, 0, 0], [0, 0, 1, 0]], atol=1e-6)
    assert seen.toarray()[2].sum() == 0


def test_of_many_texts_eight_are_seen():
    seen = seen_texts(np.zeros(20, np.int32), np.arange(1.0, 21.0), count=1).toarray()[0]

    assert np.flatnonzero(seen).tolist() == list(range(12, 20))


@given(st.lists(st.integers(-1, 3), max_size=30))
def test_shares_are_of_one_whole(groups):
    group = np.array(groups, np.int32)
    seen = seen_texts(group, np.linspace(1, 9, len(group)), count=4)

    sums = np.asarray(seen.sum(axis=1)).ravel()
    np.testing.assert_allclose(sums, np.isin(np.arange(4), group).astype(float), atol=1e-5)
