"""The page of interests: a map of items, the tree on two levels, and what an interest holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import polars as pl
from nicegui import ui

from penchant.serve.console.atlas import atlas
from penchant.serve.console.desk import Desk
from penchant.serve.console.editing import edits, tools
from penchant.serve.console.shell import heading, said, table, words
from penchant.serve.holding import held_by, typical
from penchant.types import Columns

__all__ = ["interests"]

Row: TypeAlias = Mapping[str, Any]

_DOTS: Final = 3000
_ITEMS: Final = 25


def interests(desk: Desk) -> None:
    """Draw the page."""
    whole = len(desk.service.fitted.items)
    rows = desk.service.interests()["interests"]
    if not rows:
        said(desk.say("none"))
        return
    nodes = _nodes(rows)

    @ui.refreshable
    def chosen(interest: str = nodes[0]["id"]) -> None:
        _interest(desk, rows, interest)

    def choose(interest: str | None) -> None:
        if interest:
            chosen.refresh(interest)

    place = ui.element("div").classes("map")
    with place:
        said(desk.say("drawing"))
    edits(desk)
    with ui.element("div").classes("columns"):
        with ui.element("div").classes("card scroll").props("tabindex=0"):
            ui.tree(nodes, on_select=lambda event: choose(event.value))
        with ui.element("section").props("aria-live=polite"):
            chosen()

    def draw() -> None:
        place.clear()
        points = _points(desk)
        with place:
            atlas(points, rows, on_choose=choose, whole=whole, code=desk.code)

    ui.timer(0.01, draw, once=True)  # the page need not wait for its largest part


def _points(desk: Desk) -> pl.DataFrame:
    """Return the map's items, each under the interest that it is shown as."""
    tree = desk.service.fitted.tree
    shown = [own or parent for own, parent in zip(tree.shown_as, tree.parents, strict=True)]
    under = dict(zip(tree.leaf_ids, shown, strict=True))
    points = desk.engine.map_points(most=_DOTS)
    return points.with_columns(pl.col(Columns.INTEREST).replace_strict(under))


def _interest(desk: Desk, rows: Sequence[Row], interest: str) -> None:
    """Draw what an interest holds."""
    fitted = desk.service.fitted
    row = next((one for one in rows if one[Columns.INTEREST] == interest), None)
    if row is None:
        said(desk.say("none"))
        return
    heading(row["name"])
    if row["description"]:
        said(row["description"], kind="plain")
    said(", ".join(row["keywords"]))
    held = held_by(fitted, interest)
    said(desk.say("held_by", f"{held:,}", f"{len(fitted.users):,}"), kind="plain")
    if desk.may_change:
        with ui.element("details"):
            words(desk.say("edit"), tag="summary")
            tools(desk, row, rows)
    found = typical(fitted, interest, most=_ITEMS)
    titles = desk.titles([item for item, _ in found])
    lines = [(title, value) for title, (_, value) in zip(titles, found, strict=True)]
    schema: dict[str, Any] = {"title": pl.String, "strength": pl.Float64}
    heading(desk.say("typical"), level=3)
    table(pl.DataFrame(lines, schema=schema, orient="row"), ("title", "strength"), desk.code)


def _nodes(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the tree as nodes, the largest first."""
    ordered = sorted(rows, key=lambda row: -row["items"])
    nodes = {
        row[Columns.INTEREST]: {
            "id": row[Columns.INTEREST],
            "label": f"{row['name']} · {row['items']:,}",
            "children": [],
        }
        for row in ordered
    }
    for row in ordered:
        if row[Columns.PARENT] in nodes:
            nodes[row[Columns.PARENT]]["children"].append(nodes[row[Columns.INTEREST]])
    return [nodes[row[Columns.INTEREST]] for row in ordered if row[Columns.PARENT] not in nodes]
