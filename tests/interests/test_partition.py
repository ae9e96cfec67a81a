"""Partitions nest, hold every item once, and are the same on every run."""

import numpy as np
import pytest

from penchant.interests.partition import cut_tree, directions_of, partition_of
from penchant.llm.lsa import unit_rows


def texts(n=200, dim=8, seed=0):
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((20, dim))
    vectors = unit_rows(centres[np.arange(n) % 20] + 0.1 * rng.standard_normal((n, dim)))
    return vectors.astype(np.float32), np.ones(n), np.arange(n, dtype=np.int32)


def test_finer_cuts_never_mix_coarser_ones():
    coarse, fine = cut_tree(*texts(), sizes=(5, 15))

    assert len(coarse) == 5
    assert len(fine) == 15
    above = {(int(f), int(c)) for f, c in zip(fine.touch, coarse.touch, strict=True)}
    assert len(above) == len(fine)


def test_a_cut_holds_every_item_and_repeats():
    vectors, mass, unit = texts()
    unit = unit[np.arange(300) % 200]
    (cut,) = cut_tree(vectors, mass, unit, sizes=(10,))
    (again,) = cut_tree(vectors, mass, unit, sizes=(10,))

    assert len(cut.touch) == 300
    assert np.array_equal(np.unique(cut.touch), np.arange(len(cut)))
    assert np.array_equal(cut.touch, again.touch)
    assert np.array_equal(cut.touch[:100], cut.touch[200:])


def test_a_text_that_says_nothing_has_a_place_too():
    vectors, mass, unit = texts()
    vectors[7] = 0
    (cut,) = cut_tree(vectors, mass, unit, sizes=(10,))

    assert 0 <= cut.touch[7] < len(cut)


def test_labels_make_a_partition_in_the_order_of_ids():
    made = partition_of(["b", "a", "b"], name="mine")

    assert (made.ids, made.touch.tolist(), made.name) == (("a", "b"), [1, 0, 1], "mine")


def test_directions_are_the_means_of_their_items():
    vectors = np.eye(3, dtype=np.float32)
    found = directions_of(partition_of(["x", "x", "y"], name="p"), vectors)

    assert found[0] == pytest.approx(np.array([1, 1, 0]) / np.sqrt(2))
    assert found[1].tolist() == [0, 0, 1]
