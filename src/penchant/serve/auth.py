"""Who may do what: keys, random and stored as digests, each with scopes.

ingest    send events, items and users
read      ask for lists, similar items and interests
portrait  personal data: portraits, exports, what a user steers, erasure
admin     everything, models and metrics among it
view      the console, to look at everything and change nothing; no route of the service

A token has some of them for one user alone (`penchant.serve.tokens`).
"""

from __future__ import annotations

import hashlib
import secrets
import string
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, TypeVar

from penchant.errors import AccessError, StoreError, UsageError
from penchant.serve.tokens import PREFIX, make_token, read_token
from penchant.store.base import Key, Keys

__all__ = ["SCOPES", "Authority", "make_key"]

SCOPES: Final = ("ingest", "read", "portrait", "admin", "view")

_LETTERS: Final = string.ascii_letters + string.digits
_LENGTH: Final = 43
"""Letters of a secret: 256 bits."""

_REMEMBERED: Final = 1.0
"""Seconds after which a revoked key opens nothing, at most."""

_OUTAGE: Final = 600.0
"""Seconds for which a key opens what it opened last while the store cannot be asked."""

_MOST: Final = 10_000

K = TypeVar("K")
V = TypeVar("V")


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
        wall: UTC seconds, by which tokens end.
    """

    def __init__(
        self, keys: Keys, *, clock: Callable[[], float], wall: Callable[[], float] = time.time
    ) -> None:
        self._keys = keys
        self._clock = clock
        self._wall = wall
        self._seen: dict[bytes, tuple[float, Key | None]] = {}
        self._signing: dict[str, tuple[float, tuple[Key, bytes] | None]] = {}
        self._lock = threading.Lock()

    def known(self, secret: str | None, scope: str) -> Key | None:
        """Return what `check` would, if that is remembered and good; the store is not asked."""
        if not secret or secret.startswith(PREFIX):
            return None
        found = self._seen.get(_digest(secret))
        if found is None or self._clock() - found[0] >= _REMEMBERED:
            return None
        key = found[1]
        good = key is not None and key.revoked is None and key.scopes & {scope, "admin"}
        return key if good else None

    def check(self, secret: str | None, scope: str) -> Key:
        """Return the key of *secret*, which has *scope*; of a token, one for its user alone.

        Raises:
            AccessError: If there is no secret, no such key, or it lacks the scope.
        """
        if not secret:
            raise AccessError(
                "a key is needed", hint="Send it as Authorization: Bearer … or X-API-Key."
            )
        key = self._of_token(secret) if secret.startswith(PREFIX) else self._find(_digest(secret))
        if key is None or key.revoked is not None:
            raise AccessError("this key opens nothing")
        if scope not in key.scopes and "admin" not in key.scopes:
            raise AccessError(f"this key lacks the scope {scope!r}", known=True)
        return key

    def token(self, key: Key, *, user: str, scopes: Iterable[str], seconds: int) -> tuple[str, int]:
        """Return a token for *user*, signed by *key*, and its end in UTC seconds.

        Raises:
            UsageError: If a scope or the time is none for a token.
            AccessError: If the key lacks a scope.
        """
        signing = self._keys.signing(key.key_id)
        if signing is None:
            raise AccessError("this key opens nothing")
        now = int(self._wall())
        return make_token(
            key, digest=signing[1], user=user, scopes=scopes, now=now, seconds=seconds
        )

    def _of_token(self, secret: str) -> Key:
        """Return a key that has what a token says.

        Raises:
            AccessError: If it is over or not signed, or its key is not good any more.
        """
        claims = read_token(secret)
        signing = self._remembered(self._signing, claims.key_id, self._keys.signing)
        if signing is None or not claims.signed_by(signing[1]) or signing[0].revoked is not None:
            raise AccessError("this token opens nothing")
        if self._wall() >= claims.end:
            raise AccessError("this token is over", hint="Ask for a new one.")
        allowed = (
            claims.scopes if "admin" in signing[0].scopes else claims.scopes & signing[0].scopes
        )
        return replace(signing[0], scopes=allowed, user=claims.user)

    def _find(self, digest: bytes) -> Key | None:
        return self._remembered(self._seen, digest, self._keys.find)

    def _remembered(self, seen: dict[K, tuple[float, V]], name: K, find: Callable[[K], V]) -> V:
        """Return what *find* says of *name*, or said a moment ago."""
        now = self._clock()
        known = seen.get(name)
        if known is not None and now - known[0] < _REMEMBERED:
            return known[1]
        try:
            found = find(name)
        except StoreError:
            if known is not None and now - known[0] < _OUTAGE:
                return known[1]
            raise
        with self._lock:
            if len(seen) >= _MOST:
                seen.clear()
            seen[name] = (now, found)
        return found


def _digest(secret: str) -> bytes:
    """Return what is stored: a secret of 256 bits needs no salt and no effort."""
    return hashlib.sha256(secret.encode("utf-8")).digest()
