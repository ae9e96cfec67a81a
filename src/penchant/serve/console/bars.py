"""Lists as the shop's people read them: each item with its lane, its reason, and why it scores.

A bar is cut into the parts of the score.  What speaks for an item stands right of the line, what
speaks against it left, and all parts together are the score; their numbers open below it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from nicegui import ui

from penchant.engine.parts import AGAIN, LEVEL, STEERING, WISHES
from penchant.serve.console.shell import said
from penchant.serve.console.words import word
from penchant.serve.looking import STANDS_IN
from penchant.types import Columns

__all__ = ["legend", "list_of", "parts_by_kind"]

_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "wishes": (WISHES,),
    "steered": (STEERING,),
    "again": (AGAIN,),
    "together": ("ease", "ease-latest", "ease-timed", "ials", "neighbours"),
    "next_step": ("transitions",),
    "fits": ("interest",),
    "alike": ("content", "cold", STANDS_IN),
    "popular": ("popularity", "recent", "fresh"),
    "average": (LEVEL,),
    "else": (),
}
"""What the parts are called: several scorers ask the same question."""

_KIND: Final = {name: kind for kind, names in _KINDS.items() for name in names}

Row = Mapping[str, Any]


def parts_by_kind(parts: Mapping[str, float]) -> dict[str, float]:
    """Return *parts* of a score summed by what they are called, in a fixed order; same total."""
    found = dict.fromkeys(_KINDS, 0.0)
    for name, value in parts.items():
        found[_KIND.get(name, "else")] += value
    return {kind: value for kind, value in found.items() if value}


def legend(rows: Sequence[Row], *, code: str) -> None:
    """Draw what the colours of the bars mean, those that are there."""
    kinds = {kind for row in rows for kind in parts_by_kind(row["parts"])}
    marks = "".join(
        f'<li><i class="k-{kind}"></i>{escape(word(kind, code))}</li>'
        for kind in _KINDS
        if kind in kinds
    )
    ui.html(f'<ul class="legend">{marks}</ul>', sanitize=False)


def list_of(rows: Sequence[Row], *, code: str, before: Sequence[Row] = ()) -> None:
    """Draw a list.

    Args:
        rows: With ``title, score, lane, reason, parts``, best first.
        code: Language.
        before: The list that it is compared with: what moved is marked.
    """
    if not rows:
        said(word("none", code))
        return
    places = {row[Columns.ITEM]: place for place, row in enumerate(before)}
    spans = [_span(row) for row in [*rows, *before]]
    left, right = max(low for low, _ in spans), max(high for _, high in spans)
    drawn = "".join(
        _item(row, left=left, right=right, moved=_moved(row, place, places, code), code=code)
        for place, row in enumerate(rows)
    )
    ui.html(f'<ol class="items">{drawn}</ol>', sanitize=False)  # all of it is escaped


def _span(row: Row) -> tuple[float, float]:
    values = parts_by_kind(row["parts"]).values()
    return -sum(v for v in values if v < 0), sum(v for v in values if v > 0)


def _moved(row: Row, place: int, places: Mapping[str, int], code: str) -> str:
    """Return how an item moved against the other list; nothing without another."""
    if not places:
        return ""
    before = places.get(row[Columns.ITEM])
    if before is None:
        return f'<b class="moved in">{escape(word("came", code))}</b>'
    if before == place:
        return ""
    arrow, way = ("▲", "up") if before > place else ("▼", "down")
    text = word(way, code).format(abs(before - place))
    return f'<b class="moved {way}" title="{escape(text)}">{arrow} {abs(before - place)}</b>'


def _item(row: Row, *, left: float, right: float, moved: str, code: str) -> str:
    parts = parts_by_kind(row["parts"])
    new = row["lane"] != "known"
    lane = f'<span class="lane">{escape(word(row["lane"], code))}</span>' if new else ""
    reason = f'<p class="soft">{escape(str(row.get("reason") or ""))}</p>'
    lines = "".join(
        f'<tr><th scope="row"><i class="k-{kind}"></i>{escape(word(kind, code))}</th>'
        f'<td class="number">{value:+.2f}</td></tr>'
        for kind, value in parts.items()
    )
    total = f'<tr class="total"><th scope="row">{escape(word("score", code))}</th>'
    total += f'<td class="number">{row[Columns.SCORE]:+.2f}</td></tr>'
    return (
        f'<li><div class="head"><bdi class="title">{escape(str(row[Columns.TITLE]))}</bdi>'
        f"{lane}{moved}</div>{reason}"
        f"<details><summary>{_bar(parts, left=left, right=right)}"
        f'<span class="number">{row[Columns.SCORE]:.2f}</span></summary>'
        f"<table>{lines}{total}</table></details></li>"
    )


def _bar(parts: Mapping[str, float], *, left: float, right: float) -> str:
    whole = max(left + right, 1e-9)
    against = [(kind, -value) for kind, value in parts.items() if value < 0]
    speaks = [(kind, value) for kind, value in parts.items() if value > 0]
    free = left - sum(value for _, value in against)
    pieces = f'<i style="width:{100 * free / whole:.2f}%"></i>'
    pieces += "".join(
        f'<i class="k-{kind} against" style="width:{100 * value / whole:.2f}%"></i>'
        for kind, value in against
    )
    pieces += '<i class="zero"></i>'
    pieces += "".join(
        f'<i class="k-{kind}" style="width:{100 * value / whole:.2f}%"></i>'
        for kind, value in speaks
    )
    return f'<span class="bar" aria-hidden="true">{pieces}</span>'
