"""The page of interests: a map of items, the tree on two levels, and what an interest holds."""

from __future__ import annotations

from typing import Any, Final

import polars as pl
from nicegui import ui

from penchant.serve.console.atlas import atlas
from penchant.serve.console.desk import Desk
from penchant.serve.console.shell import heading, said, table
from penchant.serve.looking import held_by, typical
from penchant.types import Columns

__all__ = ["interests"]

_DOTS: Final = 3000
_ITEMS: Final = 25


def interests(desk: Desk) -> None:
    """Draw the page."""
    engine, code = desk.engine, desk.code
    tree = engine.interests()
    if tree.is_empty():
        said(desk.say("none"))
        return

    nodes = _nodes(tree)

    @ui.refreshable
    def chosen(interest: str = nodes[0]["id"]) -> None:
        _interest(desk, tree, interest)

    def choose(interest: str | None) -> None:
        if interest:
            chosen.refresh(interest)

    place = ui.element("div").classes("map")
    with place:
        said(desk.say("drawing"))
    with ui.element("div").classes("columns"):
        with ui.element("div").classes("card scroll").props("tabindex=0"):
            ui.tree(nodes, on_select=lambda event: choose(event.value))
        with ui.element("section").props("aria-live=polite"):
            chosen()

    def draw() -> None:
        place.clear()
        points = engine.map_points(most=_DOTS)
        with place:
            atlas(points, tree, on_choose=choose, whole=len(engine.titles()), code=code)

    ui.timer(0.01, draw, once=True)  # the page need not wait for its largest part


def _interest(desk: Desk, tree: pl.DataFrame, interest: str) -> None:
    """Draw what an interest holds."""
    fitted = desk.service.fitted
    row = tree.row(by_predicate=pl.col(Columns.INTEREST) == interest, named=True)
    heading(row["name"])
    if row["description"]:
        said(row["description"], kind="plain")
    said(", ".join(row["keywords"]))
    if interest in fitted.taxonomy.leaf_ids:
        held = held_by(fitted, interest)
        said(desk.say("held_by", f"{held:,}", f"{len(fitted.users):,}"), kind="plain")
    found = typical(fitted, interest, most=_ITEMS)
    titles = desk.titles([item for item, _ in found])
    rows = [(title, value) for title, (_, value) in zip(titles, found, strict=True)]
    schema: dict[str, Any] = {"title": pl.String, "strength": pl.Float64}
    heading(desk.say("typical"), level=3)
    table(pl.DataFrame(rows, schema=schema, orient="row"), ("title", "strength"), desk.code)


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
