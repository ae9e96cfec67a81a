"""Weights are learned from lists, and quality is what a plain loop says."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penchant.rank.fusion import (
    Examples,
    compared,
    learn_few,
    learn_weights,
    list_quality,
    standardised,
)


def planted(weights, *, users=400, candidates=30, seed=0):
    """Users take one candidate by chance, in proportion to exp(weights · features)."""
    random = np.random.default_rng(seed)
    features = random.normal(size=(users, candidates, len(weights)))
    odds = np.exp(features @ np.asarray(weights))
    target = np.zeros((users, candidates), np.bool_)
    for user in range(users):
        target[user, random.choice(candidates, p=odds[user] / odds[user].sum())] = True
    return Examples(
        np.arange(users + 1) * candidates,
        features.reshape(-1, len(weights)).astype(np.float32),
        target.ravel(),
        np.ones(users, np.int64),
    )


def test_planted_weights_are_found_signs_and_all():
    found = learn_weights(planted([1.5, 0.0, -1.0], users=3000), regularization=1e-6)

    np.testing.assert_allclose(found, [1.5, 0.0, -1.0], atol=0.12)


def test_what_says_next_to_nothing_is_left_out():
    examples = planted([1.5, 0.0, -1.0], users=2000)
    found = learn_few(examples)

    assert found[1] == 0
    alone = learn_weights(replace(examples, features=examples.features[:, [0, 2]]))
    np.testing.assert_allclose(found[[0, 2]], alone, atol=2e-3)
    np.testing.assert_array_equal(learn_few(planted([1, -1])), learn_weights(planted([1, -1])))


def test_more_regularization_means_smaller_weights():
    examples = planted([1.0, 0.5])
    sizes = [np.abs(learn_weights(examples, regularization=r)).sum() for r in (0.001, 0.1, 10)]

    assert sizes == sorted(sizes, reverse=True)


def test_users_without_a_target_teach_nothing():
    examples = planted([1.0, -1.0], users=50)
    empty = Examples(
        np.array([0, 3]), np.ones((3, 2), np.float32), np.zeros(3, np.bool_), np.ones(1, np.int64)
    )
    both = Examples.join([examples, empty])

    np.testing.assert_allclose(learn_weights(both), learn_weights(examples), atol=1e-4)
    assert not learn_weights(empty).any()


def slow_quality(examples, weights):
    values = []
    for user in range(len(examples)):
        rows = range(examples.indptr[user], examples.indptr[user + 1])
        order = sorted(rows, key=lambda r: (-float(examples.features[r] @ weights), r))
        gain = sum(1 / np.log2(p + 2) for p, r in enumerate(order[:10]) if examples.target[r])
        ideal = sum(1 / np.log2(p + 2) for p in range(min(10, int(examples.targets[user]))))
        values.append(gain / ideal)
    return values


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 6), st.integers(1, 25))
def test_quality_is_ndcg_at_ten(seed, users, candidates):
    random = np.random.default_rng(seed)
    target = random.random(users * candidates) < 0.3
    found = target.reshape(users, candidates).sum(axis=1)
    examples = Examples(
        np.arange(users + 1) * candidates,
        random.integers(-2, 3, (users * candidates, 2)).astype(np.float32),
        target,
        np.maximum(found + random.integers(0, 3, users), 1),
    )
    weights = np.array([1.0, 0.5], np.float32)

    np.testing.assert_allclose(
        list_quality(examples, weights), slow_quality(examples, weights), rtol=1e-5
    )


def test_standardised_rows_have_mean_zero_and_deviation_one():
    scores = np.random.default_rng(0).normal(5, 3, (4, 500)).astype(np.float32)
    z = standardised(scores)

    np.testing.assert_allclose(z.mean(axis=1), 0, atol=0.02)
    np.testing.assert_allclose(z.std(axis=1), 1, atol=0.02)
    assert (np.argsort(z, axis=1) == np.argsort(scores, axis=1)).mean() > 0.95


@pytest.mark.parametrize("value", [0.0, 7.5, -1e9])
def test_a_row_of_one_value_is_zero(value):
    assert not standardised(np.full((2, 9), value, np.float32)).any()


def test_outliers_are_clipped():
    scores = np.zeros((1, 10_000), np.float32)
    scores[0, 3] = 1e6

    assert standardised(scores).max() == 10


def test_compared_scores_keep_their_order_however_far_the_best_stand_out():
    scores = np.random.default_rng(0).pareto(1, (3, 5000)).astype(np.float32)
    drawn = compared(scores)

    assert (np.diff(np.take_along_axis(drawn, np.argsort(scores, axis=1), axis=1)) >= 0).all()
    z = (scores - scores.mean(axis=1, keepdims=True)) / scores.std(axis=1, keepdims=True)
    assert z.max() > 10
    np.testing.assert_allclose(drawn, np.sign(z) * np.log1p(np.abs(z)), atol=1e-4)
    assert not compared(np.full((2, 9), 7.5, np.float32)).any()
