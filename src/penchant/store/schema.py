"""The tables, and how an old database becomes a new one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from penchant.errors import ConfigError
from penchant.store.base import lasted

__all__ = [
    "AUDIT",
    "DROPPED",
    "EVENTS",
    "EXPERIMENTS",
    "FITS",
    "INTERESTS",
    "ITEMS",
    "KEYS",
    "META",
    "MODELS",
    "RANKINGS",
    "REQUESTS",
    "REWRITTEN",
    "STEERING",
    "TABLES",
    "USERS",
    "VERSION",
    "insert",
    "migrate",
]

_ALL: Final = sa.MetaData()
_SEQ: Final = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_KEY: Final = sa.LargeBinary(16)

META: Final = sa.Table(
    "meta",
    _ALL,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
EVENTS: Final = sa.Table(
    "events",
    _ALL,
    sa.Column("seq", _SEQ, primary_key=True, autoincrement=True),
    sa.Column("event_key", _KEY, nullable=False, unique=True),
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("user_key", _KEY, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("item_id", sa.Text, nullable=False),
    sa.Column("event", sa.Text),
    sa.Column("value", sa.Float(53)),
    sa.Column("moment", sa.BigInteger, nullable=False),
    sa.Column("text", sa.Text),
    sa.Column("ranking_id", sa.Text),
    sa.Column("dwell", sa.Float(53)),
    sa.Column("made", sa.Text, nullable=False),
    sa.Column("extra", sa.Text),
    sa.Index("events_of_user", "user_key", "seq"),
    sqlite_autoincrement=True,
)
_NAMES_A_LIST: Final = EVENTS.c.ranking_id.is_not(None)
ANSWERS: Final = sa.Index(
    "events_that_answer",
    EVENTS.c.moment,
    sqlite_where=_NAMES_A_LIST,
    postgresql_where=_NAMES_A_LIST,
)
"""Finds the few events that name a list."""

REWRITTEN: Final = sa.Table(
    "rewritten",
    _ALL,
    sa.Column("user_key", _KEY, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
)
"""Users whose past before ``seq`` is not what models fitted before it hold."""

DROPPED: Final = sa.Table(
    "dropped",
    _ALL,
    sa.Column("user_key", _KEY, primary_key=True),
    sa.Column("item_key", _KEY, primary_key=True),
    sa.Column("item_id", sa.Text, nullable=False),
)
"""What users did to items and does not count any more, though models may hold it."""

REQUESTS: Final = sa.Table(
    "requests",
    _ALL,
    sa.Column("request_key", sa.LargeBinary(32), primary_key=True),
    sa.Column("content", sa.LargeBinary(32), nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
)
ITEMS: Final = sa.Table(
    "items",
    _ALL,
    sa.Column("item_key", _KEY, primary_key=True),
    sa.Column("item_id", sa.Text, nullable=False),
    sa.Column("fields", sa.Text, nullable=False),
    sa.Column("deleted", sa.Boolean, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False, index=True),
)
USERS: Final = sa.Table(
    "users",
    _ALL,
    sa.Column("user_key", _KEY, primary_key=True),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("fields", sa.Text, nullable=False),
)
STEERING: Final = sa.Table(
    "steering",
    _ALL,
    sa.Column("user_key", _KEY, primary_key=True),
    sa.Column("said", sa.Text, nullable=False),
)
INTERESTS: Final = sa.Table(
    "interests",
    _ALL,
    sa.Column("interest_id", sa.Text, primary_key=True),
    sa.Column("said", sa.Text, nullable=False),
)
RANKINGS: Final = sa.Table(
    "rankings",
    _ALL,
    sa.Column("ranking_id", sa.Text, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False, index=True),
    sa.Column("user_key", _KEY, index=True),
    sa.Column("user_id", sa.Text),
    sa.Column("model_id", sa.Text),
    sa.Column("arm", sa.Text, nullable=False),
    sa.Column("items", sa.Text, nullable=False),
)
EXPERIMENTS: Final = sa.Table(
    "experiments",
    _ALL,
    sa.Column("experiment_id", sa.Text, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("plan", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("ended", sa.BigInteger),
    sa.Column("reason", sa.Text, nullable=False),
)
MODELS: Final = sa.Table(
    "models",
    _ALL,
    sa.Column("model_id", sa.Text, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("watermark", sa.BigInteger, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
)
FITS: Final = sa.Table(
    "fits",
    _ALL,
    sa.Column("fit_id", sa.Text, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("beat", sa.BigInteger, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("model_id", sa.Text),
)
KEYS: Final = sa.Table(
    "keys",
    _ALL,
    sa.Column("key_id", sa.Text, primary_key=True),
    sa.Column("digest", sa.LargeBinary(32), nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("scopes", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("revoked", sa.BigInteger),
)
AUDIT: Final = sa.Table(
    "audit",
    _ALL,
    sa.Column("seq", _SEQ, primary_key=True, autoincrement=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", _KEY, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)


TABLES: Final = tuple(table for table in _ALL.sorted_tables if table is not META)
"""All that a store holds; `META` comes with a store of its version."""


def insert(connection: sa.Connection, table: sa.Table) -> postgresql.dml.Insert | sqlite.dml.Insert:
    """Return an INSERT that knows ON CONFLICT, in the words of the connection's database."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def _create(connection: sa.Connection) -> None:
    _ALL.create_all(connection)


