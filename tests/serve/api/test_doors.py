"""What the doors keep out: too many requests, other users' tokens, strange pages, deep bodies."""

import contextlib

import httpx
import pytest

from penchant.errors import AccessError, ConfigError
from penchant.serve.api.app import create_app
from penchant.serve.auth import Authority, make_key
from penchant.serve.service import Service
from penchant.store.sql import Store
from serve_api import KEY
from servers import running


@contextlib.contextmanager
def again(shop, **environ):
    """Run the shop's store behind another application, with other settings."""
    service = Service(Store.open(shop.store_url, key=KEY), clock=shop.service.clock)
    with running(create_app(service, environ=environ)) as url:
        yield url


@pytest.fixture
def token(shop):
    """Makes a client that holds a token of one user."""
    with contextlib.ExitStack() as stack:

        def make(user, *scopes, by=None, **asked):
            body = {"scopes": scopes or ["read"], **asked}
            answer = (by or shop.client).post(f"/v1/users/{user}/tokens", json=body)
            assert answer.status_code == 200, answer.text
            headers = {"Authorization": f"Bearer {answer.json()['token']}"}
            return stack.enter_context(httpx.Client(base_url=shop.url, headers=headers))

        yield make


def test_a_token_opens_its_users_list_and_nobody_elses(shop, token):
    ann = token("ann/1")
    own = shop.client.post("/v1/recommendations", json={"user_id": "ann/1"}).json()["items"]

    assert ann.post("/v1/recommendations", json={"user_id": "ann/1"}).json()["items"] == own
    assert ann.post("/v1/recommendations", json={}).json()["user_id"] == "ann/1"
    assert ann.get("/v1/recommendations").json()["user_id"] == "ann/1"
    assert ann.post("/v1/recommendations", json={"user_id": "bob"}).status_code == 403
    assert ann.get("/v1/recommendations", params={"user_id": "bob"}).status_code == 403


def test_a_token_opens_its_users_tastes_and_takes_its_users_events(shop, token):
    shop.sent("ann", "garden-00")
    shop.sent("bob", "garden-00")
    ann = token("ann", "portrait", "ingest")

    assert ann.get("/v1/users/ann/portrait").status_code == 200
    assert ann.get("/v1/users/bob/portrait").status_code == 403
    assert ann.put("/v1/users/ann/interests", json={"interests": []}).status_code == 200
    assert ann.put("/v1/users/bob/interests", json={"interests": []}).status_code == 403
    assert ann.post("/v1/users/bob/steer", json={"text": "less music"}).status_code == 403
    event = {"user_id": "ann", "item_id": "garden-01"}
    assert ann.post("/v1/events", json=event).json()["accepted"] == 1
    assert ann.post("/v1/events", json=[event, event | {"user_id": "bob"}]).status_code == 403
    assert ann.post("/v1/recommendations", json={}).status_code == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/users/ann/export"),
        ("DELETE", "/v1/users/ann"),
        ("POST", "/v1/users/ann/tokens"),
        ("GET", "/v1/items"),
        ("POST", "/v1/items"),
        ("GET", "/v1/models"),
        ("GET", "/v1/metrics/online"),
        ("GET", "/api/recommend/ann"),
        ("GET", "/api/user/ann"),
        ("POST", "/api/feedback"),
    ],
)
def test_a_token_opens_nothing_else(token, method, path):
    ann = token("ann", "read", "portrait", "ingest")

    assert ann.request(method, path, json={} if method == "POST" else None).status_code == 403


def test_a_token_is_over_in_time(shop):
    now = [1000.0]
    authority = Authority(shop.store.keys, clock=lambda: 0.0, wall=lambda: now[0])
    admin = authority.check(shop.client.headers["X-API-Key"], "admin")
    token, end = authority.token(admin, user="ann", scopes=["read"], seconds=60)

    assert authority.check(token, "read").user == "ann"
    now[0] = end - 1
    assert authority.check(token, "read").scopes == {"read"}
    now[0] = end
    with pytest.raises(AccessError, match="over"):
        authority.check(token, "read")


def test_a_token_ends_with_its_key(shop, token, monkeypatch):
    secret, key = make_key(shop.store.keys, name="t", scopes=["read"], at=1)
    with httpx.Client(base_url=shop.url, headers={"X-API-Key": secret}) as by:
        signed = token("ann", by=by)
    assert signed.get("/v1/recommendations").status_code == 200
    shop.store.keys.revoke(key.key_id, at=1)
    monkeypatch.setattr("penchant.serve.auth._REMEMBERED", 0.0)

    assert signed.get("/v1/recommendations").status_code == 401


def test_a_token_cannot_have_what_its_key_lacks(shop):
    with shop.with_scopes("read") as client:
        asked = {"scopes": ["portrait"]}
        assert client.post("/v1/users/ann/tokens", json=asked).status_code == 403
    assert shop.client.post("/v1/users/ann/tokens", json={"scopes": ["admin"]}).status_code == 422
    assert shop.client.post("/v1/users/ann/tokens", json={"seconds": 9999}).status_code == 422


def test_a_key_that_asks_too_often_is_told_when_to_come_again(shop):
    with again(shop, PENCHANT_RATE="2") as url:
        headers = {"X-API-Key": shop.client.headers["X-API-Key"]}
        answers = [httpx.get(f"{url}/v1/models", headers=headers) for _ in range(12)]
        guesses = [httpx.get(f"{url}/v1/models", headers={"X-API-Key": "no"}) for _ in range(12)]

    refused = [answer for answer in answers if answer.status_code == 429]
    assert answers[0].status_code == 200
    assert refused
    assert int(refused[0].headers["retry-after"]) >= 1
    assert refused[0].headers["content-type"] == "application/problem+json"
    assert {answer.status_code for answer in guesses} == {401, 429}


def test_pages_of_other_origins_may_not_ask_unless_they_are_named(shop):
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "GET"}
    with again(shop, PENCHANT_ORIGINS="https://shop.example, http://localhost:3000") as url:
        allowed = httpx.options(f"{url}/v1/recommendations", headers=asked)
        other = httpx.options(
            f"{url}/v1/recommendations", headers=asked | {"Origin": "https://evil.example"}
        )
    closed = shop.client.options("/v1/recommendations", headers=asked)

    assert allowed.headers["access-control-allow-origin"] == "https://shop.example"
    assert "access-control-allow-origin" not in other.headers
    assert "access-control-allow-origin" not in closed.headers
    assert "access-control-allow-credentials" not in allowed.headers


@pytest.mark.parametrize("said", ["*", "shop.example", "https://*.example", "https://a b"])
def test_an_origin_that_is_none_is_refused(shop, said):
    with pytest.raises(ConfigError, match="PENCHANT_ORIGINS"):
        create_app(shop.service, environ={"PENCHANT_ORIGINS": said})


@pytest.mark.parametrize("path", ["/v1/events", "/v1/items", "/v1/users", "/v1/recommendations"])
@pytest.mark.parametrize("depth", [20, 300, 1020, 100_000])
def test_a_body_that_is_too_deep_is_refused(shop, path, depth):
    deep = "[" * depth + "]" * depth
    body = f'{{"user_id": "u", "item_id": "i", "x": {deep}}}'
    answer = shop.client.post(path, content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code in {200, 400, 422}
    if answer.status_code == 200:  # each row is answered for
        assert "levels" in answer.json()["errors"][0]["detail"]
