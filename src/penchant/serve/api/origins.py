"""Which pages of the web may ask from a browser: none, unless ``PENCHANT_ORIGINS`` names them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from penchant.errors import ConfigError

__all__ = ["add_origins"]

_ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.\-]+(:\d+)?|https?://\[[0-9a-fA-F:]+\](:\d+)?")


def add_origins(app: FastAPI, environ: Mapping[str, str]) -> None:
    """Let pages of the origins in ``PENCHANT_ORIGINS``, separated by commas, ask *app*.

    Raises:
        ConfigError: If one is no origin; ``*`` is none.
    """
    said = [part.strip() for part in environ.get("PENCHANT_ORIGINS", "").split(",")]
    origins = [part for part in said if part]
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise ConfigError(
                f"PENCHANT_ORIGINS: {origin!r} is no origin",
                hint="Write https://shop.example, several with commas between.",
            )
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "X-API-Key", "Content-Type", "Idempotency-Key"],
            expose_headers=["X-Request-Id", "Retry-After"],
        )
