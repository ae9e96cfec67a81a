"""What happened: events, and the log that keeps them."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Protocol

__all__ = ["EventLog", "Past", "Posted", "Receipt", "StoredEvent", "key_of", "lasted"]


def key_of(identifier: str) -> bytes:
    """Return the 16 bytes by which the store finds *identifier*."""
    return hashlib.blake2b(identifier.encode("utf-8"), digest_size=16).digest()


def lasted(value: object) -> bool:
    """Tell whether *value*, of JSON, is a length of time: a number of seconds, not below 0."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value < math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """One event as the store keeps it.

    Attributes:
        event_id: As sent, else one made for it.
        user_id: Who.
        item_id: On what.
        event: Kind as sent; None: not sent.
        value: A rating or a quantity; None: not sent.
        moment: UTC seconds: of the event where sent, else of its arrival.
        text: A review; None: not sent.
        ranking_id: The list that it answers; None: not sent.
        dwell: Seconds that it lasted; None: not sent.
        made: Fields that the sender did not send: ``event_id``, ``timestamp``.
        extra: Fields sent that have no column, and ``timestamp`` where it was not whole seconds.
        seq: Place in the log, from 1; 0 before it is stored.
    """

    event_id: str
    user_id: str
    item_id: str
    event: str | None = None
    value: float | None = None
    moment: int = 0
    text: str | None = None
    ranking_id: str | None = None
    dwell: float | None = None
    made: frozenset[str] = frozenset()
    extra: Mapping[str, Any] = field(default_factory=dict)
    seq: int = 0

    def sent(self) -> dict[str, Any]:
        """Return the event as it was sent."""
        fields = {
            "event_id": self.event_id,
            "user_id": self.user_id,
            "item_id": self.item_id,
            "event": self.event,
            "value": self.value,
            "timestamp": self.moment,
            "text": self.text,
            "ranking_id": self.ranking_id,
            "dwell": self.dwell,
        }
        kept = {k: v for k, v in fields.items() if v is not None and k not in self.made}
        return kept | dict(self.extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Events that arrived together.

    Attributes:
        events: To store.
        errors: What was wrong with others of the same request; part of the answer.
        request_key: Under it the answer is repeated; None: never.
        content: Digest of the request, to tell a repetition from a mistake.
    """

    events: Sequence[StoredEvent]
    errors: Sequence[Mapping[str, Any]] = ()
    request_key: bytes | None = None
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of events that arrived together.

    Attributes:
        accepted: Stored now.
        duplicates: Known by their id before; nothing was changed.
        errors: As in the request.
    """

    accepted: int
    duplicates: int
    errors: Sequence[Mapping[str, Any]] = ()

    def to_json(self) -> str:
        """Return the answer to the request."""
        body = {
            "accepted": self.accepted,
            "duplicates": self.duplicates,
            "errors": list(self.errors),
        }
        return json.dumps(body)


@dataclass(frozen=True, slots=True)
class Past:
    """What a user did after a point of the log.

    Attributes:
        events: In order of their moments; ties in order of arrival.
        whole: Whether these are all events of the user, because what a model knew of them at that
            point does not hold any more.
        dropped: Items of which what a model knew of the user does not hold any more.
    """

    events: Sequence[StoredEvent]
    whole: bool
    dropped: frozenset[str] = frozenset()


class EventLog(Protocol):
    """What happened."""

    def submit(self, posted: Posted) -> Future[Receipt]:
        """Store events; the future is done when they are durable.

        The future raises `ConflictError` where the request key was used for other content.
        """
        ...

    def replace(self, events: Sequence[StoredEvent], *, add: bool) -> int:
        """Store events, each over the one of its id, and return how many.

        Args:
            events: To store; where an id comes twice, one after the other.
            add: Whether the value is added to the one that was there.
        """
        ...

    def drop(self, user: str, item: str) -> int:
        """Forget what *user* did to *item* and return how many events are gone."""
        ...

    def dropped(self) -> frozenset[tuple[bytes, str]]:
        """Return the keys of users and the items of which `drop` was told."""
        ...

    def past(self, user: str, *, after: int = 0, most: int = 5000) -> Past:
        """Return the latest *most* events of *user* whose ``seq`` is above *after*."""
        ...

    def since(self, after: int, *, most: int) -> list[StoredEvent]:
        """Return the first *most* events after *after*, in order of the log."""
        ...

    def last(self) -> int:
        """Return the ``seq`` of the newest event; 0 without any."""
        ...

    def counts(self) -> dict[str, int]:
        """Return how many events each item has."""
        ...

    def answers(self, since: int, *, most: int = 1_000_000) -> list[StoredEvent]:
        """Return the latest *most* events that name a list, of moments from *since* on."""
        ...
