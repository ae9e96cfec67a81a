"""Weights of cold items come from items hidden on purpose; in the hybrid texts alone order them."""

import numpy as np
import pytest

from penchant.rank.hidden import learn_cold
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
    causes = hybrid.causes(history, cold.cold_)

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
