"""Who is asked for, what may be listed and in which order."""

import numpy as np
import polars as pl
import pytest

from penchant.config import Settings
from penchant.errors import DataError, UsageError
from penchant.rank.answers import QUERY, among, ask_events, ask_users, listable, listed
from penchant.types import Vocabulary
from worlds import shop

SHOP = shop(users=12)
ITEMS = Vocabulary.of("abcd")


def test_users_come_once_in_the_order_asked_with_their_own_histories():
    ask = ask_users(["u5", "nobody", "u2", "u5"], SHOP.users, SHOP.histories())

    assert ask.names == ("u5", "nobody", "u2")
    for position, user in enumerate(ask.names):
        expected = [] if user == "nobody" else SHOP.item[SHOP.user == SHOP.users.row(user)].tolist()
        assert ask.histories.take([position]).item.tolist() == expected


@pytest.mark.parametrize("size", [1, 5, 100])
def test_batches_are_the_whole_in_order(size):
    ask = ask_users(SHOP.users, SHOP.users, SHOP.histories())
    parts = list(ask.batches(size))

    assert sum((part.names for part in parts), ()) == ask.names
    assert max(len(part.names) for part in parts) <= size
    joined = np.concatenate([part.histories.item for part in parts])
    np.testing.assert_array_equal(joined, ask.histories.item)


def test_nobody_asked_for_is_a_mistake():
    with pytest.raises(UsageError, match="no user"):
        ask_users([], SHOP.users, SHOP.histories())


def given(*events, **settings):
    return ask_events(events, ITEMS, settings=Settings(**settings), now=1000, half_life=30.0)


def test_events_are_weighed_by_kind_and_put_in_order_of_time():
    ask = given(("purchase", "c"), ("view", "a", 400), ("return", "b", 900))
    history, settings = ask.histories, Settings()

    assert ask.names == (QUERY,)
    assert [ITEMS.ids[item] for item in history.item] == ["a", "b", "c"]
    assert history.timestamp.tolist() == [400, 900, 1000]
    kinds = ("view", "return", "purchase")
    np.testing.assert_allclose(history.weight, [settings.weight(kind) for kind in kinds])
    assert history.weight[1] < 0 < history.weight[0] < history.weight[2]
    assert (history.half_life == 30).all()


def test_settings_say_how_events_of_a_request_age():
    assert given(("view", "a"), half_life=7.0).histories.half_life.tolist() == [7.0]


def test_an_event_after_now_moves_now():
    history = given(("view", "a", 5000)).histories

    assert history.now == 5000
    assert (history.ages() >= 0).all()


def test_unknown_items_are_passed_over_unless_there_is_no_other():
    assert given(("view", "z"), ("view", "b")).histories.item.tolist() == [1]
    assert len(given().histories.item) == 0
    with pytest.raises(DataError, match="'z'"):
        given(("view", "z"))


def table(**columns):
    return pl.DataFrame({"item_id": list(ITEMS.ids), **columns})


def test_what_is_not_available_is_not_listed():
    may = listable(table(available=[True, False, None, True]))
    assert may.tolist() == [True, False, True, True]
    assert listable(table()).all()


def test_candidates_are_items_of_the_catalogue():
    assert among(ITEMS, ["b", "c", "z"]).tolist() == [False, True, True, False]


@pytest.mark.parametrize("candidates", [["z"], []])
def test_candidates_of_which_none_is_known_are_bad_data(candidates):
    with pytest.raises(DataError, match="candidates"):
        among(ITEMS, candidates)


def ranked(scores, **options):
    vectors = np.eye(2, dtype=np.float32)[[0, 0, 0, 1]]
    pool = np.arange(len(scores), dtype=np.int32)
    return listed(pool, np.array(scores, np.float32), look=vectors.__getitem__, **options)


def test_the_best_of_the_pool_come_first():
    assert ranked([3, 2, 1, 0], k=2).items.tolist() == [0, 1]
    assert ranked([3, 2, 1, 0], k=9).scores.tolist() == [3, 2, 1, 0]


def test_a_diverse_list_takes_another_text_before_more_of_the_same():
    assert ranked([1, 0.99, 0.98, 0.6], k=2).items.tolist() == [0, 1]
    assert ranked([1, 0.99, 0.98, 0.6], k=2, diversity=0.7).items.tolist() == [0, 3]
