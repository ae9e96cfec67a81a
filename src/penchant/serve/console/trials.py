"""Experiments: what each arm shows, how it stands against the first, why it stopped."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import polars as pl
from nicegui import ui

from penchant.serve.console.confirm import sure
from penchant.serve.console.desk import Desk
from penchant.serve.console.overview import day
from penchant.serve.console.shell import heading, said, table
from penchant.serve.console.trials_begun import begin, rule
from penchant.serve.experiments import ENOUGH, beats, standing
from penchant.serve.trials import end
from penchant.store.base import Experiment
from penchant.types import DAY

__all__ = ["trials"]

_SET: Final = ("diversity", "calibration", "explore_share", "model_id")
_LATEST: Final = 10


def trials(desk: Desk) -> None:
    """Draw the page."""
    service, say = desk.service, desk.say
    said(say("trials_why"))
    found = service.store.experiments.all()[:_LATEST]
    under_way = any(one.status == "running" for one in found)
    if not found:
        said(say("no_trials"), kind="plain")
    place = ui.element("div")

    async def draw() -> None:
        seen = await desk.ask(place, lambda: [_stands(desk, one) for one in found])
        with place:
            for told in seen or []:
                _trial(desk, told)

    if found:  # many lists are read for it: the page need not wait
        ui.timer(0.01, draw, once=True)
    if desk.may_change and under_way:
        said(say("one_at_a_time"))
    elif desk.may_change:
        begin(desk)


def _stands(desk: Desk, one: Experiment) -> dict[str, Any]:
    service = desk.service
    return standing(
        service.store, one.experiment_id, settings=service.settings, now=service.clock()
    )


def _trial(desk: Desk, told: Mapping[str, Any]) -> None:
    """Draw one experiment."""
    say = desk.say
    name = told["name"] or told["experiment_id"]
    heading(name)
    metric = say("paid" if told["metric"] == "value" else told["metric"])
    if told["ended"] is None:
        said(say("trial_runs", metric, day(told["at"])), kind="plain")
        said(rule(desk, told))
        counted = told["at"] + int(told["days"] * DAY)
        if desk.service.clock() < counted:
            said(say("first_counted", day(counted)))
    else:
        why = _why(desk, told)
        said(say("trial_told", metric, day(told["at"]), day(told["ended"]), why))
    rows = _rows(desk, told)
    table(pl.DataFrame(rows), tuple(rows[0]), desk.code)
    if told["ended"] is None and desk.may_change:
        failed = ui.element("div")
        act = partial(_end, desk, failed, told["experiment_id"])
        with ui.element("div").classes("asking"):
            sure(desk, "end", say("end_sure", name), act, risky=True)


def _why(desk: Desk, told: Mapping[str, Any]) -> str:
    """Say in the reader's language why an experiment ended."""
    reason, first = str(told["reason"]), told["arms"][0]["name"]
    known = {"stopped by hand": desk.say("by_hand"), ENOUGH: desk.say("enough_seen")}
    known[beats(first, first=True)] = desk.say("arm_best", first)
    known |= {beats(arm["name"]): desk.say("arm_better", arm["name"]) for arm in told["arms"][1:]}
    return known.get(reason, reason)


async def _end(desk: Desk, failed: ui.element, experiment_id: str) -> None:
    actor = desk.key.key_id
    done = await desk.change(failed, lambda: end(desk.service, experiment_id, actor=actor))
    if done is not None:
        ui.navigate.to("/experiments")


def _rows(desk: Desk, told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return each arm with what it sets and how it stands."""
    arms = {arm["name"]: arm for arm in told["arms"]}
    whole = sum(arm["share"] for arm in told["arms"])
    return [
        {
            "arm": row["arm"],
            "share": f"{arms[row['arm']]['share'] / whole:.0%}",
            "shows": _shows(desk, arms[row["arm"]]),
            "users": row["users"],
            "mean": _figure(row["mean"]),
            "difference": _figure(row.get("difference")),
            "interval": _interval(row.get("low"), row.get("high")),
        }
        for row in told["results"]
    ]


def _shows(desk: Desk, arm: Mapping[str, Any]) -> str:
    own = [f"{desk.say(name)} {arm[name]}" for name in _SET if arm.get(name) is not None]
    return ", ".join(own) or desk.say("as_asked")


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{low:+.4f} … {high:+.4f}"
