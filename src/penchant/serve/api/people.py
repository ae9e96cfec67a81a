"""Personal data: portraits, exports, what a user steers, erasure.  Every read is noted."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Query

from penchant.serve.api.answers import Json
from penchant.serve.api.guard import ServiceOf, UserOf, allow
from penchant.serve.service import Service
from penchant.store.base import Key, key_of

__all__ = ["OwnKeyOf", "note", "router"]

router = APIRouter(tags=["people"])

KeyOf = Annotated[Key, allow("portrait")]
OwnKeyOf = Annotated[Key, allow("portrait", own=True)]
"""Of somebody who may see personal data of all, or of the user in the path alone."""


@router.get("/users/{user_id:path}/portrait")
async def portrait(
    user_id: UserOf,
    service: ServiceOf,
    key: OwnKeyOf,
    m: Annotated[int, Query(ge=1, le=1000)] = 10,
    prose: Literal["en", "zh"] | None = None,
) -> Any:  # noqa: ANN401  a response
    """Return what a user likes, most telling first; with *prose* in three sentences too.

    A generator writes these in the background; until then they are fixed sentences, or the last
    ones where the portrait has moved since, marked ``stale``.
    """
    answer = await to_thread.run_sync(lambda: service.portrait(user_id, m=m, prose=prose))
    note(service, key, "portrait", user_id)
    return Json(answer)


@router.get("/users/{user_id:path}/export")
async def export(user_id: UserOf, service: ServiceOf, key: KeyOf) -> Any:  # noqa: ANN401  a response
    """Return everything that is kept of a user."""
    answer = await to_thread.run_sync(lambda: service.export(user_id))
    note(service, key, "export", user_id)
    return Json(answer)


@router.delete("/users/{user_id:path}")
async def erase(user_id: UserOf, service: ServiceOf, key: KeyOf) -> Any:  # noqa: ANN401  a response
    """Forget a user: events, lists, what was steered; the model's row is not read any more."""
    answer = await to_thread.run_sync(lambda: service.erase(user_id, actor=key.key_id))
    return Json(answer)


def note(service: Service, key: Key, action: str, user: str) -> None:
    """Keep that a key did something with what is known of *user*."""
    at = int(service.clock())
    service.store.audit.note(
        at=at, actor=key.key_id, action=action, subject=key_of(user), detail=""
    )
