"""How interests are shown, in a database."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import sqlalchemy as sa

from penchant.store.database import Database
from penchant.store.prepared import Prepared
from penchant.store.schema import INTERESTS, insert

__all__ = ["SqlInterests"]

_ALL: Final = Prepared(sa.select(INTERESTS.c.interest_id, INTERESTS.c.said))


class SqlInterests:
    """The `Interests` on a `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, dict[str, Any]]:
        """Return what is kept of each interest, by its id."""
        with self._database.reading() as connection:
            return _all(connection)

    def edit(
        self, interest: str, change: Callable[[Mapping[str, Mapping[str, Any]]], Mapping[str, Any]]
    ) -> Mapping[str, Any]:
        """Keep of *interest* what *change* makes of all that is kept, and return it."""

        def keep(connection: sa.Connection) -> Mapping[str, Any]:
            said = change(_all(connection))
            text = json.dumps(dict(said))
            line = insert(connection, INTERESTS).values(interest_id=interest, said=text)
            connection.execute(
                line.on_conflict_do_update(index_elements=["interest_id"], set_={"said": text})
            )
            return said

        return self._database.write(keep)


def _all(connection: sa.Connection) -> dict[str, dict[str, Any]]:
    return {interest: json.loads(said) for interest, said in _ALL.on(connection)}
