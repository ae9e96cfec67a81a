"""The page of interests: a map of items, the tree on two levels, and what an interest holds."""

from __future__ import annotations

from typing import Any, Final

import polars as pl
from nicegui import ui

from penchant.engine.penchant import Penchant
from penchant.serve.console.shell import heading, table
from penchant.serve.console.words import word
from penchant.serve.map import colours
from penchant.types import Columns

__all__ = ["interests"]

_DOTS: Final = 3000
_ITEMS: Final = 50


def interests(engine: Penchant, *, code: str) -> None:
    """Draw the page."""
    tree = engine.interests()
    if tree.is_empty():
        ui.label(word("none", code))
        return
    titles = engine.titles()

    @ui.refreshable
    def chosen(interest: str = "") -> None:
        if not interest:
            ui.label(word("choose", code))
            return
        row = tree.row(by_predicate=pl.col(Columns.INTEREST) == interest, named=True)
        heading(row["name"])
        ui.label(", ".join(row["keywords"]))
        table(_items(engine, tree, interest), columns=("title", "strength"), code=code, titles={})

    with ui.row().classes("w-full"):
        with ui.column().classes("w-full md:w-80"):
            ui.tree(_nodes(tree), on_select=lambda event: chosen.refresh(event.value or ""))
        with ui.column().classes("flex-1 min-w-[300px]"):
            chosen()
    points = engine.map_points(most=_DOTS)
    heading(word("map", code))
    if points.height < len(titles):
        ui.label(word("thinned", code).format(points.height))
    ui.echart(_map(points, colours(tree))).classes("w-full h-[32rem]")


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


def _map(points: pl.DataFrame, colour: dict[str, str]) -> dict[str, Any]:
    dots = [
        {
            "value": [round(row["x"], 4), round(row["y"], 4)],
            "name": row["title"],
            "itemStyle": {"color": colour.get(row[Columns.INTEREST], "gray")},
        }
        for row in points.iter_rows(named=True)
    ]
    axis = {"show": False, "scale": True}
    return {
        "xAxis": axis,
        "yAxis": axis,
        # Drawn, not HTML: a title is data.
        "tooltip": {"renderMode": "richText", "formatter": "{b}"},
        "dataZoom": [{"type": "inside"}, {"type": "inside", "yAxisIndex": 0}],
        "series": [{"type": "scatter", "symbolSize": 6, "data": dots}],
    }
