"""What became of shown items, by the events that name the list they answer.

A shown item counts as taken up where an event that speaks for it names its list; as bought where
the event weighs as much as a purchase; its value is the event's ``price`` times its quantity.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from penchant.config import Settings
from penchant.engine.past import kind_of, strength_of
from penchant.store.base import StoredEvent
from penchant.types import Columns

__all__ = ["Outcome", "outcomes"]


@dataclass(slots=True)
class Outcome:
    """What became of one shown item.

    Attributes:
        taken: Whether something spoke for it.
        converted: Whether it was bought.
        value: What was paid; None where no event says.
    """

    taken: bool = False
    converted: bool = False
    value: float | None = None


def outcomes(events: Iterable[StoredEvent], settings: Settings) -> dict[tuple[str, str], Outcome]:
    """Return what became of shown items, by the list that was answered and the item."""
    bought = settings.weight("purchase")
    out: dict[tuple[str, str], Outcome] = defaultdict(Outcome)
    for event in events:
        if event.ranking_id is None or strength_of(event, settings) <= 0:
            continue
        one = out[event.ranking_id, event.item_id]
        one.taken = True
        if settings.weight(kind_of(event)) >= bought:
            one.converted = True
            paid = _paid(event)
            if paid is not None:
                one.value = (one.value or 0.0) + paid
    return dict(out)


def _paid(event: StoredEvent) -> float | None:
    price = event.extra.get(Columns.PRICE)
    if isinstance(price, bool) or not isinstance(price, int | float):
        return None
    return float(price) * (event.value if event.value is not None and event.value > 0 else 1.0)
