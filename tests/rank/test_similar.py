"""Items like an item are of its topic, and never the item itself."""

import numpy as np
import pytest

from penchant.rank.hybrid import Hybrid
from penchant.rank.similar import similar_rows
from recommend.makers import makers
from worlds import shop, shop_topics

SHOP = shop()
TOPIC = dict(zip(SHOP.items.ids, shop_topics(SHOP), strict=True))


@pytest.fixture(scope="module")
def hybrid():
    make = makers(SHOP)
    names = ("popularity", "ease", "ials", "content")
    return Hybrid([make[name]().fit(SHOP) for name in names])


def ask(hybrid, rows, k=5):
    return similar_rows(hybrid, rows, items=SHOP.items, now=SHOP.now, k=k)


def test_each_list_is_ranked_and_without_the_item_itself(hybrid):
    rows = [3, 0, 50]
    found = ask(hybrid, rows, k=7)

    assert found["item_id"].unique(maintain_order=True).to_list() == [
        SHOP.items.ids[row] for row in rows
    ]
    for (item,), part in found.group_by("item_id", maintain_order=True):
        assert item not in part["similar_id"].to_list()
        assert part["similar_id"].n_unique() == 7
        assert part["rank"].to_list() == list(range(1, 8))
        assert part["score"].is_sorted(descending=True)


def test_what_is_like_an_item_is_of_its_topic(hybrid):
    found = ask(hybrid, range(SHOP.n_items), k=5)
    same = [
        TOPIC[item] == TOPIC[other]
        for item, other in found.select("item_id", "similar_id").iter_rows()
    ]
    assert np.mean(same) > 0.9


def test_an_item_that_nobody_met_has_likes_by_its_text(hybrid):
    cold = np.setdiff1d(np.arange(SHOP.n_items), SHOP.item)
    found = ask(hybrid, cold, k=3)
    same = [
        TOPIC[item] == TOPIC[other]
        for item, other in found.select("item_id", "similar_id").iter_rows()
    ]
    assert np.mean(same) > 0.8


def test_a_catalogue_of_a_few_gives_what_there_is(hybrid):
    assert len(ask(hybrid, [0], k=500)) == SHOP.n_items - 1
    assert ask(hybrid, []).columns == ["item_id", "similar_id", "rank", "score"]
