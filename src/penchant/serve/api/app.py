"""The application: routes, guards and errors around a `Service`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Mapping

from fastapi import FastAPI

import penchant
from penchant.serve import gorse
from penchant.serve.api import (
    catalogue,
    events,
    experiments,
    lists,
    metrics,
    models,
    people,
    tastes,
    tokens,
    watch,
)
from penchant.serve.api.origins import add_origins
from penchant.serve.api.problems import PROBLEMS, add_problems
from penchant.serve.api.shell import MOST_BYTES, Shell
from penchant.serve.auth import Authority
from penchant.serve.limits import Limits
from penchant.serve.service import Service

__all__ = ["create_app"]


def create_app(
    service: Service,
    *,
    most_bytes: int = MOST_BYTES,
    environ: Mapping[str, str] | None = None,
) -> FastAPI:
    """Return the application around *service*, which it starts and closes.

    Args:
        service: What answers.
        most_bytes: Bound of a request's body.
        environ: Environment, which sets limits and origins; None takes the process's.

    Raises:
        ConfigError: If one of them is wrong.
    """
    environ = os.environ if environ is None else environ

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        service.start()
        settling = asyncio.create_task(experiments.settling(service))
        yield
        settling.cancel()
        service.close()

    app = FastAPI(
        title="Penchant",
        version=penchant.__version__,
        description="Finds out what people like, in words; recommends and explains.",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.state.service = service
    app.state.authority = Authority(service.store.keys, clock=time.monotonic, wall=service.clock)
    app.state.limits = Limits.of(environ, clock=time.monotonic)
    # /items/{id}/similar before /items/{id}, and so with users: an id may hold slashes
    for part in (lists, events, tastes, tokens, people, catalogue, models, metrics, experiments):
        app.include_router(part.router, prefix="/v1", responses=PROBLEMS)
    app.include_router(gorse.router, prefix="/api")
    app.include_router(watch.router)
    add_origins(app, environ)
    app.add_middleware(Shell, most=most_bytes)
    add_problems(app)
    return app
