"""The pages that ask the engine: people, wishes, and the model in numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl
from nicegui import run, ui

from penchant.engine.penchant import Penchant
from penchant.errors import PenchantError
from penchant.serve.console.shell import heading, said, table
from penchant.serve.console.words import word
from penchant.types import Columns

__all__ = ["overview", "people", "wishes"]

_LIST: Final = ("rank", "title", "score", "lane", "reason")
_PORTRAIT: Final = ("name", "strength", "lift", "trend", "evidence")


def people(engine: Penchant, *, code: str) -> None:
    """Draw the page that finds a person: what they like, and their next list."""
    user = ui.input(word("user", code))

    async def search() -> None:
        who = str(user.value or "").strip()
        portrait = await _asked(found, lambda: engine.portrait(who))
        if portrait is None:
            return
        rows = await _asked(found, lambda: engine.recommend(who, explain=True))
        with found:
            heading(word("portrait", code))
            table(portrait, columns=_PORTRAIT, code=code, titles=engine.titles())
            if rows is not None:
                heading(word("next", code))
                table(_titled(engine, rows), columns=_LIST, code=code, titles={})

    user.on("keydown.enter", search)
    ui.button(word("search", code), on_click=search)
    found = ui.column()


def wishes(engine: Penchant, *, code: str) -> None:
    """Draw the page that makes a list of wishes."""
    like = ui.input(word("like", code))
    unlike = ui.input(word("not_like", code))
    sliders = {}
    for name in ("diversity", "explore_share"):
        said(word(name, code))
        sliders[name] = ui.slider(min=0, max=1, step=0.1, value=0)
        sliders[name].props(f'label aria-label="{word(name, code)}"')

    async def search() -> None:
        wanted, unwanted = _parts(like.value), _parts(unlike.value)
        diversity, share = (float(slider.value) for slider in sliders.values())
        rows = await _asked(
            found,
            lambda: engine.recommend(
                like=wanted or None,
                not_like=unwanted or None,
                diversity=diversity,
                explore_share=share,
                explain=True,
            ),
        )
        if rows is not None:
            with found:
                table(_titled(engine, rows), columns=_LIST, code=code, titles={})

    like.on("keydown.enter", search)
    unlike.on("keydown.enter", search)
    ui.button(word("search", code), on_click=search)
    found = ui.column()


def overview(engine: Penchant, *, code: str) -> None:
    """Draw the model in numbers."""
    pairs = [(str(name), str(value)) for name, value in engine.summary.items()]
    rows = pl.DataFrame(pairs, schema={"what": pl.String, "value": pl.String}, orient="row")
    table(rows, columns=("what", "value"), code=code, titles={})


async def _asked(where: ui.column, ask: Callable[[], pl.DataFrame]) -> pl.DataFrame | None:
    """Return what the engine says, or say there why it does not."""
    where.clear()
    with where:
        waiting = ui.spinner()
    try:
        rows: pl.DataFrame | None = await run.io_bound(ask)
    except PenchantError as error:
        with where:
            said(f"{error} {error.hint or ''}", kind="alert")
        return None
    finally:
        waiting.delete()
    return rows


def _parts(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").replace("；", ";").split(";") if part.strip()]


def _titled(engine: Penchant, rows: pl.DataFrame) -> pl.DataFrame:
    titles = engine.titles()
    names = [titles.get(item, item) for item in rows[Columns.ITEM]]
    return rows.with_columns(pl.Series("title", names, dtype=pl.String))
