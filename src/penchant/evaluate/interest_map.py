"""The map of interests as SVG: each item a dot, each interest a colour, its name in its middle."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import polars as pl

from penchant.evaluate.svg import escape, tag, text_width
from penchant.types import Columns

__all__ = ["colours", "interest_map"]

_WIDTH: Final = 1000.0
_TALLEST: Final = 800.0
_EDGE: Final = 36.0
_DOTS: Final = 2400
"""Items drawn at most, the most popular ones."""
_NAMES: Final = 40
"""Interests named at most, the largest ones."""
_GOLDEN: Final = 137.508
"""Degrees between two hues that come one after the other: never near, however many."""

_Box = tuple[float, float, float, float]


def colours(interests: pl.DataFrame) -> dict[str, str]:
    """Return a CSS colour per interest: one hue a parent, its children lighter and darker.

    Args:
        interests: Rows with ``interest_id`` and ``parent_id`` (null for a parent), in the order in
            which colours are given.
    """
    hue: dict[str, float] = {}
    shade: dict[str, int] = {}
    found: dict[str, str] = {}
    for key, parent in interests.select(Columns.INTEREST, Columns.PARENT).iter_rows():
        family = parent or key
        hue.setdefault(family, (len(hue) * _GOLDEN + 18) % 360)
        place = shade[family] = shade.get(family, -1) + 1
        light = 50 + (0, 10, -8, 16, 5)[place % 5]
        found[key] = f"hsl({hue[family]:.0f} {58 - place % 3 * 8}% {light}%)"
    return found


def interest_map(
    points: pl.DataFrame,
    names: Mapping[str, str],
    colour: Mapping[str, str],
    *,
    title: str = "Map of items, coloured by interest",
) -> str:
    """Return the map as one ``<svg>``.

    Args:
        points: One row per item: ``item_id, title, interest_id, x, y, popularity``.
        names: Names of leaf interests by id.
        colour: CSS colours by id.
        title: For screen readers.
    """
    if points.is_empty():
        return ""
    shown = points.sort("popularity", descending=True, maintain_order=True).head(_DOTS)
    shown, height = _placed(shown)
    groups = []
    for (key,), rows in shown.group_by(Columns.INTEREST, maintain_order=True):
        dots = [
            tag(
                "circle",
                tag("title", escape(f"{title} · {names.get(str(key), '')}")),
                cx=x,
                cy=y,
                r=r,
            )
            for title, x, y, r in rows.select(Columns.TITLE, "x", "y", "r").iter_rows()
        ]
        groups.append(tag("g", *dots, class_="i", fill=colour.get(str(key), "gray")))
    return tag(
        "svg",
        *groups,
        *_labels(shown, names),
        viewBox=f"0 0 {_WIDTH:.0f} {height:.0f}",
        role="img",
        aria_label=title,
        xmlns="http://www.w3.org/2000/svg",
    )


def _placed(points: pl.DataFrame) -> tuple[pl.DataFrame, float]:
    """Scale *points* into the width and size them by popularity; return them and the height."""
    left, wide = _span(points["x"])
    top, tall = _span(points["y"])
    scale = min((_WIDTH - 2 * _EDGE) / wide, (_TALLEST - 2 * _EDGE) / tall)
    aside = (_WIDTH - scale * wide) / 2
    between = scale * math.sqrt(wide * tall / len(points))
    share = pl.col("popularity").cast(pl.Float64).rank() / len(points)
    placed = points.with_columns(
        x=((pl.col("x") - left) * scale + aside).cast(pl.Float64),
        y=((pl.col("y") - top) * scale + _EDGE).cast(pl.Float64),
        r=between * (0.16 + 0.3 * share**3),
    )
    return placed, scale * tall + 2 * _EDGE


def _span(values: pl.Series) -> tuple[float, float]:
    """Return the least of *values* and how far they reach, > 0."""
    numbers = values.cast(pl.Float64).to_numpy()
    return float(numbers.min()), max(float(numbers.max() - numbers.min()), 1e-6)


def _labels(points: pl.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Write names in the middle of their items, the larger interests' first, none over another."""
    middles = (
        points.group_by(Columns.INTEREST, maintain_order=True)
        .agg(pl.col("x").mean(), pl.col("y").mean(), pl.len())
        .sort("len", descending=True, maintain_order=True)
        .head(_NAMES)
    )
    taken: list[_Box] = []
    labels = []
    for place, (key, x, y, _) in enumerate(middles.iter_rows()):
        name = names.get(key, "")
        size = 15.0 if place < _NAMES // 4 else 12.0
        half = text_width(name, size) / 2
        middle = min(max(x, half + 4), _WIDTH - half - 4)
        box = (middle - half, y - size, middle + half, y + size / 2)
        if name and not any(_meet(box, other) for other in taken):
            taken.append(box)
            quiet = None if place < _NAMES // 4 else "s"
            labels.append(
                tag("text", escape(name), x=middle, y=y + size / 3, font_size=size, class_=quiet)
            )
    return labels


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]
