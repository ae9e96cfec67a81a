"""Diversity trades rank for difference, from nothing at 0 to everything at 1."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penchant.errors import UsageError
from penchant.rank import rerank
from penchant.rank.rerank import check_diversity, looks
from penchant.rank.rules import Room


def diversify(items, scores, vectors, **options):
    return rerank.diversify(scores, vectors, room=Room([()] * len(items), caps={}), **options)


def pool(seed, n=30):
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(n, 6))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.arange(n, dtype=np.int32), np.sort(random.random(n))[::-1], vectors


def likeness(vectors):
    return (vectors @ vectors.T)[np.triu_indices(len(vectors), 1)].mean()


@given(st.integers(0, 50), st.floats(0, 1), st.integers(1, 40))
def test_a_list_holds_each_item_once_and_starts_with_the_best(seed, diversity, k):
    items, scores, vectors = pool(seed)
    order = diversify(items, scores, vectors, k=k, diversity=diversity)

    assert len(order) == min(k, len(items))
    assert len(set(order.tolist())) == len(order)
    assert diversity == 1 or order[0] == 0


@given(st.integers(0, 50))
def test_none_keeps_the_ranking(seed):
    items, scores, vectors = pool(seed)

    assert diversify(items, scores, vectors, k=10, diversity=0).tolist() == list(range(10))


def test_more_diversity_is_less_alike_and_less_relevant():
    alike, relevant = [], []
    for diversity in (0, 0.3, 0.7, 1):
        orders = [(pool(s), diversify(*pool(s), k=10, diversity=diversity)) for s in range(20)]
        alike.append(np.mean([likeness(p[2][o]) for p, o in orders]))
        relevant.append(np.mean([p[1][o].mean() for p, o in orders]))

    assert alike == sorted(alike, reverse=True)
    assert relevant == sorted(relevant, reverse=True)


def test_copies_do_not_follow_each_other():
    vectors = np.array([[1, 0], [1, 0], [0, 1.0], [0, 1.0]])
    scores = np.array([1, 0.99, 0.9, 0.2])
    order = diversify(np.arange(4, dtype=np.int32), scores, vectors, k=2, diversity=0.5)

    assert order.tolist() == [0, 2]


@given(st.integers(0, 50), st.floats(0, 1), st.integers(1, 30))
def test_a_longer_list_begins_like_a_shorter_one(seed, diversity, k):
    items, scores, vectors = pool(seed)
    whole = diversify(items, scores, vectors, k=30, diversity=diversity)

    assert (
        diversify(items, scores, vectors, k=k, diversity=diversity).tolist() == whole[:k].tolist()
    )


@given(st.integers(0, 50), st.floats(-5, 5), st.floats(0.1, 10))
def test_the_scale_of_scores_changes_nothing(seed, shift, scale):
    items, scores, vectors = pool(seed)
    plain = diversify(items, scores, vectors, k=10, diversity=0.5)

    moved = diversify(items, scale * scores + shift, vectors, k=10, diversity=0.5)
    assert moved.tolist() == plain.tolist()


def test_items_are_alike_by_their_texts_and_more_so_by_their_interests():
    """Interests of any length count alike; an item without a text can be alike by them."""
    texts = np.array([[1, 0], [1, 0], [0, 1], [0, 0]], np.float32)
    interests = np.array([[5, 0], [0, 1], [2, 0], [1, 0]], np.float32)
    like = looks(texts, interests) @ looks(texts, interests).T

    assert np.allclose(like[0], [1, 1 / 3, 2 / 3, 2 / 3])
    assert np.allclose(like[1, 2], 0)


@pytest.mark.parametrize("wrong", [-0.1, 1.1, float("nan")])
def test_a_diversity_out_of_range_is_refused(wrong):
    with pytest.raises(UsageError, match="diversity"):
        check_diversity(wrong)
