"""Gorse's API, as its own client calls it."""

import asyncio
import re

import pytest
import requests
from gorse import AsyncGorse, Gorse, GorseException

from penchant.serve.gorse import router
from serve_api import started

AT = "2023-11-20T13:55:27Z"
ITEM = {
    "ItemId": "tea",
    "IsHidden": False,
    "Categories": ["Drinks"],
    "Labels": ["green", "leaf"],
    "Timestamp": AT,
    "Comment": "Green tea",
}
USER = {"UserId": "ann", "Labels": ["a"], "Subscribe": ["b"], "Comment": "c"}


def feedback(user, item, kind="like", value=1.0):
    return {
        "FeedbackType": kind,
        "UserId": user,
        "ItemId": item,
        "Timestamp": AT,
        "Value": value,
        "Comment": "",
    }


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    yield from started(tmp_path_factory.mktemp("gorse"))


@pytest.fixture(scope="module")
def gorse(service):
    return Gorse(service.url, service.client.headers["X-API-Key"])


def pages(ask):
    """Return what all pages hold, and how many there are."""
    rows, cursor, count = [], "", 0
    while True:
        page, cursor = ask(3, cursor)
        rows += page
        count += 1
        if not cursor:
            return rows, count


def test_items_are_put_read_changed_found_and_deleted(service, gorse):
    assert gorse.insert_item(ITEM) == {"RowAffected": 1}
    assert gorse.get_item("tea") == ITEM
    gorse.update_item("tea", is_hidden=True, comment="Green tea, loose")
    changed = gorse.get_item("tea")
    assert (changed["IsHidden"], changed["Comment"]) == (True, "Green tea, loose")
    assert changed["Categories"] == ["Drinks"]
    service.service.refresh()
    assert [item["ItemId"] for item in gorse.search_items("loose tea")] == ["tea"]
    assert gorse.search_items("coffee") == []
    assert gorse.delete_item("tea") == {"RowAffected": 1}
    with pytest.raises(GorseException) as refused:
        gorse.get_item("tea")
    assert refused.value.status_code == 404
    assert not refused.value.message.startswith("{")


def test_every_item_and_user_stands_on_one_page(gorse):
    for number in range(7):
        gorse.insert_item({"ItemId": f"p{number}"})
    gorse.insert_users([{"UserId": f"p{number}"} for number in range(7)])
    items, count = pages(gorse.get_items)
    users, _ = pages(gorse.get_users)

    assert count >= 3
    for rows, name in ((items, "ItemId"), (users, "UserId")):
        ids = [row[name] for row in rows if row[name].startswith("p")]
        assert sorted(ids) == [f"p{number}" for number in range(7)]


def test_users_are_put_read_and_forgotten(gorse):
    assert gorse.insert_user(USER) == {"RowAffected": 1}
    assert gorse.get_user("ann") == USER
    gorse.insert_feedback("like", "ann", "p1", AT, 1)
    assert gorse.delete_user("ann") == {"RowAffected": 1}
    assert gorse.list_feedbacks("like", "ann") == []
    with pytest.raises(GorseException):
        gorse.get_user("ann")


def test_feedback_adds_up_and_is_overwritten_by_put(service, gorse):
    assert gorse.insert_feedback("like", "bob", "p1", AT, 2) == {"RowAffected": 1}
    gorse.insert_feedbacks([feedback("bob", "p1", value=3.0), feedback("bob", "p2", kind="read")])
    assert gorse.list_feedbacks("like", "bob") == [feedback("bob", "p1", value=5.0)]
    put = requests.put(
        f"{service.url}/api/feedback",
        json=[feedback("bob", "p1", value=1.0)],
        headers={"X-API-Key": gorse.api_key},
        timeout=10,
    )
    assert put.status_code == 200
    assert gorse.list_feedbacks("like", "bob")[0]["Value"] == 1.0
    everything, _ = pages(gorse.get_feedbacks)
    own = [row for row in everything if row["UserId"] == "bob"]
    assert sorted(row["ItemId"] for row in own) == ["p1", "p2"]
    assert gorse.delete_feedback("bob", "p1") == {"RowAffected": 1}
    assert gorse.list_feedbacks("like", "bob") == []


def test_what_has_any_feedback_is_not_recommended_until_it_is_deleted(service, gorse):
    def listed():
        return [score.id for score in gorse.get_recommend("carl", n=50)]

    service.service.refresh()
    assert "p3" in listed()
    gorse.insert_feedback("glanced at", "carl", "p3", AT)
    assert "p3" not in listed()
    gorse.delete_feedback("carl", "p3")
    assert "p3" in listed()


