"""Gorse's API under ``/api``, as its client ``pygorse`` calls it.

feedback    an event; its id is made of type, user and item, as Gorse keeps one of each
POST adds the value to what was there, PUT overwrites it
names in PascalCase, errors as plain text, 200 is the only success
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final, TypeVar

from anyio import to_thread
from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response

from penchant.engine.newcomers import categories_of
from penchant.engine.wanted import Wanted
from penchant.errors import DataError, UnknownIdError
from penchant.rank.rules import Rules
from penchant.serve.api.answers import Json, in_turn
from penchant.serve.api.guard import ServiceOf, UserOf, allow
from penchant.serve.reading import check_id, read_body, read_events
from penchant.serve.service import Asked, Service
from penchant.store.base import Key, StoredEvent
from penchant.types import Columns

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

T = TypeVar("T")
Count = Annotated[int, Query(alias="n", ge=0, le=10_000)]
Offset = Annotated[int, Query(ge=0, le=10_000)]
Ingest, Read, Portrait = allow("ingest"), allow("read"), allow("portrait")

_NEVER: Final = "0001-01-01T00:00:00Z"
_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s)")
_SECONDS: Final = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_NAMES: Final = {
    "Comment": Columns.TITLE,
    "Categories": Columns.CATEGORIES,
    "Labels": "labels",
    "Timestamp": "listed",
}
"""What Gorse says of an item → our field."""


async def _run(job: Callable[[], T]) -> Response:
    return Json(await to_thread.run_sync(job))


# Feedback


@router.post("/feedback", dependencies=[Ingest])
async def post_feedback(request: Request, service: ServiceOf) -> Response:
    """Store feedback; a value is added to what was there."""
    return await _feedback(request, service, add=True)


@router.put("/feedback", dependencies=[Ingest])
async def put_feedback(request: Request, service: ServiceOf) -> Response:
    """Store feedback over what was there."""
    return await _feedback(request, service, add=False)


@router.get("/feedback", dependencies=[Portrait])
async def get_feedback(service: ServiceOf, n: Count = 10, cursor: str = "") -> Response:
    """Return a page of all feedback."""
    after = _number(cursor)
    events = await to_thread.run_sync(lambda: service.store.events.since(after, most=n))
    following = str(events[-1].seq) if n and len(events) == n else ""
    return Json({"Cursor": following, "Feedback": [_as_feedback(event) for event in events]})


@router.get("/user/{user_id:path}/feedback/{kind}", dependencies=[Portrait])
async def get_user_feedback(user_id: UserOf, kind: str, service: ServiceOf) -> Response:
    """Return a user's feedback of a type."""
    past = await to_thread.run_sync(lambda: service.store.events.past(user_id, most=100_000))
    return Json([_as_feedback(event) for event in past.events if event.event == kind])


@router.delete("/feedback/{user_id}/{item:path}", dependencies=[Ingest])
async def delete_feedback(user_id: UserOf, item: str, service: ServiceOf) -> Response:
    """Forget what a user did to an item."""
    return await _run(lambda: _affected(service.store.events.drop(user_id, item)))


# Lists


@router.get("/recommend/{user_id}", dependencies=[Read])
@router.get("/recommend/{user_id}/{category:path}", dependencies=[Read])
async def recommend(  # noqa: PLR0917  # FastAPI names them
    user_id: UserOf,
    service: ServiceOf,
    category: str = "",
    n: Count = 10,
    offset: Offset = 0,
    write_back_type: Annotated[str, Query(alias="write-back-type")] = "",
    write_back_delay: Annotated[str, Query(alias="write-back-delay")] = "",
    version: Annotated[str, Header(alias="X-API-Version")] = "1",
) -> Response:
    """Return a list; with a write-back, note its items as seen."""
    rows = await in_turn(
        lambda: _listed(service, Asked(user=user_id), category=category, n=n, offset=offset)
    )
    if write_back_type:
        delay = sum(
            float(size) * _SECONDS[unit] for size, unit in _DURATION.findall(write_back_delay)
        )
        now = int(service.clock() + delay)
        shown = [_event(write_back_type, user_id, row["Id"], now) for row in rows]
        await to_thread.run_sync(lambda: service.store.events.replace(shown, add=False))
    return Json(rows if version == "2" else [row["Id"] for row in rows])


