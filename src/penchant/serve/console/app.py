"""The console as an application: its pages behind its door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from fastapi import FastAPI
from nicegui import ui
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp

from penchant.engine.penchant import Penchant
from penchant.serve.console.asking import overview, people, wishes
from penchant.serve.console.interests import interests
from penchant.serve.console.login import Door, Guard
from penchant.serve.console.shell import PAGES, frame
from penchant.serve.console.words import LANGUAGES

__all__ = ["application"]

_DRAWN: Final[dict[str, Callable[..., None]]] = {
    "interests": interests,
    "people": people,
    "wishes": wishes,
    "overview": overview,
}


def application(engine: Penchant, *, door: Door) -> ASGIApp:
    """Return the console of a model, once in a process."""
    app = FastAPI(openapi_url=None)

    @app.get("/language/{code}")
    def choose(code: str) -> RedirectResponse:
        answer = RedirectResponse("/", 303)
        if code in LANGUAGES:
            answer.set_cookie("penchant_language", code, samesite="lax")
        return answer

    for path, name in PAGES.items():
        _page(engine, path, name)
    ui.run_with(app, title="Penchant", dark=None, show_welcome_message=False)
    return Guard(app, door=door)


def _page(engine: Penchant, path: str, name: str) -> None:
    def page(request: Request) -> None:
        with frame(request, name=name) as code:
            _DRAWN[name](engine, code=code)

    # NiceGUI reads the type itself, not its name.
    page.__annotations__["request"] = Request
    ui.page(path)(page)
