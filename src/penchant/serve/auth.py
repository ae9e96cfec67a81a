"""Who may do what: keys, random and stored as digests, each with scopes.

ingest    send events, items and users
read      ask for lists, similar items and interests
portrait  personal data: portraits, exports, what a user steers, erasure
admin     everything, models and metrics among it
"""

from __future__ import annotations

import hashlib
import secrets
import string
import threading
from collections.abc import Callable, Iterable
from typing import Final

from penchant.errors import AccessError, UsageError
from penchant.store.base import Key, Keys

__all__ = ["SCOPES", "Authority", "make_key"]

SCOPES: Final = ("ingest", "read", "portrait", "admin")

_LETTERS: Final = string.ascii_letters + string.digits
_LENGTH: Final = 43
"""Letters of a secret: 256 bits."""

_REMEMBERED: Final = 1.0
"""Seconds after which a revoked key opens nothing, at most."""

_MOST: Final = 10_000


def make_key(keys: Keys, *, name: str, scopes: Iterable[str], at: int) -> tuple[str, Key]:
    """Make a key, keep its digest, and return its secret, which is nowhere else, and the key.

    Args:
        keys: Where it is kept.
        name: Whose or what for.
        scopes: Of `SCOPES`.
        at: UTC seconds.

    Raises:
        UsageError: If there is no such scope, or none is given.
    """
    wanted = frozenset(scopes)
    unknown = sorted(wanted - set(SCOPES))
    if unknown or not wanted:
        raise UsageError(
            f"no scope {unknown[0]!r}" if unknown else "a key needs a scope",
            hint=f"Choose from: {', '.join(SCOPES)}.",
        )
    secret = "pen_" + "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    key = Key(key_id=secrets.token_hex(6), name=name, scopes=wanted, at=at)
    keys.add(key, digest=_digest(secret))
    return secret, key


class Authority:
    """Says whether a secret may do something.

    Args:
        keys: Of the store.
        clock: Monotonic seconds.
    """

    def __init__(self, keys: Keys, *, clock: Callable[[], float]) -> None:
        self._keys = keys
        self._clock = clock
        self._seen: dict[bytes, tuple[float, Key | None]] = {}
        self._lock = threading.Lock()

    def known(self, secret: str | None, scope: str) -> Key | None:
        """Return what `check` would, if that is remembered and good; the store is not asked."""
        found = self._seen.get(_digest(secret)) if secret else None
        if found is None or self._clock() - found[0] >= _REMEMBERED:
            return None
        key = found[1]
        good = key is not None and key.revoked is None and key.scopes & {scope, "admin"}
        return key if good else None

    def check(self, secret: str | None, scope: str) -> Key:
        """Return the key of *secret*, which has *scope*.

        Raises:
            AccessError: If there is no secret, no such key, or it lacks the scope.
        """
        if not secret:
            raise AccessError(
                "a key is needed", hint="Send it as Authorization: Bearer … or X-API-Key."
            )
        key = self._find(_digest(secret))
        if key is None or key.revoked is not None:
            raise AccessError("this key opens nothing")
        if scope not in key.scopes and "admin" not in key.scopes:
            raise AccessError(f"this key lacks the scope {scope!r}", known=True)
        return key

    def _find(self, digest: bytes) -> Key | None:
        now = self._clock()
        known = self._seen.get(digest)
        if known is not None and now - known[0] < _REMEMBERED:
            return known[1]
        key = self._keys.find(digest)
        with self._lock:
            if len(self._seen) >= _MOST:
                self._seen.clear()
            self._seen[digest] = (now, key)
        return key


def _digest(secret: str) -> bytes:
    """Return what is stored: a secret of 256 bits needs no salt and no effort."""
    return hashlib.sha256(secret.encode("utf-8")).digest()
