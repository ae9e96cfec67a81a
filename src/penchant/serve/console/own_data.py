"""What a data protection officer needs of a person: everything in a file, or everything gone."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from nicegui import ui

from penchant.serve.console.desk import Desk
from penchant.serve.console.shell import press, said

__all__ = ["own_data"]


def own_data(desk: Desk, user: str, where: ui.element) -> None:
    """Draw the buttons; each asks before it acts, and what is done is noted.

    Args:
        desk: Before the reader.
        user: Whose data.
        where: What is drawn of the person, replaced by the receipt once they are erased.
    """

    async def export() -> None:
        whole = desk.service.export(user)
        desk.note("export", user)
        text = json.dumps(whole, ensure_ascii=False, indent=1, default=str)
        ui.download.content(text.encode(), "export.json", "application/json")

    async def erase() -> None:
        gone = await desk.ask(where, lambda: desk.service.erase(user, actor=desk.key.key_id))
        if gone is not None:
            with where:
                said(desk.say("erased", gone["events"], gone["receipt"]), kind="plain")

    with ui.element("div").classes("asking"):
        _sure(desk, "export", user, export, kind="quiet")
        _sure(desk, "erase", user, erase, kind="risky")


def _sure(
    desk: Desk, name: str, user: str, act: Callable[[], Awaitable[None]], *, kind: str
) -> None:
    """Draw a button that asks whether one is sure, and then acts."""
    with ui.dialog() as asked, ui.card():
        said(desk.say(f"{name}_sure", user), kind="plain")

        async def done() -> None:
            asked.close()
            await act()

        with ui.element("div").classes("asking"):
            press(desk.say(name), done, kind="risky" if kind == "risky" else "go")
            press(desk.say("cancel"), asked.close)
    press(desk.say(name), asked.open, kind=kind)
