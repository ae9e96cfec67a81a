"""Items that came after the fit: they join a list and leave the order of the others alone."""

import numpy as np
import pytest

from penchant.engine.live import NOTHING, Live
from penchant.engine.wanted import Wanted
from penchant.interests.steer import Change, Steering
from penchant.rank.rules import Rules

TOPICS = ("garden hose", "jazz record", "coffee cup", "toy train")


@pytest.fixture(scope="module")
def new():
    """Items that the model does not know, of several topics."""
    return [
        {"item_id": f"new/{n}", "title": f"{TOPICS[n % 4]} {n}", "brand": f"b{n % 3}", "price": n}
        for n in range(12)
    ]


@pytest.fixture(scope="module")
def lives(model, new):
    """The model without and with newcomers."""
    return Live.over(model.fitted), Live.over(model.fitted, items=new)


def listed(live, user, **wanted):
    history = live.history(user, NOTHING)
    return live.recommend(user, history, Wanted(**wanted))


def ids(rows):
    return [row["item_id"] for row in rows]


@pytest.fixture(scope="module")
def steering(model):
    leaf, name = model.fitted.taxonomy.leaf_ids[1], model.fitted.taxonomy.leaf_names[1]
    return Steering("more", (Change(leaf, name, 1.0, name),))


WANTED = {
    "plain": {},
    "diverse": {"diversity": 0.5},
    "most diverse": {"diversity": 1.0},
    "calibrated": {"calibration": 0.6},
    "both": {"diversity": 0.3, "calibration": 0.4},
    "exploring": {"explore_share": 0.3},
    "again": {"include_seen": True, "k": 60},
    "wished": {"like": ["jazz"]},
    "all": {"diversity": 0.4, "calibration": 0.2, "explore_share": 0.2, "include_seen": True},
}


@pytest.mark.parametrize("name", WANTED)
def test_the_order_of_known_items_stays_as_it_was_made(model, lives, name):
    """What newcomers push out is the end of what is known, and nothing else moves."""
    before, after = lives
    came = 0
    for user in model.fitted.users.ids[:8]:
        old = listed(before, user, **WANTED[name])
        rows = listed(after, user, **WANTED[name])
        known = [row for row in rows if not row["item_id"].startswith("new/")]
        came += len(rows) - len(known)
        kept = [row for row in old if row["lane"] == "known"][: len(known)]
        tried = [row for row in old if row["lane"] == "explore"]

        assert [row["rank"] for row in rows] == list(range(1, len(old) + 1))
        assert ids(known) == ids(kept[: len(known) - len(tried)] + tried)
        assert ids(rows[len(rows) - len(tried) :]) == ids(tried)
    assert came


@pytest.mark.parametrize("name", WANTED)
def test_pins_stand_first_and_caps_hold_whatever_else_is_asked(model, lives, name):
    _, live = lives
    user = model.fitted.users.ids[0]
    some = ids(listed(lives[0], user, k=9))
    pins = ["new/4", some[8], "new/1"]
    rows = listed(live, user, **WANTED[name], rules=Rules(pins=pins, caps={"brand": 2}))
    brands = [f"b{int(item[4:]) % 3}" for item in ids(rows) if item.startswith("new/")]

    assert ids(rows)[:3] == pins
    assert len(set(ids(rows))) == len(rows) >= 10
    assert max(map(brands.count, brands)) <= 2


@pytest.mark.parametrize("name", ["plain", "again", "wished", "steered"])
def test_a_newcomer_scores_what_its_stand_ins_score_in_the_same_list(model, lives, steering, name):
    wanted = {**WANTED, "steered": {"steering": [steering]}}[name]
    _, live = lives
    user = model.fitted.users.ids[2]
    asked = {**wanted, "k": 500}
    whole = {row["item_id"]: row["score"] for row in listed(live, user, **asked)}
    own = model.fitted.histories.take([2]).item
    compared = 0
    for item, one in live.newcomers.items():
        scores = [whole.get(model.fitted.items.ids[row]) for row in one.rows]
        if None not in scores and not np.isin(one.rows, own).any():
            assert whole[item] == pytest.approx(np.dot(scores, one.shares), abs=1e-4)
            compared += 1
    assert compared


def test_a_bound_on_prices_is_for_a_newcomers_own_price(model, lives):
    cheap = Steering("cheap", lowest=3.0, highest=6.0)
    rows = listed(lives[1], model.fitted.users.ids[1], k=500, steering=[cheap])

    assert {item for item in ids(rows) if item.startswith("new/")} == {
        "new/3",
        "new/4",
        "new/5",
        "new/6",
    }


@pytest.mark.parametrize("name", ["plain", "again", "wished", "steered"])
def test_a_filter_leaves_the_scores_and_the_order_of_what_it_lets_through(
    model, lives, steering, name
):
    wanted = {**WANTED, "steered": {"steering": [steering]}}[name] | {"k": 500}
    rules = Rules(where={"interest": model.fitted.taxonomy.leaf_names[:2]})
    of = dict(model.fitted.ruled_table.select("item_id", "interest").iter_rows())
    for user in model.fitted.users.ids[:5]:
        whole = listed(lives[0], user, **wanted)
        expected = [row for row in whole if of[row["item_id"]] in rules.where["interest"]]
        got = listed(lives[0], user, **wanted, rules=rules)

        assert ids(got) == ids(expected)
        assert [row["score"] for row in got] == pytest.approx([row["score"] for row in expected])


def test_newcomers_are_diverse_too(model):
    """Of many that are alike, a diverse list has fewer."""
    many = [{"item_id": f"new/{n}", "title": "jazz record"} for n in range(30)]
    live = Live.over(model.fitted, items=many)
    fan = max(
        model.fitted.users.ids[:20],
        key=lambda user: sum("new/" in item for item in ids(listed(live, user))),
    )
    counts = [
        sum("new/" in item for item in ids(listed(live, fan, diversity=d))) for d in (0.0, 0.9)
    ]

    assert counts[0] > counts[1]
