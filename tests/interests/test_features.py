"""V says how much an item is about an interest: a probability, of those that cosines give."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse

from penchant.interests.features import FLOOR, Scale, fit_scale, item_features, kept, touches
from penchant.llm.lsa import unit_rows


def planted(seed=0, *, leaves=6, each=40, dim=24, noise=0.7):
    """Return unit vectors scattered around *leaves* directions, the directions and who is whose."""
    rng = np.random.default_rng(seed)
    centres = unit_rows(rng.normal(size=(leaves, dim)).astype(np.float32))
    leaf = np.repeat(np.arange(leaves), each).astype(np.int32)
    scatter = rng.normal(size=(len(leaf), dim)) * noise / np.sqrt(dim)
    return unit_rows((centres[leaf] + scatter).astype(np.float32)), centres, leaf


def features(vectors, unit, centroids, leaf, **options):
    scale = fit_scale(vectors, centroids, leaf)
    return item_features(vectors, unit, centroids=centroids, scale=scale, **options)


@pytest.mark.parametrize("floor", [0.0, FLOOR, 0.9, 1.1])
def test_entries_are_probabilities_and_every_item_has_one(floor):
    vectors, centres, leaf = planted()
    vectors[3] = 0
    unit = np.arange(len(leaf), dtype=np.int32)[::-1].copy()
    V = features(vectors, unit, centres, leaf, floor=floor)

    assert V.shape == (len(leaf), 6)
    assert V.dtype == np.float32
    assert ((V.data > 0) & (V.data <= 1)).all()
    assert (np.diff(V.indptr) >= 1).all()


def test_small_entries_are_dropped_and_the_strongest_stays():
    vectors, centres, leaf = planted()
    unit = np.arange(len(leaf), dtype=np.int32)
    full = features(vectors, unit, centres, leaf, floor=0).toarray()
    some = features(vectors, unit, centres, leaf, floor=0.3).toarray()

    strongest = full == full.max(axis=1, keepdims=True)
    np.testing.assert_array_equal(some, np.where((full >= 0.3) | strongest, full, 0))


def test_items_of_one_text_have_one_row():
    vectors, centres, leaf = planted()
    V = features(vectors, np.array([7, 3, 7], np.int32), centres, leaf).toarray()

    np.testing.assert_array_equal(V[0], V[2])
    assert (V[0] != V[1]).any()


def test_the_formula_is_a_sigmoid_of_the_cosine():
    vectors, centres, _ = planted()
    scale = Scale(9.0, np.linspace(-6, -3, 6, dtype=np.float32))
    unit = np.arange(len(vectors), dtype=np.int32)
    V = item_features(vectors, unit, centroids=centres, scale=scale, floor=0).toarray()

    for item, leaf in ((0, 0), (17, 5), (99, 3)):
        cosine = float(vectors[item] @ centres[leaf])
        expected = 1 / (1 + np.exp(-(9 * cosine + scale.bias[leaf])))
        assert V[item, leaf] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("noise", [0.5, 0.8, 1.2])
def test_entries_are_calibrated_on_items_that_the_scale_has_not_seen(noise):
    """Of new items around the same directions a share of p is in the leaf where V says p."""
    vectors, _, leaf = planted(1, each=400, noise=noise)
    known = np.zeros(len(leaf), np.bool_)
    known[::2] = True
    centroids = unit_rows(np.stack([vectors[known & (leaf == j)].sum(axis=0) for j in range(6)]))
    scale = fit_scale(vectors[known], centroids, leaf[known])
    V = item_features(vectors[~known], np.arange((~known).sum()), centroids=centroids, scale=scale)
    P, truth = V.toarray().ravel(), (leaf[~known][:, None] == np.arange(6)).ravel()

    bins = np.minimum((10 * P).astype(int), 9)
    gaps = np.bincount(bins, P, 10) - np.bincount(bins, truth, 10)
    assert np.abs(gaps).sum() / len(P) < 0.02
    assert P[truth].mean() > 2 * P[~truth].mean()


def test_a_lone_member_does_not_vouch_for_itself():
    """Among scattered texts each is near a centroid that it is part of: that proves nothing."""
    rng = np.random.default_rng(0)
    vectors = unit_rows(rng.normal(size=(60, 30)).astype(np.float32))
    leaf = np.repeat(np.arange(20), 3).astype(np.int32)
    centroids = unit_rows(np.add.reduceat(vectors, np.arange(0, 60, 3)))
    V = features(vectors, np.arange(60), centroids, leaf, floor=0).toarray()

    assert V[np.arange(60), leaf].mean() < 0.3


def test_the_scale_is_the_likeliest_one():
    """No slope or bias a little off explains better who is whose, the pull of biases counted."""
    vectors, centres, leaf = planted(noise=1.0)
    sums = np.stack([vectors[leaf == j].sum(axis=0) for j in range(6)])
    cosines = vectors @ centres.T
    own = unit_rows(sums[leaf] - vectors)
    cosines[np.arange(len(leaf)), leaf] = (own * vectors).sum(axis=1)
    inside = leaf[:, None] == np.arange(6)

    def loss(slope, bias):
        logits = slope * cosines + bias
        pull = 0.5 * ((bias - bias.mean()) ** 2).sum()
        return (np.logaddexp(0, logits) - inside * logits).sum() + pull

    scale = fit_scale(vectors, centres, leaf)
    best = loss(scale.slope, scale.bias)
    assert all(loss(scale.slope + off, scale.bias) > best for off in (-0.3, 0.3))
    shifts = 0.2 * np.vstack([np.eye(6), -np.eye(6)])
    assert all(loss(scale.slope, scale.bias + shift) > best for shift in shifts)


def test_an_item_without_a_direction_still_touches_an_interest():
    vectors, centres, leaf = planted()
    vectors[0] = 0
    V = features(vectors, np.arange(len(leaf)), centres, leaf)

    assert 0 <= touches(V)[0] < 6


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_smallest_catalogues_have_features(n):
    vectors = np.eye(3, dtype=np.float32)[:n]
    V = features(vectors, np.arange(n), vectors, np.arange(n, dtype=np.int32))

    assert touches(V).tolist() == list(range(n))


def test_the_scale_stays_finite_where_leaves_are_perfectly_apart():
    vectors = np.repeat(np.eye(4, dtype=np.float32), 10, axis=0)
    scale = fit_scale(vectors, np.eye(4, dtype=np.float32), np.repeat(np.arange(4), 10))

    assert np.isfinite(scale.slope)
    assert np.isfinite(scale.bias).all()
    assert scale.slope > 0


@settings(max_examples=60, deadline=None)
@given(
    arrays(
        np.float32, st.tuples(st.integers(1, 6), st.integers(1, 5)), elements=st.integers(0, 3)
    ).map(lambda values: values / 4)
)
def test_an_item_touches_where_it_is_strongest_and_ties_go_to_the_first(values):
    keep = values > 0
    keep[~keep.any(axis=1), 0] = True
    V = kept(values, keep)

    assert touches(V).tolist() == np.where(keep, values, -1).argmax(axis=1).tolist()


def test_touching_no_items_is_nothing():
    assert touches(sparse.csr_array((0, 3), dtype=np.float32)).tolist() == []


def test_zeros_that_are_kept_are_stored():
    V = kept(np.zeros((2, 2), np.float32), np.array([[True, False], [False, False]]))

    assert V.nnz == 1
    assert np.diff(V.indptr).tolist() == [1, 0]
