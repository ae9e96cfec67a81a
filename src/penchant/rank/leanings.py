"""What somebody says of interests: pinned, muted, or set to a strength.

    pinned   an item that is wholly of it moves up as "more of it" moves it; strength 1
    set      moves by s − u     s: the strength that is said, u: the one that the portrait has
    muted    its items are not listed, and it is in no portrait and proposed to nobody

Somebody of whom nothing else is known is listed what everybody takes, moved in the same way by a
third more: then nearly every first list shows what was said.  What is said of an interest of the
upper level holds for those below it, unless something is said of these.  Interests that are no
longer there are passed over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from penchant.errors import DataError
from penchant.interests.steer import Change, Steering
from penchant.types import Floats, InterestId

__all__ = ["Action", "Leaning", "Leant", "Tree", "leant"]

Action: TypeAlias = Literal["pin", "mute", "set"]

Mask: TypeAlias = npt.NDArray[np.bool_]

_ALONE: Final = 4 / 3

_STRENGTHS: Final[Mapping[str, float]] = {"pin": 1.0, "mute": 0.0}


@dataclass(frozen=True, slots=True)
class Leaning:
    """What somebody says of one interest.

    Attributes:
        interest_id: Which.
        action: What shall be done with it.
        strength: In [0, 1]; of what is set only.

    Raises:
        DataError: If a strength is missing, out of range or out of place.
    """

    interest_id: InterestId
    action: Action
    strength: float | None = None

    def __post_init__(self) -> None:
        own = self.strength
        if self.action != "set" and own is not None:
            raise DataError(f"interest {self.interest_id!r}: only what is set has a strength")
        if self.action == "set" and (own is None or not 0 <= own <= 1):
            raise DataError(
                f"interest {self.interest_id!r}: the strength must be in [0, 1], got {own!r}"
            )

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values to keep it by."""
        kept: dict[str, Any] = {"interest_id": self.interest_id, "action": self.action}
        return kept if self.strength is None else kept | {"strength": self.strength}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """Return what `to_dict` kept."""
        return cls(kept["interest_id"], kept["action"], kept.get("strength"))


@dataclass(frozen=True)
class Tree:
    """The interests that something can be said of.

    Attributes:
        leaf_ids: Ids of the leaves, in the columns' order of V.
        names: Their names.
        parents: Id of each leaf's parent; ``""`` where it has none.
        shown_as: Id that each leaf is shown under, of this leaf or another; ``""``: not at all.
    """

    leaf_ids: Sequence[InterestId]
    names: Sequence[str]
    parents: Sequence[InterestId]
    shown_as: Sequence[InterestId]

    @cached_property
    def place(self) -> Mapping[InterestId, int]:
        """Column of each leaf."""
        return {leaf: column for column, leaf in enumerate(self.leaf_ids)}


@dataclass(frozen=True, slots=True)
class Leant:
    """What somebody says, by leaf interest.

    Attributes:
        pinned: Leaves that are pinned, in the order in which it was said.
        muted: Which leaves are muted, ``(n_leaves,)``.
        strength: Of each leaf, as said, ``(n_leaves,)``; NaN where nothing is, 0 where muted.
    """

    pinned: tuple[int, ...]
    muted: Mask
    strength: Floats

    def steering(self, portrait: Floats, tree: Tree, *, alone: bool = False) -> Steering:
        """Return how lists move.

        Args:
            portrait: u, ``(n_leaves,)``, in [0, 1].
            tree: The interests.
            alone: Whether nothing else is known of the user.
        """
        by = np.where(self.muted, np.nan, self.strength - portrait)
        by[list(self.pinned)] = 1.0
        by *= _ALONE if alone else 1.0
        moved = np.flatnonzero(np.nan_to_num(by)).tolist()
        return Steering(
            "", tuple(Change(tree.leaf_ids[j], tree.names[j], float(by[j]), "") for j in moved)
        )


def leant(said: Sequence[Leaning], tree: Tree) -> Leant:
    """Return what is *said* of the leaves of a *tree*."""
    by_leaf: dict[int, Leaning] = {}
    for ids in (tree.parents, tree.shown_as, tree.leaf_ids):  # the closest has the last word
        for one in said:
            by_leaf |= {at: one for at, own in enumerate(ids) if own == one.interest_id}
    muted = np.zeros(len(tree.leaf_ids), np.bool_)
    strength = np.full(len(tree.leaf_ids), np.nan, np.float32)
    for at, one in by_leaf.items():
        muted[at] = one.action == "mute"
        strength[at] = _STRENGTHS.get(one.action, one.strength)
    place = {id(one): at for at, one in enumerate(said)}
    pinned = [at for at, one in by_leaf.items() if one.action == "pin"]
    return Leant(tuple(sorted(pinned, key=lambda at: place[id(by_leaf[at])])), muted, strength)
