"""What text generation cost on this machine, and what may still be spent today."""

from __future__ import annotations

import time
from typing import Final

from penchant.llm.generators import llm_folder
from penchant.llm.ledger import Ledger
from penchant.serve.console.desk import Desk
from penchant.serve.console.shell import facts, heading, said, table

__all__ = ["costs"]

_ROWS: Final = 30
_COLUMNS: Final = ("day", "purpose", "model", "calls", "failed", "tokens_in", "tokens_out")
_SUMS: Final = ("seconds", "money", "watt_hours")


def costs(desk: Desk) -> None:
    """Draw the budget, and the ledger's latest rows."""
    settings, say = desk.service.settings, desk.say
    ledger = Ledger(llm_folder(), clock=time.time)
    spent = ledger.tokens_today()
    left = max(0, min(settings.llm_tokens, settings.llm_tokens_a_day - spent))
    heading(say("costs"))
    said(say("costs_why", settings.llm))
    facts(
        [
            (f"{spent:,}", say("spent_today")),
            (f"{left:,}", say("left_now")),
            (f"{settings.llm_tokens:,}", say("of_a_run")),
            (f"{settings.llm_tokens_a_day:,}", say("of_a_day")),
        ]
    )
    rows = ledger.table()
    if rows.is_empty():
        said(say("no_costs"), kind="plain")
        return
    table(rows.head(_ROWS), (*_COLUMNS, *_SUMS), desk.code)
    if rows.height > _ROWS:
        said(say("latest_of", _ROWS, f"{rows.height:,}"))
