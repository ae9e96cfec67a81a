"""Clusters: planted ones are found, nested, the heaviest first, alike on every run."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage

from penchant.interests.clusters import cluster, leaf_count, without
from penchant.interests.ward import ward
from penchant.llm.lsa import unit_rows


def planted(seed=0, *, groups=4, leaves_each=3, each=12, dim=32):
    """Return unit vectors of leaves within groups, and the leaf and group of each."""
    rng = np.random.default_rng(seed)
    group = unit_rows(rng.normal(size=(groups, dim)))
    leaf = np.repeat(group, leaves_each, axis=0) + 0.6 * unit_rows(
        rng.normal(size=(groups * leaves_each, dim))
    )
    label = np.repeat(np.arange(len(leaf)), each)
    vectors = leaf[label] + 0.15 * rng.normal(size=(len(label), dim)) / np.sqrt(dim)
    mixed = rng.permutation(len(label))
    return unit_rows(vectors.astype(np.float32))[mixed], label[mixed], label[mixed] // leaves_each


def partition(labels):
    """Return *labels* numbered by first member, so that equal partitions are equal."""
    number = {}
    return [number.setdefault(label, len(number)) for label in np.asarray(labels).tolist()]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_planted_clusters_are_found(seed):
    vectors, label, _ = planted(seed)
    found = cluster(vectors, np.ones(len(vectors)), leaves=12)

    assert partition(found.leaf) == partition(label)
    np.testing.assert_allclose(np.linalg.norm(found.centroids, axis=1), 1, rtol=1e-5)


def test_parents_hold_whole_leaves_of_one_planted_group():
    """Twelve leaves make five parents: none mixes groups."""
    vectors, _, group = planted()
    found = cluster(vectors, np.ones(len(vectors)), leaves=12)
    above = found.parent[found.leaf]

    assert found.parent.shape == (12,)
    assert partition(np.unique(found.parent)) == list(range(found.parent.max() + 1))
    for parent in range(found.parent.max() + 1):
        assert len(set(group[above == parent].tolist())) == 1


def test_parents_do_not_throw_rare_leaves_together():
    """One leaf of each group weighs nine times as much; the other two are still of its group."""
    vectors, label, group = planted(groups=3)
    mass = np.where(label % 3 == 0, 9.0, 1.0)
    found = cluster(vectors, mass, leaves=9)
    above = found.parent[found.leaf]

    for parent in range(found.parent.max() + 1):
        assert len(set(group[above == parent].tolist())) == 1


def test_no_parent_has_one_leaf_where_others_have_several():
    rng = np.random.default_rng(2)
    leaves = unit_rows(np.vstack([rng.normal(size=(1, 16)) + 9, rng.normal(size=(11, 16))]))
    vectors = unit_rows(np.repeat(leaves, 5, axis=0) + 0.02 * rng.normal(size=(60, 16)))
    found = cluster(vectors.astype(np.float32), np.ones(60), leaves=12)

    assert len(found.parent) == 12
    assert np.bincount(found.parent).min() >= 2


def test_every_leaf_of_many_has_three_texts():
    """Two odd texts make no interest of their own."""
    vectors, _, _ = planted(groups=4, leaves_each=3, each=10)
    odd = unit_rows(np.random.default_rng(9).normal(size=(2, vectors.shape[1])))
    vectors = np.vstack([vectors, odd]).astype(np.float32)
    found = cluster(vectors, np.ones(len(vectors)), leaves=14)

    assert np.bincount(found.leaf).min() >= 3
    assert len(found.centroids) >= 8


def test_equal_texts_are_one_cluster():
    vectors = np.tile(unit_rows(np.ones((1, 4), np.float32)), (20, 1))
    found = cluster(vectors, np.ones(20), leaves=5)

    assert found.leaf.tolist() == [0] * 20


def test_dissolved_leaves_go_to_the_nearest_and_leave_the_others_alone():
    vectors, _, _ = planted()
    mass = np.ones(len(vectors))
    found = cluster(vectors, mass, leaves=12)
    fewer = without(found, vectors, mass, leaves=np.array([2, 5]))
    homeless = np.isin(found.leaf, [2, 5])

    assert len(fewer.centroids) == 10
    assert partition(fewer.leaf[~homeless]) == partition(found.leaf[~homeless])
    kept = np.delete(np.arange(12), [2, 5])
    nearest = kept[(vectors[homeless] @ found.centroids[kept].T).argmax(axis=1)]
    home = {int(old): int(new) for old, new in zip(found.leaf, fewer.leaf, strict=True)}
    assert fewer.leaf[homeless].tolist() == [home[int(leaf)] for leaf in nearest]


def test_the_heaviest_leaf_comes_first():
    vectors, label, _ = planted()
    mass = np.where(label == 7, 50.0, np.where(label == 2, 20.0, 1.0))
    found = cluster(vectors, mass, leaves=12)
    totals = np.bincount(found.leaf, mass)

    assert totals.tolist() == sorted(totals, reverse=True)
    assert set(label[found.leaf == 0]) == {7}
    assert set(label[found.leaf == 1]) == {2}


def test_the_order_of_texts_changes_no_partition():
    vectors, _, _ = planted()
    mixed = np.random.default_rng(5).permutation(len(vectors))
    ones = np.ones(len(vectors))
    first = cluster(vectors, ones, leaves=12).leaf
    second = cluster(vectors[mixed], ones, leaves=12).leaf

    assert partition(first[mixed]) == partition(second)


def test_the_same_texts_give_the_same_clusters():
    vectors, _, _ = planted()
    mass = np.random.default_rng(0).uniform(1, 9, len(vectors))
    first, second = (cluster(vectors, mass, leaves=9) for _ in range(2))

    np.testing.assert_array_equal(first.leaf, second.leaf)
    np.testing.assert_array_equal(first.centroids, second.centroids)
    np.testing.assert_array_equal(first.parent, second.parent)


def test_texts_that_say_nothing_are_in_no_leaf():
    vectors, label, _ = planted()
    vectors[::5] = 0
    found = cluster(vectors, np.ones(len(vectors)), leaves=12)

    assert (found.leaf[::5] == -1).all()
    said = np.arange(len(vectors)) % 5 > 0
    assert partition(found.leaf[said]) == partition(label[said])


@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_texts_that_all_say_nothing_are_in_no_leaf(n):
    found = cluster(np.zeros((n, 3), np.float32), np.ones(n), leaves=4)

    assert found.leaf.tolist() == [-1] * n
    assert len(found.centroids) == len(found.parent) == 1


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 30), st.integers(1, 12), st.integers(0, 3), st.booleans())
def test_any_texts_are_shared_out(n, leaves, seed, opposed):
    """Each text has a leaf, each leaf a text and a direction, each parent a leaf."""
    rng = np.random.default_rng(seed)
    vectors = unit_rows(rng.integers(-1, 2, size=(n, 2)).astype(np.float32))
    if opposed:
        vectors[n // 2 :] = -vectors[: n - n // 2]
    found = cluster(vectors, rng.uniform(1, 5, n), leaves=leaves)
    said = vectors.any(axis=1)

    assert (found.leaf >= 0).tolist() == said.tolist()
    assert len(found.centroids) <= max(leaves, 1)
    if said.any():
        assert set(found.leaf[said].tolist()) == set(range(len(found.centroids)))
        assert found.centroids.any(axis=1).all()
    assert set(found.parent.tolist()) == set(range(found.parent.max() + 1))


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 25), st.integers(1, 8), st.integers(0, 50))
def test_ward_of_equal_masses_is_the_textbooks(n, count, seed):
    points = np.random.default_rng(seed).normal(size=(n, 4))
    expected = fcluster(linkage(points, "ward"), min(count, n), "maxclust")

    assert partition(ward(points, np.ones(n), count=count)) == partition(expected)


@pytest.mark.parametrize("n", [0, 1])
def test_ward_bears_almost_nothing(n):
    assert ward(np.zeros((n, 3)), np.ones(n), count=2).tolist() == [0] * n


def test_mass_counts_as_so_many_points_of_one_place():
    points = np.random.default_rng(3).normal(size=(12, 3))
    mass = np.random.default_rng(4).integers(1, 5, 12)
    heavy = ward(points, mass.astype(float), count=4)
    many = ward(np.repeat(points, mass, axis=0), np.ones(mass.sum()), count=4)

    assert partition(heavy) == partition(many[np.cumsum(mass) - mass])


@pytest.mark.parametrize("running", [0.0, 0.5, 1.0])
def test_more_texts_make_more_leaves_within_bounds(running):
    counts = [leaf_count(n, running=running) for n in (0, 1, 2, 3, 30, 100, 3000, 10**6)]

    assert counts == sorted(counts)
    assert counts[0] == counts[3] == 1
    assert counts[-1] == 120


def test_running_text_makes_fewer_leaves_than_names():
    assert leaf_count(3000, running=1) < leaf_count(3000, running=0)


def test_paths_of_many_steps_make_more_leaves():
    assert leaf_count(3000, steps=900) > leaf_count(3000, steps=70) > leaf_count(3000)
    assert leaf_count(3000, steps=20) == leaf_count(3000)
