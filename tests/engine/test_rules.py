"""Rules on whole lists: what is banned never comes, pins come first, lists stay full."""

import polars as pl
import pytest

from penchant import Rules
from penchant.errors import UnknownIdError
from worlds import shop

DATA = shop()
ALL = len(DATA.items)
USERS = [f"u{at}" for at in range(8)]
TABLE = DATA.item_table


def lists(model, **options):
    frame = model.recommend(USERS, **options)
    by_user = frame.group_by("user_id", maintain_order=True).agg("item_id")
    return {user: by_user.filter(user_id=user)["item_id"].explode().to_list() for user in USERS}


WAYS = [
    {},
    {"include_seen": True},
    {"diversity": 0.5},
    {"calibration": 0.5, "diversity": 0.2},
    {"explore_share": 0.3},
    {"like": ["toys"]},
]


@pytest.mark.parametrize("way", WAYS)
def test_what_is_banned_never_appears(model, way):
    plain = lists(model, k=5, **way)
    banned = {item for found in plain.values() for item in found}
    ruled = lists(model, k=5, rules=Rules(bans=banned), **way)
    for found in ruled.values():
        assert found
        assert not banned & set(found)


@pytest.mark.parametrize("way", WAYS)
def test_pins_come_first_in_their_order_whatever_else_is_asked(model, way):
    pins = [DATA.items.ids[at] for at in (7, 3, 30)]
    rules = Rules(pins=pins, where={"categories": ["no such"]})
    for found in lists(model, k=6, rules=rules, **way).values():
        assert found == pins
    for found in lists(model, k=6, rules=Rules(pins=pins), **way).values():
        assert found[:3] == pins
        assert len(set(found)) == 6


def test_a_filter_is_the_full_ranking_filtered(model):
    interest = model.interests().head(4)["name"].to_list()[:2]
    touched = model.fitted.ruled_table
    own = set(touched.filter(pl.col("interest").is_in(interest))["item_id"])
    whole = lists(model, k=ALL)
    ruled = lists(model, k=4, rules=Rules(where={"interest": interest}))
    assert own
    for user in USERS:
        assert ruled[user] == [item for item in whole[user] if item in own][:4]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("cap", [1, 2])
def test_caps_hold_and_the_list_is_as_full_as_the_catalogue_allows(model, way, cap):
    touched = dict(model.fitted.ruled_table.select("item_id", "interest").iter_rows())
    plain = lists(model, k=ALL, **way)
    for user, found in lists(model, k=8, rules=Rules(caps={"interest": cap}), **way).items():
        names = [touched[item] for item in found]
        assert max(names.count(name) for name in names) <= cap
        free = [touched[item] for item in plain[user]]
        room = sum(min(cap, free.count(name)) for name in set(free))
        assert len(found) == min(8, room)


def test_pins_have_the_score_of_their_place_in_the_ranking(model):
    scores = dict(model.recommend("u1", k=ALL).select("item_id", "score").iter_rows())
    pins = list(scores)[5:9][::-1]
    ruled = model.recommend("u1", k=6, rules=Rules(pins=pins))
    for item, score in ruled.select("item_id", "score").iter_rows():
        assert score == pytest.approx(scores[item], abs=1e-5)


def test_an_unknown_pin_is_an_error_and_an_unknown_ban_is_none(model):
    with pytest.raises(UnknownIdError, match="nothing-like-it"):
        model.recommend("u1", rules=Rules(pins=["nothing-like-it"]))
    assert len(model.recommend("u1", rules=Rules(bans=["nothing-like-it"]))) == 10
