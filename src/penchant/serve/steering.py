"""What a user says of interests, as the store keeps it: sentences, and what stands of each one.

Each sentence has a ``steering_id``; the latest `MOST` of a user count, and one is undone by leaving
it out.  What is pinned, muted and set has an ``action``, and is said anew as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from penchant.errors import UnknownIdError
from penchant.interests.steer import Steering
from penchant.rank.leanings import Leaning

__all__ = ["MOST", "added", "leaning", "leanings_of", "steering_of", "without"]

MOST: Final = 20
"""Sentences of one user that count."""

_ID: Final = "steering_id"
_ACTION: Final = "action"

Said = Sequence[Mapping[str, Any]]


def added(said: Said, steering: Steering, *, steering_id: str) -> list[Mapping[str, Any]]:
    """Return what a user *said* with one sentence more; the oldest makes room."""
    own = [one for one in said if _ID in one]
    gone = {one[_ID] for one in own[: max(0, len(own) + 1 - MOST)]}
    kept = [one for one in said if one.get(_ID) not in gone]
    return [*kept, {_ID: steering_id, **steering.to_dict()}]


def without(said: Said, steering_id: str | None) -> list[Mapping[str, Any]]:
    """Return what a user *said* without one sentence; None: without any.

    Raises:
        UnknownIdError: If there is none of that id.
    """
    rest = [one for one in said if _ID not in one or steering_id not in {None, one[_ID]}]
    if steering_id is not None and len(rest) == len(said):
        raise UnknownIdError(f"steering {steering_id!r} is not known")
    return rest


def steering_of(said: Said) -> list[Steering]:
    """Return the sentences of all that a user *said*, the earliest first."""
    own = [one for one in said if _ID in one]
    return [Steering.from_dict({k: v for k, v in one.items() if k != _ID}) for one in own]


def leaning(said: Said, leanings: Sequence[Leaning]) -> list[Mapping[str, Any]]:
    """Return what a user *said* with *leanings* instead of all that was pinned, muted and set."""
    return [*(one for one in said if _ACTION not in one), *(one.to_dict() for one in leanings)]


def leanings_of(said: Said) -> list[Leaning]:
    """Return what is pinned, muted and set in all that a user *said*, in the order of saying."""
    return [Leaning.from_dict(one) for one in said if _ACTION in one]
