"""What a page has before it: the service, the key of whoever looks, and their language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from nicegui import run, ui

from penchant.engine.penchant import Penchant
from penchant.errors import AccessError, PenchantError
from penchant.serve.console.shell import said
from penchant.serve.console.words import word
from penchant.serve.service import Service
from penchant.store.base import Key, key_of
from penchant.types import Columns

__all__ = ["Desk"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a page has before it.

    Attributes:
        service: Answers.
        key: Of whoever looks.
        who: Says whose the session is by now; None once it is over.
        code: Of their language.
        lasting: Whether what is changed outlasts this run.
    """

    service: Service
    key: Key
    who: Callable[[], Key | None]
    code: str
    lasting: bool

    @property
    def engine(self) -> Penchant:
        """The model that serves.

        Raises:
            UnavailableError: Without one.
        """
        return Penchant.over(self.service.fitted)

    @property
    def may_change(self) -> bool:
        """Whether the key may change what the pages show; others look."""
        return "admin" in self.key.scopes

    @property
    def names(self) -> Mapping[str, str]:
        """Names of all interests, by id."""
        table = self.service.fitted.taxonomy.table
        return dict(table.select(Columns.INTEREST, Columns.NAME).iter_rows())

    def say(self, name: str, *values: object) -> str:
        """Return what *name* is called in the reader's language, with *values* in it."""
        return word(name, self.code).format(*values)

    def titles(self, items: list[str]) -> list[str]:
        """Return what *items* are called."""
        return self.service.live.titles(items)

    def note(self, action: str, user: str) -> None:
        """Keep that the key did something with what is known of *user*."""
        service = self.service
        service.store.audit.note(
            at=int(service.clock()),
            actor=self.key.key_id,
            action=action,
            subject=key_of(user),
            detail="console",
        )

    async def ask(self, where: ui.element, question: Callable[[], T]) -> T | None:
        """Return what *question* answers, with a sign in *where* meanwhile; say there why not."""
        where.clear()
        with where:
            waiting = ui.spinner(size="2rem").props(
                f'role="status" aria-label="{word("wait", self.code)}"'
            )
        try:
            return await run.io_bound(question)
        except PenchantError as error:
            with where:
                said(f"{error}. {error.hint or ''}", kind="alert")
            return None
        finally:
            waiting.delete()

    async def change(self, where: ui.element, act: Callable[[], T]) -> T | None:
        """Do *act*, which changes something, as `ask` does, if the key still may."""
        return await self.ask(where, lambda: self._allowed(act))

    def _allowed(self, act: Callable[[], T]) -> T:
        key = self.who()  # a page outlives its session: another's may stand in its browser
        if key is None or "admin" not in key.scopes:
            raise AccessError(
                "this key changes nothing", known=True, hint="Log in with a key of scope admin."
            )
        return act()


Page = Callable[[Desk], Any]
"""Draws a page."""
