"""The page of items: what each is about, what is like it, and what a text not yet out would be."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Any, Final

import polars as pl
from nicegui import ui

from penchant.serve.console.desk import Desk
from penchant.serve.console.shell import facts, heading, press, said, table
from penchant.serve.holding import about, held_by, placed, search
from penchant.types import Columns

__all__ = ["items"]

_FOUND: Final = 30
_LIKE: Final = 8
_INTERESTS: Final = 5


def items(desk: Desk) -> None:
    """Draw the page."""
    with ui.element("form").classes("asking").props('role="search" onsubmit="return false"'):
        words = ui.input(desk.say("item_words")).props("outlined dense")
        find = press(desk.say("search"), kind="go")
    found = ui.element("div").classes("chips")
    shown = ui.element("section").props("aria-live=polite")

    async def show(item: str) -> None:
        told = await desk.ask(shown, lambda: about(desk.service, item, most=_LIKE))
        if told is not None:
            with shown:
                _item(desk, told)

    async def look() -> None:
        shown.clear()
        asked = str(words.value or "")
        ids = await desk.ask(found, lambda: search(desk.service, asked, most=_FOUND))
        with found:
            if ids == []:
                said(desk.say("none"))
            for item, title in zip(ids or [], desk.titles(ids or []), strict=True):
                press(title, partial(show, item))

    words.on("keydown.enter", look)
    find.on_click(look)
    heading(desk.say("unpublished"))
    said(desk.say("unpublished_why"))
    text = ui.textarea(desk.say("text")).props("outlined autogrow").classes("text")
    place = press(desk.say("place"), kind="go")
    would = ui.element("section").props("aria-live=polite")

    async def read() -> None:
        asked = str(text.value or "")
        told = await desk.ask(would, lambda: placed(desk.service.fitted, asked, most=_LIKE))
        if told is not None:
            with would:
                _would(desk, *told)

    place.on_click(read)


def _item(desk: Desk, told: dict[str, Any]) -> None:
    """Draw one item."""
    say = desk.say
    heading(told[Columns.TITLE])
    uses = told["uses"]
    facts(
        [(f"{uses:,}", say("n_took"))]
        + [(str(told[name]), say(name)) for name in (Columns.PRICE, Columns.BRAND) if told[name]]
    )
    if not uses:
        said(say("cold_item"), kind="plain")
    if told[Columns.CATEGORIES]:
        said(", ".join(told[Columns.CATEGORIES]))
    if told[Columns.DESCRIPTION]:
        said(told[Columns.DESCRIPTION], kind="plain")
    heading(say("interests"), level=3)
    strengths(desk, told["interests"][:_INTERESTS])
    heading(say("neighbours"), level=3)
    _like(desk, told["similar"])


def _would(desk: Desk, interests: Sequence[tuple[str, float]], like: Sequence[Any]) -> None:
    """Draw what a text would be: interests, how many people they reach, items like it."""
    if not interests:
        said(desk.say("none"))
        return
    heading(desk.say("would_meet"), level=3)
    strengths(desk, interests[:_INTERESTS])
    heading(desk.say("neighbours"), level=3)
    _like(desk, like)


def strengths(desk: Desk, interests: Sequence[tuple[str, float]]) -> None:
    """Draw interests with how strong they are and how many people have taken something of each."""
    fitted, names = desk.service.fitted, desk.names
    everybody, lines = f"{len(fitted.users):,}", ""
    for leaf, value in interests:
        reach = desk.say("reaches", f"{held_by(fitted, leaf):,}", everybody)
        strong = desk.say("strength_of", f"{value:.0%}")
        lines += (
            f'<li><div class="head"><bdi class="title">{escape(names[leaf])}</bdi>'
            f'<span class="soft">{escape(reach)}</span></div><div class="strength"><b>'
            f'<i style="width:{100 * min(value, 1):.1f}%"></i></b>'
            f"<span>{escape(strong)}</span></div></li>"
        )
    ui.html(f'<ul class="portrait">{lines}</ul>', sanitize=False)  # all of it is escaped


def _like(desk: Desk, rows: Sequence[tuple[str, float]]) -> None:
    titles = desk.titles([item for item, _ in rows])
    lines = [(title, score) for title, (_, score) in zip(titles, rows, strict=True)]
    schema: dict[str, Any] = {"title": pl.String, "score": pl.Float64}
    table(pl.DataFrame(lines, schema=schema, orient="row"), ("title", "score"), desk.code)
