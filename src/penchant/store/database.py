"""A database, opened: SQLite encrypted in one file, or PostgreSQL.

    sqlite:///PATH        SQLCipher; WAL, ``synchronous=FULL``: an answer means it is on disk
    postgresql://…        15 or later, ``synchronous_commit=on``

Transactions that write are exclusive on both, so the order of ``seq`` is the order of commits:
who has read up to a number has missed nothing below it.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from penchant.errors import ConfigError, StoreError, UnavailableError

try:
    import sqlalchemy as sa
except ModuleNotFoundError as error:  # pragma: no cover  # an installation without the extra
    raise UnavailableError(
        f"the store needs {error.name}", hint="Install it: pip install 'penchant[service]'."
    ) from error

from penchant.store.engines import file_of, postgresql_engine, sqlite_engine, translated
from penchant.store.schema import META, migrate
from penchant.store.turns import Turns
from penchant.store.writer import Writer

__all__ = ["LONGEST", "Database", "version_of"]

_LOCK: Final = 0x70656E63
"""Number of PostgreSQL's advisory lock that writers take."""

LONGEST: Final = 60.0
"""Seconds that anybody waits for something to be written."""

T = TypeVar("T")


class Database:
    """One database, for any number of threads.

    Args:
        url: ``sqlite:///PATH`` or ``postgresql://…``.
        key: 64 hexadecimal digits that encrypt an SQLite file; not used otherwise.

    Raises:
        ConfigError: If the URL is of neither kind, the key does not fit the file, or a later
            release wrote it.
        UnavailableError: If the database or its driver is not there or too old.

    Attributes:
        engine: Reads.
        writing: Writes; of SQLite one connection, whose pages stay good while nobody else writes.
    """

    def __init__(self, url: str, *, key: str = "") -> None:
        self.is_sqlite = url.startswith("sqlite:")
        self.engine = sqlite_engine(url, key) if self.is_sqlite else postgresql_engine(url)
        self.writing = sqlite_engine(url, key, only=True) if self.is_sqlite else self.engine
        self._own = threading.local()
        self._turns = Turns(Path(file_of(url) + "-turns")) if self.is_sqlite else None
        try:
            with self.transaction() as connection:
                migrate(connection)
        except BaseException as error:
            self._let_go()
            if isinstance(error, sa.exc.DatabaseError):
                raise _not_opened(url, error, sqlite=self.is_sqlite) from error
            raise
        self.writer = Writer(self.transaction, name="store-writer")

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """Open an exclusive transaction; it commits at the end of the block.

        Raises:
            StoreError: If the database cannot be written now.
        """
        engine = self.writing.execution_options(begin="BEGIN IMMEDIATE")
        turn = self._turns.turn() if self._turns else contextlib.nullcontext()
        with translated(), turn, engine.begin() as connection:
            if not self.is_sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            yield connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a connection that reads; within `together` it is the one that is open.

        Raises:
            StoreError: If the database cannot be read now.
        """
        own: sa.Connection | None = getattr(self._own, "connection", None)
        if own is not None:
            with translated():
                yield own
            return
        engine = self.engine
        if not self.is_sqlite:  # a statement sees what is committed; more would be more messages
            engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        with translated(), engine.connect() as connection:
            if self.is_sqlite:
                connection.begin()  # what is read is of one moment, whoever asks the driver for it
            yield connection

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Let all that this thread reads in the block go over one connection.

        Raises:
            StoreError: If the database cannot be read now.
        """
        before = getattr(self._own, "connection", None)
        with self.reading() as connection:
            self._own.connection = connection
            try:
                yield
            finally:
                self._own.connection = before

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[sa.Connection]:
        """Open a connection that reads the database as it is now, whoever writes meanwhile.

        Raises:
            StoreError: If the database cannot be read now.
        """
        engine = self.engine
        if not self.is_sqlite:  # SQLite's transactions are like that
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with translated(), engine.connect() as connection, connection.begin():
            connection.execute(sa.select(sa.literal(1)).select_from(META)).first()  # from now on
            yield connection

    def write(self, run: Callable[[sa.Connection], T]) -> T:
        """Run a job in the next transaction and return its result once that is durable.

        Raises:
            StoreError: If it cannot be written; where that took too long to see, it still may be.
        """
        try:
            result: T = self.writer.submit(_one_by_one, run).result(LONGEST)
        except concurrent.futures.TimeoutError as error:
            raise StoreError(f"the store did not write within {LONGEST:g} s") from error
        return result

    def later(self, run: Callable[[sa.Connection], Any]) -> None:
        """Run a job in one of the next transactions; nobody waits for it."""
        self.writer.later(_one_by_one, run)

    def close(self) -> None:
        """Write what is queued and let go of the database."""
        self.writer.close()
        self._let_go()

    def _let_go(self) -> None:
        self.engine.dispose()
        self.writing.dispose()
        if self._turns is not None:
            self._turns.close()


def version_of(url: str, *, key: str = "") -> int | None:
    """Return the version of the tables at *url* as they are; None: none of Penchant's.

    Raises:
        ConfigError: If the URL is of neither kind, or the key does not fit the file.
        UnavailableError: If the database is not there.
    """
    sqlite = url.startswith("sqlite:")
    engine = sqlite_engine(url, key) if sqlite else postgresql_engine(url)
    try:
        with translated(), engine.connect() as connection:
            if not sa.inspect(connection).has_table(META.name):
                return None
            line = sa.select(META.c.value).where(META.c.name == "version")
            kept = connection.execute(line).scalar()
            return None if kept is None else int(kept)
    except sa.exc.DatabaseError as error:
        raise _not_opened(url, error, sqlite=sqlite) from error
    finally:
        engine.dispose()


def _one_by_one(
    connection: sa.Connection, jobs: Sequence[Callable[[sa.Connection], Any]]
) -> list[Any]:
    return [job(connection) for job in jobs]


def _not_opened(
    url: str, error: sa.exc.DatabaseError, *, sqlite: bool
) -> ConfigError | UnavailableError:
    if sqlite and "not a database" in str(error):
        return ConfigError(
            f"store {url!r} cannot be read with this key",
            hint="Set PENCHANT_STORE_KEY or PENCHANT_STORE_KEY_FILE to the key it was made with.",
        )
    said = str(error.orig).strip().splitlines()[0]
    return UnavailableError(f"the store cannot be opened: {said}")
