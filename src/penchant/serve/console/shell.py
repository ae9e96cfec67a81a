"""What the pages share: the frame round them, headings, and tables of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from typing import Any, Final

import polars as pl
from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from starlette.requests import Request

from penchant.serve.console.look import STILL_OPEN, STYLE, dark
from penchant.serve.console.words import LANGUAGES, language, word

__all__ = ["PAGES", "facts", "frame", "heading", "press", "said", "table", "words"]

PAGES: Final = {
    "/": "interests",
    "/people": "people",
    "/items": "items",
    "/try": "try",
    "/quality": "quality",
    "/experiments": "experiments",
    "/privacy": "privacy",
    "/overview": "overview",
}
_WORDED: Final = {"lane", "trend"}
"""Columns whose values are words of ours."""

_NUMBER: Final = ' class="number"'


@contextmanager
def frame(request: Request, *, name: str, looks: bool) -> Iterator[str]:
    """Draw what stands round a page, and give the code of its language.

    Args:
        request: For the page.
        name: Of the page.
        looks: Whether the key only looks.
    """
    code = language(request.cookies)
    ui.page_title(f"Penchant · {word(name, code)}")
    ui.add_css(STYLE)
    ui.add_head_html(f'<script>document.documentElement.lang = "{code}"</script>')
    ui.add_head_html(STILL_OPEN)
    ui.dark_mode(value=dark(request.cookies))
    with ui.element("header").classes("top"):
        words("Penchant").classes("brand")
        with ui.element("nav").props(f'aria-label="{word("pages", code)}"'):
            for path, title in PAGES.items():
                here = ' aria-current="page"' if title == name else ""
                _link(word(title, code), path, here)
        for other, title in LANGUAGES.items():
            if other != code:
                _link(title, f"/choose/language/{other}", f' lang="{other}"')
        shade = "light" if dark(request.cookies) else "dark"
        _link(word(shade, code), f"/choose/shade/{shade}")
        if looks:
            words(word("looks", code)).classes("badge").props(f'title="{word("looks_why", code)}"')
        _link(word("leave", code), "/logout")
    with ui.element("main").classes("page"):
        heading(word(name, code), level=1)
        yield code


def heading(text: str, *, level: int = 2) -> None:
    """Draw a heading."""
    words(text, tag=f"h{level}")


def said(text: str, *, kind: str = "soft") -> None:
    """Draw a paragraph; of kind ``alert`` it is read out at once."""
    line = words(text, tag="p").classes(kind)
    if kind == "alert":
        line.props('role="alert"')


def facts(pairs: Sequence[tuple[str, str]]) -> None:
    """Draw numbers with what they count."""
    lines = "".join(f"<li><b>{escape(n)}</b><span>{escape(what)}</span></li>" for n, what in pairs)
    ui.html(f'<ul class="facts">{lines}</ul>', sanitize=False)


def table(rows: pl.DataFrame, columns: tuple[str, ...], code: str) -> None:
    """Draw *columns* of *rows*."""
    if rows.is_empty():
        said(word("none", code))
        return
    numbers = {name for name in columns if rows[name].dtype.is_numeric()}
    heads = "".join(
        f'<th scope="col"{_NUMBER * (name in numbers)}>{escape(word(name, code))}</th>'
        for name in columns
    )
    lines = [
        "".join(
            f"<td{_NUMBER * (name in numbers)}>{_cell(name, row[name], code)}</td>"
            for name in columns
        )
        for row in rows.iter_rows(named=True)
    ]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    made = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    ui.html(made, sanitize=False).classes("table").props("tabindex=0")  # all of it is escaped


def _cell(name: str, value: object, code: str) -> str:
    if isinstance(value, list):
        text = ", ".join(map(str, value))
    elif isinstance(value, float):
        text = f"{value:,.2f}"
    elif name in _WORDED:
        text = word(str(value), code)
    else:
        text = "" if value is None else f"{value:,}" if _is_number(value) else str(value)
    return escape(text)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def press(
    text: str, on_click: Callable[[], Any] | None = None, *, kind: str = "quiet", icon: str = ""
) -> ui.button:
    """Draw a button: ``go`` for what a page is for, ``quiet``, or ``risky``."""
    button = ui.button(text, on_click=on_click, color=None, icon=icon or None)
    return button.props("no-caps unelevated").classes(f"press {kind}")


def words(text: str, *, tag: str = "span") -> TextElement:
    """Draw *text* as it is: what looks like HTML is no HTML."""
    return TextElement(tag=tag, text=text)


def _link(text: str, path: str, more: str = "") -> None:
    words(text, tag="a").props(f'href="{path}"{more}')
