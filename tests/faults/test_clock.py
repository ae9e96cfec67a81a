"""The machine's clock put back while the service runs: it goes on, and what is new still counts."""

import pytest

from serve_api import started, topics

NOW = 1_800_000_000
HOUR = 3600


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def running(fitted, tmp_path, clock):
    yield from started(tmp_path, model=fitted, clock=clock)


@pytest.mark.parametrize("back", [1, HOUR, 24 * HOUR])
def test_what_is_done_after_the_clock_was_put_back_counts_at_once(running, clock, back):
    for number in range(3):
        running.sent("ann", f"garden-0{number}")
    clock.now -= back
    running.service.refresh()
    for number in range(6):
        assert running.sent("ann", f"music-0{number}")["accepted"] == 1

    assert "music" in topics(running.items(user_id="ann", k=4))
    assert running.client.get("/v1/metrics/online").status_code == 200
    assert running.client.get("/v1/users/ann/portrait").status_code == 200
    events = running.client.get("/v1/users/ann/export").json()["events"]
    assert len(events) == 9


def test_tokens_do_not_end_early_and_keys_stay_good(running, clock):
    made = running.client.post("/v1/users/ann/tokens", json={"seconds": 60}).json()
    clock.now -= HOUR
    headers = {"X-API-Key": made["token"]}
    with running.with_scopes() as stranger:
        answer = stranger.post("/v1/recommendations", json={"user_id": "ann"}, headers=headers)
    assert answer.status_code == 200
    assert running.client.post("/v1/users/bob/tokens", json={}).status_code == 200


def test_a_moment_far_ahead_of_the_clock_is_refused_row_by_row(running, clock):
    clock.now -= 10 * 24 * HOUR
    rows = [
        {"user_id": "ann", "item_id": "garden-00", "timestamp": NOW},
        {"user_id": "ann", "item_id": "garden-01"},
    ]
    told = running.client.post("/v1/events", json=rows).json()
    assert told["accepted"] == 1
    assert [error["index"] for error in told["errors"]] == [0]
    assert "in the future" in told["errors"][0]["detail"]
