"""What kind of list is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from penchant.interests.steer import Steering
from penchant.rank.explore_lane import TakeUp
from penchant.rank.rules import NO_RULES, Rules

__all__ = ["Wanted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What kind of list is asked for.

    Attributes:
        like: Wishes in words.
        not_like: Refusals in words.
        k: Length.
        candidates: Ids to choose from; None: the catalogue.
        include_seen: Whether items that the user touched may be listed.
        diversity: In [0, 1].
        calibration: In [0, 1]; how much the portrait's shares count.
        reasons: Whether to say why.
        explore_share: Share of the places that is kept for new interests, in [0, 1]; wishes take
            all places.
        take_up: What was shown and taken in such places so far; None: nothing.
        steering: What somebody steers by, each on top of the others.
        muted: Leaf interests, by column, whose items are not listed unless they are pinned.
        rules: Filters, pins, bans and caps.
    """

    like: Sequence[str] = ()
    not_like: Sequence[str] = ()
    k: int = 10
    candidates: Sequence[str] | None = None
    include_seen: bool = False
    diversity: float = 0.0
    calibration: float = 0.0
    reasons: bool = False
    explore_share: float = 0.0
    take_up: TakeUp | None = None
    steering: Sequence[Steering] = ()
    muted: Sequence[int] = ()
    rules: Rules = NO_RULES
