"""What nobody took yet is ranked by what is written of it, exactly and for a reason."""

import numpy as np
import pytest

from penchant.recommend.cold import Cold, cold_items
from penchant.recommend.readings import READINGS
from recommend.makers import texts_of
from worlds import dataset, shop

SHOP = shop()


def hidden_shop():
    """The shop without the events of every seventh item, and these items."""
    hidden = np.arange(3, SHOP.n_items, 7)
    return SHOP.where(~np.isin(SHOP.item, hidden)), hidden


@pytest.fixture(scope="module")
def fitted():
    data, _ = hidden_shop()
    return Cold(texts_of(data), data.item_table).fit(data)


def test_cold_is_what_nobody_took_or_what_was_only_sent_back():
    events = [
        {"user_id": "u", "item_id": "a", "event": "purchase", "timestamp": 1},
        {"user_id": "u", "item_id": "b", "event": "return", "timestamp": 2},
    ]
    data = dataset(events, [{"item_id": i, "title": i} for i in "abc"])

    assert [data.items.ids[row] for row in cold_items(data)] == ["b", "c"]


def test_known_items_have_nothing_and_cold_ones_an_order(fitted):
    data, hidden = hidden_shop()
    scores = fitted.score(data.histories(np.arange(5)))
    known = np.setdiff1d(np.arange(data.n_items), fitted.cold_)

    assert set(hidden) <= set(fitted.cold_.tolist())
    assert not scores[:, known].any()
    assert (scores[:, fitted.cold_].std(axis=1) > 0).all()


def test_new_things_go_to_those_who_took_their_like(fitted):
    """Of the hidden items those that somebody took in truth come first, on the whole."""
    data, hidden = hidden_shop()
    took = SHOP.all_histories.contacts()[:, hidden].toarray() > 0
    users = np.flatnonzero(took.any(axis=1) & (np.diff(data.all_histories.indptr) > 0))
    scores = fitted.score(data.histories(users))[:, hidden]
    ranks = scores.argsort(axis=1).argsort(axis=1) / (len(hidden) - 1)

    assert ranks[took[users]].mean() > 0.65


def test_each_reading_alone_can_tell(fitted):
    data, _ = hidden_shop()
    took = SHOP.all_histories.contacts()[:, fitted.cold_].toarray() > 0
    users = np.flatnonzero(took.any(axis=1))
    readings = fitted.readings(data.histories(users))

    for place, name in enumerate(READINGS[:-1]):
        assert readings[took[users], place].mean() > readings[~took[users], place].mean(), name


def test_what_a_past_item_brings_adds_up(fitted):
    data, _ = hidden_shop()
    history = data.histories([2])
    parts = fitted.contributions(history, fitted.cold_[:6])
    scores, nothing = (
        fitted.score(one)[0, fitted.cold_[:6]]
        for one in (history, history.where(np.zeros(len(history.item), np.bool_)))
    )

    assert np.allclose(parts.sum(axis=1), scores - nothing, atol=1e-4)


def test_where_all_is_known_nothing_is_learned():
    data = SHOP.where(np.ones(len(SHOP.item), np.bool_))
    cold = Cold(texts_of(data), data.item_table).learn(data, np.empty(0, np.int32))

    assert not cold.score(data.histories([0])).any()
    assert not cold.contributions(data.histories([0]), np.arange(3, dtype=np.int32)).any()