def test_lists_have_scores_categories_offsets_and_write_backs(service, gorse):
    gorse.insert_item({"ItemId": "only one", "Categories": ["Rare"]})
    service.service.refresh()

    whole = [score.id for score in gorse.get_recommend("dora", n=6)]
    assert [score.id for score in gorse.get_recommend("dora", n=3, offset=3)] == whole[3:]
    assert [score.id for score in gorse.get_recommend("dora", "rare")] == ["only one"]
    plain = requests.get(
        f"{service.url}/api/recommend/dora",
        params={"n": 6},
        headers={"X-API-Key": gorse.api_key},
        timeout=10,
    )
    assert plain.json() == whole
    shown = gorse.get_recommend("dora", n=2, write_back_type="read", write_back_delay="10m")
    assert [score.id for score in shown] == whole[:2]
    assert {row["ItemId"] for row in gorse.list_feedbacks("read", "dora")} == set(whole[:2])
    assert not {score.id for score in gorse.get_recommend("dora", n=6)} & set(whole[:2])


def test_a_session_and_neighbours(service, gorse):
    gorse.insert_item({"ItemId": "s1", "Comment": "mountain bicycle"})
    gorse.insert_item({"ItemId": "s2", "Comment": "bicycle bell"})
    service.service.refresh()
    given = [{"FeedbackType": "like", "ItemId": "s1", "Timestamp": AT}]

    assert [row["Id"] for row in gorse.session_recommend(given, n=1)] == ["s2"]
    assert [row["Id"] for row in gorse.get_neighbors("s1", n=1)] == ["s2"]


def test_a_wrong_key_and_a_wrong_body_are_refused_in_plain_text(service):
    with pytest.raises(GorseException) as refused:
        Gorse(service.url, "wrong").get_item("tea")
    assert (refused.value.status_code, refused.value.message) == (401, "this key opens nothing")
    with pytest.raises(GorseException) as refused:
        Gorse(service.url, service.client.headers["X-API-Key"]).insert_feedbacks([{"UserId": ""}])
    assert refused.value.status_code == 422


def test_the_asynchronous_client_works_alike(service, gorse):
    async def all_of_it():
        client = AsyncGorse(service.url, gorse.api_key)
        await client.insert_item({"ItemId": "a1"})
        await client.insert_users([{"UserId": "eve"}])
        await client.insert_feedback("like", "eve", "a1", AT)
        assert (await client.list_feedbacks("like", "eve"))[0]["ItemId"] == "a1"
        assert (await client.get_item("a1"))["ItemId"] == "a1"
        assert await client.get_recommend("eve", n=3)
        assert (await client.get_user("eve"))["UserId"] == "eve"
        assert (await client.delete_user("eve")) == {"RowAffected": 1}

    asyncio.run(all_of_it())


ROUTES = [
    ("ingest", "POST", "/feedback", []),
    ("ingest", "PUT", "/feedback", []),
    ("portrait", "GET", "/feedback", None),
    ("portrait", "GET", "/user/x/feedback/like", None),
    ("ingest", "DELETE", "/feedback/x/y", None),
    ("read", "GET", "/recommend/x", None),
    ("read", "GET", "/recommend/x/c", None),
    ("read", "POST", "/session/recommend", []),
    ("read", "POST", "/session/recommend/c", []),
    ("read", "GET", "/item/x/neighbors", None),
    ("ingest", "POST", "/item", {"ItemId": "x"}),
    ("ingest", "POST", "/items", []),
    ("read", "GET", "/items", None),
    ("read", "GET", "/item/x", None),
    ("ingest", "PATCH", "/item/x", {}),
    ("ingest", "DELETE", "/item/x", None),
    ("ingest", "POST", "/user", {"UserId": "x"}),
    ("ingest", "POST", "/users", []),
    ("portrait", "GET", "/users", None),
    ("portrait", "GET", "/user/x", None),
    ("portrait", "DELETE", "/user/x", None),
]


@pytest.mark.parametrize(("scope", "method", "path", "body"), ROUTES)
def test_a_route_opens_for_its_own_scope_and_no_other(service, scope, method, path, body):
    others = {"ingest", "read", "portrait"} - {scope}
    for scopes, refused in (((), {401}), (others, {403})):
        with service.with_scopes(*scopes) as client:
            assert client.request(method, f"/api{path}", json=body).status_code in refused
    with service.with_scopes(scope) as client:
        answer = client.request(method, f"/api{path}", json=body)
        assert answer.status_code not in {401, 403}
        assert answer.status_code < 500


def test_every_route_of_gorses_is_in_that_test():
    known = {(method, path) for _, method, path, _ in ROUTES}
    for route in router.routes:
        path = re.sub(r"\{kind\}", "like", route.path)
        path = re.sub(r"/feedback/\{user_id\}/\{item:path\}", "/feedback/x/y", path)
        path = re.sub(r"\{category:path\}", "c", path)
        path = re.sub(r"\{[\w:]+\}", "x", path)
        for method in route.methods:
            assert (method, path) in known
