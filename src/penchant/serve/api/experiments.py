"""Experiments: begun, looked at, stopped."""

from __future__ import annotations

import asyncio
import logging
from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter

from penchant.errors import PenchantError
from penchant.serve import experiments, trials
from penchant.serve.api.answers import Json
from penchant.serve.api.guard import ServiceOf, allow
from penchant.serve.api.schemas import ExperimentRequest
from penchant.serve.service import Service
from penchant.store.base import Experiment, Key

__all__ = ["router", "settling"]

router = APIRouter(tags=["experiments"])

Admin = Annotated[Key, allow("admin")]

_LOOK: Final = 600
"""Seconds between two looks at the experiment under way."""

_LOG: Final = logging.getLogger("penchant.service")


@router.post("/experiments")
async def post_experiment(request: ExperimentRequest, service: ServiceOf, key: Admin) -> Any:  # noqa: ANN401  a response
    """Begin an experiment: from now on each user gets the lists of one arm, always the same one.

    What an arm sets holds whatever a request asks for.  It stops by itself when an arm is surely
    better than the first, or the first than all; one runs at a time.
    """
    said = request.model_dump()
    arms = tuple(experiments.Arm(**arm) for arm in said.pop("arms"))

    def job() -> Experiment:
        return trials.start(service, experiments.Plan(arms=arms, **said), actor=key.key_id)

    return Json(experiments.told(await to_thread.run_sync(job)))


@router.get("/experiments", dependencies=[allow("admin")])
async def list_experiments(service: ServiceOf) -> Any:  # noqa: ANN401  a response
    """List experiments, newest first."""
    found = await to_thread.run_sync(service.store.experiments.all)
    return Json({"experiments": [experiments.told(one) for one in found]})


@router.get("/experiments/{experiment_id}", dependencies=[allow("admin")])
async def get_experiment(experiment_id: str, service: ServiceOf) -> Any:  # noqa: ANN401  a response
    """Say how an experiment stands, with intervals that hold however often one asks."""

    def job() -> dict[str, Any]:
        return experiments.settle(
            service.store, experiment_id, settings=service.settings, now=service.clock()
        )

    return Json(await to_thread.run_sync(job))


@router.post("/experiments/{experiment_id}/stop")
async def stop_experiment(experiment_id: str, service: ServiceOf, key: Admin) -> Any:  # noqa: ANN401  a response
    """End an experiment; from now on lists are as they are asked for."""

    def job() -> Experiment:
        return trials.end(service, experiment_id, actor=key.key_id)

    return Json(experiments.told(await to_thread.run_sync(job)))


async def settling(service: Service) -> None:
    """Look now and then whether the experiment under way has seen enough."""
    while True:
        await asyncio.sleep(_LOOK)
        try:
            await to_thread.run_sync(_settle, service)
        except PenchantError as error:
            _LOG.warning("the experiment could not be looked at: %s", error)


def _settle(service: Service) -> None:
    under_way = experiments.running(service.store)
    if under_way is not None:
        experiments.settle(
            service.store,
            under_way.experiment_id,
            settings=service.settings,
            now=service.clock(),
        )