@router.post("/session/recommend", dependencies=[Read])
@router.post("/session/recommend/{category:path}", dependencies=[Read])
async def session(
    request: Request, service: ServiceOf, category: str = "", n: Count = 10, offset: Offset = 0
) -> Response:
    """Return a list for feedback that is not stored."""
    body = await request.body()

    def job() -> list[dict[str, Any]]:
        rows = [{"UserId": "session", **_object(row)} for row in read_body(body, "")]
        asked = Asked(events=_events(rows, service))
        return _listed(service, asked, category=category, n=n, offset=offset)

    return Json(await in_turn(job))


@router.get("/item/{item:path}/neighbors", dependencies=[Read])
async def neighbours(item: str, service: ServiceOf, n: Count = 10, offset: Offset = 0) -> Response:
    """Return items like an item."""

    def job() -> list[dict[str, Any]]:
        rows = service.similar(item, k=max(n + offset, 1))["items"]
        return [{"Id": row["similar_id"], "Score": row["score"]} for row in rows][
            offset : offset + n
        ]

    return Json(await in_turn(job))


# Items


@router.post("/item", dependencies=[Ingest])
@router.post("/items", dependencies=[Ingest])
async def post_items(request: Request, service: ServiceOf) -> Response:
    """Store an item or several."""
    body = await request.body()

    def job() -> dict[str, int]:
        items = [_as_item(_object(row)) for row in read_body(body, "")]
        return _affected(service.store.items.put(items))

    return await _run(job)


@router.get("/items", dependencies=[Read])
async def get_items(service: ServiceOf, n: Count = 10, cursor: str = "", q: str = "") -> Response:
    """Return a page of all items, or those that a search finds."""

    def job() -> dict[str, Any]:
        if q:
            return {"Cursor": "", "Items": [_from_item(i) for i in service.search(q, most=n)]}
        items, following = service.store.items.page(after=_key(cursor), most=n or 1)
        return {"Cursor": following, "Items": [_from_item(item) for item in items][:n]}

    return await _run(job)


@router.get("/item/{item:path}", dependencies=[Read])
async def get_item(item: str, service: ServiceOf) -> Response:
    """Return an item."""
    return await _run(lambda: _from_item(service.store.items.get(item)))


@router.patch("/item/{item:path}", dependencies=[Ingest])
async def patch_item(item: str, request: Request, service: ServiceOf) -> Response:
    """Change what is said of an item; null leaves it as it is."""
    (row,) = read_body(await request.body(), "") or [None]
    changes = {k: v for k, v in _object(row).items() if v is not None}

    def job() -> dict[str, int]:
        service.store.items.patch(item, _fields(changes))
        return _affected(1)

    return await _run(job)


@router.delete("/item/{item:path}", dependencies=[Ingest])
async def delete_item(item: str, service: ServiceOf) -> Response:
    """Take an item off all lists."""

    def job() -> dict[str, int]:
        service.store.items.delete(item)
        return _affected(1)

    return await _run(job)


# Users


@router.post("/user", dependencies=[Ingest])
@router.post("/users", dependencies=[Ingest])
async def post_users(request: Request, service: ServiceOf) -> Response:
    """Store a user or several."""
    body = await request.body()

    def job() -> dict[str, int]:
        rows = [_object(row) for row in read_body(body, "")]
        ids = [service.door.user(check_id(row.get("UserId"), "UserId")) for row in rows]
        said = [{k: v for k, v in row.items() if k != "UserId"} for row in rows]
        users = [{**row, Columns.USER: user} for row, user in zip(said, ids, strict=True)]
        return _affected(service.store.people.put(users))

    return await _run(job)


@router.get("/users", dependencies=[Portrait])
async def get_users(service: ServiceOf, n: Count = 10, cursor: str = "") -> Response:
    """Return a page of all users."""

    def job() -> dict[str, Any]:
        users, following = service.store.people.page(after=_key(cursor), most=n or 1)
        return {"Cursor": following, "Users": [_from_user(user) for user in users][:n]}

    return await _run(job)


@router.get("/user/{user_id:path}", dependencies=[Portrait])
async def get_user(user_id: UserOf, service: ServiceOf) -> Response:
    """Return a user."""

    def job() -> dict[str, Any]:
        said = service.store.people.get(user_id)
        if said is None:
            raise UnknownIdError(f"user {user_id!r} is not known")
        return _from_user(said)

    return await _run(job)


