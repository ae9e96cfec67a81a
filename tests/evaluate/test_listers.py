"""Lists come from scores alone: best first, nothing touched, nothing twice."""

import numpy as np
import pytest

from evaluate.models import Popular
from penchant.errors import DataError
from penchant.evaluate.listers import checked_lists, of_recommender, popular_lists
from worlds import checkerboard, shop


def slow_lists(scores, seen, k):
    order = sorted(range(len(scores)), key=lambda item: (-scores[item], item))
    best = [item for item in order if item not in seen][:k]
    return best + [-1] * (k - len(best))


@pytest.mark.parametrize("k", [1, 10, 100])
def test_a_recommender_lists_its_best_unseen_items(k):
    data = shop()
    users = np.array([3, 0, 59])
    lists = of_recommender(Popular)(data).lists(users, k)

    scores = Popular().fit(data).scores
    for user, row in zip(users, lists.tolist(), strict=True):
        touched = set(data.item[data.user == user].tolist())
        assert row == slow_lists(scores, touched, k)


def test_seen_items_and_candidates_can_be_chosen():
    data = checkerboard(6)
    users = np.arange(6)
    candidates = np.array([True, True, False, False, False, False])

    again = of_recommender(Popular, include_seen=True)(data).lists(users, 6)
    assert (np.sort(again, axis=1) == np.arange(6)).all()
    few = of_recommender(Popular, candidates=candidates)(data).lists(users, 3)
    assert set(few.ravel().tolist()) <= {-1, 0, 1}


@pytest.mark.parametrize("k", [1, 5, 90])
def test_popular_lists_are_what_a_popularity_model_lists(k):
    data = shop()
    users = np.arange(data.n_users, dtype=np.int32)
    popularity = np.asarray(data.histories().contacts().sum(axis=0)).astype(np.int64)

    expected = of_recommender(Popular)(data).lists(users, k)
    assert np.array_equal(popular_lists(data, users, popularity=popularity, k=k), expected)


def check(lists):
    return checked_lists(np.asarray(lists), name="mine", n_users=1, k=3, n_items=5)


def test_short_lists_are_lists():
    assert check([[4, -1, -1]]).tolist() == [[4, -1, -1]]
    assert check([[-1, -1, -1]]).tolist() == [[-1, -1, -1]]


@pytest.mark.parametrize(
    ("lists", "word"),
    [
        ([[0, 1]], "shape"),
        ([[0, 1, 2], [0, 1, 2]], "shape"),
        ([[0.0, 1.0, 2.0]], "float64"),
        ([[0, 1, 5]], "item 5"),
        ([[0, 1, -2]], "item -2"),
        ([[3, 1, 3]], "item 3 twice"),
    ],
)
def test_what_is_no_list_is_refused_with_the_models_name(lists, word):
    with pytest.raises(DataError, match=word) as caught:
        check(lists)
    assert "'mine'" in str(caught.value)
