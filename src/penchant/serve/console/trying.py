"""The page to try things: wishes and picked items, two settings side by side, no account."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from nicegui import ui

from penchant.engine.wanted import Wanted
from penchant.serve.console.bars import legend, list_of
from penchant.serve.console.desk import Desk
from penchant.serve.console.shell import heading, press, said
from penchant.serve.holding import search
from penchant.serve.looking import history_of, listed
from penchant.serve.service import Asked

__all__ = ["trying"]

_K: Final = 10
_FOUND: Final = 20
_SETTINGS: Final = ("diversity", "explore_share", "calibration")
_SECOND: Final = {"diversity": 0.3, "explore_share": 0.2, "calibration": 0.0}
"""What the right list begins with; the left one with nothing."""


def trying(desk: Desk) -> None:
    """Draw the page."""
    say = desk.say
    with ui.element("div").classes("asking"):
        like = ui.input(say("like"), placeholder=say("like_such_as")).props("outlined dense")
        unlike = ui.input(say("not_like")).props("outlined dense")
    picked = _Picked(desk)
    with ui.element("div").classes("asking"):
        go = press(say("make"), kind="go")
    key = ui.element("div")
    sides = ui.element("div").classes("halves")
    with sides:
        halves = [_Half(desk, name, start) for name, start in (("a", {}), ("b", _SECOND))]
    failed = ui.element("div")

    async def make() -> None:
        wishes, refusals = _parts(like.value), _parts(unlike.value)
        events = history_of(picked.items) if picked.items else None
        if not (wishes or refusals or events):
            failed.clear()
            with failed:
                said(say("ask_first"), kind="alert")
            return
        asked = [half.asked(wishes, refusals, events) for half in halves]
        rows = await desk.ask(failed, lambda: [listed(desk.service, one) for one in asked])
        if rows is None:
            return
        key.clear()
        with key:
            legend([row for own in rows for row in own], code=desk.code)
        for half, own, other in zip(halves, rows, ([], rows[0]), strict=True):
            half.draw(own, before=other)

    for asking in (like, unlike):
        asking.on("keydown.enter", make)
    go.on_click(make)
    for half in halves:
        half.on_change(make)


class _Picked:
    """Items that stand for a history: searched, picked, taken out again."""

    def __init__(self, desk: Desk) -> None:
        self.items: list[str] = []
        self._desk = desk
        with ui.element("div").classes("asking"):
            self._words = ui.input(desk.say("pick")).props("outlined dense")
            self._words.on("keydown.enter", self._search)
            press(desk.say("search"), self._search)
        self._found = ui.element("div").classes("chips")
        self._chosen = ui.element("div").classes("chips")

    async def _search(self) -> None:
        desk, words = self._desk, str(self._words.value or "")
        found = await desk.ask(self._found, lambda: search(desk.service, words, most=_FOUND))
        with self._found:
            if found == []:
                said(desk.say("none"))
            for item, title in zip(found or [], desk.titles(found or []), strict=True):
                press(title, partial(self._pick, item), icon="add")

    def _pick(self, item: str) -> None:
        if item not in self.items:
            self.items.append(item)
        self._found.clear()
        self._draw()

    def _leave(self, item: str) -> None:
        self.items.remove(item)
        self._draw()

    def _draw(self) -> None:
        self._chosen.clear()
        with self._chosen:
            for item, title in zip(self.items, self._desk.titles(self.items), strict=True):
                press(title, partial(self._leave, item), icon="close")


class _Half:
    """One setting and its list."""

    def __init__(self, desk: Desk, name: str, start: dict[str, float]) -> None:
        self._desk = desk
        self._sliders: dict[str, ui.slider] = {}
        with ui.element("section"):
            heading(desk.say(f"setting_{name}"))
            for setting in _SETTINGS:
                with ui.element("div").classes("setting"):
                    said(desk.say(setting), kind="plain")
                    slider = ui.slider(min=0, max=1, step=0.1, value=start.get(setting, 0.0))
                    label = f"{desk.say(setting)} {desk.say(f'setting_{name}')}"
                    slider.props(f'aria-label="{label}"')
                    ui.label().bind_text_from(slider, "value", lambda value: f"{value:.1f}")
                    self._sliders[setting] = slider
            self._list = ui.element("div")

    def on_change(self, make: Any) -> None:  # noqa: ANN401  # an event handler
        """Make the lists again when a slider is let go."""
        for slider in self._sliders.values():
            slider.on("change", make)

    def asked(self, like: list[str], unlike: list[str], events: Any) -> Asked:  # noqa: ANN401
        """Return what this half asks for."""
        diversity, share, calibration = (float(self._sliders[name].value) for name in _SETTINGS)
        wanted = Wanted(
            like=like,
            not_like=unlike,
            k=_K,
            reasons=True,
            diversity=diversity,
            explore_share=share,
            calibration=calibration,
        )
        return Asked(events=events or [], wanted=wanted)

    def draw(self, rows: list[dict[str, Any]], *, before: list[dict[str, Any]]) -> None:
        """Draw the list, marked where it differs from the other."""
        self._list.clear()
        with self._list:
            list_of(rows, code=self._desk.code, before=before)


def _parts(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").replace("；", ";").split(";") if part.strip()]
