"""A service whose database goes and comes back, and clients who ask meanwhile."""

import dataclasses
import time
from typing import Any

import httpx

from processes import serving

__all__ = ["Told", "outage"]


@dataclasses.dataclass
class Told:
    """What clients were told.

    Attributes:
        problem: In answer to an event while the database was gone.
        retry_after: Of the same answer.
        popular: Items of a list while it was gone.
        private: Status of an answer that is somebody's alone.
        stranger: Status of an answer to a key that nobody has, afterwards.
        slowest: Seconds of the slowest answer.
        lost: Acknowledged events that are not there afterwards.
        personal_before: Items of a list before.
        personal_after: Of the same list after.
    """

    problem: Any = None
    retry_after: str = ""
    popular: list[str] = dataclasses.field(default_factory=list)
    private: int = 0
    stranger: int = 0
    slowest: float = 0.0
    lost: int = -1
    personal_before: list[str] = dataclasses.field(default_factory=list)
    personal_after: list[str] = dataclasses.field(default_factory=list)


def outage(url, door, *, seconds, model=None):
    """Serve a store behind a door that is shut for a while, and return what was told meanwhile.

    Args:
        url: Of an empty store.
        door: `faults.doors.Gate`.
        seconds: For which the door is shut.
        model: Directory to start from; None: none.
    """
    told = Told()
    words = ["-q", *([] if model is None else ["--model", model])]
    with (
        serving(url, *words) as (_, address, secret),
        httpx.Client(base_url=address, headers={"X-API-Key": secret}, timeout=60) as client,
    ):
        kept = [_sent(client, number) for number in range(20)]
        time.sleep(1)  # counted
        told.personal_before = _list(client, told)
        door.shut()
        end, number = time.monotonic() + seconds, 20
        while time.monotonic() < end:
            answer = _timed(told, lambda n=number: _post(client, n))
            if answer.status_code == 200:
                kept.append(number)
            else:
                told.problem, told.retry_after = answer.json(), answer.headers.get("retry-after")
            told.popular = _list(client, told)
            told.private = _timed(told, lambda: client.get("/v1/users/ann/export")).status_code
            number += 1
            time.sleep(0.05)
        door.open()
        _until_ready(client)
        told.personal_after = _list(client, told)
        strange = {"X-API-Key": "pen_" + "x" * 43}
        told.stranger = client.get("/v1/users/ann/export", headers=strange).status_code
        there = client.get("/v1/users/ann/export").json()["events"]
        told.lost = len({f"e{n}" for n in kept} - {event["event_id"] for event in there})
    return told


def _post(client, number):
    event = {"event_id": f"e{number}", "user_id": "ann", "item_id": f"garden-0{number % 3}"}
    return client.post("/v1/events", json=event | {"event": "purchase"})


def _sent(client, number):
    assert _post(client, number).status_code == 200
    return number


def _timed(told, ask):
    start = time.monotonic()
    answer = ask()
    told.slowest = max(told.slowest, time.monotonic() - start)
    return answer


def _list(client, told):
    asked = {"user_id": "ann", "k": 3}
    answer = _timed(told, lambda: client.post("/v1/recommendations", json=asked))
    assert answer.status_code == 200, answer.text
    return [row["item_id"] for row in answer.json()["items"]]


def _until_ready(client):
    end = time.monotonic() + 60
    while client.get("/readyz").status_code != 200:
        assert time.monotonic() < end, "the service did not come back"
        time.sleep(0.1)