@router.delete("/user/{user_id:path}")
async def delete_user(
    user_id: UserOf, service: ServiceOf, key: Annotated[Key, Portrait]
) -> Response:
    """Forget a user."""

    def job() -> dict[str, int]:
        service.erase(user_id, actor=key.key_id)
        return _affected(1)

    return await _run(job)


# Between Gorse's words and ours


async def _feedback(request: Request, service: Service, *, add: bool) -> Response:
    body = await request.body()

    def job() -> dict[str, int]:
        rows = [_object(row) for row in read_body(body, "")]
        events = _events(rows, service)
        return _affected(service.store.events.replace(events, add=add))

    return await _run(job)


def _events(rows: list[dict[str, Any]], service: Service) -> list[StoredEvent]:
    """Return feedback as events.

    Raises:
        DataError: If one is wrong; Gorse refuses the whole request.
    """
    users = [_user(row.get("UserId"), service) for row in rows]
    said = [
        {
            "event_id": _event_id(row.get("FeedbackType"), user, row.get("ItemId")),
            "user_id": user,
            "item_id": row.get("ItemId"),
            "event": row.get("FeedbackType"),
            "value": row.get("Value"),
            "timestamp": row.get("Timestamp") or None,
            "text": row.get("Comment") or None,
        }
        for row, user in zip(rows, users, strict=True)
    ]
    events, errors = read_events(said, now=service.clock())
    if errors:
        raise DataError(f"feedback {errors[0]['index']}: {errors[0]['detail']}")
    return events


def _user(user: object, service: Service) -> object:
    """Return what the store knows *user* by; what is no id as it is."""
    whole = isinstance(user, int) and not isinstance(user, bool)
    return service.door.user(str(user)) if whole or (isinstance(user, str) and user) else user


def _event(kind: str, user: str, item: str, at: int) -> StoredEvent:
    return StoredEvent(
        event_id=_event_id(kind, user, item), user_id=user, item_id=item, event=kind, moment=at
    )


def _event_id(*parts: object) -> str:
    return "gorse-" + hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _as_feedback(event: StoredEvent) -> dict[str, Any]:
    at = event.extra.get("timestamp") or _iso(event.moment)
    return {
        "FeedbackType": event.event or "",
        "UserId": event.user_id,
        "ItemId": event.item_id,
        "Timestamp": at,
        "Value": event.value or 0,
        "Comment": event.text or "",
    }


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _listed(
    service: Service, asked: Asked, *, category: str, n: int, offset: int
) -> list[dict[str, Any]]:
    if not n:
        return []
    rules = Rules(where={Columns.CATEGORIES: [category]} if category else {})
    wanted = Wanted(k=n + offset, rules=rules)
    whole = Asked(user=asked.user, events=asked.events, wanted=wanted)
    rows = service.recommend(whole)["items"]
    return [{"Id": row[Columns.ITEM], "Score": row[Columns.SCORE]} for row in rows][offset:]


def _as_item(row: Mapping[str, Any]) -> dict[str, Any]:
    fields = {k: v for k, v in _fields(row).items() if v is not None}
    return {Columns.ITEM: check_id(row.get("ItemId"), "ItemId"), **fields}


def _fields(row: Mapping[str, Any]) -> dict[str, Any]:
    fields = {ours: row[name] for name, ours in _NAMES.items() if name in row}
    if "IsHidden" in row:
        fields[Columns.AVAILABLE] = not row["IsHidden"]
    return fields


def _from_item(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "ItemId": item[Columns.ITEM],
        "IsHidden": item.get(Columns.AVAILABLE) is False,
        "Categories": categories_of(item),
        "Labels": item.get("labels"),
        "Timestamp": item.get("listed") or _NEVER,
        "Comment": item.get(Columns.TITLE) or "",
    }


def _from_user(user: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "UserId": user[Columns.USER],
        "Labels": user.get("Labels"),
        "Subscribe": user.get("Subscribe"),
        "Comment": user.get("Comment") or "",
    }


def _object(row: object) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise DataError("it must be a JSON object")
    return row


def _affected(rows: int) -> dict[str, int]:
    return {"RowAffected": rows}


def _number(cursor: str) -> int:
    if cursor and not cursor.isdigit():
        raise DataError(f"cursor {cursor!r} is none of ours")
    return int(cursor or 0)


def _key(cursor: str) -> str:
    if not re.fullmatch(r"([0-9a-f]{32})?", cursor):
        raise DataError(f"cursor {cursor!r} is none of ours")
    return cursor
