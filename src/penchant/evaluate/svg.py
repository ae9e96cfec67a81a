"""The small change of drawing: escaped tags, numbers, room for text, ticks, colours.

Every string that enters a page goes through `escape`, here and nowhere else.  A drawing carries no
style of its own beyond presentation attributes, no id and no script, so it can stand many times in
a page with a strict content security policy; `STYLE` gives it the colours of light and dark.
"""

from __future__ import annotations

import html
import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

__all__ = [
    "COLOURS",
    "STYLE",
    "colour",
    "drawing",
    "escape",
    "marker",
    "number",
    "scale",
    "shorten",
    "tag",
    "text_width",
    "tick_labels",
    "ticks",
]

COLOURS: Final = (
    ("#2563a8", "#6ea8e8"),
    ("#c2611f", "#f0a05a"),
    ("#2b8257", "#6cc99a"),
    ("#7d55a8", "#bb98e6"),
    ("#b93a44", "#f08a8f"),
    ("#13808c", "#5cc4cf"),
    ("#b04a86", "#ea92c3"),
    ("#7a7420", "#cfc663"),
)
"""Colours of groups on light and on dark ground, all with a contrast of at least 3 to it."""

_NAMES: Final = {
    "ink": ("#1d2733", "#e6edf3"),
    "quiet": ("#5b6875", "#9fb0c0"),
    "line": ("#d8dee5", "#37424e"),
    "muted": ("#8794a1", "#8a98a6"),
    "ground": ("#ffffff", "#161b22"),
}

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DIGITS: Final = 10
_FONT: Final = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', sans-serif"


def _variables(ground: int) -> str:
    named = [f"--plot-{name}:{pair[ground]}" for name, pair in _NAMES.items()]
    groups = [f"--plot-{number}:{pair[ground]}" for number, pair in enumerate(COLOURS)]
    return ";".join(named + groups)


def _style() -> str:
    rules = [
        f":root{{{_variables(0)}}}",
        f"@media (prefers-color-scheme:dark){{:root{{{_variables(1)}}}}}",
        ".plot{display:block;width:100%;height:auto;overflow:visible}",
        ".plot text{fill:var(--plot-ink)}",
        ".plot .q{fill:var(--plot-quiet)}",
        ".plot .l{stroke:var(--plot-line)}",
        ".plot .w{stroke:var(--plot-ink)}",
        ".plot .r{stroke:var(--plot-quiet)}",
        ".plot .h{stroke:var(--plot-ground)}",
        ".plot g.g:hover .f{stroke:var(--plot-ink)}",
    ]
    for key in (*range(len(COLOURS)), "m"):
        variable = "muted" if key == "m" else key
        rules.append(f".plot .f{key}{{fill:var(--plot-{variable})}}")
        rules.append(f".plot .s{key}{{stroke:var(--plot-{variable})}}")
    return "\n".join(rules)


STYLE: Final = _style()
"""CSS that a page with drawings carries once."""


def escape(text: object) -> str:
    """Return *text* safe for HTML and SVG, in content and in quoted attributes.

    Control characters and halves of surrogate pairs, which neither may hold, become ``�``.
    """
    return html.escape(_CONTROL.sub("�", str(text)), quote=True)


def tag(name: str, *children: str, **attributes: object) -> str:
    """Return one element.

    Args:
        name: Of the element.
        *children: Markup, escaped already.
        **attributes: Values are escaped here; floats are rounded to a tenth, None leaves one out.
            ``class_`` becomes ``class`` and ``stroke_width`` becomes ``stroke-width``.

    Returns:
        Markup.
    """
    parts = [
        f' {key.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    ]
    return f"<{name}{''.join(parts)}>{''.join(children)}</{name}>"


def _plain(value: object) -> object:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else value


def drawing(*children: str, width: float, height: float, title: str) -> str:
    """Return the ``<svg>`` around *children*, named *title* for screen readers."""
    return tag(
        "svg",
        tag("title", escape(title)),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        class_="plot",
        role="img",
        aria_label=title,
        viewBox=f"0 0 {width:g} {height:g}",
        font_family=_FONT,
        font_size="12",
    )


def number(value: float | None, form: str = ".3f", unit: str = "") -> str:
    """Return *value* for a reader; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return "–"
    return f"{value:{form}}".replace("-", "−") + unit


def text_width(text: str, size: float = 12) -> float:
    """Return about how wide *text* is at a font *size*; Chinese characters are square."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return size * (wide + 0.56 * (len(text) - wide))


def shorten(text: str, room: float, size: float = 12) -> str:
    """Return *text*, cut with an ellipsis where it is wider than *room*."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """Return the line through (*low*, *start*) and (*high*, *end*); the middle if they are one."""
    span = high - low
    if not (math.isfinite(span) and span > 0):
        return lambda value: (start + end) / 2 if math.isfinite(value) else value
    return lambda value: start + (value - low) / span * (end - start)


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Return round values in [*low*, *high*], at most *count* + 1, steps of 1, 2, 2.5 or 5."""
    rough = (high - low) / count
    if not (math.isfinite(rough) and rough > 0):
        return [low] if math.isfinite(low) else []
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((s * power for s in (1, 2, 2.5, 5) if s * power >= rough), 10 * power)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(index * step, 12) for index in range(first, last + 1)]


def tick_labels(marks: Sequence[float], form: str = "") -> list[str]:
    """Return *marks* as they stand at an axis, all with as many digits as tell them apart.

    A *form* that ends in ``%`` writes shares as percents; one that begins with ``+`` writes signs.
    """
    kind = "%" if form.endswith("%") else "f"
    sign = "+" if form.startswith("+") else ""
    gap = min((b - a for a, b in pairwise(marks)), default=max(map(abs, marks), default=1.0))
    for digits in range(_DIGITS):
        written = [f"{mark:{sign}.{digits}{kind}}" for mark in marks]
        values = [float(text.rstrip("%")) / (100 if kind == "%" else 1) for text in written]
        if all(abs(a - b) <= 1e-3 * gap for a, b in zip(marks, values, strict=True)):
            break
    return [text.replace("-", "−") for text in written] if marks else []


def colour(group: int | None, *, stroke: bool = False) -> dict[str, str]:
    """Return the attributes that paint a shape of *group*; None is quiet."""
    key = "m" if group is None else str(group % len(COLOURS))
    light = _NAMES["muted"][0] if group is None else COLOURS[group % len(COLOURS)][0]
    if stroke:
        return {"class_": f"s{key}", "stroke": light}
    return {"class_": f"f f{key}", "fill": light}


def marker(x: float, y: float, size: float, group: int | None) -> str:
    """Return a mark at (*x*, *y*): after eight groups colours come again with another shape."""
    paint = colour(group)
    paint["class_"] += " h"
    paint |= {"stroke": _NAMES["ground"][0], "stroke_width": "1"}
    shape = 0 if group is None else group // len(COLOURS) % 3
    if shape == 0:
        return tag("circle", cx=x, cy=y, r=size, **paint)
    if shape == 1:
        side = 1.7 * size
        return tag("rect", x=x - side / 2, y=y - side / 2, width=side, height=side, **paint)
    reach = 1.3 * size
    corners = ((x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y))
    return tag("polygon", points=" ".join(f"{a:.1f},{b:.1f}" for a, b in corners), **paint)