def _add_interests(connection: sa.Connection) -> None:
    INTERESTS.create(connection, checkfirst=True)


def _add_answers(connection: sa.Connection) -> None:
    ANSWERS.create(connection, checkfirst=True)


def _add_experiments(connection: sa.Connection) -> None:
    EXPERIMENTS.create(connection, checkfirst=True)


def _add_dwell(connection: sa.Connection) -> None:
    """Give dwell a column, and take over what stood among the fields that had none."""
    if EVENTS.c.dwell.name not in {c["name"] for c in sa.inspect(connection).get_columns("events")}:
        kind = EVENTS.c.dwell.type.compile(connection.dialect)
        connection.exec_driver_sql(f"ALTER TABLE events ADD COLUMN dwell {kind}")
    own = EVENTS.c.seq, EVENTS.c.extra
    said = sa.select(*own).where(EVENTS.c.extra.like('%"dwell"%'))
    for seq, text in connection.execute(said).all():
        extra = json.loads(text)
        if not lasted(extra.get("dwell")):
            continue
        values = {"dwell": float(extra.pop("dwell")), "extra": json.dumps(extra) if extra else None}
        connection.execute(sa.update(EVENTS).where(EVENTS.c.seq == seq).values(**values))


_STEPS: Final[tuple[Callable[[sa.Connection], None], ...]] = (
    _create,
    _add_interests,
    _add_answers,
    _add_experiments,
    _add_dwell,
)
"""What each version adds to the one before; only ever lengthened."""

VERSION: Final = len(_STEPS)
"""Of the tables that this release reads."""


def migrate(connection: sa.Connection) -> None:
    """Bring the database of an open, exclusive transaction to `VERSION`.

    Raises:
        ConfigError: If it was written by a later release.
    """
    META.create(connection, checkfirst=True)
    kept = connection.execute(sa.select(META.c.value).where(META.c.name == "version")).scalar()
    version = int(kept or 0)
    if version > VERSION:
        raise ConfigError(
            f"the store has version {version}, this release knows {VERSION}",
            hint="Install the release that wrote it, or a later one.",
        )
    for step in _STEPS[version:]:
        step(connection)
    if version < VERSION:
        line = insert(connection, META).values(name="version", value=str(VERSION))
        connection.execute(
            line.on_conflict_do_update(index_elements=["name"], set_={"value": str(VERSION)})
        )
