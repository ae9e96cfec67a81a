"""Who may do what: closed without a key, each scope for its own, personal data noted."""

import re

import pytest

from penchant.engine import Penchant
from penchant.errors import AccessError, UsageError
from penchant.serve.auth import Authority, make_key
from serve_api import ROUTES


def ask(client, method, path, body, **headers):
    return client.request(method, path, json=body, headers=headers)


@pytest.mark.parametrize(("scope", "method", "path", "body"), ROUTES)
def test_a_route_opens_for_its_own_scope_and_no_other(shop, scope, method, path, body):
    others = {"ingest", "read", "portrait"} - {scope}
    nobody, own, other = shop.with_scopes(), shop.with_scopes(scope), shop.with_scopes(*others)

    assert ask(nobody, method, path, body).status_code == 401
    assert ask(other, method, path, body).status_code == 403
    assert ask(own, method, path, body).status_code not in {401, 403, 500}
    wrong = ask(nobody, method, path, body, Authorization="Bearer pen_" + "x" * 43)
    assert wrong.status_code == 401
    assert wrong.headers["www-authenticate"] == "Bearer"
    for client in (nobody, own, other):
        client.close()


def test_every_route_of_v1_is_in_this_test(shop):
    """A route that is added must say who may use it."""
    paths = shop.client.get("/openapi.json").json()["paths"]
    described = {(method.upper(), path) for path, ways in paths.items() for method in ways}

    for method, path in described:
        example = re.sub(r"\{\w+\}", "x", path)
        assert (method, example) in {(m, p) for _, m, p, _ in ROUTES}


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/docs", "/openapi.json"])
def test_what_watches_is_open_on_this_machine_and_closed_behind_a_proxy(shop, path):
    with shop.with_scopes() as nobody:
        assert nobody.get(path).status_code == 200
        assert nobody.get(path, headers={"X-Forwarded-For": "8.8.8.8"}).status_code == 401


def test_a_key_goes_in_either_header(shop):
    secret = shop.client.headers["X-API-Key"]
    with shop.with_scopes() as nobody:
        bearer = {"Authorization": f"Bearer {secret}"}
        assert nobody.get("/v1/interests", headers=bearer).status_code == 200


@pytest.mark.parametrize("other", ["Bearer nonsense", "Basic eDp5", "nonsense"])
def test_a_good_key_beside_a_bad_one_opens_nothing(shop, other):
    secret = shop.client.headers["X-API-Key"]
    with shop.with_scopes() as nobody:
        both = {"Authorization": other, "X-API-Key": secret}
        assert nobody.get("/v1/interests", headers=both).status_code == 401
        assert nobody.get("/v1/interests", headers={"X-API-Key": secret}).status_code == 200


def test_a_revoked_key_opens_nothing_a_second_later(shop):
    now = [0.0]
    authority = Authority(shop.store.keys, clock=lambda: now[0])
    secret, key = make_key(shop.store.keys, name="t", scopes=["read"], at=1)
    assert authority.check(secret, "read") == key
    assert authority.known(secret, "read") == key
    shop.store.keys.revoke(key.key_id, at=5)

    now[0] = 1.01
    assert authority.known(secret, "read") is None
    with pytest.raises(AccessError):
        authority.check(secret, "read")


def test_secrets_are_not_in_the_store(shop):
    secret, _ = make_key(shop.store.keys, name="t", scopes=["read"], at=1)
    with shop.store.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM keys").all()

    assert secret.removeprefix("pen_").isalnum()
    assert len(secret) >= 36
    assert secret not in str(rows)


def test_a_scope_that_does_not_exist_is_refused(shop):
    with pytest.raises(UsageError, match="'root'"):
        make_key(shop.store.keys, name="t", scopes=["root"], at=1)


def test_reading_personal_data_is_noted_without_saying_whose(shop):
    shop.sent("watched", "tea")
    assert shop.client.get("/v1/users/watched/export").status_code == 200
    assert shop.client.delete("/v1/users/watched").status_code == 200
    shop.store.items.put([{"item_id": "flush"}])

    entries = shop.store.audit.page(most=1000)
    assert [entry["action"] for entry in entries[-2:]] == ["export", "erase"]
    assert "watched" not in str(entries)


def test_an_erased_user_is_gone_from_everything(shop, fitted):
    user = Penchant.open(fitted).fitted.users.ids[11]
    shop.sent(user, "tea")
    assert shop.client.get(f"/v1/users/{user}/portrait").status_code == 200
    receipt = shop.client.delete(f"/v1/users/{user}").json()

    assert receipt["events"] == 1
    assert len(receipt["receipt"]) == 32
    assert shop.client.get(f"/v1/users/{user}/portrait").status_code == 404
    assert shop.client.get(f"/v1/users/{user}/export").status_code == 404
    answer = shop.client.post("/v1/recommendations", json={"user_id": user}).json()
    assert all(row["cold"] for row in answer["items"])


def test_errors_are_problems_without_inner_details(shop):
    for path in ("/v1/nothing", "/nothing", "/v1/items/none"):
        answer = shop.client.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(answer.json()) <= {"type", "title", "status", "detail", "hint"}
    assert shop.client.put("/v1/events").status_code == 405


def test_answers_carry_an_id_and_safe_headers(shop):
    headers = shop.client.get("/v1/interests").headers

    assert len(headers["x-request-id"]) == 32
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers or "uvicorn" in headers["server"]


def test_the_log_of_requests_holds_no_ids(shop, caplog):
    with caplog.at_level("INFO", "penchant.access"):
        shop.client.get("/v1/users/secret-user/export")
        shop.client.get("/v1/recommendations", params={"user_id": "secret-user"})

    assert len(caplog.messages) >= 2
    assert "secret-user" not in caplog.text
