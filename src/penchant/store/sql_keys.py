"""Keys and the audit log in a database."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from penchant.errors import UnknownIdError
from penchant.store.base import Key
from penchant.store.database import Database
from penchant.store.schema import AUDIT, KEYS

__all__ = ["SqlAudit", "SqlKeys"]


class SqlKeys:
    """The `Keys` on a `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, key: Key, *, digest: bytes) -> None:
        """Keep a key under the digest of its secret."""
        row = {
            "key_id": key.key_id,
            "digest": digest,
            "name": key.name,
            "scopes": " ".join(sorted(key.scopes)),
            "at": key.at,
            "revoked": key.revoked,
        }
        self._database.write(lambda c: c.execute(sa.insert(KEYS).values(**row)).rowcount)

    def find(self, digest: bytes) -> Key | None:
        """Return the key whose secret has this digest; None without one."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(KEYS).where(KEYS.c.digest == digest)).first()
        return None if row is None else _key(row)

    def signing(self, key_id: str) -> tuple[Key, bytes] | None:
        """Return a key and the digest of its secret; None without one of that id."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(KEYS).where(KEYS.c.key_id == key_id)).first()
        return None if row is None else (_key(row), bytes(row.digest))

    def all(self) -> list[Key]:
        """Return all keys, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(KEYS).order_by(KEYS.c.at, KEYS.c.key_id))
            return [_key(row) for row in rows]

    def revoke(self, key_id: str, *, at: int) -> None:
        """Let a key open nothing from now on."""

        def close(connection: sa.Connection) -> None:
            line = sa.update(KEYS).where(KEYS.c.key_id == key_id).values(revoked=at)
            if not connection.execute(line).rowcount:
                raise UnknownIdError(f"key {key_id!r} is not known")

        self._database.write(close)


class SqlAudit:
    """The `Audit` on a `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, *, at: int, actor: str, action: str, subject: bytes, detail: str) -> None:
        """Keep an entry soon; *subject* is the digest of a user id."""
        row = {"at": at, "actor": actor, "action": action, "subject": subject, "detail": detail}
        self._database.later(lambda c: c.execute(sa.insert(AUDIT).values(**row)))

    def page(self, *, after: int = 0, most: int = 100) -> list[dict[str, Any]]:
        """Return entries in order, from number *after* on."""
        line = sa.select(AUDIT).where(AUDIT.c.seq > after).order_by(AUDIT.c.seq).limit(most)
        with self._database.reading() as connection:
            rows = [dict(row._mapping) for row in connection.execute(line)]  # noqa: SLF001  its API
        return [row | {"subject": bytes(row["subject"]).hex()} for row in rows]


def _key(row: sa.Row[Any]) -> Key:
    return Key(
        key_id=row.key_id,
        name=row.name,
        scopes=frozenset(row.scopes.split()),
        at=row.at,
        revoked=row.revoked,
    )
