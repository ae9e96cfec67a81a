"""``POST /v1/events``: durable when it answers, each row on its own, repetitions harmless."""

from __future__ import annotations

import hashlib
from concurrent.futures import Future
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Header, Request
from fastapi.responses import Response

from penchant.errors import AccessError
from penchant.serve.api.answers import durable
from penchant.serve.api.guard import ServiceOf, allow
from penchant.serve.api.schemas import EVENTS, EventsAnswer
from penchant.serve.reading import read_body, read_events
from penchant.serve.service import Service
from penchant.store.base import Key, Posted, Receipt

__all__ = ["router"]

router = APIRouter(tags=["events"])

_SMALL = 20_000
"""Bytes of a body up to which it is read on the spot; a larger one would keep others waiting."""


@router.post("/events", response_model=EventsAnswer, openapi_extra=EVENTS)
async def post_events(
    request: Request,
    service: ServiceOf,
    key: Annotated[Key, allow("ingest", own=True)],
    idempotency_key: Annotated[str | None, Header(max_length=255)] = None,
) -> Response:
    """Take events: one, an array or NDJSON, to 10,000.

    Answers when all that it accepted is durable.  An `event_id` that is known changes nothing and
    counts as duplicate.  An `Idempotency-Key` repeats the first answer.
    """
    body = await request.body()
    kind = request.headers.get("content-type", "")
    if len(body) <= _SMALL:
        written = _written(body, kind, service, key, idempotency_key)
    else:
        written = await to_thread.run_sync(_written, body, kind, service, key, idempotency_key)
    receipt = await durable(written)
    return Response(receipt.to_json(), media_type="application/json")


def _written(
    body: bytes, kind: str, service: Service, key: Key, idempotency_key: str | None
) -> Future[Receipt]:
    """Return what is done when all events of a request are durable."""
    return service.store.events.submit(_posted(body, kind, service, key, idempotency_key))


def _posted(
    body: bytes, kind: str, service: Service, key: Key, idempotency_key: str | None
) -> Posted:
    events, errors = read_events(
        read_body(body, kind), now=service.clock(), user_of=service.door.user
    )
    if key.user is not None and any(event.user_id != key.user for event in events):
        raise AccessError("this token opens only what is its user's", known=True)
    if idempotency_key is None:
        return Posted(events=events, errors=errors)
    whose = key.key_id if key.user is None else f"{key.key_id} {key.user}"
    name = f"{whose} {idempotency_key}".encode()
    return Posted(
        events=events,
        errors=errors,
        request_key=hashlib.sha256(name).digest(),
        content=hashlib.sha256(body).digest(),
    )
