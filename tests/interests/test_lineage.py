"""Ids last: the same data keeps them, no item's place matters, none is given twice."""

import numpy as np
import pytest

from penchant.interests.lineage import inherit, overlaps


def level(n, start=1):
    return [(f"i{k:03}", f"name {k}") for k in range(start, start + n)]


def inherited(old, new, *, n_old, n_new, names=None, last=None):
    shared = overlaps(old, new, shape=(n_old, n_new))
    fresh = names or [f"fresh {k}" for k in range(n_new)]
    return inherit(shared, level(n_old), fresh, last=last or n_old, form="i{:03}")


@pytest.mark.parametrize("seed", range(5))
def test_the_same_interests_in_another_order_keep_their_ids(seed):
    rng = np.random.default_rng(seed)
    old = np.concatenate([np.arange(7), rng.integers(0, 7, 100)])
    order = rng.permutation(7)

    found = inherited(old, order[old], n_old=7, n_new=7)

    assert [found.ids[order[k]] for k in range(7)] == [key for key, _ in level(7)]
    assert not (found.appeared + found.split + found.merged + found.went)


@pytest.mark.parametrize("seed", range(5))
def test_ids_are_distinct_and_the_order_of_items_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    old, new = rng.integers(0, 6, 80), rng.integers(0, 9, 80)
    order = rng.permutation(80)

    found = inherited(old, new, n_old=6, n_new=9, last=40)

    assert len(set(found.ids)) == 9
    assert {int(key[1:]) for key in found.ids} <= {*range(1, 7), *range(41, 50)}
    assert found == inherited(old[order], new[order], n_old=6, n_new=9, last=40)


def test_a_split_and_a_merge_are_told_from_what_appears_and_goes():
    old = np.array([0] * 10 + [1] * 10 + [2] * 4)
    new = np.array([0] * 6 + [1] * 4 + [2] * 10 + [2] * 4)

    found = inherited(old, new, n_old=4, n_new=4)

    assert found.ids == ("i001", "i005", "i002", "i006")
    assert (found.split, found.appeared) == (("i005",), ("i006",))
    assert (found.merged, found.went) == (("i003",), ("i004",))


def test_an_equal_name_decides_between_equal_halves():
    old, new = np.zeros(10, int), np.array([0] * 5 + [1] * 5)

    found = inherited(old, new, n_old=1, n_new=2, names=["other", "Name 1"])

    assert found.ids == ("i002", "i001")
