"""Plots of rows: a bar, or a dot, with its interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

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

__all__ = ["Bar", "bars", "intervals"]

_ROW = 24
"""Height of a row of `bars` and `intervals`."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of `bars` or `intervals`.

    Attributes:
        label: Stands at its left.
        value: Length of the bar; NaN where there is none.
        low: Lower end of its interval.
        high: Upper end of its interval.
        group: Number of its colour; None is quiet.
        note: Said on hover, after label and value.
    """

    label: str
    value: float
    low: float | None = None
    high: float | None = None
    group: int | None = 0
    note: str = ""


def bars(
    rows: Sequence[Bar],
    *,
    title: str,
    form: str = ".3f",
    unit: str = "",
    reference: float | None = None,
    width: float = 380,
) -> str:
    """Draw one horizontal bar a row, from zero.

    Args:
        rows: From top to bottom.
        title: For screen readers.
        form: How values are written, as in `format`.
        unit: Written after each value.
        reference: Where a dashed line stands.
        width: In units of which letters are 12 high.

    Returns:
        The drawing.
    """
    rules = (0.0,) if reference is None else (0.0, reference)
    frame = _Rows.around(rows, rules, form=form, unit=unit, width=width)
    parts = [_grid(frame, rules)]
    for index, row in enumerate(rows):
        y = frame.middle(index)
        at = frame.x(row.value if math.isfinite(row.value) else 0.0)
        left, right = sorted((frame.x(0.0), at))
        bar = tag(
            "rect", x=left, y=y - 7, width=right - left, height=14.0, rx="2", **colour(row.group)
        )
        parts.append(_row(frame, row, y, bar + _whisker(frame, row, y, 4)))
    return drawing(*parts, width=width, height=frame.height, title=title)


def intervals(
    rows: Sequence[Bar],
    *,
    title: str,
    form: str = "+.3f",
    unit: str = "",
    reference: float = 0.0,
    width: float = 380,
) -> str:
    """Draw one dot with its interval a row; see `bars` for the arguments."""
    frame = _Rows.around(rows, (reference,), form=form, unit=unit, width=width, room=0.05)
    parts = [_grid(frame, [reference]), _axis(frame)]
    for index, row in enumerate(rows):
        y = frame.middle(index)
        dot = marker(frame.x(row.value), y, 5.0, row.group) if math.isfinite(row.value) else ""
        parts.append(_row(frame, row, y, _whisker(frame, row, y, 5) + dot))
    return drawing(*parts, width=width, height=frame.height + 18, title=title)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where things stand in a drawing of rows."""

    left: float
    right: float
    height: float
    low: float
    high: float
    form: str
    unit: str
    width: float

    @classmethod
    def around(
        cls,
        rows: Sequence[Bar],
        rules: Sequence[float],
        *,
        form: str,
        unit: str,
        width: float,
        room: float = 0.0,
    ) -> _Rows:
        values = [number(row.value, form, unit) for row in rows]
        left = min(max((text_width(r.label) for r in rows), default=0) + 10, 0.42 * width)
        right = width - max((text_width(v) for v in values), default=0) - 10
        ends = [e for row in rows for e in (row.value, row.low, row.high) if e is not None]
        known = [*rules, *(end for end in ends if math.isfinite(end))]
        room *= max(known) - min(known)
        low, high = min(known) - room, max(known) + room
        return cls(left, right, _ROW * len(rows) + 4, low, high, form, unit, width)

    def middle(self, index: int) -> float:
        return _ROW * (index + 0.5) + 2

    def x(self, value: float) -> float:
        return scale(self.low, self.high, self.left, self.right)(value)


def _row(frame: _Rows, row: Bar, y: float, shapes: str) -> str:
    value = number(row.value, frame.form, frame.unit)
    if row.low is not None and row.high is not None:
        low, high = (number(end, frame.form, frame.unit) for end in (row.low, row.high))
        said = f"{row.label}: {value} ({low} … {high})"
    else:
        said = f"{row.label}: {value}"
    said += f" · {row.note}" if row.note else ""
    label = shorten(row.label, frame.left - 8)
    return tag(
        "g",
        tag("title", escape(said)),
        tag("text", escape(label), x=frame.left - 8, y=y + 4, text_anchor="end"),
        shapes,
        tag("text", escape(value), x=frame.width - 2, y=y + 4, text_anchor="end", class_="q"),
        class_="g",
    )


def _whisker(frame: _Rows, row: Bar, y: float, half: float) -> str:
    if row.low is None or row.high is None or not math.isfinite(row.low + row.high):
        return ""
    left, right = frame.x(row.low), frame.x(row.high)
    path = f"M{left:.1f} {y:.1f}H{right:.1f}"
    path += "".join(f"M{x:.1f} {y - half:.1f}v{2 * half:.1f}" for x in (left, right))
    return tag("path", d=path, class_="w", stroke="#1d2733", stroke_width="1.2", fill="none")


def _axis(frame: _Rows) -> str:
    wide = max(text_width(number(end, frame.form)) for end in (frame.low, frame.high)) + 12
    marks = ticks(frame.low, frame.high, max(int((frame.right - frame.left) / wide), 1))
    labels = zip(marks, tick_labels(marks, frame.form), strict=True)
    return "".join(
        tag(
            "text",
            escape(label),
            x=frame.x(mark),
            y=frame.height + 12,
            text_anchor="middle",
            class_="q",
        )
        for mark, label in labels
    )


def _grid(frame: _Rows, at: Sequence[float]) -> str:
    rules = []
    for value in at:
        x = frame.x(value)
        dash = None if value == 0 else "3 3"
        style = {"class_": "r", "stroke": "#5b6875", "stroke_width": "1", "stroke_dasharray": dash}
        rules.append(tag("path", d=f"M{x:.1f} 0V{frame.height:g}", **style))
    return "".join(rules)
