"""A database, opened: SQLite encrypted in one file, or PostgreSQL.

    sqlite:///PATH        SQLCipher; WAL, ``synchronous=FULL``: an answer means it is on disk
    postgresql://…        15 or later, ``synchronous_commit=on``

Transactions that write are exclusive on both, so the order of ``seq`` is the order of commits:
who has read up to a number has missed nothing below it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Final, TypeVar

from penchant.errors import ConfigError, UnavailableError

try:
    import sqlalchemy as sa
    from sqlalchemy import event
except ModuleNotFoundError as error:  # pragma: no cover  # an installation without the extra
    raise UnavailableError(
        f"the store needs {error.name}", hint="Install it: pip install 'penchant[service]'."
    ) from error

from penchant.store.schema import META, migrate
from penchant.store.turns import Turns
from penchant.store.writer import Writer

__all__ = ["Database"]

_OLDEST_SQLITE: Final = (3, 51, 3)
"""Earlier ones can corrupt a database when its WAL is reset."""

_OLDEST_POSTGRESQL: Final = 15
_LOCK: Final = 0x70656E63
"""Number of PostgreSQL's advisory lock that writers take."""

_ROOM: Final = ("cache_size = -16000", "wal_autocheckpoint = 8000")
"""KiB of pages that a connection keeps, and pages that gather before they go into the file: a page
that many events change is decrypted and written there once."""

_BUSY: Final = 30.0
"""Seconds to wait for another writer."""

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
        self.engine = _sqlite(url, key) if self.is_sqlite else _postgresql(url)
        self.writing = _sqlite(url, key, only=True) if self.is_sqlite else self.engine
        self._turns = Turns(Path(_file(url) + "-turns")) if self.is_sqlite else None
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
            UnavailableError: If the database cannot be written now.
        """
        engine = self.writing.execution_options(begin="BEGIN IMMEDIATE")
        turn = self._turns.turn() if self._turns else contextlib.nullcontext()
        with _translated(), turn, engine.begin() as connection:
            if not self.is_sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            yield connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a connection that reads.

        Raises:
            UnavailableError: If the database cannot be read now.
        """
        engine = self.engine
        if not self.is_sqlite:  # a statement sees what is committed; more would be more messages
            engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        with _translated(), engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[sa.Connection]:
        """Open a connection that reads the database as it is now, whoever writes meanwhile.

        Raises:
            UnavailableError: If the database cannot be read now.
        """
        engine = self.engine
        if not self.is_sqlite:  # SQLite's transactions are like that
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with _translated(), engine.connect() as connection, connection.begin():
            connection.execute(sa.select(sa.literal(1)).select_from(META)).first()  # from now on
            yield connection

    def write(self, run: Callable[[sa.Connection], T]) -> T:
        """Run a job in the next transaction and return its result once that is durable."""
        result: T = self.writer.submit(_one_by_one, run).result()
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


def _one_by_one(
    connection: sa.Connection, jobs: Sequence[Callable[[sa.Connection], Any]]
) -> list[Any]:
    return [job(connection) for job in jobs]


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError) as error:
        said = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise UnavailableError(f"the store cannot be reached: {said}") from error


def _sqlite(url: str, key: str, *, only: bool = False) -> sa.Engine:
    driver = _driver("sqlcipher3.dbapi2")
    version = tuple(int(part) for part in driver.sqlite_version.split("."))
    if version < _OLDEST_SQLITE:
        raise UnavailableError(
            f"SQLite {driver.sqlite_version} can corrupt a database",
            hint="Install sqlcipher3 0.6.4 or later.",
        )
    path = _file(url)
    if not re.fullmatch(r"[0-9a-fA-F]{64}", key):
        raise ConfigError("the store's key must be 64 hexadecimal digits")
    file = Path(path)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnavailableError(f"no folder for the store at {path!r}: {error}") from error

    def connect() -> Any:  # noqa: ANN401  # a connection of an untyped driver
        connection = driver.connect(
            str(file), timeout=_BUSY, isolation_level=None, check_same_thread=False
        )
        for line in (f"key = \"x'{key}'\"", "journal_mode = WAL", "synchronous = FULL", *_ROOM):
            connection.execute(f"PRAGMA {line}")
        return connection

    size = {"pool_size": 1, "max_overflow": 0} if only else {"pool_size": 8, "pool_use_lifo": True}
    engine = sa.create_engine(
        "sqlite://", module=driver, creator=connect, poolclass=sa.pool.QueuePool, **size
    )
    event.listen(engine, "begin", _begin)
    return engine


def _file(url: str) -> str:
    path = url.removeprefix("sqlite:///")
    if not path or path == url or ":memory:" in path:
        raise ConfigError(f"store {url!r} names no file", hint="Write sqlite:///PATH.")
    return path


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _postgresql(url: str) -> sa.Engine:
    if not re.match(r"postgres(ql)?://", url):
        raise ConfigError(
            f"store {url.split('://', maxsplit=1)[0]!r} is unknown",
            hint="Write sqlite:///PATH or postgresql://USER@HOST/DATABASE.",
        )
    _driver("psycopg")
    try:
        engine = sa.create_engine(
            re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url),
            pool_size=8,
            pool_pre_ping=True,
            pool_timeout=5,
            connect_args={"connect_timeout": 5, "options": "-c synchronous_commit=on"},
        )
        with _translated(), engine.connect() as connection:
            version = connection.dialect.server_version_info or (0,)
    except sa.exc.ArgumentError as error:
        raise ConfigError(f"the store's URL cannot be read: {error}") from error
    if int(version[0]) < _OLDEST_POSTGRESQL:
        raise UnavailableError(f"PostgreSQL {version[0]} is too old; 15 or later is needed")
    return engine


def _driver(name: str) -> ModuleType:
    import importlib  # noqa: PLC0415  # an optional extra

    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise UnavailableError(
            f"the store needs {error.name}", hint="Install it: pip install 'penchant[service]'."
        ) from error


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
