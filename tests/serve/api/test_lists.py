"""Lists over HTTP: the next one after an event reflects it, with a model and without."""

import pytest

from penchant.engine import Penchant

ODD = ["a/b", "naïve 'quotes\"", "🦊 fox", "中" * 1000, "..", "a?b=c&d#e", "%2F%00"]


@pytest.fixture(scope="module")
def model(fitted):
    return Penchant.open(fitted)


def test_a_known_users_list_is_what_the_model_says(shop, model):
    for user in model.fitted.users.ids[:5]:
        expected = model.recommend(user, k=7)["item_id"].to_list()
        assert shop.items(user_id=user, k=7) == expected


def test_the_next_list_after_an_event_reflects_it(shop):
    before = shop.items(user_id="newcomer", k=5)
    shop.sent("newcomer", "garden-00")
    after = shop.items(user_id="newcomer", k=5)

    assert sum(item.startswith("garden") for item in after) >= 3
    assert sum(item.startswith("garden") for item in before) < 3
    assert "garden-00" not in after


def test_an_event_is_added_to_what_the_model_knows_of_a_user(shop, model):
    user = model.fitted.users.ids[3]
    best = shop.items(user_id=user, k=1)[0]
    shop.sent(user, best)

    after = shop.items(user_id=user, k=200)
    assert best not in after
    assert len(after) == len(model.recommend(user, k=200)) - 1


def test_a_dislike_counts_against(shop):
    shop.sent("critic", "garden-00")
    shop.sent("critic", "music-00", kind="dislike")

    assert not any(item.startswith("music") for item in shop.items(user_id="critic", k=10))


def test_a_new_item_can_be_listed_within_a_second(shop):
    item = {"item_id": "new/1", "title": "jazz record player", "categories": ["Music"]}
    assert shop.client.post("/v1/items", json=item).json()["accepted"] == 1
    shop.service.refresh()

    assert shop.items(user_id="anybody", candidates=["new/1"]) == ["new/1"]
    assert "new/1" in shop.items(like=["jazz record"], k=30)
    assert shop.client.get("/v1/items/new%2F1/similar").json()["items"]
    shop.sent("jazz fan", "new/1")
    after = shop.items(user_id="jazz fan", k=5)
    assert "new/1" not in after
    assert sum(item.startswith("music") for item in after) >= 3
    assert shop.client.delete("/v1/items/new%2F1").status_code == 200
    shop.service.refresh()
    assert (
        shop.client.post("/v1/recommendations", json={"candidates": ["new/1"]}).status_code == 422
    )


def test_an_item_that_is_not_available_is_not_listed(shop):
    shop.client.post("/v1/items", json={"item_id": "toys-00", "title": "Train", "available": False})
    shop.service.refresh()
    assert "toys-00" not in shop.items(k=500)
    shop.client.patch("/v1/items/toys-00", json={"available": True})
    shop.service.refresh()
    assert "toys-00" in shop.items(k=500)


def test_a_history_in_the_request_is_nobodys_past(shop):
    given = shop.items(events=[{"item_id": "toys-01", "event": "purchase"}], k=4)

    assert sum(item.startswith("toys") for item in given) >= 3


def test_filters_and_candidates_bound_the_list(shop):
    got = shop.items(filters={"categories": ["garden"], "max_price": 8}, k=50)

    assert got
    assert all(item.startswith("garden") for item in got)
    assert shop.items(candidates=got[:2], filters={"categories": ["Music"]}) == []
    assert set(shop.items(candidates=[*got[:2], "unheard of"], k=9)) == set(got[:2])


def test_rules_hold_for_known_and_for_new_items(shop, model):
    item = {"item_id": "new/2", "title": "garden hose", "brand": "hoses"}
    shop.client.post("/v1/items", json=item)
    shop.client.post("/v1/items", json=item | {"item_id": "new/3"})
    shop.service.refresh()
    plain = shop.items(k=6)
    pins = ["new/2", plain[4], "new/3"]

    assert shop.items(k=6, pins=pins)[:3] == pins
    assert shop.items(k=6, pins=pins, caps={"brand": 1})[:2] == pins[:2]
    assert not set(plain) & set(shop.items(k=100, bans=plain))
    assert shop.items(filters={"where": {"brand": ["hoses"]}}, bans=["new/3"]) == ["new/2"]
    assert shop.items(candidates=["new/2"], pins=[plain[0]]) == [plain[0], "new/2"]
    of = dict(model.fitted.ruled_table.select("item_id", "interest").iter_rows())
    own = [of[name] for name in shop.items(k=5, caps={"interest": 1}) if name in of]
    assert len(own) == len(set(own)) >= 3
    for name in ("new/2", "new/3"):
        shop.client.delete("/v1/items/" + name.replace("/", "%2F"))
    shop.service.refresh()


