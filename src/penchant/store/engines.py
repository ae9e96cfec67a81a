"""Connections of the two kinds of database, with what each needs to be durable and to fail soon."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event

from penchant.errors import ConfigError, StoreError, UnavailableError

__all__ = ["file_of", "postgresql_engine", "sqlite_engine", "translated"]

_OLDEST_SQLITE: Final = (3, 51, 3)
"""Earlier ones can corrupt a database when its WAL is reset."""

_OLDEST_POSTGRESQL: Final = 15
_ROOM: Final = ("cache_size = -16000", "wal_autocheckpoint = 8000")
"""KiB of pages that a connection keeps, and pages that gather before they go into the file: a page
that many events change is decrypted and written there once."""

_BUSY: Final = 30.0
"""Seconds to wait for another writer."""

_DOWN: Final = 1.0
"""Seconds for which a server that could not be reached is not asked again."""

_LOST: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""How soon PostgreSQL's silence is an error: seconds, and milliseconds of the last."""


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Let what a driver says of a database that cannot be used be a `StoreError`.

    Raises:
        StoreError: If so.
    """
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError) as error:
        said = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise StoreError(f"the store cannot be reached: {said}") from error


def sqlite_engine(url: str, key: str, *, only: bool = False) -> sa.Engine:
    """Return what opens connections to a file, encrypted with *key*.

    Args:
        url: ``sqlite:///PATH``.
        key: 64 hexadecimal digits.
        only: Whether there is one connection at most.

    Raises:
        ConfigError: If the URL names no file, or the key is none.
        UnavailableError: If the driver is not there or too old, or there is no place for the file.
    """
    driver = _driver("sqlcipher3.dbapi2")
    version = tuple(int(part) for part in driver.sqlite_version.split("."))
    if version < _OLDEST_SQLITE:
        raise UnavailableError(
            f"SQLite {driver.sqlite_version} can corrupt a database",
            hint="Install sqlcipher3 0.6.4 or later.",
        )
    path = file_of(url)
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


def file_of(url: str) -> str:
    """Return the path in an SQLite URL.

    Raises:
        ConfigError: If there is none.
    """
    path = url.removeprefix("sqlite:///")
    if not path or path == url or ":memory:" in path:
        raise ConfigError(f"store {url!r} names no file", hint="Write sqlite:///PATH.")
    return path


def _begin(connection: sa.Connection) -> None:
    line = connection.get_execution_options().get("begin", "BEGIN")
    connection.connection.cursor().execute(line)  # each list begins some: without any ceremony


def postgresql_engine(url: str) -> sa.Engine:
    """Return what opens connections to a server.

    Raises:
        ConfigError: If the URL is of another kind or cannot be read.
        UnavailableError: If the driver or the server is not there, or the server too old.
    """
    if not re.match(r"postgres(ql)?://", url):
        raise ConfigError(
            f"store {url.split('://', maxsplit=1)[0]!r} is unknown",
            hint="Write sqlite:///PATH or postgresql://USER@HOST/DATABASE.",
        )
    driver = _driver("psycopg")
    try:
        engine = sa.create_engine(
            re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url),
            pool_size=8,
            pool_pre_ping=True,
            pool_timeout=5,
            connect_args={"options": "-c synchronous_commit=on", **_LOST},
        )
        event.listen(engine, "do_connect", _not_in_vain(driver.OperationalError))
        with translated(), engine.connect() as connection:
            version = connection.dialect.server_version_info or (0,)
    except sa.exc.ArgumentError as error:
        raise ConfigError(f"the store's URL cannot be read: {error}") from error
    if int(version[0]) < _OLDEST_POSTGRESQL:
        raise UnavailableError(f"PostgreSQL {version[0]} is too old; 15 or later is needed")
    return engine


def _not_in_vain(unreachable: type[Exception]) -> Callable[..., Any]:
    """Return what connects, and for a moment after a failure says so at once."""
    until = 0.0

    def connect(dialect: Any, _: object, words: Any, named: Any) -> Any:  # noqa: ANN401  SQLAlchemy's
        nonlocal until
        if time.monotonic() < until:
            raise unreachable("it could not be reached a moment ago")
        try:
            return dialect.connect(*words, **named)
        except unreachable:
            until = time.monotonic() + _DOWN
            raise

    return connect


def _driver(name: str) -> ModuleType:
    import importlib  # noqa: PLC0415  # an optional extra

    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise UnavailableError(
            f"the store needs {error.name}", hint="Install it: pip install 'penchant[service]'."
        ) from error
