"""Weights of cold items come from items hidden on purpose; in the hybrid texts alone order them."""

import numpy as np
import pytest

from penchant.rank.fusion import Examples
from penchant.rank.hidden import learn_cold, weighed
from penchant.rank.hybrid import Hybrid
from penchant.recommend.cold import Cold
from penchant.recommend.readings import READINGS
from recommend.makers import makers, texts_of
from worlds import checkerboard, shop

SHOP = shop()
HIDDEN = np.arange(3, SHOP.n_items, 7)
REST = SHOP.where(~np.isin(SHOP.item, HIDDEN))


def made():
    make = makers(REST)
    parts = [make[name]() for name in ("popularity", "ease", "content", "interest")]
    return Hybrid([*parts, Cold(texts_of(REST), REST.item_table)])


@pytest.fixture(scope="module")
def hybrid():
    return made().fit(REST, goal="period")


def test_weights_are_learned_and_not_negative():
    cold = learn_cold(Cold(texts_of(REST), REST.item_table), REST)

    assert (cold.weights_ >= 0).all()
    assert len(set(cold.weights_.tolist())) > 1
    assert set(HIDDEN) <= set(cold.cold_.tolist())


def test_how_many_will_take_it_counts_only_where_that_helps():
    """Of two made readings, one tells what is taken and one what is not; the second comes last."""
    random = np.random.default_rng(0)
    target = np.zeros((200, 30), np.bool_)
    target[np.arange(200), random.integers(0, 30, 200)] = True
    telling = target + random.normal(size=target.shape) / 3
    for last, used in ((random.normal(size=target.shape), False), (2 * telling, True)):
        features = np.stack([random.normal(size=target.shape) + target, last], axis=2)
        examples = Examples(
            np.arange(0, target.size + 1, 30),
            features.reshape(-1, 2).astype(np.float32),
            target.ravel(),
            target.sum(axis=1),
        )
        weights = weighed(examples)

        assert weights[0] > 0
        assert (weights[1] > weights[0]) == used


def test_too_few_users_leave_all_readings_alike():
    data = checkerboard(8)
    data = data.where(data.item != 0)
    cold = learn_cold(Cold(texts_of(data), data.item_table), data)

    assert cold.weights_.tolist() == [1] * len(READINGS)


def test_cold_items_stand_in_the_order_of_their_texts(hybrid):
    cold = hybrid.scorers[-1]
    for user in range(5):
        history = REST.histories([user])
        own = cold.score(history)[0, cold.cold_]
        scores = hybrid.sum_of(hybrid.lines(history), cold.cold_)
        order = np.argsort(own, kind="stable")

        assert (np.diff(scores[order]) >= -1e-5).all()
        assert scores.std() > 0


def test_parts_of_cold_items_add_up_and_none_but_the_cold_one_read_them(hybrid):
    cold = hybrid.scorers[-1]
    history = REST.histories([1])
    parts = hybrid.parts(history, cold.cold_)
    causes = hybrid.causes(history, cold.cold_).sum(axis=0)

    assert np.allclose(parts.sum(axis=1), hybrid.score(history)[0, cold.cold_], atol=1e-5)
    assert not parts[:, 2:4].any()
    assert np.isfinite(causes).all()


def test_of_cold_items_alone_a_list_is_made(hybrid):
    cold = hybrid.scorers[-1]
    may = np.zeros(REST.n_items, np.bool_)
    may[cold.cold_] = True
    items, scores = hybrid.ranked(REST.histories([0]), may, depth=5)

    assert len(items) == 5
    assert may[items].all()
    assert (np.diff(scores) <= 0).all()


def test_restored_it_ranks_the_same(hybrid):
    again = made().restore(hybrid.state())

    assert np.array_equal(again.score(REST.histories([0, 3])), hybrid.score(REST.histories([0, 3])))
