"""What a user did, from two places: the fitted model up to its watermark, the store after it.

weight = w(kind) · s      s as `penchant.data.weights` has it, read off one event
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from penchant.config import Settings
from penchant.data.dataset import Histories
from penchant.data.rows import RATING_KINDS
from penchant.data.weights import Scale, dwelt
from penchant.store.base import StoredEvent
from penchant.types import Rows, Vocabulary

__all__ = ["KIND", "Reader", "joined", "kind_of", "strength_of"]

KIND: Final = "interaction"
"""The kind of an event that says none."""

_SCALES: Final = (Scale(1, 5), Scale(1, 10), Scale(0, 100))
_MOST: Final = 2.0
_UNKNOWN: Final[Mapping[str, float]] = {}


def kind_of(event: StoredEvent) -> str:
    """Return what was done, in lower case."""
    return (event.event or "").strip().lower() or KIND


def strength_of(
    event: StoredEvent, settings: Settings, lasting: Mapping[str, float] = _UNKNOWN
) -> float:
    """Return how strongly one event speaks for its item, before it ages; negative: against it.

    A rating is taken to be on the smallest scale of 5, 10 or 100 that holds it.

    Args:
        event: What was done.
        settings: Weights by kind.
        lasting: Seconds that a kind of event lasts as a rule; where it is not known, how long this
            one lasted says nothing.
    """
    kind = kind_of(event)
    weight, value = settings.weight(kind), event.value
    if value is None:
        usual = lasting.get(kind) if event.dwell is not None and weight > 0 else None
        return weight if usual is None else weight * dwelt(event.dwell or 0.0, usual)
    if kind in RATING_KINDS:
        scale = next((s for s in _SCALES if value <= s.high), _SCALES[-1])
        signed = float(scale.signed(np.array([min(value, scale.high)]))[0])
        return weight * (abs(signed) if weight < 0 else signed)
    size = min(math.log2(1 + abs(value)), _MOST)
    return weight * (size if weight < 0 else math.copysign(size, value))


@dataclass(frozen=True, slots=True)
class Reader:
    """Makes histories of events of the store.

    Attributes:
        items: The model's catalogue.
        settings: Weights and half-lives by kind of event.
        half_life: Days after which an event counts half, where settings do not say.
        now: The moment up to which the model knows, UTC seconds.
        stand_ins: Items that came after the model: row of the known item that stands in, and how
            like it they are, in (0, 1].
        lasting: Seconds that a kind of event lasts as a rule.
    """

    items: Vocabulary
    settings: Settings
    half_life: float
    now: int
    stand_ins: Mapping[str, tuple[int, float]]
    lasting: Mapping[str, float] = field(default_factory=dict)

    def read(self, events: Sequence[StoredEvent], *, shift: int = 0) -> Histories:
        """Return *events* as the history of one user; what is about no known item is passed over.

        Args:
            events: Of one user.
            shift: Seconds taken off their moments.
        """
        rows, weights, moments, lives, kinds = [], [], [], [], []
        for event in events:
            row, like = self._row(event.item_id)
            if row < 0:
                continue
            kind = kind_of(event)
            rows.append(row)
            weights.append(like * strength_of(event, self.settings, self.lasting))
            moments.append(event.moment - shift)
            kinds.append(kind)
            default = self.settings.half_life or self.half_life
            lives.append(self.settings.half_lives.get(kind, default))
        names = tuple(sorted(set(kinds)))
        history = Histories(
            indptr=np.array([0, len(rows)]),
            item=np.array(rows, np.int32),
            weight=np.array(weights, np.float32),
            timestamp=np.array(moments, np.int64),
            half_life=np.array(lives, np.float32),
            now=max([self.now, *moments]),
            n_items=len(self.items),
            kind=np.array([names.index(kind) for kind in kinds], np.int32),
            kinds=names,
        )
        return _in_order(history)

    def _row(self, item: str) -> tuple[int, float]:
        if item in self.items:
            return self.items.row(item), 1.0
        return self.stand_ins.get(item, (-1, 0.0))


def joined(known: Histories, later: Histories) -> Histories:
    """Return the histories of one user from two places as one, oldest first."""
    if not len(later.item):
        return replace(known, now=max(known.now, later.now))
    names = tuple(dict.fromkeys((*known.kinds, *later.kinds)))
    if not len(known.kind):
        names = tuple(dict.fromkeys((*known.done(), *later.done(), *names)))
    place = {name: row for row, name in enumerate(names)}
    return _in_order(
        replace(
            known,
            indptr=np.array([0, len(known.item) + len(later.item)]),
            item=np.concatenate([known.item, later.item]),
            weight=np.concatenate([known.weight, later.weight]),
            timestamp=np.concatenate([known.timestamp, later.timestamp]),
            half_life=np.concatenate([known.half_life, later.half_life]),
            now=max(known.now, later.now),
            kind=np.concatenate([_codes(known, place), _codes(later, place)]),
            kinds=names,
        )
    )


def _codes(history: Histories, place: Mapping[str, int]) -> Rows:
    """Return the kind of each event as *place* numbers it."""
    if not len(history.kind):
        return np.array([place[kind] for kind in history.done()], np.int32)
    return np.array([place[kind] for kind in history.kinds], np.int32)[history.kind]


def _in_order(history: Histories) -> Histories:
    order = np.argsort(history.timestamp, kind="stable")
    return replace(
        history,
        item=history.item[order],
        weight=history.weight[order],
        timestamp=history.timestamp[order],
        half_life=history.half_life[order],
        kind=history.kind[order],
    )
