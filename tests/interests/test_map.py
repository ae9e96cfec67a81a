"""A map keeps discs apart, neighbours near and items inside."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from penchant.interests.map import place_interests, place_items


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 25), st.integers(0, 5))
def test_discs_do_not_overlap(n, seed):
    random = np.random.default_rng(seed)
    centres, radii = place_interests(unit(random.normal(size=(n, 8))), random.integers(0, 400, n))

    distance = np.linalg.norm(centres[:, None] - centres[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    assert np.isfinite(centres).all()
    assert (distance > 0.97 * (radii[:, None] + radii[None])).all()


def test_like_interests_are_nearer_than_unlike_ones():
    base = np.eye(4)[[0, 0, 1, 1, 2, 2]]
    centres, _ = place_interests(
        unit(base + np.random.default_rng(0).normal(0, 0.05, base.shape)), np.full(6, 20)
    )

    distance = np.linalg.norm(centres[:, None] - centres[None], axis=2)
    pairs = [distance[a, a + 1] for a in (0, 2, 4)]
    others = [distance[a, b] for a in range(6) for b in range(a) if a // 2 != b // 2]
    assert np.mean(pairs) < np.mean(others)


def test_the_map_is_the_same_twice():
    vectors = unit(np.random.default_rng(1).normal(size=(9, 5)))
    sizes = np.arange(9)

    first, second = place_interests(vectors, sizes)[0], place_interests(vectors, sizes)[0]
    np.testing.assert_array_equal(first, second)


def test_items_lie_in_their_disc_and_the_typical_one_in_the_middle():
    centres, radii = np.array([[0, 0], [10, 0]], np.float32), np.array([2, 3], np.float32)
    leaf = np.array([0, 1, 1, 1, -1], np.int32)
    points = place_items(leaf, np.array([0.5, 0.1, 0.9, 0.2, 0.3]), centres, radii)

    away = np.linalg.norm(points[:4] - centres[leaf[:4]], axis=1)
    assert (away <= radii[leaf[:4]] + 1e-5).all()
    assert away[2] == min(away[1:4])
    assert np.isnan(points[4]).all()
