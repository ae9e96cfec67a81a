"""Events as they arrive: JSON or NDJSON, each row checked on its own.

{"event_id"?, "user_id", "item_id", "event"?, "value"?, "timestamp"?, "text"?, "ranking_id"?,
 "dwell"?}
"""

from __future__ import annotations

import datetime as dt
import math
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import orjson

from penchant.errors import DataError
from penchant.store.base import StoredEvent, lasted
from penchant.types import DAY

__all__ = ["MOST", "check_depth", "check_id", "read_body", "read_events"]

MOST: Final = 10_000
"""Events of one request."""

_LONGEST_ID: Final = 1000
_LONGEST_TEXT: Final = 100_000
_DEEPEST: Final = 16
_MILLISECONDS: Final = 100_000_000_000
"""Numbers from here on are milliseconds: as seconds they lie in the year 5138."""

_MADE: Final = {
    (True, True): frozenset(("event_id", "timestamp")),
    (True, False): frozenset(("event_id",)),
    (False, True): frozenset(("timestamp",)),
    (False, False): frozenset[str](),
}
"""What is made for a row, by whether it lacks an id and a moment."""

_TEXTS: Final = ("event", "text", "ranking_id")
_KNOWN: Final = frozenset(
    ("event_id", "user_id", "item_id", "event", "value", "timestamp", "text", "ranking_id", "dwell")
)


def read_body(body: bytes, content_type: str) -> list[Any]:
    """Return the rows of a request: one JSON value, an array of them, or one a line.

    Raises:
        DataError: If it is no JSON, or has more rows than `MOST`.
    """
    try:
        if "ndjson" in content_type or "jsonlines" in content_type or "jsonl" in content_type:
            rows = [orjson.loads(line) for line in body.splitlines() if line.strip()]
        else:
            value = orjson.loads(body)
            rows = value if isinstance(value, list) else [value]
    except orjson.JSONDecodeError as error:
        raise DataError(f"the body is no JSON: {error}") from None
    if len(rows) > MOST:
        raise DataError(f"{len(rows):,} rows in one request; {MOST:,} is the most")
    return rows


def read_events(
    rows: Sequence[Any], *, now: float, user_of: Callable[[str], str] = str
) -> tuple[list[StoredEvent], list[dict[str, Any]]]:
    """Return the events of *rows*, and for each other one its index and what is wrong with it.

    Args:
        rows: From `read_body`.
        now: UTC seconds: the moment of events that have none.
        user_of: Says what the store knows a user by.
    """
    events, errors = [], []
    for index, row in enumerate(rows):
        try:
            events.append(_event(row, now, user_of))
        except DataError as error:
            errors.append({"index": index, "detail": str(error)})
    return events, errors


def check_id(value: object, name: str) -> str:
    """Return *value* as an id: text of 1 to 1,000 characters, or a whole number written out.

    Raises:
        DataError: If it is none.
    """
    if not isinstance(value, str):
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        raise DataError(f"{name} must be text" if value is not None else f"{name} is missing")
    if not value.strip():
        raise DataError(f"{name} is empty")
    if len(value) > _LONGEST_ID:
        raise DataError(f"{name} has {len(value):,} characters; {_LONGEST_ID:,} is the most")
    return _storable(value, name)


def check_depth(fields: Mapping[str, Any], what: str) -> None:
    """Refuse *fields* that hold lists and objects inside one another too deeply.

    Raises:
        DataError: If so.
    """
    level: list[Any] = list(fields.values())
    for _ in range(_DEEPEST):
        level = [
            inner
            for outer in level
            if isinstance(outer, Mapping | list)
            for inner in (outer.values() if isinstance(outer, Mapping) else outer)
        ]
        if not level:
            return
    raise DataError(f"{what} holds more than {_DEEPEST} levels of lists and objects")


def _event(row: object, now: float, user_of: Callable[[str], str]) -> StoredEvent:
    if not isinstance(row, dict):
        raise DataError("an event must be a JSON object")
    event_id, moment = row.get("event_id"), row.get("timestamp")
    made = _MADE[event_id is None, moment is None]
    if event_id is None:
        event_id = uuid.uuid4().hex
    extra = {}
    if not _KNOWN.issuperset(row):
        extra = {key: value for key, value in row.items() if key not in _KNOWN}
    if moment is None:
        seconds = int(now)
    else:
        seconds = _moment(moment, now)
        if seconds != moment or isinstance(moment, float):
            extra["timestamp"] = moment
    kind, text, ranking = [_text(row.get(name), name) for name in _TEXTS]
    return StoredEvent(
        event_id=check_id(event_id, "event_id"),
        user_id=user_of(check_id(row.get("user_id"), "user_id")),
        item_id=check_id(row.get("item_id"), "item_id"),
        value=_number(row.get("value")),
        moment=seconds,
        made=made,
        extra=_extra(extra),
        event=kind,
        text=text,
        ranking_id=ranking,
        dwell=_dwell(row.get("dwell")),
    )


def _text(value: object, name: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise DataError(f"{name} must be text")
    if len(value) > _LONGEST_TEXT:
        raise DataError(f"{name} has {len(value):,} characters; {_LONGEST_TEXT:,} is the most")
    return _storable(value, name)


def _storable(text: str, name: str) -> str:
    if "\x00" in text:
        raise DataError(f"{name} holds a NUL character")
    return text


def _number(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise DataError(f"value must be a number, got {value!r}")
    return float(value)


def _dwell(value: object) -> float | None:
    if value is None:
        return None
    if not lasted(value):
        raise DataError(f"dwell must be a number of seconds, not below 0, got {value!r}")
    return float(value)  # type: ignore[arg-type]  # it is a number


def _moment(value: object, now: float) -> int:
    """Return UTC seconds of a number (seconds or milliseconds) or of ISO 8601."""
    if isinstance(value, str):
        seconds = _iso(value)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise DataError(f"timestamp {value!r} is neither a number nor ISO 8601")
    else:
        seconds = value / 1000 if abs(value) >= _MILLISECONDS else value
    if not 0 <= seconds <= now + DAY:
        raise DataError(f"timestamp {value!r} lies before 1970 or in the future")
    return int(seconds)


def _iso(text: str) -> float:
    try:
        moment = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        raise DataError(f"timestamp {text!r} is neither a number nor ISO 8601") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()


def _extra(fields: Mapping[str, Any]) -> dict[str, Any]:
    if not fields:
        return {}
    check_depth(fields, "an event")
    if b"\\u0000" in orjson.dumps(dict(fields)):
        raise DataError("an event holds a NUL character")
    return dict(fields)
