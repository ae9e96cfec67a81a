"""Tokens for one user each: a browser asks for what is that user's and for nobody else's.

    pent_PAYLOAD.SIGNATURE      payload: key, user, scopes, end; JSON in base64url
    signature = HMAC-SHA256(digest of the key's secret, payload)

A key signs them, so they end with it; nothing of them is stored.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from penchant.errors import AccessError, UsageError
from penchant.store.base import Key

__all__ = ["LONGEST", "OWN", "PREFIX", "Claims", "make_token", "read_token"]

PREFIX: Final = "pent_"
LONGEST: Final = 3600
"""Seconds that a token is good for, at most."""

OWN: Final = ("ingest", "read", "portrait")
"""Scopes that a token can have, each for its user alone."""

_PURPOSE: Final = b"penchant token of one user\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a token says; true if the key of that id has signed it.

    Attributes:
        key_id: Of the key that signs.
        user: The only user that it is for.
        scopes: Of `OWN`.
        end: UTC seconds from which it opens nothing.
        payload: What is signed.
        signature: Of the payload.
    """

    key_id: str
    user: str
    scopes: frozenset[str]
    end: int
    payload: bytes
    signature: bytes

    def signed_by(self, digest: bytes) -> bool:
        """Tell whether the key whose secret has this *digest* signed it."""
        return hmac.compare_digest(self.signature, _sign(digest, self.payload))


def make_token(
    key: Key, *, digest: bytes, user: str, scopes: Iterable[str], now: int, seconds: int
) -> tuple[str, int]:
    """Return a token for *user*, and its end in UTC seconds.

    Args:
        key: That signs.
        digest: Of the key's secret.
        user: Id.
        scopes: Of `OWN`; not more than the key has.
        now: UTC seconds.
        seconds: How long it is good, from 1 to `LONGEST`.

    Raises:
        UsageError: If a scope or the time is none for a token.
        AccessError: If the key lacks a scope.
    """
    wanted = frozenset(scopes)
    if not wanted or not wanted <= set(OWN):
        raise UsageError(f"a token has scopes of {', '.join(OWN)}, got {sorted(wanted)}")
    if not 1 <= seconds <= LONGEST:
        raise UsageError(f"a token is good for 1 to {LONGEST} seconds, got {seconds}")
    lacking = sorted(wanted - key.scopes) if "admin" not in key.scopes else []
    if lacking:
        raise AccessError(f"this key lacks the scope {lacking[0]!r}", known=True)
    end = now + seconds
    said = {"k": key.key_id, "u": user, "s": sorted(wanted), "e": end}
    payload = base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=")
    signature = base64.urlsafe_b64encode(_sign(digest, payload)).rstrip(b"=")
    return f"{PREFIX}{payload.decode()}.{signature.decode()}", end


def read_token(token: str) -> Claims:
    """Return what *token* says, whoever signed it.

    Raises:
        AccessError: If it is none.
    """
    payload, _, signature = token.removeprefix(PREFIX).partition(".")
    try:
        said = json.loads(_decoded(payload))
        return Claims(
            key_id=str(said["k"]),
            user=str(said["u"]),
            scopes=frozenset(map(str, said["s"])),
            end=int(said["e"]),
            payload=payload.encode(),
            signature=_decoded(signature),
        )
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        raise AccessError("this token opens nothing") from None


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _sign(digest: bytes, payload: bytes) -> bytes:
    return hmac.new(digest, _PURPOSE + payload, hashlib.sha256).digest()
