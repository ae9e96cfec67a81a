"""Experiments in a database."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from penchant.errors import ConflictError, UnknownIdError
from penchant.store.base import Experiment
from penchant.store.database import Database
from penchant.store.schema import EXPERIMENTS

__all__ = ["SqlExperiments"]

_C = EXPERIMENTS.c


class SqlExperiments:
    """The `Experiments` on a `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, experiment: Experiment) -> None:
        """Keep an experiment that begins."""

        def begin(connection: sa.Connection) -> None:
            running = sa.select(_C.experiment_id).where(_C.status == "running")
            other = connection.execute(running).scalar()
            if other is not None:
                raise ConflictError(
                    f"experiment {other!r} runs", hint="Stop it, or wait until it stops."
                )
            row = {
                "experiment_id": experiment.experiment_id,
                "at": experiment.at,
                "plan": json.dumps(dict(experiment.plan)),
                "status": experiment.status,
                "ended": experiment.ended,
                "reason": experiment.reason,
            }
            connection.execute(sa.insert(EXPERIMENTS).values(**row))

        self._database.write(begin)

    def all(self) -> list[Experiment]:
        """Return all experiments, newest first."""
        line = sa.select(EXPERIMENTS).order_by(_C.at.desc(), _C.experiment_id.desc())
        with self._database.reading() as connection:
            return [_experiment(row) for row in connection.execute(line)]

    def stop(self, experiment_id: str, *, at: int, reason: str) -> Experiment:
        """End an experiment and return it; one that has ended stays as it is."""

        def end(connection: sa.Connection) -> Experiment:
            own = _C.experiment_id == experiment_id
            line = sa.update(EXPERIMENTS).where(own, _C.status == "running")
            connection.execute(line.values(status="stopped", ended=at, reason=reason))
            row = connection.execute(sa.select(EXPERIMENTS).where(own)).first()
            if row is None:
                raise UnknownIdError(f"experiment {experiment_id!r} is not known")
            return _experiment(row)

        return self._database.write(end)


def _experiment(row: sa.Row[Any]) -> Experiment:
    fields = dict(row._mapping)  # noqa: SLF001  its API
    return Experiment(**(fields | {"plan": json.loads(row.plan)}))
