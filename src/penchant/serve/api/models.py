"""Models and fits: seen, asked for, promoted, rolled back."""

from __future__ import annotations

import dataclasses
import secrets
from typing import Any

from anyio import to_thread
from fastapi import APIRouter

from penchant.errors import ConflictError, UnknownIdError
from penchant.serve.api.guard import ServiceOf, allow
from penchant.serve.service import Service
from penchant.store.base import Fit, Model

__all__ = ["router"]

router = APIRouter(tags=["models"], dependencies=[allow("admin")])


@router.post("/fits", status_code=202)
async def post_fit(service: ServiceOf) -> dict[str, Any]:
    """Ask for a fit; it runs beside the service and serves if it is good enough."""
    return await to_thread.run_sync(_request, service)


@router.get("/fits/{fit_id}")
async def get_fit(fit_id: str, service: ServiceOf) -> dict[str, Any]:
    """Say what became of a fit."""
    fits = await to_thread.run_sync(service.store.models.fits)
    for fit in fits:
        if fit.fit_id == fit_id:
            return dataclasses.asdict(fit)
    raise UnknownIdError(f"fit {fit_id!r} is not known")


@router.get("/models")
async def list_models(service: ServiceOf) -> dict[str, Any]:
    """List models, newest first, with what they are and why."""
    models = await to_thread.run_sync(service.store.models.all)
    return {"models": [_shown(model) for model in models]}


@router.post("/models/{model_id}/promote")
async def promote(model_id: str, service: ServiceOf) -> dict[str, Any]:
    """Let a model serve: one kept aside, or an earlier one again."""
    return await to_thread.run_sync(_promote, service, model_id)


def _request(service: Service) -> dict[str, Any]:
    at = int(service.clock())
    fit = Fit(fit_id=f"f{secrets.token_hex(6)}", at=at, beat=at, status="requested")
    if not service.store.models.request(fit):
        raise ConflictError("a fit is under way", hint="Ask again when it is done.")
    return dataclasses.asdict(fit)


def _promote(service: Service, model_id: str) -> dict[str, Any]:
    service.store.models.promote(model_id, reason="promoted by hand")
    service.refresh()
    return {"model_id": model_id, "status": "serving"}


def _shown(model: Model) -> dict[str, Any]:
    fields = dataclasses.asdict(model)
    del fields["path"]
    return fields
