"""What histories say about interests, against loops."""

from itertools import pairwise

import numpy as np
import pytest

from chains import TOUCH, N, chains
from penchant.rank.explore_views import Past
from worlds import dataset

DATA = chains()
PAST = Past(DATA.all_histories, TOUCH, N)


def events_of(user):
    return [int(TOUCH[item]) for item in DATA.item[DATA.user == user]]


def test_counts_hold_every_event_also_against_an_item():
    rows = [("purchase", 1), ("return", 2), ("view", 9)]
    events = [
        {"user_id": "u", "item_id": f"i{item}", "timestamp": at, "event": kind}
        for at, (kind, item) in enumerate(rows)
    ]
    data = dataset(events, [{"item_id": f"i{item}"} for item in range(len(TOUCH))])
    past = Past(data.all_histories, TOUCH, N)

    assert past.counts.toarray()[0].tolist() == [2, 0, 1, *[0] * (N - 3)]
    assert np.flatnonzero(~past.novel[0]).tolist() == [0, 2]


def test_the_latest_interest_counts_most():
    latest = PAST.latest.toarray()
    for user in range(0, DATA.n_users, 7):
        order = list(dict.fromkeys(events_of(user)[::-1]))
        expected = np.zeros(N)
        expected[order] = 0.8 ** np.arange(len(order))
        assert latest[user] == pytest.approx(expected)


def test_steps_count_changes_of_interest_within_a_user():
    expected = np.zeros((N, N))
    for user in range(DATA.n_users):
        seen = events_of(user)
        for before, after in pairwise(seen):
            expected[before, after] += before != after

    assert np.array_equal(PAST.steps(), expected)
    assert expected.sum() > 0


def test_first_meetings_are_one_a_user_and_interest():
    histories = DATA.all_histories
    pairs = list(zip(histories.user, PAST.interest, strict=True))

    assert PAST.first.tolist() == [at for at, pair in enumerate(pairs) if pair not in pairs[:at]]


@pytest.mark.parametrize("in_time", [True, False])
def test_the_last_tenth_is_of_the_time_or_of_each_user(in_time):
    past = Past(DATA.all_histories, TOUCH, N, in_time)
    late = past.late

    if in_time:
        moments = DATA.all_histories.timestamp
        assert moments[late].min() > moments[~late].max()
        assert 0 < late.mean() < 0.15
    else:
        last = np.append(DATA.all_histories.indptr[1:] - 1, -1)[:-1]
        assert late[last].all()
        assert late.sum() == DATA.n_users
    assert np.array_equal((past.before + past.during) > 0, past.met > 0)


def test_nobody_has_a_past_too():
    nobody = PAST.take(np.array([0])).histories.where(np.zeros(5, np.bool_))
    past = Past(nobody, TOUCH, N)

    assert past.novel.all()
    assert past.latest.shape == (1, N)
    assert not past.late.any()
