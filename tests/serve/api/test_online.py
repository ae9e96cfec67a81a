"""Over HTTP: what became of the lists that were shown."""

import numpy as np
import pytest

from serve_api import started


@pytest.fixture
def shop(fitted, tmp_path):
    """A service of its own, whose lists are all ours."""
    yield from started(tmp_path, model=fitted)


def online(shop, **params):
    shop.store.items.put([{"item_id": "flush"}])  # lists are written along
    answer = shop.client.get("/v1/metrics/online", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def show(shop, user, **asked):
    return shop.client.post("/v1/recommendations", json={"user_id": user, **asked}).json()


def test_lists_nobody_answered_have_no_take_up(shop):
    assert online(shop)["rows"] == []
    show(shop, "ann", k=4)
    (row,) = online(shop)["rows"]

    assert (row["lane"], row["arm"], row["model_id"]) == ("known", "", shop.service.model.model_id)
    assert (row["lists"], row["users"], row["impressions"], row["taken"]) == (1, 1, 4, 0)
    assert row["value"] is None


def test_feedback_that_names_its_list_counts_once_and_other_feedback_does_not(shop):
    answer = show(shop, "ann", k=4)
    first, second, third, _ = (row["item_id"] for row in answer["items"])
    named = {"ranking_id": answer["ranking_id"]}
    shop.sent("ann", first, kind="view", **named)
    shop.sent("ann", first, kind="purchase", price=4.5, value=2, **named)
    shop.sent("ann", second, kind="dislike", **named)
    shop.sent("ann", third, kind="purchase")
    shop.sent("ann", "not shown", kind="purchase", **named)
    (row,) = online(shop)["rows"]

    assert (row["taken"], row["converted"], row["value"]) == (1, 1, 9.0)
    assert row["take_up"] == row["conversion"] == 0.25
    assert 0 < row["coverage"] < 0.1


def test_rows_are_told_apart_by_what_is_asked_for(shop):
    user = shop.service.live.fitted.users.ids[7]
    lanes = {row["lane"] for row in show(shop, user, explore_share=0.5)["items"]}

    assert lanes == {"known", "explore"}
    assert {row["lane"] for row in online(shop)["rows"]} == lanes
    (row,) = online(shop, by="model")["rows"]
    assert set(row) >= {"model_id", "take_up", "take_up_corrected", "low", "high"}
    assert "lane" not in row
    assert row["impressions"] == 10


def test_who_comes_back_a_day_later_returns(shop):
    now = shop.service.clock()
    for user, at in (("ann", now - 3 * 86400), ("ann", now), ("bob", now)):
        shop.service.clock = lambda at=at: at
        show(shop, user, k=2)
    (row,) = online(shop, by="arm")["rows"]

    assert row["returning"] == 0.5
    assert online(shop, by="arm", days=1)["rows"][0]["lists"] == 2


@pytest.mark.parametrize("params", [{"days": 0}, {"days": "x"}, {"by": "moon"}])
def test_what_cannot_be_told_is_refused(shop, params):
    assert shop.client.get("/v1/metrics/online", params=params).status_code == 422


def test_novelty_is_that_of_the_items_in_the_model(shop):
    items = [row["item_id"] for row in show(shop, "ann", k=4)["items"]]
    (row,) = online(shop)["rows"]

    fitted = shop.service.fitted
    users = np.asarray(fitted.wishes.uses)[fitted.items.rows(items)]
    assert row["novelty"] == pytest.approx(np.log2(len(fitted.users) / users).mean())


def test_without_a_model_novelty_is_not_told(tmp_path):
    for empty in started(tmp_path):
        empty.store.items.put([{"item_id": "tea"}])
        empty.service.refresh()
        show(empty, "ann", k=1)
        (row,) = online(empty)["rows"]

        assert row["novelty"] is None
