"""What wraps every request: an id, a bound on the body, a line of log, a count, safe headers.

Logs and counts hold the route's pattern, never its path: ids are personal data.
"""

from __future__ import annotations

import json
import logging
import os
import time
from typing import Any, Final

from prometheus_client import Counter, Histogram
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from penchant.serve.api.problems import problem

__all__ = ["MOST_BYTES", "Shell"]

MOST_BYTES: Final = 32 * 2**20
"""Of a request's body."""

_GONE: Final = 499
"""What is logged where a client left before its request was whole; nobody is told."""

_LOG: Final = logging.getLogger("penchant.access")
_REQUESTS: Final = Counter("penchant_requests", "Requests answered", ["method", "route", "status"])
_SECONDS: Final = Histogram(
    "penchant_request_seconds",
    "Seconds to an answer",
    ["route"],
    buckets=(0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1, 5),
)
_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)


class _TooLarge(Exception):  # noqa: N818  # it is a signal
    """The body is larger than `MOST_BYTES`."""


class Shell:
    """Wraps an application.

    Args:
        app: What answers.
        most: Bytes of a body.
    """

    def __init__(self, app: ASGIApp, *, most: int = MOST_BYTES) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        request_id = os.urandom(16).hex()
        status = 500
        begun = False

        async def sending(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                status, begun = message["status"], True
                own = (b"x-request-id", request_id.encode())
                message["headers"] = [*message.get("headers", []), *_HEADERS, own]
            await send(message)

        try:
            if _length(scope) > self._most:
                raise _TooLarge  # noqa: TRY301  # one way to answer it
            await self._app(scope, self._bounded(receive), sending)
        except ClientDisconnect:
            status = _GONE
        except _TooLarge:
            if not begun:
                detail = f"the body has more than {self._most:,} bytes"
                await problem(413, detail)(scope, receive, sending)
        finally:
            _note(scope, status, time.perf_counter() - start, request_id)

    def _bounded(self, receive: Receive) -> Receive:
        taken = 0

        async def receiving() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._most:
                raise _TooLarge
            return message

        return receiving


def _length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


def _note(scope: Scope, status: int, seconds: float, request_id: str) -> None:
    route: Any = scope.get("route")
    pattern = getattr(route, "path_format", None) or getattr(route, "path", "unknown")
    method = scope["method"] if pattern != "unknown" else "any"
    _REQUESTS.labels(method, pattern, str(status)).inc()
    _SECONDS.labels(pattern).observe(seconds)
    if _LOG.isEnabledFor(logging.INFO):
        line = {
            "at": round(time.time(), 3),
            "id": request_id,
            "method": method,
            "route": pattern,
            "status": status,
            "ms": round(1000 * seconds, 2),
        }
        _LOG.info(json.dumps(line))
