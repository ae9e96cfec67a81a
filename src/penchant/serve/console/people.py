"""The page of people: a portrait, the next list and why, and what changes it."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from nicegui import ui

from penchant.engine.wanted import Wanted
from penchant.rank.leanings import Action
from penchant.serve import tastes
from penchant.serve.console.bars import legend, list_of
from penchant.serve.console.desk import Desk
from penchant.serve.console.own_data import own_data
from penchant.serve.console.portrait import portrait_of, proposals
from penchant.serve.console.shell import heading, press, said
from penchant.serve.looking import leaning_more, listed, person
from penchant.serve.service import Asked
from penchant.types import Columns

__all__ = ["people"]

_K: Final = 10
_MOST: Final = 12
_NEXT: Final = 5

Rows = list[dict[str, Any]]


def people(desk: Desk) -> None:
    """Draw the page."""
    with ui.element("form").classes("asking").props('role="search" onsubmit="return false"'):
        user = ui.input(desk.say("user")).props("outlined dense")
        find = press(desk.say("search"), kind="go")
        anybody = press(desk.say("anybody"))
    found = ui.element("div")
    with found:
        said(desk.say("people_hint"))

    async def search() -> None:
        await _Visit(desk, str(user.value or "").strip(), found).open()

    async def chance() -> None:
        ids = desk.service.fitted.users.ids
        user.value = random.choice(ids)  # noqa: S311  # nothing depends on it
        await search()

    user.on("keydown.enter", search)
    find.on_click(search)
    anybody.on_click(chance)


@dataclass
class _Visit:
    """One person, looked at.

    Attributes:
        desk: Before the reader.
        user: Whose page it is: as typed, then as the store knows them.
        where: Where it is drawn.
        before: The list before the last change; empty before the first.
        now: The list.
    """

    desk: Desk
    user: str
    where: ui.element
    before: Rows = field(default_factory=list)
    now: Rows = field(default_factory=list)

    async def open(self) -> None:
        """Read and draw everything."""
        seen = await self.desk.ask(self.where, self._read)
        if seen is None:
            return
        self.desk.note("portrait", self.user)
        events, portrait, following, self.now = seen
        with self.where:
            if not self.desk.lasting:
                said(self.desk.say("this_run"))
            heading(self.desk.say("person_is", self.user, f"{events:,}"))
            heading(self.desk.say("portrait"), level=3)
            portrait_of(self.desk, portrait, on_change=self._say)
            heading(self.desk.say("following"), level=3)
            proposals(self.desk, following)
            if self.desk.may_change:
                heading(self.desk.say("change"), level=3)
                self._sentence()
            self.kept = ui.element("div")
            self.lists = ui.element("div")
            heading(self.desk.say("own_data"))
            own_data(self.desk, self.user, self.where)
        self._draw()

    def _read(self) -> tuple[int, Rows, Rows, Rows]:
        service = self.desk.service
        self.user = person(service, self.user)
        _, _, history = service.history(self.user)
        portrait = service.portrait(self.user, m=_MOST)["interests"]
        following = tastes.explore(service, self.user, m=_NEXT)["interests"]
        return len(history.item), portrait, following, self._list()

    def _list(self) -> Rows:
        return listed(self.desk.service, Asked(user=self.user, wanted=Wanted(k=_K, reasons=True)))

    def _sentence(self) -> None:
        say = self.desk.say
        with ui.element("div").classes("asking"):
            text = ui.input(say("sentence"), placeholder=say("sentence_such_as"))
            text.props("outlined dense")

            async def steer() -> None:
                words = str(text.value or "").strip()
                if words:
                    await self._change(
                        lambda: tastes.steer(self.desk.service, self.user, words, keep=True)
                    )

            text.on("keydown.enter", steer)
            press(say("steer"), steer, kind="go")

    async def _say(
        self, interest: str, action: Action | None, strength: float | None = None
    ) -> None:
        service, user = self.desk.service, self.user
        said = leaning_more(service, user, interest, action, strength)
        await self._change(lambda: tastes.lean(service, user, said))

    async def _change(self, change: Any) -> None:  # noqa: ANN401  # what it returns is not asked
        """Do what changes the list, and show the list beside the one before."""

        def done() -> Rows:
            change()
            return self._list()

        rows = await self.desk.change(self.kept, done)
        if rows is not None:
            self.desk.note("steer", self.user)
            self.before, self.now = self.now, rows
        self._draw(keep_word=rows is None)

    def _draw(self, *, keep_word: bool = False) -> None:
        code, say = self.desk.code, self.desk.say
        if not keep_word:
            self.kept.clear()
        with self.kept:
            self._kept()
        self.lists.clear()
        with self.lists:
            if self.before and _ids(self.before) == _ids(self.now):
                said(say("same_list", len(self.now)), kind="plain")
            legend([*self.now, *self.before], code=code)
            with ui.element("div").classes("halves"):
                with ui.element("section"):
                    heading(say("next"))
                    list_of(self.now, code=code, before=self.before)
                if self.before:
                    with ui.element("section"):
                        heading(say("before"))
                        list_of(self.before, code=code)

    def _kept(self) -> None:
        """Draw what the person's lists are steered by, each with its undoing."""
        service, desk = self.desk.service, self.desk
        for one in service.store.people.steering(self.user):
            if "steering_id" in one:
                undo = partial(tastes.leave_out, service, self.user, one["steering_id"])
                self._undoing(_understood(desk, one), partial(self._change, undo))
            elif "action" in one:
                interest = one["interest_id"]
                name = desk.names.get(interest, interest)
                text = desk.say(f"{one['action']}_of", name, f"{one.get('strength', 0):.0%}")
                self._undoing(text, partial(self._say, interest, None))

    def _undoing(self, text: str, undo: Callable[[], Awaitable[None]]) -> None:
        with ui.element("div").classes("kept"):
            said(text, kind="understood")
            if self.desk.may_change:
                press(self.desk.say("undo"), undo)


def _ids(rows: Rows) -> list[str]:
    return [row[Columns.ITEM] for row in rows]


def _understood(desk: Desk, one: dict[str, Any]) -> str:
    """Say what a sentence was understood as."""
    more = [c["name"] for c in one["changes"] if c["by"] > 0]
    less = [c["name"] for c in one["changes"] if c["by"] < 0]
    told = [
        desk.say(kind, ", ".join(names))
        for kind, names in (("more_of", more), ("less_of", less), ("unread", one["unread"]))
        if names
    ]
    told += [
        desk.say(kind, one[bound])
        for kind, bound in (("from_price", "lowest"), ("to_price", "highest"))
        if one[bound] is not None
    ]
    return "; ".join(told) or desk.say("unread", one["sentence"])
