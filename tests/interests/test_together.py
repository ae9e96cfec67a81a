"""What is taken together has directions; what nobody took is placed by its words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penchant.interests.together import Together
from worlds import dataset

SHELVES, EACH = 4, 6


def world(users=60, seed=0):
    """People who go along one shelf of six; the last item of each shelf nobody takes."""
    random = np.random.default_rng(seed)
    events = []
    for user in range(users):
        shelf = user % SHELVES
        for at, item in enumerate(random.permutation(EACH - 1)):
            moment = 1_700_000_000 + 100 * user + at
            row = {"user_id": f"u{user}", "item_id": f"{shelf}-{item}", "timestamp": moment}
            events.append(row)
    items = [{"item_id": f"{s}-{i}"} for s in range(SHELVES) for i in range(EACH)]
    return dataset(events, items)


WORLD = world()
UNIT = np.arange(SHELVES * EACH, dtype=np.int32)
SHELF = UNIT // EACH
THETA = np.eye(SHELVES, 8, dtype=np.float32)[SHELF]  # what is written says the shelf, no more


def learned():
    return Together.learn(WORLD.all_histories, UNIT, THETA)


def test_neighbours_in_histories_are_near_and_others_are_not():
    taken = learned().taken
    cosines = taken @ taken.T
    same = (SHELF[:, None] == SHELF[None, :]) & ~np.eye(len(UNIT), dtype=bool)

    assert cosines[same].min() > cosines[SHELF[:, None] != SHELF[None, :]].max()


def test_what_nobody_took_is_where_its_words_say():
    together = learned()
    lonely = np.flatnonzero(UNIT % EACH == EACH - 1)
    strangers = together.sharing(0.5).strangers(THETA[lonely])
    known = together.sharing(0.5).known(THETA)[lonely]

    np.testing.assert_allclose(strangers, known, atol=1e-5)
    np.testing.assert_array_equal(
        SHELF[(strangers @ together.sharing(0.5).known(THETA).T).argmax(axis=1)], SHELF[lonely]
    )


@given(share=st.floats(0.05, 0.9))
def test_directions_have_length_one_and_share_says_how_much_is_heard(share):
    joined = learned().sharing(share).known(THETA)

    np.testing.assert_allclose(np.linalg.norm(joined, axis=1), 1, rtol=1e-4)
    np.testing.assert_allclose((joined[:, :8] ** 2).sum(axis=1), 1 - share, atol=1e-3)


def test_without_a_share_texts_are_what_they_were():
    together = learned()

    assert together.known(THETA) is THETA
    assert together.state() == {}
    assert Together.restore({}) is None


def test_restored_it_says_the_same():
    together = learned().sharing(0.3)
    again = Together.restore(together.state())

    np.testing.assert_array_equal(again.known(THETA), together.known(THETA))
    np.testing.assert_array_equal(again.strangers(THETA[:2]), together.strangers(THETA[:2]))


@pytest.mark.parametrize("users", [[], [0]])
def test_little_or_nothing_taken_is_no_harm(users):
    joined = Together.learn(WORLD.histories(users), UNIT, THETA).sharing(0.4).known(THETA)

    np.testing.assert_allclose(np.linalg.norm(joined, axis=1), 1, rtol=1e-4)
    cosines = joined @ joined.T
    assert (cosines[SHELF[:, None] == SHELF[None, :]] > 0.5).all()
