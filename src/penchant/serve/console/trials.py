"""Experiments: what each arm shows, how it stands against the first, why it stopped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from penchant.serve.console.desk import Desk
from penchant.serve.console.overview import day
from penchant.serve.console.shell import heading, said, table
from penchant.serve.experiments import settle

__all__ = ["trials"]

_SET: Final = ("diversity", "calibration", "explore_share", "model_id")
_LATEST: Final = 10


def trials(desk: Desk) -> None:
    """Draw the page."""
    service, say = desk.service, desk.say
    said(say("trials_why"))
    found = service.store.experiments.all()[:_LATEST]
    if not found:
        said(say("no_trials"), kind="plain")
        return
    for one in found:
        told = settle(
            service.store, one.experiment_id, settings=service.settings, now=service.clock()
        )
        heading(told["name"] or one.experiment_id)
        metric, began = say(told["metric"]), day(told["at"])
        if told["ended"] is None:
            said(say("trial_runs", metric, began))
        else:
            said(say("trial_told", metric, began, day(told["ended"]), told["reason"]))
        rows = _rows(desk, told)
        table(pl.DataFrame(rows), tuple(rows[0]), desk.code)


def _rows(desk: Desk, told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return each arm with what it sets and how it stands."""
    arms = {arm["name"]: arm for arm in told["arms"]}
    return [
        {
            "arm": row["arm"],
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
