"""New interests, steering in plain words, and what an interest holds."""

from __future__ import annotations

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query

from penchant.rank.leanings import Leaning
from penchant.serve import tastes
from penchant.serve.api.answers import Json
from penchant.serve.api.guard import ServiceOf, UserOf, allow
from penchant.serve.api.people import OwnKeyOf, note
from penchant.serve.api.schemas import InterestPatch, InterestsRequest, SteerRequest
from penchant.store.base import Key

__all__ = ["router"]

router = APIRouter(tags=["tastes"])


@router.get("/users/{user_id:path}/explore")
async def explore(
    user_id: UserOf, service: ServiceOf, key: OwnKeyOf, m: Annotated[int, Query(ge=1, le=1000)] = 5
) -> Any:  # noqa: ANN401  a response
    """Return interests that are new to a user, those first that they are likeliest to take up."""
    answer = await to_thread.run_sync(lambda: tastes.explore(service, user_id, m=m))
    note(service, key, "explore", user_id)
    return Json(answer)


@router.post("/users/{user_id:path}/steer")
async def steer(user_id: UserOf, request: SteerRequest, service: ServiceOf, key: OwnKeyOf) -> Any:  # noqa: ANN401  a response
    """Read a sentence like "less horror, more science fiction, under 20 pounds".

    Answers with what was understood.  From then on it moves the user's lists, unless ``keep`` is
    false; DELETE undoes it.
    """
    text = request.text
    answer = await to_thread.run_sync(
        lambda: tastes.steer(service, user_id, text, keep=request.keep)
    )
    note(service, key, "steer", user_id)
    return Json(answer)


@router.delete("/users/{user_id:path}/steer")
async def leave_out(
    user_id: UserOf,
    service: ServiceOf,
    key: OwnKeyOf,
    steering_id: Annotated[str | None, Query(min_length=1, max_length=100)] = None,
) -> Any:  # noqa: ANN401  a response
    """Undo a sentence that a user steered by, or all of them."""
    answer = await to_thread.run_sync(lambda: tastes.leave_out(service, user_id, steering_id))
    note(service, key, "steer", user_id)
    return Json(answer)


@router.get("/users/{user_id:path}/interests")
async def leanings(user_id: UserOf, service: ServiceOf, key: OwnKeyOf) -> Any:  # noqa: ANN401  a response
    """Return what a user says of single interests."""
    answer = await to_thread.run_sync(lambda: tastes.leanings_for(service, user_id))
    note(service, key, "interests", user_id)
    return Json(answer)


@router.put("/users/{user_id:path}/interests")
async def lean(
    user_id: UserOf, request: InterestsRequest, service: ServiceOf, key: OwnKeyOf
) -> Any:  # noqa: ANN401  a response
    """Say all that a user says of single interests, over what was said before.

    What is pinned stands first in the portrait and moves up in lists; what is muted is in neither
    and not proposed; what is set has the strength that is said.  Of somebody new it makes the first
    list.  An interest of the upper level stands for those below it.
    """
    said = [Leaning(one.interest_id, one.action, one.strength) for one in request.interests]
    answer = await to_thread.run_sync(lambda: tastes.lean(service, user_id, said))
    note(service, key, "interests", user_id)
    return Json(answer)


@router.patch("/interests/{interest_id}")
async def edit(
    interest_id: str,
    request: InterestPatch,
    service: ServiceOf,
    key: Annotated[Key, allow("admin")],
) -> Any:  # noqa: ANN401  a response
    """Rename an interest, show it as another one of its level, or hide it; refits keep that."""
    changes = request.model_dump(exclude_unset=True)
    answer = await to_thread.run_sync(
        lambda: tastes.edit(service, interest_id, changes, actor=key.key_id)
    )
    return Json(answer)


@router.get("/interests/{interest_id}/items", dependencies=[allow("read")])
async def items(
    interest_id: str, service: ServiceOf, n: Annotated[int, Query(ge=1, le=1000)] = 100
) -> Any:  # noqa: ANN401  a response
    """Return the items that show an interest most."""
    return Json(await to_thread.run_sync(lambda: tastes.items_of(service, interest_id, n=n)))
