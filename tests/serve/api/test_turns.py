"""Lists are made two at a time, whoever asks: /v1 and Gorse's clients share the turns."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

PATHS = ("/v1/recommendations?user_id=u", "/api/recommend/u", "/api/item/x/neighbors")


@pytest.fixture
def crowd(empty, monkeypatch):
    """A service, and how many of its lists were in the making at once."""
    lock, now, most = threading.Lock(), [0], [0]

    def slow(*_, **__):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.05)
        with lock:
            now[0] -= 1
        return {"ranking_id": "r", "user_id": None, "model_id": None, "items": []}

    monkeypatch.setattr(empty.service, "recommend", slow)
    monkeypatch.setattr(empty.service, "similar", slow)
    return empty, most


def test_no_more_than_two_lists_are_made_at_once(crowd):
    service, most = crowd
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(service.client.get, PATHS * 6))

    assert {answer.status_code for answer in answers} == {200}
    assert most == [2]
