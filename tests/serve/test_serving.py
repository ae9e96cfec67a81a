"""`penchant serve` and `penchant keys` as processes."""

import signal
import time

import httpx
import pytest

from penchant.serve.cli import main
from processes import serving

EVENT = {"user_id": "ann", "item_id": "tea"}


@pytest.fixture
def store(tmp_path):
    return f"sqlite:///{tmp_path / 'store.db'}"


def post(url, secret, event):
    answer = httpx.post(f"{url}/v1/events", json=event, headers={"X-API-Key": secret})
    assert answer.status_code == 200, answer.text


def test_it_prints_a_key_once_takes_events_and_ends_on_a_signal(store):
    with serving(store) as (process, url, secret):
        post(url, secret, EVENT)
        start = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert time.monotonic() - start < 10

    with serving(store) as (process, url, none):
        assert none is None
        headers = {"Authorization": f"Bearer {secret}"}
        kept = httpx.get(f"{url}/v1/users/ann/export", headers=headers).json()
        assert kept["events"] == [EVENT]


def test_two_workers_see_what_either_took(store, fitted):
    with serving(store, "--workers", 2, "--model", fitted) as (process, url, secret):
        headers = {"X-API-Key": secret}
        for number in range(10):  # a connection each, so that both workers get some
            user = f"ann {number}"
            post(url, secret, {"user_id": user, "item_id": "garden-00", "event": "purchase"})
            answer = httpx.post(
                f"{url}/v1/recommendations", json={"user_id": user, "k": 3}, headers=headers
            ).json()
            assert all(row["item_id"].startswith("garden") for row in answer["items"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_keys_are_made_and_revoked_beside_a_running_service(store, capfd, monkeypatch):
    monkeypatch.setenv("PENCHANT_STORE_KEY", "7" * 64)
    with serving(store) as (_, url, _):
        assert main(["keys", "create", "--store", store, "--scope", "read"]) == 0
        _, key_id, secret = capfd.readouterr().out.split()[:3]
        headers = {"X-API-Key": secret}
        assert httpx.get(f"{url}/v1/interests", headers=headers).status_code == 200
        assert main(["keys", "list", "--store", store]) == 0
        listed = capfd.readouterr().out
        assert key_id.rstrip(":") in listed
        assert secret not in listed
        assert main(["keys", "revoke", key_id.rstrip(":"), "--store", store]) == 0
        time.sleep(1.1)
        assert httpx.get(f"{url}/v1/interests", headers=headers).status_code == 401

        port = url.rsplit(":", 1)[1]  # taken
        capfd.readouterr()
        assert main(["serve", "--store", store, "--port", port, "--no-console"]) == 69
        assert port in capfd.readouterr().err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["serve", "--store", "mysql://x"], 78),
        (["serve", "--store", "postgresql://nobody@127.0.0.1:9/none"], 69),
        (["serve", "--model", "/nowhere"], 69),
        (["keys", "revoke", "none"], 65),
    ],
)
def test_what_cannot_be_done_has_an_exit_code_and_a_line(words, code, store, capfd, monkeypatch):
    monkeypatch.setenv("PENCHANT_STORE_KEY", "7" * 64)
    monkeypatch.setenv("PENCHANT_STORE", store)

    assert main(words) == code
    assert capfd.readouterr().err.startswith("penchant")


def test_a_port_in_the_environment_must_be_a_number(store, capfd, monkeypatch):
    monkeypatch.setenv("PENCHANT_STORE_KEY", "7" * 64)
    monkeypatch.setenv("PENCHANT_PORT", "http")

    assert main(["serve", "--store", store]) == 78
    assert "'http'" in capfd.readouterr().err
