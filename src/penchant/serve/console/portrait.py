"""A portrait: each interest with how strong it is, against others, over time, and what shows it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from html import escape
from typing import Any, Final

from nicegui import ui

from penchant.interests.rows import FACETS
from penchant.rank.leanings import Action
from penchant.serve.console.desk import Desk
from penchant.serve.console.shell import press, said, words

__all__ = ["portrait_of", "proposals"]

_ARROWS: Final = {"rising": "▲", "steady": "●", "fading": "▼"}

_FIRST: Final = 6
"""Interests that are shown at once."""

Change = Callable[[str, Action, float | None], Awaitable[None]]


def portrait_of(desk: Desk, rows: Sequence[dict[str, Any]], *, on_change: Change) -> None:
    """Draw the interests, most telling first, each with what can be said of it: pinned, muted, set.

    Args:
        desk: Before the reader.
        rows: A portrait.
        on_change: Is told an interest, what is said of it, and the strength that is set.
    """
    if not rows:
        said(desk.say("none"))
        return
    dates = [row[end] for row in rows for end in ("first_seen", "last_seen") if row[end]]
    first, last = (min(dates), max(dates)) if dates else (None, None)
    _cards(desk, rows[:_FIRST], first, last, on_change)
    if rows[_FIRST:]:
        with ui.element("details"):
            words(desk.say("all_of", len(rows)), tag="summary")
            _cards(desk, rows[_FIRST:], first, last, on_change)


def proposals(desk: Desk, rows: Sequence[dict[str, Any]]) -> None:
    """Draw interests that are new to a person, with how likely each is and what speaks for it."""
    if not rows:
        said(desk.say("none"))
        return
    names = desk.names
    lines = "".join(
        f'<li><bdi class="title">{escape(row["name"])}</bdi> <span class="soft">'
        f"{escape(_told_of(desk, row, names))}</span></li>"
        for row in rows
    )
    ui.html(f'<ul class="plain">{lines}</ul>', sanitize=False)  # all of it is escaped


def _told_of(desk: Desk, row: dict[str, Any], names: Mapping[str, str]) -> str:
    chance = desk.say("chance", f"{row['score']:.0%}")
    causes = ", ".join(names.get(one, one) for one in row["because"])
    return f"{chance} · {desk.say('because', causes)}" if causes else chance


def _cards(
    desk: Desk,
    rows: Sequence[dict[str, Any]],
    first: Any,  # noqa: ANN401  # a moment or None
    last: Any,  # noqa: ANN401
    on_change: Change,
) -> None:
    with ui.element("ul").classes("portrait"):
        for row in rows:
            with ui.element("li"):
                ui.html(_told(desk, row, first, last), sanitize=False)  # all of it is escaped
                if not desk.may_change:
                    continue
                with ui.element("div").classes("ways"):
                    _button(desk, "pin", row, on_change)
                    _button(desk, "mute", row, on_change)
                    _setting(desk, row, on_change)


def _button(desk: Desk, action: Action, row: dict[str, Any], on_change: Change) -> None:
    label = escape(f"{desk.say(action)}: {row['name']}", quote=True)
    pressed = partial(on_change, row["interest_id"], action, None)
    press(desk.say(action), pressed).props(f'aria-label="{label}"')


def _setting(desk: Desk, row: dict[str, Any], on_change: Change) -> None:
    """Draw a slider that sets how strong the interest is."""
    label = escape(f"{desk.say('set')}: {row['name']}", quote=True)
    slider = ui.slider(min=0, max=1, step=0.1, value=round(row["strength"], 1))
    slider.props(f'label aria-label="{label}"').classes("setter")

    async def let_go() -> None:
        await on_change(row["interest_id"], "set", float(slider.value))

    slider.on("change", let_go)


def _told(desk: Desk, row: dict[str, Any], first: Any, last: Any) -> str:  # noqa: ANN401  # moments
    titles = ", ".join(dict.fromkeys(desk.titles(list(row["evidence"]))))
    liked = row["polarity"] >= 0
    kind = "" if liked else " against"
    said_of = [
        desk.say("times_average", f"{row['lift']:.1f}"),
        f"{_ARROWS.get(row['trend'], '')} {desk.say(row['trend'])}",
    ]
    if row.get("stated"):
        said_of.append(desk.say(f"stated_{row['stated']}"))
    if not liked:
        said_of.append(desk.say("disliked"))
    said_of += row.get(FACETS, ())
    facts = " · ".join(escape(one) for one in said_of)
    strength = escape(desk.say("strength_of", f"{row['strength']:.0%}"))
    return (
        f'<div class="head"><bdi class="title">{escape(row["name"])}</bdi>'
        f'<span class="soft">{facts}</span></div>'
        f'<div class="strength{kind}"><b><i style="width:{100 * row["strength"]:.1f}%"></i></b>'
        f"<span>{strength}</span></div>"
        f'<p class="soft"><bdi>{escape(titles)}</bdi></p>{_line(desk, row, first, last)}'
    )


def _line(desk: Desk, row: dict[str, Any], first: Any, last: Any) -> str:  # noqa: ANN401  # moments
    """Return from when to when the interest was seen, drawn within all that was."""
    if first is None or row["first_seen"] is None or first == last:
        return ""
    whole = (last - first).total_seconds()
    start = 100 * (row["first_seen"] - first).total_seconds() / whole
    width = 100 * (row["last_seen"] - row["first_seen"]).total_seconds() / whole
    days = f"{row['first_seen']:%Y-%m-%d} – {row['last_seen']:%Y-%m-%d}"
    return (
        f'<div class="line"><i style="margin-left:{start:.1f}%;width:{max(width, 1):.1f}%"></i>'
        f'</div><small class="soft">{escape(desk.say("seen", days))}</small>'
    )
