"""JSON answers, written by orjson, and the turns that lists take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, TypeVar

import orjson
from anyio import CapacityLimiter, to_thread
from starlette.responses import Response

from penchant.errors import StoreError
from penchant.store.database import LONGEST

__all__ = ["Json", "durable", "in_turn"]

T = TypeVar("T")

_AT_ONCE: Final = CapacityLimiter(2)
"""Lists made at a time: more threads would take turns at one interpreter, and all be late."""


class Json(Response):
    """An answer in JSON; moments as ISO 8601."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:  # noqa: ANN401  any JSON value
        """Return *content* as bytes."""
        return orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY)


async def durable(written: Future[T]) -> T:
    """Return what came of something that is being written.

    Raises:
        StoreError: If that takes too long; it may be written yet.
    """
    try:
        return await asyncio.wait_for(asyncio.wrap_future(written), LONGEST)
    except TimeoutError as error:
        raise StoreError(f"the store did not write within {LONGEST:g} s") from error


async def in_turn(job: Callable[[], T]) -> T:
    """Return what *job*, which makes a list, returns; it runs in a thread, few at a time."""
    return await to_thread.run_sync(job, limiter=_AT_ONCE)
