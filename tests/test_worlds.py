"""The made worlds are what they say, so that tests may rely on it."""

import numpy as np
import polars as pl
import pytest

from penchant.types import Vocabulary
from worlds import SHOP_TOPICS, checkerboard, shop, shop_topics, write


def test_a_checkerboard_leaves_each_user_one_unseen_item_of_its_colour():
    data = checkerboard(12)
    seen = data.histories().seen().toarray() > 0

    for user in range(12):
        own = np.arange(12) % 2 == user % 2
        assert np.flatnonzero(own & ~seen[user]).tolist() == [user]
        assert not seen[user, ~own].any()


def test_a_shop_has_what_it_promises():
    data = shop()
    topics = np.array(shop_topics(data))

    assert (data.n_users, data.n_items) == (60, 84)
    assert list(dict.fromkeys(topics)) == list(SHOP_TOPICS)
    assert (data.weight < 0).any()
    assert data.span > 300
    cold = data.histories().seen().sum(axis=0) == 0
    assert all(cold[topics == topic].any() for topic in SHOP_TOPICS)
    for user in range(data.n_users):
        mine = topics[data.item[data.user == user]]
        assert np.mean(mine == list(SHOP_TOPICS)[user % 6]) > 0.5


def test_a_shop_depends_on_its_seed_alone():
    assert shop(3).events.equals(shop(3).events)
    assert not shop(3).events.equals(shop(4).events)


@pytest.mark.parametrize("fmt", ["parquet", "csv", "jsonl"])
def test_written_worlds_hold_every_event(tmp_path, fmt):
    data = checkerboard(6)
    interactions, items, users = write(data, tmp_path, fmt)
    read = {"parquet": pl.read_parquet, "csv": pl.read_csv, "jsonl": pl.read_ndjson}[fmt]

    assert len(read(interactions)) == len(data.events)
    assert Vocabulary.of(read(items)["item_id"].to_list()) == data.items
    assert len(read(users)) == data.n_users
