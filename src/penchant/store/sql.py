"""The whole store on one database."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import sqlalchemy as sa

from penchant.errors import StoreError
from penchant.store.database import Database
from penchant.store.schema import META, insert
from penchant.store.sql_catalogue import SqlItems, SqlPeople
from penchant.store.sql_events import SqlEvents
from penchant.store.sql_experiments import SqlExperiments
from penchant.store.sql_interests import SqlInterests
from penchant.store.sql_keys import SqlAudit, SqlKeys
from penchant.store.sql_models import SqlModels, SqlRankings

__all__ = ["Store"]


@dataclass(frozen=True, slots=True)
class Store:
    """Everything that a service remembers.

    Attributes:
        database: Where it is.
        events: What happened.
        items: The catalogue.
        people: Users.
        interests: How they are shown.
        rankings: Lists that were shown.
        experiments: Lists of several kinds, compared.
        models: Fitted models.
        keys: Who may do what.
        audit: Who read what.
    """

    database: Database
    events: SqlEvents
    items: SqlItems
    people: SqlPeople
    interests: SqlInterests
    rankings: SqlRankings
    experiments: SqlExperiments
    models: SqlModels
    keys: SqlKeys
    audit: SqlAudit

    @classmethod
    def open(cls, url: str, *, key: str = "") -> Self:
        """Open the store at *url* and bring its tables up to date.

        Args:
            url: ``sqlite:///PATH`` or ``postgresql://…``.
            key: 64 hexadecimal digits that encrypt an SQLite file.

        Raises:
            ConfigError: If the URL is of neither kind, or the key does not fit.
            UnavailableError: If the database is not there.
        """
        database = Database(url, key=key)
        return cls(
            database=database,
            events=SqlEvents(database),
            items=SqlItems(database),
            people=SqlPeople(database),
            interests=SqlInterests(database),
            rankings=SqlRankings(database),
            experiments=SqlExperiments(database),
            models=SqlModels(database),
            keys=SqlKeys(database),
            audit=SqlAudit(database),
        )

    @contextlib.contextmanager
    def at_once(self) -> Iterator[None]:
        """Let what this thread reads in the block be read over one connection, where one is had."""
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(StoreError):  # whoever reads is told
                stack.enter_context(self.database.together())
            yield

    def kept(self, name: str) -> str | None:
        """Return what is kept under a name; None: nothing."""
        with self.database.reading() as connection:
            line = sa.select(META.c.value).where(META.c.name == name)
            return connection.execute(line).scalar()

    def keep(self, name: str, value: str) -> str:
        """Keep *value* under a name, unless something is kept there, and return what is."""

        def write(connection: sa.Connection) -> str:
            line = insert(connection, META).values(name=name, value=value)
            connection.execute(line.on_conflict_do_nothing())
            there = sa.select(META.c.value).where(META.c.name == name)
            return str(connection.execute(there).scalar_one())

        return self.database.write(write)

    def close(self) -> None:
        """Write what is queued and let go of the database."""
        self.database.close()
