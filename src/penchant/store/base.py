"""The seams of the store: small protocols, and the records that go through them.

    EventLog    what happened, in the order in which it was made durable (``seq``)
    Catalogue   items, each change with a number of its own (``version``)
    People      users, what they steered, and their erasure
    Interests   how interests are shown
    Rankings    lists that were shown
    Experiments lists of several kinds, compared
    Models      fitted models and the fits that made them
    Keys        who may do what
    Audit       who read or erased personal data

`penchant.store.sql` has them all on SQLite and on PostgreSQL.  Ids of any length and script are
kept as text and found by a digest of 16 bytes, which every index can hold.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

__all__ = [
    "Audit",
    "Catalogue",
    "EventLog",
    "Experiment",
    "Experiments",
    "Fit",
    "Interests",
    "Key",
    "Keys",
    "Model",
    "Models",
    "Past",
    "People",
    "Posted",
    "Ranking",
    "Rankings",
    "Receipt",
    "Said",
    "StoredEvent",
    "key_of",
    "lasted",
]


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


class Catalogue(Protocol):
    """Items."""

    def put(self, items: Sequence[Mapping[str, Any]]) -> int:
        """Store items, each whole, over what was there; return how many."""
        ...

    def patch(self, item: str, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        """Change fields of an item (None removes one) and return it.

        Raises:
            UnknownIdError: If there is no such item.
        """
        ...

    def delete(self, item: str) -> None:
        """Take an item off all lists.

        Raises:
            UnknownIdError: If there is no such item.
        """
        ...

    def get(self, item: str) -> Mapping[str, Any]:
        """Return an item.

        Raises:
            UnknownIdError: If there is no such item.
        """
        ...

    def page(self, *, after: str = "", most: int = 100) -> tuple[list[dict[str, Any]], str]:
        """Return items after a cursor, and the cursor after them; ``""`` at the end."""
        ...

    def changed(self, after: int) -> tuple[list[dict[str, Any]], list[str], int]:
        """Return items put and ids deleted after version *after*, and the newest version."""
        ...


Said: TypeAlias = Sequence[Mapping[str, Any]]
"""What a user said of interests; JSON values."""


class People(Protocol):
    """Users."""

    def put(self, users: Sequence[Mapping[str, Any]]) -> int:
        """Store users, each whole, over what was there; return how many."""
        ...

    def get(self, user: str) -> Mapping[str, Any] | None:
        """Return what was said of a user; None where nothing was."""
        ...

    def known(self, user: str) -> bool:
        """Tell whether anything is kept of *user*."""
        ...

    def page(self, *, after: str = "", most: int = 100) -> tuple[list[dict[str, Any]], str]:
        """Return users after a cursor, and the cursor after them; ``""`` at the end."""
        ...

    def steering(self, user: str) -> list[dict[str, Any]]:
        """Return what *user* said of interests."""
        ...

    def steer(self, user: str, change: Callable[[Said], Said]) -> Said:
        """Keep what *change* makes of what the user said of interests before, and return it.

        Nobody else changes it meanwhile; *change* may raise, then all stays as it was.
        """
        ...

    def erase(self, user: str) -> int:
        """Forget *user* wholly and return how many events are gone."""
        ...

    def rewritten(self) -> frozenset[bytes]:
        """Return the keys of users whose past in models does not hold any more."""
        ...


class Interests(Protocol):
    """How interests are shown."""

    def all(self) -> dict[str, dict[str, Any]]:
        """Return what is kept of each interest, by its id; JSON values."""
        ...

    def edit(
        self, interest: str, change: Callable[[Mapping[str, Mapping[str, Any]]], Mapping[str, Any]]
    ) -> Mapping[str, Any]:
        """Keep of *interest* what *change* makes of all that is kept, and return it.

        Nobody else changes it meanwhile; *change* may raise, then all stays as it was.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """A list that was shown.

    Attributes:
        ranking_id: Its id.
        at: UTC seconds.
        user_id: For whom; None: for nobody by name.
        model_id: What ranked it; None: no model.
        arm: Of which experiment's arm; ``""`` without one.
        items: Item id, lane and score, in order.
    """

    ranking_id: str
    at: int
    user_id: str | None
    model_id: str | None
    arm: str
    items: Sequence[tuple[str, str, float]]


