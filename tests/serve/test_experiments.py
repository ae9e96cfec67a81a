"""Arms are the same for the same user, outcomes count once, and an experiment stops when it may."""

from collections import Counter

import numpy as np
import pytest

from penchant.config import Settings
from penchant.engine.wanted import Wanted
from penchant.errors import ConflictError, UnknownIdError, UsageError
from penchant.serve.experiments import Arm, Plan, Running, begin, running, settle, standing
from penchant.store.base import Ranking, StoredEvent
from penchant.store.sql import Store

DAY = 86_400
PLAN = Plan(arms=(Arm("a"), Arm("b", diversity=0.5)), least_users=100, most_users=1500, days=1)


@pytest.fixture
def store(tmp_path):
    opened = Store.open(f"sqlite:///{tmp_path / 's.db'}", key="5" * 64)
    yield opened
    opened.close()


def people(store, users, *, chances, seed=0, at=0):
    """Show each user a list of ten in the arm's turn, and let them take the first by chance."""
    under_way, rng = running(store), np.random.default_rng(seed)
    events = []
    for user in users:
        arm = under_way.arm(user)
        ranking = Ranking(
            ranking_id=f"r{user}",
            at=at,
            user_id=user,
            model_id=None,
            arm=under_way.label(arm),
            items=[(f"i{n}", "known", 0.0) for n in range(10)],
        )
        store.rankings.note(ranking)
        if rng.random() < chances[arm.name]:
            events.append(
                StoredEvent(
                    event_id=f"e{user}",
                    user_id=user,
                    item_id="i0",
                    event="purchase",
                    ranking_id=f"r{user}",
                    moment=at,
                    extra={"price": 3.0},
                )
            )
    store.events.add(events)
    store.items.put([{"item_id": "flush"}])


def stand(store, one, now):
    return settle(store, one.experiment_id, settings=Settings(), now=now)


def test_arms_are_shared_out_and_last():
    under_way = Running("x1", Plan(arms=(Arm("a", share=3), Arm("b", share=1))))
    arms = [under_way.arm(f"u{n}").name for n in range(4000)]

    assert Counter(arms)["a"] == pytest.approx(3000, abs=110)
    assert arms == [under_way.arm(f"u{n}").name for n in range(4000)]
    other = [Running("x2", under_way.plan).arm(f"u{n}").name for n in range(4000)]
    assert np.mean([a == b for a, b in zip(arms, other, strict=True)]) == pytest.approx(
        0.625, abs=0.03
    )


def test_an_arm_sets_what_it_sets_and_nothing_else():
    wanted = Wanted(k=3, diversity=0.1, explore_share=0.2)
    arm = Arm("b", diversity=0.0, calibration=0.4)

    assert arm.wanted(wanted) == Wanted(k=3, diversity=0.0, calibration=0.4, explore_share=0.2)


def test_a_better_arm_is_found_and_the_experiment_stops(store):
    one = begin(store, PLAN, at=0)
    people(store, [f"u{n}" for n in range(1200)], chances={"a": 0.1, "b": 0.4})
    early = stand(store, one, now=DAY - 1)
    late = stand(store, one, now=DAY)

    assert [row["users"] for row in early["results"]] == [0, 0]
    assert (early["status"], late["status"]) == ("running", "stopped")
    assert late["reason"] == "arm 'b' is better"
    second = late["results"][1]
    assert second["low"] > 0
    assert second["difference"] == pytest.approx(0.03, abs=0.01)
    assert running(store) is None
    assert stand(store, one, now=9 * DAY)["reason"] == late["reason"]


def test_where_arms_are_alike_it_goes_on_until_enough_were_seen(store):
    one = begin(store, PLAN, at=0)
    users = [f"u{n}" for n in range(1500)]
    people(store, users[:600], chances={"a": 0.2, "b": 0.2})
    assert stand(store, one, now=DAY)["status"] == "running"
    people(store, users[600:], chances={"a": 0.2, "b": 0.2}, seed=1, at=DAY)
    done = stand(store, one, now=2 * DAY)

    assert (done["status"], done["reason"]) == (
        "stopped",
        "enough users, and no arm is surely better",
    )


def test_a_worse_arm_ends_it_for_the_first(store):
    one = begin(store, PLAN, at=0)
    people(store, [f"u{n}" for n in range(1000)], chances={"a": 0.6, "b": 0.1})

    assert stand(store, one, now=DAY)["reason"] == "arm 'a' is best"


def test_few_users_stop_nothing(store):
    one = begin(store, PLAN, at=0)
    people(store, [f"u{n}" for n in range(90)], chances={"a": 0.0, "b": 1.0})

    assert stand(store, one, now=DAY)["status"] == "running"


@pytest.mark.parametrize(("metric", "mean"), [("value", 3.0), ("conversion", 0.1)])
def test_other_metrics_are_compared_alike(store, metric, mean):
    plan = Plan(arms=PLAN.arms, metric=metric, least_users=100, days=1)
    one = begin(store, plan, at=0)
    people(store, [f"u{n}" for n in range(60)], chances={"a": 1.0, "b": 1.0})

    assert [row["mean"] for row in stand(store, one, now=DAY)["results"]] == pytest.approx(
        [mean] * 2
    )


def test_one_runs_at_a_time_and_models_must_be_there(store):
    one = begin(store, PLAN, at=0)
    with pytest.raises(ConflictError, match=one.experiment_id):
        begin(store, PLAN, at=1)
    store.experiments.stop(one.experiment_id, at=2, reason="enough")
    with pytest.raises(UnknownIdError, match="'m9'"):
        begin(store, Plan(arms=(Arm("a"), Arm("b", model_id="m9"))), at=3)
    with pytest.raises(UnknownIdError):
        stand(store, type(one)(experiment_id="none", at=0, plan={}), now=0)


def test_a_plan_needs_two_arms_of_two_names():
    with pytest.raises(UsageError, match="two arms"):
        Plan(arms=(Arm("a"),))
    with pytest.raises(UsageError, match="'a'"):
        Plan(arms=(Arm("a"), Arm("a")))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Arm(" "),
        lambda: Arm("a", share=0.0),
        lambda: Arm("a", share=float("inf")),
        lambda: Arm("a", diversity=1.5),
        lambda: Arm("a", calibration=-0.1),
        lambda: Arm("a", explore_share=float("nan")),
        lambda: Plan(arms=PLAN.arms, level=1.0),
        lambda: Plan(arms=PLAN.arms, days=0.0),
        lambda: Plan(arms=PLAN.arms, least_users=0),
    ],
)
def test_numbers_out_of_range_make_no_plan(wrong):
    with pytest.raises(UsageError):
        wrong()


def test_who_looks_stops_nothing(store):
    one = begin(store, PLAN, at=0)
    people(store, [f"u{n}" for n in range(1200)], chances={"a": 0.1, "b": 0.4})
    seen = standing(store, one.experiment_id, settings=Settings(), now=DAY)

    assert seen["status"] == "running"
    assert seen["results"][1]["low"] > 0
    assert running(store) is not None
