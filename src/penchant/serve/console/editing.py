"""What people want interests to be shown as: renamed, hidden, merged; each with its undoing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from nicegui import ui

from penchant.serve import tastes
from penchant.serve.console.confirm import sure
from penchant.serve.console.desk import Desk
from penchant.serve.console.shell import heading, press, said
from penchant.types import Columns

__all__ = ["edits", "tools"]

_NOTHING: Final[Mapping[str, Any]] = {"name": None, "merged_into": None, "hidden": False}


def tools(desk: Desk, row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Draw what renames, hides and merges an interest.

    Args:
        desk: Before the reader.
        row: The interest.
        rows: All that are shown.
    """
    interest, say = row[Columns.INTEREST], desk.say
    failed = ui.element("div")

    async def change(changes: Mapping[str, Any]) -> None:
        await _edit(desk, failed, interest, changes)

    async def rename() -> None:
        await change({"name": str(name.value or "")})

    async def merge() -> None:
        if into.value:
            await change({"merged_into": into.value})

    with ui.element("div").classes("asking"):
        name = ui.input(say("new_name"), value=row[Columns.NAME]).props("outlined dense")
        name.on("keydown.enter", rename)
        press(say("rename"), rename)
        sure(
            desk,
            "hide",
            say("hide_sure", row[Columns.NAME], f"{row['items']:,}"),
            partial(change, {"hidden": True}),
        )
    same = {
        other[Columns.INTEREST]: other[Columns.NAME]
        for other in rows
        if other[Columns.INTEREST] != interest
        and (other[Columns.PARENT] is None) == (row[Columns.PARENT] is None)
    }
    if same:
        with ui.element("div").classes("asking"):
            into = ui.select(same, label=say("merge_into"), with_input=True)
            into.props("outlined dense")
            sure(desk, "merge", say("merge_sure", row[Columns.NAME]), merge)


def edits(desk: Desk) -> None:
    """Draw what was edited, each with its undoing."""
    kept = {
        interest: edit
        for interest, edit in desk.service.store.interests.all().items()
        if any(edit.get(name) != value for name, value in _NOTHING.items())
    }
    if not kept:
        return
    heading(desk.say("edited"))
    failed = ui.element("div")
    found = desk.service.found.taxonomy.table
    names = dict(found.select(Columns.INTEREST, Columns.NAME).iter_rows())
    for interest, edit in kept.items():
        with ui.element("div").classes("kept"):
            said(_told(desk, names, interest, edit), kind="understood")
            if desk.may_change:
                press(desk.say("undo"), partial(_edit, desk, failed, interest, _NOTHING))


def _told(desk: Desk, names: Mapping[str, str], interest: str, edit: Mapping[str, Any]) -> str:
    """Say what was edited of an interest, by the name that it was found under."""
    into = edit.get("merged_into")
    told = [
        desk.say("is_renamed", edit["name"]) if edit.get("name") else "",
        desk.say("is_merged", names.get(into, into)) if into else "",
        desk.say("is_hidden") if edit.get("hidden") else "",
    ]
    return f"{names.get(interest, interest)}: {', '.join(filter(None, told))}"


async def _edit(desk: Desk, failed: ui.element, interest: str, changes: Mapping[str, Any]) -> None:
    actor = desk.key.key_id
    done = await desk.change(
        failed, lambda: tastes.edit(desk.service, interest, changes, actor=actor)
    )
    if done is not None:
        ui.navigate.to("/")
