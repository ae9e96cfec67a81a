"""What moments in histories say of the next ten contacts, where there is enough to learn from."""

import numpy as np
import pytest

from interests.planted import own_leaf
from penchant.interests.ahead import Ahead
from penchant.interests.alike import Alike
from penchant.interests.features import touches
from penchant.interests.portraits import PortraitModel
from penchant.interests.sequel import Sequel
from penchant.interests.windows import AHEAD, Windows
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


@pytest.mark.parametrize("kind", [Ahead, Alike])
def test_the_next_shelf_is_the_likeliest(kind):
    learned = kind.learn(Windows.inside(WORLD.all_histories), TOUCH, 6)
    told = learned.logits(Windows.ends(WORLD.all_histories))

    assert (told.argmax(axis=1) == next_shelf(WORLD)).mean() > 0.9
    assert np.isfinite(told).all()


@pytest.mark.parametrize("kind", [Ahead, Alike])
def test_a_history_says_the_same_alone_and_among_others(kind):
    learned = kind.learn(Windows.inside(WORLD.all_histories), TOUCH, 6)
    together = learned.logits(Windows.ends(WORLD.histories([4, 9, 2])))

    np.testing.assert_allclose(
        learned.logits(Windows.ends(WORLD.histories([9])))[0], together[1], rtol=1e-4, atol=1e-5
    )


def test_too_little_teaches_nothing():
    assert Sequel.learn(WORLD.histories([0, 1]), TOUCH, 6) is None
    assert Sequel.learn(WORLD.histories([]), TOUCH, 6) is None


@pytest.mark.parametrize("kind", [Ahead, Alike])
def test_histories_of_fewer_events_and_none_have_their_say(kind):
    learned = kind.learn(Windows.inside(WORLD.all_histories), TOUCH, 6)
    short = WORLD.histories([0, 1]).where(np.arange(80) < 3)
    told = learned.logits(Windows.ends(short))

    assert told.shape == (2, 6)
    np.testing.assert_allclose(1 / (1 + np.exp(-told[1])), learned.mean, atol=1e-4)


def test_what_one_has_had_is_not_expected_where_items_seldom_come_back():
    """Of two shelves that follow alike often, the one that is used up is the less likely one."""
    rows = []
    for user in range(40):
        order = [0, 1] if user % 2 else [0, 2]
        for shelf in order:
            rows += [(user, 10 * shelf + at) for at in range(10)]
    rows += [(40, 10 + at) for at in range(10)] + [(40, at) for at in range(10)]
    events = [
        {"user_id": f"u{u}", "item_id": f"i{i:02}", "timestamp": 1_700_000_000 + at}
        for at, (u, i) in enumerate(rows)
    ]
    data = dataset(events, [{"item_id": f"i{i:02}"} for i in range(30)])
    touch = (np.arange(30) // 10).astype(np.int32)
    learned = Alike.learn(Windows.inside(data.all_histories), touch, 3)
    told = learned.logits(Windows.ends(data.histories([40])))[0]

    assert learned.anew
    assert told[2] > told[1] + 1


def test_items_that_come_back_are_expected_again():
    events = [
        {"user_id": f"u{u}", "item_id": f"i{at % 4}", "timestamp": 1_700_000_000 + 100 * u + at}
        for u in range(20)
        for at in range(40)
    ]
    data = dataset(events, [{"item_id": f"i{i}"} for i in range(4)])
    learned = Alike.learn(Windows.inside(data.all_histories), np.arange(4, dtype=np.int32), 4)

    assert not learned.anew
    assert (learned.logits(Windows.ends(data.histories([0]))) > 1).all()


def test_strengths_follow_the_shelf_with_the_goal_next_alone():
    following = PortraitModel(V, goal="next").fit(WORLD)
    period = PortraitModel(V, goal="period").fit(WORLD)
    U = following.strengths(WORLD.all_histories).toarray()

    assert (U.argmax(axis=1) == next_shelf(WORLD)).mean() > 0.9
    assert period.sequel_ is None
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

    assert PortraitModel(V, goal=goal).restore(model.state()).sequel_ is None


def test_foresight_tells_interests_that_are_foretold_from_ones_that_are_not():
    random = np.random.default_rng(1)
    mixed = own_leaf(WORLD.n_items, 6)[random.permutation(WORLD.n_items)]
    foretold = PortraitModel(V, goal="next").foresight(WORLD)

    assert foretold > 0.5
    assert foretold > PortraitModel(mixed, goal="next").foresight(WORLD) + 0.3
    assert PortraitModel(V, goal="next").foresight(WORLD.where(WORLD.user < 20)) is None
