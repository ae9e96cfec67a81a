"""Experiments: arms of settings or models, shown to different users, compared while they run.

    arm       by a digest of experiment and user: the same one always, in every worker
    outcome   of a user: the mean over the lists of the first days, counted when these are over
    interval  of each arm less the first, valid however often one looks
              (`penchant.metrics.sequential`)
    stop      when an arm is surely better, the first surely best, or enough users were seen

Each user counts once, with what does not change any more, so looking early does no harm.
"""

from __future__ import annotations

import hashlib
import math
import secrets
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal, Self, TypeAlias

import numpy as np

from penchant.config import Settings
from penchant.engine.wanted import Wanted
from penchant.errors import UnknownIdError, UsageError
from penchant.metrics.sequential import Difference, difference_ever
from penchant.serve.outcomes import Outcome, outcomes
from penchant.store.base import Experiment, Ranking
from penchant.store.sql import Store
from penchant.types import DAY

__all__ = [
    "ENOUGH",
    "Arm",
    "Metric",
    "Plan",
    "Running",
    "beats",
    "begin",
    "running",
    "settle",
    "standing",
    "told",
]

Metric: TypeAlias = Literal["take_up", "conversion", "value"]

_MOST: Final = 1_000_000

ENOUGH: Final = "enough users, and no arm is surely better"
"""The reason that an experiment ends for where no arm wins."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One kind of list.

    Attributes:
        name: Its name; unique in the experiment.
        share: Of the users, > 0, beside the other arms' shares.
        diversity: Instead of what is asked for; None: as asked.
        calibration: The same.
        explore_share: The same.
        model_id: What ranks; None: the model that serves.

    Raises:
        UsageError: If it has no name, or a number is out of range.
    """

    name: str
    share: float = 1.0
    diversity: float | None = None
    calibration: float | None = None
    explore_share: float | None = None
    model_id: str | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise UsageError("an arm needs a name")
        if not 0 < self.share < math.inf:
            raise UsageError(f"the share of arm {self.name!r} must be above 0, got {self.share!r}")
        for name in ("diversity", "calibration", "explore_share"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 1:
                raise UsageError(f"{name} of arm {self.name!r} must be from 0 to 1, got {value!r}")

    def wanted(self, wanted: Wanted) -> Wanted:
        """Return what kind of list this arm shows where *wanted* is asked for."""
        own = {
            "diversity": self.diversity,
            "calibration": self.calibration,
            "explore_share": self.explore_share,
        }
        return replace(wanted, **{k: v for k, v in own.items() if v is not None})  # type: ignore[arg-type]  # by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an experiment compares, and when it stops.

    Attributes:
        name: What for.
        arms: The first one is what others are compared with.
        metric: What is compared, a user: share of shown items that were taken up or bought, or
            what was paid a list.
        level: Chance that all intervals hold, at all times.
        days: After a user's first list, in which that user's lists and answers count.
        least_users: Before which it does not stop by itself.
        most_users: At which it stops.

    Raises:
        UsageError: If there are fewer than two arms, or two of a name, or a number is out of range.
    """

    name: str = ""
    arms: tuple[Arm, ...] = ()
    metric: Metric = "take_up"
    level: float = 0.95
    days: float = 7.0
    least_users: int = 500
    most_users: int = 100_000

    def __post_init__(self) -> None:
        names = [arm.name for arm in self.arms]
        if len(names) < 2:  # noqa: PLR2004  nothing to compare
            raise UsageError(f"an experiment needs two arms, got {len(names)}")
        if len(set(names)) < len(names):
            raise UsageError(f"two arms are called {max(names, key=names.count)!r}")
        if not 0 < self.level < 1:
            raise UsageError(f"level must be between 0 and 1, got {self.level!r}")
        if not 0 < self.days < math.inf:
            raise UsageError(f"days must be above 0, got {self.days!r}")
        if self.least_users < 1:
            raise UsageError(f"least_users must be at least 1, got {self.least_users!r}")

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """Return the plan that ``asdict`` made *kept* of."""
        return cls(**{**kept, "arms": tuple(Arm(**arm) for arm in kept["arms"])})


@dataclass(frozen=True, slots=True)
class Running:
    """An experiment under way.

    Attributes:
        experiment_id: Its id.
        plan: What it compares.
    """

    experiment_id: str
    plan: Plan

    def arm(self, user: str) -> Arm:
        """Return the arm of a user, always the same."""
        digest = hashlib.blake2b(f"{self.experiment_id}\0{user}".encode(), digest_size=8).digest()
        place = int.from_bytes(digest, "big") / 2**64 * sum(arm.share for arm in self.plan.arms)
        for arm in self.plan.arms:
            place -= arm.share
            if place < 0:
                return arm
        return self.plan.arms[-1]

    def label(self, arm: Arm) -> str:
        """Return what a list of *arm* is kept under."""
        return f"{self.experiment_id}/{arm.name}"


def running(store: Store) -> Running | None:
    """Return the experiment that runs; None: none."""
    for one in store.experiments.all():
        if one.status == "running":
            return Running(one.experiment_id, Plan.from_dict(one.plan))
    return None


def begin(store: Store, plan: Plan, *, at: int) -> Experiment:
    """Begin an experiment and return it.

    Raises:
        ConflictError: If another one runs.
        UnknownIdError: If an arm's model is not known or not there any more.
    """
    there = {model.model_id for model in store.models.all() if model.status != "removed"}
    for arm in plan.arms:
        if arm.model_id is not None and arm.model_id not in there:
            raise UnknownIdError(f"model {arm.model_id!r} is not known")
    made = Experiment(experiment_id=f"x{secrets.token_hex(6)}", at=at, plan=asdict(plan))
    store.experiments.add(made)
    return made


def settle(store: Store, experiment_id: str, *, settings: Settings, now: float) -> dict[str, Any]:
    """Return how an experiment stands, and stop it if that is enough.

    Raises:
        UnknownIdError: If there is no such experiment.
    """
    return _stands(store, experiment_id, settings=settings, now=now, stop=True)


def standing(store: Store, experiment_id: str, *, settings: Settings, now: float) -> dict[str, Any]:
    """Return how an experiment stands; looking changes nothing.

    Raises:
        UnknownIdError: If there is no such experiment.
    """
    return _stands(store, experiment_id, settings=settings, now=now, stop=False)


def _stands(
    store: Store, experiment_id: str, *, settings: Settings, now: float, stop: bool
) -> dict[str, Any]:
    found = [one for one in store.experiments.all() if one.experiment_id == experiment_id]
    if not found:
        raise UnknownIdError(f"experiment {experiment_id!r} is not known")
    one, plan = found[0], Plan.from_dict(found[0].plan)
    values = _values(store, one, plan, settings=settings, now=now)
    against = _against(plan, values)
    if stop and one.status == "running" and (reason := _enough(plan, values, against)):
        one = store.experiments.stop(experiment_id, at=int(now), reason=reason)
    return told(one) | {"results": _results(plan, values, against)}


def beats(arm: str, *, first: bool = False) -> str:
    """Return the reason that an experiment ends for, where *arm* is better, the first one best."""
    return f"arm {arm!r} is {'best' if first else 'better'}"


def told(one: Experiment) -> dict[str, Any]:
    """Return an experiment as JSON values."""
    return {
        "experiment_id": one.experiment_id,
        "at": one.at,
        "status": one.status,
        "ended": one.ended,
        "reason": one.reason,
        **one.plan,
    }


def _values(
    store: Store, one: Experiment, plan: Plan, *, settings: Settings, now: float
) -> dict[str, np.ndarray[Any, Any]]:
    """Return the outcome of each user whose days are over, by arm, ``(n_users,)`` each."""
    end = now if one.ended is None else min(now, one.ended + plan.days * DAY)
    rankings = store.rankings.since(one.at, most=_MOST)
    answered = outcomes(store.events.answers(one.at, most=_MOST), settings)
    prefix = f"{one.experiment_id}/"
    first: dict[str, int] = {}
    lists: dict[str, list[float]] = defaultdict(list)
    arms: dict[str, str] = {}
    for ranking in rankings:
        user = ranking.user_id
        if user is None or not ranking.arm.startswith(prefix):
            continue
        start = first.setdefault(user, ranking.at)
        arms.setdefault(user, ranking.arm.removeprefix(prefix))
        if ranking.at < start + plan.days * DAY:
            lists[user].append(_outcome(ranking, answered, plan.metric))
    # of days that round to none no list is left
    over = [user for user in lists if first[user] + plan.days * DAY <= end]
    by_arm: dict[str, list[float]] = {arm.name: [] for arm in plan.arms}
    for user in over:
        by_arm[arms[user]].append(float(np.mean(lists[user])))
    return {name: np.array(values, np.float64) for name, values in by_arm.items()}


def _outcome(
    ranking: Ranking, answered: Mapping[tuple[str, str], Outcome], metric: Metric
) -> float:
    found = [answered.get((ranking.ranking_id, item)) for item, _, _ in ranking.items]
    if metric == "value":
        return sum(one.value or 0.0 for one in found if one is not None)
    if metric == "conversion":
        good = sum(one.converted for one in found if one is not None)
    else:
        good = sum(one.taken for one in found if one is not None)
    return good / len(found) if found else 0.0


def _against(plan: Plan, values: Mapping[str, np.ndarray[Any, Any]]) -> dict[str, Difference]:
    """Return each arm less the first, with intervals that hold all together."""
    control, *others = plan.arms
    alpha = (1 - plan.level) / len(others)
    return {
        arm.name: difference_ever(
            values[arm.name], values[control.name], alpha=alpha, planned=plan.least_users
        )
        for arm in others
    }


def _enough(
    plan: Plan,
    values: Mapping[str, np.ndarray[Any, Any]],
    against: Mapping[str, Difference],
) -> str:
    """Return why an experiment stops; ``""``: it goes on."""
    users = sum(map(len, values.values()))
    if users < plan.least_users:
        return ""
    better = {name: one for name, one in against.items() if one.low > 0}
    if better:
        return beats(max(better, key=lambda name: better[name].value))
    if all(one.high < 0 for one in against.values()):
        return beats(plan.arms[0].name, first=True)
    return ENOUGH if users >= plan.most_users else ""


def _results(
    plan: Plan,
    values: Mapping[str, np.ndarray[Any, Any]],
    against: Mapping[str, Difference],
) -> list[dict[str, Any]]:
    rows = []
    for arm in plan.arms:
        own = values[arm.name]
        row: dict[str, Any] = {
            "arm": arm.name,
            "users": len(own),
            "mean": float(own.mean()) if len(own) else None,
        }
        if arm.name in against:
            one = against[arm.name]
            row |= {
                "difference": one.value if math.isfinite(one.low) else None,
                "low": one.low if math.isfinite(one.low) else None,
                "high": one.high if math.isfinite(one.high) else None,
            }
        rows.append(row)
    return rows
