"""The console as an application: its pages behind its door."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from fastapi import FastAPI
from nicegui import ui
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp

from penchant.errors import PenchantError
from penchant.serve.console.desk import Desk, Page
from penchant.serve.console.interests import interests
from penchant.serve.console.items import items
from penchant.serve.console.login import KEY, WHO, Door, Guard
from penchant.serve.console.look import ICON
from penchant.serve.console.overview import overview
from penchant.serve.console.people import people
from penchant.serve.console.privacy import privacy
from penchant.serve.console.quality import quality
from penchant.serve.console.shell import PAGES, frame, said
from penchant.serve.console.trials import trials
from penchant.serve.console.trying import trying
from penchant.serve.console.words import LANGUAGES
from penchant.serve.service import Service
from penchant.store.base import Key

__all__ = ["application"]

_DRAWN: Final[dict[str, Page]] = {
    "interests": interests,
    "people": people,
    "items": items,
    "quality": quality,
    "experiments": trials,
    "privacy": privacy,
    "try": trying,
    "overview": overview,
}
_CHOICES: Final = {"language": tuple(LANGUAGES), "shade": ("light", "dark")}
_YEAR: Final = 365 * 24 * 3600


def application(service: Service, *, door: Door, lasting: bool) -> ASGIApp:
    """Return the console of a service, once in a process.

    Args:
        service: Answers.
        door: Who may see it.
        lasting: Whether what is changed outlasts this run.
    """
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
        _page(path, name, service=service, lasting=lasting)
    ui.run_with(
        app, title="Penchant", favicon=ICON, dark=None, tailwind=False, show_welcome_message=False
    )
    return Guard(app, door=door)


def _page(path: str, name: str, *, service: Service, lasting: bool) -> None:
    def page(request: Request) -> None:
        key: Key = request.scope[KEY]
        with frame(request, name=name, looks="admin" not in key.scopes) as code:
            who = request.scope[WHO]
            desk = Desk(service=service, key=key, who=who, code=code, lasting=lasting)
            try:
                _DRAWN[name](desk)
            except PenchantError as error:
                said(f"{error}. {error.hint or ''}", kind="alert")

    # NiceGUI reads the type itself, not its name.
    page.__annotations__["request"] = Request
    ui.page(path)(page)
