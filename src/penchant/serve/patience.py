"""HTTP with a bound on how long a request may take to arrive.

    PENCHANT_PATIENCE    seconds for the head of a request, 10 unless set; its body has six times
                         that

A connection that sends nothing, or a letter a minute, is told 408 and closed: thousands of them
would otherwise hold the service's files for as long as they like.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from penchant.errors import ConfigError

__all__ = ["Patient", "patience"]

_NAME: Final = "PENCHANT_PATIENCE"
_HEAD: Final = 10.0
_BODY: Final = 6.0
"""Times what a head may take."""


def patience(environ: Mapping[str, str]) -> float:
    """Return the seconds that the head of a request may take.

    Raises:
        ConfigError: If they are no number > 0.
    """
    said = environ.get(_NAME, "").strip()
    try:
        seconds = float(said) if said else _HEAD
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise ConfigError(f"{_NAME} must be a number above 0, got {said!r}")
    return seconds


class Patient(HttpToolsProtocol):
    """One connection, closed where a request takes too long to arrive."""

    def __init__(self, *words: Any, **named: Any) -> None:  # noqa: ANN401  uvicorn's
        super().__init__(*words, **named)
        self._seconds = patience(os.environ)
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first head."""
        super().connection_made(transport)
        self._wait(self._seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._wait(None)
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Wait for the rest of a head."""
        super().on_message_begin()
        if self._timer is None:
            self._wait(self._seconds)

    def on_headers_complete(self) -> None:
        """Wait for a body; one that queues behind another request is not read yet."""
        super().on_headers_complete()
        self._wait(None if self.pipeline else _BODY * self._seconds)

    def on_message_complete(self) -> None:
        """Wait for nothing: it is the service's turn."""
        self._wait(None)
        super().on_message_complete()

    def _wait(self, seconds: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if seconds is None else self.loop.call_later(seconds, self._give_up)

    def _give_up(self) -> None:
        self._timer = None
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(_too_slow())
        self.transport.close()


def _too_slow() -> bytes:
    status = HTTPStatus.REQUEST_TIMEOUT
    said = {"type": "about:blank", "title": status.phrase, "status": int(status)}
    body = json.dumps(said | {"detail": "the request took too long to arrive"}).encode()
    head = (
        f"HTTP/1.1 {int(status)} {status.phrase}\r\ncontent-type: application/problem+json\r\n"
        f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body
