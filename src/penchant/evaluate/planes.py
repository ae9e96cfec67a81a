"""Plots in the plane: points with names, and lines over named steps."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from penchant.evaluate.svg import (
    colour,
    drawing,
    escape,
    marker,
    number,
    scale,
    shorten,
    tag,
    text_width,
    tick_labels,
    ticks,
)

__all__ = ["Line", "Point", "lines", "scatter"]

_SMALL = 11
"""Height of the letters of a point's name."""

_EDGE = 8.0
"""Where rows of a legend begin."""

_Box: TypeAlias = tuple[float, float, float, float]
"""Left, right, bottom and top of where data are drawn."""


@dataclass(frozen=True, slots=True)
class Point:
    """One point of `scatter`.

    Attributes:
        x: To the right.
        y: Upwards.
        label: Its name.
        group: Number of its colour; None is quiet.
        size: Radius, > 0.
        note: Said on hover, after the label.
        named: Whether the label is written beside it where there is room.
    """

    x: float
    y: float
    label: str = ""
    group: int | None = 0
    size: float = 5.0
    note: str = ""
    named: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One series of `lines`.

    Attributes:
        label: Its name in the legend.
        values: One a step; NaN where there is none.
        group: Number of its colour; None is quiet.
    """

    label: str
    values: Sequence[float]
    group: int | None = 0


def scatter(
    points: Sequence[Point],
    *,
    title: str,
    x_label: str = "",
    y_label: str = "",
    axes: bool = True,
    forms: tuple[str, str] = ("", ""),
    legend: Mapping[int, str] | None = None,
    joined: bool = False,
    width: float = 380,
    height: float = 280,
) -> str:
    """Draw points in a plane.

    Names are written beside the points where they cover nothing, the larger points' first; all
    points say theirs on hover.

    Args:
        points: Later ones lie above earlier ones; one that is not finite is left out.
        title: For screen readers.
        x_label: What *x* is.
        y_label: What *y* is.
        axes: Whether axes are drawn; a map has none.
        forms: How ticks of x and y are written: ``%`` as percents, else as numbers.
        legend: Names of groups, by number.
        joined: Whether a line runs through the points, in their order.
        width: In units of which letters are 12 high.
        height: The same, without the legend.

    Returns:
        The drawing.
    """
    points = [point for point in points if math.isfinite(point.x) and math.isfinite(point.y)]
    box = (12.0, width - 14, height - (40 if axes else 12), 12.0)
    x_span, y_span = _span([p.x for p in points]), _span([p.y for p in points])
    y = scale(*y_span, box[2], box[3])
    marks = _marks(y_span, y, forms[1])
    box = _beside(box, marks) if axes else box
    x = scale(*x_span, box[0], box[1])
    parts = []
    if axes:
        parts = [_y_axis(box, marks, y_label), _x_axis(box, _marks(x_span, x, forms[0]), x_label)]
    at = [(x(point.x), y(point.y)) for point in points]
    parts += [_path(at, points[0].group)] if joined and points else []
    parts += [_mark(point, *place) for point, place in zip(points, at, strict=True)]
    parts.append(_names(points, at, width))
    key, tall = _legend([(name, group) for group, name in (legend or {}).items()], width, height)
    return drawing(*parts, key, width=width, height=tall, title=title)


def lines(
    series: Sequence[Line],
    *,
    steps: Sequence[str],
    title: str,
    x_label: str = "",
    y_label: str = "",
    form: str = "g",
    width: float = 380,
    height: float = 260,
) -> str:
    """Draw one line a series over named steps, from zero.

    Args:
        series: Each has a value for each of *steps*.
        steps: Names along the x axis.
        title: For screen readers.
        x_label: What the steps are.
        y_label: What the values are.
        form: How values are written, as in `format`.
        width: In units of which letters are 12 high.
        height: The same, without the legend.

    Returns:
        The drawing.
    """
    values = [v for one in series for v in one.values if math.isfinite(v)]
    box = (12.0, width - 24, height - 40, 12.0)
    span = (min([0.0, *values]), max(values, default=1.0) or 1.0)
    y = scale(*span, box[2], box[3])
    heights = _marks(span, y, form)
    box = _beside(box, heights)
    x = scale(0, len(steps) - 1, box[0] + 20, box[1])
    room = (box[1] - box[0]) / max(len(steps), 1)
    marks = [(x(n), shorten(step, room + 20)) for n, step in enumerate(steps)]
    parts = [
        _y_axis(box, heights, y_label),
        _x_axis(box, marks, x_label),
    ]
    for one in series:
        at = [(x(n), y(v)) for n, v in enumerate(one.values)]
        parts.append(_path(at, one.group))
        for step, value, place in zip(steps, one.values, at, strict=True):
            if math.isfinite(value):
                note = f"{step} · {number(value, form)}"
                point = Point(0, value, one.label, one.group, size=3.5, note=note)
                parts.append(_mark(point, *place))
    key, tall = _legend([(one.label, one.group) for one in series], width, height)
    return drawing(*parts, key, width=width, height=tall, title=title)


def _span(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = 0.07 * (high - low) or max(abs(low), 1.0) * 0.05
    return low - room, high + room


def _marks(
    span: tuple[float, float], to: Callable[[float], float], form: str
) -> list[tuple[float, str]]:
    values = ticks(*span)
    return list(zip(map(to, values), tick_labels(values, form), strict=True))


def _beside(box: _Box, marks: Sequence[tuple[float, str]]) -> _Box:
    """Return *box* with room for *marks* and a name at its left."""
    wide = max((text_width(text) for _, text in marks), default=0)
    return (wide + 30, *box[1:])


def _mark(point: Point, x: float, y: float) -> str:
    said = " · ".join(part for part in (point.label, point.note) if part)
    return tag("g", tag("title", escape(said)), marker(x, y, point.size, point.group), class_="g")


def _path(at: Sequence[tuple[float, float]], group: int | None) -> str:
    parts = [
        f"M{a:.1f} {b:.1f}L{c:.1f} {d:.1f}"
        for (a, b), (c, d) in pairwise(at)
        if math.isfinite(b) and math.isfinite(d)
    ]
    paint = colour(group, stroke=True)
    return tag("path", d="".join(parts), fill="none", stroke_width="2", **paint) if parts else ""


def _y_axis(box: _Box, marks: Sequence[tuple[float, str]], label: str) -> str:
    left, right, bottom, top = box
    rules = "".join(f"M{left:.1f} {y:.1f}H{right:.1f}" for y, _ in marks)
    parts = [tag("path", d=rules, class_="l", stroke="#d8dee5", stroke_width="1", fill="none")]
    parts += [
        tag("text", escape(text), x=left - 6, y=y + 4, text_anchor="end", class_="q")
        for y, text in marks
    ]
    middle = (bottom + top) / 2
    turned = f"rotate(-90 11 {middle:.1f})"
    name = escape(shorten(label, bottom - top))
    parts.append(
        tag("text", name, x=11.0, y=middle, text_anchor="middle", transform=turned, class_="q")
    )
    return "".join(parts)


def _x_axis(box: _Box, marks: Sequence[tuple[float, str]], label: str) -> str:
    left, right, bottom, _ = box
    parts = [
        tag("text", escape(text), x=x, y=bottom + 15, text_anchor="middle", class_="q")
        for x, text in marks
    ]
    path = f"M{left:.1f} {bottom:.1f}H{right:.1f}"
    parts.append(tag("path", d=path, class_="r", stroke="#5b6875", stroke_width="1"))
    middle = (left + right) / 2
    name = escape(shorten(label, right - left))
    parts.append(tag("text", name, x=middle, y=bottom + 33, text_anchor="middle", class_="q"))
    return "".join(parts)


def _names(points: Sequence[Point], at: Sequence[tuple[float, float]], width: float) -> str:
    """Write labels at the first of four places where they cover no mark and no other label."""
    order = sorted(range(len(points)), key=lambda n: -points[n].size)
    taken = [
        (x - p.size, y - p.size, x + p.size, y + p.size)
        for p, (x, y) in zip(points, at, strict=True)
    ]
    parts = []
    for index in order:
        point, (x, y) = points[index], at[index]
        if not (point.named and point.label):
            continue
        others = taken[:index] + taken[index + 1 :]
        wide, away = text_width(point.label, _SMALL), 1.3 * point.size + 2
        for anchor, a, b in _places(x, y, away):
            start = {"start": a, "end": a - wide, "middle": a - wide / 2}[anchor]
            area = (start, b - 9, start + wide, b + 3)
            if start >= 0 and start + wide <= width and b > _SMALL and not _meets(area, others):
                taken.append(area)
                parts.append(_name(point.label, a, b, anchor))
                break
    return "".join(parts)


def _places(x: float, y: float, away: float) -> list[tuple[str, float, float]]:
    return [
        ("start", x + away, y + 4),
        ("end", x - away, y + 4),
        ("middle", x, y - away - 2),
        ("middle", x, y + away + 9),
    ]


def _name(text: str, x: float, y: float, anchor: str) -> str:
    return tag("text", escape(text), x=x, y=y, text_anchor=anchor, font_size=_SMALL)


def _meets(area: _Box, others: Sequence[_Box]) -> bool:
    left, top, right, bottom = area
    return any(left < c and right > a and top < d and bottom > b for a, b, c, d in others)


def _legend(names: Sequence[tuple[str, int | None]], width: float, top: float) -> tuple[str, float]:
    """Return the legend and where it ends, in rows from *top* on."""
    parts, x, y = [], _EDGE, top + 12
    for name, group in names:
        text = shorten(name, width - 40)
        wide = text_width(text) + 30
        if x > _EDGE and x + wide > width:
            x, y = _EDGE, y + 20
        parts.append(marker(x + 6, y, 5.0, group))
        parts.append(tag("text", escape(text), x=x + 16, y=y + 4))
        x += wide
    return "".join(parts), (y + 12 if names else top)
