"""New interests that were tried in vain are tried less, and those taken up more."""

from collections import Counter

import numpy as np
import pytest

from penchant.config import Settings
from penchant.engine.wanted import Wanted
from penchant.serve.lane import Tried, tried
from penchant.serve.service import Asked, Service
from penchant.serve.starting import start_from
from penchant.store.base import Ranking, StoredEvent
from penchant.store.sql import Store

NOW = 2_000_000_000


@pytest.fixture
def service(fitted, tmp_path):
    store = Store.open(f"sqlite:///{tmp_path / 's.db'}", key="5" * 64)
    start_from(store, fitted, folder=tmp_path / "models", now=1)
    one = Service(store, clock=lambda: NOW)
    one.refresh()
    yield one
    one.close()


def lanes(service):
    """Return how often each interest stands in places for new ones, over all users."""
    fitted, found = service.live.fitted, Counter()
    for user in fitted.users.ids:
        asked = Asked(user=user, wanted=Wanted(k=10, explore_share=0.1))
        for row in service.recommend(asked)["items"]:
            if row["lane"] == "explore":
                found[int(fitted.explorer.touch[fitted.items.row(row["item_id"])])] += 1
    return found


def shown(store, item, times, *, lane="explore", at=NOW - 3600, taken=0):
    for number in range(times):
        name = f"{item} {lane} {at} {number}"
        ranking = Ranking(
            ranking_id=name, at=at, user_id="u", model_id=None, arm="", items=[(item, lane, 0.0)]
        )
        store.rankings.note(ranking)
    store.events.add(
        [
            StoredEvent(
                event_id=f"e {item} {number}",
                user_id="u",
                item_id=item,
                event="purchase",
                ranking_id=f"{item} {lane} {at} {number}",
                moment=NOW,
            )
            for number in range(taken)
        ]
    )
    store.items.put([{"item_id": "flush"}])


def test_what_was_tried_in_vain_is_tried_less_and_what_was_taken_up_more(service):
    before = lanes(service)
    common, _ = before.most_common(1)[0]
    fitted = service.live.fitted
    item = fitted.items.ids[int(np.flatnonzero(fitted.explorer.touch == common)[0])]
    shown(service.store, item, 5000)
    service.learn()

    # a small shop: most of what is new to somebody is drawn, and the ranking chooses as before
    in_vain = lanes(service)[common]
    assert in_vain < before[common]
    liked = fitted.items.ids[int(np.flatnonzero(fitted.explorer.touch == common)[1])]
    shown(service.store, liked, 5000, taken=4500)
    service.learn()
    assert lanes(service)[common] > in_vain


def test_only_answered_items_of_the_lane_count_and_none_of_the_last_minutes(service):
    shown(service.store, "a", 3, taken=1)
    shown(service.store, "a", 4, lane="known")
    shown(service.store, "b", 2, at=NOW - 60)

    found = tried(service.store, settings=Settings(), now=NOW)
    assert (found.shown, found.taken) == ({"a": 3}, {"a": 1})


def test_what_a_model_does_not_know_is_passed_over(service):
    fitted = service.live.fitted
    one = fitted.items.ids[0]
    take_up = Tried({one: 7, "unheard": 9}, {one: 2}).take_up(fitted)

    assert (take_up.shown.sum(), take_up.taken.sum()) == (7, 2)
    assert take_up.shown[fitted.explorer.touch[0]] == 7
    assert Tried().take_up(fitted) is None
