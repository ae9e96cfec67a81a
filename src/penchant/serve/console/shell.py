"""What the pages share: the frame round them, headings, and tables of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from typing import Final

import polars as pl
from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from starlette.requests import Request

from penchant.serve.console.look import STYLE, dark
from penchant.serve.console.words import LANGUAGES, language, word

__all__ = ["PAGES", "frame", "heading", "said", "table", "words"]

PAGES: Final = {"/": "interests", "/people": "people", "/try": "wishes", "/overview": "overview"}
_WORDED: Final = {"lane", "trend"}
"""Columns whose values are words of ours."""

_NUMBER: Final = ' class="number"'


@contextmanager
def frame(request: Request, *, name: str) -> Iterator[str]:
    """Draw what stands round a page, and give the code of its language."""
    code = language(request.cookies)
    ui.page_title(f"Penchant · {word(name, code)}")
    ui.add_css(STYLE)
    ui.add_head_html(f'<script>document.documentElement.lang = "{code}"</script>')
    ui.colors(primary="#0b5f66")
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


def table(
    rows: pl.DataFrame, *, columns: tuple[str, ...], code: str, titles: Mapping[str, str]
) -> None:
    """Draw *columns* of *rows*, those that are there; ids of items by their titles."""
    if rows.is_empty():
        said(word("none", code))
        return
    shown = [name for name in columns if name in rows.columns]
    heads = "".join(f'<th scope="col">{escape(word(name, code))}</th>' for name in shown)
    lines = [
        "".join(
            f"<td{_NUMBER * _is_number(row[name])}>{_cell(name, row[name], titles, code)}</td>"
            for name in shown
        )
        for row in rows.iter_rows(named=True)
    ]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    made = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    ui.html(made, sanitize=False).classes("table").props("tabindex=0")  # all of it is escaped


def _cell(name: str, value: object, titles: Mapping[str, str], code: str) -> str:
    if isinstance(value, list):
        text = ", ".join(titles.get(str(part), str(part)) for part in value)
    elif isinstance(value, float):
        text = f"{value:,.2f}"
    elif name in _WORDED:
        text = word(str(value), code)
    else:
        text = "" if value is None else f"{value:,}" if _is_number(value) else str(value)
    return escape(text)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def words(text: str, *, tag: str = "span") -> TextElement:
    """Draw *text* as it is: what looks like HTML is no HTML."""
    return TextElement(tag=tag, text=text)


def _link(text: str, path: str, more: str = "") -> None:
    words(text, tag="a").props(f'href="{path}"{more}')
