"""What is likely next where people act in sittings: a line and neighbours, learned together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from penchant.data.dataset import Histories
from penchant.interests.ahead import Ahead
from penchant.interests.alike import Alike
from penchant.interests.windows import Windows
from penchant.text.packing import Arrays
from penchant.types import Floats, Rows

__all__ = ["Sequel"]

_ENOUGH: Final = 300
"""Moments that are needed."""


@dataclass(frozen=True, slots=True)
class Sequel:
    """What moments in histories tell of the next contacts.

    Attributes:
        line: From latest items to interests.
        neighbours: What came next where others had just taken the same.
    """

    line: Ahead
    neighbours: Alike

    @classmethod
    def learn(cls, histories: Histories, touch: Rows, n_leaves: int) -> Self | None:
        """Learn from *histories*; None where they have too few moments.

        Args:
            histories: What users did.
            touch: The interest of each item, ``(n_items,)``.
            n_leaves: Number of interests.
        """
        windows = Windows.inside(histories)
        if len(windows) < _ENOUGH:
            return None
        line = Ahead.learn(windows, touch, n_leaves)
        return cls(line, Alike.learn(windows, touch, n_leaves))

    def logits(self, histories: Histories) -> tuple[Floats, Floats]:
        """Return what each says of the ends of *histories*, ``(len(histories), n_leaves)``."""
        ends = Windows.ends(histories)
        return self.line.logits(ends), self.neighbours.logits(ends)

    def state(self) -> Arrays:
        """Return the learned arrays."""
        return {**self.line.state(), **self.neighbours.state()}

    @classmethod
    def restore(cls, state: Arrays, touch: Rows) -> Self | None:
        """Return what `state` described; None where there is nothing of it."""
        if "ahead_weights" not in state:
            return None
        return cls(Ahead.restore(state, touch), Alike.restore(state, touch))
