"""Everything that a store holds of one kind, read a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from penchant.store.base import EventLog, People, StoredEvent

__all__ = ["events_upto", "everybody"]

_PEOPLE: Final = 1000
"""Users of a page."""


def events_upto(log: EventLog, last: int, *, at_once: int) -> Iterator[StoredEvent]:
    """Yield the events of *log* in its order.

    Args:
        log: May grow meanwhile.
        last: ``seq`` of the newest event wanted; 0 for none.
        at_once: Events of a page, ≥ 1.
    """
    after = 0
    while after < last:
        events = log.since(after, most=at_once)
        if not events:
            return
        yield from (event for event in events if event.seq <= last)
        after = events[-1].seq


def everybody(people: People) -> Iterator[dict[str, Any]]:
    """Yield the users of a store in the order of its pages."""
    cursor = ""
    while True:
        page, cursor = people.page(after=cursor, most=_PEOPLE)
        yield from page
        if not cursor:
            return
