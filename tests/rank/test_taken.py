"""What one user took before is counted right, and only what the user is in favour of."""

import numpy as np
import polars as pl
import pytest

from penchant.rank.taken import FACTS, facts_of
from penchant.recommend.repeat import Repeat
from penchant.types import DAY
from worlds import dataset

START = 1_700_000_000
BOUGHT = [("a", "milk", 0), ("a", "milk", 50), ("a", "milk", 90), ("a", "tent", 10)]
OTHERS = [("b", "milk", 20), ("b", "milk", 95), ("b", "soup", 100), ("c", "soup", 99)]


@pytest.fixture(scope="module")
def data():
    rows = [
        {
            "user_id": user,
            "item_id": item,
            "timestamp": START + day * DAY,
            "event": "purchase",
            "weight": 1.0,
        }
        for user, item, day in [*BOUGHT, *OTHERS]
    ]
    dislike = {
        "user_id": "a",
        "item_id": "soup",
        "timestamp": START + 95 * DAY,
        "event": "dislike",
        "weight": -1.0,
    }
    items = [{"item_id": name} for name in ("milk", "tent", "soup", "salt")]
    return dataset(pl.DataFrame([*rows, dislike]), items)


@pytest.fixture(scope="module")
def found(data):
    repeat = Repeat(half_life=0.1).fit(data)
    history = data.histories([data.users.row("a")])
    items, facts = facts_of(history, repeat)
    names = [data.items.ids[item] for item in items]
    return repeat, {
        name: dict(zip(FACTS, row, strict=True)) for name, row in zip(names, facts, strict=True)
    }


def test_only_what_the_user_is_in_favour_of_is_there(found):
    assert set(found[1]) == {"milk", "tent"}


def test_counts_decay_with_three_half_lives(found, data):
    repeat, facts = found
    history = data.histories([data.users.row("a")])
    ages = (history.now - START) / DAY - np.array([0, 50, 90])
    milk = facts["milk"]

    assert milk["often"] == pytest.approx(np.log1p(3))
    assert milk["last"] == pytest.approx(2 ** (-ages[-1] / repeat.days_), rel=1e-4)
    for name, half_life in (("brief", repeat.days_ / 3), ("lasting", repeat.days_ * 3)):
        assert milk[name] == pytest.approx(np.log1p((2 ** (-ages / half_life)).sum()), rel=1e-4)
    assert milk["staple"] == pytest.approx(milk["lasting"] * milk["rate"], rel=1e-5)
    assert milk["own"] == facts["tent"]["own"] == 1


def test_what_all_take_now_is_fresher_than_what_one_took_long_ago(found):
    _, facts = found

    assert facts["milk"]["fresh"] > facts["tent"]["fresh"] > 0
    assert facts["milk"]["rate"] > facts["tent"]["rate"]


def test_somebody_who_took_nothing_has_no_facts(data):
    repeat = Repeat().fit(data)
    nobody = data.histories([data.users.row("a")]).where(np.zeros(5, np.bool_))

    items, facts = facts_of(nobody, repeat)

    assert items.shape == (0,)
    assert facts.shape == (0, len(FACTS))
