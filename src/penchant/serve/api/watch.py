"""What watches over the service: alive, ready, metrics, the description of the API."""

from __future__ import annotations

import os
from typing import Any

import prometheus_client
from anyio import to_thread
from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, JSONResponse, Response
from prometheus_client import multiprocess

from penchant.serve.api.guard import ServiceOf, allow_here

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/healthz", dependencies=[allow_here("read")])
async def healthz() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


@router.get("/readyz", dependencies=[allow_here("read")])
async def readyz(service: ServiceOf) -> dict[str, Any]:
    """Say that events are accepted: the store answers; with or without a model."""
    await to_thread.run_sync(service.store.events.last)
    return {"status": "ready", "model": service.model.model_id if service.model else None}


@router.get("/metrics", dependencies=[allow_here("admin")])
async def metrics() -> Response:
    """Return counts and times for Prometheus."""
    registry = prometheus_client.REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = prometheus_client.CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    text = prometheus_client.generate_latest(registry)
    return Response(text, media_type=prometheus_client.CONTENT_TYPE_LATEST)


@router.get("/openapi.json", dependencies=[allow_here("read")])
async def openapi(request: Request) -> JSONResponse:
    """Return the description of the API."""
    app: FastAPI = request.app
    return JSONResponse(app.openapi())


@router.get("/docs", dependencies=[allow_here("read")])
async def docs() -> HTMLResponse:
    """Return a page to read the description and to try it."""
    return get_swagger_ui_html(openapi_url="/openapi.json", title="Penchant")
