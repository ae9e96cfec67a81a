"""What a data protection officer needs of a person: everything in a file, or everything gone."""

from __future__ import annotations

import json

from nicegui import ui

from penchant.serve.console.confirm import sure
from penchant.serve.console.desk import Desk
from penchant.serve.console.shell import said

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
        gone = await desk.change(where, lambda: desk.service.erase(user, actor=desk.key.key_id))
        if gone is not None:
            with where:
                said(desk.say("erased", gone["events"], gone["receipt"]), kind="plain")

    with ui.element("div").classes("asking"):
        sure(desk, "export", desk.say("export_sure", user), export)
        if desk.may_change:
            sure(desk, "erase", desk.say("erase_sure", user), erase, risky=True)
