"""The model in numbers: what it stands on, which models there were, what the last fits came to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import polars as pl
from nicegui import ui

from penchant.serve.console.costs import costs
from penchant.serve.console.desk import Desk
from penchant.serve.console.shell import facts, heading, said, table
from penchant.serve.looking import came_in

__all__ = ["day", "overview"]

_STEPS: Final = 60
"""Pieces that time is cut into."""


def overview(desk: Desk) -> None:
    """Draw the page."""
    service, say = desk.service, desk.say
    fitted, model = service.fitted, service.model
    assert model is not None  # noqa: S101  # a service that has a fitted model names it
    hours = (service.clock() - model.at) / 3600
    facts(
        [
            (f"{len(fitted.users):,}", say("n_users")),
            (f"{len(fitted.items):,}", say("n_items")),
            (f"{len(fitted.histories.item):,}", say("n_events", f"{fitted.span:,.0f}")),
            (f"{service.store.events.last():,}", say("n_since")),
            (f"{len(fitted.taxonomy.leaf_ids):,}", say("n_interests")),
            (f"{hours:,.0f}", say("n_hours")),
        ]
    )
    if fitted.has_time and len(fitted.histories.item):
        _came_in(desk)
    heading(say("decided"))
    table(_frame(("what", "value"), list(fitted.summary.items())), ("what", "value"), desk.code)
    heading(say("models"))
    models = [
        (one.model_id, day(one.at), one.status, one.reason) for one in service.store.models.all()
    ]
    columns = ("model", "made", "status", "reason")
    table(_frame(columns, models), columns, desk.code)
    fits = [
        (one.fit_id, day(one.at), one.status, one.detail) for one in service.store.models.fits()
    ]
    heading(say("fits_done"))
    if fits:
        columns = ("fit", "began", "status", "detail")
        table(_frame(columns, fits), columns, desk.code)
    else:
        said(say("no_fits"))
    costs(desk)


def _came_in(desk: Desk) -> None:
    """Draw events by kind over time."""
    fitted, say = desk.service.fitted, desk.say
    rows = came_in(fitted, steps=_STEPS)
    moments = rows["at"].unique().sort().to_list()
    heading(say("came_in"))
    days = max(1, round(fitted.span / _STEPS))
    said(say("came_in_why", day(moments[0])[:10], day(moments[-1])[:10], days))
    series = []
    for (kind,), own in rows.group_by("kind", maintain_order=True):
        counts = dict(own.select("at", "events").iter_rows())
        values = [counts.get(at, 0) for at in moments]
        series.append({"type": "bar", "stack": "all", "name": str(kind), "data": values})
    label = {"color": "#8a94a0"}
    options = {
        "animation": False,
        "legend": {"textStyle": label, "top": 0},
        "tooltip": {"renderMode": "richText", "trigger": "axis"},
        "grid": {"left": 56, "right": 8, "top": 32, "bottom": 28},
        "xAxis": {"type": "category", "data": [day(at)[:10] for at in moments], "axisLabel": label},
        "yAxis": {
            "type": "value",
            "axisLabel": label,
            "splitLine": {"lineStyle": {"color": "#8a94a055"}},
        },
        "series": series,
    }
    chart = ui.echart(options).classes("came")
    chart.props(f'role="img" aria-label="{say("came_in")}"')


def day(at: int) -> str:
    """Return a moment of UTC as people write it."""
    return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%d %H:%M UTC")


def _frame(columns: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    schema = dict.fromkeys(columns, pl.String)
    return pl.DataFrame([tuple(map(str, row)) for row in rows], schema=schema, orient="row")
