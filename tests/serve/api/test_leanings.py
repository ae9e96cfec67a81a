"""Over HTTP: interests that a user pins, mutes and sets, from the next answer of any worker on."""

import pytest

from penchant.engine import Penchant
from penchant.serve.service import Service
from penchant.store.sql import Store
from serve_api import KEY

FIELDS = ("interest_id", "action", "strength")


@pytest.fixture(scope="module")
def model(fitted):
    return Penchant.open(fitted)


@pytest.fixture(scope="module")
def touched(model):
    """The leaf interest of each item."""
    leaves = model.fitted.tree.leaf_ids
    touch = model.fitted.explorer.touch
    return {item: leaves[touch[row]] for row, item in enumerate(model.fitted.items.ids)}


@pytest.fixture
def said(shop):
    """Says something of interests and forgets it afterwards."""
    users = set()

    def say(user, *interests):
        users.add(user)
        body = {
            "interests": [
                dict(zip(("interest_id", "action", "strength"), one, strict=False))
                for one in interests
            ]
        }
        answer = shop.client.put(f"/v1/users/{user}/interests", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    yield say
    for user in users:
        say(user)


def portrait(shop, user, m=1000):
    answer = shop.client.get(f"/v1/users/{user}/portrait", params={"m": m})
    assert answer.status_code == 200, answer.text
    return answer.json()["interests"]


def place(shop, touched, user, leaf):
    """Return the mean place of a leaf's items in the whole list of *user*."""
    listed = shop.items(user_id=user, k=500, include_seen=True)
    places = [at for at, item in enumerate(listed) if touched.get(item) == leaf]
    return sum(places) / len(places)


def rarest(shop, touched, user, model):
    """The leaf of which the list of *user* has least."""
    listed = [touched[item] for item in shop.items(user_id=user, k=30)]
    return min(model.fitted.tree.leaf_ids, key=listed.count)


def test_what_is_said_comes_back_is_exported_and_said_anew_as_a_whole(shop, said, model):
    user, (one, two, *_) = model.fitted.users.ids[20], model.fitted.tree.leaf_ids
    first = said(user, (one, "pin"), (two, "set", 0.5))
    expected = [
        {"interest_id": one, "action": "pin"},
        {"interest_id": two, "action": "set", "strength": 0.5},
    ]

    assert first == {"user_id": user, "interests": expected}
    assert shop.client.get(f"/v1/users/{user}/interests").json() == first
    assert shop.client.get(f"/v1/users/{user}/export").json()["steering"] == expected
    assert said(user, (two, "mute"))["interests"] == [{"interest_id": two, "action": "mute"}]
    assert said(user)["interests"] == []


def test_a_pin_stands_first_in_the_portrait_and_moves_up_in_lists(shop, said, model, touched):
    user = model.fitted.users.ids[21]
    leaf = rarest(shop, touched, user, model)
    before = place(shop, touched, user, leaf)
    said(user, (leaf, "pin"))
    first, *others = portrait(shop, user)

    assert (first["interest_id"], first["strength"], first["stated"]) == (leaf, 1.0, "pin")
    assert all(row["stated"] is None for row in others)
    assert place(shop, touched, user, leaf) < before


def test_a_muted_interest_is_nowhere(shop, said, model, touched):
    user = model.fitted.users.ids[22]
    leaf = touched[shop.items(user_id=user, k=1)[0]]
    item = {
        "item_id": "muted/new",
        "title": model.fitted.titles[list(touched.values()).index(leaf)],
    }
    shop.client.post("/v1/items", json=item)
    shop.service.refresh()
    assert leaf in {row["interest_id"] for row in portrait(shop, user)}
    assert "muted/new" in shop.items(user_id=user, k=500, include_seen=True)
    said(user, (leaf, "mute"))

    assert leaf not in {row["interest_id"] for row in portrait(shop, user)}
    whole = shop.items(user_id=user, k=500, include_seen=True, explore_share=0.2)
    assert "muted/new" not in whole
    assert leaf not in {touched[item] for item in whole}
    shop.client.delete("/v1/items/muted%2Fnew")
    shop.service.refresh()


def test_a_muted_interest_is_not_proposed(shop, said, model):
    user = model.fitted.users.ids[23]
    path = f"/v1/users/{user}/explore"
    first, *others = shop.client.get(path, params={"m": 1000}).json()["interests"]
    said(user, (first["interest_id"], "mute"))

    after = shop.client.get(path, params={"m": 1}).json()["interests"]
    assert after == [row | {"rank": 1} for row in others[:1]]


def test_what_is_set_has_that_strength_and_nothing_is_left_of_what_is_set_to_nothing(
    shop, said, model
):
    user = model.fitted.users.ids[24]
    one, two, *_ = (row["interest_id"] for row in portrait(shop, user))
    said(user, (one, "set", 0.25), (two, "set", 0))
    rows = {row["interest_id"]: row for row in portrait(shop, user)}

    assert (rows[one]["strength"], rows[one]["stated"]) == (0.25, "set")
    assert two not in rows


def test_what_somebody_new_says_makes_the_first_list_and_the_portrait(shop, said, model, touched):
    leaf = rarest(shop, touched, "nobody yet", model)
    said("fresh face", (leaf, "pin"))

    assert place(shop, touched, "fresh face", leaf) < place(shop, touched, "nobody yet", leaf) / 2
    assert leaf in {touched[item] for item in shop.items(user_id="fresh face", k=10)}
    (row,) = portrait(shop, "fresh face")
    assert (row["interest_id"], row["evidence"]) == (leaf, [])


def test_an_interest_above_stands_for_those_below(shop, said, model):
    tree, user = model.fitted.tree, model.fitted.users.ids[25]
    parent = tree.parents[0]
    below = {leaf for leaf, up in zip(tree.leaf_ids, tree.parents, strict=True) if up == parent}
    said(user, (parent, "mute"))

    assert below
    assert not below & {row["interest_id"] for row in portrait(shop, user)}


def test_another_worker_knows_it_at_once(shop, said, model):
    user = model.fitted.users.ids[26]
    other = Service(Store.open(shop.store_url, key=KEY))
    other.refresh()
    leaf = other.portrait(user, m=9)["interests"][-1]["interest_id"]
    said(user, (leaf, "pin"))

    assert other.portrait(user, m=1)["interests"][0]["interest_id"] == leaf
    other.close()


def test_what_is_said_and_sentences_do_not_touch_each_other(shop, said, model):
    user, leaf = model.fitted.users.ids[27], model.fitted.tree.leaf_ids[0]
    shop.client.post(f"/v1/users/{user}/steer", json={"text": "less music"})
    said(user, (leaf, "pin"))
    assert len(shop.client.get(f"/v1/users/{user}/export").json()["steering"]) == 2
    assert shop.client.delete(f"/v1/users/{user}/steer").json()["left_out"] == 1

    assert len(shop.client.get(f"/v1/users/{user}/interests").json()["interests"]) == 1


def test_what_is_said_goes_with_its_user(shop, said, model):
    said("passer-by", (model.fitted.tree.leaf_ids[0], "pin"))
    assert shop.client.delete("/v1/users/passer-by").status_code == 200

    assert shop.client.get("/v1/users/passer-by/interests").json()["interests"] == []


@pytest.mark.parametrize(
    ("interests", "status"),
    [
        ([{"interest_id": "none", "action": "pin"}], 404),
        ([{"interest_id": "LEAF", "action": "love"}], 422),
        ([{"interest_id": "LEAF", "action": "set"}], 422),
        ([{"interest_id": "LEAF", "action": "pin", "strength": 1}], 422),
        ([{"interest_id": "LEAF", "action": "set", "strength": 2}], 422),
        ([{"interest_id": "LEAF", "action": "pin"}] * 2, 422),
        ("pin", 422),
    ],
)
def test_what_is_said_wrongly_is_refused_and_changes_nothing(shop, model, interests, status):
    leaf = model.fitted.tree.leaf_ids[0]
    if isinstance(interests, list):
        interests = [
            one | {"interest_id": leaf} if one["interest_id"] == "LEAF" else one
            for one in interests
        ]
    answer = shop.client.put("/v1/users/wrong/interests", json={"interests": interests})

    assert answer.status_code == status
    assert shop.client.get("/v1/users/wrong/interests").json()["interests"] == []


def test_without_a_model_there_is_nothing_to_say_it_of(empty):
    body = {"interests": [{"interest_id": "i01", "action": "pin"}]}
    assert empty.client.put("/v1/users/ann/interests", json=body).status_code == 503
