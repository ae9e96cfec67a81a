"""A button that asks whether one is sure before it acts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from penchant.serve.console.desk import Desk
from penchant.serve.console.shell import press, said

__all__ = ["sure"]


def sure(
    desk: Desk, name: str, question: str, act: Callable[[], Awaitable[None]], *, risky: bool = False
) -> None:
    """Draw the button.

    Args:
        desk: Before the reader.
        name: Of the word on the button.
        question: What it would do, in a sentence or two.
        act: Is called once the reader is sure.
        risky: Whether it cannot be undone.
    """
    with ui.dialog() as asked, ui.card():
        said(question, kind="plain")

        async def done() -> None:
            asked.close()
            await act()

        with ui.element("div").classes("asking"):
            press(desk.say(name), done, kind="risky" if risky else "go")
            press(desk.say("cancel"), asked.close)
    press(desk.say(name), asked.open, kind="risky" if risky else "quiet")
