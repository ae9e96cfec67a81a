"""What the shop's people look at is what the service answers, and nobody is shown it."""

import pytest

from penchant.engine.wanted import Wanted
from penchant.serve import tastes
from penchant.serve.experiments import Arm, Plan, begin
from penchant.serve.holding import search
from penchant.serve.looking import STANDS_IN, came_in, history_of, leaning_more, listed
from penchant.serve.service import Asked
from serve_api import topics


def test_a_list_is_the_services_own_with_parts_that_add_up(service):
    asked = Asked(user="u3", wanted=Wanted(reasons=True))
    mine, sent = listed(service, asked), service.recommend(asked)["items"]
    for one, other in zip(mine, sent, strict=True):
        parts = one.pop("parts")
        assert one == other
        assert sum(parts.values()) == pytest.approx(one["score"], abs=2e-4)


def test_what_is_said_of_an_interest_stands_among_the_parts(service):
    interest = service.portrait("u4", m=1)["interests"][0]["interest_id"]
    tastes.lean(service, "u4", leaning_more(service, "u4", interest, "pin"))
    rows = listed(service, Asked(user="u4", wanted=Wanted()))
    assert max(row["parts"].get("steering", 0.0) for row in rows) > 0
    for row in rows:
        assert sum(row["parts"].values()) == pytest.approx(row["score"], abs=2e-4)
    tastes.lean(service, "u4", leaning_more(service, "u4", interest, None))
    rows = listed(service, Asked(user="u4", wanted=Wanted()))
    assert all("steering" not in row["parts"] for row in rows)


def test_one_thing_is_said_of_an_interest_beside_what_is_said_of_others(service):
    first, second, *_ = service.fitted.taxonomy.leaf_ids
    tastes.lean(service, "u5", leaning_more(service, "u5", first, "mute"))
    tastes.lean(service, "u5", leaning_more(service, "u5", second, "set", 0.5))
    said = leaning_more(service, "u5", first, "pin")
    assert {(one.interest_id, one.action) for one in said} == {(first, "pin"), (second, "set")}


def test_picked_items_are_a_history(service):
    rows = listed(service, Asked(events=history_of(["garden-00", "garden-01"]), wanted=Wanted()))
    assert topics(row["item_id"] for row in rows[:3]) == ["garden"] * 3


def test_an_item_after_the_fit_is_scored_by_what_stands_in(service):
    service.store.items.put([{"item_id": "new", "title": "Deluxe espresso beans for the office"}])
    service.refresh()
    wanted = Wanted(candidates=["new"], include_seen=True)
    (row,) = listed(service, Asked(user="u0", wanted=wanted))
    assert row["parts"] == {STANDS_IN: row["score"]}
    assert search(service, "espresso office", most=5) == ["new"]


def test_what_came_in_is_all_that_the_model_knows(service):
    own = service.fitted.histories
    rows = came_in(service.fitted, steps=12)
    assert rows["events"].sum() == len(own.item)
    assert set(rows["kind"]) == set(own.done())
    assert rows["at"].n_unique() <= 12
    assert rows["at"].min() == own.timestamp.min()


def test_whoever_is_in_an_experiment_is_seen_with_what_its_arm_shows(service):
    plain = [row["item_id"] for row in listed(service, Asked(user="u6", wanted=Wanted()))]
    arms = (Arm("a", diversity=0.9), Arm("b", diversity=0.9))
    one = begin(service.store, Plan(arms=arms), at=int(service.clock()))
    service.refresh()
    rows = listed(service, Asked(user="u6", wanted=Wanted()))
    sent = service.recommend(Asked(user="u6", wanted=Wanted()))["items"]
    service.store.experiments.stop(one.experiment_id, at=int(service.clock()), reason="seen")
    service.refresh()
    assert [row["item_id"] for row in rows] == [row["item_id"] for row in sent]
    assert [row["item_id"] for row in rows] != plain
