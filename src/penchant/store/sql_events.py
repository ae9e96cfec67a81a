"""Events in a database."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any, Final

import sqlalchemy as sa

from penchant.errors import ConflictError
from penchant.store.base import Past, Posted, Receipt, StoredEvent, key_of
from penchant.store.database import Database
from penchant.store.event_rows import COLUMNS, Row, insert_new, row_of, rows_of
from penchant.store.prepared import Prepared
from penchant.store.schema import DROPPED, EVENTS, REQUESTS, REWRITTEN, insert

__all__ = ["SqlEvents", "event_of", "rewrite"]

_C: Final = EVENTS.c

_USER: Final = sa.bindparam("user", type_=_C.user_key.type)
_MARKS: Final = Prepared(
    sa.union_all(
        *(
            sa.select(seq, item).where(table.c.user_key == _USER)
            for table, seq, item in (
                (REWRITTEN, REWRITTEN.c.seq, sa.null().label("item_id")),
                (DROPPED, sa.null().label("seq"), DROPPED.c.item_id),
            )
        )
    )
)
"""What was rewritten and dropped of a user, asked for at once."""

_PAST: Final = Prepared(
    sa.select(EVENTS)
    .where(_C.user_key == _USER, _C.seq > sa.bindparam("after", type_=sa.BigInteger))
    .order_by(_C.moment.desc(), _C.seq.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)


class SqlEvents:
    """The `EventLog` on a `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def submit(self, posted: Posted) -> Future[Receipt]:
        """Store events; the future is done when they are durable."""
        return self._database.writer.submit(_store, (posted, rows_of(posted.events)))

    def add(self, events: Sequence[StoredEvent]) -> Receipt:
        """Store events and return when they are durable."""
        return self.submit(Posted(events=events)).result()

    def replace(self, events: Sequence[StoredEvent], *, add: bool) -> int:
        """Store events, each over the one of its id, and return how many."""

        def store(connection: sa.Connection) -> int:
            for event in events:
                _replace(connection, event, add=add)
            return len(events)

        return self._database.write(store)

    def drop(self, user: str, item: str) -> int:
        """Forget what *user* did to *item* and return how many events are gone."""
        key = key_of(user)

        def forget(connection: sa.Connection) -> int:
            line = insert(connection, DROPPED).values(
                user_key=key, item_key=key_of(item), item_id=item
            )
            connection.execute(line.on_conflict_do_nothing())
            own = (_C.user_key == key, _C.item_id == item)
            return connection.execute(sa.delete(EVENTS).where(*own)).rowcount

        return self._database.write(forget)

    def dropped(self) -> frozenset[tuple[bytes, str]]:
        """Return the keys of users and the items of which `drop` was told."""
        line = sa.select(DROPPED.c.user_key, DROPPED.c.item_id)
        with self._database.reading() as connection:
            return frozenset((bytes(row[0]), row[1]) for row in connection.execute(line))

    def past(self, user: str, *, after: int = 0, most: int = 5000) -> Past:
        """Return the latest *most* events of *user* whose ``seq`` is above *after*."""
        key = key_of(user)
        with self._database.reading() as connection:
            marks = _MARKS.on(connection, user=key)
            whole = any(seq is not None and seq >= after for seq, _ in marks)
            dropped = frozenset(item for _, item in marks if item is not None)
            rows = _PAST.on(connection, user=key, after=0 if whole else after, most=most)
        return Past([event_of(row) for row in reversed(rows)], whole, dropped)

    def since(self, after: int, *, most: int) -> list[StoredEvent]:
        """Return the first *most* events after *after*, in order of the log."""
        line = sa.select(EVENTS).where(_C.seq > after).order_by(_C.seq).limit(most)
        with self._database.reading() as connection:
            return [event_of(row) for row in connection.execute(line)]

    def last(self) -> int:
        """Return the ``seq`` of the newest event; 0 without any."""
        with self._database.reading() as connection:
            return connection.execute(sa.select(sa.func.max(_C.seq))).scalar() or 0

    def counts(self) -> dict[str, int]:
        """Return how many events each item has."""
        line = sa.select(_C.item_id, sa.func.count()).group_by(_C.item_id)
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(line)}

    def answers(self, since: int, *, most: int = 1_000_000) -> list[StoredEvent]:
        """Return the latest *most* events that name a list, of moments from *since* on."""
        line = (
            sa.select(EVENTS)
            .where(_C.ranking_id.is_not(None), _C.moment >= since)
            .order_by(_C.moment.desc(), _C.seq.desc())
            .limit(most)
        )
        with self._database.reading() as connection:
            return [event_of(row) for row in connection.execute(line)][::-1]


def event_of(row: Sequence[Any]) -> StoredEvent:
    """Return the event that a row of `EVENTS` holds, all its columns in their order."""
    seq, _, name, _, user, item, kind, value, moment, text, ranking, dwell, made, extra = row
    return StoredEvent(
        event_id=name,
        user_id=user,
        item_id=item,
        event=kind,
        value=value,
        moment=moment,
        text=text,
        ranking_id=ranking,
        dwell=dwell,
        made=frozenset(made.split()),
        extra=json.loads(extra) if extra else {},
        seq=seq,
    )


def rewrite(connection: sa.Connection, user_key: bytes) -> None:
    """Note that what models fitted up to now hold of a user does not count any more."""
    newest = connection.execute(sa.select(sa.func.max(_C.seq))).scalar() or 0
    line = insert(connection, REWRITTEN).values(user_key=user_key, seq=newest)
    connection.execute(
        line.on_conflict_do_update(index_elements=["user_key"], set_={"seq": newest})
    )


def _replace(connection: sa.Connection, event: StoredEvent, *, add: bool) -> None:
    """Store one event anew, at the end of the log, so that whoever follows it sees it."""
    own = _C.event_key == key_of(event.event_id)
    row = dict(zip(COLUMNS, row_of(event), strict=True))
    if add:
        before = connection.execute(sa.select(_C.value).where(own)).scalar()
        row["value"] = None if event.value is before is None else (event.value or 0) + (before or 0)
    connection.execute(sa.delete(EVENTS).where(own))
    connection.execute(sa.insert(EVENTS).values(**row))


def _store(
    connection: sa.Connection, jobs: Sequence[tuple[Posted, Sequence[Row]]]
) -> list[Receipt]:
    """Store the events of several requests at once; return a receipt each.

    Raises:
        ConflictError: If a request key was used for other content; alone in its transaction.
    """
    posts = [posted for posted, _ in jobs]
    answers: list[Receipt | None] = [_answered(connection, posted) for posted in posts]
    rows = {id(posted): own for posted, own in jobs}
    new = _distinct([p for p, answer in zip(posts, answers, strict=True) if answer is None])
    fresh = insert_new(connection, [row for posted in new for row in rows[id(posted)]])
    out: list[Receipt] = []
    made: dict[bytes, Receipt] = {}
    for posted, answer in zip(posts, answers, strict=True):
        if answer is not None:
            out.append(answer)
            continue
        if posted.request_key in made:
            out.append(made[posted.request_key])
            continue
        own = {row[0] for row in rows[id(posted)]} & fresh
        fresh -= own
        receipt = Receipt(len(own), len(posted.events) - len(own), posted.errors)
        if posted.request_key is not None:
            made[posted.request_key] = receipt
            _keep_answer(connection, posted, receipt)
        out.append(receipt)
    return out


def _distinct(posts: Sequence[Posted]) -> list[Posted]:
    """Return *posts* without those that repeat a request key of another.

    Raises:
        ConflictError: If one repeats the key with other content.
    """
    first: dict[bytes, Posted] = {}
    out = []
    for posted in posts:
        key = posted.request_key
        if key is None:
            out.append(posted)
        elif key not in first:
            first[key] = posted
            out.append(posted)
        elif first[key].content != posted.content:
            raise _other_content()
    return out


def _answered(connection: sa.Connection, posted: Posted) -> Receipt | None:
    if posted.request_key is None:
        return None
    line = sa.select(REQUESTS).where(REQUESTS.c.request_key == posted.request_key)
    row = connection.execute(line).first()
    if row is None:
        return None
    if bytes(row.content) != posted.content:
        raise _other_content()
    said = json.loads(row.answer)
    return Receipt(said["accepted"], said["duplicates"], said["errors"])


def _other_content() -> ConflictError:
    return ConflictError(
        "this Idempotency-Key was used for another request",
        hint="Send a key of its own with each request.",
    )


def _keep_answer(connection: sa.Connection, posted: Posted, receipt: Receipt) -> None:
    connection.execute(
        sa.insert(REQUESTS).values(
            request_key=posted.request_key,
            content=posted.content,
            answer=receipt.to_json(),
            at=int(time.time()),
        )
    )
