"""Experiments as somebody begins and ends them: noted, and in force at once."""

from __future__ import annotations

from penchant.serve import experiments
from penchant.serve.experiments import Plan
from penchant.serve.service import Service
from penchant.store.base import Experiment, key_of

__all__ = ["end", "start"]


def start(service: Service, plan: Plan, *, actor: str) -> Experiment:
    """Begin an experiment.

    Raises:
        ConflictError: If another one runs.
        UnknownIdError: If an arm's model is not known or not there any more.
    """
    made = experiments.begin(service.store, plan, at=int(service.clock()))
    _note(service, made, "begin", actor)
    service.refresh()
    return made


def end(service: Service, experiment_id: str, *, actor: str) -> Experiment:
    """End an experiment; one that has ended stays as it is.

    Raises:
        UnknownIdError: If there is no such experiment.
    """
    at = int(service.clock())
    done = service.store.experiments.stop(experiment_id, at=at, reason="stopped by hand")
    _note(service, done, "stop", actor)
    service.refresh()
    return done


def _note(service: Service, one: Experiment, what: str, actor: str) -> None:
    service.store.audit.note(
        at=int(service.clock()),
        actor=actor,
        action="experiment",
        subject=key_of(one.experiment_id),
        detail=f"{what} {one.experiment_id}",
    )
