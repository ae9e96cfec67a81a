"""What the latest items say of the next ten contacts, where there is enough to learn it from."""

import numpy as np
import pytest

from interests.planted import own_leaf
from penchant.interests.ahead import AHEAD, Ahead
from penchant.interests.features import touches
from penchant.interests.portraits import PortraitModel
from worlds import dataset


def shelves(users=60, blocks=4, seed=0):
    """People who take ten things of one shelf, then ten of the next one, six shelves in a ring."""
    random = np.random.default_rng(seed)
    events = []
    for user in range(users):
        first = int(random.integers(6))
        for block in range(blocks):
            shelf = (first + block) % 6
            for at, item in enumerate(random.permutation(20)[:10]):
                moment = 1_700_000_000 + 1000 * user + 10 * block + at
                row = {"user_id": f"u{user}", "item_id": f"{shelf}-{item:02}", "timestamp": moment}
                events.append(row)
    return dataset(events, [{"item_id": f"{s}-{i:02}"} for i in range(20) for s in range(6)])


WORLD = shelves()
V = own_leaf(WORLD.n_items, 6)
TOUCH = touches(V)


def next_shelf(data):
    """Return the shelf after the one that each user stands at."""
    histories = data.all_histories
    return (TOUCH[histories.item[histories.indptr[1:] - 1]] + 1) % 6


def test_the_next_shelf_is_the_likeliest():
    learned = Ahead.learn(WORLD.all_histories, TOUCH, 6)
    told = learned.logits(WORLD.all_histories)

    assert (told.argmax(axis=1) == next_shelf(WORLD)).mean() > 0.9
    assert np.isfinite(told).all()


def test_too_little_teaches_nothing():
    assert Ahead.learn(WORLD.histories([0, 1]), TOUCH, 6) is None
    assert Ahead.learn(WORLD.histories([]), TOUCH, 6) is None


def test_histories_of_fewer_events_and_none_have_their_say():
    learned = Ahead.learn(WORLD.all_histories, TOUCH, 6)
    short = WORLD.histories([0, 1]).where(np.arange(80) < 3)
    told = learned.logits(short)

    assert told.shape == (2, 6)
    np.testing.assert_allclose(1 / (1 + np.exp(-told[1])), learned.mean, atol=1e-4)


def test_strengths_follow_the_shelf_with_the_goal_next_alone():
    following = PortraitModel(V, goal="next").fit(WORLD)
    period = PortraitModel(V, goal="period").fit(WORLD)
    U = following.strengths(WORLD.all_histories).toarray()

    assert (U.argmax(axis=1) == next_shelf(WORLD)).mean() > 0.9
    assert period.ahead_ is None
    assert AHEAD == 10


def test_restored_it_says_the_same():
    model = PortraitModel(V, goal="next").fit(WORLD)
    again = PortraitModel(V, goal="next").restore(model.state())
    histories = WORLD.histories([3, 4])

    assert np.array_equal(
        again.strengths(histories).toarray(), model.strengths(histories).toarray()
    )


@pytest.mark.parametrize("goal", ["next", "period"])
def test_models_without_it_are_restored_too(goal):
    few = WORLD.where(WORLD.user < 2)
    model = PortraitModel(V, goal=goal).fit(few)

    assert PortraitModel(V, goal=goal).restore(model.state()).ahead_ is None
