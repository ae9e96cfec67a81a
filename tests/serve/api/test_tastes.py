"""Over HTTP: new interests, sentences that steer and are undone, and what interests hold."""

import pytest

from penchant.engine import Penchant


@pytest.fixture(scope="module")
def model(fitted):
    return Penchant.open(fitted)


def steer(shop, user, text, **fields):
    answer = shop.client.post(f"/v1/users/{user}/steer", json={"text": text, **fields})
    assert answer.status_code == 200, answer.text
    return answer.json()


def place(shop, user, interest):
    """Return the mean place of an interest's items in the whole list of *user*."""
    asked = shop.client.get(f"/v1/interests/{interest}/items", params={"n": 1000}).json()
    own = {row["item_id"] for row in asked["items"] if row["strength"] > 0.5}
    listed = shop.items(user_id=user, k=500, include_seen=True)
    places = [at for at, item in enumerate(listed) if item in own]
    return sum(places) / len(places)


def test_new_interests_are_what_the_model_proposes(shop, model):
    user = model.fitted.users.ids[1]
    answer = shop.client.get(f"/v1/users/{user}/explore", params={"m": 3}).json()
    expected = model.explore(user, m=3).drop("user_id").to_dicts()

    assert answer["interests"] == expected


def test_an_interest_is_not_new_any_more_after_an_event(shop, model):
    leaf = model.fitted.taxonomy.leaf_ids[0]
    item = shop.client.get(f"/v1/interests/{leaf}/items", params={"n": 1}).json()["items"][0]
    shop.sent("explorer", item["item_id"])
    rows = shop.client.get("/v1/users/explorer/explore", params={"m": 1000}).json()["interests"]

    assert rows
    assert leaf not in {row["interest_id"] for row in rows}


def test_a_list_keeps_places_for_new_interests(shop, model):
    user = model.fitted.users.ids[7]
    asked = {"user_id": user, "k": 10, "explore_share": 0.2}
    posted = shop.client.post("/v1/recommendations", json=asked).json()["items"]
    got = shop.client.get("/v1/recommendations", params=asked).json()["items"]

    assert [row["lane"] for row in posted] == ["known"] * 8 + ["explore"] * 2
    assert got == posted


def test_nobody_known_has_nothing_to_explore(shop):
    assert shop.client.get("/v1/users/nobody/explore").status_code == 404


def test_a_sentence_moves_the_next_list_and_is_undone(shop, model):
    user = model.fitted.users.ids[2]
    leaf, name = model.fitted.taxonomy.leaf_ids[0], model.fitted.taxonomy.leaf_names[0]
    before = place(shop, user, leaf)
    said = steer(shop, user, f"less {name}")

    assert [(one["interest_id"], one["by"]) for one in said["changes"]] == [(leaf, -1.0)]
    assert place(shop, user, leaf) > before
    exported = shop.client.get(f"/v1/users/{user}/export").json()["steering"]
    assert [one["steering_id"] for one in exported] == [said["steering_id"]]

    undone = shop.client.delete(
        f"/v1/users/{user}/steer", params={"steering_id": said["steering_id"]}
    )
    assert undone.json() == {"user_id": user, "left_out": 1}
    assert place(shop, user, leaf) == before


def test_a_sentence_can_be_read_without_being_kept(shop, model):
    user = model.fitted.users.ids[4]
    before = shop.items(user_id=user, k=20)
    said = steer(shop, user, f"more {model.fitted.taxonomy.leaf_names[1]}", keep=False)

    assert said["changes"]
    assert "steering_id" not in said
    assert shop.items(user_id=user, k=20) == before


def test_what_one_user_steers_moves_nobody_elses_list(shop, model):
    before = shop.items(user_id=model.fitted.users.ids[5], k=20)
    steer(shop, model.fitted.users.ids[6], f"less {model.fitted.taxonomy.leaf_names[0]}")

    assert shop.items(user_id=model.fitted.users.ids[5], k=20) == before


def test_all_sentences_are_undone_at_once(shop):
    for text in ("less music", "under 8 pounds"):
        steer(shop, "a/b 🦊", text)

    assert shop.client.delete("/v1/users/a/b 🦊/steer").json()["left_out"] == 2
    assert shop.client.delete("/v1/users/a/b 🦊/steer").json()["left_out"] == 0
    gone = shop.client.delete("/v1/users/a/b 🦊/steer", params={"steering_id": "x"})
    assert gone.status_code == 404


def test_an_empty_sentence_is_refused(shop):
    assert shop.client.post("/v1/users/ann/steer", json={"text": " "}).status_code == 422
    assert shop.client.post("/v1/users/ann/steer", json={"text": ""}).status_code == 422


def test_an_interest_holds_its_items_best_first_and_a_parent_those_of_its_leaves(shop, model):
    table = model.interests()
    parent = table.filter(table["parent_id"].is_not_null())["parent_id"][0]
    leaves = table.filter(table["parent_id"] == parent)["interest_id"].to_list()

    def items(interest):
        rows = shop.client.get(f"/v1/interests/{interest}/items", params={"n": 1000}).json()
        return {row["item_id"]: row["strength"] for row in rows["items"]}

    whole = items(parent)
    assert list(whole.values()) == sorted(whole.values(), reverse=True)
    assert whole.keys() == set().union(*map(items, leaves))
    assert shop.client.get("/v1/interests/none/items").status_code == 404


def test_an_interest_holds_newer_items_too(shop, model):
    leaf = model.fitted.taxonomy.leaf_ids[0]
    path = f"/v1/interests/{leaf}/items?n=1000"
    before = shop.client.get(path).json()["items"]
    like = before[0]["title"]
    for name, available in (("new/a", True), ("new/b", False)):
        item = {"item_id": name, "title": like, "available": available}
        shop.client.post("/v1/items", json=item)
    shop.service.refresh()
    after = shop.client.get(path).json()["items"]
    strengths = [row["strength"] for row in after]

    assert {row["item_id"] for row in after} == {"new/a", *(row["item_id"] for row in before)}
    assert {row["item_id"]: row["title"] for row in after}["new/a"] == like
    assert strengths == sorted(strengths, reverse=True)
    for name in ("new/a", "new/b"):
        shop.client.delete("/v1/items/" + name.replace("/", "%2F"))
    shop.service.refresh()


def test_without_a_model_there_is_nothing_to_steer_by_yet(empty):
    assert empty.client.post("/v1/users/ann/steer", json={"text": "less tea"}).status_code == 503
    assert empty.client.get("/v1/users/ann/explore").status_code == 503
    assert empty.client.get("/v1/interests/x/items").status_code == 503


def test_a_portrait_is_told_in_sentences_where_they_are_asked_for(shop, model):
    user = model.fitted.users.ids[1]
    plain = shop.client.get(f"/v1/users/{user}/portrait").json()
    told = shop.client.get(f"/v1/users/{user}/portrait", params={"prose": "en"}).json()
    evidence = {row["interest_id"]: set(row["evidence"]) for row in plain["interests"]}

    assert "prose" not in plain
    assert {name: told[name] for name in plain} == plain
    assert told["prose"]["stale"] is False
    assert 1 <= len(told["prose"]["sentences"]) <= 3
    for sentence in told["prose"]["sentences"]:
        assert set(sentence["evidence"]) <= evidence[sentence["interest_id"]]
    refused = shop.client.get(f"/v1/users/{user}/portrait", params={"prose": "fr"})
    assert refused.status_code == 422
