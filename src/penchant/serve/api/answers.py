"""JSON answers, written by orjson."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.responses import Response

__all__ = ["Json"]


class Json(Response):
    """An answer in JSON; moments as ISO 8601."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:  # noqa: ANN401  any JSON value
        """Return *content* as bytes."""
        return orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY)
