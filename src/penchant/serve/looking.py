"""What the shop's people look at: lists with the parts of their scores, items, texts not yet out.

Nobody is shown these lists: they are not remembered.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import polars as pl

from penchant.engine.fitted import Fitted
from penchant.engine.parts import parts_of
from penchant.rank.leanings import Action, Leaning
from penchant.serve.service import Asked, Service
from penchant.serve.steering import leanings_of
from penchant.store.base import StoredEvent
from penchant.store.sql import Store
from penchant.types import Columns

__all__ = ["STANDS_IN", "came_in", "history_of", "latest_audit", "leaning_more", "listed", "person"]

STANDS_IN: Final = "stands in"
"""What an item that came after the fit is scored by: known ones like it."""

_CHUNK: Final = 10_000
"""Entries read at a time."""


def listed(service: Service, asked: Asked) -> list[dict[str, Any]]:
    """Return a list with ``title`` and ``parts``, which add up to ``score``; best first.

    Raises:
        UnavailableError: Without a model.
    """
    question = service.question(asked)
    rows, fitted = question.answer(), question.live.fitted
    titles = question.live.titles([row[Columns.ITEM] for row in rows])
    known = [row for row in rows if row[Columns.ITEM] in fitted.items]
    parts = parts_of(
        fitted,
        question.history,
        fitted.items.rows([row[Columns.ITEM] for row in known]),
        scores=np.array([row[Columns.SCORE] for row in known], np.float64),
        wanted=question.wanted,
    )
    made = {row[Columns.ITEM]: one for row, one in zip(known, parts, strict=True)}
    return [
        row
        | {
            Columns.TITLE: title,
            "parts": made.get(row[Columns.ITEM], {STANDS_IN: row[Columns.SCORE]}),
        }
        for row, title in zip(rows, titles, strict=True)
    ]


def person(service: Service, said: str) -> str:
    """Return what the store knows somebody by: the shop's own id, or a pseudonym as it stands.

    Raises:
        UnavailableError: Without a model.
    """
    there = said in service.fitted.users or service.store.people.known(said)
    return said if there else service.door.user(said)


def history_of(items: Sequence[str]) -> list[StoredEvent]:
    """Return a history of nobody's: *items* were taken, one after another."""
    return [
        StoredEvent(event_id=str(place), user_id="", item_id=item, moment=place)
        for place, item in enumerate(items)
    ]


def leaning_more(
    service: Service, user: str, interest: str, action: Action | None, strength: float | None = None
) -> list[Leaning]:
    """Return all that *user* says of interests once they say this of one; None: nothing of it."""
    said = leanings_of(service.store.people.steering(user))
    rest = [one for one in said if one.interest_id != interest]
    return rest if action is None else [*rest, Leaning(interest, action, strength)]


def came_in(fitted: Fitted, *, steps: int) -> pl.DataFrame:
    """Return what the model knows by kind over time: ``at`` (a step's start), ``kind``, ``events``.

    Args:
        fitted: The model.
        steps: Pieces that the whole span is cut into.
    """
    own = fitted.histories
    first, last = int(own.timestamp.min()), int(own.timestamp.max())
    length = max(1, -(-(last - first + 1) // steps))
    frame = pl.DataFrame(
        {"at": first + (own.timestamp - first) // length * length, "kind": own.done()}
    )
    counted = frame.group_by("at", "kind").agg(pl.len().alias("events"))
    return counted.sort("at", "kind")


def latest_audit(store: Store, *, most: int) -> list[dict[str, Any]]:
    """Return the latest entries of the audit log, newest first."""
    latest: deque[dict[str, Any]] = deque(maxlen=most)
    after = 0
    while entries := store.audit.page(after=after, most=_CHUNK):
        latest.extend(entries)
        after = entries[-1]["seq"]
    return list(reversed(latest))
