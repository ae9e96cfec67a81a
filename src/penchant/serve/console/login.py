"""Who may see the console: a key opens a short session, and nothing answers without one."""

from __future__ import annotations

import html
import secrets
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final
from urllib.parse import parse_qs, quote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from penchant.errors import AccessError
from penchant.serve.console.look import ICON, SESSION, dark
from penchant.serve.console.words import language, word
from penchant.store.base import Key

__all__ = ["COOKIE", "KEY", "WHO", "Door", "Guard"]

COOKIE: Final = "penchant_console"
KEY: Final = "penchant.key"
"""Where the scope of a request has the key of whoever asks."""

WHO: Final = "penchant.who"
"""Where it has what says whose the session is now: its key, or None once it is over."""

_POLICY: Final = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors 'none'; "
    "base-uri 'self'; form-action 'self'"
)
"""Nothing from another host; the toolkit compiles its templates in the browser."""

_SECONDS: Final = 3600
_LONGEST: Final = 4096
"""Bytes of a form that are read."""


class Door:
    """Opens sessions for keys; a session ends after an hour, or with its key.

    Args:
        check: Returns the key of a secret; raises AccessError unless it may see the console.
        clock: Monotonic seconds.
    """

    def __init__(self, check: Callable[[str], Key], *, clock: Callable[[], float]) -> None:
        self._check = check
        self._clock = clock
        self._sessions: dict[str, tuple[str, float]] = {}

    def open(self, secret: str) -> str:
        """Return the token of a new session.

        Raises:
            AccessError: If the key does not open the console.
        """
        self._check(secret)
        now = self._clock()
        self._sessions = {t: kept for t, kept in self._sessions.items() if kept[1] > now}
        token = secrets.token_urlsafe(32)
        self._sessions[token] = (secret, now + _SECONDS)
        return token

    def who(self, token: str | None) -> Key | None:
        """Return the key of the session of *token*; None where none is open."""
        secret, ends = self._sessions.get(token or "", ("", 0.0))
        if not secret or ends <= self._clock():
            return None
        try:
            return self._check(secret)
        except AccessError:
            return None

    def close(self, token: str | None) -> None:
        """End a session."""
        self._sessions.pop(token or "", None)


class Guard:
    """Answers ``/login`` and ``/logout``, and lets the rest through to whoever has a session."""

    def __init__(self, app: ASGIApp, *, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        foreign = _foreign(asked)
        token = asked.cookies.get(COOKIE)
        key = None if foreign else self._door.who(token)
        if key is not None:
            if scope["path"] == SESSION:
                await Response(status_code=204)(scope, receive, send)
                return
            if scope["path"] not in {"/login", "/logout"}:
                scope[KEY] = key
                scope[WHO] = partial(self._door.who, token)
                await self._pass_on(scope, self._while_open(receive, token), _with_headers(send))
                return
            if scope["path"] == "/logout":
                self._door.close(token)
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4401})
            return
        answer = await self._answer(Request(scope, receive), foreign=foreign)
        await answer(scope, receive, send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except RuntimeError as error:  # Starlette's word for a browser that went away
            if str(error) != "No response returned.":
                raise

    def _while_open(self, receive: Receive, token: str | None) -> Receive:
        """Return *receive* of a connection that ends with its session."""

        async def received() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and self._door.who(token) is None:
                return {"type": "websocket.disconnect", "code": 4401}
            return message

        return received

    async def _answer(self, request: Request, *, foreign: bool) -> Response:
        if request.url.path == "/login" and request.method == "POST" and not foreign:
            return await self._log_in(request)
        if request.url.path == "/login":
            return _form(request)
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return RedirectResponse("/login", 303)
        return Response(status_code=401)

    async def _log_in(self, request: Request) -> Response:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > _LONGEST:
                return Response(status_code=413)
        secret = parse_qs(body.decode("utf-8", "replace")).get("key", [""])[0].strip()
        try:
            token = self._door.open(secret)
        except AccessError:
            return _form(request, wrong=True)
        self._door.close(request.cookies.get(COOKIE))  # who logs in takes over from who was there
        answer = RedirectResponse("/", 303)
        answer.set_cookie(
            *(COOKIE, token, _SECONDS),
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return answer


def _with_headers(send: Send) -> Send:
    """Return *send* that tells browsers to ask no other host, and not to show pages in others'."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Content-Security-Policy"] = _POLICY
            headers["X-Frame-Options"] = "DENY"
            headers["Referrer-Policy"] = "same-origin"
        await send(message)

    return sent


def _foreign(asked: HTTPConnection) -> bool:
    """Say whether another site's page asks: browsers name it."""
    origin = asked.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != asked.headers.get("host")


def _scheme(cookies: Mapping[str, str]) -> str:
    return {True: "dark", False: "light", None: "light dark"}[dark(cookies)]


def _form(request: Request, *, wrong: bool = False) -> Response:
    code = language(request.cookies)
    say = {name: html.escape(word(name, code)) for name in ("key", "enter", "wrong_key")}
    alert = f'<p role="alert">{say["wrong_key"]}</p>' if wrong else ""
    page = f"""<!doctype html><html lang="{code}"><meta charset="utf-8"><title>Penchant</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:image/svg+xml,{quote(ICON)}">
<style>:root{{color-scheme:{_scheme(request.cookies)}}}
body{{font:16px system-ui;max-width:22rem;margin:18vh auto;padding:0 1rem}}
input,button{{font:inherit;padding:.6rem;width:100%;box-sizing:border-box;margin:.4rem 0}}
</style><main><h1>Penchant</h1>{alert}<form method="post" action="/login">
<label>{say["key"]}<input name="key" type="password" required autofocus
autocomplete="current-password"></label><button>{say["enter"]}</button></form></main></html>"""
    headers = {"Cache-Control": "no-store", "X-Frame-Options": "DENY"}
    return HTMLResponse(page, 401 if wrong else 200, headers)
