"""The page of interests: a map of items, the tree on two levels, and what an interest holds."""

from __future__ import annotations

from typing import Any, Final

import polars as pl
from nicegui import ui

from penchant.engine.penchant import Penchant
from penchant.serve.console.atlas import atlas
from penchant.serve.console.shell import heading, said, table
from penchant.serve.console.words import word
from penchant.types import Columns

__all__ = ["interests"]

_DOTS: Final = 3000
_ITEMS: Final = 50


def interests(engine: Penchant, *, code: str) -> None:
    """Draw the page."""
    tree = engine.interests()
    if tree.is_empty():
        said(word("none", code))
        return

    @ui.refreshable
    def chosen(interest: str = "") -> None:
        if not interest:
            said(word("choose", code))
            return
        row = tree.row(by_predicate=pl.col(Columns.INTEREST) == interest, named=True)
        heading(row["name"])
        said(", ".join(row["keywords"]))
        table(_items(engine, tree, interest), columns=("title", "strength"), code=code, titles={})

    def choose(interest: str | None) -> None:
        chosen.refresh(interest or "")

    place = ui.element("div").classes("map").props('role="status"')
    with place:
        said(word("drawing", code))
    with ui.element("div").classes("columns"):
        with ui.element("div").classes("card scroll").props("tabindex=0"):
            ui.tree(_nodes(tree), on_select=lambda event: choose(event.value))
        with ui.element("div"):
            chosen()

    def draw() -> None:
        place.clear()
        points = engine.map_points(most=_DOTS)
        with place:
            atlas(points, tree, on_choose=choose, whole=len(engine.titles()), code=code)

    ui.timer(0.01, draw, once=True)  # the page need not wait for its largest part


def _nodes(tree: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the tree as nodes, the largest first."""
    rows = list(tree.sort("items", descending=True).iter_rows(named=True))
    nodes = {
        row[Columns.INTEREST]: {
            "id": row[Columns.INTEREST],
            "label": f"{row['name']} · {row['items']:,}",
            "children": [],
        }
        for row in rows
    }
    for row in rows:
        if row[Columns.PARENT] in nodes:
            nodes[row[Columns.PARENT]]["children"].append(nodes[row[Columns.INTEREST]])
    return [nodes[row[Columns.INTEREST]] for row in rows if row[Columns.PARENT] not in nodes]


def _items(engine: Penchant, tree: pl.DataFrame, interest: str) -> pl.DataFrame:
    """Return the items that an interest, or one below it, holds most strongly."""
    below = tree.filter(pl.col(Columns.PARENT) == interest)[Columns.INTEREST].to_list()
    held = engine.interests(of_items=True).filter(
        pl.col(Columns.INTEREST).is_in([interest, *below])
    )
    best = held.sort("strength", descending=True).unique(Columns.ITEM, maintain_order=True)
    best = best.head(_ITEMS)
    titles = engine.titles()
    names = [titles.get(item, item) for item in best[Columns.ITEM]]
    return best.with_columns(pl.Series("title", names, dtype=pl.String))
