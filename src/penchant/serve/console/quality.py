"""How good the lists are, by what was measured when models were made; nothing is measured here."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from penchant.serve.console.desk import Desk
from penchant.serve.console.overview import day
from penchant.serve.console.shell import heading, said, table
from penchant.serve.online import online
from penchant.store.base import Model

__all__ = ["quality"]

_CHOICES: Final = ("ranking", "again", "exploring")
_SURE: Final = 1.96
_DAYS: Final = 30


def quality(desk: Desk) -> None:
    """Draw the page."""
    service, say = desk.service, desk.say
    summary = service.fitted.summary
    heading(say("chosen"))
    said(say("chosen_why"))
    chosen = [(say(name), str(summary[name])) for name in _CHOICES if name in summary]
    columns = ("what", "value")
    table(
        pl.DataFrame(chosen, schema=dict.fromkeys(columns, pl.String), orient="row"),
        columns,
        desk.code,
    )
    _online(desk)
    heading(say("compared"))
    said(say("compared_why"))
    rows = [_row(model) for model in service.store.models.all() if "ndcg" in model.facts]
    if not rows:
        said(say("compared_none"), kind="plain")
        return
    table(pl.DataFrame(rows), tuple(rows[0]), desk.code)


def _online(desk: Desk) -> None:
    """Draw what became of the lists of the last days, by lane."""
    say = desk.say
    heading(say("online"))
    said(say("online_why", _DAYS))
    rows = online(desk.service, days=_DAYS, by=["lane"])["rows"]
    if not rows:
        said(say("online_none"), kind="plain")
        return
    told = [
        {
            "lane": row["lane"],
            "lists": row["lists"],
            "shown": row["impressions"],
            "taken": row["taken"],
            "take_up": f"{row['take_up']:.1%}",
            "interval": f"{row['low']:.1%} – {row['high']:.1%}",
            "bought": row["converted"],
            "coverage": f"{row['coverage']:.1%}",
        }
        for row in rows
    ]
    table(pl.DataFrame(told), tuple(told[0]), desk.code)


def _row(model: Model) -> dict[str, Any]:
    """Return what a refit measured against the model that served."""
    facts = model.facts
    return {
        "model": model.model_id,
        "made": day(model.at),
        "status": model.status,
        "ndcg": f"{facts['ndcg']['new']:.4f} ± {_SURE * facts['standard_error']:.4f}",
        "ndcg_before": f"{facts['ndcg']['old']:.4f}",
        "coverage": f"{facts['coverage']['new']:.1%}",
        "distance": f"{facts['distance']['new']:.3f}",
        "measured": int(facts["users"]),
    }
