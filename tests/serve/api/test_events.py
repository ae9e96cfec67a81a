"""Events over HTTP: rows checked one by one, repetitions harmless, all forms of JSON."""

import json

import pytest

GOOD = {"user_id": "ann", "item_id": "tea"}
BAD = [
    (1, "JSON object"),
    ({"item_id": "tea"}, "user_id is missing"),
    ({"user_id": " ", "item_id": "tea"}, "user_id is empty"),
    ({"user_id": ["ann"], "item_id": "tea"}, "must be text"),
    ({**GOOD, "user_id": "x" * 1001}, "1,001 characters"),
    ({**GOOD, "item_id": "a\u0000b"}, "NUL"),
    ({**GOOD, "value": "5"}, "value"),
    ({**GOOD, "value": True}, "value"),
    ({**GOOD, "timestamp": "yesterday"}, "ISO 8601"),
    ({**GOOD, "timestamp": 99_999_999_999}, "future"),
    ({**GOOD, "timestamp": -5}, "1970"),
    ({**GOOD, "event": 7}, "event must be text"),
    ({**GOOD, "dwell": "12"}, "dwell must be a number"),
    ({**GOOD, "dwell": -1}, "dwell must be a number"),
    ({**GOOD, "dwell": True}, "dwell must be a number"),
    ({**GOOD, "note": "a\u0000b"}, "NUL"),
]


def post(empty, rows, **headers):
    return empty.client.post("/v1/events", json=rows, headers=headers)


def test_good_rows_are_taken_and_each_bad_one_is_named(empty):
    rows = [GOOD, *(row for row, _ in BAD), GOOD]
    answer = post(empty, rows).json()

    assert (answer["accepted"], answer["duplicates"]) == (2, 0)
    assert [error["index"] for error in answer["errors"]] == list(range(1, len(BAD) + 1))
    for error, (_, said) in zip(answer["errors"], BAD, strict=True):
        assert said in error["detail"]


def test_an_event_is_one_object_an_array_or_lines(empty):
    lines = "\n".join(json.dumps(row) for row in (GOOD, GOOD)) + "\n\n"
    as_lines = empty.client.post(
        "/v1/events", content=lines, headers={"content-type": "application/x-ndjson"}
    )

    assert post(empty, GOOD).json()["accepted"] == 1
    assert post(empty, [GOOD, GOOD]).json()["accepted"] == 2
    assert as_lines.json()["accepted"] == 2
    assert post(empty, []).json() == {"accepted": 0, "duplicates": 0, "errors": []}


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [
        (1_700_000_000, 1_700_000_000),
        (1_700_000_000_123, 1_700_000_000),
        ("2023-11-14T22:13:20Z", 1_700_000_000),
        ("2023-11-15T06:13:20+08:00", 1_700_000_000),
    ],
)
def test_moments_are_seconds_milliseconds_or_iso_and_come_back_as_sent(empty, moment, seconds):
    post(empty, {**GOOD, "timestamp": moment})

    (event,) = empty.store.events.past("ann").events
    assert event.moment == seconds
    exported = empty.client.get("/v1/users/ann/export").json()["events"]
    assert exported == [{**GOOD, "timestamp": moment}]


def test_how_long_an_event_lasted_is_kept(empty):
    assert post(empty, [{**GOOD, "dwell": 12.5, "timestamp": 1}, GOOD]).json()["accepted"] == 2

    assert sorted(e.dwell or 0 for e in empty.store.events.past("ann").events) == [0, 12.5]
    exported = empty.client.get("/v1/users/ann/export").json()["events"]
    assert exported == [{**GOOD, "dwell": 12.5, "timestamp": 1}, GOOD]


def test_an_event_id_seen_again_is_a_duplicate(empty):
    post(empty, {**GOOD, "event_id": "e1"})

    assert post(empty, [{**GOOD, "event_id": "e1"}, GOOD]).json()["duplicates"] == 1


def test_an_idempotency_key_repeats_the_first_answer_and_refuses_other_content(empty):
    first = post(empty, [GOOD, 1], **{"Idempotency-Key": "k"})

    assert post(empty, [GOOD, 1], **{"Idempotency-Key": "k"}).json() == first.json()
    assert empty.store.events.last() == 1
    assert post(empty, [GOOD], **{"Idempotency-Key": "k"}).status_code == 409


def test_what_is_no_json_or_too_much_is_refused_whole(empty):
    assert empty.client.post("/v1/events", content=b"{").status_code == 422
    assert empty.client.post("/v1/events", content=b"[" * 100_000).status_code == 422
    assert post(empty, [GOOD] * 10_001).status_code == 422
    assert empty.client.post("/v1/events", content=b"x" * 2_000_001).status_code == 413
    assert empty.store.events.last() == 0


def test_a_body_without_a_length_is_bounded_too(empty):
    def chunks():
        for _ in range(30):
            yield b"x" * 100_000

    assert empty.client.post("/v1/events", content=chunks()).status_code == 413
