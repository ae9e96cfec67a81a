"""Items and users in a database."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from penchant.errors import UnknownIdError
from penchant.store.base import Said, key_of
from penchant.store.database import Database
from penchant.store.prepared import Prepared
from penchant.store.schema import (
    DROPPED,
    EVENTS,
    ITEMS,
    META,
    RANKINGS,
    REWRITTEN,
    STEERING,
    USERS,
    insert,
)
from penchant.store.sql_events import rewrite
from penchant.types import Columns

__all__ = ["SqlItems", "SqlPeople"]

_VERSION: Final = "items_version"
_STEERING: Final = Prepared(
    sa.select(STEERING.c.said).where(
        STEERING.c.user_key == sa.bindparam("user", type_=STEERING.c.user_key.type)
    )
)


class SqlItems:
    """The `Catalogue` on a `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, items: Sequence[Mapping[str, Any]]) -> int:
        """Store items, each whole, over what was there; return how many."""
        latest = {str(item[Columns.ITEM]): item for item in items}
        if latest:
            self._database.write(lambda c: _put(c, [_item_row(i, f) for i, f in latest.items()]))
        return len(latest)

    def patch(self, item: str, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        """Change fields of an item (None removes one) and return it."""

        def change(connection: sa.Connection) -> Mapping[str, Any]:
            fields = {**_get(connection, item), **changes, Columns.ITEM: item}
            fields = {name: value for name, value in fields.items() if value is not None}
            _put(connection, [_item_row(item, fields)])
            return fields

        return self._database.write(change)

    def delete(self, item: str) -> None:
        """Take an item off all lists."""

        def drop(connection: sa.Connection) -> None:
            _get(connection, item)
            row = _item_row(item, {Columns.ITEM: item}) | {"deleted": True}
            _put(connection, [row])

        self._database.write(drop)

    def get(self, item: str) -> Mapping[str, Any]:
        """Return an item."""
        with self._database.reading() as connection:
            return _get(connection, item)

    def page(self, *, after: str = "", most: int = 100) -> tuple[list[dict[str, Any]], str]:
        """Return items after a cursor, and the cursor after them; ``""`` at the end."""
        line = (
            sa.select(ITEMS.c.item_key, ITEMS.c.fields)
            .where(ITEMS.c.item_key > bytes.fromhex(after), ~ITEMS.c.deleted)
            .order_by(ITEMS.c.item_key)
            .limit(most)
        )
        with self._database.reading() as connection:
            rows = connection.execute(line).all()
        cursor = bytes(rows[-1].item_key).hex() if len(rows) == most else ""
        return [json.loads(row.fields) for row in rows], cursor

    def changed(self, after: int) -> tuple[list[dict[str, Any]], list[str], int]:
        """Return items put and ids deleted after version *after*, and the newest version."""
        line = sa.select(ITEMS).where(ITEMS.c.version > after).order_by(ITEMS.c.version)
        with self._database.reading() as connection:
            rows = connection.execute(line).all()
        put = [json.loads(row.fields) for row in rows if not row.deleted]
        gone = [row.item_id for row in rows if row.deleted]
        return put, gone, rows[-1].version if rows else after


class SqlPeople:
    """The `People` on a `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, users: Sequence[Mapping[str, Any]]) -> int:
        """Store users, each whole, over what was there; return how many."""
        latest = {str(user[Columns.USER]): user for user in users}
        rows = [
            {"user_key": key_of(user), "user_id": user, "fields": json.dumps(fields)}
            for user, fields in latest.items()
        ]
        if rows:
            self._database.write(lambda c: _upsert(c, USERS, rows, key="user_key"))
        return len(rows)

    def get(self, user: str) -> Mapping[str, Any] | None:
        """Return what was said of a user; None where nothing was."""
        with self._database.reading() as connection:
            line = sa.select(USERS.c.fields).where(USERS.c.user_key == key_of(user))
            fields = connection.execute(line).scalar()
        return None if fields is None else json.loads(fields)

    def known(self, user: str) -> bool:
        """Tell whether anything is kept of *user*."""
        key = key_of(user)
        with self._database.reading() as connection:
            return any(
                connection.execute(
                    sa.select(sa.literal(1)).where(table.c.user_key == key).limit(1)
                ).scalar()
                for table in (USERS, EVENTS, STEERING)
            )

    def page(self, *, after: str = "", most: int = 100) -> tuple[list[dict[str, Any]], str]:
        """Return users after a cursor, and the cursor after them; ``""`` at the end."""
        line = (
            sa.select(USERS.c.user_key, USERS.c.fields)
            .where(USERS.c.user_key > bytes.fromhex(after))
            .order_by(USERS.c.user_key)
            .limit(most)
        )
        with self._database.reading() as connection:
            rows = connection.execute(line).all()
        cursor = bytes(rows[-1].user_key).hex() if len(rows) == most else ""
        return [json.loads(row.fields) for row in rows], cursor

    def steering(self, user: str) -> list[dict[str, Any]]:
        """Return what *user* said of interests."""
        with self._database.reading() as connection:
            return _said(connection, user)

    def steer(self, user: str, change: Callable[[Said], Said]) -> Said:
        """Keep what *change* makes of what the user said of interests before, and return it."""

        def keep(connection: sa.Connection) -> Said:
            before = _said(connection, user)
            said = change(before)
            row = {"user_key": key_of(user), "said": json.dumps(list(said))}
            if said or before:
                _upsert(connection, STEERING, [row], key="user_key")
            return said

        return self._database.write(keep)

    def erase(self, user: str) -> int:
        """Forget *user* wholly and return how many events are gone."""
        key = key_of(user)

        def forget(connection: sa.Connection) -> int:
            rewrite(connection, key)
            for table in (USERS, STEERING, RANKINGS, DROPPED):
                connection.execute(sa.delete(table).where(table.c.user_key == key))
            gone = connection.execute(sa.delete(EVENTS).where(EVENTS.c.user_key == key))
            return gone.rowcount

        return self._database.write(forget)

    def rewritten(self) -> frozenset[bytes]:
        """Return the keys of users whose past in models does not hold any more."""
        with self._database.reading() as connection:
            keys = connection.execute(sa.select(REWRITTEN.c.user_key)).scalars()
            return frozenset(bytes(key) for key in keys)


def _said(connection: sa.Connection, user: str) -> list[dict[str, Any]]:
    rows = _STEERING.on(connection, user=key_of(user))
    return json.loads(rows[0][0]) if rows else []


def _item_row(item: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "item_key": key_of(item),
        "item_id": item,
        "fields": json.dumps(dict(fields)),
        "deleted": False,
    }


def _put(connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
    kept = connection.execute(sa.select(META.c.value).where(META.c.name == _VERSION)).scalar()
    version = int(kept or 0) + 1
    row = {"name": _VERSION, "value": str(version)}
    _upsert(connection, META, [row], key="name")
    _upsert(connection, ITEMS, [row | {"version": version} for row in rows], key="item_key")


def _get(connection: sa.Connection, item: str) -> dict[str, Any]:
    line = sa.select(ITEMS.c.fields).where(ITEMS.c.item_key == key_of(item), ~ITEMS.c.deleted)
    fields = connection.execute(line).scalar()
    if fields is None:
        raise UnknownIdError(f"item {item!r} is not known")
    got: dict[str, Any] = json.loads(fields)
    return got


def _upsert(
    connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]], *, key: str
) -> None:
    line = insert(connection, table)
    new = {name: line.excluded[name] for name in rows[0] if name != key}
    connection.execute(line.on_conflict_do_update(index_elements=[key], set_=new), list(rows))