class Rankings(Protocol):
    """Lists that were shown."""

    def note(self, ranking: Ranking) -> None:
        """Keep *ranking* soon; a crash may lose the last moments' lists."""
        ...

    def get(self, ranking_id: str) -> Ranking | None:
        """Return a list; None where none has that id."""
        ...

    def since(self, at: int, *, most: int = 100_000, tried: bool = False) -> list[Ranking]:
        """Return the latest *most* lists shown at *at* or later, oldest first.

        Args:
            at: UTC seconds.
            most: Lists.
            tried: Whether to leave out lists of no arm that have no place for new interests.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """Lists of several kinds, shown to different users.

    Attributes:
        experiment_id: Its id.
        at: UTC seconds of its start.
        plan: What it compares and when it stops; JSON values.
        status: ``running`` or ``stopped``.
        ended: UTC seconds of its end; None: it runs.
        reason: Why it stopped.
    """

    experiment_id: str
    at: int
    plan: Mapping[str, Any]
    status: str = "running"
    ended: int | None = None
    reason: str = ""


class Experiments(Protocol):
    """Experiments, one at a time."""

    def add(self, experiment: Experiment) -> None:
        """Keep an experiment that begins.

        Raises:
            ConflictError: If another one runs.
        """
        ...

    def all(self) -> list[Experiment]:
        """Return all experiments, newest first."""
        ...

    def stop(self, experiment_id: str, *, at: int, reason: str) -> Experiment:
        """End an experiment and return it; one that has ended stays as it is.

        Raises:
            UnknownIdError: If there is no such experiment.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A fitted model.

    Attributes:
        model_id: Its id.
        at: UTC seconds of its making.
        path: Its directory.
        watermark: ``seq`` of the last event that it knows.
        status: ``serving``, ``retired`` (was serving), ``aside`` (never was), ``damaged`` or
            ``removed`` (its directory is gone).
        reason: Why it has this status.
        facts: What was measured; JSON values.
    """

    model_id: str
    at: int
    path: str
    watermark: int
    status: str
    reason: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A fit that runs, ran or failed.

    Attributes:
        fit_id: Its id.
        at: UTC seconds of its start.
        beat: UTC seconds when it was last known to run.
        status: ``requested``, ``running``, ``done`` or ``failed``.
        detail: What came of it, in words.
        model_id: What it made; None: nothing.
    """

    fit_id: str
    at: int
    beat: int
    status: str
    detail: str = ""
    model_id: str | None = None


class Models(Protocol):
    """Fitted models and the fits that made them."""

    def add(self, model: Model) -> None:
        """Keep a model; one that is ``serving`` takes the place of the one before."""
        ...

    def serving(self) -> Model | None:
        """Return the model that serves; None without one."""
        ...

    def all(self) -> list[Model]:
        """Return all models, newest first."""
        ...

    def mark(self, model_id: str, *, status: str, reason: str) -> None:
        """Give a model another status.

        Raises:
            UnknownIdError: If there is no such model.
        """
        ...

    def move(self, model_id: str, *, path: str) -> None:
        """Say that a model's directory is elsewhere.

        Raises:
            UnknownIdError: If there is no such model.
        """
        ...

    def promote(self, model_id: str, *, reason: str) -> None:
        """Let a model serve.

        Raises:
            UnknownIdError: If there is no such model.
            ConflictError: If it is damaged or its directory is gone.
        """
        ...

    def request(self, fit: Fit) -> bool:
        """Keep *fit* as requested, unless another is requested or running."""
        ...

    def begin(self, fit: Fit, *, stale: int) -> bool:
        """Keep *fit* as running, unless another has been heard of since *stale*."""
        ...

    def beat(self, fit_id: str, *, at: int) -> None:
        """Say that a fit still runs."""
        ...

    def end(self, fit_id: str, *, at: int, status: str, detail: str, model_id: str | None) -> None:
        """Say what came of a fit."""
        ...

    def fits(self, *, most: int = 100) -> list[Fit]:
        """Return the latest fits, newest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key, without its secret.

    Attributes:
        key_id: Its id.
        name: Whose or what for.
        scopes: What it may do.
        at: UTC seconds of its making.
        revoked: UTC seconds from which it opens nothing; None: it is valid.
        user: The only user that it is for; None: all.  No key that is kept has one.
    """

    key_id: str
    name: str
    scopes: frozenset[str]
    at: int
    revoked: int | None = None
    user: str | None = None


class Keys(Protocol):
    """Who may do what."""

    def add(self, key: Key, *, digest: bytes) -> None:
        """Keep a key under the digest of its secret."""
        ...

    def find(self, digest: bytes) -> Key | None:
        """Return the key whose secret has this digest; None without one."""
        ...

    def signing(self, key_id: str) -> tuple[Key, bytes] | None:
        """Return a key and the digest of its secret; None without one of that id."""
        ...

    def all(self) -> list[Key]:
        """Return all keys, oldest first."""
        ...

    def revoke(self, key_id: str, *, at: int) -> None:
        """Let a key open nothing from now on.

        Raises:
            UnknownIdError: If there is no such key.
        """
        ...


class Audit(Protocol):
    """Who read or erased personal data."""

    def note(self, *, at: int, actor: str, action: str, subject: bytes, detail: str) -> None:
        """Keep an entry soon; *subject* is the digest of a user id."""
        ...

    def page(self, *, after: int = 0, most: int = 100) -> list[dict[str, Any]]:
        """Return entries in order, from number *after* on."""
        ...
