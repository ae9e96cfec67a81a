"""Who may do what, and who read or erased personal data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

__all__ = ["Audit", "Key", "Keys"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key, without its secret.

    Attributes:
        key_id: Its id.
        name: Whose or what for.
        scopes: What it may do.
        at: UTC seconds of its making.
        revoked: UTC seconds from which it opens nothing; None: it is valid.
        user: The only user that it is for; None: all.  No key that is kept has one.
    """

    key_id: str
    name: str
    scopes: frozenset[str]
    at: int
    revoked: int | None = None
    user: str | None = None


class Keys(Protocol):
    """Who may do what."""

    def add(self, key: Key, *, digest: bytes) -> None:
        """Keep a key under the digest of its secret."""
        ...

    def find(self, digest: bytes) -> Key | None:
        """Return the key whose secret has this digest; None without one."""
        ...

    def signing(self, key_id: str) -> tuple[Key, bytes] | None:
        """Return a key and the digest of its secret; None without one of that id."""
        ...

    def all(self) -> list[Key]:
        """Return all keys, oldest first."""
        ...

    def revoke(self, key_id: str, *, at: int) -> None:
        """Let a key open nothing from now on.

        Raises:
            UnknownIdError: If there is no such key.
        """
        ...


class Audit(Protocol):
    """Who read or erased personal data."""

    def note(self, *, at: int, actor: str, action: str, subject: bytes, detail: str) -> None:
        """Keep an entry soon; *subject* is the digest of a user id."""
        ...

    def page(self, *, after: int = 0, most: int = 100) -> list[dict[str, Any]]:
        """Return entries in order, from number *after* on."""
        ...