def test_a_list_by_a_link_is_the_posted_one(shop):
    asked = {"user_id": "newcomer", "k": 4, "not_like": ["coffee"], "explain": False}
    link = shop.client.get("/v1/recommendations", params=asked).json()

    assert [row["item_id"] for row in link["items"]] == shop.items(
        **asked | {"not_like": ["coffee"]}
    )


@pytest.mark.parametrize("asked", [{"like": ""}, {"not_like": " "}, {"k": 0}, {"user_id": ""}])
def test_a_link_put_wrongly_is_a_problem_too(shop, asked):
    answer = shop.client.get("/v1/recommendations", params=asked)

    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_every_item_says_why(shop):
    shop.sent("reader", "cooking-01")
    answer = shop.client.post("/v1/recommendations", json={"user_id": "reader"}).json()

    assert all(row["reason"] and row["title"] for row in answer["items"])
    assert answer["items"][0]["because_items"] == ["cooking-01"]
    assert [row["rank"] for row in answer["items"]] == list(range(1, 11))


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_ids_of_any_script_go_the_whole_way(shop, odd):
    shop.sent(odd, odd)
    shop.client.post("/v1/items", json={"item_id": odd, "title": "garden hose"})
    shop.service.refresh()

    params = {"user_id": odd, "include_seen": True, "k": 500}
    got = shop.client.get("/v1/recommendations", params=params).json()["items"]
    assert odd in [row["item_id"] for row in got]


@pytest.mark.parametrize(
    "asked",
    [
        {"k": 0},
        {"k": 10_001},
        {"k": "many"},
        {"diversity": 2},
        {"user_id": ""},
        {"user_id": "x" * 1001},
        {"user_id": "a", "events": []},
        {"like": [" "]},
        {"candidates": ["unheard of"]},
        {"surprise": 1},
        {"caps": {"brand": 0}},
        {"caps": {"colour": 1}},
        {"pins": ["toys-01"], "bans": ["toys-01"]},
    ],
)
def test_a_question_put_wrongly_is_a_problem_that_says_so(shop, asked):
    answer = shop.client.post("/v1/recommendations", json=asked)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_the_longest_list_is_the_whole_catalogue(shop):
    assert len(shop.items(k=10_000, explain=False)) >= 80


def test_an_unknown_user_gets_a_list_and_an_unknown_item_a_404(shop):
    answer = shop.client.post("/v1/recommendations", json={"user_id": "nobody"}).json()

    assert len(answer["items"]) == 10
    assert all(row["cold"] for row in answer["items"])
    assert shop.client.get("/v1/items/unheard/similar").status_code == 404


def test_a_shown_list_is_remembered_under_its_id(shop):
    answer = shop.client.post("/v1/recommendations", json={"user_id": "newcomer", "k": 3}).json()
    shop.store.items.put([{"item_id": "flush"}])  # lists are written along

    kept = shop.store.rankings.get(answer["ranking_id"])
    assert [item for item, _, _ in kept.items] == [row["item_id"] for row in answer["items"]]
    assert kept.model_id == answer["model_id"]


# Without a model


def test_an_empty_store_gives_an_empty_list(empty):
    assert empty.items(user_id="ann") == []
    assert empty.client.get("/v1/interests").json()["interests"] == []
    assert empty.client.get("/v1/users/ann/portrait").status_code == 503


def test_without_a_model_lists_come_from_popularity_categories_and_text(empty):
    items = [
        {"item_id": "t1", "title": "green tea", "categories": ["Tea"]},
        {"item_id": "t2", "title": "black tea", "categories": "Tea"},
        {"item_id": "m1", "title": "mug", "categories": ["Crockery"]},
    ]
    empty.client.post("/v1/items", json=items)
    for user in "abc":
        empty.sent(user, "m1")
    empty.service.refresh()

    assert empty.items(user_id="stranger")[0] == "m1"
    empty.sent("ann", "t1")
    answer = empty.client.post("/v1/recommendations", json={"user_id": "ann"}).json()
    assert answer["items"][0]["item_id"] == "t2"
    assert answer["items"][0]["because_items"] == ["t1"]
    assert answer["model_id"] is None
    assert empty.items(like=["mug"])[0] == "m1"
    assert empty.items(filters={"categories": ["crockery"]}) == ["m1"]
    assert empty.items(filters={"categories": ["books"]}) == []
    assert empty.items(pins=["t2"], bans=["t1"]) == ["t2", "m1"]
    assert empty.items(k=3, caps={"categories": 1}) == ["m1", "t1"]
