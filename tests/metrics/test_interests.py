"""Lists of interests are judged as lists of items are, by loops too."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from penchant.errors import DataError, UsageError
from penchant.metrics import engaged, overlap, proposals, quotient, taken_up

USERS, INTERESTS = 6, 7


def matrix(seed, chance):
    return np.random.default_rng(seed).random((USERS, INTERESTS)) < chance


@given(st.integers(0, 50), st.integers(1, 9))
def test_only_novel_interests_are_proposed_best_first(seed, k):
    scores = np.random.default_rng(seed).integers(0, 3, (USERS, INTERESTS)).astype(np.float32)
    novel = matrix(seed + 1, 0.5)
    found = proposals(scores, novel=novel, k=k)

    assert found.shape == (USERS, k)
    for row in range(USERS):
        right = sorted(np.flatnonzero(novel[row]), key=lambda j: (-scores[row, j], j))[:k]
        assert found[row].tolist() == right + [-1] * (k - len(right))


@given(st.integers(0, 50))
def test_recall_counts_what_was_taken_up(seed):
    novel = matrix(seed, 0.7)
    taken = novel & matrix(seed + 1, 0.5)
    scores = np.random.default_rng(seed).random((USERS, INTERESTS)).astype(np.float32)
    found = proposals(scores, novel=novel, k=4)
    measured = taken_up(found, taken=sparse.csr_array(taken.astype(np.float32)), ks=(1, 4))

    for row in range(USERS):
        for k in (1, 4):
            hits = sum(taken[row, j] for j in found[row, :k] if j >= 0)
            right = hits / taken[row].sum() if taken[row].any() else np.nan
            assert measured[f"recall@{k}"][row] == pytest.approx(right, nan_ok=True)
    perfect = proposals(taken.astype(np.float32), novel=novel, k=INTERESTS)
    best = taken_up(perfect, taken=sparse.csr_array(taken.astype(np.float32)), ks=())
    assert best[f"ndcg@{INTERESTS}"][taken.any(axis=1)] == pytest.approx(1)


def test_engaged_counts_interests_and_not_items():
    relevant = sparse.csr_array(np.array([[1, 1, 1, 0], [0, 0, 0, 1]], np.float32))
    touch = np.array([0, 0, 1, 1], np.int32)

    assert engaged(np.array([[0, 1, 3], [0, 1, 2]]), relevant=relevant, touch=touch).tolist() == [
        1.0,
        0.0,
    ]
    assert engaged(np.array([[0, 2, -1]]), relevant=relevant[[0]], touch=touch).tolist() == [2.0]


def test_overlap_is_the_jaccard_index():
    left = np.array([[0, 1, 2], [0, 1, -1], [-1, -1, -1]])
    right = np.array([[2, 1, 3], [4, 5, -1], [-1, -1, -1]])

    assert overlap(left, right) == pytest.approx([0.5, 0.0, np.nan], nan_ok=True)


def test_a_quotient_is_of_means_and_its_interval_holds_it():
    rng = np.random.default_rng(0)
    base = rng.random(400)
    found = quotient(1.2 * base, base)

    assert found.value == pytest.approx(1.2)
    assert (found.low, found.high) == (pytest.approx(1.2), pytest.approx(1.2))
    noisy = quotient(rng.random(400), base)
    assert noisy.low < noisy.value < noisy.high


def test_a_quotient_leaves_out_who_has_no_value_and_refuses_other_users():
    nothing = np.array([0.5, np.nan])

    assert quotient(nothing, np.array([0.25, 0.0])).value == 2.0
    assert quotient(nothing, np.array([0.25, 0.0])).users == 1
    assert np.isnan(quotient(np.ones(2), np.zeros(2)).value)
    with pytest.raises(DataError, match="2 users"):
        quotient(np.ones(2), np.ones(3))
    with pytest.raises(UsageError, match="draws"):
        quotient(np.ones(2), np.ones(2), draws=0)
