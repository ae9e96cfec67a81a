"""The map of items: a dot each, in the colour of its interest, the interests' names among them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl
from nicegui import ui

from penchant.evaluate.interest_map import colours
from penchant.serve.console.shell import said
from penchant.serve.console.words import word
from penchant.types import Columns

__all__ = ["atlas"]


def atlas(
    points: pl.DataFrame,
    rows: Sequence[Mapping[str, Any]],
    *,
    on_choose: Callable[[str], None],
    whole: int,
    code: str,
) -> None:
    """Draw the map.

    Args:
        points: One row per item: ``title, interest_id, x, y``.
        rows: Interests that are shown, both levels.
        on_choose: Is told the interest of a dot that is clicked.
        whole: Items that there are; where the map has fewer, it says so.
        code: Language.
    """
    drawn = points[Columns.INTEREST].unique(maintain_order=True).to_list()
    options = _options(points, rows)
    chart = ui.echart(options, on_point_click=lambda dot: on_choose(drawn[dot.series_index]))
    chart.classes("chart").props(f'role="img" aria-label="{word("map", code)}"')
    if points.height < whole:
        said(word("thinned", code).format(f"{points.height:,}", f"{whole:,}"))


def _options(points: pl.DataFrame, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    columns = (Columns.INTEREST, Columns.PARENT)
    colour = colours(pl.DataFrame([{name: row[name] for name in columns} for row in rows]))
    names = {row[Columns.INTEREST]: row[Columns.NAME] for row in rows}
    groups = points.group_by(Columns.INTEREST, maintain_order=True)
    dots = [
        {
            "type": "scatter",
            "name": names.get(key, str(key)),
            "symbolSize": 6,
            "color": colour.get(str(key), "gray"),
            "data": [
                [round(x, 3), round(y, 3), title]
                for x, y, title in own.select("x", "y", Columns.TITLE).iter_rows()
            ],
        }
        for (key,), own in groups
    ]
    axis = {"show": False, "scale": True}
    return {
        "animation": False,
        "grid": {"left": 8, "right": 8, "top": 8, "bottom": 8},
        "xAxis": axis,
        "yAxis": axis,
        # Drawn, not HTML: a title is data.
        "tooltip": {
            "renderMode": "richText",
            "confine": True,
            ":formatter": r"p => p.value[2] + '\n' + p.seriesName",
        },
        "dataZoom": [{"type": "inside"}, {"type": "inside", "yAxisIndex": 0}],
        "series": [*dots, _named(points, names)],
    }


def _named(points: pl.DataFrame, names: dict[str, str]) -> dict[str, Any]:
    """Return the names of interests in the middle of their dots; of two that collide, one."""
    middles = (
        points.group_by(Columns.INTEREST, maintain_order=True)
        .agg(pl.col("x").mean(), pl.col("y").mean(), pl.len())
        .sort("len", descending=True, maintain_order=True)
    )
    return {
        "type": "scatter",
        "symbolSize": 1,
        "silent": True,
        "color": "gray",
        "data": [
            {"name": names.get(key, ""), "value": [x, y]} for key, x, y, _ in middles.iter_rows()
        ],
        "label": {
            "show": True,
            "formatter": "{b}",
            "fontSize": 12,
            "fontFamily": "system-ui, sans-serif",
            "color": "#fff",
            "textBorderWidth": 0,
            "backgroundColor": "rgba(20,24,29,.7)",  # on light pages and on dark ones
            "padding": [3, 5, 2, 5],
            "borderRadius": 3,
        },
        "labelLayout": {"hideOverlap": True},
    }
