"""Every error as RFC 9457 ``application/problem+json``, translated in one place."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from penchant.errors import LimitError, PenchantError
from penchant.serve.api.answers import Json

__all__ = ["PROBLEMS", "add_problems", "problem"]

_LOG: Final = logging.getLogger("penchant.service")

_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")

_SCHEMA: Final = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "hint": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}
_CONTENT: Final = {"application/problem+json": {"schema": _SCHEMA}}

PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"description": HTTPStatus(status).phrase, "content": _CONTENT}
    for status in (400, 401, 403, 404, 405, 409, 413, 422, 429, 503)
}
"""What any route may answer, for the OpenAPI description."""


def problem(
    status: int,
    detail: str,
    *,
    hint: str = "",
    headers: dict[str, str] | None = None,
    errors: Sequence[dict[str, str]] = (),
) -> Response:
    """Return an answer that says what went wrong.

    Args:
        status: Of HTTP.
        detail: What happened.
        hint: What the client can do about it.
        headers: Besides the usual ones.
        errors: What is wrong where.
    """
    title = HTTPStatus(status).phrase
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    body["detail"] = detail
    if hint:
        body["hint"] = hint
    if errors:
        body["errors"] = errors
    return Json(body, status_code=status, media_type="application/problem+json", headers=headers)


def _answer(
    request: Request,
    status: int,
    detail: str,
    *,
    hint: str = "",
    headers: dict[str, str] | None = None,
    errors: Sequence[dict[str, str]] = (),
) -> Response:
    """Return a problem, or its text alone to clients of Gorse, who expect that."""
    if request.url.path.startswith("/api/"):
        return PlainTextResponse(detail, status_code=status, headers=headers)
    return problem(status, detail, hint=hint, headers=headers, errors=errors)


def _allowed(request: Request) -> list[str]:
    """Return the methods that the path of a request knows, of all its routes."""
    routes = request.app.router.routes
    scopes = {method: {**request.scope, "method": method} for method in _METHODS}
    return [
        method
        for method, scope in scopes.items()
        if any(route.matches(scope)[0] is Match.FULL for route in routes)
    ]


def add_problems(app: FastAPI) -> None:
    """Let *app* answer every error as a problem."""

    async def deliberate(request: Request, error: Exception) -> Response:
        assert isinstance(error, PenchantError)  # noqa: S101  the handler is for these
        status = error.http_status
        headers = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "1"}}.get(status)
        if isinstance(error, LimitError):
            headers = {"Retry-After": str(error.wait)}
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            _LOG.warning("%s: %s", type(error).__name__, error)
        return _answer(request, status, str(error), hint=error.hint, headers=headers)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101  the handler is for these
        said = [
            {"where": ".".join(str(part) for part in one["loc"]), "detail": one["msg"]}
            for one in error.errors()
        ]
        first = f"{said[0]['where']}: {said[0]['detail']}" if said else "the request is invalid"
        return _answer(request, 422, first, errors=said)

    async def standard(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101  the handler is for these
        headers = dict(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = ", ".join(_allowed(request))
        return _answer(request, error.status_code, str(error.detail), headers=headers)

    async def mistake(request: Request, error: Exception) -> Response:
        _LOG.error("a request failed", exc_info=error)
        return _answer(request, 500, "this is a mistake in the service")

    app.add_exception_handler(PenchantError, deliberate)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, standard)
    app.add_exception_handler(Exception, mistake)
