"""How lists do while people use them."""

from __future__ import annotations

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query

from penchant.serve.api.answers import Json
from penchant.serve.api.guard import ServiceOf, allow
from penchant.serve.online import By, online

__all__ = ["router"]

router = APIRouter(tags=["metrics"], dependencies=[allow("admin")])


@router.get("/metrics/online")
async def get_online(
    service: ServiceOf,
    days: Annotated[float, Query(gt=0, le=3650)] = 30.0,
    by: Annotated[list[By] | None, Query(max_length=3)] = None,
) -> Any:  # noqa: ANN401  a response
    """Return take-up, conversion, value and coverage of the lists of the last days.

    One row for each lane, model and arm, or for what ``by`` names.  ``take_up_corrected`` is the
    take-up that the items would have at the first place.
    """
    wanted: list[By] = list(dict.fromkeys(by or ("lane", "model", "arm")))
    return Json(await to_thread.run_sync(lambda: online(service, days=days, by=wanted)))
