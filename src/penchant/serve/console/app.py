"""The console as an application: its pages behind its door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from fastapi import FastAPI
from nicegui import ui
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp

from penchant.engine.penchant import Penchant
from penchant.serve.console.asking import overview, people, wishes
from penchant.serve.console.interests import interests
from penchant.serve.console.login import Door, Guard
from penchant.serve.console.look import ICON
from penchant.serve.console.shell import PAGES, frame
from penchant.serve.console.words import LANGUAGES

__all__ = ["application"]

_DRAWN: Final[dict[str, Callable[..., None]]] = {
    "interests": interests,
    "people": people,
    "wishes": wishes,
    "overview": overview,
}
_CHOICES: Final = {"language": tuple(LANGUAGES), "shade": ("light", "dark")}
_YEAR: Final = 365 * 24 * 3600


def application(engine: Penchant, *, door: Door) -> ASGIApp:
    """Return the console of a model, once in a process."""
    app = FastAPI(openapi_url=None)

    @app.get("/choose/{what}/{value}")
    def choose(what: str, value: str, request: Request) -> RedirectResponse:
        """Keep how a browser wants pages, and go back to the one that it was at."""
        here = urlsplit(request.headers.get("referer", "")).path
        answer = RedirectResponse(here if here in PAGES else "/", 303)
        if value in _CHOICES.get(what, ()):
            answer.set_cookie(f"penchant_{what}", value, max_age=_YEAR, samesite="lax")
        return answer

    for path, name in PAGES.items():
        _page(engine, path, name)
    ui.run_with(
        app, title="Penchant", favicon=ICON, dark=None, tailwind=False, show_welcome_message=False
    )
    return Guard(app, door=door)


def _page(engine: Penchant, path: str, name: str) -> None:
    def page(request: Request) -> None:
        with frame(request, name=name) as code:
            _DRAWN[name](engine, code=code)

    # NiceGUI reads the type itself, not its name.
    page.__annotations__["request"] = Request
    ui.page(path)(page)
