"""Lists, similar items and interests."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from penchant.engine.wanted import Wanted
from penchant.errors import AccessError, DataError, UsageError
from penchant.rank.rules import Rules
from penchant.serve.api.answers import Json, in_turn
from penchant.serve.api.guard import ServiceOf, allow
from penchant.serve.api.schemas import FiltersBody, ListAnswer, ListRequest, Wish
from penchant.serve.reading import check_id
from penchant.serve.service import Asked, Service
from penchant.store.base import Key, StoredEvent
from penchant.types import Columns

__all__ = ["router"]

router = APIRouter(tags=["lists"])


OwnKey = Annotated[Key, allow("read", own=True)]


@router.post("/recommendations", response_model=ListAnswer)
async def post_recommendations(request: ListRequest, service: ServiceOf, key: OwnKey) -> Response:
    """Return a list for a user, for a history, or for wishes in words.

    The next list after an acknowledged event reflects it.
    """
    asked = _asked(_for(request, key, service), int(service.clock()))
    return Json(await in_turn(lambda: service.recommend(asked)))


@router.get("/recommendations", response_model=ListAnswer)
async def get_recommendations(  # noqa: PLR0917  # FastAPI names them
    service: ServiceOf,
    key: OwnKey,
    user_id: Annotated[str | None, Query(min_length=1, max_length=1000)] = None,
    like: Annotated[list[Wish] | None, Query(max_length=20)] = None,
    not_like: Annotated[list[Wish] | None, Query(max_length=20)] = None,
    k: Annotated[int, Query(ge=1, le=10_000)] = 10,
    category: Annotated[list[str] | None, Query(max_length=100)] = None,
    diversity: Annotated[float, Query(ge=0, le=1)] = 0.0,
    explore_share: Annotated[float | None, Query(ge=0, le=1)] = None,
    *,
    include_seen: bool = False,
    explain: bool = True,
) -> Response:
    """Return a list, asked for by a link."""
    request = ListRequest(
        user_id=user_id,
        like=like or [],
        not_like=not_like or [],
        k=k,
        filters=FiltersBody(categories=category) if category else None,
        include_seen=include_seen,
        diversity=diversity,
        explore_share=explore_share,
        explain=explain,
    )
    asked = _asked(_for(request, key, service), int(service.clock()))
    return Json(await in_turn(lambda: service.recommend(asked)))


@router.get("/items/{item_id:path}/similar", dependencies=[allow("read")])
async def similar(
    item_id: str, service: ServiceOf, k: Annotated[int, Query(ge=1, le=1000)] = 10
) -> Any:  # noqa: ANN401  a response
    """Return items like an item."""
    return Json(await in_turn(lambda: service.similar(item_id, k=k)))


@router.get("/interests", dependencies=[allow("read")])
async def interests(service: ServiceOf) -> Any:  # noqa: ANN401  a response
    """Return the interests that were found: a tree of two levels."""
    return Json(await in_turn(service.interests))


def _for(request: ListRequest, key: Key, service: Service) -> ListRequest:
    """Return the request with the user as the store knows it; a token's is that of its own user.

    Raises:
        AccessError: If a token asks for another.
    """
    user = request.user_id
    if user is not None:
        user = service.door.user(check_id(user, "user_id"))
    elif key.user is not None and request.events is None:
        user = key.user
    if key.user is not None and user not in {None, key.user}:
        raise AccessError("this token opens only what is its user's", known=True)
    return request.model_copy(update={"user_id": user})


def _asked(request: ListRequest, now: int) -> Asked:
    """Return what a request asks for.

    Raises:
        UsageError: If it asks for a user and for a history at once.
    """
    if request.user_id is not None and request.events is not None:
        raise UsageError("user_id and events are of two people; send one of them")
    for wish in (*request.like, *request.not_like):
        if not wish.strip():
            raise DataError("a wish is empty")
    events = None
    if request.events is not None:
        events = [
            StoredEvent(
                event_id=str(number),
                user_id="",
                item_id=check_id(given.item_id, "item_id"),
                event=given.event,
                value=given.value,
                moment=now if given.timestamp is None else given.timestamp,
                dwell=given.dwell,
            )
            for number, given in enumerate(request.events)
        ]
    return Asked(
        user=request.user_id,
        events=events,
        open_share=request.explore_share is None,
        wanted=Wanted(
            like=request.like,
            not_like=request.not_like,
            k=request.k,
            candidates=request.candidates,
            include_seen=request.include_seen,
            diversity=request.diversity,
            explore_share=request.explore_share or 0.0,
            calibration=request.calibration,
            reasons=request.explain,
            rules=_rules(request),
        ),
    )


def _rules(request: ListRequest) -> Rules:
    """Return the rules of a request: its filters by their short names, and what else it says.

    Raises:
        UsageError: If one contradicts another.
    """
    filters = request.filters or FiltersBody()
    where, between = dict(filters.where), dict(filters.between)
    if filters.categories:
        where[Columns.CATEGORIES] = filters.categories
    if filters.brand is not None:
        where[Columns.BRAND] = [filters.brand]
    if (filters.min_price, filters.max_price) != (None, None):
        between[Columns.PRICE] = (filters.min_price, filters.max_price)
    return Rules(
        where=where, between=between, pins=request.pins, bans=request.bans, caps=request.caps
    )
