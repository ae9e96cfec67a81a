"""Models compared on one split: who finds what users took up, for whom, and how sure that is.

    data ─▶ split ─▶ checks for leaks ─▶ train ─▶ each model is fitted, makes lists
                └──▶ test, unknown users ──────────▶ judge ─▶ averages with intervals

A model is a function of the training part (`listers.Factory`), so that it cannot have seen more.
Everything but seconds and memory is a function of data, models and seed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from penchant import metrics
from penchant.data.dataset import Dataset
from penchant.data.splits import Held, How, Split, split
from penchant.errors import DataError, UsageError
from penchant.evaluate.leaks import check_split, text_traces, withhold_texts
from penchant.evaluate.listers import Factory, VariedLister, checked_lists
from penchant.evaluate.measure import ACCURACY, Judge, PerUser, activity_steps
from penchant.evaluate.resources import Usage, measured
from penchant.evaluate.results import FEW, Group, ModelResult, Result, Trade, Views
from penchant.types import Progress, Rows, silent

__all__ = ["FEW", "ModelResult", "Result", "Views", "run_experiment"]


@dataclass(frozen=True, slots=True)
class _Plan:
    k: int
    seed: int
    draws: int
    level: float
    clock: Callable[[], float]


def run_experiment(
    data: Dataset,
    models: Mapping[str, Factory],
    *,
    how: How = "time",
    k: int = 10,
    share: float = 0.1,
    seed: int = 0,
    main: str | None = None,
    sample: int | None = None,
    views: Views | Callable[[Dataset], Views] | None = None,
    diversities: Sequence[float] = (),
    withhold: bool = True,
    draws: int = 1000,
    level: float = 0.95,
    clock: Callable[[], float] = time.perf_counter,
    progress: Progress = silent,
) -> Result:
    """Fit *models* on one part of *data* and measure their lists on the other.

    Args:
        data: The whole.
        models: Factories by name.
        how: How to cut; see `penchant.data.splits`.
        k: Length of the lists, ≥ 1.
        share: Part that becomes the test.
        seed: Start of every draw here.
        main: The model that the others are compared with; None takes the first.
        sample: Make lists for at most so many users, drawn from those with a test (and from
            unknown ones); models are fitted on all.  None: everyone.
        views: How items look, or a function of the training part that says so and is called
            after all models.
        diversities: At which lists of the main model are measured as well, each in (0, 1], if it
            is a `VariedLister`.
        withhold: Whether columns of items that were gathered from users' texts lose those of the
            test before models see them.
        draws: How often users are drawn anew for the intervals.
        level: Share of averages that the intervals hold.
        clock: Tells seconds.
        progress: Is told which model is at work.

    Returns:
        What was found.

    Raises:
        UsageError: If there is no model, or an argument is out of range.
        DataError: If the data are too few to be cut, or a model's lists are not lists.
        LeakError: If the training part holds something of the test.
    """
    main = main or next(iter(models), "")
    if main not in models:
        raise UsageError(f"no model {main!r} among {', '.join(models) or 'none'}")
    if k < 1 or (sample is not None and sample < 1):
        raise UsageError(f"k and sample must be at least 1, got {k!r} and {sample!r}")
    parts = split(data, how, share=share, seed=seed)
    if not len(parts.test):
        raise DataError(f"nothing to test: no user has an event before and after the cut ({how})")
    checks = check_split(parts)
    traces = text_traces(data, parts)
    if withhold:
        parts = replace(parts, train=withhold_texts(data, parts, traces))
    known = _sample(parts.test, sample, seed)
    unknown = _sample(parts.strangers, sample, seed).users
    plan = _Plan(k, seed, draws, level, clock)
    made = []
    for at, (name, factory) in enumerate(models.items()):
        progress(f"fitting {name}", at, len(models))
        users, steps = (known.users, unknown), diversities if name == main else ()
        made.append(_listed(name, factory, parts.train, users=users, plan=plan, steps=steps))
    progress("measuring", 0, 1)
    seen = views(parts.train) if callable(views) else views or Views()
    judges = _judges(parts, known, unknown, seen, k)
    results = [_measured(one, judges, plan) for one in made]
    best = next(one for one in results if one.name == main)
    varied = next(one.varied for one in made if one.name == main)
    progress("measuring", 1, 1)
    return Result(
        how=how,
        k=k,
        seed=seed,
        share=share,
        level=level,
        draws=draws,
        numbers=_numbers(data, parts, judges),
        main=main,
        models=[_compared(one, best, plan) for one in results],
        checks=checks,
        traces=traces,
        withheld=[trace.column for trace in traces if withhold and trace.gathered],
        users=known.users,
        trades=_trades(best, varied, judges[0], plan),
    )


def _sample(held: Held, sample: int | None, seed: int) -> Held:
    if sample is None or sample >= len(held):
        return held
    drawn = np.random.default_rng(seed).choice(len(held), sample, replace=False)
    return held.take(np.sort(drawn))


@dataclass(frozen=True, slots=True)
class _Listed:
    name: str
    fit: Usage
    listing: Usage
    known: npt.NDArray[np.int32]
    unknown: npt.NDArray[np.int32]
    varied: Mapping[float, npt.NDArray[np.int32]]


def _listed(
    name: str,
    factory: Factory,
    train: Dataset,
    *,
    users: tuple[Rows, Rows],
    plan: _Plan,
    steps: Sequence[float] = (),
) -> _Listed:
    model, fit = measured(lambda: factory(train), clock=plan.clock)

    def checked(lists: npt.NDArray[np.integer], rows: Rows) -> npt.NDArray[np.int32]:
        return checked_lists(lists, name=name, n_users=len(rows), k=plan.k, n_items=train.n_items)

    def make(rows: Rows) -> npt.NDArray[np.int32]:
        lists = model.lists(rows, plan.k) if len(rows) else np.empty((0, plan.k), np.int32)
        return checked(lists, rows)

    (known, unknown), listing = measured(lambda: (make(users[0]), make(users[1])), clock=plan.clock)
    varied: dict[float, npt.NDArray[np.int32]] = {}
    if isinstance(model, VariedLister):
        varied = {d: checked(model.varied(users[0], plan.k, d), users[0]) for d in sorted(steps)}
    return _Listed(name, fit, listing, known, unknown, varied)


def _trades(
    plain: ModelResult,
    varied: Mapping[float, npt.NDArray[np.int32]],
    judge: Judge,
    plan: _Plan,
) -> list[Trade]:
    """Return what *varied* lists are, after the *plain* ones; nothing where there are none."""
    trades = [Trade(0.0, plain.metrics, {})] if varied else []
    for step, lists in varied.items():
        per_user = judge.accuracy(lists) | judge.beyond(lists)
        gap = {"ndcg": per_user["ndcg"] - plain.per_user["ndcg"]}
        found, difference = _averages([per_user, gap], plan)
        trades.append(Trade(step, found, difference))
    return trades


def _judges(parts: Split, known: Held, unknown: Rows, views: Views, k: int) -> tuple[Judge, Judge]:
    """Return what judges lists of known users, and of unknown ones."""
    negatives = parts.negatives.take(np.searchsorted(parts.negatives.users, known.users))
    strangers = parts.strangers.take(np.searchsorted(parts.strangers.users, unknown))
    return (
        Judge(parts.train, known, k, negatives, views.vectors, views.features),
        Judge(parts.train, strangers, k),
    )


def _measured(made: _Listed, judges: tuple[Judge, Judge], plan: _Plan) -> ModelResult:
    judge, of_unknown = judges
    per_user = judge.accuracy(made.known) | judge.beyond(made.known)
    warm = judge.activity >= FEW
    groups = {
        "warm_items": judge.accuracy_of(made.known, ~judge.cold),
        "cold_items": judge.accuracy_of(made.known, judge.cold),
        "warm_users": _only(per_user, warm),
        "cold_users": _only(per_user, ~warm),
    }
    steps = [(step, _only(per_user, inside)) for step, inside in activity_steps(judge.activity)]
    found = _averages([per_user, *groups.values(), *(step for _, step in steps)], plan)
    unknown = _averages([of_unknown.accuracy(made.unknown)], plan)
    in_groups = dict(zip([*groups, "unknown_users"], [*found[1:5], *unknown], strict=True))
    return ModelResult(
        name=made.name,
        fit=made.fit,
        listing=made.listing,
        metrics=found[0],
        totals=judge.totals(made.known),
        groups={name: group for name, group in in_groups.items() if group[ACCURACY[0]].users},
        activity=[(step, group) for (step, _), group in zip(steps, found[5:], strict=True)],
        per_user=per_user,
        lists=made.known,
    )


def _only(per_user: PerUser, inside: npt.NDArray[np.bool_]) -> PerUser:
    return {name: np.where(inside, per_user[name], np.nan) for name in ACCURACY}


def _averages(tables: list[PerUser], plan: _Plan) -> list[Group]:
    """Return the averages of *tables*, all of the same users, drawn anew together."""
    columns = [values for table in tables for values in table.values()]
    found = iter(
        metrics.intervals(
            np.column_stack(columns), draws=plan.draws, level=plan.level, seed=plan.seed
        )
    )
    return [{name: next(found) for name in table} for table in tables]


def _compared(one: ModelResult, main: ModelResult, plan: _Plan) -> ModelResult:
    if one.name == main.name:
        return one
    pairs = {name: main.per_user[name] - one.per_user[name] for name in ACCURACY}
    return replace(one, difference=_averages([pairs], plan)[0])


def _numbers(data: Dataset, parts: Split, judges: tuple[Judge, Judge]) -> dict[str, float]:
    judge, of_unknown = judges
    cold = judge.cold[judge.test.item]
    return {
        "users": data.n_users,
        "items": data.n_items,
        "events": len(data.events),
        "train_events": len(parts.train.events),
        "train_users": judge.n_users,
        "test_users": len(parts.test),
        "listed_users": len(judge.users),
        "test_contacts": len(judge.test.item),
        "cold_items": int(judge.cold.sum()),
        "cold_contacts": int(cold.sum()),
        "cold_users": int((judge.activity < FEW).sum()),
        "few": FEW,
        "negative_contacts": len(judge.negatives.item) if judge.negatives else 0,
        "unknown_users": len(parts.strangers),
        "listed_unknown_users": len(of_unknown.users),
    }
