"""Models, fits and shown lists in a database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from penchant.errors import ConflictError, UnknownIdError
from penchant.store.base import Fit, Model, Ranking, key_of
from penchant.store.database import Database
from penchant.store.schema import FITS, MODELS, RANKINGS

__all__ = ["SqlModels", "SqlRankings"]


class SqlModels:
    """The `Models` on a `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, model: Model) -> None:
        """Keep a model; one that is ``serving`` takes the place of the one before."""

        def keep(connection: sa.Connection) -> None:
            if model.status == "serving":
                _retire(connection, f"{model.model_id} took its place")
            row = {
                "model_id": model.model_id,
                "at": model.at,
                "path": model.path,
                "watermark": model.watermark,
                "status": model.status,
                "reason": model.reason,
                "facts": json.dumps(dict(model.facts)),
            }
            connection.execute(sa.insert(MODELS).values(**row))

        self._database.write(keep)

    def serving(self) -> Model | None:
        """Return the model that serves; None without one."""
        return next((model for model in self._read() if model.status == "serving"), None)

    def all(self) -> list[Model]:
        """Return all models, newest first."""
        return self._read()

    def mark(self, model_id: str, *, status: str, reason: str) -> None:
        """Give a model another status."""

        def change(connection: sa.Connection) -> None:
            if status == "serving":
                _retire(connection, f"{model_id} took its place")
            _change(connection, model_id, status=status, reason=reason)

        self._database.write(change)

    def move(self, model_id: str, *, path: str) -> None:
        """Say that a model's directory is elsewhere."""
        self._database.write(lambda c: _change(c, model_id, path=path))

    def promote(self, model_id: str, *, reason: str) -> None:
        """Let a model serve."""
        model = next((m for m in self._read() if m.model_id == model_id), None)
        if model is None:
            raise UnknownIdError(f"model {model_id!r} is not known")
        if model.status in {"damaged", "removed"}:
            raise ConflictError(f"model {model_id!r} is {model.status}")
        self.mark(model_id, status="serving", reason=reason)

    def request(self, fit: Fit) -> bool:
        """Keep *fit* as requested, unless another is requested or running."""

        def ask(connection: sa.Connection) -> bool:
            waiting = sa.select(FITS.c.fit_id).where(FITS.c.status.in_(("requested", "running")))
            if connection.execute(waiting).first() is not None:
                return False
            connection.execute(sa.insert(FITS).values(**_fit_row(fit)))
            return True

        return self._database.write(ask)

    def begin(self, fit: Fit, *, stale: int) -> bool:
        """Keep *fit* as running, unless another has been heard of since *stale*."""

        def start(connection: sa.Connection) -> bool:
            running = FITS.c.status == "running"
            alive = sa.select(FITS.c.fit_id).where(running, FITS.c.beat >= stale)
            if connection.execute(alive).first() is not None:
                return False
            lost = {"status": "failed", "detail": "it was not heard of any more"}
            connection.execute(sa.update(FITS).where(running).values(**lost))
            connection.execute(sa.delete(FITS).where(FITS.c.fit_id == fit.fit_id))
            connection.execute(sa.insert(FITS).values(**_fit_row(fit)))
            return True

        return self._database.write(start)

    def beat(self, fit_id: str, *, at: int) -> None:
        """Say that a fit still runs."""
        line = sa.update(FITS).where(FITS.c.fit_id == fit_id).values(beat=at)
        self._database.write(lambda c: c.execute(line).rowcount)

    def end(self, fit_id: str, *, at: int, status: str, detail: str, model_id: str | None) -> None:
        """Say what came of a fit."""
        said = {"beat": at, "status": status, "detail": detail, "model_id": model_id}
        line = sa.update(FITS).where(FITS.c.fit_id == fit_id).values(**said)
        self._database.write(lambda c: c.execute(line).rowcount)

    def fits(self, *, most: int = 100) -> list[Fit]:
        """Return the latest fits, newest first."""
        line = sa.select(FITS).order_by(FITS.c.at.desc(), FITS.c.fit_id.desc()).limit(most)
        with self._database.reading() as connection:
            return [Fit(**row._mapping) for row in connection.execute(line)]  # noqa: SLF001  its API

    def _read(self) -> list[Model]:
        line = sa.select(MODELS).order_by(MODELS.c.at.desc(), MODELS.c.model_id.desc())
        with self._database.reading() as connection:
            return [_model(row) for row in connection.execute(line)]


class SqlRankings:
    """The `Rankings` on a `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, ranking: Ranking) -> None:
        """Keep *ranking* soon; a crash may lose the last moments' lists."""
        row = {
            "ranking_id": ranking.ranking_id,
            "at": ranking.at,
            "user_key": None if ranking.user_id is None else key_of(ranking.user_id),
            "user_id": ranking.user_id,
            "model_id": ranking.model_id,
            "arm": ranking.arm,
            "items": json.dumps(list(ranking.items)),
        }
        self._database.writer.later(_note, row)

    def get(self, ranking_id: str) -> Ranking | None:
        """Return a list; None where none has that id."""
        line = sa.select(RANKINGS).where(RANKINGS.c.ranking_id == ranking_id)
        with self._database.reading() as connection:
            row = connection.execute(line).first()
        return None if row is None else _ranking(row)

    def since(self, at: int, *, most: int = 100_000, tried: bool = False) -> list[Ranking]:
        """Return the latest *most* lists shown at *at* or later, oldest first."""
        some = sa.or_(RANKINGS.c.arm != "", RANKINGS.c["items"].contains('"explore"'))
        line = (
            sa.select(RANKINGS)
            .where(RANKINGS.c.at >= at, *([some] if tried else []))
            .order_by(RANKINGS.c.at.desc(), RANKINGS.c.ranking_id)
            .limit(most)
        )
        with self._database.reading() as connection:
            return [_ranking(row) for row in connection.execute(line)][::-1]


def _fit_row(fit: Fit) -> dict[str, Any]:
    return {
        "fit_id": fit.fit_id,
        "at": fit.at,
        "beat": fit.beat,
        "status": fit.status,
        "detail": fit.detail,
        "model_id": fit.model_id,
    }


def _change(connection: sa.Connection, model_id: str, **values: str) -> None:
    line = sa.update(MODELS).where(MODELS.c.model_id == model_id).values(**values)
    if not connection.execute(line).rowcount:
        raise UnknownIdError(f"model {model_id!r} is not known")


def _retire(connection: sa.Connection, reason: str) -> None:
    line = sa.update(MODELS).where(MODELS.c.status == "serving")
    connection.execute(line.values(status="retired", reason=reason))


def _model(row: sa.Row[Any]) -> Model:
    fields = dict(row._mapping)  # noqa: SLF001  its API
    return Model(**(fields | {"facts": json.loads(row.facts)}))


def _note(connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> Sequence[None]:
    connection.execute(sa.insert(RANKINGS), list(rows))
    return [None] * len(rows)


def _ranking(row: sa.Row[Any]) -> Ranking:
    return Ranking(
        ranking_id=row.ranking_id,
        at=row.at,
        user_id=row.user_id,
        model_id=row.model_id,
        arm=row.arm,
        items=[(item, lane, score) for item, lane, score in json.loads(row.items)],
    )
