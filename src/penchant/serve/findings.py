"""What a check of the doctor's found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Finding", "State"]

State: TypeAlias = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Attributes:
        state: ``ok``, ``warn`` (works, but …) or ``fail``.
        what: What was looked at.
        says: What was seen, and what to do about it where it is not well.
    """

    state: State
    what: str
    says: str
