"""Over HTTP: arms of settings and of models, in every worker; looked at and stopped."""

import dataclasses

import pytest

from penchant.config import Settings
from penchant.serve.refitting import refit
from penchant.serve.service import Service
from penchant.store.sql import Store
from serve_api import KEY, started

TWO = [{"name": "as it is"}, {"name": "diverse", "diversity": 1.0}]


@pytest.fixture
def shop(fitted, tmp_path):
    """A service of its own: an experiment is for everybody."""
    yield from started(tmp_path, model=fitted)


def begin(shop, arms=TWO, **fields):
    answer = shop.client.post("/v1/experiments", json={"name": "t", "arms": arms, **fields})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_each_user_gets_the_lists_of_one_arm_in_every_worker(shop):
    users = shop.service.live.fitted.users.ids[:12]
    plain = {user: shop.items(user_id=user) for user in users}
    diverse = {user: shop.items(user_id=user, diversity=1.0) for user in users}
    one = begin(shop)
    other = Service(Store.open(shop.store_url, key=KEY))
    other.refresh()
    arms = {user: other._keeper.now.running.arm(user).name for user in users}  # noqa: SLF001  which it is

    assert set(arms.values()) == {"as it is", "diverse"}
    for user in users:
        expected = plain[user] if arms[user] == "as it is" else diverse[user]
        assert shop.items(user_id=user) == expected
    assert shop.items() == shop.items()  # nobody by name is in no arm
    shop.store.items.put([{"item_id": "flush"}])
    labels = {row["arm"] for row in shop.client.get("/v1/metrics/online").json()["rows"]}
    assert labels == {"", *(f"{one['experiment_id']}/{arm}" for arm in arms.values())}
    other.close()


def test_an_arm_can_be_another_model(shop, tmp_path):
    shop.sent("somebody", "garden-00")
    made = refit(shop.store, folder=tmp_path / "models", settings=Settings(encoder="lsa"))
    serving = shop.store.models.serving().model_id
    aside = next(m for m in shop.store.models.all() if m.model_id != serving)
    shop.service.refresh()
    begin(shop, [{"name": "now"}, {"name": "then", "model_id": aside.model_id}])
    models = {
        user: shop.client.post("/v1/recommendations", json={"user_id": user}).json()["model_id"]
        for user in shop.service.live.fitted.users.ids[:12]
    }

    assert made.model_id in {serving, aside.model_id}
    assert set(models.values()) == {serving, aside.model_id}


def test_an_experiment_is_looked_at_listed_and_stopped(shop):
    one = begin(shop, metric="conversion", days=2, least_users=50)
    own = f"/v1/experiments/{one['experiment_id']}"
    standing = shop.client.get(own).json()

    assert (standing["status"], standing["metric"], standing["days"]) == (
        "running",
        "conversion",
        2,
    )
    assert [row["arm"] for row in standing["results"]] == ["as it is", "diverse"]
    assert standing["results"][1]["low"] is None
    assert shop.client.post("/v1/experiments", json={"arms": TWO}).status_code == 409
    done = shop.client.post(f"{own}/stop").json()
    assert (done["status"], done["reason"]) == ("stopped", "stopped by hand")
    (listed,) = shop.client.get("/v1/experiments").json()["experiments"]
    assert listed == done
    user = shop.service.live.fitted.users.ids[0]
    answer = shop.client.post("/v1/recommendations", json={"user_id": user}).json()
    shop.store.items.put([{"item_id": "flush"}])
    assert shop.store.rankings.get(answer["ranking_id"]).arm == ""


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"arms": TWO[:1]}, 422),
        ({"arms": [TWO[0], TWO[0]]}, 422),
        ({"arms": [TWO[0], {"name": "b", "diversity": 2}]}, 422),
        ({"arms": [TWO[0], {"name": "b", "share": 0}]}, 422),
        ({"arms": [TWO[0], {"name": "b", "model_id": "none"}]}, 404),
        ({"arms": TWO, "metric": "luck"}, 422),
        ({"arms": TWO, "level": 1}, 422),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(shop, body, status):
    assert shop.client.post("/v1/experiments", json=body).status_code == status
    assert shop.client.get("/v1/experiments").json() == {"experiments": []}
    assert shop.client.get("/v1/experiments/none").status_code == 404
    assert shop.client.post("/v1/experiments/none/stop").status_code == 404


def test_without_a_model_arms_of_settings_are_kept_apart_too(empty):
    empty.client.post("/v1/items", json=[{"item_id": "t"}, {"item_id": "m"}])
    empty.service.refresh()
    one = begin(empty)
    answer = empty.client.post("/v1/recommendations", json={"user_id": "ann"}).json()
    empty.store.items.put([{"item_id": "flush"}])
    kept = empty.store.rankings.get(answer["ranking_id"])

    assert kept.arm.startswith(f"{one['experiment_id']}/")
    assert dataclasses.replace(kept, arm="").items == kept.items
