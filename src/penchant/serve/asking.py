"""What a list is asked for, and what it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from penchant.data.dataset import Histories
from penchant.engine.live import Live
from penchant.engine.wanted import Wanted
from penchant.store.base import StoredEvent

__all__ = ["Asked", "Question"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is asked for.

    Attributes:
        user: Id; None: nobody by name.
        events: A history given with the request, oldest first; None: the user's own.
        wanted: What kind of list.
        open_share: Whether the service chooses which share of the places is for new interests.
    """

    user: str | None = None
    events: Sequence[StoredEvent] | None = None
    wanted: Wanted = field(default_factory=Wanted)
    open_share: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a list is made of: who answers, for whom, and what they want.

    Attributes:
        live: The model, brought up to date.
        name: For whom.
        history: What they did, up to now.
        wanted: What kind of list, with what they steer by.
        seen: Ids of items that they touched after the fit.
    """

    live: Live
    name: str
    history: Histories
    wanted: Wanted
    seen: frozenset[str]

    def answer(self) -> list[dict[str, Any]]:
        """Return the list, best first."""
        return self.live.recommend(self.name, self.history, self.wanted, seen=self.seen)
