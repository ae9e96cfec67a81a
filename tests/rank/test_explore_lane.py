"""The lane: how many places, who is drawn, what makes room."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penchant.errors import UsageError
from penchant.rank.explore_lane import TakeUp, check_share, choose_items, draw, make_room, places

N = 8


def often(chances, take_up, *, draws=400):
    """How often each interest is the first one drawn."""
    rng = np.random.default_rng(0)
    first = [draw(chances, count=1, take_up=take_up, rng=rng)[0] for _ in range(draws)]
    return np.bincount(first, minlength=N) / draws


@pytest.mark.parametrize(
    ("k", "share", "count"),
    [(10, 0, 0), (10, 0.1, 1), (5, 0.1, 1), (4, 0.1, 0), (10, 0.25, 3), (7, 1, 7)],
)
def test_a_share_is_a_whole_number_of_places(k, share, count):
    assert places(k, share) == count


@pytest.mark.parametrize("share", [-0.1, 1.5, float("nan")])
def test_a_share_outside_is_refused(share):
    with pytest.raises(UsageError, match="explore_share"):
        check_share(share)


def test_what_has_no_chance_is_never_drawn():
    chances = np.array([0, 0.2, 0, 0.1, 0, 0, 0, 0], np.float32)
    drawn = draw(chances, count=5, take_up=TakeUp.nothing(N), rng=np.random.default_rng(0))

    assert sorted(drawn.tolist()) == [1, 3]


def test_likelier_interests_are_drawn_more_often_and_others_too():
    found = often(np.linspace(0.1, 0.3, N).astype(np.float32), TakeUp.nothing(N))

    assert found[-1] > 0.4
    assert found[-1] > found[-2] > found[-3] > 0


def test_take_up_moves_what_is_drawn():
    """Shown a thousand times in vain, the best one goes; taken each time, the worst leads."""
    chances = np.linspace(0.1, 0.3, N).astype(np.float32)
    ignored = TakeUp(np.eye(N, dtype=np.int64)[-1] * 1000, np.zeros(N, np.int64))
    taken = TakeUp(np.eye(N, dtype=np.int64)[0] * 1000, np.eye(N, dtype=np.int64)[0] * 1000)

    assert often(chances, ignored)[-1] == 0
    assert often(chances, taken)[0] == 1


def test_the_same_generator_draws_the_same():
    chances = np.full(N, 0.2, np.float32)

    def drawn(seed):
        rng = np.random.default_rng(seed)
        return draw(chances, count=4, take_up=TakeUp.nothing(N), rng=rng).tolist()

    assert drawn(3) == drawn(3)
    assert any(drawn(3) != drawn(seed) for seed in range(4, 9))


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12), st.integers(0, 12))
def test_each_interest_gets_a_place_before_any_gets_two(interests, count):
    touch = np.array(interests, np.int32)
    kept = choose_items(np.arange(len(touch)), touch, count=count).tolist()

    assert kept == sorted(kept)
    assert len(kept) == min(count, len(touch))
    counts = np.bincount(touch[kept], minlength=4)
    if count <= len(set(interests)):
        assert counts.max(initial=0) <= 1
    else:
        assert set(touch[kept]) == set(interests)
    if kept:
        assert kept[0] == 0


@given(st.lists(st.booleans(), max_size=12), st.integers(0, 12))
def test_room_is_made_by_the_lowest_of_known_interests(known, count):
    known = np.array(known, np.bool_)
    kept = make_room(known, count=count).tolist()
    gone = [at for at in range(len(known)) if at not in kept]

    assert kept == sorted(kept)
    assert len(gone) == min(count, len(known))
    if count <= known.sum():
        assert gone == sorted(np.flatnonzero(known)[len(np.flatnonzero(known)) - count :].tolist())
    else:
        assert set(np.flatnonzero(known)) <= set(gone)
