"""Items, users and how interests are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

__all__ = ["Catalogue", "Interests", "People", "Said"]


class Catalogue(Protocol):
    """Items."""

    def put(self, items: Sequence[Mapping[str, Any]]) -> int:
        """Store items, each whole, over what was there; return how many."""
        ...

    def patch(self, item: str, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        """Change fields of an item (None removes one) and return it.

        Raises:
            UnknownIdError: If there is no such item.
        """
        ...

    def delete(self, item: str) -> None:
        """Take an item off all lists.

        Raises:
            UnknownIdError: If there is no such item.
        """
        ...

    def get(self, item: str) -> Mapping[str, Any]:
        """Return an item.

        Raises:
            UnknownIdError: If there is no such item.
        """
        ...

    def page(self, *, after: str = "", most: int = 100) -> tuple[list[dict[str, Any]], str]:
        """Return items after a cursor, and the cursor after them; ``""`` at the end."""
        ...

    def changed(self, after: int) -> tuple[list[dict[str, Any]], list[str], int]:
        """Return items put and ids deleted after version *after*, and the newest version."""
        ...


Said: TypeAlias = Sequence[Mapping[str, Any]]
"""What a user said of interests; JSON values."""


class People(Protocol):
    """Users."""

    def put(self, users: Sequence[Mapping[str, Any]]) -> int:
        """Store users, each whole, over what was there; return how many."""
        ...

    def get(self, user: str) -> Mapping[str, Any] | None:
        """Return what was said of a user; None where nothing was."""
        ...

    def known(self, user: str) -> bool:
        """Tell whether anything is kept of *user*."""
        ...

    def page(self, *, after: str = "", most: int = 100) -> tuple[list[dict[str, Any]], str]:
        """Return users after a cursor, and the cursor after them; ``""`` at the end."""
        ...

    def steering(self, user: str) -> list[dict[str, Any]]:
        """Return what *user* said of interests."""
        ...

    def steer(self, user: str, change: Callable[[Said], Said]) -> Said:
        """Keep what *change* makes of what the user said of interests before, and return it.

        Nobody else changes it meanwhile; *change* may raise, then all stays as it was.
        """
        ...

    def erase(self, user: str) -> int:
        """Forget *user* wholly and return how many events are gone."""
        ...

    def rewritten(self) -> frozenset[bytes]:
        """Return the keys of users whose past in models does not hold any more."""
        ...


class Interests(Protocol):
    """How interests are shown."""

    def all(self) -> dict[str, dict[str, Any]]:
        """Return what is kept of each interest, by its id; JSON values."""
        ...

    def edit(
        self, interest: str, change: Callable[[Mapping[str, Mapping[str, Any]]], Mapping[str, Any]]
    ) -> Mapping[str, Any]:
        """Keep of *interest* what *change* makes of all that is kept, and return it.

        Nobody else changes it meanwhile; *change* may raise, then all stays as it was.
        """
        ...
