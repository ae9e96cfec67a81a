"""The model in numbers: what it stands on, which models there were, what the last fits came to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from penchant.serve.console.desk import Desk
from penchant.serve.console.shell import facts, heading, said, table

__all__ = ["overview"]


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


def day(at: int) -> str:
    """Return a moment of UTC as people write it."""
    return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%d %H:%M UTC")


def _frame(columns: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    schema = dict.fromkeys(columns, pl.String)
    return pl.DataFrame([tuple(map(str, row)) for row in rows], schema=schema, orient="row")
