"""What the pages share: the frame round them, and tables of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import polars as pl
from nicegui import ui
from starlette.requests import Request

from penchant.serve.console.words import LANGUAGES, language, word

__all__ = ["PAGES", "frame", "heading", "table"]

PAGES: Final = {"/": "interests", "/people": "people", "/try": "wishes", "/overview": "overview"}


@contextmanager
def frame(request: Request, *, name: str) -> Iterator[str]:
    """Draw what stands round a page, and give the code of its language."""
    code = language(request.cookies)
    ui.page_title(f"Penchant · {word(name, code)}")
    dark = ui.dark_mode(value=None)
    with ui.header().classes("items-center gap-4"):
        for path, title in PAGES.items():
            ui.link(word(title, code), path).classes("text-white")
        ui.space()
        for other, title in LANGUAGES.items():
            if other != code:
                ui.link(title, f"/language/{other}").classes("text-white")
        ui.button(icon="contrast", on_click=lambda: dark.set_value(not dark.value)).props(
            f'flat round color=white aria-label="{word("dark", code)}"'
        )
        ui.link(word("leave", code), "/logout").classes("text-white")
    with ui.column().classes("w-full max-w-screen-xl mx-auto"):
        heading(word(name, code))
        yield code


def heading(text: str) -> None:
    """Draw a heading."""
    ui.label(text).classes("text-xl").props('role="heading" aria-level="2"')


def table(
    rows: pl.DataFrame, *, columns: tuple[str, ...], code: str, titles: Mapping[str, str]
) -> None:
    """Draw *columns* of *rows*, those that are there; ids of items by their titles."""
    if rows.is_empty():
        ui.label(word("none", code))
        return
    shown = [name for name in columns if name in rows.columns]
    heads: list[dict[str, Any]] = [
        {"name": name, "label": word(name, code), "field": name, "align": "left", "sortable": True}
        for name in shown
    ]
    cells = [
        {name: _cell(row[name], titles) for name in shown} | {"row": place}
        for place, row in enumerate(rows.iter_rows(named=True))
    ]
    ui.table(columns=heads, rows=cells, row_key="row").props("wrap-cells flat").classes("w-full")


def _cell(value: object, titles: Mapping[str, str]) -> str | int | float | None:
    if isinstance(value, list):
        return ", ".join(titles.get(str(part), str(part)) for part in value)
    if isinstance(value, float):
        return round(value, 2)
    return value if isinstance(value, int) or value is None else str(value)
