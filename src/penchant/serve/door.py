"""What ids of users become before anything is stored or looked up.

    PENCHANT_PSEUDONYM_KEY        a secret: ids become pseudonyms, keyed by it
    PENCHANT_PSEUDONYM_KEY_FILE   a file that holds it
    else                          ids stay as they are

The key is never in the store; without it nobody can tell who is who in there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from penchant.errors import ConfigError
from penchant.privacy import pseudonym
from penchant.store.base import Model
from penchant.store.sql import Store
from penchant.types import Vocabulary

__all__ = ["OPEN", "Door"]

_NAME: Final = "PENCHANT_PSEUDONYM_KEY"
_SHORTEST: Final = 16
_MARK: Final = "pseudonyms"
_NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Door:
    """Turns ids of users into what the store knows them by.

    Attributes:
        key: Of pseudonyms; None: ids stay as they are.
    """

    key: bytes | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self:
        """Return the door that the environment asks for.

        Raises:
            ConfigError: If a key is too short or its file cannot be read.
        """
        secret, file = environ.get(_NAME, ""), environ.get(f"{_NAME}_FILE")
        if not secret and file:
            try:
                secret = Path(file).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise ConfigError(f"{_NAME}_FILE {file!r} cannot be read: {error}") from error
        if not secret and not file:
            return cls()
        if len(secret) < _SHORTEST:
            raise ConfigError(f"{_NAME} has fewer than {_SHORTEST} characters")
        return cls(secret.encode("utf-8"))

    def user(self, user: str) -> str:
        """Return what the store knows *user* by."""
        return user if self.key is None else pseudonym(user, key=self.key)

    def users(self, users: Vocabulary, model: Model) -> Vocabulary:
        """Return the users of a *model*, as it was fitted, by what the store knows them by."""
        if self.key is None or not model.facts.get("base"):
            return users  # what was fitted from the store knows no other ids
        return Vocabulary.of(self.user(user) for user in users)

    def check(self, store: Store) -> None:
        """Refuse a store that knows users by something else.

        Raises:
            ConfigError: If so.
        """
        mark = _NONE if self.key is None else pseudonym(_MARK, key=self.key)
        started = store.kept(_MARK) is None and store.events.last() > 0
        kept = store.keep(_MARK, _NONE if started else mark)
        if kept == mark:
            return
        if kept == _NONE:
            raise ConfigError(
                f"the store holds ids of users as they are, and {_NAME} is set",
                hint="Begin with an empty store, or without the key.",
            )
        raise ConfigError(
            f"the store holds pseudonyms of another key than {_NAME}'s",
            hint="Set the key that it began with.",
        )


OPEN: Final = Door()
"""Lets ids through as they are."""
