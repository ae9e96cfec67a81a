"""Tokens of one user, for a browser."""

from __future__ import annotations

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Request

from penchant.serve.api.answers import Json
from penchant.serve.api.guard import ServiceOf, UserOf, allow
from penchant.serve.api.people import note
from penchant.serve.api.schemas import TokenRequest
from penchant.serve.auth import Authority
from penchant.store.base import Key

__all__ = ["router"]

router = APIRouter(tags=["people"])


@router.post("/users/{user_id:path}/tokens")
async def post_token(
    user_id: UserOf,
    asked: TokenRequest,
    request: Request,
    service: ServiceOf,
    key: Annotated[Key, allow("read")],
) -> Any:  # noqa: ANN401  a response
    """Make a token with which a browser asks for what is this user's, for a while.

    It opens lists (*read*), the portrait, interests and steering (*portrait*), and takes events
    (*ingest*), of this user alone.  It ends by itself, or with the key that made it.
    """
    authority: Authority = request.app.state.authority
    token, end = await to_thread.run_sync(
        lambda: authority.token(key, user=user_id, scopes=asked.scopes, seconds=asked.seconds)
    )
    note(service, key, "token", user_id)
    return Json({"token": token, "user_id": user_id, "scopes": sorted(asked.scopes), "end": end})
