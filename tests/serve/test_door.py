"""Pseudonyms at the door: no id of a user is in the store, and everything works as without them."""

import json

import httpx
import pytest
from gorse import Gorse

from penchant.config import Settings
from penchant.engine import Penchant
from penchant.errors import ConfigError
from penchant.serve.api.app import create_app
from penchant.serve.auth import SCOPES, make_key
from penchant.serve.door import Door
from penchant.serve.refitting import refit
from penchant.serve.service import Service
from penchant.serve.starting import start_from
from penchant.store.base import StoredEvent
from penchant.store.schema import TABLES
from penchant.store.sql import Store
from serve_api import Running
from servers import running

DOOR = Door(b"k" * 20)


@pytest.fixture
def shop(fitted, tmp_path):
    """A service behind a door, with the shop's model."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    store = Store.open(url, key="5" * 64)
    secret, _ = make_key(store.keys, name="admin", scopes=SCOPES, at=1)
    start_from(store, fitted, folder=tmp_path / "models", now=1)
    service = Service(store, door=DOOR)
    with (
        running(create_app(service, environ={})) as at,
        httpx.Client(base_url=at, headers={"X-API-Key": secret}, timeout=30) as client,
    ):
        yield Running(at, client, service, url)


def test_no_id_is_in_the_store_whatever_way_it_comes_in(shop):
    who = "the-secret-person"
    token = shop.client.post(f"/v1/users/{who}/tokens", json={"scopes": ["read"]}).json()["token"]
    shop.sent(who, "garden-00")
    shop.client.post("/v1/users", json={"user_id": who, "age": 7})
    shop.items(user_id=who)
    shop.client.get("/v1/recommendations", headers={"Authorization": f"Bearer {token}"})
    shop.client.post(f"/v1/users/{who}/steer", json={"text": "less music"})
    shop.client.put(f"/v1/users/{who}/interests", json={"interests": []})
    shop.client.get(f"/v1/users/{who}/export")
    gorse = Gorse(shop.url, shop.client.headers["X-API-Key"])
    gorse.insert_user({"UserId": who + "2", "Labels": []})
    gorse.insert_feedback("like", who + "2", "garden-01", "2023-11-20T13:55:27Z")
    gorse.get_recommend(who + "2", n=3)
    shop.store.items.put([{"item_id": "flush"}])

    with shop.store.database.reading() as connection:
        rows = [str(list(connection.execute(table.select()))) for table in TABLES]
    assert who not in "".join(rows)
    assert DOOR.user(who) in "".join(rows)


def test_answers_are_those_of_the_same_user(shop, fitted):
    model = Penchant.open(fitted)
    user = model.fitted.users.ids[3]
    assert shop.items(user_id=user, k=7) == model.recommend(user, k=7)["item_id"].to_list()

    shop.sent(user, "garden-00")
    exported = shop.client.get(f"/v1/users/{user}/export").json()
    assert [event["user_id"] for event in exported["events"]] == [DOOR.user(user)]
    assert exported["portrait"]
    assert shop.client.delete(f"/v1/users/{user}").json()["events"] == 1
    assert shop.client.get(f"/v1/users/{user}/export").status_code == 404


def test_a_token_of_one_user_is_that_users_behind_the_door_too(shop):
    token = shop.client.post("/v1/users/ann/tokens", json={"scopes": ["read", "ingest"]}).json()
    headers = {"Authorization": f"Bearer {token['token']}"}
    with httpx.Client(base_url=shop.url, headers=headers) as ann:
        assert ann.post("/v1/recommendations", json={"user_id": "ann"}).status_code == 200
        assert ann.post("/v1/recommendations", json={"user_id": "bob"}).status_code == 403
        event = {"user_id": "ann", "item_id": "garden-00"}
        assert ann.post("/v1/events", json=event).json()["accepted"] == 1
        assert ann.post("/v1/events", json=event | {"user_id": "bob"}).status_code == 403


def test_gorses_client_sees_its_feedback_once(shop):
    gorse = Gorse(shop.url, shop.client.headers["X-API-Key"])
    gorse.insert_feedback("like", "ann", "garden-01", "2023-11-20T13:55:27Z")
    gorse.insert_feedback("like", "ann", "garden-01", "2023-11-20T13:55:27Z")
    assert len(gorse.list_feedbacks("like", "ann")) == 1
    shown = gorse.get_recommend("ann", n=2, write_back_type="read", write_back_delay="0s")
    gorse.insert_feedback("read", "ann", shown[0].id, "2023-11-20T13:55:27Z")
    assert len(gorse.list_feedbacks("read", "ann")) == 2


def test_a_refit_joins_what_a_user_did_before_and_since(shop, tmp_path, fitted):
    """The first model's users have their ids in its files, the store's have pseudonyms."""
    user = Penchant.open(fitted).fitted.users.ids[3]
    before = len(Penchant.open(fitted).fitted.histories.take([3]).item)
    shop.sent(user, "garden-00")
    model = refit(
        shop.store, folder=tmp_path / "models", settings=Settings(encoder="lsa"), door=DOOR
    )
    again = Penchant.open(model.path).fitted

    assert user not in again.users
    assert len(again.histories.take([again.users.row(DOOR.user(user))]).item) == before + 1
    assert len(again.users) == len(Penchant.open(fitted).fitted.users)


def test_a_store_keeps_to_the_door_that_it_began_with(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path / 'a.db'}", key="5" * 64)
    DOOR.check(store)
    DOOR.check(store)
    with pytest.raises(ConfigError, match="another key"):
        Door(b"x" * 20).check(store)
    with pytest.raises(ConfigError, match="another key"):
        Door().check(store)
    store.close()

    plain = Store.open(f"sqlite:///{tmp_path / 'b.db'}", key="5" * 64)
    plain.events.add([StoredEvent(event_id="e", user_id="u", item_id="i")])
    with pytest.raises(ConfigError, match="as they are"):
        DOOR.check(plain)
    Door().check(plain)
    plain.close()


def test_the_key_comes_from_the_environment_or_a_file(tmp_path):
    file = tmp_path / "key"
    file.write_text("k" * 20 + "\n")

    assert Door.of({}) == Door()
    assert Door.of({"PENCHANT_PSEUDONYM_KEY": "k" * 20}) == DOOR
    assert Door.of({"PENCHANT_PSEUDONYM_KEY_FILE": str(file)}) == DOOR
    for environ in (
        {"PENCHANT_PSEUDONYM_KEY": "short"},
        {"PENCHANT_PSEUDONYM_KEY_FILE": str(tmp_path / "none")},
    ):
        with pytest.raises(ConfigError, match="PENCHANT_PSEUDONYM_KEY"):
            Door.of(environ)


def test_pseudonyms_are_keyed_and_last():
    names = [DOOR.user(f"u{n}") for n in range(1000)]

    assert len(set(names)) == 1000
    assert DOOR.user("u1") == names[1] != Door(b"x" * 20).user("u1")
    assert json.dumps(names[0]) == f'"{names[0]}"'
