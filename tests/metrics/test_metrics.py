"""Metrics agree with loops, stay in their ranges, and cannot be raised by tricks of a list."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from metrics import slow
from penchant import metrics
from penchant.errors import DataError
from penchant.types import Matrix

ITEMS, USERS = 7, 3

lists_of = hnp.arrays(
    np.int32, st.tuples(st.just(USERS), st.integers(0, 6)), elements=st.integers(-1, ITEMS - 1)
)
"""Lists with gaps and repetitions, as no recommender should make them."""

touched = hnp.arrays(np.bool_, (USERS, ITEMS))
strengths = st.sampled_from([0.0, 0.25, 1.0, 3.0])


def matrix(dense):
    return Matrix(np.asarray(dense, np.float32))


def sets(dense):
    return [set(np.flatnonzero(row).tolist()) for row in dense]


def same(actual, expected):
    np.testing.assert_allclose(actual, expected, rtol=1e-6, atol=1e-6)


@given(lists_of, touched)
def test_accuracy_is_what_loops_count(lists, relevant):
    found = metrics.accuracy(lists, relevant=matrix(relevant))

    rows = zip(lists.tolist(), sets(relevant), strict=True)
    expected = [slow.accuracy(row, wanted) for row, wanted in rows]
    for name, values in found.items():
        same(values, [one[name] for one in expected])
        known = values[~np.isnan(values)]
        assert ((known >= 0) & (known <= 1)).all()


def test_a_perfect_list_has_ndcg_one_and_order_matters():
    relevant = matrix([[1, 1, 0, 0]])

    def ndcg(row):
        return metrics.accuracy(np.array([row]), relevant=relevant)["ndcg"][0]

    assert ndcg([1, 0, 2]) == ndcg([0, 1, 3]) == 1
    assert 1 > ndcg([0, 2, 1]) > ndcg([2, 0, 1]) > ndcg([2, 3, 0]) > ndcg([2, 3, -1]) == 0


def test_repeating_a_hit_gains_nothing():
    """A list of one right item ten times finds one item."""
    relevant = matrix([[1, 1, 1, 0]])
    once = metrics.accuracy(np.array([[0, 3, -1]]), relevant=relevant)
    often = metrics.accuracy(np.array([[0, 0, 0]]), relevant=relevant)

    assert {name: value[0] for name, value in often.items()} == {
        name: value[0] for name, value in once.items()
    }


@given(lists_of, touched, hnp.arrays(np.int64, ITEMS, elements=st.integers(0, 9)))
def test_no_metric_rewards_repetition(lists, relevant, popularity):
    """Putting an item that is listed already into a later place never raises a metric.

    Distinct items are all that count; diversity even falls, for the repeated pair is no distance.
    """
    first = lists[:, :1]
    repeated = np.hstack([lists, np.where(first >= 0, first, -1)])
    padded = np.hstack([lists, np.full_like(first, -1)])
    rng = np.random.default_rng(0)
    vectors = metrics.unit_rows(rng.normal(size=(ITEMS, 3)).astype(np.float32))
    hit = metrics.hits(repeated, relevant=matrix(relevant))

    assert np.array_equal(hit, metrics.hits(padded, relevant=matrix(relevant)))
    for information in (
        lambda rows: metrics.self_information(rows, popularity=popularity, n_users=10),
        lambda rows: metrics.average_popularity(rows, popularity=popularity, n_users=10),
        lambda rows: metrics.history_distances(
            rows, histories=matrix(relevant), vectors=vectors
        ).per_user(),
    ):
        same(information(repeated), information(padded))
    assert metrics.coverage(repeated, n_items=ITEMS) == metrics.coverage(padded, n_items=ITEMS)
    same(
        metrics.diversity(repeated, vectors=vectors),
        [slow.diversity(row, vectors.tolist()) for row in repeated.tolist()],
    )


@given(lists_of)
def test_coverage_counts_distinct_items(lists):
    assert metrics.coverage(lists, n_items=ITEMS) == slow.coverage(lists.tolist(), ITEMS)
    exposure = metrics.exposure(lists, n_items=ITEMS)
    assert exposure.tolist() == [int((lists == item).sum()) for item in range(ITEMS)]


@given(st.lists(st.integers(0, 50), min_size=1, max_size=12))
def test_gini_is_the_mean_difference_of_all_pairs(counts):
    value = metrics.gini(np.array(counts))

    assert value == pytest.approx(slow.gini(counts), abs=1e-12)
    assert 0 <= value < 1


def test_gini_spans_equality_and_monopoly():
    assert metrics.gini(np.array([4, 4, 4, 4])) == 0
    assert metrics.gini(np.array([0, 0, 0, 9])) == 0.75
    assert metrics.gini(np.array([], np.int64)) == 0


@given(lists_of, hnp.arrays(np.int64, ITEMS, elements=st.integers(0, 9)))
def test_novelty_and_popularity_are_means_over_items(lists, popularity):
    rows = lists.tolist()
    bits = metrics.self_information(lists, popularity=popularity, n_users=9)
    known = metrics.average_popularity(lists, popularity=popularity, n_users=9)

    same(bits, [slow.self_information(row, popularity.tolist(), 9) for row in rows])
    same(known, [slow.average(popularity[i] / 9 for _, i in slow.shown(row)) for row in rows])
    assert (bits[~np.isnan(bits)] >= 0).all()


@given(lists_of, touched, hnp.arrays(np.int64, ITEMS, elements=st.integers(0, 9)))
def test_popularity_lift_compares_a_list_with_its_users_history(lists, before, popularity):
    lifts = metrics.popularity_lift(lists, histories=matrix(before), popularity=popularity)

    for lift, row, history in zip(lifts, lists.tolist(), sets(before), strict=True):
        own = slow.average(popularity[item] for item in history)
        listed = slow.average(popularity[item] for _, item in slow.shown(row))
        expected = listed / own - 1 if own > 0 else math.nan
        assert lift == pytest.approx(expected, nan_ok=True)


@given(lists_of, touched, hnp.arrays(np.float64, (USERS, 6), elements=st.floats(0, 1)))
def test_serendipity_is_the_share_of_places_both_relevant_and_unexpected(lists, relevant, grades):
    grades = grades[:, : lists.shape[1]]
    hit = metrics.hits(lists, relevant=matrix(relevant))
    value = metrics.serendipity(hit, unexpected=grades)

    places = max(lists.shape[1], 1)
    for row, (found, grade) in enumerate(zip(hit.tolist(), grades.tolist(), strict=True)):
        total = sum(g for h, g in zip(found, grade, strict=True) if h)
        assert value[row] == pytest.approx(total / places)
    assert (value <= hit.sum(axis=1) / places + 1e-9).all()


def test_what_popularity_lists_too_is_not_serendipitous():
    hit = np.array([[True, True, False]])
    expected_too = np.array([[True, False, False]])

    assert metrics.serendipity(hit, unexpected=~expected_too)[0] == pytest.approx(1 / 3)
    assert metrics.serendipity(hit, unexpected=hit & False)[0] == 0


vectors_of = hnp.arrays(np.float32, (ITEMS, 3), elements=st.integers(-3, 3).map(float))


@given(lists_of, vectors_of)
def test_diversity_is_the_mean_distance_of_pairs(lists, vectors):
    units = metrics.unit_rows(vectors)
    value = metrics.diversity(lists, vectors=units)

    # a repeated item without a vector is as far from itself as from any other
    same(value, [slow.diversity(row, vectors.tolist()) for row in lists.tolist()])
    known = value[~np.isnan(value)]
    assert ((known >= 0) & (known <= 2)).all()


@given(lists_of, hnp.arrays(np.int32, ITEMS, elements=st.integers(0, 3)))
def test_breadth_is_the_number_of_interests_listed(lists, touch):
    expected = [slow.breadth(row, touch.tolist()) for row in lists.tolist()]
    same(metrics.breadth(lists, touch=touch), expected)


@given(lists_of, touched, vectors_of)
def test_distances_to_the_history_are_what_loops_find(lists, before, vectors):
    found = metrics.history_distances(
        lists, histories=matrix(before), vectors=metrics.unit_rows(vectors)
    )

    rows = zip(lists.tolist(), sets(before), strict=True)
    expected = [slow.distances(row, sorted(own), vectors.tolist()) for row, own in rows]
    same(found.per_user(), [slow.average(near for near, _ in one) for one in expected])
    same(found.per_user("average"), [slow.average(mean for _, mean in one) for one in expected])
    assert np.array_equal(np.isnan(found.nearest), np.isnan(found.average))
    known = ~np.isnan(found.nearest)
    assert (found.nearest[known] <= found.average[known] + 1e-6).all()


def test_a_stored_zero_in_a_history_was_not_had():
    """Strengths may have aged to nothing: such an item is no part of the history."""
    history = matrix([[1, 1, 0]])
    history.data[1] = 0
    vectors = np.eye(3, dtype=np.float32)
    found = metrics.history_distances(np.array([[1]]), histories=history, vectors=vectors)

    same(found.per_user(), [1])


def test_more_of_the_same_is_no_news():
    """A list like the history is at distance 0, one across at 1."""
    vectors = metrics.unit_rows(np.array([[2, 0], [5, 0], [0, 1]], np.float32))
    found = metrics.history_distances(
        np.array([[1], [2]]), histories=matrix([[1, 0, 0], [1, 0, 0]]), vectors=vectors
    )

    same(found.per_user(), [0, 1])


@given(
    hnp.arrays(np.float64, (USERS, ITEMS), elements=strengths),
    hnp.arrays(np.float64, (USERS, ITEMS), elements=strengths),
    hnp.arrays(np.float64, (ITEMS, 4), elements=strengths),
)
def test_calibration_is_what_loops_find(before, listed, features):
    p = metrics.interest_shares(matrix(before), features=matrix(features))
    q = metrics.interest_shares(matrix(listed), features=matrix(features))
    slow_p = [slow.shares(row, features.tolist()) for row in before.tolist()]
    slow_q = [slow.shares(row, features.tolist()) for row in listed.tolist()]

    same(p, slow_p)
    pairs = list(zip(slow_p, slow_q, strict=True))
    same(metrics.kullback_leibler(p, q), [slow.kullback_leibler(*pair) for pair in pairs])
    same(metrics.jensen_shannon(p, q), [slow.jensen_shannon(*pair) for pair in pairs])
    same(metrics.jensen_shannon(p, q), metrics.jensen_shannon(q, p))
    js = metrics.jensen_shannon(p, q)
    assert ((js[~np.isnan(js)] >= 0) & (js[~np.isnan(js)] <= 1)).all()


def test_calibration_spans_the_same_and_nothing_in_common():
    p, q = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])

    assert metrics.jensen_shannon(p, p)[0] == metrics.kullback_leibler(p, p)[0] == 0
    assert metrics.jensen_shannon(p, q)[0] == pytest.approx(1)
    assert metrics.kullback_leibler(p, q)[0] == pytest.approx(math.log2(100))


def test_a_list_of_nothing_has_no_taste_and_finds_nothing():
    """Empty lists: accuracy 0, everything else undefined rather than perfect."""
    empty = np.full((1, 3), -1)
    vectors = np.eye(ITEMS, dtype=np.float32)
    counts = np.ones(ITEMS, np.int64)
    relevant = matrix(np.ones((1, ITEMS)))

    assert {v[0] for v in metrics.accuracy(empty, relevant=relevant).values()} == {0}
    assert metrics.coverage(empty, n_items=ITEMS) == 0
    assert np.isnan(metrics.diversity(empty, vectors=vectors)[0])
    assert np.isnan(metrics.self_information(empty, popularity=counts, n_users=1)[0])
    distances = metrics.history_distances(empty, histories=relevant, vectors=vectors)
    assert np.isnan(distances.per_user()[0])


@pytest.mark.parametrize(
    "call",
    [
        lambda: metrics.hits(np.array([[ITEMS]]), relevant=matrix(np.ones((1, ITEMS)))),
        lambda: metrics.hits(np.array([[-2]]), relevant=matrix(np.ones((1, ITEMS)))),
        lambda: metrics.hits(np.array([0]), relevant=matrix(np.ones((1, ITEMS)))),
        lambda: metrics.hits(np.array([[0], [1]]), relevant=matrix(np.ones((1, ITEMS)))),
        lambda: metrics.coverage(np.array([[3]]), n_items=3),
        lambda: metrics.gini(np.array([-1, 2])),
        lambda: metrics.diversity(np.array([[3]]), vectors=np.eye(3, dtype=np.float32)),
        lambda: metrics.self_information(np.array([[0]]), popularity=np.array([3]), n_users=2),
        lambda: metrics.serendipity(np.array([[True]]), unexpected=np.array([[1.5]])),
        lambda: metrics.serendipity(np.array([[True]]), unexpected=np.array([[math.nan]])),
        lambda: metrics.serendipity(np.array([[True]]), unexpected=np.array([[1.0, 1.0]])),
        lambda: metrics.history_distances(
            np.array([[0]]), histories=matrix([[1, 1]]), vectors=np.eye(3, dtype=np.float32)
        ),
        lambda: metrics.interest_shares(matrix([[1.0]]), features=matrix([[1.0], [1.0]])),
        lambda: metrics.interest_shares(matrix([[-1.0]]), features=matrix([[1.0]])),
        lambda: metrics.kullback_leibler(np.ones((1, 2)), np.ones((1, 3))),
        lambda: metrics.popularity_lift(
            np.array([[0], [1]]), histories=matrix([[1, 1]]), popularity=np.array([1, 1])
        ),
    ],
)
def test_bad_input_is_refused(call):
    with pytest.raises(DataError):
        call()
